#include "window/status_line.h"

#include "format/format.h"

#include <QLabel>
#include <QLoggingCategory>

#include <algorithm>

namespace ui {

namespace {

Q_LOGGING_CATEGORY(logFrame, "ui.frame")

constexpr std::size_t kTicksKept = 20;
constexpr engine::Micros kSlowTick { 50'000 };
constexpr int kSlowTicksToLog = 5; // one a second

} // namespace

StatusLine::StatusLine(QWidget* parent)
    : QStatusBar(parent)
    , m_sample(new QLabel(this))
    , m_frame(new QLabel(this))
    , m_journal(new QLabel(this))
{
    m_sample->setObjectName(QStringLiteral("status_sample"));
    m_frame->setObjectName(QStringLiteral("status_frame"));
    m_journal->setObjectName(QStringLiteral("status_journal"));
    auto* keys
        = new QLabel(tr("F1 help · Space freeze · N next in trouble · Ctrl+K commands"), this);
    for (auto* label : { m_sample, m_frame, m_journal, keys }) {
        label->setTextFormat(Qt::PlainText);
        label->setContentsMargins(4, 0, 4, 0);
    }
    addWidget(m_sample);
    addPermanentWidget(m_journal);
    addPermanentWidget(m_frame);
    addPermanentWidget(keys);
    setSizeGripEnabled(false);
    setSampleAge(std::nullopt);
    m_frame->setText(tr("frame %1 ms").arg(0));
}

void StatusLine::applySnapshot(const engine::EngineSnapshot& snapshot)
{
    m_journal->setText(tr("journal %1").arg(formatBytes(snapshot.store.journalBytes)));
    m_journal->setToolTip(tr("%1 free on disk").arg(formatBytes(snapshot.store.diskFreeBytes)));
}

void StatusLine::setSampleAge(std::optional<engine::Millis> age)
{
    m_sample->setText(
        age ? tr("Sample %1 old").arg(formatDuration(*age)) : tr("Waiting for the engine"));
}

void StatusLine::noteTick(engine::Micros cost, const QString& page)
{
    m_ticks.push_back(cost);
    if (m_ticks.size() > kTicksKept)
        m_ticks.pop_front();
    m_frame->setText(tr("frame %1 ms").arg((cost.count() + 500) / 1'000));
    m_slowTicks = cost > kSlowTick ? m_slowTicks + 1 : 0;
    if (m_slowTicks == kSlowTicksToLog)
        qCWarning(logFrame) << "ticks take" << cost.count() / 1'000 << "ms on page" << page;
}

engine::Micros StatusLine::tickP95() const
{
    if (m_ticks.empty())
        return engine::Micros { 0 };
    auto sorted = m_ticks;
    std::sort(sorted.begin(), sorted.end());
    return sorted[(sorted.size() - 1) * 95 / 100];
}

void StatusLine::showNews(const QString& text) { showMessage(text, 10'000); }

} // namespace ui

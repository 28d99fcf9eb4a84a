#include "coach/coach_bar.h"

#include "format/format.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace ui {

CoachBar::CoachBar(const Theme& theme, QWidget* parent)
    : QFrame(parent)
    , m_theme(theme)
    , m_text(new QLabel(this))
    , m_next(new QPushButton(tr("Next"), this))
    , m_skip(new QPushButton(tr("Skip"), this))
    , m_connect(new QPushButton(tr("Connect a real destination…"), this))
{
    setObjectName(QStringLiteral("coach_bar"));
    setAccessibleName(tr("First steps"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_text->setObjectName(QStringLiteral("coach_text"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_next->setObjectName(QStringLiteral("coach_next"));
    m_next->setAccessibleName(tr("Next step"));
    m_skip->setObjectName(QStringLiteral("coach_skip"));
    m_skip->setAccessibleName(tr("Skip the first steps"));
    m_connect->setObjectName(QStringLiteral("coach_connect"));
    m_connect->setAccessibleName(tr("Connect a real destination"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kSpaceLarge, kSpaceSmall, kSpace, kSpaceSmall);
    row->setSpacing(kSpace);
    const std::array<QString, 4> names { tr("1 See"), tr("2 Why"), tr("3 Stage and apply"),
        tr("4 Replay") };
    for (std::size_t i = 0; i < names.size(); ++i) {
        m_steps[i] = new QLabel(names[i], this);
        row->addWidget(m_steps[i]);
    }
    row->addSpacing(kSpace);
    row->addWidget(m_text, 1);
    row->addWidget(m_next);
    row->addWidget(m_skip);
    row->addWidget(m_connect);
    connect(m_next, &QPushButton::clicked, this, &CoachBar::next);
    connect(m_skip, &QPushButton::clicked, this, &CoachBar::skip);
    connect(m_connect, &QPushButton::clicked, this, &CoachBar::realDestinationRequested);
    showStep();
}

void CoachBar::applySnapshot(const engine::EngineSnapshot& snapshot)
{
    if (m_step == Step::Done)
        return;
    const auto isThrottled = [](const engine::ShardSnapshot& shard) {
        return shard.state == engine::ShardState::Throttled
            || std::find(shard.also.begin(), shard.also.end(), engine::ShardState::Throttled)
            != shard.also.end();
    };
    // Once a shard is spoken of it stays that one, also when another gets worse: the text must not
    // change its subject while somebody follows it.
    if (m_framed)
        return;
    const auto found = std::find_if(snapshot.shards.begin(), snapshot.shards.end(), isThrottled);
    if (found == snapshot.shards.end())
        return;
    m_framed = found->shard;
    showStep();
    Q_EMIT framedShardChanged();
}

QString CoachBar::text() const
{
    const QString shard = m_framed ? shardLabel(*m_framed) : QString();
    switch (m_step) {
    case Step::See:
        return m_framed
            ? tr("%1 is throttled: its queue grows while the others flow. Select it.").arg(shard)
            : tr("Traffic flows to simulated platforms. In a moment one of them will "
                 "throttle.");
    case Step::Why:
        return tr("Read “Why it waits” in the inspector on the right: the platform asked to slow "
                  "down, and nothing is lost meanwhile.");
    case Step::Apply:
        return tr("Lower the concurrency and look at the prediction. In the simulator a slider "
                  "applies while you drag it; otherwise Apply sends. Undo takes it back.");
    case Step::Replay:
        return tr("Some events were refused and wait as dead letters. Open Dead letters, choose a "
                  "few and replay them: with a preview first.");
    case Step::Done:
        break;
    }
    return {};
}

void CoachBar::showStep()
{
    const auto current = static_cast<std::size_t>(m_step);
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        m_steps[i]->setFont(i == current ? m_theme.boldFont() : m_theme.bodyFont());
        m_steps[i]->setEnabled(i >= current); // what is done steps back
    }
    m_text->setText(text());
    m_next->setText(m_step == Step::Replay ? tr("Done") : tr("Next"));
}

void CoachBar::goTo(Step step)
{
    if (m_step == Step::Done || step == m_step)
        return;
    m_step = step;
    showStep();
    Q_EMIT stepChanged();
    if (step != Step::Done)
        return;
    hide();
    Q_EMIT finished();
}

void CoachBar::noteSelected(const std::vector<engine::ShardId>& shards)
{
    const bool isFramed
        = m_framed && std::find(shards.begin(), shards.end(), *m_framed) != shards.end();
    if (m_step == Step::See && isFramed)
        goTo(Step::Why);
}

void CoachBar::noteWhyRead()
{
    if (m_step == Step::Why)
        goTo(Step::Apply);
}

void CoachBar::noteApplied()
{
    if (m_step == Step::Why || m_step == Step::Apply)
        goTo(Step::Replay);
}

void CoachBar::noteReplayStarted()
{
    if (m_step == Step::Replay)
        goTo(Step::Done);
}

void CoachBar::next()
{
    if (m_step != Step::Done)
        goTo(static_cast<Step>(static_cast<int>(m_step) + 1));
}

void CoachBar::skip() { goTo(Step::Done); }

} // namespace ui

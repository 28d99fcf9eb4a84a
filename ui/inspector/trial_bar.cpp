#include "inspector/trial_bar.h"

#include "inspector/tuning.h"
#include "theme/theme.h"

#include <QCoreApplication>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace ui {
namespace {

struct TrialBarText {
    Q_DECLARE_TR_FUNCTIONS(TrialBar)
};

// Only what will change: "concurrency 8, rate as configured".
QString backText(const engine::ShardSnapshot& shard)
{
    QStringList parts;
    const auto add = [&](Control control, std::optional<double> back) {
        if (back == tuningOf(shard, control).overridden)
            return;
        const QString name = controlName(control).toLower();
        parts += back
            ? TrialBarText::tr("%1 %2", "concurrency 8").arg(name, formatControl(control, *back))
            : TrialBarText::tr("%1 as configured").arg(name);
    };
    const auto& trial = *shard.trial;
    const auto wide = [](const std::optional<int>& value) {
        return value ? std::optional<double>(*value) : std::nullopt;
    };
    add(Control::Concurrency, wide(trial.concurrency));
    add(Control::Rate, trial.rate);
    add(Control::Batch, wide(trial.batch));
    return parts.join(QStringLiteral(", "));
}

} // namespace

TrialBar::TrialBar(QWidget* parent)
    : QFrame(parent)
    , m_text(new QLabel(this))
    , m_keep(new QPushButton(tr("Keep"), this))
    , m_revert(new QPushButton(tr("Revert now"), this))
{
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    setObjectName(QStringLiteral("tuning_trialBar"));
    m_text->setObjectName(QStringLiteral("tuning_trial"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_keep->setObjectName(QStringLiteral("tuning_keep"));
    m_keep->setAccessibleName(tr("Keep the change on trial"));
    m_revert->setObjectName(QStringLiteral("tuning_revertNow"));
    m_revert->setAccessibleName(tr("Revert the change on trial now"));
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(kSpace, kSpaceSmall, kSpace, kSpaceSmall);
    grid->addWidget(m_text, 0, 0, 1, 2);
    grid->addWidget(m_keep, 1, 0);
    grid->addWidget(m_revert, 1, 1);
    connect(m_keep, &QPushButton::clicked, this, &TrialBar::keepRequested);
    connect(m_revert, &QPushButton::clicked, this, &TrialBar::revertRequested);
    hide();
}

void TrialBar::show(const std::vector<engine::ShardSnapshot>& shards, engine::WallTime now)
{
    m_onTrial.clear();
    for (const auto& shard : shards) {
        if (shard.trial)
            m_onTrial.push_back(shard.shard);
    }
    m_text->setText(trialText(shards, now));
    setVisible(!m_onTrial.empty());
}

void TrialBar::setAllowed(bool isAllowed, const QString& whyNot)
{
    for (QPushButton* button : { m_keep, m_revert }) {
        button->setEnabled(isAllowed);
        button->setToolTip(whyNot);
    }
}

QString trialText(const std::vector<engine::ShardSnapshot>& shards, engine::WallTime now)
{
    const engine::ShardSnapshot* first = nullptr;
    int count = 0;
    for (const auto& shard : shards) {
        if (!shard.trial)
            continue;
        ++count;
        if (first == nullptr || shard.trial->until < first->trial->until)
            first = &shard;
    }
    if (first == nullptr)
        return {};
    const QString left = countdown(first->trial->until, now);
    if (shards.size() > 1)
        return TrialBarText::tr("On trial: %1 of %2 shards; the first ends in %3.")
            .arg(count)
            .arg(shards.size())
            .arg(left);
    const QString back = backText(*first);
    return back.isEmpty() ? TrialBarText::tr("Trial: %1 left.").arg(left)
                          : TrialBarText::tr("Trial: %1 left, then %2.").arg(left, back);
}

QString countdown(engine::WallTime until, engine::WallTime now)
{
    const auto left
        = std::max<std::int64_t>(std::chrono::ceil<engine::Seconds>(until - now).count(), 0);
    const auto two = [](std::int64_t value) {
        return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0'));
    };
    const QString minutes = left >= 3'600
        ? QString::number(left / 3'600) + u':' + two(left / 60 % 60)
        : QString::number(left / 60);
    return minutes + u':' + two(left % 60);
}

} // namespace ui

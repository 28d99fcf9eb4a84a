#include "replay/job_view.h"

#include "charts/chart_deck.h"
#include "format/format.h"
#include "replay/report_panel.h"
#include "theme/theme.h"
#include "widgets/command_runner.h"
#include "widgets/list_notice.h"

#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace ui {
namespace {

constexpr int kPanelHeight = 132;
constexpr int kFullPace = 3; // step of the ramp
constexpr std::size_t kLogLines = 12;
constexpr int kBarSteps = 1'000; // a count of entries may not fit the bar's int

} // namespace

JobView::JobView(const ConsoleContext& context, CommandRunner& runner, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_runner(runner)
    , m_title(new QLabel(this))
    , m_state(new QLabel(this))
    , m_bar(new QProgressBar(this))
    , m_counts(new QLabel(this))
    , m_eta(new QLabel(this))
    , m_guards(new QLabel(this))
    , m_newSince(new QLabel(this))
    , m_log(new QLabel(this))
    , m_hold(new QLabel(this))
    , m_message(new QLabel(this))
    , m_report(new ReportPanel(context, this))
    , m_charts(new QWidget(this))
{
    m_title->setObjectName(QStringLiteral("replay_jobTitle"));
    m_title->setFont(context.theme.boldFont());
    m_state->setObjectName(QStringLiteral("replay_jobState"));
    m_counts->setObjectName(QStringLiteral("replay_counts"));
    m_eta->setObjectName(QStringLiteral("replay_eta"));
    m_guards->setObjectName(QStringLiteral("replay_liveGuards"));
    m_newSince->setObjectName(QStringLiteral("replay_newSince"));
    m_log->setObjectName(QStringLiteral("replay_log"));
    m_hold->setObjectName(QStringLiteral("replay_hold"));
    m_hold->setFont(context.theme.boldFont());
    m_message->setObjectName(QStringLiteral("replay_message"));
    for (auto* label :
        { m_title, m_state, m_counts, m_eta, m_guards, m_newSince, m_log, m_hold, m_message }) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_bar->setObjectName(QStringLiteral("replay_progress"));
    m_bar->setAccessibleName(tr("Progress of the replay"));
    m_bar->setRange(0, kBarSteps);
    m_bar->setFormat(QStringLiteral("%p %"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpace);
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(makeButtons());
    column->addLayout(head);
    column->addWidget(m_state);
    column->addWidget(m_bar);
    column->addWidget(m_counts);
    column->addWidget(m_eta);
    column->addWidget(m_guards);
    column->addWidget(m_hold);
    column->addWidget(m_newSince);
    column->addWidget(m_message);
    column->addWidget(m_report);
    column->addWidget(m_log);
    column->addWidget(m_charts);
    column->addStretch(1);
    m_message->hide();
    m_charts->hide();
    m_report->hide();
    connect(m_report, &ReportPanel::failedAgainRequested, this, &JobView::failedAgainRequested);
    connect(m_report, &ReportPanel::auditRequested, this, &JobView::auditRequested);
    connect(m_report, &ReportPanel::eventRequested, this, &JobView::eventRequested);
    connect(m_report, &ReportPanel::messageShown, this, [this](const QString& text) {
        m_message->setText(text);
        m_message->show();
    });
}

// Of the shard with the most to send. Made when first needed: charts cost more than all the rest
// of the page.
void JobView::showCharts(const engine::ReplayPreview& preview)
{
    const auto most = std::max_element(preview.shards.begin(), preview.shards.end(),
        [](const auto& a, const auto& b) { return a.matched < b.matched; });
    if (most == preview.shards.end())
        return;
    if (m_deck == nullptr) {
        m_deck = new ChartDeck(m_context,
            { .panels
                = { { engine::Metric::InRate, { engine::Metric::InRate, engine::Metric::OutRate } },
                    { engine::Metric::ErrorRatio }, { engine::Metric::ThrottleRatio } },
                .hasOthers = false },
            m_charts);
        auto* charts = new QVBoxLayout(m_charts);
        charts->setContentsMargins(0, 0, 0, 0);
        charts->addWidget(&m_deck->notice());
        auto* row = new QHBoxLayout;
        charts->addLayout(row);
        row->setSpacing(kSpace);
        for (auto* panel : m_deck->panels()) {
            panel->setFixedHeight(kPanelHeight);
            row->addWidget(panel);
        }
        connect(m_deck, &ChartDeck::navigationRequested, this, &JobView::navigationRequested);
    }
    m_charts->show();
    m_deck->setSelection({ most->shard });
}

QWidget* JobView::makeButtons()
{
    using Action = engine::ReplayControlCommand::Action;
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    const auto add = [this, bar, row](const QString& name, const QString& text, Action action) {
        auto* button = new QPushButton(text, bar);
        button->setObjectName(name);
        button->setAccessibleName(text);
        row->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, action] { control(action); });
        return button;
    };
    m_pause = add(QStringLiteral("replay_pause"), tr("Pause replay"), Action::Pause);
    m_resume = add(QStringLiteral("replay_resume"), tr("Resume replay"), Action::Resume);
    const auto addPace = [this, bar, row](const QString& name, const QString& text, double factor) {
        auto* button = new QPushButton(text, bar);
        button->setObjectName(name);
        button->setAccessibleName(text);
        row->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, factor] { setPace(factor); });
        return button;
    };
    m_slower = addPace(QStringLiteral("replay_slower"), tr("Slower"), 0.5);
    m_faster = addPace(QStringLiteral("replay_faster"), tr("Faster"), 2);
    m_cancel = add(QStringLiteral("replay_cancel"), tr("Cancel"), Action::Cancel);
    return bar;
}

void JobView::setJob(engine::ReplayJobId id, std::optional<engine::ReplayPreview> preview)
{
    m_id = id;
    m_last = {};
    m_isOver = false;
    m_message->hide();
    m_charts->hide();
    m_areChartsAsked = preview.has_value();
    if (preview)
        showCharts(*preview);
    m_report->setJob(id, std::move(preview));
    m_title->setText(jobName(id));
    m_state->setText(tr("Waiting for the first sample…"));
    for (auto* label : { m_counts, m_eta, m_hold, m_guards, m_newSince, m_log })
        label->clear();
    m_bar->setValue(0);
    applySnapshot(m_context.engine.snapshot());
}

void JobView::applySnapshot(const engine::SnapshotPtr& snapshot)
{
    if (m_deck != nullptr)
        m_deck->applySnapshot(snapshot);
    if (!m_id)
        return;
    const auto job = std::find_if(snapshot->jobs.begin(), snapshot->jobs.end(),
        [this](const engine::ReplayJobSnapshot& j) { return j.id == *m_id; });
    if (job == snapshot->jobs.end())
        return;
    m_last = *job;
    if (!std::exchange(m_areChartsAsked, true))
        askCharts();
    showProgress(*job);
    const bool isNowOver = ui::isOver(*job);
    if (isNowOver)
        m_report->showReport(*job);
    if (isNowOver != m_isOver) {
        m_isOver = isNowOver;
        Q_EMIT stateChanged();
    }
}

// A job that was started elsewhere, or before this run.
void JobView::askCharts()
{
    using Answer = engine::Result<engine::ReplayPreview>;
    m_context.engine.selection(m_last.selection,
        m_context.engine.replyTo<Answer>(this, [this, id = m_id](const Answer& answer) {
            if (answer && id == m_id) // expired: then there is no telling where it sends
                showCharts(*answer);
        }));
}

void JobView::showProgress(const engine::ReplayJobSnapshot& job)
{
    m_title->setText(QStringLiteral("%1 · %2").arg(jobName(job.id), toQString(job.title)));
    m_title->setToolTip(tr("Selection S-%1, started by %2, %3")
                            .arg(QString::number(engine::toInt(job.selection)), toQString(job.who),
                                formatDateTime(job.createdAt)));
    const std::int64_t done = job.total - job.left();
    m_bar->setValue(job.total == 0 ? 0 : static_cast<int>(done * kBarSteps / job.total));
    m_state->setText(
        tr("%1: %2 of %3").arg(jobStateText(job), formatExact(done), formatExact(job.total)));
    m_counts->setText(tr("accepted %1 · failed %2 · skipped %3 · left %4")
                          .arg(formatExact(job.accepted), formatExact(job.failed),
                              formatExact(job.skipped), formatExact(job.left())));
    const bool isNowOver = ui::isOver(job);
    QStringList pace {
        tr("%1/s of %2/s planned").arg(formatRate(job.actualPerSecond), formatRate(job.perSecond))
    };
    if (job.rampStep < kFullPace)
        pace += tr("ramp %1 of %2").arg(job.rampStep + 1).arg(kFullPace + 1);
    pace += job.eta ? tr("%1 left", "a time").arg(formatDuration(*job.eta))
                    : tr("time left unknown");
    m_eta->setText(isNowOver ? QString() : pace.join(QStringLiteral(" · ")));
    m_eta->setVisible(!isNowOver);
    m_hold->setText(toQString(job.reason));
    m_hold->setVisible(!job.reason.empty());
    showGuards(job);
    // What a guard stopped goes on like what was paused, when the operator says so.
    const bool isPaused = job.state == "paused" || job.state == "failed";
    m_slower->setVisible(!isNowOver);
    m_faster->setVisible(!isNowOver);
    m_pause->setVisible(!isNowOver && !isPaused);
    m_resume->setVisible(!isNowOver && isPaused);
    m_cancel->setVisible(!isNowOver);
    m_cancel->setText(tr("Cancel: %1 left stay in the DLQ").arg(formatExact(job.left())));
    m_cancel->setAccessibleName(m_cancel->text());
}

// Off where the safety level lets nobody change anything, with the reason.
void JobView::setGuard(const Guard& guard)
{
    const std::pair<QPushButton*, QString> all[] = { { m_pause, {} }, { m_resume, {} },
        { m_cancel, {} }, { m_slower, tr("Half the pace") },
        { m_faster, tr("Twice the pace; a share never exceeds all that live traffic leaves") } };
    for (const auto& [button, toolTip] : all) {
        button->setEnabled(guard.isAllowed);
        button->setToolTip(guard.isAllowed ? toolTip : guard.whyNot);
    }
}

void JobView::setStale(bool isStale)
{
    // What is over does not change any more.
    const bool isOld = isStale && !m_isOver;
    for (QWidget* number :
        std::initializer_list<QWidget*> { m_state, m_bar, m_counts, m_eta, m_guards, m_newSince })
        number->setEnabled(!isOld);
    if (m_deck != nullptr)
        m_deck->setStale(isOld);
}

void JobView::showGuards(const engine::ReplayJobSnapshot& job)
{
    const QString error = job.errorRatio ? formatPercent(*job.errorRatio) : QString(kDash);
    const auto& guards = job.guards;
    m_guards->setText(
        tr("Guards: errors %1 (stops at %2) · throttled %3 (holds at %4) · live lag %5 (holds at "
           "%6)")
            .arg(error, formatPercent(guards.errorStop), formatPercent(job.throttleRatio),
                formatPercent(guards.throttleHold), formatDuration(job.liveLag),
                formatDuration(guards.liveLagHold)));
    m_guards->setVisible(!ui::isOver(job));
    m_newSince->setText(tr("%1 new failures since the cutoff are not in this replay.")
                            .arg(formatExact(job.newSinceCutoff)));
    m_newSince->setVisible(job.newSinceCutoff > 0);
    QStringList lines;
    const std::size_t first = job.log.size() - std::min(job.log.size(), kLogLines);
    for (std::size_t i = first; i < job.log.size(); ++i)
        lines
            += QStringLiteral("%1  %2").arg(formatClock(job.log[i].at), toQString(job.log[i].text));
    m_log->setText(lines.join(u'\n'));
}

void JobView::control(engine::ReplayControlCommand::Action action)
{
    if (m_id)
        run({ .what = engine::ReplayControlCommand { .job = *m_id, .action = action } });
}

void JobView::setPace(double factor)
{
    if (!m_id)
        return;
    engine::ReplayPaceCommand command { .job = *m_id,
        .sharePercent = std::clamp(m_last.sharePercent * factor, 1.0, 100.0) };
    if (m_last.rate)
        command.rate = *m_last.rate * factor;
    run({ .what = command });
}

void JobView::run(engine::Command command)
{
    m_message->setText(tr("Sent, waiting for the engine…"));
    m_message->show();
    m_runner.run(std::move(command), [this](const engine::CommandResult& result) {
        m_message->setText(result.isOk ? toQString(result.message)
                                       : tr("Not done: %1").arg(toQString(result.message)));
    });
}

} // namespace ui

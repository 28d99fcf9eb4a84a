#include "replay/job_view.h"

#include "format/format.h"
#include "theme/theme.h"
#include "widgets/command_runner.h"
#include "window/ui_clock.h"

#include <QFileDialog>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSaveFile>
#include <QThreadPool>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace ui {
namespace {

constexpr int kFullPace = 3; // step of the ramp
constexpr std::size_t kLogLines = 12;
constexpr int kBarSteps = 1'000; // a count of entries may not fit the bar's int

QJsonObject toJson(const engine::ReplayJobSnapshot& job)
{
    QJsonObject json;
    json[u"job"] = jobName(job.id);
    json[u"scope"] = toQString(job.title);
    json[u"state"] = toQString(job.state);
    json[u"reason"] = toQString(job.reason);
    json[u"total"] = static_cast<qint64>(job.total);
    json[u"accepted"] = static_cast<qint64>(job.accepted);
    json[u"failed"] = static_cast<qint64>(job.failed);
    json[u"skipped"] = static_cast<qint64>(job.skipped);
    json[u"cancelled"] = static_cast<qint64>(job.cancelled);
    json[u"taken_back"] = static_cast<qint64>(job.takenBack);
    json[u"same_error"] = static_cast<qint64>(job.sameError);
    json[u"new_since_cutoff"] = static_cast<qint64>(job.newSinceCutoff);
    json[u"started_by"] = toQString(job.who);
    json[u"started_at"] = formatUtc(job.createdAt);
    if (job.endedAt)
        json[u"ended_at"] = formatUtc(*job.endedAt);
    json[u"adds_up"] = reportOf(job).reconciles();
    return json;
}

QJsonObject toJson(const engine::ReplayPreview& preview)
{
    QJsonObject json;
    json[u"selection"] = static_cast<qint64>(engine::toInt(preview.selection));
    json[u"frozen_at"] = formatUtc(preview.frozenAt);
    json[u"matched"] = static_cast<qint64>(preview.matched);
    json[u"will_send"] = static_cast<qint64>(preview.willSend);
    json[u"already_accepted"] = static_cast<qint64>(preview.alreadyAccepted);
    json[u"superseded"] = static_cast<qint64>(preview.superseded);
    json[u"payload_gone"] = static_cast<qint64>(preview.payloadGone);
    json[u"too_old"] = static_cast<qint64>(preview.tooOld);
    json[u"same_error"] = static_cast<qint64>(preview.sameError);
    json[u"outcome_unknown"] = static_cast<qint64>(preview.outcomeUnknown);
    return json;
}

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
    column->addWidget(makeReport());
    column->addWidget(m_log);
    column->addStretch(1);
    m_message->hide();
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
    m_slower->setToolTip(tr("Half the pace"));
    m_faster->setToolTip(tr("Twice the pace; a share never exceeds all that live traffic leaves"));
    m_cancel = add(QStringLiteral("replay_cancel"), tr("Cancel"), Action::Cancel);
    return bar;
}

QWidget* JobView::makeReport()
{
    m_reportBox = new QWidget(this);
    auto* title = new QLabel(tr("Report"), m_reportBox);
    title->setFont(m_context.theme.boldFont());
    m_report = new QLabel(m_reportBox);
    m_report->setObjectName(QStringLiteral("replay_report"));
    m_report->setTextFormat(Qt::PlainText);
    m_report->setWordWrap(true);
    m_report->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_export = new QPushButton(tr("Export report…"), m_reportBox);
    m_export->setObjectName(QStringLiteral("replay_reportExport"));
    m_export->setAccessibleName(tr("Export the report as JSON"));
    m_failedAgain = new QPushButton(tr("Replay the failed ones…"), m_reportBox);
    m_failedAgain->setObjectName(QStringLiteral("replay_failedAgain"));
    m_failedAgain->setAccessibleName(m_failedAgain->text());
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_export);
    buttons->addWidget(m_failedAgain);
    buttons->addStretch(1);
    auto* column = new QVBoxLayout(m_reportBox);
    column->setContentsMargins(0, kSpace, 0, 0);
    column->addWidget(title);
    column->addWidget(m_report);
    column->addLayout(buttons);
    m_reportBox->hide();
    connect(m_export, &QPushButton::clicked, this, &JobView::saveReport);
    connect(m_failedAgain, &QPushButton::clicked, this, &JobView::failedAgainRequested);
    return m_reportBox;
}

void JobView::setJob(engine::ReplayJobId id, std::optional<engine::ReplayPreview> preview)
{
    m_id = id;
    m_preview = std::move(preview);
    m_last = {};
    m_isOver = false;
    m_message->hide();
    m_reportBox->hide();
    m_title->setText(jobName(id));
    m_state->setText(tr("Waiting for the first sample…"));
    for (auto* label : { m_counts, m_eta, m_hold, m_guards, m_newSince, m_log })
        label->clear();
    m_bar->setValue(0);
    applySnapshot(*m_context.engine.snapshot());
}

void JobView::applySnapshot(const engine::EngineSnapshot& snapshot)
{
    if (!m_id)
        return;
    const auto job = std::find_if(snapshot.jobs.begin(), snapshot.jobs.end(),
        [this](const engine::ReplayJobSnapshot& j) { return j.id == *m_id; });
    if (job == snapshot.jobs.end())
        return;
    m_last = *job;
    showProgress(*job);
    const bool isNowOver = ui::isOver(*job);
    if (isNowOver)
        showReport(*job);
    if (isNowOver != m_isOver) {
        m_isOver = isNowOver;
        if (isNowOver)
            askPreview();
        Q_EMIT stateChanged();
    }
}

void JobView::showProgress(const engine::ReplayJobSnapshot& job)
{
    m_title->setText(QStringLiteral("%1 · %2").arg(jobName(job.id), toQString(job.title)));
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

void JobView::showGuards(const engine::ReplayJobSnapshot& job)
{
    const QString error = job.errorRatio ? formatPercent(*job.errorRatio) : QString(kDash);
    m_guards->setText(
        tr("Guards: errors %1 (below 5 %) · throttled %2 (below 1 %) · live lag %3 "
           "(below 30 s)")
            .arg(error, formatPercent(job.throttleRatio), formatDuration(job.liveLag)));
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

void JobView::showReport(const engine::ReplayJobSnapshot& job)
{
    QStringList lines { reportText(reportOf(job)) };
    if (m_preview)
        lines += previewSum(*m_preview);
    if (job.takenBack > 0)
        lines += tr("%1 of the cancelled ones were taken back out of the lane.")
                     .arg(formatExact(job.takenBack));
    if (job.sameError > 0)
        lines
            += tr("%1 failed with the error that they had before.").arg(formatExact(job.sameError));
    if (job.failed > 0)
        lines += tr("What failed is in the dead letters again, with its new error.");
    m_report->setText(lines.join(u'\n'));
    m_failedAgain->setVisible(job.failed > 0 && m_preview.has_value());
    m_reportBox->show();
}

void JobView::askPreview()
{
    if (m_preview || m_last.selection == engine::SelectionId {})
        return;
    using Answer = engine::Result<engine::ReplayPreview>;
    m_context.engine.selection(m_last.selection,
        m_context.engine.replyTo<Answer>(this, [this, id = m_id](const Answer& answer) {
            if (!answer || id != m_id)
                return; // expired: the report has the job's own numbers
            m_preview = *answer;
            showReport(m_last);
        }));
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

void JobView::saveReport()
{
    const QString file = QFileDialog::getSaveFileName(this, tr("Export the report"),
        QStringLiteral("replay-%1.json").arg(jobName(m_last.id)), tr("JSON (*.json)"));
    if (file.isEmpty())
        return;
    QJsonObject json = toJson(m_last);
    if (m_preview)
        json[u"preview"] = toJson(*m_preview);
    json[u"written_at"] = formatUtc(m_context.clock.wallNow());
    const QByteArray text = QJsonDocument(json).toJson();
    const auto done = m_context.engine.replyTo<QString>(this, [this](const QString& message) {
        m_message->setText(message);
        m_message->show();
    });
    // A disk may take its time, and the window never waits for one.
    QThreadPool::globalInstance()->start([file, text, done] {
        QSaveFile out(file);
        const bool isGood
            = out.open(QIODevice::WriteOnly) && out.write(text) == text.size() && out.commit();
        done(isGood ? JobView::tr("Report written to %1").arg(file)
                    : JobView::tr("Report not written: %1").arg(out.errorString()));
    });
}

} // namespace ui

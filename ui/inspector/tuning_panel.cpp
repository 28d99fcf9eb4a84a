#include "inspector/tuning_panel.h"

#include "format/format.h"
#include "inspector/forecast_asker.h"
#include "inspector/forecast_text.h"
#include "inspector/trial_bar.h"
#include "inspector/tuning_row.h"
#include "theme/console_style.h"
#include "theme/theme.h"
#include "widgets/command_runner.h"
#include "widgets/undo_bar.h"
#include "window/ui_clock.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace ui {
namespace {

using namespace std::chrono_literals;

constexpr int kForGood = 0; // item data of the combo box, otherwise seconds
constexpr auto kAskAgainAfter = 5s; // the queue moves on under what is staged

QLabel* plainLabel(const QString& name, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

constexpr int kDragInterval = 250; // ms, four times a second

} // namespace

TuningPanel::TuningPanel(
    const ConsoleContext& context, CommandRunner& runner, UndoBar& undo, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_runner(runner)
    , m_undo(undo)
    , m_asker(new ForecastAsker(context.engine, this))
    , m_trial(new TrialBar(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceSmall);
    m_header = plainLabel(QStringLiteral("tuning_header"), this);
    m_header->setFont(context.theme.boldFont());
    column->addWidget(m_header);
    column->addWidget(m_trial);
    makeRow(0, Control::Concurrency, QStringLiteral("tuning_concurrency"));
    makeRow(1, Control::Rate, QStringLiteral("tuning_rate"));
    makeRow(2, Control::Batch, QStringLiteral("tuning_batch"));
    column->addWidget(makePrediction());
    column->addWidget(makeFooter());
    connectButtons();

    for (const auto key : { Qt::Key_Return, Qt::Key_Enter }) {
        auto* shortcut = new QShortcut(QKeySequence(Qt::CTRL | key), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, &TuningPanel::apply);
    }
    connect(&runner, &CommandRunner::answeredLate, this,
        [this](const QString& text) { showResult(tr("Answered late: %1").arg(text), true); });
    m_dragTimer.setSingleShot(true);
    m_dragTimer.setInterval(kDragInterval);
    connect(&m_dragTimer, &QTimer::timeout, this, &TuningPanel::applyDragged);
    setShards({});
}

void TuningPanel::makeRow(std::size_t index, Control control, const QString& name)
{
    m_rows[index] = new TuningRow(m_context.theme, control, name, this);
    layout()->addWidget(m_rows[index]);
    connect(m_rows[index], &TuningRow::staged, this, [this, control](double value) {
        stage(control, value);
        // Not start() alone: a hand that keeps moving would put it off for ever.
        if (isDragged() && isDragApplied() && !m_dragTimer.isActive())
            m_dragTimer.start();
    });
    connect(m_rows[index], &TuningRow::dragStarted, this, [this] {
        m_dragFrom = m_shards;
        m_dragSent = {};
    });
    connect(m_rows[index], &TuningRow::dragEnded, this, [this] {
        if (isDragApplied() && !m_staged.isEmpty())
            m_dragTimer.start();
    });
    connect(m_rows[index], &TuningRow::typed, this, &TuningPanel::showButtons);
}

QWidget* TuningPanel::makePrediction()
{
    auto* box = new QWidget(this);
    m_predicted = plainLabel(QStringLiteral("tuning_predicted"), box);
    m_drain = plainLabel(QStringLiteral("tuning_drainEta"), box);
    m_assumes = plainLabel(QStringLiteral("tuning_assumes"), box);
    m_assumes->setFont(m_context.theme.captionFont());
    m_assumes->setForegroundRole(QPalette::PlaceholderText);
    m_warning = plainLabel(QStringLiteral("tuning_warning"), box);
    m_warning->setFont(m_context.theme.boldFont());
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, kSpaceSmall, 0, 0);
    column->setSpacing(kSpaceSmall);
    for (QLabel* label : { m_predicted, m_drain, m_assumes, m_warning })
        column->addWidget(label);
    return box;
}

QWidget* TuningPanel::makeFooter()
{
    auto* footer = new QWidget(this);
    auto* keepLabel = new QLabel(tr("&Keep for"), footer);
    m_keepFor = new QComboBox(footer);
    m_keepFor->setObjectName(QStringLiteral("tuning_keepFor"));
    m_keepFor->setAccessibleName(tr("Keep the change for"));
    m_keepFor->addItem(tr("10 min, then revert"), 600);
    m_keepFor->addItem(tr("1 h, then revert"), 3'600);
    m_keepFor->addItem(tr("until changed"), kForGood);
    m_keepFor->setCurrentIndex(2);
    keepLabel->setBuddy(m_keepFor);
    m_reason = new QLineEdit(footer);
    m_reason->setObjectName(QStringLiteral("tuning_reason"));
    m_reason->setAccessibleName(tr("Reason for the audit"));
    m_reason->setPlaceholderText(tr("why: needed at safety level Guarded"));
    m_reason->setMaxLength(200);
    m_apply = new QPushButton(tr("Apply"), footer);
    m_apply->setObjectName(QStringLiteral("tuning_apply"));
    m_apply->setProperty(kPrimaryButton, true);
    m_revert = new QPushButton(tr("Revert"), footer);
    m_revert->setObjectName(QStringLiteral("tuning_revert"));
    m_revert->setToolTip(tr("Forget what is staged; nothing was sent"));
    m_revert->setAccessibleName(tr("Revert staged changes"));
    m_revertConfigured = new QPushButton(tr("Revert to configured"), footer);
    m_revertConfigured->setObjectName(QStringLiteral("tuning_revertConfigured"));
    m_revertConfigured->setToolTip(
        tr("Drops the live changes; the configuration file rules again"));
    m_revertConfigured->setAccessibleName(m_revertConfigured->text());
    m_result = plainLabel(QStringLiteral("tuning_result"), footer);

    auto* grid = new QGridLayout(footer);
    grid->setContentsMargins(0, kSpaceSmall, 0, 0);
    grid->setSpacing(kSpace);
    grid->setColumnStretch(1, 1);
    grid->addWidget(keepLabel, 0, 0);
    grid->addWidget(m_keepFor, 0, 1, 1, 2);
    grid->addWidget(m_reason, 1, 0, 1, 3);
    grid->addWidget(m_revert, 2, 0);
    grid->addWidget(m_apply, 2, 1, 1, 2);
    grid->addWidget(m_revertConfigured, 3, 0, 1, 3);
    grid->addWidget(m_result, 4, 0, 1, 3);
    return footer;
}

void TuningPanel::connectButtons()
{
    using Action = engine::TrialCommand::Action;
    connect(m_keepFor, &QComboBox::activated, this, [this] { m_isKeepForChosen = true; });
    connect(m_reason, &QLineEdit::textChanged, this, &TuningPanel::showButtons);
    connect(m_apply, &QPushButton::clicked, this, &TuningPanel::apply);
    connect(m_revert, &QPushButton::clicked, this, &TuningPanel::revert);
    connect(m_revertConfigured, &QPushButton::clicked, this, &TuningPanel::revertToConfigured);
    connect(m_trial, &TrialBar::keepRequested, this, [this] { endTrial(Action::Keep); });
    connect(m_trial, &TrialBar::revertRequested, this, [this] { endTrial(Action::Revert); });
    connect(m_asker, &ForecastAsker::answered, this, &TuningPanel::showForecast);
    connect(m_asker, &ForecastAsker::failed, this, &TuningPanel::showNoForecast);
}

void TuningPanel::setShards(std::vector<engine::ShardSnapshot> shards)
{
    const bool isSame = std::equal(shards.begin(), shards.end(), m_shards.begin(), m_shards.end(),
        [](const auto& a, const auto& b) { return a.shard == b.shard; });
    m_shards = std::move(shards);
    if (!isSame) {
        dropTyped();
        m_staged = {};
        m_isKeepForChosen = false;
        m_askedAt.reset();
        m_result->hide();
    }
    showAll();
    const bool isTimeToAsk
        = !m_askedAt || m_context.clock.steadyNow() - *m_askedAt >= kAskAgainAfter;
    if (!isSame || (isTimeToAsk && !m_asker->isAsking()))
        askForecast();
    if (!isSame)
        Q_EMIT stagedChanged();
}

void TuningPanel::dropTyped()
{
    for (auto* row : m_rows)
        row->dropTyped();
}

void TuningPanel::focusFirst() { m_rows.front()->focusField(); }

void TuningPanel::stage(Control control, double value)
{
    const auto present = commonSetValue(m_shards, control);
    std::optional<double> wanted = value;
    if (present && std::abs(*present - value) < 0.0005)
        wanted.reset(); // back where it was: nothing to send
    const auto whole
        = wanted ? std::optional(static_cast<int>(std::lround(*wanted))) : std::nullopt;
    switch (control) {
    case Control::Concurrency:
        m_staged.concurrency = whole;
        break;
    case Control::Rate:
        m_staged.rate = wanted;
        break;
    case Control::Batch:
        m_staged.batch = whole;
        break;
    }
    if (!m_isKeepForChosen) {
        // A raise above what was planned should not outlive the moment by accident.
        const bool isTrial = raisesAboveConfigured(m_shards, m_staged);
        m_keepFor->setCurrentIndex(isTrial ? 0 : 2);
    }
    m_result->hide();
    m_predicted->setText(tr("Predicting…"));
    m_drain->clear();
    m_assumes->clear();
    showAll();
    askForecast();
    Q_EMIT stagedChanged();
}

void TuningPanel::showAll()
{
    const GuardProfile profile = profileOf(*m_context.engine.snapshot());
    const Guard any = guardFor(profile, GuardedAction::Tune);
    for (TuningRow* row : m_rows) {
        row->show(m_shards, m_staged);
        row->setAllowed(!m_shards.empty() && any.isAllowed, any.whyNot);
    }
    m_trial->show(m_shards, m_context.clock.wallNow());
    m_trial->setAllowed(any.isAllowed && !m_isPending, any.whyNot);
    m_guard = guardFor(profile, guardedActionOf(m_shards, m_staged));
    showGuard();
    showButtons();
}

void TuningPanel::askForecast()
{
    const bool isWanted = !m_staged.isEmpty();
    for (QLabel* label : { m_predicted, m_drain, m_assumes })
        label->setVisible(isWanted);
    if (!isWanted)
        return m_asker->cancel();
    // Each shard has a pacer of its own; a destination stands for its shards.
    std::vector<engine::ForecastQuery> queries;
    const engine::SnapshotPtr snapshot = m_context.engine.snapshot();
    for (const auto& chosen : m_shards) {
        for (const auto& shard : snapshot->shards) {
            const bool isMeant = shard.shard == chosen.shard
                || (chosen.shard.isWholeDestination()
                    && shard.shard.destination == chosen.shard.destination);
            if (isMeant)
                queries.push_back(makeForecastQuery(shard, m_staged));
        }
    }
    if (queries.size() > ForecastAsker::kShardsMax) {
        m_asker->cancel();
        return showNoForecast(
            tr("more than %1 shards are not predicted together").arg(ForecastAsker::kShardsMax));
    }
    m_askedAt = m_context.clock.steadyNow();
    m_asker->ask(std::move(queries));
}

void TuningPanel::showForecast(const engine::Forecast& forecast)
{
    double outNow = 0;
    bool isHeld = false;
    for (const auto& shard : m_shards) {
        outNow += shard.outPerSecond;
        isHeld = isHeld || shard.desired == engine::Desired::Paused
            || shard.credential != engine::CredentialState::Ok;
    }
    QStringList predicted { tr("Predicted: %1").arg(predictionText(forecast, outNow)),
        throttlingText(m_shards) };
    predicted.removeAll({});
    m_predicted->setText(predicted.join(u' '));
    m_drain->setText(drainText(forecast));
    QString assumes = assumptionText(forecast);
    if (isHeld)
        assumes += u' ' + tr("As if it were not held.");
    m_assumes->setText(assumes);
}

void TuningPanel::showNoForecast(const QString& why)
{
    m_predicted->setText(tr("Effect unknown: %1.").arg(why));
    m_drain->clear();
    m_assumes->clear();
}

void TuningPanel::showGuard()
{
    QString warning = tuningWarning(m_shards, m_staged);
    if (!m_staged.isEmpty() && !m_guard.isAllowed && !m_guard.whyNot.isEmpty())
        warning += (warning.isEmpty() ? QString() : QStringLiteral("\n")) + m_guard.whyNot;
    m_warning->setText(warning);
    m_warning->setVisible(!warning.isEmpty());
    m_reason->setVisible(m_guard.isAllowed && m_guard.needsReason && !m_staged.isEmpty());
    // Where only trials are allowed, "until changed" stands there but cannot be chosen.
    auto* model = qobject_cast<QStandardItemModel*>(m_keepFor->model());
    const int forGood = m_keepFor->findData(kForGood);
    model->item(forGood)->setEnabled(!m_guard.trial);
    if (m_guard.trial && m_keepFor->currentIndex() == forGood)
        m_keepFor->setCurrentIndex(0);
}

void TuningPanel::showButtons()
{
    const int changes = m_staged.changes();
    m_header->setText(changes == 0 ? tr("Tuning")
            : changes == 1         ? tr("Tuning: 1 change staged")
                                   : tr("Tuning: %1 changes staged").arg(changes));
    const bool isReasonGiven = !m_guard.needsReason || !m_reason->text().trimmed().isEmpty();
    const bool isAnything = changes > 0
        || std::any_of(
            m_rows.begin(), m_rows.end(), [](const auto* row) { return row->isTyped(); });
    m_apply->setEnabled(isAnything && !m_isPending && m_guard.isAllowed && isReasonGiven);
    m_revert->setEnabled(isAnything && !m_isPending);
    const bool hasOverride = std::any_of(m_shards.begin(), m_shards.end(), [](const auto& shard) {
        return shard.concurrency.overridden || shard.rate.overridden || shard.batch.overridden;
    });
    const Guard any = guardFor(profileOf(*m_context.engine.snapshot()), GuardedAction::Tune);
    m_revertConfigured->setEnabled(hasOverride && !m_isPending && any.isAllowed);
    m_keepFor->setEnabled(changes > 0 && !m_isPending);
    const bool isWarned = m_guard.isAllowed && m_guard.ask == Guard::Ask::Anyway;
    m_apply->setText(m_isPending ? tr("Applying…") : isWarned ? tr("Apply anyway") : tr("Apply"));
    m_apply->setAccessibleName(m_apply->text());
    m_apply->setToolTip(
        m_guard.isAllowed ? tr("Sends what is staged (Ctrl+Enter)") : m_guard.whyNot);
}

void TuningPanel::showResult(const QString& text, bool isGood)
{
    m_result->setText(text);
    m_result->setFont(isGood ? m_context.theme.bodyFont() : m_context.theme.boldFont());
    m_result->show();
}

std::optional<engine::Seconds> TuningPanel::keepFor() const
{
    const int seconds = m_keepFor->currentData().toInt();
    return seconds == kForGood ? std::nullopt : std::optional(engine::Seconds { seconds });
}

// A warning that was passed over belongs into the audit, beside the operator's own words.
engine::Command TuningPanel::makeCommand(const engine::TuneCommand& command) const
{
    QString reason = m_guard.needsReason ? m_reason->text().trimmed() : QString();
    const QString warning = tuningWarning(m_shards, m_staged);
    if (!warning.isEmpty()) {
        const QString passed = tr("applied anyway: %1").arg(warning);
        reason = reason.isEmpty() ? passed : reason + QStringLiteral(" (%1)").arg(passed);
    }
    return { .what = command, .reason = reason.toStdString() };
}

void TuningPanel::apply()
{
    for (auto* row : m_rows)
        row->takeTyped();
    if (m_apply->isEnabled() && !m_shards.empty())
        send(makeCommand(makeTuneCommand(m_shards, m_staged, keepFor())), m_shards);
}

void TuningPanel::setDragging(TuningSettings::Dragging applies) { m_dragging = applies; }

bool TuningPanel::isDragged() const
{
    return std::any_of(
        m_rows.begin(), m_rows.end(), [](const auto* row) { return row->isDragged(); });
}

bool TuningPanel::isDragApplied() const
{
    using Dragging = TuningSettings::Dragging;
    const bool isSimulator = m_context.engine.snapshot()->profileKind == "simulator";
    return m_dragging == Dragging::Always || (m_dragging == Dragging::InSimulator && isSimulator);
}

// What wants a reason, or has a warning to be read first, waits for the button.
void TuningPanel::applyDragged()
{
    if (m_isPending)
        return m_dragTimer.start();
    if (m_staged == m_dragSent) { // all of it is in force
        if (!isDragged())
            revert();
        return;
    }
    const bool isDirect = m_guard.ask != Guard::Ask::Anyway && !m_guard.needsReason
        && tuningWarning(m_shards, m_staged).isEmpty();
    if (!isDirect || !m_apply->isEnabled())
        return;
    m_dragSent = m_staged;
    send(makeCommand(makeTuneCommand(m_shards, m_staged, keepFor())), m_dragFrom);
}

void TuningPanel::revert()
{
    dropTyped();
    m_staged = {};
    m_isKeepForChosen = false;
    showAll();
    askForecast();
    Q_EMIT stagedChanged();
}

void TuningPanel::revertToConfigured()
{
    if (!m_revertConfigured->isEnabled())
        return;
    engine::TuneCommand command { .reset = true };
    for (const auto& shard : m_shards)
        command.targets.push_back(shard.shard);
    send({ .what = command }, m_shards);
}

void TuningPanel::endTrial(engine::TrialCommand::Action action)
{
    if (!m_isPending && !m_trial->onTrial().empty())
        send({ .what = engine::TrialCommand { m_trial->onTrial(), action } }, m_shards);
}

void TuningPanel::send(
    engine::Command command, std::optional<std::vector<engine::ShardSnapshot>> before)
{
    m_isPending = true;
    showResult(tr("Sent, waiting for the engine…"), true);
    showAll();
    const auto done = [this, before = std::move(before), staged = m_staged](const auto& result) {
        finish(result, staged);
        if (result.isOk && before)
            offerUndo(*before, toQString(result.message));
    };
    m_runner.run(std::move(command), done);
}

void TuningPanel::finish(const engine::CommandResult& result, const StagedTuning& sent)
{
    m_isPending = false;
    if (!result.isOk) {
        showResult(tr("Not applied: %1").arg(toQString(result.message)), false);
        return showAll();
    }
    // What was staged while the command was under way is still wanted, and what is held stays under
    // the hand.
    if (isDragged()) {
        m_dragTimer.start();
    } else if (m_staged == sent) {
        m_staged = {};
        m_isKeepForChosen = false;
        m_reason->clear();
        askForecast();
    }
    showResult(toQString(result.message), true);
    showAll();
    Q_EMIT applied();
    Q_EMIT stagedChanged();
}

void TuningPanel::offerUndo(const std::vector<engine::ShardSnapshot>& before, const QString& text)
{
    m_undo.offer(text, [this, before] {
        for (const auto& command : makeUndoCommands(before, m_context.clock.wallNow()))
            send({ .what = command, .reason = tr("undone").toStdString() }, std::nullopt);
    });
}

} // namespace ui

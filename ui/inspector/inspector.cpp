#include "inspector/inspector.h"

#include "format/format.h"
#include "guards/guard_rules.h"
#include "inspector/pause_sheet.h"
#include "inspector/shard_text.h"
#include "inspector/tuning_panel.h"
#include "models/shard_facts.h"
#include "theme/console_style.h"
#include "theme/theme.h"
#include "widgets/card.h"
#include "widgets/command_runner.h"
#include "widgets/sheet_keys.h"
#include "widgets/undo_bar.h"
#include "window/ui_clock.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace ui {
namespace {

QLabel* textLabel(const QString& name, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

engine::DeadLetterFilter filterFor(const std::vector<engine::ShardId>& shards)
{
    engine::DeadLetterFilter filter;
    for (const auto& shard : shards) {
        if (shard.isWholeDestination())
            filter.destinations.push_back(shard.destination);
        else
            filter.shards.push_back(shard);
    }
    return filter;
}

} // namespace

Inspector::Inspector(const ConsoleContext& context, QWidget* parent)
    : InspectorPage(parent)
    , m_context(context)
    , m_runner(new CommandRunner(context.engine, this))
{
    setObjectName(QStringLiteral("inspector"));
    m_undo = new UndoBar(this);
    m_tuning = new TuningPanel(m_context, *m_runner, *m_undo);
    m_sheet = new PauseSheet(m_context, *m_runner);

    const auto makeCard = [&context](std::initializer_list<QWidget*> parts) {
        auto* card = new Card(context.theme);
        auto* inside = new QVBoxLayout(card);
        inside->setContentsMargins(kSpaceLarge, kSpaceLarge, kSpaceLarge, kSpaceLarge);
        inside->setSpacing(kSpaceLarge);
        for (auto* part : parts)
            inside->addWidget(part);
        return card;
    };
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, kSpace, kSpace); // as the pages beside it
    column->setSpacing(kSpace);
    column->addWidget(makeCard({ makeHeader(), makeActions() }));
    column->addWidget(m_sheet);
    column->addWidget(makeResumeAsk());
    m_tuningCard = makeCard({ m_tuning });
    column->addWidget(m_tuningCard);
    column->addStretch(1);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(content);

    auto* nothing = textLabel(QStringLiteral("inspector_empty"), this);
    nothing->setText(tr("Select a shard to see why it waits and to tune it."));
    nothing->setAlignment(Qt::AlignCenter);
    nothing->setMargin(kSpaceLarge);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(nothing);
    m_stack->addWidget(scroll);

    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_stack, 1);
    all->addWidget(m_undo);
    connect(m_tuning, &TuningPanel::stagedChanged, this, [this] {
        if (!m_tuning->staged().isEmpty())
            Q_EMIT tuningStaged();
    });
    connect(m_tuning, &TuningPanel::applied, this, &Inspector::tuningApplied);
    connect(m_sheet, &PauseSheet::paused, this, &Inspector::notePaused);
    setMinimumWidth(300);
}

QString Inspector::title() const { return tr("Inspector"); }

QWidget* Inspector::makeHeader()
{
    auto* header = new QWidget(this);
    m_title = textLabel(QStringLiteral("inspector_title"), header);
    m_title->setFont(m_context.theme.titleFont());
    m_shape = new QLabel(header);
    m_shape->setFixedWidth(kShapeSize + kSpaceSmall);
    m_state = textLabel(QStringLiteral("inspector_state"), header);
    m_state->setFont(m_context.theme.boldFont());
    m_also = textLabel(QStringLiteral("inspector_also"), header);
    m_flags = textLabel(QStringLiteral("inspector_flags"), header);
    m_stale = textLabel(QStringLiteral("inspector_stale"), header);
    m_stale->setFont(m_context.theme.boldFont());
    m_stale->hide();
    m_why = new QLabel(tr("Why it waits"), header);
    m_why->setFont(m_context.theme.captionFont());
    m_why->setForegroundRole(QPalette::PlaceholderText);
    m_holds = textLabel(QStringLiteral("inspector_holds"), header);
    m_message = textLabel(QStringLiteral("inspector_message"), header);
    m_message->hide();
    auto* grid = new QGridLayout(header);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(kSpaceSmall);
    grid->setVerticalSpacing(kSpaceSmall);
    grid->setColumnStretch(1, 1);
    grid->addWidget(m_title, 0, 0, 1, 2);
    grid->addWidget(m_stale, 1, 0, 1, 2);
    grid->addWidget(m_shape, 2, 0);
    grid->addWidget(m_state, 2, 1);
    grid->addWidget(m_also, 3, 0, 1, 2);
    grid->addWidget(m_flags, 4, 0, 1, 2);
    grid->addWidget(m_why, 5, 0, 1, 2);
    grid->addWidget(m_holds, 6, 0, 1, 2);
    grid->addWidget(m_message, 7, 0, 1, 2);
    connect(&m_context.theme, &Theme::changed, this, &Inspector::showHeader);
    return header;
}

QPushButton* Inspector::makeButton(const QString& name, const QString& text, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setObjectName(name);
    button->setAccessibleName(text);
    return button;
}

QWidget* Inspector::makeActions()
{
    auto* actions = new QWidget(this);
    m_pause = makeButton(QStringLiteral("inspector_pause"), tr("Pause…"), actions);
    m_resume = makeButton(QStringLiteral("inspector_resume"), tr("Resume"), actions);
    m_probe = makeButton(QStringLiteral("inspector_probe"), tr("Probe now"), actions);
    m_dlq = makeButton(QStringLiteral("inspector_dlq"), tr("Dead letters"), actions);
    m_replay = makeButton(QStringLiteral("inspector_replay"), tr("Replay…"), actions);
    auto* grid = new QGridLayout(actions);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(kSpace);
    grid->addWidget(m_pause, 0, 0);
    grid->addWidget(m_resume, 0, 1);
    grid->addWidget(m_probe, 0, 2);
    grid->addWidget(m_dlq, 1, 0, 1, 2);
    grid->addWidget(m_replay, 1, 2);
    for (int i = 0; i < 3; ++i)
        grid->setColumnStretch(i, 1);
    connect(m_pause, &QPushButton::clicked, this, [this] { showPauseSheet(m_selection); });
    connect(m_resume, &QPushButton::clicked, this, [this] { askResume(m_selection); });
    connect(m_probe, &QPushButton::clicked, this, &Inspector::probe);
    connect(m_dlq, &QPushButton::clicked, this, [this] {
        Q_EMIT navigationRequested(
            { .page = PageId::Dlq, .shards = m_selection, .filter = filterFor(m_selection) });
    });
    connect(m_replay, &QPushButton::clicked, this, [this] {
        Q_EMIT navigationRequested(
            { .page = PageId::Replay, .shards = m_selection, .filter = filterFor(m_selection) });
    });
    return actions;
}

// Resuming where much waits says what will happen, in place, before it does.
QWidget* Inspector::makeResumeAsk()
{
    auto* frame = new QFrame(this);
    frame->setFrameShape(QFrame::StyledPanel);
    frame->setAutoFillBackground(true);
    frame->setBackgroundRole(QPalette::Base);
    m_resumeAsk = frame;
    m_resumeText = textLabel(QStringLiteral("inspector_resumeText"), frame);
    m_resumeCancel = makeButton(QStringLiteral("inspector_resumeCancel"), tr("Cancel"), frame);
    m_resumeConfirm = makeButton(QStringLiteral("inspector_resumeConfirm"), tr("Resume"), frame);
    m_resumeConfirm->setProperty(kPrimaryButton, true);
    auto* grid = new QGridLayout(frame);
    grid->setContentsMargins(kSpace, kSpace, kSpace, kSpace);
    grid->addWidget(m_resumeText, 0, 0, 1, 2);
    grid->addWidget(m_resumeCancel, 1, 0);
    grid->addWidget(m_resumeConfirm, 1, 1);
    new SheetKeys(frame, [frame] { frame->hide(); });
    connect(m_resumeCancel, &QPushButton::clicked, frame, &QWidget::hide);
    connect(m_resumeConfirm, &QPushButton::clicked, this, &Inspector::resume);
    frame->hide();
    return frame;
}

void Inspector::applySnapshot(const engine::SnapshotPtr& snapshot)
{
    m_snapshot = snapshot;
    m_shards = snapshotsOf(*snapshot, m_selection);
    m_stack->setCurrentIndex(m_selection.empty() ? 0 : 1);
    m_tuning->setShards(m_shards);
    m_tuningCard->setVisible(!m_shards.empty()); // sliders without values would promise something
    m_sheet->applySnapshot(*snapshot);
    showHeader();
    showActions();
}

void Inspector::setSelection(const std::vector<engine::ShardId>& shards)
{
    if (shards == m_selection)
        return;
    m_selection = shards;
    m_message->hide();
    m_resumeAsk->hide();
    applySnapshot(m_context.engine.snapshot());
}

void Inspector::setSampleAge(engine::Millis age)
{
    const bool isStale = age >= kStaleAfter;
    m_stale->setVisible(isStale);
    if (isStale)
        m_stale->setText(tr("Last sample %1 old").arg(formatDuration(age)));
    for (auto* label : { m_state, m_also, m_flags, m_holds })
        label->setEnabled(!isStale);
}

void Inspector::showHeader()
{
    if (m_selection.empty())
        return;
    m_title->setText(scopeName(m_selection));
    m_title->setToolTip(m_selection.size() == 1 ? shardName(m_selection.front()) : QString());
    if (m_shards.size() == 1)
        showSingle(m_shards.front());
    else
        showSeveral();
}

void Inspector::showSingle(const engine::ShardSnapshot& shard)
{
    const Status status = statusOf(shard);
    m_shape->setPixmap(m_context.theme.statusIcon(status).pixmap(kShapeSize, kShapeSize));
    const auto now = m_snapshot ? m_snapshot->takenAt : m_context.clock.wallNow();
    const auto since = std::chrono::floor<engine::Millis>(now - shard.stateSince);
    QString state = stateSentence(shard);
    if (engine::toUnixMicros(shard.stateSince) > 0 && since.count() > 0)
        state += u' ' + tr("for %1", "a state has held this long").arg(formatDuration(since));
    m_state->setText(state);
    QStringList also;
    for (const auto other : shard.also)
        also += stateWord(other);
    m_also->setText(tr("also %1").arg(also.join(QStringLiteral(", "))));
    m_also->setVisible(!also.isEmpty());
    QStringList flags = flagTexts(shard, now);
    if (shard.retryAfterLeft && shard.retryAfterLeft->count() > 0)
        flags.prepend(tr("Retry-After %1").arg(formatDuration(*shard.retryAfterLeft)));
    if (const QString drain = drainWords(shard); !drain.isEmpty())
        flags.prepend(drain);
    m_flags->setText(flags.join(QStringLiteral(" · ")));
    m_flags->setVisible(!flags.isEmpty());
    m_why->setVisible(true);
    m_holds->setVisible(true);
    m_holds->setText(holdSentences(shard, now).join(u'\n'));
}

void Inspector::showSeveral()
{
    const auto worst
        = std::min_element(m_shards.begin(), m_shards.end(), [](const auto& a, const auto& b) {
              return severityRank(a.state, a.consumerLag) < severityRank(b.state, b.consumerLag);
          });
    if (worst == m_shards.end()) {
        m_shape->setPixmap(m_context.theme.statusIcon(Status::NoData).pixmap(kShapeSize));
        m_state->setText(tr("Not in the newest sample"));
    } else {
        const Status status = statusOf(*worst);
        m_shape->setPixmap(m_context.theme.statusIcon(status).pixmap(kShapeSize, kShapeSize));
        const auto inTrouble = std::count_if(m_shards.begin(), m_shards.end(),
            [](const auto& shard) { return needsAttention(shard.state); });
        m_state->setText((inTrouble == 1 ? tr("%1 of %2 needs attention; worst: %3")
                                         : tr("%1 of %2 need attention; worst: %3"))
                             .arg(inTrouble)
                             .arg(m_shards.size())
                             .arg(stateWord(worst->state)));
    }
    std::int64_t depth = 0;
    for (const auto& shard : m_shards)
        depth += shard.queueDepth;
    m_also->setText(tr("%1 deliveries wait in all").arg(formatExact(depth)));
    m_also->setVisible(!m_shards.empty());
    m_flags->hide();
    m_why->hide();
    m_holds->hide();
}

void Inspector::showActions()
{
    const bool hasAny = !m_shards.empty();
    const auto isRunning
        = [](const auto& shard) { return shard.desired == engine::Desired::Running; };
    const bool isAnyRunning = std::any_of(m_shards.begin(), m_shards.end(), isRunning);
    const bool isAnyHeld = hasAny && !std::all_of(m_shards.begin(), m_shards.end(), isRunning);
    const Guard guard = guardFor(profileOf(*m_snapshot), GuardedAction::PauseOrResume);
    const bool isAnyHalfHeld = std::any_of(m_shards.begin(), m_shards.end(),
        [](const auto& shard) { return shard.desired == engine::Desired::RetriesPaused; });
    const auto allow = [&guard](QPushButton* button, bool isUseful, const QString& tip = {}) {
        button->setEnabled(isUseful && guard.isAllowed);
        button->setToolTip(guard.isAllowed ? tip : guard.whyNot);
    };
    allow(m_pause, isAnyRunning || isAnyHalfHeld);
    allow(m_resume, isAnyHeld);
    allow(m_probe, m_shards.size() == 1 && canProbe(m_shards.front()),
        tr("Sends one delivery past the hold to see whether the platform takes it"));
    std::int64_t dead = 0;
    for (const auto& shard : m_shards)
        dead += shard.dlqCount;
    m_dlq->setText(dead == 0 ? tr("Dead letters") : tr("Dead letters %1").arg(formatCount(dead)));
    m_dlq->setAccessibleName(m_dlq->text());
    m_dlq->setToolTip(tr("%1 dead letters").arg(formatExact(dead)));
    allow(m_replay, dead > 0);
}

void Inspector::showPauseSheet(const std::vector<engine::ShardId>& shards)
{
    if (shards.empty())
        return;
    m_stack->setCurrentIndex(1);
    m_sheet->open(shards);
}

void Inspector::setTuningSettings(const TuningSettings& settings)
{
    m_tuning->setDragging(settings.applies);
}

void Inspector::focusTuning()
{
    if (!m_selection.empty())
        m_tuning->focusFirst();
}

void Inspector::notePaused(const QString& message, const std::vector<engine::ShardSnapshot>& before)
{
    showMessage(message);
    if (before.empty())
        return;
    std::vector<engine::ShardId> ids;
    for (const auto& shard : before)
        ids.push_back(shard.shard);
    if (coversEverything(*m_context.engine.snapshot(), ids))
        m_pausedTogether = before;
    m_undo->offer(message, [this, before, ids] {
        m_resumeTargets = ids;
        m_pausedTogether = before;
        resume();
    });
}

// Done at once where the safety level says so and little waits; else the consequence comes first.
void Inspector::askResume(const std::vector<engine::ShardId>& shards)
{
    if (shards.empty())
        return;
    const engine::SnapshotPtr snapshot = m_context.engine.snapshot();
    m_resumeTargets = shards;
    const bool isMany = waitingOf(snapshotsOf(*snapshot, shards)) > kResumeAskAbove;
    const Guard one = guardFor(profileOf(*snapshot), GuardedAction::PauseOrResume);
    const Guard many = guardFor(profileOf(*snapshot), GuardedAction::ResumeMany);
    if (!one.isAllowed)
        return showMessage(one.whyNot);
    if (one.ask == Guard::Ask::Sheet || (isMany && many.ask == Guard::Ask::Sheet))
        showResumeAsk();
    else
        resume();
}

// Those that a pause of everything stopped; after a restart, which has forgotten them, all that an
// operator paused. Always asked: it may be more than the eye can see.
void Inspector::resumeAll()
{
    const engine::SnapshotPtr snapshot = m_context.engine.snapshot();
    std::vector<engine::ShardId> targets;
    for (const auto& shard : snapshot->shards) {
        const bool isKnown = std::any_of(m_pausedTogether.begin(), m_pausedTogether.end(),
            [&shard](const auto& before) { return before.shard == shard.shard; });
        const bool isMeant = isKnown
            || (m_pausedTogether.empty() && shard.pauseCause == engine::PauseCause::Operator);
        if (shard.desired != engine::Desired::Running && isMeant)
            targets.push_back(shard.shard);
    }
    const Guard guard = guardFor(profileOf(*snapshot), GuardedAction::PauseOrResume);
    if (!guard.isAllowed || targets.empty())
        return showMessage(
            guard.isAllowed ? tr("Nothing is paused by an operator.") : guard.whyNot);
    m_resumeTargets = std::move(targets);
    showResumeAsk();
}

void Inspector::showResumeAsk()
{
    const engine::SnapshotPtr snapshot = m_context.engine.snapshot();
    QStringList names;
    for (const auto& shard : m_resumeTargets)
        names += shardName(shard);
    m_stack->setCurrentIndex(1);
    m_resumeText->setText(resumeConsequence(snapshotsOf(*snapshot, m_resumeTargets)));
    m_resumeText->setToolTip(names.join(u'\n'));
    m_resumeConfirm->setText(tr("Resume %1").arg(scopeName(m_resumeTargets)));
    m_resumeConfirm->setAccessibleName(m_resumeConfirm->text());
    m_resumeAsk->show();
    m_resumeCancel->setFocus(Qt::PopupFocusReason);
}

// What had only its retries paused before everything was paused goes back to that.
void Inspector::resume()
{
    m_resumeAsk->hide();
    showMessage(tr("Sent, waiting for the engine…"));
    engine::ResumeCommand running;
    engine::PauseCommand halfHeld { .mode = engine::Desired::RetriesPaused };
    for (const auto& target : m_resumeTargets) {
        const bool wasHalfHeld = std::any_of(
            m_pausedTogether.begin(), m_pausedTogether.end(), [&target](const auto& before) {
                return before.shard == target && before.desired == engine::Desired::RetriesPaused;
            });
        (wasHalfHeld ? halfHeld.targets : running.targets).push_back(target);
    }
    const auto done = [this](const engine::CommandResult& result) {
        if (result.isOk)
            m_pausedTogether.clear();
        showMessage(result.isOk ? toQString(result.message)
                                : tr("Not resumed: %1").arg(toQString(result.message)));
    };
    if (!halfHeld.targets.empty())
        m_runner->run({ .what = std::move(halfHeld) }, done);
    if (!running.targets.empty())
        m_runner->run({ .what = std::move(running) }, done);
}

void Inspector::probe()
{
    if (m_selection.size() != 1)
        return;
    showMessage(tr("Sent, waiting for the engine…"));
    m_runner->run({ .what = engine::ProbeCommand { .target = m_selection.front() } },
        [this](const engine::CommandResult& result) {
            showMessage(result.isOk ? toQString(result.message)
                                    : tr("No probe: %1").arg(toQString(result.message)));
        });
}

void Inspector::showMessage(const QString& text)
{
    m_message->setText(text);
    m_message->show();
    Q_EMIT messageShown(text);
}

} // namespace ui

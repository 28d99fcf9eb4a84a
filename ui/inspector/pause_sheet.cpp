#include "inspector/pause_sheet.h"

#include "format/format.h"
#include "guards/guard_rules.h"
#include "inspector/forecast_asker.h"
#include "inspector/forecast_text.h"
#include "inspector/shard_text.h"
#include "theme/console_style.h"
#include "theme/theme.h"
#include "widgets/command_runner.h"
#include "widgets/sheet_keys.h"
#include "window/ui_clock.h"

#include <QComboBox>
#include <QDateTime>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QTimeEdit>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace ui {
namespace {

constexpr int kByHand = 0; // item data of m_until, otherwise seconds
constexpr int kAtTime = -1;

QDateTime toLocal(engine::WallTime time)
{
    return QDateTime::fromMSecsSinceEpoch(engine::toUnixMicros(time) / 1'000);
}

constexpr qsizetype kNamesShown = 16; // the sheet has its place in a dock

} // namespace

PauseSheet::PauseSheet(const ConsoleContext& context, CommandRunner& runner, QWidget* parent)
    : QFrame(parent)
    , m_context(context)
    , m_runner(runner)
    , m_asker(new ForecastAsker(context.engine, this))
    , m_title(new QLabel(this))
    , m_names(new QLabel(this))
    , m_consequence(new QLabel(this))
    , m_problem(new QLabel(this))
{
    setObjectName(QStringLiteral("pause_sheet"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    setAccessibleName(tr("Pause"));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setFont(context.theme.boldFont());
    m_title->setWordWrap(true);
    for (auto* label : { m_names, m_consequence, m_problem }) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_names->setObjectName(QStringLiteral("pause_targets"));
    m_consequence->setObjectName(QStringLiteral("pause_consequence"));
    m_problem->setObjectName(QStringLiteral("pause_problem"));
    m_problem->setFont(context.theme.boldFont());
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(kSpace, kSpace, kSpace, kSpace);
    grid->setSpacing(kSpace);
    grid->setColumnStretch(1, 1);
    auto* head = new QVBoxLayout;
    head->setSpacing(kSpaceSmall);
    head->addWidget(m_title);
    head->addWidget(m_names);
    grid->addLayout(head, 0, 0, 1, 3);
    grid->addWidget(makeMode(), 1, 0, 1, 3);
    makeEnd(*grid);
    m_cancel = new QPushButton(tr("Cancel"), this); // last, for Tab to go as one reads
    m_confirm = new QPushButton(this);
    m_cancel->setObjectName(QStringLiteral("pause_cancel"));
    m_cancel->setAccessibleName(tr("Cancel pausing"));
    m_confirm->setObjectName(QStringLiteral("pause_confirm"));
    m_confirm->setProperty(kPrimaryButton, true);
    // A long name is cut on the button; it must not push the sheet out of the dock.
    m_confirm->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    grid->addWidget(m_consequence, 4, 0, 1, 3);
    grid->addWidget(m_problem, 5, 0, 1, 3);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_confirm, 1);
    grid->addLayout(buttons, 6, 0, 1, 3);

    new SheetKeys(this, [this] { closeSheet(); });
    connect(m_cancel, &QPushButton::clicked, this, &PauseSheet::closeSheet);
    connect(m_confirm, &QPushButton::clicked, this, &PauseSheet::confirm);
    connect(m_note, &QLineEdit::textChanged, this, &PauseSheet::showButtons);
    connect(m_asker, &ForecastAsker::answered, this, [this](const engine::Forecast& forecast) {
        if (const auto end = until())
            m_afterwards = afterPauseText(
                forecast, std::chrono::ceil<engine::Seconds>(*end - m_context.clock.wallNow()));
        showConsequence();
    });
    hide();
}

QWidget* PauseSheet::makeMode()
{
    auto* box = new QWidget(this);
    box->setObjectName(QStringLiteral("pause_mode"));
    m_all = new QRadioButton(tr("&Delivery and retries"), box);
    m_all->setAccessibleName(tr("Pause delivery and retries"));
    m_retriesOnly = new QRadioButton(tr("Re&tries only"), box);
    m_retriesOnly->setAccessibleName(tr("Pause retries only"));
    m_retriesOnly->setObjectName(QStringLiteral("pause_modeRetries"));
    m_all->setObjectName(QStringLiteral("pause_modeAll"));
    m_all->setChecked(true);
    // One below the other: side by side they are wider than the dock in some languages.
    auto* modes = new QVBoxLayout(box);
    modes->setContentsMargins(0, 0, 0, 0);
    modes->setSpacing(kSpaceSmall);
    modes->addWidget(m_all);
    modes->addWidget(m_retriesOnly);
    connect(m_all, &QRadioButton::toggled, this, &PauseSheet::askForecast);
    return box;
}

void PauseSheet::makeEnd(QGridLayout& grid)
{
    m_until = new QComboBox(this);
    m_until->setObjectName(QStringLiteral("pause_until"));
    m_until->setAccessibleName(tr("Pause until"));
    m_until->addItem(tr("resumed by hand"), kByHand);
    m_until->addItem(tr("in 5 min"), 300);
    m_until->addItem(tr("in 15 min"), 900);
    m_until->addItem(tr("in 1 h"), 3'600);
    m_until->addItem(tr("at a time…"), kAtTime);
    m_time = new QTimeEdit(this);
    m_time->setObjectName(QStringLiteral("pause_time"));
    m_time->setAccessibleName(tr("Time at which delivery resumes"));
    m_time->setDisplayFormat(QStringLiteral("HH:mm"));
    m_time->hide();
    m_note = new QLineEdit(this);
    m_note->setObjectName(QStringLiteral("pause_note"));
    m_note->setAccessibleName(tr("Note for the audit"));
    m_note->setPlaceholderText(tr("why, for the next person"));
    m_note->setMaxLength(200);
    auto* untilLabel = new QLabel(tr("&Until"), this);
    untilLabel->setBuddy(m_until);
    auto* noteLabel = new QLabel(tr("&Note"), this);
    noteLabel->setBuddy(m_note);
    grid.addWidget(untilLabel, 2, 0);
    grid.addWidget(m_until, 2, 1);
    grid.addWidget(m_time, 2, 2);
    grid.addWidget(noteLabel, 3, 0);
    grid.addWidget(m_note, 3, 1, 1, 2);
    connect(m_until, &QComboBox::currentIndexChanged, this, [this] {
        m_time->setVisible(m_until->currentData().toInt() == kAtTime);
        askForecast();
    });
    connect(m_time, &QTimeEdit::timeChanged, this, &PauseSheet::askForecast);
}

void PauseSheet::open(const std::vector<engine::ShardId>& targets)
{
    m_targets = targets;
    m_isPending = false;
    m_isEverything = coversEverything(*m_context.engine.snapshot(), targets);
    const QString name = m_isEverything ? tr("all %1", "5 destinations").arg(scopeName(targets))
                                        : scopeName(targets);
    m_title->setText(tr("Pause %1").arg(name));
    showNames();
    m_confirm->setAccessibleName(m_title->text());
    fitConfirm();
    m_all->setChecked(true);
    m_until->setCurrentIndex(0);
    m_note->clear();
    m_problem->hide();
    const QDateTime soon = toLocal(m_context.clock.wallNow()).addSecs(3'600);
    m_time->setTime(QTime(soon.time().hour(), soon.time().minute()));
    applySnapshot(*m_context.engine.snapshot());
    askForecast();
    show();
    m_cancel->setFocus(Qt::PopupFocusReason);
}

// Everything that would stop is named, where it can be read before it is confirmed.
void PauseSheet::showNames()
{
    QStringList names;
    QStringList shown;
    for (const auto& target : m_targets) {
        names += shardName(target);
        if (shown.size() < kNamesShown)
            shown += shardLabel(target);
    }
    m_title->setToolTip(names.join(u'\n'));
    if (names.size() > shown.size())
        shown += tr("and %1 more").arg(names.size() - shown.size());
    m_names->setText(shown.join(QStringLiteral(", ")));
    m_names->setToolTip(m_title->toolTip());
    m_names->setVisible(names.size() > 1);
}

void PauseSheet::applySnapshot(const engine::EngineSnapshot& snapshot)
{
    if (m_targets.empty())
        return;
    m_shards = snapshotsOf(snapshot, m_targets);
    showConsequence();
    showButtons();
}

// Only a pause with an end can be followed further than its end.
void PauseSheet::askForecast()
{
    m_afterwards.clear();
    m_asker->cancel();
    showConsequence();
    const auto end = until();
    const bool isWhole = m_all->isChecked();
    const auto shards = m_targets.empty() ? std::vector<engine::ShardSnapshot> {} : affected();
    if (!end || !isWhole || shards.empty() || shards.size() > ForecastAsker::kShardsMax)
        return;
    const auto length = std::chrono::ceil<engine::Seconds>(*end - m_context.clock.wallNow());
    std::vector<engine::ForecastQuery> queries;
    for (const auto& shard : shards)
        queries.push_back({ .shard = shard.shard, .pausedFor = length });
    m_asker->ask(std::move(queries));
}

// Shard by shard, also where a whole destination is meant.
std::vector<engine::ShardSnapshot> PauseSheet::affected() const
{
    std::vector<engine::ShardSnapshot> found;
    const engine::SnapshotPtr snapshot = m_context.engine.snapshot();
    for (const auto& shard : snapshot->shards) {
        const bool isMeant = std::any_of(m_targets.begin(), m_targets.end(), [&](const auto& id) {
            return id == shard.shard
                || (id.isWholeDestination() && id.destination == shard.shard.destination);
        });
        if (isMeant && shard.desired != engine::Desired::Paused)
            found.push_back(shard);
    }
    return found;
}

void PauseSheet::showButtons()
{
    const Guard guard = guardFor(profileOf(*m_context.engine.snapshot()),
        m_isEverything ? GuardedAction::PauseAll : GuardedAction::PauseOrResume);
    const bool isReasonGiven = !guard.needsReason || !m_note->text().trimmed().isEmpty();
    m_note->setPlaceholderText(guard.needsReason ? tr("why: needed at safety level Guarded")
                                                 : tr("why, for the next person"));
    m_confirm->setEnabled(guard.isAllowed && isReasonGiven && !m_isPending && !m_targets.empty());
    m_confirm->setToolTip(guard.isAllowed ? m_title->text() : guard.whyNot);
}

std::optional<engine::WallTime> PauseSheet::until() const
{
    const int choice = m_until->currentData().toInt();
    const auto now = m_context.clock.wallNow();
    if (choice == kByHand)
        return std::nullopt;
    if (choice != kAtTime)
        return now + engine::Seconds { choice };
    QDateTime end(toLocal(now).date(), m_time->time());
    if (end <= toLocal(now))
        end = end.addDays(1); // a time that has passed today means tomorrow
    return engine::fromUnixMicros(end.toMSecsSinceEpoch() * 1'000);
}

engine::PauseCommand PauseSheet::command() const
{
    engine::PauseCommand command;
    command.targets = m_targets;
    command.mode
        = m_retriesOnly->isChecked() ? engine::Desired::RetriesPaused : engine::Desired::Paused;
    command.until = until();
    return command;
}

void PauseSheet::showConsequence()
{
    PausePlan plan;
    plan.mode
        = m_retriesOnly->isChecked() ? engine::Desired::RetriesPaused : engine::Desired::Paused;
    if (const auto end = until())
        plan.wait = std::chrono::ceil<engine::Millis>(*end - m_context.clock.wallNow());
    QString text = pauseConsequence(m_shards, plan);
    if (!m_afterwards.isEmpty())
        text += u' ' + m_afterwards;
    m_consequence->setText(text);
}

void PauseSheet::confirm()
{
    m_isPending = true;
    showButtons();
    m_problem->setText(tr("Sent, waiting for the engine…"));
    m_problem->show();
    engine::Command sent { .what = command(), .reason = m_note->text().trimmed().toStdString() };
    const auto done = [this, before = affected()](const engine::CommandResult& result) {
        m_isPending = false;
        showButtons();
        if (!result.isOk) {
            m_problem->setText(tr("Not paused: %1").arg(toQString(result.message)));
            return;
        }
        Q_EMIT paused(toQString(result.message), before);
        closeSheet();
    };
    m_runner.run(std::move(sent), done);
}

void PauseSheet::closeSheet()
{
    m_targets.clear();
    m_shards.clear();
    m_asker->cancel();
    hide();
    Q_EMIT closed();
}

void PauseSheet::fitConfirm()
{
    constexpr int kEdges = 24; // of the button, beside its text
    m_confirm->setText(m_confirm->fontMetrics().elidedText(
        m_title->text(), Qt::ElideMiddle, m_confirm->width() - kEdges));
}

void PauseSheet::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    fitConfirm();
}

std::vector<engine::ShardId> pauseAllTargets(const engine::EngineSnapshot& snapshot)
{
    std::vector<engine::ShardId> targets;
    const auto isPaused = [](const engine::ShardSnapshot& shard) {
        return shard.desired == engine::Desired::Paused;
    };
    for (const auto& destination : snapshot.destinations) {
        std::vector<engine::ShardId> running;
        bool isAnyPaused = false;
        for (const auto& shard : snapshot.shards) {
            if (shard.shard.destination != destination.name)
                continue;
            isAnyPaused = isAnyPaused || isPaused(shard);
            if (!isPaused(shard))
                running.push_back(shard.shard);
        }
        if (!isAnyPaused)
            running = { { destination.name, {} } };
        targets.insert(targets.end(), running.begin(), running.end());
    }
    return targets;
}

bool coversEverything(
    const engine::EngineSnapshot& snapshot, const std::vector<engine::ShardId>& targets)
{
    const auto isCovered = [&](const engine::ShardSnapshot& shard) {
        return shard.desired == engine::Desired::Paused
            || std::any_of(targets.begin(), targets.end(), [&](const engine::ShardId& id) {
                   return id == shard.shard
                       || (id.isWholeDestination() && id.destination == shard.shard.destination);
               });
    };
    return targets.size() > 1
        && std::all_of(snapshot.shards.begin(), snapshot.shards.end(), isCovered);
}

std::vector<engine::ShardSnapshot> snapshotsOf(
    const engine::EngineSnapshot& snapshot, const std::vector<engine::ShardId>& ids)
{
    std::vector<engine::ShardSnapshot> found;
    for (const auto& id : ids) {
        if (id.isWholeDestination()) {
            for (const auto& destination : snapshot.destinations) {
                if (destination.name == id.destination)
                    found.push_back(destination.total);
            }
            continue;
        }
        const auto shard = std::find_if(snapshot.shards.begin(), snapshot.shards.end(),
            [&id](const engine::ShardSnapshot& s) { return s.shard == id; });
        if (shard != snapshot.shards.end())
            found.push_back(*shard);
    }
    return found;
}

} // namespace ui

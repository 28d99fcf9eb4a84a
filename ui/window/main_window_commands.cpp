// What the actions of the window do.
#include "format/format.h"
#include "guards/guard_rules.h"
#include "inspector/pause_sheet.h"
#include "models/shard_facts.h"
#include "overview/overview_page.h"
#include "theme/theme.h"
#include "widgets/command_runner.h"
#include "widgets/undo_bar.h"
#include "window/console_actions.h"
#include "window/main_window.h"
#include "window/nav_rail.h"
#include "window/status_line.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QStackedWidget>

#include <algorithm>

namespace ui {

namespace {

QString namesOf(const std::vector<engine::ShardId>& shards)
{
    if (shards.size() == 1)
        return shardLabel(shards.front());
    return QCoreApplication::translate("ui::MainWindow", "%1 shards").arg(shards.size());
}

} // namespace

void MainWindow::connectActions()
{
    auto& a = *m_actions;
    connect(a.freeze, &QAction::triggered, this, &MainWindow::setFrozen);
    connect(a.filter, &QAction::triggered, this, [this] {
        if (runOnPage(PageCommand::Filter))
            return;
        showPage(PageId::Overview);
        m_overview->focusFilter();
    });
    connect(a.clear, &QAction::triggered, this, [this] {
        if (auto* current = qobject_cast<Page*>(m_stack->currentWidget()))
            current->clearTransient();
    });
    connect(a.nextTrouble, &QAction::triggered, this,
        [this] { m_overview->selectNextInTrouble(true); });
    connect(a.previousTrouble, &QAction::triggered, this,
        [this] { m_overview->selectNextInTrouble(false); });
    connect(a.resort, &QAction::triggered, this, [this] { m_overview->resort(); });
    connect(a.group, &QAction::triggered, this, [this] {
        if (!runOnPage(PageCommand::Group))
            m_overview->toggleGrouping();
    });
    connectCharts();
    connectPageCommands();
    connect(a.nextArea, &QAction::triggered, this, [this] { cycleAreas(true); });
    connect(a.previousArea, &QAction::triggered, this, [this] { cycleAreas(false); });
    connect(a.toggleInspector, &QAction::triggered, m_inspectorDock, &QWidget::setVisible);
    connect(
        m_inspectorDock, &QDockWidget::visibilityChanged, a.toggleInspector, &QAction::setChecked);
    connect(a.fullScreen, &QAction::triggered, this,
        [this](bool isFull) { isFull ? showFullScreen() : showNormal(); });
    connect(a.resetLayout, &QAction::triggered, this, &MainWindow::resetLayout);
    const auto chooseTheme = [this](QAction* action, ThemeMode mode) {
        connect(action, &QAction::triggered, this, [this, mode] {
            auto settings = m_look;
            settings.appearance.theme = mode;
            takeSettings(settings);
        });
    };
    chooseTheme(a.themeSystem, ThemeMode::System);
    chooseTheme(a.themeLight, ThemeMode::Light);
    chooseTheme(a.themeDark, ThemeMode::Dark);
    connect(a.palette, &QAction::triggered, this, &MainWindow::openPalette);
    connect(a.preferences, &QAction::triggered, this, [this] { openSettings(); });
    connect(a.help, &QAction::triggered, this, [this] { Q_EMIT helpRequested(currentPage()); });
    connect(a.about, &QAction::triggered, this, &MainWindow::showAbout);
    connect(a.quit, &QAction::triggered, this, &QWidget::close);
}

void MainWindow::connectCharts()
{
    const auto run = [this](QAction* action, ChartCommand command) {
        connect(action, &QAction::triggered, this, [this, command] {
            if (auto* current = page(currentPage()))
                current->runChart(command);
        });
    };
    const auto& a = *m_actions;
    run(a.shorterWindow, ChartCommand::ShorterWindow);
    run(a.longerWindow, ChartCommand::LongerWindow);
    run(a.zoomBack, ChartCommand::ZoomBack);
    run(a.logAxis, ChartCommand::LogAxis);
    run(a.chartTable, ChartCommand::Table);
    run(a.mark, ChartCommand::Mark);
}

void MainWindow::connectPageCommands()
{
    for (const auto& [command, action] : m_actions->pageActions())
        connect(action, &QAction::triggered, this,
            [this, command = command] { static_cast<void>(runOnPage(command)); });
}

bool MainWindow::runOnPage(PageCommand command)
{
    auto* current = page(currentPage());
    if (current == nullptr || !current->canRun(command))
        return false;
    current->run(command);
    return true;
}

void MainWindow::showPlace()
{
    const auto* current = page(currentPage());
    if (current != nullptr)
        m_actions->setPlace({ .canRun = [current](PageCommand c) { return current->canRun(c); },
            .hasCharts = current->hasCharts(),
            .isOverview = current == m_overview });
}

void MainWindow::replaySelection()
{
    engine::DeadLetterFilter scope;
    scope.shards = m_selection;
    navigate({ .page = PageId::Replay, .shards = m_selection, .filter = scope });
}

void MainWindow::connectCommands()
{
    auto& a = *m_actions;
    connect(a.open, &QAction::triggered, this,
        [this] { navigate({ .page = PageId::Shard, .shards = m_selection }); });
    connect(a.pause, &QAction::triggered, this, [this] {
        if (m_inspector == nullptr)
            return;
        m_inspectorDock->setVisible(true);
        m_inspector->showPauseSheet(m_selection);
    });
    connect(a.pauseAll, &QAction::triggered, this, &MainWindow::pauseAll);
    connect(a.resume, &QAction::triggered, this, [this] {
        if (m_inspector == nullptr)
            return;
        m_inspectorDock->setVisible(true);
        m_inspector->askResume(m_selection);
    });
    connect(a.resumeAll, &QAction::triggered, this, [this] {
        if (m_inspector == nullptr)
            return;
        m_inspectorDock->setVisible(true);
        m_inspector->resumeAll();
    });
    connect(a.pauseRetries, &QAction::triggered, this, [this] {
        // Where a sheet is asked for, its mode is chosen there.
        const Guard guard
            = guardFor(profileOf(*m_context.engine.snapshot()), GuardedAction::PauseOrResume);
        if (guard.ask == Guard::Ask::Sheet)
            return m_actions->pause->trigger();
        submit({ .what = engine::PauseCommand { .targets = m_selection,
                     .mode = engine::Desired::RetriesPaused } },
            tr("Pausing retries of %1").arg(namesOf(m_selection)));
    });
    connect(a.probe, &QAction::triggered, this, [this] {
        if (!m_selection.empty())
            submit({ .what = engine::ProbeCommand { m_selection.front() } },
                tr("Probing %1").arg(namesOf(m_selection)));
    });
    connect(a.revertAll, &QAction::triggered, this, &MainWindow::revertAll);
    connect(a.saleMode, &QAction::triggered, this, &MainWindow::switchSale);
    connect(a.exportShown, &QAction::triggered, this, [this] {
        if (auto* current = page(currentPage()))
            current->exportShown();
    });
    connect(a.reload, &QAction::triggered, this,
        [this] { submit({ .what = engine::ReloadCommand {} }, tr("Reading the configuration")); });
    connect(a.tune, &QAction::triggered, this, [this] {
        if (m_inspector == nullptr)
            return;
        m_inspectorDock->setVisible(true);
        m_inspector->focusTuning();
    });
    connect(a.dlq, &QAction::triggered, this, [this] {
        engine::DeadLetterFilter scope;
        scope.shards = m_selection;
        navigate({ .page = PageId::Dlq, .shards = m_selection, .filter = scope });
    });
    connect(a.replay, &QAction::triggered, this, [this] {
        if (!runOnPage(PageCommand::Replay))
            replaySelection();
    });
    connect(a.copySummary, &QAction::triggered, this, &MainWindow::copySummary);
    connect(a.pin, &QAction::triggered, this, [this] { m_overview->togglePinned(m_selection); });
}

void MainWindow::pauseAll()
{
    if (m_inspector == nullptr || !m_snapshot)
        return;
    m_inspectorDock->setVisible(true);
    m_inspector->showPauseSheet(pauseAllTargets(*m_snapshot));
}

void MainWindow::revertAll()
{
    std::vector<engine::ShardId> tuned;
    for (const auto& shard :
        m_snapshot ? m_snapshot->shards : std::vector<engine::ShardSnapshot> {}) {
        if (isTuned(shard))
            tuned.push_back(shard.shard);
    }
    if (tuned.empty()) {
        m_status->showNews(tr("Nothing is tuned: every shard runs as configured."));
        return;
    }
    const QString what = tr("Revert tuning of %1").arg(namesOf(tuned));
    confirm(what, [this, tuned, what] {
        submit({ .what = engine::TuneCommand { .targets = tuned, .reset = true } }, what);
    });
}

void MainWindow::switchSale(bool isOn)
{
    const auto snapshot = m_context.engine.snapshot();
    m_actions->saleMode->setChecked(snapshot->sale.isOn); // until the engine says so
    using Mode = engine::SaleCommand::Mode;
    // Switched off by hand it is on again as its window says: that has an end.
    const bool isBackToWindow
        = isOn && snapshot->sale.cause == engine::SaleMode::Cause::Operator && !snapshot->sale.isOn;
    submit({ .what = engine::SaleCommand { .mode = isBackToWindow ? Mode::AsConfigured
                     : isOn                                       ? Mode::On
                                                                  : Mode::Off } },
        isOn ? tr("Switching sale mode on") : tr("Switching sale mode off"));
}

void MainWindow::submit(engine::Command command, const QString& doing)
{
    m_status->showNews(tr("%1…").arg(doing));
    const bool hasInverse = std::holds_alternative<engine::PauseCommand>(command.what)
        || std::holds_alternative<engine::TuneCommand>(command.what);
    m_runner->run(
        std::move(command), [this, doing, hasInverse](const engine::CommandResult& result) {
            const QString text = toQString(result.message);
            m_status->showNews(result.isOk ? text : tr("%1 failed: %2").arg(doing, text));
            if (!result.isOk || !hasInverse)
                return;
            m_undo->offer(doing, [this, entry = result.audit, doing] {
                submit({ .what = engine::RevertCommand { entry } }, tr("Undo: %1").arg(doing));
            });
        });
}

QString MainWindow::selectionName() const { return namesOf(m_selection); }

void MainWindow::copySummary()
{
    if (!m_snapshot)
        return;
    QStringList lines;
    for (const auto& shard : m_snapshot->shards) {
        if (std::find(m_selection.begin(), m_selection.end(), shard.shard) == m_selection.end())
            continue;
        const QString drain = drainWords(shard);
        lines << tr("**%1** %2 since %3 UTC · depth %4 · lag %5 · p95 %6 · errors %7")
                     .arg(shardName(shard.shard), stateSentence(shard),
                         formatUtc(shard.stateSince).mid(11, 5), formatExact(shard.queueDepth),
                         formatDuration(shard.consumerLag),
                         shard.latencyP95 ? formatLatency(*shard.latencyP95) : QString(kDash),
                         shard.errorRatio ? formatPercent(*shard.errorRatio) : QString(kDash))
                + (drain.isEmpty() ? QString() : QStringLiteral(" · ") + drain);
    }
    QApplication::clipboard()->setText(lines.join(u'\n'));
    m_status->showNews(tr("Summary of %1 copied").arg(namesOf(m_selection)));
}

void MainWindow::showThemeMode()
{
    const auto mode = m_context.theme.mode();
    m_actions->themeSystem->setChecked(mode == ThemeMode::System);
    m_actions->themeLight->setChecked(mode == ThemeMode::Light);
    m_actions->themeDark->setChecked(mode == ThemeMode::Dark);
}

// The engine lives in this process: closing the window stops delivery, so it says what that means.
// The simulator has nothing to lose and does not ask.
bool MainWindow::isCloseAgreed()
{
    if (m_isCloseConfirmed || !m_snapshot || m_snapshot->profileKind == "simulator")
        return true;
    int inFlight = 0;
    for (const auto& shard : m_snapshot->shards)
        inFlight += shard.inFlight;
    const auto jobs = std::count_if(m_snapshot->jobs.begin(), m_snapshot->jobs.end(),
        [](const auto& job) { return job.state == "running" || job.state == "holding"; });
    if (inFlight == 0 && jobs == 0)
        return true;
    auto* box = new QMessageBox(this);
    box->setObjectName(QStringLiteral("quit_sheet"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setText(tr("Delivery stops when this window closes."));
    box->setInformativeText(
        tr("Requests in flight: %1, they finish first. Deliveries waiting: %2, they are kept and "
           "go on at the next start. Running replay jobs: %3, they resume then.")
            .arg(inFlight)
            .arg(formatExact(m_snapshot->store.waiting))
            .arg(jobs));
    auto* quit = box->addButton(tr("Drain and quit"), QMessageBox::AcceptRole);
    auto* cancel = box->addButton(QMessageBox::Cancel);
    box->setDefaultButton(cancel);
    connect(quit, &QAbstractButton::clicked, this, [this] {
        m_isCloseConfirmed = true;
        close();
    });
    box->open();
    return false;
}

void MainWindow::cycleAreas(bool isForward)
{
    // Rail, page, inspector: the first widget of each that takes the focus.
    QList<QWidget*> areas { m_rail, m_stack->currentWidget() };
    if (m_inspectorDock->isVisible() && m_inspector != nullptr)
        areas << m_inspector;
    const auto* focus = QApplication::focusWidget();
    qsizetype at = -1;
    for (qsizetype i = 0; i < areas.size(); ++i) {
        if (focus != nullptr && (areas[i] == focus || areas[i]->isAncestorOf(focus)))
            at = i;
    }
    const auto next = areas[(at + (isForward ? 1 : -1) + areas.size() * 2) % areas.size()];
    if (next->focusPolicy() != Qt::NoFocus) {
        next->setFocus(Qt::ShortcutFocusReason);
        return;
    }
    for (auto* child : next->findChildren<QWidget*>()) {
        if ((child->focusPolicy() & Qt::TabFocus) != 0 && child->isVisible()
            && child->isEnabled()) {
            child->setFocus(Qt::ShortcutFocusReason);
            return;
        }
    }
}

void MainWindow::showAbout()
{
    auto* box = new QMessageBox(this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setObjectName(QStringLiteral("about_box"));
    box->setWindowTitle(tr("About Spillway"));
    box->setTextFormat(Qt::PlainText);
    box->setText(tr("Spillway %1").arg(QStringLiteral(SPILLWAY_VERSION)));
    box->setInformativeText(
        tr("Delivery engine and operator console for server-side conversion events.\n"
           "GPL-3.0-or-later. Built with Qt %1.")
            .arg(QLatin1String(qVersion())));
    box->open();
}

} // namespace ui

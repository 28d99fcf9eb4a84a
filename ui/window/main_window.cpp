#include "window/main_window.h"

#include "format/format.h"
#include "guards/guard_rules.h"
#include "overview/overview_page.h"
#include "theme/theme.h"
#include "widgets/command_runner.h"
#include "widgets/privacy.h"
#include "widgets/stripe.h"
#include "widgets/undo_bar.h"
#include "widgets/undo_stack.h"
#include "window/console_actions.h"
#include "window/incident_bar.h"
#include "window/nav_rail.h"
#include "window/status_line.h"
#include "window/ui_clock.h"

#include <QAbstractButton>
#include <QAbstractSlider>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenuBar>
#include <QMessageBox>
#include <QStackedWidget>
#include <QStyle>
#include <QTimer>
#include <QToolBar>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

using namespace std::chrono_literals;

namespace {

constexpr QSize kMinimumSize { 1'180, 720 };

} // namespace

MainWindow::MainWindow(const ConsoleContext& context, QSettings* settings, QWidget* parent)
    : QMainWindow(parent)
    , m_context(context)
    , m_settings(settings)
    , m_actions(new ConsoleActions(context.theme, this))
    , m_incidentBar(new IncidentBar(context.theme, m_actions->pauseAll, this))
    , m_rail(new NavRail(context.theme, this))
    , m_stack(new QStackedWidget(this))
    , m_inspectorDock(new QDockWidget(tr("Inspector"), this))
    , m_status(new StatusLine(this))
    , m_stale(
          new Stripe(context.theme, QStringLiteral("window_stale"), QStringLiteral("clock"), this))
    , m_overview(new OverviewPage(context, this))
    , m_runner(new CommandRunner(context.engine, this))
    , m_undo(new UndoBar(this))
    , m_tick(new QTimer(this))
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(tr("Spillway"));
    m_look.appearance.theme = context.theme.mode();
    setMinimumSize(kMinimumSize);
    resize(1'440, 900);
    buildFrame();
    addPage(PageId::Overview, m_overview, QStringLiteral("overview"));
    m_overview->setContextActions({ m_actions->open, m_actions->pause, m_actions->resume,
        m_actions->pauseRetries, m_actions->probe, m_actions->tune, m_actions->dlq,
        m_actions->replay, m_actions->copySummary, m_actions->pin });
    m_overview->setEmptyAction(m_actions->connectDestination);
    buildMenus();
    connectActions();
    connectCommands();
    showThemeMode();
    connect(m_incidentBar, &IncidentBar::stateChosen, this, [this](engine::ShardState state) {
        showPage(PageId::Overview);
        m_overview->setFilterText(
            QStringLiteral("state:%1").arg(QLatin1String(engine::toString(state))));
    });
    connect(m_incidentBar, &IncidentBar::announced, this, &MainWindow::askAttention);
    addBar(m_undo);
    if (m_context.privacy != nullptr)
        addBar(new PrivacyBar(*m_context.privacy, this));
    connect(m_incidentBar, &IncidentBar::jobChosen, this, [this](qint64 job) {
        navigate({ .page = PageId::Replay, .job = engine::ReplayJobId { job } });
    });
    connect(
        &context.engine, &engine::EnginePort::snapshotPublished, this, &MainWindow::applySnapshot);
    connect(m_tick, &QTimer::timeout, this, &MainWindow::tick);
    m_tick->start(1s);
    qApp->installEventFilter(this);
    noteDefaultState();
    showPage(PageId::Overview);
    const auto latest = context.engine.snapshot();
    if (latest && latest->number > 0)
        applySnapshot(latest);
    tick();
}

MainWindow::~MainWindow() { qApp->removeEventFilter(this); }

void MainWindow::buildFrame()
{
    // A toolbar spans the window above the docks, which the bar must: it belongs to every page.
    auto* top = new QToolBar(tr("Incident bar"), this);
    top->setObjectName(QStringLiteral("toolbar_incident"));
    top->setMovable(false);
    top->setFloatable(false);
    top->setContextMenuPolicy(Qt::PreventContextMenu);
    top->toggleViewAction()->setVisible(false);
    top->setContentsMargins(0, 0, 0, 0);
    top->layout()->setContentsMargins(0, 0, 0, 0);
    m_incidentBar->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_incidentBar->setFixedHeight(52);
    top->addWidget(m_incidentBar);
    addToolBar(Qt::TopToolBarArea, top);
    setContextMenuPolicy(Qt::NoContextMenu); // or Qt offers to hide the bar and lose the dock

    m_stack->setObjectName(QStringLiteral("page_stack"));
    auto* center = new QWidget(this);
    auto* row = new QHBoxLayout(center);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_rail);
    m_bars = new QVBoxLayout;
    m_bars->setContentsMargins(0, 0, 0, 0);
    m_bars->setSpacing(0);
    m_bars->addWidget(m_stale);
    m_bars->addWidget(m_stack, 1);
    row->addLayout(m_bars, 1);
    setCentralWidget(center);

    m_inspectorDock->setObjectName(QStringLiteral("dock_inspector"));
    m_inspectorDock->setFeatures(QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable);
    m_inspectorDock->setAllowedAreas(Qt::LeftDockWidgetArea | Qt::RightDockWidgetArea);
    addDockWidget(Qt::RightDockWidgetArea, m_inspectorDock);
    m_inspectorDock->setVisible(false);
    connect(&m_context.theme, &Theme::changed, m_inspectorDock, [this] {
        // Qt asks the style for the icon of this button once.
        if (auto* close = m_inspectorDock->findChild<QAbstractButton*>(
                QStringLiteral("qt_dockwidget_closebutton")))
            close->setIcon(style()->standardIcon(QStyle::SP_TitleBarCloseButton));
    });
    setStatusBar(m_status);
    connect(m_rail, &NavRail::pageChosen, this, &MainWindow::showPage);
}

void MainWindow::buildMenus()
{
    const auto fill = [this](const QString& title, const QList<QAction*>& entries) {
        auto* menu = menuBar()->addMenu(title);
        for (auto* entry : entries) {
            if (entry != nullptr)
                menu->addAction(entry);
            else
                menu->addSeparator();
        }
        return menu;
    };
    auto& a = *m_actions;
    fill(tr("&File"),
        { a.palette, a.exportShown, UndoStack::of(*this).action(), nullptr, a.connectDestination,
            a.reload, nullptr, a.preferences, nullptr, a.quit });
    auto* view = fill(tr("&View"), {});
    m_pagesMenu = view->addMenu(tr("&Page"));
    for (auto* entry : QList<QAction*> { nullptr, a.freeze, a.filter, a.clear, a.group, a.resort,
             nullptr, a.toggleInspector, a.fullScreen, a.nextArea, a.previousArea }) {
        if (entry != nullptr)
            view->addAction(entry);
        else
            view->addSeparator();
    }
    auto* charts = view->addMenu(tr("&Charts"));
    charts->addActions(
        { a.shorterWindow, a.longerWindow, a.zoomBack, a.logAxis, a.chartTable, a.mark });
    auto* themes = view->addMenu(tr("&Theme"));
    themes->addActions({ a.themeSystem, a.themeLight, a.themeDark });
    view->addSeparator();
    view->addAction(a.resetLayout);
    fill(tr("&Shard"),
        { a.open, a.nextTrouble, a.previousTrouble, nullptr, a.pause, a.resume, a.pauseRetries,
            a.probe, a.tune, nullptr, a.copySummary, a.pin, nullptr, a.pauseAll, a.resumeAll,
            a.revertAll, a.revert, nullptr, a.saleMode });
    fill(tr("&DLQ"), { a.dlq, nullptr, a.archive, a.copyAsCurl, a.find, nullptr, a.purge });
    fill(tr("&Replay"), { a.replay, nullptr, a.newReplay, a.nextStep, a.previousStep });
    fill(tr("&Help"), { a.help, nullptr, a.about });
}

void MainWindow::addPage(PageId id, Page* page, const QString& icon)
{
    m_pages[id] = page;
    m_stack->addWidget(page);
    m_rail->addPage(id, page->title(), icon);
    adopt(page);
    if (m_pagesMenu != nullptr || id == PageId::Overview) {
        auto* action = m_actions->addPage(static_cast<int>(id) + 1, page->title());
        connect(action, &QAction::triggered, this, [this, id] { showPage(id); });
        if (m_pagesMenu != nullptr)
            m_pagesMenu->addAction(action);
    }
}

void MainWindow::setInspector(InspectorPage* inspector)
{
    m_inspector = inspector;
    m_inspectorDock->setWidget(inspector);
    adopt(inspector);
    fitInspector();
    noteDefaultState();
    m_inspector->setTuningSettings(m_look.tuning);
    m_inspector->setSelection(m_selection);
    if (m_snapshot)
        m_inspector->applySnapshot(m_snapshot);
    showWriteGuard();
}

void MainWindow::showWriteGuard()
{
    const auto snapshot = m_context.engine.snapshot();
    m_actions->saleMode->setChecked(snapshot->sale.isOn);
    m_actions->setWriteGuard(guardFor(profileOf(*snapshot), GuardedAction::PauseOrResume),
        m_inspector != nullptr && !snapshot->shards.empty());
}

void MainWindow::adopt(Page* page)
{
    connect(page, &Page::selectionChanged, this, &MainWindow::setSelection);
    connect(page, &Page::navigationRequested, this, &MainWindow::navigate);
    connect(page, &Page::freezeToggled, this, &MainWindow::setFrozen);
    connect(page, &Page::messageShown, m_status, &StatusLine::showNews);
    connect(page, &Page::keepRequested, this, [this, page] {
        if (m_settings != nullptr)
            page->saveLayout(*m_settings);
    });
    connect(
        page, &Page::pauseSheetRequested, this, [this](const std::vector<engine::ShardId>& shards) {
            if (m_inspector == nullptr)
                return;
            m_inspectorDock->setVisible(true);
            m_inspector->showPauseSheet(shards);
        });
    connect(page, &Page::tuningFocusRequested, this, [this] { m_actions->tune->trigger(); });
    connect(page, &Page::markMade, this, [this](const ChartMark& mark) {
        if (m_marks.size() == kMarksMax)
            m_marks.erase(m_marks.begin());
        m_marks.push_back(mark);
        keepMarks();
    });
    connect(page, &Page::markRemoved, this, [this](const ChartMark& mark) {
        m_marks.erase(std::remove(m_marks.begin(), m_marks.end(), mark), m_marks.end());
        keepMarks();
    });
    page->setSelection(m_selection);
    page->setMarks(m_marks);
    page->setFrozen(m_isFrozen);
}

void MainWindow::showMarks()
{
    for (const auto& [id, page] : m_pages)
        page->setMarks(m_marks);
}

void MainWindow::addMenu(QMenu* menu)
{
    menu->setParent(this, menu->windowFlags());
    menuBar()->insertMenu(menuBar()->actions().constLast(), menu);
}

void MainWindow::addBar(QWidget* bar) { m_bars->addWidget(bar); }

Page* MainWindow::page(PageId id) const
{
    const auto found = m_pages.find(id);
    return found == m_pages.end() ? nullptr : found->second;
}

PageId MainWindow::currentPage() const
{
    for (const auto& [id, page] : m_pages) {
        if (page == m_stack->currentWidget())
            return id;
    }
    return PageId::Overview;
}

void MainWindow::showPage(PageId id)
{
    auto* wanted = page(id);
    if (wanted == nullptr)
        return;
    const auto* focus = focusWidget(); // of this window, also while the palette is in front
    const bool hadKeys = focus != nullptr && m_stack->isAncestorOf(focus);
    const bool isNew = wanted->focusWidget() == nullptr;
    m_stack->setCurrentWidget(wanted);
    // A page that is opened by a key for the first time: to its list, not to its first button.
    if (hadKeys && isNew && wanted->focusPolicy() != Qt::NoFocus)
        wanted->setFocus(Qt::OtherFocusReason);
    m_rail->setCurrentPage(id);
    if (m_snapshot)
        wanted->applySnapshot(m_snapshot); // it was hidden and has heard nothing
    showPlace();
}

void MainWindow::navigate(const PageTarget& target)
{
    if (!target.shards.empty())
        setSelection(target.shards);
    auto* wanted = page(target.page);
    if (wanted == nullptr) { // a page of a later version: the inspector knows the shard best
        if (m_inspector != nullptr)
            m_inspectorDock->setVisible(true);
        return;
    }
    showPage(target.page);
    wanted->open(target);
}

void MainWindow::setSelection(const std::vector<engine::ShardId>& shards)
{
    if (shards == m_selection)
        return;
    m_selection = shards;
    m_actions->setSelectionSize(static_cast<int>(shards.size()));
    for (const auto& [id, page] : m_pages)
        page->setSelection(shards);
    if (m_inspector != nullptr)
        m_inspector->setSelection(shards);
}

void MainWindow::setFrozen(bool isFrozen)
{
    m_isFrozen = isFrozen;
    m_actions->freeze->setChecked(isFrozen);
    for (const auto& [id, page] : m_pages)
        page->setFrozen(isFrozen);
}

void MainWindow::applySnapshot(const engine::SnapshotPtr& snapshot)
{
    m_snapshot = snapshot;
    m_receivedAt = m_context.clock.steadyNow();
    if (isMinimized())
        return; // nothing to paint; the next one after the window is back brings everything
    QElapsedTimer timer;
    timer.start();
    m_incidentBar->applySnapshot(*snapshot);
    m_status->applySnapshot(*snapshot);
    if (auto* current = qobject_cast<Page*>(m_stack->currentWidget()))
        current->applySnapshot(snapshot);
    if (m_inspector != nullptr && m_inspectorDock->isVisible())
        m_inspector->applySnapshot(snapshot);
    const bool isLive = snapshot->profileKind == "live";
    const QString profile = QString::fromStdString(snapshot->profile);
    setWindowTitle(
        isLive ? tr("LIVE · %1 · Spillway").arg(profile) : tr("%1 · Spillway").arg(profile));
    showWriteGuard();
    showPlace();
    m_status->noteTick(
        engine::Micros { timer.nsecsElapsed() / 1'000 }, m_stack->currentWidget()->objectName());
    tick();
}

void MainWindow::tick()
{
    m_incidentBar->setTime(m_context.clock.wallNow());
    if (!m_receivedAt)
        return;
    const auto age
        = std::chrono::duration_cast<engine::Millis>(m_context.clock.steadyNow() - *m_receivedAt);
    m_status->setSampleAge(age);
    m_incidentBar->setSampleAge(age);
    m_stale->setVisible(age >= kStaleAfter);
    m_stale->setText(tr("Last sample %1 ago. The numbers below are old.").arg(formatDuration(age)));
    if (auto* current = qobject_cast<Page*>(m_stack->currentWidget()))
        current->setSampleAge(age);
    if (m_inspector != nullptr)
        m_inspector->setSampleAge(age);
}

void MainWindow::flush()
{
    if (auto* current = page(currentPage()))
        current->flush();
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && watched == QApplication::focusWidget()) {
        // Space presses the focused button and letters search in an open list: the single-key
        // shortcuts stand back. Text fields ask for their keys by themselves.
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool isPlain
            = key->modifiers() == Qt::NoModifier || key->modifiers() == Qt::ShiftModifier;
        const bool isOwnKey = qobject_cast<QAbstractButton*>(watched) != nullptr
            || qobject_cast<QComboBox*>(watched) != nullptr
            || qobject_cast<QAbstractSlider*>(watched) != nullptr;
        if (isPlain && isOwnKey && key->key() == Qt::Key_Space) {
            event->accept();
            return true;
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

} // namespace ui

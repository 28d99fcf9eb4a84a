#include "charts/chart_strip.h"
#include "overview/void_state.h"
#include "support/process_figures.h"
#include "support/test_program.h"
#include "ui/full_console.h"
#include "ui/test_console.h"
#include "widgets/quiet_label.h"
#include "window/console_actions.h"
#include "window/incident_bar.h"
#include "window/nav_rail.h"
#include "window/start_fault.h"
#include "window/status_line.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QFile>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QToolButton>

#include <ctime>

namespace tst_main_window {

using namespace ui;
using ui::testing::Console;
using namespace std::chrono_literals;

class TestMainWindow final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void everyVisibleControlHasANameForScreenReaders();
    void twelveRowsAndFiveChartsFitBesideTheInspector_data();
    void twelveRowsAndFiveChartsFitBesideTheInspector();
    void noWordOfTheRailIsCut_data();
    void noWordOfTheRailIsCut();
    void aChipOfTheIncidentBarFiltersTheOverview();
    void chipsWithoutRoomStandInAMenu();
    void freezingStopsTableAndChartsButNotTheBar();
    void spacePressesAFocusedButtonInsteadOfFreezing();
    void aSilentEngineIsShownAsStale();
    void samplesAreOldAfterFiveSeconds();
    void everyPageSaysThatItsNumbersAreOld();
    void aBlockedEngineBlocksNothingHere();
    void theClockHasItsRoomBesideAJob_data();
    void theClockHasItsRoomBesideAJob();
    void theJobsChipKeepsAStoppedJobAndLeadsToIt();
    void whatAPageShowsIsExportedByTheKey();
    void anEngineThatDoesNotStartSaysWhyAndTriesAgain();
    void pauseAllAsksTheInspectorForWhatRuns();
    void resumeIsLeftToTheInspector();
    void saleModeIsSwitchedFromTheMenuAndShownInTheBar();
    void observeTurnsEveryWriteOff();
    void aWindowOfSixHoursIsAskedFromTheEngine();
    void aBrokenLayoutComesUpAsTheDefault();
    void resetLayoutBringsTheInspectorBack();
    void theRailOffersOnlyPagesThatExist();
    void closingALiveWindowSaysWhatStopsAndCancelKeepsIt();
    void theChosenThemeIsKept();
    void aLiveProfileHasAStripeThatNoOtherHas();
    void aTickIsCheap_data();
    void aTickIsCheap();
    void testArgumentsAreReadOrRefused();
};

void TestMainWindow::init()
{
    // All but those that say that this machine is slow just now, or what the offscreen platform
    // lacks.
    QTest::failOnWarning(
        QRegularExpression(QStringLiteral("^(?!ticks take|This plugin does not support)")));
}

void TestMainWindow::everyVisibleControlHasANameForScreenReaders()
{
    Console console;
    console.find<QLineEdit>("overview_filter").setText(QStringLiteral("stat:x"));
    int controls = 0;
    for (const auto* widget : console.window.findChildren<QWidget*>()) {
        const bool isControl = widget->focusPolicy() != Qt::NoFocus
            || qobject_cast<const QAbstractButton*>(widget) != nullptr;
        const QString name = widget->objectName();
        if (!isControl || !widget->isVisible() || name.startsWith(QStringLiteral("qt_"))
            || widget->focusProxy() != nullptr)
            continue;
        // Parts of Qt's own composites answer through the widget that contains them.
        const QString type = QString::fromLatin1(widget->metaObject()->className());
        if (type == u"QMenuBar" || type == u"QHeaderView" || type == u"QDockWidgetTitleButton"
            || type == u"QLineEditIconButton" || type == u"QTableCornerButton")
            continue;
        ++controls;
        QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(type + u' ' + name));
        QVERIFY2(!name.isEmpty(), qPrintable(type + u' ' + widget->accessibleName()));
    }
    QVERIFY(controls > 20);
}

void TestMainWindow::twelveRowsAndFiveChartsFitBesideTheInspector_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("rows");
    QTest::newRow("1440 x 830") << QSize(1'440, 830) << 12;
    QTest::newRow("1440 x 900") << QSize(1'440, 900) << 12;
    QTest::newRow("1920 x 1010") << QSize(1'920, 1'010) << 16;
    QTest::newRow("1920 x 1080") << QSize(1'920, 1'080) << 16;
}

void TestMainWindow::twelveRowsAndFiveChartsFitBesideTheInspector()
{
    QFETCH(QSize, size);
    QFETCH(int, rows);
    Console console({}, nullptr, size);
    QVERIFY(console.find<QDockWidget>("dock_inspector").isVisible());
    const int visible = console.table().viewport()->height() / console.theme.rowHeight();
    QVERIFY2(visible >= rows, qPrintable(QString::number(visible)));
    QVERIFY(!console.table().horizontalScrollBar()->isVisible());
    for (const auto* panel : console.window.overview().charts().deck().panels()) {
        QVERIFY(panel->isVisible());
        QVERIFY(panel->height() >= 130);
        QVERIFY(panel->window()->rect().contains(
            QRect(panel->mapTo(panel->window(), QPoint(0, 0)), panel->size())));
    }
}

void TestMainWindow::noWordOfTheRailIsCut_data()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("1440 x 830") << QSize(1'440, 830);
    QTest::newRow("1920 x 1010") << QSize(1'920, 1'010);
}

void TestMainWindow::noWordOfTheRailIsCut()
{
    QFETCH(QSize, size);
    Console console({}, nullptr, size);
    const auto& rail = console.find<NavRail>("nav_list");
    QFont chosen = rail.font();
    chosen.setBold(true); // as the page that is shown stands there
    for (int row = 0; row < rail.count(); ++row) {
        const QRect cell = rail.visualItemRect(rail.item(row));
        QVERIFY(rail.viewport()->rect().contains(cell));
        QVERIFY(QFontMetrics(chosen).horizontalAdvance(rail.item(row)->text()) < cell.width());
    }
}

// Eight states in trouble at 1,280: five fit, and none is lost.
void TestMainWindow::chipsWithoutRoomStandInAMenu()
{
    Console console({}, nullptr, { 1'280, 720 });
    int shown = 0;
    for (const auto* chip : console.window.findChildren<QToolButton*>(
             QRegularExpression(QStringLiteral("^incident_chip_"))))
        shown += chip->isVisible() ? 1 : 0;
    auto& more = console.find<QToolButton>("incident_more");
    QVERIFY(more.isVisible());
    const auto hidden = more.menu()->actions();
    QCOMPARE(more.text(), QStringLiteral("+%1").arg(hidden.size()));
    QCOMPARE(shown + hidden.size(), 8);
    QVERIFY(!more.accessibleName().isEmpty());
    hidden.last()->trigger();
    QApplication::processEvents();
    QVERIFY(console.find<QLineEdit>("overview_filter").text().startsWith(QStringLiteral("state:")));
    console.window.resize(1'920, 1'080);
    QApplication::processEvents();
    QVERIFY(!more.isVisible());
}

void TestMainWindow::aChipOfTheIncidentBarFiltersTheOverview()
{
    Console console;
    auto& chip = console.find<QToolButton>("incident_chip_throttled");
    QVERIFY(chip.isVisible());
    QCOMPARE(chip.text(), QStringLiteral("1 Throttled"));
    chip.click();
    QCOMPARE(console.order(), QStringList { QStringLiteral("meta/104839275777731") });
}

void TestMainWindow::freezingStopsTableAndChartsButNotTheBar()
{
    Console console;
    console.window.setFrozen(true);
    QVERIFY(console.find<QLabel>("overview_frozenBar").isVisible());
    const auto row = static_cast<int>(console.order().indexOf(QStringLiteral("snap/a77-eu")));
    const auto depth
        = [&] { return console.table().model()->index(row, ShardTableModel::Depth).data(); };
    const auto before = depth();
    const auto panel = console.window.overview().charts().deck().panels()[0]->panelData().lines;
    console.advance(30s);
    QCOMPARE(depth(), before);
    QCOMPARE(console.window.overview().charts().deck().panels()[0]->panelData().lines[0].segments,
        panel[0].segments);
    QVERIFY(
        console.find<QLabel>("overview_frozenBar").text().contains(QStringLiteral("30 s behind")));
    QVERIFY(console.find<QuietLabel>("incident_clock").text().endsWith(QStringLiteral(":30")));

    console.window.setFrozen(false);
    QVERIFY(depth() != before);
    QVERIFY(!console.find<QLabel>("overview_frozenBar").isVisible());
}

void TestMainWindow::spacePressesAFocusedButtonInsteadOfFreezing()
{
    Console console;
    auto& chip = console.find<QToolButton>("overview_attention");
    chip.setFocus();
    QTest::keyClick(&chip, Qt::Key_Space);
    QVERIFY(chip.isChecked());
    QVERIFY(!console.window.actions().freeze->isChecked());
    console.table().setFocus();
    QTest::keyClick(&console.table(), Qt::Key_Space);
    QVERIFY(console.window.actions().freeze->isChecked());
}

void TestMainWindow::aSilentEngineIsShownAsStale()
{
    Console console;
    console.clock.setNow(console.clock.wallNow() + 14s);
    // The window's own clock tick; the engine says nothing.
    QTRY_VERIFY(console.find<QLabel>("incident_headline")
                    .text()
                    .startsWith(QStringLiteral("Engine not answering")));
    QVERIFY(console.find<QLabel>("window_stale").isVisible());
    const auto color
        = console.table().model()->index(0, ShardTableModel::Depth).data(Qt::ForegroundRole);
    QCOMPARE(color.value<QColor>(), console.theme.color(Token::TextDisabled));
    console.advance();
    QVERIFY(!console.find<QLabel>("window_stale").isVisible());
}

// One stripe in the frame, whatever page is shown; a running replay does not look alive either.
void TestMainWindow::everyPageSaysThatItsNumbersAreOld()
{
    ui::testing::FullConsole console;
    const auto& stripe = console.find<QLabel>("window_stale");
    const auto& shape = console.find<QLabel>("incident_stale");
    QVERIFY(!stripe.isVisible() && !shape.isVisible());
    engine::SelectionId selection {};
    console.engine.preview(
        { .filter = {} }, [&](const engine::Result<engine::ReplayPreview>& preview) {
            selection = preview->selection;
        });
    QTRY_VERIFY(engine::toInt(selection) > 0);
    console.engine.submit(
        { .what = engine::ReplayCommand { .selection = selection } }, [](const auto&) {});
    console.advance();
    console.find<QToolButton>("incident_jobs").click(); // opens its job
    QVERIFY(console.find<QLabel>("replay_eta").isEnabled());
    console.clock.setNow(console.clock.wallNow() + 14s);
    QTRY_VERIFY(stripe.isVisible()); // the window's own tick notices it
    QVERIFY(shape.isVisible());
    QVERIFY(stripe.text().contains(QStringLiteral("14 s")));
    QVERIFY(!console.find<QLabel>("replay_eta").isEnabled());
    for (const auto id : { PageId::Dlq, PageId::Events, PageId::Audit, PageId::Overview }) {
        console.window.showPage(id);
        QVERIFY(stripe.isVisible());
    }
    console.advance();
    QVERIFY(!stripe.isVisible() && !shape.isVisible());
}

// Console design §13.14: a sample is old at 5 s and not before.
void TestMainWindow::samplesAreOldAfterFiveSeconds()
{
    Console console;
    const auto& sample = console.find<QLabel>("status_sample");
    console.clock.setNow(console.clock.wallNow() + 4'999ms);
    QTRY_COMPARE(sample.text(), QStringLiteral("Sample 5.0 s old")); // the window's own tick
    QVERIFY(!console.find<QLabel>("window_stale").isVisible());
    console.clock.setNow(console.clock.wallNow() + 1ms);
    QTRY_VERIFY(console.find<QLabel>("window_stale").isVisible());
    QVERIFY(console.find<QLabel>("incident_headline").text().contains(QStringLiteral("5.0 s ago")));
}

// An engine that answers nothing for ten seconds: pages are changed, shards chosen, a pause is
// opened, and no turn of the window's thread is long. Processor time, of which 50 ms are much.
void TestMainWindow::aBlockedEngineBlocksNothingHere()
{
    Console console;
    for (const auto page : { PageId::Shard, PageId::Overview }) // made on first show
        console.window.showPage(page);
    QApplication::processEvents();
    console.engine.holdReplies(true);
    double longest = 0;
    const engine::SnapshotPtr snapshot = console.engine.snapshot();
    const auto& shards = snapshot->shards;
    for (std::size_t second = 1; second <= 10; ++second) {
        const std::clock_t start = std::clock();
        console.clock.setNow(console.clock.wallNow() + 1s);
        console.window.setSelection({ shards.at(second).shard });
        console.window.showPage(second % 2 == 0 ? PageId::Overview : PageId::Shard);
        QApplication::processEvents();
        longest
            = std::max(longest, 1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    }
    QVERIFY2(longest < 50, qPrintable(QStringLiteral("%1 ms").arg(longest)));
    QTRY_VERIFY(console.find<QLabel>("incident_headline")
                    .text()
                    .startsWith(QStringLiteral("Engine not answering")));
    console.engine.holdReplies(false);
}

void TestMainWindow::theClockHasItsRoomBesideAJob_data()
{
    QTest::addColumn<int>("width");
    for (const int width : { 1'180, 1'280, 1'440, 1'920 })
        QTest::addRow("%d", width) << width;
}

// From the very snapshot in which a replay appears: every chip that stays leaves the clock whole.
void TestMainWindow::theClockHasItsRoomBesideAJob()
{
    QFETCH(int, width);
    Console console({}, nullptr, { width, 900 });
    engine::SelectionId selection {};
    console.engine.preview(
        { .filter = {} }, [&](const engine::Result<engine::ReplayPreview>& preview) {
            selection = preview->selection;
        });
    QTRY_VERIFY(engine::toInt(selection) > 0);
    console.engine.submit(
        { .what = engine::ReplayCommand { .selection = selection } }, [](const auto&) {});
    const auto& jobs = console.find<QToolButton>("incident_jobs");
    const auto& clock = console.find<QuietLabel>("incident_clock");
    QTRY_VERIFY(jobs.isVisible());
    for (int i = 0; i < 6; ++i) { // its text grows and shrinks with the time that is left
        QVERIFY2(clock.width() >= clock.sizeHint().width(), qPrintable(jobs.text()));
        QVERIFY(clock.mapTo(&console.window, QPoint(clock.width(), 0)).x() < width);
        console.advance(7s);
    }
}

// Whole destinations where all of it runs; what is paused already keeps its end and its note.
// What a guard stopped waits for somebody; it is named in words and opened by its number.
void TestMainWindow::theJobsChipKeepsAStoppedJobAndLeadsToIt()
{
    Theme theme(ThemeMode::Light);
    QAction pauseAll;
    IncidentBar bar(theme, &pauseAll);
    engine::EngineSnapshot snapshot;
    snapshot.jobs.push_back({ .id = engine::ReplayJobId { 16 }, .state = "finished" });
    snapshot.jobs.push_back(
        { .id = engine::ReplayJobId { 17 }, .state = "failed", .total = 10, .accepted = 4 });
    bar.applySnapshot(snapshot);
    auto* jobs = bar.findChild<QToolButton*>(QStringLiteral("incident_jobs"));
    QCOMPARE(jobs->text(), QStringLiteral("Replay R-17 40 % · Stopped"));
    QSignalSpy chosen(&bar, &IncidentBar::jobChosen);
    jobs->click();
    QCOMPARE(chosen.at(0).at(0).toLongLong(), 17);
    snapshot.jobs.back().state = "cancelled";
    bar.applySnapshot(snapshot);
    QVERIFY(!jobs->isVisibleTo(&bar));
}

void TestMainWindow::whatAPageShowsIsExportedByTheKey()
{
    ui::testing::FullConsole console;
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("replays.csv"));
    console.window.showPage(PageId::Replay);
    console.window.actions().exportShown->trigger();
    auto& dialog = console.find<QFileDialog>("replay_exportDialog");
    Q_EMIT dialog.fileSelected(path);
    dialog.close();
    QTRY_VERIFY(QFile::exists(path));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().startsWith("job,created_utc,who,scope,state,"));
    QCOMPARE(console.engine.auditRows().back().target, std::string("replay jobs"));
}

void TestMainWindow::anEngineThatDoesNotStartSaysWhyAndTriesAgain()
{
    Theme theme(ThemeMode::Light);
    StartFault window(theme);
    window.setError({ .code = engine::ErrorCode::Conflict,
        .message = "the data directory is in use by process 4121",
        .detail = "/data/spillway.lock" });
    window.show();
    auto* state = window.findChild<VoidState*>();
    QCOMPARE(state->objectName(), QStringLiteral("start_error"));
    const auto* text = state->findChild<QLabel*>();
    QVERIFY(text->text().startsWith(
        QStringLiteral("The engine did not start: the data directory is in use by process 4121.")));
    QVERIFY(text->text().endsWith(QStringLiteral("/data/spillway.lock")));
    QSignalSpy again(&window, &StartFault::retryRequested);
    window.findChild<QPushButton*>(QStringLiteral("start_retry"))->click();
    QCOMPARE(again.size(), 1);
    QVERIFY(window.isVisible());
    window.findChild<QPushButton*>(QStringLiteral("start_copy"))->click();
    QCOMPARE(QApplication::clipboard()->text(), text->text());
    window.findChild<QPushButton*>(QStringLiteral("start_quit"))->click();
    QVERIFY(!window.isVisible());
}

void TestMainWindow::pauseAllAsksTheInspectorForWhatRuns()
{
    Console console;
    console.find<QToolButton>("incident_pauseAll").click();
    QVERIFY(console.inspector->sheet.size() > 3);
    const engine::SnapshotPtr snapshot = console.engine.snapshot();
    for (const auto& shard : snapshot->shards) {
        const bool isAsked = std::any_of(console.inspector->sheet.begin(),
            console.inspector->sheet.end(), [&](const engine::ShardId& id) {
                return id == shard.shard
                    || (id.isWholeDestination() && id.destination == shard.shard.destination);
            });
        QCOMPARE(isAsked, shard.desired != engine::Desired::Paused);
    }
    QVERIFY(console.engine.commands().empty()); // a sheet is no command
}

void TestMainWindow::resumeIsLeftToTheInspector()
{
    Console console;
    console.window.setSelection({ { "criteo", "88120" } });
    console.window.actions().resume->trigger();
    QCOMPARE(console.inspector->resumed, (std::vector<engine::ShardId> { { "criteo", "88120" } }));
    QVERIFY(console.engine.commands().empty());
}

void TestMainWindow::saleModeIsSwitchedFromTheMenuAndShownInTheBar()
{
    Console console;
    auto* const action = console.window.findChild<QAction*>(QStringLiteral("action_saleMode"));
    QVERIFY(action != nullptr && action->isCheckable() && !action->isChecked());
    QVERIFY(!console.find<QLabel>("incident_sale").isVisible());
    action->trigger();
    const auto* sent = std::get_if<engine::SaleCommand>(&console.engine.commands().back().what);
    QVERIFY(sent != nullptr && sent->mode == engine::SaleCommand::Mode::On);
    QTRY_VERIFY(action->isChecked());
    const auto& badge = console.find<QLabel>("incident_sale");
    QVERIFY(badge.isVisible());
    QCOMPARE(badge.toolTip(), QStringLiteral("Sale mode, switched on by ann"));
    action->trigger();
    sent = std::get_if<engine::SaleCommand>(&console.engine.commands().back().what);
    QVERIFY(sent != nullptr && sent->mode == engine::SaleCommand::Mode::Off);
    QTRY_VERIFY(!action->isChecked());
    QVERIFY(!badge.isVisible());
}

void TestMainWindow::observeTurnsEveryWriteOff()
{
    Console console;
    console.window.setSelection({ { "criteo", "88120" } });
    const auto& actions = console.window.actions();
    const std::array writes { actions.pause, actions.resume, actions.pauseRetries, actions.probe,
        actions.pauseAll, actions.resumeAll, actions.replay, actions.saleMode };
    for (const QAction* write : writes)
        QVERIFY2(write->isEnabled(), qPrintable(write->objectName()));
    console.engine.setSafety(engine::SafetyLevel::Observe);
    QApplication::processEvents();
    for (const QAction* write : writes) {
        QVERIFY2(!write->isEnabled(), qPrintable(write->objectName()));
        QVERIFY(write->toolTip().startsWith(QStringLiteral("Observe mode")));
    }
    QVERIFY(actions.dlq->isEnabled()); // looking is allowed
    console.engine.setSafety(engine::SafetyLevel::Standard);
    QApplication::processEvents();
    for (const QAction* write : writes)
        QVERIFY(write->isEnabled());
}

void TestMainWindow::aWindowOfSixHoursIsAskedFromTheEngine()
{
    Console console;
    auto& charts = console.window.overview().charts().deck();
    console.find<QToolButton>("overview_window6h").click();
    QTRY_VERIFY(!charts.panels()[0]->panelData().lines.empty()
        && !charts.panels()[0]->panelData().lines[0].segments.empty()
        && charts.panels()[0]->panelData().lines[0].segments[0].first().x() < -20'000);
    QCOMPARE(charts.panels()[0]->accessibleName(), QStringLiteral("Queue depth, last 6 h"));
}

void TestMainWindow::aBrokenLayoutComesUpAsTheDefault()
{
    QTemporaryDir directory;
    QSettings settings(directory.filePath(QStringLiteral("look.ini")), QSettings::IniFormat);
    settings.setValue(QStringLiteral("window/state"), QByteArray("not a layout"));
    settings.setValue(QStringLiteral("window/geometry"), QByteArray("nor a geometry"));
    settings.setValue(QStringLiteral("overview/columns"), QByteArray("nor columns"));
    Console console({}, &settings);
    console.window.restoreLayout();
    QVERIFY(console.find<QDockWidget>("dock_inspector").isVisible());
    QVERIFY(!console.table().isColumnHidden(ShardTableModel::Depth));
    QVERIFY(console.table().isColumnHidden(ShardTableModel::Batch));
    QCOMPARE(console.window.size(), QSize(1'440, 900));
}

void TestMainWindow::resetLayoutBringsTheInspectorBack()
{
    Console console;
    auto& dock = console.find<QDockWidget>("dock_inspector");
    QVERIFY(!dock.features().testFlag(QDockWidget::DockWidgetFloatable)); // it cannot be lost
    const int width = dock.width();
    console.window.addDockWidget(Qt::LeftDockWidgetArea, &dock);
    dock.close();
    console.table().setColumnHidden(ShardTableModel::Depth, true);
    console.window.resetLayout();
    QApplication::processEvents();
    QVERIFY(dock.isVisible());
    QCOMPARE(console.window.dockWidgetArea(&dock), Qt::RightDockWidgetArea);
    QCOMPARE(dock.width(), width);
    QVERIFY(!console.table().isColumnHidden(ShardTableModel::Depth));
}

void TestMainWindow::closingALiveWindowSaysWhatStopsAndCancelKeepsIt()
{
    Console console({ .profileKind = "live" });
    QVERIFY(console.window.windowTitle().startsWith(QStringLiteral("LIVE")));
    console.window.close();
    QVERIFY(console.window.isVisible());
    auto& sheet = console.find<QMessageBox>("quit_sheet");
    QVERIFY(sheet.informativeText().contains(QStringLiteral("in flight: ")));
    QCOMPARE(sheet.defaultButton(), sheet.button(QMessageBox::Cancel));
    sheet.button(QMessageBox::Cancel)->click();
    QVERIFY(console.window.isVisible());
    QTRY_VERIFY(console.window.findChild<QMessageBox*>(QStringLiteral("quit_sheet")) == nullptr);

    console.window.close();
    auto& again = console.find<QMessageBox>("quit_sheet");
    for (auto* button : again.buttons()) {
        if (again.buttonRole(button) == QMessageBox::AcceptRole)
            button->click();
    }
    QVERIFY(!console.window.isVisible());

    Console simulator; // nothing real is lost there
    simulator.window.close();
    QVERIFY(!simulator.window.isVisible());
}

void TestMainWindow::aLiveProfileHasAStripeThatNoOtherHas()
{
    const auto top = [](Console& console) {
        auto& bar = console.find<QWidget>("incident_bar");
        return bar.grab().toImage().pixelColor(bar.width() / 2, 1);
    };
    Console live({ .profileKind = "live" });
    Console practice({ .profileKind = "practice" });
    QCOMPARE(top(live), live.theme.statusFill(Status::Critical));
    QVERIFY(top(practice) != practice.theme.statusFill(Status::Critical));
    QVERIFY(!practice.window.windowTitle().startsWith(QStringLiteral("LIVE")));
}

void TestMainWindow::theChosenThemeIsKept()
{
    QTemporaryDir directory;
    const QString file = directory.filePath(QStringLiteral("look.ini"));
    {
        QSettings settings(file, QSettings::IniFormat);
        Console console({}, &settings);
        console.window.actions().themeDark->trigger();
        QVERIFY(console.theme.isDark());
        console.window.close();
    }
    QSettings settings(file, QSettings::IniFormat);
    Console console({}, &settings);
    QVERIFY(!console.theme.isDark());
    console.window.restoreLayout();
    QVERIFY(console.theme.isDark());
    QVERIFY(console.window.actions().themeDark->isChecked());
}

void TestMainWindow::theRailOffersOnlyPagesThatExist()
{
    Console console;
    QCOMPARE(console.find<NavRail>("nav_list").pages(),
        (std::vector<PageId> { PageId::Overview, PageId::Shard }));
    console.window.showPage(PageId::Drill); // of a later version: nothing happens
    QVERIFY(console.find<QWidget>("page_overview").isVisible());
}

void TestMainWindow::aTickIsCheap_data()
{
    QTest::addColumn<int>("shards");
    QTest::addColumn<double>("promised"); // ms, console design §11
    QTest::newRow("64 shards") << 64 << 16.0;
    QTest::newRow("256 shards") << 256 << 40.0;
}

// Processor time of the window's thread, judged by a wide margin; and four times the shards do not
// cost much more than four times the time.
void TestMainWindow::aTickIsCheap()
{
    QFETCH(int, shards);
    QFETCH(double, promised);
    // Ten times what is promised: it holds on a slow machine and with checks compiled in, and does
    // not when the cost has grown beyond all reason.
    constexpr double kMargin = 10;
    engine::testing::FakeEngine fake({ .shards = shards });
    // Connected first, so called first: what the fake does to make a snapshot is not measured.
    double begin = 0;
    connect(&fake, &engine::EnginePort::snapshotPublished, &fake,
        [&begin] { begin = engine::testing::threadMillis(); });
    Theme theme(ThemeMode::Light);
    FixedUiClock clock(fake.now());
    MainWindow window({ fake, theme, clock, false }, nullptr);
    window.resize(1'440, 900);
    window.show();
    window.overview().toggleGrouping(); // on
    QApplication::processEvents();
    std::vector<double> ticks;
    for (int i = 0; i < 30; ++i) {
        clock.setNow(clock.wallNow() + 1s);
        fake.advance(1s);
        QApplication::processEvents();
        ticks.push_back(engine::testing::threadMillis() - begin);
    }
    std::sort(ticks.begin(), ticks.end());
    const double typical = ticks[ticks.size() / 2];
    qInfo("%d shards: %.1f ms of processor time p95, %.1f ms median", shards,
        ticks[ticks.size() * 95 / 100], typical);
    QVERIFY2(typical < promised * kMargin, qPrintable(QString::number(typical)));
    static double perShardOf64 = 0;
    const double perShard = typical / shards;
    if (shards == 64)
        perShardOf64 = perShard;
    else if (perShardOf64 > 0)
        QVERIFY2(perShard < perShardOf64 * 3, "the cost grows faster than the number of shards");
}

void TestMainWindow::testArgumentsAreReadOrRefused()
{
    const auto words = [](const char* text) {
        return QString::fromLatin1(text).split(u' ', Qt::SkipEmptyParts);
    };
    const auto mode = UiTestMode::parse(words(
        "--ui-test --scenario trouble --at 90 --size 1920x1080 --theme dark --page dlq --seed 3"));
    QVERIFY(mode.has_value());
    QVERIFY(mode->isOn);
    QCOMPARE(mode->scenario, std::string("trouble"));
    QCOMPARE(mode->at, engine::Seconds { 90 });
    QCOMPARE(mode->size, QSize(1'920, 1'080));
    QVERIFY(mode->theme == ThemeMode::Dark && mode->page == PageId::Dlq);
    for (const char* bad : { "--size 1920", "--size 5x5", "--theme blue", "--at -1",
             "--page nowhere", "--at", "--unknown 1", "file.txt" })
        QVERIFY2(!UiTestMode::parse(words(bad)).has_value(), bad);
}

SPILLWAY_TEST(TestMainWindow)

} // namespace tst_main_window

#include "tst_main_window.moc"

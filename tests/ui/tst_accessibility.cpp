#include "connect/connect_sheet.h"
#include "help/help_window.h"
#include "replay/confirm_step.h"
#include "support/test_program.h"
#include "ui/full_console.h"
#include "window/console_actions.h"
#include "window/incident_bar.h"
#include "window/nav_rail.h"

#include <QAbstractButton>
#include <QAction>
#include <QDialog>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>

namespace tst_accessibility {

using namespace ui;
using ui::testing::Console;
using ui::testing::FullConsole;
using namespace std::chrono_literals;

namespace {

// Parts of Qt's own composites answer through the widget that contains them.
bool isPartOfQt(const QWidget& widget)
{
    static const QSet<QString> kTypes { QStringLiteral("QMenuBar"), QStringLiteral("QHeaderView"),
        QStringLiteral("QDockWidgetTitleButton"), QStringLiteral("QLineEditIconButton"),
        QStringLiteral("QTableCornerButton"), QStringLiteral("QTabBar"),
        QStringLiteral("QExpandingLineEdit"), QStringLiteral("QComboBoxPrivateContainer") };
    const auto* parent = widget.parentWidget();
    const bool isInnerField = qobject_cast<const QLineEdit*>(&widget) != nullptr
        && (parent->inherits("QAbstractSpinBox") || parent->inherits("QKeySequenceEdit")
            || parent->inherits("QComboBox"));
    return isInnerField || widget.objectName().startsWith(QStringLiteral("qt_"))
        || kTypes.contains(QString::fromLatin1(widget.metaObject()->className()));
}

// Names of what a person can press or type into and a screen reader could not name.
QStringList unnamed(const QWidget& root, int& controls)
{
    QStringList missing;
    for (const auto* widget : root.findChildren<QWidget*>()) {
        const bool isControl = widget->focusPolicy() != Qt::NoFocus
            || qobject_cast<const QAbstractButton*>(widget) != nullptr;
        if (!isControl || !widget->isVisible() || widget->focusProxy() != nullptr
            || isPartOfQt(*widget) || qobject_cast<const QLabel*>(widget) != nullptr)
            continue; // a label is read by its text
        ++controls;
        if (widget->accessibleName().isEmpty() || widget->objectName().isEmpty())
            missing << QStringLiteral("%1 '%2' in '%3' (%4)")
                           .arg(QLatin1String(widget->metaObject()->className()),
                               widget->objectName(), widget->parentWidget()->objectName(),
                               widget->accessibleName());
    }
    return missing;
}

// Controls of `root` that no number of Tabs leads to, beginning at `first`.
QStringList unreachedByTab(const QWidget& root, QWidget& first)
{
    constexpr int kTabsMax = 400;
    QSet<const QWidget*> reached;
    first.window()->activateWindow();
    QApplication::processEvents();
    first.setFocus();
    for (int i = 0; i < kTabsMax && QApplication::focusWidget() != nullptr; ++i) {
        reached << QApplication::focusWidget();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    }
    QStringList missed;
    for (const auto* widget : root.findChildren<QWidget*>()) {
        const bool isStop = (widget->focusPolicy() & Qt::TabFocus) == Qt::TabFocus
            && widget->isVisible() && widget->isEnabled() && widget->focusProxy() == nullptr
            && !isPartOfQt(*widget);
        if (isStop && !reached.contains(widget))
            missed << widget->objectName();
    }
    return missed;
}

} // namespace

class TestAccessibility final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void everyControlOfEveryPageHasAName_data();
    void everyControlOfEveryPageHasAName();
    void everyControlOfTheDialogsHasAName();
    void areasAreCycledInBothDirections();
    void everyActionIsInAMenuOrWorksByKeys();
    void troubleIsAnnouncedAtMostOnceInFiveSeconds();
    void tabReachesEveryPageControl_data();
    void tabReachesEveryPageControl();
    void tabGoesAsOneReads_data();
    void tabGoesAsOneReads();
    void tabReachesEveryControlOfTheDialogs();
    void aScreenReaderHearsStateAndTrend();
    void highRowsInASmallWindowHideNoControl_data();
    void highRowsInASmallWindowHideNoControl();
    void observeSwitchesEveryWriteOff();
    void observeSwitchesEveryRepairOff();
    void theNamesThatTestsUseAreThere_data();
    void theNamesThatTestsUseAreThere();
};

void TestAccessibility::init()
{
    QTest::failOnWarning(
        QRegularExpression(QStringLiteral("^(?!ticks take|This plugin does not support)")));
}

void TestAccessibility::everyControlOfEveryPageHasAName_data()
{
    QTest::addColumn<int>("page");
    for (const auto page : { PageId::Overview, PageId::Shard, PageId::Dlq, PageId::Replay,
             PageId::Events, PageId::Audit })
        QTest::addRow("page %d", static_cast<int>(page) + 1) << static_cast<int>(page);
}

void TestAccessibility::everyControlOfEveryPageHasAName()
{
    QFETCH(int, page);
    FullConsole console;
    console.window.showPage(static_cast<PageId>(page));
    QTest::qWait(50);
    int controls = 0;
    const auto missing = unnamed(console.window, controls);
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join(u'\n')));
    QVERIFY(controls > 15);
}

void TestAccessibility::everyControlOfTheDialogsHasAName()
{
    FullConsole console;
    console.window.actions().palette->trigger();
    auto& palette = console.find<QDialog>("palette_dialog");
    int controls = 0;
    auto missing = unnamed(palette, controls);
    palette.close();
    console.window.actions().preferences->trigger();
    auto& settings = console.find<QDialog>("settings_dialog");
    auto& pages = console.find<QListWidget>("settings_list");
    for (int row = 0; row < pages.count(); ++row) {
        pages.setCurrentRow(row);
        missing << unnamed(settings, controls);
    }
    settings.close();
    HelpWindow help(console.theme);
    help.show();
    missing << unnamed(help, controls);
    ConnectBackend backend;
    backend.platforms
        = { { .name = "meta", .title = "Meta", .credentialSets = { { "access_token" } } } };
    ConnectSheet connect(console.theme, std::move(backend), QStringLiteral("/x.toml"), {});
    connect.show();
    missing << unnamed(connect, controls);
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join(u'\n')));
    QVERIFY(controls > 90); // the thresholds alone are some fifty
}

void TestAccessibility::areasAreCycledInBothDirections()
{
    FullConsole console;
    console.window.activateWindow();
    auto& rail = console.find<NavRail>("nav_list");
    rail.setFocus();
    const auto areaOf = [&](const QWidget* widget) {
        if (widget == &rail)
            return 0;
        const auto& dock = console.find<QDockWidget>("dock_inspector");
        return dock.isAncestorOf(widget) ? 2 : 1;
    };
    QList<int> areas;
    for (int i = 0; i < 3; ++i) {
        console.window.actions().nextArea->trigger();
        areas << areaOf(QApplication::focusWidget());
    }
    QCOMPARE(areas, (QList<int> { 1, 2, 0 }));
    console.window.actions().previousArea->trigger();
    QCOMPARE(areaOf(QApplication::focusWidget()), 2);
}

void TestAccessibility::everyActionIsInAMenuOrWorksByKeys()
{
    FullConsole console;
    for (const auto* action : console.window.actions().findChildren<QAction*>()) {
        bool isInMenu = false;
        for (const auto* place : action->associatedObjects())
            isInMenu = isInMenu || place->inherits("QMenu");
        QVERIFY2(isInMenu || !action->shortcut().isEmpty(), qPrintable(action->objectName()));
    }
}

// A shard that begins to fail is said at once; a second change within five seconds waits.
void TestAccessibility::troubleIsAnnouncedAtMostOnceInFiveSeconds()
{
    Console console({ .scenario = "calm" });
    auto& bar = console.find<IncidentBar>("incident_bar");
    QSignalSpy announced(&bar, &IncidentBar::announced);
    auto snapshot = *console.engine.snapshot();
    for (std::size_t i = 0; i < 3; ++i) {
        snapshot.shards.at(i).state = engine::ShardState::Failing;
        bar.setTime(snapshot.takenAt += std::chrono::seconds { 1 });
        bar.applySnapshot(snapshot);
    }
    QCOMPARE(announced.size(), 1);
    bar.setTime(snapshot.takenAt += std::chrono::seconds { 6 }); // the newest is said, late
    QCOMPARE(announced.size(), 2);
    QVERIFY(announced.last().first().toString().startsWith(QStringLiteral("3 of")));
}

void TestAccessibility::tabReachesEveryPageControl_data()
{
    everyControlOfEveryPageHasAName_data();
}

void TestAccessibility::tabReachesEveryPageControl()
{
    QFETCH(int, page);
    FullConsole console;
    console.window.showPage(static_cast<PageId>(page));
    console.window.activateWindow();
    QTest::qWait(50);
    auto* shown = console.window.page(static_cast<PageId>(page));
    const auto unreached = unreachedByTab(*shown, console.find<NavRail>("nav_list"));
    QVERIFY2(unreached.isEmpty(), qPrintable(unreached.join(u'\n')));
}

void TestAccessibility::tabGoesAsOneReads_data() { everyControlOfEveryPageHasAName_data(); }

// Down and to the right, or up again in a column that is further right: never back over what was
// read already.
void TestAccessibility::tabGoesAsOneReads()
{
    QFETCH(int, page);
    FullConsole console;
    console.window.showPage(static_cast<PageId>(page));
    console.window.activateWindow();
    QTest::qWait(50);
    const auto* shown = console.window.page(static_cast<PageId>(page));
    struct Stop {
        QString name;
        QRect place; // while it has the focus: what scrolls has scrolled to it
    };
    QList<Stop> stops;
    console.find<NavRail>("nav_list").setFocus();
    for (int i = 0; i < 200; ++i) {
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        const auto* focus = QApplication::focusWidget();
        if (shown->isAncestorOf(focus))
            stops << Stop { focus->objectName(),
                { focus->mapTo(&console.window, QPoint(0, 0)), focus->size() } };
        else if (!stops.isEmpty())
            break; // out of the page again
    }
    QVERIFY(stops.size() > 1);
    QStringList backwards;
    for (qsizetype i = 1; i < stops.size(); ++i) {
        const QRect before = stops[i - 1].place;
        const QRect now = stops[i].place;
        const bool isAbove = now.bottom() <= before.top();
        const bool isLeft = now.right() <= before.left();
        const bool isLower = now.top() >= before.bottom();
        if ((isAbove && now.left() < before.right()) || (isLeft && !isLower))
            backwards << QStringLiteral("%1 → %2").arg(stops[i - 1].name, stops[i].name);
    }
    QVERIFY2(backwards.isEmpty(), qPrintable(backwards.join(QStringLiteral(", "))));
}

void TestAccessibility::tabReachesEveryControlOfTheDialogs()
{
    FullConsole console;
    console.window.actions().preferences->trigger();
    auto& settings = console.find<QDialog>("settings_dialog");
    auto& pages = console.find<QListWidget>("settings_list");
    QStringList unreached;
    for (int row = 0; row < pages.count(); ++row) {
        pages.setCurrentRow(row);
        unreached << unreachedByTab(settings, pages);
    }
    settings.close();
    HelpWindow help(console.theme);
    help.show();
    unreached << unreachedByTab(help, *help.findChild<QLineEdit*>(QStringLiteral("help_search")));
    help.close();
    ConnectBackend backend;
    backend.platforms
        = { { .name = "meta", .title = "Meta", .credentialSets = { { "access_token" } } } };
    ConnectSheet connect(console.theme, std::move(backend), QStringLiteral("/x.toml"), {});
    connect.show();
    unreached << unreachedByTab(
        connect, *connect.findChild<QWidget*>(QStringLiteral("connect_platform")));
    QVERIFY2(unreached.isEmpty(), qPrintable(unreached.join(u'\n')));
}

// "Throttled, high, for 6 minutes", and a word for the line beside the number.
void TestAccessibility::aScreenReaderHearsStateAndTrend()
{
    FullConsole console;
    console.advance(60s);
    const auto& model = *console.table().model();
    const auto said = [&model](int row, int column) {
        return model.index(row, column).data(Qt::AccessibleTextRole).toString();
    };
    QSet<QString> trends;
    for (int row = 0; row < model.rowCount(); ++row) {
        const QString state = said(row, ShardTableModel::State);
        QVERIFY2(state.count(u',') >= 1, qPrintable(state));
        trends << said(row, ShardTableModel::DepthTrend);
    }
    QVERIFY(trends.contains(QStringLiteral("rising")));
    QVERIFY(!trends.contains(QString()));
}

void TestAccessibility::highRowsInASmallWindowHideNoControl_data()
{
    everyControlOfEveryPageHasAName_data();
}

// The smallest window with the highest rows: whatever can be pressed can be seen, or scrolled to.
void TestAccessibility::highRowsInASmallWindowHideNoControl()
{
    QFETCH(int, page);
    FullConsole console;
    console.theme.setDensity(Density::Comfortable);
    console.window.resize(console.window.minimumSize());
    console.window.showPage(static_cast<PageId>(page));
    QTest::qWait(50);
    const auto* shown = console.window.page(static_cast<PageId>(page));
    QStringList hidden;
    for (const auto* button : shown->findChildren<QAbstractButton*>()) {
        bool isScrolled = false;
        for (const auto* above = button->parentWidget(); above != nullptr && above != shown;
             above = above->parentWidget())
            isScrolled = isScrolled || qobject_cast<const QAbstractScrollArea*>(above) != nullptr;
        const bool isCut = button->visibleRegion().boundingRect().size() != button->size();
        if (button->isVisible() && !isScrolled && isCut && !isPartOfQt(*button))
            hidden << button->objectName();
    }
    QVERIFY2(hidden.isEmpty(), qPrintable(hidden.join(u' ')));
}

// Every write that the window offers, wherever it stands: off, and the tooltip says why.
void TestAccessibility::observeSwitchesEveryWriteOff()
{
    FullConsole console({ .safety = engine::SafetyLevel::Observe });
    console.window.setSelection({ console.engine.snapshot()->shards.front().shard });
    console.advance();
    const auto& a = console.window.actions();
    for (const auto* action :
        { a.pause, a.resume, a.pauseRetries, a.pauseAll, a.resumeAll, a.probe, a.revertAll }) {
        QVERIFY2(!action->isEnabled(), qPrintable(action->objectName()));
        QVERIFY2(action->toolTip().startsWith(QStringLiteral("Observe mode")),
            qPrintable(action->objectName()));
    }
    console.engine.submit({ .what = engine::ReloadCommand {} }, [](auto) {});
    console.window.showPage(PageId::Audit);
    auto& table = console.find<QTableView>("audit_table");
    QTRY_VERIFY(table.model()->rowCount() > 0);
    table.selectRow(0);
    for (const char* name : { "audit_revert", "inspector_pause", "tuning_apply" }) {
        const auto& button = console.find<QAbstractButton>(name);
        QVERIFY2(!button.isEnabled(), name);
        QVERIFY2(button.toolTip().contains(QStringLiteral("Observe mode")), name);
    }
    console.window.actions().preferences->trigger();
    console.find<QListWidget>("settings_list").setCurrentRow(1);
    const auto fields = console.window.findChildren<QLineEdit*>(
        QRegularExpression(QStringLiteral("^settings_threshold_")));
    QCOMPARE(fields.size(), static_cast<qsizetype>(engine::kThresholds));
    for (const auto* field : fields)
        QVERIFY2(!field->isEnabled(), qPrintable(field->objectName()));
}

// The same for what repairs: the dead letters, a replay that is prepared and one that runs.
void TestAccessibility::observeSwitchesEveryRepairOff()
{
    FullConsole console;
    const auto expectOff = [&console](std::initializer_list<const char*> names) {
        for (const char* name : names) {
            const auto& button = console.find<QAbstractButton>(name);
            QVERIFY2(!button.isEnabled(), name);
            const bool isSaid = button.toolTip().contains(QStringLiteral("Observe mode"))
                || button.parentWidget()->toolTip().contains(QStringLiteral("Observe mode"));
            QVERIFY2(isSaid, name);
        }
    };
    auto& replay = *static_cast<ReplayPage*>(console.window.page(PageId::Replay));
    const auto preview = [&] {
        console.window.showPage(PageId::Replay);
        replay.open({ .page = PageId::Replay, .filter = engine::DeadLetterFilter {} });
        QTRY_COMPARE(replay.step(), ReplayPage::Step::Preview);
        console.find<QPushButton>("replay_next").click();
        console.find<QPushButton>("replay_next").click();
        QCOMPARE(replay.step(), ReplayPage::Step::Confirm);
    };
    preview();
    auto* confirm = console.window.findChild<ConfirmStep*>();
    for (confirm->begin(); confirm->isHolding();)
        confirm->tick();
    QTRY_COMPARE(replay.step(), ReplayPage::Step::Live);
    console.engine.setSafety(engine::SafetyLevel::Observe);
    console.advance();
    expectOff({ "replay_pause", "replay_cancel", "replay_slower", "replay_faster" });
    preview();
    expectOff({ "replay_start" });

    console.window.showPage(PageId::Dlq);
    auto& groups = console.find<QTableView>("dlq_groups");
    QTRY_VERIFY(groups.model()->rowCount() > 1);
    groups.selectRow(0);
    auto& letters = console.find<QTableView>("dlq_rows");
    QTRY_VERIFY(letters.model()->rowCount() > 0);
    letters.selectRow(0);
    expectOff({ "dlq_replay", "dlq_archive", "dlq_replayThis", "dlq_groupSay", "dlq_groupSplit",
        "dlq_groupMerge" });
    QVERIFY(console.find<QAbstractButton>("dlq_export").isEnabled()); // it changes nothing
    const auto sent = console.engine.commands().size();
    QTest::keyClick(&letters, Qt::Key_Delete);
    QTest::keyClick(&letters, Qt::Key_R, Qt::ControlModifier);
    QApplication::processEvents();
    QCOMPARE(console.engine.commands().size(), sent);
    QVERIFY(console.window.page(PageId::Dlq)->isVisible());
}

// Whoever drives the window from outside finds its parts by these.
void TestAccessibility::theNamesThatTestsUseAreThere_data()
{
    QTest::addColumn<QString>("names");
    const auto row = [](const char* area, const char* names) {
        QTest::newRow(area) << QString::fromLatin1(names);
    };
    row("Window",
        "nav_list page_stack dock_inspector status_sample status_frame undo_bar "
        "undo_button");
    row("Incident bar",
        "incident_bar incident_profile incident_headline incident_chip_failing "
        "incident_chip_auth_failed incident_chip_tripped "
        "incident_chip_throttled incident_chip_degraded "
        "incident_chip_backlogged incident_chip_paused incident_chip_no_data "
        "incident_jobs incident_totals incident_pauseAll incident_clock");
    row("Overview",
        "page_overview overview_filter overview_filterError overview_all "
        "overview_attention overview_paused overview_table overview_group "
        "overview_resort overview_window15m overview_window1h overview_window6h "
        "overview_window24h overview_freeze overview_frozenBar overview_compare");
    row("Charts",
        "chart_queueDepth chart_consumerLag chart_latencyP95 chart_errorRate "
        "chart_dlqGrowth chart_throughput chart_throttle chart_inFlight "
        "chart_batchFill");
    row("Shard page",
        "page_shard shard_picker shard_title shard_state shard_rangeFrom "
        "shard_rangeTo");
    row("Inspector",
        "inspector_title inspector_state inspector_also inspector_flags "
        "inspector_pause inspector_resume inspector_dlq inspector_replay");
    row("Tuning",
        "tuning_concurrencySlider tuning_concurrencySpin tuning_rateSlider "
        "tuning_rateSpin tuning_batchSlider tuning_batchSpin "
        "tuning_concurrencyInfo tuning_rateInfo tuning_batchInfo "
        "tuning_predicted tuning_drainEta tuning_warning tuning_keepFor "
        "tuning_apply tuning_revert tuning_revertConfigured");
    row("Pause sheet",
        "pause_sheet pause_mode pause_until pause_note pause_consequence "
        "pause_confirm pause_cancel");
    row("DLQ",
        "page_dlq dlq_modeGroups dlq_modeRows dlq_filter dlq_filterError "
        "dlq_saved dlq_count dlq_groups dlq_rows dlq_newBanner dlq_newLoad "
        "dlq_scopeSelected dlq_scopeGroup dlq_scopeAll dlq_replay dlq_archive "
        "dlq_export dlq_detailTabs dlq_payload dlq_response dlq_request "
        "dlq_attempts dlq_diff dlq_find dlq_copy dlq_copyCurl");
    row("Replay",
        "page_replay replay_steps replay_jobs replay_new replay_from replay_to "
        "replay_shards replay_fingerprints replay_previewTable replay_matched "
        "replay_willSend replay_tooOld replay_payloadGone replay_superseded "
        "replay_alreadyAccepted replay_unknown replay_sameError replay_recount "
        "replay_pace replay_rate replay_ramp replay_guards replay_confirmText "
        "replay_typedCount replay_reason replay_start replay_holdCancel "
        "replay_progress replay_eta replay_pause replay_cancel replay_slower "
        "replay_faster replay_report replay_reportExport");
    row("Events",
        "page_events events_input events_find events_lanes events_table "
        "events_matrix events_copyTrace events_notFound");
    row("Audit", "page_audit audit_table audit_filter audit_revert audit_export");
    row("Palette and settings",
        "palette_dialog palette_input palette_list settings_dialog "
        "settings_list settings_search settings_safety settings_theme");
    row("Actions",
        "action_pause action_resume action_pauseAll action_pauseRetries "
        "action_replay action_freeze action_resetLayout action_palette "
        "action_revertAll action_export action_quit action_preferences "
        "action_about");
}

void TestAccessibility::theNamesThatTestsUseAreThere()
{
    QFETCH(QString, names);
    FullConsole console;
    QCOMPARE(console.window.objectName(), QStringLiteral("mainWindow"));
    console.window.actions().palette->trigger();
    console.window.actions().preferences->trigger();
    QStringList missing;
    for (const QString& name : names.split(u' ')) {
        if (console.window.findChild<QObject*>(name) == nullptr)
            missing << name;
    }
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join(u' ')));
}

SPILLWAY_TEST(TestAccessibility)

} // namespace tst_accessibility

#include "tst_accessibility.moc"

#include "audit/audit_page.h"
#include "connect/connect_sheet.h"
#include "dlq/dlq_page.h"
#include "events/events_page.h"
#include "help/help_window.h"
#include "inspector/inspector.h"
#include "replay/confirm_step.h"
#include "replay/replay_page.h"
#include "ui/test_console.h"
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
#include <QTest>

using namespace ui;
using ui::testing::Console;
using namespace std::chrono_literals;

namespace {

// The console with all its real pages and its real inspector.
struct FullConsole : Console {
    explicit FullConsole(engine::testing::FakeEngineOptions options = {})
        : Console(std::move(options))
    {
        const ConsoleContext context { engine, theme, clock, false };
        window.addPage(PageId::Dlq, new DlqPage(context), QStringLiteral("dlq"));
        window.addPage(PageId::Replay, new ReplayPage(context), QStringLiteral("replay"));
        window.addPage(PageId::Events, new EventsPage(context), QStringLiteral("search"));
        window.addPage(PageId::Audit, new AuditPage(context), QStringLiteral("audit"));
        window.setInspector(new Inspector(context));
        delete inspector; // the dock has the real one now
        inspector = nullptr;
        QTest::qWait(50); // the pages' first questions are answered through the event loop
    }
};

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
    void tabReachesEveryControlOfTheDialogs();
    void aScreenReaderHearsStateAndTrend();
    void highRowsInASmallWindowHideNoControl_data();
    void highRowsInASmallWindowHideNoControl();
    void observeSwitchesEveryWriteOff();
    void observeSwitchesEveryRepairOff();
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

QTEST_MAIN(TestAccessibility)
#include "tst_accessibility.moc"

// The whole window by keys alone: what each key does, what sheets do with Esc and with the focus,
// and a repair from the failing shard to the audit without a mouse.
#include "dlq/dlq_filter.h"
#include "overview/shard_table_view.h"
#include "replay/confirm_step.h"
#include "support/test_program.h"
#include "ui/full_console.h"
#include "widgets/undo_bar.h"
#include "window/console_actions.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QTableView>

namespace tst_keyboard {

using namespace ui;
using ui::testing::FullConsole;

namespace {

const engine::ShardId kHot { "meta", "104839275777731" }; // throttled, and with dead letters

// Whatever has the focus gets the key, as from a keyboard.
void press(int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    if (QApplication::focusWidget() == nullptr)
        qFatal("nothing has the focus");
    QTest::keyClick(QApplication::focusWidget(), static_cast<Qt::Key>(key), modifiers);
    QApplication::processEvents();
}

QString focusName()
{
    const auto* focus = QApplication::focusWidget();
    return focus == nullptr ? QString() : focus->objectName();
}

// Gives up after more stops than any page has.
void pressUntil(int key, const char* name)
{
    QStringList stops;
    while (focusName() != QLatin1String(name) && stops.size() < 60) {
        press(key);
        stops << focusName();
    }
    QVERIFY2(focusName() == QLatin1String(name), qPrintable(stops.join(u' ')));
}

void activate(FullConsole& console)
{
    console.window.activateWindow();
    console.table().setFocus();
    QTRY_VERIFY(console.table().hasFocus());
}

template <class What>
const What* lastSent(const FullConsole& console)
{
    const auto& commands = console.engine.commands();
    return commands.empty() ? nullptr : std::get_if<What>(&commands.back().what);
}

} // namespace

class TestKeyboard final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void everyKeyHasItsAction_data();
    void everyKeyHasItsAction();
    void escapeClosesASheetAndTheFocusGoesBack();
    void escapeKeepsAResumeFromHappening();
    void escapeCancelsTheStartOfAReplay();
    void theNewestActionIsUndoneFirstAlsoAStart();
    void aPageIsOpenedWhereTheKeysAreOfUse();
    void keysGoToThePageThatIsShown();
    void everyListCopiesItsRows_data();
    void everyListCopiesItsRows();
    void orderAndColumnsNeedNoMouse();
    void aRepairNeedsNoMouse();

private:
    static void tuneAndPause(FullConsole& console);
    static void replayItsLetters(FullConsole& console);
};

void TestKeyboard::init()
{
    QTest::failOnWarning(
        QRegularExpression(QStringLiteral("^(?!ticks take|This plugin does not support)")));
}

void TestKeyboard::everyKeyHasItsAction_data()
{
    QTest::addColumn<QString>("action");
    const auto row = [](const char* keys, const char* action) {
        QTest::newRow(keys) << QString::fromLatin1(action);
    };
    row("Ctrl+1", "action_page1");
    row("Ctrl+2", "action_page2");
    row("Ctrl+3", "action_page3");
    row("Ctrl+4", "action_page4");
    row("Ctrl+6", "action_page6");
    row("Ctrl+9", "action_page9");
    row("Ctrl+K", "action_palette");
    row("Ctrl+Shift+P", "action_palette");
    row("Ctrl+F", "action_filter");
    row("Esc", "action_clear");
    row("Space", "action_freeze");
    row("N", "action_nextTrouble");
    row("Shift+N", "action_previousTrouble");
    row("R", "action_resort");
    row("G", "action_group");
    row("F6", "action_nextArea");
    row("Shift+F6", "action_previousArea");
    row("T", "action_chartTable");
    row("Ctrl+T", "action_tune");
    row("L", "action_logAxis");
    row("Ctrl+P", "action_pause");
    row("Ctrl+R", "action_replay");
    row("M", "action_mark");
    row("[", "action_shorterWindow");
    row("]", "action_longerWindow");
    row("Backspace", "action_zoomBack");
    row("Ctrl+E", "action_export");
    row("Ctrl+Z", "action_undo");
    row("Del", "action_archive");
    row("Ctrl+Shift+F", "action_find");
    row("F1", "action_help");
    row("F8", "action_inspector");
    row("F11", "action_fullScreen");
    row("Ctrl+,", "action_preferences");
}

// Of the window's table of keys, each once: no second action may have the same ones.
void TestKeyboard::everyKeyHasItsAction()
{
    QFETCH(QString, action);
    FullConsole console;
    const QKeySequence keys(QString::fromLatin1(QTest::currentDataTag()));
    QStringList users;
    for (const auto* one : console.window.findChildren<QAction*>()) {
        if (one->shortcuts().contains(keys))
            users << one->objectName();
    }
    QCOMPARE(users, QStringList { action });
}

void TestKeyboard::escapeClosesASheetAndTheFocusGoesBack()
{
    FullConsole console;
    activate(console);
    console.window.setSelection({ kHot });
    console.window.overview().togglePinned({ kHot });
    press(Qt::Key_P, Qt::ControlModifier);
    auto& sheet = console.find<QWidget>("pause_sheet");
    QVERIFY(sheet.isVisible());
    QCOMPARE(focusName(), QStringLiteral("pause_cancel"));
    QStringList stops;
    for (int i = 0; i < 3; ++i) {
        press(Qt::Key_Backtab, Qt::ShiftModifier);
        stops << focusName();
    }
    QCOMPARE(stops.mid(0, 2),
        QStringList({ QStringLiteral("pause_note"), QStringLiteral("pause_until") }));
    QVERIFY2(stops.last().startsWith(QStringLiteral("pause_mode")), qPrintable(stops.last()));
    press(Qt::Key_Escape);
    QVERIFY(!sheet.isVisible());
    QVERIFY(console.table().hasFocus());
    QVERIFY(console.engine.commands().empty());
    // It was the sheet's: what is pinned is still pinned.
    QVERIFY(console.find<QWidget>("overview_compare").isEnabled());
    press(Qt::Key_Escape);
    QVERIFY(!console.find<QWidget>("overview_compare").isEnabled());
}

void TestKeyboard::escapeKeepsAResumeFromHappening()
{
    FullConsole console({ .safety = engine::SafetyLevel::Guarded });
    activate(console);
    console.window.setSelection({ { "criteo", "88120" } });
    console.window.actions().resume->trigger();
    QCOMPARE(focusName(), QStringLiteral("inspector_resumeCancel"));
    press(Qt::Key_Escape);
    QVERIFY(!console.find<QWidget>("inspector_resumeConfirm").isVisible());
    QVERIFY(console.table().hasFocus());
    QVERIFY(console.engine.commands().empty());
}

void TestKeyboard::escapeCancelsTheStartOfAReplay()
{
    FullConsole console;
    activate(console);
    auto& page = *static_cast<ReplayPage*>(console.window.page(PageId::Replay));
    console.window.showPage(PageId::Replay);
    page.open({ .page = PageId::Replay, .filter = engine::DeadLetterFilter {} });
    QTRY_COMPARE(page.step(), ReplayPage::Step::Preview);
    console.find<QPushButton>("replay_next").setFocus();
    press(Qt::Key_Return, Qt::ControlModifier);
    press(Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(page.step(), ReplayPage::Step::Confirm);
    console.find<QPushButton>("replay_start").setFocus();
    press(Qt::Key_Space);
    auto* confirm = page.findChild<ConfirmStep*>();
    QVERIFY(confirm->isHolding());
    QCOMPARE(focusName(), QStringLiteral("replay_holdCancel"));
    press(Qt::Key_Escape);
    QVERIFY(!confirm->isHolding());
    QCOMPARE(focusName(), QStringLiteral("replay_start"));
    QVERIFY(console.engine.commands().empty());
}

// A pause can still be taken back while a replay is about to start: the keys mean the replay, and
// after that the pause, each once.
void TestKeyboard::theNewestActionIsUndoneFirstAlsoAStart()
{
    FullConsole console;
    activate(console);
    auto& page = *static_cast<ReplayPage*>(console.window.page(PageId::Replay));
    console.window.showPage(PageId::Replay);
    page.open({ .page = PageId::Replay, .filter = engine::DeadLetterFilter {} });
    QTRY_COMPARE(page.step(), ReplayPage::Step::Preview);
    console.find<QPushButton>("replay_next").setFocus();
    press(Qt::Key_Return, Qt::ControlModifier);
    press(Qt::Key_Return, Qt::ControlModifier);
    auto* confirm = page.findChild<ConfirmStep*>();
    int undone = 0;
    auto* bar = console.window.inspector()->findChild<UndoBar*>();
    bar->offer(QStringLiteral("a pause"), [&undone] { ++undone; });
    confirm->begin();
    QVERIFY(confirm->isHolding() && bar->isVisible());
    press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!confirm->isHolding());
    QCOMPARE(undone, 0);
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(undone, 1);
    press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(undone, 1);
    // Also from another page: what runs out there is still the newest.
    confirm->begin();
    console.window.showPage(PageId::Overview);
    console.table().setFocus();
    press(Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!confirm->isHolding());
    QVERIFY(console.engine.commands().empty());
}

// The focus stands in the rail, as after a click there: the keys are those of the page beside it.
void TestKeyboard::keysGoToThePageThatIsShown()
{
    FullConsole console;
    activate(console);
    auto& rail = console.find<QWidget>("nav_list");
    console.window.showPage(PageId::Dlq);
    QTRY_VERIFY(console.find<QTableView>("dlq_groups").model()->rowCount() > 1);
    rail.setFocus();
    press(Qt::Key_F, Qt::ControlModifier);
    QCOMPARE(focusName(), QStringLiteral("dlq_filterHistory")); // the box around the line
    rail.setFocus();
    press(Qt::Key_G);
    QVERIFY(!console.find<QTableView>("dlq_groups").isVisible());
    // Nothing stands still on this page, so nobody would see that everything is frozen.
    auto& letters = console.find<QTableView>("dlq_rows");
    letters.setFocus();
    press(Qt::Key_Space);
    QVERIFY(!console.window.actions().freeze->isChecked());
    QVERIFY(!console.window.actions().freeze->isEnabled());
    letters.clearSelection(); // the key has chosen a row instead
    console.window.setSelection({});
    rail.setFocus();
    press(Qt::Key_R, Qt::ControlModifier);
    auto& page = *static_cast<ReplayPage*>(console.window.page(PageId::Replay));
    QVERIFY(page.isVisible());
    QTRY_COMPARE(page.step(), ReplayPage::Step::Preview); // of the list, not of a shard
    QVERIFY2(page.draft().filter.shards.empty() && page.draft().filter.failedTo,
        qPrintable(toFilterLine(page.draft().filter)));
    console.window.showPage(PageId::Audit);
    rail.setFocus();
    press(Qt::Key_F, Qt::ControlModifier);
    QCOMPARE(focusName(), QStringLiteral("audit_filter"));
    console.window.showPage(PageId::Overview);
    QVERIFY(console.window.actions().freeze->isEnabled());
}

void TestKeyboard::aPageIsOpenedWhereTheKeysAreOfUse()
{
    FullConsole console;
    activate(console);
    press(Qt::Key_3, Qt::ControlModifier);
    QCOMPARE(focusName(), QStringLiteral("dlq_groups"));
    press(Qt::Key_9, Qt::ControlModifier);
    QCOMPARE(focusName(), QStringLiteral("audit_table"));
    press(Qt::Key_1, Qt::ControlModifier);
    QCOMPARE(focusName(), QStringLiteral("overview_table"));
}

// Three requests less at a time for the hot pixel, then a pause, and the pause taken back.
void TestKeyboard::tuneAndPause(FullConsole& console)
{
    press(Qt::Key_T, Qt::ControlModifier);
    QCOMPARE(focusName(), QStringLiteral("tuning_concurrencySpin"));
    const int wanted
        = static_cast<int>(console.find<QDoubleSpinBox>("tuning_concurrencySpin").value()) - 3;
    QTest::keyClicks(QApplication::focusWidget(), QString::number(wanted));
    press(Qt::Key_Return, Qt::ControlModifier);
    const auto* tuned = lastSent<engine::TuneCommand>(console);
    QVERIFY(tuned != nullptr);
    QCOMPARE(tuned->concurrency, std::optional(wanted));
    press(Qt::Key_P, Qt::ControlModifier);
    press(Qt::Key_Tab);
    QCOMPARE(focusName(), QStringLiteral("pause_confirm"));
    press(Qt::Key_Space);
    const auto* paused = lastSent<engine::PauseCommand>(console);
    QVERIFY(paused != nullptr && paused->targets == std::vector { kHot });
    QTRY_VERIFY(!console.find<QWidget>("pause_sheet").isVisible());
    pressUntil(Qt::Key_F6, "overview_table"); // a field has an undo of its own
    press(Qt::Key_Z, Qt::ControlModifier);
    const auto* resumed = lastSent<engine::ResumeCommand>(console);
    QVERIFY(resumed != nullptr && resumed->targets == std::vector { kHot });
}

void TestKeyboard::replayItsLetters(FullConsole& console)
{
    auto& page = *static_cast<ReplayPage*>(console.window.page(PageId::Replay));
    press(Qt::Key_Down); // the largest group
    press(Qt::Key_R, Qt::ControlModifier);
    QTRY_COMPARE(page.step(), ReplayPage::Step::Preview);
    press(Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(page.step(), ReplayPage::Step::Pace);
    press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(page.step(), ReplayPage::Step::Confirm);
    press(Qt::Key_Return, Qt::ControlModifier);
    auto* confirm = page.findChild<ConfirmStep*>();
    QVERIFY(confirm->isHolding());
    while (confirm->isHolding())
        confirm->tick();
    QVERIFY(lastSent<engine::ReplayCommand>(console) != nullptr);
    QTRY_COMPARE(page.step(), ReplayPage::Step::Live);
}

void TestKeyboard::everyListCopiesItsRows_data()
{
    QTest::addColumn<int>("page");
    const auto row
        = [](const char* list, PageId page) { QTest::newRow(list) << static_cast<int>(page); };
    row("dlq_groups", PageId::Dlq);
    row("dlq_rows", PageId::Dlq);
    row("audit_table", PageId::Audit);
    row("events_table", PageId::Events);
}

// Two rows, every column that is shown, tabs between them.
void TestKeyboard::everyListCopiesItsRows()
{
    QFETCH(int, page);
    FullConsole console;
    for (int i = 0; i < 2; ++i)
        console.engine.submit({ .what = engine::ReloadCommand {} }, [](const auto&) {});
    console.window.showPage(static_cast<PageId>(page));
    if (static_cast<PageId>(page) == PageId::Events)
        static_cast<EventsPage*>(console.window.page(PageId::Events))
            ->find(QString::fromStdString(
                console.engine.store().row(engine::DeadLetterId { 7 }).eventId));
    auto& table = console.find<QTableView>(QTest::currentDataTag());
    QTRY_VERIFY(table.model()->rowCount() > 1);
    using Flag = QItemSelectionModel::SelectionFlag;
    const QItemSelection two(table.model()->index(0, 0), table.model()->index(1, 0));
    table.selectionModel()->select(two, Flag::ClearAndSelect | Flag::Rows);
    QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
    const QStringList lines = QApplication::clipboard()->text().trimmed().split(u'\n');
    int shown = 0;
    for (int column = 0; column < table.model()->columnCount(); ++column)
        shown += table.isColumnHidden(column) ? 0 : 1;
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines[1].count(u'\t'), shown - 1);
    QCOMPARE(lines[0].section(u'\t', 0, 0), table.model()->index(0, 0).data().toString());
}

// From the menu of a row, which the menu key opens.
void TestKeyboard::orderAndColumnsNeedNoMouse()
{
    FullConsole console;
    auto& table = static_cast<ShardTableView&>(console.table());
    QMenu menu;
    table.addHeaderMenus(menu);
    const auto entryOf = [&menu](int part, int column) {
        const auto entries = menu.actions().at(part)->menu()->actions();
        const auto found
            = std::find_if(entries.begin(), entries.end(), [column](const auto* entry) {
                  return entry->text() == ShardTableModel::columnTitle(column);
              });
        if (found == entries.end())
            qFatal("no such column");
        return *found;
    };
    entryOf(0, ShardTableModel::In)->trigger();
    double before = std::numeric_limits<double>::infinity();
    for (int row = 0; row < table.model()->rowCount(); ++row) {
        const double in = table.model()
                              ->index(row, ShardTableModel::In)
                              .data(ShardTableModel::RawRole)
                              .toDouble();
        QVERIFY(in <= before);
        before = in;
    }
    QVERIFY(table.isColumnHidden(ShardTableModel::Batch));
    entryOf(1, ShardTableModel::Batch)->trigger();
    QVERIFY(!table.isColumnHidden(ShardTableModel::Batch));

    console.window.showPage(PageId::Audit);
    auto& audit = console.find<QTableView>("audit_table");
    QContextMenuEvent byKey(
        QContextMenuEvent::Keyboard, QPoint(5, 5), audit.viewport()->mapToGlobal(QPoint(5, 5)));
    QApplication::sendEvent(audit.viewport(), &byKey);
    QVERIFY(console.find<QMenu>("audit_columns").isVisible());
    console.find<QMenu>("audit_columns").close();
}

void TestKeyboard::aRepairNeedsNoMouse()
{
    FullConsole console;
    activate(console);
    QString title;
    for (int i = 0; i < 20 && title != QStringLiteral("meta · 1048…7731"); ++i) {
        press(Qt::Key_N);
        title = console.find<QLabel>("inspector_title").text();
    }
    QCOMPARE(title, QStringLiteral("meta · 1048…7731"));
    tuneAndPause(console);
    if (QTest::currentTestFailed())
        return;

    press(Qt::Key_K, Qt::ControlModifier);
    auto& input = console.find<QLineEdit>("palette_input");
    QTest::keyClicks(&input, QStringLiteral("> dlq 1048"));
    QTest::keyClick(&input, Qt::Key_Return);
    QTRY_VERIFY(console.window.page(PageId::Dlq)->isVisible());
    QVERIFY(console.find<QLineEdit>("dlq_filter").text().contains(QStringLiteral("7731")));
    auto& groups = console.find<QTableView>("dlq_groups");
    QTRY_VERIFY(groups.model()->rowCount() > 0);
    console.window.activateWindow();
    QTRY_COMPARE(focusName(), QStringLiteral("dlq_groups"));
    replayItsLetters(console);
    if (QTest::currentTestFailed())
        return;

    press(Qt::Key_9, Qt::ControlModifier);
    auto& audit = console.find<QTableView>("audit_table");
    QTRY_COMPARE(audit.model()->rowCount(), 4); // tuned, paused, resumed, replayed
    QCOMPARE(focusName(), QStringLiteral("audit_table"));
}

SPILLWAY_TEST(TestKeyboard)

} // namespace tst_keyboard

#include "tst_keyboard.moc"

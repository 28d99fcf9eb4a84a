// Events, audit, groups, purge and the replay's live view over the fake engine.
#include "audit/action_words.h"
#include "audit/audit_filter.h"
#include "audit/audit_model.h"
#include "audit/audit_page.h"
#include "dlq/dlq_page.h"
#include "dlq/payload_diff.h"
#include "dlq/saved_filters.h"
#include "events/event_matrix.h"
#include "events/event_steps.h"
#include "events/events_page.h"
#include "events/lane_view.h"
#include "replay/job_view.h"
#include "support/fake_engine.h"
#include "support/test_program.h"
#include "theme/theme.h"
#include "widgets/command_runner.h"
#include "widgets/privacy.h"
#include "window/ui_test_mode.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QGuiApplication>
#include <QHeaderView>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTableWidget>
#include <QTemporaryDir>

namespace tst_operator_pages {

using engine::testing::FakeEngine;
using namespace ui;

namespace {

struct Bench {
    explicit Bench(std::int64_t deadLetters = 500)
        : engine(engine::testing::FakeEngineOptions {
            .scenario = "trouble", .deadLetters = deadLetters })
    {
    }
    template <class P>
    void show(P& page)
    {
        QObject::connect(&engine, &engine::EnginePort::snapshotPublished, &page,
            [&page](const engine::SnapshotPtr& s) { page.applySnapshot(s); });
        page.resize(1'200, 760);
        page.show();
    }
    [[nodiscard]] ConsoleContext context() { return { engine, theme, clock, false }; }
    [[nodiscard]] QString someId()
    {
        return QString::fromStdString(engine.store().row(engine::DeadLetterId { 7 }).eventId);
    }

    FakeEngine engine;
    Theme theme { ThemeMode::Light };
    FixedUiClock clock { engine.now() };
};

template <class Widget>
Widget* find(const QWidget& page, const char* name)
{
    return page.findChild<Widget*>(QLatin1String(name));
}

} // namespace

class TestOperatorPages : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin)"))); }
    void anEventShowsItsLanesItsStepsAndWhyItWaits();
    void aTraceIsCopiedMasked();
    void anUnknownIdSaysWhatWasSearched();
    void aPartOfAnIdSuggestsThoseThatContainIt();
    void aMarkOpensTheAttemptOrThePayload();
    void theMatrixIsExportedAsItIsShown();
    void personalDataIsShownForTenMinutesWithAReason();
    void severalIdsMakeAMatrix();
    void anEventWithoutADeliveryIsOpen();
    void theClipboardIsLookedUpWhenItLooksLikeAnId();
    void aPayloadIsComparedFieldByField();
    void theDiffTabComparesWithTheLastAcceptedOne();
    void columnsThatMatterFitAThousandPixels();
    void aGroupIsGivenAStatus();
    void purgingAsksForTheNumberAndAReason();
    void filtersAreKept();
    void aReplayCanBeSlowedDownAndTellsItsStory();
    void anAuditFilterMeansWhatItSays();
    void aPauseIsTakenBackWhileItStands();
    void anEntryOpensTheChartsAroundIt();
    void theAuditIsExportedAsItIsFiltered();
};

void TestOperatorPages::anEventShowsItsLanesItsStepsAndWhyItWaits()
{
    Bench bench;
    EventsPage page(bench.context());
    bench.show(page);
    find<QLineEdit>(page, "events_input")->setText(bench.someId());
    QTest::mouseClick(find<QPushButton>(page, "events_find"), Qt::LeftButton);
    auto* table = find<QTableWidget>(page, "events_table");
    QTRY_VERIFY(table->rowCount() > 3);
    auto* lanes = find<LaneView>(page, "events_lanes");
    QVERIFY(lanes->accessibleDescription().contains(QStringLiteral("ingest")));
    QTest::mouseClick(lanes, Qt::LeftButton, {}, lanes->placeOf(1).toPoint());
    QCOMPARE(table->currentRow(), 1);
    QVERIFY(lanes->accessibleDescription().contains(QStringLiteral("linkedin not routed")));
    const QString why = find<QLabel>(page, "events_why")->text();
    QVERIFY2(why.contains(QStringLiteral("token expired")), qPrintable(why));
    QVERIFY2(why.contains(QStringLiteral("tried again")), qPrintable(why));
    QVERIFY(find<QPushButton>(page, "events_openDlq")->isVisible());
    QSignalSpy navigated(&page, &Page::navigationRequested);
    QTest::mouseClick(find<QPushButton>(page, "events_openDlq"), Qt::LeftButton);
    QCOMPARE(navigated.size(), 1);
}

void TestOperatorPages::aTraceIsCopiedMasked()
{
    Bench bench;
    EventsPage page(bench.context());
    bench.show(page);
    page.find(bench.someId());
    QTRY_VERIFY(!page.copiedText().isEmpty());
    const QString text = page.copiedText();
    QVERIFY(text.contains(bench.someId()));
    QVERIFY(text.contains(QStringLiteral("linkedin\tnot routed")));
    QVERIFY(!text.contains(u'@'));
    QVERIFY(
        !find<QWidget>(page, "events_payload")->property("plainText").toString().contains(u'@'));
}

void TestOperatorPages::anUnknownIdSaysWhatWasSearched()
{
    Bench bench;
    EventsPage page(bench.context());
    bench.show(page);
    page.find(QStringLiteral("nobody-knows"));
    auto* label = find<QLabel>(page, "events_notFound");
    QTRY_VERIFY(label->text().contains(QStringLiteral("Not found")));
    QVERIFY(label->text().contains(QStringLiteral("keeps events for 14d")));
    QVERIFY(label->text().contains(QStringLiteral("0 hits")));
    bench.engine.failNext(engine::ErrorCode::Storage);
    page.find(bench.someId());
    QTRY_VERIFY(page.findChild<QWidget*>(QStringLiteral("events_error")) != nullptr);
    QVERIFY(label->text().contains(QStringLiteral("Not found"))); // what was there stays
    find<QPushButton>(page, "events_retry")->click();
    QTRY_VERIFY(label->isHidden());
    QVERIFY(page.findChild<QWidget*>(QStringLiteral("events_error")) == nullptr
        || !page.findChild<QWidget*>(QStringLiteral("events_error"))->isVisible());
}

void TestOperatorPages::aPartOfAnIdSuggestsThoseThatContainIt()
{
    Bench bench;
    EventsPage page(bench.context());
    bench.show(page);
    page.find(bench.someId().left(6));
    auto* ids = find<QListWidget>(page, "events_ids");
    QTRY_VERIFY(ids->count() > 1);
    const QString first = ids->item(0)->text();
    Q_EMIT ids->itemActivated(ids->item(0));
    auto* table = find<QTableWidget>(page, "events_table");
    QTRY_VERIFY(table->isVisible() && table->rowCount() > 1);
    page.find(QStringLiteral("nobody-knows"));
    QTRY_VERIFY(ids->isVisible());
    QCOMPARE(ids->item(0)->text(), first); // nothing contains it: what was looked up before
}

void TestOperatorPages::aMarkOpensTheAttemptOrThePayload()
{
    Bench bench;
    EventsPage page(bench.context());
    bench.show(page);
    page.find(bench.someId());
    auto* table = find<QTableWidget>(page, "events_table");
    QTRY_VERIFY(table->rowCount() > 3);
    auto* lanes = find<LaneView>(page, "events_lanes");
    const auto click = [&](int step) {
        QTest::mouseClick(lanes, Qt::LeftButton, {}, lanes->placeOf(step).toPoint());
    };
    click(0); // where it was accepted
    QVERIFY(find<QWidget>(page, "events_payload")->isVisible());
    int attempt = 1;
    while (table->item(attempt, 3)->text().isEmpty())
        ++attempt;
    click(attempt);
    auto* detail = find<QWidget>(page, "events_attempt");
    QVERIFY(detail->isVisible());
    QVERIFY(detail->property("plainText").toString().contains(QStringLiteral("Attempt:")));
}

void TestOperatorPages::theMatrixIsExportedAsItIsShown()
{
    Bench bench;
    EventsPage page(bench.context());
    bench.show(page);
    page.find(bench.someId() + QStringLiteral(" missing-1"));
    QTRY_COMPARE(find<QTableView>(page, "events_matrix")->model()->rowCount(), 2);
    const QTemporaryDir folder;
    page.exportTo(folder.filePath(QStringLiteral("events.csv")));
    QFile written(folder.filePath(QStringLiteral("events.csv")));
    QTRY_VERIFY(written.exists());
    QVERIFY(written.open(QIODevice::ReadOnly));
    const QByteArray csv = written.readAll();
    QCOMPARE(csv.count('\n'), 3);
    QVERIFY(csv.startsWith("\"Event ID\""));
    QCOMPARE(bench.engine.auditRows().back().action, std::string("export"));
}

// Masked again after 600 ticks of a second; both ends are in the audit, the reason too.
void TestOperatorPages::personalDataIsShownForTenMinutesWithAReason()
{
    Bench bench;
    Privacy privacy(bench.engine);
    PrivacyBar bar(privacy);
    auto context = bench.context();
    context.privacy = &privacy;
    EventsPage page(context);
    bench.show(page);
    page.find(bench.someId());
    auto* payload = find<QWidget>(page, "events_payload");
    const auto text = [&] { return payload->property("plainText").toString(); };
    QTRY_VERIFY(!text().isEmpty());
    QVERIFY(!text().contains(u'@'));

    QSignalSpy refused(&privacy, &Privacy::refused);
    privacy.show(QStringLiteral("  "));
    QCOMPARE(refused.size(), 1);
    privacy.show(QStringLiteral("ticket 4711"));
    QTRY_VERIFY(text().contains(u'@'));
    QVERIFY(bar.isVisibleTo(nullptr) || !bar.isHidden());
    QCOMPARE(bench.engine.auditRows().back().action, std::string("unmask"));
    QCOMPARE(bench.engine.auditRows().back().reason, std::string("ticket 4711"));
    QVERIFY(!page.copiedText().contains(u'@')); // a copy stays masked
    for (int second = 0; second < 600; ++second)
        privacy.tick();
    QVERIFY(!text().contains(u'@'));
    QVERIFY(bar.isHidden());
    QCOMPARE(bench.engine.auditRows().back().action, std::string("mask"));
}

void TestOperatorPages::severalIdsMakeAMatrix()
{
    Bench bench;
    EventsPage page(bench.context());
    bench.show(page);
    page.find(bench.someId() + QStringLiteral(", missing-1;") + bench.someId());
    auto* matrix = find<QTableView>(page, "events_matrix");
    QTRY_COMPARE(matrix->model()->rowCount(), 2); // a repeated id counts once
    QVERIFY(matrix->model()->columnCount() > 2);
    QVERIFY(matrix->model()->index(1, 0).data().toString().contains(QStringLiteral("not found")));
    QAbstractItemModelTester tester(
        matrix->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    find<QCheckBox>(page, "events_openOnly")->setChecked(true);
    QCOMPARE(matrix->model()->rowCount(), 2);
}

// No route takes it: it was accepted nowhere, which is what that box looks for.
void TestOperatorPages::anEventWithoutADeliveryIsOpen()
{
    engine::EventPage page;
    page.events.push_back({ .eventId = "unrouted-1" });
    EventMatrixModel matrix;
    matrix.setPage(page);
    matrix.setOpenOnly(true);
    QCOMPARE(matrix.rowCount(), 1);
}

void TestOperatorPages::theClipboardIsLookedUpWhenItLooksLikeAnId()
{
    QVERIFY(looksLikeEventId(QStringLiteral("ord-5512-purchase")));
    QVERIFY(!looksLikeEventId(QStringLiteral("two words")));
    QVERIFY(!looksLikeEventId(QStringLiteral("https://example.com/x")));
    Bench bench;
    EventsPage page(bench.context());
    bench.show(page);
    QGuiApplication::clipboard()->setText(QStringLiteral("some sentence"));
    page.findClipboard();
    QVERIFY(find<QLineEdit>(page, "events_input")->text().isEmpty());
    QGuiApplication::clipboard()->setText(bench.someId());
    page.findClipboard();
    QTRY_VERIFY(find<QTableWidget>(page, "events_table")->rowCount() > 0);
}

void TestOperatorPages::aPayloadIsComparedFieldByField()
{
    const auto differences = comparePayloads(
        R"({"id":10223372036854775807,"price":12.9,"user":{"age":3},"items":[{"q":1}],"ok":true})",
        R"({"id":10223372036854775808,"price":"12,90","items":[{"q":1},{"q":2}],"ok":false})");
    QStringList found;
    for (const auto& difference : differences)
        found += difference.pointer + u' ' + differenceWord(difference.kind);
    QCOMPARE(found,
        (QStringList { QStringLiteral("/user/age missing"), QStringLiteral("/price other type"),
            QStringLiteral("/items/1/q new"), QStringLiteral("/id other value"),
            QStringLiteral("/ok other value") }));
    QCOMPARE(differences[3].accepted, QStringLiteral("10223372036854775807"));
    QVERIFY(comparePayloads("{}", "{}").empty());
    // What a person is called is no difference.
    QVERIFY(comparePayloads(R"({"email":"a@b.example"})", R"({"email":"c@d.example"})").empty());
}

void TestOperatorPages::theDiffTabComparesWithTheLastAcceptedOne()
{
    Bench bench;
    DlqPage page(bench.context());
    bench.show(page);
    auto* rows = find<QTableView>(page, "dlq_rows");
    QTRY_VERIFY(rows->model()->rowCount() > 0);
    rows->setCurrentIndex(rows->model()->index(0, 0));
    auto* diff = find<QTableWidget>(page, "dlq_diff");
    QTRY_VERIFY(diff->rowCount() > 0);
    bool isPriceThere = false;
    for (int row = 0; row < diff->rowCount(); ++row)
        isPriceThere = isPriceThere || diff->item(row, 0)->text() == QStringLiteral("/price");
    QVERIFY(isPriceThere);
}

// About what the page has at 1440 px beside an open inspector.
void TestOperatorPages::columnsThatMatterFitAThousandPixels()
{
    Bench bench;
    DlqPage page(bench.context());
    page.resize(1'004, 760);
    page.show();
    auto* rows = find<QTableView>(page, "dlq_rows");
    QTRY_VERIFY(rows->model()->rowCount() > 0);
    QVERIFY2(rows->horizontalHeader()->length() <= rows->viewport()->width(),
        qPrintable(QStringLiteral("%1 > %2")
                       .arg(rows->horizontalHeader()->length())
                       .arg(rows->viewport()->width())));
    for (const int column : { 0, 1, 5, 6, 7, 10 }) // id, shard, code, retries, first seen, expires
        QVERIFY(!rows->isColumnHidden(column));
}

void TestOperatorPages::aGroupIsGivenAStatus()
{
    Bench bench;
    DlqPage page(bench.context());
    bench.show(page);
    find<QPushButton>(page, "dlq_modeGroups")->click();
    auto* groups = find<QTableView>(page, "dlq_groups");
    QTRY_VERIFY(groups->model()->rowCount() > 0);
    groups->setCurrentIndex(groups->model()->index(0, 0));
    find<QComboBox>(page, "dlq_groupStatus")->setCurrentIndex(2);
    find<QLineEdit>(page, "dlq_groupNote")->setText(QStringLiteral("ticket 7"));
    find<QPushButton>(page, "dlq_groupSay")->click();
    QTRY_VERIFY(
        groups->model()->index(0, 6).data().toString().contains(QStringLiteral("Fix pending")));
    const auto* command
        = std::get_if<engine::GroupStatusCommand>(&bench.engine.commands().back().what);
    QVERIFY(command != nullptr);
    QCOMPARE(command->note, std::string("ticket 7"));
}

void TestOperatorPages::purgingAsksForTheNumberAndAReason()
{
    Bench bench;
    for (int id = 1; id <= 5; ++id)
        bench.engine.store().setState(
            engine::DeadLetterId { id }, engine::DeadLetterState::Archived);
    DlqPage page(bench.context());
    bench.show(page);
    QVERIFY(!find<QPushButton>(page, "dlq_askPurge")->isVisible());
    find<QLineEdit>(page, "dlq_filter")->setText(QStringLiteral("state:archived"));
    QTRY_VERIFY(find<QPushButton>(page, "dlq_askPurge")->isVisible());
    auto* rows = find<QTableView>(page, "dlq_rows");
    QTRY_COMPARE(rows->model()->rowCount(), 5);
    find<QPushButton>(page, "dlq_askPurge")->click();
    auto* purge = find<QPushButton>(page, "dlq_purge");
    QTRY_VERIFY(purge->isVisible());
    QVERIFY(!purge->isEnabled());
    find<QLineEdit>(page, "dlq_purgeCount")->setText(QStringLiteral("4"));
    find<QLineEdit>(page, "dlq_purgeReason")->setText(QStringLiteral("test data"));
    QVERIFY(!purge->isEnabled());
    find<QLineEdit>(page, "dlq_purgeCount")->setText(QStringLiteral("5"));
    QVERIFY(purge->isEnabled());
    purge->click();
    QTRY_VERIFY(!bench.engine.commands().empty());
    QVERIFY(std::holds_alternative<engine::PurgeCommand>(bench.engine.commands().back().what));
    QCOMPARE(bench.engine.commands().back().reason, std::string("test data"));
}

void TestOperatorPages::filtersAreKept()
{
    const QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("look.ini")), QSettings::IniFormat);
    SavedFilters saved;
    saved.setLine(QStringLiteral("dest:meta http:400"));
    Q_EMIT saved.menu()->aboutToShow();
    saved.menu()->actions().front()->trigger();
    saved.save(settings);
    SavedFilters again;
    again.restore(settings);
    QCOMPARE(again.lines(), QStringList { QStringLiteral("dest:meta http:400") });
    QSignalSpy chosen(&again, &SavedFilters::chosen);
    Q_EMIT again.menu()->aboutToShow();
    again.menu()->actions().back()->trigger();
    QCOMPARE(chosen.size(), 1);
}

void TestOperatorPages::aReplayCanBeSlowedDownAndTellsItsStory()
{
    Bench bench;
    CommandRunner runner(bench.engine);
    const auto context = bench.context(); // the view keeps a reference
    JobView view(context, runner);
    view.resize(900, 600);
    view.show();
    QSignalSpy answered(&bench.engine, &engine::EnginePort::snapshotPublished);
    bench.engine.preview({}, [](auto) {});
    bench.engine.submit(
        { .what = engine::ReplayCommand { .selection = engine::SelectionId { 118 } } },
        [](auto) {});
    const auto job = bench.engine.snapshot()->jobs.front().id;
    view.setJob(job, {});
    QVERIFY(find<QLabel>(view, "replay_log")->text().contains(QStringLiteral("canary")));
    QVERIFY(find<QLabel>(view, "replay_liveGuards")->text().contains(QStringLiteral("live lag")));
    find<QPushButton>(view, "replay_slower")->click();
    QTRY_VERIFY(
        std::holds_alternative<engine::ReplayPaceCommand>(bench.engine.commands().back().what));
    QCOMPARE(std::get<engine::ReplayPaceCommand>(bench.engine.commands().back().what).sharePercent,
        10.0);
    // Over: the report has the preview's parts although it was not made here.
    bench.engine.advance(engine::Seconds { 60 });
    view.applySnapshot(bench.engine.snapshot());
    QVERIFY(view.isOver());
    QTRY_VERIFY(find<QLabel>(view, "replay_report")->text().contains(QStringLiteral("Matched")));
}

void TestOperatorPages::anAuditFilterMeansWhatItSays()
{
    const FakeEngine engine;
    const auto parsed
        = parseAuditFilter(QStringLiteral("who:kc action:tune after:15m meta main"), engine.now());
    QVERIFY(parsed.error.isEmpty());
    QCOMPARE(parsed.filter.who, std::string("kc"));
    QCOMPARE(parsed.filter.action, std::string("tune"));
    QCOMPARE(parsed.filter.text, std::string("meta main"));
    QVERIFY(parsed.filter.from == engine.now() - std::chrono::minutes { 15 });
    QVERIFY(!parseAuditFilter(QStringLiteral("before:soon"), engine.now()).error.isEmpty());
    const auto more = parseAuditFilter(
        QStringLiteral("shard:meta/1 result:refused job:R-17 undo:9 \"two  words\""), engine.now());
    QCOMPARE(more.filter.target, std::string("meta/1"));
    QVERIFY(more.filter.isOk == false);
    QCOMPARE(more.filter.correlation, std::string("R-17"));
    QVERIFY(more.filter.undoOf == engine::AuditId { 9 });
    QCOMPARE(more.filter.text, std::string("two  words"));
    for (const char* wrong : { "who:", "result:maybe", "undo:x", "wo:kc", "\"open" })
        QVERIFY2(!parseAuditFilter(QLatin1String(wrong), engine.now()).error.isEmpty(), wrong);
}

void TestOperatorPages::aPauseIsTakenBackWhileItStands()
{
    Bench bench;
    const auto shard = bench.engine.snapshot()->shards.front().shard;
    const auto pause = [&] {
        bench.engine.submit({ .what = engine::PauseCommand { .targets = { shard } } }, [](auto) {});
    };
    pause();
    AuditPage page(bench.context());
    bench.show(page);
    auto* table = find<QTableView>(page, "audit_table");
    auto* revert = find<QPushButton>(page, "audit_revert");
    auto* info = find<QLabel>(page, "audit_revertInfo");
    QTRY_COMPARE(table->model()->rowCount(), 1);
    table->selectRow(0);
    QTRY_VERIFY(revert->isEnabled());
    QVERIFY(info->text().startsWith(QStringLiteral("Reverting brings back")));
    revert->click();
    QTRY_COMPARE(table->model()->rowCount(), 2);
    QVERIFY(bench.engine.snapshot()->shards.front().desired == engine::Desired::Running);
    QCOMPARE(
        table->model()->index(0, AuditModel::UndoOfColumn).data().toString(), QStringLiteral("1"));
    QCOMPARE(
        table->model()->index(1, AuditModel::ActionColumn).data().toString(), actionWord("pause"));

    table->selectRow(1); // what it left is not in force any more
    QTRY_VERIFY(info->text().startsWith(QStringLiteral("No way back")));
    QVERIFY(!revert->isEnabled());
    QCOMPARE(revert->toolTip(), info->text());
    table->selectRow(0);
    find<QPushButton>(page, "audit_original")->click();
    QCOMPARE(table->currentIndex().row(), 1);
}

void TestOperatorPages::anEntryOpensTheChartsAroundIt()
{
    Bench bench;
    const auto shard = bench.engine.snapshot()->shards.front().shard;
    bench.engine.submit(
        { .what = engine::TuneCommand { .targets = { shard }, .concurrency = 3 } }, [](auto) {});
    bench.engine.submit({ .what = engine::ReloadCommand {} }, [](auto) {});
    AuditPage page(bench.context());
    bench.show(page);
    auto* table = find<QTableView>(page, "audit_table");
    auto* charts = find<QPushButton>(page, "audit_charts");
    QTRY_COMPARE(table->model()->rowCount(), 2);
    table->selectRow(0); // a reload has no shard
    QVERIFY(!charts->isEnabled());
    table->selectRow(1);
    QSignalSpy navigated(&page, &Page::navigationRequested);
    charts->click();
    QCOMPARE(navigated.size(), 1);
    const auto target = navigated.front().front().value<PageTarget>();
    QVERIFY(target.page == PageId::Shard);
    QVERIFY(target.shards == std::vector { shard });
    QVERIFY(*target.filter->failedFrom < bench.engine.now());
}

void TestOperatorPages::theAuditIsExportedAsItIsFiltered()
{
    Bench bench;
    for (int i = 0; i < 1'500; ++i)
        bench.engine.submit({ .what = engine::ReloadCommand {}, .who = "kc" }, [](auto) {});
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("audit.jsonl"));
    AuditPage page(bench.context());
    bench.show(page);
    page.exportTo(file);
    QTRY_VERIFY_WITH_TIMEOUT(find<QLabel>(page, "audit_message")
                                 ->text()
                                 .contains(QStringLiteral("1,500 actions written")),
        10'000);
    QFile written(file);
    QVERIFY(written.open(QIODevice::ReadOnly));
    QCOMPARE(written.readAll().count('\n'), 1'500);
}

SPILLWAY_TEST(TestOperatorPages)

} // namespace tst_operator_pages

#include "tst_operator_pages.moc"

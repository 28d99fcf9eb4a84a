#include "audit/audit_model.h"
#include "audit/audit_page.h"
#include "coach/coach_bar.h"
#include "dlq/dead_letter_model.h"
#include "dlq/dead_letter_view.h"
#include "dlq/detail_pane.h"
#include "dlq/dlq_page.h"
#include "help/help_window.h"
#include "replay/confirm_step.h"
#include "replay/job_view.h"
#include "replay/jobs_model.h"
#include "replay/replay_draft.h"
#include "replay/replay_page.h"
#include "support/fake_engine.h"
#include "support/process_figures.h"
#include "support/test_program.h"
#include "theme/theme.h"
#include "widgets/undo_bar.h"
#include "window/ui_test_mode.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTextBrowser>

#include <algorithm>

namespace tst_tool_pages {

using engine::testing::FakeEngine;
using namespace ui;

namespace {

struct Bench {
    explicit Bench(std::int64_t deadLetters = 2'000)
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

    FakeEngine engine;
    Theme theme { ThemeMode::Light };
    FixedUiClock clock { engine.now() };
};

template <class Widget>
Widget* find(const QWidget& page, const char* name)
{
    return page.findChild<Widget*>(QLatin1String(name));
}

int unnamed(const QWidget& page)
{
    int count = 0;
    for (const auto* widget : page.findChildren<QWidget*>()) {
        const bool isPart = qobject_cast<const QAbstractSpinBox*>(widget->parent()) != nullptr;
        if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus || isPart
            || !widget->accessibleName().isEmpty())
            continue;
        // A text that can be selected is read out as it stands.
        if (qobject_cast<const QLabel*>(widget) != nullptr)
            continue;
        // The scroll area inside a combo box or a table's own header belongs to its owner.
        if (widget->objectName().startsWith(QLatin1String("qt_")))
            continue;
        qInfo() << "no accessible name:" << widget->metaObject()->className()
                << widget->objectName();
        ++count;
    }
    return count;
}

// What an engine would never say, to see that the console does not hide it.
engine::ReplayPreview previewOf(std::int64_t matched, std::int64_t willSend)
{
    engine::ReplayPreview preview;
    preview.matched = matched;
    preview.willSend = willSend;
    preview.shards.push_back(
        { .shard = { "snap", "a77" }, .matched = matched, .willSend = willSend });
    return preview;
}

} // namespace

class TestToolPages : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin)"))); }
    void aMillionDeadLettersOpenAtOnce();
    void aFilterMistakeLeavesTheListAlone();
    void aSelectedRowIsReadAfterAPauseAndMasked();
    void archivingFreezesAndCanBeUndone();
    void newDeadLettersWaitBehindTheirBanner();
    void anExportIsWholeOrNotThere();
    void theScopeGoesToTheReplayPage();
    void theDeadLetterPageNamesItsWidgets();
    void previewPartsAddUpOrStopTheReplay();
    void confirmingNamesTheNumbers();
    void aLiveProfileAsksForTheCount();
    void aReplayRunsFromPreviewToReport();
    void theStartCanBeCancelled();
    void aSecondReplayOfTheSameEntriesIsRefused();
    void aReportThatDoesNotAddUpSaysSo();
    void theReplayPageNamesItsWidgets();
    void theAuditIsReadByPages();
    void theCoachFollowsWhatTheOperatorDoes();
    void everyHelpPageIsThereAndItsLinksLead();
};

void TestToolPages::aMillionDeadLettersOpenAtOnce()
{
    Bench bench(1'000'000);
    DlqPage page(bench.context());
    const double begin = engine::testing::threadMillis();
    bench.show(page);
    QTRY_VERIFY(page.model().rowCount() > 0);
    QVERIFY(page.model().rowAt(0) != nullptr);
    const double opened = engine::testing::threadMillis() - begin;
    qInfo("page with 1,000,000 dead letters open after %.0f ms of processor time", opened);
    QVERIFY2(opened < 5'000, "a second is promised"); // the fake's own counting is in it
    QCOMPARE(page.model().rowCount(), static_cast<int>(bench.engine.store().waiting()));
    auto* rows = find<DeadLetterView>(page, "dlq_rows");
    rows->selectAll(); // a million rows are one range, and most of them were never read
    QVERIFY(!find<QPushButton>(page, "dlq_archive")->isEnabled());
    QVERIFY(
        find<QLabel>(page, "dlq_scopeProblem")->text().contains(QStringLiteral("all matching")));
}

void TestToolPages::aFilterMistakeLeavesTheListAlone()
{
    Bench bench;
    DlqPage page(bench.context());
    bench.show(page);
    QTRY_VERIFY(page.model().rowCount() > 0);
    const int rows = page.model().rowCount();
    const int asked = bench.engine.questions();
    auto* filter = find<QLineEdit>(page, "dlq_filter");
    filter->setText(QStringLiteral("colour:red"));
    QTest::keyClick(filter, Qt::Key_Return);
    QVERIFY(find<QLabel>(page, "dlq_filterError")->isVisible());
    QCOMPARE(page.model().rowCount(), rows);
    QCOMPARE(bench.engine.questions(), asked);
    filter->setText(QStringLiteral("class:unknown"));
    QTest::keyClick(filter, Qt::Key_Return);
    QVERIFY(!find<QLabel>(page, "dlq_filterError")->isVisible());
    QTRY_VERIFY(page.model().rowCount() < rows && !page.model().isLoading());
}

void TestToolPages::aSelectedRowIsReadAfterAPauseAndMasked()
{
    Bench bench;
    DlqPage page(bench.context());
    bench.show(page);
    QTRY_VERIFY(page.model().rowCount() > 10);
    auto* rows = find<DeadLetterView>(page, "dlq_rows");
    QTRY_COMPARE(page.model().windowsHeld(), 3); // the first, the one ahead, and the end
    const int asked = bench.engine.questions();
    for (int row = 0; row < 8; ++row) // walking through asks for nothing
        rows->selectRow(row);
    QCOMPARE(bench.engine.questions(), asked);
    auto* payload = find<QPlainTextEdit>(page, "dlq_payload");
    QTRY_VERIFY(payload->toPlainText().contains(QStringLiteral("event_id")));
    QCOMPARE(bench.engine.questions(), asked + 1);
    QVERIFY(!payload->toPlainText().contains(u'@'));
    auto* unmask = find<QCheckBox>(page, "dlq_unmask");
    QVERIFY(!unmask->isChecked());
    unmask->setChecked(true);
    QTRY_VERIFY(payload->toPlainText().contains(u'@'));
    find<QPushButton>(page, "dlq_copy")->click();
    QVERIFY(!QGuiApplication::clipboard()->text().contains(u'@'));
    QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("event_id")));
    find<QLineEdit>(page, "dlq_find")->setText(QStringLiteral("event_"));
    QVERIFY(find<QLabel>(page, "dlq_findCount")->text().startsWith(QStringLiteral("3")));
}

void TestToolPages::archivingFreezesAndCanBeUndone()
{
    Bench bench;
    DlqPage page(bench.context());
    bench.show(page);
    QTRY_VERIFY(page.model().rowCount() > 10);
    const int before = page.model().rowCount();
    auto* rows = find<DeadLetterView>(page, "dlq_rows");
    rows->selectRow(0);
    auto* archive = find<QPushButton>(page, "dlq_archive");
    QCOMPARE(archive->text(), QStringLiteral("Archive 1"));
    archive->click();
    QTRY_COMPARE(page.model().rowCount(), before - 1);
    auto* undo = find<QPushButton>(page, "undo_button");
    QVERIFY(undo->isVisible());
    QTest::keyClick(&page, Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(page.model().rowCount(), before);
}

void TestToolPages::newDeadLettersWaitBehindTheirBanner()
{
    Bench bench;
    DlqPage page(bench.context());
    bench.show(page);
    QTRY_VERIFY(page.model().rowCount() > 10);
    const int before = page.model().rowCount();
    auto* banner = find<QWidget>(page, "dlq_newBanner");
    QVERIFY(!banner->isVisible());
    bench.engine.advance(engine::Seconds { 30 });
    QVERIFY(banner->isVisible());
    QCOMPARE(page.model().rowCount(), before);
    find<QPushButton>(page, "dlq_newLoad")->click();
    QTRY_VERIFY(page.model().rowCount() > before);
    QVERIFY(!banner->isVisible());
}

void TestToolPages::anExportIsWholeOrNotThere()
{
    Bench bench;
    QTemporaryDir folder;
    DlqPage page(bench.context());
    bench.show(page);
    QTRY_VERIFY(page.model().rowCount() > 10);
    const QString file = folder.filePath(QStringLiteral("out.jsonl"));
    page.exportTo(file);
    QTRY_VERIFY(QFile::exists(file + QStringLiteral(".meta.json")));
    QFile out(file);
    QVERIFY(out.open(QIODevice::ReadOnly));
    const QByteArray text = out.readAll();
    QCOMPARE(text.count('\n'), page.model().rowCount());
    QVERIFY(!text.contains('@'));

    const QString cancelled = folder.filePath(QStringLiteral("cancelled.csv"));
    QTRY_VERIFY(!find<QProgressBar>(page, "dlq_exportProgress")->isVisible());
    bench.engine.holdReplies(true);
    page.exportTo(cancelled);
    find<QPushButton>(page, "dlq_exportCancel")->click();
    bench.engine.holdReplies(false);
    QTRY_VERIFY(find<QLabel>(page, "dlq_exportText")->text().contains(QStringLiteral("Cancelled")));
    QVERIFY(!QFile::exists(cancelled));
}

void TestToolPages::theScopeGoesToTheReplayPage()
{
    Bench bench;
    DlqPage page(bench.context());
    bench.show(page);
    QTRY_VERIFY(page.model().rowCount() > 10);
    QSignalSpy asked(&page, &Page::navigationRequested);
    find<DeadLetterView>(page, "dlq_rows")->selectRow(4);
    auto* replay = find<QPushButton>(page, "dlq_replay");
    QCOMPARE(replay->text(), QStringLiteral("Replay 1…"));
    replay->click();
    QCOMPARE(asked.size(), 1);
    const auto target = asked.at(0).at(0).value<PageTarget>();
    QCOMPARE(target.page, PageId::Replay);
    QVERIFY(target.filter->ids == std::vector { page.model().rowAt(4)->id });
    QVERIFY(bench.engine.commands().empty());
}

void TestToolPages::theDeadLetterPageNamesItsWidgets()
{
    Bench bench;
    DlqPage page(bench.context());
    bench.show(page);
    QTRY_VERIFY(page.model().rowCount() > 10);
    find<DeadLetterView>(page, "dlq_rows")->selectRow(1);
    QTRY_VERIFY(find<QPushButton>(page, "dlq_copyCurl")->isEnabled());
    find<QLineEdit>(page, "dlq_filter")->setText(QStringLiteral("class:invalid"));
    QCOMPARE(unnamed(page), 0);
    find<QPushButton>(page, "dlq_modeGroups")->click();
    QCOMPARE(unnamed(page), 0);
}

void TestToolPages::previewPartsAddUpOrStopTheReplay()
{
    auto preview = previewOf(100, 60);
    preview.alreadyAccepted = 10;
    preview.outcomeUnknown = 20;
    preview.sameError = 10;
    QVERIFY(addsUp(preview));
    QCOMPARE(previewSum(preview),
        QStringLiteral("Matched 100 = 60 will be sent + 10 already accepted + 10 same error + 20 "
                       "outcome unknown"));
    ReplayDraft draft { .preview = preview };
    QCOMPARE(sendCount(draft), 60);
    draft.includeUnknown = true;
    draft.includeSameError = true;
    QCOMPARE(sendCount(draft), 90);
    preview.tooOld = 1;
    QVERIFY(!addsUp(preview));
}

void TestToolPages::confirmingNamesTheNumbers()
{
    auto preview = previewOf(100, 60);
    preview.alreadyAccepted = 40;
    const QString text = confirmSentence({ .preview = preview, .sharePercent = 5 });
    for (const char* part : { "60 events", "snap", "5 %", "40 of the 100", "event_id" })
        QVERIFY2(text.contains(QLatin1String(part)), qPrintable(text));
}

void TestToolPages::aLiveProfileAsksForTheCount()
{
    Bench bench;
    const ReplayDraft draft { .preview = previewOf(10'001, 10'001) };
    engine::EngineSnapshot live;
    live.profileKind = "live";
    QVERIFY(!guardOf(draft, {}).needsTypedCount);
    QVERIFY(guardOf(draft, live).needsTypedCount);
    QVERIFY(!guardOf({ .preview = previewOf(10'000, 10'000) }, live).needsTypedCount);
    const auto context = bench.context();
    ConfirmStep step(context);
    step.show();
    step.setDraft(draft, live);
    auto* start = find<QPushButton>(step, "replay_start");
    QVERIFY(!start->isEnabled());
    QTest::keyClicks(find<QLineEdit>(step, "replay_typedCount"), QStringLiteral("10001"));
    QVERIFY(!start->isEnabled()); // more than a hundred want a reason there
    QTest::keyClicks(find<QLineEdit>(step, "replay_reason"), QStringLiteral("fixed"));
    QVERIFY(start->isEnabled());
    QCOMPARE(start->text(), QStringLiteral("Replay 10,001 events"));
}

// The whole way by hand: scope, preview, pace, confirm, ten seconds, running, report.
void TestToolPages::aReplayRunsFromPreviewToReport()
{
    Bench bench;
    ReplayPage page(bench.context());
    bench.show(page);
    engine::DeadLetterFilter filter;
    for (std::int64_t id = 1; id <= 100; ++id)
        filter.ids.push_back(engine::DeadLetterId { id });
    page.open({ .page = PageId::Replay, .filter = filter });
    QTRY_COMPARE(page.step(), ReplayPage::Step::Preview);
    const auto preview = *page.draft().preview;
    QCOMPARE(preview.matched, 100);
    QCOMPARE(find<QLabel>(page, "replay_matched")->text(), QStringLiteral("100"));
    auto* next = find<QPushButton>(page, "replay_next");
    next->click();
    next->click();
    QCOMPARE(page.step(), ReplayPage::Step::Confirm);
    find<QPushButton>(page, "replay_start")->click();
    auto* confirm = page.findChild<ConfirmStep*>();
    for (int i = 0; i < ConfirmStep::kHoldSeconds - 1; ++i)
        confirm->tick();
    QVERIFY(bench.engine.commands().empty()); // one second is left
    confirm->tick();
    QCOMPARE(bench.engine.commands().size(), std::size_t { 1 });
    const auto sent = std::get<engine::ReplayCommand>(bench.engine.commands().back().what);
    QCOMPARE(engine::toInt(sent.selection), engine::toInt(preview.selection));
    QCOMPARE(sent.sharePercent, 20.0);
    QTRY_COMPARE(page.step(), ReplayPage::Step::Live);
    bench.engine.advance(engine::Seconds { 1 });
    QVERIFY(find<QProgressBar>(page, "replay_progress")->value() > 0);
    QVERIFY(find<QPushButton>(page, "replay_cancel")->text().contains(QStringLiteral("left stay")));
    bench.engine.advance(engine::Seconds { 60 });
    QCOMPARE(page.step(), ReplayPage::Step::Report);
    const QString report = find<QLabel>(page, "replay_report")->text();
    QVERIFY2(
        report.contains(QStringLiteral("%1 in the job").arg(preview.willSend)), qPrintable(report));
    QVERIFY2(!report.contains(QStringLiteral("do not add up")), qPrintable(report));
}

void TestToolPages::theStartCanBeCancelled()
{
    Bench bench;
    const auto context = bench.context();
    ConfirmStep step(context);
    step.show();
    step.setDraft({ .preview = previewOf(10, 10) }, {});
    QSignalSpy started(&step, &ConfirmStep::startRequested);
    step.begin();
    step.tick();
    QVERIFY(step.isHolding());
    find<QPushButton>(step, "replay_holdCancel")->click();
    for (int i = 0; i < 2 * ConfirmStep::kHoldSeconds; ++i)
        step.tick();
    QCOMPARE(started.size(), 0);
    QVERIFY(find<QPushButton>(step, "replay_start")->isEnabled());
}

void TestToolPages::aSecondReplayOfTheSameEntriesIsRefused()
{
    Bench bench;
    const auto preview = [&bench] {
        engine::SelectionId selection {};
        bool isHere = false;
        bench.engine.preview({}, [&](const engine::Result<engine::ReplayPreview>& answer) {
            selection = answer->selection;
            isHere = true;
        });
        [&] { QTRY_VERIFY(isHere); }();
        return selection;
    };
    // Both were frozen before either was started.
    const auto first = preview();
    ReplayPage page(bench.context());
    bench.show(page);
    page.open({ .page = PageId::Replay, .filter = engine::DeadLetterFilter {} });
    QTRY_COMPARE(page.step(), ReplayPage::Step::Preview);
    bench.engine.submit({ .what = engine::ReplayCommand { .selection = first } }, [](auto) {});
    find<QPushButton>(page, "replay_next")->click();
    find<QPushButton>(page, "replay_next")->click();
    auto* confirm = page.findChild<ConfirmStep*>();
    confirm->begin();
    while (confirm->isHolding())
        confirm->tick();
    auto* problem = find<QLabel>(page, "replay_confirmProblem");
    QTRY_VERIFY(problem->isVisible());
    QVERIFY(problem->text().contains(QStringLiteral("Already in job R-17")));
    QCOMPARE(page.step(), ReplayPage::Step::Confirm);
}

void TestToolPages::aReportThatDoesNotAddUpSaysSo()
{
    const ReplayReport good {
        .total = 10, .accepted = 6, .failed = 1, .skipped = 2, .cancelled = 1
    };
    QVERIFY(good.reconciles());
    QVERIFY(!reportText(good).contains(QStringLiteral("not add up")));
    const ReplayReport bad { .total = 10, .accepted = 6 };
    QVERIFY(!bad.reconciles());
    QVERIFY(reportText(bad).contains(QStringLiteral("4 entries are unaccounted for")));
}

void TestToolPages::theReplayPageNamesItsWidgets()
{
    Bench bench;
    ReplayPage page(bench.context());
    bench.show(page);
    QCOMPARE(unnamed(page), 0);
    page.open({ .page = PageId::Replay, .filter = engine::DeadLetterFilter {} });
    QTRY_COMPARE(page.step(), ReplayPage::Step::Preview);
    QCOMPARE(unnamed(page), 0);
    find<QPushButton>(page, "replay_next")->click();
    QCOMPARE(unnamed(page), 0);
    find<QPushButton>(page, "replay_next")->click();
    QCOMPARE(unnamed(page), 0);
}

void TestToolPages::theAuditIsReadByPages()
{
    Bench bench;
    for (int i = 0; i < 300; ++i)
        bench.engine.submit({ .what = engine::ReloadCommand {}, .who = "kc" }, [](auto) {});
    AuditModel model(bench.engine);
    model.reload();
    QTRY_COMPARE(model.rowCount(), AuditModel::kPageRows);
    QVERIFY(model.canFetchMore({}));
    bench.engine.failNext(engine::ErrorCode::Storage);
    model.fetchMore({});
    QTRY_VERIFY(model.failure().has_value());
    QCOMPARE(model.rowCount(), AuditModel::kPageRows);
    model.retry();
    QTRY_COMPARE(model.rowCount(), 300);
    QVERIFY(!model.canFetchMore({}));
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.reload(); // the tester fetches more by itself
    QTRY_COMPARE(model.rowCount(), 300);

    AuditPage page(bench.context());
    bench.show(page);
    auto* table = find<QTableView>(page, "audit_table");
    QTRY_VERIFY(table->model()->rowCount() > 0);
    find<QLineEdit>(page, "audit_filter")->setText(QStringLiteral("who:nobody"));
    QTRY_COMPARE(table->model()->rowCount(), 0);
    QTRY_VERIFY(find<QWidget>(page, "audit_table_filteredEmpty")->isVisible());
    QCOMPARE(unnamed(page), 0);
}

void TestToolPages::theCoachFollowsWhatTheOperatorDoes()
{
    Bench bench;
    bench.engine.advance(engine::Seconds { 5 });
    CoachBar coach(bench.theme);
    coach.applySnapshot(*bench.engine.snapshot());
    QVERIFY(coach.framedShard().has_value());
    coach.noteSelected({ { "some", "other" } });
    QCOMPARE(coach.step(), CoachBar::Step::See);
    coach.noteSelected({ *coach.framedShard() });
    QCOMPARE(coach.step(), CoachBar::Step::Why);
    coach.noteReplayStarted(); // not its turn
    QCOMPARE(coach.step(), CoachBar::Step::Why);
    coach.noteWhyRead();
    coach.noteApplied();
    QCOMPARE(coach.step(), CoachBar::Step::Replay);
    QSignalSpy finished(&coach, &CoachBar::finished);
    coach.noteReplayStarted();
    QCOMPARE(finished.size(), 1);
    CoachBar skipped(bench.theme);
    skipped.show();
    skipped.skip();
    QVERIFY(!skipped.isVisible());
    QCOMPARE(unnamed(coach), 0);
}

void TestToolPages::everyHelpPageIsThereAndItsLinksLead()
{
    Theme theme(ThemeMode::Light);
    HelpWindow help(theme);
    help.show();
    auto* text = find<QTextBrowser>(help, "help_text");
    for (const QString& name : HelpWindow::pageNames()) {
        help.openPage(name);
        QVERIFY2(text->toPlainText().size() > 800, qPrintable(name));
        QFile file(QStringLiteral(":/spillway/help/%1.md").arg(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        static const QRegularExpression link(QStringLiteral("\\]\\(([^)]+)\\.md\\)"));
        auto links = link.globalMatch(QString::fromUtf8(file.readAll()));
        while (links.hasNext())
            QVERIFY(HelpWindow::pageNames().contains(links.next().captured(1)));
    }
    help.openPage(QStringLiteral("no such page"));
    QCOMPARE(find<QListWidget>(help, "help_list")->currentRow(), 0);
}

SPILLWAY_TEST(TestToolPages)

} // namespace tst_tool_pages

#include "tst_tool_pages.moc"

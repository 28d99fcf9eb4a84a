// The replay page by hand: parts and samples, guards, drafts that outlive the program, reports.
#include "format/format.h"
#include "replay/confirm_step.h"
#include "replay/job_view.h"
#include "replay/replay_page.h"
#include "replay/replay_report.h"
#include "replay/report_panel.h"
#include "replay/stored_draft.h"
#include "support/test_program.h"
#include "theme/theme.h"
#include "ui/page_bench.h"
#include "window/main_window.h"

#include <QApplication>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QToolButton>

namespace tst_replay_page {

using engine::testing::FakeEngine;
using namespace ui;
using ui::testing::contentOf;
using ui::testing::PageBench;

namespace {

struct Bench : PageBench<ReplayPage> {
    using PageBench::PageBench;
    void preview()
    {
        page.open({ .page = PageId::Replay, .filter = engine::DeadLetterFilter {} });
        QTRY_COMPARE(page.step(), ReplayPage::Step::Preview);
    }
    void goOn() { find<QPushButton>("replay_next")->click(); }
    // From the preview to a job that runs.
    engine::ReplayCommand start()
    {
        goOn();
        goOn();
        auto* confirm = page.findChild<ConfirmStep*>();
        confirm->begin();
        while (confirm->isHolding())
            confirm->tick();
        [&] { QTRY_COMPARE(page.step(), ReplayPage::Step::Live); }();
        return std::get<engine::ReplayCommand>(engine.commands().back().what);
    }
};

constexpr const char* kMakeDraft = "--make-draft";

// The window of somebody who is in the middle of a draft; ends only by being killed.
int makeDraft(const QString& file)
{
    QSettings settings(file, QSettings::IniFormat);
    FakeEngine engine;
    Theme theme { ThemeMode::Light };
    const FixedUiClock clock { engine.now() };
    MainWindow window({ engine, theme, clock, false }, &settings);
    auto* page = new ReplayPage({ engine, theme, clock, false });
    window.addPage(PageId::Replay, page, QStringLiteral("replay"));
    window.restoreLayout();
    window.show();
    window.showPage(PageId::Replay);
    page->findChild<QLineEdit*>(QStringLiteral("replay_type"))->setText(QStringLiteral("Purchase"));
    page->findChild<QPushButton*>(QStringLiteral("replay_preview"))->click();
    while (page->step() != ReplayPage::Step::Preview)
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    page->findChild<QPushButton*>(QStringLiteral("replay_next"))->click();
    page->findChild<QDoubleSpinBox*>(QStringLiteral("replay_rate"))->setValue(7);
    return QApplication::exec();
}

} // namespace

class TestReplayPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyPartOfAPreviewCanBeLookedAt();
    void samplesShowWhatWentAndWhatWouldGo();
    void guardsAreSetBeforeAndShownWhileItRuns();
    void aSlowCountLetsThePaceBeChosenMeanwhile();
    void aDraftOutlivesTheProgram();
    void aDraftIsKeptWhileItIsMade();
    void aDraftOutlivesAKill();
    void aHoldSaysWhyInTheJob();
    void anExpiredSelectionIsSaidAndCountedAnew();
    void aThousandNewFailuresStayOutOfARunningReplay();
    void theFailedOnesGoAgainByTheirJob();
    void aReportIsAPageOrJsonAndHoldsNoAddress();
    void observeModeStartsAndStopsNothing();
};

void TestReplayPage::everyPartOfAPreviewCanBeLookedAt()
{
    Bench bench;
    bench.preview();
    const auto preview = *bench.page.draft().preview;
    QVERIFY(preview.outcomeUnknown > 0);
    auto* view = bench.find<QToolButton>("replay_unknownView");
    QVERIFY(view->isVisible());
    QVERIFY(!bench.find<QToolButton>("replay_tooOldView")->isVisible()); // there are none
    const auto* byShard = bench.find<QTableWidget>("replay_previewTable");
    QVERIFY(byShard->isColumnHidden(3) && !byShard->isColumnHidden(7)); // too old, unknown
    QVERIFY(byShard->columnWidth(0) > 150); // the names of the shards
    view->click();
    auto* table = bench.find<QTableWidget>("replay_partTable");
    QTRY_COMPARE(table->rowCount(), static_cast<int>(preview.outcomeUnknown));
    QVERIFY(table->isVisible());
    QSignalSpy asked(&bench.page, &Page::navigationRequested);
    Q_EMIT table->itemActivated(table->item(0, 0));
    QCOMPARE(asked.size(), 1);
    const auto target = asked.at(0).at(0).value<PageTarget>();
    QCOMPARE(target.page, PageId::Events);
    QCOMPARE(QString::fromStdString(target.filter->eventId), table->item(0, 0)->text());
}

void TestReplayPage::samplesShowWhatWentAndWhatWouldGo()
{
    Bench bench;
    bench.preview();
    auto* samples = bench.find<QComboBox>("replay_samples");
    QTRY_COMPARE(samples->count(), 3);
    auto* verdict = bench.find<QLabel>("replay_sampleVerdict");
    QVERIFY2(verdict->text().startsWith(QStringLiteral("Identical except")),
        qPrintable(verdict->text()));
    samples->setCurrentIndex(1);
    QVERIFY2(verdict->text().contains(QStringLiteral("differ")), qPrintable(verdict->text()));
    QVERIFY(bench.find<QTableWidget>("replay_sampleDifferences")->rowCount() > 0);
    samples->setCurrentIndex(2);
    QVERIFY2(verdict->text().contains(QStringLiteral("/price: is no number")),
        qPrintable(verdict->text()));
    for (const char* side : { "replay_sampleBefore", "replay_sampleAfter" })
        QVERIFY(!bench.find<QWidget>(side)->property("plainText").toString().contains(u'@'));
}

// 2 %, 0.5 %, 12 s: sent with the job, and named while it runs.
void TestReplayPage::guardsAreSetBeforeAndShownWhileItRuns()
{
    Bench bench;
    bench.preview();
    bench.goOn();
    QCOMPARE(bench.find<QDoubleSpinBox>("replay_guardErrors")->value(), 5.0);
    bench.find<QDoubleSpinBox>("replay_guardErrors")->setValue(2);
    bench.find<QDoubleSpinBox>("replay_guardThrottle")->setValue(0.5);
    bench.find<QSpinBox>("replay_guardLag")->setValue(12);
    bench.find<QPushButton>("replay_back")->click();
    const auto sent = bench.start();
    QCOMPARE(sent.guards.errorStop, 0.02);
    QCOMPARE(sent.guards.throttleHold, 0.005);
    QCOMPARE(sent.guards.liveLagHold.count(), 12);
    bench.engine.advance(engine::Seconds { 1 });
    const QString guards = bench.find<QLabel>("replay_liveGuards")->text();
    for (const char* part : { "stops at 2.0 %", "holds at 0.5 %", "holds at 12 s" })
        QVERIFY2(guards.contains(QLatin1String(part)), qPrintable(guards));
}

// 2,000 dead letters, of which 1,000 are counted: Next leads to the pace and no further.
void TestReplayPage::aSlowCountLetsThePaceBeChosenMeanwhile()
{
    Bench bench;
    bench.engine.holdReplies(true);
    bench.page.open({ .page = PageId::Replay, .filter = engine::DeadLetterFilter {} });
    bench.clock.setNow(bench.clock.wallNow() + engine::Seconds { 1 });
    QTRY_COMPARE(bench.page.step(), ReplayPage::Step::Preview);
    const QString sofar = bench.find<QLabel>("replay_matched")->text();
    QVERIFY2(
        sofar.startsWith(u'≥') && sofar.endsWith(QStringLiteral("counting…")), qPrintable(sofar));
    auto* next = bench.find<QPushButton>("replay_next");
    QVERIFY(next->isEnabled());
    next->click();
    QCOMPARE(bench.page.step(), ReplayPage::Step::Pace);
    QVERIFY(!next->isEnabled() && next->toolTip().contains(u'≥'));
    bench.find<QDoubleSpinBox>("replay_guardErrors")->setValue(2);
    bench.engine.holdReplies(false);
    QTRY_VERIFY(bench.page.draft().preview.has_value());
    QCOMPARE(bench.page.step(), ReplayPage::Step::Pace); // and what was set there is still set
    QCOMPARE(bench.find<QDoubleSpinBox>("replay_guardErrors")->value(), 2.0);
    QVERIFY(next->isEnabled());
    next->click();
    QCOMPARE(bench.page.step(), ReplayPage::Step::Confirm);
}

void TestReplayPage::aDraftOutlivesTheProgram()
{
    const QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("look.ini")), QSettings::IniFormat);
    Bench bench;
    bench.page.open(
        { .page = PageId::Replay, .filter = engine::DeadLetterFilter { .httpStatus = 400 } });
    QTRY_COMPARE(bench.page.step(), ReplayPage::Step::Preview);
    bench.goOn();
    bench.find<QDoubleSpinBox>("replay_rate")->setValue(7);
    const auto selection = bench.page.draft().preview->selection;
    bench.page.saveLayout(settings);

    ReplayPage again({ bench.engine, bench.theme, bench.clock, false });
    again.restoreLayout(settings);
    QTRY_COMPARE(again.step(), ReplayPage::Step::Preview);
    QVERIFY(again.draft().preview->selection == selection);
    QCOMPARE(again.draft().filter.httpStatus, std::optional(400));
    QCOMPARE(again.draft().rate, std::optional(7.0));

    const ReplayPage fresh({ bench.engine, bench.theme, bench.clock, false });
    fresh.saveLayout(settings); // nothing was begun here
    QVERIFY(!loadDraft(settings, bench.engine.now()));
}

// In the window, whose settings another program could read at any time: a draft is there without
// being saved by anybody, and gone once it is started.
void TestReplayPage::aDraftIsKeptWhileItIsMade()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("look.ini"));
    QSettings settings(file, QSettings::IniFormat);
    FakeEngine engine;
    Theme theme { ThemeMode::Light };
    const FixedUiClock clock { engine.now() };
    MainWindow window({ engine, theme, clock, false }, &settings);
    auto* page = new ReplayPage({ engine, theme, clock, false });
    window.addPage(PageId::Replay, page, QStringLiteral("replay"));
    window.restoreLayout();
    window.show();
    window.showPage(PageId::Replay);
    const auto kept = [&] {
        QSettings other(file, QSettings::IniFormat);
        return loadDraft(other, engine.now());
    };
    QVERIFY(!kept());
    page->findChild<QLineEdit*>(QStringLiteral("replay_type"))->setText(QStringLiteral("Purchase"));
    QTRY_VERIFY(kept() && kept()->draft.filter.eventName == "Purchase");
    QVERIFY(!kept()->selection);
    page->findChild<QPushButton*>(QStringLiteral("replay_preview"))->click();
    QTRY_VERIFY(kept() && kept()->selection.has_value());
    page->findChild<QPushButton*>(QStringLiteral("replay_next"))->click();
    page->findChild<QDoubleSpinBox*>(QStringLiteral("replay_rate"))->setValue(7);
    QTRY_VERIFY(kept()->draft.rate == 7.0);
    page->findChild<QPushButton*>(QStringLiteral("replay_next"))->click();
    auto* confirm = page->findChild<ConfirmStep*>();
    for (confirm->begin(); confirm->isHolding();)
        confirm->tick();
    QTRY_COMPARE(page->step(), ReplayPage::Step::Live);
    QTRY_VERIFY(!kept());
}

// Another process makes a draft and is killed without a word; what it had shown is on disk.
void TestReplayPage::aDraftOutlivesAKill()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("look.ini"));
    QProcess console;
    console.start(QCoreApplication::applicationFilePath(), { QLatin1String(kMakeDraft), file });
    QVERIFY(console.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(contentOf(file).contains("ratePerSecond=7"), 30'000);
    console.kill();
    QVERIFY(console.waitForFinished());
    QCOMPARE(console.exitStatus(), QProcess::CrashExit);
    QSettings settings(file, QSettings::IniFormat);
    const auto kept = loadDraft(settings, FakeEngine().now());
    QVERIFY(kept && kept->selection);
    QCOMPARE(kept->draft.filter.eventName, std::optional<std::string>("Purchase"));
    QCOMPARE(kept->draft.rate, std::optional(7.0));
}

// Live traffic waits for 31 s: the job holds, and the page and the list of jobs say why.
void TestReplayPage::aHoldSaysWhyInTheJob()
{
    Bench bench;
    bench.preview();
    (void)bench.start();
    bench.engine.advance(engine::Seconds { 1 });
    auto held = std::make_shared<engine::EngineSnapshot>(*bench.engine.snapshot());
    auto& job = held->jobs.front();
    job.state = "holding";
    job.reason = "hold: live lag 31 s";
    job.liveLag = engine::Seconds { 31 };
    bench.page.applySnapshot(held);
    const auto* reason = bench.find<QLabel>("replay_hold");
    QVERIFY(reason->isVisible());
    QCOMPARE(reason->text(), QStringLiteral("hold: live lag 31 s"));
    QVERIFY(bench.find<QLabel>("replay_liveGuards")->text().contains(QStringLiteral("31 s")));
    const auto& jobs = *bench.find<QTableView>("replay_jobs")->model();
    QStringList cells;
    for (int column = 0; column < jobs.columnCount(); ++column)
        cells << jobs.index(0, column).data().toString();
    QVERIFY2(cells.contains(QStringLiteral("hold: live lag 31 s")), qPrintable(cells.join(u'|')));
}

void TestReplayPage::anExpiredSelectionIsSaidAndCountedAnew()
{
    const QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("look.ini")), QSettings::IniFormat);
    Bench bench;
    bench.preview();
    bench.page.saveLayout(settings);
    FakeEngine next; // it knows nothing of that selection any more
    ReplayPage again({ next, bench.theme, bench.clock, false });
    again.show();
    again.restoreLayout(settings);
    auto* problem = again.findChild<QLabel*>(QStringLiteral("replay_problem"));
    QTRY_VERIFY(problem->isVisible());
    QVERIFY(problem->text().contains(QStringLiteral("expired")));
    QCOMPARE(again.step(), ReplayPage::Step::Window);
}

// Console design §13.9.
void TestReplayPage::aThousandNewFailuresStayOutOfARunningReplay()
{
    Bench bench;
    bench.preview();
    (void)bench.start();
    bench.engine.advance(engine::Seconds { 1 });
    const auto job = [&bench] { return bench.engine.snapshot()->jobs.front(); };
    const auto total = job().total;
    const auto before = job().newSinceCutoff;
    bench.engine.store().grow(1'000, bench.engine.now());
    bench.engine.advance(engine::Seconds { 1 });
    QCOMPARE(job().total, total);
    QVERIFY(job().newSinceCutoff >= before + 1'000);
    auto* said = bench.find<QLabel>("replay_newSince");
    QVERIFY(said->isVisible());
    QVERIFY2(said->text().startsWith(formatExact(job().newSinceCutoff)), qPrintable(said->text()));
    bench.engine.advance(engine::Seconds { 200 });
    QCOMPARE(bench.page.step(), ReplayPage::Step::Report);
    QCOMPARE(job().accepted + job().failed, total);
}

void TestReplayPage::theFailedOnesGoAgainByTheirJob()
{
    Bench bench;
    bench.preview();
    (void)bench.start();
    bench.engine.advance(engine::Seconds { 120 });
    QCOMPARE(bench.page.step(), ReplayPage::Step::Report);
    auto* failed = bench.find<QTableWidget>("replay_reportFailed");
    QTRY_VERIFY(failed->isVisible() && failed->rowCount() == 5);
    const auto job = *bench.page.findChild<JobView*>()->job();
    bench.find<QPushButton>("replay_failedAgain")->click();
    QTRY_COMPARE(bench.page.step(), ReplayPage::Step::Preview);
    QVERIFY(bench.page.draft().filter.job == job);
    QVERIFY(bench.page.draft().preview->matched > 0);
}

void TestReplayPage::aReportIsAPageOrJsonAndHoldsNoAddress()
{
    const QTemporaryDir folder;
    ReportContent content;
    content.job.id = engine::ReplayJobId { 17 };
    content.job.title = "snap <b>all</b>";
    content.job.total = 10;
    content.job.accepted = 8;
    content.job.failed = 2;
    content.job.log.push_back({ {}, "stopped: anna.berg@example.org is no hash" });
    engine::DeadLetterRow row { .eventId = "ord-1" };
    row.message = "anna.berg@example.org is no hash";
    content.failed.push_back(row);
    const QByteArray html = reportHtml(content);
    QVERIFY(html.contains("snap &lt;b&gt;all&lt;/b&gt;"));
    QVERIFY(html.contains("10 in the job = 8 accepted + 2 failed"));
    const auto json = QJsonDocument::fromJson(reportJson(content)).object();
    QCOMPARE(json.value(u"adds_up"), QJsonValue(true));
    QCOMPARE(json.value(u"job"), QJsonValue(QStringLiteral("R-17")));
    for (const QByteArray& text : { html, reportJson(content) }) {
        QVERIFY(text.contains("[e-mail]"));
        QVERIFY(!text.contains('@'));
    }
    Bench bench;
    auto& panel = bench.page.findChild<JobView*>()->report();
    panel.showReport(content.job);
    for (const char* name : { "report.html", "report.json" }) {
        const QString file = folder.filePath(QLatin1String(name));
        panel.exportTo(file);
        QTRY_VERIFY(QFile::exists(file));
        QVERIFY(contentOf(file).contains("R-17"));
        QCOMPARE(bench.engine.auditRows().back().target, std::string("report of R-17"));
    }
}

void TestReplayPage::observeModeStartsAndStopsNothing()
{
    Bench bench;
    bench.preview();
    (void)bench.start();
    bench.engine.setSafety(engine::SafetyLevel::Observe);
    for (const char* name : { "replay_pause", "replay_cancel", "replay_slower", "replay_faster" }) {
        auto* button = bench.find<QPushButton>(name);
        QVERIFY2(!button->isEnabled(), name);
        QVERIFY2(button->toolTip().startsWith(QStringLiteral("Observe mode")), name);
    }
    Bench other(engine::SafetyLevel::Observe);
    other.preview();
    other.goOn();
    other.goOn();
    auto* start = other.find<QPushButton>("replay_start");
    QVERIFY(!start->isEnabled());
    QVERIFY(start->toolTip().startsWith(QStringLiteral("Observe mode")));
    QVERIFY(other.engine.commands().empty());
}

// What the test that kills starts as a process of its own.
const engine::testing::ProgramPart kDraftMaker { kMakeDraft,
    [](int, char** argv) { return makeDraft(QString::fromLocal8Bit(argv[1])); } };

SPILLWAY_TEST(TestReplayPage)

} // namespace tst_replay_page

#include "tst_replay_page.moc"

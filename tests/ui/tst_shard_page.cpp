#include "charts/chart_deck.h"
#include "charts/metric_panel.h"
#include "models/shard_facts.h"
#include "shard/raw_metrics_model.h"
#include "shard/shard_header.h"
#include "shard/shard_profile.h"
#include "shard/shard_tabs.h"
#include "support/test_program.h"
#include "ui/test_console.h"
#include "window/console_actions.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSignalSpy>
#include <QToolButton>

namespace tst_shard_page {

using namespace ui;
using ui::testing::Console;
using namespace std::chrono_literals;

namespace {

struct OnShardPage : Console {
    explicit OnShardPage(engine::testing::FakeEngineOptions options = {})
        : Console(std::move(options))
    {
        window.setSelection({ { "snap", "a77-eu" } });
        window.showPage(PageId::Shard);
        QApplication::processEvents();
    }
    ShardPage& page() { return static_cast<ShardPage&>(*window.page(PageId::Shard)); }
    MetricPanel& panel(const char* name)
    {
        return *page().findChild<MetricPanel*>(QLatin1String(name));
    }
    void type(QDateTimeEdit& edit, engine::WallTime time)
    {
        edit.setDateTime(QDateTime::fromMSecsSinceEpoch(engine::toUnixMicros(time) / 1'000));
        Q_EMIT edit.editingFinished();
        QApplication::processEvents();
    }
};

} // namespace

class TestShardPage final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void enterInTheOverviewOpensTheShard();
    void nineChartsShowTheShardAlone();
    void thePickerChangesTheSelectionEverywhere();
    void requestsInFlightStandBesideTheirLimit();
    void typedTimesBecomeTheRangeOfChartsAndTabs();
    void timesBeforeThisRunAreReadByTheMinute();
    void aMonthIsReadInPieces();
    void aRangeThatEndsBeforeItBeginsIsRefused();
    void liveReturnsToTheNewestSamples();
    void chartsThatAreScrolledAwayAreDrawnWhenTheyComeIn();
    void deadLettersOfTheRangeOpenTheirGroup();
    void groupsThatCannotBeReadSayWhy();
    void theHeadNamesFlagsAndDrain();
    void changesListWhatHappenedToTheShard();
    void whatIsRefusedLaterStandsInTheProfile();
    void rawMetricsAreTheSamplesOfTheRange();
    void freezingIsSaidOnThePage();
    void anEmptyProfileSaysSo();
    void aSilentEngineIsShownAsStale();
};

void TestShardPage::init()
{
    QTest::failOnWarning(
        QRegularExpression(QStringLiteral("^(?!ticks take|This plugin does not support)")));
}

void TestShardPage::enterInTheOverviewOpensTheShard()
{
    Console console;
    console.window.setSelection({ { "snap", "a77-eu" } });
    console.table().setFocus();
    QTest::keyClick(&console.table(), Qt::Key_Return);
    QVERIFY(console.find<QWidget>("page_shard").isVisible());
    QVERIFY(console.find<QLabel>("shard_title").text().contains(QStringLiteral("a77-eu")));
    QVERIFY(console.find<QLabel>("shard_state").text().startsWith(QStringLiteral("Failing for")));
}

void TestShardPage::nineChartsShowTheShardAlone()
{
    OnShardPage console;
    const auto panels = console.page().findChildren<MetricPanel*>();
    QCOMPARE(panels.size(), 9);
    for (auto* panel : panels) {
        console.find<QScrollArea>("shard_charts").ensureWidgetVisible(panel);
        QApplication::processEvents();
        QVERIFY2(!panel->seriesIds().isEmpty(), qPrintable(panel->objectName()));
        for (const auto& id : panel->seriesIds())
            QCOMPARE(id, QStringLiteral("snap/a77-eu"));
        QCOMPARE(panel->panelData().bandMembers, 0);
        QVERIFY(!panel->accessibleName().isEmpty());
    }
    QCOMPARE(console.panel("chart_throughput").panelData().lines.size(), std::size_t { 2 });
    QCOMPARE(console.panel("chart_throughput").panelData().lines[1].label, QStringLiteral("Out"));
}

void TestShardPage::thePickerChangesTheSelectionEverywhere()
{
    OnShardPage console;
    auto& picker = console.find<QComboBox>("shard_picker");
    const int row = picker.findData(QStringLiteral("x/tw-o8x2"));
    QVERIFY(row >= 0);
    picker.setCurrentIndex(row);
    Q_EMIT picker.activated(row);
    QCOMPARE(console.inspector->selection, (std::vector<engine::ShardId> { { "x", "tw-o8x2" } }));
    QCOMPARE(
        console.panel("chart_queueDepth").seriesIds(), QStringList { QStringLiteral("x/tw-o8x2") });
}

void TestShardPage::requestsInFlightStandBesideTheirLimit()
{
    OnShardPage console;
    auto& panel = console.panel("chart_inFlight");
    console.find<QScrollArea>("shard_charts").ensureWidgetVisible(&panel);
    QApplication::processEvents();
    const engine::SnapshotPtr snapshot = console.engine.snapshot();
    for (const auto& shard : snapshot->shards) {
        if (shard.shard == engine::ShardId { "snap", "a77-eu" })
            QVERIFY(panel.panelData().highest >= shard.concurrency.now);
    }
    QCOMPARE(panel.unitTitle(), QStringLiteral("In flight (requests)"));
}

void TestShardPage::typedTimesBecomeTheRangeOfChartsAndTabs()
{
    OnShardPage console;
    const auto now = console.clock.wallNow();
    console.type(console.find<QDateTimeEdit>("shard_rangeFrom"), now - 5h);
    console.type(console.find<QDateTimeEdit>("shard_rangeTo"), now - 4h);
    const auto* deck = console.page().findChild<ChartDeck*>();
    QVERIFY(deck->range() == (TimeRange { now - 5h, now - 4h }));
    QVERIFY(deck->timeline().span() == engine::HistorySpan::Hours6);
    QTRY_COMPARE(console.panel("chart_queueDepth").panelData().lines.at(0).samples.size(),
        std::size_t { 120 }); // half-minutes of an hour
    QVERIFY(!console.find<QToolButton>("shard_live").isChecked());
    QVERIFY(!console.find<QToolButton>("shard_window6h").isChecked());
}

// Three days ago, two hours long: 121 minutes of the store, which live samples leave alone.
void TestShardPage::timesBeforeThisRunAreReadByTheMinute()
{
    OnShardPage console;
    auto& from = console.find<QDateTimeEdit>("shard_rangeFrom");
    auto& to = console.find<QDateTimeEdit>("shard_rangeTo");
    const auto start = std::chrono::floor<std::chrono::minutes>(console.engine.now()) - 72h;
    {
        const QSignalBlocker half(from); // the range is taken when both are typed
        from.setDateTime(QDateTime::fromMSecsSinceEpoch(engine::toUnixMicros(start) / 1'000));
    }
    console.type(to, start + 2h);
    QTRY_COMPARE(console.panel("chart_queueDepth").panelData().stepSeconds, 60.0);
    const auto line = [&] { return console.panel("chart_queueDepth").panelData().lines.at(0); };
    QTRY_VERIFY(!line().samples.empty());
    QCOMPARE(line().samples.size(), std::size_t { 120 });
    QCOMPARE(line().samples.back(), 120.0F);
    console.advance(5s);
    QCOMPARE(line().samples.back(), 120.0F);
    console.window.setSelection({ { "x", "tw-o8x2" } }); // another shard of the same time
    QTRY_VERIFY(line().shard.destination == "x" && !line().samples.empty());
    QCOMPARE(line().samples.back(), 120.0F);

    console.find<QToolButton>("shard_live").click();
    console.advance();
    QCOMPARE(console.panel("chart_queueDepth").panelData().stepSeconds, 1.0);
}

// 29 days, five at a time: the fake counts the minutes of each answer, so the newest piece ends
// with 7,200 and nothing is left out where two meet.
void TestShardPage::aMonthIsReadInPieces()
{
    OnShardPage console;
    const auto end = std::chrono::floor<std::chrono::minutes>(console.engine.now()) - 1h;
    auto& deck = *console.page().findChild<ChartDeck*>();
    deck.zoomTo({ end - 24h * 29, end });
    const auto samples = [&console] {
        const auto& lines = console.panel("chart_queueDepth").panelData().lines;
        return lines.empty() ? std::vector<float> {} : lines.front().samples;
    };
    const auto isWhole = [&samples] {
        const auto all = samples();
        return !all.empty()
            && std::none_of(all.begin(), all.end(), [](float value) { return std::isnan(value); });
    };
    QTRY_VERIFY(isWhole());
    QCOMPARE(samples().size(), std::size_t { 29 * 24 * 60 });
    QCOMPARE(samples().back(), 7'200.0F);
}

void TestShardPage::aRangeThatEndsBeforeItBeginsIsRefused()
{
    OnShardPage console;
    const auto before = console.page().findChild<ChartDeck*>()->range();
    QSignalSpy messages(&console.page(), &Page::messageShown);
    console.type(console.find<QDateTimeEdit>("shard_rangeTo"), console.clock.wallNow() - 10h);
    QCOMPARE(messages.size(), 1);
    QVERIFY(console.page().findChild<ChartDeck*>()->range() == before);
}

void TestShardPage::liveReturnsToTheNewestSamples()
{
    OnShardPage console;
    const auto now = console.clock.wallNow();
    console.type(console.find<QDateTimeEdit>("shard_rangeFrom"), now - 10min);
    console.find<QToolButton>("shard_live").click();
    const auto* deck = console.page().findChild<ChartDeck*>();
    QVERIFY(deck->timeline().isLive());
    console.advance(2s);
    QVERIFY(deck->range().to == now + 2s);
}

void TestShardPage::chartsThatAreScrolledAwayAreDrawnWhenTheyComeIn()
{
    OnShardPage console;
    auto& last = console.panel("chart_batchFill");
    QVERIFY(last.visibleRegion().isEmpty());
    QVERIFY(last.panelData().lines.empty()); // no work for what nobody sees
    console.find<QScrollArea>("shard_charts").ensureWidgetVisible(&last);
    QVERIFY(!last.panelData().lines.empty());
}

void TestShardPage::deadLettersOfTheRangeOpenTheirGroup()
{
    OnShardPage console;
    auto& tabs = console.find<ShardTabs>("shard_tabs");
    std::optional<PageTarget> target;
    connect(&console.page(), &Page::navigationRequested, this,
        [&](const PageTarget& wanted) { target = wanted; });
    console.type(console.find<QDateTimeEdit>("shard_rangeFrom"), console.clock.wallNow() - 23h);
    tabs.setCurrentIndex(0);
    auto& groups = console.find<QTableView>("shard_groups");
    QTRY_VERIFY(groups.model()->rowCount() > 0);
    const auto first = groups.model()->index(0, 0);
    Q_EMIT groups.activated(first);
    QVERIFY(target && target->page == PageId::Dlq);
    QCOMPARE(
        QString::fromStdString(target->filter->fingerprint), first.data(Qt::UserRole).toString());
    QVERIFY(target->filter->failedFrom == console.page().findChild<ChartDeck*>()->range().from);
}

void TestShardPage::groupsThatCannotBeReadSayWhy()
{
    OnShardPage console;
    auto& tabs = console.find<ShardTabs>("shard_tabs");
    tabs.setCurrentIndex(tabs.count() - 1);
    console.advance(11s); // the groups are asked for again after ten
    console.engine.failNext(engine::ErrorCode::Unavailable);
    tabs.setCurrentIndex(0);
    QTRY_VERIFY(
        console.window.findChild<QWidget*>(QStringLiteral("shard_groups_error")) != nullptr);
    auto& notice = console.find<QWidget>("shard_groups_error");
    QVERIFY(notice.isVisible());
    const auto* text = notice.findChild<QLabel*>();
    QVERIFY2(text->text().startsWith(QStringLiteral("DLQ groups could not be read: "))
            && text->text().size() > 32,
        qPrintable(text->text())); // with the cause
}

// 60 s of work at 200/s, and the shard's flags beside its state.
void TestShardPage::theHeadNamesFlagsAndDrain()
{
    Theme theme(ThemeMode::Light);
    ShardHeader header(theme, nullptr);
    engine::ShardSnapshot shard;
    shard.shard = { "meta", "1" };
    shard.state = engine::ShardState::Backlogged;
    shard.queueDepth = 60'000;
    shard.inPerSecond = 400;
    shard.outPerSecond = 200;
    shard.isOrphaned = true;
    shard.laneDepth[static_cast<std::size_t>(engine::Lane::Replay)] = 3;
    shard.concurrency.overridden = 3;
    const engine::WallTime now { std::chrono::hours { 500'000 } };
    shard.trial = { .until = now + 8min };
    header.showShard(&shard, now);
    const QString text = header.findChild<QLabel*>(QStringLiteral("shard_state"))->text();
    for (const char* part : { "not draining, short by 200/s", "Trial 8:00", "Tuned",
             "Not in the configuration", "Replay" })
        QVERIFY2(text.contains(QLatin1String(part)), qPrintable(text));
    QCOMPARE(depthWarn(shard, {}), 12'000.0);
    shard.drainEta = 190s;
    QCOMPARE(drainWords(shard), QStringLiteral("drains in 3m 10s"));
    shard.desired = engine::Desired::Paused;
    QVERIFY(drainWords(shard).isEmpty());
}

void TestShardPage::changesListWhatHappenedToTheShard()
{
    const engine::WallTime now { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 } };
    std::vector<engine::Annotation> annotations(4);
    annotations[0] = { .at = now - 50s, .shard = { "meta", "1" }, .text = "old" };
    annotations[1] = { .at = now - 20s, .shard = { "meta", "2" }, .text = "of another shard" };
    annotations[2] = { .at = now - 15s, .shard = { "meta", "" }, .text = "of the destination" };
    annotations[3] = { .at = now - 10s, .shard = {}, .text = "of everything" };
    const auto rows = changeRows(annotations, { "meta", "1" }, { now - 30s, now });
    QCOMPARE(rows.size(), std::size_t { 2 });
    QCOMPARE(rows[0].cells.last(), QStringLiteral("of everything")); // newest first
    QCOMPARE(rows[1].cells.last(), QStringLiteral("of the destination"));
}

void TestShardPage::whatIsRefusedLaterStandsInTheProfile()
{
    const auto rowOf = [](const engine::ShardSnapshot& shard) {
        for (const auto& row : profileRows(shard)) {
            if (row.cells.front() == u"Refused later")
                return row.cells.mid(1).join(u'|');
        }
        return QString();
    };
    engine::ShardSnapshot shard;
    QVERIFY(rowOf(shard).isEmpty());
    shard.lateWord = { .waiting = 5, .refusedTotal = 12, .lostTotal = 1 };
    QCOMPARE(rowOf(shard), QStringLiteral("12|requests still asked after: 5, never answered: 1"));
}

void TestShardPage::rawMetricsAreTheSamplesOfTheRange()
{
    engine::testing::FakeEngine engine;
    HistoryStore store(engine::HistorySpan::Minutes15,
        { engine::Metric::QueueDepth, engine::Metric::ConsumerLag, engine::Metric::LatencyP95,
            engine::Metric::ErrorRatio, engine::Metric::DlqGrowth, engine::Metric::InRate,
            engine::Metric::OutRate, engine::Metric::ThrottleRatio, engine::Metric::InFlight,
            engine::Metric::BatchFill });
    const engine::ShardId shard { "snap", "a77-eu" };
    for (int i = 0; i < 10; ++i) {
        store.append(*engine.snapshot());
        engine.advance(1s);
    }
    RawMetricsModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setSamples(store, shard, { store.until() - 8s, store.until() - 2s });
    QCOMPARE(model.rowCount(), 6);
    const auto depth = store.samples(shard, engine::Metric::QueueDepth);
    QCOMPARE(model.index(0, 1).data(Qt::UserRole + 3).toFloat(), depth[depth.size() - 3]);
    QCOMPARE(model.index(5, 1).data(Qt::UserRole + 3).toFloat(), depth[depth.size() - 8]);
    model.setSamples(store, shard, { store.until() - 900s, store.until() });
    QCOMPARE(model.rowCount(), 900);
}

void TestShardPage::freezingIsSaidOnThePage()
{
    OnShardPage console;
    console.window.actions().freeze->trigger();
    console.advance(30s);
    auto& bar = console.find<QLabel>("shard_frozenBar");
    QVERIFY(bar.isVisible());
    QVERIFY2(bar.text().contains(QStringLiteral("30 s behind")), qPrintable(bar.text()));
    console.find<QToolButton>("shard_live").click();
    QVERIFY(!bar.isVisible());
    QVERIFY(!console.window.actions().freeze->isChecked());
}

void TestShardPage::anEmptyProfileSaysSo()
{
    Console console({ .scenario = "empty" });
    console.window.showPage(PageId::Shard);
    QVERIFY(console.find<QWidget>("shard_charts_empty").isVisible());
    console.find<QPushButton>("shard_charts_retry").click(); // where one can be connected
    QVERIFY(console.find<QWidget>("page_overview").isVisible());
    QVERIFY(console.find<QPushButton>("overview_table_retry").isVisible());
}

void TestShardPage::aSilentEngineIsShownAsStale()
{
    OnShardPage console;
    console.clock.setNow(console.clock.wallNow() + 14s);
    QTRY_VERIFY(console.find<QLabel>("window_stale").isVisible());
    QVERIFY(!console.find<QLabel>("shard_state").isEnabled());
    console.advance();
    QVERIFY(!console.find<QLabel>("window_stale").isVisible());
    QVERIFY(console.find<QLabel>("shard_state").isEnabled());
}

SPILLWAY_TEST(TestShardPage)

} // namespace tst_shard_page

#include "tst_shard_page.moc"

#include "charts/chart_table.h"
#include "charts/decimate.h"
#include "charts/flags.h"
#include "charts/nice_axis.h"
#include "charts/panel_data.h"
#include "charts/spans.h"
#include "charts/state_story.h"
#include "support/fake_engine.h"
#include "support/test_program.h"

#include <QAbstractItemModelTester>

#include <random>

namespace tst_charts {

using namespace ui;
using namespace std::chrono_literals;

class TestCharts final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void everySpikeSurvivesDecimation();
    void aGapSplitsTheLine();
    void pointsRunForwardInTime();
    void axisEndsAreNice_data();
    void axisEndsAreNice();
    void theAxisWritesNumbersAsPeopleDo();
    void theAxisGrowsAtOnceAndShrinksLate();
    void nearFlagsShareOne();
    void pausesBecomeSpansAndOldFlagsGo();
    void aPauseLastsUntilItsResumeATrialUntilItsEnd();
    void aReplayStandsOnTheShardsThatItSendsTo();
    void aStoryTellsWhenShardsGotIntoTroubleAndOut();
    void thePanelDrawsSelectedOthersAndTheBandOfTheRest();
    void throttledSharesLieAboveTheErrors();
    void theTableShowsTheSameNumbers();

private:
    static constexpr float kGap = std::numeric_limits<float>::quiet_NaN();
};

void TestCharts::init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

// 900 samples in 300 buckets, single spikes up and down at random places: each is in the points,
// with its value and its time.
void TestCharts::everySpikeSurvivesDecimation()
{
    const auto seed = qEnvironmentVariableIntValue("SPILLWAY_TEST_SEED");
    std::mt19937 random(static_cast<unsigned>(seed == 0 ? 20'261'127 : seed));
    qInfo("seed %d (set SPILLWAY_TEST_SEED)", seed == 0 ? 20'261'127 : seed);
    std::uniform_int_distribution<std::size_t> place(0, 899);
    for (int round = 0; round < 50; ++round) {
        std::vector<float> samples(900, 10);
        const std::size_t up = place(random);
        const std::size_t down = (up + 450) % 900;
        samples[up] = 1'000;
        samples[down] = 0;
        const auto segments = minMaxSegments(samples, 1);
        QCOMPARE(segments.size(), std::size_t { 1 });
        QVERIFY(segments[0].size() <= 600);
        QVERIFY(segments[0].contains(QPointF(-static_cast<double>(899 - up), 1'000)));
        QVERIFY(segments[0].contains(QPointF(-static_cast<double>(899 - down), 0)));
        QCOMPARE(highestOf(segments), 1'000.0);
    }
}

void TestCharts::aGapSplitsTheLine()
{
    std::vector<float> samples(900, 10);
    for (std::size_t i = 300; i < 420; ++i)
        samples[i] = kGap;
    samples[700] = kGap; // one second is a gap too
    for (const auto& segments : { minMaxSegments(samples, 1), lastValueSegments(samples, 1) }) {
        QCOMPARE(segments.size(), std::size_t { 3 });
        QCOMPARE(segments[0].last().x(), -600.0);
        QVERIFY(segments[1].first().x() >= -479);
        QVERIFY(segments[1].last().x() < -199);
    }
    QVERIFY(minMaxSegments(std::vector<float>(900, kGap), 1).empty());
    QVERIFY(minMaxSegments({}, 1).empty());
}

void TestCharts::pointsRunForwardInTime()
{
    std::vector<float> samples;
    for (int i = 0; i < 720; ++i)
        samples.push_back(static_cast<float>((i * 37) % 101));
    const auto segments = minMaxSegments(samples, 5);
    double last = -1e9;
    for (const auto& point : segments.at(0)) {
        QVERIFY(point.x() > last);
        last = point.x();
    }
    QCOMPARE(segments[0].first().x() >= -719 * 5.0, true);
    QVERIFY(last > -15);
}

void TestCharts::axisEndsAreNice_data()
{
    QTest::addColumn<double>("highest");
    QTest::addColumn<int>("unit");
    QTest::addColumn<double>("end");
    const auto row = [](const char* name, double highest, AxisUnit unit, double end) {
        QTest::newRow(name) << highest << static_cast<int>(unit) << end;
    };
    row("nothing waits", 0, AxisUnit::Count, 10);
    row("exactly nice", 200'000, AxisUnit::Count, 200'000);
    row("just above", 200'001, AxisUnit::Count, 400'000);
    row("thousands", 184'200, AxisUnit::Count, 200'000);
    row("errors have at least 5 %", 0.004, AxisUnit::Ratio, 0.05);
    row("errors", 0.34, AxisUnit::Ratio, 0.4);
    row("all of them", 1, AxisUnit::Ratio, 1);
    row("a minute", 48, AxisUnit::Seconds, 60);
    row("ten minutes", 372, AxisUnit::Seconds, 600);
    row("two days", 130'000, AxisUnit::Seconds, 172'800);
    row("latency", 1'900, AxisUnit::Milliseconds, 2'000);
    row("not a number", std::numeric_limits<double>::quiet_NaN(), AxisUnit::Count, 10);
}

void TestCharts::axisEndsAreNice()
{
    QFETCH(double, highest);
    QFETCH(int, unit);
    QFETCH(double, end);
    QCOMPARE(niceEnd(highest, static_cast<AxisUnit>(unit)), end);
}

void TestCharts::theAxisWritesNumbersAsPeopleDo()
{
    const QLocale before;
    QLocale::setDefault(QLocale(QLocale::German));
    QCOMPARE(axisLabel(1'500, AxisUnit::Count), QStringLiteral("1,5k"));
    QCOMPARE(axisLabel(0.025, AxisUnit::Ratio), QStringLiteral("2,5 %"));
    QCOMPARE(axisLabel(1'500, AxisUnit::Milliseconds), QStringLiteral("1,5 s"));
    QLocale::setDefault(QLocale::c());
    QCOMPARE(axisLabel(1'500, AxisUnit::Count), QStringLiteral("1.5k"));
    QLocale::setDefault(before);
}

void TestCharts::theAxisGrowsAtOnceAndShrinksLate()
{
    const engine::SteadyTime start { 1h };
    AxisEnd axis(AxisUnit::Count);
    QCOMPARE(axis.update(90, start), 100.0);
    QCOMPARE(axis.update(900, start + 1s), 1'000.0);
    QCOMPARE(axis.update(90, start + 2s), 1'000.0);
    QCOMPARE(axis.update(90, start + 11'999ms), 1'000.0);
    QCOMPARE(axis.update(90, start + 12s), 100.0);
    // A value that comes back meanwhile starts the ten seconds again.
    QCOMPARE(axis.update(900, start + 20s), 1'000.0);
    QCOMPARE(axis.update(90, start + 21s), 1'000.0);
    QCOMPARE(axis.update(700, start + 25s), 1'000.0);
    QCOMPARE(axis.update(90, start + 32s), 1'000.0);
}

void TestCharts::nearFlagsShareOne()
{
    const engine::WallTime now { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 } };
    std::vector<engine::Annotation> annotations;
    // 300 px for 900 s: twelve pixels are 36 s. Two 20 s apart, one far away.
    for (const auto back : { 400s, 380s, 100s }) {
        engine::Annotation annotation { .at = now - back };
        annotation.kind = engine::Annotation::Kind::Tune;
        annotation.text = "conc 16 → 24";
        annotations.push_back(annotation);
    }
    const auto layout = layoutFlags({ .annotations = annotations, .now = now });
    QCOMPARE(layout.flags.size(), std::size_t { 2 });
    QCOMPARE(layout.flags[0].count, 2);
    QCOMPARE(layout.flags[0].text.count(u'\n'), 1);
    QCOMPARE(layout.flags[1].count, 1);
}

void TestCharts::pausesBecomeSpansAndOldFlagsGo()
{
    const engine::WallTime now { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 } };
    std::vector<engine::Annotation> annotations;
    engine::Annotation pause { .kind = engine::Annotation::Kind::Pause, .at = now - 1'000s };
    pause.until = now - 600s;
    pause.shard = { "meta", "1" };
    annotations.push_back(pause);
    for (int i = 0; i < 40; ++i) { // more than fit, 20 s apart on a wide panel
        engine::Annotation tune { .kind = engine::Annotation::Kind::Tune };
        tune.at = now - std::chrono::seconds { 800 - 20 * i };
        annotations.push_back(tune);
    }
    FlagRequest request { .annotations = annotations, .now = now };
    request.pixels = 900;
    request.shards = { { "meta", "1" } };
    const auto layout = layoutFlags(request);
    QCOMPARE(layout.spans.size(), std::size_t { 1 });
    QCOMPARE(layout.spans[0].fromBack, 900.0); // cut at the edge of the panel
    QCOMPARE(layout.spans[0].toBack, 600.0);
    QCOMPARE(layout.flags.size(), std::size_t { kFlagsMax });
    QCOMPARE(layout.flags.back().secondsBack, 20.0); // the newest are kept

    request.shards = { { "snap", "2" } };
    QVERIFY(layoutFlags(request).spans.empty());
}

// Paused at −500 s and resumed at −400 s; paused again at −100 s and still paused; a trial of 60 s
// at −300 s; another of 600 s at −200 s that was reverted at −150 s.
void TestCharts::aPauseLastsUntilItsResumeATrialUntilItsEnd()
{
    using Kind = engine::Annotation::Kind;
    engine::testing::FakeEngine engine;
    auto snapshot = *engine.snapshot();
    const auto now = snapshot.takenAt;
    const engine::ShardId paused { "criteo", "88120" };
    const engine::ShardId other { "x", "tw-o8x2" };
    snapshot.jobs.clear();
    snapshot.annotations = { { Kind::Pause, now - 500s, std::nullopt, paused, {} },
        { Kind::Resume, now - 400s, std::nullopt, paused, {} },
        { Kind::Tune, now - 300s, now - 240s, other, {} },
        { Kind::Tune, now - 200s, now + 400s, other, {} },
        { Kind::Tune, now - 150s, std::nullopt, other, {} },
        { Kind::Pause, now - 100s, std::nullopt, paused, {} },
        { Kind::Pause, now - 50s, std::nullopt, other, {} } }; // it runs, nobody knows since when
    const auto all = withEnds(snapshot, {});
    std::vector<std::optional<engine::WallTime>> ends;
    for (const auto& annotation : all)
        ends.push_back(annotation.until);
    QCOMPARE(ends,
        (std::vector<std::optional<engine::WallTime>> {
            now - 400s, std::nullopt, now - 240s, now - 150s, std::nullopt, now, std::nullopt }));
}

// The command flags everything; the job sends to two shards of it. One of an earlier run has no
// flag, and of a third nobody knows yet where it sends to: no span, lest it stand everywhere.
void TestCharts::aReplayStandsOnTheShardsThatItSendsTo()
{
    using Kind = engine::Annotation::Kind;
    const engine::WallTime now { std::chrono::hours { 490'000 } };
    const engine::ShardId snap { "snap", "1" };
    const engine::ShardId meta { "meta", "1" };
    engine::EngineSnapshot snapshot { .takenAt = now };
    snapshot.annotations = { { Kind::Replay, now - 90s, std::nullopt, {}, "replay S-1" } };
    const auto job = [](int id, engine::WallTime from, std::optional<engine::WallTime> to) {
        return engine::ReplayJobSnapshot {
            .id = engine::ReplayJobId { id }, .createdAt = from, .endedAt = to
        };
    };
    snapshot.jobs = { job(1, now - 89s, now - 30s), job(2, now - 500s, now - 300s),
        job(3, now - 10s, std::nullopt) };
    const ReplayedShards replayed { { engine::ReplayJobId { 1 }, { meta, snap } },
        { engine::ReplayJobId { 2 }, { snap } } };
    const auto all = withEnds(snapshot, replayed);
    QCOMPARE(all.size(), std::size_t { 3 });
    QVERIFY(all[0].shard == snap && all[0].until == now - 300s);
    QVERIFY(all[1].shard == meta && all[1].at == now - 90s && all[1].until == now - 30s);
    QVERIFY(all[2].shard == snap && all[2].text == "replay S-1");
    QVERIFY(!withEnds(snapshot, {}).front().until);

    engine::ReplayPreview preview;
    preview.shards = { { .shard = snap, .matched = 5, .willSend = 2, .tooOld = 3 },
        { .shard = meta, .matched = 4, .alreadyAccepted = 1, .tooOld = 3 } };
    QVERIFY(shardsSentTo(preview) == std::vector { snap });
}

// In trouble when first seen, worse, well again: three changes. From idle to healthy is none.
void TestCharts::aStoryTellsWhenShardsGotIntoTroubleAndOut()
{
    using State = engine::ShardState;
    const engine::WallTime start { std::chrono::hours { 490'000 } };
    StateStory story;
    engine::EngineSnapshot snapshot;
    snapshot.shards.resize(2);
    snapshot.shards[0].shard = { "meta", "1" };
    snapshot.shards[1].shard = { "snap", "1" };
    const auto take = [&](State meta, State snap, engine::Seconds since) {
        snapshot.shards[0].state = meta;
        snapshot.shards[0].stateSince = start + since;
        snapshot.shards[1].state = snap;
        story.take(snapshot);
    };
    take(State::Throttled, State::Idle, 0s);
    take(State::Throttled, State::Healthy, 0s);
    take(State::Failing, State::Healthy, 60s);
    take(State::Healthy, State::Healthy, 90s);
    const auto& changes = story.changes();
    QCOMPARE(changes.size(), std::size_t { 3 });
    QVERIFY(changes[0].state == State::Throttled && changes[0].at == start);
    QVERIFY(changes[1].status == Status::Critical && changes[1].at == start + 60s);
    QVERIFY(changes[2].status == Status::Normal && changes[2].shard.destination == "meta");

    const std::vector<engine::Annotation> none;
    FlagRequest request { .annotations = none, .now = start + 100s };
    request.changes = { changes.begin(), changes.end() };
    request.spanSeconds = 900;
    request.pixels = 900; // 10 s and 30 s apart: nearer than 12 px alone shares a flag
    const auto flags = layoutFlags(request).flags;
    QCOMPARE(flags.size(), std::size_t { 3 });
    QVERIFY(flags[1].status == Status::Critical && flags[1].kind == Flag::Kind::State);
    request.pixels = 300;
    const auto shared = layoutFlags(request).flags;
    QCOMPARE(shared.size(), std::size_t { 2 });
    QVERIFY(shared[1].count == 2 && shared[1].status == Status::Critical); // the worse of the two
    request.shards = { { "snap", "1" } };
    QVERIFY(layoutFlags(request).flags.empty());

    take(State::Failing, State::Healthy, 95s);
    story.take({}); // a snapshot that knows of no shard, as after a restart
    take(State::Failing, State::Healthy, 95s);
    QCOMPARE(changes.size(), std::size_t { 4 }); // the same trouble is not told twice
}

void TestCharts::thePanelDrawsSelectedOthersAndTheBandOfTheRest()
{
    engine::testing::FakeEngine engine({ .scenario = "calm" });
    HistoryStore store(engine::HistorySpan::Minutes15, { engine::Metric::QueueDepth });
    for (int i = 0; i < 5; ++i) {
        store.append(*engine.snapshot());
        engine.advance(1s);
    }
    PanelRequest request { .metric = engine::Metric::QueueDepth };
    request.lines = { { "x", "tw-o8x2" }, { "snap", "a77-eu" } };
    const auto data = makePanelData(store, request);
    QCOMPARE(data.lines.size(), std::size_t { 2 });
    QCOMPARE(data.bandMembers, 14); // 16 shards less two lines; destinations are not in it
    QCOMPARE(data.bandLow.size(), data.bandHigh.size());
    for (std::size_t i = 0; i < data.bandLow.size(); ++i) {
        QCOMPARE(data.bandLow[i].size(), data.bandHigh[i].size());
        for (qsizetype point = 0; point < data.bandLow[i].size(); ++point)
            QVERIFY(data.bandLow[i][point].y() <= data.bandHigh[i][point].y());
    }
    request.isCompare = true;
    QCOMPARE(makePanelData(store, request).bandMembers, 0);
}

void TestCharts::throttledSharesLieAboveTheErrors()
{
    engine::testing::FakeEngine engine;
    HistoryStore store(engine::HistorySpan::Minutes15,
        { engine::Metric::ErrorRatio, engine::Metric::ThrottleRatio });
    store.append(*engine.snapshot());
    const engine::ShardId throttled { "meta", "104839275777731" };
    PanelRequest request { .metric = engine::Metric::ErrorRatio, .lines = { throttled } };
    const auto data = makePanelData(store, request);
    QVERIFY(valueAt(data.stackedSamples, 1, 0) > valueAt(data.lines[0].samples, 1, 0) + 0.2);
    QVERIFY(std::isnan(valueAt(data.stackedSamples, 1, 5))); // a gap is not "all refused"
    QVERIFY(highestOf(data.stacked) < 0.5);
}

void TestCharts::theTableShowsTheSameNumbers()
{
    engine::testing::FakeEngine engine;
    HistoryStore store(engine::HistorySpan::Minutes15, { engine::Metric::ConsumerLag });
    store.append(*engine.snapshot());
    PanelRequest request { .metric = engine::Metric::ConsumerLag };
    request.lines = { { "meta", "104839275777731" } };
    PanelTableModel model(makePanelData(store, request), request.metric, store.until());
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 900);
    QCOMPARE(model.index(0, 1).data(Qt::UserRole + 3).toFloat(),
        store.samples(request.lines[0], request.metric).back());
    QCOMPARE(model.index(1, 1).data().toString(), QStringLiteral("—"));
}

SPILLWAY_TEST(TestCharts)

} // namespace tst_charts

#include "tst_charts.moc"

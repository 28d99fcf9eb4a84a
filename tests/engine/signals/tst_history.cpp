// The rings behind the charts, and the book that fills them.
#include "signals/history.h"
#include "signals/signal_book.h"
#include "support/test_program.h"

#include <cmath>

namespace tst_history {

using namespace std::chrono_literals;
using namespace engine;
using namespace engine::signals;

namespace {

const SteadyTime kStart { 1h };
const WallTime kWallStart { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 } + 9h };

MetricValues values(float depth, float in = 0)
{
    MetricValues result {};
    result.fill(std::nanf(""));
    result[static_cast<std::size_t>(Metric::QueueDepth)] = depth;
    result[static_cast<std::size_t>(Metric::InRate)] = in;
    return result;
}

std::vector<float> depths(const History& history, HistorySpan span, SteadyTime now)
{
    return history.series(span, Metric::QueueDepth, now);
}

EngineSnapshot snapshotOf(std::vector<ShardSnapshot> shards)
{
    EngineSnapshot snapshot;
    snapshot.shards = std::move(shards);
    for (const char* name : { "meta", "webhook" })
        snapshot.destinations.push_back({ .name = name });
    return snapshot;
}

ShardSnapshot shardOf(const std::string& destination, const std::string& account)
{
    ShardSnapshot shard;
    shard.shard = { .destination = destination, .account = account };
    shard.concurrency.now = 4;
    return shard;
}

RequestSample accepted(SteadyTime at, std::int64_t records, Micros latency)
{
    RequestSample sample { .endedAt = at, .latency = latency, .batchMax = records };
    sample.outcomes[static_cast<std::size_t>(Outcome::Accepted)] = records;
    return sample;
}

} // namespace

class TestHistory : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theNewestSecondIsLastAndTheRingForgetsAfterFifteenMinutes();
    void aPauseOfTheProgramIsAGap();
    void aSpikeOfASecondSurvivesInTheCoarseRings();
    void storedMinutesRefillTheCoarseRings();
    void theMedianOfADayNeedsAnHour();
    void aMinuteIsRolledUpOnce();
    void aDestinationIsMeasuredOverAllItsShards();
    void theBookAnswersHistoryForShardAndDestination();
    void aShardThatIsGoneIsForgotten();
};

void TestHistory::theNewestSecondIsLastAndTheRingForgetsAfterFifteenMinutes()
{
    History history;
    SteadyTime now = kStart;
    for (int i = 0; i <= 1'000; ++i, now += 1s)
        history.append(now, values(static_cast<float>(i)));
    now -= 1s;
    const auto series = depths(history, HistorySpan::Minutes15, now);
    QCOMPARE(series.size(), std::size_t { 900 });
    QCOMPARE(series.back(), 1'000.0F);
    QCOMPARE(series.front(), 101.0F);
    // Ten seconds later without a sample: the same values ten places earlier, then nothing.
    const auto later = depths(history, HistorySpan::Minutes15, now + 10s);
    QCOMPARE(later[889], 1'000.0F);
    QVERIFY(std::isnan(later[890]) && std::isnan(later.back()));
}

void TestHistory::aPauseOfTheProgramIsAGap()
{
    History history;
    history.append(kStart, values(1));
    history.append(kStart + 5s, values(2));
    const auto series = depths(history, HistorySpan::Minutes15, kStart + 5s);
    QCOMPARE(series[899], 2.0F);
    for (std::size_t i = 895; i < 899; ++i)
        QVERIFY(std::isnan(series[i]));
    QCOMPARE(series[894], 1.0F);
    QVERIFY(std::isnan(series[893]));
    history.append(kStart + 24h, values(3)); // longer than any ring: nothing old is left
    const auto day = depths(history, HistorySpan::Hours24, kStart + 24h);
    QCOMPARE(std::count_if(day.begin(), day.end(), [](float v) { return !std::isnan(v); }), 1);
}

// 50,000 for one second among tens; the rate of the same two minutes is a mean.
void TestHistory::aSpikeOfASecondSurvivesInTheCoarseRings()
{
    History history;
    const SteadyTime grid { 2h }; // on the grid of every ring
    for (int i = 0; i < 120; ++i)
        history.append(grid + i * 1s, values(i == 60 ? 50'000.0F : 10.0F, i < 60 ? 100.0F : 0.0F));
    const SteadyTime now = grid + 119s;
    for (const HistorySpan span :
        { HistorySpan::Hour1, HistorySpan::Hours6, HistorySpan::Hours24 }) {
        const auto series = depths(history, span, now);
        QCOMPARE(*std::max_element(series.begin(), series.end(),
                     [](float a, float b) { return std::isnan(a) || a < b; }),
            50'000.0F);
    }
    const auto rates = history.series(HistorySpan::Hours24, Metric::InRate, now);
    QVERIFY(std::abs(rates.back() - 50) < 0.01F);
}

// Stored: 10:00 … 10:59 with a depth of the minute's number. It is 11:00:30.
void TestHistory::storedMinutesRefillTheCoarseRings()
{
    std::vector<MinuteValue> minutes;
    const WallTime now = kWallStart + 2h + 30s;
    for (int i = 0; i < 60; ++i)
        minutes.push_back({ .metric = Metric::QueueDepth,
            .at = kWallStart + 1h + i * 1min,
            .low = 0,
            .high = static_cast<double>(i),
            .last = 0,
            .sum = 1,
            .samples = 60 });
    History history;
    history.refill(minutes, kStart, now);
    history.append(kStart, values(1'000));

    const auto hour = depths(history, HistorySpan::Hour1, kStart);
    QCOMPARE(hour.back(), 1'000.0F);
    QCOMPARE(hour[hour.size() - 1 - 12], 59.0F); // a minute ago it was 10:59:30
    QCOMPARE(hour[hour.size() - 1 - 12 * 31], 29.0F);
    const auto day = depths(history, HistorySpan::Hours24, kStart);
    QCOMPARE(day[day.size() - 1 - 10], 40.0F); // twenty minutes ago
    QVERIFY(std::isnan(day.front()));
    const auto fine = depths(history, HistorySpan::Minutes15, kStart);
    QVERIFY(std::isnan(fine[898]));
}

void TestHistory::theMedianOfADayNeedsAnHour()
{
    History history;
    SteadyTime now { 2h };
    for (int i = 0; i < 29 * 120; ++i, now += 1s)
        history.append(now, values(static_cast<float>(i / 120)));
    QVERIFY(!history.dayMedian(Metric::QueueDepth));
    for (int i = 0; i < 2 * 120; ++i, now += 1s)
        history.append(now, values(100));
    QCOMPARE(history.dayMedian(Metric::QueueDepth), 15.0); // 0 … 28, 100, 100
}

void TestHistory::aMinuteIsRolledUpOnce()
{
    MinuteRollup rollup;
    std::vector<MinuteValue> ended;
    for (int i = 0; i < 61; ++i) {
        for (const MinuteValue& value :
            rollup.add(kWallStart + i * 1s, values(static_cast<float>(i))))
            ended.push_back(value);
    }
    QCOMPARE(ended.size(), std::size_t { 2 }); // depth and rate; the others had no data
    QVERIFY(ended[0].metric == Metric::QueueDepth);
    QCOMPARE(ended[0].at, kWallStart);
    QCOMPARE(ended[0].low, 0.0);
    QCOMPARE(ended[0].high, 59.0);
    QCOMPARE(ended[0].last, 59.0);
    QCOMPARE(ended[0].sum, 1'770.0);
    QCOMPARE(ended[0].samples, 60);
}

// Three requests at 100 ms and three at 900 ms, each too few for its shard; together they are
// enough.
void TestHistory::aDestinationIsMeasuredOverAllItsShards()
{
    SignalBook book;
    for (int i = 0; i < 3; ++i) {
        book.requestEnded({ "meta", "a" }, accepted(kStart, 10, 100ms));
        book.requestEnded({ "meta", "b" }, accepted(kStart, 10, 900ms));
        book.deadLettersAdded({ "meta", "a" }, 1, kStart);
        book.deadLettersAdded({ "meta", "b" }, 1, kStart);
    }
    ShardSnapshot a = shardOf("meta", "a");
    a.queueDepth = 5;
    a.consumerLag = 3s;
    ShardSnapshot b = shardOf("meta", "b");
    b.queueDepth = 7;
    b.consumerLag = 8s;
    b.credential = CredentialState::Rejected;
    EngineSnapshot snapshot = snapshotOf({ a, b });
    book.complete(snapshot, { kStart, kWallStart });

    QVERIFY(!snapshot.shards[0].latencyP95);
    const ShardSnapshot& total = snapshot.destinations[0].total;
    QVERIFY(total.latencyP95 && *total.latencyP95 > 880ms && *total.latencyP95 < 920ms);
    QVERIFY(*total.latencyP50 > 98ms && *total.latencyP50 < 102ms);
    QCOMPARE(total.queueDepth, 12);
    QCOMPARE(total.consumerLag, Millis { 8s });
    QCOMPARE(total.dlqGrowthPerMinute, 6.0 / 5);
    QCOMPARE(total.outPerSecond, 2.0);
    QVERIFY(total.state == ShardState::AuthFailed);
    QCOMPARE(snapshot.destinations[0].shardsInTrouble, 1);
    QCOMPARE(snapshot.destinations[1].shards, 0);
}

void TestHistory::theBookAnswersHistoryForShardAndDestination()
{
    SignalBook book;
    for (int i = 0; i < 100; ++i) {
        ShardSnapshot a = shardOf("meta", "a");
        a.queueDepth = i;
        ShardSnapshot b = shardOf("meta", "b");
        b.queueDepth = 1'000;
        EngineSnapshot snapshot = snapshotOf({ a, b });
        book.complete(snapshot, { kStart + i * 1s, kWallStart + i * 1s });
    }
    const HistoryPage page = book.history(
        { .generation = 7, .shards = { { "meta", "a" }, { "meta", "" }, { "gone", "x" } } },
        { kStart + 99s, kWallStart + 99s });
    QCOMPARE(page.generation, std::uint64_t { 7 });
    QCOMPARE(page.series.size(), std::size_t { 2 });
    QCOMPARE(page.series[0].metrics.size(), static_cast<std::size_t>(kMetrics));
    QCOMPARE(page.series[0].metrics[0].back(), 99.0F);
    QCOMPARE(page.series[1].metrics[0].back(), 1'099.0F);
    QVERIFY(!book.takeMinutes().empty());
    QVERIFY(book.takeMinutes().empty());
}

void TestHistory::aShardThatIsGoneIsForgotten()
{
    SignalBook book;
    EngineSnapshot with = snapshotOf({ shardOf("meta", "a") });
    book.complete(with, { kStart, kWallStart });
    for (int i = 1; i < 62; ++i) {
        EngineSnapshot without = snapshotOf({});
        book.complete(without, { kStart + i * 1s, kWallStart + i * 1s });
    }
    const HistoryPage page = book.history(
        { .shards = { { "meta", "a" }, { "meta", "" } } }, { kStart + 61s, kWallStart });
    QCOMPARE(page.series.size(), std::size_t { 1 });
    QVERIFY(page.series[0].shard.isWholeDestination());
}

SPILLWAY_TEST(TestHistory)

} // namespace tst_history

#include "tst_history.moc"

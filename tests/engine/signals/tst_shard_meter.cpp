// What is fed to a meter against what a snapshot says of it.
#include "signals/latency_histogram.h"
#include "signals/shard_meter.h"
#include "signals/slope.h"
#include "support/test_program.h"

#include <rapidcheck.h>

#include <cmath>
#include <numeric>

namespace tst_shard_meter {

using namespace std::chrono_literals;
using namespace engine;
using namespace engine::signals;

namespace {

const SteadyTime kStart { 1h };

RequestSample request(
    SteadyTime at, Outcome outcome, std::int64_t records = 1, Micros latency = 100ms)
{
    RequestSample sample;
    sample.endedAt = at;
    sample.outcome = outcome;
    sample.latency = latency;
    sample.batchMax = records;
    sample.outcomes[static_cast<std::size_t>(outcome)] = records;
    if (isError(outcome))
        sample.errorForms[static_cast<std::size_t>(ErrorForm::Http5xx)] = records;
    return sample;
}

ShardSnapshot filled(ShardMeter& meter, SteadyTime now)
{
    ShardSnapshot shard;
    meter.fill(shard, now);
    return shard;
}

} // namespace

class TestShardMeter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPercentileIsOffByLessThanTwoPercent();
    void mergedHistogramsAreThatOfAllValues();
    void throttledRecordsCountInTheDenominatorOnly();
    void whatIsOlderThanAMinuteNoLongerCounts();
    void aQuietShardReachesBackUntilThereAreEnough();
    void belowFiveTheValueIsAbsentAndNeverZero();
    void aTimeoutCountsAsItsLimit();
    void whoeverIsNotReachedHasNoLatency();
    void aLocalRefusalCountsItsRecordsButNoRequest();
    void aLocalRefusalIsNoRequestOfAQuietShardEither();
    void refusalsOfOursDoNotPushRequestsOutOfTheReachBack();
    void deadLettersAreTheMeanOfFiveMinutes();
    void ratesAreMeansOfThirtySeconds();
    void aPartialFailureIsAShareOfAcceptedBatches();
    void slopesFollowTheTrendOverTheNoise();
    void theDrainEtaIsAbsentWhileNothingDrains();
    void attemptsWithoutSuccessLeaveThrottlesOut();
    void totalsAndHistogramsNeverForget();
};

void TestShardMeter::aPercentileIsOffByLessThanTwoPercent()
{
    QVERIFY(rc::check("p50, p95 and p99 against the sorted values", [] {
        const auto values = *rc::gen::nonEmpty(
            rc::gen::container<std::vector<std::int64_t>>(rc::gen::map(rc::gen::inRange(0, 3'600),
                [](int x) { return std::llround(std::exp(x / 3'600.0 * 22)); })));
        LatencyHistogram histogram;
        for (const std::int64_t value : values)
            histogram.add(LatencyHistogram::bucketOf(Micros { value }), 1);
        auto sorted = values;
        std::sort(sorted.begin(), sorted.end());
        for (const double share : { 0.5, 0.95, 0.99 }) {
            const auto rank
                = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
            const auto exact = static_cast<double>(sorted[std::max<std::size_t>(rank, 1) - 1]);
            const auto told = static_cast<double>(histogram.percentile(share)->count());
            RC_ASSERT(std::abs(told - exact) <= std::max(exact * 0.02, 1.0));
        }
    }));
}

void TestShardMeter::mergedHistogramsAreThatOfAllValues()
{
    LatencyHistogram a;
    LatencyHistogram b;
    LatencyHistogram all;
    for (int i = 1; i <= 1'000; ++i) {
        const std::size_t bucket = LatencyHistogram::bucketOf(i * 1ms);
        (i % 3 == 0 ? a : b).add(bucket, 1);
        all.add(bucket, 1);
    }
    a.merge(b);
    QCOMPARE(a.count(), 1'000);
    QCOMPARE(a.percentile(0.95), all.percentile(0.95));
}

// 40 accepted, 30 throttled, 20 invalid, 10 transient: 30 % in error, 30 % of requests throttled.
void TestShardMeter::throttledRecordsCountInTheDenominatorOnly()
{
    ShardMeter meter { kStart };
    for (int i = 0; i < 4; ++i)
        meter.requestEnded(request(kStart, Outcome::Accepted, 10));
    for (int i = 0; i < 3; ++i)
        meter.requestEnded(request(kStart, Outcome::Throttled, 10));
    for (int i = 0; i < 2; ++i)
        meter.requestEnded(request(kStart, Outcome::Invalid, 10));
    meter.requestEnded(request(kStart, Outcome::Transient, 10));

    const ShardSnapshot shard = filled(meter, kStart + 1s);
    QCOMPARE(shard.errorRatio, 0.3);
    QCOMPARE(shard.throttleRatio, 0.3);
    QCOMPARE(shard.outcomeRatio[static_cast<std::size_t>(Outcome::Throttled)], 0.3);
    QCOMPARE(shard.outcomeRatio[static_cast<std::size_t>(Outcome::Invalid)], 0.2);
    QCOMPARE(shard.errorFormRatio[static_cast<std::size_t>(ErrorForm::Http5xx)], 0.3);
}

// An outage at second 0, then a good minute at ten a second.
void TestShardMeter::whatIsOlderThanAMinuteNoLongerCounts()
{
    ShardMeter meter { kStart };
    for (int i = 0; i < 100; ++i)
        meter.requestEnded(request(kStart, Outcome::Transient, 1, 10s));
    QCOMPARE(filled(meter, kStart).errorRatio, 1.0);
    for (int i = 1; i <= 650; ++i)
        meter.requestEnded(request(kStart + i * 100ms, Outcome::Accepted, 1, 100ms));

    const ShardSnapshot shard = filled(meter, kStart + 65s);
    QCOMPARE(shard.errorRatio, 0.0);
    QVERIFY(shard.latencyP95 && *shard.latencyP95 >= 98ms && *shard.latencyP95 <= 102ms);
}

// One record every two minutes: the last 15 minutes hold seven or eight, of which two failed.
void TestShardMeter::aQuietShardReachesBackUntilThereAreEnough()
{
    ShardMeter meter { kStart };
    for (int i = 0; i < 30; ++i)
        meter.requestEnded(
            request(kStart + i * 2min, i == 24 || i == 28 ? Outcome::Invalid : Outcome::Accepted));
    const ShardSnapshot shard = filled(meter, kStart + 58min);
    QVERIFY(shard.errorRatio);
    QCOMPARE(*shard.errorRatio, 2.0 / 8); // 44 … 58 min

    // Batches of ten: five requests are there sooner than fifteen minutes back.
    ShardMeter batches { kStart };
    for (int i = 0; i < 10; ++i)
        batches.requestEnded(
            request(kStart + i * 1min, i < 5 ? Outcome::Invalid : Outcome::Accepted, 10));
    QCOMPARE(filled(batches, kStart + 10min).errorRatio, 0.0);
}

void TestShardMeter::belowFiveTheValueIsAbsentAndNeverZero()
{
    ShardMeter meter { kStart };
    for (int i = 0; i < 4; ++i)
        meter.requestEnded(request(kStart, Outcome::Accepted, 100));
    ShardSnapshot shard = filled(meter, kStart);
    QVERIFY(!shard.errorRatio);
    QVERIFY(!shard.latencyP95);
    QVERIFY(!shard.throttleRatio);
    QVERIFY(!shard.partialFailureRatio || *shard.partialFailureRatio == 0);

    meter.requestEnded(request(kStart, Outcome::Accepted, 100));
    QVERIFY(filled(meter, kStart).latencyP95);
    QVERIFY(!filled(meter, kStart + 16min).latencyP95);
}

void TestShardMeter::aTimeoutCountsAsItsLimit()
{
    ShardMeter meter { kStart };
    for (int i = 0; i < 18; ++i)
        meter.requestEnded(request(kStart, Outcome::Accepted, 1, 50ms));
    for (int i = 0; i < 2; ++i)
        meter.requestEnded(request(kStart, Outcome::Unknown, 1, 20s));
    const ShardSnapshot shard = filled(meter, kStart);
    QVERIFY(*shard.latencyP95 > 19'600ms && *shard.latencyP95 < 20'400ms);
    QVERIFY(*shard.latencyP50 > 49ms && *shard.latencyP50 < 51ms);
}

// Forty connections are refused within a millisecond: errors, but no quick answers. With four that
// were answered there are too few to say.
void TestShardMeter::whoeverIsNotReachedHasNoLatency()
{
    ShardMeter meter { kStart };
    for (int i = 0; i < 40; ++i) {
        RequestSample refused = request(kStart, Outcome::Transient, 1, 500us);
        refused.hasLatency = false;
        meter.requestEnded(refused);
    }
    for (int i = 0; i < 4; ++i)
        meter.requestEnded(request(kStart, Outcome::Accepted, 1, 200ms));
    ShardSnapshot shard = filled(meter, kStart);
    QVERIFY(!shard.latencyP95);
    QCOMPARE(shard.errorRatio, 40.0 / 44);
    meter.requestEnded(request(kStart, Outcome::Accepted, 1, 200ms));
    shard = filled(meter, kStart);
    QVERIFY(shard.latencyP50 && *shard.latencyP50 > 195ms && *shard.latencyP50 < 205ms);
    QCOMPARE(std::accumulate(shard.latencyTotals.counts.begin(), shard.latencyTotals.counts.end(),
                 std::int64_t { 0 }),
        5);
}

void TestShardMeter::aLocalRefusalCountsItsRecordsButNoRequest()
{
    ShardMeter meter { kStart };
    for (int i = 0; i < 10; ++i)
        meter.requestEnded(request(kStart, Outcome::Accepted, 8));
    RequestSample local = request(kStart, Outcome::Invalid, 20, 0us);
    local.isLocal = true;
    meter.requestEnded(local);

    const ShardSnapshot shard = filled(meter, kStart);
    QCOMPARE(shard.errorRatio, 0.2);
    QCOMPARE(shard.requestsTotal[static_cast<std::size_t>(Outcome::Invalid)], 0);
    QCOMPARE(shard.recordsTotal[static_cast<std::size_t>(Outcome::Invalid)], 20);
    QVERIFY(*shard.latencyP50 > 90ms);
}

// Four requests and ten refusals of ours: still too few requests for a percentile.
void TestShardMeter::aLocalRefusalIsNoRequestOfAQuietShardEither()
{
    ShardMeter meter { kStart };
    for (int i = 0; i < 10; ++i) {
        RequestSample local = request(kStart + i * 1min, Outcome::Invalid, 1, 0us);
        local.isLocal = true;
        meter.requestEnded(local);
        if (i < 4)
            meter.requestEnded(request(kStart + i * 1min, Outcome::Accepted, 1));
    }
    QVERIFY(!filled(meter, kStart + 10min).latencyP95);
}

// A request every two minutes, and between them a bad event each second: 15 minutes hold seven
// requests and 900 refusals.
void TestShardMeter::refusalsOfOursDoNotPushRequestsOutOfTheReachBack()
{
    ShardMeter meter { kStart };
    for (int second = 0; second < 1'800; ++second) {
        RequestSample local = request(kStart + second * 1s, Outcome::Invalid, 1, 0us);
        local.isLocal = true;
        meter.requestEnded(local);
        if (second % 120 == 0)
            meter.requestEnded(request(kStart + second * 1s, Outcome::Accepted, 1, 80ms));
    }
    const ShardSnapshot shard = filled(meter, kStart + 1'799s);
    QVERIFY(shard.latencyP95 && *shard.latencyP95 > 78ms && *shard.latencyP95 < 82ms);
    // It reaches back over five requests, 1200 to 1680 s, to where the oldest of them was.
    QVERIFY(shard.errorRatio && std::abs(*shard.errorRatio - 599.0 / 604.0) < 0.001);
}

// 50 in the first minute: 10 a minute until five minutes have passed, then none.
void TestShardMeter::deadLettersAreTheMeanOfFiveMinutes()
{
    ShardMeter meter { kStart };
    for (int i = 0; i < 50; ++i)
        meter.deadLettersAdded(1, kStart + i * 1s);
    meter.deadLettersRemoved(25, kStart + 1min);
    QCOMPARE(filled(meter, kStart + 1min).dlqGrowthPerMinute, 10.0);
    QCOMPARE(filled(meter, kStart + 4min).dlqGrowthPerMinute, 10.0);
    QCOMPARE(filled(meter, kStart + 4min).dlqDrainPerMinute, 5.0);
    QCOMPARE(filled(meter, kStart + 6min).dlqGrowthPerMinute, 0.0);
    QCOMPARE(filled(meter, kStart + 7min).dlqDrainPerMinute, 0.0);
    QCOMPARE(filled(meter, kStart + 7min).dlqAddedTotal, 50);
}

void TestShardMeter::ratesAreMeansOfThirtySeconds()
{
    ShardMeter meter { kStart };
    for (int i = 0; i < 60; ++i) {
        meter.arrived(20, kStart + i * 1s);
        meter.requestEnded(request(kStart + i * 1s, Outcome::Accepted, 12));
        meter.requestEnded(request(kStart + i * 1s, Outcome::Transient, 5));
    }
    const ShardSnapshot shard = filled(meter, kStart + 59s);
    QCOMPARE(shard.inPerSecond, 20.0);
    QCOMPARE(shard.outPerSecond, 12.0);
    QCOMPARE(filled(meter, kStart + 2min).inPerSecond, 0.0);
}

// Eight batches accepted, two of them in part; a refused one is no batch of the share.
void TestShardMeter::aPartialFailureIsAShareOfAcceptedBatches()
{
    ShardMeter meter { kStart };
    QVERIFY(!filled(meter, kStart).partialFailureRatio);
    for (int i = 0; i < 8; ++i) {
        RequestSample sample = request(kStart, Outcome::Accepted, 50);
        sample.batchMax = 100;
        sample.isPartial = i < 2;
        meter.requestEnded(sample);
    }
    RequestSample refused = request(kStart, Outcome::Invalid, 50);
    refused.batchMax = 100;
    meter.requestEnded(refused);
    const ShardSnapshot shard = filled(meter, kStart + 4min);
    QCOMPARE(shard.partialFailureRatio, 0.25);
    QCOMPARE(shard.batchFillRatio, 0.5);
}

// Depth falls by 30 a second with a saw of ±200 on it.
void TestShardMeter::slopesFollowTheTrendOverTheNoise()
{
    Slope slope;
    for (int i = 0; i < 9; ++i)
        slope.add(kStart + i * 1s, 1'000 * i);
    QCOMPARE(slope.perSecond(), 0.0); // too few to tell
    for (int i = 0; i < 300; ++i)
        slope.add(kStart + 10s + i * 1s, 20'000 - 30.0 * i + (i % 2 == 0 ? 200 : -200));
    QVERIFY(std::abs(slope.perSecond() + 30) < 0.5);
}

void TestShardMeter::theDrainEtaIsAbsentWhileNothingDrains()
{
    ShardMeter meter { kStart };
    for (int i = 0; i < 30; ++i) {
        meter.arrived(10, kStart + i * 1s);
        meter.requestEnded(request(kStart + i * 1s, Outcome::Accepted, 15));
    }
    ShardSnapshot shard;
    shard.queueDepth = 1'000;
    meter.fill(shard, kStart + 29s);
    QCOMPARE(shard.drainEta, Seconds { 200 });

    shard.queueDepth = 0;
    meter.fill(shard, kStart + 29s);
    QVERIFY(!shard.drainEta);
    meter.arrived(1'000, kStart + 29s);
    shard.queueDepth = 1'000;
    meter.fill(shard, kStart + 29s);
    QVERIFY(!shard.drainEta);
}

void TestShardMeter::attemptsWithoutSuccessLeaveThrottlesOut()
{
    ShardMeter meter { kStart };
    meter.requestEnded(request(kStart + 1s, Outcome::Accepted));
    for (int i = 0; i < 7; ++i)
        meter.requestEnded(request(kStart + 2s, Outcome::Transient));
    meter.requestEnded(request(kStart + 3s, Outcome::Throttled));
    QCOMPARE(meter.attemptsSinceAccepted(), 7);
    QCOMPARE(meter.lastAcceptedAt(), kStart + 1s);
    meter.requestEnded(request(kStart + 4s, Outcome::Accepted));
    QCOMPARE(meter.attemptsSinceAccepted(), 0);
}

void TestShardMeter::totalsAndHistogramsNeverForget()
{
    ShardMeter meter { kStart };
    for (int i = 0; i < 10; ++i)
        meter.requestEnded(request(kStart + i * 10min, Outcome::Accepted, 3, 40ms));
    meter.pickedUp(2s);
    meter.pickedUp(7 * 24h);
    const ShardSnapshot shard = filled(meter, kStart + 24h);
    QCOMPARE(shard.recordsTotal[static_cast<std::size_t>(Outcome::Accepted)], 30);
    QCOMPARE(shard.requestsTotal[static_cast<std::size_t>(Outcome::Accepted)], 10);
    QCOMPARE(shard.latencyTotals.counts[3], 10); // 25 … 50 ms
    QVERIFY(std::abs(shard.latencyTotals.sumSeconds - 0.4) < 1e-9);
    QCOMPARE(shard.pickupTotals.counts[4], 1); // 1 … 5 s
    QCOMPARE(shard.pickupTotals.counts.back(), 1);
}

SPILLWAY_TEST(TestShardMeter)

} // namespace tst_shard_meter

#include "tst_shard_meter.moc"

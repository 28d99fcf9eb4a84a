// The table of shard states, row by row: what enters, after how long, and when it leaves.
#include "signals/merge.h"
#include "signals/state_rules.h"
#include "support/test_program.h"

#include <functional>

namespace tst_state_rules {

using namespace std::chrono_literals;
using namespace engine;
using namespace engine::signals;

namespace {

const SteadyTime kStart { 1h };
const WallTime kWallStart { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 } };

// QCOMPARE would take our toString() for its own and free what it returns.
QString nameOf(ShardState value) { return QString::fromLatin1(toString(value)); }

// A shard at work: nothing is wrong, traffic flows.
ShardSnapshot working()
{
    ShardSnapshot shard;
    shard.inPerSecond = 10;
    shard.outPerSecond = 10;
    shard.errorRatio = 0.0;
    shard.throttleRatio = 0.0;
    shard.latencyP95 = Millis { 200 };
    return shard;
}

// Feeds one snapshot a second.
class Watch {
public:
    ShardStateRules::Result run(const ShardSnapshot& shard, int seconds)
    {
        ShardStateRules::Result result;
        for (int i = 0; i < seconds; ++i)
            result = once(shard);
        return result;
    }
    ShardStateRules::Result once(const ShardSnapshot& shard)
    {
        inputs.now = kStart + m_second * 1s;
        inputs.wallNow = kWallStart + m_second * 1s;
        ++m_second;
        return m_rules.update(shard, inputs, thresholds);
    }
    ShardStateRules::Inputs inputs { .lastAcceptedAt = kStart };
    Thresholds thresholds {};

private:
    ShardStateRules m_rules {};
    std::int64_t m_second { 0 };
};

using Change = std::function<void(ShardSnapshot&)>;

} // namespace

class TestStateRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachRuleEntersAfterItsHoldAndLeavesAfterThirtySeconds_data();
    void eachRuleEntersAfterItsHoldAndLeavesAfterThirtySeconds();
    void whatAnOperatorOrACredentialDecidesIsSoAtOnce_data();
    void whatAnOperatorOrACredentialDecidesIsSoAtOnce();
    void theFirstMatchWinsAndTheOthersStandBeside();
    void aValueNearTheThresholdDoesNotFlicker();
    void anotherThresholdCountsFromTheNextSnapshotOn();
    void latencyIsComparedWithTheMedianOfTheDay();
    void tenAttemptsWithoutSuccessFailTheShard();
    void recoveringComesOnlyAfterTrouble();
    void aDeepQueueIsABacklogOnlyWhereItGrows();
    void idleBeginsAfterFiveMinutesAndEndsAtOnce();
    void aMissingShardHasNoData();
    void sinceIsWhenTheStateChanged();
    void aDestinationIsInTheStateOfItsWorstShard();
};

void TestStateRules::eachRuleEntersAfterItsHoldAndLeavesAfterThirtySeconds_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<Change>("below"); // of the threshold, above 0.7 of it
    QTest::addColumn<ShardState>("state");
    QTest::addColumn<int>("holdSeconds");
    const auto row = [](const char* name, ShardState state, int holdSeconds, const Change& change,
                         const Change& below) {
        QTest::newRow(name) << change << below << state << holdSeconds;
    };
    row(
        "errors 25 %", ShardState::Failing, 30, [](auto& s) { s.errorRatio = 0.25; },
        [](auto& s) { s.errorRatio = 0.18; });
    row(
        "60 dead letters a minute", ShardState::Failing, 60,
        [](auto& s) { s.dlqGrowthPerMinute = 60; }, [](auto& s) { s.dlqGrowthPerMinute = 43; });
    row(
        "5 % throttled", ShardState::Throttled, 30, [](auto& s) { s.throttleRatio = 0.05; },
        [](auto& s) { s.throttleRatio = 0.036; });
    row(
        "5 s of Retry-After", ShardState::Throttled, 0,
        [](auto& s) { s.retryAfterLeft = Millis { 5'000 }; },
        [](auto& s) { s.retryAfterLeft = Millis { 3'600 }; });
    row(
        "errors 2 %", ShardState::Degraded, 60, [](auto& s) { s.errorRatio = 0.02; },
        [](auto& s) { s.errorRatio = 0.015; });
    row(
        "p95 of a second", ShardState::Degraded, 60,
        [](auto& s) { s.latencyP95 = Millis { 1'000 }; },
        [](auto& s) { s.latencyP95 = Millis { 750 }; });
    row(
        "a dead letter a minute", ShardState::Degraded, 300,
        [](auto& s) { s.dlqGrowthPerMinute = 1; }, [](auto& s) { s.dlqGrowthPerMinute = 0.8; });
    row(
        "a minute late", ShardState::Backlogged, 60, [](auto& s) { s.consumerLag = 60s; },
        [](auto& s) { s.consumerLag = 45s; });
}

void TestStateRules::eachRuleEntersAfterItsHoldAndLeavesAfterThirtySeconds()
{
    QFETCH(Change, change);
    QFETCH(Change, below);
    QFETCH(ShardState, state);
    QFETCH(int, holdSeconds);
    Watch watch;
    ShardSnapshot bad = working();
    change(bad);
    ShardSnapshot nearly = working();
    below(nearly);
    QVERIFY(watch.run(nearly, 600).state != state); // never enters

    if (holdSeconds > 0)
        QVERIFY(watch.run(bad, holdSeconds).state != state);
    QCOMPARE(nameOf(watch.once(bad).state), nameOf(state));
    QCOMPARE(nameOf(watch.run(nearly, 600).state), nameOf(state)); // and never leaves
    QCOMPARE(nameOf(watch.run(working(), 30).state), nameOf(state));
    QVERIFY(watch.once(working()).state != state);
}

void TestStateRules::whatAnOperatorOrACredentialDecidesIsSoAtOnce_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<ShardState>("state");
    const auto row = [](const char* name, ShardState state, const Change& change) {
        QTest::newRow(name) << change << state;
    };
    row("paused, still in flight", ShardState::Draining, [](auto& s) {
        s.desired = Desired::Paused;
        s.inFlight = 3;
    });
    row("paused", ShardState::Paused, [](auto& s) { s.desired = Desired::Paused; });
    row("retries paused", ShardState::RetriesPaused,
        [](auto& s) { s.desired = Desired::RetriesPaused; });
    row("credential rejected", ShardState::AuthFailed,
        [](auto& s) { s.credential = CredentialState::Rejected; });
    row("configuration refused", ShardState::AuthFailed,
        [](auto& s) { s.credential = CredentialState::ConfigRefused; });
    row("answers that cannot be read", ShardState::Degraded,
        [](auto& s) { s.areAnswersUnreadable = true; });
}

void TestStateRules::whatAnOperatorOrACredentialDecidesIsSoAtOnce()
{
    QFETCH(Change, change);
    QFETCH(ShardState, state);
    Watch watch;
    watch.run(working(), 10);
    ShardSnapshot changed = working();
    change(changed);
    QCOMPARE(nameOf(watch.once(changed).state), nameOf(state));
    QCOMPARE(nameOf(watch.once(working()).state), nameOf(ShardState::Healthy));
}

// Paused with the breaker open, half its records in error, throttled, an hour late.
void TestStateRules::theFirstMatchWinsAndTheOthersStandBeside()
{
    Watch watch;
    ShardSnapshot shard = working();
    shard.breaker = BreakerState::HalfOpen;
    shard.errorRatio = 0.5;
    shard.throttleRatio = 0.5;
    shard.consumerLag = 1h;
    watch.run(shard, 120);
    shard.desired = Desired::Paused;
    const auto result = watch.once(shard);
    QCOMPARE(nameOf(result.state), nameOf(ShardState::Paused));
    QCOMPARE(result.also,
        (std::vector { ShardState::Tripped, ShardState::Failing, ShardState::Throttled,
            ShardState::Degraded, ShardState::Backlogged }));
}

// Between 20 % and 30 % from second to second: it never holds for 30 s, and once in, never leaves.
void TestStateRules::aValueNearTheThresholdDoesNotFlicker()
{
    Watch watch;
    ShardSnapshot above = working();
    above.errorRatio = 0.3;
    ShardSnapshot under = working();
    under.errorRatio = 0.2;
    for (int i = 0; i < 100; ++i) {
        QVERIFY(watch.once(above).state != ShardState::Failing);
        QVERIFY(watch.once(under).state != ShardState::Failing);
    }
    watch.run(above, 31);
    for (int i = 0; i < 100; ++i) {
        QCOMPARE(nameOf(watch.once(under).state), nameOf(ShardState::Failing));
        QCOMPARE(nameOf(watch.once(above).state), nameOf(ShardState::Failing));
    }
}

// 10 % of errors: degraded; failing once the limit is 8 %, and after its 30 s hold.
void TestStateRules::anotherThresholdCountsFromTheNextSnapshotOn()
{
    Watch watch;
    ShardSnapshot shard = working();
    shard.errorRatio = 0.1;
    QCOMPARE(nameOf(watch.run(shard, 120).state), nameOf(ShardState::Degraded));
    watch.thresholds.set(Threshold::FailingErrors, 0.08);
    QCOMPARE(nameOf(watch.run(shard, 30).state), nameOf(ShardState::Degraded));
    QCOMPARE(nameOf(watch.run(shard, 1).state), nameOf(ShardState::Failing));
    // Back again: below 0.25 × 0.7, so it leaves after its 30 s.
    watch.thresholds = {};
    QCOMPARE(nameOf(watch.run(shard, 31).state), nameOf(ShardState::Degraded));
}

// A platform that always takes 900 ms is degraded at 1,800, not at 1,000.
void TestStateRules::latencyIsComparedWithTheMedianOfTheDay()
{
    Watch watch;
    watch.inputs.latencyMedian = Millis { 900 };
    ShardSnapshot shard = working();
    shard.latencyP95 = Millis { 1'700 };
    QCOMPARE(nameOf(watch.run(shard, 300).state), nameOf(ShardState::Healthy));
    shard.latencyP95 = Millis { 1'800 };
    QCOMPARE(nameOf(watch.run(shard, 61).state), nameOf(ShardState::Degraded));
}

void TestStateRules::tenAttemptsWithoutSuccessFailTheShard()
{
    Watch watch;
    ShardSnapshot shard = working();
    shard.errorRatio.reset(); // too few records for a ratio
    watch.inputs.attemptsSinceAccepted = 10;
    QCOMPARE(nameOf(watch.run(shard, 60).state), nameOf(ShardState::Healthy));
    QCOMPARE(nameOf(watch.once(shard).state), nameOf(ShardState::Failing));

    watch.inputs.attemptsSinceAccepted = 0;
    watch.inputs.lastAcceptedAt = watch.inputs.now;
    watch.run(shard, 30);
    QCOMPARE(nameOf(watch.once(shard).state), nameOf(ShardState::Healthy));
}

// Late and shrinking: recovering after an outage, merely backlogged after none.
void TestStateRules::recoveringComesOnlyAfterTrouble()
{
    ShardSnapshot late = working();
    late.consumerLag = 10min;
    late.depthSlopePerSecond = -5;
    Watch untroubled;
    untroubled.run(working(), 100);
    QCOMPARE(nameOf(untroubled.run(late, 30).state), nameOf(ShardState::Healthy));

    Watch troubled;
    ShardSnapshot open = working();
    open.breaker = BreakerState::Open;
    open.consumerLag = 10min;
    open.depthSlopePerSecond = 20;
    QCOMPARE(nameOf(troubled.run(open, 600).state), nameOf(ShardState::Tripped));
    const auto result = troubled.run(late, 100);
    QCOMPARE(nameOf(result.state), nameOf(ShardState::Recovering));
    QCOMPARE(result.also, (std::vector { ShardState::Backlogged }));
    QCOMPARE(nameOf(troubled.run(working(), 32).state), nameOf(ShardState::Healthy));
}

void TestStateRules::aDeepQueueIsABacklogOnlyWhereItGrows()
{
    Watch watch;
    ShardSnapshot shard = working();
    shard.queueDepth = 600; // 60 s of 10 a second
    QCOMPARE(nameOf(watch.run(shard, 300).state), nameOf(ShardState::Healthy));
    shard.depthSlopePerSecond = 0.1;
    QCOMPARE(nameOf(watch.run(shard, 120).state), nameOf(ShardState::Healthy));
    QCOMPARE(nameOf(watch.once(shard).state), nameOf(ShardState::Backlogged));

    Watch small;
    shard.outPerSecond = 0.5;
    shard.queueDepth = 99; // more than 60 s of work, but fewer than 100
    QCOMPARE(nameOf(small.run(shard, 300).state), nameOf(ShardState::Healthy));
}

void TestStateRules::idleBeginsAfterFiveMinutesAndEndsAtOnce()
{
    Watch watch;
    ShardSnapshot quiet;
    QCOMPARE(nameOf(watch.run(quiet, 300).state), nameOf(ShardState::Healthy));
    QCOMPARE(nameOf(watch.once(quiet).state), nameOf(ShardState::Idle));
    QCOMPARE(nameOf(watch.once(working()).state), nameOf(ShardState::Healthy));
    QCOMPARE(nameOf(watch.once(quiet).state), nameOf(ShardState::Healthy));
}

void TestStateRules::aMissingShardHasNoData()
{
    Watch watch;
    watch.inputs.snapshotAge = 5s;
    QCOMPARE(nameOf(watch.once(working()).state), nameOf(ShardState::Healthy));
    watch.inputs.snapshotAge = 6s;
    QCOMPARE(nameOf(watch.once(working()).state), nameOf(ShardState::NoData));
    watch.inputs = { .isMissing = true };
    QCOMPARE(nameOf(watch.once(working()).state), nameOf(ShardState::NoData));
}

void TestStateRules::sinceIsWhenTheStateChanged()
{
    Watch watch;
    QCOMPARE(watch.run(working(), 100).since, kWallStart);
    ShardSnapshot paused = working();
    paused.desired = Desired::Paused;
    QCOMPARE(watch.run(paused, 50).since, kWallStart + 100s);
}

void TestStateRules::aDestinationIsInTheStateOfItsWorstShard()
{
    ShardSnapshot fine = working();
    fine.state = ShardState::Healthy;
    fine.queueDepth = 10;
    fine.consumerLag = 1s;
    ShardSnapshot late = working();
    late.state = ShardState::Backlogged;
    late.queueDepth = 500;
    late.consumerLag = 2min;
    late.stateSince = kWallStart + 5s;
    ShardSnapshot paused = working();
    paused.state = ShardState::Paused;
    paused.desired = Desired::Paused;
    const std::vector<const ShardSnapshot*> shards { &fine, &paused, &late };
    const ShardSnapshot total = mergeShards(shards);
    QCOMPARE(nameOf(total.state), nameOf(ShardState::Backlogged));
    QCOMPARE(total.stateSince, kWallStart + 5s);
    QCOMPARE(total.queueDepth, 510);
    QCOMPARE(total.consumerLag, Millis { 2min });
    QCOMPARE(total.desired, Desired::Running);
}

SPILLWAY_TEST(TestStateRules)

} // namespace tst_state_rules

#include "tst_state_rules.moc"

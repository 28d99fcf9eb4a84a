// All gates of a shard together.
#include "engine/pacing/strict_platform.h"
#include "support/test_program.h"

namespace tst_shard_pacer {

using namespace std::chrono_literals;
using namespace engine;
using namespace engine::pacing;
using namespace engine::pacing::testing;

namespace {

PacerOptions fourAtOnce()
{
    PacerOptions options;
    options.concurrency = { .configured = 4, .ceiling = 4 };
    options.batch = 100;
    return options;
}

Ending answer(SteadyTime sentAt, SteadyTime endedAt, Outcome outcome = Outcome::Accepted)
{
    return { .sentAt = sentAt,
        .endedAt = endedAt,
        .outcome = outcome,
        .hasAccepted = outcome == Outcome::Accepted,
        .latency = std::chrono::duration_cast<Micros>(endedAt - sentAt) };
}

// One request from reservation to release, `roundTrip` long.
bool send(
    ShardPacer& pacer, SteadyTime now, Outcome outcome = Outcome::Accepted, Nanos roundTrip = 50ms)
{
    auto reservation = pacer.reserve(now, { .events = 1 });
    if (!reservation)
        return false;
    pacer.ended(now + roundTrip, *reservation, answer(now, now + roundTrip, outcome));
    pacer.released(*reservation);
    return true;
}

} // namespace

class TestShardPacer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingHoldsAFreshShard();
    void reservingIsAllOrNothing();
    void aSlotIsFreeOnlyWhenTheOutcomeIsCommitted();
    void whatWasNotSentIsRefundedEverywhere();
    void fewerEncodedRecordsGiveTheRestBack();
    void theRateCapActsAtOnceAndKeepsDecimals();
    void aThrottleHoldsEveryShardOfTheScope();
    void retryAfterOnAServerErrorHoldsButLowersNothing();
    void anOperatorsProbePassesTheHoldButNoLimit();
    void theBreakerLetsOneDeliveryThrough();
    void aRefundedProbeMayGoAgain();
    void aRampStartsAtATenthAndEndsAtTheWhole();
    void aBatchIsCutToTheSmallestEventsLimit();
    void theCeilingIsTheTightestLimitAtThisBatch();
    void holdsNameEveryGateThatHolds();
};

void TestShardPacer::nothingHoldsAFreshShard()
{
    ShardPacer pacer { fourAtOnce(), kStart };
    const Decision decision = pacer.decide(kStart, { .events = 250 });
    QVERIFY(decision.isGo);
    QVERIFY(!decision.isProbe);
    QCOMPARE(decision.events, 100);
}

// Two limits; the second is full. The first must not be charged for the refused attempt.
void TestShardPacer::reservingIsAllOrNothing()
{
    auto wide = makeLimiter(
        makeLimit(LimitUnit::Requests, 10, 60s, LimitKind::Rolling, 10), kStart, kWallStart);
    auto narrow = makeLimiter(makeLimit(LimitUnit::Requests, 1, 60s), kStart, kWallStart);
    ShardPacer pacer { fourAtOnce(), kStart };
    pacer.setLimiters({ wide, narrow });
    QVERIFY(pacer.reserve(kStart, {}));

    QVERIFY(!pacer.reserve(kStart, {}));
    QVERIFY(!pacer.reserve(kStart, {}));
    QCOMPARE(wide->left(kStart), 9);
    QCOMPARE(pacer.inFlight(), 1);
    QVERIFY(pacer.decide(kStart, {}).gate == Hold::Gate::Window);
}

void TestShardPacer::aSlotIsFreeOnlyWhenTheOutcomeIsCommitted()
{
    PacerOptions options = fourAtOnce();
    options.concurrency = { .configured = 1, .ceiling = 1 };
    ShardPacer pacer { options, kStart };
    const auto reservation = pacer.reserve(kStart, {});
    QVERIFY(reservation);
    pacer.ended(kStart + 1s, *reservation, answer(kStart, kStart + 1s));

    const Decision held = pacer.decide(kStart + 1s, {});
    QVERIFY(!held.isGo);
    QVERIFY(held.gate == Hold::Gate::Concurrency);
    QCOMPARE(held.until, kUntilEvent);
    pacer.released(*reservation);
    QVERIFY(pacer.decide(kStart + 1s, {}).isGo);
}

void TestShardPacer::whatWasNotSentIsRefundedEverywhere()
{
    auto limiter = makeLimiter(makeLimit(LimitUnit::Requests, 1, 60s), kStart, kWallStart);
    PacerOptions options = fourAtOnce();
    options.rate = 0.1;
    ShardPacer pacer { options, kStart };
    pacer.setLimiters({ limiter });
    const auto reservation = pacer.reserve(kStart, {});
    QVERIFY(reservation);
    QVERIFY(!pacer.decide(kStart, {}).isGo);

    pacer.refund(kStart, *reservation);
    QVERIFY(pacer.decide(kStart, {}).isGo);
    QCOMPARE(pacer.inFlight(), 0);
    QCOMPARE(limiter->left(kStart), 1);
}

void TestShardPacer::fewerEncodedRecordsGiveTheRestBack()
{
    auto limiter = makeLimiter(makeLimit(LimitUnit::Events, 1'000, 60s), kStart, kWallStart);
    ShardPacer pacer { fourAtOnce(), kStart };
    pacer.setLimiters({ limiter });
    auto reservation = pacer.reserve(kStart, { .events = 100 });
    pacer.shrink(kStart, *reservation, 30);

    QCOMPARE(limiter->left(kStart), 970);
    QCOMPARE(limiter->eligibleAt(kStart, { .events = 1 }, nullptr), kStart + 1'800ms);
}

// 0.167 a second is one in six seconds. Raised to 10 while four of the six are still to wait.
void TestShardPacer::theRateCapActsAtOnceAndKeepsDecimals()
{
    PacerOptions options = fourAtOnce();
    options.rate = 1.0 / 6;
    ShardPacer pacer { options, kStart };
    QVERIFY(send(pacer, kStart));
    const Decision slow = pacer.decide(kStart + 2s, {});
    QVERIFY(slow.gate == Hold::Gate::Rate);
    QVERIFY(slow.until > kStart + 5'999ms && slow.until < kStart + 6'001ms);

    options.rate = 10;
    pacer.setOptions(options, kStart + 2s);
    QVERIFY(pacer.decide(kStart + 2s, {}).until < kStart + 2'100ms);
    options.rate.reset();
    pacer.setOptions(options, kStart + 2s);
    QVERIFY(pacer.decide(kStart + 2s, {}).isGo);
}

void TestShardPacer::aThrottleHoldsEveryShardOfTheScope()
{
    auto scope = std::make_shared<ThrottleScope>();
    ShardPacer hot { fourAtOnce(), kStart };
    ShardPacer twin { fourAtOnce(), kStart };
    hot.setThrottleScope(scope);
    twin.setThrottleScope(scope);
    const auto reservation = hot.reserve(kStart, {});
    Ending refused = answer(kStart, kStart + 1s, Outcome::Throttled);
    refused.retryAfter = 30s;
    hot.ended(kStart + 1s, *reservation, refused);

    const Decision held = twin.decide(kStart + 2s, {});
    QVERIFY(held.gate == Hold::Gate::Throttle);
    QCOMPARE(held.until, kStart + 31s);
    QCOMPARE(twin.retryAfterLeft(kStart + 2s), Millis { 29s });
    QVERIFY(!twin.retryAfterLeft(kStart + 31s));
}

void TestShardPacer::retryAfterOnAServerErrorHoldsButLowersNothing()
{
    ShardPacer pacer { fourAtOnce(), kStart };
    for (int i = 0; i < 20; ++i)
        QVERIFY(send(pacer, kStart + i * 100ms));
    const auto reservation = pacer.reserve(kStart + 3s, {});
    Ending busy = answer(kStart + 3s, kStart + 3'050ms, Outcome::Transient);
    busy.retryAfter = 5s;
    pacer.ended(kStart + 3'050ms, *reservation, busy);
    pacer.released(*reservation);

    QCOMPARE(pacer.decide(kStart + 4s, {}).until, kStart + 8'050ms);
    QVERIFY(!pacer.rateNow(kStart + 9s));
    QCOMPARE(pacer.concurrencyNow(kStart + 9s), 4);
}

void TestShardPacer::anOperatorsProbePassesTheHoldButNoLimit()
{
    auto limiter = makeLimiter(
        makeLimit(LimitUnit::Requests, 2, 60s, LimitKind::Rolling, 2), kStart, kWallStart);
    ShardPacer pacer { fourAtOnce(), kStart };
    pacer.setLimiters({ limiter });
    QVERIFY(send(pacer, kStart, Outcome::Throttled));
    const Demand probe { .events = 50, .isOperatorProbe = true };
    QVERIFY(!pacer.decide(kStart + 100ms, {}).isGo);
    const auto reservation = pacer.reserve(kStart + 100ms, probe);
    QVERIFY(reservation);
    QVERIFY(reservation->isProbe);
    QCOMPARE(reservation->demand.events, 1);

    QVERIFY(!pacer.decide(kStart + 100ms, probe).isGo); // both of the window are used
    pacer.ended(kStart + 200ms, *reservation, answer(kStart + 100ms, kStart + 200ms));
    pacer.released(*reservation);
    QVERIFY(!pacer.retryAfterLeft(kStart + 200ms)); // accepted: the hold is over
}

void TestShardPacer::theBreakerLetsOneDeliveryThrough()
{
    ShardPacer pacer { fourAtOnce(), kStart };
    SteadyTime now = kStart;
    while (pacer.breaker() == BreakerState::Closed) {
        QVERIFY(now < kStart + 2min);
        send(pacer, now += 1s, Outcome::Transient);
    }
    const SteadyTime probeAt = pacer.decide(now, { .events = 100 }).until;
    QVERIFY(probeAt >= now + 5s);
    const Decision decision = pacer.decide(probeAt, { .events = 100 });
    QVERIFY(decision.isGo && decision.isProbe);
    QCOMPARE(decision.events, 1);
    const auto probe = pacer.reserve(probeAt, { .events = 100 });
    QVERIFY(pacer.decide(probeAt, {}).gate == Hold::Gate::Breaker);

    pacer.ended(probeAt + 50ms, *probe, answer(probeAt, probeAt + 50ms));
    pacer.released(*probe);
    QVERIFY(pacer.breaker() == BreakerState::Closed);
    QCOMPARE(pacer.concurrencyNow(probeAt + 50ms), 1); // slow start
}

void TestShardPacer::aRefundedProbeMayGoAgain()
{
    PacerOptions options = fourAtOnce();
    options.breaker.failures = 1;
    ShardPacer pacer { options, kStart };
    QVERIFY(send(pacer, kStart + 60s, Outcome::Unknown));
    const SteadyTime probeAt = pacer.decide(kStart + 61s, {}).until;
    const auto probe = pacer.reserve(probeAt, {});
    QVERIFY(probe);
    pacer.refund(probeAt, *probe);
    QVERIFY(pacer.decide(probeAt, {}).isGo);
}

// 600 a minute and a ramp of a minute: about one in the first second, ten in the last, none refused
// for long after it.
void TestShardPacer::aRampStartsAtATenthAndEndsAtTheWhole()
{
    auto limiter = makeLimiter(makeLimit(LimitUnit::Requests, 600, 60s), kStart, kWallStart);
    ShardPacer pacer { fourAtOnce(), kStart };
    pacer.setLimiters({ limiter });
    pacer.startRamp(kStart, 60s);
    std::vector<int> perTenth(7, 0);
    for (SteadyTime now = kStart; now < kStart + 70s; now += 10ms) {
        if (send(pacer, now, Outcome::Accepted, 5ms))
            ++perTenth[static_cast<std::size_t>((now - kStart) / 10s)];
    }
    QVERIFY2(perTenth[0] >= 9 && perTenth[0] <= 16, qPrintable(QString::number(perTenth[0])));
    QVERIFY(std::is_sorted(perTenth.begin(), perTenth.end()));
    QVERIFY2(perTenth[6] >= 98, qPrintable(QString::number(perTenth[6])));
}

// A platform takes 2,000 in a request but 100 a second.
void TestShardPacer::aBatchIsCutToTheSmallestEventsLimit()
{
    auto limiter = makeLimiter(makeLimit(LimitUnit::Events, 100, 1s), kStart, kWallStart);
    PacerOptions options = fourAtOnce();
    options.batch = 2'000;
    ShardPacer pacer { options, kStart };
    pacer.setLimiters({ limiter });
    const Decision decision = pacer.decide(kStart, { .events = 2'000 });
    QVERIFY(decision.isGo);
    QCOMPARE(decision.events, 100);
}

// 1,000 events a minute in batches of 100 are 0.167 requests a second, in single events 16.7.
void TestShardPacer::theCeilingIsTheTightestLimitAtThisBatch()
{
    auto perMinute = makeLimiter(makeLimit(LimitUnit::Events, 1'000, 60s), kStart, kWallStart);
    Limit tenASecond = makeLimit(LimitUnit::Requests, 10, 1s);
    tenASecond.source = CeilingSource::Operator;
    auto perSecond = makeLimiter(tenASecond, kStart, kWallStart);
    PacerOptions options = fourAtOnce();
    ShardPacer pacer { options, kStart };
    pacer.setLimiters({ perMinute, perSecond });
    QVERIFY(std::abs(pacer.rateCeiling(kStart)->requestsPerSecond - 1.0 / 6) < 1e-3);
    options.batch = 1;
    pacer.setOptions(options, kStart);
    QCOMPARE(pacer.rateCeiling(kStart)->requestsPerSecond, 10.0);
    QVERIFY(pacer.rateCeiling(kStart)->source == CeilingSource::Operator);
}

void TestShardPacer::holdsNameEveryGateThatHolds()
{
    auto limiter = makeLimiter(makeLimit(LimitUnit::Requests, 1, 60s), kStart, kWallStart);
    PacerOptions options = fourAtOnce();
    options.rate = 0.5;
    ShardPacer pacer { options, kStart };
    pacer.setLimiters({ limiter });
    QVERIFY(pacer.holds(kStart).empty());
    QVERIFY(send(pacer, kStart, Outcome::Throttled));

    std::vector<Hold::Gate> gates;
    for (const GateHold& hold : pacer.holds(kStart + 100ms))
        gates.push_back(hold.gate);
    QVERIFY((gates == std::vector { Hold::Gate::Throttle, Hold::Gate::Rate, Hold::Gate::Window }));
}

SPILLWAY_TEST(TestShardPacer)

} // namespace tst_shard_pacer

#include "tst_shard_pacer.moc"

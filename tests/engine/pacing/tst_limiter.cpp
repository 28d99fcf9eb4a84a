// One limit at a time: exactly when the next may go.
#include "engine/pacing/strict_platform.h"
#include "pacing/arrival_estimate.h"
#include "pacing/rolling_window.h"
#include "support/test_program.h"

#include <rapidcheck.h>

namespace tst_limiter {

using namespace std::chrono_literals;
using namespace engine;
using namespace engine::pacing;
using namespace engine::pacing::testing;

namespace {

int kOwner = 0;
int kOther = 0;
const ClaimOwner owner = &kOwner;
const ClaimOwner other = &kOther;

std::shared_ptr<Limiter> make(const Limit& limit) { return makeLimiter(limit, kStart, kWallStart); }

Demand events(std::int64_t count) { return { .events = count }; }

// Reserved, sent and answered within one round trip.
void send(Limiter& limiter, SteadyTime at, const Demand& demand, Nanos roundTrip)
{
    limiter.reserve(at, demand, owner);
    limiter.answered(demand, { .reservedAt = at, .sentAt = at, .endedAt = at + roundTrip });
}

SteadyTime next(Limiter& limiter, SteadyTime now, const Demand& demand = {})
{
    return std::max(now, limiter.eligibleAt(now, demand, owner));
}

// The instant at which the platform's window is surely over: 500 ppm and a millisecond later.
Nanos hold(Nanos period) { return period + period / 1'999 + std::min<Nanos>(1ms, period / 1'000); }

} // namespace

class TestLimiter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSlotComesFreeOnePeriodAfterItsAnswer();
    void aSlotInFlightIsTakenUntilSomethingHappens();
    void withoutAnAnswerASlotComesFreeOnePeriodAfterTheClose();
    void requestsAreSpreadEvenlyAndAFreshBurstIsOneBatch();
    void aLateTimerKeepsTheRateAndIdlingSavesNothingUp();
    void aRefundRestoresExactly();
    void aLargeLogStaysBoundedAndIsNeverLessStrict();
    void aStampOfTheFutureCountsAsNow();
    void whatWasInFlightAtTheLastEndCountsFromNow();
    void theRebuildLooksBackAsFarAsASlotIsHeld();
    void aLoweredAmountActsAtOnceAndForgetsNothing();
    void wholeBatchesFillTheAmount();
    void aClaimOfAShardThatNeverComesBackEnds();
    void aLongQuotaIsSpreadOnlyInItsLastFifthWhereBulkStops();
    void theFirstThrottleWidensTheEstimate();
    void fewRoundTripsAreEnoughForACarefulEstimate();
    void aPauseForgetsTheEstimate();
    void aBucketAllowsItsBurstAndThenItsRefill();
    void aBucketIsNeverOverdrawnAtTheServer();
    void aFixedWindowCountsAFlightOverItsEndTwice();
    void aDayQuotaOpensAgainAtMidnightUtc();
    void withoutAStartingValueAHeaderLimitFeelsItsWayUp();
    void aQuotaHeaderRulesUntilItsReset();
    void anOvertakenQuotaHeaderNeverAddsRoom();
    void aQuotaOutlivesARestart();
};

// 2 requests in 10 s without spreading, answered after 200 ms: the third goes one drifted period
// after the first answer, not after the first send.
void TestLimiter::aSlotComesFreeOnePeriodAfterItsAnswer()
{
    auto limiter = make(makeLimit(LimitUnit::Requests, 2, 10s, LimitKind::Rolling, 2));
    send(*limiter, kStart, {}, 200ms);
    send(*limiter, kStart, {}, 300ms);

    QCOMPARE(next(*limiter, kStart + 1s), kStart + 200ms + hold(10s));
    const SteadyTime third = next(*limiter, kStart + 1s);
    send(*limiter, third, {}, 200ms);
    QCOMPARE(next(*limiter, third), kStart + 300ms + hold(10s));
}

void TestLimiter::aSlotInFlightIsTakenUntilSomethingHappens()
{
    auto limiter = make(makeLimit(LimitUnit::Requests, 1, 10s, LimitKind::Rolling, 1));
    limiter->reserve(kStart, {}, owner);

    QCOMPARE(next(*limiter, kStart + 1h), kUntilEvent);
}

void TestLimiter::withoutAnAnswerASlotComesFreeOnePeriodAfterTheClose()
{
    auto limiter = make(makeLimit(LimitUnit::Requests, 1, 10s, LimitKind::Rolling, 1));
    limiter->reserve(kStart, {}, owner);
    limiter->unanswered({}, { .reservedAt = kStart, .sentAt = kStart, .endedAt = kStart + 20s });

    QCOMPARE(next(*limiter, kStart + 20s), kStart + 20s + hold(10s));
}

// 1,000 events a minute in batches of 100: one every six seconds, the first at once.
void TestLimiter::requestsAreSpreadEvenlyAndAFreshBurstIsOneBatch()
{
    auto limiter = make(makeLimit(LimitUnit::Events, 1'000, 60s));
    QCOMPARE(next(*limiter, kStart, events(100)), kStart);
    send(*limiter, kStart, events(100), 100ms);

    QCOMPARE(next(*limiter, kStart, events(100)), kStart + 6s);
    QCOMPARE(next(*limiter, kStart, events(1)), kStart + 6s);
}

// One a second: woken 20 ms late each time the grid stays; after an idle hour only one goes.
void TestLimiter::aLateTimerKeepsTheRateAndIdlingSavesNothingUp()
{
    auto limiter = make(makeLimit(LimitUnit::Requests, 60, 60s));
    SteadyTime now = kStart;
    for (int i = 0; i < 30; ++i) {
        now = next(*limiter, now) + 20ms;
        send(*limiter, now, {}, 10ms);
    }
    QCOMPARE(next(*limiter, now), kStart + 20ms + 30s);

    now += 1h;
    send(*limiter, now, {}, 10ms);
    QCOMPARE(next(*limiter, now), now + 1s);
}

// Any history, then one reservation that is taken back: what follows is as if it had never been.
void TestLimiter::aRefundRestoresExactly()
{
    QVERIFY(rc::check("refunded is as never reserved", [] {
        const auto kind = *rc::gen::element(LimitKind::Rolling, LimitKind::Bucket);
        const Limit limit = makeLimit(LimitUnit::Events, *rc::gen::inRange<std::int64_t>(10, 500),
            60s, kind, *rc::gen::inRange<std::int64_t>(0, 10));
        auto touched = make(limit);
        auto untouched = make(limit);
        SteadyTime now = kStart;
        for (int i = 0; i < 20; ++i) {
            const Demand demand = events(*rc::gen::inRange<std::int64_t>(1, 11));
            if (touched->eligibleAt(now, demand, owner) <= now) {
                send(*touched, now, demand, 50ms);
                send(*untouched, now, demand, 50ms);
            }
            now += Millis { *rc::gen::inRange(50, 5'000) };
        }
        const Demand demand = events(*rc::gen::inRange<std::int64_t>(1, 11));
        RC_PRE(touched->eligibleAt(now, demand, owner) <= now);
        touched->reserve(now, demand, owner);
        touched->refund(now, demand);

        for (int i = 0; i < 10; ++i) {
            const Demand probe = events(*rc::gen::inRange<std::int64_t>(1, 11));
            now += Millis { *rc::gen::inRange(0, 3'000) };
            RC_ASSERT(next(*touched, now, probe) == next(*untouched, now, probe));
        }
        RC_ASSERT(touched->batchFit(7) == untouched->batchFit(7));
    }));
}

// 100,000 in 15 minutes: the log shares entries, and what is in it comes free no sooner than exact.
void TestLimiter::aLargeLogStaysBoundedAndIsNeverLessStrict()
{
    RollingWindow window { { .amount = 100'000, .period = 900s, .burst = 100'000 } };
    for (int i = 0; i < 100'000; ++i) {
        const SteadyTime at = kStart + i * 9ms;
        window.land(1, { .reservedAt = at, .sentAt = at, .endedAt = at }, true);
    }
    const SteadyTime full = kStart + 99'999 * 9ms;
    QVERIFY(window.entries() <= std::size_t { 2 * RollingWindow::kEntriesMax });
    for (const std::int64_t units : { 1, 100, 5'000, 50'000 }) {
        const SteadyTime exact = kStart + (units - 1) * 9ms + hold(900s);
        const SteadyTime at
            = window.roomAt(full, { .units = units, .inFlight = 0, .isBulk = false });
        QVERIFY(at >= exact);
        QVERIFY(at <= exact + Nanos(900s) / RollingWindow::kEntriesMax);
    }
}

// The clock was set back by an hour while the program was stopped.
void TestLimiter::aStampOfTheFutureCountsAsNow()
{
    auto limiter = make(makeLimit(LimitUnit::Requests, 1, 10s, LimitKind::Rolling, 1));
    SentRequest sent;
    sent.sentAt = kWallStart + 1h;
    sent.endedAt = kWallStart + 1h;
    limiter->restore(std::vector { sent }, kStart, kWallStart);

    QCOMPARE(next(*limiter, kStart), kStart + hold(10s));
}

// Killed at the moment of sending, started again 8 s later: when the platform stamped it is
// unknown.
void TestLimiter::whatWasInFlightAtTheLastEndCountsFromNow()
{
    auto limiter = make(makeLimit(LimitUnit::Requests, 1, 10s, LimitKind::Rolling, 1));
    SentRequest sent;
    sent.sentAt = kWallStart - 8s;
    limiter->restore(std::vector { sent }, kStart, kWallStart);

    QCOMPARE(next(*limiter, kStart), kStart + hold(10s));
}

// A day lasts 43 s longer on a clock that is 500 ppm slower.
void TestLimiter::theRebuildLooksBackAsFarAsASlotIsHeld()
{
    for (const LimitKind kind : { LimitKind::Rolling, LimitKind::Bucket, LimitKind::Header }) {
        auto limiter = make(makeLimit(LimitUnit::Requests, 10, 24h, kind));
        QVERIFY(limiter->lookback() >= hold(24h));
    }
    auto limiter = make(makeLimit(LimitUnit::Requests, 10, 1s));
    QVERIFY(limiter->lookback() >= hold(1s));
}

void TestLimiter::aLoweredAmountActsAtOnceAndForgetsNothing()
{
    Limit limit = makeLimit(LimitUnit::Requests, 3, 10s, LimitKind::Rolling, 3);
    auto limiter = make(limit);
    for (int i = 0; i < 2; ++i)
        send(*limiter, kStart + i * 1s, {}, 0ms);
    QCOMPARE(next(*limiter, kStart + 1s), kStart + 1s);

    limit.amount = 1;
    limit.burst = 1;
    QVERIFY(limiter->canBecome(limit));
    limiter->become(limit, kStart + 1s);
    QVERIFY(next(*limiter, kStart + 1s) >= kStart + 1s + hold(10s));
    limit.period = 20s;
    QVERIFY(!limiter->canBecome(limit)); // what it dropped would count again
}

// However batch and amount divide: as many requests as it takes, none a leftover of one or two.
void TestLimiter::wholeBatchesFillTheAmount()
{
    QVERIFY(rc::check("requests of one window add up to the amount", [] {
        const auto amount = *rc::gen::inRange<std::int64_t>(1, 2'000);
        const auto batch = *rc::gen::inRange<std::int64_t>(1, 500);
        auto limiter = make(makeLimit(LimitUnit::Events, amount, 60s));
        const std::int64_t requests
            = (amount + std::min(batch, amount) - 1) / std::min(batch, amount);
        std::int64_t sum = 0;
        for (std::int64_t i = 0; i < requests; ++i) {
            const std::int64_t fit = limiter->batchFit(batch);
            RC_ASSERT(fit <= batch);
            RC_ASSERT(2 * fit >= amount / requests);
            limiter->reserve(kStart, events(fit), owner);
            sum += fit;
        }
        RC_ASSERT(sum == amount);
    }));
}

// Room for 3; one owner claims it and goes away. The other waits a quarter second at most.
void TestLimiter::aClaimOfAShardThatNeverComesBackEnds()
{
    auto limiter = make(makeLimit(LimitUnit::Events, 3, 1s, LimitKind::Rolling, 3));
    limiter->claim(kStart, events(3), other);
    QVERIFY(limiter->eligibleAt(kStart, events(1), owner) <= kStart);
    send(*limiter, kStart, events(1), 0ms);
    QVERIFY(limiter->eligibleAt(kStart, events(1), owner) > kStart);

    const SteadyTime free = kStart + hold(1s);
    static_cast<void>(limiter->eligibleAt(free, events(1), owner));
    const SteadyTime later = free + Limiter::kClaimIdle + 1ms;
    QVERIFY(limiter->eligibleAt(later, events(1), owner) <= later);
}

// 1,000 a day: 800 at once, then the rest spread so that it lasts, replay and import not at all.
void TestLimiter::aLongQuotaIsSpreadOnlyInItsLastFifthWhereBulkStops()
{
    auto limiter = make(makeLimit(LimitUnit::Requests, 1'000, 24h));
    for (int i = 0; i < 800; ++i) {
        QVERIFY(limiter->eligibleAt(kStart, {}, owner) <= kStart);
        send(*limiter, kStart, {}, 0ms);
    }
    QCOMPARE(limiter->left(kStart), 200);
    const Demand bulk { .events = 1, .isBulk = true };
    QVERIFY(limiter->eligibleAt(kStart, bulk, owner) >= kStart + 24h);

    send(*limiter, kStart, {}, 0ms);
    const SteadyTime at = next(*limiter, kStart);
    QVERIFY(at > kStart + 6min && at < kStart + 9min); // 24 h ÷ 200
    QVERIFY(limiter->gate() == Hold::Gate::Quota);
}

// 100 in a second over steady 200 ms: most of the round trip is credited, until a throttle shows
// that it was too much.
void TestLimiter::theFirstThrottleWidensTheEstimate()
{
    ArrivalEstimate estimate;
    for (int i = 0; i < 100; ++i)
        estimate.add(kStart + i * 10ms, 200ms + (i % 5) * 1ms);
    const SteadyTime now = kStart + 1s;
    const Nanos before = estimate.credit(now);
    QVERIFY(before > 195ms && before < 200ms);

    estimate.throttled(now);
    QVERIFY(estimate.credit(now) <= before - 50ms);
    estimate.throttled(now);
    estimate.throttled(now);
    QCOMPARE(estimate.credit(now), 0ns);
    QVERIFY(estimate.credit(now + 3h) > 195ms);
}

// A request a second: a quarter of a minute must do, with a wider margin for so few.
void TestLimiter::fewRoundTripsAreEnoughForACarefulEstimate()
{
    ArrivalEstimate estimate;
    SteadyTime now = kStart;
    for (int i = 0; i < 15; ++i, now += 1s)
        estimate.add(now, 50ms + (i % 3) * 1ms);
    QCOMPARE(estimate.credit(now), 0ns);
    estimate.add(now, 50ms);
    const Nanos few = estimate.credit(now);
    QVERIFY(few > 48ms && few < 49ms);
    for (int i = 0; i < 112; ++i, now += 1s)
        estimate.add(now, 50ms + (i % 3) * 1ms);
    QVERIFY(estimate.credit(now) > few);
}

// The way of a minute ago may be another after a pause, and its round trips longer.
void TestLimiter::aPauseForgetsTheEstimate()
{
    ArrivalEstimate estimate;
    SteadyTime now = kStart;
    for (int i = 0; i < 256; ++i, now += 10ms)
        estimate.add(now, 50ms + (i % 3) * 1ms);
    QVERIFY(estimate.credit(now) > 49ms);
    now += 3min;
    for (int i = 0; i < 15; ++i, now += 10ms) {
        estimate.add(now, 90ms + (i % 3) * 1ms);
        QCOMPARE(estimate.credit(now), 0ns);
    }
    for (int i = 0; i < 16; ++i, now += 10ms)
        estimate.add(now, 90ms + (i % 3) * 1ms);
    QVERIFY(estimate.credit(now) > 88ms && estimate.credit(now) < 90ms);
}

// Capacity 5, one a second back: five at once, then one a second.
void TestLimiter::aBucketAllowsItsBurstAndThenItsRefill()
{
    auto limiter = make(makeLimit(LimitUnit::Requests, 60, 60s, LimitKind::Bucket, 5));
    for (int i = 0; i < 5; ++i) {
        QCOMPARE(next(*limiter, kStart), kStart);
        send(*limiter, kStart, {}, 0ms);
    }
    const SteadyTime sixth = next(*limiter, kStart);
    QVERIFY(sixth >= kStart + 1s + 500us && sixth <= kStart + 1s + 501us); // 500 ppm slower
    send(*limiter, sixth, {}, 0ms);
    const SteadyTime seventh = next(*limiter, sixth);
    QVERIFY(seventh >= kStart + 2s + 1ms && seventh <= kStart + 2s + 1'002us);
}

// The platform's bucket, filled at its own, slower clock, any ways and any burst.
void TestLimiter::aBucketIsNeverOverdrawnAtTheServer()
{
    QVERIFY(rc::check("the bucket holds what is taken", [] {
        const auto burst = *rc::gen::inRange<std::int64_t>(1, 30);
        const auto rate = *rc::gen::inRange<std::int64_t>(1, 50);
        auto limiter = make(makeLimit(LimitUnit::Requests, rate, 1s, LimitKind::Bucket, burst));
        const auto wayMost = *rc::gen::inRange(1, 500);
        struct Flying {
            SteadyTime reservedAt {};
            SteadyTime arrival {};
            SteadyTime answer {};
        };
        std::vector<Flying> all;
        std::vector<Flying> flying;
        SteadyTime now = kStart;
        for (int i = 0; i < 300; ++i) {
            std::erase_if(flying, [&](const Flying& f) {
                if (f.answer > now)
                    return false;
                limiter->answered({}, { f.reservedAt, f.reservedAt, f.answer });
                return true;
            });
            if (limiter->eligibleAt(now, {}, owner) <= now) {
                limiter->reserve(now, {}, owner);
                const SteadyTime arrival = now + Millis { *rc::gen::inRange(0, wayMost) };
                flying.push_back(
                    { now, arrival, arrival + Millis { *rc::gen::inRange(0, wayMost) } });
                all.push_back(flying.back());
            }
            now += Millis { *rc::gen::inRange(0, 60) };
        }
        std::sort(all.begin(), all.end(),
            [](const Flying& a, const Flying& b) { return a.arrival < b.arrival; });
        double level = static_cast<double>(burst);
        SteadyTime last = kStart;
        for (const Flying& f : all) {
            const double seconds = std::chrono::duration<double>(f.arrival - last).count();
            level = std::min(static_cast<double>(burst),
                level + seconds * static_cast<double>(rate) * (1 - 500e-6));
            last = f.arrival;
            level -= 1;
            RC_ASSERT(level >= -1e-6);
        }
    }));
}

// A minute grid, one request each: sent in one minute, answered in the next, it counts in both.
void TestLimiter::aFixedWindowCountsAFlightOverItsEndTwice()
{
    auto limiter = make(makeLimit(LimitUnit::Requests, 1, 60s, LimitKind::Fixed));
    const SteadyTime sent = kStart + 50s;
    limiter->reserve(sent, {}, owner);
    limiter->answered({}, { .reservedAt = sent, .sentAt = sent, .endedAt = kStart + 61s });

    QVERIFY(next(*limiter, kStart + 61s) >= kStart + 120s);
    QVERIFY(next(*limiter, kStart + 61s) <= kStart + 121s);
}

// It is 09:00 UTC. 10 a day are used up by noon: nothing until midnight and the guard of two
// seconds.
void TestLimiter::aDayQuotaOpensAgainAtMidnightUtc()
{
    auto limiter = make(makeLimit(LimitUnit::Requests, 10, 24h, LimitKind::Fixed));
    SteadyTime now = kStart;
    for (int i = 0; i < 10; ++i) {
        now = next(*limiter, now);
        QVERIFY(now < kStart + 15h);
        send(*limiter, now, {}, 100ms);
    }
    QCOMPARE(next(*limiter, now), kStart + 15h + 2s);
}

// Nothing known: one in flight and one a second, then a little more each second.
void TestLimiter::withoutAStartingValueAHeaderLimitFeelsItsWayUp()
{
    auto limiter = make(makeLimit(LimitUnit::Requests, 0, 0s, LimitKind::Header));
    limiter->reserve(kStart, {}, owner);
    QCOMPARE(next(*limiter, kStart + 10s), kUntilEvent);
    limiter->answered({}, { .reservedAt = kStart, .sentAt = kStart, .endedAt = kStart + 100ms });
    QCOMPARE(next(*limiter, kStart + 100ms), kStart + 1s);

    SteadyTime now = kStart;
    int sent = 0;
    while (now < kStart + 60s) {
        now = next(*limiter, now);
        send(*limiter, now, {}, 50ms);
        ++sent;
    }
    QVERIFY2(sent > 150 && sent < 300, qPrintable(QString::number(sent))); // 1 … 7 a second

    limiter->throttled(now);
    send(*limiter, now, {}, 50ms);
    QVERIFY(next(*limiter, now) - now > 250ms); // half of about seven
}

// 40 left for 20 s with 2 in flight: 38 go, evenly, and then none before the reset.
void TestLimiter::aQuotaHeaderRulesUntilItsReset()
{
    auto limiter = make(makeLimit(LimitUnit::Requests, 1'000, 60s, LimitKind::Header));
    limiter->reserve(kStart, {}, owner);
    limiter->reserve(kStart, {}, owner);
    limiter->reserve(kStart, {}, owner);
    const Flight flight { .reservedAt = kStart, .sentAt = kStart, .endedAt = kStart + 100ms };
    limiter->answered({}, flight);
    limiter->quotaHeader({ .remaining = 40, .amount = 120, .untilReset = 20s }, flight);
    QCOMPARE(limiter->left(kStart + 100ms), 38);
    QVERIFY(limiter->source() == CeilingSource::Header);

    SteadyTime now = kStart + 100ms;
    int sent = 0;
    while (next(*limiter, now) < kStart + 20s) {
        now = next(*limiter, now);
        send(*limiter, now, {}, 10ms);
        ++sent;
    }
    QCOMPARE(sent, 38);
    QVERIFY(now > kStart + 15s); // spread over the window
    QVERIFY(next(*limiter, now) >= kStart + 20s + 100ms);
    QVERIFY(limiter->left(kStart + 21s) >= 117); // a new window of 120, two still in flight
}

// B was counted before A but its answer comes later: it must not give back what A told.
void TestLimiter::anOvertakenQuotaHeaderNeverAddsRoom()
{
    auto limiter = make(makeLimit(LimitUnit::Requests, 100, 60s, LimitKind::Header));
    limiter->reserve(kStart, {}, owner);
    limiter->reserve(kStart, {}, owner);
    const Flight a { .reservedAt = kStart, .sentAt = kStart, .endedAt = kStart + 100ms };
    limiter->answered({}, a);
    limiter->quotaHeader({ .remaining = 10, .amount = 100, .untilReset = 30s }, a);
    const Flight b { .reservedAt = kStart, .sentAt = kStart, .endedAt = kStart + 200ms };
    limiter->answered({}, b);
    limiter->quotaHeader({ .remaining = 11, .amount = 100, .untilReset = 30s }, b);

    QCOMPARE(limiter->left(kStart + 200ms), 9);
}

void TestLimiter::aQuotaOutlivesARestart()
{
    const Limit limit = makeLimit(LimitUnit::Requests, 0, 0s, LimitKind::Header);
    auto before = make(limit);
    before->reserve(kStart, {}, owner);
    const Flight flight { .reservedAt = kStart, .sentAt = kStart, .endedAt = kStart };
    before->answered({}, flight);
    before->quotaHeader({ .remaining = 5, .amount = 50, .untilReset = 60s }, flight);
    const auto state = before->quotaState();
    QVERIFY(state);

    auto after = makeLimiter(limit, kStart + 10s, kWallStart + 10s);
    after->restoreQuota(*state, kStart + 10s, kWallStart + 10s);
    QCOMPARE(after->left(kStart + 10s), 5);
    QVERIFY(after->left(kStart + 61s) == 50);
}

SPILLWAY_TEST(TestLimiter)

} // namespace tst_limiter

#include "tst_limiter.moc"

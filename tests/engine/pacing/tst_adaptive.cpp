// What adapts by itself: retry waits, cool-down, breaker, concurrency, rate.
#include "pacing/adaptive_concurrency.h"
#include "pacing/adaptive_rate.h"
#include "pacing/breaker.h"
#include "pacing/cooldown.h"
#include "pacing/limiter.h"
#include "pacing/retry_delay.h"
#include "support/test_program.h"

#include <rapidcheck.h>

namespace tst_adaptive {

using namespace std::chrono_literals;
using namespace engine;
using namespace engine::pacing;

namespace {

const SteadyTime kStart { 1h };

// Requests that all use the limit and take as long as `roundTrip` says for the number in flight.
int settle(AdaptiveConcurrency& concurrency, SteadyTime& now, int intervals,
    const std::function<Micros(int)>& roundTrip)
{
    for (int i = 0; i < intervals; ++i) {
        const Micros took = roundTrip(concurrency.limit());
        now += took;
        const int flying = concurrency.limit();
        concurrency.limitReached();
        for (int n = 0; n < flying; ++n)
            concurrency.ended(now, { .roundTrip = took });
        concurrency.limitReached();
    }
    return concurrency.limit();
}

} // namespace

class TestAdaptive : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theWaitsOfTheRequirementAreExact();
    void aRetryWaitNeverShortensAndNeverOverflows();
    void aCoolDownDoublesToItsCapUntilARecordIsAccepted();
    void refusalsOfOneBurstDoubleOnce();
    void jitterNeverShortensARetryAfterAndADayIsTheMost();
    void anAcceptedProbeEndsTheHold();
    void theBreakerOpensOnlyAfterSilenceAndManyFailures();
    void theBreakerProbesEverMoreRarelyAndClosesOnTheFirstSuccess();
    void aRefusedProbeClosesTheBreakerToo();
    void concurrencyStartsAtTheConfiguredValueAndFollowsARaiseAtOnce();
    void backPressureTakesATenthOncePerInterval();
    void risingLatencyLowersConcurrencyAndItRecovers();
    void concurrencyGrowsOnlyWhereTheLimitWasReached();
    void slowStartDoublesUpToTheCap();
    void concurrencyNeverLeavesItsBounds();
    void aThrottleTakesThirtyPercentAndTheRateComesBack();
    void theRateLearnsWhatWasRefused();
    void refusalsOfRequestsSentBeforeTheFallChangeNothing();
    void aUsageHeaderLeavesAShareThatStays_data();
    void aUsageHeaderLeavesAShareThatStays();
    void withoutALimitTheUseCountsAgainstWhatWasSent();
    void aThrottleCountsBesideAUsageHeader();
    void anotherProcessTakesUpTheCurveWhereItWas();
    void theCurveIsForgottenExactlyWhenItSays();
    void theLowestRateRisesAgain();
    void ofTwoFallsOfOneScopeTheLaterCounts();
    void anotherProcessFindsTheBreakerOpenAndProbesWhenItsTimeComes();
    void aBreakerThatIsSwitchedOffIsNotOpenedByItsPast();
};

// E1: 1, 2, 4 … 64 s make 127 s, and the eighth wait would be 128 s: 255 s in all.
void TestAdaptive::theWaitsOfTheRequirementAreExact()
{
    const RetryPolicy policy;
    Micros sum { 0 };
    for (int n = 1; n <= 8; ++n) {
        QCOMPARE(retryDelay(policy, n, 0), Micros(1s * (1 << (n - 1))));
        sum += retryDelay(policy, n, 0);
    }
    QCOMPARE(sum, Micros(255s));
    QCOMPARE(retryDelay(policy, 9, 0), Micros(128s));
    QCOMPARE(retryDelay(policy, 3, 0.5), Micros(4'500ms));
    QVERIFY(!isLastFailure(policy, 7));
    QVERIFY(isLastFailure(policy, 8));
}

void TestAdaptive::aRetryWaitNeverShortensAndNeverOverflows()
{
    QVERIFY(rc::check("between the plain wait and the wait with all jitter", [] {
        RetryPolicy policy;
        policy.base = Millis { *rc::gen::inRange(1, 100'000) };
        policy.cap = Millis { *rc::gen::inRange(1, 86'400'000) };
        policy.jitter = *rc::gen::inRange(0, 101) * 0.01;
        const int failures = *rc::gen::inRange(1, 10'000);
        const Micros plain = retryDelay(policy, failures, 0);
        const Micros wait = retryDelay(policy, failures, *rc::gen::inRange(0, 1'000) * 0.001);
        RC_ASSERT(plain > 0us);
        RC_ASSERT(plain <= Micros(policy.cap));
        RC_ASSERT(wait >= plain);
        RC_ASSERT(std::chrono::duration<double>(wait)
            <= std::chrono::duration<double>(plain) * (1 + policy.jitter) + 1us);
    }));
}

// 1 s … 60 s: 1, 2, 4 … 32, 60, 60; after an accepted record 1 again.
void TestAdaptive::aCoolDownDoublesToItsCapUntilARecordIsAccepted()
{
    Cooldown cooldown { { .first = 1s, .most = 60s } };
    SteadyTime now = kStart;
    for (const Seconds wait : { 1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s }) {
        now = std::max(now, cooldown.heldUntil()) + 1ms;
        cooldown.throttled(now, { .sentAt = now });
        QCOMPARE(cooldown.heldUntil(), now + wait);
    }
    now = cooldown.heldUntil() + 1ms;
    cooldown.accepted(now, false);
    now += 1ms;
    cooldown.throttled(now, { .sentAt = now });
    QCOMPARE(cooldown.heldUntil(), now + 1s);
}

// 20 requests in flight are refused one after the other: that is one throttle.
void TestAdaptive::refusalsOfOneBurstDoubleOnce()
{
    Cooldown cooldown { { .first = 1s, .most = 60s } };
    for (int i = 0; i < 20; ++i)
        cooldown.throttled(kStart + i * 10ms, { .sentAt = kStart - 100ms });
    QCOMPARE(cooldown.heldUntil(), kStart + 1s);
    cooldown.accepted(kStart - 50ms, false); // was under way before the throttle: proves nothing

    cooldown.throttled(kStart + 2s, { .sentAt = kStart + 1'500ms });
    QCOMPARE(cooldown.heldUntil(), kStart + 4s);
}

void TestAdaptive::jitterNeverShortensARetryAfterAndADayIsTheMost()
{
    QVERIFY(rc::check("hold ≥ Retry-After, ≤ 24 h", [] {
        Cooldown cooldown { CooldownOptions {} };
        const Millis asked { *rc::gen::inRange<std::int64_t>(0, 200'000'000) };
        cooldown.throttled(kStart,
            { .sentAt = kStart, .retryAfter = asked, .u01 = *rc::gen::inRange(0, 1'000) * 0.001 });
        const auto held = cooldown.heldUntil() - kStart;
        RC_ASSERT(held >= std::min<Nanos>(asked, 24h));
        RC_ASSERT(held <= std::min<Nanos>(asked * 5 / 4 + 1ms, 24h));
        RC_ASSERT(cooldown.wasCut() == (asked > 24h));
    }));
}

void TestAdaptive::anAcceptedProbeEndsTheHold()
{
    Cooldown cooldown { { .first = 1h, .most = 1h } };
    cooldown.throttled(kStart, { .sentAt = kStart });
    cooldown.accepted(kStart + 1s, false);
    QVERIFY(cooldown.isHeld(kStart + 2s));
    cooldown.accepted(kStart + 1s, true);
    QVERIFY(!cooldown.isHeld(kStart + 2s));
}

void TestAdaptive::theBreakerOpensOnlyAfterSilenceAndManyFailures()
{
    Breaker quick { BreakerPolicy {}, kStart };
    for (int i = 0; i < 100; ++i)
        quick.ended(kStart + i * 100ms, { .outcome = Outcome::Transient }); // 100 in 10 s
    QVERIFY(quick.state() == BreakerState::Closed);
    quick.ended(kStart + 60s, { .outcome = Outcome::Unknown });
    QVERIFY(quick.state() == BreakerState::Open);
    QCOMPARE(quick.eligibleAt(), kStart + 65s);

    Breaker mixed { BreakerPolicy {}, kStart };
    for (int i = 0; i < 100; ++i) // every 19th is at least answered sensibly
        mixed.ended(
            kStart + i * 10s, { .outcome = i % 19 == 18 ? Outcome::Invalid : Outcome::Transient });
    QVERIFY(mixed.state() == BreakerState::Closed);
}

// Probes after 5, 10, 20, 40, 60, 60 s.
void TestAdaptive::theBreakerProbesEverMoreRarelyAndClosesOnTheFirstSuccess()
{
    Breaker breaker { { .failures = 1 }, kStart };
    SteadyTime now = kStart + 60s;
    breaker.ended(now, { .outcome = Outcome::Transient });
    for (const Seconds wait : { 5s, 10s, 20s, 40s, 60s, 60s }) {
        QCOMPARE(breaker.eligibleAt(), now + wait);
        now += wait;
        QVERIFY(breaker.isProbeNext());
        breaker.probeSent();
        QCOMPARE(breaker.eligibleAt(), kUntilEvent); // one at a time
        now += 1s;
        QVERIFY(!breaker.ended(now, { .outcome = Outcome::Transient, .wasProbe = true }));
    }
    breaker.probeSent();
    QVERIFY(breaker.ended(
        now, { .outcome = Outcome::Accepted, .hasAccepted = true, .wasProbe = true }));
    QVERIFY(breaker.state() == BreakerState::Closed);
}

// The probe's record can never be accepted: the platform answers, so the rest may go.
void TestAdaptive::aRefusedProbeClosesTheBreakerToo()
{
    Breaker breaker { { .failures = 1 }, kStart };
    breaker.ended(kStart + 60s, { .outcome = Outcome::Transient });
    breaker.probeSent();
    QVERIFY(breaker.ended(kStart + 65s, { .outcome = Outcome::Invalid, .wasProbe = true }));
    QVERIFY(breaker.state() == BreakerState::Closed);
}

void TestAdaptive::concurrencyStartsAtTheConfiguredValueAndFollowsARaiseAtOnce()
{
    AdaptiveConcurrency concurrency { { .configured = 8, .ceiling = 32 } };
    QCOMPARE(concurrency.limit(), 8);
    concurrency.setOptions({ .configured = 24, .ceiling = 32 });
    QCOMPARE(concurrency.limit(), 24);
    concurrency.setOptions({ .configured = 64, .ceiling = 32 });
    QCOMPARE(concurrency.limit(), 32);
    concurrency.setOptions({ .configured = 3, .ceiling = 32 });
    QCOMPARE(concurrency.limit(), 3);
}

// 20 in flight, all refused within one round trip: 18, not 20 × 0.9²⁰.
void TestAdaptive::backPressureTakesATenthOncePerInterval()
{
    AdaptiveConcurrency concurrency { { .configured = 20, .ceiling = 20 } };
    for (int i = 0; i < 20; ++i)
        concurrency.ended(kStart + i * 1ms, { .roundTrip = 100ms, .isBackPressure = true });
    QCOMPARE(concurrency.limit(), 18);
}

// A platform that is quick for 10 at once and slows beyond: 40 configured come down, and when it is
// quick for all, they come back.
void TestAdaptive::risingLatencyLowersConcurrencyAndItRecovers()
{
    AdaptiveConcurrency concurrency { { .configured = 40, .ceiling = 40 } };
    SteadyTime now = kStart;
    settle(concurrency, now, 10, [](int) { return Micros { 100ms }; });
    QCOMPARE(concurrency.limit(), 40);
    Micros took = 100ms;
    for (int i = 0; i < 4; ++i) {
        took *= 2;
        settle(concurrency, now, 1, [took](int) { return took; });
    }
    const int low = concurrency.limit();
    QVERIFY2(low <= 30, qPrintable(QString::number(low)));

    QCOMPARE(settle(concurrency, now, 60, [](int) { return Micros { 100ms }; }), 40);
}

void TestAdaptive::concurrencyGrowsOnlyWhereTheLimitWasReached()
{
    AdaptiveConcurrency concurrency { { .configured = 20, .ceiling = 20 } };
    SteadyTime now = kStart;
    for (int i = 0; i < 5; ++i) {
        now += 1s;
        concurrency.ended(now, { .roundTrip = 100ms, .isBackPressure = true });
    }
    const int low = concurrency.limit();
    QVERIFY(low < 15);
    for (int i = 0; i < 100; ++i) {
        now += 1s;
        concurrency.ended(now, { .roundTrip = 100ms }); // one at a time: no need for more
    }
    QCOMPARE(concurrency.limit(), low);
}

void TestAdaptive::slowStartDoublesUpToTheCap()
{
    AdaptiveConcurrency concurrency { { .configured = 20, .ceiling = 20 } };
    concurrency.slowStart();
    QCOMPARE(concurrency.limit(), 1);
    SteadyTime now = kStart;
    std::vector<int> seen;
    for (int i = 0; i < 12; ++i)
        seen.push_back(settle(concurrency, now, 1, [](int) { return Micros { 100ms }; }));
    QVERIFY(std::find(seen.begin(), seen.end(), 2) != seen.end());
    QVERIFY(std::find(seen.begin(), seen.end(), 8) != seen.end());
    QCOMPARE(seen.back(), 20);
    QVERIFY(!concurrency.isSlowStarting());
}

void TestAdaptive::concurrencyNeverLeavesItsBounds()
{
    QVERIFY(rc::check("1 ≤ limit ≤ min(configured, ceiling)", [] {
        ConcurrencyOptions options { .configured = *rc::gen::inRange(1, 100),
            .ceiling = *rc::gen::inRange(1, 100) };
        AdaptiveConcurrency concurrency { options };
        SteadyTime now = kStart;
        for (int i = 0; i < 200; ++i) {
            now += Millis { *rc::gen::inRange(0, 500) };
            switch (*rc::gen::inRange(0, 12)) {
            case 0:
                concurrency.slowStart();
                break;
            case 1:
                options.configured = *rc::gen::inRange(1, 100);
                concurrency.setOptions(options);
                break;
            default:
                concurrency.limitReached();
                concurrency.ended(now,
                    { .roundTrip = Millis { *rc::gen::inRange(0, 30'000) },
                        .isBackPressure = *rc::gen::inRange(0, 10) == 0 });
            }
            RC_ASSERT(concurrency.limit() >= 1);
            RC_ASSERT(concurrency.limit() <= std::min(options.configured, options.ceiling));
        }
    }));
}

// 10 a second are refused: 7 a second, back at 10 after a minute, unlimited some time later.
void TestAdaptive::aThrottleTakesThirtyPercentAndTheRateComesBack()
{
    AdaptiveRate rate;
    SteadyTime now = kStart;
    for (int i = 0; i < 200; ++i)
        rate.sent(now += 100ms);
    QVERIFY(!rate.limit(now));
    rate.throttled(now, { .sentAt = now - 10ms, .heldUntil = now + 5s });

    const auto at = [&](Nanos after) { return rate.limit(now + 5s + after).value_or(1e9); };
    QVERIFY(std::abs(at(0s) - 7) < 0.2);
    QVERIFY(at(30s) > 9 && at(30s) < 10.1); // most of the way after half the time
    QVERIFY(std::abs(at(60s) - 10) < 0.2);
    QVERIFY(at(90s) > at(60s));
    QVERIFY(!rate.limit(now + 10min));
}

void TestAdaptive::theRateLearnsWhatWasRefused()
{
    AdaptiveRate rate;
    SteadyTime now = kStart;
    for (int i = 0; i < 100; ++i)
        rate.sent(now += 250ms);
    rate.throttled(now, { .sentAt = now, .heldUntil = now, .from = "613" });
    const auto learned = rate.learned(now);
    QVERIFY(learned);
    QVERIFY(std::abs(learned->requestsPerSecond - 4) < 0.2);
    QCOMPARE(learned->at, now);
    QCOMPARE(learned->from, std::string("613"));
}

void TestAdaptive::refusalsOfRequestsSentBeforeTheFallChangeNothing()
{
    AdaptiveRate rate;
    SteadyTime now = kStart;
    for (int i = 0; i < 100; ++i)
        rate.sent(now += 100ms);
    rate.throttled(now, { .sentAt = now - 50ms, .heldUntil = now });
    const auto before = rate.limit(now + 1s);
    for (int i = 1; i < 20; ++i)
        rate.throttled(now + i * 10ms, { .sentAt = now - 40ms, .heldUntil = now + i * 10ms });
    QCOMPARE(rate.limit(now + 1s), before);
}

// Of 10 a second that the contract allows, at a use that stays as it is for a minute: the share
// stays too, follows the next header at once, and ends with the use.
void TestAdaptive::aUsageHeaderLeavesAShareThatStays_data()
{
    QTest::addColumn<double>("ratio");
    QTest::addColumn<double>("left");
    QTest::newRow("half") << 0.5 << 1e9;
    QTest::newRow("76 %") << 0.76 << 9.5;
    QTest::newRow("85 %") << 0.85 << 5.0;
    QTest::newRow("94 %") << 0.94 << 0.5;
    QTest::newRow("all") << 1.0 << AdaptiveRate::kRateMin;
}
void TestAdaptive::aUsageHeaderLeavesAShareThatStays()
{
    QFETCH(const double, ratio);
    QFETCH(const double, left);
    AdaptiveRate rate;
    SteadyTime now = kStart;
    for (int i = 0; i < 600; ++i) {
        rate.sent(now += 100ms);
        rate.usage(now, { .ratio = ratio, .whole = 10, .from = "X-App-Usage" });
        QVERIFY(std::abs(rate.limit(now).value_or(1e9) - left) < 0.001);
    }
    if (const auto ceiling = rate.usageCeiling(now)) {
        QCOMPARE(ceiling->at, kStart + 100ms);
        QCOMPARE(ceiling->from, std::string("X-App-Usage"));
    }
    rate.usage(now, { .ratio = 0.8, .whole = 10 });
    QVERIFY(std::abs(*rate.limit(now) - 7.5) < 0.001);
    QVERIFY(!rate.limit(now + AdaptiveRate::kUsageFor));
    rate.usage(now, { .ratio = 0.7, .whole = 10 });
    QVERIFY(!rate.limit(now));
}

// Nothing is known of a limit: 75 % was reached with 5 a second, so that is the whole.
void TestAdaptive::withoutALimitTheUseCountsAgainstWhatWasSent()
{
    AdaptiveRate rate;
    SteadyTime now = kStart;
    for (int i = 0; i < 100; ++i)
        rate.sent(now += 200ms);
    for (int i = 0; i < 10; ++i) {
        rate.usage(now, { .ratio = 0.85 });
        rate.sent(now += 400ms);
    }
    QVERIFY(std::abs(*rate.limit(now) - 2.5) < 0.1);
}

// A header came between the request and its refusal: the refusal counts all the same.
void TestAdaptive::aThrottleCountsBesideAUsageHeader()
{
    AdaptiveRate rate;
    SteadyTime now = kStart;
    for (int i = 0; i < 100; ++i)
        rate.sent(now += 100ms);
    rate.usage(now, { .ratio = 0.76, .whole = 10 });
    rate.throttled(now + 10ms, { .sentAt = now - 10ms, .heldUntil = now });
    QVERIFY(*rate.limit(now + 10ms) < 7.2);
    rate.usage(now + 20ms, { .ratio = 0.1, .whole = 10 });
    QVERIFY(*rate.limit(now + 20ms) < 7.2);
}

// The other process has another steady clock: everything is two hours earlier there.
void TestAdaptive::anotherProcessTakesUpTheCurveWhereItWas()
{
    AdaptiveRate before;
    SteadyTime now = kStart;
    for (int i = 0; i < 200; ++i)
        before.sent(now += 100ms);
    QVERIFY(!before.state());
    before.throttled(now, { .sentAt = now - 10ms, .heldUntil = now + 5s });
    auto state = before.state();
    QVERIFY(state);
    for (SteadyTime* at : { &state->fellAt, &state->resumeAt, &state->learned->at })
        *at -= 2h;

    AdaptiveRate after;
    after.restore(now - 2h, *state);
    for (const Seconds later : { 0s, 5s, 35s, 65s, 95s, 600s })
        QCOMPARE(after.limit(now - 2h + later), before.limit(now + later));
    QCOMPARE(after.learned(now - 2h)->requestsPerSecond, before.learned(now)->requestsPerSecond);
    // No clock makes it rest for longer than a throttle can hold.
    AdaptiveRate wild;
    state->resumeAt += 2'000h;
    wild.restore(now - 2h, *state);
    QVERIFY(!wild.limit(now + 24h));
}

void TestAdaptive::theCurveIsForgottenExactlyWhenItSays()
{
    AdaptiveRate rate;
    SteadyTime now = kStart;
    for (int i = 0; i < 200; ++i)
        rate.sent(now += 100ms);
    rate.throttled(now, { .sentAt = now - 10ms, .heldUntil = now });
    const AdaptiveRate::State state = *rate.state();
    const auto last = rate.limit(state.forgottenAt - 10ms);
    QVERIFY(last);
    QVERIFY(std::abs(*last - 2 * state.peak) < 0.1);
    QVERIFY(!rate.limit(state.forgottenAt));
}

// Refused again and again at one request a minute: an hour later it is more than that.
void TestAdaptive::theLowestRateRisesAgain()
{
    AdaptiveRate rate;
    SteadyTime now = kStart;
    for (int i = 0; i < 20; ++i)
        rate.sent(now += 60s);
    for (int i = 0; i < 5; ++i) {
        now += 10s;
        rate.throttled(now, { .sentAt = now - 10ms, .heldUntil = now });
    }
    QVERIFY(rate.limit(now));
    QVERIFY(std::abs(*rate.limit(now) - AdaptiveRate::kRateMin) < 0.001);
    const auto later = rate.limit(now + 1h);
    QVERIFY(!later || *later > 2 * AdaptiveRate::kRateMin);
}

void TestAdaptive::ofTwoFallsOfOneScopeTheLaterCounts()
{
    const AdaptiveRate::State early {
        .peak = 10, .floor = 7, .fellAt = kStart, .resumeAt = kStart
    };
    const AdaptiveRate::State late {
        .peak = 5, .floor = 3.5, .fellAt = kStart + 10s, .resumeAt = kStart + 10s
    };
    for (const bool isLateFirst : { true, false }) {
        AdaptiveRate rate;
        rate.restore(kStart + 20s, isLateFirst ? late : early);
        rate.restore(kStart + 20s, isLateFirst ? early : late);
        QCOMPARE(rate.state()->peak, 5.0);
    }
    AdaptiveRate ahead; // a stamp in the future is now, and the next throttle counts
    ahead.restore(kStart, late);
    QCOMPARE(ahead.state()->fellAt, kStart);
}

void TestAdaptive::anotherProcessFindsTheBreakerOpenAndProbesWhenItsTimeComes()
{
    Breaker before { { .failures = 1 }, kStart };
    QVERIFY(!before.openState());
    SteadyTime now = kStart + 60s;
    before.ended(now, { .outcome = Outcome::Transient });
    for (int i = 0; i < 2; ++i) {
        now = before.eligibleAt();
        before.probeSent();
        before.ended(now, { .outcome = Outcome::Transient, .wasProbe = true });
    }
    const auto state = before.openState();
    QCOMPARE(state, (Breaker::State { .probeAt = now + 20s, .wait = 20s }));
    before.probeSent(); // what is in flight at the end of a run was no answer
    QCOMPARE(before.openState(), state);

    Breaker after { { .failures = 1 }, now };
    after.restore(now, *state);
    QVERIFY(after.state() == BreakerState::Open);
    QCOMPARE(after.eligibleAt(), now + 20s);
    after.probeSent();
    after.ended(now + 20s, { .outcome = Outcome::Unknown, .wasProbe = true });
    QCOMPARE(after.eligibleAt(), now + 60s);
    after.probeSent();
    QVERIFY(after.ended(
        now + 60s, { .outcome = Outcome::Accepted, .hasAccepted = true, .wasProbe = true }));
    QVERIFY(!after.openState());

    Breaker skewed { { .failures = 1 }, now };
    skewed.restore(now, { .probeAt = now + 48h, .wait = 20s });
    QCOMPARE(skewed.eligibleAt(), now + 20s);
}

void TestAdaptive::aBreakerThatIsSwitchedOffIsNotOpenedByItsPast()
{
    Breaker off { { .isEnabled = false }, kStart };
    off.restore(kStart, { .probeAt = kStart + 20s, .wait = 20s });
    QVERIFY(off.state() == BreakerState::Closed);
}

SPILLWAY_TEST(TestAdaptive)

} // namespace tst_adaptive

#include "tst_adaptive.moc"

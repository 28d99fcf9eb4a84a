#include "ingress/cap_watch.h"
#include "ingress/workspace_state.h"
#include "support/fake_clock.h"
#include "support/test_program.h"

#include <random>

namespace tst_tier {

using namespace engine;
using namespace engine::ingress;
using namespace std::chrono_literals;

class TestTier final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aBurstGoesAtOnceAndTheRestWaitsItsTurn();
    void rejectedEventsTakeNoTokens();
    void moreThanABurstPassesAFullBucketAndLeavesDebt();
    void duplicatesGiveTheirTokensBack();
    void theNextTokenComesAfterThoseOfAnEarlierRun();
    void aChangedRateKeepsTheMissingTokens();
    void neverMoreThanRateAndBurstInAnySpan();
    void monthsAreUtc();
    void aNewMonthStartsAtNothing();
    void theMonthlyCapRejectsOrOnlyCounts();
    void theCapIsToldAtEightyAndAtAHundredPercentOfTheMonth();
    void theRateIsTheMeanOfThirtySeconds();
};

// 10 a second, burst 3: five at once → three now, then 100 ms and 200 ms.
void TestTier::aBurstGoesAtOnceAndTheRestWaitsItsTurn()
{
    testing::FakeClock clock;
    TierBucket bucket({ .rate = 10, .burst = 3 });
    const std::vector<std::chrono::nanoseconds> expected { 0ns, 0ns, 0ns, 100ms, 200ms };
    QCOMPARE(bucket.take(5, clock.steadyNow()), expected);
    clock.advance(200ms);
    QCOMPARE(bucket.take(1, clock.steadyNow()).front(), std::chrono::nanoseconds(100ms));
    clock.advance(10min);
    QCOMPARE(bucket.take(4, clock.steadyNow()).back(), std::chrono::nanoseconds(100ms));
}

void TestTier::rejectedEventsTakeNoTokens()
{
    testing::FakeClock clock;
    TierBucket bucket({ .rate = 10, .burst = 3 });
    QCOMPARE(bucket.tryTake(2, clock.steadyNow()), 0ns);
    QCOMPARE(bucket.tryTake(2, clock.steadyNow()), std::chrono::nanoseconds(100ms));
    QCOMPARE(bucket.tryTake(2, clock.steadyNow()), std::chrono::nanoseconds(100ms));
    QCOMPARE(bucket.tryTake(1, clock.steadyNow()), 0ns);
    clock.advance(200ms);
    QCOMPARE(bucket.tryTake(2, clock.steadyNow()), 0ns);
}

void TestTier::moreThanABurstPassesAFullBucketAndLeavesDebt()
{
    testing::FakeClock clock;
    TierBucket bucket({ .rate = 10, .burst = 3 });
    QCOMPARE(bucket.tryTake(10, clock.steadyNow()), 0ns);
    QCOMPARE(bucket.tryTake(1, clock.steadyNow()), std::chrono::nanoseconds(800ms));
    clock.advance(999ms);
    QCOMPARE(bucket.tryTake(10, clock.steadyNow()), std::chrono::nanoseconds(1ms));
    clock.advance(1ms);
    QCOMPARE(bucket.tryTake(10, clock.steadyNow()), 0ns);
}

void TestTier::duplicatesGiveTheirTokensBack()
{
    testing::FakeClock clock;
    TierBucket bucket({ .rate = 10, .burst = 3 });
    QCOMPARE(bucket.tryTake(3, clock.steadyNow()), 0ns);
    bucket.giveBack(2);
    QCOMPARE(bucket.tryTake(2, clock.steadyNow()), 0ns);
    QCOMPARE(bucket.tryTake(1, clock.steadyNow()), std::chrono::nanoseconds(100ms));
    bucket.giveBack(1'000); // never more than full
    QCOMPARE(bucket.tryTake(3, clock.steadyNow()), 0ns);
    QVERIFY(bucket.tryTake(1, clock.steadyNow()) > 0ns);
}

// Ten tokens in debt at 10/s is one second; at 100/s a tenth of it.
// The last token of an earlier run comes in 2 s. Or came a moment ago: the bucket is not full yet.
void TestTier::theNextTokenComesAfterThoseOfAnEarlierRun()
{
    testing::FakeClock clock;
    const SteadyTime now = clock.steadyNow();
    TierBucket ahead({ .rate = 10, .burst = 3 });
    ahead.owe(now + 2s, now);
    const std::vector<std::chrono::nanoseconds> expected { 2'100ms, 2'200ms };
    QCOMPARE(ahead.take(2, now), expected);
    TierBucket behind({ .rate = 10, .burst = 3 });
    behind.owe(now - 200ms, now);
    const std::vector<std::chrono::nanoseconds> some { 0ns, 0ns, 100ms };
    QCOMPARE(behind.take(3, now), some);
    TierBucket longAgo({ .rate = 10, .burst = 3 });
    longAgo.owe(now - 10s, now);
    const std::vector<std::chrono::nanoseconds> full { 0ns, 0ns, 0ns, 100ms };
    QCOMPARE(longAgo.take(4, now), full);
}

void TestTier::aChangedRateKeepsTheMissingTokens()
{
    testing::FakeClock clock;
    TierBucket bucket({ .rate = 10, .burst = 1 });
    QCOMPARE(bucket.take(10, clock.steadyNow()).back(), std::chrono::nanoseconds(900ms));
    bucket.change({ .rate = 100, .burst = 1 }, clock.steadyNow());
    QCOMPARE(bucket.take(1, clock.steadyNow()).front(), std::chrono::nanoseconds(100ms));
}

// Arrivals of random size and pace, seeded: what is released in any span never exceeds the burst
// and the rate times the span.
void TestTier::neverMoreThanRateAndBurstInAnySpan()
{
    const quint32 seed = qEnvironmentVariableIntValue("SPILLWAY_TEST_SEED") != 0
        ? static_cast<quint32>(qEnvironmentVariableIntValue("SPILLWAY_TEST_SEED"))
        : 20'261'127U;
    qInfo("seed %u (set SPILLWAY_TEST_SEED)", seed);
    std::mt19937 random(seed);
    testing::FakeClock clock;
    TierBucket bucket({ .rate = 50, .burst = 20 });
    std::vector<SteadyTime> released;
    for (int i = 0; i < 200; ++i) {
        clock.advance(Millis { random() % 400 });
        for (const auto wait : bucket.take(1 + random() % 40, clock.steadyNow()))
            released.push_back(clock.steadyNow() + wait);
    }
    QVERIFY(std::is_sorted(released.begin(), released.end()));
    for (std::size_t from = 0; from < released.size(); from += 7) {
        for (std::size_t to = from; to < released.size(); to += 13) {
            const std::chrono::duration<double> span = released[to] - released[from];
            QVERIFY(static_cast<double>(to - from + 1) <= 20 + 50 * span.count() + 1e-6);
        }
    }
}

void TestTier::monthsAreUtc()
{
    const auto last = parseIso8601("2026-12-31T23:59:59.999999Z").value_or(WallTime {});
    QCOMPARE(monthOf(last), 202612);
    QCOMPARE(monthOf(last + Micros { 1 }), 202701);
    QCOMPARE(nextMonth(last), last + Micros { 1 });
    QCOMPARE(toIso8601(nextMonth(nextMonth(last))), std::string("2027-02-01T00:00:00.000Z"));
}

void TestTier::aNewMonthStartsAtNothing()
{
    MonthCount month(202611, 40);
    QCOMPARE(month.add(202611, 2), 42);
    QCOMPARE(month.add(202612, 5), 5);
    month.add(202611, -2); // given back by a batch of the old month
    QCOMPARE(month.of(202612), 5);
    QCOMPARE(month.of(202611), 0);
}

void TestTier::theMonthlyCapRejectsOrOnlyCounts()
{
    testing::FakeClock clock; // 27 November
    WorkspaceConfig config;
    config.name = "shop";
    config.rate = 1'000;
    config.monthlyCap = 10;
    const auto admit = [&](WorkspaceState& state, std::int64_t events) {
        return state.admit(
            config, { .events = events, .wallNow = clock.wallNow(), .now = clock.steadyNow() });
    };
    WorkspaceState defers(config, monthOf(clock.wallNow()), 9);
    QVERIFY(admit(defers, 5).refusal.empty());
    QCOMPARE(defers.month.of(monthOf(clock.wallNow())), 14);

    config.overLimit = OverLimit::Reject;
    WorkspaceState rejects(config, monthOf(clock.wallNow()), 9);
    QVERIFY(admit(rejects, 1).refusal.empty());
    const Admission refused = admit(rejects, 1);
    QVERIFY(!refused.refusal.empty());
    QVERIFY(clock.wallNow() + refused.retryAfter >= nextMonth(clock.wallNow()));
    clock.advance(refused.retryAfter);
    QVERIFY(admit(rejects, 1).refusal.empty());
    rejects.giveBack(1, clock.wallNow());
    QCOMPARE(rejects.month.of(monthOf(clock.wallNow())), 0);
}

// Of a cap of 1,000. Duplicates that are given back do not make it news again; another month or
// another cap does.
void TestTier::theCapIsToldAtEightyAndAtAHundredPercentOfTheMonth()
{
    CapWatch watch;
    const auto told = [&](std::int64_t accepted, int month = 202611, std::int64_t cap = 1'000) {
        const std::vector<IngressSnapshot> workspaces {
            { .workspace = "shop", .monthAccepted = accepted, .monthCap = cap },
            { .workspace = "free", .monthAccepted = accepted },
        };
        const auto news = watch.look(workspaces, month);
        return news.empty() ? std::string() : news.front();
    };
    QCOMPARE(told(799), std::string());
    QCOMPARE(told(800),
        std::string("workspace shop: 80 % of its monthly cap of 1000 events are reached"));
    QCOMPARE(told(799), std::string());
    QCOMPARE(told(801), std::string());
    QVERIFY(told(1'000).find("100 %") != std::string::npos);
    QCOMPARE(told(5'000), std::string());
    QCOMPARE(told(10, 202612), std::string());
    QVERIFY(told(2'000, 202612).find("100 %") != std::string::npos);
    QVERIFY(told(2'000, 202612, 2'400).find("80 %") != std::string::npos);
}

void TestTier::theRateIsTheMeanOfThirtySeconds()
{
    testing::FakeClock clock;
    RateMeter meter;
    QCOMPARE(meter.perSecond(100, clock.steadyNow()), 0.0);
    std::int64_t total = 100;
    for (int second = 0; second < 60; ++second) {
        clock.advance(1s);
        total += second < 30 ? 0 : 60;
        const double rate = meter.perSecond(total, clock.steadyNow());
        if (second == 44) // 15 of the last 30 seconds had 60
            QCOMPARE(rate, 30.0);
        if (second == 59)
            QCOMPARE(rate, 60.0);
    }
}

SPILLWAY_TEST(TestTier)

} // namespace tst_tier

#include "tst_tier.moc"

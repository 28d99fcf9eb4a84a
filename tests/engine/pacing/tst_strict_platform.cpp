// Pacing against a platform that counts to the unit at its own clock: nothing may be refused, and
// nearly everything that is allowed must be used.
#include "engine/pacing/strict_platform.h"
#include "support/test_program.h"

#include <rapidcheck.h>

namespace tst_strict_platform {

using namespace std::chrono_literals;
using namespace engine;
using namespace engine::pacing;
using namespace engine::pacing::testing;

namespace {

ShardOptions backlogged(std::int64_t batch, int concurrency)
{
    ShardOptions options;
    options.batch = batch;
    options.pacer.concurrency = { .configured = concurrency, .ceiling = concurrency };
    options.pacer.isAdaptive = false;
    options.pacer.concurrency.isAdaptive = false;
    return options;
}

Ways ways(Nanos outMin, Nanos outMax, Nanos backMin, Nanos backMax)
{
    return { .outMin = outMin, .outMax = outMax, .backMin = backMin, .backMax = backMax };
}

// Ways that the platform may take: long or short, steady or wild.
rc::Gen<Ways> anyWays(std::int64_t mostMs)
{
    return rc::gen::map(
        rc::gen::tuple(rc::gen::inRange<std::int64_t>(0, mostMs * 1'000),
            rc::gen::inRange<std::int64_t>(0, mostMs * 1'000),
            rc::gen::inRange<std::int64_t>(0, mostMs * 1'000),
            rc::gen::inRange<std::int64_t>(0, mostMs * 1'000), rc::gen::inRange(0, 20)),
        [](const auto& t) {
            const auto& [a, b, c, d, lost] = t;
            return Ways { .outMin = Micros { std::min(a, b) },
                .outMax = Micros { std::max(a, b) },
                .backMin = Micros { std::min(c, d) },
                .backMax = Micros { std::max(c, d) },
                .lostShare = lost < 10 ? 0 : (lost - 10) * 0.01 };
        });
}

} // namespace

class TestStrictPlatform : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void usesNearlyAllOfTheQuotaAndIsNeverRefused_data();
    void usesNearlyAllOfTheQuotaAndIsNeverRefused();
    void neverExceedsAWindowUnderAnyArrivalsSlidersLatenciesAndClocks();
    void neverExceedsAShortWindowOverSteadyLongRoundTrips();
    void aRestartNeverBursts();
    void twoLimitsAtOnceAreBothKept();
    void noShardOfASharedLimitStarves();
    void nobodyStarvesWhateverSharesWhateverLimits();
    void aDayQuotaIsUsedUpAndNeverExceeded();
};

void TestStrictPlatform::usesNearlyAllOfTheQuotaAndIsNeverRefused_data()
{
    QTest::addColumn<int>("unit");
    QTest::addColumn<int>("amount");
    QTest::addColumn<int>("periodMs");
    QTest::addColumn<int>("batch");
    QTest::addColumn<int>("wayMs");
    QTest::addColumn<int>("jitterMs");
    QTest::addColumn<int>("shards");
    const int events = static_cast<int>(LimitUnit::Events);
    const int requests = static_cast<int>(LimitUnit::Requests);
    QTest::newRow("1,000 events a minute in batches of 100")
        << events << 1'000 << 60'000 << 100 << 100 << 20 << 1;
    QTest::newRow("1,000 events a minute in batches of 300")
        << events << 1'000 << 60'000 << 300 << 100 << 20 << 1;
    QTest::newRow("1,000 events a minute, three shards")
        << events << 1'000 << 60'000 << 100 << 100 << 20 << 3;
    QTest::newRow("600 requests a minute") << requests << 600 << 60'000 << 1 << 100 << 20 << 1;
    QTest::newRow("600 requests a minute, slow answers")
        << requests << 600 << 60'000 << 1 << 1'000 << 50 << 1;
    QTest::newRow("100 a second, 200 ms round trips")
        << requests << 100 << 1'000 << 1 << 100 << 2 << 1;
    QTest::newRow("100 a second, 2 ms round trips") << requests << 100 << 1'000 << 1 << 1 << 0 << 1;
    QTest::newRow("100 conversions a second in batches of 100")
        << events << 100 << 1'000 << 100 << 1 << 0 << 1;
    QTest::newRow("100,000 requests in 15 minutes")
        << requests << 100'000 << 900'000 << 1 << 100 << 30 << 1;
}

// The clocks run 500 ppm apart, the platform's slower: its window is the longer one. Measured over
// whole windows after the first (round trips are not known before).
void TestStrictPlatform::usesNearlyAllOfTheQuotaAndIsNeverRefused()
{
    QFETCH(int, unit);
    QFETCH(int, amount);
    QFETCH(int, periodMs);
    QFETCH(int, batch);
    QFETCH(int, wayMs);
    QFETCH(int, jitterMs);
    QFETCH(int, shards);
    const Millis way { wayMs };
    const Millis jitter { jitterMs };
    const Limit limit = makeLimit(static_cast<LimitUnit>(unit), amount, Millis { periodMs });
    Simulation simulation { { .limits = { limit },
        .serverPpm = -500,
        .ways = ways(way, way + jitter, way, way + jitter) } };
    for (int i = 0; i < shards; ++i)
        simulation.addShard(backlogged(batch, 200));

    const Nanos warmUp = std::max<Nanos>(limit.period, 10s);
    const int windows = periodMs >= 900'000 ? 2 : 20;
    simulation.runUntil(kStart + warmUp + windows * limit.period);

    QCOMPARE(simulation.refused(), 0);
    // From the first request after the warm-up to the last, which begins what is not measured: no
    // rounding to whole batches.
    const auto& sent = simulation.sent();
    const auto first = std::find_if(
        sent.begin(), sent.end(), [&](const auto& s) { return s.at >= kStart + warmUp; });
    std::int64_t used = 0;
    for (auto row = first; row != std::prev(sent.end()); ++row)
        used += limit.unit == LimitUnit::Events ? row->events : 1;
    const double periods = std::chrono::duration<double>(sent.back().at - first->at)
        / std::chrono::duration<double>(limit.period);
    const double share = static_cast<double>(used) / (static_cast<double>(amount) * periods);
    qInfo("used %.2f %% of the quota", share * 100);
    QVERIFY2(share >= 0.99, qPrintable(QString::number(share)));
}

// Everything drawn: limit, batches, shards, arrivals, ways (also lost answers), clock speed,
// timers, and sliders that move while it runs.
void TestStrictPlatform::neverExceedsAWindowUnderAnyArrivalsSlidersLatenciesAndClocks()
{
    QVERIFY(rc::check("no window is ever exceeded", [] {
        const auto unit = *rc::gen::element(LimitUnit::Events, LimitUnit::Requests);
        const auto amount = *rc::gen::inRange<std::int64_t>(1, 400);
        const Millis period { *rc::gen::element(1'000, 2'000, 10'000, 60'000) };
        const auto burst = *rc::gen::inRange<std::int64_t>(0, amount + 1);
        Simulation::Options options;
        options.limits = { makeLimit(unit, amount, period, LimitKind::Rolling, burst) };
        options.serverPpm = *rc::gen::inRange(-500, 501);
        options.ways = *anyWays(3'000);
        options.timerLagMax = Millis { *rc::gen::inRange(0, 30) };
        options.commitMax = Millis { *rc::gen::inRange(0, 30) };
        options.seed = *rc::gen::arbitrary<unsigned>();
        Simulation simulation { options };
        const auto shards = *rc::gen::inRange<std::size_t>(1, 4);
        for (std::size_t i = 0; i < shards; ++i) {
            ShardOptions shard
                = backlogged(*rc::gen::inRange<std::int64_t>(1, 120), *rc::gen::inRange(1, 60));
            shard.isBacklogged = *rc::gen::arbitrary<bool>();
            shard.pacer.isAdaptive = *rc::gen::arbitrary<bool>();
            shard.pacer.concurrency.isAdaptive = shard.pacer.isAdaptive;
            simulation.addShard(shard);
            for (const int atMs :
                *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 20'000)))
                simulation.at(
                    kStart + Millis { atMs }, [&simulation, i] { simulation.arrive(i, 50); });
            for (const int atMs :
                *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 20'000))) {
                auto moved = shard.pacer;
                moved.batch = *rc::gen::inRange<std::int64_t>(1, 120);
                moved.concurrency.configured = *rc::gen::inRange(1, 60);
                if (*rc::gen::arbitrary<bool>())
                    moved.rate = *rc::gen::inRange(1, 2'000) * 0.1;
                simulation.at(kStart + Millis { atMs }, [&simulation, i, moved] {
                    simulation.pacer(i).setOptions(moved, simulation.now());
                    simulation.wakeAll();
                });
            }
        }
        simulation.runUntil(kStart + std::max<Nanos>(20s, 2 * period));
        RC_ASSERT(simulation.refused() == 0);
    }));
}

// Here the estimate of the arrival is at work: steady round trips of a good part of the period.
void TestStrictPlatform::neverExceedsAShortWindowOverSteadyLongRoundTrips()
{
    QVERIFY(rc::check("the estimate is never early", [] {
        const Nanos out = Millis { *rc::gen::inRange(1, 300) };
        const Nanos back = Millis { *rc::gen::inRange(1, 300) };
        const double spread = *rc::gen::inRange(0, 40) * 0.01;
        const auto widest = [spread](Nanos way) {
            return Nanos { std::llround(static_cast<double>(way.count()) * (1 + spread)) };
        };
        Simulation::Options options;
        options.limits = { makeLimit(
            LimitUnit::Requests, *rc::gen::inRange<std::int64_t>(1, 200), Millis { 1'000 }) };
        options.serverPpm = *rc::gen::inRange(-500, 501);
        options.ways = ways(out, widest(out), back, widest(back));
        options.seed = *rc::gen::arbitrary<unsigned>();
        Simulation simulation { options };
        simulation.addShard(backlogged(1, 500));
        simulation.runUntil(kStart + 45s); // one a second: the estimate is there after 17 of them
        RC_ASSERT(simulation.refused() == 0);
    }));
}

// The second run knows of the first only what the attempt log says: when requests were sent and
// ended, with those in flight at the end open. The platform goes on counting.
void TestStrictPlatform::aRestartNeverBursts()
{
    QVERIFY(rc::check("what the last run sent still counts", [] {
        const Limit limit = makeLimit(
            LimitUnit::Events, *rc::gen::inRange<std::int64_t>(100, 1'000), Millis { 60'000 });
        const Nanos runs = Millis { *rc::gen::inRange(0, 90'000) };
        const Nanos pause = Millis { *rc::gen::inRange(0, 5'000) };
        const Ways drawn = *anyWays(2'000);
        const auto batch = *rc::gen::inRange<std::int64_t>(1, 100);
        Simulation simulation { { .limits = { limit },
            .serverPpm = -500,
            .ways = drawn,
            .seed = *rc::gen::arbitrary<unsigned>() } };
        simulation.addShard(backlogged(batch, 50));
        simulation.runUntil(kStart + runs);

        std::vector<SentRequest> log;
        for (const Simulation::Sent& sent : simulation.sent()) {
            SentRequest request;
            request.sentAt = kWallStart + std::chrono::floor<Micros>(sent.at - kStart);
            if (sent.endedAt)
                request.endedAt = kWallStart + std::chrono::ceil<Micros>(*sent.endedAt - kStart);
            request.records = sent.events;
            log.push_back(request);
        }
        const SteadyTime restart = kStart + runs + pause;
        auto limiter
            = makeLimiter(limit, restart, kWallStart + std::chrono::floor<Micros>(runs + pause));
        limiter->restore(log, restart, kWallStart + std::chrono::floor<Micros>(runs + pause));
        simulation.at(restart, [&] {
            simulation.pacer(0).setLimiters({ limiter });
            simulation.wakeAll();
        });
        // Between the runs nothing is sent.
        auto stopped = makeLimiter(makeLimit(LimitUnit::Events, 0, 1ms), kStart, kWallStart);
        simulation.pacer(0).setLimiters({ stopped });
        simulation.runUntil(restart + 90s);
        RC_ASSERT(simulation.refused() == 0);
        RC_ASSERT(simulation.events(restart, simulation.now()) > 0);
    }));
}

// 600 requests a minute and 3,000 events a minute in batches of up to 100: the events bind.
void TestStrictPlatform::twoLimitsAtOnceAreBothKept()
{
    Simulation simulation { { .limits
        = { makeLimit(LimitUnit::Requests, 600, 60s), makeLimit(LimitUnit::Events, 3'000, 60s) },
        .serverPpm = -500 } };
    simulation.addShard(backlogged(100, 20));
    simulation.addShard(backlogged(7, 20));

    simulation.runUntil(kStart + 20min);

    QCOMPARE(simulation.refused(), 0);
    QVERIFY(simulation.events(kStart + 60s, simulation.now()) >= 3'000 * 19 * 98 / 100);
}

// One shard asks for 100 at a time, three for single events: without claims the singles would take
// every unit as it comes free and the hundred would never be there at once.
void TestStrictPlatform::noShardOfASharedLimitStarves()
{
    Simulation simulation { { .limits
        = { makeLimit(LimitUnit::Events, 200, 10s, LimitKind::Rolling, 200) } } };
    simulation.addShard(backlogged(100, 10));
    for (int i = 0; i < 3; ++i)
        simulation.addShard(backlogged(1, 10));

    simulation.runUntil(kStart + 10min);

    QCOMPARE(simulation.refused(), 0);
    std::vector<std::int64_t> turns(4, 0);
    for (const Simulation::Sent& sent : simulation.sent())
        ++turns[sent.shard];
    const auto [least, most] = std::minmax_element(turns.begin(), turns.end());
    QVERIFY2(*least * 3 >= *most * 2,
        qPrintable(QStringLiteral("%1 against %2 turns").arg(*least).arg(*most)));
}

// Any limits, shared by shards of any batch sizes, all with more than enough to send. Shares are
// counted in records, so the shard with the largest batches waits until each other has sent as
// many, where only whole batches fit into a limit; nobody waits twice as long as that.
void TestStrictPlatform::nobodyStarvesWhateverSharesWhateverLimits()
{
    QVERIFY(rc::check("nothing starves", [] {
        Simulation::Options options;
        options.seed = *rc::gen::arbitrary<unsigned>();
        options.ways = *anyWays(300);
        const int limits = *rc::gen::inRange(1, 3);
        std::int64_t batchMost = 200;
        for (int i = 0; i < limits; ++i) {
            const auto amount = *rc::gen::inRange<std::int64_t>(10, 200);
            const auto unit = *rc::gen::element(LimitUnit::Requests, LimitUnit::Events);
            options.limits.push_back(
                makeLimit(unit, amount, Millis { *rc::gen::inRange<std::int64_t>(1'000, 30'000) },
                    LimitKind::Rolling, *rc::gen::inRange<std::int64_t>(0, amount + 1)));
            if (unit == LimitUnit::Events)
                batchMost = std::min(batchMost, amount);
        }
        const auto shards = *rc::gen::inRange<std::size_t>(2, 7);
        std::vector<std::int64_t> batches;
        Simulation simulation { options };
        for (std::size_t i = 0; i < shards; ++i) {
            batches.push_back(*rc::gen::inRange<std::int64_t>(1, batchMost + 1));
            simulation.addShard(backlogged(batches.back(), *rc::gen::inRange(1, 11)));
        }
        const std::int64_t largest = *std::max_element(batches.begin(), batches.end());
        Nanos round { 0 };
        Nanos longestPeriod { 0 }; // a window that was used up in one go opens so much later
        for (const Limit& limit : options.limits) {
            longestPeriod = std::max(longestPeriod, Nanos(limit.period));
            Nanos slowest { 0 };
            for (const std::int64_t batch : batches) {
                const std::int64_t turns = (largest + batch - 1) / batch;
                const std::int64_t fit
                    = limit.unit == LimitUnit::Events ? limit.amount / batch : limit.amount;
                slowest += turns * Nanos(limit.period) / fit;
            }
            round = std::max(round, slowest);
        }
        const Nanos patience = 2 * round + longestPeriod + 5s;
        simulation.runUntil(kStart + 10 * patience);

        std::vector<SteadyTime> last(shards, kStart);
        Nanos longest { 0 };
        for (const Simulation::Sent& sent : simulation.sent()) {
            longest = std::max(longest, Nanos(sent.at - last[sent.shard]));
            last[sent.shard] = sent.at;
        }
        for (const SteadyTime at : last)
            longest = std::max(longest, Nanos(simulation.now() - at));
        std::string shape;
        for (const Limit& limit : options.limits) {
            shape += std::string(toString(limit.unit)) + ' ' + toString(limit.kind) + ' '
                + std::to_string(limit.amount) + " in " + std::to_string(limit.period.count())
                + " ms, burst " + std::to_string(limit.burst) + "; ";
        }
        RC_LOG() << shape << simulation.refused() << " refused of " << simulation.sent().size();
        RC_ASSERT(longest <= patience);
    }));
}

// 3,000 a day, rolling: two days of backlog with requests of 1 s round trip.
void TestStrictPlatform::aDayQuotaIsUsedUpAndNeverExceeded()
{
    Simulation simulation { { .limits = { makeLimit(LimitUnit::Requests, 3'000, 24h) },
        .serverPpm = -500 } };
    simulation.addShard(backlogged(1, 4));

    simulation.runUntil(kStart + 72h);

    QCOMPARE(simulation.refused(), 0);
    QVERIFY(simulation.requests(kStart, simulation.now()) >= 3 * 3'000 * 99 / 100);
}

SPILLWAY_TEST(TestStrictPlatform)

} // namespace tst_strict_platform

#include "tst_strict_platform.moc"

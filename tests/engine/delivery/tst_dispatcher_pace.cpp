// What platforms say about pace with an answer that is no throttle, and what is shared.
#include "replies.h"
#include "support/test_program.h"

namespace tst_dispatcher_pace {

using namespace engine;
using namespace engine::delivery;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

const ShardId kShard { .destination = "hook", .account = "1" };

Limit rolling(std::int64_t amount, Millis period, LimitUnit unit = LimitUnit::Requests)
{
    return { .unit = unit, .amount = amount, .period = period };
}

} // namespace

class TestDispatcherPace : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aQuotaHeaderThatNoLimitTakesHoldsUntilTheReset();
    void aSteadyUseLeavesASteadyShareOfTheContract_data();
    void aSteadyUseLeavesASteadyShareOfTheContract();
    void aLearnedCeilingSaysFromWhatAndWhen();
    void aProbeGoesAlsoWhenItsRecordIsDueLater();
    void aWaitOfMoreThanADayIsCutAndShown();
    void placesInFlightAreSharedWhereThePlatformCountsThemTogether_data();
    void placesInFlightAreSharedWhereThePlatformCountsThemTogether();
    void aRenamedDestinationGoesOnWithTheWindowOfTheOldOne();
    void aRenamedDestinationGoesOnWithTheHoldOfTheOldOne();
};

// A rolling limit of 1,000 a minute, and somebody else uses the quota too: nothing is left for 60
// s.
void TestDispatcherPace::aQuotaHeaderThatNoLimitTakesHoldsUntilTheReset()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    std::vector<SteadyTime> seen;
    int remaining = 12;
    world.server = [&](const HttpRequest&) {
        seen.push_back(world.loop.clock.steadyNow());
        remaining = std::max(0, remaining - 1);
        return reply(200, {},
            { { "X-Quota-Remaining", std::to_string(remaining) }, { "X-Quota-Reset", "60" } });
    };
    DestinationConfig hook = World::plain("hook");
    hook.contract.limits = { rolling(1'000, 60s) };
    for (int i = 0; i < 100; ++i)
        world.store.add(shard, payload(i));
    world.start({ hook });
    world.loop.runFor(30s);
    QVERIFY2(seen.size() >= 8 && seen.size() <= 12, qPrintable(QString::number(seen.size())));
    const std::string reason = reasonOf(world.reading(kShard), Hold::Gate::Throttle);
    QCOMPARE(reason, std::string("Asked for by the platform: X-Quota-Reset"));
    const std::size_t before = seen.size();
    remaining = 1'000;
    world.loop.runFor(40s);
    QVERIFY(seen.size() > before);
    QVERIFY(seen[before] - seen[before - 1] >= 60s && seen[before] - seen[before - 1] < 61s);
}

// 1,000 events a minute in batches of 100: ten requests a minute, of which a use that stays leaves
// a share that stays.
void TestDispatcherPace::aSteadyUseLeavesASteadyShareOfTheContract_data()
{
    QTest::addColumn<int>("percent");
    QTest::addColumn<double>("perMinute");
    QTest::newRow("70 %") << 70 << 10.0;
    QTest::newRow("76 %") << 76 << 9.5;
    QTest::newRow("85 %") << 85 << 5.0;
    QTest::newRow("94 %") << 94 << 1.0; // half a request: never less than one
}
void TestDispatcherPace::aSteadyUseLeavesASteadyShareOfTheContract()
{
    QFETCH(const int, percent);
    QFETCH(const double, perMinute);
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    int requests = 0;
    world.server = [&](const HttpRequest&) {
        ++requests;
        return reply(200, {}, { { "X-Usage", std::to_string(percent) } });
    };
    DestinationConfig hook = World::plain("hook");
    hook.batch = 100;
    hook.isAdaptive = true;
    hook.contract.limits = { rolling(1'000, 60s, LimitUnit::Events) };
    for (int i = 0; i < 20'000; ++i)
        world.store.add(shard, payload(i));
    world.start({ hook });
    world.loop.runFor(2min);
    requests = 0;
    world.loop.runFor(10min);
    QVERIFY2(std::abs(requests - 10 * perMinute) <= 1 + 0.2 * perMinute,
        qPrintable(QString::number(requests)));
}

void TestDispatcherPace::aLearnedCeilingSaysFromWhatAndWhen()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    const WallTime start = world.loop.clock.wallNow();
    int usage = 50;
    bool isRefused = false;
    world.server = [&](const HttpRequest&) {
        if (std::exchange(isRefused, false))
            return reply(429, "slow down");
        return reply(200, {}, { { "X-Usage", std::to_string(usage) } });
    };
    DestinationConfig hook = World::plain("hook");
    hook.isAdaptive = true;
    hook.rate = 8; // so that it is refused below the limit
    hook.contract.limits = { rolling(600, 60s) };
    for (int i = 0; i < 3'000; ++i)
        world.store.add(shard, payload(i));
    world.start({ hook });
    world.loop.runFor(30s);
    QVERIFY(world.reading(kShard).rate.ceilingSource == CeilingSource::Configured);
    usage = 85;
    world.loop.runFor(10s);
    const TuningValue used = world.reading(kShard).rate;
    QVERIFY(used.ceilingSource == CeilingSource::Learned);
    QVERIFY(std::abs(used.ceiling.value_or(0) - 5) < 0.001);
    QCOMPARE(used.ceilingLearnedFrom, std::string("X-Usage"));
    QVERIFY(used.ceilingLearnedAt && *used.ceilingLearnedAt - start >= 30s);
    QVERIFY(*used.ceilingLearnedAt - start < 31s);
    usage = 50;
    world.loop.runFor(20s);
    isRefused = true;
    world.loop.runFor(10s);
    const TuningValue refused = world.reading(kShard).rate;
    QVERIFY(refused.ceilingSource == CeilingSource::Learned);
    QCOMPARE(refused.ceilingLearnedFrom, std::string("429"));
    QVERIFY(refused.ceilingLearnedAt && *refused.ceilingLearnedAt - start >= 60s);
}

// A failure named an hour, so the record itself is due in an hour.
void TestDispatcherPace::aProbeGoesAlsoWhenItsRecordIsDueLater()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    int requests = 0;
    world.server = [&](const HttpRequest&) {
        return ++requests == 1 ? reply(503, {}, { { "Retry-After", "3600" } }) : reply(503);
    };
    world.store.add(shard, payload(1));
    world.start({ World::plain("hook") });
    world.loop.runFor(10s);
    QVERIFY(world.dispatcher->probe(kShard));
    world.loop.runFor(6s);
    QCOMPARE(requests, 2);
    // What comes later waits like everything else: the probe is used up.
    world.store.add(shard, payload(2));
    world.loop.runFor(60s);
    QCOMPARE(requests, 2);
}

void TestDispatcherPace::aWaitOfMoreThanADayIsCutAndShown()
{
    for (const int status : { 429, 503 }) {
        World world;
        const ShardKey shard = world.store.addShard(kShard);
        world.server = [status](const HttpRequest&) {
            return reply(status, {}, { { "Retry-After", "172800" } });
        };
        world.store.add(shard, payload(1));
        world.start({ World::plain("hook") });
        world.loop.runFor(10s);
        world.store.add(shard, payload(2));
        world.loop.runFor(1s);
        const ShardReading held = world.reading(kShard);
        QVERIFY(held.retryAfterLeft && *held.retryAfterLeft <= 24h && *held.retryAfterLeft > 23h);
        QVERIFY(held.isRetryAfter);
        QCOMPARE(reasonOf(held, Hold::Gate::Throttle),
            std::string(
                "Asked for by the platform: Retry-After (longer than 24 h, held for 24 h)"));
    }
}

// Two destinations on one account, two at once each; the platform refuses a third.
void TestDispatcherPace::placesInFlightAreSharedWhereThePlatformCountsThemTogether_data()
{
    QTest::addColumn<bool>("areShared");
    QTest::newRow("counted together") << true;
    QTest::newRow("each shard's own") << false;
}
void TestDispatcherPace::placesInFlightAreSharedWhereThePlatformCountsThemTogether()
{
    QFETCH(const bool, areShared);
    World world;
    const ShardKey first = world.store.addShard({ .destination = "a", .account = "7" });
    const ShardKey second = world.store.addShard({ .destination = "b", .account = "7" });
    DestinationConfig a = World::plain("a");
    DestinationConfig b = World::plain("b");
    for (DestinationConfig* one : { &a, &b }) {
        one->endpoint = "http://same.example/v1";
        one->concurrency = 2;
        one->contract.concurrency = 2;
        if (areShared)
            one->contract.concurrencyScope = LimitScope::Account;
    }
    for (int i = 0; i < 300; ++i) {
        world.store.add(first, payload(i));
        world.store.add(second, payload(1'000 + i));
    }
    world.start({ a, b });
    world.loop.runFor(10s);
    QCOMPARE(world.transport->inFlightMax, std::size_t { areShared ? 2U : 4U });
    // Neither starves the other.
    const auto left = world.store.waiting(first) - world.store.waiting(second);
    QVERIFY2(std::abs(left) <= 4, qPrintable(QString::number(left)));
    world.loop.runFor(60s);
    QCOMPARE(world.store.waiting(first) + world.store.waiting(second), 0);
    QVERIFY(world.store.faults.empty());
}

// 20 a minute, all of them used when the program ends; in the file the destination gets another
// name meanwhile.
void TestDispatcherPace::aRenamedDestinationGoesOnWithTheWindowOfTheOldOne()
{
    for (const LimitScope scope : { LimitScope::Account, LimitScope::Credential }) {
        World world;
        const ShardKey before = world.store.addShard(kShard);
        int requests = 0;
        world.server = [&](const HttpRequest&) {
            ++requests;
            return reply(200);
        };
        DestinationConfig hook = World::plain("hook");
        hook.contract.limits = { rolling(20, 60s) };
        hook.contract.limits.front().burst = 20;
        hook.contract.limits.front().scope = scope;
        for (int i = 0; i < 20; ++i)
            world.store.add(before, payload(i));
        world.start({ hook });
        world.loop.runFor(5s);
        QCOMPARE(requests, 20);
        world.config.destinations.front().name = "renamed";
        world.restart();
        const ShardKey after = world.store.addShard({ .destination = "renamed", .account = "1" });
        for (int i = 0; i < 20; ++i)
            world.store.add(after, payload(100 + i));
        world.loop.runFor(40s);
        QCOMPARE(requests, 20);
        world.loop.runFor(60s);
        QCOMPARE(requests, 40);
    }
}

void TestDispatcherPace::aRenamedDestinationGoesOnWithTheHoldOfTheOldOne()
{
    World world;
    const ShardKey before = world.store.addShard(kShard);
    int requests = 0;
    world.server = [&](const HttpRequest&) {
        return ++requests == 1 ? reply(429, {}, { { "Retry-After", "600" } }) : reply(200);
    };
    world.store.add(before, payload(1));
    world.start({ World::plain("hook") });
    world.loop.runFor(5s);
    world.config.destinations.front().name = "renamed";
    world.restart();
    const ShardKey after = world.store.addShard({ .destination = "renamed", .account = "1" });
    world.store.add(after, payload(2));
    world.loop.runFor(500s);
    QCOMPARE(requests, 1);
    world.loop.runFor(300s);
    QCOMPARE(requests, 2);
}

SPILLWAY_TEST(TestDispatcherPace)

} // namespace tst_dispatcher_pace

#include "tst_dispatcher_pace.moc"

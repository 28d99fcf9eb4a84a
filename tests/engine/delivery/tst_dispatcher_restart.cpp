// What a platform has asked for and what an operator has said outlive the process.
#include "world.h"

#include <QTest>

using namespace engine;
using namespace engine::delivery;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

const ShardId kShard { .destination = "hook", .account = "1" };

std::string payload(std::int64_t id) { return R"({"id":)" + std::to_string(id) + "}"; }

ServerReply status(int code, HttpHeaders headers = {})
{
    ServerReply reply;
    reply.answer.status = code;
    reply.answer.headers = std::move(headers);
    return reply;
}

// One limit that the platform's headers govern; its first word comes with the first answer.
DestinationConfig governed()
{
    DestinationConfig hook = World::plain("hook");
    hook.concurrency = 1;
    hook.contract.limits = { { .amount = 0, .period = Millis { 0 }, .kind = LimitKind::Header } };
    return hook;
}

ServerReply quota(int remaining, int resetSeconds)
{
    return status(200,
        { { "X-Quota-Remaining", std::to_string(remaining) },
            { "X-Quota-Reset", std::to_string(resetSeconds) } });
}

} // namespace

class TestDispatcherRestart : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aThrottleHoldOutlivesTheProcess();
    void aHoldThatAProbeEndedDoesNotComeBack();
    void aHoldOfAnotherHostIsForgotten();
    void aHoldIsNeverLongerThanADayWhateverTheClockDid();
    void aQuotaHeaderOutlivesTheProcess();
    void whatWasSentAfterTheHeaderCountsAgainstIt();
    void aPauseThatCouldNotBeKeptIsKeptLater();
    void aLaterResumeIsNotUndoneByAnEarlierPause();
    void aShardIsRetiredAfterADayAndItsLimitOnlyWithItsWindow();
    void whatWaitsFollowsAChangedFixedAccountAndADerivedOneStays();
};

void TestDispatcherRestart::aThrottleHoldOutlivesTheProcess()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    std::vector<SteadyTime> seen;
    world.server = [&](const HttpRequest&) {
        seen.push_back(world.loop.clock.steadyNow());
        return seen.size() == 1 ? status(429, { { "Retry-After", "600" } }) : status(200);
    };
    world.store.add(shard, payload(1));
    world.start({ World::plain("hook") });
    world.loop.runFor(10s);
    world.restart();
    QVERIFY(world.started);
    world.loop.runFor(1s);
    const ShardReading held = world.reading(kShard);
    QVERIFY(held.retryAfterLeft && *held.retryAfterLeft > 500s);
    world.loop.runFor(500s);
    QCOMPARE(seen.size(), std::size_t { 1 });
    world.loop.runFor(300s);
    QCOMPARE(seen.size(), std::size_t { 2 });
    QVERIFY(seen[1] - seen[0] >= 600s);
    QVERIFY(world.store.faults.empty());
}

void TestDispatcherRestart::aHoldThatAProbeEndedDoesNotComeBack()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    int seen = 0;
    world.server = [&](const HttpRequest&) {
        return ++seen == 1 ? status(429, { { "Retry-After", "600" } }) : status(200);
    };
    world.store.add(shard, payload(1));
    world.start({ World::plain("hook") });
    world.loop.runFor(10s);
    QVERIFY(world.dispatcher->probe(kShard));
    world.loop.runFor(10s);
    QCOMPARE(seen, 2);
    world.restart();
    world.store.add(shard, payload(2));
    world.loop.runFor(10s);
    QCOMPARE(seen, 3);
}

void TestDispatcherRestart::aHoldOfAnotherHostIsForgotten()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    int seen = 0;
    world.server = [&](const HttpRequest&) {
        return ++seen == 1 ? status(429, { { "Retry-After", "600" } }) : status(200);
    };
    world.store.add(shard, payload(1));
    world.start({ World::plain("hook") });
    world.loop.runFor(10s);
    world.config.destinations.front().endpoint = "http://elsewhere.example";
    world.restart();
    world.loop.runFor(10s);
    QCOMPARE(seen, 2);
}

// The clock went back by two days while the process was gone.
void TestDispatcherRestart::aHoldIsNeverLongerThanADayWhateverTheClockDid()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    world.store.shard(shard).pace = { { .shard = shard,
        .host = "hook.example",
        .readAt = world.loop.clock.wallNow() + 48h,
        .until = world.loop.clock.wallNow() + 49h } };
    world.store.add(shard, payload(1));
    world.start({ World::plain("hook") });
    world.loop.runFor(10s);
    const ShardReading held = world.reading(kShard);
    QVERIFY(held.retryAfterLeft && *held.retryAfterLeft <= 24h && *held.retryAfterLeft > 23h);
}

// Three left for ten minutes: a restart finds three, not a fresh search of one a second.
void TestDispatcherRestart::aQuotaHeaderOutlivesTheProcess()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    int seen = 0;
    world.server = [&](const HttpRequest&) {
        ++seen;
        return quota(std::max(0, 1 - seen), 600);
    };
    world.store.add(shard, payload(1));
    world.start({ governed() });
    world.loop.runFor(2s);
    QCOMPARE(seen, 1);
    world.restart();
    for (int i = 2; i < 10; ++i)
        world.store.add(shard, payload(i));
    world.loop.runFor(590s);
    QCOMPARE(seen, 1);
    world.loop.runFor(20s);
    QVERIFY(seen > 1);
}

// Five left when the header came; three more went out unanswered before the end. Two may go.
void TestDispatcherRestart::whatWasSentAfterTheHeaderCountsAgainstIt()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    const WallTime now = world.loop.clock.wallNow();
    DestinationConfig hook = governed();
    world.store.shard(shard).pace = { { .shard = shard,
        .host = "hook.example",
        .limit = limitName(hook.contract.limits.front()),
        .readAt = now - 10s,
        .until = now + 600s,
        .remaining = 5,
        .amount = 1'000,
        .window = 900s } };
    world.store.addSent(shard, { .sentAt = now - 20s, .endedAt = now - 10s, .records = 1 });
    for (int i = 0; i < 3; ++i)
        world.store.addSent(shard, { .sentAt = now - 5s, .endedAt = now - 4s, .records = 1 });
    int seen = 0;
    world.server = [&](const HttpRequest&) {
        ++seen;
        return status(200);
    };
    for (int i = 0; i < 9; ++i)
        world.store.add(shard, payload(i));
    world.start({ hook });
    world.loop.runFor(595s);
    QCOMPARE(seen, 2);
}

void TestDispatcherRestart::aPauseThatCouldNotBeKeptIsKeptLater()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    world.start({ World::plain("hook") });
    world.store.isFailing = true;
    Status kept;
    QVERIFY(world.dispatcher->setDesired({ .target = kShard, .desired = Desired::Paused },
        [&kept](const Status& status) { kept = status; }));
    world.loop.runFor(5s);
    QVERIFY(!kept);
    QCOMPARE(world.reading(kShard).desired, Desired::Paused);
    QCOMPARE(world.store.shard(shard).desired, Desired::Running);
    world.store.isFailing = false;
    world.loop.runFor(3s);
    QCOMPARE(world.store.shard(shard).desired, Desired::Paused);
    world.restart();
    world.store.add(shard, payload(1));
    world.loop.runFor(5s);
    QCOMPARE(world.store.waiting(shard), 1);
}

// The pause of the whole destination failed; one account of it was resumed after the disk had room.
void TestDispatcherRestart::aLaterResumeIsNotUndoneByAnEarlierPause()
{
    World world;
    const ShardKey one = world.store.addShard(kShard);
    const ShardKey two = world.store.addShard({ .destination = "hook", .account = "2" });
    world.start({ World::plain("hook") });
    world.store.isFailing = true;
    const ShardId whole { .destination = "hook", .account = {} };
    QVERIFY(world.dispatcher->setDesired(
        { .target = whole, .desired = Desired::Paused }, [](const Status&) {}));
    world.loop.runFor(500ms);
    world.store.isFailing = false;
    QVERIFY(world.dispatcher->setDesired(
        { .target = kShard, .desired = Desired::Running }, [](const Status&) {}));
    world.loop.runFor(5s);
    QCOMPARE(world.store.shard(one).desired, Desired::Running);
    QCOMPARE(world.store.shard(two).desired, Desired::Paused);
}

// A daily quota of two, used up. The shard goes after a day of silence, which is also when its
// window is over; a second one with a limit of two days keeps it.
void TestDispatcherRestart::aShardIsRetiredAfterADayAndItsLimitOnlyWithItsWindow()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    DestinationConfig hook = World::plain("hook");
    hook.contract.limits = { { .amount = 2, .period = 48h, .burst = 2 } };
    int seen = 0;
    world.server = [&](const HttpRequest&) {
        ++seen;
        return status(200);
    };
    world.store.add(shard, payload(1));
    world.store.add(shard, payload(2));
    world.start({ hook });
    world.loop.runFor(23h);
    QCOMPARE(seen, 2);
    QCOMPARE(world.dispatcher->readings().size(), std::size_t { 1 });
    world.loop.runFor(2h);
    QVERIFY(world.dispatcher->readings().empty());
    // It comes back within the window: the quota is still used up.
    world.store.add(shard, payload(3));
    world.loop.runFor(20h);
    QCOMPARE(world.dispatcher->readings().size(), std::size_t { 1 });
    QCOMPARE(seen, 2);
    world.loop.runFor(4h);
    QCOMPARE(seen, 3);
    QVERIFY(world.store.faults.empty());
}

// The pixel was mistyped: what waits under the wrong one goes to the right one.
void TestDispatcherRestart::whatWaitsFollowsAChangedFixedAccountAndADerivedOneStays()
{
    World world;
    const ShardKey fixed = world.store.addShard(kShard);
    const ShardKey derived = world.store.addShard({ .destination = "each", .account = "7" });
    world.store.shard(fixed).desired = Desired::Paused;
    world.store.shard(derived).desired = Desired::Paused;
    std::vector<std::string> urls;
    world.server = [&](const HttpRequest& request) {
        urls.push_back(request.url);
        return status(200);
    };
    DestinationConfig hook = World::plain("hook");
    hook.account = "1";
    DestinationConfig each = World::plain("each");
    each.accountFrom = "properties.pixel";
    world.store.add(fixed, payload(1));
    world.store.add(derived, payload(2));
    world.start({ hook, each });
    world.loop.runFor(1s);
    hook.account = "2";
    world.reload({ hook, each });
    for (const ShardId& shard : { kShard, ShardId { "each", "7" } })
        QVERIFY(world.dispatcher->setDesired({ .target = shard }, [](const Status&) {}));
    world.loop.runFor(5s);
    std::sort(urls.begin(), urls.end());
    QCOMPARE(urls, (std::vector<std::string> { "http://each.example/7", "http://hook.example/2" }));
}

QTEST_GUILESS_MAIN(TestDispatcherRestart)
#include "tst_dispatcher_restart.moc"

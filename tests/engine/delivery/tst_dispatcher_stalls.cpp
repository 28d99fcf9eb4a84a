// What may not stall, and what may not spin.
#include "support/test_program.h"
#include "world.h"

namespace tst_dispatcher_stalls {

using namespace engine;
using namespace engine::delivery;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

const ShardId kShard { .destination = "hook", .account = "1" };

std::string payload(int id, const std::string& more = {})
{
    return R"({"id":)" + std::to_string(id) + more + "}";
}

// Refuses the records of these ids as a mistake in the configuration.
SimTransport::Server refusing(std::vector<int> ids)
{
    return [ids = std::move(ids)](const HttpRequest& request) {
        ServerReply reply;
        for (const int id : ids) {
            if (request.body.find(payload(id)) != std::string::npos)
                reply.answer.status = 404;
        }
        return reply;
    };
}

} // namespace

class TestDispatcherStalls : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aProbeThatIsDueBehindAClosedGateDoesNotSpin();
    void aRecordThatIsBadForEverDoesNotKeepGoodOnesInAHeldShard();
    void aShardThatCouldNotBeReadGoesOnWithoutNewEvents();
    void nobodyIsOvertakenWhileThoseWhoFailedCannotBeRead();
    void aPersonWhoseFirstRecordSpentItsAttemptsBeforeTheStartIsNotStuck();
    void deferredEventsBeyondOneReleaseDoNotWaitForTheNextTick();
    void aShardThatWaitsForTheAnswerOfAnotherIsNotForgotten();
};

void TestDispatcherStalls::aProbeThatIsDueBehindAClosedGateDoesNotSpin()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    world.server = refusing({ 1 });
    DestinationConfig hook = World::plain("hook");
    hook.concurrency = 1;
    hook.contract.limits = { { .amount = 1, .period = 10min } };
    world.store.add(shard, payload(1));
    world.start({ hook });
    int turns = 0;
    world.loop.onIdle(
        [&] { return ++turns < 5'000 ? world.dispatcher->turn() : SteadyTime::max(); });
    world.loop.runFor(9min); // the probe is due after one minute, the limit lets it go after ten
    QCOMPARE(world.transport->sent, 1);
    QVERIFY2(
        turns < 1'000, qPrintable(QString::number(turns))); // a tick each second, and little more
}

// Two records that the platform will never take hold the shard, since nothing else is there to show
// whose fault it is. Then others come.
void TestDispatcherStalls::aRecordThatIsBadForEverDoesNotKeepGoodOnesInAHeldShard()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    world.server = refusing({ 1, 2 });
    DestinationConfig hook = World::plain("hook");
    hook.concurrency = 1;
    world.store.add(shard, payload(1));
    world.store.add(shard, payload(2));
    world.start({ hook });
    world.loop.runFor(10s);
    QCOMPARE(world.reading(kShard).credential, CredentialState::ConfigRefused);
    for (int id = 3; id <= 6; ++id)
        world.store.add(shard, payload(id));
    world.loop.runFor(20min);
    QCOMPARE(world.store.delivered.size(), std::size_t { 4 });
    QCOMPARE(world.store.dead.size(), std::size_t { 2 });
    QCOMPARE(world.store.dead[0].item.outcome, Outcome::Config);
    QCOMPARE(world.reading(kShard).credential, CredentialState::Ok);
    QVERIFY(world.store.faults.empty());
}

void TestDispatcherStalls::aShardThatCouldNotBeReadGoesOnWithoutNewEvents()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    for (int id = 1; id <= 3; ++id)
        world.store.add(shard, payload(id));
    world.store.unreadable = { Lane::Live, Lane::Retry, Lane::Replay, Lane::Import };
    world.start({ World::plain("hook") });
    world.loop.runFor(5s);
    QCOMPARE(world.transport->sent, 0);
    QCOMPARE(world.reading(kShard).holds.front().gate, Hold::Gate::Store);
    world.store.unreadable.clear();
    world.loop.runFor(60s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 3 });
    QVERIFY(world.reading(kShard).holds.empty());
}

// Who failed before the start cannot be read: what came after must not overtake it meanwhile.
void TestDispatcherStalls::nobodyIsOvertakenWhileThoseWhoFailedCannotBeRead()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    const WallTime now = world.loop.clock.wallNow();
    const EventSeq failed = world.store.add(shard, payload(1, R"(,"person":"ann")"),
        { .lane = Lane::Retry, .dueAt = now + 10s, .attempts = 1 });
    const EventSeq next = world.store.add(shard, payload(2, R"(,"person":"ann")"));
    world.store.unreadable = { Lane::Retry };
    world.start({ World::plain("hook") });
    world.loop.runFor(30s);
    QCOMPARE(world.transport->sent, 0);
    world.store.unreadable.clear();
    world.loop.runFor(60s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 2 });
    QVERIFY(
        (world.store.deliveredAt[{ shard, failed }] < world.store.deliveredAt[{ shard, next }]));
}

// Her first record was in flight for the eighth time when the process died. It is a dead letter
// without being looked into; her next one must not wait for it.
void TestDispatcherStalls::aPersonWhoseFirstRecordSpentItsAttemptsBeforeTheStartIsNotStuck()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    const WallTime now = world.loop.clock.wallNow();
    world.store.add(shard, payload(1, R"(,"person":"ann")"),
        { .lane = Lane::Retry, .attempts = 8, .firstSentAt = now - 1h });
    const EventSeq next = world.store.add(shard, payload(2, R"(,"person":"ann")"));
    world.start({ World::plain("hook") });
    world.loop.runFor(60s);
    QCOMPARE(world.store.dead.size(), std::size_t { 1 });
    QCOMPARE((world.store.delivered[{ shard, next }]), 1);
}

void TestDispatcherStalls::deferredEventsBeyondOneReleaseDoNotWaitForTheNextTick()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    const WallTime release = world.loop.clock.wallNow() + 30s;
    world.store.releaseMax = 100;
    for (int id = 1; id <= 1'000; ++id)
        world.store.add(shard, payload(id), { .lane = Lane::Deferred, .dueAt = release });
    world.start({ World::plain("hook") });
    world.loop.runFor(32s);
    QCOMPARE(world.reading(kShard).laneDepth[static_cast<std::size_t>(Lane::Deferred)], 0);
    QVERIFY(world.store.faults.empty());
}

// Two accounts behind one limit that lets one request be in flight. What ends the wait of the
// second is the answer to the first, and nothing else happens that could.
void TestDispatcherStalls::aShardThatWaitsForTheAnswerOfAnotherIsNotForgotten()
{
    World world;
    const ShardKey one = world.store.addShard({ .destination = "hook", .account = "1" });
    const ShardKey two = world.store.addShard({ .destination = "hook", .account = "2" });
    DestinationConfig hook = World::plain("hook");
    hook.contract.limits = { { .kind = LimitKind::Header, .scope = LimitScope::Destination } };
    for (int id = 1; id <= 2; ++id) {
        world.store.add(one, payload(id));
        world.store.add(two, payload(id));
    }
    world.start({ hook });
    world.loop.runFor(60s);
    QCOMPARE(world.store.waiting(one), 0);
    QCOMPARE(world.store.waiting(two), 0);
}

SPILLWAY_TEST(TestDispatcherStalls)

} // namespace tst_dispatcher_stalls

#include "tst_dispatcher_stalls.moc"

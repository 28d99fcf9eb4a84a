// Records that overwrite what a platform knows of a person arrive there in order of acceptance,
// whatever lies between; and nobody waits for anybody else.
#include "support/test_program.h"
#include "world.h"

namespace tst_person_order {

using namespace engine;
using namespace engine::delivery;
using namespace engine::testing;
using namespace std::chrono_literals;

class TestPersonOrder final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whoIsDeferredIsNotOvertaken();
    void theOrderOfAcceptanceHoldsWhenTheClockWasSetBack();
    void onePersonWithManyRecordsKeepsNobodyElse_data();
    void onePersonWithManyRecordsKeepsNobodyElse();
    void anOldRecordIsNotReplayedOverANewerOne();
    void aReplayThatIsHeldKeepsNoLiveRecord();
    void whoWasBehindACancelledRowGoesOn();
};

namespace {

const ShardId kShard { .destination = "hook", .account = "1" };

std::string payload(std::int64_t id, const std::string& person)
{
    Json record = Json::object();
    record.set("id", Json::number(id));
    record.set("person", Json::string(person));
    return record.dump();
}

// Keeps the ids in the order in which the platform took them.
struct OrderWorld : World {
    OrderWorld()
    {
        shard = store.addShard(kShard);
        server = [this](const HttpRequest& request) {
            const Json body = *parseJson(request.body);
            for (const Json& record : body.items()) {
                const std::int64_t id = *record.find("id")->asInt();
                if (id == failsOnce) {
                    failsOnce = 0;
                    ServerReply reply;
                    reply.answer.status = 503;
                    reply.answer.headers.emplace_back("Retry-After", "25");
                    return reply;
                }
                taken.push_back(id);
            }
            ServerReply reply;
            reply.answer.status = 200;
            return reply;
        };
    }
    ShardKey shard {};
    std::int64_t failsOnce { 0 };
    std::vector<std::int64_t> taken {};
};

} // namespace

void TestPersonOrder::whoIsDeferredIsNotOvertaken()
{
    OrderWorld world;
    const WallTime now = world.loop.clock.wallNow();
    world.store.add(world.shard, payload(1, "ann"), { .lane = Lane::Deferred, .dueAt = now + 10s });
    world.store.add(world.shard, payload(2, "ann"));
    world.store.add(world.shard, payload(3, "bob"));
    world.start({ World::plain("hook") });
    world.loop.runFor(5s);
    QCOMPARE(world.taken, (std::vector<std::int64_t> { 3 }));
    world.loop.runFor(30s);
    QCOMPARE(world.taken, (std::vector<std::int64_t> { 3, 1, 2 }));
    QVERIFY(world.store.faults.empty());
}

// The rank of the later one is smaller then.
void TestPersonOrder::theOrderOfAcceptanceHoldsWhenTheClockWasSetBack()
{
    OrderWorld world;
    world.store.add(world.shard, payload(1, "ann"));
    world.loop.clock.shiftWall(-3s);
    world.store.add(world.shard, payload(2, "ann"));
    world.start({ World::plain("hook") });
    world.loop.runFor(5s);
    QCOMPARE(world.taken, (std::vector<std::int64_t> { 1, 2 }));
}

void TestPersonOrder::onePersonWithManyRecordsKeepsNobodyElse_data()
{
    QTest::addColumn<int>("records");
    QTest::newRow("a few hundred") << 400;
    QTest::newRow("more than are read in one go") << 10'000;
}

// Her first record fails and waits 25 s; twenty others stand behind all of hers.
void TestPersonOrder::onePersonWithManyRecordsKeepsNobodyElse()
{
    QFETCH(int, records);
    OrderWorld world;
    DestinationConfig hook = World::plain("hook");
    hook.batch = 10;
    world.failsOnce = 1;
    world.store.add(world.shard, payload(1, "ann"));
    world.start({ hook });
    world.loop.runFor(1s);
    QCOMPARE(world.failsOnce, 0);
    for (int id = 2; id <= records; ++id)
        world.store.add(world.shard, payload(id, "ann"));
    for (int id = records + 1; id <= records + 20; ++id)
        world.store.add(world.shard, payload(id, "person " + std::to_string(id)));
    world.loop.runFor(60s);
    QVERIFY2(world.taken.size() > 21, qPrintable(QString::number(world.taken.size())));
    for (std::size_t i = 0; i < 20; ++i)
        QVERIFY2(world.taken[i] > records, qPrintable(QString::number(world.taken[i])));
    for (std::size_t i = 20; i < world.taken.size(); ++i)
        QCOMPARE(world.taken[i], static_cast<std::int64_t>(i) - 19);
    QVERIFY(world.store.faults.empty());
}

// The newer one is accepted while the job is held.
void TestPersonOrder::anOldRecordIsNotReplayedOverANewerOne()
{
    OrderWorld world;
    world.store.add(
        world.shard, payload(1, "ann"), { .lane = Lane::Replay, .job = ReplayJobId { 5 } });
    world.store.add(
        world.shard, payload(2, "bob"), { .lane = Lane::Replay, .job = ReplayJobId { 5 } });
    world.start({ World::plain("hook") });
    world.dispatcher->holdJob(ReplayJobId { 5 }, true);
    world.store.add(world.shard, payload(3, "ann"));
    world.loop.runFor(5s);
    world.dispatcher->holdJob(ReplayJobId { 5 }, false);
    world.loop.runFor(5s);
    QCOMPARE(world.taken, (std::vector<std::int64_t> { 3, 2 }));
    QCOMPARE(world.store.superseded.size(), std::size_t { 1 });
    QCOMPARE(toInt(world.store.superseded.front().seq), 1);
    QVERIFY(world.store.dead.empty());
    QCOMPARE(world.reading(kShard).queueDepth, 0);
}

void TestPersonOrder::aReplayThatIsHeldKeepsNoLiveRecord()
{
    OrderWorld world;
    for (int id = 1; id <= 300; ++id)
        world.store.add(
            world.shard, payload(id, "ann"), { .lane = Lane::Replay, .job = ReplayJobId { 5 } });
    world.store.add(world.shard, payload(301, "ann"));
    world.start({ World::plain("hook") });
    world.dispatcher->holdJob(ReplayJobId { 5 }, true);
    world.loop.runFor(5s);
    QCOMPARE(world.taken, (std::vector<std::int64_t> { 301 }));
    world.dispatcher->holdJob(ReplayJobId { 5 }, false);
    world.loop.runFor(60s);
    QCOMPARE(world.store.superseded.size(), std::size_t { 300 });
    QCOMPARE(world.store.waiting(world.shard), 0);
}

// An operator takes the row that she waited for out of the queue.
void TestPersonOrder::whoWasBehindACancelledRowGoesOn()
{
    OrderWorld world;
    const EventSeq first = world.store.add(world.shard, payload(1, "ann"),
        { .lane = Lane::Retry, .dueAt = world.loop.clock.wallNow() + 1h, .attempts = 1 });
    world.store.add(world.shard, payload(2, "ann"));
    world.start({ World::plain("hook") });
    world.loop.runFor(5s);
    QVERIFY(world.taken.empty());
    world.store.remove(world.shard, first);
    world.dispatcher->taken(world.shard, Lane::Retry, { first });
    world.loop.runFor(5s);
    QCOMPARE(world.taken, (std::vector<std::int64_t> { 2 }));
}

SPILLWAY_TEST(TestPersonOrder)

} // namespace tst_person_order

#include "tst_person_order.moc"

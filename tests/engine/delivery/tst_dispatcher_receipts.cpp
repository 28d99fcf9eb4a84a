#include "support/test_program.h"
#include "world.h"

namespace tst_dispatcher_receipts {

using namespace engine;
using namespace engine::delivery;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

const ShardId kShard { .destination = "ads", .account = "1" };

std::string payload(std::int64_t id) { return R"({"id":)" + std::to_string(id) + "}"; }

// Takes everything, gives a receipt for it, and says `news` when it is asked after.
struct ReceiptWorld : World {
    ReceiptWorld()
    {
        server = [this](const HttpRequest& request) {
            ServerReply reply;
            if (request.url.ends_with("/receipt")) {
                asked.push_back(loop.clock.steadyNow());
                reply.answer.body = news;
                reply.answer.status = status;
            } else {
                reply.answer.headers = { { "X-Receipt", "r-1" } };
            }
            return reply;
        };
        shard = store.addShard(kShard);
    }
    void sendOne(std::int64_t id)
    {
        store.add(shard, payload(id));
        loop.runFor(1s);
    }
    ShardKey shard {};
    std::string news {};
    int status { 200 };
    std::vector<SteadyTime> asked {};
};

} // namespace

class TestDispatcherReceipts final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatThePlatformRefusesLaterIsTold();
    void whatItTakesIsNotTold();
    void aPendingOneIsAskedForAgainAndGivenUpInTheEnd();
    void oneThatIsGoneIsToldAtOnce();
    void nobodyAsksWhilePaused();
    void aBacklogGivesUpOneRequestInAMinute();
    void theOldestOfTooManyIsForgottenAndCounted();
};

void TestDispatcherReceipts::whatThePlatformRefusesLaterIsTold()
{
    ReceiptWorld world;
    world.news = "INVALID_GCLID (1)";
    world.start({ World::plain("ads") });
    world.sendOne(1);
    QCOMPARE(world.store.delivered.size(), std::size_t { 1 });
    world.loop.runFor(29min);
    QVERIFY(world.asked.empty());
    world.loop.runFor(2min);
    QCOMPARE(world.asked.size(), std::size_t { 1 });
    QCOMPARE(world.toldLater.size(), std::size_t { 1 });
    QVERIFY(
        world.toldLater.front().find("refused 1 later: INVALID_GCLID (1)") != std::string::npos);
    QVERIFY(world.store.dead.empty()); // it does not say which
    QCOMPARE(world.reading(kShard).lateWord, (LateWord { .refusedTotal = 1 }));
}

void TestDispatcherReceipts::whatItTakesIsNotTold()
{
    ReceiptWorld world;
    world.start({ World::plain("ads") });
    world.sendOne(1);
    QCOMPARE(world.reading(kShard).lateWord, (LateWord { .waiting = 1 }));
    world.loop.runFor(1h);
    QCOMPARE(world.reading(kShard).lateWord, LateWord {});
    QCOMPARE(world.asked.size(), std::size_t { 1 });
    QVERIFY(world.toldLater.empty());
}

// After half an hour, then 1, 2, 4 and 8 hours: five times.
void TestDispatcherReceipts::aPendingOneIsAskedForAgainAndGivenUpInTheEnd()
{
    ReceiptWorld world;
    world.news = "pending";
    world.start({ World::plain("ads") });
    world.sendOne(1);
    world.loop.runFor(20h);
    QCOMPARE(world.reading(kShard).lateWord, (LateWord { .lostTotal = 1 }));
    world.loop.runFor(28h);
    QCOMPARE(world.asked.size(), std::size_t { 5 });
    QCOMPARE(world.toldLater.size(), std::size_t { 1 });
    QVERIFY(world.toldLater.front().find("does not say") != std::string::npos);
}

void TestDispatcherReceipts::oneThatIsGoneIsToldAtOnce()
{
    ReceiptWorld world;
    world.status = 404;
    world.start({ World::plain("ads") });
    world.sendOne(1);
    world.loop.runFor(2h);
    QCOMPARE(world.asked.size(), std::size_t { 1 });
    QCOMPARE(world.toldLater.size(), std::size_t { 1 });
}

void TestDispatcherReceipts::nobodyAsksWhilePaused()
{
    ReceiptWorld world;
    world.start({ World::plain("ads") });
    world.sendOne(1);
    const auto paused = world.dispatcher->setDesired(
        { .target = kShard, .desired = Desired::Paused }, [](const Status&) {});
    QVERIFY(paused);
    world.loop.runFor(2h);
    QVERIFY(world.asked.empty());
    const auto resumed = world.dispatcher->setDesired(
        { .target = kShard, .desired = Desired::Running }, [](const Status&) {});
    QVERIFY(resumed);
    world.loop.runFor(2min);
    QCOMPARE(world.asked.size(), std::size_t { 1 });
}

// 60 requests a minute allowed, more than that waiting for an hour: 60 receipts wait after half of
// it, and only one in a minute is asked after.
void TestDispatcherReceipts::aBacklogGivesUpOneRequestInAMinute()
{
    ReceiptWorld world;
    DestinationConfig ads = World::plain("ads");
    ads.contract.limits = {
        { .unit = LimitUnit::Requests, .amount = 60, .period = 60s, .kind = LimitKind::Rolling }
    };
    for (int i = 0; i < 4'000; ++i)
        world.store.add(world.shard, payload(i));
    world.start({ ads });
    world.loop.runFor(30min);
    QVERIFY(world.asked.empty());
    world.loop.runFor(20min);
    QVERIFY2(world.asked.size() >= 15 && world.asked.size() <= 21,
        qPrintable(QString::number(world.asked.size())));
    QVERIFY(world.store.delivered.size() >= 50 * 60 * 97 / 100);
}

void TestDispatcherReceipts::theOldestOfTooManyIsForgottenAndCounted()
{
    Receipts receipts;
    const SteadyTime now { 1h };
    for (std::size_t i = 0; i < Receipts::kMost; ++i)
        QVERIFY(!receipts.add({ .name = std::to_string(i) }, now));
    QCOMPARE(receipts.add({ .name = "last" }, now)->name, std::string("0"));
    QCOMPARE(receipts.size(), Receipts::kMost);
    QCOMPARE(receipts.takeDue(now + Receipts::kFirst)->name, std::string("1"));
    QVERIFY(!receipts.takeDue(now));
}

SPILLWAY_TEST(TestDispatcherReceipts)

} // namespace tst_dispatcher_receipts

#include "tst_dispatcher_receipts.moc"

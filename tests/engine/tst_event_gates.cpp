// "Why is this waiting?": every gate between a delivery and its request, the last to open first.
#include "event_gates.h"
#include "support/test_program.h"

namespace tst_event_gates {

using namespace engine;
using namespace std::chrono_literals;

namespace {

const ShardId kShard { "meta-main", "17" };
constexpr WallTime kNow { 1'000h };

EventPage pageOf(EventDelivery delivery)
{
    delivery.shard = kShard;
    EventTrace trace;
    trace.deliveries.push_back(std::move(delivery));
    EventPage page;
    page.events.push_back(std::move(trace));
    return page;
}

EngineSnapshot snapshotOf(ShardSnapshot shard)
{
    shard.shard = kShard;
    EngineSnapshot snapshot;
    snapshot.takenAt = kNow;
    snapshot.shards.push_back(std::move(shard));
    return snapshot;
}

} // namespace

class TestEventGates final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRetryWaitsForItsOwnTimeAndForTheShard();
    void pausedRetriesHoldEveryLaneButTheLiveOne();
    void aPausedReplayJobIsNamed();
    void whatNothingHoldsWaitsItsTurn();
    void whatDoesNotWaitHasNoGates();
};

// Due in 8 s by its own back-off; the shard is throttled for 38 s: the throttle opens last.
void TestEventGates::aRetryWaitsForItsOwnTimeAndForTheShard()
{
    EventPage page = pageOf({ .state = DeliveryState::Waiting,
        .lane = Lane::Retry,
        .attempts = 3,
        .dueAt = kNow + 8s });
    ShardSnapshot shard;
    shard.holds = { { Hold::Gate::Backoff, kNow + 1s, "the first of the lane" },
        { Hold::Gate::Throttle, kNow + 38s, "Retry-After" } };
    addGates(page, snapshotOf(shard));
    const auto& gates = page.events[0].deliveries[0].gates;
    QCOMPARE(gates.size(), std::size_t { 2 });
    QVERIFY(gates[0].gate == Hold::Gate::Throttle);
    QVERIFY(gates[1].gate == Hold::Gate::Backoff);
    QVERIFY(gates[1].until == kNow + 8s); // its own, not that of the lane's first
    QVERIFY(gates[1].reason.find("3 times") != std::string::npos);
}

void TestEventGates::pausedRetriesHoldEveryLaneButTheLiveOne()
{
    for (const auto& [lane, isHeld] :
        { std::pair { Lane::Live, false }, std::pair { Lane::Retry, true } }) {
        EventPage page = pageOf({ .state = DeliveryState::Waiting, .lane = lane });
        ShardSnapshot shard;
        shard.desired = Desired::RetriesPaused;
        addGates(page, snapshotOf(shard));
        QCOMPARE(page.events[0].deliveries[0].gates[0].gate == Hold::Gate::Paused, isHeld);
    }
}

void TestEventGates::aPausedReplayJobIsNamed()
{
    EventPage page = pageOf(
        { .state = DeliveryState::Waiting, .lane = Lane::Replay, .job = ReplayJobId { 17 } });
    EngineSnapshot snapshot = snapshotOf({});
    snapshot.jobs.push_back({ .id = ReplayJobId { 17 }, .state = "paused" });
    addGates(page, snapshot);
    QCOMPARE(
        page.events[0].deliveries[0].gates[0].reason, std::string("replay job R-17 is paused"));
}

void TestEventGates::whatNothingHoldsWaitsItsTurn()
{
    EventPage page = pageOf({ .state = DeliveryState::Waiting });
    ShardSnapshot shard;
    shard.laneDepth[0] = 240;
    addGates(page, snapshotOf(shard));
    const auto& gates = page.events[0].deliveries[0].gates;
    QCOMPARE(gates.size(), std::size_t { 1 });
    QVERIFY(gates[0].reason.find("240") != std::string::npos);
}

void TestEventGates::whatDoesNotWaitHasNoGates()
{
    EventPage page = pageOf({ .state = DeliveryState::Accepted });
    ShardSnapshot shard;
    shard.holds = { { Hold::Gate::Paused, std::nullopt, "paused" } };
    addGates(page, snapshotOf(shard));
    QVERIFY(page.events[0].deliveries[0].gates.empty());
}

SPILLWAY_TEST(TestEventGates)

} // namespace tst_event_gates

#include "tst_event_gates.moc"

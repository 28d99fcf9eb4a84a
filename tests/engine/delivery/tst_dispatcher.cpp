#include "support/test_program.h"
#include "world.h"

namespace tst_dispatcher {

using namespace engine;
using namespace engine::delivery;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

const ShardId kShard { .destination = "hook", .account = "1" };

// The records of a body that PlainAdapter made.
std::vector<Json> recordsOf(const HttpRequest& request) { return parseJson(request.body)->items(); }

std::int64_t idOf(const Json& record) { return record.find("id")->asInt().value_or(-1); }

std::string payload(std::int64_t id, const std::string& more = {})
{
    return R"({"id":)" + std::to_string(id) + more + "}";
}

ServerReply status(int code, std::string body = {})
{
    ServerReply reply;
    reply.answer.status = code;
    reply.answer.body = std::move(body);
    return reply;
}

// Records by outcome, as the signals hear of them.
class Outcomes final : public DeliveryObserver {
public:
    void arrived(const ShardId&, Lane, std::int64_t, SteadyTime) override { }
    void pickedUp(const ShardId&, Millis, SteadyTime) override { }
    void requestEnded(const RequestEnded& request) override
    {
        for (std::size_t i = 0; i < request.outcomes.size(); ++i)
            m_records[i] += request.outcomes[i];
        latencies.push_back(request.hasLatency);
    }
    [[nodiscard]] std::int64_t of(Outcome outcome) const
    {
        return m_records[static_cast<std::size_t>(outcome)];
    }
    std::vector<bool> latencies {}; // has each request one?

private:
    std::array<std::int64_t, kOutcomes> m_records {};
};

} // namespace

class TestDispatcher : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatWaitsIsSentMarkedFirstAndEndsAccepted();
    void aSlotIsFreeOnlyAfterItsOutcomeIsCommitted();
    void aPartialFailureIsSplitAtOnce();
    void oneBadRecordOfAHundredIsFoundByHalving();
    void anOversizeBatchIsHalvedAndALoneOneIsADeadLetter();
    void aRefusedRecordNeverCostsABatch();
    void expiredRecordsAreNotSentWhereTheAgeIsEnforced();
    void eightFailuresAndNoMore();
    void anUnknownOfBeforeIsNotResentOutsideTheDedupWindow();
    void anUnansweredRecordWithoutADedupKeyWaitsForAnOperator();
    void recordsOfDifferentEndpointsDoNotShareARequest();
    void onePersonsRecordsGoInOrderAndAFailedOneHoldsOnlyThem();
    void aPersonWhoFailedBeforeARestartStillHoldsWhatCameAfter();
    void aKilledProcessRepeatsOnlyWhatWasInFlight();
    void whenTheStoreFailsNothingNewIsSentAndItRecovers();
    void deferredEventsGoWhenTheirTimeHasCome();
    void aSetClockNeitherHoldsNorHurriesDeferredEvents();
    void aHungShardDelaysNoOther();
    void bytesBoundABatch();
    void whatIsTooLongToKeepSaysHowLongItWas();
    void onlyWhoeverWasReachedOrWaitedForHasALatency();
};

void TestDispatcher::whatWaitsIsSentMarkedFirstAndEndsAccepted()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    std::vector<std::int64_t> seen;
    std::size_t marked = 0;
    world.server = [&](const HttpRequest& request) {
        marked = world.store.sends.size();
        for (const Json& record : recordsOf(request))
            seen.push_back(idOf(record));
        return ServerReply {};
    };
    DestinationConfig hook = World::plain("hook");
    hook.batch = 10;
    for (int i = 1; i <= 3; ++i)
        world.store.add(shard, payload(i));
    world.start({ hook });
    QVERIFY(world.started);
    world.loop.runFor(1s);
    QCOMPARE(seen, (std::vector<std::int64_t> { 1, 2, 3 }));
    QCOMPARE(marked, std::size_t { 3 }); // before the request arrived
    QCOMPARE(world.store.delivered.size(), std::size_t { 3 });
    QCOMPARE(world.store.waiting(shard), 0);
    QVERIFY(world.store.faults.empty());
    QCOMPARE(world.reading(kShard).queueDepth, 0);
    QVERIFY(world.reading(kShard).lastSuccess.has_value());
}

// Concurrency 1, a commit of 500 ms: mark, 60 ms of network, outcome: one request per 1,060 ms.
void TestDispatcher::aSlotIsFreeOnlyAfterItsOutcomeIsCommitted()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    DestinationConfig hook = World::plain("hook");
    hook.concurrency = 1;
    world.store.commitTime = 500ms;
    for (int i = 0; i < 20; ++i)
        world.store.add(shard, payload(i));
    world.start({ hook });
    world.loop.runFor(10'600ms);
    QCOMPARE(world.transport->sent, 10);
    QCOMPARE(world.transport->inFlightMax, std::size_t { 1 });
}

void TestDispatcher::aPartialFailureIsSplitAtOnce()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    int requests = 0;
    std::size_t retried = 0;
    world.server = [&](const HttpRequest& request) {
        if (++requests == 1)
            return status(200, R"(["accepted","transient","invalid","accepted"])");
        retried = recordsOf(request).size();
        return status(200);
    };
    DestinationConfig hook = World::plain("hook");
    hook.batch = 4;
    for (int i = 1; i <= 4; ++i)
        world.store.add(shard, payload(i));
    world.start({ hook });
    world.loop.runFor(900ms); // the retry waits a second at least
    QCOMPARE(world.store.delivered.size(), std::size_t { 2 });
    QCOMPARE(world.store.dead.size(), std::size_t { 1 });
    QCOMPARE(toInt(world.store.dead[0].seq), 3);
    QCOMPARE(world.store.dead[0].item.record, payload(3));
    world.loop.runFor(1s);
    QCOMPARE(requests, 2);
    QCOMPARE(retried, std::size_t { 1 });
    QCOMPARE(world.store.delivered.size(), std::size_t { 3 });
    QVERIFY(world.store.faults.empty());
}

// k bad of n cost at most about 2k·log2(n) + 1 requests more; only the bad one spends its attempt,
// and counts as an error once.
void TestDispatcher::oneBadRecordOfAHundredIsFoundByHalving()
{
    World world;
    Outcomes outcomes;
    world.observer = &outcomes;
    const ShardKey shard = world.store.addShard(kShard);
    world.server = [&](const HttpRequest& request) {
        for (const Json& record : recordsOf(request)) {
            if (idOf(record) == 37)
                return status(400);
        }
        return status(200);
    };
    DestinationConfig hook = World::plain("hook");
    hook.batch = 100;
    hook.concurrency = 2;
    for (int i = 1; i <= 100; ++i)
        world.store.add(shard, payload(i));
    world.start({ hook });
    world.loop.runFor(30s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 99 });
    QCOMPARE(world.store.dead.size(), std::size_t { 1 });
    QCOMPARE(toInt(world.store.dead[0].seq), 37);
    QCOMPARE(world.store.dead[0].item.attempts, 1);
    QCOMPARE(world.store.dead[0].item.outcome, Outcome::Invalid);
    QVERIFY2(world.transport->sent <= 16, qPrintable(QString::number(world.transport->sent)));
    QCOMPARE(outcomes.of(Outcome::Invalid), 1);
    QCOMPARE(outcomes.of(Outcome::Accepted), 99);
    QVERIFY(world.store.faults.empty());
    QCOMPARE(world.reading(kShard).recordsInFlight, 0);
}

void TestDispatcher::anOversizeBatchIsHalvedAndALoneOneIsADeadLetter()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    world.server = [&](const HttpRequest& request) {
        const auto records = recordsOf(request);
        const bool isHuge = std::any_of(
            records.begin(), records.end(), [](const Json& record) { return idOf(record) == 5; });
        return status(records.size() > 4 || isHuge ? 413 : 200);
    };
    DestinationConfig hook = World::plain("hook");
    hook.batch = 16;
    for (int i = 1; i <= 16; ++i)
        world.store.add(shard, payload(i));
    world.start({ hook });
    world.loop.runFor(30s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 15 });
    QCOMPARE(world.store.dead.size(), std::size_t { 1 });
    QCOMPARE(toInt(world.store.dead[0].seq), 5);
    QVERIFY(world.store.faults.empty());
}

void TestDispatcher::aRefusedRecordNeverCostsABatch()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    DestinationConfig hook = World::plain("hook");
    hook.batch = 10;
    for (int i = 1; i <= 10; ++i)
        world.store.add(shard, payload(i, i == 4 ? R"(,"refuse":"no currency")" : ""));
    world.store.add(shard, "not json");
    world.start({ hook });
    world.loop.runFor(2s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 9 });
    QCOMPARE(world.store.dead.size(), std::size_t { 2 });
    QCOMPARE(world.store.dead[0].item.message, std::string("refuse: no currency"));
    QCOMPARE(world.store.dead[0].item.attempts, 0);
    QCOMPARE(world.transport->sent, 1);
    QVERIFY(world.store.faults.empty());
}

void TestDispatcher::expiredRecordsAreNotSentWhereTheAgeIsEnforced()
{
    for (const bool isEnforced : { true, false }) {
        World world;
        const ShardKey shard = world.store.addShard(kShard);
        DestinationConfig hook = World::plain("hook");
        hook.contract.isAgeEnforced = isEnforced;
        world.store.add(shard, payload(1), { .expiresAt = world.loop.clock.wallNow() - 1s });
        world.start({ hook });
        world.loop.runFor(2s);
        QCOMPARE(world.transport->sent, isEnforced ? 0 : 1);
        QCOMPARE(world.store.dead.size(), std::size_t { isEnforced ? 1u : 0u });
        if (isEnforced)
            QCOMPARE(world.store.dead[0].item.code, std::string("expired"));
    }
}

// 255 s at most of waiting (with jitter 25 % more), eight sends, then the dead letters.
void TestDispatcher::eightFailuresAndNoMore()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    world.server = [](const HttpRequest&) { return status(503); };
    DestinationConfig hook = World::plain("hook");
    hook.breaker.isEnabled = false;
    world.store.add(shard, payload(1));
    world.start({ hook });
    world.loop.runFor(126s);
    QVERIFY(world.store.dead.empty());
    world.loop.runFor(60s);
    QCOMPARE(world.transport->sent, 8);
    QCOMPARE(world.store.dead.size(), std::size_t { 1 });
    QCOMPARE(world.store.dead[0].item.attempts, 8);
    QCOMPARE(world.store.dead[0].item.outcome, Outcome::Transient);
    world.loop.runFor(1h);
    QCOMPARE(world.transport->sent, 8);
}

void TestDispatcher::anUnknownOfBeforeIsNotResentOutsideTheDedupWindow()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    DestinationConfig hook = World::plain("hook");
    hook.contract.dedupWindow = 48h;
    const WallTime now = world.loop.clock.wallNow();
    world.store.add(
        shard, payload(1), { .lane = Lane::Retry, .attempts = 1, .firstSentAt = now - 49h });
    world.store.add(
        shard, payload(2), { .lane = Lane::Retry, .attempts = 1, .firstSentAt = now - 47h });
    world.store.add(shard, payload(3), // certainly not processed then
        { .lane = Lane::Retry, .attempts = 1 });
    world.start({ hook });
    world.loop.runFor(2s);
    QCOMPARE(world.store.dead.size(), std::size_t { 1 });
    QCOMPARE(toInt(world.store.dead[0].seq), 1);
    QCOMPARE(world.store.dead[0].item.outcome, Outcome::Unknown);
    QCOMPARE(world.store.delivered.size(), std::size_t { 2 });
}

// The platform dedups, but nothing in the second record tells it a repeat. Of before a crash (the
// third) the same holds.
void TestDispatcher::anUnansweredRecordWithoutADedupKeyWaitsForAnOperator()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    DestinationConfig hook = World::plain("hook");
    hook.contract.timeout = 1s;
    bool isSilent = true;
    world.server = [&](const HttpRequest&) {
        ServerReply reply;
        reply.isLost = std::exchange(isSilent, false);
        return reply;
    };
    hook.batch = 2;
    world.store.add(shard, payload(1));
    world.store.add(shard, payload(2, R"(,"keyless":"yes")"));
    world.store.add(shard, payload(3, R"(,"keyless":"yes")"),
        { .lane = Lane::Retry, .attempts = 1, .firstSentAt = world.loop.clock.wallNow() - 1h });
    world.start({ hook });
    world.loop.runFor(60s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 1 });
    QCOMPARE(toInt(world.store.delivered.begin()->first.second), 1);
    QCOMPARE(world.store.dead.size(), std::size_t { 2 });
    for (const auto& dead : world.store.dead)
        QCOMPARE(dead.item.outcome, Outcome::Unknown);
}

void TestDispatcher::recordsOfDifferentEndpointsDoNotShareARequest()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    bool isMixed = false;
    world.server = [&](const HttpRequest& request) {
        const auto records = recordsOf(request);
        for (const Json& record : records)
            isMixed |= record.find("endpoint")->text() != records[0].find("endpoint")->text();
        return status(200);
    };
    DestinationConfig hook = World::plain("hook");
    hook.batch = 10;
    for (int i = 0; i < 40; ++i)
        world.store.add(
            shard, payload(i, i % 2 == 0 ? R"(,"endpoint":"a")" : R"(,"endpoint":"b")"));
    world.start({ hook });
    world.loop.runFor(5s);
    QVERIFY(!isMixed);
    QCOMPARE(world.store.delivered.size(), std::size_t { 40 });
    QCOMPARE(world.transport->sent, 4);
}

void TestDispatcher::onePersonsRecordsGoInOrderAndAFailedOneHoldsOnlyThem()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    std::map<std::string, std::vector<std::int64_t>> seen;
    std::map<std::int64_t, SteadyTime> at;
    bool hasFailed = false;
    world.server = [&](const HttpRequest& request) {
        for (const Json& record : recordsOf(request)) {
            const std::int64_t id = idOf(record);
            if (id == 1 && !std::exchange(hasFailed, true))
                return status(500);
            seen[record.find("person")->text()].push_back(id);
            at[id] = world.loop.clock.steadyNow();
        }
        return status(200);
    };
    DestinationConfig hook = World::plain("hook");
    hook.batch = 1;
    hook.concurrency = 8;
    for (int i = 1; i <= 30; ++i)
        world.store.add(
            shard, payload(i, i % 3 == 1 ? R"(,"person":"ann")" : R"(,"person":"bob")"));
    world.start({ hook });
    const SteadyTime start = world.loop.clock.steadyNow();
    world.loop.runFor(20s);
    QCOMPARE(seen["ann"].size(), std::size_t { 10 });
    QCOMPARE(seen["bob"].size(), std::size_t { 20 });
    for (const auto& [person, ids] : seen)
        QVERIFY(std::is_sorted(ids.begin(), ids.end()));
    QVERIFY(at[4] > start + 1s); // behind her failed one
    QVERIFY(at[2] < start + 1s); // he is not held
    QVERIFY(world.store.faults.empty());
}

void TestDispatcher::aPersonWhoFailedBeforeARestartStillHoldsWhatCameAfter()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    std::vector<std::int64_t> seen;
    world.server = [&](const HttpRequest& request) {
        for (const Json& record : recordsOf(request))
            seen.push_back(idOf(record));
        return status(200);
    };
    const WallTime now = world.loop.clock.wallNow();
    world.store.add(shard, payload(1, R"(,"person":"ann")"),
        { .lane = Lane::Retry, .dueAt = now + 10s, .attempts = 1 });
    world.store.add(shard, payload(2, R"(,"person":"ann")"));
    world.store.add(shard, payload(3, R"(,"person":"bob")"));
    world.start({ World::plain("hook") });
    world.loop.runFor(30s);
    QCOMPARE(seen, (std::vector<std::int64_t> { 3, 1, 2 }));
}

// Concurrency 4, batches of 5: a kill repeats at most 20 deliveries, and nothing is lost.
void TestDispatcher::aKilledProcessRepeatsOnlyWhatWasInFlight()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    std::map<std::int64_t, int> received;
    world.server = [&](const HttpRequest& request) {
        for (const Json& record : recordsOf(request))
            ++received[idOf(record)];
        return status(200);
    };
    DestinationConfig hook = World::plain("hook");
    hook.batch = 5;
    hook.concurrency = 4;
    for (int i = 0; i < 500; ++i)
        world.store.add(shard, payload(i));
    world.start({ hook });
    int repeatsMost = 0;
    for (int kill = 0; kill < 12; ++kill) {
        world.loop.runFor(Millis { 61 + 37 * kill });
        const auto before = received;
        world.restart();
        world.loop.runFor(2s);
        int repeats = 0;
        for (const auto& [id, times] : received)
            repeats += before.contains(id) ? times - before.at(id) : 0;
        repeatsMost = std::max(repeatsMost, repeats);
    }
    world.loop.runFor(20s);
    QCOMPARE(received.size(), std::size_t { 500 });
    QCOMPARE(world.store.delivered.size(), std::size_t { 500 });
    QVERIFY2(repeatsMost > 0 && repeatsMost <= 20, qPrintable(QString::number(repeatsMost)));
    QVERIFY2(world.store.faults.empty(),
        world.store.faults.empty() ? "" : world.store.faults.front().c_str());
}

void TestDispatcher::whenTheStoreFailsNothingNewIsSentAndItRecovers()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    DestinationConfig hook = World::plain("hook");
    hook.concurrency = 4;
    for (int i = 0; i < 1'000; ++i)
        world.store.add(shard, payload(i));
    world.start({ hook });
    world.loop.runFor(1s);
    QVERIFY(!world.store.delivered.empty());
    world.store.isFailing = true;
    world.loop.runFor(1s);
    const std::int64_t sent = world.transport->sent;
    QCOMPARE(world.reading(kShard).inFlight, 4); // their places stay taken
    QCOMPARE(world.reading(kShard).holds.front().gate, Hold::Gate::Store);
    world.loop.runFor(10min);
    QCOMPARE(world.transport->sent, sent);
    world.store.isFailing = false;
    world.loop.runFor(60s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 1'000 });
    QCOMPARE(world.transport->sent, 1'000);
    QVERIFY(world.store.faults.empty());
}

void TestDispatcher::deferredEventsGoWhenTheirTimeHasCome()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    const WallTime now = world.loop.clock.wallNow();
    world.store.add(shard, payload(1), { .lane = Lane::Deferred, .dueAt = now + 30s });
    world.store.add(shard, payload(2), { .lane = Lane::Deferred, .dueAt = now + 60s });
    world.start({ World::plain("hook") });
    world.loop.runFor(29s);
    QCOMPARE(world.transport->sent, 0);
    QCOMPARE(world.reading(kShard).queueDepth, 0);
    world.loop.runFor(3s);
    QCOMPARE(world.transport->sent, 1);
    world.loop.runFor(30s);
    QCOMPARE(world.transport->sent, 2);
    QCOMPARE(world.reading(kShard).laneDepth[static_cast<std::size_t>(Lane::Deferred)], 0);
}

// Somebody sets the wall clock: what waits leaves at the tier's pace all the same.
void TestDispatcher::aSetClockNeitherHoldsNorHurriesDeferredEvents()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    const WallTime now = world.loop.clock.wallNow();
    for (int second = 1; second <= 40; ++second)
        world.store.add(shard, payload(second),
            { .lane = Lane::Deferred, .dueAt = now + Seconds { second } - 100ms });
    world.start({ World::plain("hook") });
    world.loop.runFor(500ms);
    for (const Seconds shift : { -1h, 2h }) {
        const auto before = world.transport->sent;
        world.loop.clock.shiftWall(shift);
        world.loop.runFor(10s);
        QCOMPARE(world.transport->sent, before + 10);
    }
}

void TestDispatcher::aHungShardDelaysNoOther()
{
    World world;
    const ShardKey hung = world.store.addShard({ .destination = "hung", .account = "1" });
    const ShardKey quick = world.store.addShard({ .destination = "quick", .account = "1" });
    world.server = [](const HttpRequest& request) {
        ServerReply reply;
        reply.isLost = request.url.find("hung") != std::string::npos;
        return reply;
    };
    for (int i = 0; i < 200; ++i) {
        world.store.add(hung, payload(i));
        world.store.add(quick, payload(i));
    }
    world.start({ World::plain("hung"), World::plain("quick") });
    // 4 in flight, 68 ms each: 200 take 3.4 s.
    world.loop.runFor(3'600ms);
    QCOMPARE(world.store.waiting(quick), 0);
    QCOMPARE(world.store.waiting(hung), 200);
}

void TestDispatcher::bytesBoundABatch()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    std::size_t longest = 0;
    world.server = [&](const HttpRequest& request) {
        longest = std::max(longest, request.body.size());
        return status(200);
    };
    DestinationConfig hook = World::plain("hook");
    hook.batch = 100;
    hook.contract.batchBytes = 10'000;
    for (int i = 0; i < 50; ++i)
        world.store.add(shard, payload(i, R"(,"pad":")" + std::string(1'000, 'x') + '"'));
    world.store.add(shard, payload(50, R"(,"pad":")" + std::string(10'000, 'x') + '"'));
    world.start({ hook });
    world.loop.runFor(10s);
    QVERIFY2(longest <= 10'000 && longest > 8'000, qPrintable(QString::number(longest)));
    QCOMPARE(world.store.delivered.size(), std::size_t { 50 });
    QCOMPARE(world.store.dead.size(), std::size_t { 1 });
    QCOMPARE(world.store.dead[0].item.code, std::string("too_large"));
}

void TestDispatcher::whatIsTooLongToKeepSaysHowLongItWas()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    world.server = [](const HttpRequest&) { return status(400); };
    DestinationConfig hook = World::plain("hook");
    world.store.add(shard, R"({"id":1,"note":")" + std::string(100'000, 'x') + R"("})");
    world.start({ hook });
    world.loop.runFor(5s);
    QCOMPARE(world.store.dead.size(), std::size_t { 1 });
    const std::string& record = world.store.dead[0].item.record;
    QVERIFY(record.starts_with('{') && record.size() <= std::size_t { 64 } * 1'024);
    QVERIFY2(record.ends_with(" bytes in all"), record.substr(record.size() - 40).c_str());
    QVERIFY(record.substr(record.size() - 40).find("cut, 100") != std::string::npos);
}

// Refused at once, timed out while connecting, closed after sending, answered.
void TestDispatcher::onlyWhoeverWasReachedOrWaitedForHasALatency()
{
    using Kind = TransportFailure::Kind;
    World world;
    Outcomes outcomes;
    world.observer = &outcomes;
    const ShardKey shard = world.store.addShard(kShard);
    int asked = 0;
    world.server = [&](const HttpRequest&) {
        ServerReply reply = status(200);
        if (++asked == 1)
            reply.failure = TransportFailure { .kind = Kind::Connect };
        else if (asked == 2)
            reply.failure = TransportFailure { .kind = Kind::Timeout };
        else if (asked == 3)
            reply.failure = TransportFailure { .kind = Kind::Closed, .wasSent = true };
        return reply;
    };
    world.store.add(shard, payload(1));
    world.start({ World::plain("hook") });
    world.loop.runFor(1min);
    QVERIFY(outcomes.latencies == (std::vector<bool> { false, true, true, true }));
}

SPILLWAY_TEST(TestDispatcher)

} // namespace tst_dispatcher

#include "tst_dispatcher.moc"

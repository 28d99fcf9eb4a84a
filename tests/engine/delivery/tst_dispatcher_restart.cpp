// What a platform has asked for and what an operator has said outlive the process.
#include "support/test_program.h"
#include "world.h"

namespace tst_dispatcher_restart {

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
    void theStoreKnowsWhatIsBeingEncoded();
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
    void anOpenBreakerOutlivesTheProcessAndIsForgottenWhenItCloses();
    void theBreakerOfAnotherHostIsForgotten();
    void theRateThatAThrottleTaughtOutlivesTheProcess();
    void aShardWhoseDeadLettersWereArchivedIsRetired();
    void whatRetiredLongAgoIsNotThereAgainUntilSomethingComes();
    void whatSomebodyOrALimitStillNeedsIsThereAgain_data();
    void whatSomebodyOrALimitStillNeedsIsThereAgain();
    void aRestartSendsNothingAheadOfTheOperatorsRate();
    void aRetiredShardIsBackWhenADeadLetterIsRestored();
};

// Should encoding it end the process, the next run knows which delivery that was.
void TestDispatcherRestart::theStoreKnowsWhatIsBeingEncoded()
{
    struct WatchedAdapter final : PlainAdapter {
        platforms::Encoded encode(const platforms::CanonicalEvent& event,
            const platforms::EncodeContext& context) const override
        {
            onEncode(event.stored->seq);
            return PlainAdapter::encode(event, context);
        }
        std::function<void(EventSeq)> onEncode {};
    };
    World world;
    WatchedAdapter adapter;
    int known = 0;
    adapter.onEncode = [&](EventSeq seq) {
        known += world.store.encodingNow && world.store.encodingNow->second.seq == seq ? 1 : 0;
    };
    world.adapters = [&](std::string_view) { return &adapter; };
    const ShardKey shard = world.store.addShard(kShard);
    for (int id = 0; id < 5; ++id)
        world.store.add(shard, "{}");
    world.start({ World::plain("hook") });
    world.loop.runFor(5s);
    QCOMPARE(known, 5);
    QVERIFY(!world.store.encodingNow);
}

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

namespace {

int attemptsOf(World& world, ShardKey shard, int deliveries)
{
    int attempts = 0;
    for (std::int64_t seq = 1; seq <= deliveries; ++seq) {
        const QueuedDelivery* row = world.store.find(shard, EventSeq { seq });
        attempts += row ? row->attempts : 0;
    }
    return attempts;
}

// A hundred wait for a platform that answers 503, until its breaker has opened.
ShardKey startOutage(World& world, bool& isDown)
{
    const ShardKey shard = world.store.addShard(kShard);
    world.server = [&isDown](const HttpRequest&) { return status(isDown ? 503 : 200); };
    for (int i = 1; i <= 100; ++i)
        world.store.add(shard, payload(i));
    world.start({ World::plain("hook") });
    world.loop.runFor(5min);
    return shard;
}

} // namespace

// Everything is due when the new process starts. It sends one probe a minute, which spends nothing.
void TestDispatcherRestart::anOpenBreakerOutlivesTheProcessAndIsForgottenWhenItCloses()
{
    World world;
    bool isDown = true;
    const ShardKey shard = startOutage(world, isDown);
    QVERIFY(world.reading(kShard).breaker == BreakerState::Open);
    const int spent = attemptsOf(world, shard, 100);
    for (int restarts = 0; restarts < 3; ++restarts) {
        world.restart();
        QVERIFY(world.reading(kShard).breaker == BreakerState::Open);
        world.loop.runFor(5min);
        QVERIFY2(world.transport->sent <= 6, qPrintable(QString::number(world.transport->sent)));
        QVERIFY(world.transport->sent >= 4);
    }
    // One may have been in flight at each end, which is an attempt.
    QVERIFY(attemptsOf(world, shard, 100) <= spent + 3);
    QVERIFY(world.store.dead.empty());
    isDown = false;
    world.loop.runFor(10min);
    QCOMPARE(world.store.delivered.size(), std::size_t { 100 });
    QVERIFY(world.store.shard(shard).pace.empty());
    world.restart();
    QVERIFY(world.reading(kShard).breaker == BreakerState::Closed);
    QVERIFY(world.store.faults.empty());
}

void TestDispatcherRestart::theBreakerOfAnotherHostIsForgotten()
{
    World world;
    bool isDown = true;
    static_cast<void>(startOutage(world, isDown));
    QVERIFY(world.reading(kShard).breaker == BreakerState::Open);
    DestinationConfig moved = World::plain("hook");
    moved.endpoint = "http://elsewhere.example";
    world.config.destinations = { moved };
    world.restart();
    QVERIFY(world.reading(kShard).breaker == BreakerState::Closed);
    world.loop.runFor(5min);
    QVERIFY(world.reading(kShard).breaker == BreakerState::Open);
    world.reload({ World::plain("hook") });
    QVERIFY(world.reading(kShard).breaker == BreakerState::Closed);
}

// One at a time makes some 16 a second; one of them is refused, and the rate is 30 % lower.
void TestDispatcherRestart::theRateThatAThrottleTaughtOutlivesTheProcess()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    int seen = 0;
    world.server = [&seen](const HttpRequest&) {
        return ++seen == 300 ? status(429, { { "Retry-After", "1" } }) : status(200);
    };
    DestinationConfig hook = World::plain("hook");
    hook.concurrency = 1;
    hook.isAdaptive = true;
    for (int i = 1; i <= 20'000; ++i)
        world.store.add(shard, payload(i));
    world.start({ hook });
    while (seen < 320)
        world.loop.runFor(100ms);
    const double learned = world.reading(kShard).rate.now;
    QVERIFY(learned > 1);
    world.restart();
    const double restored = world.reading(kShard).rate.now;
    QVERIFY2(std::abs(restored - learned) < 0.01 * learned,
        qPrintable(QStringLiteral("%1 %2").arg(learned).arg(restored)));
    const int before = seen;
    world.loop.runFor(5s);
    QVERIFY(seen - before <= 5 * 1.2 * learned);
    // It is written at the fall, and not with each of the requests after it.
    int written = 0;
    for (const RequestResult& result : world.store.results) {
        written += static_cast<int>(std::count_if(result.pace.begin(), result.pace.end(),
            [](const PaceRecord& kept) { return kept.limit == kPaceOfRate; }));
    }
    QCOMPARE(written, 1);
    world.loop.runFor(10min);
    world.restart();
    QCOMPARE(world.reading(kShard).rate.now, 0.0);
    QVERIFY(world.store.faults.empty());
}

void TestDispatcherRestart::aShardWhoseDeadLettersWereArchivedIsRetired()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    world.server = [](const HttpRequest&) { return status(400); };
    world.store.add(shard, payload(1));
    world.start({ World::plain("hook") });
    world.loop.runFor(25h);
    QCOMPARE(world.store.dead.size(), std::size_t { 1 });
    QCOMPARE(world.dispatcher->readings().size(), std::size_t { 1 });
    world.store.shard(shard).deadLetters = 0; // somebody archives it
    world.loop.runFor(25h);
    QVERIFY(world.dispatcher->readings().empty());
}

// Nothing waits there, so the store tells of an arrival of nothing. It is seen at once, sends
// nothing, and is retired again a day after its last dead letter went.
void TestDispatcherRestart::aRetiredShardIsBackWhenADeadLetterIsRestored()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    int seen = 0;
    world.server = [&](const HttpRequest&) {
        ++seen;
        return status(400);
    };
    world.store.add(shard, payload(1));
    world.start({ World::plain("hook") });
    world.loop.runFor(1h);
    world.store.shard(shard).deadLetters = 0; // archived
    world.loop.runFor(25h);
    QVERIFY(world.dispatcher->readings().empty());
    world.store.shard(shard).deadLetters = 1; // restored
    for (int i = 0; i < 2; ++i) // the second one of a shard that is known already
        world.dispatcher->arrived({ { .shard = shard } });
    QCOMPARE(world.dispatcher->readings().size(), std::size_t { 1 });
    QCOMPARE(world.reading(kShard).laneDepth[0], std::int64_t { 0 });
    world.loop.runFor(25h);
    QCOMPARE(world.dispatcher->readings().size(), std::size_t { 1 });
    world.store.shard(shard).deadLetters = 0;
    world.loop.runFor(25h);
    QVERIFY(world.dispatcher->readings().empty());
    QCOMPARE(seen, 1);
}

void TestDispatcherRestart::whatRetiredLongAgoIsNotThereAgainUntilSomethingComes()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    world.store.shard(shard).lastSuccess = world.loop.clock.wallNow() - 20 * 24h;
    world.start({ World::plain("hook") });
    QVERIFY(world.dispatcher->readings().empty());
    world.store.add(shard, payload(1));
    world.loop.runFor(5s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 1 });
    QCOMPARE(world.dispatcher->readings().size(), std::size_t { 1 });
}

void TestDispatcherRestart::whatSomebodyOrALimitStillNeedsIsThereAgain_data()
{
    using Change = std::function<void(World&, ShardKey, DestinationConfig&)>;
    QTest::addColumn<Change>("change");
    const auto row = [](const char* name, Change change) { QTest::newRow(name) << change; };
    row("a success today", [](World& world, ShardKey shard, DestinationConfig&) {
        world.store.shard(shard).lastSuccess = world.loop.clock.wallNow() - 23h;
    });
    row("no success yet", [](World& world, ShardKey shard, DestinationConfig&) {
        world.store.shard(shard).lastSuccess.reset();
    });
    row("a delivery", [](World& world, ShardKey shard, DestinationConfig&) {
        world.store.add(shard, payload(1), { .isAnnounced = false });
    });
    row("a dead letter", [](World& world, ShardKey shard, DestinationConfig&) {
        world.store.shard(shard).deadLetters = 1;
    });
    row("a pause", [](World& world, ShardKey shard, DestinationConfig&) {
        world.store.shard(shard).desired = Desired::Paused;
    });
    row("a hold", [](World& world, ShardKey shard, DestinationConfig&) {
        world.store.shard(shard).pace.push_back(
            { .shard = shard, .until = world.loop.clock.wallNow() + 1h });
    });
    row("failures today", [](World& world, ShardKey shard, DestinationConfig&) {
        const WallTime now = world.loop.clock.wallNow();
        world.store.addSent(shard, { .sentAt = now - 2h, .endedAt = now - 2h, .records = 1 });
    });
    row("a quota of a week", [](World& world, ShardKey shard, DestinationConfig& hook) {
        hook.contract.limits = { { .amount = 1'000, .period = 7 * 24h } };
        const WallTime at = world.loop.clock.wallNow() - 3 * 24h;
        world.store.addSent(shard, { .sentAt = at, .endedAt = at, .records = 1 });
    });
}

void TestDispatcherRestart::whatSomebodyOrALimitStillNeedsIsThereAgain()
{
    using Change = std::function<void(World&, ShardKey, DestinationConfig&)>;
    QFETCH(Change, change);
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    world.store.shard(shard).lastSuccess = world.loop.clock.wallNow() - 3 * 24h;
    DestinationConfig hook = World::plain("hook");
    change(world, shard, hook);
    world.start({ hook });
    QCOMPARE(world.dispatcher->readings().size(), std::size_t { 1 });
}

// One request in 20 s, and the process starts anew every 3 s: as an override, which comes after
// the start, and in the file.
void TestDispatcherRestart::aRestartSendsNothingAheadOfTheOperatorsRate()
{
    for (const bool isConfigured : { false, true }) {
        World world;
        int seen = 0;
        world.server = [&](const HttpRequest&) {
            ++seen;
            return status(200);
        };
        const ShardKey shard = world.store.addShard(kShard);
        for (int i = 0; i < 20; ++i)
            world.store.add(shard, payload(i));
        DestinationConfig hook = World::plain("hook");
        if (isConfigured)
            hook.rate = 0.05;
        world.start({ hook });
        for (int i = 0; i < 15; ++i) {
            if (i > 0)
                world.restart();
            if (!isConfigured)
                QVERIFY(world.dispatcher->tune(kShard, { .rate = 0.05 }));
            world.loop.runFor(3s);
        }
        QCOMPARE(seen, 3);
    }
}

SPILLWAY_TEST(TestDispatcherRestart)

} // namespace tst_dispatcher_restart

#include "tst_dispatcher_restart.moc"

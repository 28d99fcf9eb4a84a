#include "support/test_program.h"
#include "world.h"

namespace tst_dispatcher_holds {

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

const Hold* holdOf(const ShardReading& reading, Hold::Gate gate)
{
    for (const Hold& hold : reading.holds) {
        if (hold.gate == gate)
            return &hold;
    }
    return nullptr;
}

DesiredChange desired(const ShardId& target, Desired what, std::optional<WallTime> until = {})
{
    return { .target = target, .desired = what, .until = until, .who = "ann", .note = {} };
}

} // namespace

class TestDispatcherHolds : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aThrottleHoldsForRetryAfterAndSpendsNoAttempt();
    void aThrottleHoldsEveryShardOfItsScope();
    void anAuthRefusalHoldsEveryShardOfTheCredentialAndProbesAreSingle();
    void aMendedSecretIsTriedAtOnceAfterAReload();
    void aMissingSecretHoldsBeforeAnythingIsSent();
    void oneBatchRefusedByConfigurationIsDeadWhereOthersPass();
    void twoBatchesRefusedByConfigurationHoldTheShard();
    void anOutageOfAnHourMarchesNothingIntoTheDeadLetters_data();
    void anOutageOfAnHourMarchesNothingIntoTheDeadLetters();
    void aPauseHoldsOverARestartAndEndsByItself();
    void aPauseOfADestinationCoversShardsThatAppearLater();
    void pausedRetriesWaitWhileLiveGoes();
    void anOperatorsProbePassesAThrottle();
    void aRemovedDestinationIsHeldAndContinuesUnderItsName();
    void tuningActsAtOnceAndAboveTheCeilingItIsRefused();
    void aRestartDoesNotBurst();
    void aHeldReplayJobKeepsStillAndLetsOthersPass();
    void threeUnreadableAnswersInARowAreShown();
    void aClockThatJumpsDoesNotMoveARetry();
};

void TestDispatcherHolds::aThrottleHoldsForRetryAfterAndSpendsNoAttempt()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    std::vector<SteadyTime> seen;
    world.server = [&](const HttpRequest&) {
        seen.push_back(world.loop.clock.steadyNow());
        return seen.size() == 1 ? status(429, { { "Retry-After", "45" } }) : status(200);
    };
    DestinationConfig hook = World::plain("hook");
    hook.concurrency = 1;
    world.store.add(shard, payload(1));
    world.start({ hook });
    world.loop.runFor(10s);
    const ShardReading held = world.reading(kShard);
    QVERIFY(holdOf(held, Hold::Gate::Throttle));
    QVERIFY(held.retryAfterLeft && *held.retryAfterLeft > 30s);
    QCOMPARE(world.store.find(shard, EventSeq { 1 })->attempts, 0);
    world.loop.runFor(60s);
    QCOMPARE(seen.size(), std::size_t { 2 });
    QVERIFY(seen[1] - seen[0] >= 45s && seen[1] - seen[0] < 58s); // jitter adds up to a quarter
    QCOMPARE(world.store.delivered.size(), std::size_t { 1 });
}

// Two destinations with one account on one host: one limit, one hold.
void TestDispatcherHolds::aThrottleHoldsEveryShardOfItsScope()
{
    World world;
    const ShardKey first = world.store.addShard({ .destination = "a", .account = "7" });
    const ShardKey second = world.store.addShard({ .destination = "b", .account = "7" });
    const ShardKey other = world.store.addShard({ .destination = "b", .account = "8" });
    DestinationConfig a = World::plain("a");
    DestinationConfig b = World::plain("b");
    a.endpoint = b.endpoint = "http://same.example/v1";
    bool isFirst = true;
    world.server = [&](const HttpRequest&) {
        return std::exchange(isFirst, false) ? status(429, { { "Retry-After", "30" } })
                                             : status(200);
    };
    world.store.add(first, payload(1));
    world.start({ a, b });
    world.loop.runFor(1s);
    world.store.add(second, payload(2));
    world.store.add(other, payload(3));
    world.loop.runFor(10s);
    QCOMPARE(world.store.waiting(first), 1);
    QCOMPARE(world.store.waiting(second), 1);
    QCOMPARE(world.store.waiting(other), 0);
    world.loop.runFor(60s);
    QCOMPARE(world.store.waiting(second), 0);
}

void TestDispatcherHolds::anAuthRefusalHoldsEveryShardOfTheCredentialAndProbesAreSingle()
{
    World world;
    const ShardKey one = world.store.addShard({ .destination = "a", .account = "1" });
    const ShardKey two = world.store.addShard({ .destination = "a", .account = "2" });
    const ShardKey apart = world.store.addShard({ .destination = "b", .account = "1" });
    bool isExpired = true;
    std::vector<std::size_t> sizes;
    world.server = [&](const HttpRequest& request) {
        if (request.url.find("//a") == std::string::npos)
            return status(200);
        sizes.push_back(parseJson(request.body)->items().size());
        return status(isExpired ? 401 : 200);
    };
    DestinationConfig a = World::plain("a");
    a.batch = 10;
    a.concurrency = 1;
    for (int i = 0; i < 30; ++i) {
        world.store.add(one, payload(i));
        world.store.add(two, payload(i));
        world.store.add(apart, payload(i));
    }
    world.start({ a, World::plain("b") });
    // At most one request of each shard finds out; then probes after 60, 120, 240 s.
    world.loop.runFor(10s);
    QVERIFY(sizes.size() <= 2);
    QCOMPARE(world.store.waiting(apart), 0);
    QCOMPARE(world.reading({ .destination = "a", .account = "2" }).credential,
        CredentialState::Rejected);
    const std::size_t before = sizes.size();
    world.loop.runFor(430s);
    QCOMPARE(sizes.size(), before + 3);
    QCOMPARE(sizes.back(), std::size_t { 1 });
    isExpired = false;
    world.loop.runFor(500s);
    QCOMPARE(world.store.waiting(one), 0);
    QCOMPARE(world.store.waiting(two), 0);
    QVERIFY(world.store.dead.empty());
    for (const RequestResult& result : world.store.results) {
        for (const ItemResult& item : result.items)
            QVERIFY(item.attempts <= 1);
    }
}

void TestDispatcherHolds::aMendedSecretIsTriedAtOnceAfterAReload()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    std::string token = "old";
    world.secrets = [&](const DestinationConfig&, const std::string&, bool) {
        return Result<platforms::Secrets> { platforms::Secrets { { "token", token } } };
    };
    world.server = [&](const HttpRequest&) { return status(token == "old" ? 401 : 200); };
    world.store.add(shard, payload(1));
    world.start({ World::plain("hook") });
    world.loop.runFor(5s);
    QCOMPARE(world.reading(kShard).credential, CredentialState::Rejected);
    token = "new";
    world.reload({ World::plain("hook") });
    world.loop.runFor(1s);
    QCOMPARE(world.store.waiting(shard), 0);
    QCOMPARE(world.reading(kShard).credential, CredentialState::Ok);
}

void TestDispatcherHolds::aMissingSecretHoldsBeforeAnythingIsSent()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    bool isThere = false;
    world.secrets
        = [&](const DestinationConfig&, const std::string&, bool) -> Result<platforms::Secrets> {
        if (!isThere)
            return fail(ErrorCode::NotFound, "the variable META_TOKEN is not set");
        return platforms::Secrets { { "token", "t" } };
    };
    world.store.add(shard, payload(1));
    world.start({ World::plain("hook") });
    world.loop.runFor(30s);
    QVERIFY(world.store.sends.empty());
    const ShardReading held = world.reading(kShard);
    const Hold* hold = holdOf(held, Hold::Gate::Credential);
    QVERIFY(hold && hold->until);
    QVERIFY(hold->reason.find("META_TOKEN") != std::string::npos);
    isThere = true;
    world.loop.runFor(60s);
    QCOMPARE(world.store.waiting(shard), 0);
}

void TestDispatcherHolds::oneBatchRefusedByConfigurationIsDeadWhereOthersPass()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    world.server = [](const HttpRequest& request) {
        return status(request.body.find("\"id\":3}") != std::string::npos ? 404 : 200);
    };
    DestinationConfig hook = World::plain("hook");
    hook.concurrency = 1;
    for (int i = 1; i <= 6; ++i)
        world.store.add(shard, payload(i));
    world.start({ hook });
    world.loop.runFor(10s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 5 });
    QCOMPARE(world.store.dead.size(), std::size_t { 1 });
    QCOMPARE(toInt(world.store.dead[0].seq), 3);
    QCOMPARE(world.store.dead[0].item.outcome, Outcome::Config);
    QCOMPARE(world.transport->sent, 6); // once each: it was not sent again
    QVERIFY(world.store.faults.empty());
}

void TestDispatcherHolds::twoBatchesRefusedByConfigurationHoldTheShard()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    bool isBroken = true;
    world.server = [&](const HttpRequest&) { return status(isBroken ? 404 : 200); };
    DestinationConfig hook = World::plain("hook");
    hook.concurrency = 1;
    for (int i = 1; i <= 6; ++i)
        world.store.add(shard, payload(i));
    world.start({ hook });
    world.loop.runFor(50s);
    QCOMPARE(world.transport->sent, 2);
    QCOMPARE(world.reading(kShard).credential, CredentialState::ConfigRefused);
    QVERIFY(holdOf(world.reading(kShard), Hold::Gate::Configuration));
    world.loop.runFor(140s); // probes after 60 and 120 s
    QCOMPARE(world.transport->sent, 4);
    isBroken = false;
    world.loop.runFor(250s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 6 });
    QVERIFY(world.store.dead.empty());
    QVERIFY(world.store.faults.empty());
}

void TestDispatcherHolds::anOutageOfAnHourMarchesNothingIntoTheDeadLetters_data()
{
    QTest::addColumn<int>("attempts");
    QTest::addColumn<int>("silenceMs"); // as the configuration makes it of the attempts
    QTest::newRow("eight attempts, a minute") << 8 << 60'000;
    QTest::newRow("five attempts, 7.5 s") << 5 << 7'500;
}

void TestDispatcherHolds::anOutageOfAnHourMarchesNothingIntoTheDeadLetters()
{
    QFETCH(int, attempts);
    QFETCH(int, silenceMs);
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    bool isDown = true;
    world.server = [&](const HttpRequest&) { return status(isDown ? 503 : 200); };
    DestinationConfig hook = World::plain("hook");
    hook.batch = 10;
    hook.contract.retry.attempts = attempts;
    hook.breaker.silence = Millis { silenceMs };
    for (int i = 0; i < 1'000; ++i)
        world.store.add(shard, payload(i));
    world.start({ hook });
    world.loop.runFor(1h);
    QCOMPARE(world.reading(kShard).breaker, BreakerState::Open);
    QVERIFY(world.store.dead.empty());
    isDown = false;
    world.loop.runFor(10min);
    QCOMPARE(world.store.delivered.size(), std::size_t { 1'000 });
    QCOMPARE(world.reading(kShard).breaker, BreakerState::Closed);
}

void TestDispatcherHolds::aPauseHoldsOverARestartAndEndsByItself()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    world.start({ World::plain("hook") });
    const WallTime end = world.loop.clock.wallNow() + 5min;
    Status kept = fail(ErrorCode::Internal, "no reply");
    const auto applied = world.dispatcher->setDesired(
        desired(kShard, Desired::Paused, end), [&](const Status& status) { kept = status; });
    QVERIFY(applied);
    QCOMPARE(applied->before, std::string("running"));
    for (int i = 0; i < 10; ++i)
        world.store.add(shard, payload(i));
    world.loop.runFor(1min);
    QVERIFY(kept);
    QCOMPARE(world.transport->sent, 0);
    world.restart();
    world.loop.runFor(3min);
    QCOMPARE(world.transport->sent, 0);
    QCOMPARE(world.reading(kShard).desired, Desired::Paused);
    QVERIFY(world.reading(kShard).consumerLag > 4min - 1s);
    world.loop.runFor(3min);
    QCOMPARE(world.store.delivered.size(), std::size_t { 10 });
    QCOMPARE(world.reading(kShard).desired, Desired::Running);
    QCOMPARE(world.store.shard(shard).desired, Desired::Running);
}

void TestDispatcherHolds::aPauseOfADestinationCoversShardsThatAppearLater()
{
    World world;
    world.store.addShard(kShard);
    world.start({ World::plain("hook") });
    const ShardId whole { .destination = "hook", .account = {} };
    QVERIFY(world.dispatcher->setDesired(desired(whole, Desired::Paused), [](const Status&) {}));
    world.loop.runFor(1s);
    const ShardKey later = world.store.addShard({ .destination = "hook", .account = "2" });
    world.store.shard(later).desired = Desired::Paused; // the store takes it over
    world.store.add(later, payload(1));
    world.loop.runFor(1min);
    QCOMPARE(world.transport->sent, 0);
    QVERIFY(world.dispatcher->setDesired(desired(whole, Desired::Running), [](const Status&) {}));
    world.loop.runFor(1min);
    QCOMPARE(world.transport->sent, 1);
}

void TestDispatcherHolds::pausedRetriesWaitWhileLiveGoes()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    world.store.add(shard, payload(1), { .lane = Lane::Retry, .attempts = 1 });
    world.store.add(shard, payload(2), { .lane = Lane::Replay });
    world.store.add(shard, payload(3));
    world.store.shard(shard).desired = Desired::RetriesPaused;
    world.start({ World::plain("hook") });
    world.loop.runFor(10s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 1 });
    QVERIFY(world.dispatcher->setDesired(desired(kShard, Desired::Running), [](const Status&) {}));
    world.loop.runFor(10s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 3 });
}

void TestDispatcherHolds::anOperatorsProbePassesAThrottle()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    bool isThrottling = true;
    world.server = [&](const HttpRequest&) {
        return isThrottling ? status(429, { { "Retry-After", "3600" } }) : status(200);
    };
    DestinationConfig hook = World::plain("hook");
    hook.batch = 10;
    hook.concurrency = 1;
    for (int i = 0; i < 30; ++i)
        world.store.add(shard, payload(i));
    world.start({ hook });
    world.loop.runFor(1min);
    QCOMPARE(world.transport->sent, 1);
    isThrottling = false;
    QVERIFY(world.dispatcher->probe(kShard));
    world.loop.runFor(1s);
    QVERIFY(world.store.delivered.size() >= 1);
    world.loop.runFor(30min);
    QCOMPARE(world.store.delivered.size(), std::size_t { 30 });
    const auto none = world.dispatcher->probe(kShard);
    QVERIFY(!none);
    QCOMPARE(none.error().code, ErrorCode::Conflict);
}

void TestDispatcherHolds::aRemovedDestinationIsHeldAndContinuesUnderItsName()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    for (int i = 0; i < 400; ++i)
        world.store.add(shard, payload(i));
    world.start({ World::plain("hook") });
    world.loop.runFor(1s);
    world.reload({ World::plain("other") });
    world.loop.runFor(1min);
    const std::int64_t left = world.store.waiting(shard);
    QVERIFY(left > 300); // what was in flight finished
    QVERIFY(world.reading(kShard).isOrphaned);
    QVERIFY(holdOf(world.reading(kShard), Hold::Gate::NotConfigured));
    QCOMPARE(world.reading(kShard).queueDepth, left);
    world.reload({ World::plain("hook") });
    world.loop.runFor(1min);
    QCOMPARE(world.store.waiting(shard), 0);
    QVERIFY(world.store.faults.empty());
}

void TestDispatcherHolds::tuningActsAtOnceAndAboveTheCeilingItIsRefused()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    for (int i = 0; i < 2'000; ++i)
        world.store.add(shard, payload(i));
    DestinationConfig hook = World::plain("hook");
    hook.concurrency = hook.contract.concurrency = 8;
    world.start({ hook });
    world.loop.runFor(2s);
    QVERIFY(world.dispatcher->tune(kShard, { .concurrency = 2 }));
    world.loop.runFor(200ms);
    QVERIFY(world.reading(kShard).inFlight <= 2);
    QVERIFY(world.dispatcher->tune(kShard, { .concurrency = 2, .rate = 0.5 }));
    const std::int64_t before = world.transport->sent;
    world.loop.runFor(60s);
    const std::int64_t sent = world.transport->sent - before;
    QVERIFY2(sent >= 29 && sent <= 32, qPrintable(QString::number(sent)));
    for (const Tuning& above : { Tuning { .concurrency = 9 }, Tuning { .batch = 101 } }) {
        const auto refused = world.dispatcher->tune(kShard, above);
        QVERIFY(!refused && refused.error().code == ErrorCode::Conflict);
    }
    const auto most = world.dispatcher->ceilingsOf({ .destination = "hook", .account = {} });
    QVERIFY(most && most->concurrency == 8 && most->batch == 100 && !most->rate);
    QVERIFY(!world.dispatcher->ceilingsOf({ .destination = "other", .account = {} }));
    QVERIFY(world.dispatcher->tune(kShard, {}));
    QVERIFY(!world.reading(kShard).concurrency.overridden);
    world.loop.runFor(60s);
    QCOMPARE(world.store.waiting(shard), 0);
}

// 60 a minute at the server, counted strictly; killed and started again in the middle of a minute.
void TestDispatcherHolds::aRestartDoesNotBurst()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    std::deque<SteadyTime> window;
    int violations = 0;
    world.server = [&](const HttpRequest&) {
        const SteadyTime now = world.loop.clock.steadyNow();
        while (!window.empty() && window.front() <= now - 60s)
            window.pop_front();
        if (window.size() >= 60) {
            ++violations;
            return status(429);
        }
        window.push_back(now);
        return status(200);
    };
    DestinationConfig hook = World::plain("hook");
    hook.contract.limits = { { .unit = LimitUnit::Requests, .amount = 60, .period = 60s } };
    for (int i = 0; i < 2'000; ++i)
        world.store.add(shard, payload(i));
    world.start({ hook });
    for (int i = 0; i < 10; ++i) {
        world.loop.runFor(37s);
        world.restart();
    }
    QCOMPARE(violations, 0);
    QVERIFY2(world.store.delivered.size() > 300,
        qPrintable(QString::number(static_cast<qulonglong>(world.store.delivered.size()))));
}

// A held job sends nothing, whatever lies in front; another one passes it. Let go, it goes on.
void TestDispatcherHolds::aHeldReplayJobKeepsStillAndLetsOthersPass()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    for (int i = 0; i < 400; ++i)
        world.store.add(shard, payload(i), { .lane = Lane::Replay, .job = ReplayJobId { 5 } });
    for (int i = 400; i < 410; ++i)
        world.store.add(shard, payload(i), { .lane = Lane::Replay, .job = ReplayJobId { 6 } });
    world.start({ World::plain("hook") });
    world.dispatcher->holdJob(ReplayJobId { 5 }, true);
    world.loop.runFor(5s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 10 });
    world.dispatcher->holdJob(ReplayJobId { 5 }, false);
    world.loop.runFor(60s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 410 });
}

void TestDispatcherHolds::threeUnreadableAnswersInARowAreShown()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    world.server = [](const HttpRequest&) {
        ServerReply reply = status(200);
        reply.answer.body = "<html>";
        return reply;
    };
    world.store.add(shard, payload(1));
    world.start({ World::plain("hook") });
    world.loop.runFor(2s);
    QVERIFY(!world.reading(kShard).areAnswersUnreadable);
    world.loop.runFor(10s);
    QVERIFY(world.reading(kShard).areAnswersUnreadable);
}

// Somebody sets the machine's clock back by an hour: a retry in 1 s is a retry in 1 s.
void TestDispatcherHolds::aClockThatJumpsDoesNotMoveARetry()
{
    for (const auto jump : { std::chrono::hours { -1 }, std::chrono::hours { 1 } }) {
        World world;
        const ShardKey shard = world.store.addShard(kShard);
        std::vector<SteadyTime> seen;
        world.server = [&](const HttpRequest&) {
            seen.push_back(world.loop.clock.steadyNow());
            return status(seen.size() == 1 ? 503 : 200);
        };
        world.store.add(shard, payload(1));
        world.start({ World::plain("hook") });
        world.loop.runFor(500ms);
        world.loop.clock.shiftWall(jump);
        world.loop.runFor(5s);
        QCOMPARE(seen.size(), std::size_t { 2 });
        QVERIFY(seen[1] - seen[0] >= 1s && seen[1] - seen[0] < 1500ms);
        QVERIFY(world.clockJumps == std::vector<Millis> { jump });
    }
}

SPILLWAY_TEST(TestDispatcherHolds)

} // namespace tst_dispatcher_holds

#include "tst_dispatcher_holds.moc"

// What single platforms want of the engine beyond one answer: the adapter says it, the dispatcher
// counts and acts.
#include "support/test_program.h"
#include "world.h"

namespace tst_platform_rules {

using namespace engine;
using namespace engine::delivery;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

constexpr const char* kPurchase
    = R"({"event_name":"purchase","action_source":"website","order_id":"1","value":"9",)"
      R"("currency":"EUR","user":{"email":"jane.doe@example.com"},)"
      R"("click":{"tblci":"GiC1","gclid":"abc"},)"
      R"("items":[{"id":"sku1","price":"9","quantity":1}]})";

ServerReply reply(int status, std::string body = {}, HttpHeaders headers = {})
{
    ServerReply made;
    made.answer.status = status;
    made.answer.body = std::move(body);
    made.answer.headers = std::move(headers);
    return made;
}

// One destination of a real platform, one record in a request, one request at a time.
struct PlatformWorld : World {
    PlatformWorld(const std::string& platform, const std::string& account)
        : id { .destination = platform, .account = account }
    {
        adapters = platforms::adapterFor;
        secrets = [](const DestinationConfig&, const std::string&, bool) {
            platforms::Secrets known { { "access_token", "t" }, { "site_id", "s" },
                { "api_key", "k" } };
            return Result<platforms::Secrets>(std::move(known));
        };
        server = [this](const HttpRequest&) {
            seen.push_back(loop.clock.steadyNow());
            return answer;
        };
        shard = store.addShard(id);
    }
    void begin(int events, std::map<std::string, std::string> options = {},
        std::optional<std::int64_t> recordBytes = {})
    {
        DestinationConfig to = plain(id.destination);
        to.platform = id.destination;
        to.account = id.account;
        to.concurrency = 1;
        to.options = std::move(options);
        if (id.destination != "criteo") // which has words of its own
            to.eventNames["purchase"] = "7";
        to.contract.recordBytes = recordBytes;
        to.contract.cooldownMin = 1s;
        to.contract.cooldownMax = 60s;
        to.contract.redirectDomains = { "example" };
        for (int i = 0; i < events; ++i)
            store.add(shard, kPurchase, { .name = "purchase" });
        start({ to });
    }
    [[nodiscard]] bool isConfigRefused()
    {
        return reading(id).credential == CredentialState::ConfigRefused;
    }
    ShardId id {};
    ShardKey shard {};
    ServerReply answer {};
    std::vector<SteadyTime> seen {};
};

} // namespace

class TestPlatformRules final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aThrottleOfTiktokThatStaysFiveTimesIsConfiguration();
    void twoThrottlesOfTiktokAreThrottles();
    void aPathThatTaboolaRefusesTwentyTimesIsConfiguration();
    void aFewBadClicksOfTaboolaAreInvalid();
    void aClickThatGoogleDoesNotKnowTwiceIsInvalid();
    void anOutageBeforeDoesNotTakeThatSecondTryAway();
    void anAnonymousEventMayBeAsLargeAsItsOwnWayAllows();
    void aRedirectInCirclesIsAFaultThatPasses();
};

// Waits of 1, 2, 4 and 8 seconds lie between five answers; the fifth sets its record aside, the
// next one holds the shard. Nothing is spent, and what is taken at last ends it.
void TestPlatformRules::aThrottleOfTiktokThatStaysFiveTimesIsConfiguration()
{
    PlatformWorld world("tiktok", "C4PIXEL");
    world.answer = reply(200, R"({"code":40016,"message":"BIZ_FC_ERROR"})");
    world.begin(3);
    for (int i = 0; i < 60 && world.seen.size() < 4; ++i) {
        world.loop.runFor(1s);
        QVERIFY(!world.isConfigRefused());
    }
    QCOMPARE(world.seen.size(), std::size_t { 4 });
    world.loop.runFor(50s);
    QCOMPARE(world.seen.size(), std::size_t { 6 });
    QVERIFY(world.isConfigRefused());
    QVERIFY(world.store.dead.empty());
    QCOMPARE(world.store.find(world.shard, EventSeq { 1 })->attempts, 0);
    world.answer = reply(200, R"({"code":0,"message":"OK"})");
    world.loop.runFor(5min);
    QCOMPARE(world.store.delivered.size(), std::size_t { 3 });
    QVERIFY(!world.isConfigRefused());
}

void TestPlatformRules::twoThrottlesOfTiktokAreThrottles()
{
    PlatformWorld world("tiktok", "C4PIXEL");
    world.server = [&](const HttpRequest&) {
        world.seen.push_back(world.loop.clock.steadyNow());
        return reply(200,
            world.seen.size() % 3 == 0 ? R"({"code":0,"message":"OK"})"
                                       : R"({"code":40016,"message":"BIZ_FC_ERROR"})");
    };
    world.begin(6);
    for (int i = 0; i < 300; ++i) {
        world.loop.runFor(1s);
        QVERIFY(!world.isConfigRefused());
    }
    QCOMPARE(world.store.delivered.size(), std::size_t { 6 });
}

void TestPlatformRules::aPathThatTaboolaRefusesTwentyTimesIsConfiguration()
{
    PlatformWorld world("taboola", "12345");
    world.answer = reply(400);
    world.begin(100, { { "api", "single" } });
    world.loop.runFor(50s);
    QVERIFY(world.isConfigRefused());
    QCOMPARE(world.store.dead.size(), std::size_t { 19 });
    world.answer = reply(204);
    world.loop.runFor(5min);
    QCOMPARE(world.store.delivered.size(), std::size_t { 81 });
}

void TestPlatformRules::aFewBadClicksOfTaboolaAreInvalid()
{
    PlatformWorld world("taboola", "12345");
    world.server = [&](const HttpRequest&) {
        world.seen.push_back(world.loop.clock.steadyNow());
        return reply(world.seen.size() % 10 == 0 ? 204 : 400);
    };
    world.begin(100, { { "api", "single" } });
    world.loop.runFor(2min);
    QVERIFY(!world.isConfigRefused());
    QCOMPARE(world.store.delivered.size(), std::size_t { 10 });
    QCOMPARE(world.store.dead.size(), std::size_t { 90 });
    QCOMPARE(toString(world.store.dead.front().item.outcome), "invalid");
}

// Six hours lie between the two.
void TestPlatformRules::aClickThatGoogleDoesNotKnowTwiceIsInvalid()
{
    PlatformWorld world("google", "1234567890");
    world.answer = reply(200,
        R"({"results":[{}],"partialFailureError":{"details":[{"errors":[{"errorCode":)"
        R"({"conversionUploadError":"EVENT_NOT_FOUND"},"location":{"fieldPathElements":)"
        R"([{"fieldName":"conversions"}]}}]}]}})");
    world.begin(1);
    world.loop.runFor(5h);
    QCOMPARE(world.seen.size(), std::size_t { 1 });
    QVERIFY(world.store.dead.empty());
    world.loop.runFor(4h);
    QCOMPARE(world.seen.size(), std::size_t { 2 });
    QCOMPARE(world.store.dead.size(), std::size_t { 1 });
    QCOMPARE(toString(world.store.dead.front().item.outcome), "invalid");
}

// 503, then "not found", and six hours later once more.
void TestPlatformRules::anOutageBeforeDoesNotTakeThatSecondTryAway()
{
    PlatformWorld world("google", "1234567890");
    const ServerReply unknown = reply(200,
        R"({"results":[{}],"partialFailureError":{"details":[{"errors":[{"errorCode":)"
        R"({"conversionUploadError":"EVENT_NOT_FOUND"},"location":{"fieldPathElements":)"
        R"([{"fieldName":"conversions"}]}}]}]}})");
    world.server = [&](const HttpRequest&) {
        world.seen.push_back(world.loop.clock.steadyNow());
        return world.seen.size() == 1 ? reply(503) : unknown;
    };
    world.begin(1);
    world.loop.runFor(5h);
    QCOMPARE(world.seen.size(), std::size_t { 2 });
    QVERIFY(world.store.dead.empty());
    world.loop.runFor(4h);
    QCOMPARE(world.seen.size(), std::size_t { 3 });
    QVERIFY(world.seen[2] - world.seen[1] >= 6h);
    QCOMPARE(world.store.dead.size(), std::size_t { 1 });
    QCOMPARE(toString(world.store.dead.front().item.outcome), "invalid");
}

// 32 kB are the limit of v2, which has no anonymous events: they go by v1, which takes 100 kB.
void TestPlatformRules::anAnonymousEventMayBeAsLargeAsItsOwnWayAllows()
{
    PlatformWorld world("customerio", "main");
    world.answer = reply(200, "{}");
    const auto add = [&](std::size_t bytes, const char* user) {
        world.store.add(world.shard,
            R"({"event_name":"n","user":{)" + std::string(user) + R"(:"42"},"properties":{"a":")"
                + std::string(bytes, 'x') + R"("}})",
            { .name = "n" });
    };
    add(50'000, "\"anonymous_id\"");
    add(50'000, "\"external_id\"");
    add(100'000, "\"anonymous_id\"");
    world.begin(0, {}, 32'000);
    world.loop.runFor(10s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 1 });
    QCOMPARE(world.store.dead.size(), std::size_t { 2 });
}

void TestPlatformRules::aRedirectInCirclesIsAFaultThatPasses()
{
    PlatformWorld world("criteo", "12345");
    world.answer = reply(307, {}, { { "Location", "http://eu.criteo.example/m/event" } });
    world.begin(1);
    world.loop.runFor(2s);
    QVERIFY(!world.isConfigRefused());
    QVERIFY2(world.store.dead.empty(),
        world.store.dead.empty() ? "" : world.store.dead.front().item.message.c_str());
    QVERIFY2(world.seen.size() >= 6, std::to_string(world.seen.size()).c_str());
    QVERIFY(world.store.find(world.shard, EventSeq { 1 })->attempts > 0);
    world.answer = reply(200, R"({"errors":[],"warnings":[]})");
    world.loop.runFor(5min);
    QCOMPARE(world.store.delivered.size(), std::size_t { 1 });
}

SPILLWAY_TEST(TestPlatformRules)

} // namespace tst_platform_rules

#include "tst_platform_rules.moc"

#include "engine/ingress/ingress_fakes.h"
#include "support/test_program.h"

namespace tst_event_api {

using namespace engine;
using namespace engine::ingress;
using namespace std::chrono_literals;
using engine::testing::FakeClock;
using engine::testing::FakeSink;

class TestEventApi final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingIsAnsweredBeforeTheStoreHasReplied();
    void aCommitThatFailedIsNotAcknowledged();
    void duplicatesAreCountedAlsoWithinOneArrayAndIdsKeepTheirOrder();
    void oneWrongEventRefusesAllOfThem();
    void partialAcceptsTheOthersAndSaysWhichNot();
    void partialWithNothingLeftIsRefused();
    void idempotencyKeysMakeTheSameIdsAgain();
    void requestsThatAreNotForUsAreRefused_data();
    void requestsThatAreNotForUsAreRefused();
    void theKeyDecidesTheWorkspace();
    void aReloadChangesKeysAndRoutesForTheNextRequest();
    void unreadableAndSharedKeysAreNoted();
    void overTheTierEventsAreDeferredToTheirReleaseTime();
    void afterARestartNewEventsWaitBehindThoseThatWereDeferred();
    void overTheTierEventsAreRejectedWhenThePolicySaysSo();
    void duplicatesAndFailedCommitsCostNoTokens();
    void aDeadLetterIsNotDeferred();
    void refusedEventsTakeNoAccountsPlace();
    void tooManyBatchesAwaitingTheirCommitAreRefused();
    void healthFollowsTheStore();
    void repliesMayComeAfterTheApiIsGone();
    void theMonthGoesOnFromWhatTheStoreCounted();
};

namespace {

constexpr std::string_view kLead = R"({"event_id":"e1","event_name":"Lead","user":{"email":"a"}})";

http::ServerRequest post(std::string_view body, const std::string& key = "key-shop")
{
    http::ServerRequest request;
    request.method = "POST";
    request.target = "/v1/events";
    request.headers
        = { { "Authorization", "Bearer " + key }, { "Content-Type", "application/json" } };
    request.body = std::string(body);
    return request;
}

std::string lead(const std::string& id, const std::string& more = {})
{
    return R"({"event_id":")" + id + R"(","event_name":"Lead","user":{"email":"a"})" + more + '}';
}

// An API with a fake store. ask() returns the answer, or nothing while the store has not replied.
struct Bench {
    FakeClock clock {};
    FakeSink sink {};
    Config config { testing::fakeConfig() };
    std::unique_ptr<EventApi> api {};
    std::shared_ptr<std::optional<http::ServerResponse>> last {};

    void start(IngressPorts ports)
    {
        api = std::make_unique<EventApi>(std::move(ports), std::make_shared<Config>(config));
        QVERIFY(api->reload(std::make_shared<Config>(config)).empty());
    }
    void start() { start(testing::fakePorts(sink, clock)); }
    std::optional<http::ServerResponse> ask(http::ServerRequest request)
    {
        last = std::make_shared<std::optional<http::ServerResponse>>();
        api->handle(std::move(request),
            [kept = last](http::ServerResponse response) { *kept = std::move(response); });
        return *last;
    }
    // Sends it and commits.
    http::ServerResponse accept(http::ServerRequest request)
    {
        if (auto refused = ask(std::move(request)))
            return *refused;
        sink.commit();
        return last->value_or(http::ServerResponse { .status = 0 });
    }
    IngressSnapshot shop() { return api->snapshot().front(); }
};

std::string headerOf(const http::ServerResponse& response, std::string_view name)
{
    for (const auto& [key, value] : response.headers) {
        if (key == name)
            return value;
    }
    return {};
}

std::int64_t countOf(const IngressSnapshot& snapshot, int status)
{
    for (const auto& [known, count] : snapshot.refusedByStatus) {
        if (known == status)
            return count;
    }
    return 0;
}

} // namespace

void TestEventApi::nothingIsAnsweredBeforeTheStoreHasReplied()
{
    Bench bench;
    bench.start();
    QVERIFY(!bench.ask(post(kLead)).has_value());
    QCOMPARE(bench.sink.waiting(), std::size_t { 1 });
    QVERIFY(!bench.last->has_value());
    QCOMPARE(bench.shop().acceptedTotal, 0);
    const AcceptBatch batch = bench.sink.commit();
    QCOMPARE(bench.last->value().status, 202);
    const std::string expected = R"({"accepted":1,"duplicates":0,"ids":["e1"]})";
    QCOMPARE(bench.last->value().body, expected);
    QCOMPARE(bench.shop().acceptedTotal, 1);
    QCOMPARE(batch.events.size(), std::size_t { 1 });
    QCOMPARE(batch.events.front().payload, std::string(kLead));
    QCOMPARE(toString(batch.events.front().deliveries.front().shard), std::string("main/100"));
    QCOMPARE(batch.dedupWindow, bench.config.retention.dedup);
}

void TestEventApi::aCommitThatFailedIsNotAcknowledged()
{
    Bench bench;
    bench.start();
    bench.ask(post(kLead));
    bench.sink.refuse({ .code = ErrorCode::DiskFull, .message = "The disk is full." });
    QCOMPARE(bench.last->value().status, 503);
    QVERIFY(bench.last->value().body.find("disk_full") != std::string::npos);
    QVERIFY(!headerOf(bench.last->value(), "Retry-After").empty());
    QCOMPARE(bench.shop().acceptedTotal, 0);
    QCOMPARE(bench.shop().monthAccepted, 0);
    QCOMPARE(countOf(bench.shop(), 503), 1);
}

void TestEventApi::duplicatesAreCountedAlsoWithinOneArrayAndIdsKeepTheirOrder()
{
    Bench bench;
    bench.start();
    const auto answer = bench.accept(post('[' + lead("a") + ',' + lead("b") + ',' + lead("a") + ','
        + lead("b", ",\"value\":1") + ']'));
    const std::string expected = R"({"accepted":2,"duplicates":2,"ids":["a","b","a","b"]})";
    QCOMPARE(answer.body, expected);
    const std::string again = R"({"accepted":0,"duplicates":1,"ids":["a"]})";
    QCOMPARE(bench.accept(post(lead("a"))).body, again);
    QCOMPARE(bench.accept(post(lead("a"), "key-blog")).status, 202); // another workspace's own id
    const IngressSnapshot shop = bench.shop();
    QCOMPARE(shop.acceptedTotal, 2);
    QCOMPARE(shop.duplicatesTotal, 3);
    QCOMPARE(shop.duplicatesDifferingTotal, 1);
    QCOMPARE(shop.monthAccepted, 2);
}

void TestEventApi::oneWrongEventRefusesAllOfThem()
{
    Bench bench;
    bench.start();
    const auto answer = bench.ask(
        post('[' + lead("a") + R"(,{"event_name":"x","event_time":"soon","value":[]},7])"));
    QVERIFY(answer.has_value());
    QCOMPARE(answer->status, 422);
    const auto body = parseJson(answer->body);
    QVERIFY(body.has_value());
    QCOMPARE(body->at("error.code")->text(), std::string("invalid_event"));
    QCOMPARE(body->at("error.field")->text(), std::string("[1].event_time"));
    QCOMPARE(body->at("errors")->items().size(), std::size_t { 3 });
    QCOMPARE(body->at("errors.0.index")->asInt(), std::optional<std::int64_t>(1));
    QCOMPARE(body->at("errors.1.field")->text(), std::string("value"));
    QCOMPARE(body->at("errors.2.index")->asInt(), std::optional<std::int64_t>(2));
    QVERIFY(!body->at("errors.2.reason")->text().empty());
    QCOMPARE(bench.sink.waiting(), std::size_t { 0 });
    QCOMPARE(countOf(bench.shop(), 422), 1);
    const auto single = bench.ask(post(R"({"event_name":""})"));
    QCOMPARE(parseJson(single->body)->at("error.field")->text(), std::string("event_name"));
}

void TestEventApi::partialAcceptsTheOthersAndSaysWhichNot()
{
    Bench bench;
    bench.start();
    auto request = post("{oops\n" + lead("a") + "\n{}\n" + lead("b") + '\n');
    request.target += "?partial=1";
    request.headers.back().second = "application/x-ndjson";
    const auto answer = bench.accept(std::move(request));
    QCOMPARE(answer.status, 202);
    const auto body = parseJson(answer.body);
    QVERIFY(body.has_value());
    QCOMPARE(body->find("accepted")->asInt(), std::optional<std::int64_t>(2));
    const std::string ids = R"([null,"a",null,"b"])";
    QCOMPARE(body->find("ids")->dump(), ids);
    QCOMPARE(body->at("errors.0.index")->asInt(), std::optional<std::int64_t>(0));
    QCOMPARE(body->at("errors.1.field")->text(), std::string("event_name"));
}

void TestEventApi::partialWithNothingLeftIsRefused()
{
    Bench bench;
    bench.start();
    auto request = post("[{},{}]");
    request.target += "?partial=1";
    QCOMPARE(bench.ask(std::move(request)).value_or(http::ServerResponse {}).status, 422);
    QCOMPARE(bench.sink.waiting(), std::size_t { 0 });
}

void TestEventApi::idempotencyKeysMakeTheSameIdsAgain()
{
    Bench bench;
    bench.start();
    auto request = post(R"([{"event_name":"x"},{"event_name":"x"}])");
    request.headers.emplace_back("Idempotency-Key", "order-7");
    const auto first = bench.accept(request);
    const auto second = bench.accept(request);
    QVERIFY(first.body.starts_with("{\"accepted\":2,"));
    QVERIFY(second.body.starts_with("{\"accepted\":0,\"duplicates\":2,"));
    QCOMPARE(
        parseJson(second.body)->find("ids")->dump(), parseJson(first.body)->find("ids")->dump());
}

void TestEventApi::requestsThatAreNotForUsAreRefused_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("authorization");
    QTest::addColumn<QString>("contentType");
    QTest::addColumn<QString>("coding");
    QTest::addColumn<int>("status");
    const auto row
        = [](const char* name, const char* method, const char* target, const char* authorization,
              const char* type, const char* coding, int status) {
              const auto text = [](const char* given) { return QString::fromUtf8(given); };
              QTest::newRow(name) << text(method) << text(target) << text(authorization)
                                  << text(type) << text(coding) << status;
          };
    const char* key = "Bearer key-shop";
    const char* json = "application/json";
    row("no key", "POST", "/v1/events", "", json, "identity", 401);
    row("wrong key", "POST", "/v1/events", "Bearer key-shoP", json, "identity", 401);
    row("a beginning of the key", "POST", "/v1/events", "Bearer key", json, "identity", 401);
    row("another scheme", "POST", "/v1/events", "Basic key-shop", json, "identity", 401);
    row("form data", "POST", "/v1/events", key, "multipart/form-data", "identity", 415);
    row("compressed", "POST", "/v1/events", key, json, "gzip", 415);
    row("another path", "POST", "/v1/event", key, json, "identity", 404);
    row("read", "GET", "/v1/events", key, json, "identity", 405);
    row("unknown method", "BREW", "/v1/events", key, json, "identity", 405);
    row("unknown parameter", "POST", "/v1/events?x=1", key, json, "identity", 400);
    row("odd partial", "POST", "/v1/events?partial=yes", key, json, "identity", 400);
}

void TestEventApi::requestsThatAreNotForUsAreRefused()
{
    QFETCH(QString, method);
    QFETCH(QString, target);
    QFETCH(QString, authorization);
    QFETCH(QString, contentType);
    QFETCH(QString, coding);
    QFETCH(int, status);
    Bench bench;
    bench.start();
    http::ServerRequest request;
    request.method = method.toStdString();
    request.target = target.toStdString();
    request.body = std::string(kLead);
    request.headers = { { "Content-Type", contentType.toStdString() },
        { "content-encoding", coding.toStdString() } };
    if (!authorization.isEmpty())
        request.headers.emplace_back("Authorization", authorization.toStdString());
    const auto early = bench.api->precheck(request);
    if (status == 401 || status == 415)
        QCOMPARE(early.value_or(http::ServerResponse {}).status, status);
    const auto answer = bench.ask(std::move(request));
    QVERIFY(answer.has_value());
    QCOMPARE(answer->status, status);
    QVERIFY(answer->body.starts_with("{\"error\":{\"code\":\""));
    if (status == 401)
        QCOMPARE(headerOf(*answer, "WWW-Authenticate"), std::string("Bearer"));
    QCOMPARE(bench.sink.waiting(), std::size_t { 0 });
}

void TestEventApi::theKeyDecidesTheWorkspace()
{
    Bench bench;
    bench.start();
    bench.ask(post(kLead, "key-blog"));
    QCOMPARE(bench.sink.commit().events.front().workspace, std::string("blog"));
    QCOMPARE(bench.api->snapshot().at(1).acceptedTotal, 1);
}

void TestEventApi::aReloadChangesKeysAndRoutesForTheNextRequest()
{
    Bench bench;
    bench.start();
    bench.ask(post(kLead)); // still with the store when the configuration changes
    bench.config.workspaces.front().writeKeys = { { .kind = SecretRef::Kind::Env, .name = "old" },
        { .kind = SecretRef::Kind::Env, .name = "new" } };
    bench.config.destinations.front().name = "other";
    QVERIFY(bench.api->reload(std::make_shared<Config>(bench.config)).empty());
    QCOMPARE(bench.sink.commit().events.front().deliveries.front().shard.destination,
        std::string("main"));
    QCOMPARE(bench.last->value().status, 202);
    QCOMPARE(bench.ask(post(lead("b")))->status, 401);
    for (const char* key : { "old", "new" }) {
        QVERIFY(!bench.ask(post(lead(key), key)).has_value());
        QCOMPARE(bench.sink.commit().events.front().deliveries.front().shard.destination,
            std::string("other"));
    }
    QCOMPARE(bench.shop().acceptedTotal, 3); // the counters live on
}

void TestEventApi::unreadableAndSharedKeysAreNoted()
{
    Bench bench;
    bench.start();
    bench.config.workspaces.at(0).writeKeys = { { .kind = SecretRef::Kind::Env, .name = "missing" },
        { .kind = SecretRef::Kind::Env, .name = "key-shop" } };
    bench.config.workspaces.at(1).writeKeys
        = { { .kind = SecretRef::Kind::Env, .name = "key-shop" } };
    const auto notes = bench.api->reload(std::make_shared<Config>(bench.config));
    QCOMPARE(notes.size(), std::size_t { 2 });
    QCOMPARE(notes[0], std::string("workspace shop: env:missing: not set"));
    QVERIFY(notes[1].starts_with("workspace blog: env:key-shop"));
    bench.ask(post(kLead));
    QCOMPARE(bench.sink.commit().events.front().workspace, std::string("shop"));
}

// 10/s, burst 2: the third and the fourth of four wait 100 and 200 ms; those after a second do not.
void TestEventApi::overTheTierEventsAreDeferredToTheirReleaseTime()
{
    Bench bench;
    bench.config.workspaces.front().rate = 10;
    bench.config.workspaces.front().burst = 2;
    bench.start();
    bench.ask(post('[' + lead("a") + ',' + lead("b") + ',' + lead("c") + ',' + lead("d") + ']'));
    const WallTime now = bench.clock.wallNow();
    const AcceptBatch batch = bench.sink.commit();
    const std::vector<std::pair<Lane, Millis>> expected { { Lane::Live, 0ms }, { Lane::Live, 0ms },
        { Lane::Deferred, 100ms }, { Lane::Deferred, 200ms } };
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const NewDelivery& delivery = batch.events.at(i).deliveries.front();
        QCOMPARE(delivery.lane, expected[i].first);
        QCOMPARE(delivery.dueAt, now + expected[i].second);
    }
    QCOMPARE(bench.last->value().status, 202);
    QCOMPARE(bench.shop().deferredTotal, 2);
    QCOMPARE(bench.shop().acceptedTotal, 4);
    bench.clock.advance(1s);
    bench.ask(post(lead("e")));
    QCOMPARE(bench.sink.commit().events.front().deliveries.front().lane, Lane::Live);
    // Somebody sets the clock: release times go on as if nobody had.
    bench.clock.shiftWall(-1h);
    bench.ask(post('[' + lead("f") + ',' + lead("g") + ']'));
    QCOMPARE(bench.sink.commit().events.at(1).deliveries.front().dueAt, now + 1s + 100ms);
}

void TestEventApi::afterARestartNewEventsWaitBehindThoseThatWereDeferred()
{
    Bench bench;
    bench.config.workspaces.front().rate = 10;
    bench.config.workspaces.front().burst = 2;
    auto ports = testing::fakePorts(bench.sink, bench.clock);
    const WallTime now = bench.clock.wallNow();
    ports.deferredUntil = { { "shop", now + 29s }, { "another", now + 60s } };
    bench.start(std::move(ports));
    bench.ask(post(lead("a")));
    const AcceptBatch batch = bench.sink.commit();
    const NewDelivery& delivery = batch.events.front().deliveries.front();
    QCOMPARE(delivery.lane, Lane::Deferred);
    QCOMPARE(delivery.dueAt, now + 29'100ms);
}

void TestEventApi::overTheTierEventsAreRejectedWhenThePolicySaysSo()
{
    Bench bench;
    auto& workspace = bench.config.workspaces.front();
    workspace.rate = 0.5;
    workspace.burst = 2;
    workspace.overLimit = OverLimit::Reject;
    bench.start();
    QCOMPARE(bench.accept(post('[' + lead("a") + ',' + lead("b") + ']')).status, 202);
    const auto refused = bench.ask(post(lead("c")));
    QCOMPARE(refused->status, 429);
    QCOMPARE(headerOf(*refused, "Retry-After"), std::string("2"));
    QCOMPARE(countOf(bench.shop(), 429), 1);
    bench.clock.advance(2s);
    QCOMPARE(bench.accept(post(lead("c"))).status, 202);
}

void TestEventApi::duplicatesAndFailedCommitsCostNoTokens()
{
    Bench bench;
    auto& workspace = bench.config.workspaces.front();
    workspace.rate = 0.001;
    workspace.burst = 3;
    workspace.overLimit = OverLimit::Reject;
    bench.start();
    QCOMPARE(bench.accept(post(lead("a"))).status, 202);
    for (int i = 0; i < 5; ++i)
        QCOMPARE(bench.accept(post(lead("a"))).status, 202);
    bench.ask(post(lead("b")));
    bench.sink.refuse({ .code = ErrorCode::Storage });
    QCOMPARE(bench.accept(post(lead("c"))).status, 202);
    QCOMPARE(bench.accept(post(lead("d"))).status, 202);
    QCOMPARE(bench.ask(post(lead("e")))->status, 429);
}

void TestEventApi::aDeadLetterIsNotDeferred()
{
    Bench bench;
    bench.config.workspaces.front().burst = 1;
    bench.config.destinations.front().account.clear();
    bench.config.destinations.front().accountFrom = "account";
    bench.start();
    bench.ask(post('[' + lead("a") + ',' + lead("b") + ',' + lead("c", ",\"account\":1") + ']'));
    const AcceptBatch batch = bench.sink.commit();
    QCOMPARE(batch.events.at(1).deliveries.front().lane, Lane::Live);
    QVERIFY(!batch.events.at(1).deliveries.front().deadReason.empty());
    QCOMPARE(batch.events.at(2).deliveries.front().lane, Lane::Deferred);
}

void TestEventApi::refusedEventsTakeNoAccountsPlace()
{
    Bench bench;
    auto& destination = bench.config.destinations.front();
    destination.account.clear();
    destination.accountFrom = "account";
    destination.accountsMax = 1;
    bench.config.workspaces.front().overLimit = OverLimit::Reject;
    bench.config.workspaces.front().burst = 2;
    bench.config.workspaces.front().rate = 0.001;
    bench.start();
    QCOMPARE(bench.ask(post('[' + lead("a", ",\"account\":1") + ",{}]"))->status, 422);
    const auto two = '[' + lead("b", ",\"account\":2") + ',' + lead("c", ",\"account\":2") + ']';
    QVERIFY(!bench.ask(post(two)).has_value());
    const AcceptBatch batch = bench.sink.commit();
    QVERIFY(batch.events.front().deliveries.front().deadReason.empty());
    QCOMPARE(bench.ask(post(lead("d", ",\"account\":3")))->status, 429);
    bench.clock.advance(std::chrono::hours { 1 });
    bench.ask(post(lead("e", ",\"account\":3")));
    QVERIFY(!bench.sink.commit().events.front().deliveries.front().deadReason.empty());
}

void TestEventApi::tooManyBatchesAwaitingTheirCommitAreRefused()
{
    Bench bench;
    auto ports = testing::fakePorts(bench.sink, bench.clock);
    ports.batchesMax = 2;
    bench.start(std::move(ports));
    QVERIFY(!bench.ask(post(lead("a"))).has_value());
    QVERIFY(!bench.ask(post(lead("b"))).has_value());
    QCOMPARE(bench.api->precheck(post(lead("c"))).value_or(http::ServerResponse {}).status, 503);
    const auto refused = bench.ask(post(lead("c")));
    QCOMPARE(refused->status, 503);
    QVERIFY(!headerOf(*refused, "Retry-After").empty());
    bench.sink.commit();
    QVERIFY(!bench.ask(post(lead("c"))).has_value());
}

void TestEventApi::healthFollowsTheStore()
{
    Bench bench;
    bool canCommit = true;
    auto ports = testing::fakePorts(bench.sink, bench.clock);
    ports.health = [&canCommit]() -> Status {
        if (canCommit)
            return {};
        return fail(ErrorCode::DiskFull, "The disk is full.");
    };
    bench.start(std::move(ports));
    http::ServerRequest request;
    request.method = "GET";
    request.target = "/healthz";
    QCOMPARE(bench.ask(request)->status, 200);
    canCommit = false;
    QCOMPARE(bench.ask(request)->status, 503);
    request.method = "POST";
    QCOMPARE(bench.ask(request)->status, 405);
}

void TestEventApi::repliesMayComeAfterTheApiIsGone()
{
    Bench bench;
    bench.start();
    bench.ask(post(kLead));
    bench.api.reset();
    bench.sink.commit();
    QCOMPARE(bench.last->value().status, 202);
}

void TestEventApi::theMonthGoesOnFromWhatTheStoreCounted()
{
    Bench bench;
    auto ports = testing::fakePorts(bench.sink, bench.clock);
    ports.monthAccepted = [](const std::string& workspace, int month) -> std::int64_t {
        return workspace == "shop" && month == 202611 ? 41 : 0;
    };
    bench.start(std::move(ports));
    bench.accept(post(kLead));
    QCOMPARE(bench.shop().monthAccepted, 42);
    QCOMPARE(bench.shop().monthCap, std::optional<std::int64_t>(10'000'000));
    bench.clock.advance(std::chrono::hours { 24 * 10 });
    QCOMPARE(bench.shop().monthAccepted, 0);
}

SPILLWAY_TEST(TestEventApi)

} // namespace tst_event_api

#include "tst_event_api.moc"

// The doors of the control API: keys, addresses, what can only be read.
#include "desk.h"
#include "engine/http/raw_client.h"
#include "support/test_program.h"

namespace tst_control_api {

using namespace engine;
using namespace engine::control;
using engine::testing::Desk;
using engine::testing::kTime;

class TestControlApi final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyAddressNeedsItsKey_data();
    void everyAddressNeedsItsKey();
    void withoutAConfiguredKeyNobodyEnters();
    void newKeysCountFromTheNextRequest();
    void unknownAddressesAndMethodsAreTold();
    void statusShowsShardsAndCanBeNarrowed();
    void metricsAndHealthAreServed();
    void metricsOfOneDestinationAreThatOnes();
    void theDoorAnswersOverASocket();
    void aDoorThatMovesAnswersWhoeverAskedAtTheOldOne();
};

void TestControlApi::everyAddressNeedsItsKey_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("status");
    const auto row = [](const char* name, const char* target, const char* key, int status) {
        QTest::newRow(name) << QByteArray(target) << QByteArray(key) << status;
    };
    row("status with the key", "/v1/status", "key", 200);
    row("status without", "/v1/status", "", 401);
    row("status with another", "/v1/status", "kez", 401);
    row("status with the metrics key", "/v1/status", "metrics-key", 401);
    row("metrics with the metrics key", "/metrics", "metrics-key", 200);
    row("metrics with the control key", "/metrics", "key", 200);
    row("metrics without", "/metrics", "", 401);
    row("health without", "/healthz", "", 200);
    row("nowhere without", "/v1/nowhere", "", 401);
}

void TestControlApi::everyAddressNeedsItsKey()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, key);
    QFETCH(int, status);
    const Desk desk;
    QCOMPARE(desk.ask("GET", target.toStdString(), {}, key.toStdString()).status, status);
}

void TestControlApi::withoutAConfiguredKeyNobodyEnters()
{
    Desk desk;
    desk.api->setKeys({});
    QCOMPARE(desk.ask("GET", "/v1/status").status, 401);
    QCOMPARE(desk.ask("GET", "/metrics", {}, "").status, 401);
    http::ServerRequest request;
    request.target = "/v1/status";
    request.headers.emplace_back("Authorization", "Bearer ");
    QVERIFY(desk.api->precheck(request).has_value());
}

void TestControlApi::newKeysCountFromTheNextRequest()
{
    Desk desk;
    desk.api->setKeys({ .control = "new" });
    QCOMPARE(desk.ask("GET", "/v1/status", {}, "key").status, 401);
    QCOMPARE(desk.ask("GET", "/v1/status", {}, "new").status, 200);
}

void TestControlApi::unknownAddressesAndMethodsAreTold()
{
    const Desk desk;
    for (const char* target : { "/", "/v1", "/v1/dlq/x", "/v1/dlq/0", "/v1/dlq/-1", "/v1/dlq/1/2",
             "/v1/dlq/1x", "/v1/replay/7/stop" })
        QCOMPARE(desk.ask("POST", target).status, 404);
    const auto answer = desk.ask("GET", "/v1/pause");
    QCOMPARE(answer.status, 405);
    QCOMPARE(answer.headers.front().second, std::string("POST"));
    QCOMPARE(desk.ask("HEAD", "/v1/status").status, 200);
}

void TestControlApi::statusShowsShardsAndCanBeNarrowed()
{
    Desk desk;
    for (const char* account : { "1", "2" }) {
        ShardSnapshot shard;
        shard.shard = { "meta", account };
        shard.consumerLag = Millis { 1'500 };
        shard.stateSince = kTime;
        if (*account == '2') {
            shard.errorRatio = 0.5;
            shard.errorFormRatio[static_cast<std::size_t>(ErrorForm::InBody)] = 0.5;
        }
        desk.port.published->shards.push_back(shard);
    }
    desk.port.published->destinations.push_back(
        { .name = "meta", .unrouted = { { "no_identifier", 3 } }, .shards = 2 });
    desk.port.published->destinations.push_back({ .name = "tiktok" });
    const Json all = desk.json("GET", "/v1/status");
    QCOMPARE(all.find("shards")->items().size(), std::size_t { 2 });
    QCOMPARE(all.at("shards.0.consumer_lag_seconds")->asDouble(), std::optional(1.5));
    QVERIFY(all.at("shards.0.platform_latency_p95_ms")->isNull()); // too few samples, not 0
    QVERIFY(all.at("shards.0.outcome_ratio")->isNull());
    QVERIFY(all.at("shards.0.error_form_ratio")->isNull());
    QCOMPARE(all.at("shards.1.error_form_ratio.in_body")->asDouble(), std::optional(0.5));
    QCOMPARE(all.at("shards.1.outcome_ratio.invalid")->asDouble(), std::optional(0.0));
    QVERIFY(all.at("shards.0.pause")->isNull());
    QCOMPARE(
        all.at("destinations.0.unrouted.no_identifier")->asInt(), std::optional<std::int64_t>(3));
    const Json one = desk.json("GET", "/v1/status?destination=meta&account=2");
    QCOMPARE(one.find("shards")->items().size(), std::size_t { 1 });
    QCOMPARE(one.at("shards.0.account")->text(), std::string("2"));
    QCOMPARE(one.find("destinations")->items().size(), std::size_t { 1 });
    QCOMPARE(desk.ask("GET", "/v1/status?x=1").status, 400);
}

void TestControlApi::metricsAndHealthAreServed()
{
    Desk desk;
    desk.port.published->number = 12;
    const auto metrics = desk.ask("GET", "/metrics");
    QCOMPARE(metrics.body, std::string("snapshot 12"));
    QVERIFY(metrics.contentType.starts_with("text/plain; version=0.0.4"));
    QCOMPARE(desk.ask("GET", "/healthz").status, 200);
    desk.isHealthy = false;
    QCOMPARE(desk.ask("GET", "/healthz").status, 503);
}

void TestControlApi::metricsOfOneDestinationAreThatOnes()
{
    Desk desk;
    desk.port.published->shards.resize(3);
    desk.port.published->shards[0].shard = { "meta", "1" };
    desk.port.published->shards[1].shard = { "hook", "1" };
    desk.port.published->shards[2].shard = { "meta", "2" };
    ControlPorts ports = desk.ports();
    ports.metricsText = [](const EngineSnapshot& s) { return std::to_string(s.shards.size()); };
    desk.api = std::make_unique<ControlApi>(std::move(ports), ControlKeys { .control = "key" });
    QCOMPARE(desk.ask("GET", "/metrics").body, std::string("3"));
    QCOMPARE(desk.ask("GET", "/metrics?destination=meta").body, std::string("2"));
    QCOMPARE(desk.ask("GET", "/metrics?shard=meta").status, 400);
}

void TestControlApi::theDoorAnswersOverASocket()
{
    Desk desk;
    ControlConfig config;
    config.listen.port = 0;
    Control control(desk.ports(), config, { .control = "key" });
    QVERIFY(control.start().has_value());
    QCOMPARE(control.url(), "http://127.0.0.1:" + std::to_string(control.port()));
    testing::RawClient stranger(control.port());
    stranger.send("POST /v1/pause HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n");
    QCOMPARE(testing::statusIn(stranger.answer()), 401);
    testing::RawClient client(control.port());
    client.send("GET /metrics HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer key\r\n\r\n");
    QCOMPARE(testing::bodyOf(client.answer()), std::string("snapshot 0"));
}

// The reload that moves the door came through it: its answer goes where the question came from.
void TestControlApi::aDoorThatMovesAnswersWhoeverAskedAtTheOldOne()
{
    Desk desk;
    ControlConfig config;
    config.listen.port = 0;
    Control control(desk.ports(), config, { .control = "key" });
    QVERIFY(control.start());
    const std::uint16_t old = control.port();
    testing::RawClient client(old);
    client.send("GET /v1/status HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer key\r\n\r\n");
    QCOMPARE(testing::statusIn(client.answer()), 200);
    config.limits.connectionsMax = 3; // a changed limit needs a new port as well
    QVERIFY(control.move(config));
    QVERIFY(control.port() != old);
    client.send("GET /v1/status HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer key\r\n\r\n");
    QCOMPARE(testing::statusIn(client.answer()), 200);
    testing::RawClient fresh(control.port());
    fresh.send("GET /v1/status HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer key\r\n\r\n");
    QCOMPARE(testing::statusIn(fresh.answer()), 200);
    control.sweep();
    control.sweep();
    QCOMPARE(client.rest(), std::string()); // closed
    config.listen.host = "192.0.2.1"; // nobody's here
    QVERIFY(!control.move(config));
    testing::RawClient again(control.port());
    again.send("GET /v1/status HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer key\r\n\r\n");
    QCOMPARE(testing::statusIn(again.answer()), 200);
    QVERIFY(control.url().starts_with("http://127.0.0.1:"));
}

SPILLWAY_TEST(TestControlApi)

} // namespace tst_control_api

#include "tst_control_api.moc"

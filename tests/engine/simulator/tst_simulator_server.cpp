#include "engine/http/raw_client.h"
#include "engine/simulator/adapter_calls.h"
#include "simulator/simulator_server.h"
#include "support/fake_clock.h"
#include "support/test_program.h"

namespace tst_simulator_server {

using namespace engine;
using namespace engine::simulator;
using namespace engine::testing;

namespace {

std::string rawOf(const std::string& method, const std::string& target, const std::string& body)
{
    return method + ' ' + target + " HTTP/1.1\r\nHost: simulator\r\nContent-Length: "
        + std::to_string(body.size()) + "\r\n\r\n" + body;
}

} // namespace

class TestSimulatorServer final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void severalPlatformsAnswerOnOnePort();
    void theWindowRunsOnTheServersOwnClock();
    void anOutageShowsOnTheWire();
    void aTakenPortIsAnError();
};

void TestSimulatorServer::severalPlatformsAnswerOnOnePort()
{
    FakeClock clock;
    SimulatorServer server({}, { .host = "127.0.0.1" }, clock);
    QVERIFY(server.start().has_value());
    QVERIFY(server.endpoint("meta").ends_with('/' + std::string("meta")));
    RawClient client(server.port());
    const std::string meta = "{\"data\":[" + std::string(kMinimalForMeta) + "]}";
    client.send(rawOf("POST", "/meta/1029384756/events?access_token=t", meta));
    QVERIFY(client.answer().find("\"events_received\":1") != std::string::npos);
    client.send(rawOf("POST", "/1029384756/events?access_token=t", meta));
    QVERIFY(client.answer().find("\"events_received\":1") != std::string::npos);
    client.send(rawOf("POST", "/webhook/warehouse", "[{\"event_id\":\"1\"}]"));
    QVERIFY(client.answer().find("{\"received\":1}") != std::string::npos);
    client.send(rawOf("POST", "/api/v2/batch", "{}"));
    QVERIFY(client.answer().starts_with("HTTP/1.1 401"));
    client.send(rawOf("GET", "/__sim/stats", ""));
    const std::string stats = client.answer();
    QVERIFY(stats.find("\"account\":\"warehouse\"") != std::string::npos);

    const auto books = server.stats();
    QCOMPARE(books.at("meta/1029384756").accepted, 1);
    QCOMPARE(books.at("meta/1029384756").duplicates, 1);
    QCOMPARE(server.accepted("webhook", "warehouse").size(), std::size_t { 1 });
}

// One request a minute: the second is refused until the clock, and only the clock, has moved.
void TestSimulatorServer::theWindowRunsOnTheServersOwnClock()
{
    FakeClock clock;
    SimulatorServer server(
        { .platforms = { { .platform = "webhook",
              .windows = { { .unit = LimitUnit::Requests, .amount = 1, .period = 60s } } } } },
        { .host = "127.0.0.1" }, clock);
    QVERIFY(server.start().has_value());
    RawClient client(server.port());
    const auto status = [&] {
        client.send(rawOf("POST", "/webhook/w", "{\"event_id\":\"1\"}"));
        return client.answer().substr(9, 3);
    };
    QCOMPARE(status(), std::string("200"));
    QCOMPARE(status(), std::string("429"));
    clock.advance(60s - 1ns);
    QCOMPARE(status(), std::string("429"));
    clock.advance(1ns);
    QCOMPARE(status(), std::string("200"));
}

// Ten connections under an outage: errors, and connections that end without a whole answer.
void TestSimulatorServer::anOutageShowsOnTheWire()
{
    FakeClock clock;
    SimulatorServer server({}, { .host = "127.0.0.1" }, clock);
    QVERIFY(server.start().has_value());
    // Seed 2 has errors and closed connections, and no silence, among the first five requests.
    server.setScenario({}, { .kind = ScenarioKind::Outage, .seed = 2 });
    int errors = 0;
    int broken = 0;
    for (int i = 1; i <= 5; ++i) {
        const Mishap mishap = mishapFor({ .kind = ScenarioKind::Outage, .seed = 2 },
            { .platform = "webhook", .account = "w", .number = i }, clock.steadyNow());
        QVERIFY(mishap.fault != http::ServerResponse::Fault::NeverAnswer);
        RawClient client(server.port());
        client.send(rawOf("POST", "/webhook/w", "{\"event_id\":\"1\"}"));
        const std::string answer = client.answer();
        const bool isWhole = answer.ends_with('}');
        errors += answer.starts_with("HTTP/1.1 503") && isWhole ? 1 : 0;
        broken += isWhole ? 0 : 1;
        QCOMPARE(isWhole, mishap.fault == http::ServerResponse::Fault::None);
    }
    const AccountStats stats = server.stats().at("webhook/w");
    QCOMPARE(stats.unavailable, errors);
    QCOMPARE(stats.faults, broken);
    QVERIFY(errors > 0 && broken > 0);
}

void TestSimulatorServer::aTakenPortIsAnError()
{
    FakeClock clock;
    SimulatorServer first({}, { .host = "127.0.0.1" }, clock);
    QVERIFY(first.start().has_value());
    SimulatorServer second({}, { .host = "127.0.0.1", .port = first.port() }, clock);
    const auto started = second.start();
    QVERIFY(!started.has_value());
    QCOMPARE(started.error().code, ErrorCode::Io);
}

SPILLWAY_TEST(TestSimulatorServer)

} // namespace tst_simulator_server

#include "tst_simulator_server.moc"

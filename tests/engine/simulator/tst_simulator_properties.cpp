#include "engine/platforms/random_events.h"
#include "engine/simulator/adapter_calls.h"
#include "simulator/traffic.h"

#include <QTest>

using namespace engine;
using namespace engine::platforms;
using namespace engine::simulator;
using namespace engine::testing;

class TestSimulatorProperties final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatAnAdapterEmitsIsNeverMalformed_data();
    void whatAnAdapterEmitsIsNeverMalformed();
    void anyRequestIsAnsweredAndNothingWrongIsAccepted();
    void trafficIsTakenByEveryPlatform_data();
    void trafficIsTakenByEveryPlatform();
    void trafficIsTheSameForOneSeedAndAsLargeAsInLife();
    void aSaleBringsTenTimesTheTraffic();
};

void TestSimulatorProperties::whatAnAdapterEmitsIsNeverMalformed_data()
{
    QTest::addColumn<QString>("platform");
    for (const std::string& name : platformNames())
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

void TestSimulatorProperties::whatAnAdapterEmitsIsNeverMalformed()
{
    QFETCH(QString, platform);
    const Adapter* const adapter = adapterFor(platform.toStdString());
    const DestinationConfig destination = simulatedDestination(platform.toStdString());
    int sent = 0;
    for (const int oddShare : { 0, 1, 3 }) {
        QVERIFY(rc::check("any event", [&] {
            Simulator simulator({});
            const CanonicalEvent event = randomEvent(oddShare);
            if (adapter->unroutable(event, destination))
                return;
            const auto encoded = adapter->encode(event, contextOf(destination));
            const auto* const record = std::get_if<Record>(&encoded);
            if (record == nullptr)
                return;
            ++sent;
            const Decoded decoded = deliver(simulator, { record, 1 }, destination);
            const auto stats = simulator.stats().begin()->second;
            RC_LOG() << record->body << '\n'
                     << (stats.samples.empty() ? std::string() : stats.samples.front());
            RC_ASSERT(stats.violations == 0);
            RC_ASSERT(outcomesOf(decoded) == "accepted");
        }));
    }
    QVERIFY2(sent > 20, "the generator made next to nothing that the platform takes");
}

// Whatever comes in from the network gets an answer, and no broken body counts as accepted.
void TestSimulatorProperties::anyRequestIsAnsweredAndNothingWrongIsAccepted()
{
    QVERIFY(rc::check("any request", [] {
        Simulator simulator({});
        http::ServerRequest request;
        request.method = *rc::gen::element<std::string>("GET", "POST", "PUT", "DELETE", "x");
        request.target = *rc::gen::element<std::string>("/meta/1029384756/events?access_token=t",
            "/123456/events", "/api/v2/batch", "/api/v2/", "/api/v1/customers//events",
            "/api/v1/customers", "/api/v1/", "/customerio", "/webhook", "/", "",
            "/v1/events/events", "/__sim/scenario", "/__sim/accepted?from=-1&limit=x", "/meta");
        request.headers = { { "Authorization",
            *rc::gen::element<std::string>(
                "Basic c2l0ZTEyMzprZXk0NTY=", "Basic ", "Basic Og==", "Bearer", "") } };
        request.body = *rc::gen::element<std::string>("", "{}", "[]", "null", "{\"data\":[null]}",
            "{\"data\":[[]]}", "{\"data\":{}}", "{\"batch\":[{}]}", "{\"batch\":[1]}",
            "{\"batch\":{}}", "\xff", "[[{}]]", "{\"device\":1}", "{\"event_id\":\"\"}");
        const auto reply = simulator.handle(request, momentAt({}));
        RC_ASSERT(reply.status >= 200 && reply.status < 600);
        RC_ASSERT(parseJson(reply.body).has_value());
        for (const auto& [name, stats] : simulator.stats()) {
            if (name.starts_with("meta") || name.starts_with("webhook"))
                RC_ASSERT(stats.accepted == 0 || request.body == "[]");
        }
    }));
}

void TestSimulatorProperties::trafficIsTakenByEveryPlatform_data()
{
    whatAnAdapterEmitsIsNeverMalformed_data();
}

void TestSimulatorProperties::trafficIsTakenByEveryPlatform()
{
    QFETCH(QString, platform);
    const Adapter* const adapter = adapterFor(platform.toStdString());
    const DestinationConfig destination = simulatedDestination(platform.toStdString());
    Simulator simulator({ .platforms = { { .platform = platform.toStdString() } } });
    int routed = 0;
    for (std::uint64_t number = 0; number < 1'000; ++number) {
        const std::string payload = trafficEvent({ .seed = 5, .number = number, .time = kNow });
        const auto json = parseJson(payload);
        QVERIFY(json.has_value());
        const auto type = parseEventType(textOf(*json, "type"));
        QVERIFY(type.has_value());
        const CanonicalEvent event = canonical(payload, *type);
        QCOMPARE(event.stored->isEventTimeAssigned, false);
        if (adapter->unroutable(event, destination))
            continue;
        ++routed;
        const Record record = recordFor(event, destination);
        QCOMPARE(
            outcomesOf(deliver(simulator, { &record, 1 }, destination)), std::string("accepted"));
    }
    QVERIFY(routed > 900); // all but what an advertising platform has no use for
    QCOMPARE(simulator.stats().begin()->second.duplicates, 0);
}

void TestSimulatorProperties::trafficIsTheSameForOneSeedAndAsLargeAsInLife()
{
    std::size_t bytes = 0;
    int orders = 0;
    for (std::uint64_t number = 0; number < 1'000; ++number) {
        const TrafficEvent event { .seed = 9, .number = number, .time = kNow };
        const std::string text = trafficEvent(event);
        QCOMPARE(text, trafficEvent(event));
        bytes += text.size();
        orders += text.find("\"Order Completed\"") != std::string::npos ? 1 : 0;
    }
    QVERIFY(trafficEvent({ .seed = 9, .time = kNow }) != trafficEvent({ .seed = 8, .time = kNow }));
    QVERIFY2(bytes > 500'000 && bytes < 750'000, std::to_string(bytes).c_str());
    QVERIFY2(orders > 40 && orders < 110, std::to_string(orders).c_str());
    // A bad release: orders lose their currency, which Meta's adapter refuses by name.
    TrafficEvent broken { .seed = 9, .time = kNow, .isCurrencyLost = true };
    while (trafficEvent(broken).find("\"Order Completed\"") == std::string::npos)
        ++broken.number;
    const DestinationConfig meta = simulatedDestination("meta");
    const auto encoded
        = adapterFor("meta")->encode(canonical(trafficEvent(broken)), contextOf(meta));
    QVERIFY(encodedText(encoded).starts_with("refused currency"));
}

// 20 a second when calm; 200 once a sale's two minutes of build-up are over.
void TestSimulatorProperties::aSaleBringsTenTimesTheTraffic()
{
    const Scenario sale { .kind = ScenarioKind::Sale, .startedAt = kSteady };
    TrafficSource source({ .rate = 20 }, kSteady);
    QCOMPARE(source.take(kSteady + 1s, kNow).size(), std::size_t { 20 });
    QCOMPARE(source.take(kSteady + 1s, kNow).size(), std::size_t { 0 });
    QCOMPARE(source.take(kSteady + 1'025ms, kNow).size(), std::size_t { 0 });
    QCOMPARE(source.take(kSteady + 1'050ms, kNow).size(), std::size_t { 1 }); // no part is lost
    source.setScenario(sale);
    QCOMPARE(source.rateAt(kSteady), 20.0);
    QCOMPARE(source.rateAt(kSteady + 60s), 110.0);
    QCOMPARE(source.rateAt(kSteady + 5min), 200.0);
    QCOMPARE(source.rateAt(kSteady + 1h), 20.0);
    // A machine that slept a day catches up with no more than a burst.
    QCOMPARE(source.take(kSteady + 24h, kNow).size(), std::size_t { 10'000 });
}

QTEST_GUILESS_MAIN(TestSimulatorProperties)
#include "tst_simulator_properties.moc"

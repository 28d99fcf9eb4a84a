#include "engine/simulator/adapter_calls.h"
#include "simulator/traffic.h"
#include "support/test_program.h"

#include <rapidcheck.h>

namespace tst_simulator_properties {

using namespace engine;
using namespace engine::platforms;
using namespace engine::simulator;
using namespace engine::testing;

class TestSimulatorProperties final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anyRequestIsAnsweredAndNothingWrongIsAccepted();
    void trafficIsTheSameForOneSeedAndAsLargeAsInLife();
    void aSaleBringsTenTimesTheTraffic();
};

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

SPILLWAY_TEST(TestSimulatorProperties)

} // namespace tst_simulator_properties

#include "tst_simulator_properties.moc"

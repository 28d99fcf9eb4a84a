// Taboola, Outbrain and Criteo as their simulators: what they refuse, lose, throttle and redirect.
#include "engine/simulator/adapter_calls.h"
#include "support/test_program.h"

namespace tst_simulated_clicks {

using namespace engine;
using namespace engine::platforms;
using namespace engine::simulator;
using namespace engine::testing;

namespace {

http::ServerResponse send(
    Simulator& simulator, std::string method, std::string target, std::string body = {})
{
    http::ServerRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = std::move(body);
    return simulator.handle(request, momentAt({}));
}

// One record, sent as the engine would, every `step` from the start.
std::vector<std::string> outcomesEvery(
    Simulator& simulator, const char* name, int count, std::chrono::nanoseconds step)
{
    const DestinationConfig destination = simulatedDestination(name);
    const Record record
        = recordFor(canonical(richAfterClick(R"("tblci":"c1","obclid":"c2")")), destination);
    std::vector<std::string> outcomes;
    for (int i = 0; i < count; ++i)
        outcomes.push_back(
            outcomesOf(deliver(simulator, { &record, 1 }, destination, momentAt(i * step))));
    return outcomes;
}

Scenario ordered(ScriptedAnswer answer) { return { .answer = std::move(answer) }; }

} // namespace

class TestSimulatedClicks final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void bulkLosesBadRowsWithoutAWord();
    void aSinglePostbackSaysWhatIsWrong();
    void outbrainReadsOnlyWhatItMust();
    void criteoNamesEachMistakeInA200_data();
    void criteoNamesEachMistakeInA200();
    void eachWayHasItsOwnWindow();
    void outbrainSaysHowLongToWait();
    void criteoSendsEuropeansToTheirHost();
    void repeatsAreKnown();
    void everyFailureCanBeOrdered_data();
    void everyFailureCanBeOrdered();
    void scenariosShowInEachPlatformsWay();
};

void TestSimulatedClicks::bulkLosesBadRowsWithoutAWord()
{
    Simulator simulator({});
    const std::string good = R"({"click-id":"c","timestamp":1795737600000,"name":"p"})";
    std::string rows = good;
    for (const char* bad : { "1", R"({"click-id":"","timestamp":1795737600000,"name":"p"})",
             R"({"click-id":"c","name":"p"})",
             R"({"click-id":"c","timestamp":1795737600,"name":"p"})",
             R"({"click-id":"c","timestamp":1795737600001,"name":"p"})",
             R"({"click-id":"c","timestamp":1795737600000,"name":" "})",
             R"({"click-id":"c","timestamp":1795737600000,"name":"p","revenue":"9.90"})",
             R"({"click-id":"c","timestamp":1795737600000,"name":"p","currency":"eur"})",
             R"({"click-id":"c","timestamp":1795737600000,"name":"p","e-mail":"a@b"})" })
        rows += std::string(",") + bad;
    const auto reply = send(
        simulator, "POST", "/taboola/12345/log/3/bulk-s2s-action", "{\"actions\":[" + rows + "]}");
    QCOMPARE(reply.status, 204);
    const AccountStats stats = simulator.stats().at("taboola/12345");
    QCOMPARE(stats.accepted, 1);
    QCOMPARE(stats.lost, 9);
    QCOMPARE(stats.violations, 9);
    QCOMPARE(send(simulator, "POST", "/taboola/12345/log/3/bulk-s2s-action", "{").status, 400);
    QCOMPARE(send(simulator, "POST", "/taboola/log/3/bulk-s2s-action", "{}").status, 404);
    std::string many = good;
    for (int i = 0; i < 1'000; ++i)
        many += ',' + good;
    QCOMPARE(send(simulator, "POST", "/taboola/777/log/3/bulk-s2s-action",
                 "{\"actions\":[" + many + "]}")
                 .status,
        400);
}

void TestSimulatedClicks::aSinglePostbackSaysWhatIsWrong()
{
    Simulator simulator({});
    const std::string path = "/taboola/actions-handler/log/3/s2s-action?";
    QCOMPARE(send(simulator, "GET", path + "click-id=c&name=p&revenue=9.90").status, 204);
    for (const char* bad : { "name=p", "click-id=c", "click-id=c&name=", "click-id=a%20b&name=p",
             "click-id=c&name=p&revenue=many", "click-id=c&name=p&timestamp=1795737600000" })
        QCOMPARE(send(simulator, "GET", path + bad).status, 400);
    QCOMPARE(simulator.stats().at("taboola/single").accepted, 1);
    QCOMPARE(simulator.stats().at("taboola/single").violations, 6);
}

void TestSimulatedClicks::outbrainReadsOnlyWhatItMust()
{
    Simulator simulator({});
    const std::string path = "/outbrain/unifiedPixel?";
    QCOMPARE(send(simulator, "GET", path + "ob_click_id=c&name=P").status, 200);
    QCOMPARE(send(simulator, "GET", path + "ob_click_id=c").status, 400);
    QCOMPARE(send(simulator, "GET", path + "name=P&ob_click_id=").status, 400);
    QCOMPARE(send(simulator, "POST", path + "ob_click_id=c&name=P").status, 404);
    // It says 200 to these, and nobody ever sees the conversion.
    for (const char* lost :
        { "&timestamp=1795737600", "&orderValue=9,90", "&currency=eur", "&x=1" })
        QCOMPARE(send(simulator, "GET", path + "ob_click_id=c&name=P" + lost).status, 200);
    const AccountStats stats = simulator.stats().at("outbrain/marketer");
    QCOMPARE(stats.accepted, 1);
    QCOMPARE(stats.lost, 4);
}

void TestSimulatedClicks::criteoNamesEachMistakeInA200_data()
{
    QTest::addColumn<QString>("with");
    QTest::addColumn<QString>("error");
    const auto row = [](const char* with, const char* error) {
        QTest::addRow("%s %s", error, with) << with << error;
    };
    row(R"("id":{"idfa":"I"})", "");
    row(R"("id":{})", "UserIdentifierMissing");
    row(R"("id":{"mapped_user_id":"u"})",
        "UserIdentifierInvalid: mapped_user_id needs mapping_key");
    row(R"("id":{"email":{"raw":"a@b"}})", "UserIdentifierInvalid: email.raw");
    row(R"("id":{"email":{"md5":"0CBA00CA3DA1B283A57287BCCEB17E35"}})",
        "UserIdentifierInvalid: email.md5");
    row(R"("id":{"idfa":"I"},"account":12345)", "AccountMissing");
    row(R"("id":{"idfa":"I"},"site_type":"app")", "SiteTypeInvalid");
    row(R"("id":{"idfa":"I"},"referrer":"x")", "UnknownField: referrer");
    row(R"("id":{"idfa":"I"},"ip":"")", "EmptyField: ip");
    row(R"("id":{"idfa":"I"},"events":[])", "EventMissing");
    row(R"("id":{"idfa":"I"},"events":[{"event":"purchase"}])", "EventInvalid: event");
    row(R"("id":{"idfa":"I"},"events":[{"event":"login","timestamp":1795737600}])",
        "EventInvalid: timestamp");
    row(R"("id":{"idfa":"I"},"events":[{"event":"login","timestamp":"2026-11-27T00:02:00.000Z"}])",
        "EventInvalid: timestamp");
    row(R"("id":{"idfa":"I"},"events":[{"event":"trackTransaction","timestamp":"2026-11-27T00:00:00.000Z","item":[]}])",
        "EventInvalid: id");
    row(R"("id":{"idfa":"I"},"events":[{"event":"trackTransaction","id":"1","timestamp":"2026-11-27T00:00:00.000Z","item":[{"id":"s","quantity":1}]}])",
        "EventInvalid: item");
}

void TestSimulatedClicks::criteoNamesEachMistakeInA200()
{
    QFETCH(QString, with);
    QFETCH(QString, error);
    Json body
        = *parseJson(R"({"version":"v","account":"12345","site_type":"d",)"
                     R"("events":[{"event":"login","timestamp":"2026-11-27T00:00:00.000Z"}]})");
    const Json changes = *parseJson('{' + with.toStdString() + '}');
    for (const auto& [name, value] : changes.members())
        body.set(name, value);
    Simulator simulator({});
    const auto reply = send(simulator, "POST", "/criteo/m/event?version=s2s_v0", body.dump());
    QCOMPARE(reply.status, 200);
    const Json said = *parseJson(reply.body);
    const Json* const first = said.at("errors.0");
    QCOMPARE(QString::fromStdString(first != nullptr ? first->text() : std::string()), error);
    QCOMPARE(simulator.stats().begin()->second.violations, error.isEmpty() ? 0 : 1);
}

// To the nanosecond: two bulk requests a second, ten single ones, and neither counts the other.
void TestSimulatedClicks::eachWayHasItsOwnWindow()
{
    Simulator simulator({});
    const std::vector<std::string> bulk = outcomesEvery(simulator, "taboola", 3, 500ms - 1ns);
    QCOMPARE(bulk[1], std::string("accepted"));
    QCOMPARE(bulk[2], std::string("throttled"));
    const auto single = outcomesEvery(simulator, "taboola, single", 11, 100ms - 1ns);
    QCOMPARE(single[9], std::string("accepted"));
    QCOMPARE(single[10], std::string("throttled"));
    for (const std::string& outcome : outcomesEvery(simulator, "criteo", 60, 20ms))
        QCOMPARE(outcome, std::string("accepted"));
    QCOMPARE(outcomesEvery(simulator, "criteo", 51, 0s).back(), std::string("throttled"));
}

void TestSimulatedClicks::outbrainSaysHowLongToWait()
{
    Simulator simulator({});
    QCOMPARE(outcomesEvery(simulator, "outbrain", 10, 0s).back(), std::string("accepted"));
    const DestinationConfig destination = simulatedDestination("outbrain");
    const Record record = recordFor(canonical(richAfterClick(R"("obclid":"c2")")), destination);
    const Decoded decoded = deliver(simulator, { &record, 1 }, destination, momentAt(150ms));
    QCOMPARE(toString(decoded.request), "throttled");
    QCOMPARE(decoded.hint.retryAfter, std::optional<Millis>(850ms));
    QCOMPARE(decoded.hint.source, std::string("rate-limit-msec-left"));
    QCOMPARE(toString(deliver(simulator, { &record, 1 }, destination, momentAt(1s)).request),
        "accepted");
}

void TestSimulatedClicks::criteoSendsEuropeansToTheirHost()
{
    Simulator simulator({ .platforms = { { .platform = "criteo", .europeans = { "12345" } } } });
    DestinationConfig destination = simulatedDestination("criteo");
    const Record record = recordFor(canonical(richAfterClick(R"("x":1)")), destination);
    const auto answer = exchange(simulator, requestFor({ &record, 1 }, destination), momentAt({}));
    QCOMPARE(answer->status, 307);
    QCOMPARE(std::string(answer->header("Location").value_or("")),
        std::string("/criteo-eu/m/event?version=s2s_v0"));
    destination.endpoint = "http://127.0.0.1:9100/criteo-eu";
    QCOMPARE(toString(deliver(simulator, { &record, 1 }, destination).request), "accepted");
    QCOMPARE(simulator.stats().at("criteo/12345").accepted, 1);
}

void TestSimulatedClicks::repeatsAreKnown()
{
    for (const char* name : { "taboola", "taboola, single", "outbrain", "criteo" }) {
        Simulator simulator({});
        outcomesEvery(simulator, name, 2, 1s);
        const AccountStats stats = simulator.stats().begin()->second;
        QCOMPARE(stats.accepted, 1);
        QCOMPARE(stats.duplicates, 1);
        QCOMPARE(stats.violations, 0);
    }
}

void TestSimulatedClicks::everyFailureCanBeOrdered_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("outcome");
    const auto row = [](const char* name, int status, const char* code, const char* outcome) {
        QTest::addRow("%s %d %s", name, status, code) << name << status << code << outcome;
    };
    for (const char* name : { "taboola", "taboola, single", "outbrain", "criteo" }) {
        row(name, 400, "", "invalid");
        row(name, 404, "", "config");
        row(name, 429, "", "throttled");
        row(name, 500, "", "transient");
    }
    row("taboola", 413, "", "oversize");
    row("outbrain", 401, "", "config");
    row("criteo", 0, "UserIdentifierMissing", "invalid");
    row("criteo", 0, "AccountNotFound", "config");
    row("criteo", 307, "", "config");
    row("criteo", 413, "", "oversize");
}

void TestSimulatedClicks::everyFailureCanBeOrdered()
{
    QFETCH(QString, name);
    QFETCH(int, status);
    QFETCH(QString, code);
    QFETCH(QString, outcome);
    const std::string given = name.toStdString();
    Simulator simulator({});
    simulator.setScenario(
        {}, ordered({ .status = status, .code = code.toStdString(), .times = 1 }), momentAt({}));
    const auto outcomes = outcomesEvery(simulator, given.c_str(), 2, 1s);
    QCOMPARE(QString::fromStdString(outcomes[0]), outcome);
    QCOMPARE(outcomes[1], std::string("accepted"));
}

void TestSimulatedClicks::scenariosShowInEachPlatformsWay()
{
    const auto firstOf = [](const char* name, ScenarioKind kind) {
        Simulator simulator({ .scenario = { .kind = kind, .startedAt = kSteady } });
        return outcomesEvery(simulator, name, 1, 1s).front();
    };
    // What bulk and Outbrain are told to refuse they drop: they have no word for it.
    QCOMPARE(firstOf("taboola", ScenarioKind::SchemaRegression), std::string("accepted"));
    QCOMPARE(firstOf("criteo", ScenarioKind::SchemaRegression), std::string("invalid"));
    for (const char* name : { "taboola", "taboola, single", "outbrain", "criteo" }) {
        QCOMPARE(firstOf(name, ScenarioKind::Throttling), std::string("throttled"));
        QCOMPARE(firstOf(name, ScenarioKind::TokenExpiry), std::string("config"));
        Simulator simulator({ .scenario = { .kind = ScenarioKind::Outage, .seed = 3 } });
        int unavailable = 0;
        for (const std::string& outcome : outcomesEvery(simulator, name, 50, 1s))
            unavailable += outcome == "transient" ? 1 : 0;
        QVERIFY(unavailable > 10);
    }
}

SPILLWAY_TEST(TestSimulatedClicks)

} // namespace tst_simulated_clicks

#include "tst_simulated_clicks.moc"

#include "engine/simulator/adapter_calls.h"
#include "support/test_program.h"

namespace tst_simulator {

using namespace engine;
using namespace engine::platforms;
using namespace engine::simulator;
using namespace engine::testing;

namespace {

http::ServerResponse post(Simulator& simulator, std::string target, std::string body,
    HttpHeaders headers = {}, Moment now = momentAt({}))
{
    http::ServerRequest request;
    request.method = "POST";
    request.target = std::move(target);
    request.headers = std::move(headers);
    request.body = std::move(body);
    return simulator.handle(request, now);
}

Json jsonOf(const http::ServerResponse& reply) { return parseJson(reply.body).value_or(Json {}); }

std::string at(const http::ServerResponse& reply, std::string_view path)
{
    const Json json = jsonOf(reply);
    const Json* const value = json.at(path);
    return value != nullptr ? value->text() : std::string("absent");
}

const HttpHeaders kBasic { { "Authorization", "Basic c2l0ZTEyMzprZXk0NTY=" } };

// One Meta event with one member replaced; empty JSON takes it away.
std::string metaBody(const std::string& path, const std::string& json)
{
    Json event = *parseJson(kRichForMeta);
    Json changed = Json::object();
    for (const auto& [key, value] : event.members()) {
        if (key != path)
            changed.set(key, value);
        else if (!json.empty())
            changed.set(key, *parseJson(json));
    }
    if (!json.empty() && changed.find(path) == nullptr)
        changed.set(path, *parseJson(json));
    return "{\"data\":[" + changed.dump() + "]}";
}

} // namespace

class TestSimulator final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatTheAdaptersSendIsAccepted_data();
    void whatTheAdaptersSendIsAccepted();
    void metaRefusesEachMistakeInItsOwnShape_data();
    void metaRefusesEachMistakeInItsOwnShape();
    void customerIoRefusesEachMistakeInItsOwnShape_data();
    void customerIoRefusesEachMistakeInItsOwnShape();
    void webhooksAreRefusedWithoutIdOrSignature();
    void theWindowThrottlesAtItsBoundaryAndTheAdapterUnderstands();
    void repeatsAreKnownAndAChangedTimeIsSeen();
    void aCredentialThatIsWrongIsRefused();
    void europeansAreRedirected();
    void aRoundOfBisectionFindsTheBadRecord();
    void everyScenarioShowsItsSign_data();
    void everyScenarioShowsItsSign();
    void anExactScenarioWinsAndEndsByItself();
    void anOrderedAnswerComesForTheNextRequests();
    void anOrderedAnswerCarriesHeadersAndAStrangersBody();
    void theControlPathsAnswer();
    void theSimulatorsOwnClockMayRunFast();
    void booksAreBounded();
};

void TestSimulator::whatTheAdaptersSendIsAccepted_data()
{
    QTest::addColumn<QString>("platform");
    QTest::addColumn<QString>("payload");
    QTest::addColumn<EventType>("type");
    const auto row = [](const char* name, const char* platform, const char* payload,
                         EventType type = EventType::Track) {
        QTest::newRow(name) << platform << payload << type;
    };
    row("meta, rich", "meta", kRichPurchase);
    row("meta, minimal", "meta", kMinimal);
    row("customerio, event", "customerio", kRichPurchase);
    row("customerio, identify", "customerio", kIdentify, EventType::Identify);
    row("customerio, suppress", "customerio", kIdentify, EventType::Suppress);
    row("customerio, delete", "customerio", kIdentify, EventType::Delete);
    row("customerio, device", "customerio", kDevice);
    row("customerio, anonymous", "customerio", kAnonymous);
    row("webhook, rich", "webhook", kRichPurchase);
    row("webhook, minimal", "webhook", kMinimal);
}

void TestSimulator::whatTheAdaptersSendIsAccepted()
{
    QFETCH(QString, platform);
    QFETCH(QString, payload);
    QFETCH(EventType, type);
    Simulator simulator({});
    for (const char* api : { "v2", "v1" }) {
        DestinationConfig destination = simulatedDestination(platform.toStdString());
        destination.options["api"] = api;
        const Record record = recordFor(canonical(payload.toStdString(), type), destination);
        QCOMPARE(
            outcomesOf(deliver(simulator, { &record, 1 }, destination)), std::string("accepted"));
    }
    for (const auto& [name, stats] : simulator.stats()) {
        QVERIFY2(stats.samples.empty(), stats.samples.empty() ? "" : stats.samples[0].c_str());
        QCOMPARE(stats.violations, 0);
        QCOMPARE(stats.accepted + stats.duplicates, 2);
    }
}

void TestSimulator::metaRefusesEachMistakeInItsOwnShape_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<int>("subcode");
    const auto row = [](const char* name, const std::string& body, int subcode) {
        QTest::newRow(name) << QString::fromStdString(body) << subcode;
    };
    row("too old", metaBody("event_time", "1795132000"), 2'804'003);
    row("milliseconds", metaBody("event_time", "1795737598750"), 2'804'019);
    row("time as text", metaBody("event_time", "\"1795737598\""), 2'804'019);
    row("future", metaBody("event_time", "1795737661"), 2'804'019);
    row("no name", metaBody("event_name", ""), 2'804'001);
    row("unknown source", metaBody("action_source", "\"crm\""), 2'804'001);
    row("no address of a website", metaBody("event_source_url", ""), 2'804'001);
    row("nobody", metaBody("user_data", "{\"client_ip_address\":\"1.2.3.4\"}"), 2'804'016);
    row("plain e-mail", metaBody("user_data", "{\"em\":[\"jane.doe@example.com\"]}"), 2'804'016);
    row("hash in capitals", metaBody("user_data", "{\"em\":[\"" + std::string(64, 'A') + "\"]}"),
        2'804'016);
    row("empty list", metaBody("user_data", "{\"em\":[]}"), 2'804'001);
    row("purchase without value", metaBody("custom_data", "{\"currency\":\"EUR\"}"), 2'804'009);
    row("value as text", metaBody("custom_data", "{\"currency\":\"EUR\",\"value\":\"9\"}"),
        2'804'001);
    row("currency in lower case", metaBody("custom_data", "{\"currency\":\"eur\",\"value\":9}"),
        2'804'001);
    row("null", metaBody("referrer_url", "null"), 2'804'001);
    row("unknown member", metaBody("event_names", "\"x\""), 2'804'001);
    for (const char* member : { R"("valu":9)", R"("order_id":5)", R"("content_ids":"x")",
             R"("content_ids":[1])", R"("contents":[{"id":"a","quantity":1,"price":2}])" })
        row(member, metaBody("custom_data", std::string("{\"value\":9,") + member + '}'),
            2'804'001);
    row("short extinfo", metaBody("app_data", "{\"extinfo\":[\"i2\"]}"), 2'804'001);
    row("unknown parameter", metaBody("event_name", "\"x\"").insert(1, "\"event\":1,"), 0);
    row("no data", "{}", 0);
    row("no JSON", "{", 0);
    row("no events", "{\"data\":[]}", 0);
    std::string many = "{\"data\":[";
    for (int i = 0; i < 1'001; ++i)
        many += std::string(i == 0 ? "" : ",") + kMinimalForMeta;
    row("1,001 events", many + "]}", 0);
}

void TestSimulator::metaRefusesEachMistakeInItsOwnShape()
{
    QFETCH(QString, body);
    QFETCH(int, subcode);
    Simulator simulator({});
    const auto reply
        = post(simulator, "/v25.0/1029384756/events?access_token=t", body.toStdString());
    QCOMPARE(reply.status, 400);
    QCOMPARE(at(reply, "error.code"), std::string("100"));
    QCOMPARE(QString::fromStdString(at(reply, "error.error_subcode")),
        subcode == 0 ? QStringLiteral("absent") : QString::number(subcode));
    QVERIFY(at(reply, "error.fbtrace_id") != "absent");
    QCOMPARE(simulator.stats().at("meta/1029384756").violations, 1);
    // One bad event costs its neighbours: nothing was taken.
    QCOMPARE(simulator.stats().at("meta/1029384756").accepted, 0);
}

void TestSimulator::customerIoRefusesEachMistakeInItsOwnShape_data()
{
    QTest::addColumn<QString>("operation");
    QTest::addColumn<QString>("field");
    const auto row = [](const char* name, const std::string& operation, const char* field) {
        QTest::newRow(name) << QString::fromStdString(operation) << field;
    };
    const std::string person = "\"type\":\"person\",\"identifiers\":{\"id\":\"1\"}";
    const std::string event = '{' + person + ",\"action\":\"event\",\"name\":\"n\"";
    row("no type", "{\"action\":\"event\"}", "type");
    row("unknown action", '{' + person + ",\"action\":\"jump\"}", "action");
    row("two identifiers",
        "{\"type\":\"person\",\"action\":\"delete\",\"identifiers\":{\"id\":\"1\",\"email\":\"a@"
        "b\"}}",
        "identifiers");
    row("anonymous",
        "{\"type\":\"person\",\"action\":\"event\",\"name\":\"n\",\"identifiers\":"
        "{\"anonymous_id\":\"a\"}}",
        "identifiers");
    row("half an e-mail",
        "{\"type\":\"person\",\"action\":\"delete\",\"identifiers\":{\"email\":\"jane\"}}",
        "identifiers.email");
    row("no name", '{' + person + ",\"action\":\"event\"}", "name");
    row("id that is no ULID", event + ",\"id\":\"ord-1001\"}", "id");
    row("milliseconds", event + ",\"timestamp\":1795737598750}", "timestamp");
    row("data as list", event + ",\"attributes\":[]}", "attributes");
    row("32 kB", event + ",\"attributes\":{\"a\":\"" + std::string(32'000, 'x') + "\"}}", "");
    row("device without token", '{' + person + ",\"action\":\"add_device\",\"device\":{}}",
        "device");
    row("data for attributes", event + ",\"data\":{\"a\":1}}", "data");
    row("device's os", '{' + person + R"(,"action":"add_device","device":{"token":"t","os":1}})",
        "os");
    row("long attribute",
        '{' + person + ",\"action\":\"identify\",\"attributes\":{\"a\":\"" + std::string(1'001, 'x')
            + "\"}}",
        "attributes.a");
}

void TestSimulator::customerIoRefusesEachMistakeInItsOwnShape()
{
    QFETCH(QString, operation);
    QFETCH(QString, field);
    Simulator simulator({});
    const std::string good
        = "{\"type\":\"person\",\"action\":\"delete\",\"identifiers\":{\"id\":\"1\"}}";
    const auto reply = post(simulator, "/api/v2/batch",
        "{\"batch\":[" + good + ',' + operation.toStdString() + "]}", kBasic);
    QCOMPARE(reply.status, 207);
    QCOMPARE(jsonOf(reply).find("errors")->items().size(), std::size_t { 1 });
    QCOMPARE(at(reply, "errors.0.batch_index"), std::string("1"));
    QCOMPARE(QString::fromStdString(at(reply, "errors.0.field")), field);
    QCOMPARE(simulator.stats().at("customerio/site123").violations, 1);
    QCOMPARE(simulator.stats().at("customerio/site123").accepted, 1);
}

void TestSimulator::webhooksAreRefusedWithoutIdOrSignature()
{
    Simulator open({});
    QCOMPARE(post(open, "/webhook/w", "[{\"event_id\":\"1\"},{}]").status, 400);
    QCOMPARE(post(open, "/webhook/w", "[1]").status, 400);
    QCOMPARE(post(open, "/webhook/w", "no").status, 400);
    QCOMPARE(open.stats().at("webhook/w").violations, 3);
    QCOMPARE(post(open, "/webhook/w", "{\"event_id\":\"1\"}").status, 200);

    const std::string secret = secretsOf(simulatedDestination("webhook")).at("signing_secret");
    Simulator careful({ .platforms = { { .platform = "webhook", .secret = secret } } });
    const DestinationConfig destination = simulatedDestination("webhook");
    const Record record = recordFor(canonical(kMinimal), destination);
    HttpRequest request = requestFor({ &record, 1 }, destination);
    const auto statusAt = [&](std::chrono::nanoseconds since) {
        return exchange(careful, request, momentAt(since))->status;
    };
    QCOMPARE(statusAt(0s), 200);
    QCOMPARE(statusAt(300s), 200);
    QCOMPARE(statusAt(301s), 401); // a recorded request that somebody sends again
    request.body += ' ';
    QCOMPARE(statusAt(0s), 401);
}

// 1,000 events a minute in batches of 100: the eleventh batch is throttled until the first is a
// minute old, to the nanosecond.
void TestSimulator::theWindowThrottlesAtItsBoundaryAndTheAdapterUnderstands()
{
    Simulator simulator({});
    const DestinationConfig destination = simulatedDestination("meta");
    std::vector<Record> batch;
    for (int i = 0; i < 100; ++i)
        batch.push_back(recordFor(numberedEvent(i), destination));
    for (int i = 0; i < 10; ++i)
        QCOMPARE(
            toString(deliver(simulator, batch, destination, momentAt(i * 1s)).request), "accepted");
    const Decoded early = deliver(simulator, batch, destination, momentAt(60s - 1ns));
    QCOMPARE(toString(early.request), "throttled");
    QCOMPARE(early.hint.retryAfter, std::optional<Millis>(1min));
    QCOMPARE(early.hint.source, std::string("X-Business-Use-Case-Usage"));
    QCOMPARE(toString(deliver(simulator, batch, destination, momentAt(60s)).request), "accepted");
    const AccountStats stats = simulator.stats().at("meta/1029384756");
    QCOMPARE(stats.throttledByWindow, 1);
    QCOMPARE(stats.accepted, 100);
    QCOMPARE(stats.duplicates, 1'000);

    // Customer.io counts requests, names no delay, and answers 429.
    const DestinationConfig crm = simulatedDestination("customerio");
    const Record record = recordFor(numberedEvent(1), crm);
    for (int i = 0; i < 100; ++i)
        QCOMPARE(toString(deliver(simulator, { &record, 1 }, crm).request), "accepted");
    const Decoded tooMany = deliver(simulator, { &record, 1 }, crm, momentAt(1s - 1ns));
    QCOMPARE(toString(tooMany.request), "throttled");
    QVERIFY(!tooMany.hint.retryAfter);
    QCOMPARE(toString(deliver(simulator, { &record, 1 }, crm, momentAt(1s)).request), "accepted");
}

void TestSimulator::repeatsAreKnownAndAChangedTimeIsSeen()
{
    for (const char* platform : { "meta", "customerio", "webhook" }) {
        Simulator simulator({});
        const DestinationConfig destination = simulatedDestination(platform);
        const CanonicalEvent event = canonical(kRichPurchase);
        const Record record = recordFor(event, destination);
        QCOMPARE(toString(deliver(simulator, { &record, 1 }, destination).request), "accepted");
        QCOMPARE(toString(deliver(simulator, { &record, 1 }, destination).request), "accepted");
        const auto all = simulator.stats();
        QCOMPARE(all.size(), std::size_t { 1 });
        QCOMPARE(all.begin()->second.accepted, 1);
        QCOMPARE(all.begin()->second.duplicates, 1);
        const std::string account = all.begin()->first.substr(std::string(platform).size() + 1);
        const auto entries = simulator.accepted(platform, account);
        QCOMPARE(entries.size(), std::size_t { 1 });
        QCOMPARE(entries[0].copies, 2);
        QVERIFY(!entries[0].hasChangedTime);
        QVERIFY(!entries[0].eventTime.empty());

        Record later = record; // the same event with another time: its identity is lost
        const auto digit = later.body.find(entries[0].eventTime) + entries[0].eventTime.size() - 1;
        later.body[digit] = later.body[digit] == '1' ? '2' : '1';
        deliver(simulator, { &later, 1 }, destination);
        QVERIFY2(simulator.accepted(platform, account)[0].hasChangedTime, platform);
    }
}

void TestSimulator::aCredentialThatIsWrongIsRefused()
{
    Simulator simulator({ .platforms
        = { { .platform = "meta", .accounts = { "1029384756" }, .secret = "the right one" },
            { .platform = "customerio", .secret = "the right one" } } });
    for (const char* platform : { "meta", "customerio" }) {
        const DestinationConfig destination = simulatedDestination(platform);
        const Record record = recordFor(canonical(kRichPurchase), destination);
        QCOMPARE(toString(deliver(simulator, { &record, 1 }, destination).request), "auth");
    }
    QCOMPARE(post(simulator, "/meta/1029384756/events", "{}").status / 100, 4);
    QCOMPARE(
        at(post(simulator, "/meta/1029384756/events", "{}"), "error.code"), std::string("190"));
    // Another dataset is no question of the token.
    DestinationConfig stranger = simulatedDestination("meta");
    stranger.account = "99999999";
    const Record record = recordFor(canonical(kRichPurchase), stranger);
    QCOMPARE(toString(deliver(simulator, { &record, 1 }, stranger).request), "config");
}

void TestSimulator::europeansAreRedirected()
{
    Simulator simulator(
        { .platforms = { { .platform = "customerio", .europeans = { "site123" } } } });
    DestinationConfig destination = simulatedDestination("customerio");
    const Record record = recordFor(canonical(kRichPurchase), destination);
    const auto answer = exchange(simulator, requestFor({ &record, 1 }, destination), momentAt({}));
    QCOMPARE(answer->status, 301);
    QCOMPARE(std::string(answer->header("Location").value_or("")),
        std::string("/customerio-eu/api/v2/batch"));
    QCOMPARE(toString(deliver(simulator, { &record, 1 }, destination).request), "config");
    destination.endpoint = "http://127.0.0.1:9100/customerio-eu";
    QCOMPARE(toString(deliver(simulator, { &record, 1 }, destination).request), "accepted");
}

// Halves of a refused batch, until each bad record stands alone: the others all arrive.
void TestSimulator::aRoundOfBisectionFindsTheBadRecord()
{
    Scenario scenario { .kind = ScenarioKind::PartialFailures, .seed = 4 };
    Simulator simulator({ .platforms = { { .platform = "meta" } }, .scenario = scenario });
    const DestinationConfig destination = simulatedDestination("meta");
    std::vector<Record> all;
    std::size_t bad = 0;
    for (int i = 0; i < 512; ++i) {
        all.push_back(recordFor(numberedEvent(i), destination));
        bad += isBadRecord(scenario.seed, "e-" + std::to_string(i), 5) ? 1 : 0;
    }
    QVERIFY(bad > 0 && bad < 20);
    std::size_t invalid = 0;
    std::size_t requests = 0;
    std::vector<std::span<const Record>> waiting { all };
    while (!waiting.empty()) {
        const auto part = waiting.back();
        waiting.pop_back();
        ++requests;
        const Decoded decoded = deliver(simulator, part, destination);
        if (decoded.isBatchSuspect) {
            waiting.push_back(part.first(part.size() / 2));
            waiting.push_back(part.subspan(part.size() / 2));
        } else if (decoded.request == Outcome::Invalid) {
            QCOMPARE(part.size(), std::size_t { 1 });
            ++invalid;
        }
    }
    QCOMPARE(invalid, bad);
    QCOMPARE(simulator.stats().at("meta/1029384756").accepted,
        static_cast<std::int64_t>(all.size() - bad));
    QVERIFY(requests <= 2 * bad * 9 + 1); // 2k·log2(n) + 1
}

void TestSimulator::everyScenarioShowsItsSign_data()
{
    QTest::addColumn<QString>("scenario");
    QTest::addColumn<QString>("sign"); // an outcome that must appear among 200 requests
    QTest::newRow("calm") << "calm"
                          << "accepted";
    QTest::newRow("sale") << "sale"
                          << "transient";
    QTest::newRow("throttling") << "throttling"
                                << "throttled";
    QTest::newRow("outage, errors") << "outage"
                                    << "transient";
    QTest::newRow("outage, silence") << "outage"
                                     << "unknown";
    QTest::newRow("slow") << "slow"
                          << "accepted";
    QTest::newRow("partial failures") << "partial_failures"
                                      << "invalid";
    QTest::newRow("schema regression") << "schema_regression"
                                       << "invalid";
    QTest::newRow("token expiry") << "token_expiry"
                                  << "auth";
}

void TestSimulator::everyScenarioShowsItsSign()
{
    QFETCH(QString, scenario);
    QFETCH(QString, sign);
    const auto kind = parseScenario(scenario.toStdString());
    QVERIFY(kind.has_value());
    for (const char* platform : { "meta", "customerio", "webhook" }) {
        Simulator simulator({ .platforms = { { .platform = platform } },
            .scenario = { .kind = *kind, .seed = 3 } });
        const DestinationConfig destination = simulatedDestination(platform);
        int seen = 0;
        int accepted = 0;
        for (int i = 0; i < 400; ++i) {
            const Record record = recordFor(numberedEvent(i, "Order Completed"), destination);
            // A request every 50 ms keeps within every limit.
            const std::string outcome
                = outcomesOf(deliver(simulator, { &record, 1 }, destination, momentAt(i * 50ms)));
            seen += outcome == sign.toStdString() ? 1 : 0;
            accepted += outcome == "accepted" ? 1 : 0;
        }
        QVERIFY2(seen > 0, platform);
        QCOMPARE(simulator.stats().begin()->second.violations, 0);
        const bool isHarmless = *kind == ScenarioKind::Calm || *kind == ScenarioKind::Slow;
        QCOMPARE(accepted == 400, isHarmless);
        if (*kind == ScenarioKind::Slow)
            QVERIFY(exchange(simulator,
                        requestFor(
                            std::vector { recordFor(numberedEvent(0), destination) }, destination),
                        momentAt(1h))
                        ->latency
                >= 2s);
    }
}

void TestSimulator::anExactScenarioWinsAndEndsByItself()
{
    Simulator simulator({});
    simulator.setScenario(
        { .platform = "meta" }, { .kind = ScenarioKind::TokenExpiry }, momentAt({}));
    simulator.setScenario({ .platform = "meta", .account = "1029384756" },
        { .kind = ScenarioKind::Calm }, momentAt({}));
    QCOMPARE(simulator.scenarioFor("meta", "55555").kind, ScenarioKind::TokenExpiry);
    QCOMPARE(simulator.scenarioFor("meta", "1029384756").kind, ScenarioKind::Calm);
    QCOMPARE(simulator.scenarioFor("webhook", "w").kind, ScenarioKind::Calm);

    simulator.setScenario({}, { .kind = ScenarioKind::TokenExpiry, .duration = 60s }, momentAt({}));
    QCOMPARE(simulator.scenarioFor("meta", "1029384756").kind, ScenarioKind::TokenExpiry);
    const DestinationConfig destination = simulatedDestination("meta");
    const Record record = recordFor(canonical(kRichPurchase), destination);
    const auto outcomeAt = [&](std::chrono::nanoseconds since) {
        return std::string(
            toString(deliver(simulator, { &record, 1 }, destination, momentAt(since)).request));
    };
    QCOMPARE(outcomeAt(60s - 1ns), std::string("auth"));
    QCOMPARE(outcomeAt(60s), std::string("accepted"));
}

// Meta answers two requests with code 4 as 403 and is calm again; the order counts per account.
void TestSimulator::anOrderedAnswerComesForTheNextRequests()
{
    Simulator simulator({});
    const auto order = [&](const char* answer) {
        return post(simulator, "/__sim/scenario",
            std::string("{\"scenario\":\"calm\",\"platform\":\"meta\",\"answer\":") + answer + '}')
            .status;
    };
    QCOMPARE(order("{\"status\":403,\"code\":\"4\",\"message\":\"slow down\","
                   "\"retry_after\":\"30\",\"times\":2}"),
        200);
    DestinationConfig destination = simulatedDestination("meta");
    const Record record = recordFor(canonical(kRichPurchase), destination);
    for (const char* account : { "1029384756", "55555" }) {
        destination.account = account;
        for (const char* expected : { "throttled", "throttled", "accepted" }) {
            const Decoded decoded = deliver(simulator, { &record, 1 }, destination);
            QCOMPARE(toString(decoded.request), expected);
            if (decoded.request == Outcome::Throttled)
                QCOMPARE(decoded.hint.retryAfter, std::optional<Millis>(30s));
        }
        QCOMPARE(simulator.stats().at(std::string("meta/") + account).scripted, 2);
    }
    QCOMPARE(order("{\"code\":\"100/2804003\"}"), 200); // for good
    for (int i = 0; i < 5; ++i)
        QCOMPARE(
            toString(deliver(simulator, { &record, 1 }, destination, momentAt(i * 1s)).request),
            "invalid");
    for (const char* bad : { "[]", "{\"status\":99}", "{\"times\":-1}", "{\"times\":\"x\"}",
             "{\"retry_after\":\"a\\r\\nb\"}", "{\"headers\":[]}", "{\"headers\":{\"a\":1}}",
             "{\"headers\":{\"a\":\"x\\r\\ny\"}}" })
        QCOMPARE(order(bad), 400);
}

// Three minutes to regain access, in Meta's usage header; then a proxy speaks in its place.
void TestSimulator::anOrderedAnswerCarriesHeadersAndAStrangersBody()
{
    Simulator simulator({});
    const DestinationConfig destination = simulatedDestination("meta");
    const Record record = recordFor(canonical(kRichPurchase), destination);
    ScriptedAnswer answer { .code = "80004" };
    answer.headers = { { "X-Business-Use-Case-Usage",
        "{\"1\":[{\"call_count\":100,\"estimated_time_to_regain_access\":3}]}" } };
    simulator.setScenario({}, { .answer = answer }, momentAt({}));
    const Decoded throttled = deliver(simulator, { &record, 1 }, destination);
    QCOMPARE(toString(throttled.request), "throttled");
    QCOMPARE(throttled.hint.retryAfter, std::optional<Millis>(3min));

    simulator.setScenario({},
        { .answer = ScriptedAnswer { .status = 502, .body = "<html>Bad Gateway</html>" } },
        momentAt({}));
    QCOMPARE(toString(deliver(simulator, { &record, 1 }, destination).request), "transient");
}

void TestSimulator::theControlPathsAnswer()
{
    Simulator simulator({});
    const DestinationConfig destination = simulatedDestination("meta");
    const Record record = recordFor(canonical(kRichPurchase), destination);
    deliver(simulator, { &record, 1 }, destination);
    const auto get = [&](const char* target) {
        http::ServerRequest request;
        request.method = "GET";
        request.target = target;
        return simulator.handle(request, momentAt({}));
    };
    const auto stats = get("/__sim/stats");
    QCOMPARE(at(stats, "accounts.0.account"), std::string("1029384756"));
    QCOMPARE(at(stats, "accounts.0.accepted"), std::string("1"));
    QCOMPARE(at(stats, "accounts.0.violations"), std::string("0"));
    const auto accepted = get("/__sim/accepted?platform=meta&account=1029384756");
    QCOMPARE(at(accepted, "events.0.id"), std::string("ord-1001"));
    QCOMPARE(at(accepted, "events.0.event_time"), std::string("1795737598"));
    QCOMPARE(at(accepted, "next"), std::string("1"));
    QCOMPARE(get("/__sim/other").status, 404);

    QCOMPARE(post(simulator, "/__sim/scenario",
                 "{\"scenario\":\"outage\",\"platform\":\"meta\",\"seed\":7,\"for\":\"60s\"}")
                 .status,
        200);
    QCOMPARE(simulator.scenarioFor("meta", "1").kind, ScenarioKind::Outage);
    QCOMPARE(simulator.scenarioFor("meta", "1").seed, std::uint64_t { 7 });
    QCOMPARE(simulator.scenarioFor("meta", "1").duration, Millis { 60'000 });
    for (const char* bad :
        { "", "{}", "{\"scenario\":\"storm\"}", "{\"scenario\":\"calm\",\"platform\":\"fax\"}",
            "{\"scenario\":\"calm\",\"account\":\"1\"}",
            "{\"scenario\":\"calm\",\"for\":\"soon\"}" })
        QCOMPARE(post(simulator, "/__sim/scenario", bad).status, 400);
}

// 500 ppm fast: a minute of the platform is over 30 ms before ours.
void TestSimulator::theSimulatorsOwnClockMayRunFast()
{
    Simulator simulator(
        { .platforms = { { .platform = "webhook",
              .windows = { { .unit = LimitUnit::Events, .amount = 1, .period = 60s } } } },
            .clockRate = 1.0005 });
    const DestinationConfig destination = simulatedDestination("webhook");
    const Record record = recordFor(canonical(kMinimal), destination);
    const auto outcomeAt = [&](std::chrono::nanoseconds since) {
        return outcomesOf(deliver(simulator, { &record, 1 }, destination, momentAt(since)));
    };
    QCOMPARE(outcomeAt(0s), std::string("accepted"));
    QCOMPARE(outcomeAt(59'970ms), std::string("throttled")); // 59.999985 s over there
    QCOMPARE(outcomeAt(59'971ms), std::string("accepted"));
}

void TestSimulator::booksAreBounded()
{
    Simulator simulator({ .platforms = { { .platform = "webhook" } }, .ledgerMax = 3 });
    const auto send = [&](const std::string& account, int id) {
        post(simulator, "/webhook/" + account, "{\"event_id\":\"" + std::to_string(id) + "\"}");
    };
    for (int id = 0; id < 5; ++id)
        send("w", id);
    send("w", 4); // still known
    send("w", 0); // forgotten: new again
    const auto kept = simulator.accepted("webhook", "w");
    QCOMPARE(kept.size(), std::size_t { 3 });
    QCOMPARE(kept.back().id, std::string("0"));
    QCOMPARE(simulator.stats().at("webhook/w").duplicates, 1);
    QCOMPARE(simulator.stats().at("webhook/w").accepted, 6);
    for (int account = 0; account < 10'010; ++account)
        send("invented" + std::to_string(account), 1);
    QVERIFY(simulator.stats().size() <= 10'001);
}

SPILLWAY_TEST(TestSimulator)

} // namespace tst_simulator

#include "tst_simulator.moc"

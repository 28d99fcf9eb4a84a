// The simulated Pinterest, Snapchat and Reddit against their adapters.
#include "engine/platforms/ad_samples.h"
#include "engine/simulator/adapter_calls.h"
#include "support/test_program.h"

#include <deque>
#include <set>

namespace tst_ad_models {

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

const HttpHeaders kToken { { "Authorization", "Bearer t" }, { "User-Agent", "test/1" } };

struct Address {
    const char* name { nullptr };
    const char* target { nullptr };
    const char* before { nullptr };
    const char* after { nullptr };
};
constexpr Address kAddresses[] {
    { "pinterest", "/pinterest/ad_accounts/549755885175/events", "{\"data\":[", "]}" },
    { "snapchat", "/snapchat/0f6d5a3e-1111/events", "{\"data\":[", "]}" },
    { "reddit", "/reddit/pixels/t2_abc123/conversion_events", "{\"data\":{\"events\":[", "]}}" },
    { "reddit, v2", "/reddit/conversions/events/t2_abc123", "{\"events\":[", "]}" },
};

const Address& addressOf(const QString& name)
{
    return *std::find_if(std::begin(kAddresses), std::end(kAddresses),
        [&](const Address& address) { return name == QLatin1String(address.name); });
}

// The payload of kRichPurchase with the value at `path` replaced; empty JSON takes it away.
std::string changedRecord(const QString& name, const std::string& path, const std::string& json)
{
    const DestinationConfig destination = simulatedDestination(name.toStdString());
    const Json whole = *parseJson(recordFor(canonical(kRichPurchase), destination).body);
    const auto dot = path.find('.');
    const std::string key = path.substr(0, dot);
    const auto without = [](const Json& object, const std::string& gone) {
        Json kept = Json::object();
        for (const auto& [each, value] : object.members()) {
            if (each != gone)
                kept.set(each, value);
        }
        return kept;
    };
    if (dot == std::string::npos) {
        Json changed = without(whole, key);
        if (!json.empty())
            changed.set(key, *parseJson(json));
        return changed.dump();
    }
    Json inner = without(*whole.find(key), path.substr(dot + 1));
    if (!json.empty())
        inner.set(path.substr(dot + 1), *parseJson(json));
    Json changed = whole;
    changed.set(key, std::move(inner));
    return changed.dump();
}

AccountStats onlyStats(const Simulator& simulator)
{
    const auto all = simulator.stats();
    return all.size() == 1 ? all.begin()->second : AccountStats {};
}

// Bisects and resends as the engine does, until every record is accepted or invalid.
struct Round {
    std::size_t accepted { 0 };
    std::size_t invalid { 0 };
    std::size_t requests { 0 };
};
Round deliverAll(
    Simulator& simulator, std::vector<Record> all, const DestinationConfig& destination)
{
    Round round;
    std::deque<std::vector<Record>> waiting { std::move(all) };
    while (!waiting.empty() && round.requests < 5'000) {
        const std::vector<Record> part = std::move(waiting.front());
        waiting.pop_front();
        ++round.requests;
        const auto now = momentAt(round.requests * 100ms); // keeps within every limit
        const Decoded decoded = deliver(simulator, part, destination, now);
        if (decoded.isBatchSuspect) {
            const auto middle = part.begin() + std::ssize(part) / 2;
            waiting.emplace_back(part.begin(), middle);
            waiting.emplace_back(middle, part.end());
            continue;
        }
        std::vector<Record> again;
        for (std::size_t i = 0; i < part.size(); ++i) {
            round.accepted += decoded.records[i].outcome == Outcome::Accepted ? 1 : 0;
            round.invalid += decoded.records[i].outcome == Outcome::Invalid ? 1 : 0;
            if (decoded.records[i].isNotAtFault)
                again.push_back(part[i]);
        }
        if (!again.empty())
            waiting.push_back(std::move(again));
    }
    return round;
}

} // namespace

class TestAdModels final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatTheAdaptersSendIsAcceptedAndKnownAgain_data();
    void whatTheAdaptersSendIsAcceptedAndKnownAgain();
    void eachMistakeIsRefused_data();
    void eachMistakeIsRefused();
    void brokenRequestsAreRefusedInThePlatformsShape_data();
    void brokenRequestsAreRefusedInThePlatformsShape();
    void anyWayToSendTheTokenIsTakenAndAWrongOneIsNot();
    void aTestIsLookedAtAndNotRecorded();
    void everyRecordOfAPartialFailureFindsItsEnd_data();
    void everyRecordOfAPartialFailureFindsItsEnd();
    void everyScenarioShowsItsSign_data();
    void everyScenarioShowsItsSign();
    void orderedFailuresAreUnderstood_data();
    void orderedFailuresAreUnderstood();
    void pinterestsHeadersSayWhatIsLeft();
    void redditsHeadersSayWhatIsLeft();
    void snapchatThrottlesWithoutAWord();
    void redditThrottlesInThreeForms();
    void aPathAloneTellsThePlatform();
};

void TestAdModels::whatTheAdaptersSendIsAcceptedAndKnownAgain_data()
{
    QTest::addColumn<QString>("name");
    for (const Address& address : kAddresses)
        QTest::newRow(address.name) << QString::fromUtf8(address.name);
}

void TestAdModels::whatTheAdaptersSendIsAcceptedAndKnownAgain()
{
    QFETCH(QString, name);
    Simulator simulator({});
    const DestinationConfig destination = simulatedDestination(name.toStdString());
    std::vector<Record> records;
    for (const char* payload : { kRichPurchase, kMinimalLead, kAppPurchase })
        records.push_back(
            recordFor(changedEvent(payload, "user", "{\"email\":\"a@b.example\",\"gender\":\"F\"}"),
                destination));
    for (int i = 0; i < 2; ++i)
        QCOMPARE(outcomesOf(deliver(simulator, records, destination)),
            std::string("accepted accepted accepted"));
    const AccountStats stats = onlyStats(simulator);
    QVERIFY2(stats.samples.empty(), stats.samples.empty() ? "" : stats.samples[0].c_str());
    QCOMPARE(stats.violations, 0);
    QCOMPARE(stats.accepted, 3);
    QCOMPARE(stats.duplicates, 3);
}

void TestAdModels::eachMistakeIsRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("json");
    const auto row = [](const char* name, const char* path, const std::string& json) {
        QTest::addRow("%s: %s = %.30s", name, path, json.empty() ? "none" : json.c_str())
            << name << path << QString::fromStdString(json);
    };
    const std::string capitals = "[\"" + std::string(64, 'A') + "\"]";
    for (const char* name : { "pinterest", "snapchat" }) {
        for (const char* time : { "1795737598750000", "\"1795737598\"", "1795737900", "1.5" })
            row(name, "event_time", time);
        row(name, "event_name", "\"Purchase\"");
        row(name, "event_id", "");
        row(name, "event_id", "\"\"");
        row(name, "action_source", "\"website\"");
        row(name, "user_data", "{}");
        row(name, "user_data.em", "[\"jane.doe@example.com\"]");
        row(name, "user_data.em", capitals);
        row(name, "user_data.em", "[]");
        row(name, "user_data.fbp", "\"x\"");
        row(name, "custom_data.value", "99.9");
        row(name, "custom_data.currency", "\"eur\"");
        row(name, "custom_data.contents", "[{\"id\":\"a\",\"quantity\":true}]");
        row(name, "event_source_url", "null");
        row(name, "event_source_url", "5");
        row(name, "valu", "1");
        row(name, "custom_data.valu", "\"1\"");
        row(name, "custom_data.order_id", "5");
        row(name, "custom_data.content_ids", "\"x\"");
        row(name, "custom_data.content_ids", "[5]");
        row(name, "custom_data.contents", "\"x\"");
        row(name, "custom_data.search_string", "[\"tea\"]");
    }
    row("pinterest", "opt_out", "\"false\"");
    row("pinterest", "language", "5");
    row("pinterest", "custom_data.contents", "[{\"id\":\"a\",\"quantity\":1,\"brand\":\"T\"}]");
    row("snapchat", "data_processing_options", "\"LDU\"");
    row("snapchat", "app_data", "{\"os\":\"i2\"}");
    row("snapchat", "custom_data.contents",
        "[{\"id\":\"a\",\"quantity\":\"1\",\"item_name\":\"T\"}]");
    row("pinterest", "event_time", "1795132799"); // a second over 7 days
    row("pinterest", "custom_data.num_items", "\"3\"");
    row("snapchat", "event_time", "1792540799"); // a second over 37 days
    row("snapchat", "custom_data.value", "");
    row("snapchat", "event_source_url", "");
    row("snapchat", "custom_data.num_items", "3");
    row("snapchat", "app_data", "{\"extinfo\":[\"i2\"]}");
    for (const char* name : { "reddit", "reddit, v2" }) {
        row(name, "user", "{}");
        row(name, "user", "{\"ip_address\":\"203.0.113.9\",\"user_agent\":\"M\"}");
        row(name, "user.email", capitals);
        row(name, "user.fbp", "\"x\"");
        row(name, "click_id", "\"\"");
        row(name, "value", "1");
        row(name, "click_id", "5");
        row(name, "user.data_processing_options", "[\"LDU\"]");
        row(name, "user.data_processing_options", "{\"modes\":\"LDU\"}");
        row(name, "user.data_processing_options", "{\"mode\":[\"LDU\"]}");
        row(name, "user.screen_dimensions", "{\"width\":\"1920\"}");
        const std::string metadata
            = name == std::string_view("reddit") ? "metadata." : "event_metadata.";
        for (const auto& [member, json] :
            { std::pair("valu", "1"), std::pair("conversion_id", "5"), std::pair("products", "{}"),
                std::pair("products", "[{\"id\":\"a\",\"quantity\":1,\"price\":1}]"),
                std::pair("products", "[{\"id\":5,\"quantity\":1}]") })
            row(name, (metadata + member).c_str(), json);
    }
    row("reddit", "type.name", "\"x\"");
    row("reddit, v2", "event_type.name", "\"x\"");
    row("reddit", "event_at", "1795737598"); // seconds
    row("reddit", "event_at", "\"2026-11-26T23:59:58Z\"");
    row("reddit", "event_at", "1795737901000"); // more than five minutes ahead
    row("reddit", "event_at", "1795132798000");
    row("reddit", "type.tracking_type", "\"Purchase\"");
    row("reddit", "type.tracking_type", "\"CUSTOM\""); // without its name
    row("reddit", "type.custom_event_name", "\"x\"");
    row("reddit", "action_source", "\"website\"");
    row("reddit", "metadata.value", "\"99.90\"");
    row("reddit", "metadata.currency", "\"euro\"");
    row("reddit", "metadata.item_count", "\"3\"");
    row("reddit, v2", "event_at", "1795737598750");
    row("reddit, v2", "event_type.tracking_type", "\"PURCHASE\"");
    row("reddit, v2", "event_metadata.value_decimal", "\"99.90\"");
    row("reddit, v2", "action_source", "\"WEBSITE\"");
}

void TestAdModels::eachMistakeIsRefused()
{
    QFETCH(QString, name);
    QFETCH(QString, path);
    QFETCH(QString, json);
    Simulator simulator({});
    const Address& address = addressOf(name);
    const std::string record = changedRecord(name, path.toStdString(), json.toStdString());
    const auto reply
        = post(simulator, address.target, address.before + record + address.after, kToken);
    QCOMPARE(reply.status, name == u"pinterest" ? 422 : 400);
    QCOMPARE(onlyStats(simulator).violations, 1);
    QCOMPARE(onlyStats(simulator).accepted, 0);
}

void TestAdModels::brokenRequestsAreRefusedInThePlatformsShape_data()
{
    whatTheAdaptersSendIsAcceptedAndKnownAgain_data();
}

void TestAdModels::brokenRequestsAreRefusedInThePlatformsShape()
{
    QFETCH(QString, name);
    const Address& address = addressOf(name);
    const char* sign = name == u"pinterest" ? "code" : name == u"snapchat" ? "reason" : "message";
    for (const std::string& body :
        { std::string(), std::string("{"), std::string("[]"), std::string("{}"),
            std::string(address.before) + address.after, std::string("{\"data\":{}}"),
            address.before + changedRecord(name, "none", "") + "],\"event\":1"
                + (address.after + 1) }) {
        Simulator simulator({});
        const auto reply = post(simulator, address.target, body, kToken);
        QCOMPARE(reply.status, 400);
        QVERIFY(parseJson(reply.body)->find(sign) != nullptr);
        QCOMPARE(onlyStats(simulator).violations, 1);
    }
    Simulator simulator({});
    std::string many = address.before;
    for (int i = 0; i < 2'001; ++i)
        many += i == 0 ? "{}" : ",{}";
    const auto reply = post(simulator, address.target, many + address.after, kToken);
    QCOMPARE(reply.status, name.startsWith(u"reddit") ? 413 : 400);
    // The adapter understands it: too large, or, where the platform does not say so, at fault.
    const DestinationConfig destination = simulatedDestination(name.toStdString());
    HttpAnswer answer = answerOf(reply.status, reply.body);
    const Decoded decoded
        = adapterFor(destination.platform)
              ->decode(answer, std::vector<Record>(2'001), contextOf(destination));
    QCOMPARE(toString(decoded.request), name == u"pinterest" ? "invalid" : "oversize");
    QCOMPARE(post(simulator, std::string(address.target) + "/x", "{}", kToken).status, 404);
}

void TestAdModels::anyWayToSendTheTokenIsTakenAndAWrongOneIsNot()
{
    for (const char* name : { "pinterest", "snapchat", "reddit" }) {
        const DestinationConfig known = simulatedDestination(name);
        Simulator simulator({ .platforms = { { .platform = known.platform,
                                  .accounts = { known.account },
                                  .secret = "token-1" } } });
        const Record record = recordFor(canonical(kRichPurchase), known);
        for (const char* auth : { "query", "bearer" }) {
            DestinationConfig destination = known;
            destination.options["auth"] = auth;
            QCOMPARE(outcomesOf(deliver(simulator, { &record, 1 }, destination)),
                std::string("accepted"));
        }
        DestinationConfig stranger = known;
        stranger.account = std::string(name) == "pinterest" ? "999999" : "stranger-1";
        QCOMPARE(outcomesOf(deliver(simulator, { &record, 1 }, stranger)), std::string("config"));

        Simulator other({ .platforms = { { .platform = known.platform, .secret = "another" } } });
        for (int i = 0; i < 4; ++i) // Reddit has two ways to say it
            QCOMPARE(outcomesOf(deliver(other, { &record, 1 }, known)), std::string("auth"));
        QCOMPARE(onlyStats(other).unauthorized, 4);
    }
}

void TestAdModels::aTestIsLookedAtAndNotRecorded()
{
    for (const char* name : { "pinterest", "snapchat", "reddit", "reddit, v2" }) {
        Simulator simulator({});
        DestinationConfig destination = simulatedDestination(name);
        destination.options["test_id"] = "t2_test";
        const Adapter* const adapter = adapterFor(destination.platform);
        QVERIFY(adapter->liveCheck(destination).kind != LiveCheck::Kind::None);
        EncodeContext context = contextOf(destination);
        context.isLiveCheck = true;
        const Record record = recordFor(canonical(kRichPurchase), destination);
        const auto request = adapter->request({ &record, 1 }, context, secretsOf(destination));
        const Exchange answer = exchange(simulator, *request, momentAt({}));
        QVERIFY(answer.has_value());
        QCOMPARE(toString(adapter->decode(*answer, { &record, 1 }, context).request), "accepted");
        QCOMPARE(onlyStats(simulator).records, 1);
        QCOMPARE(onlyStats(simulator).accepted, 0);
        QCOMPARE(onlyStats(simulator).violations, 0);
    }
}

void TestAdModels::everyRecordOfAPartialFailureFindsItsEnd_data()
{
    whatTheAdaptersSendIsAcceptedAndKnownAgain_data();
}

// Whichever of its forms the platform chooses: named places, echoes, or not a word.
void TestAdModels::everyRecordOfAPartialFailureFindsItsEnd()
{
    QFETCH(QString, name);
    const DestinationConfig destination = simulatedDestination(name.toStdString());
    for (const std::uint64_t seed : { 1, 2, 3, 4, 5 }) {
        Simulator simulator({ .platforms = { { .platform = destination.platform } },
            .scenario = { .kind = ScenarioKind::PartialFailures, .seed = seed } });
        std::vector<Record> all;
        std::size_t bad = 0;
        for (int i = 0; i < 200; ++i) {
            all.push_back(recordFor(numberedEvent(i, "Order Completed"), destination));
            bad += isBadRecord(seed, "e-" + std::to_string(i), 50) ? 1 : 0;
        }
        QVERIFY(bad > 0);
        const Round round = deliverAll(simulator, std::move(all), destination);
        QVERIFY2(round.invalid == bad,
            ("seed " + std::to_string(seed) + ": " + std::to_string(round.invalid)).c_str());
        QCOMPARE(round.accepted, 200 - bad);
        QCOMPARE(onlyStats(simulator).accepted, static_cast<std::int64_t>(200 - bad));
        QCOMPARE(onlyStats(simulator).duplicates, 0);
    }
}

void TestAdModels::everyScenarioShowsItsSign_data()
{
    QTest::addColumn<QString>("scenario");
    QTest::addColumn<QString>("sign"); // an outcome that must appear among 400 requests
    const auto row = [](const char* scenario, const char* sign) {
        QTest::addRow("%s, %s", scenario, sign) << scenario << sign;
    };
    row("calm", "accepted");
    row("sale", "transient");
    row("throttling", "throttled");
    row("outage", "transient");
    row("outage", "unknown");
    row("slow", "accepted");
    row("partial_failures", "invalid");
    row("schema_regression", "invalid");
    row("token_expiry", "auth");
}

void TestAdModels::everyScenarioShowsItsSign()
{
    QFETCH(QString, scenario);
    QFETCH(QString, sign);
    const auto kind = parseScenario(scenario.toStdString());
    QVERIFY(kind.has_value());
    for (const Address& address : kAddresses) {
        const DestinationConfig destination = simulatedDestination(address.name);
        Simulator simulator({ .platforms = { { .platform = destination.platform } },
            .scenario = { .kind = *kind, .seed = 3 } });
        int seen = 0;
        for (int i = 0; i < 400; ++i) {
            const Record record = recordFor(numberedEvent(i, "Order Completed"), destination);
            const std::string outcome
                = outcomesOf(deliver(simulator, { &record, 1 }, destination, momentAt(i * 50ms)));
            seen += outcome == sign.toStdString() ? 1 : 0;
        }
        QVERIFY2(seen > 0, address.name);
        QCOMPARE(onlyStats(simulator).violations, 0);
        const bool isHarmless = *kind == ScenarioKind::Calm || *kind == ScenarioKind::Slow;
        QCOMPARE(seen == 400,
            isHarmless || *kind == ScenarioKind::TokenExpiry
                || *kind == ScenarioKind::SchemaRegression);
    }
}

void TestAdModels::orderedFailuresAreUnderstood_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("answer");
    QTest::addColumn<QString>("outcome");
    const auto row = [](const char* name, const char* answer, const char* outcome) {
        QTest::addRow("%s %s", name, answer) << name << answer << outcome;
    };
    row("pinterest", "{\"code\":\"4196\"}", "invalid");
    row("pinterest", "{\"code\":\"2\"}", "auth");
    row("pinterest", "{\"code\":\"3\"}", "config");
    row("pinterest", "{\"code\":\"29\"}", "config");
    row("pinterest", "{\"code\":\"8\"}", "throttled");
    row("pinterest", "{\"code\":\"4197\"}", "transient");
    row("pinterest", "{\"status\":500,\"code\":\"11\"}", "transient");
    row("pinterest", "{\"status\":413}", "oversize");
    row("pinterest", "{\"status\":200}", "unknown");
    row("snapchat", "{\"message\":\"PII not hashed\"}", "invalid");
    row("snapchat", "{\"message\":\"a request may hold 2000 events\"}", "oversize");
    row("snapchat", "{\"status\":401}", "auth");
    row("snapchat", "{\"status\":403}", "config");
    row("snapchat", "{\"status\":404}", "config");
    row("snapchat", "{\"status\":429}", "throttled");
    row("snapchat", "{\"status\":500}", "transient");
    row("snapchat", "{\"status\":200,\"code\":\"VALID\"}", "accepted");
    row("snapchat", "{\"status\":200,\"code\":\"MAYBE\"}", "unknown");
    row("reddit", "{\"message\":\"None were processed.\"}", "invalid");
    row("reddit", "{\"status\":401}", "auth");
    row("reddit", "{\"status\":403}", "config");
    row("reddit", "{\"status\":413}", "oversize");
    row("reddit", "{\"status\":429,\"retry_after\":\"30\"}", "throttled");
    row("reddit", "{\"status\":503}", "transient");
    row("reddit", "{\"status\":200,\"message\":\"Successfully processed 7 conversion events.\"}",
        "unknown");
}

void TestAdModels::orderedFailuresAreUnderstood()
{
    QFETCH(QString, name);
    QFETCH(QString, answer);
    QFETCH(QString, outcome);
    Simulator simulator({});
    const DestinationConfig destination = simulatedDestination(name.toStdString());
    const Record record = recordFor(canonical(kRichPurchase), destination);
    const std::string order = "{\"scenario\":\"calm\",\"platform\":\"" + name.toStdString()
        + "\",\"answer\":" + answer.chopped(1).toStdString() + ",\"times\":2}}";
    QCOMPARE(post(simulator, "/__sim/scenario", order).status, 200);
    for (int i = 0; i < 2; ++i)
        QCOMPARE(
            QString::fromStdString(outcomesOf(deliver(simulator, { &record, 1 }, destination))),
            outcome);
    QCOMPARE(outcomesOf(deliver(simulator, { &record, 1 }, destination)), std::string("accepted"));
    QCOMPARE(onlyStats(simulator).scripted, 2);
}

// Three a minute are thirty in ten minutes, of which the first two are gone.
void TestAdModels::redditsHeadersSayWhatIsLeft()
{
    Simulator simulator(
        { .platforms = { { .platform = "reddit",
              .windows = { { .unit = LimitUnit::Requests, .amount = 3, .period = 60s } } } } });
    const DestinationConfig destination = simulatedDestination("reddit");
    const Record record = recordFor(canonical(kRichPurchase), destination);
    for (const int left : { 29, 28 }) {
        const Decoded taken = deliver(simulator, { &record, 1 }, destination, momentAt(0s));
        QCOMPARE(toString(taken.request), "accepted");
        QVERIFY(taken.hint.quota.has_value());
        QCOMPARE(taken.hint.quota->remaining, left);
        QCOMPARE(taken.hint.quota->amount, std::optional<std::int64_t>(30));
        QVERIFY(taken.hint.quota->untilReset > 0s && taken.hint.quota->untilReset <= 600s);
        QVERIFY(!taken.hint.retryAfter);
    }
}

// 5,000 a minute: the headers count down, and the throttle names the rest of the minute.
void TestAdModels::pinterestsHeadersSayWhatIsLeft()
{
    Simulator simulator(
        { .platforms = { { .platform = "pinterest",
              .windows = { { .unit = LimitUnit::Requests, .amount = 3, .period = 60s } } } } });
    const DestinationConfig destination = simulatedDestination("pinterest");
    const Record record = recordFor(canonical(kRichPurchase), destination);
    const auto at = [&](std::chrono::nanoseconds since) {
        return deliver(simulator, { &record, 1 }, destination, momentAt(since));
    };
    const Decoded first = at(0s);
    QVERIFY(first.hint.quota.has_value());
    QCOMPARE(first.hint.quota->remaining, 2);
    QCOMPARE(first.hint.quota->amount, std::optional<std::int64_t>(3));
    QVERIFY(first.hint.quota->untilReset == 60s);
    QCOMPARE(at(10s).hint.quota->remaining, 1);
    QCOMPARE(at(20s).hint.quota->remaining, 0);
    const Decoded over = at(30s);
    QCOMPARE(toString(over.request), "throttled");
    QCOMPARE(over.hint.retryAfter, std::optional<Millis>(30s));
    QCOMPARE(over.hint.source, std::string("x-ratelimit-reset"));
    QCOMPARE(over.hint.quota->remaining, 0);
    QCOMPARE(toString(at(60s - 1ns).request), "throttled");
    QCOMPARE(toString(at(60s).request), "accepted");
    QCOMPARE(onlyStats(simulator).throttledByWindow, 2);
}

void TestAdModels::snapchatThrottlesWithoutAWord()
{
    Simulator simulator({});
    const DestinationConfig destination = simulatedDestination("snapchat");
    const Record record = recordFor(canonical(kRichPurchase), destination);
    for (int i = 0; i < 100; ++i)
        QCOMPARE(toString(deliver(simulator, { &record, 1 }, destination).request), "accepted");
    const Decoded over = deliver(simulator, { &record, 1 }, destination, momentAt(1s - 1ns));
    QCOMPARE(toString(over.request), "throttled");
    QVERIFY(!over.hint.retryAfter && !over.hint.quota);
    QCOMPARE(toString(deliver(simulator, { &record, 1 }, destination, momentAt(1s)).request),
        "accepted");
}

void TestAdModels::redditThrottlesInThreeForms()
{
    Simulator simulator(
        { .platforms = { { .platform = "reddit",
              .windows = { { .unit = LimitUnit::Requests, .amount = 1, .period = 60s } } } } });
    const DestinationConfig destination = simulatedDestination("reddit");
    const Record record = recordFor(canonical(kRichPurchase), destination);
    const auto next = [&] {
        return deliver(simulator, { &record, 1 }, destination, momentAt(20s));
    };
    QCOMPARE(toString(next().request), "accepted");
    std::set<std::string> sources;
    for (int i = 0; i < 3; ++i) {
        const Decoded over = next();
        QCOMPARE(toString(over.request), "throttled");
        sources.insert(over.hint.source);
        if (!over.hint.source.empty())
            QCOMPARE(over.hint.retryAfter, std::optional<Millis>(60s));
    }
    QVERIFY((sources == std::set<std::string> { "", "Retry-After", "x-ratelimit-reset" }));
}

void TestAdModels::aPathAloneTellsThePlatform()
{
    Simulator simulator({});
    for (const char* path : { "/v5/ad_accounts/549755885175/events", "/v3/0f6d5a3e-1111/events",
             "/api/v3/pixels/t2_abc123/conversion_events", "/api/v2.0/conversions/events/t2_abc123",
             "/v25.0/1029384756/events" })
        post(simulator, path, "{}", kToken);
    std::set<std::string> names;
    for (const auto& [name, stats] : simulator.stats())
        names.insert(name.substr(0, name.find('/')));
    QVERIFY((names == std::set<std::string> { "pinterest", "snapchat", "reddit", "meta" }));
}

SPILLWAY_TEST(TestAdModels)

} // namespace tst_ad_models

#include "tst_ad_models.moc"

// TikTok, X and LinkedIn from the platform's side: what each of them refuses, in its own shape, the
// windows that it keeps, and whether its adapter understands all of it.
#include "engine/platforms/ad_purchase.h"
#include "platforms/linkedin.h"
#include "platforms/tiktok.h"
#include "platforms/x.h"
#include "simulator/simulator.h"
#include "support/test_program.h"

namespace tst_social_models {

using namespace engine;
using namespace engine::platforms;
using namespace engine::simulator;
using namespace engine::testing;

namespace {

constexpr const char* kPlatforms[] { "linkedin", "tiktok", "x" };

Moment momentAt(std::chrono::nanoseconds since)
{
    return { .steady = SteadyTime { 1h } + since,
        .wall = kNow + std::chrono::floor<Micros>(since) };
}

DestinationConfig destinationFor(const std::string& platform)
{
    DestinationConfig destination = destinationOf(caseOf(platform));
    destination.eventNames["quiz_done"] = platform == "x" ? "tw-o8z6j-o87nf"
        : platform == "linkedin"                          ? "7"
                                                          : "";
    if (platform == "tiktok")
        destination.eventNames.clear();
    return destination;
}

Record recordOf(const CanonicalEvent& event, const DestinationConfig& destination)
{
    const auto encoded = adapterFor(destination.platform)->encode(event, contextOf(destination));
    if (!std::holds_alternative<Record>(encoded))
        throw std::invalid_argument(encodedText(encoded));
    return std::get<Record>(encoded);
}

CanonicalEvent numbered(int number)
{
    return changedEvent(kMinimal, { { "event_id", "\"e-" + std::to_string(number) + "\"" } });
}

HttpRequest requestOf(std::span<const Record> records, const DestinationConfig& destination,
    std::chrono::nanoseconds since = {}, const Secrets* secrets = nullptr)
{
    EncodeContext context = contextOf(destination);
    context.now += std::chrono::floor<Micros>(since);
    auto request
        = adapterFor(destination.platform)
              ->request(records, context, secrets != nullptr ? *secrets : secretsOf(destination));
    if (!request)
        throw std::invalid_argument(request.error().field);
    return *request;
}

Decoded decodedAnswer(const HttpAnswer& answer, std::span<const Record> records,
    const DestinationConfig& destination, std::chrono::nanoseconds since)
{
    EncodeContext context = contextOf(destination);
    context.now += std::chrono::floor<Micros>(since);
    return adapterFor(destination.platform)->decode(answer, records, context);
}

Decoded deliver(Simulator& simulator, std::span<const Record> records,
    const DestinationConfig& destination, std::chrono::nanoseconds since = {})
{
    const auto answer
        = exchange(simulator, requestOf(records, destination, since), momentAt(since));
    return answer ? decodedAnswer(*answer, records, destination, since)
                  : decodeFailure(answer.error(), records.size());
}

AccountStats onlyStats(const Simulator& simulator)
{
    const auto all = simulator.stats();
    return all.size() == 1 ? all.begin()->second : AccountStats {};
}

// One right request of the platform with another body or other headers.
struct Sent {
    std::string platform {};
    std::function<void(HttpRequest&)> change {};
};
HttpAnswer answerTo(Simulator& simulator, const Sent& sent)
{
    const DestinationConfig destination = destinationFor(sent.platform);
    const Record record = recordOf(adPurchase(), destination);
    HttpRequest request = requestOf({ &record, 1 }, destination);
    sent.change(request);
    return *exchange(simulator, request, momentAt({}));
}

std::string at(const HttpAnswer& answer, std::string_view path)
{
    const Json json = parseJson(answer.body).value_or(Json {});
    const Json* const value = json.at(path);
    return value != nullptr ? value->text() : std::string("absent");
}

void replace(std::string& text, const std::string& what, const std::string& with)
{
    const auto found = text.find(what);
    if (found == std::string::npos)
        throw std::invalid_argument("the sample has no " + what);
    text.replace(found, what.size(), with);
}

void setHeader(HttpRequest& request, const std::string& name, const std::string& value)
{
    for (auto& [key, given] : request.headers) {
        if (key == name)
            given = value;
    }
}

} // namespace

class TestSocialModels final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tiktokRefusesEachMistakeWithItsCode_data();
    void tiktokRefusesEachMistakeWithItsCode();
    void xRefusesEachMistakeWithItsCode_data();
    void xRefusesEachMistakeWithItsCode();
    void linkedinNamesEachRecordAtFault_data();
    void linkedinNamesEachRecordAtFault();
    void xVerifiesTheSignature();
    void aWrongTokenIsRefused();
    void tiktokSlidesItsWindow();
    void linkedinHasADayThatStartsAtMidnight();
    void xTellsItsWindowInEveryAnswer();
    void everyFailureCanBeOrdered_data();
    void everyFailureCanBeOrdered();
    void partialFailuresEndWithTheBadRecordsAlone();
    void everyScenarioShowsItsSign_data();
    void everyScenarioShowsItsSign();
    void aRuleOfAnotherMethodIsConfiguration();
};

void TestSocialModels::tiktokRefusesEachMistakeWithItsCode_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("with");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("message");
    const auto row
        = [](const char* name, const char* what, const char* with, const char* code,
              const char* message) { QTest::newRow(name) << what << with << code << message; };
    row("no source", "\"web\"", "\"shop\"", "40002", "event_source");
    row("unknown key of the request", "\"event_source\"", "\"pixel\":1,\"event_source\"", "40002",
        "pixel: is unknown");
    row("no source id", "\"C4PIXELCODE\"", "\"\"", "40002", "event_source_id");
    row("plain e-mail", "86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d",
        "jane.doe@example.com", "40062", "data.0.user.email");
    row("hash in capitals", "\"81f8f6", "\"81F8F6", "40062", "data.0.user.first_name");
    row("milliseconds", "1795737598", "1795737598750", "40002", "data.0.event_time");
    row("too old", "1795737598", "1795132799", "40002", "data.0.event_time: is too old");
    row("future", "1795737598", "1795737661", "40002", "data.0.event_time: lies");
    row("value as text", ":99.90", ":\"99.90\"", "40002", "data.0.properties.value");
    row("currency in lower case", "EUR", "eur", "40002", "data.0.properties.currency");
    row("unknown key", "\"ttclid\"", "\"fbclid\"", "40002", "data.0.user.fbclid");
    row("unknown property", "\"order_id\"", "\"order\"", "40002", "data.0.properties.order");
    row("order id as number", "\"order_id\":\"1001\"", "\"order_id\":1001", "40002",
        "data.0.properties.order_id");
    row("unknown member of the page", "\"url\"", "\"urls\"", "40002", "data.0.page.urls");
    row("flag as text", "\"limited_data_use\":true", "\"limited_data_use\":\"true\"", "40002",
        "data.0.limited_data_use");
    row("no name", "\"Purchase\"", "\"\"", "40002", "data.0.event");
    row("null", "\"de-DE\"", "null", "40002", "data.0.user.locale");
    row("no records", "\"data\"", "\"events\"", "40002", "data: is required");
}

void TestSocialModels::tiktokRefusesEachMistakeWithItsCode()
{
    QFETCH(QString, what);
    QFETCH(QString, with);
    QFETCH(QString, code);
    QFETCH(QString, message);
    Simulator simulator({});
    const HttpAnswer answer
        = answerTo(simulator, { "tiktok", [&](HttpRequest& request) {
                                   replace(request.body, what.toStdString(), with.toStdString());
                               } });
    QCOMPARE(answer.status, 200);
    QCOMPARE(QString::fromStdString(at(answer, "code")), code);
    QVERIFY2(QString::fromStdString(at(answer, "message")).startsWith(message),
        at(answer, "message").c_str());
    QCOMPARE(onlyStats(simulator).violations, 1);
    QCOMPARE(onlyStats(simulator).accepted, 0);
}

void TestSocialModels::xRefusesEachMistakeWithItsCode_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("with");
    QTest::addColumn<QString>("code");
    const auto row = [](const char* name, const char* what, const char* with, const char* code) {
        QTest::newRow(name) << what << with << code;
    };
    row("plain e-mail", "86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d",
        "jane.doe@example.com", "INVALID_PARAMETER");
    row("seconds only", "58.750Z", "58Z", "INVALID_PARAMETER");
    row("other zone", "58.750Z", "58.750+01:00", "INVALID_PARAMETER");
    row("no time", "2026-11-26T23:59:58.750Z", "", "MISSING_PARAMETER");
    row("no event", "tw-o8z6j-o87ne", "", "MISSING_PARAMETER");
    row("unknown identifier", "\"twclid\"", "\"fbclid\"", "INVALID_PARAMETER");
    row("currency in lower case", "EUR", "eur", "INVALID_PARAMETER");
    row("value in words", "\"99.90\"", "\"much\"", "INVALID_PARAMETER");
    row("price in words", "\"49.95\"", "\"much\"", "INVALID_PARAMETER");
    row("no conversions", "\"conversions\"", "\"events\"", "MISSING_PARAMETER");
}

void TestSocialModels::xRefusesEachMistakeWithItsCode()
{
    QFETCH(QString, what);
    QFETCH(QString, with);
    QFETCH(QString, code);
    Simulator simulator({});
    const HttpAnswer answer
        = answerTo(simulator, { "x", [&](HttpRequest& request) {
                                   replace(request.body, what.toStdString(), with.toStdString());
                               } });
    QCOMPARE(answer.status, 400);
    QCOMPARE(QString::fromStdString(at(answer, "errors.0.code")), code);
    QCOMPARE(simulator.stats().at("x/o8z6j").violations, 1);
    QCOMPARE(simulator.stats().at("x/o8z6j").accepted, 0);
}

void TestSocialModels::linkedinNamesEachRecordAtFault_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("with");
    QTest::addColumn<QString>("path");
    const auto row = [](const char* name, const char* what, const char* with, const char* path) {
        QTest::newRow(name) << what << with << path;
    };
    row("plain e-mail", "86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d",
        "jane.doe@example.com", "/user/userIds/idValue");
    row("amount as number", "\"99.90\"", "99.90", "/conversionValue/amount");
    row("no currency", "\"currencyCode\"", "\"currency\"", "/conversionValue/currencyCode");
    row("seconds", "1795737598750", "1795737598", "/conversionHappenedAt");
    row("too old", "1795737598750", "1787961599999", "/conversionHappenedAt");
    row("a rule by another name",
        "urn:lla:llaPartnerConversion:", "urn:li:conversion:", "/conversion");
    row("unknown kind of id", "SHA256_EMAIL", "MD5_EMAIL", "/user/userIds/idType");
    row("no ids", "\"userIds\"", "\"ids\"", "/user/ids");
    row("half a name", "\"lastName\"", "\"surname\"", "/user/userInfo/surname");
    row("two external ids", "[\"customer-42\"]", "[\"a\",\"b\"]", "/user/externalIds");
}

void TestSocialModels::linkedinNamesEachRecordAtFault()
{
    QFETCH(QString, what);
    QFETCH(QString, with);
    QFETCH(QString, path);
    Simulator simulator({});
    const HttpAnswer answer
        = answerTo(simulator, { "linkedin", [&](HttpRequest& request) {
                                   replace(request.body, what.toStdString(), with.toStdString());
                               } });
    QCOMPARE(answer.status, 422);
    const auto faults = linkedinFaults(at(answer, "message"));
    QCOMPARE(faults.size(), std::size_t { 1 });
    QCOMPARE(faults[0].index, std::size_t { 0 });
    const QString message = QString::fromStdString(faults[0].message);
    QVERIFY2(message.startsWith(QStringLiteral("ERROR :: ") + path), faults[0].message.c_str());
    QCOMPARE(onlyStats(simulator).accepted, 0);
}

void TestSocialModels::xVerifiesTheSignature()
{
    const DestinationConfig destination = destinationFor("x");
    const Secrets secrets = secretsOf(destination);
    Simulator simulator(
        { .platforms = { { .platform = "x", .accounts = { "o8z6j" }, .signing = secrets } } });
    const Record record = recordOf(adPurchase(), destination);
    const auto statusOf = [&](const HttpRequest& request, std::chrono::nanoseconds since) {
        return exchange(simulator, request, momentAt(since))->status;
    };
    HttpRequest request = requestOf({ &record, 1 }, destination);
    QCOMPARE(statusOf(request, 0s), 200);
    QCOMPARE(statusOf(request, 1s), 401); // the nonce came before
    request = requestOf({ &record, 1 }, destination, 2s);
    QCOMPARE(statusOf(request, 303s), 401); // older than five minutes
    Secrets others = secrets;
    others["consumer_secret"] = "stolen";
    QCOMPARE(statusOf(requestOf({ &record, 1 }, destination, 4s, &others), 4s), 401);
    request = requestOf({ &record, 1 }, destination, 5s);
    replace(request.url, "o8z6j", "o8z6k"); // signed for another pixel
    QCOMPARE(statusOf(request, 5s), 401);
    request = requestOf({ &record, 1 }, destination, 6s);
    request.body += ' '; // the body is no part of what is signed
    QCOMPARE(statusOf(request, 6s), 200);
    for (const char* broken :
        { "", "OAuth", "OAuth oauth_nonce=\"x", "OAuth oauth_nonce=\"%zz\"", "Bearer token" }) {
        HttpRequest unsignedRequest = requestOf({ &record, 1 }, destination, 7s);
        setHeader(unsignedRequest, "Authorization", broken);
        QCOMPARE(statusOf(unsignedRequest, 7s), 401);
    }
    QCOMPARE(simulator.stats().at("x/o8z6j").accepted, 1);
    QCOMPARE(simulator.stats().at("x/o8z6j").duplicates, 1);
}

void TestSocialModels::aWrongTokenIsRefused()
{
    const char* kCases[] { "linkedin", "tiktok", "x, pixel token" };
    for (const char* name : kCases) {
        const DestinationConfig destination = destinationOf(caseOf(name));
        Simulator simulator(
            { .platforms = { { .platform = destination.platform, .secret = "the right one" } } });
        const Record record = recordOf(adPurchase(), destination);
        QCOMPARE(toString(deliver(simulator, { &record, 1 }, destination).request), "auth");
        QCOMPARE(onlyStats(simulator).unauthorized, 1);
        Secrets right { { "access_token", "the right one" }, { "pixel_token", "the right one" } };
        const auto answer
            = exchange(simulator, requestOf({ &record, 1 }, destination, 0s, &right), momentAt({}));
        QCOMPARE(answer->status, 200);
    }
    // Another pixel is no question of the token.
    DestinationConfig destination = destinationFor("tiktok");
    Simulator simulator({ .platforms = { { .platform = "tiktok", .accounts = { "OTHER" } } } });
    const Record record = recordOf(adPurchase(), destination);
    QCOMPARE(toString(deliver(simulator, { &record, 1 }, destination).request), "config");
}

// 600 requests in a minute, whichever: the first is free again when it is a minute old.
void TestSocialModels::tiktokSlidesItsWindow()
{
    Simulator simulator({});
    const DestinationConfig destination = destinationFor("tiktok");
    const Record record = recordOf(adPurchase(), destination);
    for (int i = 0; i < 600; ++i)
        QCOMPARE(toString(deliver(simulator, { &record, 1 }, destination, i * 10ms).request),
            "accepted");
    const auto early
        = exchange(simulator, requestOf({ &record, 1 }, destination), momentAt(60s - 1ns));
    QCOMPARE(early->status, 200);
    QCOMPARE(at(*early, "code"), std::string("40100"));
    QCOMPARE(
        toString(deliver(simulator, { &record, 1 }, destination, 60s - 1ns).request), "throttled");
    QCOMPARE(toString(deliver(simulator, { &record, 1 }, destination, 60s).request), "accepted");
    QCOMPARE(onlyStats(simulator).throttledByWindow, 2);
}

// The test's midnight is where the day begins: a quota of three is used up until the next one.
void TestSocialModels::linkedinHasADayThatStartsAtMidnight()
{
    Simulator simulator(
        { .platforms = { { .platform = "linkedin",
              .windows = { { .amount = 3, .period = 24h, .isAligned = true } } } } });
    const DestinationConfig destination = destinationFor("linkedin");
    const Record record = recordOf(adPurchase(), destination);
    const auto outcomeAt = [&](std::chrono::nanoseconds since) {
        return std::string(
            toString(deliver(simulator, { &record, 1 }, destination, since).request));
    };
    for (int i = 0; i < 3; ++i)
        QCOMPARE(outcomeAt(20h + i * 1h), std::string("accepted"));
    QCOMPARE(outcomeAt(24h - 1us), std::string("throttled"));
    QCOMPARE(outcomeAt(24h), std::string("accepted"));
    const auto answer = exchange(simulator, requestOf({ &record, 1 }, destination), momentAt(24h));
    QCOMPARE(answer->status, 200);
}

void TestSocialModels::xTellsItsWindowInEveryAnswer()
{
    Simulator simulator(
        { .platforms = { { .platform = "x",
              .windows = { { .amount = 3, .period = 15min, .isAligned = true } } } } });
    const DestinationConfig destination = destinationFor("x");
    const Record record = recordOf(adPurchase(), destination);
    for (int i = 0; i < 3; ++i) {
        const Decoded taken = deliver(simulator, { &record, 1 }, destination, i * 1min);
        QCOMPARE(toString(taken.request), "accepted");
        QCOMPARE(taken.hint.quota->remaining, 2 - i);
        QCOMPARE(taken.hint.quota->amount, std::optional<std::int64_t>(3));
        QCOMPARE(taken.hint.quota->untilReset, Millis(15min - i * 1min));
    }
    const Decoded tooMany = deliver(simulator, { &record, 1 }, destination, 5min);
    QCOMPARE(toString(tooMany.request), "throttled");
    QCOMPARE(tooMany.hint.retryAfter, std::optional<Millis>(10min));
    QCOMPARE(toString(deliver(simulator, { &record, 1 }, destination, 15min).request), "accepted");
    // Also where something else is wrong.
    const auto refused = exchange(simulator,
        { .url = "http://127.0.0.1:9100/x/measurement/conversions/o8z6j" }, momentAt(16min));
    QCOMPARE(refused->status, 401);
    QVERIFY(refused->header("x-rate-limit-remaining").has_value());
}

void TestSocialModels::everyFailureCanBeOrdered_data()
{
    QTest::addColumn<QString>("platform");
    QTest::addColumn<QString>("answer"); // what is ordered, JSON
    QTest::addColumn<QString>("outcome");
    const auto row = [](const char* platform, const std::string& answer, Outcome outcome) {
        QTest::addRow("%s %s", platform, answer.c_str())
            << platform << QString::fromStdString(answer) << toString(outcome);
    };
    for (int code = 20'000; code < 53'000; ++code) {
        const TiktokCode* const known = tiktokCode(code);
        if (known != nullptr && (code == known->first || code == known->last))
            row("tiktok", "{\"code\":\"" + std::to_string(code) + "\"}", known->outcome);
    }
    for (const char* code : { "INVALID_PARAMETER", "MISSING_PARAMETER", "UNAUTHORIZED_ACCESS",
             "UNAUTHORIZED_CLIENT_APPLICATION", "NOT_FOUND", "CANCELLED_REQUEST",
             "LOCK_ACQUISITION_TIMEOUT", "INTERNAL_ERROR", "SERVICE_UNAVAILABLE", "OVER_CAPACITY",
             "TOO_MANY_REQUESTS" })
        row("x", std::string("{\"code\":\"") + code + "\"}", xCode(code)->outcome);
    row("x", "{\"code\":\"INVALID_PARAMETER\",\"message\":\"Conversion count limit is 500\"}",
        Outcome::Oversize);
    row("linkedin", "{\"status\":401,\"code\":\"65601\"}", Outcome::Auth);
    row("linkedin", "{\"status\":403}", Outcome::Config);
    row("linkedin", "{\"status\":404}", Outcome::Config);
    row("linkedin", "{\"status\":426}", Outcome::Config);
    row("linkedin", "{\"status\":413}", Outcome::Oversize);
    row("linkedin", "{\"status\":422}", Outcome::Invalid);
    row("linkedin", "{\"status\":429}", Outcome::Throttled);
    row("linkedin", "{\"status\":503}", Outcome::Transient);
    row("linkedin", "{\"message\":\"method should be CONVERSIONS_API, indices [0]\"}",
        Outcome::Config);
}

void TestSocialModels::everyFailureCanBeOrdered()
{
    QFETCH(QString, platform);
    QFETCH(QString, answer);
    QFETCH(QString, outcome);
    Simulator simulator({});
    http::ServerRequest order { .method = "POST",
        .target = "/__sim/scenario",
        .body = "{\"scenario\":\"calm\",\"platform\":\"" + platform.toStdString()
            + "\",\"answer\":" + answer.toStdString() + '}' };
    QCOMPARE(simulator.handle(order, momentAt({})).status, 200);
    const DestinationConfig destination = destinationFor(platform.toStdString());
    const Record record = recordOf(adPurchase(), destination);
    const Decoded decoded = deliver(simulator, { &record, 1 }, destination);
    QCOMPARE(QString::fromUtf8(toString(decoded.records[0].outcome)), outcome);
    QCOMPARE(onlyStats(simulator).scripted, 1);
}

// Named records leave at once, the others come again; unnamed ones are found by halves. In the end
// exactly the bad ones are invalid and all others have arrived.
void TestSocialModels::partialFailuresEndWithTheBadRecordsAlone()
{
    for (const char* platform : kPlatforms) {
        const Scenario scenario { .kind = ScenarioKind::PartialFailures, .seed = 4 };
        Simulator simulator({ .platforms = { { .platform = platform } }, .scenario = scenario });
        const DestinationConfig destination = destinationFor(platform);
        const int perMille = std::string_view(platform) == "linkedin" ? 50 : 5;
        std::vector<Record> all;
        std::size_t bad = 0;
        for (int i = 0; i < 480; ++i) {
            all.push_back(recordOf(numbered(i), destination));
            bad += isBadRecord(scenario.seed, "e-" + std::to_string(i), perMille) ? 1 : 0;
        }
        QVERIFY(bad > 0 && bad < 30);
        std::size_t invalid = 0;
        int requests = 0;
        std::vector<std::vector<Record>> waiting { all };
        while (!waiting.empty() && requests < 1'000) {
            const std::vector<Record> part = std::move(waiting.back());
            waiting.pop_back();
            const Decoded decoded = deliver(simulator, part, destination, ++requests * 1ms);
            const auto middle = part.begin() + static_cast<std::ptrdiff_t>(part.size() / 2);
            if (decoded.isBatchSuspect) {
                waiting.emplace_back(part.begin(), middle);
                waiting.emplace_back(middle, part.end());
                continue;
            }
            std::vector<Record> rest;
            for (std::size_t i = 0; i < part.size(); ++i) {
                invalid += decoded.records[i].outcome == Outcome::Invalid ? 1 : 0;
                if (decoded.records[i].isNotAtFault)
                    rest.push_back(part[i]);
            }
            if (!rest.empty())
                waiting.push_back(std::move(rest));
        }
        QCOMPARE(invalid, bad);
        QCOMPARE(onlyStats(simulator).accepted, static_cast<std::int64_t>(all.size() - bad));
        QCOMPARE(onlyStats(simulator).violations, 0);
    }
}

void TestSocialModels::everyScenarioShowsItsSign_data()
{
    QTest::addColumn<QString>("scenario");
    QTest::addColumn<QString>("sign"); // an outcome that must appear in time
    const auto row = [](const char* scenario, const char* sign) {
        QTest::newRow(scenario) << scenario << sign;
    };
    row("calm", "accepted");
    row("sale", "transient");
    row("throttling", "throttled");
    row("outage", "transient");
    row("slow", "accepted");
    row("partial_failures", "invalid");
    row("schema_regression", "invalid");
    row("token_expiry", "auth");
}

void TestSocialModels::everyScenarioShowsItsSign()
{
    QFETCH(QString, scenario);
    QFETCH(QString, sign);
    const auto kind = parseScenario(scenario.toStdString());
    QVERIFY(kind.has_value());
    for (const char* platform : kPlatforms) {
        Simulator simulator({ .platforms = { { .platform = platform } },
            .scenario = { .kind = *kind, .seed = 5 } });
        const DestinationConfig destination = destinationFor(platform);
        int sent = 0;
        int seen = 0;
        int accepted = 0;
        while (sent < 100 || (seen == 0 && sent < 2'000)) {
            const auto event = adPurchase({ { "event_id", "\"e-" + std::to_string(sent) + '"' } });
            const Record record = recordOf(event, destination);
            // Nine requests a second keep within every limit.
            const std::string outcome
                = outcomesWithFaults(deliver(simulator, { &record, 1 }, destination, sent * 110ms));
            ++sent;
            seen += outcome == sign.toStdString() ? 1 : 0;
            accepted += outcome == "accepted" ? 1 : 0;
        }
        QVERIFY2(seen > 0, platform);
        QCOMPARE(onlyStats(simulator).violations, 0);
        const bool isHarmless = *kind == ScenarioKind::Calm || *kind == ScenarioKind::Slow;
        QCOMPARE(accepted == sent, isHarmless);
    }
}

void TestSocialModels::aRuleOfAnotherMethodIsConfiguration()
{
    Simulator simulator({ .platforms
        = { { .platform = "linkedin", .accounts = { "urn:lla:llaPartnerConversion:7" } } } });
    const DestinationConfig destination = destinationFor("linkedin");
    const Record wrong = recordOf(adPurchase(), destination); // rule 123456
    const Decoded refused = deliver(simulator, { &wrong, 1 }, destination);
    QCOMPARE(toString(refused.request), "config");
    const Record right = recordOf(numbered(1), destination); // rule 7
    QCOMPARE(toString(deliver(simulator, { &right, 1 }, destination).request), "accepted");
}

SPILLWAY_TEST(TestSocialModels)

} // namespace tst_social_models

#include "tst_social_models.moc"

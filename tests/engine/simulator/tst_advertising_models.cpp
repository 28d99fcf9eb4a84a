// Google and Microsoft from the platform's side: what each refuses in its own shape, and that its
// adapter understands all of it.
#include "engine/simulator/adapter_calls.h"
#include "platforms/google_errors.h"
#include "platforms/microsoft_answers.h"
#include "support/test_program.h"

namespace tst_advertising_models {

using namespace engine;
using namespace engine::platforms;
using namespace engine::simulator;
using namespace engine::testing;

namespace {

CanonicalEvent purchase(int number, const std::string& more = {})
{
    return canonical("{\"event_id\":\"e-" + std::to_string(number)
        + "\",\"event_name\":\"purchase\",\"order_id\":\"" + std::to_string(number)
        + "\",\"value\":\"9.90\",\"currency\":\"EUR\",\"user\":{\"email\":\"jane.doe@example.com\"}"
        + more + "}");
}

HttpHeaders bearer(HttpHeaders more = {})
{
    more.emplace_back("Authorization", "Bearer token-1");
    return more;
}

http::ServerResponse post(
    Simulator& simulator, std::string target, std::string body, HttpHeaders headers = bearer())
{
    return simulator.handle({ .method = "POST",
                                .target = std::move(target),
                                .headers = std::move(headers),
                                .body = std::move(body) },
        momentAt({}));
}

std::string at(const http::ServerResponse& reply, std::string_view path)
{
    const auto json = parseJson(reply.body);
    const Json* const value = json ? json->at(path) : nullptr;
    return value != nullptr ? value->text() : std::string("absent");
}

constexpr const char* kUpload = "/google/customers/1234567890:uploadClickConversions";
constexpr const char* kApply = "/microsoft/CampaignManagement/v13/OfflineConversions/Apply";
const HttpHeaders kMicrosoftHeaders { { "DeveloperToken", "d" }, { "CustomerId", "42" },
    { "CustomerAccountId", "180012345" } };

std::string upload(const std::string& conversion)
{
    return "{\"conversions\":[" + conversion + "],\"partialFailure\":true}";
}

std::string conversion(
    const std::string& more, const std::string& time = "2026-11-26 23:00:00+00:00")
{
    return "{\"conversionAction\":\"customers/1/conversionActions/2\",\"conversionDateTime\":\""
        + time + "\"," + more + "}";
}

std::string order(const char* platform, const std::string& answer, const char* account = "")
{
    return "{\"scenario\":\"calm\",\"platform\":\"" + std::string(platform) + "\",\"account\":\""
        + account + "\",\"answer\":" + answer + "}";
}

} // namespace

class TestAdvertisingModels final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void googleNamesTheConversionAndTheRule_data();
    void googleNamesTheConversionAndTheRule();
    void googleRefusesWhatItCanNotReadWhole_data();
    void googleRefusesWhatItCanNotReadWhole();
    void googleCallsARepeatByItsName();
    void googleKeepsItsWindowAndSaysHowLong();
    void theDataManagerCountsRequestsOfTheProject();
    void everyCodeOfGooglesTableCanBeOrdered_data();
    void everyCodeOfGooglesTableCanBeOrdered();
    void microsoftListsTheConversionAndTheCode_data();
    void microsoftListsTheConversionAndTheCode();
    void microsoftIgnoresARepeatWithoutAWord();
    void microsoftCountsOpenRequests();
    void everyCodeOfMicrosoftsTableCanBeOrdered_data();
    void everyCodeOfMicrosoftsTableCanBeOrdered();
    void tokensAreGivenEndAndAreRefused_data();
    void tokensAreGivenEndAndAreRefused();
    void everyScenarioShowsItsSign_data();
    void everyScenarioShowsItsSign();
};

void TestAdvertisingModels::googleNamesTheConversionAndTheRule_data()
{
    QTest::addColumn<QString>("conversion");
    QTest::addColumn<QString>("code"); // "group.value"
    const auto row = [](const char* name, const std::string& text, const char* code) {
        QTest::newRow(name) << QString::fromStdString(text) << code;
    };
    row("no such action",
        "{\"conversionAction\":\"Lead\",\"conversionDateTime\":\"2026-11-26 23:00:00+00:00\"}",
        "conversionUploadError.INVALID_CONVERSION_ACTION");
    const std::string click = "\"gclid\":\"abc\"";
    row("T in the time", conversion(click, "2026-11-26T23:00:00+00:00"),
        "dateError.INVALID_STRING_DATE_TIME");
    row("no zone", conversion(click, "2026-11-26 23:00:00"), "dateError.INVALID_STRING_DATE_TIME");
    row("future", conversion(click, "2026-11-27 01:00:01+01:00"),
        "dateError.LATER_THAN_MAXIMUM_DATE");
    row("91 days", conversion(click, "2026-08-27 23:59:59+00:00"),
        "conversionUploadError.EXPIRED_EVENT");
    row("unreadable click", conversion("\"gclid\":\"a b\""),
        "conversionUploadError.UNPARSEABLE_GCLID");
    row("both braids", conversion("\"gbraid\":\"ab\",\"wbraid\":\"cd\""),
        "conversionUploadError.GBRAID_WBRAID_BOTH_SET");
    row("click of an hour ago", conversion("\"gclid\":\"abc.1795734000\""),
        "conversionUploadError.TOO_RECENT_EVENT");
    row("click after the conversion",
        conversion("\"gclid\":\"abc.1795700000\"", "2026-11-26 00:00:00+00:00"),
        "conversionUploadError.CONVERSION_PRECEDES_EVENT");
    row("nobody", conversion("\"orderId\":\"1\""), "fieldError.REQUIRED");
    row("hash in upper case",
        conversion(
            "\"userIdentifiers\":[{\"userIdentifierSource\":\"FIRST_PARTY\",\"hashedEmail\":\""
            + std::string(64, 'A') + "\"}]"),
        "conversionUploadError.INVALID_USER_IDENTIFIER");
    row("currency", conversion(click + ",\"currencyCode\":\"eur\""),
        "currencyCodeError.UNSUPPORTED_CURRENCY_CODE");
}

void TestAdvertisingModels::googleNamesTheConversionAndTheRule()
{
    QFETCH(QString, conversion);
    QFETCH(QString, code);
    Simulator simulator({});
    const std::string good = tst_advertising_models::conversion("\"gclid\":\"fine\"");
    const auto reply = post(simulator, kUpload, upload(good + "," + conversion.toStdString()));
    QCOMPARE(reply.status, 200);
    const std::string error = "partialFailureError.details.0.errors.0";
    const auto group = code.section(u'.', 0, 0).toStdString();
    QCOMPARE(
        QString::fromStdString(at(reply, error + ".errorCode." + group)), code.section(u'.', 1));
    QCOMPARE(at(reply, error + ".location.fieldPathElements.0.index"), std::string("1"));
    QCOMPARE(at(reply, "results.0.gclid"), std::string("fine"));
    QCOMPARE(simulator.stats().at("google/1234567890").accepted, 1);
}

void TestAdvertisingModels::googleRefusesWhatItCanNotReadWhole_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("field");
    const auto row = [](const char* name, const std::string& body, const char* field) {
        QTest::newRow(name) << QString::fromStdString(body) << field;
    };
    row("no JSON", "{", "absent");
    row("no conversions", "{}", "absent");
    row("no partialFailure", "{\"conversions\":[" + conversion("\"gclid\":\"abc\"") + "]}",
        "absent");
    row("unknown member", upload(conversion("\"clickId\":\"abc\"")), "conversions[0].clickId");
    row("value as text", upload(conversion("\"gclid\":\"abc\",\"conversionValue\":\"9\"")),
        "conversions[0].conversionValue");
    row("null", upload(conversion("\"gclid\":null")), "conversions[0].gclid");
    std::string many = conversion("\"gclid\":\"abc\"");
    for (int i = 0; i < 2'000; ++i)
        many += ',' + conversion("\"gclid\":\"abc\"");
    row("2,001 conversions", upload(many), "absent");
}

void TestAdvertisingModels::googleRefusesWhatItCanNotReadWhole()
{
    QFETCH(QString, body);
    QFETCH(QString, field);
    Simulator simulator({});
    const auto reply = post(simulator, kUpload, body.toStdString());
    QCOMPARE(reply.status, 400);
    QCOMPARE(at(reply, "error.status"), std::string("INVALID_ARGUMENT"));
    QCOMPARE(QString::fromStdString(at(reply, "error.details.0.fieldViolations.0.field")), field);
    QCOMPARE(simulator.stats().at("google/1234567890").violations, 1);
}

// The second copy is refused by name and accepted by the adapter, which knows what it means.
void TestAdvertisingModels::googleCallsARepeatByItsName()
{
    Simulator simulator({});
    const DestinationConfig to = simulatedDestination("google");
    const Record record = recordFor(purchase(1), to);
    QCOMPARE(outcomesOf(deliver(simulator, { &record, 1 }, to)), std::string("accepted"));
    const Decoded again = deliver(simulator, { &record, 1 }, to);
    QCOMPARE(outcomesOf(again), std::string("accepted"));
    QCOMPARE(again.records[0].code, std::string("ORDER_ID_ALREADY_IN_USE"));
    const AccountStats stats = simulator.stats().at("google/1234567890");
    QCOMPARE(stats.accepted, 1);
    QCOMPARE(stats.duplicates, 1);
    QCOMPARE(stats.violations, 0);
}

// 100 conversions a second: the 101st is told to come back when the window has passed.
void TestAdvertisingModels::googleKeepsItsWindowAndSaysHowLong()
{
    Simulator simulator({});
    const DestinationConfig to = simulatedDestination("google");
    std::vector<Record> records;
    for (int i = 0; i < 100; ++i)
        records.push_back(recordFor(purchase(i), to));
    QCOMPARE(toString(deliver(simulator, records, to).request), "accepted");
    for (int i = 0; i < 2; ++i) {
        const Decoded decoded = deliver(simulator, { records.data(), 1 }, to, momentAt(500ms));
        QCOMPARE(toString(decoded.request), "throttled");
        QCOMPARE(decoded.hint.retryAfter, std::optional<Millis>(1s));
    }
    QCOMPARE(
        toString(deliver(simulator, { records.data(), 1 }, to, momentAt(1s)).request), "accepted");
}

// Two a minute here, of whichever account.
void TestAdvertisingModels::theDataManagerCountsRequestsOfTheProject()
{
    Simulator simulator({ .platforms = { { .platform = "google",
                              .windows = { { .amount = 2,
                                  .period = 60s,
                                  .way = "data_manager",
                                  .scope = LimitScope::Credential } } } } });
    DestinationConfig to = simulatedDestination("google, data_manager");
    const Record record = recordFor(purchase(1), to);
    const auto outcome = [&](const char* account, std::chrono::nanoseconds since) {
        to.account = account;
        return toString(deliver(simulator, { &record, 1 }, to, momentAt(since)).request);
    };
    QCOMPARE(outcome("1234567890", 0s), "accepted");
    QCOMPARE(outcome("5550001111", 1s), "accepted");
    QCOMPARE(outcome("1234567890", 2s), "throttled");
    QCOMPARE(outcome("1234567890", 60s), "accepted");
}

void TestAdvertisingModels::everyCodeOfGooglesTableCanBeOrdered_data()
{
    QTest::addColumn<int>("row");
    int number = 0;
    for (const GoogleCode& code : googleCodes()) {
        if (code.group != "fieldViolation") // which is no code but a list of its own
            QTest::addRow("%s.%s", std::string(code.group).c_str(), std::string(code.value).c_str())
                << number;
        ++number;
    }
}

void TestAdvertisingModels::everyCodeOfGooglesTableCanBeOrdered()
{
    QFETCH(int, row);
    const GoogleCode& code = googleCodes()[static_cast<std::size_t>(row)];
    const std::string value = code.value.empty() ? "ANY_OTHER" : std::string(code.value);
    Simulator simulator({});
    const auto reply = post(simulator, "/__sim/scenario",
        order(
            "google", "{\"code\":\"" + std::string(code.group) + '.' + value + "\",\"times\":1}"));
    QCOMPARE(reply.status, 200);
    const DestinationConfig to = simulatedDestination("google");
    const Record record = recordFor(purchase(1), to);
    const Decoded decoded = deliver(simulator, { &record, 1 }, to);
    QCOMPARE(toString(decoded.records[0].outcome), toString(code.outcome));
    QCOMPARE(decoded.records[0].code, value);
    QCOMPARE(outcomesOf(deliver(simulator, { &record, 1 }, to)), std::string("accepted"));
}

void TestAdvertisingModels::microsoftListsTheConversionAndTheCode_data()
{
    QTest::addColumn<QString>("conversion");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const std::string& members, int code) {
        QTest::newRow(name) << QString::fromStdString('{' + members + '}') << code;
    };
    const std::string click = "\"MicrosoftClickId\":\"abc\"";
    const std::string name = ",\"ConversionName\":\"Lead\"";
    const std::string time = ",\"ConversionTime\":\"2026-11-26T23:00:00.0000000Z\"";
    row("nobody", "\"ConversionName\":\"Lead\"" + time, 5'603);
    row("click with a space", "\"MicrosoftClickId\":\"a b\"" + name + time, 5'604);
    row("plain address", "\"HashedEmailAddress\":\"a@b.example\"" + name + time, 5'604);
    row("no name", click + time, 5'605);
    row("no time", click + name, 5'608);
    row("local time", click + name + ",\"ConversionTime\":\"2026-11-26T23:00:00+01:00\"", 5'607);
    row("future", click + name + ",\"ConversionTime\":\"2026-11-27T00:00:00.0000010Z\"", 5'614);
    row("91 days", click + name + ",\"ConversionTime\":\"2026-08-27T00:00:00.0000000Z\"", 5'609);
    row("value as text", click + name + time + ",\"ConversionValue\":\"9\"", 5'610);
    row("currency", click + name + time + ",\"ConversionCurrencyCode\":\"eur\"", 5'611);
    row("null", click + name + time + ",\"ConversionValue\":null", 100);
}

void TestAdvertisingModels::microsoftListsTheConversionAndTheCode()
{
    QFETCH(QString, conversion);
    QFETCH(int, code);
    Simulator simulator({});
    const std::string good = "{\"MicrosoftClickId\":\"fine\",\"ConversionName\":\"Lead\","
                             "\"ConversionTime\":\"2026-11-26T23:00:00.0000000Z\"}";
    const auto reply = post(simulator, kApply,
        "{\"OfflineConversions\":[" + good + "," + conversion.toStdString() + "]}",
        bearer(kMicrosoftHeaders));
    QCOMPARE(reply.status, 200);
    QCOMPARE(at(reply, "PartialErrors.0.Index"), std::string("1"));
    QCOMPARE(QString::fromStdString(at(reply, "PartialErrors.0.Code")), QString::number(code));
    QCOMPARE(at(reply, "PartialErrors.1.Index"), std::string("absent"));
    QCOMPARE(simulator.stats().at("microsoft/180012345").accepted, 1);
    const auto headerless = post(simulator, kApply, "{\"OfflineConversions\":[" + good + "]}");
    QVERIFY(headerless.body.find("\"Code\":116") != std::string::npos);
}

void TestAdvertisingModels::microsoftIgnoresARepeatWithoutAWord()
{
    Simulator simulator({});
    const DestinationConfig to = simulatedDestination("microsoft");
    const Record record = recordFor(purchase(1), to);
    for (int i = 0; i < 2; ++i)
        QCOMPARE(outcomesOf(deliver(simulator, { &record, 1 }, to, momentAt(i * 1s))),
            std::string("accepted"));
    QCOMPARE(simulator.stats().at("microsoft/180012345").duplicates, 1);
}

// Two of an account at once; an answer takes 15 to 60 ms, so the third is too many and a second
// later there is room.
void TestAdvertisingModels::microsoftCountsOpenRequests()
{
    Simulator simulator({});
    DestinationConfig to = simulatedDestination("microsoft");
    const auto code = [&](std::chrono::nanoseconds since) {
        const Record record = recordFor(purchase(1), to);
        const Decoded decoded = deliver(simulator, { &record, 1 }, to, momentAt(since));
        return decoded.records[0].code;
    };
    QCOMPARE(code(0ns), std::string());
    QCOMPARE(code(0ns), std::string());
    QCOMPARE(code(0ns), std::string("207"));
    to.account = "99";
    QCOMPARE(code(0ns), std::string()); // another account has its own
    to.account = "180012345";
    QCOMPARE(code(1s), std::string());
}

void TestAdvertisingModels::everyCodeOfMicrosoftsTableCanBeOrdered_data()
{
    QTest::addColumn<int>("row");
    int number = 0;
    for (const MicrosoftCode& code : microsoftCodes())
        QTest::addRow("%d", static_cast<int>(code.code)) << number++;
}

void TestAdvertisingModels::everyCodeOfMicrosoftsTableCanBeOrdered()
{
    QFETCH(int, row);
    const MicrosoftCode& code = microsoftCodes()[static_cast<std::size_t>(row)];
    const DestinationConfig to = simulatedDestination("microsoft");
    const Record record = recordFor(purchase(1), to);
    for (const char* status : { "200", "400" }) {
        Simulator simulator({});
        const auto reply = post(simulator, "/__sim/scenario",
            order("microsoft",
                "{\"code\":\"" + std::to_string(code.code) + "\",\"status\":" + status + "}"));
        QCOMPARE(reply.status, 200);
        QCOMPARE(outcomesOf(deliver(simulator, { &record, 1 }, to)),
            std::string(toString(code.outcome)));
    }
}

void TestAdvertisingModels::tokensAreGivenEndAndAreRefused_data()
{
    QTest::addColumn<QString>("platform");
    QTest::newRow("google") << "google";
    QTest::newRow("microsoft") << "microsoft";
}

// A token of a minute's life; then a token endpoint that is down, and one that refuses.
void TestAdvertisingModels::tokensAreGivenEndAndAreRefused()
{
    QFETCH(QString, platform);
    const std::string name = platform.toStdString();
    Simulator simulator(
        { .platforms = { { .platform = name, .secret = "refresh-1", .tokenLifetime = 60s } } });
    DestinationConfig to = simulatedDestination(name);
    to.options["token_endpoint"] = "http://127.0.0.1:9100/" + name + "/token";
    const Adapter* const adapter = adapterFor(name);
    Secrets secrets { { "client_id", "c" }, { "client_secret", "s" },
        { "refresh_token", "refresh-1" }, { "developer_token", "d" } };
    const auto ask = [&] {
        const auto request = adapter->tokenRequest(to, secrets);
        const auto answer = exchange(simulator, **request, momentAt({}));
        return adapter->decodeToken(*answer, kNow);
    };
    const TokenAnswer given = ask();
    QVERIFY(std::holds_alternative<AccessToken>(given));
    QCOMPARE(std::get<AccessToken>(given).lifetime, Seconds(60s));
    secrets["access_token"] = std::get<AccessToken>(given).value;
    const Record record = recordFor(purchase(1), to);
    const auto outcome = [&](std::chrono::nanoseconds since) {
        const auto request = adapter->request({ &record, 1 }, contextOf(to), secrets);
        const auto answer = exchange(simulator, *request, momentAt(since));
        return outcomesOf(adapter->decode(*answer, { &record, 1 }, contextOf(to)));
    };
    QCOMPARE(outcome(59s), std::string("accepted"));
    QCOMPARE(outcome(60s), std::string("auth"));

    const auto refusedWith = [&](const char* answer) {
        post(simulator, "/__sim/scenario", order(name.c_str(), answer, "token"));
        return toString(std::get<TokenRefusal>(ask()).outcome);
    };
    QCOMPARE(refusedWith("{\"code\":\"invalid_grant\"}"), "auth");
    QCOMPARE(refusedWith("{\"code\":\"temporarily_unavailable\"}"), "transient");
    post(simulator, "/__sim/scenario", "{\"scenario\":\"calm\"}");
    secrets["refresh_token"] = "another";
    QCOMPARE(toString(std::get<TokenRefusal>(ask()).outcome), "auth");
}

void TestAdvertisingModels::everyScenarioShowsItsSign_data()
{
    QTest::addColumn<QString>("scenario");
    QTest::addColumn<QString>("sign");
    const auto row = [](const char* scenario, const char* sign) {
        QTest::addRow("%s, %s", scenario, sign) << scenario << sign;
    };
    row("calm", "accepted");
    row("throttling", "throttled");
    row("outage", "transient");
    row("outage", "unknown");
    row("partial_failures", "invalid");
    row("schema_regression", "invalid");
    row("token_expiry", "auth");
}

void TestAdvertisingModels::everyScenarioShowsItsSign()
{
    QFETCH(QString, scenario);
    QFETCH(QString, sign);
    const auto kind = parseScenario(scenario.toStdString());
    QVERIFY(kind.has_value());
    for (const char* way : { "google", "google, data_manager", "microsoft", "microsoft, uet" }) {
        const DestinationConfig to = simulatedDestination(way);
        // What Google's Data Manager finds wrong with single events it never says in its answer.
        const bool isSilent = way == std::string_view("google, data_manager") && sign == u"invalid";
        Simulator simulator({ .platforms = { { .platform = to.platform } },
            .scenario = { .kind = *kind, .seed = 3 } });
        int seen = 0;
        for (int i = 0; i < 400; ++i) {
            auto event
                = purchase(i, ",\"click\":{\"msclkid\":\"click-" + std::to_string(i) + "\"}");
            const Record record = recordFor(event, to);
            const std::string outcome
                = outcomesOf(deliver(simulator, { &record, 1 }, to, momentAt(i * 50ms)));
            seen += outcome == sign.toStdString() ? 1 : 0;
        }
        QVERIFY2(isSilent ? seen == 0 : seen > 0, way);
        QCOMPARE(simulator.stats().begin()->second.violations, 0);
    }
}

SPILLWAY_TEST(TestAdvertisingModels)

} // namespace tst_advertising_models

#include "tst_advertising_models.moc"

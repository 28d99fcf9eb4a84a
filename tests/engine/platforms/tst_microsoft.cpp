#include "engine/platforms/answer_rows.h"
#include "engine/platforms/platform_cases.h"
#include "platforms/microsoft.h"
#include "platforms/microsoft_answers.h"
#include "support/test_program.h"

namespace tst_microsoft {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

const Secrets kSecrets { { "access_token", "eyJ.secret" }, { "developer_token", "dev-secret" } };

DestinationConfig destination(const std::string& more = {})
{
    const std::string settings
        = "account = \"180012345\"\nbatch = 100\ncustomer_id = \"42\"\n"
          "credential.access_token = \"env:T\"\ncredential.developer_token = \"env:D\"\n"
          "event_names = { purchase = \"Offline purchase\", "
          "lead = \"Lead\" }\n"
        + more;
    DestinationConfig made = destinationOf(
        { .name = "microsoft", .platform = "microsoft", .settings = settings.c_str() });
    made.endpoint = "https://campaign.api.bingads.microsoft.com";
    return made;
}

DestinationConfig uetDestination()
{
    DestinationConfig made = destinationOf({ .name = "uet",
        .platform = "microsoft",
        .settings
        = "api = \"uet\"\naccount = \"187654321\"\ncredential.access_token = \"env:T\"\n" });
    made.endpoint = "https://capi.uet.microsoft.com/v1";
    return made;
}

// 1.25 s before midnight UTC, an hour ahead of it.
constexpr const char* kRich
    = R"({"event_id":"ord-1001","event_name":"Order Completed",)"
      R"("event_time":"2026-11-27T00:59:58.750+01:00","action_source":"website",)"
      R"("event_source_url":"https://shop.example/thanks","user":{)"
      R"("email":" Jane.Doe@Example.com ","phone_e164":"+1 (555) 123-4567",)"
      R"("external_id":"customer-42","ip":"203.0.113.9","user_agent":"Mozilla/5.0"},)"
      R"("click":{"msclkid":"f894f652ea334e739002f7167ab8f8e3","time_us":1795650000123456},)"
      R"("value":"99.90","currency":"eur","order_id":"1001","items":[{"id":"sku1",)"
      R"("name":"Tea","price":"49.95","quantity":2},{"name":"gift wrap"}],)"
      R"("consent":{"ad_user_data":"granted"},"properties":{"coupon":"BF26"}})";
constexpr const char* kRichConversion
    = R"({"MicrosoftClickId":"f894f652ea334e739002f7167ab8f8e3",)"
      R"("ConversionName":"Offline purchase","ConversionTime":"2026-11-26T23:59:58.7500000Z",)"
      R"("ConversionValue":99.90,"ConversionCurrencyCode":"EUR","HashedEmailAddress":)"
      R"("86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d",)"
      R"("HashedPhoneNumber":)"
      R"("8a59780bb8cd2ba022bfa5ba2ea3b6e07af17a7d8b30c1f9b3390e36f69019e4"})";
constexpr const char* kRichUetEvent
    = R"({"eventType":"custom","eventName":"Order Completed","eventTime":1795737598,)"
      R"("eventId":"ord-1001","eventSourceUrl":"https://shop.example/thanks",)"
      R"("adStorageConsent":"G","userData":{"em":)"
      R"("86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d","ph":)"
      R"("8a59780bb8cd2ba022bfa5ba2ea3b6e07af17a7d8b30c1f9b3390e36f69019e4",)"
      R"("msclkid":"f894f652ea334e739002f7167ab8f8e3","externalId":"customer-42",)"
      R"("clientIpAddress":"203.0.113.9","clientUserAgent":"Mozilla/5.0"},"customData":{)"
      R"("value":99.90,"currency":"EUR","transactionId":"1001","items":[{"id":"sku1",)"
      R"("name":"Tea","quantity":2,"price":49.95}]}})";

constexpr const char* kMinimalLead
    = R"({"event_id":"e-1","event_name":"lead","user":{"email":"jane.doe@example.com"}})";
constexpr const char* kMinimalConversion
    = R"({"ConversionName":"Lead","ConversionTime":"2026-11-27T00:00:00.0000000Z",)"
      R"("HashedEmailAddress":)"
      R"("86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"})";
constexpr const char* kMinimalUetEvent
    = R"({"eventType":"custom","eventName":"lead","eventTime":1795737600,"eventId":"e-1",)"
      R"("userData":{"em":)"
      R"("86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"}})";

std::string encodedOf(const std::string& payload, const DestinationConfig& to)
{
    return encodedText(MicrosoftAdapter().encode(canonical(payload), contextOf(to)));
}

std::string lead(const std::string& members)
{
    return "{\"event_id\":\"e-1\",\"event_name\":\"lead\"," + members + "}";
}

std::string error(std::int64_t code, int index = -1)
{
    std::string text = "{\"Code\":" + std::to_string(code)
        + ",\"ErrorCode\":\"SomeName\",\"Message\":\"said why\",\"Details\":null";
    if (index >= 0)
        text += ",\"Index\":" + std::to_string(index);
    return text + '}';
}

std::string partial(const std::string& errors) { return "{\"PartialErrors\":[" + errors + "]}"; }

} // namespace

class TestMicrosoft final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eventsBecomeTheGoldenConversions();
    void eventsBecomeTheGoldenUetEvents();
    void aPageIsAPageLoad();
    void identifiersAreHashedInThePlatformsFormAndNeverTwice_data();
    void identifiersAreHashedInThePlatformsFormAndNeverTwice();
    void anOfflineRequestCarriesItsHeadersAndNoLogTheirSecrets();
    void aUetRequestGoesToItsTag();
    void theTokenIsExchangedForTheCampaignServiceOnly();
    void whatThePlatformWouldRefuseIsRefusedHere_data();
    void whatThePlatformWouldRefuseIsRefusedHere();
    void ageAndFutureAreExact();
    void onlyWhatIsConfiguredAndKnownGoesThere_data();
    void onlyWhatIsConfiguredAndKnownGoesThere();
    void everyCodeDecidesItsConversionAndItsRequest_data();
    void everyCodeDecidesItsConversionAndItsRequest();
    void partialErrorsAreSparse_data();
    void partialErrorsAreSparse();
    void faultsAreReadInBothShapes_data();
    void faultsAreReadInBothShapes();
    void aThrottleSaysHowLong();
    void howOldAGoalMustBeIsAnOption();
    void uetAnswersNameTheirEvents_data();
    void uetAnswersNameTheirEvents();
    void onlyWhatItsKeyTellsIsSafeToSendAgain();
    void accountsAreDigits();
};

void TestMicrosoft::eventsBecomeTheGoldenConversions()
{
    QCOMPARE(encodedOf(kRich, destination()), std::string(kRichConversion));
    QCOMPARE(encodedOf(kMinimalLead, destination()), std::string(kMinimalConversion));
}

void TestMicrosoft::eventsBecomeTheGoldenUetEvents()
{
    QCOMPARE(encodedOf(kRich, uetDestination()), std::string(kRichUetEvent));
    QCOMPARE(encodedOf(kMinimalLead, uetDestination()), std::string(kMinimalUetEvent));
}

void TestMicrosoft::aPageIsAPageLoad()
{
    const CanonicalEvent page
        = canonical(lead("\"user\":{\"anonymous_id\":\"a-1\"}"), EventType::Page);
    const DestinationConfig to = uetDestination();
    QVERIFY(!MicrosoftAdapter().unroutable(page, to));
    const std::string text = encodedText(MicrosoftAdapter().encode(page, contextOf(to)));
    QVERIFY2(text.starts_with("{\"eventType\":\"pageLoad\""), text.c_str());
}

void TestMicrosoft::identifiersAreHashedInThePlatformsFormAndNeverTwice_data()
{
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("hash");
    const auto row = [](const char* name, const std::string& user, const std::string& hash) {
        QTest::newRow(name) << QString::fromStdString(user) << QString::fromStdString(hash);
    };
    const std::string email = "86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d";
    const std::string emailUpper
        = "86E0B9E56C17CC4D12387E1949B85053FBE73BC3CE5A1188713A9D300CC6133D";
    const std::string phone = "8a59780bb8cd2ba022bfa5ba2ea3b6e07af17a7d8b30c1f9b3390e36f69019e4";
    row("address", "\"email\":\" Jane.Doe@Example.com \"", email);
    row("hashed address", "\"email_sha256\":\"" + emailUpper + "\"", email);
    row("a hash as address", "\"email\":\"" + email + "\"", email);
    row("phone keeps its plus", "\"phone_e164\":\"+1 (555) 123-4567\"", phone);
    row("hashed phone", "\"phone_sha256_plus\":\"" + phone + "\"", phone);
}

void TestMicrosoft::identifiersAreHashedInThePlatformsFormAndNeverTwice()
{
    QFETCH(QString, user);
    QFETCH(QString, hash);
    for (const DestinationConfig& to : { destination(), uetDestination() }) {
        const std::string text = encodedOf(lead("\"user\":{" + user.toStdString() + "}"), to);
        QVERIFY2(text.find('"' + hash.toStdString() + '"') != std::string::npos, text.c_str());
    }
}

void TestMicrosoft::anOfflineRequestCarriesItsHeadersAndNoLogTheirSecrets()
{
    const MicrosoftAdapter adapter;
    DestinationConfig to = destination();
    const std::vector<Record> records { { .body = "{\"a\":1}" }, { .body = "{\"b\":2}" } };
    const auto request = adapter.request(records, contextOf(to), kSecrets);
    QVERIFY(request.has_value());
    QCOMPARE(request->url,
        std::string("https://campaign.api.bingads.microsoft.com/CampaignManagement/v13/"
                    "OfflineConversions/Apply"));
    QCOMPARE(request->body, std::string("{\"OfflineConversions\":[{\"a\":1},{\"b\":2}]}"));
    QCOMPARE(headerOf(*request, "Authorization"), std::string("Bearer eyJ.secret"));
    QCOMPARE(headerOf(*request, "DeveloperToken"), std::string("dev-secret"));
    QCOMPARE(headerOf(*request, "CustomerId"), std::string("42"));
    QCOMPARE(headerOf(*request, "CustomerAccountId"), std::string("180012345"));
    QVERIFY(adapter.redactedHead(*request, kSecrets).find("secret") == std::string::npos);
    const auto missing = [&](const Secrets& secrets) {
        return adapter.request(records, contextOf(to), secrets).error().field;
    };
    QCOMPARE(missing({ { "developer_token", "d" } }), std::string("access_token"));
    QCOMPARE(missing({ { "access_token", "t" } }), std::string("developer_token"));
    to.options.erase("customer_id");
    QCOMPARE(missing(kSecrets), std::string("customer_id"));
    QVERIFY(adapter.liveCheck(to).kind == LiveCheck::Kind::None);
}

void TestMicrosoft::aUetRequestGoesToItsTag()
{
    const std::vector<Record> records { { .body = "{\"a\":1}" } };
    const DestinationConfig to = uetDestination();
    const auto request
        = MicrosoftAdapter().request(records, contextOf(to), { { "access_token", "uet" } });
    QCOMPARE(request->url, std::string("https://capi.uet.microsoft.com/v1/187654321/events"));
    QCOMPARE(request->body,
        std::string("{\"data\":[{\"a\":1}],\"continueOnValidationError\":true,\"dataProvider\":"
                    "\"spillway\"}"));
    QCOMPARE(headerOf(*request, "Authorization"), std::string("Bearer uet"));
}

void TestMicrosoft::theTokenIsExchangedForTheCampaignServiceOnly()
{
    const MicrosoftAdapter adapter;
    const Secrets publicClient { { "client_id", "c" }, { "refresh_token", "r" } };
    const auto request = adapter.tokenRequest(destination("tenant = \"t/1\"\n"), publicClient);
    QVERIFY(request && request->has_value());
    QCOMPARE(
        (*request)->url, std::string("https://login.microsoftonline.com/t%2F1/oauth2/v2.0/token"));
    QVERIFY((*request)->body.ends_with(
        "&scope=https%3A%2F%2Fads.microsoft.com%2Fmsads.manage%20offline_access"));
    QVERIFY(!adapter.tokenRequest(destination(), kSecrets));
    QVERIFY(!adapter.tokenRequest(uetDestination(), publicClient));
}

void TestMicrosoft::whatThePlatformWouldRefuseIsRefusedHere_data()
{
    QTest::addColumn<QString>("members");
    QTest::addColumn<QString>("refusal"); // its beginning
    const auto row = [](const char* name, const std::string& members, const char* refused) {
        QTest::newRow(name) << QString::fromStdString(members) << refused;
    };
    const std::string user = "\"user\":{\"email\":\"a@b.example\"}";
    row("decimal comma", user + ",\"value\":\"9,90\"", "value");
    row("currency by name", user + ",\"currency\":\"Euro\"", "currency");
    row("half an address", "\"user\":{\"email\":\"jane\"}", "user.email");
    row("short hash", "\"user\":{\"email_sha256\":\"abc\"}", "user.email_sha256");
    row("click id with a space", "\"click\":{\"msclkid\":\"a b\"}", "click.msclkid");
    row("noon of tomorrow", user + ",\"event_time\":\"2026-11-27T12:00:00Z\"", "event_time");
}

void TestMicrosoft::whatThePlatformWouldRefuseIsRefusedHere()
{
    QFETCH(QString, members);
    QFETCH(QString, refusal);
    for (const DestinationConfig& to : { destination(), uetDestination() }) {
        const std::string text = encodedOf(lead(members.toStdString()), to);
        QVERIFY2(text.starts_with("refused " + refusal.toStdString() + ":"), text.c_str());
    }
}

// 90 days offline and, where it is switched on, 7 for UET, to the microsecond; no future offline;
// never before the click.
void TestMicrosoft::ageAndFutureAreExact()
{
    const auto judged = [](Micros age, const DestinationConfig& to, const char* click = "") {
        CanonicalEvent event
            = canonical(lead(std::string("\"user\":{\"email\":\"a@b.example\"}") + click));
        auto moved = std::make_shared<StoredEvent>(*event.stored);
        moved->eventTime = kNow - age;
        event.stored = moved;
        const std::string text = encodedText(MicrosoftAdapter().encode(event, contextOf(to)));
        return text.substr(0, text.find_first_of(": "));
    };
    QCOMPARE(judged(90 * 24h, destination()), std::string("{\"ConversionName\""));
    QCOMPARE(judged(90 * 24h + 1us, destination()), std::string("refused"));
    DestinationConfig uet = uetDestination();
    QCOMPARE(judged(8 * 24h, uet), std::string("{\"eventType\"")); // no promise of the platform
    uet.contract.isAgeEnforced = true;
    QCOMPARE(judged(7 * 24h, uet), std::string("{\"eventType\""));
    QCOMPARE(judged(7 * 24h + 1us, uet), std::string("refused"));
    QCOMPARE(judged(-1us, destination()), std::string("waits"));
    const char* click = ",\"click\":{\"msclkid\":\"abc\",\"time_us\":1795737600000000}";
    QCOMPARE(judged(0us, destination(), click), std::string("{\"MicrosoftClickId\""));
    QCOMPARE(judged(1us, destination(), click), std::string("refused"));
}

void TestMicrosoft::onlyWhatIsConfiguredAndKnownGoesThere_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<QString>("offline");
    QTest::addColumn<QString>("uet");
    const auto row
        = [](const char* name, const std::string& payload, const char* offline, const char* uet) {
              QTest::newRow(name) << QString::fromStdString(payload) << offline << uet;
          };
    const std::string email = "\"user\":{\"email\":\"a@b.example\"}";
    row("lead", lead(email), "", "");
    row("by click", lead("\"click\":{\"msclkid\":\"x1\"}"), "", "");
    row("unmapped name", "{\"event_name\":\"sign_up\"," + email + "}", "no_mapping", "");
    row("known to the tag only", lead("\"user\":{\"anonymous_id\":\"a\"}"), "no_identifier", "");
    row("address alone", lead("\"user\":{\"ip\":\"203.0.113.9\"}"), "no_identifier",
        "no_identifier");
    row("denied", lead(email + ",\"consent\":{\"ad_user_data\":\"denied\"}"), "consent_denied",
        "consent_denied");
    row("opted out", lead(email + ",\"opt_out\":true"), "consent_denied", "consent_denied");
}

void TestMicrosoft::onlyWhatIsConfiguredAndKnownGoesThere()
{
    QFETCH(QString, payload);
    QFETCH(QString, offline);
    QFETCH(QString, uet);
    const CanonicalEvent event = canonical(payload.toStdString());
    const auto reason = [&](const DestinationConfig& to) {
        const auto found = MicrosoftAdapter().unroutable(event, to);
        return QString::fromStdString(found ? found->reason : "");
    };
    QCOMPARE(reason(destination()), offline);
    QCOMPARE(reason(uetDestination()), uet);
}

void TestMicrosoft::everyCodeDecidesItsConversionAndItsRequest_data()
{
    QTest::addColumn<int>("row");
    int number = 0;
    for (const MicrosoftCode& code : microsoftCodes())
        QTest::addRow("%d", static_cast<int>(code.code)) << number++;
}

void TestMicrosoft::everyCodeDecidesItsConversionAndItsRequest()
{
    QFETCH(int, row);
    const MicrosoftCode& code = microsoftCodes()[static_cast<std::size_t>(row)];
    const Decoded one
        = decodedAnswer(destination(), answerOf(200, partial(error(code.code, 1))), 2);
    QCOMPARE(outcomesWithFaults(one), std::string("accepted ") + toString(code.outcome));
    QCOMPARE(one.records[1].code, std::to_string(code.code));
    QCOMPARE(one.records[1].retryAfter, code.wait);
    QCOMPARE(toString(one.request), "accepted");
    QVERIFY(one.isPartial);
    const Decoded whole = decodedAnswer(destination(),
        answerOf(400, "{\"TrackingId\":\"t\",\"OperationErrors\":[" + error(code.code) + "]}"), 2);
    QCOMPARE(toString(whole.request), toString(code.outcome));
    QCOMPARE(whole.isBatchSuspect, code.outcome == Outcome::Invalid);
    QVERIFY(!code.name.empty());
}

void TestMicrosoft::partialErrorsAreSparse_data()
{
    addAnswerColumns();
    addAnswerRow("none", 200, "{\"PartialErrors\":[]}", "accepted accepted accepted");
    addAnswerRow("null", 200, "{\"PartialErrors\":null}", "accepted accepted accepted");
    addAnswerRow("absent", 200, "{}", "accepted accepted accepted");
    addAnswerRow("the last", 200, partial(error(5'604, 2)), "accepted accepted invalid");
    addAnswerRow("two, in another order", 200, partial(error(5'612, 2) + "," + error(5'606, 0)),
        "config accepted transient");
    addAnswerRow(
        "entries of null", 200, partial("null," + error(5'604, 1)), "accepted invalid accepted");
    addAnswerRow("the graver of two", 200, partial(error(5'612, 1) + "," + error(5'604, 1)),
        "accepted invalid accepted");
    addAnswerRow("a code that nobody has listed", 200, partial(error(9'999, 1)),
        "accepted invalid accepted");
    addAnswerRow("an index that was not sent", 200, partial(error(5'604, 3)),
        "unknown unknown unknown", true);
    addAnswerRow("no index", 200, partial(error(5'604)), "unknown unknown unknown", true);
}

void TestMicrosoft::partialErrorsAreSparse() { (void)checkAnswerRow(destination()); }

void TestMicrosoft::faultsAreReadInBothShapes_data()
{
    addAnswerColumns();
    addAnswerRow("AdApiFaultDetail", 401, "{\"TrackingId\":\"t\",\"Errors\":[" + error(109) + "]}",
        "auth auth");
    addAnswerRow("ApiFaultDetail under 200", 200,
        "{\"BatchErrors\":[],\"OperationErrors\":[" + error(117) + "]}", "throttled throttled");
    addAnswerRow(
        "under 500, as SOAP does", 500, "{\"Errors\":[" + error(106) + "]}", "config config");
    addAnswerRow("the graver of two", 400, "{\"Errors\":[" + error(0) + "," + error(105) + "]}",
        "auth auth");
    addAnswerRow(
        "one is named", 400, "{\"BatchErrors\":[" + error(5'604, 1) + "]}", "transient* invalid");
    addAnswerRow("a code that nobody has listed", 403, "{\"Errors\":[" + error(9'999) + "]}",
        "config config");
    addAnswerRow(
        "the same under 200", 200, "{\"Errors\":[" + error(9'999) + "]}", "unknown unknown");
    addAnswerRow("no JSON, 401", 401, "", "auth auth");
    addAnswerRow("no JSON, 429", 429, "", "throttled throttled");
    addAnswerRow("no JSON, 503", 503, "<html>", "transient transient");
    addAnswerRow("no JSON, 200", 200, "<html>", "unknown unknown");
    addAnswerRow("no such path", 404, "{\"Message\":\"x\"}", "config config");
}

void TestMicrosoft::faultsAreReadInBothShapes() { (void)checkAnswerRow(destination()); }

void TestMicrosoft::howOldAGoalMustBeIsAnOption()
{
    const auto wait = [](const char* more, std::int64_t code) {
        const std::string body = partial(error(code, 0));
        return decodedAnswer(destination(more), answerOf(200, body), 1).records[0].retryAfter;
    };
    QCOMPARE(wait("", 5'615), std::optional<Millis>(2h));
    QCOMPARE(wait("goal_age = \"4h\"\n", 5'615), std::optional<Millis>(4h));
    QCOMPARE(wait("goal_age = \"4h\"\n", 5'612), std::optional<Millis>());
}

// 117 means a minute; Retry-After wins; 207 leaves it to the cool-down, which is a minute too.
void TestMicrosoft::aThrottleSaysHowLong()
{
    const auto hint = [](std::int64_t code, HttpHeaders headers = {}) {
        return decodedAnswer(destination(),
            answerOf(429, "{\"Errors\":[" + error(code) + "]}", std::move(headers)), 1)
            .hint;
    };
    QCOMPARE(hint(117).retryAfter, std::optional<Millis>(60s));
    QCOMPARE(hint(117).source, std::string("code 117"));
    QCOMPARE(hint(117, { { "Retry-After", "5" } }).retryAfter, std::optional<Millis>(5s));
    QCOMPARE(hint(207).retryAfter, std::optional<Millis>());
    QCOMPARE(destination().contract.cooldownMin, Millis(60s));
}

void TestMicrosoft::uetAnswersNameTheirEvents_data()
{
    addAnswerColumns();
    constexpr const char* kOne
        = "{\"eventsReceived\":1,\"error\":{\"code\":\"v\",\"message\":\"m\",\"details\":[{"
          "\"index\":1,\"propertyName\":\"p\",\"attemptedValue\":\"a@b\",\"errorMessage\":\"e\","
          "\"errorCode\":\"c\",\"isWarning\":false}]},\"traceId\":\"t\"}";
    addAnswerRow("all", 200, "{\"eventsReceived\":2}", "accepted accepted");
    addAnswerRow("one is not valid", 200, kOne, "accepted invalid");
    addAnswerRow("refused because of one", 400, kOne, "transient* invalid");
    addAnswerRow("a warning", 200,
        "{\"eventsReceived\":2,\"error\":{\"details\":[{\"index\":0,\"isWarning\":true}]}}",
        "accepted accepted");
    addAnswerRow("another count", 200, "{\"eventsReceived\":1}", "unknown unknown", true);
    addAnswerRow("no count", 200, "{}", "unknown unknown");
    addAnswerRow(
        "refused without a name", 400, "{\"error\":{\"message\":\"m\"}}", "invalid invalid", true);
    addAnswerRow("bad token", 401, "{\"error\":{\"code\":\"Unauthorized\"}}", "auth auth");
    addAnswerRow("throttled", 429, "", "throttled throttled");
    addAnswerRow("server error", 500, kOne, "transient transient");
}

void TestMicrosoft::uetAnswersNameTheirEvents()
{
    for (const RecordOutcome& record : checkAnswerRow(uetDestination()).records)
        QVERIFY(record.message.find("a@b") == std::string::npos || record.code != "c");
}

// Offline a repeat is known by click, time and goal, for UET by the event's id and name.
void TestMicrosoft::onlyWhatItsKeyTellsIsSafeToSendAgain()
{
    const auto isSafe = [](const char* payload, const DestinationConfig& to) {
        return std::get<Record>(MicrosoftAdapter().encode(canonical(payload), contextOf(to)))
            .hasDedupKey;
    };
    QVERIFY(isSafe(kRich, destination()));
    QVERIFY(!isSafe(kMinimalLead, destination()));
    QVERIFY(isSafe(kMinimalLead, uetDestination()));
}

void TestMicrosoft::accountsAreDigits()
{
    const MicrosoftAdapter adapter;
    QVERIFY(adapter.isAccountValid("180012345"));
    for (const char* bad : { "", "a", "1/2", "123456789012345678901" })
        QVERIFY2(!adapter.isAccountValid(bad), bad);
}

SPILLWAY_TEST(TestMicrosoft)

} // namespace tst_microsoft

#include "tst_microsoft.moc"

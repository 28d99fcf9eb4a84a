// What goes to Google: events in its words, requests, tokens, and what is not sent at all.
#include "engine/platforms/event_samples.h"
#include "engine/platforms/platform_cases.h"
#include "platforms/google.h"
#include "support/test_program.h"

namespace tst_google {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

const Secrets kSecrets { { "access_token", "ya29.secret" }, { "developer_token", "dev-secret" } };

constexpr const char* kNames = "account = \"1234567890\"\nbatch = 100\n"
                               "credential.access_token = \"env:T\"\n"
                               "event_names = { purchase = \"987\", lead = "
                               "\"customers/5550001111/conversionActions/12\" }\n";

DestinationConfig destination(const std::string& more = {})
{
    const std::string settings = kNames + more;
    DestinationConfig made
        = destinationOf({ .name = "google", .platform = "google", .settings = settings.c_str() });
    made.endpoint = "https://googleads.googleapis.com/v25";
    made.eventNames["quiz_done"] = "Quiz"; // `check` would refuse it
    return made;
}

// A purchase 1.25 s before midnight UTC, an hour ahead of it, with everything in it.
constexpr const char* kRich
    = R"({"event_id":"ord-1001","event_name":"Order Completed",)"
      R"("event_time":"2026-11-27T00:59:58.750+01:00","action_source":"website",)"
      R"("user":{"email":" Jane.Doe@Gmail.com ","phone_e164":"+1 (555) 123-4567",)"
      R"("first_name":"Jane","ip":"203.0.113.9"},"click":{"gclid":"EAIaIQobChMI_x-1",)"
      R"("gbraid":"0AAAAA","time_us":1795650000123456},"value":"99.90","currency":"eur",)"
      R"("order_id":"1001","items":[{"id":"sku1","name":"Tea","price":"49.95","quantity":2},)"
      R"({"name":"gift wrap"}],"consent":{"ad_user_data":"granted",)"
      R"("ad_personalization":"denied"},"properties":{"coupon":"BF26"}})";
constexpr const char* kRichConversion
    = R"({"gclid":"EAIaIQobChMI_x-1",)"
      R"("conversionAction":"customers/1234567890/conversionActions/987",)"
      R"("conversionDateTime":"2026-11-26 23:59:58+00:00","conversionValue":99.90,)"
      R"("currencyCode":"EUR","orderId":"1001","userIdentifiers":[)"
      R"({"userIdentifierSource":"FIRST_PARTY","hashedEmail":)"
      R"("d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69"},)"
      R"({"userIdentifierSource":"FIRST_PARTY","hashedPhoneNumber":)"
      R"("8a59780bb8cd2ba022bfa5ba2ea3b6e07af17a7d8b30c1f9b3390e36f69019e4"}],)"
      R"("conversionEnvironment":"WEB","consent":{"adUserData":"GRANTED",)"
      R"("adPersonalization":"DENIED"},"cartData":{"merchantId":7,"feedCountryCode":"DE",)"
      R"("items":[{"productId":"sku1","quantity":2,"unitPrice":49.95}]}})";

constexpr const char* kMinimalLead
    = R"({"event_id":"e-1","event_name":"lead","user":{"email":"jane.doe@example.com"}})";
constexpr const char* kMinimalConversion
    = R"({"conversionAction":"customers/5550001111/conversionActions/12",)"
      R"("conversionDateTime":"2026-11-27 00:00:00+00:00","orderId":"e-1","userIdentifiers":[)"
      R"({"userIdentifierSource":"FIRST_PARTY","hashedEmail":)"
      R"("86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"}]})";

constexpr const char* kIngestEvent
    = R"({"transactionId":"1001","eventTimestamp":"2026-11-26T23:59:58.750Z","eventSource":"WEB",)"
      R"("conversionValue":99.90,"currency":"EUR","adIdentifiers":{"gclid":"EAIaIQobChMI_x-1"},)"
      R"("userData":{"userIdentifiers":[{"emailAddress":)"
      R"("d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69"},{"phoneNumber":)"
      R"("8a59780bb8cd2ba022bfa5ba2ea3b6e07af17a7d8b30c1f9b3390e36f69019e4"}]},)"
      R"("consent":{"adUserData":"CONSENT_GRANTED","adPersonalization":"CONSENT_DENIED"}})";

std::string encodedOf(const std::string& payload, const DestinationConfig& to)
{
    return encodedText(GoogleAdapter().encode(canonical(payload), contextOf(to)));
}

std::string lead(const std::string& members)
{
    return "{\"event_id\":\"e-1\",\"event_name\":\"lead\"," + members + "}";
}

} // namespace

class TestGoogle final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRichEventBecomesTheGoldenConversion();
    void aMinimalEventBecomesTheGoldenConversion();
    void theDataManagerGetsTheSameEventInItsOwnWords();
    void identifiersAreHashedInThePlatformsFormAndNeverTwice_data();
    void identifiersAreHashedInThePlatformsFormAndNeverTwice();
    void aRequestCarriesTokensAndNoLogDoes();
    void aRequestOfTheDataManagerNamesItsAction();
    void theTokenIsExchanged();
    void whatThePlatformWouldRefuseIsRefusedHere_data();
    void whatThePlatformWouldRefuseIsRefusedHere();
    void youngClicksWait();
    void onlyWhatIsConfiguredAndKnownGoesThere_data();
    void onlyWhatIsConfiguredAndKnownGoesThere();
    void ageDependsOnTheClick();
    void accountsAreTenDigits();
};

void TestGoogle::aRichEventBecomesTheGoldenConversion()
{
    const DestinationConfig to = destination("merchant_id = \"7\"\nfeed_country = \"DE\"\n");
    QCOMPARE(encodedOf(kRich, to), std::string(kRichConversion));
}

void TestGoogle::aMinimalEventBecomesTheGoldenConversion()
{
    QCOMPARE(encodedOf(kMinimalLead, destination()), std::string(kMinimalConversion));
}

void TestGoogle::theDataManagerGetsTheSameEventInItsOwnWords()
{
    const DestinationConfig to = destination("api = \"data_manager\"\n");
    const auto encoded = GoogleAdapter().encode(canonical(kRich), contextOf(to));
    QCOMPARE(encodedText(encoded), std::string(kIngestEvent));
    QCOMPARE(std::get<Record>(encoded).batchKey, std::string("action/987"));
}

void TestGoogle::identifiersAreHashedInThePlatformsFormAndNeverTwice_data()
{
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("hash");
    const auto row = [](const char* name, const std::string& user, const std::string& hash) {
        QTest::newRow(name) << QString::fromStdString(user) << QString::fromStdString(hash);
    };
    const std::string gmail = "d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69";
    const std::string gmailUpper
        = "D6117306485ED0E50AFAB3AC871E98F81699151F30281527D63FF5F233656C69";
    const std::string plain = "86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d";
    const std::string phone = "8a59780bb8cd2ba022bfa5ba2ea3b6e07af17a7d8b30c1f9b3390e36f69019e4";
    row("dots of Gmail", "\"email\":\" Jane.Doe@Gmail.com \"", gmail);
    row("hashed for Google", "\"email_sha256_google\":\"" + gmailUpper + "\"", gmail);
    row("hashed for all", "\"email_sha256\":\"" + plain + "\"", plain);
    row("a hash as address", "\"email\":\"" + plain + "\"", plain);
    row("Google's before all",
        "\"email_sha256\":\"" + plain + "\",\"email_sha256_google\":\"" + gmail + "\"", gmail);
    row("phone with plus", "\"phone_e164\":\"+1 555 123 4567\"", phone);
    row("hashed phone", "\"phone_sha256_plus\":\"" + phone + "\"", phone);
}

void TestGoogle::identifiersAreHashedInThePlatformsFormAndNeverTwice()
{
    QFETCH(QString, user);
    QFETCH(QString, hash);
    const std::string text
        = encodedOf(lead("\"user\":{" + user.toStdString() + "}"), destination());
    QVERIFY2(text.find('"' + hash.toStdString() + '"') != std::string::npos, text.c_str());
}

void TestGoogle::aRequestCarriesTokensAndNoLogDoes()
{
    const GoogleAdapter adapter;
    const DestinationConfig to = destination("login_customer_id = \"999-888-7777\"\n");
    const std::vector<Record> records { { .body = "{\"a\":1}" }, { .body = "{\"b\":2}" } };
    const auto request = adapter.request(records, contextOf(to), kSecrets);
    QVERIFY(request.has_value());
    QCOMPARE(request->method, std::string("POST"));
    QCOMPARE(request->url,
        std::string("https://googleads.googleapis.com/v25/customers/1234567890"
                    ":uploadClickConversions"));
    QCOMPARE(request->body,
        std::string("{\"conversions\":[{\"a\":1},{\"b\":2}],\"partialFailure\":true,"
                    "\"validateOnly\":false}"));
    QCOMPARE(headerOf(*request, "Authorization"), std::string("Bearer ya29.secret"));
    QCOMPARE(headerOf(*request, "developer-token"), std::string("dev-secret"));
    QCOMPARE(headerOf(*request, "login-customer-id"), std::string("9998887777"));
    QVERIFY(adapter.redactedHead(*request, kSecrets).find("secret") == std::string::npos);
    QCOMPARE(
        adapter.request(records, contextOf(to), {}).error().field, std::string("access_token"));
    EncodeContext live = contextOf(to);
    live.isLiveCheck = true;
    QVERIFY(adapter.request(records, live, kSecrets)->body.ends_with("\"validateOnly\":true}"));
    QVERIFY(adapter.liveCheck(to).kind == LiveCheck::Kind::ValidateOnly);
}

void TestGoogle::aRequestOfTheDataManagerNamesItsAction()
{
    DestinationConfig to
        = destination("api = \"data_manager\"\nlogin_customer_id = \"9998887777\"\n");
    to.endpoint = "https://datamanager.googleapis.com/v1";
    const std::vector<Record> records { { .body = "{\"a\":1}", .route = { { "action", "987" } } } };
    const auto request = GoogleAdapter().request(records, contextOf(to), kSecrets);
    QCOMPARE(request->url, std::string("https://datamanager.googleapis.com/v1/events:ingest"));
    QCOMPARE(request->body,
        std::string(
            "{\"destinations\":[{\"operatingAccount\":{\"accountType\":\"GOOGLE_ADS\","
            "\"accountId\":\"1234567890\"},\"loginAccount\":{\"accountType\":"
            "\"GOOGLE_ADS\",\"accountId\":\"9998887777\"},\"productDestinationId\":"
            "\"987\"}],\"encoding\":\"HEX\",\"validateOnly\":false,\"events\":[{\"a\":1}]}"));
    QVERIFY(headerOf(*request, "developer-token").empty());
}

void TestGoogle::theTokenIsExchanged()
{
    const GoogleAdapter adapter;
    const Secrets secrets { { "client_id", "c" }, { "client_secret", "s" },
        { "refresh_token", "r" } };
    const auto request = adapter.tokenRequest(destination(), secrets);
    QVERIFY(request && request->has_value());
    QCOMPARE((*request)->url, std::string("https://oauth2.googleapis.com/token"));
    QVERIFY(!adapter.tokenRequest(destination(), kSecrets));
}

void TestGoogle::whatThePlatformWouldRefuseIsRefusedHere_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<QString>("refusal"); // its beginning
    const auto row = [](const char* name, const std::string& members, const char* refused) {
        QTest::newRow(name) << QString::fromStdString(lead(members)) << refused;
    };
    const std::string user = "\"user\":{\"email\":\"a@b.example\"}";
    row("decimal comma", user + ",\"value\":\"9,90\"", "value");
    row("currency by name", user + ",\"currency\":\"Euro\"", "currency");
    row("half an address", "\"user\":{\"email\":\"jane\"}", "user.email");
    row("short hash", "\"user\":{\"email_sha256\":\"abc\"}", "user.email_sha256");
    row("click id with a space", "\"click\":{\"gclid\":\"a b\"}", "click.gclid");
    row("conversion before the click",
        "\"event_time\":\"2026-11-01T00:00:00Z\",\"click\":{\"gclid\":\"abc\",\"time_us\":"
        "1795650000123456}",
        "event_time");
    row("tomorrow", user + ",\"event_time\":\"2026-11-27T12:00:00Z\"", "event_time");
    QTest::newRow("an action by its title")
        << "{\"event_name\":\"quiz_done\",\"user\":{\"email\":\"a@b.example\"}}"
        << "event_names";
}

void TestGoogle::whatThePlatformWouldRefuseIsRefusedHere()
{
    QFETCH(QString, payload);
    QFETCH(QString, refusal);
    for (const char* api : { "offline", "data_manager" }) {
        const DestinationConfig to = destination(std::string("api = \"") + api + "\"\n");
        const std::string text = encodedOf(payload.toStdString(), to);
        QVERIFY2(text.starts_with("refused " + refusal.toStdString() + ":"), text.c_str());
    }
}

// Six hours after the click, to the microsecond; a click of unknown time is sent.
void TestGoogle::youngClicksWait()
{
    const auto at = [&](Micros age, const std::string& more = {}) {
        const std::int64_t clicked = toUnixMicros(kNow - age);
        return encodedOf(
            lead("\"click\":{\"gclid\":\"abc\",\"time_us\":" + std::to_string(clicked) + "}"),
            destination(more))
            .substr(0, 31);
    };
    QCOMPARE(at(6h).substr(0, 8), std::string("{\"gclid\""));
    QCOMPARE(at(6h - 1us), std::string("waits until 2026-11-27T00:00:00"));
    QCOMPARE(at(1h), std::string("waits until 2026-11-27T05:00:00"));
    QCOMPARE(at(1h, "min_click_age = \"30m\"\n").substr(0, 8), std::string("{\"gclid\""));
}

void TestGoogle::onlyWhatIsConfiguredAndKnownGoesThere_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const std::string& payload, const char* reason,
                         EventType type = EventType::Track) {
        QTest::newRow(name) << QString::fromStdString(payload) << static_cast<int>(type) << reason;
    };
    const std::string email = "\"user\":{\"email\":\"a@b.example\"}";
    row("lead", lead(email), "");
    row("by click", lead("\"click\":{\"wbraid\":\"x\"}"), "");
    row("unmapped name", "{\"event_name\":\"sign_up\"," + email + "}", "no_mapping");
    row("nobody", lead("\"user\":{\"ip\":\"203.0.113.9\"}"), "no_identifier");
    row("denied", lead(email + ",\"consent\":{\"ad_user_data\":\"denied\"}"), "consent_denied");
    row("opted out", lead(email + ",\"opt_out\":true"), "consent_denied");
    row("identify", lead(email), "event_type", EventType::Identify);
}

void TestGoogle::onlyWhatIsConfiguredAndKnownGoesThere()
{
    QFETCH(QString, payload);
    QFETCH(int, type);
    QFETCH(QString, reason);
    const CanonicalEvent event = canonical(payload.toStdString(), static_cast<EventType>(type));
    const auto found = GoogleAdapter().unroutable(event, destination());
    QCOMPARE(QString::fromStdString(found ? found->reason : ""), reason);
    const bool isByClick = payload.contains(u"wbraid");
    const auto clicksOnly = GoogleAdapter().unroutable(event, destination("match = \"click\"\n"));
    QCOMPARE(!clicksOnly.has_value(), isByClick);
}

void TestGoogle::ageDependsOnTheClick()
{
    const GoogleAdapter adapter;
    DestinationConfig to = destination();
    const CanonicalEvent person = canonical(kMinimalLead);
    const CanonicalEvent click = canonical(lead("\"click\":{\"gclid\":\"abc\"}"));
    QCOMPARE(adapter.acceptedAge(click, to), std::optional<Seconds>(24h * 90));
    QCOMPARE(adapter.acceptedAge(person, to), std::optional<Seconds>(24h * 63));
    to.options["leads_age"] = "30d";
    QCOMPARE(adapter.acceptedAge(person, to), std::optional<Seconds>(24h * 30));
    to.contract.acceptedAge.reset();
    QVERIFY(!adapter.acceptedAge(person, to));
    // A guessed limit loses nothing unless the operator says so.
    const std::string old = "\"event_time\":\"2026-01-01T00:00:00Z\",\"click\":{\"gclid\":\"abc\"}";
    QVERIFY(encodedOf(lead(old), destination()).starts_with("{"));
    QVERIFY(encodedOf(lead(old), destination("enforce_age = true\n"))
                .starts_with("refused event_time: expired"));
}

void TestGoogle::accountsAreTenDigits()
{
    const GoogleAdapter adapter;
    QVERIFY(adapter.isAccountValid("1234567890"));
    for (const char* bad : { "", "123456789", "12345678901", "123-456-7890", "123456789x", "../a" })
        QVERIFY2(!adapter.isAccountValid(bad), bad);
}

SPILLWAY_TEST(TestGoogle)

} // namespace tst_google

#include "tst_google.moc"

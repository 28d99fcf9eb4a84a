#include "engine/platforms/ad_purchase.h"
#include "platforms/hashing.h"
#include "platforms/tiktok.h"
#include "support/test_program.h"

namespace tst_tiktok {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

DestinationConfig tiktok() { return destinationOf(caseOf("tiktok")); }

std::string body(std::int64_t code, const std::string& message = "said why")
{
    return "{\"code\":" + std::to_string(code) + ",\"message\":\"" + message
        + "\",\"request_id\":\"2026\",\"data\":{}}";
}

Decoded decoded(int status, const std::string& body, std::size_t records, HttpHeaders headers = {})
{
    return decodedFor(
        "tiktok", answerOf(status, body, std::move(headers)), std::vector<Record>(records));
}

} // namespace

class TestTiktok final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eventsBecomeTheGoldenPayloads();
    void aBatchNamesItsSourceAndTheTokenStandsInAHeader();
    void theKindOfSourceFollowsTheEventUnlessItIsSet_data();
    void theKindOfSourceFollowsTheEventUnlessItIsSet();
    void whatThePlatformWouldRefuseIsRefusedHere_data();
    void whatThePlatformWouldRefuseIsRefusedHere();
    void hashesAreTakenAsTheyAreAndExternalIdsDoNotTellCaseApart();
    void timesAreSecondsOfTheOriginalEvent();
    void offlineEventsMayBeOlder();
    void nobodyToFindOrNoConsentMeansNoDelivery_data();
    void nobodyToFindOrNoConsentMeansNoDelivery();
    void everyCodeHasItsClass_data();
    void everyCodeHasItsClass();
    void aCodeThatNobodyListedIsJudgedByTheStatus();
    void aNamedRecordIsInvalidAndTheOthersGoBack();
    void aBatchPartlyTakenLosesOnlyTheNamedRecord();
    void unreadableAnswersAreJudgedByStatus();
    void aThrottleUnder200MayNameADelay();
    void aLiveCheckNeedsATestCode();
};

void TestTiktok::eventsBecomeTheGoldenPayloads()
{
    const TiktokAdapter adapter;
    const DestinationConfig destination = tiktok();
    QCOMPARE(encodedText(adapter.encode(adPurchase(), contextOf(destination))),
        std::string(kRichForTiktok));
    QCOMPARE(encodedText(adapter.encode(canonical(kMinimal), contextOf(destination))),
        std::string(kMinimalForTiktok));
}

void TestTiktok::aBatchNamesItsSourceAndTheTokenStandsInAHeader()
{
    const TiktokAdapter adapter;
    DestinationConfig destination = tiktok();
    destination.endpoint = "https://business-api.tiktok.com/open_api/v1.3";
    std::vector<Record> records(2);
    for (Record& record : records) {
        record.body = "{\"a\":1}";
        record.route = { { "event_source", "web" } };
    }
    const Secrets secrets { { "access_token", "token+1" } };
    const auto request = adapter.request(records, contextOf(destination), secrets);
    QVERIFY(request.has_value());
    QCOMPARE(request->method, std::string("POST"));
    QCOMPARE(
        request->url, std::string("https://business-api.tiktok.com/open_api/v1.3/event/track/"));
    QCOMPARE(headerOf(*request, "Access-Token"), std::string("token+1"));
    QCOMPARE(request->body,
        std::string("{\"event_source\":\"web\",\"event_source_id\":\"C4PIXELCODE\","
                    "\"data\":[{\"a\":1},{\"a\":1}]}"));
    QVERIFY(adapter.redactedHead(*request, secrets).find("token+1") == std::string::npos);

    destination.options["test_event_code"] = "TEST1";
    destination.options["partner_name"] = "Us";
    const auto counted = adapter.request(records, contextOf(destination), secrets);
    QVERIFY(counted->body.find("TEST1") == std::string::npos);
    destination.options["test_traffic"] = "true";
    const auto tested = adapter.request(records, contextOf(destination), secrets);
    QVERIFY(tested->body.find("\"partner_name\":\"Us\",\"test_event_code\":\"TEST1\",\"data\"")
        != std::string::npos);
    QCOMPARE(adapter.request(records, contextOf(destination), {}).error().field,
        std::string("access_token"));
}

void TestTiktok::theKindOfSourceFollowsTheEventUnlessItIsSet_data()
{
    QTest::addColumn<QString>("action"); // JSON of action_source
    QTest::addColumn<QString>("option");
    QTest::addColumn<QString>("source");
    const auto row = [](const char* action, const char* option, const char* source) {
        QTest::addRow("%s%s", action, option) << action << option << source;
    };
    row("\"website\"", "", "web");
    row("\"app\"", "", "app");
    row("\"crm\"", "", "crm");
    row("\"physical_store\"", "", "offline");
    row("\"phone_call\"", "", "offline");
    row("null", "", "web");
    row("\"website\"", "offline", "offline");
}

void TestTiktok::theKindOfSourceFollowsTheEventUnlessItIsSet()
{
    QFETCH(QString, action);
    QFETCH(QString, option);
    QFETCH(QString, source);
    const TiktokAdapter adapter;
    DestinationConfig destination = tiktok();
    destination.options["event_source"] = option.toStdString();
    const auto encoded = adapter.encode(
        adPurchase({ { "action_source", action.toStdString() } }), contextOf(destination));
    QVERIFY2(std::holds_alternative<Record>(encoded), encodedText(encoded).c_str());
    // Kinds do not meet in a request, and a test event is alone in its own.
    const auto& record = std::get<Record>(encoded);
    QCOMPARE(QString::fromStdString(record.batchKey), source);
    const auto request
        = adapter.request({ &record, 1 }, contextOf(destination), secretsOf(destination));
    const auto sent = parseJson(request->body);
    QCOMPARE(QString::fromStdString(textOf(*sent, "event_source")), source);
    destination.options["test_event_code"] = "TEST1";
    QCOMPARE(std::get<Record>(adapter.encode(adPurchase(), contextOf(destination))).batchKey,
        option.isEmpty() ? std::string("web") : option.toStdString());
    EncodeContext trial = contextOf(destination);
    trial.isLiveCheck = true;
    const auto tested = adapter.encode(adPurchase(), trial);
    QVERIFY(std::get<Record>(tested).batchKey.ends_with("/7"));
}

void TestTiktok::whatThePlatformWouldRefuseIsRefusedHere_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("value");
    const auto row = [](const char* name, const char* path, const char* value) {
        QTest::newRow(name) << path << value;
    };
    row("decimal comma", "value", "\"99,90\"");
    row("currency by name", "currency", "\"Euro\"");
    row("unknown source", "action_source", "\"fax\"");
    row("half an e-mail address", "user.email", "\"jane\"");
    row("hash of the wrong length", "user.email_sha256", "\"abc\"");
    row("words for a phone", "user.phone_e164", "\"call me\"");
    row("country by name", "user.country_iso2", "\"Germany\"");
    row("items that are not whole", "num_items", "1.5");
}

void TestTiktok::whatThePlatformWouldRefuseIsRefusedHere()
{
    QFETCH(QString, path);
    QFETCH(QString, value);
    const TiktokAdapter adapter;
    const DestinationConfig destination = tiktok();
    const auto encoded = adapter.encode(
        adPurchase({ { path.toStdString(), value.toStdString() } }), contextOf(destination));
    QVERIFY2(std::holds_alternative<Refusal>(encoded), encodedText(encoded).c_str());
    QCOMPARE(QString::fromStdString(std::get<Refusal>(encoded).field), path);
    DestinationConfig wrong = tiktok();
    wrong.options["event_source"] = "pixel";
    QVERIFY(std::holds_alternative<Refusal>(adapter.encode(adPurchase(), contextOf(wrong))));
}

void TestTiktok::hashesAreTakenAsTheyAreAndExternalIdsDoNotTellCaseApart()
{
    const TiktokAdapter adapter;
    const DestinationConfig destination = tiktok();
    const std::string hash = sha256Hex("customer-a");
    for (const std::string& value : { std::string("Customer-A"), hash }) {
        const auto encoded = adapter.encode(
            adPurchase({ { "user.external_id", '"' + value + '"' } }), contextOf(destination));
        const auto json = parseJson(encodedText(encoded));
        QCOMPARE(json->at("user.external_id.0")->text(), hash);
    }
}

// One hour into the summer of Berlin and one out of it: the offset, not the calendar, tells.
void TestTiktok::timesAreSecondsOfTheOriginalEvent()
{
    const TiktokAdapter adapter;
    DestinationConfig destination = tiktok();
    const auto seconds = [&](const char* time) {
        const auto event = adPurchase({ { "event_time", '"' + std::string(time) + '"' } });
        const auto json = parseJson(encodedText(adapter.encode(event, contextOf(destination))));
        return json->find("event_time")->asInt().value_or(0);
    };
    QCOMPARE(seconds("2026-10-25T02:59:59.999+02:00"), 1'792'889'999);
    QCOMPARE(seconds("2026-10-25T02:00:00+01:00"), 1'792'890'000);
    QCOMPARE(seconds("2026-03-29T03:00:00.001+02:00"), 1'774'746'000);
    QCOMPARE(seconds("2026-11-27T05:30:00+05:30"), 1'795'737'600);
}

void TestTiktok::offlineEventsMayBeOlder()
{
    const TiktokAdapter adapter;
    DestinationConfig destination = tiktok();
    const auto web = adPurchase();
    const auto shop = adPurchase({ { "action_source", "\"physical_store\"" } });
    QCOMPARE(adapter.acceptedAge(web, destination), std::optional<Seconds>(7 * 24h));
    QCOMPARE(adapter.acceptedAge(shop, destination), std::optional<Seconds>(28 * 24h));
    destination.options["offline_age"] = "10d";
    QCOMPARE(adapter.acceptedAge(shop, destination), std::optional<Seconds>(10 * 24h));
    // The number is not documented: it does not cost an event unless the operator says so.
    const auto old = movedTo(web, kNow - 8 * 24h);
    QVERIFY(std::holds_alternative<Record>(adapter.encode(old, contextOf(destination))));
    destination.contract.isAgeEnforced = true;
    QVERIFY(std::holds_alternative<Refusal>(adapter.encode(old, contextOf(destination))));
    const auto ahead = movedTo(web, kNow + 2min);
    QVERIFY(std::holds_alternative<TooRecent>(adapter.encode(ahead, contextOf(destination))));
    QVERIFY(std::holds_alternative<Refusal>(
        adapter.encode(movedTo(web, kNow + 2h), contextOf(destination))));
}

void TestTiktok::nobodyToFindOrNoConsentMeansNoDelivery_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<QString>("reason"); // empty: it is delivered
    const auto row = [](const char* name, const char* payload, const char* reason) {
        QTest::newRow(name) << payload << reason;
    };
    row("address alone", "{\"user\":{\"ip\":\"203.0.113.9\"}}", "no_identifier");
    row("address and browser", "{\"user\":{\"ip\":\"203.0.113.9\",\"user_agent\":\"M\"}}", "");
    row("name alone", "{\"user\":{\"first_name\":\"J\",\"last_name\":\"D\"}}", "no_identifier");
    row("click", "{\"click\":{\"ttclid\":\"x\"}}", "");
    row("browser id", "{\"click\":{\"ttp\":\"x\"}}", "");
    row("another's click", "{\"click\":{\"fbclid\":\"x\"}}", "no_identifier");
    row("phone", "{\"user\":{\"phone_e164\":\"+15551234567\"}}", "");
    row("denied", "{\"click\":{\"ttclid\":\"x\"},\"consent\":{\"ad_user_data\":\"denied\"}}",
        "consent_denied");
    row("opted out", "{\"click\":{\"ttclid\":\"x\"},\"opt_out\":true}", "consent_denied");
}

void TestTiktok::nobodyToFindOrNoConsentMeansNoDelivery()
{
    QFETCH(QString, payload);
    QFETCH(QString, reason);
    const auto found = TiktokAdapter().unroutable(canonical(payload.toStdString()), tiktok());
    QCOMPARE(found ? QString::fromStdString(found->reason) : QString(), reason);
}

void TestTiktok::everyCodeHasItsClass_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<Outcome>("outcome");
    const auto rows = [](Outcome outcome, std::initializer_list<int> codes) {
        for (const int code : codes)
            QTest::addRow("%d", code) << code << outcome;
    };
    rows(Outcome::Accepted, { 0, 40050 });
    rows(Outcome::Throttled, { 40016, 40100, 40132, 40133 });
    rows(Outcome::Transient,
        { 40200, 40201, 40202, 50000, 50002, 51000, 51010, 51012, 51999, 52000, 52999 });
    rows(Outcome::Invalid, { 20001, 40000, 40002, 40062, 40700 });
    rows(Outcome::Auth, { 40102, 40103, 40104, 40105, 40107 });
    rows(Outcome::Config,
        { 40001, 40003, 40006, 40051, 40063, 40101, 40113, 40117, 40118, 40130, 40300, 40301, 40400,
            41000, 41001 });
    rows(Outcome::Oversize, { 40061 });
}

void TestTiktok::everyCodeHasItsClass()
{
    QFETCH(int, code);
    QFETCH(Outcome, outcome);
    const Decoded two = decoded(200, body(code), 2);
    QCOMPARE(toString(two.request), toString(outcome));
    QCOMPARE(two.records.size(), std::size_t { 2 });
    QCOMPARE(toString(two.records[1].outcome), toString(outcome));
    // Without a name any of them may be at fault, and one alone is.
    QCOMPARE(two.isBatchSuspect, outcome == Outcome::Invalid);
    QVERIFY(!decoded(200, body(code), 1).isBatchSuspect);
    if (outcome == Outcome::Accepted)
        return;
    QCOMPARE(two.records[1].code, std::to_string(code));
    QCOMPARE(two.records[1].message, std::string("said why"));
    QCOMPARE(two.records[1].form, ErrorForm::InBody);
    // A platform that says nothing is spoken for.
    QCOMPARE(
        decoded(200, body(code, ""), 1).records[0].message, std::string(tiktokCode(code)->meaning));
}

void TestTiktok::aCodeThatNobodyListedIsJudgedByTheStatus()
{
    const auto outcome = [](int status, int code) {
        return std::string(toString(decoded(status, body(code), 2).request));
    };
    QCOMPARE(outcome(200, 49999), std::string("transient"));
    QCOMPARE(outcome(200, -1), std::string("transient"));
    QCOMPARE(outcome(429, 49999), std::string("throttled"));
    QCOMPARE(outcome(401, 49999), std::string("auth"));
    QCOMPARE(outcome(500, 49999), std::string("transient"));
    QCOMPARE(outcome(500, 40002), std::string("invalid")); // the body knows better
    QCOMPARE(outcome(500, 0), std::string("transient")); // but not that all is well
}

void TestTiktok::aNamedRecordIsInvalidAndTheOthersGoBack()
{
    for (const char* message : { "data.1.user.email: must be hashed",
             "Batch.1.properties.value: wrong", "field Batch.1.event: x, data.0.y" }) {
        const Decoded named = decoded(200, body(40002, message), 3);
        QCOMPARE(outcomesWithFaults(named), std::string("transient* invalid transient*"));
        QCOMPARE(toString(named.request), "invalid");
        QVERIFY(!named.isBatchSuspect);
        QCOMPARE(named.records[1].message, std::string(message));
    }
    // An index that was not sent, or none, names nobody: halves find out.
    for (const char* message : { "data.3.user", "data.x.user", "data.1", "metadata", "data..1." }) {
        const Decoded unnamed = decoded(200, body(40002, message), 3);
        QVERIFY2(unnamed.isBatchSuspect, message);
        QCOMPARE(outcomesWithFaults(unnamed), std::string("invalid invalid invalid"));
    }
    QCOMPARE(
        outcomesWithFaults(decoded(200, body(40002, "data.0.user"), 1)), std::string("invalid"));
}

void TestTiktok::aBatchPartlyTakenLosesOnlyTheNamedRecord()
{
    // The second fault is not named yet, so the others are sent again; what was taken before is
    // known there by its id.
    const Decoded named
        = decoded(200, body(20001, "data.2.user.email: must be hashed; data.0.event_time: old"), 3);
    QCOMPARE(outcomesWithFaults(named), std::string("transient* transient* invalid"));
    QCOMPARE(outcomesWithFaults(decoded(200, body(20001, "data.0.event_time: old"), 2)),
        std::string("invalid transient*"));
    QVERIFY(decoded(200, body(20001), 3).isBatchSuspect);
}

void TestTiktok::unreadableAnswersAreJudgedByStatus()
{
    const auto outcome = [](int status, const char* text) {
        return std::string(toString(decoded(status, text, 2).request));
    };
    QCOMPARE(outcome(200, "<html>ok</html>"), std::string("unknown"));
    QCOMPARE(outcome(200, ""), std::string("unknown"));
    QCOMPARE(outcome(200, "{\"message\":\"OK\"}"), std::string("unknown"));
    QCOMPARE(outcome(502, "<html>bad gateway</html>"), std::string("transient"));
    QCOMPARE(outcome(429, ""), std::string("throttled"));
    QCOMPARE(outcome(404, "[]"), std::string("config"));
}

void TestTiktok::aThrottleUnder200MayNameADelay()
{
    QVERIFY(!decoded(200, body(40100), 1).hint.retryAfter);
    const Decoded delayed = decoded(200, body(40100), 1, { { "Retry-After", "7" } });
    QCOMPARE(delayed.hint.retryAfter, std::optional<Millis>(7s));
    QCOMPARE(delayed.hint.source, std::string("Retry-After"));
    QVERIFY(!decoded(200, body(0), 1, { { "Retry-After", "7" } }).hint.retryAfter);
    QCOMPARE(
        decoded(429, "", 1, { { "Retry-After", "7" } }).hint.retryAfter, std::optional<Millis>(7s));
}

void TestTiktok::aLiveCheckNeedsATestCode()
{
    DestinationConfig destination = tiktok();
    QVERIFY(TiktokAdapter().liveCheck(destination).kind == LiveCheck::Kind::None);
    destination.options["test_event_code"] = "TEST1";
    QVERIFY(TiktokAdapter().liveCheck(destination).kind == LiveCheck::Kind::TestEvent);
    for (const char* good : { "C4PIXELCODE", "7012345678901234567", "set_1" })
        QVERIFY2(TiktokAdapter().isAccountValid(good), good);
    for (const char* bad : { "", "a/b", "a b", "\"" })
        QVERIFY2(!TiktokAdapter().isAccountValid(bad), bad);
}

SPILLWAY_TEST(TestTiktok)

} // namespace tst_tiktok

#include "tst_tiktok.moc"

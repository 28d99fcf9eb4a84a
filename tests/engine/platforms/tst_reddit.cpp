#include "engine/platforms/ad_samples.h"
#include "platforms/hashing.h"
#include "platforms/reddit.h"
#include "platforms/reddit_payload.h"
#include "support/test_program.h"

namespace tst_reddit {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

const Secrets kSecrets { { "access_token", "reddit_secret" } };

DestinationConfig reddit() { return destinationOf(caseOf("reddit")); }
DestinationConfig redditV2() { return destinationOf(caseOf("reddit, v2")); }

std::string encoded(const CanonicalEvent& event, const DestinationConfig& destination)
{
    return encodedText(RedditAdapter {}.encode(event, contextOf(destination)));
}

Record recordOf(const CanonicalEvent& event, const DestinationConfig& destination)
{
    return std::get<Record>(RedditAdapter {}.encode(event, contextOf(destination)));
}

Decoded decoded(
    int status, const std::string& body, std::span<const Record> records, HttpHeaders headers = {})
{
    const DestinationConfig destination = reddit();
    return RedditAdapter {}.decode(
        answerOf(status, body, std::move(headers)), records, contextOf(destination));
}

std::string memberOf(
    const CanonicalEvent& event, const DestinationConfig& destination, std::string_view path)
{
    const auto json = parseJson(encoded(event, destination));
    const Json* const value = json ? json->at(path) : nullptr;
    return value != nullptr ? value->dump() : std::string("absent");
}

// A golden payload with its hashes filled in.
std::string filled(const std::string& golden)
{
    return QString::fromStdString(golden)
        .arg(QStringLiteral("c4d25e9c90ff23e9145397bc6fbd5385ca5fbe78211222ccbecd0b369ebb19a6"),
            QStringLiteral("8a59780bb8cd2ba022bfa5ba2ea3b6e07af17a7d8b30c1f9b3390e36f69019e4"),
            QStringLiteral("d861b7e91033ebc1c1e8e7af3929010158b3241b54ca87ef73e79c32f26400ec"))
        .toStdString();
}

std::string outcomesOf(const Decoded& answer)
{
    std::string text;
    for (const RecordOutcome& record : answer.records)
        text += std::string(text.empty() ? "" : " ") + toString(record.outcome);
    return text;
}

std::string refusalOf(const std::string& echoes)
{
    return "{\"message\":\"There were 1 invalid conversion events. None were processed.\","
           "\"invalid_events\":["
        + echoes + "]}";
}

// Three events of different ids, times and clicks.
std::vector<Record> threeRecords(const DestinationConfig& destination)
{
    std::vector<Record> records;
    for (const char* id : { "a", "b", "c" }) {
        const std::string text = std::string("{\"event_id\":\"") + id
            + "\",\"event_name\":\"Lead\",\"event_time\":\"2026-11-26T10:00:00Z\",\"click\":"
              "{\"rdt_cid\":\"click-"
            + id + "\"}}";
        records.push_back(recordOf(canonical(text), destination));
    }
    return records;
}

} // namespace

class TestReddit final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRichAndAMinimalEventBecomeTheGoldenPayloads();
    void anAppEventCarriesItsDevice();
    void theFormOfTheAddressIsASwitch();
    void namesOfThePlatformAreTypesAndOthersAreCustom();
    void eachVersionHasItsOwnAddressAndEnvelope();
    void whatThePlatformWouldRefuseIsRefusedHere_data();
    void whatThePlatformWouldRefuseIsRefusedHere();
    void theSameInstantIsTheSameMillisecondInEveryZone();
    void ageAndFutureAreExact();
    void whomThePlatformCanNotFindIsNotSent_data();
    void whomThePlatformCanNotFindIsNotSent();
    void everyStatusHasItsClass_data();
    void everyStatusHasItsClass();
    void bothFormsOfARefusedTokenAreAuth();
    void theCountOfASuccessMustBeOurs();
    void anEchoIsKnownByItsIdGivenOrHashed_data();
    void anEchoIsKnownByItsIdGivenOrHashed();
    void anEchoThatCouldBeTwoIsNotBelieved();
    void aThrottleIsReadWithAndWithoutHeaders();
    void theLiveCheckNeedsATestId();
};

void TestReddit::aRichAndAMinimalEventBecomeTheGoldenPayloads()
{
    QCOMPARE(encoded(canonical(kRichPurchase), reddit()), filled(kRichForReddit));
    QCOMPARE(encoded(canonical(kRichPurchase), redditV2()), filled(kRichForRedditV2));
    QCOMPARE(encoded(canonical(kMinimal), reddit()), filled(kMinimalForReddit));
}

void TestReddit::anAppEventCarriesItsDevice()
{
    const CanonicalEvent event = canonical(kAppPurchase);
    QCOMPARE(memberOf(event, reddit(), "action_source"), std::string("\"APP\""));
    QCOMPARE(memberOf(event, reddit(), "user.idfa"),
        '"' + sha256Hex("6D92078A-8246-4BA4-AE5B-76104861E7DC") + '"');
    QCOMPARE(memberOf(event, reddit(), "click_id"), std::string("\"r-1\""));
    QCOMPARE(memberOf(event, reddit(), "user.uuid"), std::string("\"u-1\""));
    QCOMPARE(memberOf(event, redditV2(), "action_source"), std::string("absent"));
    const CanonicalEvent limited = changedEvent(kAppPurchase, "consent",
        "{\"limited_data_use\":true,\"ldu_country\":\"US\",\"ldu_region\":\"US-CA\"}");
    QCOMPARE(memberOf(limited, reddit(), "user.data_processing_options"),
        std::string("{\"country\":\"US\",\"region\":\"US-CA\",\"modes\":[\"LDU\"]}"));
    const CanonicalEvent unwilling
        = changedEvent(kAppPurchase, "consent", "{\"ad_personalization\":\"denied\"}");
    QCOMPARE(memberOf(unwilling, reddit(), "user.data_processing_options"),
        std::string("{\"modes\":[\"LDU\"]}"));
}

void TestReddit::theFormOfTheAddressIsASwitch()
{
    const CanonicalEvent event
        = changedEvent(kMinimal, "user", "{\"email\":\" Jane.Doe+Tea@Example.com \"}");
    DestinationConfig destination = reddit();
    QCOMPARE(
        memberOf(event, destination, "user.email"), '"' + sha256Hex("janedoe@example.com") + '"');
    destination.options["email_form"] = "plain";
    QCOMPARE(memberOf(event, destination, "user.email"),
        '"' + sha256Hex("jane.doe+tea@example.com") + '"');
    // What a sender hashed is never hashed again.
    const CanonicalEvent hashed
        = changedEvent(kMinimal, "user", std::string("{\"email_sha256\":\"") + kJaneHash + "\"}");
    QCOMPARE(memberOf(hashed, reddit(), "user.email"), '"' + std::string(kJaneHash) + '"');
}

void TestReddit::namesOfThePlatformAreTypesAndOthersAreCustom()
{
    DestinationConfig v3 = reddit();
    DestinationConfig v2 = redditV2();
    const CanonicalEvent quiz = canonical(kMinimal);
    QCOMPARE(memberOf(quiz, v2, "event_type"),
        std::string("{\"tracking_type\":\"Custom\",\"custom_event_name\":\"quiz_done\"}"));
    for (const char* configured : { "LEAD", "Lead" }) {
        v3.eventNames["quiz_done"] = configured;
        v2.eventNames["quiz_done"] = configured;
        QCOMPARE(memberOf(quiz, v3, "type"), std::string("{\"tracking_type\":\"LEAD\"}"));
        QCOMPARE(memberOf(quiz, v2, "event_type"), std::string("{\"tracking_type\":\"Lead\"}"));
    }
    v3.eventNames["quiz_done"] = "QuizWon";
    QCOMPARE(memberOf(quiz, v3, "type.custom_event_name"), std::string("\"QuizWon\""));
}

void TestReddit::eachVersionHasItsOwnAddressAndEnvelope()
{
    const RedditAdapter adapter;
    const std::vector<Record> records { { .body = "{\"a\":1}" }, { .body = "{\"b\":2}" } };
    DestinationConfig v3 = reddit();
    v3.endpoint = "https://ads-api.reddit.com/api/v3";
    v3.options["test_id"] = "t2_test";
    const auto counted = adapter.request(records, contextOf(v3), kSecrets);
    QVERIFY(counted->body.ends_with("\"partner\":\"SPILLWAY\"}}"));
    v3.options["test_traffic"] = "true";
    const auto request = adapter.request(records, contextOf(v3), kSecrets);
    QVERIFY(request.has_value());
    QCOMPARE(request->url,
        std::string("https://ads-api.reddit.com/api/v3/pixels/t2_abc123/conversion_events"));
    QCOMPARE(request->body,
        std::string("{\"data\":{\"events\":[{\"a\":1},{\"b\":2}],\"partner\":\"SPILLWAY\","
                    "\"test_id\":\"t2_test\"}}"));
    QCOMPARE(headerOf(*request, "Authorization"), std::string("Bearer reddit_secret"));
    QVERIFY(headerOf(*request, "User-Agent").starts_with("spillway/"));
    QVERIFY(adapter.redactedHead(*request, kSecrets).find("reddit_secret") == std::string::npos);

    DestinationConfig v2 = redditV2();
    v2.endpoint = "https://ads-api.reddit.com/api/v2.0";
    const auto older = adapter.request(records, contextOf(v2), kSecrets);
    QCOMPARE(older->url,
        std::string("https://ads-api.reddit.com/api/v2.0/conversions/events/t2_abc123"));
    QCOMPARE(older->body,
        std::string("{\"events\":[{\"a\":1},{\"b\":2}],\"partner\":\"SPILLWAY\","
                    "\"test_mode\":false}"));
    const auto missing = adapter.request(records, contextOf(v2), {});
    QVERIFY(!missing && missing.error().field == "access_token");
    for (const char* bad : { "", "t2", "t2/abc", "t2%2Fabc" })
        QVERIFY(!adapter.isAccountValid(bad));
}

void TestReddit::whatThePlatformWouldRefuseIsRefusedHere_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("value"); // JSON
    QTest::addColumn<QString>("refusedField");
    const auto row = [](const char* name, const char* field, const char* value,
                         const char* refused) { QTest::newRow(name) << field << value << refused; };
    row("decimal comma", "value", "\"99,90\"", "value");
    row("currency by name", "currency", "\"Euro\"", "currency");
    row("half an e-mail address", "user", "{\"email\":\"jane\"}", "user.email");
    row("an address of nothing but dots", "user", "{\"email\":\"...@x.example\"}", "user.email");
    row("a phone number in words", "user", "{\"phone_e164\":\"call me\"}", "user.phone_e164");
    row("item price in words", "items", "[{\"id\":\"a\",\"price\":\"cheap\"}]", "items.0.price");
    row("items that are not whole", "num_items", "1.5", "num_items");
}

void TestReddit::whatThePlatformWouldRefuseIsRefusedHere()
{
    QFETCH(QString, field);
    QFETCH(QString, value);
    QFETCH(QString, refusedField);
    const DestinationConfig destination = reddit();
    const auto made = RedditAdapter {}.encode(
        changedEvent(kRichPurchase, field.toStdString(), value.toStdString()),
        contextOf(destination));
    QCOMPARE(judged(made), "refused " + refusedField.toStdString());
}

// Half past one UTC, in the night in which the clocks of Berlin jump from two to three.
void TestReddit::theSameInstantIsTheSameMillisecondInEveryZone()
{
    DestinationConfig v3 = reddit();
    DestinationConfig v2 = redditV2();
    v3.contract.isAgeEnforced = false;
    v2.contract.isAgeEnforced = false;
    for (const char* time : { "2026-03-29T01:30:00.789999Z", "2026-03-29T03:30:00.789+02:00",
             "2026-03-28T18:30:00.789123-07:00" }) {
        const CanonicalEvent event
            = changedEvent(kMinimal, "event_time", '"' + std::string(time) + '"');
        QCOMPARE(memberOf(event, v3, "event_at"), std::string("1774747800789"));
        QCOMPARE(memberOf(event, v2, "event_at"), std::string("\"2026-03-29T01:30:00.789Z\""));
    }
}

// 7 days to the microsecond; five minutes ahead, and a few more wait.
void TestReddit::ageAndFutureAreExact()
{
    for (const DestinationConfig& destination : { reddit(), redditV2() }) {
        const auto judgedAt = [&](Micros age) {
            return judged(RedditAdapter {}.encode(
                eventOfAge(canonical(kMinimal), age), contextOf(destination)));
        };
        QCOMPARE(judgedAt(7 * 24h), std::string("taken"));
        QCOMPARE(judgedAt(7 * 24h + 1us), std::string("refused event_time"));
        QCOMPARE(judgedAt(-5min), std::string("taken"));
        QCOMPARE(judgedAt(-5min - 1us), std::string("waits"));
        QCOMPARE(judgedAt(-2h), std::string("refused event_time"));
    }
}

void TestReddit::whomThePlatformCanNotFindIsNotSent_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<QString>("reason"); // empty: it is delivered
    const auto row = [](const char* name, const char* payload, const char* reason) {
        QTest::newRow(name) << payload << reason;
    };
    row("nobody", "{\"user\":null}", "no_identifier");
    row("address alone", "{\"user\":{\"ip\":\"203.0.113.9\"}}", "no_identifier");
    row("address and browser", "{\"user\":{\"ip\":\"203.0.113.9\",\"user_agent\":\"M\"}}", "");
    row("click", "{\"click\":{\"rdt_cid\":\"1\"}}", "");
    row("another platform's click", "{\"click\":{\"fbclid\":\"1\"}}", "no_identifier");
    row("cookie", "{\"click\":{\"rdt_uuid\":\"1\"}}", "");
    row("external id", "{\"user\":{\"external_id\":\"42\"}}", "");
    row("denied", "{\"user\":{\"email\":\"a@b\"},\"consent\":{\"ad_user_data\":\"denied\"}}",
        "consent_denied");
    row("opted out", "{\"user\":{\"email\":\"a@b\"},\"opt_out\":true}", "consent_denied");
}

void TestReddit::whomThePlatformCanNotFindIsNotSent()
{
    QFETCH(QString, payload);
    QFETCH(QString, reason);
    const auto found = RedditAdapter {}.unroutable(canonical(payload.toStdString()), reddit());
    QCOMPARE(found ? QString::fromStdString(found->reason) : QString(), reason);
}

void TestReddit::everyStatusHasItsClass_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<bool>("isSuspect");
    const auto row = [](int status, const char* outcome, bool isSuspect = false) {
        QTest::addRow("%d", status) << status << outcome << isSuspect;
    };
    row(400, "invalid", true);
    row(401, "auth");
    row(403, "config");
    row(404, "config");
    row(413, "oversize");
    row(422, "invalid", true);
    row(429, "throttled");
    row(500, "transient");
    row(503, "transient");
    row(504, "transient");
}

void TestReddit::everyStatusHasItsClass()
{
    QFETCH(int, status);
    QFETCH(QString, outcome);
    QFETCH(bool, isSuspect);
    const std::vector<Record> records(2);
    const Decoded all = decoded(status, "{\"message\":\"said why\"}", records);
    QCOMPARE(QString::fromUtf8(toString(all.request)), outcome);
    QCOMPARE(all.isBatchSuspect, isSuspect);
    QCOMPARE(QString::fromUtf8(toString(all.records[1].outcome)), outcome);
    QCOMPARE(all.records[1].message, std::string("said why"));
    QVERIFY(!decoded(status, "{}", std::span(records).first(1)).isBatchSuspect);
    // A page of the edge says nothing, the status does.
    QCOMPARE(
        QString::fromUtf8(toString(decoded(status, "<html></html>", records).request)), outcome);
}

void TestReddit::bothFormsOfARefusedTokenAreAuth()
{
    const std::vector<Record> records(1);
    const Decoded text = decoded(401, "Authorization Required", records);
    QCOMPARE(toString(text.request), "auth");
    QCOMPARE(text.records[0].message, std::string("Authorization Required"));
    const Decoded json = decoded(401,
        "{\"success\":false,\"error\":{\"reason\":\"UNAUTHORIZED\",\"explanation\":\"expired\"}}",
        records);
    QCOMPARE(toString(json.request), "auth");
    QCOMPARE(json.records[0].message, std::string("expired"));
}

void TestReddit::theCountOfASuccessMustBeOurs()
{
    const std::vector<Record> records(2);
    const auto answered = [&](const char* message) {
        return decoded(200, std::string("{\"message\":\"") + message + "\"}", records);
    };
    QCOMPARE(toString(answered("Successfully processed 2 conversion events.").request), "accepted");
    for (const char* other : { "Successfully processed 1 conversion events.",
             "Successfully processed 3 conversion events.", "Successfully processed." }) {
        QCOMPARE(toString(answered(other).request), "unknown");
        QVERIFY(answered(other).isBatchSuspect);
    }
    for (const char* body : { "", "{}", "<html>2</html>", "{\"message\":\"Hello 2\"}" })
        QCOMPARE(toString(decoded(200, body, records).request), "unknown");
}

void TestReddit::anEchoIsKnownByItsIdGivenOrHashed_data()
{
    QTest::addColumn<QString>("echo"); // of record b
    QTest::newRow("id") << "{\"metadata\":{\"conversion_id\":\"b\"}}";
    QTest::newRow("id, hashed") << QStringLiteral("{\"metadata\":{\"conversion_id\":\"%1\"}}")
                                       .arg(QString::fromStdString(sha256Hex("b")));
    QTest::newRow("id in the older form") << "{\"event_metadata\":{\"conversion_id\":\"b\"}}";
    QTest::newRow("time and click") << "{\"event_at\":1795687200000,\"click_id\":\"click-b\"}";
}

void TestReddit::anEchoIsKnownByItsIdGivenOrHashed()
{
    QFETCH(QString, echo);
    const auto records = threeRecords(reddit());
    const Decoded refused = decoded(400,
        refusalOf("{\"error_message\":\"too old\",\"event\":" + echo.toStdString() + '}'), records);
    QCOMPARE(outcomesOf(refused), std::string("transient invalid transient"));
    QCOMPARE(refused.records[1].message, std::string("too old"));
    QVERIFY(refused.records[0].isNotAtFault && refused.records[2].isNotAtFault);
    QVERIFY(!refused.records[1].isNotAtFault && !refused.isBatchSuspect);
    // Beside a throttle an echo says nothing.
    QCOMPARE(
        toString(
            decoded(429, refusalOf("{\"event\":" + echo.toStdString() + '}'), records).request),
        "throttled");
}

void TestReddit::anEchoThatCouldBeTwoIsNotBelieved()
{
    auto records = threeRecords(reddit());
    const char* same = "{\"event\":{\"event_at\":1795687200000,\"click_id\":\"click-b\"}}";
    records[2] = records[1];
    QVERIFY(decoded(400, refusalOf(same), records).isBatchSuspect);
    for (const char* nobody :
        { "{\"event\":{\"metadata\":{\"conversion_id\":\"z\"}}}", "{\"event\":{}}", "{}", "null" })
        QVERIFY(decoded(400, refusalOf(nobody), records).isBatchSuspect);
    // One is known, so the round moves on: it is out, the others go again.
    const Decoded some = decoded(400,
        refusalOf("{\"event\":{}},{\"event\":{\"metadata\":{\"conversion_id\":\"a\"}}}"), records);
    QCOMPARE(outcomesOf(some), std::string("invalid transient transient"));
    // The older form's own records are known by the same id.
    const auto older = threeRecords(redditV2());
    QCOMPARE(outcomesOf(decoded(400,
                 refusalOf("{\"event\":{\"event_metadata\":{\"conversion_id\":\"c\"}}}"), older)),
        std::string("transient transient invalid"));
}

void TestReddit::aThrottleIsReadWithAndWithoutHeaders()
{
    const std::vector<Record> records(1);
    const auto hint = [&](HttpHeaders headers) {
        return decoded(429, "{\"message\":\"Too Many Requests\"}", records, std::move(headers))
            .hint;
    };
    QCOMPARE(hint({ { "Retry-After", "9" } }).source, std::string("Retry-After"));
    const auto quota = hint({ { "x-ratelimit-used", "1000" }, { "x-ratelimit-remaining", "0" },
        { "x-ratelimit-reset", "17" } });
    QCOMPARE(quota.retryAfter, std::optional<Millis>(17s));
    QCOMPARE(quota.source, std::string("x-ratelimit-reset"));
    QCOMPARE(quota.quota->amount, std::optional<std::int64_t>(1'000));
    QCOMPARE(quota.quota->remaining, 0);
    QVERIFY(!hint({}).retryAfter); // doubling by the contract's cool-down
}

void TestReddit::theLiveCheckNeedsATestId()
{
    const RedditAdapter adapter;
    DestinationConfig v3 = reddit();
    QVERIFY(adapter.liveCheck(v3).kind == LiveCheck::Kind::None);
    v3.options["test_id"] = "t2_test";
    QVERIFY(adapter.liveCheck(v3).kind == LiveCheck::Kind::TestEvent);
    EncodeContext trial = contextOf(v3);
    trial.isLiveCheck = true;
    QVERIFY(adapter.request(std::vector<Record>(1), trial, kSecrets)->body.find("t2_test")
        != std::string::npos);
    const DestinationConfig v2 = redditV2();
    QVERIFY(adapter.liveCheck(v2).kind == LiveCheck::Kind::ValidateOnly);
    EncodeContext context = contextOf(v2);
    context.isLiveCheck = true;
    const auto request = adapter.request(std::vector<Record>(1), context, kSecrets);
    QVERIFY(request->body.find("\"test_mode\":true") != std::string::npos);
}

SPILLWAY_TEST(TestReddit)

} // namespace tst_reddit

#include "tst_reddit.moc"

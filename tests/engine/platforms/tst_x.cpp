#include "engine/platforms/ad_purchase.h"
#include "platforms/oauth1.h"
#include "platforms/x.h"
#include "support/test_program.h"

namespace tst_x {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

DestinationConfig x() { return destinationOf(caseOf("x")); }

const Secrets kSecrets { { "consumer_key", "ck" }, { "consumer_secret", "c+s" },
    { "access_token", "tk" }, { "access_token_secret", "t/s" } };

std::string error(const char* code, const char* message)
{
    return std::string("{\"errors\":[{\"code\":\"") + code + "\",\"message\":\"" + message
        + "\",\"parameter\":\"conversions\"}],\"request\":{}}";
}

Decoded decoded(int status, const std::string& body, std::size_t records, HttpHeaders headers = {})
{
    return decodedFor(
        "x", answerOf(status, body, std::move(headers)), std::vector<Record>(records));
}

} // namespace

class TestX final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eventsBecomeTheGoldenPayloads();
    void theSignatureIsTheOneOfTheCheckVector();
    void theSignatureIsTheOneThatIsPublished();
    void theAddressIsSignedWithoutQueryAndOwnPort();
    void noTwoRequestsShareANonce();
    void aBatchIsSignedAndNoLogHoldsWhatWouldSignAnother();
    void aPixelTokenStandsInItsOwnHeader();
    void whatThePlatformWouldRefuseIsRefusedHere_data();
    void whatThePlatformWouldRefuseIsRefusedHere();
    void timesAreUtcWithMilliseconds();
    void onlyEventsWithAnIdAndAPersonAreSent_data();
    void onlyEventsWithAnIdAndAPersonAreSent();
    void everyCodeHasItsClass_data();
    void everyCodeHasItsClass();
    void tooManyConversionsAreSplit();
    void aCodeThatNobodyListedIsJudgedByTheStatus();
    void aQuotedValueNamesTheRecord();
    void anotherCountThanSentIsUnknownAndSuspect();
    void unreadableAnswersAreJudgedByStatus();
    void theHeadersAreTheContract();
    void aThrottleWaitsForTheEndOfTheWindow();
    void accountsAreBase36();
};

void TestX::eventsBecomeTheGoldenPayloads()
{
    const XAdapter adapter;
    DestinationConfig destination = x();
    QCOMPARE(
        encodedText(adapter.encode(adPurchase(), contextOf(destination))), std::string(kRichForX));
    destination.eventNames["quiz_done"] = "tw-o8z6j-o87ne";
    QCOMPARE(encodedText(adapter.encode(canonical(kMinimal), contextOf(destination))),
        std::string(kMinimalForX));
}

void TestX::theSignatureIsTheOneOfTheCheckVector()
{
    const OAuth1Keys keys {
        .consumerKey = "ck", .consumerSecret = "cs", .token = "tk", .tokenSecret = "ts"
    };
    const OAuth1Stamp stamp { .nonce = "abc123", .timestamp = 1'700'000'000 };
    const char* url = "https://ads-api.x.com/12/measurement/conversions/o8z6j";
    QCOMPARE(
        oauth1Signature("POST", url, keys, stamp), std::string("bFugzAaPhzn9J8nDQYKst1lOUv4="));
    QCOMPARE(oauth1Authorization("POST", url, keys, stamp),
        std::string("OAuth oauth_consumer_key=\"ck\", oauth_nonce=\"abc123\", "
                    "oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"1700000000\", "
                    "oauth_token=\"tk\", oauth_version=\"1.0\", "
                    "oauth_signature=\"bFugzAaPhzn9J8nDQYKst1lOUv4%3D\""));
}

// The example of the specification (OAuth Core 1.0, appendix A.5): a query counts, in order of
// names.
void TestX::theSignatureIsTheOneThatIsPublished()
{
    const OAuth1Keys keys { .consumerKey = "dpf43f3p2l4k3l03",
        .consumerSecret = "kd94hf93k423kf44",
        .token = "nnch734d00sl2jdk",
        .tokenSecret = "pfkkdhi9sl3r4s00" };
    const OAuth1Stamp stamp { .nonce = "kllo9940pd9333jh", .timestamp = 1'191'242'096 };
    for (const char* query :
        { "?file=vacation.jpg&size=original", "?size=original&&file=vacation.jpg#top" })
        QCOMPARE(oauth1Signature(
                     "GET", std::string("http://photos.example.net/photos") + query, keys, stamp),
            std::string("tR3+Ty81lMeYAr/Fid0kMTYa/WM="));
    QVERIFY(oauth1Signature("GET", "http://photos.example.net/photos?size", keys, stamp)
        != oauth1Signature("GET", "http://photos.example.net/photos", keys, stamp));
}

void TestX::theAddressIsSignedWithoutQueryAndOwnPort()
{
    QCOMPARE(oauth1BaseUrl("HTTPS://Ads-API.x.com:443/12/A?b=c"),
        std::string("https://ads-api.x.com/12/A"));
    QCOMPARE(oauth1BaseUrl("http://127.0.0.1:80/x"), std::string("http://127.0.0.1/x"));
    QCOMPARE(oauth1BaseUrl("http://127.0.0.1:9100/x"), std::string("http://127.0.0.1:9100/x"));
    QCOMPARE(oauth1BaseUrl("https://a.example:80/"), std::string("https://a.example:80/"));
}

// The moment or the content differs, so the nonce does; nothing of the secrets can be read from it.
void TestX::noTwoRequestsShareANonce()
{
    const XAdapter adapter;
    const DestinationConfig destination = x();
    const auto nonce = [&](const char* body, Micros later, const Secrets& secrets) {
        EncodeContext context = contextOf(destination);
        context.now += later;
        const std::vector<Record> records { { .body = body } };
        const std::string header
            = headerOf(*adapter.request(records, context, secrets), "Authorization");
        const auto at = header.find("oauth_nonce=\"") + 13;
        return header.substr(at, header.find('"', at) - at);
    };
    const std::string first = nonce("{}", 0us, kSecrets);
    QCOMPARE(first.size(), std::size_t { 32 });
    QCOMPARE(nonce("{}", 0us, kSecrets), first); // pure: the same call gives the same bytes
    QVERIFY(nonce("{}", 1us, kSecrets) != first);
    QVERIFY(nonce("{\"a\":1}", 0us, kSecrets) != first);
    Secrets others = kSecrets;
    others["access_token_secret"] = "other";
    QVERIFY(nonce("{}", 0us, others) != first);
}

void TestX::aBatchIsSignedAndNoLogHoldsWhatWouldSignAnother()
{
    const XAdapter adapter;
    DestinationConfig destination = x();
    destination.endpoint = "https://ads-api.x.com/12";
    const std::vector<Record> records { { .body = "{\"a\":1}" }, { .body = "{\"b\":2}" } };
    const auto request = adapter.request(records, contextOf(destination), kSecrets);
    QVERIFY(request.has_value());
    QCOMPARE(request->url, std::string("https://ads-api.x.com/12/measurement/conversions/o8z6j"));
    QCOMPARE(request->body, std::string("{\"conversions\":[{\"a\":1},{\"b\":2}]}"));
    const std::string header = headerOf(*request, "Authorization");
    QVERIFY(header.find("oauth_timestamp=\"1795737600\"") != std::string::npos);
    QVERIFY(header.find("c+s") == std::string::npos && header.find("t/s") == std::string::npos);
    const std::string head = adapter.redactedHead(*request, kSecrets);
    QVERIFY(head.find("oauth_signature=\"***\"") != std::string::npos);
    QVERIFY(head.find("oauth_consumer_key=\"$consumer_key\"") != std::string::npos);

    for (const auto& [name, value] : kSecrets) {
        Secrets without = kSecrets;
        without.erase(name);
        QCOMPARE(adapter.request(records, contextOf(destination), without).error().field, name);
    }
}

void TestX::aPixelTokenStandsInItsOwnHeader()
{
    const XAdapter adapter;
    const DestinationConfig destination = destinationOf(caseOf("x, pixel token"));
    const Secrets secrets { { "pixel_token", "pt-1" } };
    const std::vector<Record> records { { .body = "{}" } };
    const auto request = adapter.request(records, contextOf(destination), secrets);
    QVERIFY(request.has_value());
    QCOMPARE(headerOf(*request, "X-Pixel-Token"), std::string("pt-1"));
    QCOMPARE(headerOf(*request, "Authorization"), std::string());
    QVERIFY(adapter.redactedHead(*request, secrets).find("pt-1") == std::string::npos);
    QCOMPARE(adapter.request(records, contextOf(destination), kSecrets).error().field,
        std::string("pixel_token"));
}

void TestX::whatThePlatformWouldRefuseIsRefusedHere_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("value");
    const auto row = [](const char* name, const char* path, const char* value) {
        QTest::newRow(name) << path << value;
    };
    row("decimal comma", "value", "\"99,90\"");
    row("power of ten", "value", "\"1e3\"");
    row("currency by name", "currency", "\"Euro\"");
    row("half an e-mail address", "user.email", "\"jane\"");
    row("hash of the wrong length", "user.email_sha256", "\"abc\"");
    row("items that are not whole", "num_items", "1.5");
}

void TestX::whatThePlatformWouldRefuseIsRefusedHere()
{
    QFETCH(QString, path);
    QFETCH(QString, value);
    const DestinationConfig destination = x();
    const auto encoded = XAdapter().encode(
        adPurchase({ { path.toStdString(), value.toStdString() } }), contextOf(destination));
    QVERIFY2(std::holds_alternative<Refusal>(encoded), encodedText(encoded).c_str());
    QCOMPARE(QString::fromStdString(std::get<Refusal>(encoded).field), path);
}

void TestX::timesAreUtcWithMilliseconds()
{
    const DestinationConfig destination = x();
    const auto time = [&](const char* given) {
        const auto event = adPurchase({ { "event_time", '"' + std::string(given) + '"' } });
        const auto json = parseJson(encodedText(XAdapter().encode(event, contextOf(destination))));
        return textOf(*json, "conversion_time");
    };
    QCOMPARE(time("2026-10-25T02:59:59.9999+02:00"), std::string("2026-10-25T00:59:59.999Z"));
    QCOMPARE(time("2026-10-25T02:00:00+01:00"), std::string("2026-10-25T01:00:00.000Z"));
    QCOMPARE(time("2026-11-26T20:00:00.5-04:00"), std::string("2026-11-27T00:00:00.500Z"));
}

void TestX::onlyEventsWithAnIdAndAPersonAreSent_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const char* payload, const char* reason) {
        QTest::newRow(name) << payload << reason;
    };
    row("click", "{\"event_name\":\"Order Completed\",\"click\":{\"twclid\":\"x\"}}", "");
    row("e-mail", "{\"event_name\":\"purchase\",\"user\":{\"email\":\"a@b\"}}", "");
    row("no id for this event", "{\"event_name\":\"lead\",\"click\":{\"twclid\":\"x\"}}",
        "no_mapping");
    row("address and browser",
        "{\"event_name\":\"purchase\",\"user\":{\"ip\":\"203.0.113.9\",\"user_agent\":\"M\"}}",
        "no_identifier");
    row("denied",
        "{\"event_name\":\"purchase\",\"click\":{\"twclid\":\"x\"},"
        "\"consent\":{\"ad_user_data\":\"denied\"}}",
        "consent_denied");
    row("opted out", "{\"event_name\":\"purchase\",\"click\":{\"twclid\":\"x\"},\"opt_out\":true}",
        "consent_denied");
}

void TestX::onlyEventsWithAnIdAndAPersonAreSent()
{
    QFETCH(QString, payload);
    QFETCH(QString, reason);
    const auto found = XAdapter().unroutable(canonical(payload.toStdString()), x());
    QCOMPARE(found ? QString::fromStdString(found->reason) : QString(), reason);
}

void TestX::everyCodeHasItsClass_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    QTest::addColumn<Outcome>("outcome");
    const auto row = [](int status, const char* code, Outcome outcome) {
        QTest::newRow(code) << status << code << outcome;
    };
    row(400, "INVALID_PARAMETER", Outcome::Invalid);
    row(400, "MISSING_PARAMETER", Outcome::Invalid);
    row(401, "UNAUTHORIZED_ACCESS", Outcome::Auth);
    row(403, "UNAUTHORIZED_CLIENT_APPLICATION", Outcome::Config);
    row(404, "NOT_FOUND", Outcome::Config);
    row(408, "CANCELLED_REQUEST", Outcome::Transient);
    row(423, "LOCK_ACQUISITION_TIMEOUT", Outcome::Transient);
    row(429, "TOO_MANY_REQUESTS", Outcome::Throttled);
    row(500, "INTERNAL_ERROR", Outcome::Transient);
    row(503, "SERVICE_UNAVAILABLE", Outcome::Transient);
    row(503, "OVER_CAPACITY", Outcome::Transient);
}

void TestX::everyCodeHasItsClass()
{
    QFETCH(int, status);
    QFETCH(QString, code);
    QFETCH(Outcome, outcome);
    const std::string name = code.toStdString();
    const Decoded two = decoded(status, error(name.c_str(), "said why"), 2);
    QCOMPARE(toString(two.request), toString(outcome));
    QCOMPARE(two.isBatchSuspect, outcome == Outcome::Invalid);
    QCOMPARE(toString(two.records[1].outcome), toString(outcome));
    QCOMPARE(two.records[1].code, name);
    QCOMPARE(two.records[1].message, std::string("said why"));
    QVERIFY(!decoded(status, error(name.c_str(), ""), 1).isBatchSuspect);
    QCOMPARE(decoded(status, error(name.c_str(), ""), 1).records[0].message,
        std::string(xCode(name)->meaning));
}

void TestX::tooManyConversionsAreSplit()
{
    const Decoded all
        = decoded(400, error("INVALID_PARAMETER", "Conversion count limit is 500"), 501);
    QCOMPARE(toString(all.request), "oversize");
    QVERIFY(!all.isBatchSuspect);
}

void TestX::aCodeThatNobodyListedIsJudgedByTheStatus()
{
    const auto outcome = [](int status) {
        return std::string(toString(decoded(status, error("NEWS", "x"), 2).request));
    };
    QCOMPARE(outcome(400), std::string("invalid"));
    QCOMPARE(outcome(401), std::string("auth"));
    QCOMPARE(outcome(403), std::string("config"));
    QCOMPARE(outcome(429), std::string("throttled"));
    QCOMPARE(outcome(500), std::string("transient"));
}

void TestX::aQuotedValueNamesTheRecord()
{
    const std::vector<Record> records { { .body = "{\"hashed_email\":\"0123456789ab\"}" },
        { .body = "{\"hashed_email\":\"ba9876543210\"}" }, { .body = "{\"value\":\"short\"}" } };
    const auto outcomes = [&](const char* message) {
        const Decoded all
            = decodedFor("x", answerOf(400, error("INVALID_PARAMETER", message)), records);
        return outcomesWithFaults(all) + (all.isBatchSuspect ? ", halves" : "");
    };
    QCOMPARE(outcomes("hashed_email (ba9876543210) is not a valid SHA-256 hash"),
        std::string("transient* invalid transient*"));
    const std::string unknown = "invalid invalid invalid, halves";
    QCOMPARE(outcomes("hashed_email (ffffffffffff) is not valid"), unknown);
    QCOMPARE(outcomes("value (short) is not valid"), unknown); // too short to be sure
    QCOMPARE(outcomes("field (\\\"hashed_email\\\") is not valid"), unknown); // in two of them
    QCOMPARE(outcomes("broken ( and ) or ("), unknown);
    QCOMPARE(outcomes(")))"), unknown);
}

void TestX::anotherCountThanSentIsUnknownAndSuspect()
{
    const auto success = [](const char* count) {
        return std::string("{\"request\":{},\"data\":{\"conversions_processed\":") + count
            + ",\"debug_id\":\"d\"}}";
    };
    QCOMPARE(outcomesWithFaults(decoded(200, success("2"), 2)), std::string("accepted accepted"));
    QCOMPARE(toString(decoded(200, success("\"2\""), 2).request), "accepted");
    for (const char* count : { "1", "3", "null", "{}" }) {
        const Decoded other = decoded(200, success(count), 2);
        QCOMPARE(toString(other.request), "unknown");
        QVERIFY(other.isBatchSuspect);
    }
}

void TestX::unreadableAnswersAreJudgedByStatus()
{
    const auto outcome = [](int status, const char* text) {
        return std::string(toString(decoded(status, text, 2).request));
    };
    QCOMPARE(outcome(200, "<html>ok</html>"), std::string("unknown"));
    QCOMPARE(outcome(200, "{\"data\":{}}"), std::string("unknown"));
    QCOMPARE(outcome(502, "<html>bad gateway</html>"), std::string("transient"));
    QCOMPARE(outcome(400, "{\"errors\":\"x\"}"), std::string("invalid"));
    QCOMPARE(outcome(401, ""), std::string("auth"));
}

void TestX::theHeadersAreTheContract()
{
    const auto quota = [](HttpHeaders headers) {
        return decoded(200, "{\"data\":{\"conversions_processed\":1}}", 1, std::move(headers))
            .hint.quota;
    };
    // 1795737660 is a minute after the test's own time.
    const HttpHeaders plain { { "x-rate-limit-limit", "100000" },
        { "x-rate-limit-remaining", "99998" }, { "x-rate-limit-reset", "1795737660" } };
    const auto own = quota(plain);
    QVERIFY(own.has_value());
    QCOMPARE(own->remaining, 99'998);
    QCOMPARE(own->amount, std::optional<std::int64_t>(100'000));
    QCOMPARE(own->untilReset, Millis(60s));
    // The account's own counter is the narrower one; a reset is a moment of the server's clock.
    HttpHeaders both = plain;
    both.emplace_back("x-account-rate-limit-remaining", "5");
    both.emplace_back("Date", "Fri, 27 Nov 2026 00:00:30 GMT");
    QCOMPARE(quota(both)->remaining, 5);
    QCOMPARE(quota(both)->untilReset, Millis(30s));
    for (const char* broken : { "", "x", "-9223372036854775808", "9223372036854775807" }) {
        const auto read
            = quota({ { "x-rate-limit-remaining", "7" }, { "x-rate-limit-reset", broken } });
        QVERIFY(!read || (read->untilReset >= 0ms && read->untilReset <= 24h));
    }
    QVERIFY(!quota({ { "x-rate-limit-reset", "1795737660" } }));
    QCOMPARE(quota({ { "x-rate-limit-remaining", "-3" }, { "x-rate-limit-reset", "1795737660" } })
                 ->remaining,
        0);
}

void TestX::aThrottleWaitsForTheEndOfTheWindow()
{
    const auto hint = [](HttpHeaders headers) {
        return decoded(429, error("TOO_MANY_REQUESTS", "x"), 1, std::move(headers)).hint;
    };
    QCOMPARE(
        hint({ { "x-rate-limit-reset", "1795737660" } }).retryAfter, std::optional<Millis>(60s));
    QCOMPARE(
        hint({ { "x-rate-limit-reset", "1795737660" } }).source, std::string("x-rate-limit-reset"));
    QCOMPARE(hint({ { "Retry-After", "5" }, { "x-rate-limit-reset", "1795737660" } }).retryAfter,
        std::optional<Millis>(5s));
    // Nothing named: the quarter of an hour that the test's midnight begins. Passed: the cool-down.
    QCOMPARE(hint({}).retryAfter, std::optional<Millis>(15min));
    // As long as the contract says.
    DestinationConfig shorter = x();
    shorter.contract.limits.front().period = 5min;
    const Decoded soon = decodedAnswer(shorter, answerOf(429, error("TOO_MANY_REQUESTS", "x")), 1);
    QCOMPARE(soon.hint.retryAfter, std::optional<Millis>(5min));
    QVERIFY(!hint({ { "x-rate-limit-reset", "1795737600" } }).retryAfter);
}

void TestX::accountsAreBase36()
{
    for (const char* good : { "o8z6j", "0" })
        QVERIFY2(XAdapter().isAccountValid(good), good);
    for (const char* bad : { "", "O8Z6J", "o8/z", "abcdefghijklmnopq" })
        QVERIFY2(!XAdapter().isAccountValid(bad), bad);
    QVERIFY(XAdapter().liveCheck(x()).kind == LiveCheck::Kind::None);
}

SPILLWAY_TEST(TestX)

} // namespace tst_x

#include "tst_x.moc"

#include "engine/platforms/ad_samples.h"
#include "platforms/hashing.h"
#include "platforms/pinterest.h"
#include "platforms/quota_headers.h"
#include "support/test_program.h"

namespace tst_pinterest {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

const Secrets kSecrets { { "access_token", "pina_secret" } };

DestinationConfig pinterest() { return destinationOf(caseOf("pinterest")); }

std::string encoded(const CanonicalEvent& event)
{
    const DestinationConfig destination = pinterest();
    return encodedText(PinterestAdapter {}.encode(event, contextOf(destination)));
}

Decoded decoded(HttpAnswer answer, std::size_t records)
{
    const DestinationConfig destination = pinterest();
    return PinterestAdapter {}.decode(answer, std::vector<Record>(records), contextOf(destination));
}

std::string memberOf(const CanonicalEvent& event, std::string_view path)
{
    const auto json = parseJson(encoded(event));
    const Json* const value = json ? json->at(path) : nullptr;
    return value != nullptr ? value->dump() : std::string("absent");
}

} // namespace

class TestPinterest final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRichAndAMinimalEventBecomeTheGoldenPayloads();
    void anAppEventCarriesItsDevice();
    void namesOutsideTheListAreCustomUnlessMapped();
    void optOutIsAFlagAndNoConsentIsNoDelivery();
    void aBatchIsOneBodyWithABearerTokenThatNoLogHolds();
    void whatThePlatformWouldRefuseIsRefusedHere_data();
    void whatThePlatformWouldRefuseIsRefusedHere();
    void theSameInstantIsTheSameSecondInEveryZone();
    void anUnverifiedAgeThrowsNothingAway();
    void whomThePlatformCanNotFindIsNotSent_data();
    void whomThePlatformCanNotFindIsNotSent();
    void everyCodeHasItsClass_data();
    void everyCodeHasItsClass();
    void resultsAreReadByTheirPlace_data();
    void resultsAreReadByTheirPlace();
    void resultsThatDoNotFitAreNotBelieved();
    void quotaHeadersAreReadPlainAndStructured();
    void aThrottleWaitsForTheResetUnlessRetryAfterSaysOtherwise();
    void aRampedDownEndpointWaitsLong();
    void theLiveCheckValidatesOnly();
};

void TestPinterest::aRichAndAMinimalEventBecomeTheGoldenPayloads()
{
    QCOMPARE(encoded(canonical(kRichPurchase)), kRichForPinterest);
    QCOMPARE(encoded(canonical(kMinimal)), kMinimalForPinterest);
}

void TestPinterest::anAppEventCarriesItsDevice()
{
    const CanonicalEvent event = canonical(kAppPurchase);
    QCOMPARE(memberOf(event, "action_source"), std::string("\"app_ios\""));
    // SHA-256 of 6d92078a-8246-4ba4-ae5b-76104861e7dc
    QCOMPARE(memberOf(event, "user_data.hashed_maids"),
        "[\"" + sha256Hex("6d92078a-8246-4ba4-ae5b-76104861e7dc") + "\"]");
    // One that the sender hashed is not hashed again.
    const std::string hash = sha256Hex("6d92078a-8246-4ba4-ae5b-76104861e7dc");
    for (const char* path : { "idfa", "gaid" })
        QCOMPARE(memberOf(changedEvent(kAppPurchase, "device",
                              ("{\"os\":\"iOS\",\"" + std::string(path) + "\":\""
                                  + toUpperAscii(hash) + "\"}")
                                  .c_str()),
                     "user_data.hashed_maids"),
            "[\"" + hash + "\"]");
    QCOMPARE(memberOf(event, "user_data.click_id"), std::string("\"dj0y\""));
    QCOMPARE(memberOf(event, "language"), std::string("\"de\""));
    QCOMPARE(memberOf(event, "app_id"), std::string("\"example.shop\""));
    QCOMPARE(memberOf(event, "app_version"), std::string("\"1.2\""));
    QCOMPARE(memberOf(event, "os_version"), std::string("\"19.1\""));
    QCOMPARE(memberOf(changedEvent(kAppPurchase, "device", "{\"gaid\":\"38400000-8cf0\"}"),
                 "action_source"),
        std::string("\"app_android\""));
}

void TestPinterest::namesOutsideTheListAreCustomUnlessMapped()
{
    DestinationConfig destination = pinterest();
    const auto nameIn = [&](const char* payload) {
        const auto made = PinterestAdapter {}.encode(canonical(payload), contextOf(destination));
        return parseJson(encodedText(made))->find("event_name")->text();
    };
    QCOMPARE(nameIn(kMinimal), std::string("custom"));
    QCOMPARE(nameIn(kMinimalLead), std::string("signup"));
    destination.eventNames["quiz_done"] = "lead";
    QCOMPARE(nameIn(kMinimal), std::string("lead"));
    // What an event brings along is held against the list too.
    QVERIFY(encoded(changedEvent(kMinimal, "routing", "{\"pinterest\":\"quiz\"}"))
                .starts_with("refused event_name"));
}

void TestPinterest::optOutIsAFlagAndNoConsentIsNoDelivery()
{
    const DestinationConfig destination = pinterest();
    const CanonicalEvent optedOut = changedEvent(kMinimal, "opt_out", "true");
    QVERIFY(!PinterestAdapter {}.unroutable(optedOut, destination));
    QCOMPARE(memberOf(optedOut, "opt_out"), std::string("true"));
    QCOMPARE(memberOf(changedEvent(kMinimal, "consent", "{\"ad_personalization\":\"denied\"}"),
                 "opt_out"),
        std::string("true"));
    const auto denied = PinterestAdapter {}.unroutable(
        changedEvent(kMinimal, "consent", "{\"ad_user_data\":\"denied\"}"), destination);
    QVERIFY(denied && denied->reason == "consent_denied");
    QVERIFY(PinterestAdapter {}.unroutable(canonical(kMinimal, EventType::Identify), destination));
}

void TestPinterest::aBatchIsOneBodyWithABearerTokenThatNoLogHolds()
{
    const PinterestAdapter adapter;
    DestinationConfig destination = pinterest();
    destination.endpoint = "https://api.pinterest.com/v5";
    const std::vector<Record> records { { .body = "{\"a\":1}" }, { .body = "{\"b\":2}" } };
    const auto request = adapter.request(records, contextOf(destination), kSecrets);
    QVERIFY(request.has_value());
    QCOMPARE(request->method, std::string("POST"));
    QCOMPARE(
        request->url, std::string("https://api.pinterest.com/v5/ad_accounts/549755885175/events"));
    QCOMPARE(headerOf(*request, "Authorization"), std::string("Bearer pina_secret"));
    QCOMPARE(headerOf(*request, "Content-Type"), std::string("application/json"));
    QCOMPARE(request->body, std::string("{\"data\":[{\"a\":1},{\"b\":2}]}"));
    QVERIFY(adapter.redactedHead(*request, kSecrets).find("pina_secret") == std::string::npos);
    const auto missing = adapter.request(records, contextOf(destination), {});
    QVERIFY(!missing && missing.error().field == "access_token");
    QVERIFY(adapter.isAccountValid("549755885175"));
    for (const char* bad : { "", "1234", "54975588517x", "../549755885175" })
        QVERIFY(!adapter.isAccountValid(bad));
}

void TestPinterest::whatThePlatformWouldRefuseIsRefusedHere_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("value"); // JSON
    QTest::addColumn<QString>("refusedField");
    const auto row = [](const char* name, const char* field, const char* value,
                         const char* refused) { QTest::newRow(name) << field << value << refused; };
    row("decimal comma", "value", "\"99,90\"", "value");
    row("value that is an object", "value", "{}", "value");
    row("currency by name", "currency", "\"Euro\"", "currency");
    row("half an e-mail address", "user", "{\"email\":\"jane\"}", "user.email");
    row("hash of the wrong length", "user", "{\"email_sha256\":\"abc\"}", "user.email_sha256");
    row("item price in words", "items", "[{\"id\":\"a\",\"price\":\"cheap\"}]", "items.0.price");
    row("items that are not whole", "num_items", "1.5", "num_items");
    row("app of an unknown system", "action_source", "\"app\"", "device.os");
}

void TestPinterest::whatThePlatformWouldRefuseIsRefusedHere()
{
    QFETCH(QString, field);
    QFETCH(QString, value);
    QFETCH(QString, refusedField);
    const DestinationConfig destination = pinterest();
    const auto made = PinterestAdapter {}.encode(
        changedEvent(kRichPurchase, field.toStdString(), value.toStdString()),
        contextOf(destination));
    QCOMPARE(judged(made), "refused " + refusedField.toStdString());
    const auto nowhere = PinterestAdapter {}.encode(
        canonical("{\"event_id\":\"1\",\"user\":{\"email\":\"a@b.example\"}}"),
        contextOf(destination));
    QCOMPARE(judged(nowhere), std::string("refused action_source"));
}

// Half past one UTC, in the night in which the clocks of Berlin jump from two to three.
void TestPinterest::theSameInstantIsTheSameSecondInEveryZone()
{
    for (const char* time : { "2026-03-29T01:30:00.999Z", "2026-03-29T03:30:00.000+02:00",
             "2026-03-28T18:30:00.500-07:00", "2026-03-29T07:00:00.001+05:30" })
        QCOMPARE(memberOf(changedEvent(kMinimal, "event_time", '"' + std::string(time) + '"'),
                     "event_time"),
            std::string("1774747800"));
}

void TestPinterest::anUnverifiedAgeThrowsNothingAway()
{
    DestinationConfig destination = pinterest();
    const auto judgedAt = [&](Micros age) {
        return judged(PinterestAdapter {}.encode(
            eventOfAge(canonical(kMinimal), age), contextOf(destination)));
    };
    QCOMPARE(judgedAt(30 * 24h), std::string("taken"));
    QCOMPARE(judgedAt(-60s), std::string("taken"));
    QCOMPARE(judgedAt(-61s), std::string("waits"));
    QCOMPARE(judgedAt(-2h), std::string("refused event_time"));
    destination.contract.isAgeEnforced = true; // enforce_age = true
    QCOMPARE(judgedAt(7 * 24h), std::string("taken"));
    QCOMPARE(judgedAt(7 * 24h + 1us), std::string("refused event_time"));
}

void TestPinterest::whomThePlatformCanNotFindIsNotSent_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<QString>("reason"); // empty: it is delivered
    const auto row = [](const char* name, const char* payload, const char* reason) {
        QTest::newRow(name) << payload << reason;
    };
    row("phone alone", "{\"user\":{\"phone_e164\":\"+15551234567\"}}", "no_identifier");
    row("address alone", "{\"user\":{\"ip\":\"203.0.113.9\"}}", "no_identifier");
    row("address and browser", "{\"user\":{\"ip\":\"203.0.113.9\",\"user_agent\":\"M\"}}", "");
    row("empty e-mail", "{\"user\":{\"email\":\"  \"}}", "no_identifier");
    row("device", "{\"device\":{\"gaid\":\"38400000-8cf0\"}}", "");
    row("hash", "{\"user\":{\"email_sha256\":\"86e0\"}}", "");
}

void TestPinterest::whomThePlatformCanNotFindIsNotSent()
{
    QFETCH(QString, payload);
    QFETCH(QString, reason);
    const auto found
        = PinterestAdapter {}.unroutable(canonical(payload.toStdString()), pinterest());
    QCOMPARE(found ? QString::fromStdString(found->reason) : QString(), reason);
}

void TestPinterest::everyCodeHasItsClass_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<bool>("isSuspect");
    const auto row = [](int status, int code, const char* outcome, bool isSuspect = false) {
        QTest::addRow("%d code %d", status, code) << status << code << outcome << isSuspect;
    };
    row(400, 4196, "invalid", true);
    row(400, 1, "invalid", true);
    row(401, 2, "auth");
    row(401, 3, "config");
    row(401, 99, "auth");
    row(403, 29, "config");
    row(403, 99, "config");
    row(404, 50, "config");
    row(413, 0, "oversize");
    row(422, 4196, "invalid", true);
    row(429, 8, "throttled");
    row(429, 99, "throttled");
    row(500, 11, "transient");
    row(503, 4197, "transient");
    row(599, 0, "transient");
}

void TestPinterest::everyCodeHasItsClass()
{
    QFETCH(int, status);
    QFETCH(int, code);
    QFETCH(QString, outcome);
    QFETCH(bool, isSuspect);
    const std::string body = "{\"code\":" + std::to_string(code) + ",\"message\":\"said why\"}";
    const Decoded all = decoded(answerOf(status, body), 2);
    QCOMPARE(QString::fromUtf8(toString(all.request)), outcome);
    QCOMPARE(all.isBatchSuspect, isSuspect);
    QCOMPARE(QString::fromUtf8(toString(all.records[1].outcome)), outcome);
    QCOMPARE(all.records[1].code, std::to_string(code));
    QCOMPARE(all.records[1].message, std::string("said why"));
    QVERIFY(!decoded(answerOf(status, body), 1).isBatchSuspect);
}

void TestPinterest::resultsAreReadByTheirPlace_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("body"); // %1: the list
    QTest::newRow("success") << 200 << "{\"num_events_received\":3,\"events\":%1}";
    QTest::newRow("partial, at the top") << 422 << "{\"code\":4196,\"events\":%1}";
    QTest::newRow("partial, in details")
        << 422 << "{\"code\":4196,\"message\":\"m\",\"details\":{\"events\":%1}}";
}

void TestPinterest::resultsAreReadByTheirPlace()
{
    QFETCH(int, status);
    QFETCH(QString, body);
    const auto answered = [&](const char* list) {
        return decoded(answerOf(status, body.arg(QLatin1String(list)).toStdString()), 3);
    };
    const char* good = "{\"status\":\"processed\",\"error_message\":null}";
    const char* bad = "{\"status\":\"failed\",\"error_message\":\"event_time is too old\"}";
    const std::string mixed = std::string("[") + good + ',' + bad + ',' + good + ']';
    const Decoded partial = answered(mixed.c_str());
    QCOMPARE(toString(partial.request), "accepted");
    QVERIFY(partial.isPartial && !partial.isBatchSuspect);
    QCOMPARE(toString(partial.records[0].outcome), "accepted");
    QCOMPARE(toString(partial.records[1].outcome), "invalid");
    QCOMPARE(partial.records[1].message, std::string("event_time is too old"));
    QCOMPARE(toString(partial.records[2].outcome), "accepted");

    const std::string none = std::string("[") + bad + ',' + bad + ',' + bad + ']';
    QCOMPARE(toString(answered(none.c_str()).request), "invalid");
    const std::string odd = std::string("[") + good + ",{\"status\":\"queued\"},null]";
    QCOMPARE(toString(answered(odd.c_str()).records[1].outcome), "unknown");
    QCOMPARE(toString(answered(odd.c_str()).records[2].outcome), "unknown");
}

void TestPinterest::resultsThatDoNotFitAreNotBelieved()
{
    const char* one = "{\"events\":[{\"status\":\"processed\"}]}";
    const Decoded success = decoded(answerOf(200, one), 2);
    QCOMPARE(toString(success.request), "unknown");
    const Decoded refusal = decoded(answerOf(422, one), 2);
    QCOMPARE(toString(refusal.request), "invalid");
    QVERIFY(refusal.isBatchSuspect); // halves find out
    QCOMPARE(toString(decoded(answerOf(200, "<html>ok</html>"), 2).request), "unknown");
    QCOMPARE(toString(decoded(answerOf(502, "<html>bad</html>"), 2).request), "transient");
    // Results beside a throttle are no results.
    QCOMPARE(toString(decoded(answerOf(429, one), 1).records[0].outcome), "throttled");
}

void TestPinterest::quotaHeadersAreReadPlainAndStructured()
{
    const auto plain = parseQuotaLimit("60");
    QVERIFY(plain && plain->amount == 60 && plain->windows.empty());
    const auto structured = parseQuotaLimit("60, 100;w=1;name=\"safety_net_app_id_user_id\", "
                                            "60;w=60;name=\"org_1\"");
    QVERIFY(structured.has_value());
    QCOMPARE(structured->amount, 60);
    QCOMPARE(structured->windows.size(), std::size_t { 2 });
    QCOMPARE(structured->windows[0].amount, 100);
    QVERIFY(structured->windows[0].length == 1s);
    QCOMPARE(structured->windows[1].amount, 60);
    QVERIFY(structured->windows[1].length == 60s);
    for (const char* bad : { "", "many", ";w=1", "99999999999999999999" })
        QVERIFY(!parseQuotaLimit(bad));
    QVERIFY(parseQuotaLimit("5;w=0, 5;w=x, 5;w=99999999")->windows.empty());

    const char* body = "{\"events\":[{\"status\":\"processed\"}]}";
    const Decoded full
        = decoded(answerOf(200, body,
                      { { "X-RateLimit-Limit", "60, 60;w=60;name=\"org\"" },
                          { "X-RateLimit-Remaining", "7" }, { "X-RateLimit-Reset", "12" } }),
            1);
    QVERIFY(full.hint.quota.has_value());
    QCOMPARE(full.hint.quota->remaining, 7);
    QCOMPARE(full.hint.quota->amount, std::optional<std::int64_t>(60));
    QVERIFY(full.hint.quota->untilReset == 12s);
    QVERIFY(!full.hint.retryAfter); // nobody is over it

    // Without a reset the window of the binding limit is the longest it can take.
    const Decoded windowed = decoded(
        answerOf(200, body,
            { { "x-ratelimit-limit", "60, 100;w=1, 60;w=60" }, { "x-ratelimit-remaining", "59" } }),
        1);
    QVERIFY(windowed.hint.quota && windowed.hint.quota->untilReset == 60s);
    QVERIFY(!decoded(answerOf(200, body, { { "x-ratelimit-remaining", "59" } }), 1).hint.quota);
}

void TestPinterest::aThrottleWaitsForTheResetUnlessRetryAfterSaysOtherwise()
{
    const char* body = "{\"code\":8,\"message\":\"slow down\"}";
    const auto hint = [&](HttpHeaders headers) {
        return decoded(answerOf(429, body, std::move(headers)), 1).hint;
    };
    const auto reset = hint({ { "x-ratelimit-reset", "12" } });
    QCOMPARE(reset.retryAfter, std::optional<Millis>(12s));
    QCOMPARE(reset.source, std::string("x-ratelimit-reset"));
    const auto both = hint({ { "x-ratelimit-reset", "12" }, { "Retry-After", "3" } });
    QCOMPARE(both.retryAfter, std::optional<Millis>(3s));
    QCOMPARE(both.source, std::string("Retry-After"));
    QVERIFY(!hint({}).retryAfter); // the contract's cool-down
    QCOMPARE(hint({ { "x-ratelimit-reset", "999999999" } }).retryAfter, std::optional<Millis>(24h));
}

void TestPinterest::aRampedDownEndpointWaitsLong()
{
    const Decoded down = decoded(answerOf(503, "{\"code\":4197,\"message\":\"m\"}"), 2);
    QCOMPARE(down.records[0].retryAfter, std::optional<Millis>(5min));
    QVERIFY(!decoded(answerOf(503, "{\"code\":1}"), 1).records[0].retryAfter);
}

void TestPinterest::theLiveCheckValidatesOnly()
{
    const PinterestAdapter adapter;
    const DestinationConfig destination = pinterest();
    QVERIFY(adapter.liveCheck(destination).kind == LiveCheck::Kind::ValidateOnly);
    EncodeContext context = contextOf(destination);
    context.isLiveCheck = true;
    const auto request = adapter.request(std::vector<Record>(1), context, kSecrets);
    QVERIFY(request->url.ends_with("/events?test=true"));
}

SPILLWAY_TEST(TestPinterest)

} // namespace tst_pinterest

#include "tst_pinterest.moc"

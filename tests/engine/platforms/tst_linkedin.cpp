#include "engine/platforms/ad_purchase.h"
#include "platforms/hashing.h"
#include "platforms/linkedin.h"
#include "support/test_program.h"

namespace tst_linkedin {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

DestinationConfig linkedin() { return destinationOf(caseOf("linkedin")); }

std::string error(int status, const std::string& message, const std::string& more = {})
{
    return "{\"message\":\"" + message + "\"," + more + "\"status\":" + std::to_string(status)
        + '}';
}

Decoded decoded(int status, const std::string& body, std::size_t records, HttpHeaders headers = {})
{
    return decodedFor(
        "linkedin", answerOf(status, body, std::move(headers)), std::vector<Record>(records));
}

} // namespace

class TestLinkedin final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eventsBecomeTheGoldenPayloads();
    void aBatchCarriesVersionAndMethod();
    void aRefreshTokenIsExchangedAndAnAccessTokenIsNot();
    void recordsOfOneRuleShareARequest();
    void whatThePlatformWouldRefuseIsRefusedHere_data();
    void whatThePlatformWouldRefuseIsRefusedHere();
    void namesAreSentAsPeopleWriteThemOrNotAtAll();
    void timesAreMillisecondsOfTheOriginalEvent();
    void onlyEventsWithARuleAndAPersonAreSent_data();
    void onlyEventsWithARuleAndAPersonAreSent();
    void everyAnswerHasItsClass_data();
    void everyAnswerHasItsClass();
    void aRefusedTokenIsExplainedByNumberAndByName();
    void namedRecordsAreInvalidAndTheOthersGoBack();
    void aRuleThatIsSetUpWronglyIsConfiguration();
    void anAnswerPerElementIsReadByPosition();
    void unreadableAnswersAreJudgedByStatus();
    void aThrottleNamesNoDelayButTheContractKnowsTheDay();
    void theApiHasNoTestForm();
};

void TestLinkedin::eventsBecomeTheGoldenPayloads()
{
    const LinkedinAdapter adapter;
    DestinationConfig destination = linkedin();
    QCOMPARE(encodedText(adapter.encode(adPurchase(), contextOf(destination))),
        std::string(kRichForLinkedin));
    destination.eventNames["quiz_done"] = "urn:lla:llaPartnerConversion:123456";
    QCOMPARE(encodedText(adapter.encode(canonical(kMinimal), contextOf(destination))),
        std::string(kMinimalForLinkedin));
}

void TestLinkedin::aBatchCarriesVersionAndMethod()
{
    const LinkedinAdapter adapter;
    DestinationConfig destination = linkedin();
    destination.endpoint = "https://api.linkedin.com/rest";
    const std::vector<Record> records { { .body = "{\"a\":1}" }, { .body = "{\"b\":2}" } };
    const Secrets secrets { { "access_token", "token/1" } };
    const auto request = adapter.request(records, contextOf(destination), secrets);
    QVERIFY(request.has_value());
    QCOMPARE(request->url, std::string("https://api.linkedin.com/rest/conversionEvents"));
    QCOMPARE(request->body, std::string("{\"elements\":[{\"a\":1},{\"b\":2}]}"));
    QCOMPARE(headerOf(*request, "Authorization"), std::string("Bearer token/1"));
    QCOMPARE(headerOf(*request, "LinkedIn-Version"), std::string("202608"));
    QCOMPARE(headerOf(*request, "X-Restli-Protocol-Version"), std::string("2.0.0"));
    QCOMPARE(headerOf(*request, "X-RestLi-Method"), std::string("BATCH_CREATE"));
    QVERIFY(adapter.redactedHead(*request, secrets).find("token/1") == std::string::npos);
    destination.options["version"] = "202701";
    QCOMPARE(
        headerOf(*adapter.request(records, contextOf(destination), secrets), "LinkedIn-Version"),
        std::string("202701"));
    QCOMPARE(adapter.request(records, contextOf(destination), {}).error().field,
        std::string("access_token"));
}

void TestLinkedin::aRefreshTokenIsExchangedAndAnAccessTokenIsNot()
{
    const LinkedinAdapter adapter;
    const DestinationConfig destination = linkedin();
    QVERIFY(!adapter.tokenRequest(destination, { { "access_token", "t" } }));
    Secrets secrets { { "client_id", "c" }, { "client_secret", "s/1" }, { "refresh_token", "r" } };
    const auto request = adapter.tokenRequest(destination, secrets);
    QVERIFY(request && request->has_value());
    QCOMPARE((*request)->url, std::string("https://www.linkedin.com/oauth/v2/accessToken"));
    QCOMPARE((*request)->body,
        std::string("grant_type=refresh_token&client_id=c&client_secret=s%2F1&refresh_token=r"));
    QCOMPARE(headerOf(**request, "Content-Type"), std::string("application/x-www-form-urlencoded"));
    secrets.erase("client_secret");
    QCOMPARE(
        adapter.tokenRequest(destination, secrets)->error().field, std::string("client_secret"));
    const auto answer = adapter.decodeToken(
        answerOf(200,
            R"({"access_token":"a","expires_in":5184000,"refresh_token":"r2",)"
            R"("refresh_token_expires_in":26438400})",
            {}),
        kNow);
    const auto& token = std::get<AccessToken>(answer);
    QCOMPARE(token.value, std::string("a"));
    QVERIFY(token.lifetime == std::chrono::hours { 24 * 60 });
    QCOMPARE(token.refreshToken, std::string("r2"));
}

// The rule may be configured as its number or as its whole name; that is the same rule.
void TestLinkedin::recordsOfOneRuleShareARequest()
{
    const LinkedinAdapter adapter;
    DestinationConfig destination = linkedin();
    const auto key = [&](const char* name) {
        destination.eventNames["purchase"] = name;
        return std::get<Record>(adapter.encode(adPurchase(), contextOf(destination))).batchKey;
    };
    QCOMPARE(key("123456"), key("urn:lla:llaPartnerConversion:123456"));
    QVERIFY(key("123456") != key("7"));
    for (const char* bad : { "purchase", "urn:lla:llaPartnerConversion:", "12 3" }) {
        destination.eventNames["purchase"] = bad;
        const auto encoded = adapter.encode(adPurchase(), contextOf(destination));
        QVERIFY2(std::holds_alternative<Refusal>(encoded), bad);
        QCOMPARE(std::get<Refusal>(encoded).field, std::string("event_names"));
    }
}

void TestLinkedin::whatThePlatformWouldRefuseIsRefusedHere_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("value");
    const auto row = [](const char* name, const char* path, const char* value) {
        QTest::newRow(name) << path << value;
    };
    row("decimal comma", "value", "\"99,90\"");
    row("power of ten", "value", "1e3");
    row("currency by name", "currency", "\"Euro\"");
    row("value without currency", "currency", "null");
    row("half an e-mail address", "user.email", "\"jane\"");
    row("country by name", "user.country_iso2", "\"Germany\"");
}

void TestLinkedin::whatThePlatformWouldRefuseIsRefusedHere()
{
    QFETCH(QString, path);
    QFETCH(QString, value);
    const DestinationConfig destination = linkedin();
    const auto encoded = LinkedinAdapter().encode(
        adPurchase({ { path.toStdString(), value.toStdString() } }), contextOf(destination));
    QVERIFY2(std::holds_alternative<Refusal>(encoded), encodedText(encoded).c_str());
    QCOMPARE(QString::fromStdString(std::get<Refusal>(encoded).field), path);
}

void TestLinkedin::namesAreSentAsPeopleWriteThemOrNotAtAll()
{
    const DestinationConfig destination = linkedin();
    const auto info = [&](const Changes& changes) {
        const auto json = parseJson(
            encodedText(LinkedinAdapter().encode(adPurchase(changes), contextOf(destination))));
        const Json* const found = json->at("user.userInfo");
        return found != nullptr ? found->dump() : std::string("none");
    };
    QCOMPARE(info({ { "user.first_name", "\"\xc3\x89mile\"" }, { "user.title", "null" },
                 { "user.company", "null" }, { "user.country_iso2", "null" } }),
        std::string("{\"firstName\":\"\xc3\x89mile\",\"lastName\":\"Doe!\"}"));
    QCOMPARE(info({ { "user.last_name", "null" } }), std::string("none"));
    const std::string hash = '"' + sha256Hex("jane") + '"';
    QCOMPARE(info({ { "user.first_name", hash } }), std::string("none"));
    // A lead of theirs is told from a number of another platform by its form.
    const auto lead = [&](const char* given) {
        const auto json = parseJson(encodedText(LinkedinAdapter().encode(
            adPurchase({ { "user.lead_id", given } }), contextOf(destination))));
        return json->at("user.lead") != nullptr;
    };
    QVERIFY(lead("\"urn:li:leadGenFormResponse:a-1\""));
    QVERIFY(!lead("1234567890"));
}

void TestLinkedin::timesAreMillisecondsOfTheOriginalEvent()
{
    const DestinationConfig destination = linkedin();
    const auto millis = [&](const char* given) {
        const auto event = adPurchase({ { "event_time", '"' + std::string(given) + '"' } });
        const auto json
            = parseJson(encodedText(LinkedinAdapter().encode(event, contextOf(destination))));
        return json->find("conversionHappenedAt")->asInt().value_or(0);
    };
    QCOMPARE(millis("2026-10-25T02:59:59.9999+02:00"), 1'792'889'999'999);
    QCOMPARE(millis("2026-10-25T02:00:00+01:00"), 1'792'890'000'000);
    QCOMPARE(millis("2026-11-27T05:30:00.001+05:30"), 1'795'737'600'001);
    const auto age = LinkedinAdapter().acceptedAge(adPurchase(), destination);
    QCOMPARE(age, std::optional<Seconds>(90 * 24h));
}

void TestLinkedin::onlyEventsWithARuleAndAPersonAreSent_data()
{
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const char* user, const char* reason) {
        QTest::newRow(name) << user << reason;
    };
    row("e-mail", "{\"email\":\"a@b\"}", "");
    row("external id", "{\"external_id\":\"crm-77\"}", "");
    row("both names", "{\"first_name\":\"Jane\",\"last_name\":\"Doe\"}", "");
    row("one name", "{\"last_name\":\"Doe\",\"company\":\"Shop\"}", "no_identifier");
    row("hashed names", "{\"first_name_sha256\":\"x\",\"last_name_sha256\":\"y\"}",
        "no_identifier");
    row("address alone", "{\"ip\":\"203.0.113.9\",\"user_agent\":\"M\"}", "no_identifier");
    row("phone", "{\"phone_e164\":\"+15551234567\"}", "no_identifier");
    row("lead", "{\"lead_id\":\"urn:li:leadGenFormResponse:1\"}", "");
    row("another's lead", "{\"lead_id\":123}", "no_identifier");
}

void TestLinkedin::onlyEventsWithARuleAndAPersonAreSent()
{
    QFETCH(QString, user);
    QFETCH(QString, reason);
    const auto why = [&](const std::string& name) {
        const auto found = LinkedinAdapter().unroutable(
            canonical("{\"event_name\":\"" + name + "\",\"user\":" + user.toStdString() + '}'),
            linkedin());
        return found ? QString::fromStdString(found->reason) : QString();
    };
    QCOMPARE(why("Order Completed"), reason);
    QCOMPARE(why("lead"), QStringLiteral("no_mapping"));
}

void TestLinkedin::everyAnswerHasItsClass_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<QString>("code");
    const auto row = [](const char* name, int status, const std::string& body, const char* outcome,
                         const char* code) {
        QTest::newRow(name) << status << QString::fromStdString(body) << outcome << code;
    };
    row("expired token", 401,
        error(401, "expired", "\"serviceErrorCode\":65600,\"code\":\"INVALID_ACCESS_TOKEN\","),
        "auth", "65600");
    row("revoked token", 401,
        error(401, "revoked", "\"serviceErrorCode\":65601,\"code\":\"REVOKED_ACCESS_TOKEN\","),
        "auth", "65601");
    row("no token", 401, error(401, "empty", "\"code\":\"EMPTY_ACCESS_TOKEN\","), "auth",
        "EMPTY_ACCESS_TOKEN");
    row("no role", 403, error(403, "Not enough permissions", "\"serviceErrorCode\":100,"), "config",
        "100");
    row("unknown rule", 404, error(404, "Not found"), "config", "404");
    row("old version", 426, error(426, "not active", "\"code\":\"NONEXISTENT_VERSION\","), "config",
        "NONEXISTENT_VERSION");
    row("too much", 413, error(413, "Too large"), "oversize", "413");
    row("throttled", 429, error(429, "Resource level throttle limit"), "throttled", "429");
    row("conflict", 409, error(409, "conflict"), "transient", "409");
    row("server error", 500, error(500, "Internal Server Error"), "transient", "500");
    row("gateway", 502, "<html>", "transient", "502");
    row("parameter", 400, error(400, "bad", "\"serviceErrorCode\":0,"), "invalid", "400");
    row("schema", 422, error(422, "bad"), "invalid", "422");
}

void TestLinkedin::everyAnswerHasItsClass()
{
    QFETCH(int, status);
    QFETCH(QString, body);
    QFETCH(QString, outcome);
    QFETCH(QString, code);
    const Decoded two = decoded(status, body.toStdString(), 2);
    QCOMPARE(QString::fromUtf8(toString(two.request)), outcome);
    QCOMPARE(two.isBatchSuspect, outcome == u"invalid");
    QCOMPARE(QString::fromStdString(two.records[1].code), code);
    QVERIFY(!two.records[1].message.empty());
    QVERIFY(!decoded(status, body.toStdString(), 1).isBatchSuspect);
}

void TestLinkedin::aRefusedTokenIsExplainedByNumberAndByName()
{
    for (const LinkedinCode& row : linkedinTokenCodes()) {
        const std::string value(row.code);
        const bool isNumber = value.find_first_not_of("0123456789") == std::string::npos;
        const std::string body = isNumber
            ? "{\"message\":\"no\",\"serviceErrorCode\":" + value + "}"
            : "{\"message\":\"no\",\"code\":\"" + value + "\"}";
        const Decoded decoded
            = decodedAnswer(destinationOf(caseOf("linkedin")), answerOf(401, body), 1);
        QCOMPARE(outcomesWithFaults(decoded), std::string("auth"));
        QCOMPARE(decoded.records[0].code, value);
        QCOMPARE(decoded.records[0].message, "no: " + std::string(row.meaning));
    }
}

void TestLinkedin::namedRecordsAreInvalidAndTheOthersGoBack()
{
    const std::string text = "Index: 0, ERROR :: /conversionValue/amount :: field is required\\n"
                             "ERROR :: /user :: is wrong\\nIndex: 2, ERROR :: /eventId :: x\\n";
    const Decoded named = decoded(422, error(422, text), 3);
    QCOMPARE(outcomesWithFaults(named), std::string("invalid transient* invalid"));
    QCOMPARE(named.records[0].message,
        std::string("ERROR :: /conversionValue/amount :: field is required\n"
                    "ERROR :: /user :: is wrong"));
    QCOMPARE(named.records[2].message, std::string("ERROR :: /eventId :: x"));
    QVERIFY(!named.isBatchSuspect);

    const auto outcomes = [](const std::string& message) {
        const Decoded all = decoded(400, error(400, message), 3);
        return outcomesWithFaults(all) + (all.isBatchSuspect ? ", halves" : "");
    };
    QCOMPARE(outcomes("Incorrect conversions, indices [1, 2] (0-indexed)"),
        std::string("transient* invalid invalid"));
    const std::string unknown = "invalid invalid invalid, halves";
    for (const char* message : { "indices [3] (0-indexed)", "indices [] (0-indexed)", "indices [a]",
             "indices [1", "Index: x, ERROR :: y", "Index: 0", "Index: 99, ERROR" })
        QCOMPARE(outcomes(message), unknown);
}

// All records of the request are of one rule, so all of them wait for it to be set right.
void TestLinkedin::aRuleThatIsSetUpWronglyIsConfiguration()
{
    const Decoded all = decoded(400,
        error(400, "Conversion's method should be CONVERSIONS_API, indices [0] (0-indexed)"), 2);
    QCOMPARE(toString(all.request), "config");
    QCOMPARE(outcomesWithFaults(all), std::string("config config"));
    QVERIFY(!all.isBatchSuspect);
}

void TestLinkedin::anAnswerPerElementIsReadByPosition()
{
    const Decoded all = decoded(200, "{\"elements\":[{\"status\":201},{\"status\":201}]}", 2);
    QCOMPARE(toString(all.request), "accepted");
    QVERIFY(!all.isPartial);
    const Decoded mixed = decoded(200,
        "{\"elements\":[{\"status\":201},{\"status\":422,\"error\":{\"message\":\"no\"}},"
        "{\"status\":500}]}",
        3);
    QCOMPARE(outcomesWithFaults(mixed), std::string("accepted invalid transient"));
    QVERIFY(mixed.isPartial);
    QCOMPARE(mixed.records[1].message, std::string("no"));
    QCOMPARE(mixed.records[1].code, std::string("422"));
    const Decoded fewer = decoded(200, "{\"elements\":[{\"status\":201}]}", 2);
    QCOMPARE(toString(fewer.request), "unknown");
    QVERIFY(fewer.isBatchSuspect);
    QCOMPARE(toString(decoded(201, "", 1).request), "accepted");
    QCOMPARE(toString(decoded(201, "", 2).request), "unknown");
}

void TestLinkedin::unreadableAnswersAreJudgedByStatus()
{
    const auto outcome = [](int status, const char* text) {
        return std::string(toString(decoded(status, text, 2).request));
    };
    QCOMPARE(outcome(200, "<html>ok</html>"), std::string("unknown"));
    QCOMPARE(outcome(200, "{}"), std::string("unknown"));
    QCOMPARE(outcome(200, "{\"elements\":[null,{}]}"), std::string("unknown"));
    QCOMPARE(outcome(503, ""), std::string("transient"));
    QCOMPARE(outcome(401, ""), std::string("auth"));
}

void TestLinkedin::aThrottleNamesNoDelayButTheContractKnowsTheDay()
{
    QVERIFY(!decoded(429, error(429, "x"), 1).hint.retryAfter);
    QCOMPARE(
        decoded(429, "", 1, { { "Retry-After", "9" } }).hint.retryAfter, std::optional<Millis>(9s));
    const Contract contract = linkedin().contract;
    QCOMPARE(contract.cooldownMin, Millis(60s));
    QCOMPARE(contract.cooldownDayAfter, std::optional<Millis>(15min));
    int enabled = 0;
    for (const Limit& limit : contract.limits)
        enabled += limit.isEnabled ? 1 : 0;
    QCOMPARE(enabled, 2); // a minute and a day, both per token
    QVERIFY(contract.limits[0].scope == LimitScope::Credential);
    QVERIFY(contract.limits[1].kind == LimitKind::Fixed);
}

void TestLinkedin::theApiHasNoTestForm()
{
    QVERIFY(LinkedinAdapter().liveCheck(linkedin()).kind == LiveCheck::Kind::None);
    QVERIFY(LinkedinAdapter().isAccountValid("ads-eu.1"));
    for (const char* bad : { "", "a/b", "a b" })
        QVERIFY2(!LinkedinAdapter().isAccountValid(bad), bad);
}

SPILLWAY_TEST(TestLinkedin)

} // namespace tst_linkedin

#include "tst_linkedin.moc"

#include "engine/platforms/ad_samples.h"
#include "engine/platforms/answer_rows.h"
#include "platforms/snapchat.h"
#include "support/test_program.h"

namespace tst_snapchat {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

const Secrets kSecrets { { "access_token", "snap+secret/1" } };

DestinationConfig snapchat() { return destinationOf(caseOf("snapchat")); }

std::string encoded(const CanonicalEvent& event)
{
    const DestinationConfig destination = snapchat();
    return encodedText(SnapchatAdapter {}.encode(event, contextOf(destination)));
}

Decoded decoded(int status, const char* body, std::size_t records, HttpHeaders headers = {})
{
    const DestinationConfig destination = snapchat();
    return SnapchatAdapter {}.decode(answerOf(status, body, std::move(headers)),
        std::vector<Record>(records), contextOf(destination));
}

std::string memberOf(const CanonicalEvent& event, std::string_view path)
{
    const auto json = parseJson(encoded(event));
    const Json* const value = json ? json->at(path) : nullptr;
    return value != nullptr ? value->dump() : std::string("absent");
}

std::string outcomesOf(const Decoded& answer)
{
    std::string text;
    for (const RecordOutcome& record : answer.records)
        text += std::string(text.empty() ? "" : " ") + toString(record.outcome);
    return text;
}

} // namespace

class TestSnapchat final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRichAndAMinimalEventBecomeTheGoldenPayloads();
    void anAppEventCarriesItsDevice();
    void aNameOutsideTheListIsNotRoutedUnlessMapped();
    void aBatchIsOneBodyWithTheTokenWhereTheOptionPutsIt();
    void whatThePlatformWouldRefuseIsRefusedHere_data();
    void whatThePlatformWouldRefuseIsRefusedHere();
    void theSameInstantIsTheSameSecondInEveryZone();
    void ageAndFutureAreExact();
    void whomThePlatformCanNotFindIsNotSent_data();
    void whomThePlatformCanNotFindIsNotSent();
    void everyStatusHasItsClass_data();
    void everyStatusHasItsClass();
    void besideASuccessOnlyTheNamedOnesAreLost();
    void besideARefusalTheOthersGoBackUnspent();
    void placesOutsideTheRequestAreNotBelieved();
    void anAnswerWithoutAStatusIsUnknown();
    void theLiveCheckGoesToTheValidateAddress();
};

void TestSnapchat::aRichAndAMinimalEventBecomeTheGoldenPayloads()
{
    QCOMPARE(encoded(canonical(kRichPurchase)), kRichForSnapchat);
    QCOMPARE(encoded(canonical(kMinimalLead)), kMinimalForSnapchat);
}

void TestSnapchat::anAppEventCarriesItsDevice()
{
    const CanonicalEvent event = canonical(kAppPurchase);
    QCOMPARE(memberOf(event, "action_source"), std::string("\"MOBILE_APP\""));
    QCOMPARE(memberOf(event, "app_data"),
        std::string("{\"app_id\":\"example.shop\",\"advertiser_tracking_enabled\":1,"
                    "\"extinfo\":[\"i2\",\"example.shop\",\"1.2\",\"\",\"19.1\",\"\",\"de_DE\","
                    "\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"]}"));
    QCOMPARE(memberOf(event, "user_data.madid"),
        std::string("\"6D92078A-8246-4BA4-AE5B-76104861E7DC\""));
    QCOMPARE(memberOf(event, "user_data.idfv"), std::string("\"V-1\""));
    QCOMPARE(memberOf(event, "user_data.sc_click_id"), std::string("\"sc-1\""));
    QCOMPARE(memberOf(event, "user_data.sc_cookie1"), std::string("\"ck-1\""));
    const CanonicalEvent unknown = changedEvent(kAppPurchase, "device", "{\"gaid\":\"g-1\"}");
    QCOMPARE(memberOf(unknown, "app_data"), std::string("{\"advertiser_tracking_enabled\":0}"));
}

void TestSnapchat::aNameOutsideTheListIsNotRoutedUnlessMapped()
{
    DestinationConfig destination = snapchat();
    const SnapchatAdapter adapter;
    const auto reason = adapter.unroutable(canonical(kMinimal), destination);
    QVERIFY(reason && reason->reason == "no_mapping");
    destination.eventNames["quiz_done"] = "CUSTOM_EVENT_2";
    QVERIFY(!adapter.unroutable(canonical(kMinimal), destination));
    const auto made = adapter.encode(canonical(kMinimal), contextOf(destination));
    QCOMPARE(
        parseJson(encodedText(made))->find("event_name")->text(), std::string("CUSTOM_EVENT_2"));
}

void TestSnapchat::aBatchIsOneBodyWithTheTokenWhereTheOptionPutsIt()
{
    const SnapchatAdapter adapter;
    DestinationConfig destination = snapchat();
    destination.endpoint = "https://tr.snapchat.com/v3";
    const std::vector<Record> records { { .body = "{\"a\":1}" }, { .body = "{\"b\":2}" } };
    const auto request = adapter.request(records, contextOf(destination), kSecrets);
    QVERIFY(request.has_value());
    QCOMPARE(request->url,
        std::string("https://tr.snapchat.com/v3/0f6d5a3e-1111-4c2b-9c5d-7b1f5c1a2b3c/events"
                    "?access_token=snap%2Bsecret%2F1"));
    QCOMPARE(request->body, std::string("{\"data\":[{\"a\":1},{\"b\":2}]}"));
    QVERIFY(adapter.redactedHead(*request, kSecrets).find("secret") == std::string::npos);

    destination.options["auth"] = "bearer";
    const auto bearer = adapter.request(records, contextOf(destination), kSecrets);
    QVERIFY(bearer->url.ends_with("/events"));
    QCOMPARE(headerOf(*bearer, "Authorization"), std::string("Bearer snap+secret/1"));
    const auto missing = adapter.request(records, contextOf(destination), {});
    QVERIFY(!missing && missing.error().field == "access_token");
    for (const char* bad : { "", "short", "../../../x", "0f6d5a3e 1111" })
        QVERIFY(!adapter.isAccountValid(bad));
}

void TestSnapchat::whatThePlatformWouldRefuseIsRefusedHere_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("value"); // JSON
    QTest::addColumn<QString>("refusedField");
    const auto row = [](const char* name, const char* field, const char* value,
                         const char* refused) { QTest::newRow(name) << field << value << refused; };
    row("purchase without value", "value", "null", "value");
    row("purchase without currency", "currency", "null", "currency");
    row("decimal comma", "value", "\"99,90\"", "value");
    row("currency by name", "currency", "\"Euro\"", "currency");
    row("website without address", "event_source_url", "null", "event_source_url");
    row("half an e-mail address", "user", "{\"email\":\"jane\"}", "user.email");
    row("a phone number in words", "user", "{\"phone_e164\":\"call me\"}", "user.phone_e164");
    row("item price in words", "items", "[{\"id\":\"a\",\"price\":\"cheap\"}]", "items.0.price");
    row("items that are not whole", "num_items", "1.5", "num_items");
}

void TestSnapchat::whatThePlatformWouldRefuseIsRefusedHere()
{
    QFETCH(QString, field);
    QFETCH(QString, value);
    QFETCH(QString, refusedField);
    const DestinationConfig destination = snapchat();
    const auto made = SnapchatAdapter {}.encode(
        changedEvent(kRichPurchase, field.toStdString(), value.toStdString()),
        contextOf(destination));
    QCOMPARE(judged(made), "refused " + refusedField.toStdString());
}

// Half past one UTC, in the night in which the clocks of Berlin jump from two to three.
void TestSnapchat::theSameInstantIsTheSameSecondInEveryZone()
{
    DestinationConfig destination = snapchat();
    destination.contract.isAgeEnforced = false;
    for (const char* time : { "2026-03-29T01:30:00.999Z", "2026-03-29T03:30:00.000+02:00",
             "2026-03-28T18:30:00.500-07:00" }) {
        const auto made = SnapchatAdapter {}.encode(
            changedEvent(kMinimalLead, "event_time", '"' + std::string(time) + '"'),
            contextOf(destination));
        QCOMPARE(
            parseJson(encodedText(made))->find("event_time")->text(), std::string("1774747800"));
    }
}

// 37 days to the microsecond; a minute ahead, and a few more wait.
void TestSnapchat::ageAndFutureAreExact()
{
    const DestinationConfig destination = snapchat();
    const auto judgedAt = [&](Micros age) {
        return judged(SnapchatAdapter {}.encode(
            eventOfAge(canonical(kMinimalLead), age), contextOf(destination)));
    };
    QCOMPARE(judgedAt(37 * 24h), std::string("taken"));
    QCOMPARE(judgedAt(37 * 24h + 1us), std::string("refused event_time"));
    QCOMPARE(judgedAt(-60s), std::string("taken"));
    QCOMPARE(judgedAt(-60s - 1us), std::string("waits"));
    QCOMPARE(judgedAt(-2h), std::string("refused event_time"));
}

void TestSnapchat::whomThePlatformCanNotFindIsNotSent_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<QString>("reason"); // empty: it is delivered
    const auto row = [](const char* name, const std::string& rest, const char* reason) {
        QTest::newRow(name) << QString::fromStdString("{\"event_name\":\"Lead\"," + rest + '}')
                            << reason;
    };
    row("nobody", "\"user\":null", "no_identifier");
    row("address alone", "\"user\":{\"ip\":\"203.0.113.9\"}", "no_identifier");
    row("address and browser", "\"user\":{\"ip\":\"203.0.113.9\",\"user_agent\":\"M\"}", "");
    row("external id alone", "\"user\":{\"external_id\":\"42\"}", "no_identifier");
    row("phone", "\"user\":{\"phone_e164\":\"+15551234567\"}", "");
    row("device", "\"device\":{\"idfa\":\"6D92\"}", "");
    row("denied", "\"user\":{\"email\":\"a@b\"},\"consent\":{\"ad_user_data\":\"denied\"}",
        "consent_denied");
    row("opted out", "\"user\":{\"email\":\"a@b\"},\"opt_out\":true", "consent_denied");
}

void TestSnapchat::whomThePlatformCanNotFindIsNotSent()
{
    QFETCH(QString, payload);
    QFETCH(QString, reason);
    const auto found = SnapchatAdapter {}.unroutable(canonical(payload.toStdString()), snapchat());
    QCOMPARE(found ? QString::fromStdString(found->reason) : QString(), reason);
}

void TestSnapchat::everyStatusHasItsClass_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<bool>("isSuspect");
    const auto row
        = [](int status, const char* reason, const char* outcome, bool isSuspect = false) {
              QTest::addRow("%d %s", status, reason) << status << reason << outcome << isSuspect;
          };
    row(400, "missing required fields", "invalid", true);
    row(400, "PII not hashed", "invalid", true);
    row(400, "a request may hold 2000 events", "oversize");
    row(400, "Too many events in request", "oversize");
    row(400, "at most 2,000 events", "oversize");
    row(400, "events: timestamp 1772000512 out of range", "invalid", true);
    row(400, "timestamp 2000 out of range", "invalid", true);
    row(400, "events from 2000-01-01 are out of range", "invalid", true);
    row(401, "token", "auth");
    row(403, "not for this pixel", "config");
    row(404, "not found", "config");
    row(413, "large", "oversize");
    row(429, "quota", "throttled");
    row(500, "sorry", "transient");
    row(503, "sorry", "transient");
    row(504, "sorry", "transient");
}

void TestSnapchat::everyStatusHasItsClass()
{
    QFETCH(int, status);
    QFETCH(QString, reason);
    QFETCH(QString, outcome);
    QFETCH(bool, isSuspect);
    const std::string body = "{\"status\":\"INVALID\",\"reason\":\"" + reason.toStdString() + "\"}";
    const Decoded all = decoded(status, body.c_str(), 2);
    QCOMPARE(QString::fromUtf8(toString(all.request)), outcome);
    QCOMPARE(all.isBatchSuspect, isSuspect);
    QCOMPARE(QString::fromUtf8(toString(all.records[1].outcome)), outcome);
    QCOMPARE(QString::fromStdString(all.records[1].message), reason);
    QVERIFY(!decoded(status, body.c_str(), 1).isBatchSuspect);
    if (status != 400)
        return;
    // Records that it names are at fault, whatever it says of the whole.
    const std::string named
        = body.substr(0, body.size() - 1) + ",\"error_records\":[{\"record_indexes\":[1]}]}";
    QCOMPARE(outcomesWithFaults(decoded(400, named.c_str(), 2)), std::string("transient* invalid"));
}

void TestSnapchat::besideASuccessOnlyTheNamedOnesAreLost()
{
    const Decoded whole = decoded(200, "{\"status\":\"VALID\",\"reason\":\"fine\"}", 2);
    QCOMPARE(toString(whole.request), "accepted");
    const Decoded partial = decoded(200,
        "{\"status\":\"INVALID\",\"error_records\":[{\"reason\":\"not enough PII\","
        "\"record_indexes\":[0,3]},{\"reason\":\"old\",\"record_indexes\":[3]}]}",
        4);
    QCOMPARE(outcomesOf(partial), std::string("invalid accepted accepted invalid"));
    QCOMPARE(toString(partial.request), "accepted");
    QVERIFY(partial.isPartial);
    QCOMPARE(partial.records[0].message, std::string("not enough PII"));
    QVERIFY(partial.records[0].form == ErrorForm::InBody);
}

void TestSnapchat::besideARefusalTheOthersGoBackUnspent()
{
    const Decoded refused = decoded(400,
        "{\"status\":\"INVALID\",\"reason\":\"some\",\"error_records\":"
        "[{\"reason\":\"not enough PII\",\"record_indexes\":[1]}]}",
        3);
    QCOMPARE(outcomesOf(refused), std::string("transient invalid transient"));
    QVERIFY(refused.records[0].isNotAtFault && refused.records[2].isNotAtFault);
    QVERIFY(!refused.records[1].isNotAtFault && !refused.isBatchSuspect && !refused.isPartial);
    QCOMPARE(toString(refused.request), "invalid");
    // Places beside a throttle or a refused token say nothing about the events.
    for (const int status : { 401, 429, 500 })
        QVERIFY(
            outcomesOf(decoded(status,
                           "{\"error_records\":[{\"reason\":\"x\",\"record_indexes\":[0]}]}", 2))
                .find("invalid")
            == std::string::npos);
}

void TestSnapchat::placesOutsideTheRequestAreNotBelieved()
{
    const char* body = "{\"status\":\"INVALID\",\"error_records\":[{\"record_indexes\":[-1,2,"
                       "\"x\",1e9]},null,{\"record_indexes\":{}}]}";
    QVERIFY(decoded(400, body, 2).isBatchSuspect);
    const Decoded success = decoded(200, body, 2); // INVALID, and nobody is named
    QCOMPARE(toString(success.request), "invalid");
    QVERIFY(success.isBatchSuspect);
}

void TestSnapchat::anAnswerWithoutAStatusIsUnknown()
{
    for (const char* body : { "", "{}", "<html>ok</html>", "[]", "{\"status\":\"MAYBE\"}" })
        QCOMPARE(toString(decoded(200, body, 2).request), "unknown");
    QCOMPARE(toString(decoded(502, "<html>bad</html>", 2).request), "transient");
    // No header is documented; should one come, it is obeyed.
    const Decoded throttled = decoded(429, "{}", 1, { { "Retry-After", "7" } });
    QCOMPARE(throttled.hint.retryAfter, std::optional<Millis>(7s));
    QVERIFY(!decoded(429, "{}", 1).hint.retryAfter);
}

void TestSnapchat::theLiveCheckGoesToTheValidateAddress()
{
    const SnapchatAdapter adapter;
    const DestinationConfig destination = snapchat();
    QVERIFY(adapter.liveCheck(destination).kind == LiveCheck::Kind::ValidateOnly);
    EncodeContext context = contextOf(destination);
    context.isLiveCheck = true;
    const auto request = adapter.request(std::vector<Record>(1), context, kSecrets);
    QVERIFY(request->url.find("/events/validate?access_token=") != std::string::npos);
}

SPILLWAY_TEST(TestSnapchat)

} // namespace tst_snapchat

#include "tst_snapchat.moc"

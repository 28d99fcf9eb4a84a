#include "engine/platforms/event_samples.h"
#include "platforms/meta.h"
#include "support/test_program.h"

namespace tst_meta {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

const Secrets kSecrets { { "access_token", "EAAB+secret/1" } };

std::vector<Record> someRecords(std::size_t count) { return std::vector<Record>(count); }

std::string errorBody(int code, int subcode, bool isTransient)
{
    return "{\"error\":{\"message\":\"said why\",\"type\":\"OAuthException\",\"code\":"
        + std::to_string(code) + ",\"error_subcode\":" + std::to_string(subcode)
        + ",\"is_transient\":" + (isTransient ? "true" : "false") + ",\"fbtrace_id\":\"A\"}}";
}

CanonicalEvent changed(const char* sample, const std::function<void(Json&)>& change)
{
    auto json = parseJson(sample);
    change(*json);
    return canonical(json->dump());
}

} // namespace

class TestMeta final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRichEventBecomesTheGoldenPayload();
    void aMinimalEventBecomesTheGoldenPayload();
    void aBatchIsOneBodyWithTheTokenAndNoLogHoldsIt();
    void whatThePlatformWouldRefuseIsRefusedHere_data();
    void whatThePlatformWouldRefuseIsRefusedHere();
    void regionsOfLimitedUseAreWholeNumbers();
    void ageAndFutureAreExactToTheSecond();
    void nobodyToFindOrNoConsentMeansNoDelivery_data();
    void nobodyToFindOrNoConsentMeansNoDelivery();
    void everyCodeHasItsClass_data();
    void everyCodeHasItsClass();
    void anotherCountThanSentIsUnknownAndSuspect();
    void unreadableAnswersAreJudgedByStatus();
    void usageHeadersSayHowLongToWait();
    void aMissingTokenIsNamed();
    void accountsAreDigits();
};

void TestMeta::aRichEventBecomesTheGoldenPayload()
{
    const MetaAdapter adapter;
    const DestinationConfig destination = metaDestination();
    const auto encoded = adapter.encode(canonical(kRichPurchase), contextOf(destination));
    QCOMPARE(encodedText(encoded), std::string(kRichForMeta));
    QCOMPARE(std::get<Record>(encoded).personKey, std::string());
}

void TestMeta::aMinimalEventBecomesTheGoldenPayload()
{
    const MetaAdapter adapter;
    const DestinationConfig destination = metaDestination();
    const auto encoded = adapter.encode(canonical(kMinimal), contextOf(destination));
    QCOMPARE(encodedText(encoded), std::string(kMinimalForMeta));
}

void TestMeta::aBatchIsOneBodyWithTheTokenAndNoLogHoldsIt()
{
    const MetaAdapter adapter;
    DestinationConfig destination = metaDestination();
    destination.options["test_event_code"] = "TEST1";
    const std::vector<Record> records { { .body = "{\"a\":1}" }, { .body = "{\"b\":2}" } };
    const auto request = adapter.request(records, contextOf(destination), kSecrets);
    QVERIFY(request.has_value());
    // The code is for trials: what is sent with it is shown and not counted.
    QVERIFY(request->body.find("TEST1") == std::string::npos);
    EncodeContext trial = contextOf(destination);
    trial.isLiveCheck = true;
    const auto tried = adapter.request(records, trial, kSecrets);
    QCOMPARE(parseJson(tried->body)->find("test_event_code")->text(), std::string("TEST1"));
    destination.options["test_traffic"] = "true";
    QCOMPARE(adapter.request(records, contextOf(destination), kSecrets)->body, tried->body);
    QCOMPARE(request->method, std::string("POST"));
    QCOMPARE(request->url,
        std::string("https://graph.facebook.com/v25.0/1029384756/events"
                    "?access_token=EAAB%2Bsecret%2F1"));
    const auto body = parseJson(request->body);
    QVERIFY(body.has_value());
    QCOMPARE(body->find("data")->dump(), std::string("[{\"a\":1},{\"b\":2}]"));
    const std::string head = adapter.redactedHead(*request, kSecrets);
    QVERIFY(head.find("access_token=$access_token") != std::string::npos);
    QVERIFY(head.find("secret") == std::string::npos);

    destination.options["auth"] = "bearer";
    const auto bearer = adapter.request(records, contextOf(destination), kSecrets);
    QVERIFY(bearer->url.find('?') == std::string::npos);
    QCOMPARE(headerOf(*bearer, "Authorization"), std::string("Bearer EAAB+secret/1"));
    QVERIFY(adapter.redactedHead(*bearer, kSecrets).find("secret") == std::string::npos);
}

void TestMeta::whatThePlatformWouldRefuseIsRefusedHere_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("value"); // JSON; empty: the field is absent
    QTest::addColumn<QString>("refusedField");
    const auto row = [](const char* name, const char* field, const char* value,
                         const char* refused) { QTest::newRow(name) << field << value << refused; };
    row("purchase without value", "value", "null", "value");
    row("purchase without currency", "currency", "null", "currency");
    row("decimal comma", "value", "\"99,90\"", "value");
    row("value that is an object", "value", "{}", "value");
    row("currency by name", "currency", "\"Euro\"", "currency");
    row("website without address", "event_source_url", "null", "event_source_url");
    row("unknown source", "action_source", "\"fax\"", "action_source");
    row("half an e-mail address", "user", "{\"email\":\"jane\",\"user_agent\":\"M\"}",
        "user.email");
    row("hash of the wrong length", "user", "{\"email_sha256\":\"abc\",\"user_agent\":\"M\"}",
        "user.email_sha256");
    row("website without a browser", "user", "{\"email\":\"a@b.example\"}", "user.user_agent");
    row("item price in words", "items", "[{\"id\":\"a\",\"price\":\"cheap\"}]", "items.0.price");
    row("items that are not whole", "num_items", "1.5", "num_items");
}

void TestMeta::whatThePlatformWouldRefuseIsRefusedHere()
{
    QFETCH(QString, field);
    QFETCH(QString, value);
    QFETCH(QString, refusedField);
    const MetaAdapter adapter;
    const DestinationConfig destination = metaDestination();
    const CanonicalEvent event = changed(kRichPurchase,
        [&](Json& json) { json.set(field.toStdString(), *parseJson(value.toStdString())); });
    const auto encoded = adapter.encode(event, contextOf(destination));
    QVERIFY2(std::holds_alternative<Refusal>(encoded), encodedText(encoded).c_str());
    QCOMPARE(QString::fromStdString(std::get<Refusal>(encoded).field), refusedField);
    QVERIFY(!std::get<Refusal>(encoded).reason.empty());
}

// Meta's own codes go as they are; anything else lets it find out where the person is.
void TestMeta::regionsOfLimitedUseAreWholeNumbers()
{
    const MetaAdapter adapter;
    const DestinationConfig destination = metaDestination();
    const std::vector<std::pair<std::string, std::string>> codes { { "1000", "1000" },
        { "\"1000\"", "1000" }, { "\"US-CA\"", "0" }, { "1e400", "0" }, { "-1", "0" },
        { "1.5", "0" } };
    for (const auto& [given, sent] : codes) {
        const std::string consent = R"({"limited_data_use":true,"ldu_region":)" + given + '}';
        const CanonicalEvent event
            = changed(kRichPurchase, [&](Json& json) { json.set("consent", *parseJson(consent)); });
        const std::string record = encodedText(adapter.encode(event, contextOf(destination)));
        const std::string member = "\"data_processing_options_state\":" + sent + ',';
        QVERIFY2(record.find(member) != std::string::npos, (given + ": " + record).c_str());
    }
}

// 7 days to the microsecond are taken, one more is not; 62 days for a shop; 60 s of future.
void TestMeta::ageAndFutureAreExactToTheSecond()
{
    const MetaAdapter adapter;
    DestinationConfig destination = metaDestination();
    const auto isTaken = [&](Micros age, const char* source) {
        CanonicalEvent event = changed(
            kRichPurchase, [&](Json& json) { json.set("action_source", Json::string(source)); });
        auto aged = std::make_shared<StoredEvent>(*event.stored);
        aged->eventTime = kNow - age;
        event.stored = aged;
        const auto encoded = adapter.encode(event, contextOf(destination));
        const auto* refusal = std::get_if<Refusal>(&encoded);
        const bool isOutside = std::holds_alternative<TooRecent>(encoded)
            || (refusal != nullptr && refusal->field == "event_time");
        return !isOutside;
    };
    QVERIFY(isTaken(7 * 24h, "website"));
    QVERIFY(!isTaken(7 * 24h + 1us, "website"));
    QVERIFY(isTaken(62 * 24h, "physical_store"));
    QVERIFY(!isTaken(62 * 24h + 1us, "physical_store"));
    QVERIFY(isTaken(-60s, "website"));
    QVERIFY(!isTaken(-60s - 1us, "website"));
    destination.options["physical_store_age"] = "30d";
    QVERIFY(!isTaken(31 * 24h, "physical_store"));
    destination.contract.isAgeEnforced = false;
    QVERIFY(isTaken(365 * 24h, "website"));
}

void TestMeta::nobodyToFindOrNoConsentMeansNoDelivery_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("reason"); // empty: it is delivered
    const auto row = [](const char* name, const char* payload, EventType type, const char* reason) {
        QTest::newRow(name) << payload << static_cast<int>(type) << reason;
    };
    row("address alone", "{\"user\":{\"ip\":\"203.0.113.9\"}}", EventType::Track, "no_identifier");
    row("address and browser", "{\"user\":{\"ip\":\"203.0.113.9\",\"user_agent\":\"M\"}}",
        EventType::Track, "");
    row("empty address", "{\"user\":{\"email\":\"  \"}}", EventType::Track, "no_identifier");
    row("null", "{\"user\":null}", EventType::Track, "no_identifier");
    row("click", "{\"click\":{\"fbclid\":\"x\"}}", EventType::Page, "");
    row("name alone", "{\"user\":{\"first_name\":\"J\",\"last_name\":\"D\"}}", EventType::Track,
        "no_identifier");
    row("name and city", "{\"user\":{\"first_name\":\"J\",\"last_name\":\"D\",\"city\":\"B\"}}",
        EventType::Track, "");
    row("denied", "{\"user\":{\"email\":\"a@b\"},\"consent\":{\"ad_user_data\":\"denied\"}}",
        EventType::Track, "consent_denied");
    row("identify", "{\"user\":{\"email\":\"a@b\"}}", EventType::Identify, "event_type");
}

void TestMeta::nobodyToFindOrNoConsentMeansNoDelivery()
{
    QFETCH(QString, payload);
    QFETCH(int, type);
    QFETCH(QString, reason);
    const MetaAdapter adapter;
    const auto found = adapter.unroutable(
        canonical(payload.toStdString(), static_cast<EventType>(type)), metaDestination());
    QCOMPARE(found ? QString::fromStdString(found->reason) : QString(), reason);
}

void TestMeta::everyCodeHasItsClass_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("subcode");
    QTest::addColumn<bool>("isTransient");
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<bool>("isSuspect");
    const auto row = [](int status, int code, int subcode, Outcome outcome, bool isSuspect = false,
                         bool isTransient = false) {
        QTest::addRow("%d %d/%d%s", status, code, subcode, isTransient ? " transient" : "")
            << status << code << subcode << isTransient << outcome << isSuspect;
    };
    row(403, 4, 0, Outcome::Throttled);
    row(400, 4, 0, Outcome::Throttled, false, true); // throttled, although called transient
    row(400, 17, 2446079, Outcome::Throttled);
    row(400, 32, 0, Outcome::Throttled);
    row(400, 613, 1487742, Outcome::Throttled);
    row(400, 80000, 2446079, Outcome::Throttled);
    row(400, 80004, 2446079, Outcome::Throttled);
    row(400, 80014, 0, Outcome::Throttled);
    row(400, 80015, 0, Outcome::Transient); // outside the range: unknown
    row(400, 341, 0, Outcome::Throttled);
    row(400, 368, 0, Outcome::Throttled);
    row(500, 1, 0, Outcome::Transient);
    row(500, 2, 0, Outcome::Transient, false, true);
    row(400, 5000, 0, Outcome::Transient);
    row(400, 21009, 0, Outcome::Transient);
    row(400, 999, 0, Outcome::Transient, false, true);
    row(401, 190, 463, Outcome::Auth);
    row(400, 190, 460, Outcome::Auth);
    row(400, 102, 0, Outcome::Auth);
    row(403, 200, 0, Outcome::Config);
    row(403, 299, 0, Outcome::Config);
    row(403, 10, 0, Outcome::Config);
    row(400, 3, 0, Outcome::Config);
    row(400, 100, 33, Outcome::Config);
    row(400, 100, 2804003, Outcome::Invalid, true);
    row(400, 100, 2804009, Outcome::Invalid, true);
    row(400, 100, 0, Outcome::Invalid, true);
    row(400, 100, 0, Outcome::Transient, false, true);
    row(400, 105, 0, Outcome::Oversize);
    row(400, 424242, 0, Outcome::Transient);
    row(429, 424242, 0, Outcome::Throttled);
    row(401, 424242, 0, Outcome::Auth);
}

void TestMeta::everyCodeHasItsClass()
{
    QFETCH(int, status);
    QFETCH(int, code);
    QFETCH(int, subcode);
    QFETCH(bool, isTransient);
    QFETCH(Outcome, outcome);
    QFETCH(bool, isSuspect);
    const MetaAdapter adapter;
    const DestinationConfig destination = metaDestination();
    const HttpAnswer answer = answerOf(status, errorBody(code, subcode, isTransient));
    const Decoded decoded = adapter.decode(answer, someRecords(2), contextOf(destination));
    QCOMPARE(toString(decoded.request), toString(outcome));
    QCOMPARE(decoded.isBatchSuspect, isSuspect);
    QCOMPARE(decoded.records.size(), std::size_t { 2 });
    QCOMPARE(toString(decoded.records[1].outcome), toString(outcome));
    QVERIFY(decoded.records[1].code.starts_with(std::to_string(code)));
    QCOMPARE(decoded.records[1].message, std::string("said why"));
    // Alone, a record is at fault itself: nothing is left to split.
    QVERIFY(!adapter.decode(answer, someRecords(1), contextOf(destination)).isBatchSuspect);
}

void TestMeta::anotherCountThanSentIsUnknownAndSuspect()
{
    const MetaAdapter adapter;
    const DestinationConfig destination = metaDestination();
    const auto decoded = [&](const char* body) {
        return adapter.decode(answerOf(200, body), someRecords(2), contextOf(destination));
    };
    const Decoded all = decoded("{\"events_received\":2,\"messages\":[],\"fbtrace_id\":\"A\"}");
    QCOMPARE(toString(all.request), "accepted");
    QCOMPARE(all.records[0].form, ErrorForm::None);
    QVERIFY(!all.isBatchSuspect);
    QCOMPARE(toString(decoded("{\"events_received\":\"2\"}").request), "accepted");
    for (const char* body :
        { "{\"events_received\":1}", "{\"events_received\":3}", "{\"events_received\":null}" }) {
        const Decoded other = decoded(body);
        QCOMPARE(toString(other.request), "unknown");
        QVERIFY(other.isBatchSuspect);
    }
}

void TestMeta::unreadableAnswersAreJudgedByStatus()
{
    const MetaAdapter adapter;
    const DestinationConfig destination = metaDestination();
    const auto outcome = [&](int status, const char* body) {
        return std::string(
            toString(adapter.decode(answerOf(status, body), someRecords(2), contextOf(destination))
                         .request));
    };
    QCOMPARE(outcome(200, "<html>ok</html>"), std::string("unknown"));
    QCOMPARE(outcome(200, ""), std::string("unknown"));
    QCOMPARE(outcome(200, "{}"), std::string("unknown"));
    QCOMPARE(outcome(502, "<html>bad gateway</html>"), std::string("transient"));
    QCOMPARE(outcome(429, ""), std::string("throttled"));
    QCOMPARE(outcome(401, "{}"), std::string("auth"));
    QCOMPARE(outcome(404, "[]"), std::string("config"));
    QCOMPARE(outcome(400, "{\"error\":\"text\"}"), std::string("invalid"));
}

void TestMeta::usageHeadersSayHowLongToWait()
{
    const MetaAdapter adapter;
    const DestinationConfig destination = metaDestination();
    const std::string throttled = errorBody(80004, 2446079, false);
    const auto hint = [&](int status, const std::string& body, HttpHeaders headers) {
        return adapter
            .decode(
                answerOf(status, body, std::move(headers)), someRecords(1), contextOf(destination))
            .hint;
    };
    const char* business = "{\"1029384756\":[{\"type\":\"ads_management\",\"call_count\":95,"
                           "\"total_cputime\":20,\"estimated_time_to_regain_access\":3}]}";
    const auto minutes = hint(400, throttled, { { "x-business-use-case-usage", business } });
    QCOMPARE(minutes.retryAfter, std::optional<Millis>(3min));
    QCOMPARE(minutes.source, std::string("X-Business-Use-Case-Usage"));
    QCOMPARE(minutes.usageRatio, 0.95);

    const auto both = hint(
        429, throttled, { { "X-Business-Use-Case-Usage", business }, { "Retry-After", "5" } });
    QCOMPARE(both.retryAfter, std::optional<Millis>(5s));

    const char* account = "{\"acc_id_util_pct\":80,\"reset_time_duration\":100}";
    QCOMPARE(hint(400, throttled, { { "X-Ad-Account-Usage", account } }).retryAfter,
        std::optional<Millis>(100s));
    const auto calm = hint(200, "{\"events_received\":1}", { { "X-Ad-Account-Usage", account } });
    QVERIFY(!calm.retryAfter);
    QCOMPARE(calm.usageRatio, 0.8);
    QCOMPARE(calm.source, std::string("X-Ad-Account-Usage"));

    // Blocked for a time that nobody names: the longest cool-down.
    QCOMPARE(hint(400, errorBody(368, 0, false), {}).retryAfter, std::optional<Millis>(1h));
    for (const char* broken : { "", "{", "[]", "{\"a\":1}", "{\"a\":[1]}",
             "{\"a\":[{\"estimated_time_to_regain_access\":-5}]}" })
        QVERIFY(!hint(400, throttled, { { "X-Business-Use-Case-Usage", broken } }).retryAfter);
}

void TestMeta::aMissingTokenIsNamed()
{
    const MetaAdapter adapter;
    const DestinationConfig destination = metaDestination();
    const auto missing = adapter.request(someRecords(1), contextOf(destination), {});
    QVERIFY(!missing.has_value());
    QCOMPARE(missing.error().field, std::string("access_token"));
    const auto broken = adapter.request(
        someRecords(1), contextOf(destination), { { "access_token", "a\r\nX-Evil: 1" } });
    QVERIFY(!broken.has_value());
}

void TestMeta::accountsAreDigits()
{
    const MetaAdapter adapter;
    QVERIFY(adapter.isAccountValid("1029384756"));
    for (const char* bad : { "", "1234", "123456789012345678901", "12345/../x", "act_12345" })
        QVERIFY2(!adapter.isAccountValid(bad), bad);
}

SPILLWAY_TEST(TestMeta)

} // namespace tst_meta

#include "tst_meta.moc"

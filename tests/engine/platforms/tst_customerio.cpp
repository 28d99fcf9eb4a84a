#include "engine/platforms/answer_rows.h"
#include "platforms/customerio.h"
#include "platforms/ulid.h"
#include "support/test_program.h"

namespace tst_customerio {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

const Secrets kSecrets { { "site_id", "site123" }, { "api_key", "key456" } };

Record recordOf(const Encoded& encoded)
{
    if (const auto* refusal = std::get_if<Refusal>(&encoded))
        throw std::invalid_argument(refusal->text());
    return std::get<Record>(encoded);
}

} // namespace

class TestCustomerIo final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anEventBecomesTheGoldenOperation();
    void everyTypeHasItsAction_data();
    void everyTypeHasItsAction();
    void identifyCarriesAttributesAndNotItsOwnIdentifier();
    void anonymousEventsGoAloneThroughVersionOne();
    void versionOneHasAnAddressForEveryRecord_data();
    void versionOneHasAnAddressForEveryRecord();
    void aBatchIsOneBodyAndNoLogHoldsTheKey();
    void theRegionMovesOnlyThePlatformsOwnHost();
    void anIdThatIsAUlidStaysAndAnyOtherGivesAlwaysTheSame();
    void rowsOfA207FailAndTheRestIsAccepted();
    void everyAnswerHasItsClass_data();
    void everyAnswerHasItsClass();
    void anAnswerSaysWhereToAndWhen();
    void peopleWhoAreUnknownOrHashedAreNotSent();
    void publishedLimitsAreKept_data();
    void publishedLimitsAreKept();
    void aSizeThatThePlatformChangesIsAnOption();
};

void TestCustomerIo::anEventBecomesTheGoldenOperation()
{
    const CustomerIoAdapter adapter;
    const DestinationConfig destination = customerIoDestination();
    const auto encoded = adapter.encode(canonical(kRichPurchase), contextOf(destination));
    QCOMPARE(encodedText(encoded), std::string(kRichForCustomerIo));
    QCOMPARE(recordOf(encoded).personKey, std::string()); // events carry no order
    QCOMPARE(recordOf(encoded).batchKey, std::string("v2"));
    QCOMPARE(encodedText(adapter.encode(canonical(kMinimal), contextOf(destination))),
        std::string(kMinimalForCustomerIo));
}

void TestCustomerIo::everyTypeHasItsAction_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("action");
    QTest::addColumn<QString>("personKey");
    const auto row = [](EventType type, const char* action, const char* key) {
        QTest::newRow(toString(type)) << static_cast<int>(type) << action << key;
    };
    row(EventType::Track, "event", "");
    row(EventType::Page, "page", "");
    row(EventType::Screen, "screen", "");
    row(EventType::Identify, "identify", "id:42");
    row(EventType::Suppress, "suppress", "id:42");
    row(EventType::Unsuppress, "unsuppress", "id:42");
    row(EventType::Delete, "delete", "id:42");
}

void TestCustomerIo::everyTypeHasItsAction()
{
    QFETCH(int, type);
    QFETCH(QString, action);
    QFETCH(QString, personKey);
    const CustomerIoAdapter adapter;
    const DestinationConfig destination = customerIoDestination();
    const CanonicalEvent event
        = canonical("{\"event_id\":\"e\",\"event_name\":\"n\",\"user\":{\"external_id\":42}}",
            static_cast<EventType>(type));
    const Record record = recordOf(adapter.encode(event, contextOf(destination)));
    const auto body = parseJson(record.body);
    QCOMPARE(QString::fromStdString(body->find("action")->text()), action);
    QCOMPARE(body->find("identifiers")->dump(), std::string("{\"id\":\"42\"}"));
    QCOMPARE(QString::fromStdString(record.personKey), personKey);
}

void TestCustomerIo::identifyCarriesAttributesAndNotItsOwnIdentifier()
{
    const CustomerIoAdapter adapter;
    const DestinationConfig destination = customerIoDestination();
    const auto encoded
        = adapter.encode(canonical(kIdentify, EventType::Identify), contextOf(destination));
    QCOMPARE(encodedText(encoded), std::string(kIdentifyForCustomerIo));
    const Record device = recordOf(adapter.encode(canonical(kDevice), contextOf(destination)));
    QCOMPARE(device.personKey, std::string("id:42 a/b"));
    QCOMPARE(parseJson(device.body)->find("device")->dump(),
        std::string("{\"token\":\"tok:1\",\"platform\":\"ios\",\"last_used\":1795737600}"));
}

void TestCustomerIo::anonymousEventsGoAloneThroughVersionOne()
{
    const CustomerIoAdapter adapter;
    const DestinationConfig destination = customerIoDestination();
    const Record record = recordOf(adapter.encode(canonical(kAnonymous), contextOf(destination)));
    QCOMPARE(record.body, std::string(kAnonymousForCustomerIo));
    CanonicalEvent other = canonical(kAnonymous);
    auto next = std::make_shared<StoredEvent>(*other.stored);
    next->seq = EventSeq { 8 };
    other.stored = next;
    QCOMPARE(record.bytesMax, std::optional<std::int64_t>(100'000)); // of v1, not the 32 kB of v2
    const auto ofBytes = [&](std::size_t bytes) {
        return adapter.encode(canonical("{\"event_name\":\"n\",\"user\":{\"anonymous_id\":\"a\"},"
                                        "\"properties\":{\"a\":\""
                                  + std::string(bytes, 'x') + "\"}}"),
            contextOf(destination));
    };
    QVERIFY(std::holds_alternative<Record>(ofBytes(90'000)));
    QVERIFY(std::holds_alternative<Refusal>(ofBytes(100'000)));
    QVERIFY(record.batchKey != recordOf(adapter.encode(other, contextOf(destination))).batchKey);
    const auto request = adapter.request({ &record, 1 }, contextOf(destination), kSecrets);
    QCOMPARE(request->url, std::string("https://track.customer.io/api/v1/events"));
    QCOMPARE(request->method, std::string("POST"));
    const std::vector<Record> two { record, record };
    QVERIFY(!adapter.request(two, contextOf(destination), kSecrets).has_value());
}

void TestCustomerIo::versionOneHasAnAddressForEveryRecord_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("call");
    const auto row = [](const char* name, const char* payload, EventType type, const char* call) {
        QTest::newRow(name) << payload << static_cast<int>(type) << call;
    };
    const char* slash = "{\"event_id\":\"e\",\"event_name\":\"n\","
                        "\"user\":{\"external_id\":\"42 a/b\"}}";
    row("event", slash, EventType::Track, "POST /api/v1/customers/42%20a%2Fb/events");
    row("identify", slash, EventType::Identify, "PUT /api/v1/customers/42%20a%2Fb");
    row("delete", slash, EventType::Delete, "DELETE /api/v1/customers/42%20a%2Fb");
    row("suppress", slash, EventType::Suppress, "POST /api/v1/customers/42%20a%2Fb/suppress");
    row("unsuppress", slash, EventType::Unsuppress, "POST /api/v1/customers/42%20a%2Fb/unsuppress");
    row("device that goes",
        "{\"event_id\":\"e\",\"event_name\":\"Device Deleted\",\"user\":{\"external_id\":\"42\"},"
        "\"device\":{\"token\":\"tok:1\"}}",
        EventType::Track, "DELETE /api/v1/customers/42/devices/tok%3A1");
    row("device", kDevice, EventType::Track, "PUT /api/v1/customers/42%20a%2Fb/devices");
    row("cio_id", "{\"event_name\":\"n\",\"user\":{\"cio_id\":\"0a\",\"email\":\"a@b\"}}",
        EventType::Track, "POST /api/v1/customers/cio_0a/events");
    row("e-mail before phone",
        "{\"event_name\":\"n\",\"user\":{\"phone_e164\":\"+1\","
        "\"email\":\"a@b\"}}",
        EventType::Track, "POST /api/v1/customers/a%40b/events");
}

void TestCustomerIo::versionOneHasAnAddressForEveryRecord()
{
    QFETCH(QString, payload);
    QFETCH(int, type);
    QFETCH(QString, call);
    const CustomerIoAdapter adapter;
    DestinationConfig destination = customerIoDestination();
    destination.options["api"] = "v1";
    const Record record = recordOf(adapter.encode(
        canonical(payload.toStdString(), static_cast<EventType>(type)), contextOf(destination)));
    const auto request = adapter.request({ &record, 1 }, contextOf(destination), kSecrets);
    QVERIFY(request.has_value());
    QCOMPARE(QString::fromStdString(
                 request->method + ' ' + request->url.substr(destination.endpoint.size())),
        call);
}

void TestCustomerIo::aBatchIsOneBodyAndNoLogHoldsTheKey()
{
    const CustomerIoAdapter adapter;
    const DestinationConfig destination = customerIoDestination();
    const std::vector<Record> records { { .body = "{\"a\":1}" }, { .body = "{\"b\":2}" } };
    const auto request = adapter.request(records, contextOf(destination), kSecrets);
    QCOMPARE(request->url, std::string("https://track.customer.io/api/v2/batch"));
    QCOMPARE(request->body, std::string("{\"batch\":[{\"a\":1},{\"b\":2}]}"));
    QCOMPARE(headerOf(*request, "Authorization"), std::string("Basic c2l0ZTEyMzprZXk0NTY="));
    const std::string head = adapter.redactedHead(*request, kSecrets);
    QVERIFY(head.find("c2l0") == std::string::npos);
    QVERIFY(head.find("key456") == std::string::npos);
    QVERIFY(head.find("$api_key") != std::string::npos);
    QCOMPARE(adapter.request(records, contextOf(destination), { { "site_id", "s" } }).error().field,
        std::string("api_key"));
}

void TestCustomerIo::theRegionMovesOnlyThePlatformsOwnHost()
{
    const CustomerIoAdapter adapter;
    DestinationConfig destination = customerIoDestination();
    destination.options["region"] = "eu";
    const std::vector<Record> records(1);
    const auto url
        = [&] { return adapter.request(records, contextOf(destination), kSecrets)->url; };
    QCOMPARE(url(), std::string("https://track-eu.customer.io/api/v2/batch"));
    destination.endpoint = "http://127.0.0.1:9100";
    QCOMPARE(url(), std::string("http://127.0.0.1:9100/api/v2/batch"));
}

void TestCustomerIo::anIdThatIsAUlidStaysAndAnyOtherGivesAlwaysTheSame()
{
    QVERIFY(isUlid("01J9ZZZZZZZZZZZZZZZZZZZZZZ"));
    QVERIFY(isUlid("7zzzzzzzzzzzzzzzzzzzzzzzzz"));
    for (const char* bad : { "", "81J9ZZZZZZZZZZZZZZZZZZZZZZ", "01J9ZZZZZZZZZZZZZZZZZZZZZ",
             "01J9ZZZZZZZZZZZZZZZZZZZZZU", "01J9ZZZZZZZZZZZZZZZZZZZZZ-" })
        QVERIFY2(!isUlid(bad), bad);
    const UlidSource source {
        .eventId = "ord-1001", .eventName = "Order Completed", .eventTime = kNow - 1'250ms
    };
    QCOMPARE(deriveUlid(source), std::string("01M8D4TERY3KW0KMZNFGX3G403"));
    UlidSource otherName = source;
    otherName.eventName = "Lead"; // one id under two names is two events
    QVERIFY(deriveUlid(otherName) != deriveUlid(source));
    QCOMPARE(deriveUlid(otherName).substr(0, 10), deriveUlid(source).substr(0, 10));
    QVERIFY(isUlid(deriveUlid({ .eventTime = fromUnixMicros(-5) })));
}

void TestCustomerIo::rowsOfA207FailAndTheRestIsAccepted()
{
    const Decoded decoded = decodedAnswer(customerIoDestination(),
        answerOf(207,
            "{\"errors\":[{\"batch_index\":2,\"reason\":\"invalid\",\"field\":\"attributes\","
            "\"message\":\"too long\"},{\"batch_index\":\"0\",\"reason\":\"required\"}]}"),
        4);
    QCOMPARE(outcomesWithFaults(decoded), std::string("invalid accepted invalid accepted"));
    QVERIFY(decoded.isPartial);
    QVERIFY(!decoded.isBatchSuspect);
    QCOMPARE(toString(decoded.request), "accepted");
    QCOMPARE(decoded.records[2].code, std::string("invalid"));
    QCOMPARE(decoded.records[2].message, std::string("attributes: too long"));
    QCOMPARE(decoded.records[2].form, ErrorForm::InBody);
}

void TestCustomerIo::everyAnswerHasItsClass_data()
{
    addAnswerColumns();
    const auto row
        = [](int status, const char* body, const char* expected, bool isSuspect = false) {
              addAnswerRow(
                  (std::to_string(status) + ' ' + body).c_str(), status, body, expected, isSuspect);
          };
    row(200, "{}", "accepted accepted");
    row(204, "", "accepted accepted");
    row(200, "", "unknown unknown");
    row(200, "<html>", "unknown unknown");
    row(207, "{\"errors\":[]}", "unknown unknown", true);
    row(207, "{}", "unknown unknown", true);
    row(207, "{\"errors\":[{\"batch_index\":2}]}", "unknown unknown", true);
    row(207, "{\"errors\":[{\"batch_index\":-1}]}", "unknown unknown", true);
    row(207, "{\"errors\":[{\"batch_index\":0},{\"reason\":\"x\"}]}", "unknown unknown", true);
    row(200, "{\"errors\":[{\"batch_index\":0}]}", "invalid accepted");
    row(400, "{\"errors\":[{\"batch_index\":1,\"reason\":\"invalid\"}]}", "transient* invalid");
    row(400, "{\"errors\":[{\"reason\":\"malformed\"}]}", "invalid invalid", true);
    row(400, "{\"meta\":{\"errors\":[\"no name\"]}}", "invalid invalid", true);
    row(422, "", "invalid invalid", true);
    row(401, "{\"meta\":{\"error\":\"Unauthorized\"}}", "auth auth");
    row(403, "{}", "config config");
    row(404, "{}", "config config");
    row(301, "", "config config");
    row(408, "", "transient transient");
    row(413, "{}", "oversize oversize");
    row(429, "{}", "throttled throttled");
    row(500, "{}", "transient transient");
    row(522, "<html>", "transient transient");
    row(524, "", "transient transient");
}

void TestCustomerIo::everyAnswerHasItsClass() { (void)checkAnswerRow(customerIoDestination()); }

void TestCustomerIo::anAnswerSaysWhereToAndWhen()
{
    const DestinationConfig to = customerIoDestination();
    const Decoded redirected = decodedAnswer(
        to, answerOf(301, "", { { "location", "https://track-eu.customer.io" } }), 1);
    QVERIFY(redirected.records[0].message.find("track-eu") != std::string::npos);
    const Decoded throttled = decodedAnswer(to, answerOf(429, "{}", { { "Retry-After", "2" } }), 1);
    QCOMPARE(throttled.hint.retryAfter, std::optional<Millis>(2s));
}

void TestCustomerIo::peopleWhoAreUnknownOrHashedAreNotSent()
{
    const CustomerIoAdapter adapter;
    DestinationConfig destination = customerIoDestination();
    const auto reason = [&](const std::string& user, EventType type = EventType::Track) {
        const auto found = adapter.unroutable(
            canonical("{\"event_name\":\"n\",\"user\":" + user + "}", type), destination);
        return found ? found->reason : std::string();
    };
    QCOMPARE(reason("{}"), std::string("no_identifier"));
    QCOMPARE(reason("{\"email\":\"" + std::string(64, 'a') + "\"}"), std::string("no_identifier"));
    QCOMPARE(reason("{\"email\":\"a@b\"}"), std::string());
    QCOMPARE(reason("{\"anonymous_id\":\"a\"}"), std::string());
    QCOMPARE(reason("{\"anonymous_id\":\"a\"}", EventType::Identify), std::string("no_identifier"));
    QCOMPARE(reason("{\"email\":\"a@b\"}", EventType::Message), std::string("event_type"));
    QCOMPARE(reason("{\"phone_e164\":\"+15551234567\"}"), std::string());
    destination.options["api"] = "v1"; // a number in its path would be read as an id
    QCOMPARE(reason("{\"phone_e164\":\"+15551234567\"}"), std::string("no_identifier"));
}

void TestCustomerIo::publishedLimitsAreKept_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("field");
    const auto row = [](const char* name, const std::string& payload, EventType type,
                         const char* field) {
        QTest::newRow(name) << QString::fromStdString(payload) << static_cast<int>(type) << field;
    };
    const auto text = [](std::size_t bytes) { return std::string(bytes, 'x'); };
    const std::string person = "\"user\":{\"external_id\":\"1\"}";
    row("id of 151 bytes",
        "{\"event_name\":\"n\",\"user\":{\"external_id\":\"" + text(151) + "\"}}", EventType::Track,
        "user");
    row("name of 101 bytes", "{\"event_name\":\"" + text(101) + "\"," + person + "}",
        EventType::Track, "event_name");
    row("attribute of 1,001 bytes",
        "{" + person + ",\"properties\":{\"a\":\"" + text(1'001) + "\"}}", EventType::Identify,
        "properties.a");
    std::string many;
    for (int i = 0; i < 301; ++i)
        many += (many.empty() ? "\"a" : ",\"a") + std::to_string(i) + "\":1";
    row("301 attributes", "{" + person + ",\"properties\":{" + many + "}}", EventType::Identify,
        "properties");
    row("attribute with a name of 151 bytes",
        "{" + person + ",\"properties\":{\"" + text(151) + "\":1}}", EventType::Identify,
        "properties");
    row("record of 32 kB",
        "{\"event_name\":\"n\"," + person + ",\"properties\":{\"a\":\"" + text(32'000) + "\"}}",
        EventType::Track, "");
    row("properties that are a list", "{\"event_name\":\"n\"," + person + ",\"properties\":[1]}",
        EventType::Track, "properties");
}

void TestCustomerIo::publishedLimitsAreKept()
{
    QFETCH(QString, payload);
    QFETCH(int, type);
    QFETCH(QString, field);
    const CustomerIoAdapter adapter;
    const DestinationConfig destination = customerIoDestination();
    const auto encoded = adapter.encode(
        canonical(payload.toStdString(), static_cast<EventType>(type)), contextOf(destination));
    QVERIFY(std::holds_alternative<Refusal>(encoded));
    QCOMPARE(QString::fromStdString(std::get<Refusal>(encoded).field), field);
}

void TestCustomerIo::aSizeThatThePlatformChangesIsAnOption()
{
    DestinationConfig destination = customerIoDestination();
    const std::string event = "{\"event_name\":\"" + std::string(120, 'x')
        + "\",\"user\":{\"external_id\":\"" + std::string(160, 'i') + "\"}}";
    const auto isTaken = [&] {
        return std::holds_alternative<Record>(
            CustomerIoAdapter().encode(canonical(event), contextOf(destination)));
    };
    QVERIFY(!isTaken());
    destination.options["event_name_bytes"] = "120";
    QVERIFY(!isTaken());
    destination.options["id_bytes"] = "160";
    QVERIFY(isTaken());
    destination.options["id_bytes"] = "none"; // no number: as published
    QVERIFY(!isTaken());
}

SPILLWAY_TEST(TestCustomerIo)

} // namespace tst_customerio

#include "tst_customerio.moc"

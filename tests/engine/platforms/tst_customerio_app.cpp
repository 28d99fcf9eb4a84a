#include "engine/platforms/event_samples.h"
#include "engine/platforms/platform_cases.h"
#include "platforms/customerio_app.h"
#include "support/test_program.h"

namespace tst_customerio_app {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

const CustomerIoAppAdapter kAdapter;
const Secrets kSecrets { { "app_key", "key-1" } };

DestinationConfig messages() { return destinationOf(caseOf("customerio-app")); }
DestinationConfig broadcasts() { return destinationOf(caseOf("customerio-app, broadcasts")); }

Encoded encode(const std::string& payload, const DestinationConfig& destination)
{
    const bool isBroadcast = destination.options.at("api") == "broadcasts";
    return kAdapter.encode(
        canonical(payload, isBroadcast ? EventType::Broadcast : EventType::Message),
        contextOf(destination));
}

std::string message(const std::string& rest)
{
    return R"({"event_id":"m-1","event_name":"quiz_done","user":{"external_id":"42",)"
           R"("email":"Jane.Doe@example.com"})"
        + rest + '}';
}

std::string broadcast(const std::string& audience)
{
    return R"({"event_id":"b-1","event_name":"quiz_done","audience":)" + audience
        + R"(,"properties":{"sale":"BF26"}})";
}

} // namespace

class TestCustomerIoApp final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aMessageBecomesTheGoldenRequest();
    void aPushGoesItsOwnWay();
    void aBroadcastNamesItsAudience();
    void theRegionMovesOnlyThePlatformsOwnHost();
    void whatIsNotForThisWayIsNotRouted_data();
    void whatIsNotForThisWayIsNotRouted();
    void whatIsWrongIsRefused_data();
    void whatIsWrongIsRefused();
    void everyAnswerHasItsClass_data();
    void everyAnswerHasItsClass();
    void aBroadcastIsAskedAfterAndAMessageIsNot();
    void whatIsSaidLaterOfABroadcastIsRead_data();
    void whatIsSaidLaterOfABroadcastIsRead();
    void nothingTellsARepeatSoATimeoutIsNotSafe();
    void theOtherRegionIsFollowedInsideTheDomain();
};

void TestCustomerIoApp::aMessageBecomesTheGoldenRequest()
{
    const DestinationConfig destination = messages();
    const auto encoded
        = encode(message(R"(,"message":{"subject":"Your tea","tracked":false,"send_at":1795740000,)"
                         R"("title":"only for push"},"properties":{"order_id":"1001"})"),
            destination);
    QCOMPARE(encodedText(encoded),
        std::string(R"({"transactional_message_id":"12","to":"Jane.Doe@example.com",)"
                    R"("identifiers":{"id":"42"},"message_data":{"order_id":"1001"},)"
                    R"("subject":"Your tea","tracked":false,"send_at":1795740000})"));
    const Record record = std::get<Record>(encoded);
    const auto request = kAdapter.request({ &record, 1 }, contextOf(destination), kSecrets);
    QCOMPARE(request->method, std::string("POST"));
    QCOMPARE(request->url, std::string("http://127.0.0.1:9100/customerio-app/v1/send/email"));
    QCOMPARE(headerOf(*request, "Authorization"), std::string("Bearer key-1"));
    QCOMPARE(headerOf(*request, "X-Workspace-Id"), std::string("7"));
    QCOMPARE(request->body, record.body);
    QVERIFY(kAdapter.redactedHead(*request, kSecrets).find("key-1") == std::string::npos);
    QCOMPARE(kAdapter.request({ &record, 1 }, contextOf(destination), {}).error().field,
        std::string("app_key"));
    // The least: an address, and by it a person.
    QCOMPARE(
        encodedText(encode(R"({"event_name":"quiz_done","user":{"email":"a@b"}})", destination)),
        std::string(R"({"transactional_message_id":"12","to":"a@b","identifiers":{"email":"a@b"},)"
                    R"("message_data":{}})"));
}

void TestCustomerIoApp::aPushGoesItsOwnWay()
{
    const DestinationConfig destination = messages();
    const auto encoded = encode(
        message(R"(,"message":{"channel":"push","title":"Tea","subject":"no"})"), destination);
    QCOMPARE(encodedText(encoded),
        std::string(R"({"transactional_message_id":"12","identifiers":{"id":"42"},)"
                    R"("message_data":{},"title":"Tea"})"));
    QCOMPARE(std::get<Record>(encoded).route.front().second, std::string("/v1/send/push"));
    DestinationConfig push = destination;
    push.options["channel"] = "push";
    QCOMPARE(std::get<Record>(encode(message(""), push)).route.front().second,
        std::string("/v1/send/push"));
}

void TestCustomerIoApp::aBroadcastNamesItsAudience()
{
    const DestinationConfig destination = broadcasts();
    const auto encoded
        = encode(broadcast(R"({"ids":["42",43],"id_ignore_missing":true})"), destination);
    QCOMPARE(encodedText(encoded),
        std::string(R"({"data":{"sale":"BF26"},"ids":["42",43],"id_ignore_missing":true})"));
    const Record record = std::get<Record>(encoded);
    const auto request = kAdapter.request({ &record, 1 }, contextOf(destination), kSecrets);
    QCOMPARE(
        request->url, std::string("http://127.0.0.1:9100/customerio-app/v1/campaigns/12/triggers"));
    QCOMPARE(headerOf(*request, "X-Workspace-Id"), std::string());
    for (const char* audience : { R"({"emails":["a@b"]})", R"({"recipients":{"segment":{"id":3}}})",
             R"({"per_user_data":[{"id":"1","data":{}}]})",
             R"({"data_file_url":"https://files.example/1"})" })
        QVERIFY2(
            std::holds_alternative<Record>(encode(broadcast(audience), destination)), audience);
    const std::vector<Record> two { record, record };
    QVERIFY(!kAdapter.request(two, contextOf(destination), kSecrets).has_value());
}

void TestCustomerIoApp::theRegionMovesOnlyThePlatformsOwnHost()
{
    DestinationConfig destination = messages();
    destination.options["region"] = "eu";
    const std::vector<Record> records { { .route = { { "path", "/v1/send/email" } } } };
    const auto url
        = [&] { return kAdapter.request(records, contextOf(destination), kSecrets)->url; };
    QCOMPARE(url(), std::string("http://127.0.0.1:9100/customerio-app/v1/send/email"));
    destination.endpoint = "https://api.customer.io";
    QCOMPARE(url(), std::string("https://api-eu.customer.io/v1/send/email"));
}

void TestCustomerIoApp::whatIsNotForThisWayIsNotRouted_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("payload");
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("reason");
    const auto row
        = [](const char* name, const std::string& payload, EventType type, const char* reason) {
              QTest::addRow("%s, %s %s", name, toString(type), reason)
                  << name << QString::fromStdString(payload) << static_cast<int>(type) << reason;
          };
    const char* one = "customerio-app";
    const char* many = "customerio-app, broadcasts";
    row(one, message(""), EventType::Message, "");
    row(one, message(""), EventType::Track, "event_type");
    row(one, message(""), EventType::Broadcast, "event_type");
    row(many, message(""), EventType::Message, "event_type");
    row(many, broadcast("{}"), EventType::Broadcast, "");
    row(one, R"({"event_name":"other","user":{"email":"a@b"}})", EventType::Message, "no_mapping");
    row(one, R"({"event_name":"quiz_done","user":{"external_id":"1"}})", EventType::Message,
        "no_identifier");
    row(one, R"({"event_name":"quiz_done","user":{"email":")" + std::string(64, 'a') + R"("}})",
        EventType::Message, "no_identifier");
}

void TestCustomerIoApp::whatIsNotForThisWayIsNotRouted()
{
    QFETCH(QString, name);
    QFETCH(QString, payload);
    QFETCH(int, type);
    QFETCH(QString, reason);
    const auto found
        = kAdapter.unroutable(canonical(payload.toStdString(), static_cast<EventType>(type)),
            destinationOf(caseOf(name.toStdString())));
    QCOMPARE(QString::fromStdString(found ? found->reason : std::string()), reason);
}

void TestCustomerIoApp::whatIsWrongIsRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("payload");
    QTest::addColumn<QString>("field");
    const auto row = [](const std::string& payload, const char* field, bool isBroadcast = false) {
        QTest::addRow("%s %s", field, payload.substr(0, 80).c_str())
            << (isBroadcast ? "customerio-app, broadcasts" : "customerio-app")
            << QString::fromStdString(payload) << field;
    };
    row(message(R"(,"message":{"channel":"fax"})"), "message.channel");
    row(message(R"(,"message":{"tracked":"yes"})"), "message.tracked");
    row(message(R"(,"message":{"send_at":"soon"})"), "message.send_at");
    row(message(R"(,"message":{"subject":[]})"), "message.subject");
    row(message(R"(,"message":{"to":"jane"})"), "user.email");
    row(message(R"(,"properties":[1])"), "properties");
    row(message(R"(,"properties":{"a":")" + std::string(2'048'000, 'x') + R"("})"), "");
    row(broadcast("{}"), "audience", true);
    row(broadcast(R"({"ids":[]})"), "audience.ids", true);
    row(broadcast(R"({"ids":["1"],"emails":["a@b"]})"), "audience.emails", true);
    row(broadcast(R"({"emails":["jane"]})"), "audience.emails", true);
    row(broadcast(R"({"recipients":{}})"), "audience.recipients", true);
    row(broadcast(R"({"per_user_data":[1]})"), "audience.per_user_data", true);
    row(broadcast(R"({"data_file_url":"http://files.example/1"})"), "audience.data_file_url", true);
}

void TestCustomerIoApp::whatIsWrongIsRefused()
{
    QFETCH(QString, name);
    QFETCH(QString, payload);
    QFETCH(QString, field);
    const auto result = encode(payload.toStdString(), destinationOf(caseOf(name.toStdString())));
    QVERIFY(std::holds_alternative<Refusal>(result));
    QCOMPARE(QString::fromStdString(std::get<Refusal>(result).field), field);
    DestinationConfig destination = broadcasts(); // an id stands in the URL
    destination.eventNames["quiz_done"] = "../12";
    QVERIFY(std::holds_alternative<Refusal>(encode(broadcast(R"({"ids":["1"]})"), destination)));
}

void TestCustomerIoApp::everyAnswerHasItsClass_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("outcome");
    const auto row = [](int status, const char* body, const char* outcome) {
        QTest::addRow("%d %s", status, body) << status << body << outcome;
    };
    row(200, R"({"delivery_id":"RPIL1","queued_at":1795737600})", "accepted");
    row(200, R"({"id":7})", "accepted");
    row(200, "{}", "unknown");
    row(200, "<html>", "unknown");
    row(307, "", "config");
    row(400, R"({"meta":{"error":"identifiers is missing"}})", "invalid");
    row(400, R"({"meta":{"error":"Transactional message not found"}})", "config");
    row(400, R"({"meta":{"error":"unknown transactional_message_id"}})", "config");
    row(401, "", "auth");
    row(403, "", "config");
    row(404, "", "config");
    row(408, "", "transient");
    row(413, "", "oversize");
    row(422, R"({"errors":[{"detail":"ids is empty","status":"422"}]})", "invalid");
    row(422, R"({"errors":[{"detail":"Broadcast not found","status":"422"}]})", "config");
    row(429, "", "throttled");
    row(500, "", "transient");
    row(503, "", "transient");
    row(522, "", "transient"); // the platform was never reached
    row(502, "", "unknown"); // it was, and may have sent
    row(504, "", "unknown");
    row(520, "", "unknown");
    row(524, "", "unknown");
}

void TestCustomerIoApp::everyAnswerHasItsClass()
{
    QFETCH(int, status);
    QFETCH(QString, body);
    QFETCH(QString, outcome);
    const DestinationConfig destination = messages();
    const std::vector<Record> sent(1);
    const Decoded decoded
        = kAdapter.decode(answerOf(status, body.toStdString(), { { "Retry-After", "2" } }), sent,
            contextOf(destination));
    QCOMPARE(toString(decoded.request), outcome.toUtf8().constData());
    QCOMPARE(toString(decoded.records[0].outcome), outcome.toUtf8().constData());
    QVERIFY(!decoded.isBatchSuspect);
    if (status == 422)
        QVERIFY(!decoded.records[0].message.starts_with('{')); // the sentence, not the JSON
    if (status == 429)
        QCOMPARE(decoded.hint.retryAfter, std::optional<Millis>(2s));
}

void TestCustomerIoApp::aBroadcastIsAskedAfterAndAMessageIsNot()
{
    const DestinationConfig to = broadcasts();
    const std::vector<Record> records { { .route = { { "path", "/v1/campaigns/12/triggers" } } } };
    const auto receiptOf = [&](const char* body, const DestinationConfig& destination) {
        return kAdapter.decode(answerOf(200, body), records, contextOf(destination)).receipt;
    };
    const std::string receipt = receiptOf("{\"id\":77}", to);
    QCOMPARE(receipt, std::string("/v1/campaigns/12/triggers/77"));
    QCOMPARE(receiptOf("{\"id\":\"../7\"}", to), std::string());
    QCOMPARE(receiptOf("{\"delivery_id\":\"R\",\"id\":77}", messages()), std::string());
    const auto request = *kAdapter.receiptRequest(receipt, contextOf(to), kSecrets);
    QCOMPARE(request->method, std::string("GET"));
    QCOMPARE(request->url,
        std::string("http://127.0.0.1:9100/customerio-app/v1/campaigns/12/triggers/77/errors"));
    QCOMPARE(headerOf(*request, "Authorization"), std::string("Bearer key-1"));
    QCOMPARE((*kAdapter.receiptRequest(receipt, contextOf(to), {})).error().field,
        std::string("app_key"));
}

void TestCustomerIoApp::whatIsSaidLaterOfABroadcastIsRead_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("body");
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("text");
    using State = ReceiptAnswer::State;
    const auto row
        = [](const char* name, int status, const char* body, State state, const char* text = "") {
              QTest::newRow(name) << status << QString::fromUtf8(body) << static_cast<int>(state)
                                  << QString::fromUtf8(text);
          };
    row("nothing wrong", 200, "{\"errors\":[],\"next\":0}", State::Done);
    row("one", 200, "{\"errors\":[\"failed to download data file\"],\"next\":0}", State::Done,
        "1 error, such as: failed to download data file");
    row("a person stays out", 200, "{\"errors\":[\"jane@example.com is twice\",\"no id\"]}",
        State::Done, "2 errors, such as: no id");
    row("only people", 200, "{\"errors\":[\"jane@example.com is twice\"]}", State::Done, "1 error");
    row("more than a page", 200, "{\"errors\":[\"no id\"],\"next\":\"MDE\"}", State::Done,
        "more than 1 errors, such as: no id");
    row("no such trigger", 404, "{\"errors\":[{\"detail\":\"not found\"}]}", State::Gone);
    row("another region", 307, "", State::Gone);
    row("throttled", 429, "{\"errors\":[{\"detail\":\"slow down\"}]}", State::Pending);
    row("trouble", 500, "<html>", State::Pending);
    row("no list", 200, "{}", State::Pending);
}

// The broadcast went out to all others, so none of it counts as refused.
void TestCustomerIoApp::whatIsSaidLaterOfABroadcastIsRead()
{
    QFETCH(int, status);
    QFETCH(QString, body);
    QFETCH(int, state);
    QFETCH(QString, text);
    const ReceiptAnswer answer = kAdapter.decodeReceipt(answerOf(status, body.toStdString()));
    QCOMPARE(static_cast<int>(answer.state), state);
    QCOMPARE(QString::fromStdString(answer.text), text);
    QCOMPARE(answer.refused, std::int64_t { 0 });
}

void TestCustomerIoApp::nothingTellsARepeatSoATimeoutIsNotSafe()
{
    for (const DestinationConfig& destination : { messages(), broadcasts() }) {
        QCOMPARE(destination.contract.dedupField, std::string());
        QCOMPARE(destination.contract.batchRecords, std::int64_t { 1 });
        QVERIFY(kAdapter.liveCheck(destination).kind == LiveCheck::Kind::None);
    }
    const auto lost = decodeFailure(
        { .kind = TransportFailure::Kind::Timeout, .wasSent = true, .detail = {} }, 1);
    QCOMPARE(toString(lost.request), "unknown");
    QCOMPARE(messages().contract.limits.front().amount, std::int64_t { 100 });
    QCOMPARE(broadcasts().contract.limits.front().amount, std::int64_t { 10 });
    QCOMPARE(broadcasts().concurrency, 1);
}

// A redirect of an account of the other region is followed inside the platform's domain only.
void TestCustomerIoApp::theOtherRegionIsFollowedInsideTheDomain()
{
    for (const char* name :
        { "customerio-app", "customerio-app, broadcasts", "customerio", "customerio, v1" })
        QVERIFY2(destinationOf(caseOf(name)).contract.redirectDomains
                == std::vector<std::string> { "customer.io" },
            name);
    const DestinationConfig v1 = destinationOf(caseOf("customerio, v1"));
    QVERIFY(v1.contract.recordBytes == std::int64_t { 100'000 });
}

SPILLWAY_TEST(TestCustomerIoApp)

} // namespace tst_customerio_app

#include "tst_customerio_app.moc"

// Customer.io App as its simulator: what it refuses, and that it sends twice what comes twice.
#include "engine/simulator/adapter_calls.h"
#include "support/test_program.h"

namespace tst_simulated_messages {

using namespace engine;
using namespace engine::platforms;
using namespace engine::simulator;
using namespace engine::testing;

namespace {

constexpr const char* kMessage = R"({"event_id":"m-1","event_name":"quiz_done",)"
                                 R"("user":{"email":"jane.doe@example.com"}})";
constexpr const char* kBroadcast
    = R"({"event_id":"b-1","event_name":"quiz_done","audience":{"ids":["42"]}})";

std::pair<DestinationConfig, Record> sampleOf(const char* name)
{
    DestinationConfig destination = simulatedDestination(name);
    const bool isBroadcast = destination.options.at("api") == "broadcasts";
    Record record = recordFor(isBroadcast ? canonical(kBroadcast, EventType::Broadcast)
                                          : canonical(kMessage, EventType::Message),
        destination);
    return { std::move(destination), std::move(record) };
}

http::ServerResponse post(Simulator& simulator, const std::string& path, const std::string& body,
    HttpHeaders headers = { { "Authorization", "Bearer k" } })
{
    http::ServerRequest request;
    request.method = "POST";
    request.target = "/customerio-app" + path;
    request.headers = std::move(headers);
    request.body = body;
    return simulator.handle(request, momentAt({}));
}

} // namespace

class TestSimulatedMessages final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aMessageHasAReceiptAndARepeatIsSentAgain();
    void mistakesAreNamedInTheShapeOfEachInterface_data();
    void mistakesAreNamedInTheShapeOfEachInterface();
    void keysAreChecked();
    void eachInterfaceHasItsOwnWindow();
    void europeansAreRedirected();
    void everyFailureCanBeOrdered_data();
    void everyFailureCanBeOrdered();
};

void TestSimulatedMessages::aMessageHasAReceiptAndARepeatIsSentAgain()
{
    for (const char* name : { "customerio-app", "customerio-app, broadcasts" }) {
        Simulator simulator({});
        const auto [destination, record] = sampleOf(name);
        for (int i = 0; i < 2; ++i)
            QCOMPARE(outcomesOf(deliver(simulator, { &record, 1 }, destination)),
                std::string("accepted"));
        const AccountStats stats = simulator.stats().begin()->second;
        QCOMPARE(stats.accepted, 1);
        QCOMPARE(stats.duplicates, 1); // a person got it twice
        QCOMPARE(stats.violations, 0);
    }
}

void TestSimulatedMessages::mistakesAreNamedInTheShapeOfEachInterface_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("error"); // its first word
    const auto row = [](const char* path, const char* body, int status, const char* error) {
        QTest::addRow("%s %s", path, body) << path << body << status << error;
    };
    const char* email = "/v1/send/email";
    const char* trigger = "/v1/campaigns/12/triggers";
    row(email, "{}", 400, "transactional_message_id");
    row(email, "[", 400, "the");
    row(email, R"({"transactional_message_id":"1"})", 400, "identifiers");
    row(email, R"({"transactional_message_id":"1","identifiers":{"id":"1","email":"a@b"}})", 400,
        "identifiers");
    row(email, R"({"transactional_message_id":"1","identifiers":{"phone":"1"}})", 400,
        "identifiers.phone");
    row(email, R"({"transactional_message_id":"1","identifiers":{"id":"1"}})", 400, "to");
    row(email, R"({"transactional_message_id":"1","title":"t"})", 400, "title");
    row("/v1/send/push", R"({"transactional_message_id":"1","subject":"s"})", 400, "subject");
    row("/v1/send/push", R"({"transactional_message_id":"1","identifiers":{"id":"1"}})", 200, "");
    row("/v1/send/fax", "{}", 404, "not");
    row("/v1/campaigns/x/triggers", "{}", 404, "not");
    row(trigger, "{}", 422, "recipients");
    row(trigger, R"({"ids":["1"],"emails":["a@b"]})", 422, "recipients");
    row(trigger, R"({"ids":[]})", 422, "ids");
    row(trigger, R"({"ids":["1"],"data":1})", 422, "data");
    row(trigger, R"({"ids":["1"],"x":1})", 422, "x");
}

void TestSimulatedMessages::mistakesAreNamedInTheShapeOfEachInterface()
{
    QFETCH(QString, path);
    QFETCH(QString, body);
    QFETCH(int, status);
    QFETCH(QString, error);
    Simulator simulator({});
    const auto reply = post(simulator, path.toStdString(), body.toStdString());
    QCOMPARE(reply.status, status);
    const Json said = *parseJson(reply.body);
    const Json* const text = said.at(status == 422 ? "errors.0.detail" : "meta.error");
    const QString sentence = QString::fromStdString(text != nullptr ? text->text() : "");
    QCOMPARE(sentence.section(u' ', 0, 0), error);
}

void TestSimulatedMessages::keysAreChecked()
{
    Simulator simulator({ .platforms = { { .platform = "customerio-app", .secret = "right" } } });
    const std::string path = "/v1/send/push";
    const std::string body = R"({"transactional_message_id":"1","identifiers":{"id":"1"}})";
    QCOMPARE(post(simulator, path, body, {}).status, 401);
    QCOMPARE(post(simulator, path, body, { { "Authorization", "Bearer wrong" } }).status, 401);
    QCOMPARE(post(simulator, path, body, { { "Authorization", "Bearer right" } }).status, 200);
    Simulator open({});
    const std::pair<std::string, std::string> account { "Authorization", "Bearer sa_live_1" };
    QCOMPARE(post(open, path, body, { account }).status, 401);
    QCOMPARE(post(open, path, body, { account, { "X-Workspace-Id", "7" } }).status, 200);
    QCOMPARE(open.stats().at("customerio-app/7").accepted, 1);
}

// A hundred messages a second and ten broadcasts, and neither counts the other.
void TestSimulatedMessages::eachInterfaceHasItsOwnWindow()
{
    Simulator simulator({});
    const auto outcomeAt = [&](const char* name, std::chrono::nanoseconds since) {
        const auto [destination, record] = sampleOf(name);
        return outcomesOf(deliver(simulator, { &record, 1 }, destination, momentAt(since)));
    };
    for (int i = 0; i < 100; ++i)
        QCOMPARE(outcomeAt("customerio-app", 0s), std::string("accepted"));
    for (int i = 0; i < 10; ++i)
        QCOMPARE(outcomeAt("customerio-app, broadcasts", 0s), std::string("accepted"));
    for (const char* name : { "customerio-app", "customerio-app, broadcasts" }) {
        QCOMPARE(outcomeAt(name, 1s - 1ns), std::string("throttled"));
        QCOMPARE(outcomeAt(name, 1s), std::string("accepted"));
    }
}

void TestSimulatedMessages::europeansAreRedirected()
{
    Simulator simulator(
        { .platforms = { { .platform = "customerio-app", .europeans = { "7" } } } });
    auto [destination, record] = sampleOf("customerio-app");
    const auto answer = exchange(simulator, requestFor({ &record, 1 }, destination), momentAt({}));
    QCOMPARE(answer->status, 307);
    QCOMPARE(std::string(answer->header("Location").value_or("")),
        std::string("/customerio-app-eu/v1/send/email"));
    destination.endpoint = "http://127.0.0.1:9100/customerio-app-eu";
    QCOMPARE(outcomesOf(deliver(simulator, { &record, 1 }, destination)), std::string("accepted"));
}

void TestSimulatedMessages::everyFailureCanBeOrdered_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("outcome");
    const auto row = [](int status, const char* message, const char* outcome) {
        QTest::addRow("%d %s", status, message) << status << message << outcome;
    };
    row(0, "a value is wrong", "invalid");
    row(400, "Transactional message not found", "config");
    row(401, "", "auth");
    row(403, "", "config");
    row(404, "", "config");
    row(408, "", "transient");
    row(413, "", "oversize");
    row(429, "", "throttled");
    row(500, "", "transient");
    row(504, "", "unknown");
    row(522, "", "transient");
    row(200, "", "unknown");
}

void TestSimulatedMessages::everyFailureCanBeOrdered()
{
    QFETCH(int, status);
    QFETCH(QString, message);
    QFETCH(QString, outcome);
    for (const char* name : { "customerio-app", "customerio-app, broadcasts" }) {
        Simulator simulator({});
        const ScriptedAnswer answer {
            .status = status, .code = {}, .message = message.toStdString(), .times = 1
        };
        simulator.setScenario({}, { .answer = answer }, momentAt({}));
        const auto [destination, record] = sampleOf(name);
        const Decoded decoded = deliver(simulator, { &record, 1 }, destination);
        QCOMPARE(QString::fromStdString(outcomesOf(decoded)), outcome);
        QCOMPARE(
            outcomesOf(deliver(simulator, { &record, 1 }, destination)), std::string("accepted"));
    }
}

SPILLWAY_TEST(TestSimulatedMessages)

} // namespace tst_simulated_messages

#include "tst_simulated_messages.moc"

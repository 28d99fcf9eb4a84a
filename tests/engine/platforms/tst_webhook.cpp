#include "engine/platforms/event_samples.h"
#include "platforms/webhook.h"
#include "platforms/webhook_signature.h"
#include "support/test_program.h"

namespace tst_webhook {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

std::string bodyFor(const std::string& payload, bool isGenerated)
{
    const WebhookAdapter adapter;
    const DestinationConfig destination = webhookDestination(1);
    CanonicalEvent event = canonical(payload);
    if (isGenerated) {
        auto copy = std::make_shared<StoredEvent>(*event.stored);
        copy->eventId = "new-1";
        copy->isEventIdGenerated = true;
        event.stored = copy;
    }
    return encodedText(adapter.encode(event, contextOf(destination)));
}

Record record(const char* body, const char* id)
{
    return { .body = body, .batchKey = "array", .route = { { "event_id", id } } };
}

} // namespace

class TestWebhook final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anEventTravelsInItsAcceptedBytes();
    void anIdThatWeGaveIsPutInFront_data();
    void anIdThatWeGaveIsPutInFront();
    void aBatchIsAnArrayAndASingleIsNot();
    void signaturesFollowThePublishedVector();
    void aRepeatCarriesTheSameMessageId();
    void secretsBecomeHeadersAndAreNotLogged();
    void everyAnswerHasItsClass_data();
    void everyAnswerHasItsClass();
};

void TestWebhook::anEventTravelsInItsAcceptedBytes()
{
    const std::string odd
        = " { \"event_id\" : \"1\",\r\n\t\"n\":1.10 , \"big\":123456789012345678901,"
          "\"u\":\"\\u00e9\" } ";
    QCOMPARE(bodyFor(odd, false), odd);
    QCOMPARE(bodyFor(kRichPurchase, false), std::string(kRichPurchase));
    QCOMPARE(bodyFor(kMinimal, false), std::string(kMinimal));
}

void TestWebhook::anIdThatWeGaveIsPutInFront_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<QString>("body");
    QTest::newRow("members") << "{\"n\":1.10}"
                             << "{\"event_id\":\"new-1\",\"n\":1.10}";
    QTest::newRow("no members") << " { } "
                                << " {\"event_id\":\"new-1\" } ";
    QTest::newRow("null") << "{\"event_id\":null,\"n\":1}"
                          << "{\"event_id\":\"new-1\",\"n\":1}";
}

void TestWebhook::anIdThatWeGaveIsPutInFront()
{
    QFETCH(QString, payload);
    QFETCH(QString, body);
    const std::string made = bodyFor(payload.toStdString(), true);
    QCOMPARE(QString::fromStdString(made), body);
    QVERIFY(parseJson(made).has_value());
}

void TestWebhook::aBatchIsAnArrayAndASingleIsNot()
{
    const WebhookAdapter adapter;
    const std::vector<Record> two { record("{\"a\":1}", "a"), record("{\"b\":2}", "b") };
    const std::span<const Record> one(two.data(), 1);
    const auto body = [&](const DestinationConfig& destination, std::span<const Record> records) {
        const auto request = adapter.request(records, contextOf(destination), {});
        return request ? request->body : "refused " + request.error().message;
    };
    DestinationConfig batched = webhookDestination(10);
    DestinationConfig alone = webhookDestination(1);
    QCOMPARE(body(batched, two), std::string("[{\"a\":1},{\"b\":2}]"));
    QCOMPARE(body(batched, one), std::string("[{\"a\":1}]")); // one shape for the receiver
    QCOMPARE(body(alone, one), std::string("{\"a\":1}"));
    QVERIFY(body(alone, two).starts_with("refused"));
    alone.options["format"] = "array";
    QCOMPARE(body(alone, one), std::string("[{\"a\":1}]"));
    batched.options["format"] = "single";
    QCOMPARE(body(batched, one), std::string("{\"a\":1}"));
    // Single records never share a key, so the engine never puts two together.
    CanonicalEvent event = canonical(kMinimal);
    const auto keyOf = [&](std::int64_t seq) {
        auto copy = std::make_shared<StoredEvent>(*event.stored);
        copy->seq = EventSeq { seq };
        event.stored = copy;
        return std::get<Record>(adapter.encode(event, contextOf(batched))).batchKey;
    };
    QVERIFY(keyOf(1) != keyOf(2));
}

// The vector that the libraries of the specification are tested with.
void TestWebhook::signaturesFollowThePublishedVector()
{
    const SignedMessage message { .id = "msg_p5jXN8AQM9LWM0D4loKWxJek",
        .timestamp = 1'614'265'330,
        .body = "{\"test\": 2432232314}" };
    const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const std::string signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    QCOMPARE(webhookSignature(secret, message).value(), signature);
    const auto both = webhookSignature("whsec_AAAA " + secret, message);
    QVERIFY(both->starts_with("v1,"));
    QVERIFY(both->ends_with(' ' + signature));
    for (const char* bad : { "", "whsec_", "whsec_not base64!", "whsec_****" }) {
        const auto refused = webhookSignature(bad, message);
        QVERIFY2(!refused.has_value(), bad);
        QCOMPARE(refused.error().field, std::string("signing_secret"));
    }
}

void TestWebhook::aRepeatCarriesTheSameMessageId()
{
    const WebhookAdapter adapter;
    const DestinationConfig destination = webhookDestination(10);
    const Secrets secrets { { "signing_secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" } };
    const std::vector<Record> two { record("{\"a\":1}", "a\r\nx: y"), record("{\"b\":2}", "b") };
    EncodeContext context = contextOf(destination);
    const auto first = adapter.request(two, context, secrets);
    context.now += 90s;
    const auto later = adapter.request(two, context, secrets);
    QVERIFY(first.has_value() && later.has_value());
    QCOMPARE(headerOf(*first, "webhook-id"), headerOf(*later, "webhook-id"));
    QCOMPARE(headerOf(*first, "webhook-timestamp"), std::string("1795737600"));
    QCOMPARE(headerOf(*later, "webhook-timestamp"), std::string("1795737690"));
    QVERIFY(headerOf(*first, "webhook-signature") != headerOf(*later, "webhook-signature"));
    const auto half = adapter.request(std::span(two).first(1), context, secrets);
    QVERIFY(headerOf(*half, "webhook-id") != headerOf(*first, "webhook-id"));
    QVERIFY(headerOf(*half, "webhook-id").find_first_of("\r\n.") == std::string::npos);
}

void TestWebhook::secretsBecomeHeadersAndAreNotLogged()
{
    const WebhookAdapter adapter;
    DestinationConfig destination = webhookDestination(10);
    destination.options["header"] = "X-Api-Key";
    const Secrets secrets { { "bearer", "token-1" }, { "header", "value-2" } };
    const std::vector<Record> records { record("{}", "a") };
    const auto request = adapter.request(records, contextOf(destination), secrets);
    QCOMPARE(headerOf(*request, "Authorization"), std::string("Bearer token-1"));
    QCOMPARE(headerOf(*request, "X-Api-Key"), std::string("value-2"));
    const std::string head = adapter.redactedHead(*request, secrets);
    QVERIFY(head.find("token-1") == std::string::npos);
    QVERIFY(head.find("X-Api-Key: $header") != std::string::npos);
    QVERIFY(adapter.redactedHead(*request, {}).find("token-1") == std::string::npos);

    const auto basic = adapter.request(
        records, contextOf(destination), { { "basic", "u:p" }, { "header", "v" } });
    QCOMPARE(headerOf(*basic, "Authorization"), std::string("Basic dTpw"));
    const auto missing = adapter.request(records, contextOf(destination), {});
    QCOMPARE(missing.error().field, std::string("header"));
    destination.options["header"] = "X Api";
    QVERIFY(!adapter.request(records, contextOf(destination), secrets).has_value());
}

void TestWebhook::everyAnswerHasItsClass_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<bool>("isSuspect"); // of a batch
    for (const int status : { 200, 201, 202, 204, 207, 299 })
        QTest::addRow("%d", status) << status << "accepted" << false;
    QTest::newRow("400") << 400 << "invalid" << true;
    QTest::newRow("422") << 422 << "invalid" << true;
    QTest::newRow("401") << 401 << "auth" << false;
    QTest::newRow("403") << 403 << "config" << false;
    QTest::newRow("410") << 410 << "config" << false;
    QTest::newRow("302") << 302 << "config" << false;
    QTest::newRow("413") << 413 << "oversize" << false;
    QTest::newRow("429") << 429 << "throttled" << false;
    QTest::newRow("503") << 503 << "transient" << false;
}

void TestWebhook::everyAnswerHasItsClass()
{
    QFETCH(int, status);
    QFETCH(QString, outcome);
    QFETCH(bool, isSuspect);
    const WebhookAdapter adapter;
    const DestinationConfig destination = webhookDestination(10);
    const std::vector<Record> records(2);
    const Decoded decoded
        = adapter.decode(answerOf(status, "whatever"), records, contextOf(destination));
    QCOMPARE(QString::fromUtf8(toString(decoded.request)), outcome);
    QCOMPARE(QString::fromUtf8(toString(decoded.records[1].outcome)), outcome);
    QCOMPARE(decoded.isBatchSuspect, isSuspect);
}

SPILLWAY_TEST(TestWebhook)

} // namespace tst_webhook

#include "tst_webhook.moc"

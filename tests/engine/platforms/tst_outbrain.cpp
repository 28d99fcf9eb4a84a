#include "engine/platforms/event_samples.h"
#include "engine/platforms/platform_cases.h"
#include "platforms/outbrain.h"
#include "support/test_program.h"

namespace tst_outbrain {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

const OutbrainAdapter kAdapter;

const DestinationConfig& destination()
{
    static const DestinationConfig made = destinationOf(caseOf("outbrain"));
    return made;
}

std::string encoded(const std::string& payload)
{
    return encodedText(kAdapter.encode(canonical(payload), contextOf(destination())));
}

} // namespace

class TestOutbrain final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anEventBecomesTheGoldenConversion();
    void theConversionStandsInTheQuery();
    void theTimeIsTextInUtcInEveryZone();
    void whatIsNotForOutbrainIsNotRouted();
    void everyAnswerHasItsClass_data();
    void everyAnswerHasItsClass();
    void theWaitInMillisecondsIsHonoured();
};

void TestOutbrain::anEventBecomesTheGoldenConversion()
{
    QCOMPARE(encoded(richAfterClick(R"("obclid":"v1-aBc")")),
        std::string(R"({"ob_click_id":"v1-aBc","name":"Web Purchase","orderId":"1001",)"
                    R"("orderValue":99.90,"currency":"EUR","timestamp":"2026-11-26 23:59:58"})"));
    // Older landing pages call the click id otherwise; the event's id stands in for an order's.
    QCOMPARE(encoded(R"({"event_id":"e-1","event_name":"quiz_done","click":{"dicbo":"old"}})"),
        std::string(R"({"ob_click_id":"old","name":"Web Purchase","orderId":"e-1",)"
                    R"("timestamp":"2026-11-27 00:00:00"})"));
    QCOMPARE(encoded(R"({"event_name":"quiz_done","click":{"obclid":"a b"}})").substr(0, 20),
        std::string("refused click.obclid"));
}

void TestOutbrain::theConversionStandsInTheQuery()
{
    const auto record = std::get<Record>(kAdapter.encode(
        canonical(richAfterClick(R"("obclid":"v1-aBc")")), contextOf(destination())));
    const auto request = kAdapter.request({ &record, 1 }, contextOf(destination()), {});
    QCOMPARE(request->method, std::string("GET"));
    QCOMPARE(request->url,
        std::string("http://127.0.0.1:9100/outbrain/unifiedPixel?ob_click_id=v1-aBc&name="
                    "Web%20Purchase&orderId=1001&orderValue=99.90&currency=EUR&timestamp="
                    "2026-11-26%2023%3A59%3A58"));
    QCOMPARE(request->body, std::string());
    const std::vector<Record> two { record, record };
    QVERIFY(!kAdapter.request(two, contextOf(destination()), {}).has_value());
}

// The hour that a change of the clocks repeats is two different hours; parts of a second are cut.
void TestOutbrain::theTimeIsTextInUtcInEveryZone()
{
    const auto timeOf = [](const char* time) {
        const std::string text
            = encoded(R"({"event_name":"quiz_done","click":{"obclid":"c"},"event_time":")"
                + std::string(time) + R"("})");
        return parseJson(text)->at("timestamp")->text();
    };
    QCOMPARE(timeOf("2026-10-25T02:30:00.999+02:00"), std::string("2026-10-25 00:30:00"));
    QCOMPARE(timeOf("2026-10-25T02:30:00.999+01:00"), std::string("2026-10-25 01:30:00"));
}

void TestOutbrain::whatIsNotForOutbrainIsNotRouted()
{
    const auto reasonOf = [](const char* payload, EventType type = EventType::Track) {
        const auto found = kAdapter.unroutable(canonical(payload, type), destination());
        return found ? found->reason : std::string();
    };
    const char* clicked = R"({"event_name":"quiz_done","click":{"obclid":"c"}})";
    QCOMPARE(reasonOf(clicked), std::string());
    QCOMPARE(reasonOf(clicked, EventType::Suppress), std::string("event_type"));
    QCOMPARE(
        reasonOf(R"({"event_name":"Lead","click":{"obclid":"c"}})"), std::string("no_mapping"));
    QCOMPARE(reasonOf(R"({"event_name":"quiz_done","user":{"email":"a@b"}})"),
        std::string("no_identifier"));
    QCOMPARE(reasonOf(R"({"event_name":"quiz_done","click":{"obclid":"c"},)"
                      R"("consent":{"ad_user_data":"denied"}})"),
        std::string("consent_denied"));
}

void TestOutbrain::everyAnswerHasItsClass_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("outcome");
    const auto row
        = [](int status, const char* outcome) { QTest::addRow("%d", status) << status << outcome; };
    row(200, "accepted");
    row(204, "accepted");
    row(307, "config");
    row(400, "invalid");
    row(401, "config"); // there is no credential that could be renewed
    row(403, "config");
    row(404, "config");
    row(429, "throttled");
    row(500, "transient");
    row(599, "transient");
}

void TestOutbrain::everyAnswerHasItsClass()
{
    QFETCH(int, status);
    QFETCH(QString, outcome);
    const std::vector<Record> sent(1);
    const Decoded decoded
        = kAdapter.decode(answerOf(status, "GIF89a"), sent, contextOf(destination()));
    QCOMPARE(toString(decoded.request), outcome.toUtf8().constData());
    QVERIFY(!decoded.isBatchSuspect);
    QVERIFY(!decoded.hint.retryAfter);
}

void TestOutbrain::theWaitInMillisecondsIsHonoured()
{
    const auto hintOf = [](HttpHeaders headers) {
        const std::vector<Record> sent(1);
        return kAdapter
            .decode(answerOf(429, "", std::move(headers)), sent, contextOf(destination()))
            .hint;
    };
    const ThrottleHint hint = hintOf({ { "rate-limit-msec-left", "850" } });
    QCOMPARE(hint.retryAfter, std::optional<Millis>(850ms));
    QCOMPARE(hint.source, std::string("rate-limit-msec-left"));
    QCOMPARE(hintOf({ { "rate-limit-msec-left", "850" }, { "Retry-After", "3" } }).retryAfter,
        std::optional<Millis>(3s));
    QCOMPARE(hintOf({ { "rate-limit-msec-left", "-1" } }).retryAfter, std::optional<Millis>(0ms));
    QCOMPARE(hintOf({ { "rate-limit-msec-left", "999999999999" } }).retryAfter,
        std::optional<Millis>(24h));
    QVERIFY(!hintOf({ { "rate-limit-msec-left", "soon" } }).retryAfter);
}

SPILLWAY_TEST(TestOutbrain)

} // namespace tst_outbrain

#include "tst_outbrain.moc"

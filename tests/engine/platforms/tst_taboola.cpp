#include "engine/platforms/event_samples.h"
#include "engine/platforms/platform_cases.h"
#include "platforms/taboola.h"
#include "support/test_program.h"

namespace tst_taboola {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

const TaboolaAdapter kAdapter;

std::string encoded(const std::string& payload, const DestinationConfig& destination)
{
    return encodedText(kAdapter.encode(canonical(payload), contextOf(destination)));
}

std::string minimal(const std::string& rest)
{
    return R"({"event_id":"e-1","event_name":"quiz_done","click":{"tblci":"c"})" + rest + '}';
}

} // namespace

class TestTaboola final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anEventBecomesTheGoldenAction();
    void bulkIsOneBodyAndSingleIsAQuery();
    void theTimeIsMillisecondsOfTheEventInEveryZone();
    void whatIsNotForTaboolaIsNotRouted_data();
    void whatIsNotForTaboolaIsNotRouted();
    void whatABulkRequestWouldHideIsRefusedBefore_data();
    void whatABulkRequestWouldHideIsRefusedBefore();
    void whatHasNotHappenedYetWaits();
    void everyAnswerHasItsClass_data();
    void everyAnswerHasItsClass();
    void onlyNumbersAreAccounts();
};

void TestTaboola::anEventBecomesTheGoldenAction()
{
    const DestinationConfig bulk = destinationOf(caseOf("taboola"));
    QCOMPARE(encoded(richAfterClick(R"("tblci":"GiCaB-1_x")"), bulk),
        std::string(R"({"click-id":"GiCaB-1_x","timestamp":1795737598750,"name":"web_purchase",)"
                    R"("revenue":99.90,"currency":"EUR","quantity":3,"orderid":"1001"})"));
    QCOMPARE(encoded(minimal(""), bulk),
        std::string(R"({"click-id":"c","timestamp":1795737600000,"name":"web_purchase",)"
                    R"("orderid":"e-1"})")); // the event's id, so that a repeat is known
    const DestinationConfig single = destinationOf(caseOf("taboola, single"));
    QCOMPARE(encoded(minimal(""), single),
        std::string(R"({"click-id":"c","name":"web_purchase","orderid":"e-1"})"));
}

void TestTaboola::bulkIsOneBodyAndSingleIsAQuery()
{
    const DestinationConfig bulk = destinationOf(caseOf("taboola"));
    const std::vector<Record> two { { .body = "{\"a\":1}" }, { .body = "{\"b\":2}" } };
    const auto request = kAdapter.request(two, contextOf(bulk), {});
    QCOMPARE(request->method, std::string("POST"));
    QCOMPARE(
        request->url, std::string("http://127.0.0.1:9100/taboola/12345/log/3/bulk-s2s-action"));
    QCOMPARE(request->body, std::string("{\"actions\":[{\"a\":1},{\"b\":2}]}"));

    const DestinationConfig single = destinationOf(caseOf("taboola, single"));
    const auto record = std::get<Record>(
        kAdapter.encode(canonical(richAfterClick(R"("tblci":"GiC+1=")")), contextOf(single)));
    const auto postback = kAdapter.request({ &record, 1 }, contextOf(single), {});
    QCOMPARE(postback->method, std::string("GET"));
    QCOMPARE(postback->url,
        std::string("http://127.0.0.1:9100/taboola/actions-handler/log/3/s2s-action?click-id="
                    "GiC%2B1%3D&name=web_purchase&revenue=99.90&currency=EUR&quantity=3&"
                    "orderid=1001"));
    QCOMPARE(postback->body, std::string());
    QCOMPARE(headerOf(*postback, "Content-Type"), std::string());
    QVERIFY(!kAdapter.request(two, contextOf(single), {}).has_value());
    QVERIFY(single.contract.batchRecords == 1);
}

// The hour that a change of the clocks repeats is two different hours.
void TestTaboola::theTimeIsMillisecondsOfTheEventInEveryZone()
{
    const DestinationConfig bulk = destinationOf(caseOf("taboola"));
    const auto timeOf = [&](const char* time) {
        const std::string text
            = encoded(minimal(R"(,"event_time":")" + std::string(time) + '"'), bulk);
        return parseJson(text)->at("timestamp")->text();
    };
    QCOMPARE(timeOf("2026-10-25T02:30:00.001+02:00"), std::string("1792888200001"));
    QCOMPARE(timeOf("2026-10-25T02:30:00.001+01:00"), std::string("1792891800001"));
    QCOMPARE(timeOf("2026-10-25T00:30:00.001999Z"), std::string("1792888200001")); // down
}

void TestTaboola::whatIsNotForTaboolaIsNotRouted_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("reason");
    const auto row = [](const std::string& payload, EventType type, const char* reason) {
        QTest::newRow(reason) << QString::fromStdString(payload) << static_cast<int>(type)
                              << reason;
    };
    row(minimal(""), EventType::Identify, "event_type");
    row(minimal(R"(,"opt_out":true)"), EventType::Track, "consent_denied");
    row(R"({"event_name":"Lead","click":{"tblci":"c"}})", EventType::Track, "no_mapping");
    row(R"({"event_name":"quiz_done","user":{"email":"a@b"}})", EventType::Track, "no_identifier");
    row(minimal(R"(,"consent":{"limited_data_use":true})"), EventType::Track, "");
}

void TestTaboola::whatIsNotForTaboolaIsNotRouted()
{
    QFETCH(QString, payload);
    QFETCH(int, type);
    QFETCH(QString, reason);
    const auto found
        = kAdapter.unroutable(canonical(payload.toStdString(), static_cast<EventType>(type)),
            destinationOf(caseOf("taboola")));
    QCOMPARE(QString::fromStdString(found ? found->reason : std::string()), reason);
}

void TestTaboola::whatABulkRequestWouldHideIsRefusedBefore_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<QString>("field");
    const auto row = [](const char* name, const std::string& payload, const char* field) {
        QTest::newRow(name) << QString::fromStdString(payload) << field;
    };
    const auto clicked = [](const std::string& id) {
        return R"({"event_name":"quiz_done","click":{"tblci":")" + id + R"("}})";
    };
    row("a click id with a space", clicked("a b"), "click.tblci");
    row("a click id with &", clicked("a&name=x"), "click.tblci");
    row("a click id that is not ASCII", clicked("\xc3\xa9"), "click.tblci");
    row("a click id without end", clicked(std::string(513, 'x')), "click.tblci");
    row("a value with a comma", minimal(R"(,"value":"9,90")"), "value");
    row("a currency in words", minimal(R"(,"currency":"euro")"), "currency");
    row("half a piece", minimal(R"(,"num_items":1.5)"), "num_items");
    row("tomorrow", minimal(R"(,"event_time":"2026-11-27T20:00:00Z")"), "event_time");
}

void TestTaboola::whatABulkRequestWouldHideIsRefusedBefore()
{
    QFETCH(QString, payload);
    QFETCH(QString, field);
    const DestinationConfig destination = destinationOf(caseOf("taboola"));
    const auto result = kAdapter.encode(canonical(payload.toStdString()), contextOf(destination));
    QVERIFY(std::holds_alternative<Refusal>(result));
    QCOMPARE(QString::fromStdString(std::get<Refusal>(result).field), field);
}

void TestTaboola::whatHasNotHappenedYetWaits()
{
    const DestinationConfig destination = destinationOf(caseOf("taboola"));
    const auto result = kAdapter.encode(
        canonical(minimal(R"(,"event_time":"2026-11-27T00:00:02Z")")), contextOf(destination));
    QVERIFY(std::holds_alternative<TooRecent>(result));
    QVERIFY(std::get<TooRecent>(result).until == kNow + 2s);
}

void TestTaboola::everyAnswerHasItsClass_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<bool>("isSuspect"); // of two records
    const auto row = [](int status, const char* outcome, bool isSuspect = false) {
        QTest::addRow("%d", status) << status << outcome << isSuspect;
    };
    row(204, "accepted");
    row(200, "accepted");
    row(302, "config");
    row(400, "invalid", true);
    row(403, "config");
    row(404, "config");
    row(408, "transient");
    row(413, "oversize");
    row(429, "throttled");
    row(500, "transient");
    row(503, "transient");
}

void TestTaboola::everyAnswerHasItsClass()
{
    QFETCH(int, status);
    QFETCH(QString, outcome);
    QFETCH(bool, isSuspect);
    const DestinationConfig destination = destinationOf(caseOf("taboola"));
    const std::vector<Record> sent(2);
    const Decoded decoded = kAdapter.decode(
        answerOf(status, "", { { "Retry-After", "7" } }), sent, contextOf(destination));
    QCOMPARE(toString(decoded.request), outcome.toUtf8().constData());
    QCOMPARE(toString(decoded.records[1].outcome), outcome.toUtf8().constData());
    QCOMPARE(decoded.isBatchSuspect, isSuspect);
    QCOMPARE(decoded.hint.retryAfter.has_value(), status >= 400);
    QCOMPARE(decoded.records[0].message.empty(), status < 300);
}

void TestTaboola::onlyNumbersAreAccounts()
{
    QVERIFY(kAdapter.isAccountValid("12345"));
    for (const char* bad : { "", "12a", "1/2", "123456789012345678901" })
        QVERIFY2(!kAdapter.isAccountValid(bad), bad);
    const DestinationConfig destination = destinationOf(caseOf("taboola"));
    QVERIFY(kAdapter.liveCheck(destination).kind == LiveCheck::Kind::None);
    QVERIFY(!kAdapter.liveCheck(destination).note.empty());
}

SPILLWAY_TEST(TestTaboola)

} // namespace tst_taboola

#include "tst_taboola.moc"

#include "engine/platforms/event_samples.h"
#include "engine/platforms/platform_cases.h"
#include "platforms/google.h"
#include "support/test_program.h"

namespace tst_google_options {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

const Secrets kSecrets { { "access_token", "ya29.secret" } };

DestinationConfig destination(const std::string& more)
{
    const std::string settings = "account = \"1234567890\"\nbatch = 100\n"
                                 "credential.access_token = \"env:T\"\n"
                                 "event_names = { purchase = \"987\" }\n"
        + more;
    return destinationOf({ .name = "google", .platform = "google", .settings = settings.c_str() });
}

} // namespace

class TestGoogleOptions final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void customVariablesComeFromWhereTheyAreSaidToStand();
    void aJobMarksEveryUpload();
    void anEventMayBringItsOwnRouting();
    void whatTheDataManagerFoundOutLaterIsRead_data();
    void whatTheDataManagerFoundOutLaterIsRead();
    void aTakenRequestOfTheDataManagerIsAskedAfter();
};

void TestGoogleOptions::customVariablesComeFromWhereTheyAreSaidToStand()
{
    const DestinationConfig to = destination(
        "custom_variables = \"2=properties.coupon, 3 = user.country_iso2,4=num_items\"\n");
    const auto variablesOf = [&](const std::string& more) {
        const Json conversion = *parseJson(encodedText(GoogleAdapter().encode(
            canonical(R"({"event_id":"e-1","event_name":"purchase",)" + more + "}"),
            contextOf(to))));
        const Json* const all = conversion.find("customVariables");
        return all != nullptr ? all->dump() : std::string("absent");
    };
    const std::string name = "customers/1234567890/conversionCustomVariables/";
    QCOMPARE(variablesOf(R"("click":{"gclid":"abc"},"properties":{"coupon":"BF26"},"num_items":2)"),
        R"([{"conversionCustomVariable":")" + name + R"(2","value":"BF26"},)"
            + R"({"conversionCustomVariable":")" + name + R"(4","value":"2"}])");
    QCOMPARE(variablesOf(R"("click":{"gclid":"abc"})"), std::string("absent"));
    // The platform refuses them beside clicks that stand for several people.
    QCOMPARE(variablesOf(R"("click":{"gbraid":"abc"},"properties":{"coupon":"BF26"})"),
        std::string("absent"));
    const std::vector<Record> records { { .body = "{}" } };
    for (const char* wrong : { "coupon", "x=properties.coupon", "2=" }) {
        DestinationConfig bad = destination("");
        bad.options["custom_variables"] = wrong;
        QCOMPARE(GoogleAdapter().request(records, contextOf(bad), kSecrets).error().field,
            std::string("custom_variables"));
    }
}

// By the destination's name, else by the platform's; before what event_names says.
void TestGoogleOptions::anEventMayBringItsOwnRouting()
{
    DestinationConfig to = destination("");
    to.name = "ads.eu";
    const auto actionOf = [&](const std::string& name, const std::string& routing) {
        const CanonicalEvent event = canonical(R"({"event_id":"e-1","event_name":")" + name
            + R"(","click":{"gclid":"abc"},"routing":)" + routing + "}");
        if (const auto reason = GoogleAdapter().unroutable(event, to))
            return reason->reason;
        const auto encoded = GoogleAdapter().encode(event, contextOf(to));
        const auto json = parseJson(encodedText(encoded));
        return json ? textOf(*json, "conversionAction") : encodedText(encoded);
    };
    const std::string actions = "customers/1234567890/conversionActions/";
    QCOMPARE(actionOf("purchase", "{}"), actions + "987");
    QCOMPARE(actionOf("purchase", R"({"google":"55"})"), actions + "55");
    QCOMPARE(actionOf("purchase", R"({"google":"55","ads.eu":66})"), actions + "66");
    QCOMPARE(actionOf("purchase", R"({"meta":"55","google":" ","ads.eu":null})"), actions + "987");
    QCOMPARE(actionOf("quiz_done", R"({"google":"55"})"), actions + "55");
    QCOMPARE(actionOf("quiz_done", "{}"), std::string("no_mapping"));
    // A sender's slip is refused like an operator's.
    QVERIFY(actionOf("purchase", R"({"google":"../1"})").starts_with("refused"));
}

void TestGoogleOptions::aJobMarksEveryUpload()
{
    const std::vector<Record> records { { .body = "{}" } };
    const auto made = [&](const char* job) {
        DestinationConfig to = destination("");
        to.options["job_id"] = job;
        return GoogleAdapter().request(records, contextOf(to), kSecrets);
    };
    QVERIFY(made("2147483647")->body.ends_with(R"("validateOnly":false,"jobId":2147483647})"));
    for (const char* wrong : { "2147483648", "-1", "summer" })
        QCOMPARE(made(wrong).error().field, std::string("job_id"));
}

void TestGoogleOptions::whatTheDataManagerFoundOutLaterIsRead_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("told"); // state, refused, text
    const auto row = [](const char* name, int status, const std::string& one, const char* told) {
        QTest::newRow(name) << status
                            << QString::fromStdString(
                                   R"({"requestStatusPerDestination":[)" + one + "]}")
                            << told;
    };
    row("all taken", 200, R"({"requestStatus":"SUCCESS"})", "done 0 ");
    row("some refused", 200,
        R"({"requestStatus":"PARTIAL_SUCCESS","errorInfo":{"errorCounts":[)"
        R"({"reason":"REASON_A","recordCount":"3"},{"reason":"REASON_B","recordCount":"1"}]}})",
        "done 4 REASON_A (3), REASON_B (1)");
    row("all refused without a reason", 200,
        R"({"requestStatus":"FAILED","eventsIngestionStatus":{"recordCount":"500"}})",
        "done 500 no reason given");
    row("taken with a remark", 200,
        R"({"requestStatus":"SUCCESS","warningInfo":{"warningCounts":[)"
        R"({"reason":"REMARK","recordCount":"2"}]}})",
        "done 0 REMARK (2)");
    row("under way", 200, R"({"requestStatus":"PROCESSING"})", "pending 0 ");
    row("a state of tomorrow", 200, R"({"requestStatus":"PONDERING"})", "pending 0 ");
    row("unknown to it", 404, "", "gone 0 ");
    row("not allowed", 403, "", "gone 0 ");
    row("throttled", 429, "", "pending 0 ");
    row("down", 503, "", "pending 0 ");
}

void TestGoogleOptions::whatTheDataManagerFoundOutLaterIsRead()
{
    QFETCH(int, status);
    QFETCH(QString, body);
    QFETCH(QString, told);
    const ReceiptAnswer answer
        = GoogleAdapter().decodeReceipt(answerOf(status, body.toStdString(), {}));
    constexpr const char* kStates[] { "pending", "done", "gone" };
    QCOMPARE(QString::fromStdString(std::string(kStates[static_cast<int>(answer.state)]) + ' '
                 + std::to_string(answer.refused) + ' ' + answer.text),
        told);
}

void TestGoogleOptions::aTakenRequestOfTheDataManagerIsAskedAfter()
{
    const GoogleAdapter adapter;
    DestinationConfig to = destination("api = \"data_manager\"\n");
    to.endpoint = "https://datamanager.googleapis.com/v1";
    const std::vector<Record> sent(2);
    const HttpAnswer taken = answerOf(200, R"({"requestId":"req/1"})", {});
    QCOMPARE(adapter.decode(taken, sent, contextOf(to)).receipt, std::string("req/1"));
    EncodeContext check = contextOf(to);
    check.isLiveCheck = true; // thrown away over there
    QVERIFY(adapter.decode(taken, sent, check).receipt.empty());
    const DestinationConfig offline = destination("");
    QVERIFY(
        adapter
            .decode(answerOf(200, R"({"results":[{"a":1},{"a":1}]})", {}), sent, contextOf(offline))
            .receipt.empty());
    const auto request = adapter.receiptRequest("req/1", contextOf(to), kSecrets);
    QVERIFY(request && request->has_value());
    QCOMPARE((*request)->method, std::string("GET"));
    QCOMPARE((*request)->url,
        std::string(
            "https://datamanager.googleapis.com/v1/requestStatus:retrieve?requestId=req%2F1"));
    QCOMPARE(headerOf(**request, "Authorization"), std::string("Bearer ya29.secret"));
    QVERIFY(adapter.redactedHead(**request, kSecrets).find("ya29") == std::string::npos);
}

SPILLWAY_TEST(TestGoogleOptions)

} // namespace tst_google_options

#include "tst_google_options.moc"

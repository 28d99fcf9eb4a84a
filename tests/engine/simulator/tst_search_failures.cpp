// Failures of the search platforms, row by row, and what Google says later.
#include "engine/simulator/failure_rows.h"
#include "platforms/google_errors.h"
#include "platforms/microsoft_answers.h"
#include "support/test_program.h"

namespace tst_search_failures {

using namespace engine;
using namespace engine::platforms;
using namespace engine::simulator;
using namespace engine::testing;

namespace {

void addGoogle(Rows& rows)
{
    for (const std::string way : { "google", "google, data_manager" }) {
        for (const GoogleCode& row : googleCodes()) {
            const std::string value = row.value.empty() ? "ANY_OTHER" : std::string(row.value);
            const bool isField = row.group == "fieldViolation";
            rows.add({ .way = way,
                .order = { .code = std::string(row.group) + '.' + value },
                .outcomes = toString(row.outcome),
                .code = isField ? std::string(row.group) : value });
        }
        for (const GoogleStatus& row : googleStatuses())
            rows.add({ .way = way,
                .order = { .code = std::string(row.name) },
                .outcomes = toString(row.outcome),
                .code = std::string(row.name) });
        rows.add({ .way = way,
            .order = { .code = "fieldViolation.currency", .message = "unknown" },
            .outcomes = "invalid transient",
            .code = "fieldViolation",
            .isPair = true });
        for (const char* scope : { "ACCOUNT", "DEVELOPER" })
            rows.add({ .way = way,
                .order = { .code = std::string("quotaError.RESOURCE_EXHAUSTED/") + scope + "/30s" },
                .outcomes = "throttled",
                .code = "RESOURCE_EXHAUSTED",
                .wait = 30s,
                .source = "retryDelay in the answer" });
        rows.add({ .way = way,
            .order = { .code = "quotaError.RESOURCE_TEMPORARILY_EXHAUSTED",
                .message = "Too many requests. Retry in 45 seconds." },
            .outcomes = "throttled",
            .code = "RESOURCE_TEMPORARILY_EXHAUSTED",
            .wait = 45s,
            .source = "the text of the answer" });
    }
    // A record of its own has its own end.
    rows.add({ .way = "google",
        .order = { .status = 200, .code = "conversionUploadError.EXPIRED_EVENT" },
        .outcomes = "invalid invalid",
        .code = "EXPIRED_EVENT",
        .isPair = true });
}

void addMicrosoft(Rows& rows)
{
    for (const MicrosoftCode& row : microsoftCodes()) {
        for (const int status : { 200, 400, 500 })
            rows.add({ .way = "microsoft",
                .order = { .status = status, .code = std::to_string(row.code) },
                .outcomes = toString(row.outcome),
                .code = std::to_string(row.code),
                .wait = row.outcome == Outcome::Throttled ? row.wait : std::nullopt });
    }
    rows.addStatuses("microsoft", genericStatuses());
    rows.add({ .way = "microsoft, uet",
        .order = { .status = 200, .code = "InvalidProperty", .message = "customData" },
        .outcomes = "invalid accepted",
        .code = "InvalidProperty",
        .isPair = true });
    rows.add({ .way = "microsoft, uet",
        .order = { .status = 400, .code = "InvalidProperty", .message = "customData" },
        .outcomes = "invalid transient",
        .code = "InvalidProperty",
        .isPair = true });
    rows.add({ .way = "microsoft, uet",
        .order = { .status = 200, .code = "1" },
        .outcomes = "unknown unknown",
        .code = "events_received",
        .isPair = true });
    rows.addStatuses("microsoft, uet", genericStatuses());
}

const std::vector<FailureRow>& allRows()
{
    static const std::vector<FailureRow> all = [] {
        Rows rows;
        addGoogle(rows);
        addMicrosoft(rows);
        rows.addCommon(Topic::Search);
        return rows.all();
    }();
    return all;
}

} // namespace

class TestSearchFailures final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyPlatformHasRows() { checkWays(Topic::Search, allRows()); }
    void eachRowComesOnCommandAndIsUnderstood_data() { addFailureColumn(allRows()); }
    void eachRowComesOnCommandAndIsUnderstood();
    void whatTheDataManagerSaysLaterComesOnCommand();
};

void TestSearchFailures::eachRowComesOnCommandAndIsUnderstood()
{
    QFETCH(int, number);
    checkFailure(allRows()[static_cast<std::size_t>(number)]);
}

void TestSearchFailures::whatTheDataManagerSaysLaterComesOnCommand()
{
    const DestinationConfig to = simulatedDestination("google, data_manager");
    const Adapter* const adapter = adapterFor("google");
    const auto told = [&](const std::string& answer) {
        Simulator simulator({});
        if (!answer.empty()) {
            const http::ServerRequest order { .method = "POST",
                .target = "/__sim/scenario",
                .body
                = "{\"scenario\":\"calm\",\"platform\":\"google\",\"answer\":" + answer + '}' };
            (void)simulator.handle(order, momentAt({}));
        }
        const auto request = adapter->receiptRequest("sim-1", contextOf(to), secretsOf(to));
        return adapter->decodeReceipt(*exchange(simulator, **request, momentAt({})));
    };
    using State = ReceiptAnswer::State;
    QVERIFY(told({}).state == State::Done);
    QCOMPARE(told({}).refused, std::int64_t { 0 });
    for (const char* state : { "PARTIAL_SUCCESS", "FAILED" }) {
        const ReceiptAnswer answer = told("{\"status\":200,\"code\":\"" + std::string(state)
            + "\",\"message\":\"EXPIRED_CLICK\"}");
        QVERIFY(answer.state == State::Done);
        QCOMPARE(answer.refused, std::int64_t { 1 });
        QCOMPARE(answer.text, std::string("EXPIRED_CLICK (1)"));
    }
    QVERIFY(told("{\"status\":200,\"code\":\"PROCESSING\"}").state == State::Pending);
    QVERIFY(told("{\"status\":503}").state == State::Pending);
    QVERIFY(told("{\"status\":404}").state == State::Gone);
}

SPILLWAY_TEST(TestSearchFailures)

} // namespace tst_search_failures

#include "tst_search_failures.moc"

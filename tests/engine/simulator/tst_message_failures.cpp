// Failures of Customer.io and of webhooks, row by row.
#include "engine/simulator/failure_rows.h"
#include "platforms/customerio_app.h"
#include "support/test_program.h"

namespace tst_message_failures {

using namespace engine;
using namespace engine::platforms;
using namespace engine::simulator;
using namespace engine::testing;

namespace {

void addCustomerIo(Rows& rows)
{
    for (const std::string way : { "customerio", "customerio, v1" })
        rows.addStatuses(way, genericStatuses());
    rows.add({ .way = "customerio",
        .order = { .status = 207, .code = "required", .message = "is required" },
        .outcomes = "invalid accepted",
        .code = "required",
        .isPair = true });
    rows.add({ .way = "customerio",
        .order = { .status = 400, .code = "required", .message = "is required" },
        .outcomes = "invalid transient",
        .code = "required",
        .isPair = true });
    for (const std::string way : { "customerio-app", "customerio-app, broadcasts" }) {
        rows.addStatuses(way, kCustomerIoAppStatuses);
        rows.addStatuses(way, genericStatuses());
        for (const std::string_view word : kCustomerIoAppConfigWords) {
            for (const int status : { 400, 422 })
                rows.add({ .way = way,
                    .order = { .status = status, .message = "no such " + std::string(word) },
                    .outcomes = "config",
                    .code = std::to_string(status) });
        }
        rows.add({ .way = way,
            .order = { .status = 200 },
            .outcomes = "unknown",
            .code = "unreadable_answer" });
    }
}

const std::vector<FailureRow>& allRows()
{
    static const std::vector<FailureRow> all = [] {
        Rows rows;
        addCustomerIo(rows);
        rows.addStatuses("webhook", genericStatuses());
        rows.addCommon(Topic::Messages);
        return rows.all();
    }();
    return all;
}

} // namespace

class TestMessageFailures final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyPlatformHasRows() { checkWays(Topic::Messages, allRows()); }
    void eachRowComesOnCommandAndIsUnderstood_data() { addFailureColumn(allRows()); }
    void eachRowComesOnCommandAndIsUnderstood();
    void whatIsSaidLaterOfABroadcastComesOnCommand();
};

void TestMessageFailures::eachRowComesOnCommandAndIsUnderstood()
{
    QFETCH(int, number);
    checkFailure(allRows()[static_cast<std::size_t>(number)]);
}

// From the trigger to the question after it; and the two share a limit.
void TestMessageFailures::whatIsSaidLaterOfABroadcastComesOnCommand()
{
    const DestinationConfig to = simulatedDestination("customerio-app, broadcasts");
    const Adapter* const adapter = adapterFor("customerio-app");
    Simulator simulator({});
    const std::vector<Record> records { recordFor(eventFor(to, 1'000), to) };
    const std::string receipt = deliver(simulator, records, to).receipt;
    QVERIFY(!receipt.empty());
    const auto told = [&](const std::string& answer) {
        const http::ServerRequest order { .method = "POST",
            .target = "/__sim/scenario",
            .body = "{\"scenario\":\"calm\",\"platform\":\"customerio-app\"" + answer + '}' };
        (void)simulator.handle(order, momentAt({}));
        const auto request = adapter->receiptRequest(receipt, contextOf(to), secretsOf(to));
        return adapter->decodeReceipt(*exchange(simulator, **request, momentAt({})));
    };
    using State = ReceiptAnswer::State;
    QVERIFY(told({}).state == State::Done);
    QCOMPARE(told(",\"answer\":{\"status\":200,\"message\":\"no id\"}").text,
        std::string("1 error, such as: no id"));
    QVERIFY(told(",\"answer\":{\"status\":404}").state == State::Gone);
    // One trigger and one answered question so far: eight are left of ten a second.
    for (int i = 0; i < 8; ++i)
        QVERIFY(told({}).state == State::Done);
    QVERIFY(told({}).state == State::Pending);
    QCOMPARE(simulator.stats().begin()->second.throttledByWindow, std::int64_t { 1 });
}

SPILLWAY_TEST(TestMessageFailures)

} // namespace tst_message_failures

#include "tst_message_failures.moc"

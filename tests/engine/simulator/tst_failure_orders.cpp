// What may be ordered from the simulator, and that every platform's failures have a test.
#include "engine/simulator/failure_rows.h"
#include "support/test_program.h"

namespace tst_failure_orders {

using namespace engine;
using namespace engine::simulator;
using namespace engine::testing;

class TestFailureOrders final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyPlatformHasATopicAndAWayIn();
    void aStrangeOrderIsRefused_data();
    void aStrangeOrderIsRefused();
};

void TestFailureOrders::everyPlatformHasATopicAndAWayIn()
{
    for (const std::string& platform : platforms::platformNames()) {
        const auto isIt = [&](const auto& each) { return each.platform == platform; };
        const auto topics
            = std::count_if(std::begin(kPlatformTopics), std::end(kPlatformTopics), isIt);
        QVERIFY2(topics == 1, platform.c_str());
        QVERIFY2(std::any_of(std::begin(kPlatformCases), std::end(kPlatformCases), isIt),
            platform.c_str());
    }
}

void TestFailureOrders::aStrangeOrderIsRefused_data()
{
    QTest::addColumn<QString>("answer");
    for (const char* answer : { "{\"status\":199}", "{\"status\":600}", "{\"times\":-1}",
             "{\"fault\":\"explode\"}", "{\"retry_after\":\"1\\n2\"}", "[]" })
        QTest::newRow(answer) << QString::fromUtf8(answer);
}

void TestFailureOrders::aStrangeOrderIsRefused()
{
    QFETCH(QString, answer);
    Simulator simulator({});
    const http::ServerRequest order { .method = "POST",
        .target = "/__sim/scenario",
        .body = "{\"scenario\":\"calm\",\"answer\":" + answer.toStdString() + '}' };
    QCOMPARE(simulator.handle(order, momentAt({})).status, 400);
}

SPILLWAY_TEST(TestFailureOrders)

} // namespace tst_failure_orders

#include "tst_failure_orders.moc"

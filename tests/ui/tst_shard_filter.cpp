#include "models/order_gate.h"
#include "models/shard_filter.h"
#include "support/test_program.h"

namespace tst_shard_filter {

using namespace ui;
using namespace std::chrono_literals;

class TestShardFilter final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void conditionsMatchWhatTheySay_data();
    void conditionsMatchWhatTheySay();
    void badTextSaysWhatIsWrongAndWhere_data();
    void badTextSaysWhatIsWrongAndWhere();
    void aValueThatDoesNotExistMatchesNoComparison();
    void theOrderKeepsStillUnderTheHand();

private:
    static engine::ShardSnapshot throttled();
};

// meta · 104839275777731: throttled, 184,200 waiting, 372 s late, 3.1 % errors, p95 1.9 s, tuned.
engine::ShardSnapshot TestShardFilter::throttled()
{
    engine::ShardSnapshot shard;
    shard.shard = { "meta", "104839275777731" };
    shard.platform = "meta";
    shard.state = engine::ShardState::Throttled;
    shard.queueDepth = 184'200;
    shard.consumerLag = 372s;
    shard.errorRatio = 0.031;
    shard.latencyP95 = 1'900ms;
    shard.concurrency.overridden = 24;
    shard.inPerSecond = 412;
    shard.dlqGrowthPerMinute = 30;
    return shard;
}

void TestShardFilter::conditionsMatchWhatTheySay_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isMatch");
    const auto row = [](const char* text, bool isMatch) {
        QTest::newRow(text) << QString::fromLatin1(text) << isMatch;
    };
    row("", true);
    row("META", true);
    row("7731", true);
    row("meta 1048", true);
    row("meta snap", false);
    row("\"meta · 1048\"", false); // Latin-1 dot is not ours
    row("state:throttled", true);
    row("state:thr", true);
    row("state:failing", false);
    row("state:failing state:throttled", true);
    row("dest:meta", true);
    row("dest:met", false);
    row("flag:tuned", true);
    row("flag:orphaned", false);
    row("lag>60s", true);
    row("lag>6m", true);
    row("lag>7min", false);
    row("lag<=372", true);
    row("depth>1k", true);
    row("depth>0.2M", false);
    row("err>=3.1", true);
    row("err>=3.2%", false);
    row("in>=412/s", true);
    row("in>24719/min", true); // 412 a second
    row("in>24721/min", false);
    row("dlqgrowth>=30/min", true);
    row("dlqgrowth>1/s", false);
    row("p95>800", true);
    row("p95<1.5s", false);
    row("meta state:throttled lag>60s depth>1k err>=2", true);
}

void TestShardFilter::conditionsMatchWhatTheySay()
{
    QFETCH(QString, text);
    QFETCH(bool, isMatch);
    const auto parsed = parseShardFilter(text);
    QVERIFY2(parsed.error.isEmpty(), qPrintable(parsed.error));
    QCOMPARE(parsed.filter.matches(throttled()), isMatch);
}

void TestShardFilter::badTextSaysWhatIsWrongAndWhere_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("named");
    QTest::addColumn<int>("at");
    QTest::newRow("unknown state") << "meta state:thorttled"
                                   << "thorttled" << 5;
    QTest::newRow("unknown name") << "stat:throttled"
                                  << "stat:" << 0;
    QTest::newRow("unknown field") << "lga>60s"
                                   << "lga" << 0;
    QTest::newRow("no number") << "lag>soon"
                               << "soon" << 0;
    QTest::newRow("wrong unit") << "depth>60s"
                                << "60s" << 0;
    QTest::newRow("negative") << "lag>-5"
                              << "-5" << 0;
    QTest::newRow("nothing follows") << "x state:"
                                     << "state:" << 2;
    QTest::newRow("open quotation") << "a \"b"
                                    << "quotation" << 2;
    QTest::newRow("says what is expected") << "lag>soon"
                                           << "60s, 5m or 2h" << 0;
    QTest::newRow("nothing to compare with") << "err>"
                                             << "percentage" << 0;
    QTest::newRow("unknown flag") << "flag:late"
                                  << "late" << 0;
}

void TestShardFilter::badTextSaysWhatIsWrongAndWhere()
{
    QFETCH(QString, text);
    QFETCH(QString, named);
    QFETCH(int, at);
    const auto parsed = parseShardFilter(text);
    QVERIFY2(parsed.error.contains(named), qPrintable(parsed.error));
    QCOMPARE(parsed.errorAt, at);
    QVERIFY(parsed.filter.isEmpty());
}

void TestShardFilter::aValueThatDoesNotExistMatchesNoComparison()
{
    auto shard = throttled();
    shard.errorRatio.reset();
    QVERIFY(!parseShardFilter(QStringLiteral("err>=0")).filter.matches(shard));
    QVERIFY(!parseShardFilter(QStringLiteral("err<100")).filter.matches(shard));
}

void TestShardFilter::theOrderKeepsStillUnderTheHand()
{
    const engine::SteadyTime start { 1h };
    OrderGate gate;
    QVERIFY(gate.mayReorder(start));
    gate.noteOrdered(start);
    QVERIFY(!gate.mayReorder(start + 4'999ms)); // at most every 5 s
    QVERIFY(gate.mayReorder(start + 5s));

    gate.setPointerInside(true); // for as long as it stays
    QVERIFY(!gate.mayReorder(start + 1h));
    gate.setPointerInside(false);
    QVERIFY(gate.mayReorder(start + 1h));

    gate.noteTouch(start + 1h); // ten seconds after a click
    QVERIFY(!gate.mayReorder(start + 1h + 9'999ms));
    QVERIFY(gate.mayReorder(start + 1h + 10s));

    gate.setMenuOpen(true);
    QVERIFY(!gate.mayReorder(start + 2h));
}

SPILLWAY_TEST(TestShardFilter)

} // namespace tst_shard_filter

#include "tst_shard_filter.moc"

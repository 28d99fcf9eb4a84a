#include "support/test_program.h"

#include <engine/snapshot.h>
#include <engine/thresholds.h>

namespace tst_thresholds {

using namespace engine;
using namespace std::chrono_literals;

class TestThresholds final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyStandardValueIsInItsRangeAndReadAsItIsWritten();
    void whatIsNoValueIsNotRead();
    void aPairThatContradictsItselfIsNamed();
    void onlyShardsThatThresholdsDecideCountAsChanged();
};

void TestThresholds::everyStandardValueIsInItsRangeAndReadAsItIsWritten()
{
    QCOMPARE(thresholdSpecs().size(), kThresholds);
    const Thresholds standard;
    for (const ThresholdSpec& spec : thresholdSpecs()) {
        const std::string key(spec.key);
        QVERIFY2(&specOf(spec.id) == &spec, key.c_str());
        QVERIFY2(findThreshold(key) == &spec, key.c_str());
        QVERIFY2(isInRange(spec.id, spec.standard), key.c_str());
        for (const double value : { spec.least, spec.most, spec.standard }) {
            const auto read = parseThreshold(spec.id, thresholdText(spec.id, value));
            QVERIFY2(read && std::abs(*read - value) < 1e-9, key.c_str());
        }
    }
    QVERIFY(!conflictIn(standard));
    QCOMPARE(thresholdText(Threshold::FailingErrors, 0.07), std::string("7"));
    QCOMPARE(thresholdText(Threshold::BackloggedLagCritical, 900), std::string("15m"));
}

void TestThresholds::whatIsNoValueIsNotRead()
{
    for (const char* text : { "", "soon", "nan", "inf", "5 %", "1,5", "5x" })
        QVERIFY2(!parseThreshold(Threshold::FailingErrors, text), text);
    for (const char* text : { "", "60", "-1s", "1y" })
        QVERIFY2(!parseThreshold(Threshold::BackloggedLag, text), text);
}

void TestThresholds::aPairThatContradictsItselfIsNamed()
{
    Thresholds wrong;
    wrong.set(Threshold::DegradedErrors, 0.3);
    const auto conflict = conflictIn(wrong);
    QVERIFY(conflict.has_value());
    QVERIFY(conflict->id == Threshold::DegradedErrors);
    QVERIFY(conflict->against == Threshold::FailingErrors);
}

// Three shards 30 s late, one of them paused: a limit of 20 s changes two, one of 40 s none.
void TestThresholds::onlyShardsThatThresholdsDecideCountAsChanged()
{
    EngineSnapshot snapshot;
    for (int i = 0; i < 3; ++i) {
        ShardSnapshot shard;
        shard.consumerLag = 30s;
        shard.state = i == 0 ? ShardState::Paused : ShardState::Healthy;
        snapshot.shards.push_back(shard);
    }
    Thresholds proposed;
    proposed.set(Threshold::BackloggedLag, 20);
    QCOMPARE(shardsChangedBy(snapshot, Thresholds(), proposed), 2);
    proposed.set(Threshold::BackloggedLag, 40);
    QCOMPARE(shardsChangedBy(snapshot, Thresholds(), proposed), 0);
}

SPILLWAY_TEST(TestThresholds)

} // namespace tst_thresholds

#include "tst_thresholds.moc"

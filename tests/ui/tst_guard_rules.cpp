#include "guards/guard_rules.h"
#include "support/test_program.h"

#include <array>

namespace tst_guard_rules {

using namespace ui;
using engine::SafetyLevel;
using Ask = Guard::Ask;

// Every cell of the table of console-design §8, for the levels that allow writes.
class TestGuardRules final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theTable_data();
    void theTable();
    void observeAllowsNothingButLeaving();
    void aReplayAsksMoreTheFurtherItReaches_data();
    void aReplayAsksMoreTheFurtherItReaches();
    void aCeilingIsClosedWhereTheProfileSaysSo();
};

void TestGuardRules::theTable_data()
{
    QTest::addColumn<GuardedAction>("action");
    QTest::addColumn<SafetyLevel>("level");
    QTest::addColumn<Guard::Ask>("ask");
    QTest::addColumn<bool>("needsReason");
    QTest::addColumn<bool>("isTrial");
    struct Row {
        const char* name;
        GuardedAction action;
        Ask practice;
        Ask standard;
        Ask guarded;
        bool needsReason; // at Guarded
        bool isTrial; // at Guarded
    };
    using Action = GuardedAction;
    const std::array rows {
        Row { "tune", Action::Tune, Ask::Nothing, Ask::Nothing, Ask::Nothing, false, true },
        Row { "above a ceiling", Action::TuneAboveCeiling, Ask::Anyway, Ask::Anyway, Ask::Anyway,
            true, true },
        Row { "against a throttle", Action::TuneWhileThrottled, Ask::Anyway, Ask::Anyway,
            Ask::Anyway, true, true },
        Row { "pause one", Action::PauseOrResume, Ask::Nothing, Ask::Nothing, Ask::Sheet, false,
            false },
        Row { "pause all", Action::PauseAll, Ask::Sheet, Ask::Sheet, Ask::Sheet, true, false },
        Row {
            "resume many", Action::ResumeMany, Ask::Nothing, Ask::Sheet, Ask::Sheet, false, false },
        Row { "archive", Action::Archive, Ask::Nothing, Ask::Nothing, Ask::Nothing, false, false },
        Row { "purge", Action::Purge, Ask::TypedCount, Ask::TypedCount, Ask::TypedCount, true,
            false },
        Row { "import", Action::Import, Ask::Check, Ask::Check, Ask::Check, true, false },
        Row { "close", Action::CloseWindow, Ask::Question, Ask::Question, Ask::Question, false,
            false },
    };
    for (const Row& row : rows) {
        QTest::addRow("%s, practice", row.name)
            << row.action << SafetyLevel::Practice << row.practice << false << false;
        QTest::addRow("%s, standard", row.name)
            << row.action << SafetyLevel::Standard << row.standard << false << false;
        QTest::addRow("%s, guarded", row.name)
            << row.action << SafetyLevel::Guarded << row.guarded << row.needsReason << row.isTrial;
    }
}

void TestGuardRules::theTable()
{
    QFETCH(GuardedAction, action);
    QFETCH(SafetyLevel, level);
    QFETCH(Guard::Ask, ask);
    QFETCH(bool, needsReason);
    QFETCH(bool, isTrial);
    const Guard guard = guardFor({ .level = level }, action);
    QVERIFY(guard.isAllowed);
    QVERIFY(guard.ask == ask);
    QCOMPARE(guard.needsReason, needsReason);
    QVERIFY(guard.trial == (isTrial ? std::optional(engine::Seconds { 600 }) : std::nullopt));
}

void TestGuardRules::observeAllowsNothingButLeaving()
{
    const GuardProfile observe { .level = SafetyLevel::Observe };
    for (auto action = GuardedAction::Tune; action < GuardedAction::CloseWindow;
         action = static_cast<GuardedAction>(static_cast<int>(action) + 1)) {
        const Guard guard = guardFor(observe, action);
        QVERIFY(!guard.isAllowed);
        QCOMPARE(guard.whyNot, QStringLiteral("Observe mode · Settings → Profile"));
    }
    QVERIFY(guardFor(observe, GuardedAction::CloseWindow).isAllowed);
}

void TestGuardRules::aReplayAsksMoreTheFurtherItReaches_data()
{
    QTest::addColumn<qint64>("count");
    QTest::addColumn<int>("destinations");
    QTest::addColumn<bool>("needsReason");
    QTest::addColumn<bool>("needsTypedCount");
    QTest::newRow("100") << qint64 { 100 } << 1 << false << false;
    QTest::newRow("101") << qint64 { 101 } << 1 << true << false;
    QTest::newRow("10,000") << qint64 { 10'000 } << 1 << true << false;
    QTest::newRow("10,001") << qint64 { 10'001 } << 1 << true << true;
    QTest::newRow("two destinations") << qint64 { 5 } << 2 << true << true;
}

void TestGuardRules::aReplayAsksMoreTheFurtherItReaches()
{
    QFETCH(qint64, count);
    QFETCH(int, destinations);
    QFETCH(bool, needsReason);
    QFETCH(bool, needsTypedCount);
    const GuardScope scope { .count = count, .destinations = destinations };
    const Guard guarded = guardFor({ .level = SafetyLevel::Guarded }, GuardedAction::Replay, scope);
    QVERIFY(guarded.ask == Ask::Preview);
    QCOMPARE(guarded.needsReason, needsReason);
    QCOMPARE(guarded.needsTypedCount, needsTypedCount);
    const Guard standard
        = guardFor({ .level = SafetyLevel::Standard }, GuardedAction::Replay, scope);
    QVERIFY(standard.ask == Ask::Preview);
    QVERIFY(!standard.needsReason && !standard.needsTypedCount);
}

void TestGuardRules::aCeilingIsClosedWhereTheProfileSaysSo()
{
    for (const auto level :
        { SafetyLevel::Practice, SafetyLevel::Standard, SafetyLevel::Guarded }) {
        const GuardProfile closed { .level = level, .isAboveCeilingAllowed = false };
        const Guard above = guardFor(closed, GuardedAction::TuneAboveCeiling);
        QVERIFY(!above.isAllowed);
        QVERIFY(above.whyNot.contains(QStringLiteral("above_ceiling")));
        QCOMPARE(guardFor(closed, GuardedAction::TuneWhileThrottled).isAllowed,
            level != SafetyLevel::Guarded);
        QVERIFY(guardFor(closed, GuardedAction::Tune).isAllowed);
    }
}

SPILLWAY_TEST(TestGuardRules)

} // namespace tst_guard_rules

#include "tst_guard_rules.moc"

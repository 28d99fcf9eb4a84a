#include "delivery/code_refusals.h"
#include "delivery/retry_table.h"
#include "support/test_program.h"

namespace tst_retry_table {

using namespace engine;
using namespace engine::delivery;
using namespace std::chrono_literals;

namespace {

constexpr WallTime kNow { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 } };

Contract withDedup(std::optional<Seconds> window)
{
    Contract contract;
    contract.dedupField = "event_id";
    contract.dedupWindow = window;
    return contract;
}

RecordVerdict verdict(Outcome outcome, int attemptsBefore)
{
    return { .outcome = outcome,
        .attemptsBefore = attemptsBefore,
        .isAlone = true,
        .sentAt = kNow - 1s,
        .now = kNow };
}

} // namespace

class TestRetryTable : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachOutcomeHasItsNextAndItsAttempt_data();
    void eachOutcomeHasItsNextAndItsAttempt();
    void aBatchRefusedWithoutAReasonIsSplitUnspent_data();
    void aBatchRefusedWithoutAReasonIsSplitUnspent();
    void waitsDoubleAndTheEighthFailureIsADeadLetterAtOnce();
    void retryAfterLengthensAWaitAndNeverShortensIt();
    void anUnknownIsResentOnlyWhereTheDedupWindowStillHolds();
    void anUnknownWithoutAKeyIsResentOnlyWhereItOverwrites();
    void aFailedProbeSpendsNothing();
    void aCodeThatIsAllowedSoOftenCountsItsOwnRefusals();
};

void TestRetryTable::eachOutcomeHasItsNextAndItsAttempt_data()
{
    QTest::addColumn<int>("outcome");
    QTest::addColumn<bool>("doOthersPass");
    QTest::addColumn<int>("next");
    QTest::addColumn<int>("attempts");
    const auto row = [](const char* name, Outcome outcome, bool others, Next next, int attempts) {
        QTest::newRow(name) << static_cast<int>(outcome) << others << static_cast<int>(next)
                            << attempts;
    };
    row("accepted", Outcome::Accepted, false, Next::Done, 4);
    row("throttled", Outcome::Throttled, false, Next::Back, 3);
    row("transient", Outcome::Transient, false, Next::Retry, 4);
    row("unknown", Outcome::Unknown, false, Next::Retry, 4);
    row("invalid", Outcome::Invalid, false, Next::Dead, 4);
    row("auth", Outcome::Auth, false, Next::Back, 3);
    row("config", Outcome::Config, false, Next::Back, 3);
    row("config while others pass", Outcome::Config, true, Next::Dead, 3);
    row("oversize alone", Outcome::Oversize, false, Next::Dead, 4);
}

void TestRetryTable::eachOutcomeHasItsNextAndItsAttempt()
{
    QFETCH(int, outcome);
    QFETCH(bool, doOthersPass);
    QFETCH(int, next);
    QFETCH(int, attempts);
    RecordVerdict asked = verdict(static_cast<Outcome>(outcome), 3);
    asked.doOthersPass = doOthersPass;
    const RecordStep step = nextStep(withDedup(48h), asked);
    QCOMPARE(static_cast<int>(step.next), next);
    QCOMPARE(step.attempts, attempts);
}

void TestRetryTable::aBatchRefusedWithoutAReasonIsSplitUnspent_data()
{
    QTest::addColumn<int>("outcome");
    QTest::newRow("invalid") << static_cast<int>(Outcome::Invalid);
    QTest::newRow("oversize") << static_cast<int>(Outcome::Oversize);
    QTest::newRow("wrong count") << static_cast<int>(Outcome::Unknown);
}

void TestRetryTable::aBatchRefusedWithoutAReasonIsSplitUnspent()
{
    QFETCH(int, outcome);
    RecordVerdict asked = verdict(static_cast<Outcome>(outcome), 3);
    asked.isAlone = false;
    asked.isBatchSuspect = true;
    const RecordStep step = nextStep(withDedup(48h), asked);
    QCOMPARE(step.next, Next::BackRetry);
    QCOMPARE(step.attempts, 3);
    QVERIFY(step.dueAt == kNow);
}

// 1, 2, 4 … 64 s and then the dead letters: 127 s of waiting for eight attempts, 128 s never slept.
void TestRetryTable::waitsDoubleAndTheEighthFailureIsADeadLetterAtOnce()
{
    const Contract contract = withDedup({});
    Seconds expected { 1 };
    for (int before = 0; before < 7; ++before, expected *= 2) {
        const RecordStep step = nextStep(contract, verdict(Outcome::Transient, before));
        QCOMPARE(step.next, Next::Retry);
        QVERIFY(step.dueAt == kNow + expected);
    }
    QCOMPARE(nextStep(contract, verdict(Outcome::Transient, 7)).next, Next::Dead);

    RecordVerdict jittered = verdict(Outcome::Transient, 2);
    jittered.jitter01 = 0.999;
    const auto wait = nextStep(contract, jittered).dueAt - kNow;
    QVERIFY(wait > 4900ms && wait < 5s);
}

void TestRetryTable::retryAfterLengthensAWaitAndNeverShortensIt()
{
    RecordVerdict asked = verdict(Outcome::Transient, 2); // 4 s
    asked.retryAfter = 30s;
    QVERIFY(nextStep(withDedup({}), asked).dueAt == kNow + 30s);
    asked.retryAfter = 1s;
    QVERIFY(nextStep(withDedup({}), asked).dueAt == kNow + 4s);
}

void TestRetryTable::anUnknownIsResentOnlyWhereTheDedupWindowStillHolds()
{
    // The retry would come 1 s from now: first sent 47 h 59 min 58 s ago it is inside 48 h.
    RecordVerdict asked = verdict(Outcome::Unknown, 0);
    asked.firstSentAt = kNow - 48h + 2s;
    QCOMPARE(nextStep(withDedup(48h), asked).next, Next::Retry);
    asked.firstSentAt = kNow - 48h + 1s;
    QCOMPARE(nextStep(withDedup(48h), asked).next, Next::Dead);
    QCOMPARE(nextStep(withDedup({}), asked).next, Next::Retry); // a key without an end

    Contract none;
    QCOMPARE(nextStep(none, asked).next, Next::Dead);
    asked.doesOverwrite = true;
    QCOMPARE(nextStep(none, asked).next, Next::Retry);
    asked.outcome = Outcome::Transient; // certainly not processed
    asked.doesOverwrite = false;
    QCOMPARE(nextStep(none, asked).next, Next::Retry);
}

// The platform dedups, but has nothing in this record to do it by.
void TestRetryTable::anUnknownWithoutAKeyIsResentOnlyWhereItOverwrites()
{
    RecordVerdict asked = verdict(Outcome::Unknown, 0);
    asked.hasDedupKey = false;
    QCOMPARE(nextStep(withDedup({}), asked).next, Next::Dead);
    asked.doesOverwrite = true;
    QCOMPARE(nextStep(withDedup({}), asked).next, Next::Retry);
    asked = verdict(Outcome::Transient, 0);
    asked.hasDedupKey = false;
    QCOMPARE(nextStep(withDedup({}), asked).next, Next::Retry);
}

void TestRetryTable::aFailedProbeSpendsNothing()
{
    for (const Outcome outcome : { Outcome::Transient, Outcome::Unknown }) {
        RecordVerdict asked = verdict(outcome, 7);
        asked.isProbe = true;
        const RecordStep step = nextStep(withDedup({}), asked);
        QCOMPARE(step.next, Next::Back);
        QCOMPARE(step.attempts, 7);
    }
    // It may have arrived, and nothing would tell a second one from it.
    RecordVerdict asked = verdict(Outcome::Unknown, 7);
    asked.isProbe = true;
    QCOMPARE(nextStep(Contract {}, asked).next, Next::Dead);
}

// Two outages before it, and the first "not found" is still tried once more after six hours.
void TestRetryTable::aCodeThatIsAllowedSoOftenCountsItsOwnRefusals()
{
    RecordVerdict asked = verdict(Outcome::Transient, 2);
    asked.refusalsMax = 2;
    asked.refusals = 1;
    asked.retryAfter = 6h;
    const RecordStep first = nextStep(withDedup(48h), asked);
    QVERIFY(first.next == Next::Retry);
    QCOMPARE(first.attempts, 3);
    QVERIFY(first.dueAt >= kNow + 6h);
    asked.refusals = 2;
    QVERIFY(nextStep(withDedup(48h), asked).next == Next::Dead);

    CodeRefusals counted;
    QCOMPARE(counted.add(EventSeq { 1 }, "EVENT_NOT_FOUND"), 1);
    QCOMPARE(counted.add(EventSeq { 2 }, "EVENT_NOT_FOUND"), 1);
    QCOMPARE(counted.add(EventSeq { 1 }, "EVENT_NOT_FOUND"), 2);
    QCOMPARE(counted.add(EventSeq { 1 }, "ANOTHER"), 1);
    counted.forget(EventSeq { 2 });
    QCOMPARE(counted.add(EventSeq { 2 }, "EVENT_NOT_FOUND"), 1);
    for (std::size_t i = 0; i < CodeRefusals::kRecordsMax; ++i)
        QCOMPARE(counted.add(EventSeq { static_cast<std::int64_t>(i) + 3 }, "x"), 1);
    QCOMPARE(counted.add(EventSeq { 2 }, "EVENT_NOT_FOUND"), 1); // the oldest are forgotten
}

SPILLWAY_TEST(TestRetryTable)

} // namespace tst_retry_table

#include "tst_retry_table.moc"

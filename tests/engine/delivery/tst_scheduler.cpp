#include "delivery/batch_sizer.h"
#include "delivery/lane_picker.h"
#include "delivery/scheduler.h"
#include "support/test_program.h"

namespace tst_scheduler {

using namespace engine;
using namespace engine::delivery;
using namespace std::chrono_literals;

class TestScheduler : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void highNormalAndLowShareByEightFourOne();
    void aShardIsReadyAtItsInstantAndNotBefore();
    void aHugeBatchIsPaidForLater();
    void twoShardsBehindOneGateShareItByWeight();
    void lanesShareSeventyTwentyTen();
    void anUnusedShareGoesToLiveFirst();
    void aLaneWithoutWorkSavesNothingUp();
    void oneBadRecordCostsHalfTheBatchForTenCleanOnes();
};

namespace {

constexpr SteadyTime kStart { std::chrono::hours { 1 } };

std::array<std::int64_t, 3> run(Scheduler& scheduler, int batches, std::int64_t size)
{
    std::array<std::int64_t, 3> sent {};
    for (int i = 0; i < batches; ++i) {
        const auto shard = scheduler.next(kStart);
        if (!shard)
            break;
        sent[*shard] += size;
        scheduler.charge(*shard, size);
    }
    return sent;
}

} // namespace

void TestScheduler::highNormalAndLowShareByEightFourOne()
{
    Scheduler scheduler;
    for (const auto priority : { Priority::High, Priority::Normal, Priority::Low }) {
        scheduler.setPriority(static_cast<ShardIndex>(priority), priority);
        scheduler.schedule(static_cast<ShardIndex>(priority), kStart);
    }
    const auto sent = run(scheduler, 1'300, 10);
    // A turn may end in debt by one batch, which the next round takes off.
    QVERIFY(std::abs(sent[0] - 8'000) <= 40);
    QVERIFY(std::abs(sent[1] - 4'000) <= 40);
    QVERIFY(std::abs(sent[2] - 1'000) <= 40);
}

void TestScheduler::aShardIsReadyAtItsInstantAndNotBefore()
{
    Scheduler scheduler;
    scheduler.schedule(3, kStart + 5s);
    scheduler.schedule(1, kStart + 2s);
    QVERIFY(scheduler.nextWake() == kStart + 2s);
    QVERIFY(!scheduler.next(kStart + 1999ms));
    QCOMPARE(*scheduler.next(kStart + 2s), ShardIndex { 1 });
    scheduler.park(1, false);
    QVERIFY(scheduler.nextWake() == kStart + 5s);
    scheduler.schedule(3, kStart + 9s); // later than asked first
    QVERIFY(!scheduler.next(kStart + 8s));
}

// 5,000 records at once are fifty rounds of a low shard: the other one sends meanwhile.
void TestScheduler::aHugeBatchIsPaidForLater()
{
    Scheduler scheduler;
    scheduler.setPriority(0, Priority::Low);
    scheduler.setPriority(1, Priority::Low);
    scheduler.schedule(0, kStart);
    QCOMPARE(*scheduler.next(kStart), ShardIndex { 0 });
    scheduler.charge(0, 5'000);
    scheduler.schedule(1, kStart);
    std::int64_t other = 0;
    while (*scheduler.next(kStart) == 1) {
        scheduler.charge(1, 100);
        other += 100;
    }
    QVERIFY2(other >= 4'800 && other <= 5'100, qPrintable(QString::number(other)));
}

// One batch of 100 passes a shared gate every six seconds; both always have work.
void TestScheduler::twoShardsBehindOneGateShareItByWeight()
{
    Scheduler scheduler;
    scheduler.setPriority(0, Priority::High);
    scheduler.setPriority(1, Priority::Low);
    std::array<int, 2> sent {};
    SteadyTime now = kStart;
    scheduler.schedule(0, now);
    scheduler.schedule(1, now);
    for (int i = 0; i < 900; ++i) {
        const auto shard = scheduler.next(now);
        ++sent[*shard];
        scheduler.charge(*shard, 100);
        now += 6s;
        for (const ShardIndex held : { 0, 1 })
            scheduler.schedule(held, now);
    }
    QVERIFY2(sent[0] >= 795 && sent[0] <= 805, qPrintable(QString::number(sent[0])));
    QCOMPARE(sent[0] + sent[1], 900);
}

void TestScheduler::lanesShareSeventyTwentyTen()
{
    LanePicker picker;
    std::array<std::int64_t, kLanes> sent {};
    LanePicker::Work work {};
    work[0] = work[1] = work[2] = work[3] = true;
    for (int i = 0; i < 1'000; ++i) {
        const Lane lane = *picker.pick(work);
        ++sent[static_cast<std::size_t>(lane)];
        picker.charge(lane, 1);
    }
    QCOMPARE(sent[0], 700);
    QCOMPARE(sent[1], 200);
    QCOMPARE(sent[2], 50); // replay and import halve theirs
    QCOMPARE(sent[3], 50);
}

void TestScheduler::anUnusedShareGoesToLiveFirst()
{
    LanePicker picker;
    std::array<std::int64_t, kLanes> sent {};
    LanePicker::Work work {};
    work[0] = work[1] = true; // no replay
    for (int i = 0; i < 1'000; ++i) {
        const Lane lane = *picker.pick(work);
        ++sent[static_cast<std::size_t>(lane)];
        picker.charge(lane, 1);
    }
    QCOMPARE(sent[0], 800);
    QCOMPARE(sent[1], 200);
}

void TestScheduler::aLaneWithoutWorkSavesNothingUp()
{
    LanePicker picker;
    LanePicker::Work onlyLive {};
    onlyLive[0] = true;
    for (int i = 0; i < 10'000; ++i)
        picker.charge(*picker.pick(onlyLive), 1);
    LanePicker::Work both = onlyLive;
    both[1] = true;
    int retries = 0;
    for (int i = 0; i < 100; ++i) {
        const Lane lane = *picker.pick(both);
        retries += lane == Lane::Retry ? 1 : 0;
        picker.charge(lane, 1);
    }
    QVERIFY2(retries >= 15 && retries <= 25, qPrintable(QString::number(retries)));
    QVERIFY(!picker.pick({}));
}

void TestScheduler::oneBadRecordCostsHalfTheBatchForTenCleanOnes()
{
    BatchSizer sizer;
    QCOMPARE(sizer.cut(100), 100);
    sizer.refused(100);
    QCOMPARE(sizer.cut(100), 50);
    sizer.refused(50); // the half with the bad record
    QCOMPARE(sizer.cut(100), 25);
    sizer.passed(50, true, 100); // the other half
    QCOMPARE(sizer.cut(100), 50);
    sizer.refused(1); // found
    QCOMPARE(sizer.cut(100), 50);
    for (int i = 0; i < 9; ++i)
        sizer.passed(50, false, 100);
    QCOMPARE(sizer.cut(100), 50);
    sizer.passed(50, false, 100);
    QVERIFY(!sizer.cap());
}

SPILLWAY_TEST(TestScheduler)

} // namespace tst_scheduler

#include "tst_scheduler.moc"

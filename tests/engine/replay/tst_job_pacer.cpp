#include "replay/job_pacer.h"
#include "support/test_program.h"

namespace tst_job_pacer {

using namespace engine;
using namespace engine::replay;
using namespace std::chrono_literals;

class TestJobPacer final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aCanaryGoesFirstAndMustBeAcceptedBeforeMoreFollows();
    void theRampGrowsTenfoldWhileRecordsAreAccepted();
    void aFailingStepIsRepeatedNotWidened();
    void theSameErrorInTheRampStopsAtOnce();
    void anotherPaceIsTakenAtOnce();
    void fullPaceIsTheRateAndNeverMoreThanTwoSecondsAhead();
    void theShareIsTakenOfWhatLiveTrafficLeaves();
    void lateLiveTrafficHoldsAndIsNotMadeUpForAfterwards();
    void throttlingHolds();
    void fivePercentOfTheLastTwoHundredStops();

private:
    static constexpr SteadyTime kStart { 1h };
};

void TestJobPacer::aCanaryGoesFirstAndMustBeAcceptedBeforeMoreFollows()
{
    JobPacer pacer({ .perSecond = 1'000 });
    QCOMPARE(pacer.next(kStart, {}, {}).count, std::int64_t { 1 });
    QCOMPARE(pacer.next(kStart + 1s, { .fed = 1 }, {}).count, std::int64_t { 0 });
    QCOMPARE(pacer.next(kStart + 2s, { .fed = 1, .accepted = 1 }, {}).count, std::int64_t { 10 });
}

void TestJobPacer::theRampGrowsTenfoldWhileRecordsAreAccepted()
{
    JobPacer pacer({ .perSecond = 1'000 });
    (void)pacer.next(kStart, {}, {});
    (void)pacer.next(kStart + 1s, { .fed = 1, .accepted = 1 }, {});
    QCOMPARE(
        pacer.next(kStart + 2s, { .fed = 11, .accepted = 11 }, {}).count, std::int64_t { 100 });
    const Feed full = pacer.next(kStart + 3s, { .fed = 111, .accepted = 111 }, {});
    QCOMPARE(full.rampStep, 3);
    QVERIFY(full.count > 100);
}

void TestJobPacer::aFailingStepIsRepeatedNotWidened()
{
    JobPacer pacer({ .perSecond = 1'000 });
    (void)pacer.next(kStart, {}, {});
    const Feed again = pacer.next(kStart + 1s, { .fed = 1, .failed = 1 }, {});
    QCOMPARE(again.rampStep, 0);
    QCOMPARE(again.count, std::int64_t { 1 });
}

// The canary failed as it did before: nothing was repaired, so nobody else need try.
void TestJobPacer::theSameErrorInTheRampStopsAtOnce()
{
    JobPacer pacer({ .perSecond = 1'000 });
    (void)pacer.next(kStart, {}, {});
    const Feed feed = pacer.next(kStart + 1s, { .fed = 1, .failed = 1, .sameError = 1 }, {});
    QVERIFY(!feed.stop.empty());
    QCOMPARE(feed.count, std::int64_t { 0 });
}

// 20 a second, then 40: no new ramp.
void TestJobPacer::anotherPaceIsTakenAtOnce()
{
    JobPacer pacer({ .perSecond = 20, .isRamped = false });
    (void)pacer.next(kStart, {}, {});
    QCOMPARE(pacer.next(kStart + 1s, {}, {}).count, std::int64_t { 20 });
    pacer.setPace(20, 40.0);
    const Progress done { .fed = 20, .accepted = 20 };
    QCOMPARE(pacer.next(kStart + 2s, done, {}).count, std::int64_t { 40 });
}

// 10 a second: after five idle seconds two seconds' worth may go, not five.
void TestJobPacer::fullPaceIsTheRateAndNeverMoreThanTwoSecondsAhead()
{
    JobPacer pacer({ .perSecond = 10, .isRamped = false });
    QCOMPARE(pacer.next(kStart, {}, {}).count, std::int64_t { 0 });
    QCOMPARE(pacer.next(kStart + 1s, {}, {}).count, std::int64_t { 10 });
    QCOMPARE(pacer.next(kStart + 6s, { .fed = 10, .accepted = 10 }, {}).count, std::int64_t { 20 });
    QCOMPARE(pacer.next(kStart + 7s, { .fed = 30, .accepted = 10 }, {}).count, std::int64_t { 0 });
}

void TestJobPacer::theShareIsTakenOfWhatLiveTrafficLeaves()
{
    JobPacer pacer({ .sharePercent = 20, .isRamped = false });
    const Feed feed = pacer.next(kStart, {}, { .spareRecordsPerSecond = 500 });
    QCOMPARE(feed.perSecond, 100.0);
}

void TestJobPacer::lateLiveTrafficHoldsAndIsNotMadeUpForAfterwards()
{
    JobPacer pacer({ .perSecond = 10, .isRamped = false });
    (void)pacer.next(kStart, {}, {});
    const Feed held = pacer.next(kStart + 10s, {}, { .liveLag = 31s });
    QCOMPARE(held.count, std::int64_t { 0 });
    QVERIFY(held.hold.find("31 s late") != std::string::npos);
    QVERIFY(pacer.next(kStart + 10s + 100ms, {}, {}).count <= 1);
}

void TestJobPacer::throttlingHolds()
{
    JobPacer pacer({ .perSecond = 10, .isRamped = false });
    QVERIFY(!pacer.next(kStart, {}, { .throttleRatio = 0.01 }).hold.empty());
    QVERIFY(pacer.next(kStart, {}, { .throttleRatio = 0.009 }).hold.empty());
}

// 1,000 good ones long ago do not excuse 10 failures among the last 200.
void TestJobPacer::fivePercentOfTheLastTwoHundredStops()
{
    JobPacer pacer({ .perSecond = 1'000, .isRamped = false });
    QVERIFY(pacer.next(kStart, { .fed = 1'000, .accepted = 1'000 }, {}).stop.empty());
    QVERIFY(
        pacer.next(kStart + 1s, { .fed = 1'100, .accepted = 1'096, .failed = 4 }, {}).stop.empty());
    const Feed stopped
        = pacer.next(kStart + 2s, { .fed = 1'200, .accepted = 1'190, .failed = 10 }, {});
    QVERIFY2(stopped.stop.find("5 % of the last 200") != std::string::npos, stopped.stop.c_str());
    QCOMPARE(stopped.count, std::int64_t { 0 });
}

SPILLWAY_TEST(TestJobPacer)

} // namespace tst_job_pacer

#include "tst_job_pacer.moc"

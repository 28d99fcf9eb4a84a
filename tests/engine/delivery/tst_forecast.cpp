#include "delivery/forecast.h"
#include "support/test_program.h"

namespace tst_forecast {

using namespace engine;
using namespace engine::delivery;
using namespace std::chrono_literals;

namespace {

constexpr SteadyTime kNow { 1h };

struct Options {
    int concurrency { 4 };
    std::optional<double> rate {};
    std::int64_t batch { 100 };
    std::int64_t waiting { 0 };
    std::vector<Limit> limits {};
};

ForecastBasis basisOf(const Options& options)
{
    pacing::PacerOptions pacing { .concurrency
        = { .configured = options.concurrency, .ceiling = options.concurrency },
        .rate = options.rate,
        .batch = options.batch };
    ForecastBasis basis { .now = kNow, .waiting = options.waiting, .batch = options.batch };
    basis.pacer = std::make_shared<pacing::ShardPacer>(pacing, kNow);
    std::vector<std::shared_ptr<pacing::Limiter>> limiters;
    for (const Limit& limit : options.limits)
        limiters.push_back(pacing::makeLimiter(limit, kNow, WallTime { 1'000h }));
    basis.pacer->setLimiters(std::move(limiters));
    return basis;
}

Limit eventsPerMinute(std::int64_t amount)
{
    return { .unit = LimitUnit::Events, .amount = amount, .period = 60s };
}

bool isNear(double value, double wanted, double share = 0.05)
{
    const bool isGood = std::abs(value - wanted) <= wanted * share;
    if (!isGood)
        qWarning("%g is not near %g", value, wanted);
    return isGood;
}

ForecastRun run(const ForecastBasis& basis, const ForecastScene& scene)
{
    return runForecast(basis, scene).value();
}

} // namespace

class TestForecast final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void workersAloneGiveConcurrencyTimesBatchByTime();
    void theOperatorsRateHolds();
    void theContractHoldsWhateverTheWorkers();
    void whatWasSentBeforeCounts();
    void aQueueThatGrowsSaysWhatIsMissing();
    void theFirstTooOldIsFound_data();
    void theFirstTooOldIsFound();
    void aPauseGathersAndTheRampCostsTime();
    void theShardsOwnPacerIsLeftAlone();
    void anEmptyQueueDrainsAtOnce();
    void aHugeQueueIsBoundedAndStillAnswered();
    void whoeverLeavesIsNotServed();
};

// 4 in flight × 100 ÷ 0.5 s = 800/s; 40,000 wait and 300/s come: gone after 80 s.
void TestForecast::workersAloneGiveConcurrencyTimesBatchByTime()
{
    const auto result
        = run(basisOf({ .waiting = 40'000 }), { .inPerSecond = 300, .requestTime = 500ms });
    QVERIFY(isNear(result.outPerSecond, 800));
    QVERIFY(result.drained && isNear(static_cast<double>(result.drained->count()), 80));
    QVERIFY(result.gate == Hold::Gate::Concurrency);
    QVERIFY(result.gateAfter == 0s);
    QVERIFY(!result.firstRefusal);
}

void TestForecast::theOperatorsRateHolds()
{
    const auto result = run(basisOf({ .rate = 2.0, .waiting = 40'000 }), { .requestTime = 500ms });
    QVERIFY(isNear(result.outPerSecond, 200));
    QVERIFY(isNear(static_cast<double>(result.drained->count()), 200));
    QVERIFY(result.gate == Hold::Gate::Rate);
}

// 1,000 a minute are 16.7/s, with four workers and with sixty-four.
void TestForecast::theContractHoldsWhateverTheWorkers()
{
    for (const int workers : { 4, 64 }) {
        const auto result = run(basisOf({ .concurrency = workers,
                                    .waiting = 20'000,
                                    .limits = { eventsPerMinute(1'000) } }),
            { .requestTime = 300ms });
        QVERIFY(isNear(result.outPerSecond, 1'000.0 / 60));
        QVERIFY(result.drained && isNear(static_cast<double>(result.drained->count()), 1'200));
        QVERIFY(result.gate == Hold::Gate::Window);
    }
}

// The window is used up by what went out a moment ago: the first can go only when that is a minute
// old.
void TestForecast::whatWasSentBeforeCounts()
{
    ForecastBasis basis = basisOf({ .batch = 1'000,
        .waiting = 1'000,
        .limits
        = { { .unit = LimitUnit::Events, .amount = 1'000, .period = 60s, .burst = 1'000 } } });
    auto reserved = basis.pacer->reserve(kNow, { .events = 1'000 });
    QVERIFY(reserved.has_value());
    basis.pacer->ended(kNow, *reserved,
        { .sentAt = kNow, .endedAt = kNow, .hasAccepted = true, .latency = 100ms });
    basis.pacer->released(*reserved);
    const auto result = run(basis, { .requestTime = 100ms });
    QVERIFY(result.drained && *result.drained >= 60s);
    QVERIFY(*result.drained <= 62s);
}

void TestForecast::aQueueThatGrowsSaysWhatIsMissing()
{
    const auto result
        = run(basisOf({ .waiting = 10'000 }), { .inPerSecond = 1'000, .requestTime = 500ms });
    QVERIFY(!result.drained);
    QVERIFY(isNear(result.shortBy, 200, 0.1));
}

// 400/s leave, nothing comes. 40,000 wait, the oldest is an hour old, the newest is new: the front
// is at every moment 100 s ÷ 3,600 s younger a second than the clock makes it older.
void TestForecast::theFirstTooOldIsFound_data()
{
    QTest::addColumn<int>("inPerSecond");
    QTest::addColumn<int>("windowSeconds");
    QTest::addColumn<int>("refusedAfter"); // -1: none
    QTest::newRow("young enough all along") << 0 << 3'700 << -1;
    QTest::newRow("too old already") << 0 << 3'500 << 0;
    // Growing by 400/s: after the 100 s of the first 40,000 the front ages half a second a second:
    // at 100 s it is 100 s old, at 7,100 s 3,600 s.
    QTest::newRow("late, beyond what is simulated") << 800 << 3'600 << 7'100;
}

void TestForecast::theFirstTooOldIsFound()
{
    QFETCH(int, inPerSecond);
    QFETCH(int, windowSeconds);
    QFETCH(int, refusedAfter);
    const bool isYoung = inPerSecond > 0;
    const auto result = run(basisOf({ .concurrency = 2, .waiting = 40'000 }),
        { .inPerSecond = static_cast<double>(inPerSecond),
            .requestTime = 500ms,
            .oldestAge = isYoung ? 0s : 3'600s,
            .acceptWindow = Seconds { windowSeconds } });
    QCOMPARE(result.firstRefusal.has_value(), refusedAfter >= 0);
    if (result.firstRefusal)
        QVERIFY(isNear(static_cast<double>(result.firstRefusal->count()), refusedAfter));
}

// Paused for 15 minutes at 100/s: 90,000 more; then the ramp of a minute, then 800/s.
void TestForecast::aPauseGathersAndTheRampCostsTime()
{
    const ForecastScene scene { .inPerSecond = 100,
        .requestTime = 500ms,
        .oldestAge = 0s,
        .acceptWindow = 900s - 10s,
        .pausedFor = 900s };
    const auto result = run(basisOf({ .rate = 8.0 }), scene);
    QVERIFY(result.drained.has_value());
    const auto least = 900 + 90'000 / 700;
    QVERIFY(result.drained->count() > least + 10); // the ramp
    QVERIFY(result.drained->count() < least + 90);
    QVERIFY(result.firstRefusal && isNear(static_cast<double>(result.firstRefusal->count()), 890));
}

void TestForecast::theShardsOwnPacerIsLeftAlone()
{
    const ForecastBasis basis = basisOf({ .waiting = 5'000, .limits = { eventsPerMinute(1'000) } });
    const auto first = run(basis, { .requestTime = 300ms });
    QCOMPARE(basis.pacer->inFlight(), 0);
    QVERIFY(basis.pacer->decide(kNow, { .events = 100 }).isGo);
    const auto second = run(basis, { .requestTime = 300ms });
    QVERIFY(first.drained == second.drained);
    QCOMPARE(first.outPerSecond, second.outPerSecond);
}

void TestForecast::anEmptyQueueDrainsAtOnce()
{
    QVERIFY(run(basisOf({}), { .requestTime = 100ms }).drained == 0s);
    // It keeps up with what comes.
    const auto keeping = run(basisOf({}), { .inPerSecond = 50, .requestTime = 100ms });
    QVERIFY(keeping.drained.has_value());
    QVERIFY(isNear(keeping.outPerSecond, 50, 0.1));
    // It would not: 1,000/s against 400.
    const auto failing = run(basisOf({}), { .inPerSecond = 1'000, .requestTime = 1'000ms });
    QVERIFY(!failing.drained);
    QVERIFY(isNear(failing.shortBy, 600, 0.15));
}

// A million records one by one are more than the steps allow: the rest is taken to go on evenly.
void TestForecast::aHugeQueueIsBoundedAndStillAnswered()
{
    const auto result
        = run(basisOf({ .rate = 80.0, .batch = 1, .waiting = 1'000'000 }), { .requestTime = 30ms });
    QVERIFY(isNear(result.outPerSecond, 80));
    QVERIFY(result.drained && isNear(static_cast<double>(result.drained->count()), 12'500));
}

void TestForecast::whoeverLeavesIsNotServed()
{
    const std::atomic<bool> isCancelled { true };
    const auto result = runForecast(
        basisOf({ .waiting = 1'000'000 }), { .requestTime = 30ms, .isCancelled = &isCancelled });
    QVERIFY(!result && result.error().code == ErrorCode::Cancelled);
}

SPILLWAY_TEST(TestForecast)

} // namespace tst_forecast

#include "tst_forecast.moc"

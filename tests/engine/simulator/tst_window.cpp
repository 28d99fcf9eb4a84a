#include "simulator/window.h"
#include "support/test_program.h"

#include <rapidcheck.h>

namespace tst_window {

using namespace engine;
using namespace engine::simulator;
using namespace std::chrono_literals;

namespace {
constexpr SteadyTime kStart { 1h };
}

class TestWindow final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theBoundaryIsExactToTheNanosecond();
    void itSaysHowLongUntilARequestFits();
    void noSpanEverHoldsMoreThanTheAmount();
};

// 100 in a second: what was taken at 0 is free again at 1 s, and not a nanosecond before.
void TestWindow::theBoundaryIsExactToTheNanosecond()
{
    StrictWindow window({ .unit = LimitUnit::Requests, .amount = 100, .period = 1s });
    QVERIFY(window.fits(100, 100, kStart));
    QVERIFY(!window.fits(101, 100, kStart));
    window.take(60, kStart);
    window.take(40, kStart + 400ms);
    QVERIFY(!window.fits(1, 100, kStart + 1s - 1ns));
    QVERIFY(window.fits(60, 100, kStart + 1s));
    QVERIFY(!window.fits(61, 100, kStart + 1s));
    QVERIFY(window.fits(100, 100, kStart + 1'400ms));
}

void TestWindow::itSaysHowLongUntilARequestFits()
{
    StrictWindow window({ .unit = LimitUnit::Events, .amount = 100, .period = 1s });
    window.take(60, kStart);
    window.take(40, kStart + 400ms);
    QCOMPARE(window.untilFits(60, 100, kStart + 500ms), Millis { 500 });
    QCOMPARE(window.untilFits(61, 100, kStart + 500ms), Millis { 900 });
    QCOMPARE(window.untilFits(1, 100, kStart + 1s - 1ns), Millis { 1 });
    QCOMPARE(window.untilFits(60, 100, kStart + 1s), Millis { 0 });
    QCOMPARE(window.untilFits(101, 100, kStart + 1s), Millis { 1'000 });
}

// Against the definition itself: after any arrivals, no span of a period that ends at an arrival
// holds more than the amount, and nothing that would have fitted was refused.
void TestWindow::noSpanEverHoldsMoreThanTheAmount()
{
    QVERIFY(rc::check("any arrivals", [] {
        const WindowRule rule { .unit = LimitUnit::Events, .amount = 50, .period = 100ms };
        StrictWindow window(rule);
        std::vector<std::pair<SteadyTime, std::int64_t>> taken;
        SteadyTime now = kStart;
        const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
            rc::gen::pair(rc::gen::inRange(0, 40), rc::gen::inRange(1, 30)));
        for (const auto& [gap, count] : steps) {
            now += Millis { gap };
            std::int64_t inSpan = 0;
            for (const auto& [at, past] : taken)
                inSpan += now - at < rule.period ? past : 0;
            const bool fits = window.fits(count, rule.amount, now);
            RC_ASSERT(fits == (inSpan + count <= rule.amount));
            if (!fits) {
                const Millis wait = window.untilFits(count, rule.amount, now);
                RC_ASSERT(wait > Millis { 0 });
                RC_ASSERT(wait <= rule.period);
                continue;
            }
            window.take(count, now);
            taken.emplace_back(now, count);
        }
    }));
}

SPILLWAY_TEST(TestWindow)

} // namespace tst_window

#include "tst_window.moc"

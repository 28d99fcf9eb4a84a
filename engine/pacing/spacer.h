// Even spreading: units leave one interval apart, so that a window is never front-loaded.
#pragma once

#include <engine/time.h>

#include <chrono>
#include <cstdint>

namespace engine::pacing {

using Nanos = std::chrono::nanoseconds;

// Keeps one instant: when the next unit is due. A value of the delivery thread that owns it.
class Spacer {
public:
    // When `units` may go, if at most `burst` units may go back to back. A burst smaller than
    // `units` counts as `units`: one batch always goes together.
    [[nodiscard]] SteadyTime eligibleAt(
        std::int64_t units, std::int64_t burst, double unitNs) const;
    // Charges `units`. A caller woken a little late (kCatchUp) keeps its place in the grid, so late
    // timers do not lower the rate; after a longer idle time the grid starts anew at `now`, so
    // idling saves nothing up.
    void take(SteadyTime now, std::int64_t units, double unitNs);
    void refund(std::int64_t units, double unitNs);
    // A request of an earlier run; in any order.
    void recall(SteadyTime sentAt, std::int64_t units, double unitNs);
    // The price of a unit changed: what is still to wait shrinks or grows with it, so that a slider
    // acts at once.
    void rescale(SteadyTime now, double oldUnitNs, double newUnitNs);
    void reset() { m_due = SteadyTime::min(); }

    // Timers have a grain of 1 ms, a busy loop or a commit before sending adds some more.
    static constexpr Nanos kCatchUp { std::chrono::milliseconds { 25 } };

private:
    SteadyTime m_due { SteadyTime::min() };
};

} // namespace engine::pacing

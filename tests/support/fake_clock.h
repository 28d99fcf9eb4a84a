// Time moves only when a test says so. Starts away from zero, so a default time point is never
// "now".
#pragma once

#include "core/clock.h"

#include <atomic>

namespace engine::testing {

class FakeClock final : public Clock {
public:
    SteadyTime steadyNow() const override { return SteadyTime { m_sinceStart.load() }; }
    WallTime wallNow() const override
    {
        return m_wallStart + std::chrono::floor<Micros>(m_sinceStart.load() + m_wallShift.load());
    }

    WallTime dueAt(SteadyTime at) const override
    {
        return m_wallStart
            + std::chrono::floor<Micros>(at.time_since_epoch() + m_shiftAtStart.load());
    }

    // Another process begins: due times count from what the wall clock says now.
    void beginRun() { m_shiftAtStart = m_wallShift.load(); }
    void advance(std::chrono::nanoseconds by) { m_sinceStart = m_sinceStart.load() + by; }
    void shiftWall(std::chrono::nanoseconds by)
    {
        m_wallShift = m_wallShift.load() + by;
    } // somebody set the machine's clock

private:
    static constexpr WallTime m_wallStart { std::chrono::sys_days {
        std::chrono::year { 2026 } / 11 / 27 } };
    std::atomic<std::chrono::nanoseconds> m_sinceStart { std::chrono::hours { 1 } };
    std::atomic<std::chrono::nanoseconds> m_wallShift { std::chrono::nanoseconds { 0 } };
    std::atomic<std::chrono::nanoseconds> m_shiftAtStart { std::chrono::nanoseconds { 0 } };
};

} // namespace engine::testing

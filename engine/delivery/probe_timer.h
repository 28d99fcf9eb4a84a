// When a hold that only a change at the platform can end is tried again: after a minute, then twice
// as long each time, up to a quarter of an hour; at once when asked.
#pragma once

#include <engine/time.h>

#include <algorithm>

namespace engine::delivery {

class ProbeTimer {
public:
    static constexpr Seconds kFirst { 60 };
    static constexpr Seconds kMost { 15 * 60 };

    void start(SteadyTime now)
    {
        m_wait = kFirst;
        m_at = now + m_wait;
    }
    // The probe failed: wait twice as long.
    void failed(SteadyTime now)
    {
        m_wait = std::min(m_wait * 2, kMost);
        m_at = now + m_wait;
    }
    // The probe told nothing about this hold, or never went: as long again.
    void inconclusive(SteadyTime now) { m_at = now + m_wait; }
    void askNow(SteadyTime now) { m_at = now; }
    [[nodiscard]] SteadyTime at() const { return m_at; }

private:
    Seconds m_wait { kFirst };
    SteadyTime m_at {};
};

} // namespace engine::delivery

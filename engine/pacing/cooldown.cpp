#include "pacing/cooldown.h"

#include <algorithm>
#include <cmath>

namespace engine::pacing {

namespace {

// A quarter of half a day would be hours: the spread after midnight is minutes.
constexpr double kDayJitterShare = 0.01;

} // namespace

void Cooldown::extend(SteadyTime now, Millis wait, double u01)
{
    const double jitter = m_options.jitter * std::clamp(u01, 0.0, 1.0);
    const auto longest = std::chrono::duration_cast<Micros>(kHoldMax);
    Micros hold { std::llround(
        static_cast<double>(Micros(std::min(wait, kHoldMax)).count()) * (1 + jitter)) };
    hold = std::clamp(hold, Micros::zero(), longest);
    const SteadyTime until = now + hold;
    if (until <= m_heldUntil)
        return;
    m_heldUntil = until;
    m_wasCut = wait > kHoldMax;
}

void Cooldown::throttled(SteadyTime now, const Throttle& throttle)
{
    const bool isSameThrottle = throttle.sentAt <= m_lastThrottleAt;
    if (throttle.retryAfter) {
        m_isRetryAfter = true;
        extend(now, *throttle.retryAfter, throttle.u01);
    }
    if (isSameThrottle)
        return;
    m_lastThrottleAt = now;
    if (!m_throttledSince)
        m_throttledSince = now;
    if (throttle.retryAfter)
        return;
    // A hold of minutes did not help: what is used up is the day's quota.
    if (m_options.dayAfter && now - *m_throttledSince >= *m_options.dayAfter) {
        m_isRetryAfter = false;
        extend(now, throttle.untilDayEnds, throttle.u01 * kDayJitterShare);
        return;
    }
    Millis wait = m_options.first;
    for (int n = 0; n < m_doublings && wait < m_options.most; ++n)
        wait *= 2;
    ++m_doublings;
    m_isRetryAfter = false;
    extend(now, std::min(wait, m_options.most), throttle.u01);
}

void Cooldown::holdFor(SteadyTime now, Millis retryAfter, double u01)
{
    m_isRetryAfter = true;
    extend(now, retryAfter, u01);
}

void Cooldown::restore(SteadyTime now, const State& state)
{
    const SteadyTime until = std::min(state.heldUntil, now + kHoldMax);
    if (until <= now || until <= m_heldUntil)
        return;
    m_heldUntil = until;
    m_doublings = std::max(m_doublings, state.doublings);
    m_wasCut = state.wasCut;
    m_isRetryAfter = state.isRetryAfter;
}

void Cooldown::accepted(SteadyTime sentAt, bool wasProbe)
{
    if (sentAt <= m_lastThrottleAt)
        return; // it says nothing about the pace after the throttle
    m_doublings = 0;
    m_throttledSince.reset();
    if (wasProbe)
        m_heldUntil = SteadyTime::min();
}

} // namespace engine::pacing

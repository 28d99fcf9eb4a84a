#include "pacing/cooldown.h"

#include <algorithm>
#include <cmath>

namespace engine::pacing {

namespace {

// A quarter of half a day would be hours: the spread after midnight is minutes.
constexpr double kDayJitterShare = 0.01;

} // namespace

// What ends sooner than the hold in force changes nothing of it, its reason included.
void Cooldown::extend(SteadyTime now, Millis wait, double u01, const Why& why)
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
    m_wasCut = why.wasCut || wait > kHoldMax;
    m_isRetryAfter = why.isRetryAfter;
    m_source = why.source;
}

void Cooldown::throttled(SteadyTime now, const Throttle& throttle)
{
    const bool isSameThrottle = throttle.sentAt <= m_lastThrottleAt;
    if (throttle.retryAfter)
        extend(now, *throttle.retryAfter, throttle.u01,
            { .isRetryAfter = true, .wasCut = throttle.wasCut, .source = throttle.source });
    if (isSameThrottle)
        return;
    m_lastThrottleAt = now;
    if (!m_throttledSince)
        m_throttledSince = now;
    if (throttle.retryAfter)
        return;
    // A hold of minutes did not help: what is used up is the day's quota.
    if (m_options.dayAfter && now - *m_throttledSince >= *m_options.dayAfter) {
        extend(now, throttle.untilDayEnds, throttle.u01 * kDayJitterShare, {});
        return;
    }
    Millis wait = m_options.first;
    for (int n = 0; n < m_doublings && wait < m_options.most; ++n)
        wait *= 2;
    ++m_doublings;
    extend(now, std::min(wait, m_options.most), throttle.u01, {});
}

void Cooldown::holdFor(SteadyTime now, const Asked& asked, double u01)
{
    extend(now, asked.wait, u01,
        { .isRetryAfter = true, .wasCut = asked.wasCut, .source = asked.source });
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
    m_source = state.source;
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

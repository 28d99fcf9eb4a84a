#include "pacing/breaker.h"

#include "pacing/limiter.h"

#include <algorithm>

namespace engine::pacing {

void Breaker::setPolicy(const BreakerPolicy& policy)
{
    m_policy = policy;
    if (!policy.isEnabled)
        m_state = BreakerState::Closed;
}

SteadyTime Breaker::eligibleAt() const
{
    switch (m_state) {
    case BreakerState::Closed:
        return SteadyTime::min();
    case BreakerState::Open:
        return m_probeAt;
    case BreakerState::HalfOpen:
        return kUntilEvent;
    }
    return SteadyTime::min();
}

void Breaker::probeRefunded(SteadyTime now)
{
    if (m_state != BreakerState::HalfOpen)
        return;
    m_state = BreakerState::Open;
    m_probeAt = now;
}

void Breaker::open(SteadyTime now, Millis wait)
{
    m_state = BreakerState::Open;
    m_probeWait = std::min(wait, m_policy.probeMax);
    m_probeAt = now + m_probeWait;
}

std::optional<Breaker::State> Breaker::openState() const
{
    if (m_state == BreakerState::Closed)
        return std::nullopt;
    return State { .probeAt = m_probeAt, .wait = m_probeWait };
}

void Breaker::restore(SteadyTime now, const State& state)
{
    if (!m_policy.isEnabled)
        return;
    m_state = BreakerState::Open;
    m_failures = m_policy.failures;
    m_probeWait = std::min(std::max(state.wait, m_policy.probeFirst), m_policy.probeMax);
    m_probeAt = std::min(state.probeAt, now + m_probeWait);
}

void Breaker::reset(SteadyTime now)
{
    m_state = BreakerState::Closed;
    m_failures = 0;
    m_lastAccepted = now;
}

bool Breaker::ended(SteadyTime now, const Result& result)
{
    const bool isFailure
        = result.outcome == Outcome::Transient || result.outcome == Outcome::Unknown;
    if (result.hasAccepted)
        m_lastAccepted = now;
    if (!isFailure || result.hasAccepted) {
        const bool wasOpen = m_state != BreakerState::Closed;
        m_failures = 0;
        m_state = BreakerState::Closed;
        return wasOpen;
    }
    ++m_failures;
    if (m_state == BreakerState::Closed) {
        if (m_policy.isEnabled && m_failures >= m_policy.failures
            && now - m_lastAccepted >= m_policy.silence)
            open(now, m_policy.probeFirst);
        return false;
    }
    if (result.wasProbe && m_state == BreakerState::HalfOpen)
        open(now, m_probeWait * 2);
    return false;
}

} // namespace engine::pacing

#include "pacing/spacer.h"

#include <algorithm>
#include <cmath>

namespace engine::pacing {

namespace {

// A double holds whole nanoseconds exactly up to 104 days.
Nanos priceOf(std::int64_t units, double unitNs)
{
    return Nanos { std::llround(static_cast<double>(units) * unitNs) };
}

} // namespace

SteadyTime Spacer::eligibleAt(std::int64_t units, std::int64_t burst, double unitNs) const
{
    if (m_due == SteadyTime::min() || burst <= units)
        return m_due;
    return m_due - priceOf(burst - units, unitNs);
}

void Spacer::take(SteadyTime now, std::int64_t units, double unitNs)
{
    const bool wasIdle = m_due == SteadyTime::min() || m_due < now - kCatchUp;
    m_due = (wasIdle ? now : m_due) + priceOf(units, unitNs);
}

void Spacer::refund(std::int64_t units, double unitNs)
{
    if (m_due != SteadyTime::min())
        m_due -= priceOf(units, unitNs);
}

void Spacer::recall(SteadyTime sentAt, std::int64_t units, double unitNs)
{
    m_due = std::max(m_due, sentAt + priceOf(units, unitNs));
}

void Spacer::rescale(SteadyTime now, double oldUnitNs, double newUnitNs)
{
    if (m_due <= now || oldUnitNs <= 0)
        return;
    const double left = static_cast<double>((m_due - now).count()) * newUnitNs / oldUnitNs;
    m_due = now + Nanos { std::llround(left) };
}

} // namespace engine::pacing

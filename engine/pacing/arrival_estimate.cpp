#include "pacing/arrival_estimate.h"

#include <algorithm>

namespace engine::pacing {

namespace {
// Sorting 256 numbers per answer would be felt at thousands a second.
constexpr std::size_t kRecomputeEvery = 16;
} // namespace

void ArrivalEstimate::rollSlices(SteadyTime now)
{
    if (m_sliceEnd == SteadyTime::min())
        m_sliceEnd = now + kSlice;
    for (std::size_t turns = 0; now >= m_sliceEnd && turns < m_shortest.size(); ++turns) {
        std::shift_right(m_shortest.begin(), m_shortest.end(), 1);
        m_shortest.front() = Nanos::max();
        m_sliceEnd += kSlice;
    }
    if (now >= m_sliceEnd)
        m_sliceEnd = now + kSlice;
}

void ArrivalEstimate::add(SteadyTime now, Nanos roundTrip)
{
    rollSlices(now);
    m_ring[m_count % kSamples] = roundTrip;
    ++m_count;
    m_shortest.front() = std::min(m_shortest.front(), roundTrip);
    // A shorter one than ever shortens the credit before the next slot is freed by it.
    if (roundTrip < m_min)
        m_min = roundTrip;
    if (m_count % kRecomputeEvery == 0)
        recompute();
}

void ArrivalEstimate::recompute()
{
    const std::size_t filled = std::min(m_count, kSamples);
    auto sorted = m_ring;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(filled / 2);
    std::nth_element(sorted.begin(), middle, sorted.begin() + static_cast<std::ptrdiff_t>(filled));
    m_median = *middle;
    m_min = *std::min_element(m_shortest.begin(), m_shortest.end());
}

void ArrivalEstimate::throttled(SteadyTime now)
{
    if (credit(now) <= Nanos::zero())
        return;
    m_widening = std::max(widening(now) * 2, m_min / 4);
    m_widenedAt = now;
}

Nanos ArrivalEstimate::widening(SteadyTime now) const
{
    const auto halvings = (now - m_widenedAt) / kForgiven;
    return halvings > 30 ? Nanos::zero() : m_widening / (std::int64_t { 1 } << halvings);
}

bool ArrivalEstimate::isSteady() const
{
    return m_count >= kSamplesMin && m_median - m_min <= m_min / 8;
}

Nanos ArrivalEstimate::credit(SteadyTime now) const
{
    if (!isSteady())
        return Nanos::zero();
    return std::max(Nanos::zero(), m_min - (m_median - m_min) / 4 - widening(now));
}

Nanos ArrivalEstimate::spread(SteadyTime now) const
{
    // Evenly distributed round trips reach twice from the shortest to the median; a quarter more.
    return (m_median - m_min) * 5 / 2 + widening(now);
}

} // namespace engine::pacing

#include "pacing/arrival_estimate.h"

#include <algorithm>
#include <cmath>

namespace engine::pacing {

namespace {
// Sorting 256 numbers per answer would be felt at thousands a second.
constexpr std::size_t kRecomputeEvery = 16;
} // namespace

// After a pause in which every slice went by, nothing is known any more: the way may be another.
void ArrivalEstimate::rollSlices(SteadyTime now)
{
    if (m_sliceEnd == SteadyTime::min())
        m_sliceEnd = now + kSlice;
    for (std::size_t turns = 0; now >= m_sliceEnd && turns < m_slices.size(); ++turns) {
        std::shift_right(m_slices.begin(), m_slices.end(), 1);
        m_slices.front() = {};
        m_sliceEnd += kSlice;
    }
    if (now >= m_sliceEnd) {
        m_sliceEnd = now + kSlice;
        m_samples = 0;
    }
}

void ArrivalEstimate::add(SteadyTime now, Nanos roundTrip)
{
    rollSlices(now);
    m_ring[m_count % kSamples] = roundTrip;
    ++m_count;
    Slice& newest = m_slices.front();
    newest.shortest = std::min(newest.shortest, roundTrip);
    ++newest.count;
    // A shorter one than ever shortens the credit before the next slot is freed by it.
    m_min = std::min(m_min, roundTrip);
    if (m_count % kRecomputeEvery == 0)
        recompute();
}

void ArrivalEstimate::recompute()
{
    m_samples = 0;
    m_min = Nanos::max();
    for (const Slice& slice : m_slices) {
        m_samples += slice.count;
        m_min = std::min(m_min, slice.shortest);
    }
    const std::size_t filled = std::min(m_samples, kSamples);
    std::array<Nanos, kSamples> newest {};
    for (std::size_t i = 0; i < filled; ++i)
        newest[i] = m_ring[(m_count - 1 - i) % kSamples];
    const auto middle = newest.begin() + static_cast<std::ptrdiff_t>(filled / 2);
    std::nth_element(newest.begin(), middle, newest.begin() + static_cast<std::ptrdiff_t>(filled));
    m_median = *middle;
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
    return m_samples >= kSamplesMin && m_median - m_min <= m_min / 8;
}

Nanos ArrivalEstimate::margin() const
{
    const double share = std::max(1.0 / 3, 4 * std::sqrt(2 / static_cast<double>(m_samples)));
    return std::chrono::ceil<Nanos>(
        std::chrono::duration<double, std::nano>(m_median - m_min) * share);
}

Nanos ArrivalEstimate::credit(SteadyTime now) const
{
    if (!isSteady())
        return Nanos::zero();
    return std::max(Nanos::zero(), m_min - margin() - widening(now));
}

Nanos ArrivalEstimate::spread(SteadyTime now) const
{
    // Evenly distributed round trips reach twice from the shortest to the median.
    return 2 * (m_median - m_min + margin()) + widening(now);
}

} // namespace engine::pacing

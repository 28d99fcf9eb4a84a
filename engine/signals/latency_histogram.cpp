#include "signals/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace engine::signals {

namespace {
constexpr unsigned kSubBits = 5; // 32 buckets to a doubling
constexpr std::uint64_t kSub = 1U << kSubBits;
} // namespace

std::size_t LatencyHistogram::bucketOf(Micros value)
{
    const auto micros = static_cast<std::uint64_t>(std::max<std::int64_t>(value.count(), 0));
    if (micros < kSub)
        return static_cast<std::size_t>(micros);
    const auto octave = static_cast<unsigned>(std::bit_width(micros)) - kSubBits - 1;
    const std::uint64_t within = (micros >> octave) - kSub;
    return std::min(kBuckets - 1, static_cast<std::size_t>((octave + 1) * kSub + within));
}

Micros LatencyHistogram::middleOf(std::size_t bucket)
{
    if (bucket < kSub)
        return Micros { static_cast<std::int64_t>(bucket) };
    const std::size_t octave = bucket / kSub - 1;
    const std::uint64_t lower = (kSub + bucket % kSub) << octave;
    const std::uint64_t width = std::uint64_t { 1 } << octave;
    return Micros { static_cast<std::int64_t>(lower + width / 2) };
}

void LatencyHistogram::add(std::size_t bucket, std::int64_t count)
{
    if (m_counts.empty())
        m_counts.resize(kBuckets);
    m_counts[bucket] += static_cast<std::int32_t>(count);
    m_count += count;
}

void LatencyHistogram::merge(const LatencyHistogram& other)
{
    for (std::size_t bucket = 0; bucket < other.m_counts.size(); ++bucket) {
        if (other.m_counts[bucket] != 0)
            add(bucket, other.m_counts[bucket]);
    }
}

std::optional<Micros> LatencyHistogram::percentile(double share) const
{
    if (m_count <= 0)
        return std::nullopt;
    const auto rank = std::max<std::int64_t>(
        1, static_cast<std::int64_t>(std::ceil(share * static_cast<double>(m_count))));
    std::int64_t seen = 0;
    for (std::size_t bucket = 0; bucket < m_counts.size(); ++bucket) {
        seen += m_counts[bucket];
        if (seen >= rank)
            return middleOf(bucket);
    }
    return middleOf(kBuckets - 1);
}

void LatencySlot::add(std::size_t bucket)
{
    const auto key = static_cast<std::uint16_t>(bucket);
    const auto at = std::lower_bound(m_counts.begin(), m_counts.end(), key,
        [](const auto& entry, std::uint16_t wanted) { return entry.first < wanted; });
    if (at != m_counts.end() && at->first == key)
        ++at->second;
    else
        m_counts.insert(at, { key, 1 });
}

void LatencySlot::moveOutOf(LatencyHistogram& histogram)
{
    for (const auto& [bucket, count] : m_counts)
        histogram.add(bucket, -std::int64_t { count });
    m_counts.clear();
}

} // namespace engine::signals

// Round trips in logarithmic buckets: mergeable, a percentile is off by 1.6 % at most.
#pragma once

#include <engine/time.h>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace engine::signals {

// 32 buckets to each doubling of a microsecond count (below 32 µs one each), up to 71 minutes; what
// is longer counts as that. A bucket is 1/32 of its lower bound wide, so its middle is within 1/64.
class LatencyHistogram {
public:
    static constexpr std::size_t kBuckets = std::size_t { 28 } * 32;
    [[nodiscard]] static std::size_t bucketOf(Micros value);
    [[nodiscard]] static Micros middleOf(std::size_t bucket);

    void add(std::size_t bucket, std::int64_t count); // negative: takes away what was added
    void merge(const LatencyHistogram& other);
    [[nodiscard]] std::int64_t count() const { return m_count; }
    // The smallest value with at least `share` of all at or below it; nothing when empty.
    [[nodiscard]] std::optional<Micros> percentile(double share) const;

private:
    std::vector<std::int32_t> m_counts {}; // empty until the first value: most shards are quiet
    std::int64_t m_count { 0 };
};

// Adding in time slots, so that the oldest can be taken away again.
class LatencySlot {
public:
    void add(std::size_t bucket);
    void moveOutOf(LatencyHistogram& histogram); // takes away and forgets

private:
    std::vector<std::pair<std::uint16_t, std::int32_t>> m_counts {}; // by bucket
};

} // namespace engine::signals

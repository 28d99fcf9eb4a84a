// The samples that charts and sparklines draw, for every shard and destination, at one resolution.
// Filled from a page of the engine's history, then kept live from snapshots. GUI thread only.
//
// Memory: one ring of 900 (15 min) or 720 floats per kept metric and series; 256 shards with five
// metrics at 15 min are 4.6 MB.
#pragma once

#include <engine/pages.h>
#include <engine/past.h>
#include <engine/snapshot.h>

#include <array>
#include <span>
#include <unordered_map>
#include <vector>

namespace ui {

class HistoryStore {
public:
    HistoryStore(engine::HistorySpan span, std::vector<engine::Metric> metrics);

    // Empties everything; answers to earlier queries are then ignored.
    void reset(engine::HistorySpan span);
    // Holds minutes of long ago instead, which live samples do not change.
    void resetToPast(engine::WallTime from, engine::WallTime to);
    [[nodiscard]] bool isPast() const { return m_isPast; }
    [[nodiscard]] engine::PastQuery pastQuery(const engine::ShardId& shard) const;
    bool applyPast(const engine::PastPage& page); // false when it answers an older question
    [[nodiscard]] engine::HistoryQuery query(const engine::EngineSnapshot& snapshot) const;
    // False when it answers an older question.
    bool applyHistory(const engine::HistoryPage& page);
    void append(const engine::EngineSnapshot& snapshot);

    [[nodiscard]] engine::HistorySpan span() const { return m_span; }
    [[nodiscard]] engine::Seconds step() const { return m_step; } // between two samples
    [[nodiscard]] bool isEmpty() const { return m_headSlot < 0; }
    [[nodiscard]] engine::WallTime until() const; // of the newest sample
    // As many values as the span has, oldest first, NaN = no data; empty when the series is
    // unknown.
    [[nodiscard]] std::vector<float> samples(
        const engine::ShardId& shard, engine::Metric metric) const;
    // 60 values for a small trend line, newest last: the largest of each sixtieth of the span.
    // Buckets keep to whole multiples of their length, so a line shifts but never wobbles.
    [[nodiscard]] std::vector<float> sparkline(
        const engine::ShardId& shard, engine::Metric metric) const;
    // Every series of one metric, in no particular order, without copying it: the samples lie in
    // two pieces, the older first. What they point into lives until the next change.
    using Pieces = std::array<std::span<const float>, 2>;
    template <class Visit>
    void forEachSeries(engine::Metric metric, Visit visit) const
    {
        for (const auto& [shard, rings] : m_rings)
            visit(shard, piecesOf(rings, metric));
    }
    // Counts up whenever a sample came in or everything changed: what a drawer compares.
    [[nodiscard]] std::uint64_t revision() const { return m_revision; }

private:
    using Rings = std::vector<std::vector<float>>; // one per metric of m_metrics
    void advanceTo(std::int64_t slot);
    void put(const engine::ShardSnapshot& shard, std::int64_t slot);
    Rings& ringsOf(const engine::ShardId& shard);
    [[nodiscard]] Pieces piecesOf(const Rings& rings, engine::Metric metric) const;
    [[nodiscard]] std::int64_t slotOf(engine::WallTime time) const;
    [[nodiscard]] std::size_t indexOf(std::int64_t slot) const;
    void clear();
    void fill(const engine::HistorySeries& series, std::int64_t until);

    engine::HistorySpan m_span;
    engine::Seconds m_step;
    int m_samples;
    bool m_isPast { false };
    std::vector<engine::Metric> m_metrics;
    std::uint64_t m_generation { 1 };
    std::uint64_t m_revision { 0 };
    std::int64_t m_headSlot { -1 }; // of the newest sample: whole steps since 1970
    std::unordered_map<engine::ShardId, Rings, engine::ShardIdHash> m_rings;
};

// One metric of a snapshot as the history keeps it: seconds for lag, ms for latency, 0…1 for
// ratios; NaN when absent.
[[nodiscard]] float sampleOf(const engine::ShardSnapshot& shard, engine::Metric metric);

} // namespace ui

#include "models/history_store.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace ui {

namespace {

constexpr float kAbsent = std::numeric_limits<float>::quiet_NaN();
constexpr int kSparkBuckets = 60;

float orAbsent(const std::optional<double>& value)
{
    return value ? static_cast<float>(*value) : kAbsent;
}

} // namespace

float sampleOf(const engine::ShardSnapshot& shard, engine::Metric metric)
{
    if (shard.state == engine::ShardState::NoData)
        return kAbsent;
    switch (metric) {
    case engine::Metric::QueueDepth:
        return static_cast<float>(shard.queueDepth);
    case engine::Metric::ConsumerLag:
        return static_cast<float>(shard.consumerLag.count()) / 1'000;
    case engine::Metric::LatencyP95:
        return shard.latencyP95 ? static_cast<float>(shard.latencyP95->count()) : kAbsent;
    case engine::Metric::ErrorRatio:
        return orAbsent(shard.errorRatio);
    case engine::Metric::DlqGrowth:
        return static_cast<float>(shard.dlqGrowthPerMinute);
    case engine::Metric::InRate:
        return static_cast<float>(shard.inPerSecond);
    case engine::Metric::OutRate:
        return static_cast<float>(shard.outPerSecond);
    case engine::Metric::ThrottleRatio:
        return orAbsent(shard.throttleRatio);
    case engine::Metric::InFlight:
        return static_cast<float>(shard.inFlight);
    case engine::Metric::BatchFill:
        return static_cast<float>(shard.batchFillRatio);
    }
    return kAbsent;
}

HistoryStore::HistoryStore(engine::HistorySpan span, std::vector<engine::Metric> metrics)
    : m_span(span)
    , m_step(engine::stepOf(span))
    , m_samples(engine::samplesOf(span))
    , m_metrics(std::move(metrics))
{
}

void HistoryStore::clear()
{
    m_rings.clear();
    m_headSlot = -1;
    ++m_generation;
    ++m_revision;
}

void HistoryStore::reset(engine::HistorySpan span)
{
    m_span = span;
    m_step = engine::stepOf(span);
    m_samples = engine::samplesOf(span);
    m_isPast = false;
    clear();
}

void HistoryStore::resetToPast(engine::WallTime from, engine::WallTime to)
{
    clear();
    m_isPast = true;
    m_step = engine::kPastStep;
    m_headSlot = slotOf(to);
    m_samples = static_cast<int>(m_headSlot - slotOf(from)) + 1;
}

engine::PastQuery HistoryStore::pastQuery(const engine::ShardId& shard) const
{
    return { .generation = m_generation,
        .shard = shard,
        .from = until() - m_step * (m_samples - 1),
        .to = until() };
}

bool HistoryStore::applyPast(const engine::PastPage& page)
{
    if (!m_isPast || page.generation != m_generation)
        return false;
    fill(page.series, slotOf(page.until));
    ++m_revision;
    return true;
}

engine::HistoryQuery HistoryStore::query(const engine::EngineSnapshot& snapshot) const
{
    engine::HistoryQuery query { .generation = m_generation, .span = m_span };
    for (const auto& shard : snapshot.shards)
        query.shards.push_back(shard.shard);
    for (const auto& destination : snapshot.destinations)
        query.shards.push_back({ destination.name, {} });
    return query;
}

std::int64_t HistoryStore::slotOf(engine::WallTime time) const
{
    const auto seconds = std::chrono::floor<engine::Seconds>(time).time_since_epoch().count();
    return seconds / m_step.count();
}

std::size_t HistoryStore::indexOf(std::int64_t slot) const
{
    return static_cast<std::size_t>(slot % m_samples);
}

engine::WallTime HistoryStore::until() const
{
    return engine::WallTime { engine::Seconds { m_headSlot * m_step.count() } };
}

HistoryStore::Rings& HistoryStore::ringsOf(const engine::ShardId& shard)
{
    auto& rings = m_rings[shard];
    if (rings.empty()) {
        const auto samples = static_cast<std::size_t>(m_samples);
        rings.assign(m_metrics.size(), std::vector<float>(samples, kAbsent));
    }
    return rings;
}

void HistoryStore::advanceTo(std::int64_t slot)
{
    if (m_headSlot < 0) {
        m_headSlot = slot;
        return;
    }
    // What nobody measured stays a gap; more steps than the ring holds clear it once.
    const std::int64_t steps = std::min<std::int64_t>(slot - m_headSlot, m_samples);
    for (std::int64_t step = 0; step < steps; ++step) {
        const auto index = indexOf(slot - step);
        for (auto& [shard, rings] : m_rings) {
            for (auto& ring : rings)
                ring[index] = kAbsent;
        }
    }
    m_headSlot = std::max(m_headSlot, slot);
}

void HistoryStore::put(const engine::ShardSnapshot& shard, std::int64_t slot)
{
    auto& rings = ringsOf(shard.shard);
    const auto index = indexOf(slot);
    for (std::size_t i = 0; i < m_metrics.size(); ++i) {
        const float value = sampleOf(shard, m_metrics[i]);
        float& kept = rings[i][index];
        // Within one step the largest stays, so that a spike between two redraws is not lost; at
        // one-second steps the newest value is the sample.
        if (m_span == engine::HistorySpan::Minutes15 || std::isnan(kept))
            kept = value;
        else if (!std::isnan(value))
            kept = std::max(kept, value);
    }
}

void HistoryStore::append(const engine::EngineSnapshot& snapshot)
{
    const auto slot = slotOf(snapshot.takenAt);
    if (m_isPast || slot < m_headSlot)
        return; // somebody set the machine's clock back: wait until time has caught up
    if (slot > m_headSlot)
        advanceTo(slot);
    for (const auto& shard : snapshot.shards)
        put(shard, slot);
    for (const auto& destination : snapshot.destinations)
        put(destination.total, slot);
    ++m_revision;
}

bool HistoryStore::applyHistory(const engine::HistoryPage& page)
{
    if (m_isPast || page.generation != m_generation || page.span != m_span)
        return false;
    const auto until = slotOf(page.until);
    if (until > m_headSlot)
        advanceTo(until);
    for (const auto& series : page.series)
        fill(series, until);
    ++m_revision;
    return true;
}

void HistoryStore::fill(const engine::HistorySeries& series, std::int64_t until)
{
    auto& rings = ringsOf(series.shard);
    for (std::size_t i = 0; i < m_metrics.size(); ++i) {
        const auto metric = static_cast<std::size_t>(m_metrics[i]);
        if (metric >= series.metrics.size())
            continue;
        const auto& values = series.metrics[metric];
        for (std::size_t back = 0; back < values.size(); ++back) {
            const auto slot = until - static_cast<std::int64_t>(back);
            if (slot < 0 || m_headSlot - slot >= m_samples)
                break;
            float& kept = rings[i][indexOf(slot)];
            if (std::isnan(kept)) // what came live meanwhile is newer
                kept = values[values.size() - 1 - back];
        }
    }
}

HistoryStore::Pieces HistoryStore::piecesOf(const Rings& rings, engine::Metric metric) const
{
    const auto kind = std::find(m_metrics.begin(), m_metrics.end(), metric);
    if (kind == m_metrics.end() || m_headSlot < 0)
        return {};
    const std::span<const float> ring = rings[static_cast<std::size_t>(kind - m_metrics.begin())];
    const auto oldest = (indexOf(m_headSlot) + 1) % ring.size();
    return { ring.subspan(oldest), ring.first(oldest) };
}

std::vector<float> HistoryStore::samples(const engine::ShardId& shard, engine::Metric metric) const
{
    const auto rings = m_rings.find(shard);
    if (rings == m_rings.end())
        return {};
    const auto [older, newer] = piecesOf(rings->second, metric);
    std::vector<float> ordered(older.begin(), older.end());
    ordered.insert(ordered.end(), newer.begin(), newer.end());
    return ordered;
}

std::vector<float> HistoryStore::sparkline(
    const engine::ShardId& shard, engine::Metric metric) const
{
    std::vector<float> values(kSparkBuckets, kAbsent);
    const auto all = samples(shard, metric);
    const auto length = std::int64_t { m_samples } / kSparkBuckets;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto slot = m_headSlot - static_cast<std::int64_t>(all.size() - 1 - i);
        const auto bucket = slot / length - m_headSlot / length + kSparkBuckets - 1;
        if (bucket < 0 || std::isnan(all[i]))
            continue;
        float& value = values[static_cast<std::size_t>(bucket)];
        value = std::isnan(value) ? all[i] : std::max(value, all[i]);
    }
    return values;
}

} // namespace ui

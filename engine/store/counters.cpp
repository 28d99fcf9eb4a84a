#include "store/counters.h"

namespace engine::store {

void Counters::reset(StoreCounters counters)
{
    const std::lock_guard lock(m_mutex);
    m_shards.clear();
    for (ShardCounters& shard : counters.shards)
        m_shards.emplace(shard.key, std::move(shard));
    counters.shards.clear();
    // What counts since the start outlives a reopened connection.
    counters.unrouted = std::move(m_counters.unrouted);
    counters.unroutedOfWorkspace = std::move(m_counters.unroutedOfWorkspace);
    m_counters = std::move(counters);
}

void Counters::apply(const Changes& changes)
{
    const std::lock_guard lock(m_mutex);
    for (const auto& [key, id] : changes.newShards) {
        m_shards[key].key = key;
        m_shards[key].id = id;
    }
    for (const auto& [where, delta] : changes.lanes) {
        m_shards[where.first].waiting[static_cast<std::size_t>(where.second)] += delta;
        m_counters.waiting += delta;
    }
    for (const auto& [key, change] : changes.deadLetters) {
        ShardCounters& shard = m_shards[key];
        shard.deadLetters += change.entries;
        shard.dlqAdded += change.added;
        shard.dlqRemoved += change.removed;
        m_counters.deadLetters += change.entries;
    }
    m_counters.events += changes.events;
    m_counters.removedByRetention += changes.removedByRetention;
    for (const auto& [what, count] : changes.unrouted)
        m_counters.unrouted[what] += count;
    for (const auto& [what, count] : changes.unroutedOfWorkspace)
        m_counters.unroutedOfWorkspace[what] += count;
    for (const auto& [month, count] : changes.monthAccepted)
        m_counters.monthAccepted[month] += count;
}

StoreCounters Counters::read() const
{
    const std::lock_guard lock(m_mutex);
    StoreCounters copy = m_counters;
    copy.shards.reserve(m_shards.size());
    for (const auto& [key, shard] : m_shards)
        copy.shards.push_back(shard);
    return copy;
}

std::int64_t Counters::deadLetters(ShardKey shard) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_shards.find(shard);
    return found == m_shards.end() ? 0 : found->second.deadLetters;
}

} // namespace engine::store

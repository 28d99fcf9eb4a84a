#include "delivery/scheduler.h"

#include <QtGlobal>

#include <algorithm>
#include <limits>

namespace engine::delivery {

std::int64_t Scheduler::weightOf(Priority priority)
{
    switch (priority) {
    case Priority::High:
        return 8;
    case Priority::Normal:
        return 4;
    case Priority::Low:
        return 1;
    }
    return 1;
}

void Scheduler::setPriority(ShardIndex shard, Priority priority)
{
    Slot& state = slot(shard);
    if (state.priority == priority)
        return;
    const bool wasReady = state.where == Where::Current || state.where == Where::NextRound;
    if (wasReady)
        take(shard);
    state.priority = priority;
    if (wasReady)
        makeReady(shard);
}

void Scheduler::schedule(ShardIndex shard, SteadyTime at)
{
    take(shard);
    Slot& state = slot(shard);
    state.where = Where::Waiting;
    state.at = at;
    m_waiting.emplace(at, shard);
}

void Scheduler::park(ShardIndex shard, bool keepsTurn)
{
    take(shard);
    if (!keepsTurn)
        slot(shard).deficit = 0;
}

std::optional<ShardIndex> Scheduler::next(SteadyTime now)
{
    while (!m_waiting.empty() && m_waiting.begin()->first <= now) {
        const ShardIndex shard = m_waiting.begin()->second;
        take(shard);
        makeReady(shard);
    }
    const auto first = [this]() -> std::optional<ShardIndex> {
        for (std::list<ShardIndex>& ready : m_current) {
            if (!ready.empty())
                return ready.front();
        }
        return std::nullopt;
    };
    auto chosen = first();
    if (!chosen && !m_nextRound.empty()) {
        newRound();
        chosen = first();
    }
    return chosen;
}

void Scheduler::charge(ShardIndex shard, std::int64_t records)
{
    Slot& state = slot(shard);
    state.deficit -= records;
    if (state.where != Where::Current)
        return;
    // To the end of its queue: shards of one priority take turns batch by batch.
    take(shard);
    makeReady(shard);
}

std::optional<SteadyTime> Scheduler::nextWake() const
{
    const bool isSomebodyReady = !m_nextRound.empty()
        || std::any_of(m_current.begin(), m_current.end(),
            [](const std::list<ShardIndex>& ready) { return !ready.empty(); });
    if (isSomebodyReady)
        return SteadyTime::min();
    if (m_waiting.empty())
        return std::nullopt;
    return m_waiting.begin()->first;
}

Scheduler::Slot& Scheduler::slot(ShardIndex shard)
{
    if (shard >= m_slots.size())
        m_slots.resize(shard + 1);
    return m_slots[shard];
}

void Scheduler::take(ShardIndex shard)
{
    Slot& state = slot(shard);
    switch (state.where) {
    case Where::Parked:
        break;
    case Where::Waiting:
        m_waiting.erase({ state.at, shard });
        break;
    case Where::Current:
        m_current[static_cast<std::size_t>(state.priority)].erase(state.place);
        break;
    case Where::NextRound:
        m_nextRound.erase(state.place);
        break;
    }
    state.where = Where::Parked;
}

void Scheduler::makeReady(ShardIndex shard)
{
    Slot& state = slot(shard);
    Q_ASSERT(state.where == Where::Parked);
    const bool hasCredit = state.deficit > 0;
    auto& ready = hasCredit ? m_current[static_cast<std::size_t>(state.priority)] : m_nextRound;
    state.where = hasCredit ? Where::Current : Where::NextRound;
    state.place = ready.insert(ready.end(), shard);
}

// Credit for everybody who is ready. Who waits for a gate keeps what he had: no more.
void Scheduler::newRound()
{
    std::int64_t rounds = std::numeric_limits<std::int64_t>::max();
    for (const ShardIndex shard : m_nextRound) {
        const Slot& state = m_slots[shard];
        const std::int64_t grant = weightOf(state.priority) * kQuantum;
        rounds = std::min(rounds, std::max<std::int64_t>(-state.deficit / grant + 1, 1));
    }
    std::list<ShardIndex> ready;
    ready.swap(m_nextRound);
    for (const ShardIndex shard : ready) {
        Slot& state = m_slots[shard];
        state.where = Where::Parked;
        state.deficit += rounds * weightOf(state.priority) * kQuantum;
        makeReady(shard);
    }
}

} // namespace engine::delivery

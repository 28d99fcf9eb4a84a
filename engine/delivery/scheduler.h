// Which shard sends next. Shards wait in order of the instant at which all their gates may agree;
// nothing is polled. Among those whose time has come: deficit round robin by priority (high 8,
// normal 4, low 1), a batch charged at its size, so weights decide and nothing starves.
//
// Pure: takes `now`, returns a shard. The delivery thread's.
#pragma once

#include <engine/outcome.h>
#include <engine/time.h>

#include <array>
#include <cstdint>
#include <list>
#include <optional>
#include <set>
#include <vector>

namespace engine::delivery {

using ShardIndex = std::size_t; // chosen by the caller, small and dense

class Scheduler {
public:
    // Records that one unit of weight may send in a round. Small, so that shards behind one slow
    // limit take short turns; larger batches are paid for over several rounds.
    static constexpr std::int64_t kQuantum = 4;

    void setPriority(ShardIndex shard, Priority priority);

    // Asks for the shard at `at`, instead of whatever was asked before.
    void schedule(ShardIndex shard, SteadyTime at);
    // Until the next schedule(). `keepsTurn`: it has work and waits for a gate; without work its
    // credit and debt are forgotten, so that idling saves nothing up.
    void park(ShardIndex shard, bool keepsTurn);

    // The shard to try now. It stays ready until it is scheduled or parked.
    [[nodiscard]] std::optional<ShardIndex> next(SteadyTime now);
    void charge(ShardIndex shard, std::int64_t records);
    // Is it this shard's turn still? Who has used his up must not reserve what all share.
    [[nodiscard]] bool hasCredit(ShardIndex shard) { return slot(shard).deficit > 0; }
    [[nodiscard]] bool isParked(ShardIndex shard) { return slot(shard).where == Where::Parked; }

    // When somebody becomes ready; `now` or earlier when somebody is.
    [[nodiscard]] std::optional<SteadyTime> nextWake() const;

    [[nodiscard]] static std::int64_t weightOf(Priority priority);

private:
    enum class Where : std::uint8_t { Parked, Waiting, Current, NextRound };
    struct Slot {
        Priority priority { Priority::Normal };
        Where where { Where::Parked };
        SteadyTime at {};
        std::int64_t deficit { 0 };
        std::list<ShardIndex>::iterator place {};
    };
    static constexpr std::size_t kPriorities = 3;

    Slot& slot(ShardIndex shard);
    void take(ShardIndex shard);
    void makeReady(ShardIndex shard);
    void newRound();

    std::vector<Slot> m_slots {};
    std::set<std::pair<SteadyTime, ShardIndex>> m_waiting {};
    std::array<std::list<ShardIndex>, kPriorities> m_current {};
    std::list<ShardIndex> m_nextRound {};
};

} // namespace engine::delivery

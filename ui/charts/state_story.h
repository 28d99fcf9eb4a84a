// When shards got into trouble and out of it, as the snapshots tell. Pure.
#pragma once

#include "theme/tokens.h"

#include <engine/snapshot.h>

#include <deque>
#include <map>

namespace ui {

struct StateChange {
    engine::WallTime at {};
    engine::ShardId shard {};
    engine::ShardState state { engine::ShardState::Healthy };
    Status status { Status::Normal };
    friend bool operator==(const StateChange&, const StateChange&) = default;
};

// A shard that is first seen in trouble counts as having got into it when its state began. Changes
// between states that nobody has to act on are no news.
class StateStory {
public:
    static constexpr std::size_t kChangesMax = 1'000; // the oldest go

    void take(const engine::EngineSnapshot& snapshot);
    [[nodiscard]] const std::deque<StateChange>& changes() const
    {
        return m_changes;
    } // oldest first

private:
    std::map<engine::ShardId, engine::ShardState> m_now;
    std::deque<StateChange> m_changes;
};

} // namespace ui

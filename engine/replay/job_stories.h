// What the window is told of a job beside its counts: what it went through, where it sends, and
// what failed there meanwhile.
#pragma once

#include "replay/replay_ports.h"

#include <engine/snapshot.h>

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace engine::replay {

// Lives in the room's thread; every method is called there.
class JobStories {
public:
    using Rows = std::vector<store::ReplayJobRow>;
    explicit JobStories(const ReplayPorts& ports)
        : m_ports(ports)
    {
    }

    // What the last run wrote down.
    void load();
    void note(ReplayJobId job, std::string text);
    // Reads where a job sends; `known` runs once that is known, or with nothing where it cannot be.
    void readShards(
        const store::ReplayJobRow& row, std::function<void(const std::vector<ShardId>*)> known);
    // Failures on the shards of those that have not ended, since their selections were frozen.
    void readNewSince(const Rows& rows);
    void forgetAllBut(const Rows& rows);
    void addTo(ReplayJobSnapshot& job) const;

    static constexpr std::size_t kLogMax = 50;

private:
    struct Story {
        std::deque<ReplayJobEvent> log {};
        std::vector<ShardId> shards {};
        std::int64_t newSince { 0 };
    };
    const ReplayPorts& m_ports;
    std::map<ReplayJobId, Story> m_stories {};
};

} // namespace engine::replay

// The maintained numbers, in memory: what the tables shard_lane, shard and counter say, readable
// from any thread at once.
#pragma once

#include <engine/ids.h>
#include <engine/outcome.h>

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace engine::store {

struct ShardCounters {
    ShardKey key {};
    ShardId id {};
    std::array<std::int64_t, kLanes> waiting {}; // rows per lane, in flight included
    std::int64_t deadLetters { 0 }; // entries waiting and replaying
    std::int64_t dlqAdded { 0 }; // ever; a replay that fails again adds none
    std::int64_t dlqRemoved { 0 }; // ever; replayed and accepted, or archived
};

struct StoreCounters {
    std::vector<ShardCounters> shards {}; // ordered by key
    std::int64_t events { 0 }; // kept in the journal
    std::int64_t waiting { 0 };
    std::int64_t deadLetters { 0 };
    std::int64_t removedByRetention { 0 };
    // (destination, reason) → events accepted without a delivery there, since the store was opened
    std::map<std::pair<std::string, std::string>, std::int64_t> unrouted {};
    // (workspace, reason) → events, each once for a reason, since the store was opened
    std::map<std::pair<std::string, std::string>, std::int64_t> unroutedOfWorkspace {};
    // (workspace, month as 202611) → accepted events
    std::map<std::pair<std::string, int>, std::int64_t> monthAccepted {};
};

// What one transaction changed; applied to the tables before its commit and to Counters after it.
struct Changes {
    struct DeadLetters {
        std::int64_t entries { 0 };
        std::int64_t added { 0 };
        std::int64_t removed { 0 };
    };
    struct Fingerprint {
        std::int64_t entries { 0 };
        std::int64_t added { 0 };
        std::int64_t firstUs { 0 };
        std::int64_t lastUs { 0 };
    };
    struct Job {
        std::int64_t accepted { 0 };
        std::int64_t failed { 0 };
        std::int64_t sameError { 0 }; // of the failed ones
    };
    std::map<std::pair<ShardKey, Lane>, std::int64_t> lanes {};
    std::map<ShardKey, DeadLetters> deadLetters {};
    std::map<std::pair<std::int64_t, ShardKey>, Fingerprint> fingerprints {};
    std::map<ShardKey, std::int64_t> lastSuccessUs {};
    std::map<std::pair<std::string, int>, std::int64_t> monthAccepted {};
    std::map<std::pair<std::string, std::string>, std::int64_t> unrouted {};
    std::map<std::pair<std::string, std::string>, std::int64_t> unroutedOfWorkspace {};
    std::map<ReplayJobId, Job> jobs {};
    std::map<ShardKey, ShardId> newShards {};
    std::int64_t events { 0 };
    std::int64_t removedByRetention { 0 };
};

// The store thread writes, any thread reads. The lock is held for additions and one copy.
class Counters {
public:
    void reset(StoreCounters counters);
    void apply(const Changes& changes);
    [[nodiscard]] StoreCounters read() const;
    [[nodiscard]] std::int64_t deadLetters(ShardKey shard) const;

private:
    mutable std::mutex m_mutex;
    StoreCounters m_counters {};
    std::map<ShardKey, ShardCounters> m_shards {};
};

} // namespace engine::store

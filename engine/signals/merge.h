// A destination as the sum of its shards, in the fields that are not measured but known.
#pragma once

#include <engine/snapshot.h>

#include <span>

namespace engine::signals {

// Depths, counts and requests in flight summed; lag and ages the maximum; the state that of the
// shard in most trouble; pause and overrides only where all agree; of the tuning values, which hold
// for each shard, the largest in force and the lowest ceiling. The measured fields come
// from the destination's own ShardMeter, which is fed with everything its shards are fed with: so
// its p95 is that of the merged histograms and its rates those of the summed counts.
[[nodiscard]] ShardSnapshot mergeShards(std::span<const ShardSnapshot* const> shards);

// Order of trouble, worst first (console-design §5). Smaller sorts first.
enum class Trouble : std::uint8_t {
    P1,
    P2,
    P3,
    Operator,
    Recovering,
    RetriesPaused,
    Healthy,
    Idle,
};
[[nodiscard]] Trouble troubleOf(const ShardSnapshot& shard);

} // namespace engine::signals

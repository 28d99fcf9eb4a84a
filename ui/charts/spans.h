// What held for a while, from what the engine flagged: a pause until its resume, a trial until its
// end, a replay job until it was done. Pure.
#pragma once

#include <engine/pages.h>
#include <engine/snapshot.h>

#include <map>
#include <vector>

namespace ui {

// The snapshot's annotations, each with its end where it has one: those that last get the time of
// the snapshot. A job whose start was not flagged (of an earlier run) is added. A replay stands
// once for each shard that it sends to, by `replayed`; while those are not known it has no span.
// Oldest first.
using ReplayedShards = std::map<engine::ReplayJobId, std::vector<engine::ShardId>>;
[[nodiscard]] std::vector<engine::Annotation> withEnds(
    const engine::EngineSnapshot& snapshot, const ReplayedShards& replayed);
// Those that entries of the selection could go to.
[[nodiscard]] std::vector<engine::ShardId> shardsSentTo(const engine::ReplayPreview& preview);

} // namespace ui

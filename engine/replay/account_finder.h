// Where a replay sends a dead letter whose account nobody knew when its event came.
#pragma once

#include "core/config.h"
#include "store/replay_jobs.h"

#include <engine/snapshot.h>

namespace engine::replay {

// By the configuration as it is now; accounts_max counts the shards of the snapshot and those that
// it found itself. For one step of feeding.
[[nodiscard]] store::FindAccount accountFinder(
    std::shared_ptr<const Config> config, const SnapshotPtr& snapshot);

} // namespace engine::replay

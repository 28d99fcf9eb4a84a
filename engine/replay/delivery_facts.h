// What an adapter tells of a delivery without sending it. Pure; any thread.
#pragma once

#include "core/config.h"
#include "store/selections.h"

namespace engine::replay {

// Nothing where the destination is not configured or the event cannot be encoded: then there is
// nothing that could be known.
[[nodiscard]] store::DeliveryFacts factsOf(
    const Config& config, const ShardId& shard, const StoredEventPtr& event, WallTime now);

} // namespace engine::replay

// Fifteen minutes of a shard that never were, for the charts of the simulator's first start.
#pragma once

#include "signals/history.h"

#include <engine/ids.h>

#include <cstdint>
#include <vector>

namespace engine {

// One value a second, oldest first; the same for the same seed and shard. Pure.
[[nodiscard]] std::vector<signals::MetricValues> syntheticPast(
    std::uint64_t seed, const ShardId& shard);

} // namespace engine

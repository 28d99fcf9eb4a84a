// Fifteen minutes of a shard that never were, for the charts of the simulator's first start.
#pragma once

#include "core/config.h"
#include "signals/history.h"

#include <engine/ids.h>

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace engine {

// The same for the same seed and configuration. Any thread.
class SyntheticPast {
public:
    // `eventsPerSecond`: of the shop when it is calm. What of it each shard gets is told by routing
    // a sample of its events, so that the past goes over into what comes.
    SyntheticPast(std::uint64_t seed, std::shared_ptr<const Config> config, double eventsPerSecond);

    // Of a shard, or (account empty) of a destination: one value a second, oldest first.
    [[nodiscard]] std::vector<signals::MetricValues> of(const ShardId& shard) const;
    [[nodiscard]] double eventsPerSecond(const ShardId& shard) const;

private:
    std::uint64_t m_seed;
    std::map<ShardId, double> m_rates {};
};

} // namespace engine

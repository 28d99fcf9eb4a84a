// Which of n delivery threads owns a shard. Shards that share a limiter live on one thread, because
// the limiter in that thread's memory is the limit; everything else is spread.
//
// Pure and immutable: the same configuration and number of threads give the same answer. Any
// thread.
#pragma once

#include "core/config.h"

#include <engine/ids.h>

#include <map>
#include <string>

namespace engine::delivery {

class ShardAssignment {
public:
    ShardAssignment(const Config& config, int threads);

    // 0 … threads − 1; also for destinations that the configuration does not have.
    [[nodiscard]] int threadOf(const ShardId& shard) const;

private:
    struct Home {
        std::string where {}; // platform and host: limiters are never shared beyond them
        bool isWide { false }; // a limit there covers more than one account
    };
    int m_threads { 1 };
    std::map<std::string, Home> m_homes {}; // by destination
};

} // namespace engine::delivery

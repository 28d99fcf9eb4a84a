// What the signals were before the time that the charts keep in memory.
#pragma once

#include <engine/ids.h>
#include <engine/pages.h>
#include <engine/time.h>

#include <chrono>
#include <cstdint>

namespace engine {

inline constexpr std::chrono::hours kPastKept { 24 * 30 };
inline constexpr Seconds kPastStep { 60 };

// Of one shard, or of a destination as a whole.
struct PastQuery {
    std::uint64_t generation { 0 };
    ShardId shard {};
    WallTime from {};
    WallTime to {}; // inclusive; what is longer than kPastKept loses its beginning
};
struct PastPage {
    std::uint64_t generation { 0 };
    WallTime until {}; // the beginning of the last minute
    HistorySeries series {}; // by the minute: the largest value of each, NaN where none was kept
};

} // namespace engine

// What the console derives from a shard's snapshot: which values are beyond their limits, whether
// events are about to be too old. Pure.
#pragma once

#include "theme/theme.h"

#include <engine/snapshot.h>

#include <QString>

#include <optional>

namespace ui {

// What tables print in bold and charts draw as lines; follows the engine's.
struct Thresholds {
    engine::Millis lagWarn { std::chrono::seconds { 60 } };
    engine::Millis lagCritical { std::chrono::minutes { 15 } };
    double errorWarn { 0.02 };
    double throttleWarn { 0.05 };
    double dlqGrowthWarn { 1 }; // per minute
    double dlqGrowthFailing { 60 };
    engine::Millis latencyWarn { 1'000 };
    double depthWarnSeconds { 60 }; // of work at the present rate …
    std::int64_t depthWarnMin { 100 }; // … but never below this
    friend bool operator==(const Thresholds&, const Thresholds&) = default;
};

struct Expiry {
    engine::Millis headroom { 0 }; // until the platform refuses the oldest waiting event
    bool isClose { false }; // within a day (or half of a window under two days)
    bool isUrgent { false }; // within six hours (or a quarter)
};
// Absent where nothing waits or the platform names no age.
[[nodiscard]] std::optional<Expiry> expiryOf(const engine::ShardSnapshot& shard);

[[nodiscard]] Thresholds thresholdsOf(const engine::EngineSnapshot& snapshot);

[[nodiscard]] bool isTuned(const engine::ShardSnapshot& shard); // a live override is in force
[[nodiscard]] bool isInTrouble(const engine::ShardSnapshot& shard); // P1–P3, no data, expiring
[[nodiscard]] bool isPaused(const engine::ShardSnapshot& shard); // whole or retries, draining too
// From how many waiting deliveries on a depth is one to warn of, at the present rate.
[[nodiscard]] double depthWarn(const engine::ShardSnapshot& shard, const Thresholds& thresholds);
[[nodiscard]] bool isDepthHigh(const engine::ShardSnapshot& shard, const Thresholds& thresholds);
// "drains in 3m 10s", "not draining, short by 26/s"; empty where nothing waits, it is paused, or
// the sample does not say.
[[nodiscard]] QString drainWords(const engine::ShardSnapshot& shard);
// Why there is no shard to show, and what to do; only for a snapshot without shards. The short one
// fits into a chart.
[[nodiscard]] QString noShardsText(const engine::EngineSnapshot& snapshot);
[[nodiscard]] QString noSamplesText(const engine::EngineSnapshot& snapshot);
[[nodiscard]] QString priorityWord(Status status); // "P1", "high"…: for screen readers

} // namespace ui

// What would happen if: the pacing of one shard run ahead on a virtual clock. Pure; any thread,
// because it works on a copy of the pacer.
#pragma once

#include "pacing/shard_pacer.h"

#include <engine/forecast.h>
#include <engine/result.h>

#include <atomic>
#include <memory>
#include <optional>

namespace engine::delivery {

// What only the delivery thread knows, taken there in one moment. The pacer is a copy that nobody
// else uses, with the options that are asked about.
struct ForecastBasis {
    std::shared_ptr<pacing::ShardPacer> pacer {};
    SteadyTime now {};
    std::int64_t waiting { 0 }; // records in the lanes live and retry
    std::int64_t batch { 1 }; // records per request
    int sharers { 0 };
};

// What the signals measured, and what is assumed.
struct ForecastScene {
    double inPerSecond { 0 };
    Millis requestTime { 0 };
    std::optional<Millis> oldestAge {}; // of what waits; spread evenly down to none
    std::optional<Millis> acceptWindow {};
    Seconds pausedFor { 0 };
    const std::atomic<bool>* isCancelled { nullptr };
};

// Fails only with Cancelled. At most kStepsMax steps of about a microsecond; where that does not
// reach the end, the last half of the run is taken to go on.
[[nodiscard]] Result<ForecastRun> runForecast(
    const ForecastBasis& basis, const ForecastScene& scene);

inline constexpr int kForecastStepsMax = 20'000;

} // namespace engine::delivery

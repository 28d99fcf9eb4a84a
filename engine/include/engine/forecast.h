// What would happen if: the engine's own pacing run ahead on a virtual clock, over what waits now
// and what arrived lately.
#pragma once

#include <engine/ids.h>
#include <engine/snapshot.h>
#include <engine/time.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace engine {

// Absent values stay as they are in force now.
struct ForecastQuery {
    ShardId shard {};
    std::optional<int> concurrency {};
    std::optional<double> rate {}; // requests per second
    std::optional<int> batch {};
    bool isLiveRateDropped { false }; // the configured rate, or none; `rate` is ignored
    std::optional<Seconds> pausedFor {}; // paused for so long first, then resumed with its ramp
    // Set it from any thread when nobody waits for the answer any more: Cancelled comes then.
    std::shared_ptr<std::atomic<bool>> isCancelled {};
};

// One run, at one request time. Times count from now, a pause included.
struct ForecastRun {
    Millis requestTime { 0 };
    double outPerSecond { 0 }; // records, once it runs evenly
    std::optional<Seconds> drained {}; // nothing waits any more; absent: never at this pace
    double shortBy { 0 }; // records per second missing to drain
    std::optional<Seconds> firstRefusal {}; // a record becomes too old before its turn
    std::optional<Hold::Gate> gate {}; // what holds it for longest; absent: the arrivals end it
    std::optional<Seconds> gateAfter {}; // when that gate first held
};

// The assumptions are part of the answer: arrivals as they were, request times as measured, no
// further errors, nothing else in the way (a pause, a refused credential), and the other users of
// the same limits silent.
struct Forecast {
    ForecastRun typical {}; // by the median request time
    ForecastRun slow {}; // by the p95
    std::int64_t waiting { 0 }; // when sending begins
    double inPerSecond { 0 };
    Seconds inOver { 0 }; // the span that the arrivals were taken from
    int sharers { 0 }; // other shards behind the same limits
};

} // namespace engine

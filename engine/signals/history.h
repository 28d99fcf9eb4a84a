// The past of one shard's metrics, for charts: four rings, finer for the near past.
#pragma once

#include <engine/pages.h>
#include <engine/snapshot.h>
#include <engine/time.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace engine::signals {

using MetricValues = std::array<float, kMetrics>; // NaN: no data

// The metrics of a snapshot in the order of Metric; latency in milliseconds, ratios 0…1.
[[nodiscard]] MetricValues metricsOf(const ShardSnapshot& shard);

// One minute of one metric, as it is stored: what refills the rings after a restart.
struct MinuteValue {
    Metric metric { Metric::QueueDepth };
    WallTime at {}; // start of the minute
    double low { 0 };
    double high { 0 };
    double last { 0 };
    double sum { 0 };
    std::int64_t samples { 0 };
};

// Several values of one step become one: the highest, so that a spike survives, but of the rates
// (in, out, batch fill) the mean. A step without a sample is NaN. 122 kB when all rings are full;
// they grow as they fill.
class History {
public:
    History();
    void append(SteadyTime now, const MetricValues& values);
    // samplesOf(span) values, oldest first, the last of the step that holds `now`.
    [[nodiscard]] std::vector<float> series(HistorySpan span, Metric metric, SteadyTime now) const;
    // Before the first append(): the 1 h, 6 h and 24 h rings from stored minutes, oldest first.
    void refill(std::span<const MinuteValue> minutes, SteadyTime now, WallTime wallNow);
    // Median over the values of 24 h; nothing below an hour of them.
    [[nodiscard]] std::optional<double> dayMedian(Metric metric) const;

private:
    struct Ring {
        Seconds step { 1 };
        std::size_t capacity { 900 };
        std::int64_t newest { -1 }; // number of the step of the last value
        std::size_t samples { 0 }; // in the newest step
        std::array<std::vector<float>, kMetrics> values {}; // oldest at `start` once full
        std::size_t start { 0 };
    };
    static void put(Ring& ring, std::int64_t number, const MetricValues& values);
    static void push(Ring& ring, const MetricValues& values);

    std::array<Ring, 4> m_rings {};
};

// Collects a shard's samples of one wall minute into one row per metric.
class MinuteRollup {
public:
    // The rows of the minute that has just ended, when it has; metrics without a value have none.
    [[nodiscard]] std::vector<MinuteValue> add(WallTime now, const MetricValues& values);
    // What there is of the minute that runs; it goes on without it.
    [[nodiscard]] std::vector<MinuteValue> take();

private:
    std::optional<WallTime> m_minute {};
    std::array<MinuteValue, kMetrics> m_values {};
};

} // namespace engine::signals

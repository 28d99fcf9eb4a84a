#include "synthetic_past.h"

#include "simulator/scenario.h"

#include <cmath>

namespace engine {
namespace {

constexpr int kSeconds = 900;

void put(signals::MetricValues& values, Metric metric, double value)
{
    values[static_cast<std::size_t>(metric)] = static_cast<float>(value);
}

} // namespace

std::vector<signals::MetricValues> syntheticPast(std::uint64_t seed, const ShardId& shard)
{
    const std::uint64_t own = simulator::scramble(seed, toString(shard));
    const auto share = [own](std::uint64_t n) { // 0…1, the same for the same n
        return static_cast<double>(simulator::scramble(own, n) % 1'000) / 1'000;
    };
    const double rate = 4 + 8 * share(1);
    const double period = 180 + 240 * share(2);
    std::vector<signals::MetricValues> past(kSeconds);
    for (int second = 0; second < kSeconds; ++second) {
        signals::MetricValues& values = past[static_cast<std::size_t>(second)];
        const double wave = std::sin(2 * M_PI * second / period);
        // A new draw every fifteen seconds: what changed each second would be a smear in the chart.
        const double noise = share(static_cast<std::uint64_t>(second / 15) + 10);
        const double depth = std::max(0.0, 20 + 14 * wave + 10 * noise);
        put(values, Metric::QueueDepth, std::round(depth));
        put(values, Metric::ConsumerLag, depth / rate / 8);
        put(values, Metric::LatencyP95, 210 + 40 * wave + 60 * noise);
        put(values, Metric::ErrorRatio, noise > 0.97 ? 0.01 : 0.002 * noise);
        put(values, Metric::DlqGrowth, 0);
        put(values, Metric::InRate, rate * (1 + 0.3 * wave) + noise);
        put(values, Metric::OutRate, rate * (1 + 0.3 * wave) + 1 - noise);
        put(values, Metric::ThrottleRatio, 0);
        put(values, Metric::InFlight, std::round(1 + 2 * noise));
        put(values, Metric::BatchFill, 0.3 + 0.2 * noise);
    }
    return past;
}

} // namespace engine

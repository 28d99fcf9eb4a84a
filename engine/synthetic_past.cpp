#include "synthetic_past.h"

#include "ingress/event_reader.h"
#include "ingress/router.h"
#include "simulator/scenario.h"
#include "simulator/traffic.h"

#include <cmath>

namespace engine {
namespace {

constexpr int kSeconds = 900;
constexpr int kSample = 1'000; // events; some twenty milliseconds at start
constexpr double kRateLeast = 0.02; // of a shard that got none of them
constexpr WallTime kAnyTime { std::chrono::hours { 24 * 365 * 50 } }; // nothing here depends on it

void put(signals::MetricValues& values, Metric metric, double value)
{
    values[static_cast<std::size_t>(metric)] = static_cast<float>(value);
}

// The deliveries of one event as the shop would send it.
std::vector<NewDelivery> deliveriesOf(const std::string& payload, const ingress::Router& router,
    const std::string& workspace, ingress::KnownAccounts& accounts)
{
    auto json = parseJson(payload);
    if (!json)
        return {};
    auto read = ingress::readEvent(
        { .text = payload, .json = *json }, 0, { .workspace = workspace, .now = kAnyTime });
    auto* const event = std::get_if<NewEvent>(&read);
    if (event == nullptr)
        return {};
    router.route(*event, std::move(*json), accounts);
    return std::move(event->deliveries);
}

} // namespace

SyntheticPast::SyntheticPast(
    std::uint64_t seed, std::shared_ptr<const Config> config, double eventsPerSecond)
    : m_seed(seed)
{
    if (config->workspaces.empty())
        return;
    const std::string workspace = config->workspaces.front().name;
    const ingress::Router router(std::move(config), ingress::builtInPlatforms());
    ingress::KnownAccounts accounts;
    const double one = eventsPerSecond / kSample;
    for (std::uint64_t number = 0; number < kSample; ++number) {
        const std::string payload
            = simulator::trafficEvent({ .seed = seed, .number = number, .time = kAnyTime });
        for (const NewDelivery& delivery : deliveriesOf(payload, router, workspace, accounts)) {
            m_rates[delivery.shard] += one;
            if (!delivery.shard.account.empty())
                m_rates[{ delivery.shard.destination, {} }] += one;
        }
    }
}

double SyntheticPast::eventsPerSecond(const ShardId& shard) const
{
    const auto found = m_rates.find(shard);
    return found == m_rates.end() ? kRateLeast : found->second;
}

std::vector<signals::MetricValues> SyntheticPast::of(const ShardId& shard) const
{
    const std::uint64_t own = simulator::scramble(m_seed, toString(shard));
    const auto share = [own](std::uint64_t n) { // 0…1, the same for the same n
        return static_cast<double>(simulator::scramble(own, n) % 1'000) / 1'000;
    };
    const double rate = eventsPerSecond(shard);
    const double period = 180 + 240 * share(1);
    std::vector<signals::MetricValues> past(kSeconds);
    for (int second = 0; second < kSeconds; ++second) {
        signals::MetricValues& values = past[static_cast<std::size_t>(second)];
        const double wave = std::sin(2 * M_PI * second / period);
        // A new draw every fifteen seconds: what changed each second would be a smear in the chart.
        const double noise = share(static_cast<std::uint64_t>(second / 15) + 10);
        const double depth = rate * std::max(0.0, 0.4 + 0.3 * wave + 0.3 * noise);
        put(values, Metric::QueueDepth, std::round(depth));
        put(values, Metric::ConsumerLag, 0.3 + 0.2 * wave + 0.2 * noise);
        put(values, Metric::LatencyP95, 60 + 8 * wave + 12 * noise);
        put(values, Metric::ErrorRatio, noise > 0.97 ? 0.01 : 0.002 * noise);
        put(values, Metric::DlqGrowth, 0);
        put(values, Metric::InRate, rate * (1 + 0.15 * wave + 0.1 * noise));
        put(values, Metric::OutRate, rate * (1 + 0.15 * wave + 0.1 * (1 - noise)));
        put(values, Metric::ThrottleRatio, 0);
        put(values, Metric::InFlight, std::round(1 + 2 * noise));
        put(values, Metric::BatchFill, 0.1 + 0.1 * noise);
    }
    return past;
}

} // namespace engine

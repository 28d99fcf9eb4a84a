#include <engine/snapshot.h>
#include <engine/thresholds.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace engine {
namespace {

using Unit = ThresholdUnit;

constexpr double kMinute = 60;
constexpr double kHour = 3'600;
constexpr double kDay = 24 * kHour;

// console-design §5 in numbers.
constexpr std::array<ThresholdSpec, kThresholds> kSpecs { {
    { Threshold::FailingErrors, "failing_error_percent", Unit::Percent, 0.001, 1, 0.25 },
    { Threshold::FailingErrorsFor, "failing_error_for", Unit::Duration, 0, kHour, 30 },
    { Threshold::FailingDlq, "failing_dlq_per_minute", Unit::PerMinute, 0.1, 1e6, 60 },
    { Threshold::FailingDlqFor, "failing_dlq_for", Unit::Duration, 0, kHour, 60 },
    { Threshold::FailingAttempts, "failing_attempts", Unit::Count, 1, 1e6, 10 },
    { Threshold::FailingAttemptsFor, "failing_attempts_for", Unit::Duration, 1, kHour, 60 },
    { Threshold::ThrottledRequests, "throttled_percent", Unit::Percent, 0.001, 1, 0.05 },
    { Threshold::ThrottledFor, "throttled_for", Unit::Duration, 0, kHour, 30 },
    { Threshold::ThrottledHold, "throttled_hold", Unit::Duration, 0.1, kDay, 5 },
    { Threshold::DegradedErrors, "degraded_error_percent", Unit::Percent, 0.001, 1, 0.02 },
    { Threshold::DegradedErrorsFor, "degraded_error_for", Unit::Duration, 0, kHour, 60 },
    { Threshold::DegradedLatency, "degraded_latency", Unit::Duration, 0.001, 600, 1 },
    { Threshold::DegradedLatencyFactor, "degraded_latency_factor", Unit::Factor, 1, 100, 2 },
    { Threshold::DegradedLatencyFor, "degraded_latency_for", Unit::Duration, 0, kHour, 60 },
    { Threshold::DegradedDlq, "degraded_dlq_per_minute", Unit::PerMinute, 0.1, 1e6, 1 },
    { Threshold::DegradedDlqFor, "degraded_dlq_for", Unit::Duration, 0, kHour, 5 * kMinute },
    { Threshold::BackloggedLag, "backlogged_lag", Unit::Duration, 1, kDay, 60 },
    { Threshold::BackloggedLagFor, "backlogged_lag_for", Unit::Duration, 0, kHour, 60 },
    { Threshold::BackloggedLagCritical, "backlogged_lag_critical", Unit::Duration, 1, 7 * kDay,
        15 * kMinute },
    { Threshold::BackloggedDepth, "backlogged_depth", Unit::Duration, 1, kDay, 60 },
    { Threshold::BackloggedDepthMin, "backlogged_depth_min", Unit::Count, 1, 1e9, 100 },
    { Threshold::BackloggedDepthFor, "backlogged_depth_for", Unit::Duration, 0, kHour, 120 },
    { Threshold::RecoveringFor, "recovering_for", Unit::Duration, 0, kHour, 60 },
    { Threshold::RecoveringWithin, "recovering_within", Unit::Duration, 1, kDay, 30 * kMinute },
    { Threshold::IdleAfter, "idle_after", Unit::Duration, 1, kDay, 5 * kMinute },
    { Threshold::LeaveFactor, "leave_factor", Unit::Factor, 0.1, 1, 0.7 },
    { Threshold::LeaveAfter, "leave_after", Unit::Duration, 0, kHour, 30 },
} };

// The state as far as thresholds decide it, or that none of them does.
std::optional<ShardState> momentaryState(const ShardSnapshot& shard, const Thresholds& limits)
{
    const auto reaches = [&](std::optional<double> value, Threshold threshold) {
        return value && *value >= limits.at(threshold);
    };
    const auto secondsOf = [](const std::optional<Millis>& time) {
        return time ? std::optional(std::chrono::duration<double>(*time).count()) : std::nullopt;
    };
    if (reaches(shard.errorRatio, Threshold::FailingErrors)
        || reaches(shard.dlqGrowthPerMinute, Threshold::FailingDlq))
        return ShardState::Failing;
    if (reaches(shard.throttleRatio, Threshold::ThrottledRequests)
        || reaches(secondsOf(shard.retryAfterLeft), Threshold::ThrottledHold))
        return ShardState::Throttled;
    const double latencyMost = std::max(limits.at(Threshold::DegradedLatency),
        limits.at(Threshold::DegradedLatencyFactor) * secondsOf(shard.latencyMedian).value_or(0));
    if (reaches(shard.errorRatio, Threshold::DegradedErrors)
        || reaches(shard.dlqGrowthPerMinute, Threshold::DegradedDlq)
        || secondsOf(shard.latencyP95).value_or(0) >= latencyMost)
        return ShardState::Degraded;
    const double depthMost = std::max(limits.at(Threshold::BackloggedDepthMin),
        limits.at(Threshold::BackloggedDepth) * shard.outPerSecond);
    const bool isDeep
        = shard.depthSlopePerSecond > 0 && static_cast<double>(shard.queueDepth) >= depthMost;
    if (isDeep || reaches(secondsOf(shard.consumerLag), Threshold::BackloggedLag))
        return ShardState::Backlogged;
    return std::nullopt;
}

// What no threshold moves: a pause, a refused credential, an open circuit.
bool isDecidedElsewhere(ShardState state) { return state <= ShardState::Tripped; }

} // namespace

std::span<const ThresholdSpec> thresholdSpecs() { return kSpecs; }

const ThresholdSpec& specOf(Threshold threshold)
{
    return kSpecs.at(static_cast<std::size_t>(threshold));
}

const ThresholdSpec* findThreshold(std::string_view key)
{
    const auto found = std::find_if(
        kSpecs.begin(), kSpecs.end(), [&](const ThresholdSpec& spec) { return spec.key == key; });
    return found == kSpecs.end() ? nullptr : &*found;
}

std::string thresholdText(Threshold threshold, double value)
{
    if (specOf(threshold).unit == Unit::Duration)
        return toDurationText(Millis { std::llround(value * 1'000) });
    // 0.07 × 100 is 7.000000000000001.
    const double shown
        = specOf(threshold).unit == Unit::Percent ? std::round(value * 100 * 1e6) / 1e6 : value;
    std::array<char, 32> text {};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), shown);
    return { text.data(), end };
}

std::optional<double> parseThreshold(Threshold threshold, std::string_view text)
{
    if (specOf(threshold).unit == Unit::Duration) {
        const auto duration = parseDuration(text);
        return duration ? std::optional(static_cast<double>(duration->count()) / 1'000)
                        : std::nullopt;
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc {} || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return specOf(threshold).unit == Unit::Percent ? value / 100 : value;
}

bool isInRange(Threshold threshold, double value)
{
    const ThresholdSpec& spec = specOf(threshold);
    return value >= spec.least && value <= spec.most;
}

std::string rangeText(Threshold threshold)
{
    const ThresholdSpec& spec = specOf(threshold);
    return thresholdText(threshold, spec.least) + " to " + thresholdText(threshold, spec.most);
}

Thresholds::Thresholds()
{
    for (std::size_t i = 0; i < kThresholds; ++i)
        m_values[i] = kSpecs[i].standard;
}

double Thresholds::at(Threshold threshold) const
{
    return m_values.at(static_cast<std::size_t>(threshold));
}

std::chrono::duration<double> Thresholds::duration(Threshold threshold) const
{
    return std::chrono::duration<double> { at(threshold) };
}

void Thresholds::set(Threshold threshold, double value)
{
    m_values.at(static_cast<std::size_t>(threshold)) = value;
}

std::optional<ThresholdConflict> conflictIn(const Thresholds& thresholds)
{
    // The first is at most the second.
    static constexpr std::array<std::pair<Threshold, Threshold>, 3> kOrdered { {
        { Threshold::DegradedErrors, Threshold::FailingErrors },
        { Threshold::DegradedDlq, Threshold::FailingDlq },
        { Threshold::BackloggedLag, Threshold::BackloggedLagCritical },
    } };
    for (const auto& [less, more] : kOrdered) {
        if (thresholds.at(less) > thresholds.at(more))
            return ThresholdConflict { .id = less, .against = more };
    }
    return std::nullopt;
}

int shardsChangedBy(
    const EngineSnapshot& snapshot, const Thresholds& present, const Thresholds& proposed)
{
    return static_cast<int>(std::count_if(
        snapshot.shards.begin(), snapshot.shards.end(), [&](const ShardSnapshot& shard) {
            return !isDecidedElsewhere(shard.state)
                && momentaryState(shard, present) != momentaryState(shard, proposed);
        }));
}

} // namespace engine

// From which values on a shard counts as failing, throttled, late…: the numbers behind the states.
// One set for all shards; the configuration file gives them, an operator may override each live.
#pragma once

#include <engine/time.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace engine {

struct EngineSnapshot;
struct ShardSnapshot;

enum class Threshold : std::uint8_t {
    FailingErrors,
    FailingErrorsFor,
    FailingDlq,
    FailingDlqFor,
    FailingAttempts,
    FailingAttemptsFor,
    ThrottledRequests,
    ThrottledFor,
    ThrottledHold,
    DegradedErrors,
    DegradedErrorsFor,
    DegradedLatency,
    DegradedLatencyFactor,
    DegradedLatencyFor,
    DegradedDlq,
    DegradedDlqFor,
    BackloggedLag,
    BackloggedLagFor,
    BackloggedLagCritical,
    BackloggedDepth,
    BackloggedDepthMin,
    BackloggedDepthFor,
    RecoveringFor,
    RecoveringWithin,
    IdleAfter,
    LeaveFactor,
    LeaveAfter,
};
inline constexpr std::size_t kThresholds = 27;

// How a value is written and shown. In memory a ratio is 0…1 and a duration seconds.
enum class ThresholdUnit : std::uint8_t { Percent, PerMinute, Count, Duration, Factor };

struct ThresholdSpec {
    Threshold id {};
    std::string_view key {}; // in [thresholds] of the file, on the command line and in the audit
    ThresholdUnit unit {};
    double least { 0 };
    double most { 0 };
    double standard { 0 };
};
[[nodiscard]] std::span<const ThresholdSpec> thresholdSpecs(); // in the order of the ids
[[nodiscard]] const ThresholdSpec& specOf(Threshold threshold);
[[nodiscard]] const ThresholdSpec* findThreshold(std::string_view key); // null: no such key

// "25", "0.5", "30s": as in the file, on the command line and in the audit.
[[nodiscard]] std::string thresholdText(Threshold threshold, double value);
// Nothing when it is no value of this unit; the range is not looked at.
[[nodiscard]] std::optional<double> parseThreshold(Threshold threshold, std::string_view text);
[[nodiscard]] bool isInRange(Threshold threshold, double value);
[[nodiscard]] std::string rangeText(Threshold threshold); // "0.1 to 100"

class Thresholds {
public:
    Thresholds(); // the product's own values

    [[nodiscard]] double at(Threshold threshold) const;
    [[nodiscard]] std::chrono::duration<double> duration(Threshold threshold) const;
    void set(Threshold threshold, double value);

    friend bool operator==(const Thresholds&, const Thresholds&) = default;

private:
    std::array<double, kThresholds> m_values {};
};

// A pair that contradicts itself (degraded above failing): the first may be at most the second.
// Nothing when all is well.
struct ThresholdConflict {
    Threshold id {};
    Threshold against {};
};
[[nodiscard]] std::optional<ThresholdConflict> conflictIn(const Thresholds& thresholds);

// How many shards would be in another state by what they measure this moment. The times for which
// a condition has to hold are left aside, and so is what was before.
[[nodiscard]] int shardsChangedBy(
    const EngineSnapshot& snapshot, const Thresholds& present, const Thresholds& proposed);

} // namespace engine

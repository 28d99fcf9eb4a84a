// What the tuning panel stages, predicts and sends. Pure values and functions; no widget.
#pragma once

#include <engine/commands.h>
#include <engine/snapshot.h>

#include <QString>

#include <optional>
#include <vector>

namespace ui {

// What the operator has set and not sent. `rate` 0 means no cap.
struct StagedTuning {
    std::optional<int> concurrency {};
    std::optional<double> rate {};
    std::optional<int> batch {};
    [[nodiscard]] int changes() const;
    [[nodiscard]] bool isEmpty() const { return changes() == 0; }
    friend bool operator==(const StagedTuning&, const StagedTuning&) = default;
};

enum class Control { Concurrency, Rate, Batch };
[[nodiscard]] const engine::TuningValue& tuningOf(
    const engine::ShardSnapshot& shard, Control control);

// The value that counts as set: an operator's override, else the configured one. What adaptive
// control makes of it at the moment is `now`.
[[nodiscard]] double setValue(const engine::TuningValue& value);

// One control over several shards: the common value, or nothing when they differ ("mixed").
[[nodiscard]] std::optional<double> commonSetValue(
    const std::vector<engine::ShardSnapshot>& shards, Control control);

// Expected effect. Absent numbers could not be told from what is known.
struct Prediction {
    double outNow { 0 }; // events/s
    std::optional<double> outLow {}; // by the p95 request time
    std::optional<double> outHigh {}; // by the median request time
    std::optional<engine::Seconds> drainLow {}; // quickest
    std::optional<engine::Seconds> drainHigh {}; // nothing: does not drain at outLow
    double shortBy { 0 }; // events/s missing to drain, when > 0
    double inPerSecond { 0 }; // assumed to stay
    bool isThrottleKnown { false }; // a ceiling is known, so throttling can be told
    bool exceedsCeiling { false };
};
// out = min(concurrency × batch ÷ t, rate × batch, ceiling) × (1 − error ratio), with t the median
// and the p95 of the request time. The ceiling is in requests/s at the present batch size, so it is
// taken as ceiling × present batch in events/s.
[[nodiscard]] Prediction predict(const engine::ShardSnapshot& shard, const StagedTuning& staged);
[[nodiscard]] QString predictionText(const Prediction& prediction);
[[nodiscard]] QString drainText(const Prediction& prediction);

// Why Apply should give pause: "Throttled now: …", "Above the documented ceiling …"; empty when
// there is nothing to say.
[[nodiscard]] QString tuningWarning(
    const std::vector<engine::ShardSnapshot>& shards, const StagedTuning& staged);
[[nodiscard]] bool raisesAboveConfigured(
    const std::vector<engine::ShardSnapshot>& shards, const StagedTuning& staged);

// One command for all targets. Taking a rate cap away is a reset that sets the other overrides
// again, because the engine knows no other way to say "no cap".
[[nodiscard]] engine::TuneCommand makeTuneCommand(const std::vector<engine::ShardSnapshot>& shards,
    const StagedTuning& staged, std::optional<engine::Seconds> keepFor);

// Brings back the overrides as they are in `shards`; one command per group with equal values.
[[nodiscard]] std::vector<engine::TuneCommand> makeUndoCommands(
    const std::vector<engine::ShardSnapshot>& shards);

[[nodiscard]] QString controlName(Control control);
[[nodiscard]] QString ceilingSourceText(engine::CeilingSource source); // "learned from throttling"
[[nodiscard]] QString ceilingSourceWord(engine::CeilingSource source); // "learned"
[[nodiscard]] QString formatControl(Control control, double value);

} // namespace ui

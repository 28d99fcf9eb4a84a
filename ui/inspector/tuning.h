// What the tuning panel stages, predicts and sends. Pure values and functions; no widget.
#pragma once

#include "guards/guard_rules.h"

#include <engine/commands.h>
#include <engine/forecast.h>
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
[[nodiscard]] std::optional<double> stagedValue(const StagedTuning& staged, Control control);
[[nodiscard]] const engine::TuningValue& tuningOf(
    const engine::ShardSnapshot& shard, Control control);

// The value that counts as set: an operator's override, else the configured one. What adaptive
// control makes of it at the moment is `now`.
[[nodiscard]] double setValue(const engine::TuningValue& value);

// One control over several shards: the common value, or nothing when they differ ("mixed").
[[nodiscard]] std::optional<double> commonSetValue(
    const std::vector<engine::ShardSnapshot>& shards, Control control);

// What staging this is to the guards: a raise above a ceiling, against a throttle, or neither.
[[nodiscard]] GuardedAction guardedActionOf(
    const std::vector<engine::ShardSnapshot>& shards, const StagedTuning& staged);
// What the engine is asked to predict.
[[nodiscard]] engine::ForecastQuery makeForecastQuery(
    const engine::ShardSnapshot& shard, const StagedTuning& staged);

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

// Brings back the live values and trials as they are in `shards`, in this order; one command for
// those with equal values.
[[nodiscard]] std::vector<engine::TuneCommand> makeUndoCommands(
    const std::vector<engine::ShardSnapshot>& shards, engine::WallTime now);

[[nodiscard]] QString controlName(Control control);
// "learned 14:02:11 from 613", "documented by the platform"
[[nodiscard]] QString ceilingSourceText(const engine::TuningValue& value);
[[nodiscard]] QString ceilingSourceWord(engine::CeilingSource source); // "learned"
[[nodiscard]] QString formatControl(Control control, double value);

} // namespace ui

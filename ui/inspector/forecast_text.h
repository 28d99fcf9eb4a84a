// A forecast in sentences. Pure.
#pragma once

#include <engine/forecast.h>
#include <engine/snapshot.h>

#include <QString>

#include <vector>

namespace ui {

// "Out 188/s → 150 to 160/s. The platform's window holds it, at once."
[[nodiscard]] QString predictionText(const engine::Forecast& forecast, double outNow);
// "Drained in 3m 10s to 4m 02s.", "Not draining, short by 262/s.", and when the first event is
// refused for its age.
// What cannot be predicted: empty where the ceiling of all of them is known.
[[nodiscard]] QString throttlingText(const std::vector<engine::ShardSnapshot>& shards);
[[nodiscard]] QString drainText(const engine::Forecast& forecast);
// "Assumes arrivals as in the last 10 min (412/s), requests of 380 ms to 1.9 s, no further errors."
[[nodiscard]] QString assumptionText(const engine::Forecast& forecast);
// What follows a pause of that length.
[[nodiscard]] QString afterPauseText(const engine::Forecast& forecast, engine::Seconds pause);

} // namespace ui

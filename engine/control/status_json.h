// The engine's snapshot as JSON. Times are ISO 8601 with zone; durations are in the unit of their
// name; what has too few samples is null. Pure.
#pragma once

#include "core/json.h"

#include <engine/snapshot.h>

#include <optional>
#include <string>
#include <string_view>

namespace engine::control {

// Text that may not be UTF-8 (a platform's answer, cut at some byte): broken bytes become U+FFFD.
[[nodiscard]] Json safeText(std::string_view text);
[[nodiscard]] inline Json integer(std::int64_t value) { return Json::number(value); }
[[nodiscard]] inline Json integer(int value) { return integer(std::int64_t { value }); }
[[nodiscard]] Json timeOrNull(const std::optional<WallTime>& time);
[[nodiscard]] Json holdJson(const Hold& hold);

// Only this destination, and only this account of it, when not empty.
struct StatusScope {
    std::string destination {};
    std::string account {};
};
[[nodiscard]] Json toJson(const EngineSnapshot& snapshot, const StatusScope& scope = {});
[[nodiscard]] Json toJson(const ReplayJobSnapshot& job);

} // namespace engine::control

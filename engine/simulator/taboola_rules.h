// What is wrong with a Taboola action (platforms.md 10). Written from the platform's side, apart
// from the adapter: the two check each other. Pure; any thread.
#pragma once

#include "core/json.h"

#include <engine/time.h>

#include <optional>
#include <string>

namespace engine::simulator {

// In words; nothing when the action keeps every rule. A bulk action carries its own time, a single
// one has none.
[[nodiscard]] std::optional<std::string> checkTaboolaAction(
    const Json& action, bool isBulk, WallTime now);

} // namespace engine::simulator

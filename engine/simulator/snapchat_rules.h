// What Snapchat refuses in an event (platforms.md 8). Written from the platform's side, apart from
// the adapter: the two check each other. Pure; any thread.
#pragma once

#include "core/json.h"

#include <engine/time.h>

#include <optional>
#include <string>

namespace engine::simulator {

// The first rule that the event breaks, in words; nothing when it keeps them all.
[[nodiscard]] std::optional<std::string> checkSnapchatEvent(const Json& event, WallTime now);

} // namespace engine::simulator

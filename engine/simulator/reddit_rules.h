// What Reddit refuses in an event of its v3 and v2 form (platforms.md 9). Written from the
// platform's side, apart from the adapter: the two check each other. Pure; any thread.
#pragma once

#include "core/json.h"

#include <engine/time.h>

#include <optional>
#include <string>

namespace engine::simulator {

enum class RedditForm : std::uint8_t { V3, V2 };

// The first rule that the event breaks, in words; nothing when it keeps them all.
[[nodiscard]] std::optional<std::string> checkRedditEvent(
    const Json& event, RedditForm form, WallTime now);

} // namespace engine::simulator

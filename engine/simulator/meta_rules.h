// What Meta refuses in a request's events (platforms.md 1). Written from the platform's side, apart
// from the adapter: the two check each other. Pure; any thread.
#pragma once

#include "core/json.h"

#include <engine/time.h>

#include <cstdint>
#include <optional>
#include <string>

namespace engine::simulator {

struct MetaViolation {
    std::int64_t subcode { 0 };
    std::string message {};
};
// The first rule that the event breaks; nothing when it keeps them all.
[[nodiscard]] std::optional<MetaViolation> checkMetaEvent(const Json& event, WallTime now);

} // namespace engine::simulator

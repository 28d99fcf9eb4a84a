// What X refuses in a request's conversions (platforms.md 6). Written from the platform's side,
// apart from the adapter: the two check each other. Pure; any thread.
#pragma once

#include "core/json.h"

#include <engine/time.h>

#include <optional>
#include <string>

namespace engine::simulator {

struct XViolation {
    std::string code {}; // "INVALID_PARAMETER", "MISSING_PARAMETER"
    std::string message {};
};
// The first rule that the conversion breaks; nothing when it keeps them all.
[[nodiscard]] std::optional<XViolation> checkXConversion(const Json& conversion, WallTime now);

} // namespace engine::simulator

// What LinkedIn refuses in a request's conversions (platforms.md 4). Written from the platform's
// side, apart from the adapter: the two check each other. Pure; any thread.
#pragma once

#include "core/json.h"

#include <engine/time.h>

#include <string>
#include <vector>

namespace engine::simulator {

// Each as the platform writes it: "/conversionValue/amount :: field is required but not found".
// Empty: the conversion keeps all rules.
[[nodiscard]] std::vector<std::string> checkLinkedinConversion(
    const Json& conversion, WallTime now);

} // namespace engine::simulator

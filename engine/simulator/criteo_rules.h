// What Criteo finds wrong with a request about one user (platforms.md 12). Written from the
// platform's side, apart from the adapter: the two check each other. Pure; any thread.
#pragma once

#include "core/json.h"

#include <engine/time.h>

#include <optional>
#include <string>

namespace engine::simulator {

// The entry of "errors", such as "UserIdentifierMissing"; nothing when the request keeps all rules.
[[nodiscard]] std::optional<std::string> checkCriteoRequest(const Json& body, WallTime now);

} // namespace engine::simulator

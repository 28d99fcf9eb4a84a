// What Microsoft refuses in conversions and UET events (platforms.md 5). Written from the
// platform's side, apart from the adapter: the two check each other. Pure; any thread.
#pragma once

#include "core/json.h"

#include <engine/time.h>

#include <cstdint>
#include <optional>
#include <string>

namespace engine::simulator {

struct MicrosoftViolation {
    std::int64_t code { 0 }; // of the offline service; UET has names only
    std::string name {};
    std::string field {};
};
// The first rule that the record breaks; nothing when it keeps them all.
[[nodiscard]] std::optional<MicrosoftViolation> checkOfflineConversion(
    const Json& conversion, WallTime now);
[[nodiscard]] std::optional<MicrosoftViolation> checkUetEvent(const Json& event, WallTime now);

} // namespace engine::simulator

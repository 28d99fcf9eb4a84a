// What TikTok refuses in a request's records (platforms.md 3). Written from the platform's side,
// apart from the adapter: the two check each other. Pure; any thread.
#pragma once

#include "core/json.h"

#include <engine/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace engine::simulator {

struct TiktokViolation {
    std::int64_t code { 0 };
    std::string field {}; // inside the record: "user.email"
    std::string rule {};
};
// The first rule that the record breaks; nothing when it keeps them all.
[[nodiscard]] std::optional<TiktokViolation> checkTiktokEvent(
    const Json& event, std::string_view source, WallTime now);

} // namespace engine::simulator

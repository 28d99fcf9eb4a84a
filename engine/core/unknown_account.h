#pragma once

#include <string_view>

namespace engine {

// Account of the shard whose dead letters have none, because account_from found nothing usable in
// their events. On disk: never change.
inline constexpr std::string_view kUnknownAccount = "?";

} // namespace engine

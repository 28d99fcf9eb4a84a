// What Microsoft's two interfaces answer (platforms.md 5). Pure; any thread.
#pragma once

#include "platforms/answers.h"

#include <optional>
#include <span>
#include <string_view>

namespace engine::platforms {

// One row of the platform's table of codes.
struct MicrosoftCode {
    std::int64_t code { 0 };
    std::string_view name {};
    Outcome outcome { Outcome::Transient };
    std::optional<Millis> wait {}; // of the record, or (throttled) of the scope
};
[[nodiscard]] std::span<const MicrosoftCode> microsoftCodes();

// OfflineConversions/Apply: {"PartialErrors":[{"Index","Code",…}]}, sparse; or a fault that refuses
// the request, whatever its status.
[[nodiscard]] Decoded decodeOfflineAnswer(
    const HttpAnswer& answer, std::size_t records, WallTime now);

// UET: {"eventsReceived","error":{"details":[{"index",…}]}}.
[[nodiscard]] Decoded decodeUetAnswer(const HttpAnswer& answer, std::size_t records, WallTime now);

} // namespace engine::platforms

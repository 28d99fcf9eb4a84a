// What Google refuses in conversions and events (platforms.md 2). Written from the platform's side,
// apart from the adapter: the two check each other. Pure; any thread.
#pragma once

#include "core/json.h"

#include <engine/time.h>

#include <optional>
#include <string>
#include <string_view>

namespace engine::simulator {

struct GoogleViolation {
    // conversionUploadError, dateError, …; empty: a value of the wrong kind, for which the whole
    // request is refused before anything is looked at.
    std::string group {};
    std::string value {};
    std::string field {};
    std::string message {};
};

// The first rule that a conversion of uploadClickConversions breaks. A click whose id ends in
// ".<Unix seconds>" happened then; of any other nobody knows the time.
[[nodiscard]] std::optional<GoogleViolation> checkGoogleConversion(
    const Json& conversion, WallTime now);

// The same for an event of events:ingest.
[[nodiscard]] std::optional<GoogleViolation> checkIngestEvent(const Json& event, WallTime now);

} // namespace engine::simulator

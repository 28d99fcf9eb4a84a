// One event in the forms of the Google Ads API and of the Data Manager API. Pure; any thread.
#pragma once

#include "platforms/adapter.h"
#include "platforms/fields.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine::platforms {

// "987654", "customers/1234567890/conversionActions/987654".
[[nodiscard]] bool isConversionAction(std::string_view text);

// Does the event hold a click id, or (unless the destination matches by clicks alone) an e-mail
// address or a telephone number?
[[nodiscard]] bool hasGoogleClick(const CanonicalEvent& event);
[[nodiscard]] bool hasGoogleIdentifier(
    const CanonicalEvent& event, const DestinationConfig& destination);

// The element of "conversions" in a call of uploadClickConversions.
[[nodiscard]] Json googleConversion(
    const CanonicalEvent& event, const EncodeContext& context, Fields& fields);

// The element of "events" in a call of events:ingest.
[[nodiscard]] Json dataManagerEvent(
    const CanonicalEvent& event, const EncodeContext& context, Fields& fields);

// A custom variable of the platform and where its value stands in an event.
struct GoogleVariable {
    std::string id {}; // digits
    std::string path {};
};
// The option custom_variables; nothing when it cannot be read.
[[nodiscard]] std::optional<std::vector<GoogleVariable>> googleVariables(
    const DestinationConfig& destination);

// The number of the conversion action that is configured for this event, without the path around
// it; what is configured and is none is refused.
[[nodiscard]] std::string conversionActionId(
    const CanonicalEvent& event, const DestinationConfig& destination, Fields& fields);

} // namespace engine::platforms

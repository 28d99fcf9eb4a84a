// One event in the forms of Microsoft's two interfaces. Pure; any thread.
#pragma once

#include "platforms/adapter.h"
#include "platforms/fields.h"

namespace engine::platforms {

[[nodiscard]] bool hasOfflineIdentifier(const CanonicalEvent& event);
[[nodiscard]] bool hasUetIdentifier(const CanonicalEvent& event);

// The element of "OfflineConversions".
[[nodiscard]] Json offlineConversion(
    const CanonicalEvent& event, const EncodeContext& context, Fields& fields);

// The element of "data" of the UET Conversions API.
[[nodiscard]] Json uetEvent(
    const CanonicalEvent& event, const EncodeContext& context, Fields& fields);

} // namespace engine::platforms

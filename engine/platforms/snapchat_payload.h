// One event in the form of the Snapchat Conversions API v3. Pure; any thread.
#pragma once

#include "platforms/adapter.h"
#include "platforms/fields.h"

namespace engine::platforms {

// The element of "data". What is wrong with the event is in `fields` afterwards.
[[nodiscard]] Json snapchatPayload(
    const CanonicalEvent& event, const DestinationConfig& destination, Fields& fields);

} // namespace engine::platforms

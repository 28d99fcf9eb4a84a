// One event in the form of Criteo's server-to-server events. Pure; any thread.
#pragma once

#include "platforms/adapter.h"
#include "platforms/fields.h"

#include <string>
#include <string_view>

namespace engine::platforms {

// The platform's name for the event ("trackTransaction"); empty where it has none, or where the
// event lacks what an event of that name is about (the items of a basket).
[[nodiscard]] bool isCriteoEvent(std::string_view name); // one of the platform's kinds
[[nodiscard]] std::string criteoEventName(
    const CanonicalEvent& event, const DestinationConfig& destination);

// Does the event hold something by which Criteo knows a user?
[[nodiscard]] bool hasCriteoIdentity(
    const CanonicalEvent& event, const DestinationConfig& destination);

// All of a request but its events: who, where, with what. What is wrong is in `fields` afterwards.
[[nodiscard]] Json criteoEnvelope(
    const CanonicalEvent& event, const EncodeContext& context, Fields& fields);
// The element of "events".
[[nodiscard]] Json criteoEvent(
    const CanonicalEvent& event, const EncodeContext& context, Fields& fields);

} // namespace engine::platforms

// One event in the form of the TikTok Events API. Pure; any thread.
#pragma once

#include "platforms/adapter.h"
#include "platforms/fields.h"

namespace engine::platforms {

// "web", "app", "offline" or "crm": what kind of id the account is. Empty for an action_source that
// nobody knows.
[[nodiscard]] std::string tiktokEventSource(
    const CanonicalEvent& event, const DestinationConfig& destination);

// Does the event hold a key, or the pair of address and browser, by which TikTok can find a person?
[[nodiscard]] bool hasTiktokIdentifier(const CanonicalEvent& event);

// The element of "data". What is wrong with the event is in `fields` afterwards.
[[nodiscard]] Json tiktokPayload(
    const CanonicalEvent& event, const EncodeContext& context, Fields& fields);

} // namespace engine::platforms

// How an event is called: the canonical lower-snake name behind a sender's spelling, and each
// platform's own name for it (platforms.md B.3). Pure; any thread. canonicalName() is in adapter.h.
#pragma once

#include "core/config.h"
#include "platforms/adapter.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine::platforms {

// The platform's standard name for a canonical one; empty where it has none.
[[nodiscard]] std::string_view standardName(
    std::string_view platform, std::string_view canonicalName);

// For platforms with a closed list of names: the destination's own mapping, else the platform's
// standard name; empty where neither knows the event.
[[nodiscard]] std::string mappedNameFor(
    const CanonicalEvent& event, const DestinationConfig& destination);

// What goes on the wire: the destination's own mapping (by given or canonical name), else the
// platform's standard name, else the name as it was given (a custom event).
[[nodiscard]] std::string eventNameFor(
    const CanonicalEvent& event, const DestinationConfig& destination);

// For platforms without a vocabulary: the id or name for this event. What the event itself says
// under routing, for the destination or for its platform, wins over what the destination configures
// by given or canonical name; empty: the event is not meant for it.
[[nodiscard]] std::string configuredName(
    const CanonicalEvent& event, const DestinationConfig& destination);

// A name of a closed list (Pinterest, Snapchat); true for platforms that have none.
[[nodiscard]] bool isInClosedList(std::string_view platform, std::string_view name);

// The names of events that this destination does not route because nothing leads them to a name or
// id of the platform's: of those that it takes, or, where it takes all, of the canonical ones.
[[nodiscard]] std::vector<std::string> unmappedNames(
    const DestinationConfig& destination, NameRule rule);

// Why an advertising platform without a vocabulary does not get this event; `hasIdentifier`: it
// holds something by which the platform knows people.
[[nodiscard]] std::optional<NotForPlatform> unroutableByName(
    const CanonicalEvent& event, const DestinationConfig& destination, bool hasIdentifier);

} // namespace engine::platforms

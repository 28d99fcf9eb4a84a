// One event in the form of the LinkedIn Conversions API. Pure; any thread.
#pragma once

#include "platforms/adapter.h"
#include "platforms/fields.h"

#include <string>
#include <string_view>

namespace engine::platforms {

// The number of a conversion rule that is written as such or as its whole name; empty: it is none.
[[nodiscard]] std::string linkedinRuleId(std::string_view name);

// An e-mail address, a click, first and last name, an external id or a lead: one of them has to be
// there. An address of the network or a device alone finds nobody.
[[nodiscard]] bool hasLinkedinIdentifier(const CanonicalEvent& event);

// The element of "elements". What is wrong with the event is in `fields` afterwards.
[[nodiscard]] Json linkedinPayload(
    const CanonicalEvent& event, const DestinationConfig& destination, Fields& fields);

} // namespace engine::platforms

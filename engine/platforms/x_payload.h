// One event in the form of the X Conversion API. Pure; any thread.
#pragma once

#include "platforms/adapter.h"
#include "platforms/fields.h"

#include <string_view>

namespace engine::platforms {

// "o87ne", or with its pixel in front "tw-o8z6j-o87ne".
[[nodiscard]] bool isXEvent(std::string_view id);

// A click, an e-mail address or a telephone number: one of them has to be there.
[[nodiscard]] bool hasXIdentifier(const CanonicalEvent& event);

// The element of "conversions". What is wrong with the event is in `fields` afterwards.
[[nodiscard]] Json xPayload(
    const CanonicalEvent& event, const DestinationConfig& destination, Fields& fields);

} // namespace engine::platforms

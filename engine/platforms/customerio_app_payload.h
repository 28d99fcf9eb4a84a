// One event as a message or as the trigger of a broadcast. Pure; any thread.
#pragma once

#include "platforms/adapter.h"
#include "platforms/fields.h"

#include <string_view>

namespace engine::platforms {

enum class CustomerIoAppApi : std::uint8_t { Messages, Broadcasts };
[[nodiscard]] CustomerIoAppApi customerIoAppApi(const DestinationConfig& destination);

// "email" or "push"; whatever the event says otherwise is refused later.
[[nodiscard]] std::string customerIoChannel(
    const CanonicalEvent& event, const DestinationConfig& destination);

// Is there anybody to send to? A broadcast names its own audience.
[[nodiscard]] bool hasCustomerIoRecipient(
    const CanonicalEvent& event, const DestinationConfig& destination);

// The body of a request. What is wrong with the event is in `fields` afterwards.
[[nodiscard]] Json customerIoMessage(
    const CanonicalEvent& event, const EncodeContext& context, Fields& fields);
[[nodiscard]] Json customerIoTrigger(const CanonicalEvent& event, Fields& fields);

} // namespace engine::platforms

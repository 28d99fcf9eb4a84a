// Signatures in the form of the Standard Webhooks specification, so that receivers can use any
// library that reads it. Pure; any thread.
#pragma once

#include <engine/result.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace engine::platforms {

struct SignedMessage {
    std::string_view id {}; // webhook-id
    std::int64_t timestamp { 0 }; // webhook-timestamp, Unix seconds
    std::string_view body {};
};

// The value of webhook-signature: "v1,<base64>" for each secret, apart by spaces. `secrets` is
// "whsec_<base64>", or several apart by spaces while a receiver changes from one to the next.
// BadRequest when a secret is not Base64; the message never holds it.
[[nodiscard]] Result<std::string> webhookSignature(
    std::string_view secrets, const SignedMessage& message);

} // namespace engine::platforms

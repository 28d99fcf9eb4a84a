// Bearer keys, compared so that neither the time taken nor a log tells anything about them.
#pragma once

#include "http/server.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace engine::http {

// SHA-256 of a key. Keys of different lengths become equally long, so comparing them cannot tell
// the length either, and a memory dump of a table of them shows no key.
struct KeyDigest {
    std::array<std::uint8_t, 32> bytes {};
};
[[nodiscard]] KeyDigest digestOf(std::string_view key);

// Looks at every byte whatever the first one says.
[[nodiscard]] bool isSameKey(const KeyDigest& a, const KeyDigest& b);

// The token of "Authorization: Bearer <token>" (the scheme in any case); nothing when the header is
// absent, stands twice, or has another form.
[[nodiscard]] std::optional<std::string_view> bearerOf(const ServerRequest& request);

} // namespace engine::http

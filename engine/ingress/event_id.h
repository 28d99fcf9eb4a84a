// Ids for events that came without one.
#pragma once

#include <engine/time.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace engine::ingress {

// 64 fresh random bits at each call.
using RandomBits = std::function<std::uint64_t()>;
[[nodiscard]] RandomBits systemRandom();

// UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then chance, so that ids sort by age.
[[nodiscard]] std::string makeUuid7(WallTime now, const RandomBits& random);

struct DerivedId {
    std::string_view workspace {};
    std::string_view idempotencyKey {};
    std::size_t index { 0 }; // of the item in the body
};
// UUID version 8 from a SHA-256 of the three: a client that repeats its request after a lost answer
// gives its events the same ids again.
[[nodiscard]] std::string deriveUuid(const DerivedId& from);

} // namespace engine::ingress

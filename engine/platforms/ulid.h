// The event ids that Customer.io removes repeats by. Pure; any thread.
#pragma once

#include <engine/time.h>

#include <string>
#include <string_view>

namespace engine::platforms {

// 26 characters of Crockford's Base32 that fit 128 bits; either case.
[[nodiscard]] bool isUlid(std::string_view text);

// The same ULID for the same event, whenever and wherever it is encoded: 48 bits of event time, 80
// bits of a digest over id and name. The name is part of an event's identity: two events may share
// an id.
struct UlidSource {
    std::string_view eventId {};
    std::string_view eventName {};
    WallTime eventTime {};
};
[[nodiscard]] std::string deriveUlid(const UlidSource& source);

} // namespace engine::platforms

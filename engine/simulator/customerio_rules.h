// What Customer.io Track refuses in one operation (platforms.md 13.1 and 13.2). Written from the
// platform's side, apart from the adapter: the two check each other. Pure; any thread.
#pragma once

#include "core/json.h"

#include <engine/time.h>

#include <optional>
#include <string>
#include <string_view>

namespace engine::simulator {

struct CustomerIoViolation {
    std::string reason {}; // "required", "invalid"
    std::string field {};
    std::string message {};
};
using CustomerIoCheck = std::optional<CustomerIoViolation>;

// An operation of a v2 batch.
[[nodiscard]] CustomerIoCheck checkOperation(const Json& operation, WallTime now);
// The body of an event in v1; an anonymous one names its person in it.
[[nodiscard]] CustomerIoCheck checkV1Event(const Json& body, bool isAnonymous, WallTime now);
[[nodiscard]] CustomerIoCheck checkAttributes(const Json& attributes);
[[nodiscard]] CustomerIoCheck checkDevice(const Json* device, std::string_view idKey);

} // namespace engine::simulator

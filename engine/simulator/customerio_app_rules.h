// What Customer.io App refuses in a message or a trigger (platforms.md 13.3 and 13.4). Written from
// the platform's side, apart from the adapter: the two check each other. Pure; any thread.
#pragma once

#include "core/json.h"

#include <optional>
#include <string>

namespace engine::simulator {

struct CustomerIoAppFault {
    std::string field {};
    std::string message {};
};
using CustomerIoAppCheck = std::optional<CustomerIoAppFault>;

[[nodiscard]] CustomerIoAppCheck checkMessage(const Json& body, bool isPush);
[[nodiscard]] CustomerIoAppCheck checkTrigger(const Json& body);

} // namespace engine::simulator

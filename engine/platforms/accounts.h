// Which account an event belongs to, where the configuration has it read from the event
// (account_from). Pure.
#pragma once

#include "core/config.h"
#include "core/json.h"

#include <engine/result.h>

#include <string>

namespace engine::platforms {

class Adapter;

// Or why it names none that the platform could have; it may become part of a URL.
[[nodiscard]] Result<std::string> accountIn(
    const Json& event, const DestinationConfig& destination, const Adapter& adapter);
// It would be one more than accounts_max.
[[nodiscard]] Error tooManyAccounts(const DestinationConfig& destination);

} // namespace engine::platforms

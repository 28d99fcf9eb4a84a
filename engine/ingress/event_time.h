// When an event happened, as producers write it.
#pragma once

#include "core/json.h"

#include <engine/result.h>
#include <engine/time.h>

namespace engine::ingress {

// ISO 8601 with zone, or Unix seconds or milliseconds as a number or a text that holds one,
// decimals and exponent allowed; digits beyond microseconds are cut. Below 100,000,000,000 it is
// seconds (as milliseconds that would be 1973), from there on milliseconds (as seconds that would
// be 5138). Refused outside 2000-01-01 … now + 1 day, which catches mistaken units. The error has
// no field.
[[nodiscard]] Result<WallTime> readEventTime(const Json& given, WallTime now);

} // namespace engine::ingress

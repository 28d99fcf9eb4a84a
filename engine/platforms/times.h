// An event's time in the units of each platform (platforms.md B.4). All round down, also before
// 1970, so that no platform sees an event later than it was. Pure; any thread.
#pragma once

#include <engine/time.h>

#include <cstdint>
#include <string>

namespace engine::platforms {

[[nodiscard]] std::int64_t toUnixSeconds(WallTime time);
[[nodiscard]] std::int64_t toUnixMillis(WallTime time);
[[nodiscard]] std::string toIsoMillis(WallTime time); // 2026-11-27T09:12:01.123Z
[[nodiscard]] std::string toIsoSevenDigits(WallTime time); // 2026-11-27T09:12:01.1234560Z
[[nodiscard]] std::string toOffsetText(WallTime time); // 2026-11-27 09:12:01+00:00
[[nodiscard]] std::string toPlainUtc(WallTime time); // 2026-11-27 09:12:01

// Outside 2000-01-01 … now + 1 day a time is a unit mistake (seconds read as milliseconds), not an
// event.
[[nodiscard]] bool isPlausibleEventTime(WallTime time, WallTime now);

} // namespace engine::platforms

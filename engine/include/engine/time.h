// Time as the whole program uses it. Pacing, waits and deadlines run on SteadyTime; what is stored
// or shown to people is WallTime. Microseconds, because an event_time may carry them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace engine {

using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::sys_time<std::chrono::microseconds>;
using Micros = std::chrono::microseconds;
using Millis = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

// Microseconds since 1970-01-01T00:00:00Z, the form of every *_us column.
[[nodiscard]] constexpr std::int64_t toUnixMicros(WallTime time)
{
    return time.time_since_epoch().count();
}
[[nodiscard]] constexpr WallTime fromUnixMicros(std::int64_t micros)
{
    return WallTime { Micros { micros } };
}

// "2026-11-27T09:12:01.123Z": UTC, milliseconds (microseconds when there are any).
[[nodiscard]] std::string toIso8601(WallTime time);

// ISO 8601 with a zone (Z or ±hh[:mm]), date and time apart by T or a space, up to nine decimals;
// nothing when it is anything else. A date alone or a time without zone is refused: it is
// ambiguous.
[[nodiscard]] std::optional<WallTime> parseIso8601(std::string_view text);

// "250ms", "20s", "5m", "2h", "7d"; nothing when it is anything else or does not fit.
[[nodiscard]] std::optional<Millis> parseDuration(std::string_view text);
[[nodiscard]] std::string toDurationText(
    Millis duration); // the shortest exact form that parseDuration reads

} // namespace engine

// How much the program asks before it writes (console-design §8). Ordered: each level asks more.
#pragma once

#include <cstdint>

namespace engine {

enum class SafetyLevel : std::uint8_t {
    Practice, // almost everything at once
    Standard,
    Guarded, // live traffic: trials, reasons, consequences first
    Observe, // no writes at all; the engine refuses them, whoever asks
};
[[nodiscard]] const char* toString(SafetyLevel level); // "practice", "standard", …

} // namespace engine

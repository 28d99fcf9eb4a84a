// What the built-in simulator plays: a story, how fast, and from which seed. Values.
#pragma once

#include <cstdint>
#include <string>

namespace engine {

struct SimulationPlay {
    std::string story { "first_start" }; // a key for people's words, not for people
    int speed { 1 }; // 1…10: traffic and script run that many times as fast; the engine does not
    std::uint64_t seed { 7 };
    friend bool operator==(const SimulationPlay&, const SimulationPlay&) = default;
};

} // namespace engine

#include "core/clock.h"

namespace engine {

SteadyTime SystemClock::steadyNow() const { return std::chrono::steady_clock::now(); }

WallTime SystemClock::wallNow() const
{
    return std::chrono::floor<Micros>(std::chrono::system_clock::now());
}

} // namespace engine

#include "core/clock.h"

namespace engine {

SystemClock::SystemClock()
    : m_startSteady(std::chrono::steady_clock::now())
    , m_startWall(std::chrono::floor<Micros>(std::chrono::system_clock::now()))
{
}

SteadyTime SystemClock::steadyNow() const { return std::chrono::steady_clock::now(); }

WallTime SystemClock::wallNow() const
{
    return std::chrono::floor<Micros>(std::chrono::system_clock::now());
}

WallTime SystemClock::dueAt(SteadyTime at) const
{
    return m_startWall + std::chrono::floor<Micros>(at - m_startSteady);
}

} // namespace engine

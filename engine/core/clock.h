// The two clocks, injected. Decisions never ask a clock: they are given `now`.
#pragma once

#include <engine/time.h>

namespace engine {

class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;
    [[nodiscard]] virtual SteadyTime steadyNow() const = 0; // intervals, pacing, deadlines
    [[nodiscard]] virtual WallTime wallNow() const = 0; // stored, and shown to people
    // Due times: what the wall clock said when the run began, plus what the steady clock counted
    // since. They do not jump when somebody sets the wall clock, and mean something to the next
    // run.
    [[nodiscard]] virtual WallTime dueAt(SteadyTime at) const = 0;
};

// The machine's clocks. Any thread. The run begins when it is made: one for a process.
class SystemClock final : public Clock {
public:
    SystemClock();
    [[nodiscard]] SteadyTime steadyNow() const override;
    [[nodiscard]] WallTime wallNow() const override;
    [[nodiscard]] WallTime dueAt(SteadyTime at) const override;

private:
    SteadyTime m_startSteady {};
    WallTime m_startWall {};
};

} // namespace engine

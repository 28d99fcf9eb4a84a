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
};

// The machine's clocks. Any thread.
class SystemClock final : public Clock {
public:
    [[nodiscard]] SteadyTime steadyNow() const override;
    [[nodiscard]] WallTime wallNow() const override;
};

} // namespace engine

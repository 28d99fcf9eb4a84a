// The window's clock, injected so that test mode can hold it still.
#pragma once

#include <engine/time.h>

namespace ui {

class UiClock {
public:
    UiClock() = default;
    UiClock(const UiClock&) = delete;
    UiClock& operator=(const UiClock&) = delete;
    virtual ~UiClock() = default;
    [[nodiscard]] virtual engine::SteadyTime steadyNow() const = 0; // ages and time-outs
    [[nodiscard]] virtual engine::WallTime wallNow() const = 0; // shown to people
};

class SystemUiClock final : public UiClock {
public:
    [[nodiscard]] engine::SteadyTime steadyNow() const override
    {
        return std::chrono::steady_clock::now();
    }
    [[nodiscard]] engine::WallTime wallNow() const override
    {
        return std::chrono::time_point_cast<engine::Micros>(std::chrono::system_clock::now());
    }
};

} // namespace ui

// A deterministic world: events happen in the order of their time, equal times in the order in
// which they were planned. Nothing waits.
#pragma once

#include "support/fake_clock.h"

#include <cstdint>
#include <functional>
#include <map>

namespace engine::testing {

class SimLoop {
public:
    FakeClock clock {};

    void at(SteadyTime when, std::function<void()> happen)
    {
        m_events.emplace(
            std::pair { std::max(when, clock.steadyNow()), ++m_order }, std::move(happen));
    }
    void after(std::chrono::nanoseconds wait, std::function<void()> happen)
    {
        at(clock.steadyNow() + wait, std::move(happen));
    }
    // Asked whenever everything planned for now has happened; says when to ask again.
    void onIdle(std::function<SteadyTime()> turn) { m_turn = std::move(turn); }

    void runUntil(SteadyTime end)
    {
        while (true) {
            const SteadyTime now = clock.steadyNow();
            if (!m_events.empty() && m_events.begin()->first.first <= now) {
                const auto happen = std::move(m_events.begin()->second);
                m_events.erase(m_events.begin());
                happen();
                continue;
            }
            SteadyTime next = m_turn ? m_turn() : end;
            if (next <= now)
                continue;
            if (!m_events.empty())
                next = std::min(next, m_events.begin()->first.first);
            if (next <= now)
                continue;
            if (next > end) {
                clock.advance(end - now);
                return;
            }
            clock.advance(next - now);
        }
    }
    void runFor(std::chrono::nanoseconds time) { runUntil(clock.steadyNow() + time); }
    void forgetAll() { m_events.clear(); } // the process died

private:
    std::map<std::pair<SteadyTime, std::uint64_t>, std::function<void()>> m_events {};
    std::uint64_t m_order { 0 };
    std::function<SteadyTime()> m_turn {};
};

} // namespace engine::testing

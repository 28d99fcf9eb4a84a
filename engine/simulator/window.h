// The limit of a platform that keeps an exact log: never more than `amount` in any span of
// `period`, however that is laid. Written apart from the engine's own pacing on purpose: the two
// check each other. One thread.
#pragma once

#include "core/contract.h"

#include <cstdint>
#include <deque>
#include <string>
#include <utility>

namespace engine::simulator {

struct WindowRule {
    LimitUnit unit { LimitUnit::Requests };
    std::int64_t amount { 0 };
    Millis period { 0 };
    // Starts anew at each full period of the clock (a day at midnight UTC) instead of sliding.
    bool isAligned { false };
    std::string way {}; // counts only requests that come this way; empty: all
    // Whose requests count together: of one account, or of all accounts behind one credential.
    LimitScope scope { LimitScope::Account };
    friend bool operator==(const WindowRule&, const WindowRule&) = default;
};

class StrictWindow {
public:
    explicit StrictWindow(WindowRule rule)
        : m_rule(std::move(rule))
    {
    }

    // What was taken at t counts until just before t + period; aligned, until the next full period
    // of the clock that `now` is read from. `amount` may be lower than the
    // rule's, while a platform is stricter than it says.
    [[nodiscard]] bool fits(std::int64_t count, std::int64_t amount, SteadyTime now);
    // How long until that fits; a count above the amount never does: one whole period.
    [[nodiscard]] Millis untilFits(std::int64_t count, std::int64_t amount, SteadyTime now);
    void take(std::int64_t count, SteadyTime now);
    [[nodiscard]] std::int64_t used(SteadyTime now);

    [[nodiscard]] const WindowRule& rule() const { return m_rule; }

private:
    struct Taken {
        SteadyTime at {};
        std::int64_t count { 0 };
    };
    void forget(SteadyTime now);

    WindowRule m_rule;
    std::deque<Taken> m_taken {}; // oldest first; bounded by the rule's amount
    std::int64_t m_sum { 0 };
};

} // namespace engine::simulator

// A platform that enforces its contract strictly, at a clock of its own that runs a little wrong.
#pragma once

#include "support/sim_transport.h"

#include <deque>
#include <map>
#include <string>

namespace engine::testing {

// Never more than `amount` units in any `period`, exactly, per scope.
class StrictWindow {
public:
    StrictWindow(std::int64_t amount, Millis period, double clockRate)
        : m_amount(amount)
        , m_period(std::chrono::duration<double, std::nano>(period).count())
        , m_clockRate(clockRate)
    {
    }

    // False: one too many, refused and not counted.
    bool take(const std::string& scope, SteadyTime now, std::int64_t units)
    {
        const double at = static_cast<double>(now.time_since_epoch().count()) * m_clockRate;
        Log& log = m_logs[scope];
        while (!log.entries.empty() && log.entries.front().first <= at - m_period) {
            log.sum -= log.entries.front().second;
            log.entries.pop_front();
        }
        if (log.sum + units > m_amount) {
            ++violations;
            return false;
        }
        log.entries.emplace_back(at, units);
        log.sum += units;
        log.total += units;
        return true;
    }
    [[nodiscard]] std::int64_t total(const std::string& scope) { return m_logs[scope].total; }

    std::int64_t violations { 0 };

private:
    struct Log {
        std::deque<std::pair<double, std::int64_t>> entries {};
        std::int64_t sum { 0 };
        std::int64_t total { 0 };
    };
    std::int64_t m_amount { 0 };
    double m_period { 0 };
    double m_clockRate { 1 };
    std::map<std::string, Log> m_logs {};
};

} // namespace engine::testing

#include "simulator/window.h"

namespace engine::simulator {

void StrictWindow::forget(SteadyTime now)
{
    while (!m_taken.empty() && now - m_taken.front().at >= m_rule.period) {
        m_sum -= m_taken.front().count;
        m_taken.pop_front();
    }
}

bool StrictWindow::fits(std::int64_t count, std::int64_t amount, SteadyTime now)
{
    forget(now);
    return m_sum + count <= amount;
}

Millis StrictWindow::untilFits(std::int64_t count, std::int64_t amount, SteadyTime now)
{
    forget(now);
    std::int64_t sum = m_sum;
    for (const Taken& taken : m_taken) {
        if (sum + count <= amount)
            break;
        sum -= taken.count;
        if (sum + count <= amount)
            return std::chrono::ceil<Millis>(taken.at + m_rule.period - now);
    }
    return sum + count <= amount ? Millis { 0 } : m_rule.period;
}

void StrictWindow::take(std::int64_t count, SteadyTime now)
{
    forget(now);
    const auto intoPeriod
        = m_rule.isAligned ? now.time_since_epoch() % m_rule.period : SteadyTime::duration::zero();
    m_taken.push_back({ .at = now - intoPeriod, .count = count });
    m_sum += count;
}

std::int64_t StrictWindow::used(SteadyTime now)
{
    forget(now);
    return m_sum;
}

} // namespace engine::simulator

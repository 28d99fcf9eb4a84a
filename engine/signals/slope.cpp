#include "signals/slope.h"

namespace engine::signals {

namespace {
constexpr std::size_t kSamplesMax = 512; // snapshots on change come up to four a second
}

void Slope::add(SteadyTime now, double value)
{
    m_samples.emplace_back(now, value);
    while (m_samples.size() > kSamplesMax || m_samples.front().first < now - kSpan)
        m_samples.pop_front();
}

double Slope::perSecond() const
{
    if (m_samples.size() < kSamplesMin)
        return 0;
    const SteadyTime origin = m_samples.front().first;
    const auto n = static_cast<double>(m_samples.size());
    double sumT = 0;
    double sumV = 0;
    for (const auto& [at, value] : m_samples) {
        sumT += std::chrono::duration<double>(at - origin).count();
        sumV += value;
    }
    const double meanT = sumT / n;
    const double meanV = sumV / n;
    double up = 0;
    double down = 0;
    for (const auto& [at, value] : m_samples) {
        const double t = std::chrono::duration<double>(at - origin).count() - meanT;
        up += t * (value - meanV);
        down += t * t;
    }
    return down > 0 ? up / down : 0;
}

} // namespace engine::signals

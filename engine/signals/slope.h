// The trend of a value sampled once a second.
#pragma once

#include <engine/time.h>

#include <deque>
#include <utility>

namespace engine::signals {

// Least squares over the last 120 s, in units per second; 0 below 10 samples.
class Slope {
public:
    void add(SteadyTime now, double value);
    [[nodiscard]] double perSecond() const;

    static constexpr Seconds kSpan { 120 };
    static constexpr std::size_t kSamplesMin = 10;

private:
    std::deque<std::pair<SteadyTime, double>> m_samples {};
};

} // namespace engine::signals

#include "pacing/adaptive_concurrency.h"

#include <algorithm>
#include <cmath>

namespace engine::pacing {

namespace {

constexpr double kWeight = 0.3; // of the newest interval in the smoothed mean and deviation
// Round trips that hardly vary would make every flutter a reason to shrink.
constexpr double kDeviationMin = 0.05; // of the mean
constexpr double kDeviationMinUs = 1'000;
constexpr Millis kIntervalMin { 10 };

} // namespace

AdaptiveConcurrency::AdaptiveConcurrency(ConcurrencyOptions options)
    : m_options(options)
    , m_limit(cap())
{
}

int AdaptiveConcurrency::cap() const
{
    return std::max(1, std::min(m_options.configured, m_options.ceiling));
}

void AdaptiveConcurrency::setOptions(ConcurrencyOptions options)
{
    const int before = cap();
    m_options = options;
    if (cap() > before && !m_isSlowStarting)
        m_limit = cap();
    m_limit = std::min(m_limit, static_cast<double>(cap()));
}

int AdaptiveConcurrency::limit() const
{
    if (!m_options.isAdaptive && !m_isSlowStarting)
        return cap();
    return std::clamp(static_cast<int>(m_limit), 1, cap());
}

void AdaptiveConcurrency::slowStart()
{
    m_isSlowStarting = cap() > 1;
    m_limit = 1;
    m_intervalEnd.reset();
    m_sumUs = 0;
    m_samples = 0;
    m_wasLimitReached = false;
    m_hadBackPressure = false;
}

void AdaptiveConcurrency::shrink()
{
    m_isSlowStarting = false;
    m_limit = std::max(1.0, std::floor(m_limit * kShrink));
}

void AdaptiveConcurrency::ended(SteadyTime now, const Sample& sample)
{
    if (!m_intervalEnd) {
        const double firstUs = m_hasMean ? m_meanUs : static_cast<double>(sample.roundTrip.count());
        m_intervalEnd = now + std::max<Micros>(kIntervalMin, Micros { std::llround(firstUs) });
    }
    m_sumUs += static_cast<double>(sample.roundTrip.count());
    ++m_samples;
    if (sample.isBackPressure && !m_hadBackPressure) {
        m_hadBackPressure = true; // once an interval: a burst of refusals is one sign
        shrink();
    }
    if (now >= *m_intervalEnd)
        closeInterval(now);
}

void AdaptiveConcurrency::closeInterval(SteadyTime now)
{
    const double mean = m_sumUs / m_samples;
    const double deviation = std::max({ m_deviationUs, m_meanUs * kDeviationMin, kDeviationMinUs });
    if (!m_hadBackPressure) {
        if (m_hasMean && mean > m_meanUs + kDeviations * deviation)
            shrink();
        else if (m_wasLimitReached)
            m_limit = m_isSlowStarting ? m_limit * 2 : m_limit + 1;
    }
    m_limit = std::min(m_limit, static_cast<double>(cap()));
    if (m_limit >= cap())
        m_isSlowStarting = false;
    learn(mean);
    m_intervalEnd = now + std::max<Micros>(kIntervalMin, Micros { std::llround(m_meanUs) });
    m_sumUs = 0;
    m_samples = 0;
    m_wasLimitReached = false;
    m_hadBackPressure = false;
}

void AdaptiveConcurrency::learn(double mean)
{
    if (!m_hasMean) {
        m_hasMean = true;
        m_meanUs = mean;
        m_deviationUs = mean / 4;
        return;
    }
    m_deviationUs += kWeight * (std::abs(mean - m_meanUs) - m_deviationUs);
    m_meanUs += kWeight * (mean - m_meanUs);
}

} // namespace engine::pacing

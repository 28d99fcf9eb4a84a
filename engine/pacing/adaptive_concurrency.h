// How many requests may be in flight: additive increase, multiplicative decrease on latency and
// back-pressure.
#pragma once

#include <engine/time.h>

#include <optional>

namespace engine::pacing {

struct ConcurrencyOptions {
    int configured { 4 }; // the file's value, or the operator's override
    int ceiling { 4 }; // the contract's; growth ends at the smaller of both
    bool isAdaptive { true };
    friend bool operator==(const ConcurrencyOptions&, const ConcurrencyOptions&) = default;
};

// Starts at the configured value, which is also its cap. Delivery thread.
class AdaptiveConcurrency {
public:
    explicit AdaptiveConcurrency(ConcurrencyOptions options);

    // A raised value is followed at once, a lowered one cuts at once.
    void setOptions(ConcurrencyOptions options);

    [[nodiscard]] int limit() const;
    [[nodiscard]] int cap() const;

    void limitReached() { m_wasLimitReached = true; } // a request went out as the last that fitted
    struct Sample {
        Micros roundTrip { 0 }; // a timeout counts as its limit
        bool isBackPressure { false }; // throttled; never a timeout
    };
    void ended(SteadyTime now, const Sample& sample);

    // One in flight, doubling each interval that used them all, until the cap or the first sign of
    // trouble. After a breaker, a resume, a warm-up.
    void slowStart();
    [[nodiscard]] bool isSlowStarting() const { return m_isSlowStarting; }

    static constexpr double kShrink = 0.9;
    static constexpr double kDeviations = 2.5;

private:
    void closeInterval(SteadyTime now);
    void shrink();
    void learn(double mean);

    ConcurrencyOptions m_options {};
    double m_limit { 1 };
    bool m_isSlowStarting { false };
    bool m_wasLimitReached { false };
    // The interval under way: one smoothed mean round trip long.
    std::optional<SteadyTime> m_intervalEnd {};
    double m_sumUs { 0 };
    int m_samples { 0 };
    bool m_hadBackPressure { false };
    // Smoothed over intervals, microseconds.
    bool m_hasMean { false };
    double m_meanUs { 0 };
    double m_deviationUs { 0 };
};

} // namespace engine::pacing

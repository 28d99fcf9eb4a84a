// The rate that a throttle taught: falls at once, comes back along a cubic curve that lingers near
// the rate that was refused and then probes beyond it.
#pragma once

#include <engine/time.h>

#include <deque>
#include <optional>

namespace engine::pacing {

struct LearnedCeiling {
    double requestsPerSecond { 0 };
    SteadyTime at {};
};

// Requests per second of one scope. Unlimited until the first throttle, and again once it has grown
// far beyond what was refused. Never more than what the other gates allow: it is one gate more.
class AdaptiveRate {
public:
    void sent(SteadyTime now); // measures the rate in force
    void unsent(); // the last of them was refunded
    // The hold that follows ends at `heldUntil`: the curve starts there. A throttle of a request
    // sent before the last fall changes nothing.
    void throttled(SteadyTime now, SteadyTime sentAt, SteadyTime heldUntil);
    // A usage header: above 0.75 of a budget the rate falls by a tenth a second at most.
    void usage(SteadyTime now, double ratio);

    [[nodiscard]] std::optional<double> limit(SteadyTime now) const; // absent: unlimited
    [[nodiscard]] std::optional<LearnedCeiling> learned() const { return m_learned; }

    // What outlives a restart: the last fall. Everything later follows from it.
    struct State {
        double peak { 0 }; // requests per second, like the floor
        double floor { 0 };
        SteadyTime fellAt {};
        SteadyTime resumeAt {};
        SteadyTime forgottenAt {}; // unlimited again from here on
        std::optional<LearnedCeiling> learned {};
    };
    [[nodiscard]] std::optional<State> state() const; // absent: it never fell
    // The later fall counts. No curve rests for longer than kRestMax, whatever the clock did.
    void restore(SteadyTime now, const State& state);

    static constexpr double kFall = 0.7; // of the rate that was refused
    static constexpr Seconds kRecovery { 60 }; // back at the refused rate after this
    static constexpr double kRateMin = 1.0 / 60; // one request a minute: probing never stops
    static constexpr double kUsageSlow = 0.75;
    static constexpr double kUsageStop = 0.95;
    static constexpr Millis kRestMax { std::chrono::hours { 24 } }; // as long as any throttle holds

private:
    [[nodiscard]] double measured(SteadyTime now) const;
    void fallFrom(double rate, double factor, SteadyTime resumeAt);
    void aimAt(double peak, double floor, SteadyTime resumeAt);

    static constexpr std::size_t kSamplesMax = 512;
    std::deque<SteadyTime> m_sent {};
    std::optional<LearnedCeiling> m_learned {};
    bool m_isLimiting { false };
    double m_peak { 0 };
    double m_floor { 0 };
    SteadyTime m_resumeAt {};
    SteadyTime m_forgottenAt {};
    SteadyTime m_fellAt { SteadyTime::min() };
};

} // namespace engine::pacing

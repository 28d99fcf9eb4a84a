// The rate that a throttle taught: falls at once, comes back along a cubic curve that lingers near
// the rate that was refused and then probes beyond it. And the one that a usage header leaves.
#pragma once

#include <engine/time.h>

#include <deque>
#include <optional>
#include <string>

namespace engine::pacing {

struct LearnedCeiling {
    double requestsPerSecond { 0 };
    SteadyTime at {};
    std::string from {}; // the code of the refusal, the name of the header; empty: not known
};

// Requests per second of one scope. Unlimited until the first throttle, and again once it has grown
// far beyond what was refused. Never more than what the other gates allow: it is one gate more.
class AdaptiveRate {
public:
    void sent(SteadyTime now); // measures the rate in force
    void unsent(); // the last of them was refunded
    // The hold that follows ends at `heldUntil`: the curve starts there. A throttle of a request
    // sent before the last fall changes nothing.
    struct Throttle {
        SteadyTime sentAt {}; // of the request that was refused
        SteadyTime heldUntil {};
        std::string from {};
    };
    void throttled(SteadyTime now, const Throttle& throttle);
    // A usage header: so much of a budget is used. Above kUsageSlow the rate is a share of the
    // whole that falls to nothing at kUsageStop, and follows every header, up as well as down: what
    // is used at a steady rate stays where it is. A throttle is another matter and still counts.
    struct Usage {
        double ratio { 0 }; // 0…1
        // Requests per second that the contract allows; without one what went out before it slowed.
        std::optional<double> whole {};
        std::string from {};
    };
    void usage(SteadyTime now, const Usage& told);

    [[nodiscard]] std::optional<double> limit(SteadyTime now) const; // absent: unlimited
    // The rate that was refused last, while it still matters.
    [[nodiscard]] std::optional<LearnedCeiling> learned(SteadyTime now) const;
    // What the usage header leaves, while it slows.
    [[nodiscard]] std::optional<LearnedCeiling> usageCeiling(SteadyTime now) const;

    // What outlives a restart: the last fall. Everything later follows from it. The usage is told
    // again by the first answer.
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
    static constexpr Seconds kUsageFor { 3'600 }; // budgets are of an hour; then it says nothing
    static constexpr Millis kRestMax { std::chrono::hours { 24 } }; // as long as any throttle holds

private:
    [[nodiscard]] double measured(SteadyTime now) const;
    [[nodiscard]] std::optional<double> curve(SteadyTime now) const;
    void fallFrom(double rate, SteadyTime resumeAt);
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
    struct Slowed {
        double whole { 0 };
        LearnedCeiling to {};
        SteadyTime endsAt {};
    };
    std::optional<Slowed> m_slowed {}; // by a usage header
};

} // namespace engine::pacing

// The hold after a throttle: as long as the platform says, else its cool-down, doubling.
#pragma once

#include <engine/time.h>

#include <optional>
#include <string>

namespace engine::pacing {

struct CooldownOptions {
    Millis first { 1'000 }; // Contract::cooldownMin
    Millis most { 60'000 }; // Contract::cooldownMax
    double jitter { 0.25 }; // adds up to this share, never shortens
    std::optional<Millis> dayAfter {}; // Contract::cooldownDayAfter
    friend bool operator==(const CooldownOptions&, const CooldownOptions&) = default;
};

// One per scope that a throttle holds. Delivery thread.
class Cooldown {
public:
    explicit Cooldown(CooldownOptions options)
        : m_options(options)
    {
    }
    void setOptions(CooldownOptions options) { m_options = options; }

    struct Throttle {
        SteadyTime sentAt {}; // of the request that was throttled
        std::optional<Millis> retryAfter {};
        bool wasCut { false }; // it was longer, see kHoldMax
        std::string source {}; // what named retryAfter
        double u01 { 0 }; // random, in [0, 1)
        Millis untilDayEnds { 0 }; // to the next midnight UTC
    };
    // Holds; without a hint for the cool-down, which doubles each time. Answers to requests that
    // were already under way when the hold began belong to the same throttle: they may lengthen the
    // hold by their own hint, but double nothing.
    void throttled(SteadyTime now, const Throttle& throttle);
    // The platform named a time on an answer that is no throttle: holds, doubles nothing.
    struct Asked {
        Millis wait { 0 };
        bool wasCut { false };
        std::string source {};
    };
    void holdFor(SteadyTime now, const Asked& asked, double u01);
    // The first accepted record sent after the last throttle resets the doubling; a probe that was
    // accepted ends the hold too.
    void accepted(SteadyTime sentAt, bool wasProbe);

    // What outlives a restart.
    struct State {
        SteadyTime heldUntil {};
        int doublings { 0 };
        bool wasCut { false };
        bool isRetryAfter { false };
        std::string source {};
    };
    [[nodiscard]] State state() const
    {
        return { m_heldUntil, m_doublings, m_wasCut, m_isRetryAfter, m_source };
    }
    // The longer hold counts. None is longer than kHoldMax, whatever the clock did meanwhile.
    void restore(SteadyTime now, const State& state);

    [[nodiscard]] SteadyTime heldUntil() const { return m_heldUntil; }
    [[nodiscard]] bool isHeld(SteadyTime now) const { return m_heldUntil > now; }
    // The platform asked for more than 24 h; we hold 24 h and say so.
    [[nodiscard]] bool wasCut() const { return m_wasCut; }
    [[nodiscard]] bool isRetryAfter() const { return m_isRetryAfter; } // the platform named it
    // Where it named it: "Retry-After", "x-ratelimit-reset"; empty for a cool-down.
    [[nodiscard]] const std::string& source() const { return m_source; }

    static constexpr Millis kHoldMax { std::chrono::hours { 24 } };

private:
    struct Why {
        bool isRetryAfter { false };
        bool wasCut { false };
        std::string source {};
    };
    void extend(SteadyTime now, Millis wait, double u01, const Why& why);

    CooldownOptions m_options {};
    int m_doublings { 0 };
    SteadyTime m_heldUntil { SteadyTime::min() };
    SteadyTime m_lastThrottleAt { SteadyTime::min() };
    std::optional<SteadyTime> m_throttledSince {}; // nothing accepted since
    bool m_wasCut { false };
    bool m_isRetryAfter { false };
    std::string m_source {};
};

} // namespace engine::pacing

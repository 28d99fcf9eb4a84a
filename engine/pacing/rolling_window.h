// "Never more than `amount` in any `period`", counted strictly at the platform's clock.
#pragma once

#include "pacing/arrival_estimate.h"
#include "pacing/limiter.h"
#include "pacing/spacer.h"

#include <engine/time.h>

#include <cstddef>
#include <cstdint>
#include <deque>

namespace engine::pacing {

// Even spreading ends at this period: a longer quota may be used up early, its last fifth apart.
inline constexpr Millis kSpreadPeriodMax { std::chrono::minutes { 15 } };
inline constexpr double kReserveShare = 0.2;

// The log of one rolling window and its spreading. What is in flight is counted by the caller.
class RollingWindow {
public:
    struct Options {
        std::int64_t amount { 1 };
        Millis period { 1'000 };
        std::int64_t burst { 0 }; // 0: one batch
    };
    struct Ask {
        std::int64_t units { 0 };
        std::int64_t inFlight { 0 };
        bool isBulk { false };
    };

    explicit RollingWindow(const Options& options)
        : m_options(options)
    {
    }
    void setOptions(const Options& options, SteadyTime now);

    [[nodiscard]] SteadyTime roomAt(SteadyTime now, const Ask& ask);
    void take(SteadyTime now, const Ask& ask); // spreading only: the units are in flight
    void giveBack(std::int64_t units);
    void land(std::int64_t units, const Flight& flight, bool isAnswered);
    void recall(std::int64_t units, SteadyTime sentAt, SteadyTime endedAt);
    void throttled(SteadyTime now) { m_arrival.throttled(now); }
    [[nodiscard]] std::int64_t logged(SteadyTime now); // units whose period is not over

    [[nodiscard]] bool isLong() const { return m_options.period > kSpreadPeriodMax; }
    [[nodiscard]] std::size_t entries() const { return m_log.size(); }

    // More than this many requests in a period share entries of one 4,096th of it each, which all
    // end with the latest: 0.024 % stricter than exact, 4,096 × 32 bytes at most.
    static constexpr std::int64_t kEntriesMax = 4'096;

private:
    struct Entry {
        SteadyTime first {};
        SteadyTime last {}; // of the answers; the units come free one period after this
        std::int64_t units { 0 };
        bool isCredited { false }; // answered: the arrival estimate applies
    };
    [[nodiscard]] Nanos period() const { return m_options.period; }
    [[nodiscard]] Nanos hold() const;
    [[nodiscard]] Nanos creditAt(SteadyTime now) const;
    [[nodiscard]] double unitNs() const;
    [[nodiscard]] bool canShareEntries() const { return m_options.amount > kEntriesMax; }
    [[nodiscard]] SteadyTime freedAt(SteadyTime now, std::int64_t units) const;
    [[nodiscard]] double reserveUnitNs(SteadyTime now, std::int64_t left) const;
    void expire(SteadyTime now);

    Options m_options {};
    std::deque<Entry> m_log {};
    std::int64_t m_logged { 0 };
    Spacer m_spacer {};
    double m_reservePrice { 0 }; // what a unit of the last fifth was charged
    ArrivalEstimate m_arrival {};
};

} // namespace engine::pacing

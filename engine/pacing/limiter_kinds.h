// The limiters behind makeLimiter(), one per LimitKind. Used through Limiter.
#pragma once

#include "pacing/arrival_estimate.h"
#include "pacing/limiter.h"
#include "pacing/rolling_window.h"
#include "pacing/spacer.h"

#include <engine/time.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace engine::pacing {

class RollingLimiter final : public Limiter {
public:
    RollingLimiter(const Limit& limit, SteadyTime now, WallTime wall);
    [[nodiscard]] std::shared_ptr<Limiter> copy() const override
    {
        return std::make_shared<RollingLimiter>(*this);
    }

    void throttled(SteadyTime now) override;
    void become(const Limit& limit, SteadyTime now) override;
    [[nodiscard]] std::int64_t left(SteadyTime now) override;
    [[nodiscard]] bool isIdle(SteadyTime now) override;

private:
    [[nodiscard]] SteadyTime roomAt(SteadyTime now, std::int64_t units, bool isBulk) override;
    void take(SteadyTime now, std::int64_t units) override;
    void giveBack(SteadyTime now, std::int64_t units) override;
    void land(std::int64_t units, const Flight& flight, bool isAnswered) override;
    void recall(std::int64_t units, SteadyTime sentAt, SteadyTime endedAt, SteadyTime now) override;

    RollingWindow m_window;
};

// The platform's bucket, seen from the worst side: what is in flight has not begun to refill. Where
// the bucket is too small for that (a round trip refills a good part of it) and round trips are
// steady, it is kept by the times of sending, with the spread of the round trips as a margin.
class BucketLimiter final : public Limiter {
public:
    BucketLimiter(const Limit& limit, SteadyTime now, WallTime wall);
    [[nodiscard]] std::shared_ptr<Limiter> copy() const override
    {
        return std::make_shared<BucketLimiter>(*this);
    }

    void throttled(SteadyTime now) override { m_arrival.throttled(now); }
    [[nodiscard]] std::int64_t batchFit(std::int64_t wanted) const override;
    [[nodiscard]] std::int64_t left(SteadyTime now) override;
    [[nodiscard]] bool isIdle(SteadyTime now) override;

private:
    [[nodiscard]] SteadyTime roomAt(SteadyTime now, std::int64_t units, bool isBulk) override;
    void take(SteadyTime now, std::int64_t units) override;
    void giveBack(SteadyTime now, std::int64_t units) override;
    void land(std::int64_t units, const Flight& flight, bool isAnswered) override;
    void recall(std::int64_t units, SteadyTime sentAt, SteadyTime endedAt, SteadyTime now) override;
    [[nodiscard]] Nanos refill(std::int64_t units) const;
    [[nodiscard]] bool isKeptBySending(SteadyTime now, std::int64_t capacity) const;

    // One instant in place of a level and a time: when the bucket is full again.
    SteadyTime m_fullAt; // counting what was answered, from its answer
    SteadyTime m_fullBySendingAt; // counting everything, from its reservation
    ArrivalEstimate m_arrival {};
};

// Windows aligned to UTC in steps of the period. A request counts in every window that its flight
// may have touched, two seconds of difference between the clocks included.
class FixedLimiter final : public Limiter {
public:
    FixedLimiter(const Limit& limit, SteadyTime now, WallTime wall);
    [[nodiscard]] std::shared_ptr<Limiter> copy() const override
    {
        return std::make_shared<FixedLimiter>(*this);
    }

    [[nodiscard]] bool canBecome(const Limit& limit) const override; // the grid must stay
    [[nodiscard]] std::int64_t left(SteadyTime now) override;
    [[nodiscard]] bool isIdle(SteadyTime now) override;

private:
    struct Window {
        std::int64_t index { 0 }; // periods since 1970
        std::int64_t units { 0 };
    };
    [[nodiscard]] SteadyTime roomAt(SteadyTime now, std::int64_t units, bool isBulk) override;
    void take(SteadyTime now, std::int64_t units) override;
    void giveBack(SteadyTime now, std::int64_t units) override;
    void land(std::int64_t units, const Flight& flight, bool isAnswered) override;
    void recall(std::int64_t units, SteadyTime sentAt, SteadyTime endedAt, SteadyTime now) override;
    [[nodiscard]] Nanos guard() const;
    [[nodiscard]] std::int64_t indexAt(SteadyTime at) const;
    [[nodiscard]] SteadyTime endOf(std::int64_t index) const;
    [[nodiscard]] std::int64_t landedIn(std::int64_t index) const;
    [[nodiscard]] double priceAt(SteadyTime now) const;
    [[nodiscard]] SteadyTime windowRoomAt(SteadyTime now, std::int64_t units, bool isBulk) const;

    std::deque<Window> m_windows {}; // by index, at most a handful
    Spacer m_spacer {};
    double m_price { 0 }; // of a unit, in the spacer; 0 while a long quota is not spread
};

// The answer headers are the contract.
class HeaderLimiter final : public Limiter {
public:
    HeaderLimiter(const Limit& limit, SteadyTime now, WallTime wall);
    [[nodiscard]] std::shared_ptr<Limiter> copy() const override
    {
        return std::make_shared<HeaderLimiter>(*this);
    }

    void throttled(SteadyTime now) override;
    void quotaHeader(const QuotaHeader& header, const Flight& flight) override;
    [[nodiscard]] Millis lookback() const override;
    [[nodiscard]] std::optional<QuotaState> quotaState() const override;
    void restoreQuota(const QuotaState& state, SteadyTime now, WallTime wall) override;
    void become(const Limit& limit, SteadyTime now) override;
    [[nodiscard]] std::int64_t batchFit(std::int64_t wanted) const override;
    [[nodiscard]] std::optional<double> unitsPerSecond(SteadyTime now) const override;
    [[nodiscard]] CeilingSource source() const override;
    [[nodiscard]] std::int64_t left(SteadyTime now) override;
    [[nodiscard]] bool isIdle(SteadyTime now) override;

    static constexpr double kFirstRate = 1.0; // units per second with nothing known
    static constexpr double kGrowth = 0.1; // added for each second that was used and answered
    static constexpr Seconds kGrowthPause { 300 }; // after a throttle

private:
    struct Quota {
        std::int64_t left { 0 }; // in flight already taken off
        std::int64_t amount { 0 }; // of a whole window: named, or the most ever seen left
        SteadyTime resetAt {};
        Nanos window { 0 }; // how long the next one is taken to be
        SteadyTime readAt {}; // answer of the header in force
    };
    [[nodiscard]] SteadyTime roomAt(SteadyTime now, std::int64_t units, bool isBulk) override;
    void take(SteadyTime now, std::int64_t units) override;
    void giveBack(SteadyTime now, std::int64_t units) override;
    void land(std::int64_t units, const Flight& flight, bool isAnswered) override;
    void recall(std::int64_t units, SteadyTime sentAt, SteadyTime endedAt, SteadyTime now) override;
    void renew(SteadyTime now);
    [[nodiscard]] double quotaPrice(SteadyTime now) const;
    [[nodiscard]] SteadyTime quotaRoomAt(SteadyTime now, std::int64_t units, bool isBulk) const;
    [[nodiscard]] SteadyTime searchRoomAt(std::int64_t units) const;

    std::optional<RollingWindow> m_start {}; // the starting values, where there are any
    std::optional<Quota> m_quota {};
    // Sent before this run, for a quota that is restored after them; until the first demand.
    std::vector<std::pair<SteadyTime, std::int64_t>> m_recalled {};
    Spacer m_spacer {};
    double m_price { 0 };
    double m_searchRate { kFirstRate };
    SteadyTime m_grownAt {};
};

} // namespace engine::pacing

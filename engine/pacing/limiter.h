// The running state of one limit for one scope key: what was sent, what is in flight, and when the
// next may go so that the platform, counting strictly at its own clock, never refuses one.
#pragma once

#include "core/contract.h"
#include "core/delivery.h"
#include "pacing/spacer.h"

#include <engine/snapshot.h>
#include <engine/time.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace engine::pacing {

// What one request asks of the gates.
struct Demand {
    std::int64_t events { 1 }; // records in the request, ≥ 1
    bool isBulk { false }; // replay or import: stops first when a long quota runs low
    bool isOperatorProbe { false }; // passes throttle hold and breaker; never a limit
};

// When one request was reserved and sent, and when its answer came or its connection closed.
struct Flight {
    SteadyTime reservedAt {};
    SteadyTime sentAt {};
    SteadyTime endedAt {};
};

// A quota header of the platform, as read from one answer.
struct QuotaHeader {
    std::int64_t remaining { 0 };
    std::optional<std::int64_t> amount {};
    Millis untilReset { 0 }; // from the answer on; rounded up by whoever read it
};

// What of a header limit outlives a restart. What was sent after readAt is in the log of requests.
struct QuotaState {
    std::int64_t remaining { 0 }; // what was in flight already taken off
    std::optional<std::int64_t> amount {};
    WallTime resetAt {};
    Millis window { 0 }; // how long the next one is taken to be
    WallTime readAt {}; // answer of the header
};

// Whoever asks for room in a shared limiter; the address of a ShardPacer serves.
using ClaimOwner = const void*;

// Until something else happens: an answer comes, an operator acts.
inline constexpr SteadyTime kUntilEvent = SteadyTime::max();

// Lives in the delivery thread that owns every shard of its scope; shared by them by pointer, never
// locked. Takes `now` and values; `now` must not run backwards. Units are those of the limit
// (requests or records): every call takes the Demand and counts what concerns it.
//
// A request's units are taken by reserve() and stay taken while it is in flight; answered() starts
// the clock that frees them, refund() gives them back at once.
class Limiter {
public:
    // `wall` is the wall time at `now`: windows aligned to UTC need it, see syncWall().
    Limiter(Limit limit, SteadyTime now, WallTime wall);
    Limiter& operator=(const Limiter&) = delete;
    virtual ~Limiter();

    [[nodiscard]] const Limit& limit() const { return m_limit; }
    [[nodiscard]] std::int64_t unitsOf(const Demand& demand) const
    {
        return m_limit.unit == LimitUnit::Requests ? 1 : demand.events;
    }

    // The instant from which this limit lets the demand pass; ≤ now means at once, kUntilEvent that
    // it depends on a request in flight. Room that another owner claimed (see claim()) counts as
    // taken. A demand above the whole amount is treated as the amount: the caller cuts batches with
    // largestBatch() before it asks.
    [[nodiscard]] SteadyTime eligibleAt(SteadyTime now, const Demand& demand, ClaimOwner owner);
    // Ends the claim of that owner. Only after eligibleAt() said so.
    void reserve(SteadyTime now, const Demand& demand, ClaimOwner owner);
    void refund(SteadyTime now, const Demand& demand); // nothing of it was sent
    // Fewer records than reserved will be sent: the rest of the records comes back.
    void shrink(SteadyTime now, const Demand& demand, std::int64_t events);
    void answered(const Demand& demand, const Flight& flight);
    void unanswered(const Demand& demand, const Flight& flight); // sent; endedAt: connection closed

    // The owner was refused by this limiter alone and waits for room. Until it has taken it, others
    // find that much less room, so that a large batch is not starved by small ones. One claim at a
    // time; it ends when taken, or kClaimIdle after its room was there and nobody came.
    void claim(SteadyTime now, const Demand& demand, ClaimOwner owner);
    void dropClaim(ClaimOwner owner); // the owner went away or was paused

    // The platform refused although we thought there was room: margins grow.
    virtual void throttled(SteadyTime now);
    // Only kind Header does something with it.
    virtual void quotaHeader(const QuotaHeader& header, const Flight& flight);

    // The same state, for a forecast; claims of others stay behind.
    [[nodiscard]] virtual std::shared_ptr<Limiter> copy() const = 0;
    // Only for such a copy: everything that is in flight, of whatever shard, is taken to be
    // answered then.
    void answerAll(const Flight& flight);

    // At start, before the first demand: what earlier runs sent, of one shard or several (call it
    // once for each). Stamps in the future and requests without an end count as now.
    void restore(std::span<const SentRequest> sent, SteadyTime now, WallTime wall);
    // How far back restore() wants to see: the period as the slowest clock counts it, and what
    // clocks may be apart.
    [[nodiscard]] virtual Millis lookback() const;
    [[nodiscard]] virtual std::optional<QuotaState> quotaState() const { return std::nullopt; }
    // At start too, before or between the calls of restore(); of several the newest counts.
    virtual void restoreQuota(const QuotaState& state, SteadyTime now, WallTime wall);

    // Once a second, and after a jump of the clock.
    virtual void syncWall(SteadyTime now, WallTime wall);
    // A changed amount or burst, or a shorter period, acts at once and forgets nothing. A longer
    // period or another unit or kind needs a new limiter and restore().
    [[nodiscard]] virtual bool canBecome(const Limit& limit) const;
    virtual void become(const Limit& limit, SteadyTime now);

    // How many records of `wanted` a request should carry so that whole requests fill the amount:
    // 1,000 in batches of 300 go as 4 × 250, because a fourth 300 would wait for a whole window.
    // `wanted` is the configured batch, not what happens to wait.
    [[nodiscard]] virtual std::int64_t batchFit(std::int64_t wanted) const;
    // The limit as sustained units a second, now.
    [[nodiscard]] virtual std::optional<double> unitsPerSecond(SteadyTime now) const;
    [[nodiscard]] virtual CeilingSource source() const;
    // Units that the limit still has, not counting even spreading; for display and lane guards.
    [[nodiscard]] virtual std::int64_t left(SteadyTime now) = 0;
    [[nodiscard]] Hold::Gate gate() const; // Window up to 15 minutes, Quota above
    // Nothing it remembers can hold anything any more: the scope may be retired.
    [[nodiscard]] virtual bool isIdle(SteadyTime now) = 0;
    [[nodiscard]] std::int64_t inFlight() const { return m_inFlight; } // units

    static constexpr Nanos kClaimIdle { Millis { 250 } };

protected:
    Limiter(const Limiter& other);

    [[nodiscard]] virtual SteadyTime roomAt(SteadyTime now, std::int64_t units, bool isBulk) = 0;
    virtual void take(SteadyTime now, std::int64_t units) = 0;
    virtual void giveBack(SteadyTime now, std::int64_t units) = 0;
    virtual void land(std::int64_t units, const Flight& flight, bool isAnswered) = 0;
    virtual void recall(std::int64_t units, SteadyTime sentAt, SteadyTime endedAt, SteadyTime now)
        = 0;

    [[nodiscard]] SteadyTime toSteady(WallTime at) const { return m_steady + (at - m_wall); }
    [[nodiscard]] WallTime toWall(SteadyTime at) const
    {
        return m_wall + std::chrono::floor<Micros>(at - m_steady);
    }

    Limit m_limit {};
    std::int64_t m_inFlight { 0 };
    std::int64_t m_taken { 0 }; // units reserved since the start, minus refunds

private:
    struct Claim {
        ClaimOwner owner { nullptr };
        std::int64_t units { 0 };
        std::optional<SteadyTime> readyAt {}; // first seen with its room there
    };
    [[nodiscard]] std::int64_t claimedByOthers(SteadyTime now, ClaimOwner owner);
    void refundUnits(SteadyTime now, std::int64_t units);

    SteadyTime m_steady {};
    WallTime m_wall {};
    std::optional<Claim> m_claim {};
};

// The limiter for the limit's kind. Disabled limits have none: do not ask.
[[nodiscard]] std::shared_ptr<Limiter> makeLimiter(
    const Limit& limit, SteadyTime now, WallTime wall);

} // namespace engine::pacing

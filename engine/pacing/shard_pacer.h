// All gates of one shard that are about pace, and the one decision they make together.
#pragma once

#include "core/config.h"
#include "core/contract.h"
#include "pacing/adaptive_concurrency.h"
#include "pacing/adaptive_rate.h"
#include "pacing/breaker.h"
#include "pacing/cooldown.h"
#include "pacing/limiter.h"
#include "pacing/spacer.h"

#include <engine/outcome.h>
#include <engine/snapshot.h>
#include <engine/time.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace engine::pacing {

// What a throttle holds and slows: one per scope key, shared by the shards of that scope like a
// limiter (delivery thread, never locked).
struct ThrottleScope {
    Cooldown cooldown { CooldownOptions {} };
    AdaptiveRate rate {};
    Spacer spacer {};
    SteadyTime rateKeptAt { SteadyTime::min() }; // the last fall that was handed out to be kept
};

// The requests in flight that count together, and how many there may be: a shard's own, or those of
// all shards of a scope where the platform counts so (delivery thread, never locked).
class ConcurrencyScope {
public:
    // What each of the sharers asks for; the strictest counts, as with limits.
    void ask(const void* sharer, const ConcurrencyOptions& options);
    void leave(const void* sharer);
    // For a forecast: nothing in flight, nobody else.
    [[nodiscard]] std::shared_ptr<ConcurrencyScope> copyFor(
        const void* sharer, const ConcurrencyOptions& options) const;

    AdaptiveConcurrency limit { ConcurrencyOptions {} };
    int inFlight { 0 }; // requests, until released

private:
    void follow();

    std::map<const void*, ConcurrencyOptions> m_asked {};
};

struct PacerOptions {
    ConcurrencyOptions concurrency {};
    std::optional<double> rate {}; // operator's cap, requests per second
    std::int64_t batch { 1 }; // records per request now; the ceiling mark depends on it
    BreakerPolicy breaker {};
    bool isAdaptive { true };
};

struct Decision {
    bool isGo { false };
    bool isProbe { false }; // breaker: send one delivery; it spends no attempt when it fails
    std::int64_t events { 0 }; // at most this many records (≤ demand), also when it is not go
    SteadyTime until {}; // ask again then; kUntilEvent: after an answer, a commit or a change
    Hold::Gate gate { Hold::Gate::Window }; // the one that holds longest; only when !isGo
};

// A request's place in every gate. Hand it back exactly once through refund(), or through ended()
// and then released().
struct Reservation {
    SteadyTime at {};
    Demand demand {};
    bool isProbe { false };
    std::shared_ptr<const std::vector<std::shared_ptr<Limiter>>> limiters {};
    std::shared_ptr<ConcurrencyScope> slots {};
};

// How a request ended. All times are of the steady clock.
struct Ending {
    SteadyTime sentAt {};
    SteadyTime endedAt {}; // last byte, or connection closed
    bool wasSent { true }; // false: no byte left; its units are given back
    bool isAnswered { true }; // an HTTP answer came, whatever it says
    Outcome outcome { Outcome::Accepted }; // of the request
    bool hasAccepted { false }; // at least one record accepted
    Micros latency { 0 }; // a timeout counts as its limit
    std::optional<Millis> retryAfter {}; // on any 4xx or 5xx
    bool wasCut { false }; // it was longer than anything holds
    std::optional<QuotaHeader> quota {};
    std::optional<double> usageRatio {}; // 0 too: an answer without it says that all is quiet
    std::string source {}; // of these three: the name of a header or member
    std::string code {}; // of the refusal, in the platform's words
    double u01 { 0 }; // random in [0, 1), for the jitter of a hold
    Millis untilDayEnds { 0 }; // to the next midnight UTC
};

struct GateHold {
    Hold::Gate gate { Hold::Gate::Window };
    SteadyTime until {}; // kUntilEvent: open end
    std::string reason {};
};

// Belongs to one shard in one delivery thread. Pause, credential and configuration holds are the
// scheduler's; everything about pace is here. Takes `now` and values, keeps no timer.
//
//   Decision d = pacer.decide(now, { .events = waiting });
//   if (!d.isGo) → heap by d.until
//   auto r = pacer.reserve(now, { .events = std::min(waiting, d.events) });
//   … commit the dispatch mark, encode (fewer records: shrink(), none: refund()), send …
//   pacer.ended(now, *r, ending);     // when the answer came or the connection closed
//   pacer.released(*r);               // when the outcome is committed: frees the slot
class ShardPacer {
public:
    ShardPacer(const PacerOptions& options, SteadyTime now);
    ~ShardPacer();
    ShardPacer& operator=(const ShardPacer&) = delete;

    // A pacer in the same state that goes its own way, for a forecast: it shares nothing with this
    // one. What is in flight is taken to be answered now: an error of at most a round trip.
    [[nodiscard]] std::unique_ptr<ShardPacer> copy(SteadyTime now) const;

    // Limits, throttle scope and places in flight, shared with whoever has the same scope keys.
    // What is in flight keeps what it was reserved in. Without `slots` the places are the shard's
    // own.
    void setLimiters(std::vector<std::shared_ptr<Limiter>> limiters);
    void setThrottleScope(std::shared_ptr<ThrottleScope> scope);
    void setSlots(std::shared_ptr<ConcurrencyScope> slots);
    [[nodiscard]] bool areSlotsShared() const { return !m_areSlotsOwn; }
    [[nodiscard]] const std::vector<std::shared_ptr<Limiter>>& limiters() const
    {
        return *m_limiters;
    }
    [[nodiscard]] const Cooldown& cooldown() const { return m_scope->cooldown; }
    [[nodiscard]] bool sharesThrottleWith(const ShardPacer& other) const
    {
        return m_scope == other.m_scope;
    }
    void setOptions(const PacerOptions& options, SteadyTime now); // sliders, reload: act at once
    [[nodiscard]] const PacerOptions& options() const { return m_options; }

    // The latest of all gates. A refusal by a limiter alone claims its room (Limiter::claim).
    [[nodiscard]] Decision decide(SteadyTime now, const Demand& demand);
    // All gates or none. Absent exactly when decide() would not go.
    [[nodiscard]] std::optional<Reservation> reserve(SteadyTime now, const Demand& demand);
    // Encoding found fewer records fit: the rest is given back. events ≥ 1.
    void shrink(SteadyTime now, Reservation& reservation, std::int64_t events);
    void refund(SteadyTime now, const Reservation& reservation); // nothing was sent; frees the slot
    void ended(SteadyTime now, const Reservation& reservation, const Ending& ending);
    void released(const Reservation& reservation);
    // What the last answer changed of what outlives a restart, once for all shards of the scope.
    [[nodiscard]] std::optional<AdaptiveRate::State> takeRateToKeep();
    [[nodiscard]] std::optional<Breaker::State> openBreaker() const
    {
        return m_breaker.openState();
    }
    void restoreBreaker(SteadyTime now, const Breaker::State& state)
    {
        m_breaker.restore(now, state);
    }
    // A request of an earlier run, in the operator's rate. The rate must be set.
    void recallRate(SteadyTime sentAt);
    void resetBreaker(SteadyTime now) { m_breaker.reset(now); }
    // A throttle that another scope met counts here too.
    void holdFor(SteadyTime now, const Cooldown::Asked& asked, double u01);

    // Records that could be sent now in one request, for the choice of a batch.
    [[nodiscard]] std::int64_t batchFit(std::int64_t wanted) const;

    // Resume after a pause: from a tenth of the pace to all of it, geometrically.
    void startRamp(SteadyTime now, Millis duration);
    // The same, planned: `start` may lie before or after now; until then it is the tenth. Nothing:
    // `duration` zero.
    void setWarmUp(SteadyTime start, Millis duration);
    void dropClaims(); // paused or retired: others need not wait for this shard

    // For the snapshot.
    [[nodiscard]] int inFlight() const { return m_inFlight; } // requests, until released
    [[nodiscard]] int concurrencyNow(SteadyTime now) const;
    [[nodiscard]] BreakerState breaker() const { return m_breaker.state(); }
    [[nodiscard]] std::optional<Millis> retryAfterLeft(SteadyTime now) const;
    [[nodiscard]] std::vector<GateHold> holds(SteadyTime now);
    struct Ceiling {
        double requestsPerSecond { 0 };
        CeilingSource source { CeilingSource::Unknown };
        std::optional<SteadyTime> learnedAt {};
        std::string learnedFrom {};
    };
    [[nodiscard]] std::optional<Ceiling> rateCeiling(SteadyTime now) const; // tightest limit
    // In force: the smaller of cap, learned rate and ceiling; absent when nothing limits it.
    [[nodiscard]] std::optional<double> rateNow(SteadyTime now) const;

private:
    ShardPacer(const ShardPacer& other) = default;

    struct Gate {
        Hold::Gate gate { Hold::Gate::Window };
        SteadyTime at {};
        Limiter* limiter { nullptr };
    };
    [[nodiscard]] Gate latestGate(SteadyTime now, const Demand& demand);
    [[nodiscard]] Demand cut(const Demand& demand) const;
    [[nodiscard]] SteadyTime rateAt(SteadyTime now) const;
    [[nodiscard]] std::optional<double> rampRate(SteadyTime now) const;
    [[nodiscard]] double rampShare(SteadyTime now) const;
    void takeAll(SteadyTime now, const Demand& demand);
    void pressed(SteadyTime now, const Reservation& reservation, const Ending& ending);
    void heedUsage(SteadyTime now, const Ending& ending);
    void heedQuota(SteadyTime now, const Reservation& reservation, const Ending& ending);
    [[nodiscard]] std::optional<Ceiling> tightestLimit(SteadyTime now) const;
    [[nodiscard]] bool areSlotsTaken(SteadyTime now) const;

    PacerOptions m_options {};
    std::shared_ptr<const std::vector<std::shared_ptr<Limiter>>> m_limiters {};
    std::shared_ptr<ThrottleScope> m_scope {};
    std::shared_ptr<ConcurrencyScope> m_slots {}; // never null
    bool m_areSlotsOwn { false };
    Breaker m_breaker;
    Spacer m_rateSpacer {};
    Spacer m_rampSpacer {};
    struct Ramp {
        SteadyTime start {};
        Millis duration { 0 };
        [[nodiscard]] double share(SteadyTime now) const;
    };
    Ramp m_resume {};
    Ramp m_warmUp {};
    int m_inFlight { 0 };
};

} // namespace engine::pacing

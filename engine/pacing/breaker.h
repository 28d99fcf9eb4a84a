// Stops sending to a platform that answers nothing usable, so that an outage of an hour does not
// march a backlog into the dead letters.
#pragma once

#include "core/contract.h"

#include <engine/outcome.h>
#include <engine/snapshot.h>
#include <engine/time.h>

#include <optional>

namespace engine::pacing {

// Of one shard. Delivery thread.
class Breaker {
public:
    Breaker(const BreakerPolicy& policy, SteadyTime now)
        : m_policy(policy)
        , m_lastAccepted(now)
    {
    }
    void setPolicy(const BreakerPolicy& policy); // switched off: closes

    [[nodiscard]] BreakerState state() const { return m_state; }
    // Closed: long ago. Open: when the next probe may go. HalfOpen: kUntilEvent (its answer).
    [[nodiscard]] SteadyTime eligibleAt() const;
    // Does the next request go as a probe (one delivery, spending no attempt when it fails)?
    [[nodiscard]] bool isProbeNext() const { return m_state == BreakerState::Open; }
    void probeSent() { m_state = BreakerState::HalfOpen; }
    void probeRefunded(SteadyTime now); // it never went out

    struct Result {
        Outcome outcome { Outcome::Accepted }; // of the request
        bool hasAccepted { false }; // at least one record of it
        bool wasProbe { false };
    };
    // True when this closed an open breaker: then a slow start follows. Any answer that shows the
    // platform at work closes it, also a refusal: the holds for throttles and credentials take
    // over, and a record that can never be accepted must not keep it open.
    bool ended(SteadyTime now, const Result& result);

    // What outlives a restart; absent while closed.
    struct State {
        SteadyTime probeAt {};
        Millis wait { 0 }; // that ends then; the next one is twice as long
        friend bool operator==(const State&, const State&) = default;
    };
    [[nodiscard]] std::optional<State> openState() const;
    // Opens as it was, also when a probe was under way. The probe is never farther off than the
    // longest wait, whatever the clock did. Nothing where the policy is off.
    void restore(SteadyTime now, const State& state);
    // Sends to another host from here on: what the old one failed to answer says nothing of it.
    void reset(SteadyTime now);

private:
    void open(SteadyTime now, Millis wait);

    BreakerPolicy m_policy {};
    BreakerState m_state { BreakerState::Closed };
    SteadyTime m_lastAccepted {};
    int m_failures { 0 };
    Millis m_probeWait { 0 }; // the one that ends at m_probeAt
    SteadyTime m_probeAt {};
};

} // namespace engine::pacing

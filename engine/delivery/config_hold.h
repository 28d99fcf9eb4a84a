// Refusals that concern an id, a permission or a version. One refused batch is set aside until
// another one shows whose fault it is: if that is taken, the records concerned are dead letters; if
// it is refused too, the whole shard is held and probed.
//
// Pure; the delivery thread's, one per shard.
#pragma once

#include "delivery/probe_timer.h"

#include <set>
#include <string>

namespace engine::delivery {

class ConfigHold {
public:
    enum class State { Clear, Suspect, Held };

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const std::string& reason() const { return m_reason; }
    [[nodiscard]] SteadyTime probeAt() const { return m_probe.at(); }
    [[nodiscard]] bool isProbeInFlight() const { return m_isProbeInFlight; }
    [[nodiscard]] bool isProbeDue(SteadyTime now) const
    {
        return m_state != State::Clear && !m_isProbeInFlight && m_probe.at() <= now;
    }

    void probeSent() { m_isProbeInFlight = true; }
    void probeInconclusive(SteadyTime now)
    {
        m_isProbeInFlight = false;
        m_probe.inconclusive(now);
    }
    void askNow(SteadyTime now) { m_probe.askNow(now); }

    // `way` tells kinds of refusals apart: two batches that are refused for different reasons, each
    // its own, say nothing about the shard. After so many kinds it is the shard all the same.
    void refused(SteadyTime now, bool wasProbe, std::string reason, const std::string& way)
    {
        m_reason = std::move(reason);
        if (wasProbe) {
            m_isProbeInFlight = false;
            m_probe.failed(now);
            return;
        }
        if (m_state == State::Clear) {
            m_state = State::Suspect;
            m_since = now;
            m_ways = { way };
            m_probe.start(now);
        } else if (m_state == State::Suspect
            && (!m_ways.insert(way).second || m_ways.size() >= kWaysMax)) {
            m_state = State::Held;
            m_probe.start(now);
        }
    }

    enum class Verdict { Nothing, OthersPass, HoldEnds };
    // Records were taken from a request that was sent at `sentAt`.
    [[nodiscard]] Verdict accepted(SteadyTime sentAt, bool wasProbe)
    {
        if (wasProbe)
            m_isProbeInFlight = false;
        if (m_state == State::Clear)
            return Verdict::Nothing;
        // Sent before the refusal it shows nothing: a permission may have gone in between.
        if (!wasProbe && sentAt <= m_since)
            return Verdict::Nothing;
        const bool isOthers = m_state == State::Suspect && !wasProbe;
        clear();
        return isOthers ? Verdict::OthersPass : Verdict::HoldEnds;
    }
    void clear() // a new configuration
    {
        m_state = State::Clear;
        m_reason.clear();
        m_ways.clear();
        m_isProbeInFlight = false;
    }

    static constexpr std::size_t kWaysMax = 8;

private:
    State m_state { State::Clear };
    std::set<std::string> m_ways {}; // of refusals, since it was clear
    SteadyTime m_since {};
    ProbeTimer m_probe {};
    bool m_isProbeInFlight { false };
    std::string m_reason {};
};

} // namespace engine::delivery

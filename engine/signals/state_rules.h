// Which state a shard is in: the table of console-design §5, first match wins.
#pragma once

#include <engine/snapshot.h>
#include <engine/thresholds.h>
#include <engine/time.h>

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace engine::signals {

// A condition that becomes true when its rule held for a time, and false when it did not for
// another (30 s). While true, `stays` (the same rule with lower thresholds, × 0.7) is asked in
// place of `enters`, so a value near the threshold does not flicker.
class HeldCondition {
public:
    struct Rule {
        bool enters { false };
        bool stays { false };
        std::chrono::duration<double> holdFor { 0 };
    };
    bool update(SteadyTime now, const Rule& rule, std::chrono::duration<double> leaveAfter);
    [[nodiscard]] bool isTrue() const { return m_isTrue; }

private:
    bool m_isTrue { false };
    std::optional<SteadyTime> m_since {}; // of the opposite, on its way to a change
};

// Of one shard or destination. Pure: `now` and values in, state out. Feed it with every snapshot.
class ShardStateRules {
public:
    struct Inputs {
        SteadyTime now {};
        WallTime wallNow {};
        std::optional<Millis> latencyMedian {}; // 24 h median of p95; absent below 1 h of history
        std::int64_t attemptsSinceAccepted { 0 };
        SteadyTime lastAcceptedAt {}; // or since when it is watched
        Seconds snapshotAge { 0 };
        bool isMissing { false }; // not in the snapshot
    };
    struct Result {
        ShardState state { ShardState::Healthy };
        WallTime since {};
        std::vector<ShardState> also {}; // all other conditions that hold, in the order of rules
    };
    // Takes the measured fields of `shard`; not its state, since and also. The thresholds may be
    // others at each call: what began under the old ones goes on under the new.
    Result update(
        const ShardSnapshot& shard, const Inputs& inputs, const Thresholds& thresholds = {});

private:
    // A state may have several rules, any of which is enough.
    enum Rule : std::size_t {
        Tripped,
        FailingErrors,
        FailingDlq,
        FailingAttempts,
        ThrottledRatio,
        ThrottledHold,
        DegradedErrors,
        DegradedLatency,
        DegradedDlq,
        Recovering,
        BackloggedLag,
        BackloggedDepth,
        RuleCount,
    };
    using Conditions = std::array<bool, 13>; // by ShardState

    void apply(Rule rule, const HeldCondition::Rule& asked, SteadyTime now);
    [[nodiscard]] HeldCondition::Rule atLeast(
        std::optional<double> value, Threshold threshold, Threshold holdFor) const;
    void updateRules(const ShardSnapshot& shard, const Inputs& inputs);
    void updateBacklog(const ShardSnapshot& shard, const Inputs& inputs);
    [[nodiscard]] bool isIdle(const ShardSnapshot& shard, SteadyTime now);
    [[nodiscard]] Conditions conditions(const ShardSnapshot& shard, const Inputs& inputs);

    Thresholds m_thresholds {};
    std::array<HeldCondition, RuleCount> m_rules {};
    std::optional<SteadyTime> m_quietSince {};
    std::optional<SteadyTime> m_troubledAt {}; // states 2–8 or 10, for Recovering
    std::optional<ShardState> m_state {};
    WallTime m_since {};
};

} // namespace engine::signals

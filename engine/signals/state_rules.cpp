#include "signals/state_rules.h"

#include <algorithm>

namespace engine::signals {

namespace {

constexpr Seconds kSnapshotAgeMax { 5 };
constexpr Seconds kIdleAfter { 300 };
constexpr Millis kLagLong { Seconds { 60 } };
constexpr Millis kLatencyFloor { 1'000 };
constexpr std::int64_t kAttemptsWithoutSuccess = 10;
constexpr Seconds kNoSuccess { 60 };
constexpr double kDepthMin = 100;

constexpr std::size_t at(ShardState state) { return static_cast<std::size_t>(state); }

// value ≥ threshold to enter, ≥ 0.7 × threshold to stay; absent is neither.
HeldCondition::Rule atLeast(std::optional<double> value, double threshold, Seconds holdFor)
{
    return { .enters = value && *value >= threshold,
        .stays = value && *value >= threshold * ShardStateRules::kDeadband,
        .holdFor = holdFor };
}

std::optional<double> millisOf(const std::optional<Millis>& value)
{
    return value ? std::optional(static_cast<double>(value->count())) : std::nullopt;
}

} // namespace

bool HeldCondition::update(SteadyTime now, const Rule& rule)
{
    const bool wantsChange = m_isTrue ? !rule.stays : rule.enters;
    if (!wantsChange) {
        m_since.reset();
        return m_isTrue;
    }
    if (!m_since)
        m_since = now;
    if (now - *m_since >= (m_isTrue ? kLeaveAfter : rule.holdFor)) {
        m_isTrue = !m_isTrue;
        m_since.reset();
    }
    return m_isTrue;
}

void ShardStateRules::updateRules(const ShardSnapshot& shard, const Inputs& inputs)
{
    const auto apply = [&](Rule rule, const HeldCondition::Rule& asked) {
        m_rules[rule].update(inputs.now, asked);
    };
    const bool isOpen = shard.breaker != BreakerState::Closed;
    apply(Tripped, { .enters = isOpen, .stays = isOpen, .holdFor = Seconds { 0 } });
    apply(FailingErrors, atLeast(shard.errorRatio, 0.25, Seconds { 30 }));
    apply(FailingDlq, atLeast(shard.dlqGrowthPerMinute, 60, Seconds { 60 }));
    // The rule itself spans a minute.
    const bool isWithoutSuccess = inputs.attemptsSinceAccepted >= kAttemptsWithoutSuccess
        && inputs.now - inputs.lastAcceptedAt >= kNoSuccess;
    apply(FailingAttempts,
        { .enters = isWithoutSuccess, .stays = isWithoutSuccess, .holdFor = Seconds { 0 } });
    apply(ThrottledRatio, atLeast(shard.throttleRatio, 0.05, Seconds { 30 }));
    apply(ThrottledHold, atLeast(millisOf(shard.retryAfterLeft), 5'000, Seconds { 0 }));
    apply(DegradedErrors, atLeast(shard.errorRatio, 0.02, Seconds { 60 }));
    const Millis latencyMost
        = std::max(kLatencyFloor, 2 * inputs.latencyMedian.value_or(Millis { 0 }));
    apply(DegradedLatency,
        atLeast(
            millisOf(shard.latencyP95), static_cast<double>(latencyMost.count()), Seconds { 60 }));
    apply(DegradedDlq, atLeast(shard.dlqGrowthPerMinute, 1, Seconds { 300 }));
    updateBacklog(shard, inputs);
}

void ShardStateRules::updateBacklog(const ShardSnapshot& shard, const Inputs& inputs)
{
    const auto lag = static_cast<double>(shard.consumerLag.count());
    const HeldCondition::Rule late
        = atLeast(lag, static_cast<double>(kLagLong.count()), Seconds { 60 });
    m_rules[BackloggedLag].update(inputs.now, late);

    const auto depth = static_cast<double>(shard.queueDepth);
    const double depthMost = std::max(kDepthMin, 60 * shard.outPerSecond);
    const bool isGrowing = shard.depthSlopePerSecond > 0;
    HeldCondition::Rule growing = atLeast(depth, depthMost, Seconds { 120 });
    growing.enters = growing.enters && isGrowing;
    growing.stays = growing.stays && isGrowing;
    m_rules[BackloggedDepth].update(inputs.now, growing);

    const bool wasTroubled = m_troubledAt && inputs.now - *m_troubledAt <= kRecoveringWithin;
    const bool isShrinking = shard.depthSlopePerSecond < 0 && wasTroubled;
    m_rules[Recovering].update(inputs.now,
        { .enters = late.enters && isShrinking,
            .stays = late.stays && isShrinking,
            .holdFor = Seconds { 60 } });
}

// Idle begins after five quiet minutes and ends with the first event: nobody should read "idle"
// while traffic flows.
bool ShardStateRules::isIdle(const ShardSnapshot& shard, SteadyTime now)
{
    const bool isQuiet = shard.inPerSecond <= 0 && shard.outPerSecond <= 0 && shard.queueDepth == 0
        && shard.inFlight == 0;
    if (!isQuiet) {
        m_quietSince.reset();
        return false;
    }
    if (!m_quietSince)
        m_quietSince = now;
    return now - *m_quietSince >= kIdleAfter;
}

ShardStateRules::Conditions ShardStateRules::conditions(
    const ShardSnapshot& shard, const Inputs& inputs)
{
    updateRules(shard, inputs);
    const auto isTrue = [this](Rule rule) { return m_rules[rule].isTrue(); };
    Conditions holds {};
    holds[at(ShardState::NoData)] = inputs.isMissing || inputs.snapshotAge > kSnapshotAgeMax;
    // What an operator or a credential decides is so at once, both ways.
    holds[at(ShardState::AuthFailed)] = shard.credential != CredentialState::Ok;
    const bool isPaused = shard.desired == Desired::Paused;
    holds[at(ShardState::Draining)] = isPaused && shard.inFlight > 0;
    holds[at(ShardState::Paused)] = isPaused && shard.inFlight == 0;
    holds[at(ShardState::Tripped)] = isTrue(Tripped);
    holds[at(ShardState::Failing)]
        = isTrue(FailingErrors) || isTrue(FailingDlq) || isTrue(FailingAttempts);
    holds[at(ShardState::Throttled)] = isTrue(ThrottledRatio) || isTrue(ThrottledHold);
    holds[at(ShardState::Degraded)]
        = isTrue(DegradedErrors) || isTrue(DegradedLatency) || isTrue(DegradedDlq);
    holds[at(ShardState::Recovering)] = isTrue(Recovering);
    holds[at(ShardState::Backlogged)] = isTrue(BackloggedLag) || isTrue(BackloggedDepth);
    holds[at(ShardState::RetriesPaused)] = shard.desired == Desired::RetriesPaused;
    holds[at(ShardState::Idle)] = isIdle(shard, inputs.now);
    holds[at(ShardState::Healthy)] = true;
    return holds;
}

ShardStateRules::Result ShardStateRules::update(const ShardSnapshot& shard, const Inputs& inputs)
{
    const Conditions holds = conditions(shard, inputs);
    for (const ShardState trouble : { ShardState::AuthFailed, ShardState::Draining,
             ShardState::Paused, ShardState::Tripped, ShardState::Failing, ShardState::Throttled,
             ShardState::Degraded, ShardState::Backlogged }) {
        if (holds[at(trouble)])
            m_troubledAt = inputs.now;
    }
    const auto first = std::find(holds.begin(), holds.end(), true);
    Result result;
    result.state = static_cast<ShardState>(first - holds.begin());
    for (std::size_t i = at(result.state) + 1; i < at(ShardState::Idle); ++i) {
        if (holds[i])
            result.also.push_back(static_cast<ShardState>(i));
    }
    if (m_state != result.state) {
        m_state = result.state;
        m_since = inputs.wallNow;
    }
    result.since = m_since;
    return result;
}

} // namespace engine::signals

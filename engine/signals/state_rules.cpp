#include "signals/state_rules.h"

#include <algorithm>

namespace engine::signals {

namespace {

constexpr Seconds kSnapshotAgeMax { 5 };

constexpr std::size_t at(ShardState state) { return static_cast<std::size_t>(state); }

std::optional<double> secondsOf(const std::optional<Millis>& value)
{
    return value ? std::optional(std::chrono::duration<double>(*value).count()) : std::nullopt;
}

// True and false at once.
HeldCondition::Rule plain(bool isTrue) { return { .enters = isTrue, .stays = isTrue }; }

} // namespace

bool HeldCondition::update(
    SteadyTime now, const Rule& rule, std::chrono::duration<double> leaveAfter)
{
    const bool wantsChange = m_isTrue ? !rule.stays : rule.enters;
    if (!wantsChange) {
        m_since.reset();
        return m_isTrue;
    }
    if (!m_since)
        m_since = now;
    if (now - *m_since >= (m_isTrue ? leaveAfter : rule.holdFor)) {
        m_isTrue = !m_isTrue;
        m_since.reset();
    }
    return m_isTrue;
}

void ShardStateRules::apply(Rule rule, const HeldCondition::Rule& asked, SteadyTime now)
{
    m_rules[rule].update(now, asked, m_thresholds.duration(Threshold::LeaveAfter));
}

// value ≥ threshold to enter, ≥ the threshold × the factor to stay; absent is neither.
HeldCondition::Rule ShardStateRules::atLeast(
    std::optional<double> value, Threshold threshold, Threshold holdFor) const
{
    const double most = m_thresholds.at(threshold);
    return { .enters = value && *value >= most,
        .stays = value && *value >= most * m_thresholds.at(Threshold::LeaveFactor),
        .holdFor = m_thresholds.duration(holdFor) };
}

void ShardStateRules::updateRules(const ShardSnapshot& shard, const Inputs& inputs)
{
    const SteadyTime now = inputs.now;
    apply(Tripped, plain(shard.breaker != BreakerState::Closed), now);
    apply(FailingErrors,
        atLeast(shard.errorRatio, Threshold::FailingErrors, Threshold::FailingErrorsFor), now);
    apply(FailingDlq,
        atLeast(shard.dlqGrowthPerMinute, Threshold::FailingDlq, Threshold::FailingDlqFor), now);
    // The rule itself spans its time.
    const bool isWithoutSuccess = static_cast<double>(inputs.attemptsSinceAccepted)
            >= m_thresholds.at(Threshold::FailingAttempts)
        && now - inputs.lastAcceptedAt >= m_thresholds.duration(Threshold::FailingAttemptsFor);
    apply(FailingAttempts, plain(isWithoutSuccess), now);
    apply(ThrottledRatio,
        atLeast(shard.throttleRatio, Threshold::ThrottledRequests, Threshold::ThrottledFor), now);
    auto held = atLeast(
        secondsOf(shard.retryAfterLeft), Threshold::ThrottledHold, Threshold::ThrottledFor);
    held.holdFor = Seconds { 0 };
    apply(ThrottledHold, held, now);
    apply(DegradedErrors,
        atLeast(shard.errorRatio, Threshold::DegradedErrors, Threshold::DegradedErrorsFor), now);
    // Relative to the limit, which is the higher of two.
    const double latencyMost = std::max(m_thresholds.at(Threshold::DegradedLatency),
        m_thresholds.at(Threshold::DegradedLatencyFactor)
            * secondsOf(inputs.latencyMedian).value_or(0));
    const auto latency = secondsOf(shard.latencyP95);
    apply(DegradedLatency,
        { .enters = latency && *latency >= latencyMost,
            .stays = latency && *latency >= latencyMost * m_thresholds.at(Threshold::LeaveFactor),
            .holdFor = m_thresholds.duration(Threshold::DegradedLatencyFor) },
        now);
    apply(DegradedDlq,
        atLeast(shard.dlqGrowthPerMinute, Threshold::DegradedDlq, Threshold::DegradedDlqFor), now);
    updateBacklog(shard, inputs);
}

void ShardStateRules::updateBacklog(const ShardSnapshot& shard, const Inputs& inputs)
{
    const HeldCondition::Rule late = atLeast(
        secondsOf(shard.consumerLag), Threshold::BackloggedLag, Threshold::BackloggedLagFor);
    apply(BackloggedLag, late, inputs.now);

    const auto depth = static_cast<double>(shard.queueDepth);
    const double depthMost = std::max(m_thresholds.at(Threshold::BackloggedDepthMin),
        m_thresholds.at(Threshold::BackloggedDepth) * shard.outPerSecond);
    const bool isGrowing = shard.depthSlopePerSecond > 0;
    apply(BackloggedDepth,
        { .enters = isGrowing && depth >= depthMost,
            .stays = isGrowing && depth >= depthMost * m_thresholds.at(Threshold::LeaveFactor),
            .holdFor = m_thresholds.duration(Threshold::BackloggedDepthFor) },
        inputs.now);

    const bool wasTroubled = m_troubledAt
        && inputs.now - *m_troubledAt <= m_thresholds.duration(Threshold::RecoveringWithin);
    const bool isShrinking = shard.depthSlopePerSecond < 0 && wasTroubled;
    apply(Recovering,
        { .enters = late.enters && isShrinking,
            .stays = late.stays && isShrinking,
            .holdFor = m_thresholds.duration(Threshold::RecoveringFor) },
        inputs.now);
}

// Idle begins after some quiet minutes and ends with the first event: nobody should read "idle"
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
    return now - *m_quietSince >= m_thresholds.duration(Threshold::IdleAfter);
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
    holds[at(ShardState::Degraded)] = isTrue(DegradedErrors) || isTrue(DegradedLatency)
        || isTrue(DegradedDlq) || shard.areAnswersUnreadable;
    holds[at(ShardState::Recovering)] = isTrue(Recovering);
    holds[at(ShardState::Backlogged)] = isTrue(BackloggedLag) || isTrue(BackloggedDepth);
    holds[at(ShardState::RetriesPaused)] = shard.desired == Desired::RetriesPaused;
    holds[at(ShardState::Idle)] = isIdle(shard, inputs.now);
    holds[at(ShardState::Healthy)] = true;
    return holds;
}

ShardStateRules::Result ShardStateRules::update(
    const ShardSnapshot& shard, const Inputs& inputs, const Thresholds& thresholds)
{
    m_thresholds = thresholds;
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

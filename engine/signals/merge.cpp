#include "signals/merge.h"

#include <algorithm>

namespace engine::signals {

namespace {

template <class T>
void takeMost(std::optional<T>& into, const std::optional<T>& value)
{
    if (value && (!into || *into < *value))
        into = value;
}

template <class T>
void takeLeast(std::optional<T>& into, const std::optional<T>& value)
{
    if (value && (!into || *value < *into))
        into = value;
}

// A command to the destination sets the value of every shard, so it is shown as one of them.
void mergeTuning(TuningValue& into, const TuningValue& value, bool isFirst)
{
    if (isFirst) {
        into = value;
        return;
    }
    into.now = std::max(into.now, value.now);
    if (into.overridden != value.overridden)
        into.overridden.reset();
    if (value.ceiling && (!into.ceiling || *value.ceiling < *into.ceiling)) {
        into.ceiling = value.ceiling;
        into.ceilingSource = value.ceilingSource;
        into.ceilingLearnedAt = value.ceilingLearnedAt;
        into.ceilingLearnedFrom = value.ceilingLearnedFrom;
    }
}

void addKnown(ShardSnapshot& total, const ShardSnapshot& shard)
{
    total.queueDepth += shard.queueDepth;
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        total.laneDepth[lane] += shard.laneDepth[lane];
    total.consumerLag = std::max(total.consumerLag, shard.consumerLag);
    total.inFlight += shard.inFlight;
    total.dlqCount += shard.dlqCount;
    total.lateWord.waiting += shard.lateWord.waiting;
    total.lateWord.refusedTotal += shard.lateWord.refusedTotal;
    total.lateWord.lostTotal += shard.lateWord.lostTotal;
    takeMost(total.oldestEventAge, shard.oldestEventAge);
    takeLeast(total.acceptWindow, shard.acceptWindow);
    takeMost(total.lastSuccess, shard.lastSuccess);
    if (shard.retryAfterLeft > total.retryAfterLeft)
        total.isRetryAfter = shard.isRetryAfter;
    takeMost(total.retryAfterLeft, shard.retryAfterLeft);
    total.areAnswersUnreadable = total.areAnswersUnreadable || shard.areAnswersUnreadable;
    total.isOrphaned = total.isOrphaned || shard.isOrphaned;
    total.isAcceptWindowAdvisory = total.isAcceptWindowAdvisory && shard.isAcceptWindowAdvisory;
    if (shard.breaker == BreakerState::Open
        || (shard.breaker == BreakerState::HalfOpen && total.breaker == BreakerState::Closed))
        total.breaker = shard.breaker;
    if (shard.credential != CredentialState::Ok && total.credential != CredentialState::Rejected)
        total.credential = shard.credential;
}

} // namespace

Trouble troubleOf(const ShardSnapshot& shard)
{
    switch (shard.state) {
    case ShardState::AuthFailed:
    case ShardState::Tripped:
    case ShardState::Failing:
        return Trouble::P1;
    case ShardState::NoData:
    case ShardState::Throttled:
        return Trouble::P2;
    case ShardState::Degraded:
        return Trouble::P3;
    case ShardState::Backlogged:
        return shard.isLagCritical ? Trouble::P2 : Trouble::P3;
    case ShardState::Draining:
    case ShardState::Paused:
        return Trouble::Operator;
    case ShardState::Recovering:
        return Trouble::Recovering;
    case ShardState::RetriesPaused:
        return Trouble::RetriesPaused;
    case ShardState::Idle:
        return Trouble::Idle;
    case ShardState::Healthy:
        return Trouble::Healthy;
    }
    return Trouble::Healthy;
}

ShardSnapshot mergeShards(std::span<const ShardSnapshot* const> shards)
{
    ShardSnapshot total;
    if (shards.empty())
        return total;
    const ShardSnapshot& first = *shards.front();
    const auto allAgree = [&](auto field) {
        return std::all_of(shards.begin(), shards.end(),
            [&](const ShardSnapshot* shard) { return (*shard).*field == first.*field; });
    };
    for (const ShardSnapshot* shard : shards) {
        addKnown(total, *shard);
        mergeTuning(total.concurrency, shard->concurrency, shard == shards.front());
        mergeTuning(total.rate, shard->rate, shard == shards.front());
        mergeTuning(total.batch, shard->batch, shard == shards.front());
    }
    total.shard.destination = first.shard.destination;
    total.platform = first.platform;
    total.priority = first.priority;
    if (allAgree(&ShardSnapshot::desired))
        total.desired = first.desired;
    if (allAgree(&ShardSnapshot::pauseUntil))
        total.pauseUntil = first.pauseUntil;
    if (allAgree(&ShardSnapshot::pauseNote))
        total.pauseNote = first.pauseNote;
    total.pauseCause = first.pauseCause;
    const auto worst = *std::min_element(
        shards.begin(), shards.end(), [](const ShardSnapshot* a, const ShardSnapshot* b) {
            return troubleOf(*a) < troubleOf(*b);
        });
    total.state = worst->state;
    total.stateSince = worst->stateSince;
    total.also = worst->also;
    total.isLagCritical = worst->isLagCritical;
    total.holds = shards.size() == 1 ? first.holds : std::vector<Hold> {};
    // The fingerprint that makes up most dead letters of any one shard.
    const auto loudest = *std::max_element(
        shards.begin(), shards.end(), [](const ShardSnapshot* a, const ShardSnapshot* b) {
            return a->dlqTopShare * static_cast<double>(a->dlqCount)
                < b->dlqTopShare * static_cast<double>(b->dlqCount);
        });
    total.dlqTopFingerprint = loudest->dlqTopFingerprint;
    total.dlqTopShare = total.dlqCount > 0 ? loudest->dlqTopShare
            * static_cast<double>(loudest->dlqCount) / static_cast<double>(total.dlqCount)
                                           : 0;
    return total;
}

} // namespace engine::signals

#include "models/shard_facts.h"

#include <QCoreApplication>

#include <algorithm>

namespace ui {

std::optional<Expiry> expiryOf(const engine::ShardSnapshot& shard)
{
    if (!shard.acceptWindow || !shard.oldestEventAge || shard.queueDepth == 0)
        return std::nullopt;
    const auto window = *shard.acceptWindow;
    Expiry expiry { .headroom = window - *shard.oldestEventAge };
    const bool isShortWindow = window < std::chrono::hours { 48 };
    if (isShortWindow) {
        const bool isLate = shard.consumerLag >= std::chrono::seconds { 60 };
        expiry.isClose = isLate && expiry.headroom < window / 2;
        expiry.isUrgent = isLate && expiry.headroom < window / 4;
    } else {
        expiry.isClose = expiry.headroom < std::chrono::hours { 24 };
        expiry.isUrgent = expiry.headroom < std::chrono::hours { 6 };
    }
    return expiry;
}

Thresholds thresholdsOf(const engine::EngineSnapshot& snapshot)
{
    using engine::Threshold;
    const engine::Thresholds& t = snapshot.thresholds;
    const auto millis
        = [&t](Threshold id) { return std::chrono::duration_cast<engine::Millis>(t.duration(id)); };
    return { .lagWarn = millis(Threshold::BackloggedLag),
        .lagCritical = millis(Threshold::BackloggedLagCritical),
        .errorWarn = t.at(Threshold::DegradedErrors),
        .throttleWarn = t.at(Threshold::ThrottledRequests),
        .dlqGrowthWarn = t.at(Threshold::DegradedDlq),
        .dlqGrowthFailing = t.at(Threshold::FailingDlq),
        .latencyWarn = millis(Threshold::DegradedLatency),
        .depthWarnSeconds = t.at(Threshold::BackloggedDepth),
        .depthWarnMin = static_cast<std::int64_t>(t.at(Threshold::BackloggedDepthMin)) };
}

bool isTuned(const engine::ShardSnapshot& shard)
{
    return shard.concurrency.overridden || shard.rate.overridden || shard.batch.overridden;
}

bool isInTrouble(const engine::ShardSnapshot& shard)
{
    if (needsAttention(shard.state))
        return true;
    const auto expiry = expiryOf(shard);
    return expiry && expiry->isClose;
}

bool isPaused(const engine::ShardSnapshot& shard)
{
    return shard.desired != engine::Desired::Running;
}

bool isDepthHigh(const engine::ShardSnapshot& shard, const Thresholds& thresholds)
{
    const double work = thresholds.depthWarnSeconds * shard.outPerSecond;
    return static_cast<double>(shard.queueDepth)
        >= std::max(work, static_cast<double>(thresholds.depthWarnMin));
}

QString priorityWord(Status status)
{
    switch (status) {
    case Status::Critical:
    case Status::Credential:
        return QCoreApplication::translate("ui::ShardFacts", "critical");
    case Status::High:
    case Status::NoData:
        return QCoreApplication::translate("ui::ShardFacts", "high");
    case Status::Medium:
        return QCoreApplication::translate("ui::ShardFacts", "medium");
    case Status::Operator:
        return QCoreApplication::translate("ui::ShardFacts", "by an operator");
    case Status::Recovering:
    case Status::Normal:
    case Status::Idle:
        return QCoreApplication::translate("ui::ShardFacts", "normal");
    }
    return {};
}

} // namespace ui

#include "models/shard_facts.h"

#include "format/format.h"

#include <QCoreApplication>
#include <QStringList>

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

double depthWarn(const engine::ShardSnapshot& shard, const Thresholds& thresholds)
{
    const double work = thresholds.depthWarnSeconds * shard.outPerSecond;
    return std::max(work, static_cast<double>(thresholds.depthWarnMin));
}

bool isDepthHigh(const engine::ShardSnapshot& shard, const Thresholds& thresholds)
{
    return static_cast<double>(shard.queueDepth) >= depthWarn(shard, thresholds);
}

QString drainWords(const engine::ShardSnapshot& shard)
{
    if (shard.queueDepth == 0 || shard.desired == engine::Desired::Paused
        || shard.state == engine::ShardState::NoData)
        return {};
    if (shard.drainEta)
        return QCoreApplication::translate("ui::ShardFacts", "drains in %1")
            .arg(formatDuration(*shard.drainEta));
    const double missing = shard.inPerSecond - shard.outPerSecond;
    return missing > 0
        ? QCoreApplication::translate("ui::ShardFacts", "not draining, short by %1/s")
              .arg(formatRate(missing))
        : QString();
}

QString noShardsText(const engine::EngineSnapshot& snapshot)
{
    if (snapshot.destinations.empty())
        return QCoreApplication::translate("ui::ShardFacts",
            "No destinations in this profile. Connect one here, or add [[destination]] to the "
            "configuration file; it is read again within two seconds.");
    QStringList names;
    for (const auto& destination : snapshot.destinations)
        names << toQString(destination.name);
    return QCoreApplication::translate("ui::ShardFacts",
        "Ready for a first event: %1. A shard stands here as soon as one has come for it. Send "
        "events to %2.",
        "names of destinations; an address")
        .arg(names.join(QStringLiteral(", ")), toQString(snapshot.ingressUrl));
}

QString noSamplesText(const engine::EngineSnapshot& snapshot)
{
    return snapshot.destinations.empty()
        ? QCoreApplication::translate("ui::ShardFacts", "Connect a destination to see samples.")
        : QCoreApplication::translate("ui::ShardFacts", "Samples begin with the first event.");
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

#include "inspector/shard_text.h"

#include "format/format.h"
#include "inspector/trial_bar.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ui {
namespace {

struct ShardText {
    Q_DECLARE_TR_FUNCTIONS(ShardText)
};

QString leftText(const std::optional<engine::WallTime>& until, engine::WallTime now)
{
    if (!until || *until <= now)
        return {};
    return formatDuration(std::chrono::ceil<engine::Millis>(*until - now));
}

// The sentence of a gate without its end and without its reason.
QString gateSentence(const engine::ShardSnapshot& shard, engine::Hold::Gate gate)
{
    using Gate = engine::Hold::Gate;
    switch (gate) {
    case Gate::Paused:
        return shard.pauseCause == engine::PauseCause::Engine
            ? ShardText::tr("Paused by the engine")
            : ShardText::tr("Paused by an operator");
    case Gate::Credential:
        return ShardText::tr(
            "The platform refuses the credential; nothing is lost, nothing is retried "
            "in vain");
    case Gate::Configuration:
        return ShardText::tr(
            "The platform refuses the id, permission or version that it was given");
    case Gate::Breaker:
        return ShardText::tr("The platform has not answered for a while; one probe at a time asks "
                             "whether it is back");
    case Gate::Throttle:
        return ShardText::tr("The platform asked to slow down; the wait spends no attempt");
    case Gate::Window:
        return ShardText::tr("The rolling window of the contract is used up");
    case Gate::Quota:
        return ShardText::tr("The quota of the platform is used up");
    case Gate::Rate:
        return ShardText::tr("Our own rate cap spaces the requests");
    case Gate::Concurrency:
        return ShardText::tr("All %1 request slots are in use")
            .arg(formatExact(std::llround(shard.concurrency.now)));
    case Gate::Backoff:
        return ShardText::tr("Deliveries that failed wait for their next try");
    case Gate::NotConfigured:
        return ShardText::tr("The destination is not in the configuration any more");
    case Gate::Store:
        return ShardText::tr("The store cannot commit just now, so nothing new is sent");
    }
    return {};
}

engine::Millis totalFinish(const std::vector<engine::ShardSnapshot>& shards)
{
    engine::Millis longest { 0 };
    for (const auto& shard : shards)
        longest = std::max(
            longest, shard.latencyP95.value_or(shard.latencyP50.value_or(engine::Millis { 0 })));
    return longest;
}

std::optional<engine::Millis> soonestRefusal(const std::vector<engine::ShardSnapshot>& shards)
{
    std::optional<engine::Millis> soonest;
    for (const auto& shard : shards) {
        if (!shard.acceptWindow)
            continue;
        // An empty queue starts to age only now.
        const auto left = *shard.acceptWindow - shard.oldestEventAge.value_or(engine::Millis { 0 });
        soonest = std::min(soonest.value_or(left), left);
    }
    return soonest;
}

} // namespace

QStringList holdSentences(const engine::ShardSnapshot& shard, engine::WallTime now)
{
    QStringList lines;
    for (const auto& hold : shard.holds) {
        QString line = gateSentence(shard, hold.gate);
        const QString left = leftText(hold.until, now);
        if (!left.isEmpty())
            line += ShardText::tr(": %1 left", "time until a hold ends").arg(left);
        if (!hold.reason.empty())
            line += QStringLiteral(" (%1)").arg(toQString(hold.reason));
        lines += line + u'.';
    }
    const bool isHintMissing = std::none_of(shard.holds.begin(), shard.holds.end(),
        [](const engine::Hold& hold) { return hold.gate == engine::Hold::Gate::Throttle; });
    if (isHintMissing && shard.retryAfterLeft && shard.retryAfterLeft->count() > 0)
        lines += (shard.isRetryAfter
                ? ShardText::tr("The platform asked to wait: %1 left.")
                : ShardText::tr("It rests after a throttle: %1 left.", "a shard, so long"))
                     .arg(formatDuration(*shard.retryAfterLeft));
    if (lines.isEmpty() && shard.desired != engine::Desired::Running)
        lines += shard.desired == engine::Desired::Paused
            ? gateSentence(shard, engine::Hold::Gate::Paused) + u'.'
            : ShardText::tr("Retries are paused; first attempts go out.");
    if (!lines.isEmpty())
        return lines;
    if (shard.queueDepth == 0)
        return { ShardText::tr("Nothing waits.") };
    return { ShardText::tr(
        "Nothing holds it: deliveries go out as fast as the platform answers.") };
}

QStringList flagTexts(const engine::ShardSnapshot& shard, engine::WallTime now)
{
    QStringList flags;
    if (shard.trial)
        flags += ShardText::tr("Trial %1", "a time left, 8:12")
                     .arg(countdown(shard.trial->until, now));
    if (shard.acceptWindow && shard.oldestEventAge && shard.queueDepth > 0) {
        const auto left = *shard.acceptWindow - *shard.oldestEventAge;
        const auto window = *shard.acceptWindow;
        const bool isShortWindow = window < std::chrono::hours(48);
        const bool isNear = isShortWindow
            ? left < window / 2 && shard.consumerLag >= std::chrono::seconds(60)
            : left < std::chrono::hours(24);
        if (isNear && left > engine::Millis { 0 })
            flags += ShardText::tr("First event refused in %1").arg(formatDuration(left));
        else if (isNear)
            flags += ShardText::tr("Events are older than the platform takes");
    }
    if (shard.concurrency.overridden || shard.rate.overridden || shard.batch.overridden)
        flags += ShardText::tr("Tuned", "values differ from the configuration");
    if (shard.areAnswersUnreadable)
        flags += ShardText::tr("Answers can not be read", "of the platform, several in a row");
    if (shard.isOrphaned)
        flags += ShardText::tr("Not in the configuration");
    if (shard.laneDepth[static_cast<std::size_t>(engine::Lane::Replay)] > 0)
        flags += ShardText::tr("Replay");
    return flags;
}

bool canProbe(const engine::ShardSnapshot& shard)
{
    using Gate = engine::Hold::Gate;
    return std::any_of(shard.holds.begin(), shard.holds.end(), [](const engine::Hold& hold) {
        return hold.gate == Gate::Throttle || hold.gate == Gate::Credential
            || hold.gate == Gate::Configuration || hold.gate == Gate::Breaker;
    });
}

QString pauseConsequence(const std::vector<engine::ShardSnapshot>& shards, const PausePlan& plan)
{
    if (plan.mode == engine::Desired::RetriesPaused) {
        std::int64_t retries = 0;
        for (const auto& shard : shards)
            retries += shard.laneDepth[static_cast<std::size_t>(engine::Lane::Retry)];
        return ShardText::tr("Retries, replays and imports wait; first attempts still go out. %1 "
                             "deliveries wait for a retry now.")
            .arg(formatExact(retries));
    }
    double in = 0;
    int inFlight = 0;
    for (const auto& shard : shards) {
        in += shard.inPerSecond;
        inFlight += shard.inFlight;
    }
    const auto span = plan.wait.value_or(std::chrono::minutes(15));
    const auto added = std::llround(in * static_cast<double>(span.count()) / 1'000);
    QStringList lines;
    lines += plan.wait ? ShardText::tr("In %1/s: about +%2 events wait in the queue by then.")
                             .arg(formatRate(in), formatCount(added))
                       : ShardText::tr("In %1/s: about +%2 events per 15 min wait in the queue.")
                             .arg(formatRate(in), formatCount(added));
    const auto refusal = soonestRefusal(shards);
    if (!refusal)
        lines += ShardText::tr("No age limit of the platform is known.");
    else if (*refusal <= engine::Millis { 0 })
        lines += ShardText::tr("The oldest event is already older than the platform takes.");
    else
        lines += ShardText::tr("First event refused in %1.").arg(formatDuration(*refusal));
    if (plan.wait && refusal && *plan.wait >= *refusal)
        lines += ShardText::tr(
            "That is before this pause ends: events would be lost to the platform.");
    if (inFlight > 0) {
        const auto finish = totalFinish(shards);
        lines += finish.count() > 0
            ? ShardText::tr("In flight: %1, which will finish in about %2.")
                  .arg(formatExact(inFlight), formatLatency(finish))
            : ShardText::tr("In flight: %1, which will finish.").arg(formatExact(inFlight));
    } else {
        lines += ShardText::tr("Nothing is in flight.");
    }
    return lines.join(u' ');
}

QString resumeConsequence(const std::vector<engine::ShardSnapshot>& shards)
{
    const std::int64_t waiting = waitingOf(shards);
    double rate = 0;
    bool isRateKnown = true;
    for (const auto& shard : shards) {
        if (shard.rate.ceiling)
            rate += *shard.rate.ceiling * std::max(1.0, shard.batch.now);
        else if (shard.rate.now > 0)
            rate += shard.rate.now * std::max(1.0, shard.batch.now);
        else
            isRateKnown = false;
    }
    return isRateKnown
        ? ShardText::tr("%1 deliveries wait. They go out with a ramp of 60 s up to %2/s.")
              .arg(formatExact(waiting), formatRate(rate))
        : ShardText::tr(
            "%1 deliveries wait. They go out with a ramp of 60 s; how fast is up to the "
            "platform.")
              .arg(formatExact(waiting));
}

std::int64_t waitingOf(const std::vector<engine::ShardSnapshot>& shards)
{
    return std::accumulate(shards.begin(), shards.end(), std::int64_t { 0 },
        [](std::int64_t sum, const auto& shard) { return sum + shard.queueDepth; });
}

QString scopeName(const std::vector<engine::ShardId>& shards)
{
    if (shards.size() == 1)
        return shardLabel(shards.front());
    const bool isOneDestination
        = std::all_of(shards.begin(), shards.end(), [&shards](const engine::ShardId& shard) {
              return shard.destination == shards.front().destination;
          });
    const int count = static_cast<int>(shards.size());
    const bool areDestinations = std::all_of(shards.begin(), shards.end(),
        [](const engine::ShardId& shard) { return shard.isWholeDestination(); });
    if (areDestinations)
        return ShardText::tr("%1 destinations").arg(count);
    return isOneDestination && count > 0
        ? ShardText::tr("%1 shards of %2").arg(count).arg(toQString(shards.front().destination))
        : ShardText::tr("%1 shards").arg(count);
}

} // namespace ui

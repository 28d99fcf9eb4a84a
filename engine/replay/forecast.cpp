#include "replay/forecast.h"

#include <algorithm>
#include <cmath>

namespace engine::replay {
namespace {

using namespace std::chrono_literals;

// Without a known ceiling: what a cautious operator would try first.
constexpr double kUnknownPerSecond = 20;

// Of the tightest limit that is counted over an hour or longer.
std::optional<double> quotaShare(const DestinationConfig& destination, std::int64_t records)
{
    std::optional<double> share;
    const std::int64_t batch = std::max<std::int64_t>(destination.batch, 1);
    for (const Limit& limit : destination.contract.limits) {
        if (!limit.isEnabled || limit.amount <= 0 || limit.period < 1h)
            continue;
        const std::int64_t cost
            = limit.unit == LimitUnit::Events ? records : (records + batch - 1) / batch;
        const double one = static_cast<double>(cost) / static_cast<double>(limit.amount);
        share = std::max(share.value_or(0), one);
    }
    return share;
}

} // namespace

Surroundings look(const EngineSnapshot& snapshot, const std::vector<ShardId>& shards)
{
    Surroundings around;
    for (const ShardSnapshot& shard : snapshot.shards) {
        if (std::find(shards.begin(), shards.end(), shard.shard) == shards.end())
            continue;
        if (shard.rate.ceiling)
            around.spareRecordsPerSecond
                += std::max(0.0, *shard.rate.ceiling * shard.batch.now - shard.outPerSecond);
        around.throttleRatio = std::max(around.throttleRatio, shard.throttleRatio.value_or(0));
        around.liveLag = std::max(around.liveLag, std::chrono::floor<Seconds>(shard.consumerLag));
        around.batch = std::max(around.batch, static_cast<std::int64_t>(shard.batch.now));
    }
    return around;
}

double paceOf(double sharePercent, const std::optional<double>& rate, const Surroundings& around)
{
    if (rate)
        return *rate;
    const double spare = around.spareRecordsPerSecond > 0
        ? around.spareRecordsPerSecond * sharePercent / 100
        : kUnknownPerSecond;
    return std::max(spare, 1.0);
}

void addForecast(ReplayPreview& preview, const EngineSnapshot& snapshot, const Config& config)
{
    std::vector<ShardId> shards;
    for (const auto& shard : preview.shards)
        shards.push_back(shard.shard);
    const double whole = look(snapshot, shards).spareRecordsPerSecond;
    for (ReplayPreview::PerShard& shard : preview.shards) {
        // A shard gets of the job's pace what its room is of all room.
        const double room = look(snapshot, { shard.shard }).spareRecordsPerSecond;
        const double share = whole > 0 ? room / whole : 1;
        if (preview.perSecond * share > 0) {
            const double seconds
                = static_cast<double>(shard.willSend) / (preview.perSecond * share);
            shard.eta = Seconds { std::llround(std::ceil(seconds)) };
        }
        if (const DestinationConfig* destination = config.destination(shard.shard.destination))
            shard.quotaShare = quotaShare(*destination, shard.willSend);
    }
}

} // namespace engine::replay

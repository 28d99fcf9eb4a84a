#include "signals/signal_book.h"

#include "signals/merge.h"

#include <algorithm>
#include <map>

namespace engine::signals {

namespace {
constexpr Seconds kMedianEvery { 60 };
}

SignalBook::Entry& SignalBook::entry(const ShardId& shard, SteadyTime now)
{
    std::unique_ptr<Entry>& entry = m_entries[shard];
    if (!entry)
        entry = std::make_unique<Entry>(now);
    return *entry;
}

template <class Tell>
void SignalBook::tellBoth(const ShardId& shard, SteadyTime now, Tell tell)
{
    tell(entry(shard, now).meter);
    tell(entry({ .destination = shard.destination, .account = {} }, now).meter);
}

void SignalBook::arrived(const ShardId& shard, std::int64_t records, SteadyTime at)
{
    tellBoth(shard, at, [&](ShardMeter& meter) { meter.arrived(records, at); });
}

void SignalBook::pickedUp(const ShardId& shard, Millis waited, SteadyTime at)
{
    tellBoth(shard, at, [&](ShardMeter& meter) { meter.pickedUp(waited); });
}

void SignalBook::requestEnded(const ShardId& shard, const RequestSample& sample)
{
    tellBoth(shard, sample.endedAt, [&](ShardMeter& meter) { meter.requestEnded(sample); });
}

void SignalBook::deadLettersAdded(const ShardId& shard, std::int64_t count, SteadyTime at)
{
    tellBoth(shard, at, [&](ShardMeter& meter) { meter.deadLettersAdded(count, at); });
}

void SignalBook::deadLettersRemoved(const ShardId& shard, std::int64_t count, SteadyTime at)
{
    tellBoth(shard, at, [&](ShardMeter& meter) { meter.deadLettersRemoved(count, at); });
}

void SignalBook::measure(Entry& entry, ShardSnapshot& shard, double workers, const Moment& now)
{
    entry.meter.tick(now.steady,
        { .queueDepth = shard.queueDepth,
            .consumerLag = shard.consumerLag,
            .inFlight = shard.inFlight,
            .workers = workers });
    entry.meter.fill(shard, now.steady);
    if (entry.medianAt == SteadyTime::min() || now.steady - entry.medianAt >= kMedianEvery) {
        const auto median = entry.history.dayMedian(Metric::LatencyP95);
        entry.latencyMedian.reset();
        if (median)
            entry.latencyMedian = Millis { std::llround(*median) };
        entry.medianAt = now.steady;
    }
    shard.latencyMedian = entry.latencyMedian;
}

void SignalBook::keep(Entry& entry, const ShardSnapshot& shard, const Moment& now)
{
    entry.seenAt = now.steady;
    const MetricValues values = metricsOf(shard);
    entry.history.append(now.steady, values);
    for (MinuteValue& minute : entry.rollup.add(now.wall, values))
        m_minutes.push_back({ .shard = shard.shard, .value = minute });
    if (m_minutes.size() > kMinutesMax)
        m_minutes.erase(m_minutes.begin(),
            m_minutes.begin() + static_cast<std::ptrdiff_t>(m_minutes.size() - kMinutesMax));
}

std::vector<SignalBook::ShardMinute> SignalBook::takeAllMinutes()
{
    std::vector<ShardMinute> minutes = takeMinutes();
    for (const auto& [shard, entry] : m_entries) {
        for (MinuteValue& minute : entry->rollup.take())
            minutes.push_back({ .shard = shard, .value = minute });
    }
    return minutes;
}

void SignalBook::completeDestination(DestinationSnapshot& destination,
    std::span<const ShardSnapshot* const> shards, const Moment& now)
{
    Entry& own = entry({ .destination = destination.name, .account = {} }, now.steady);
    destination.total = mergeShards(shards);
    destination.total.shard = { .destination = destination.name, .account = {} };
    destination.total.platform = destination.platform;
    double workers = 0;
    for (const ShardSnapshot* shard : shards)
        workers += shard->concurrency.now;
    measure(own, destination.total, workers, now);
    destination.shards = static_cast<int>(shards.size());
    destination.shardsInTrouble = static_cast<int>(std::count_if(shards.begin(), shards.end(),
        [](const ShardSnapshot* shard) { return troubleOf(*shard) <= Trouble::P3; }));
    if (shards.empty())
        destination.total.state = ShardState::Idle;
    keep(own, destination.total, now);
}

void SignalBook::complete(EngineSnapshot& snapshot, const Moment& now)
{
    std::map<std::string_view, std::vector<const ShardSnapshot*>> byDestination;
    for (ShardSnapshot& shard : snapshot.shards) {
        Entry& own = entry(shard.shard, now.steady);
        measure(own, shard, shard.concurrency.now, now);
        auto result = own.rules.update(shard,
            { .now = now.steady,
                .wallNow = now.wall,
                .latencyMedian = own.latencyMedian,
                .attemptsSinceAccepted = own.meter.attemptsSinceAccepted(),
                .lastAcceptedAt = own.meter.lastAcceptedAt() },
            snapshot.thresholds);
        shard.state = result.state;
        shard.stateSince = result.since;
        shard.also = std::move(result.also);
        shard.isLagCritical
            = shard.consumerLag >= snapshot.thresholds.duration(Threshold::BackloggedLagCritical);
        keep(own, shard, now);
        byDestination[shard.shard.destination].push_back(&shard);
    }
    for (DestinationSnapshot& destination : snapshot.destinations)
        completeDestination(destination, byDestination[destination.name], now);
    std::erase_if(m_entries,
        [&now](const auto& item) { return now.steady - item.second->seenAt > kForgetAfter; });
}

HistoryPage SignalBook::history(const HistoryQuery& query, const Moment& now) const
{
    HistoryPage page { .generation = query.generation, .span = query.span, .until = now.wall };
    for (const ShardId& shard : query.shards) {
        const auto found = m_entries.find(shard);
        if (found == m_entries.end())
            continue;
        HistorySeries series { .shard = shard };
        for (int metric = 0; metric < kMetrics; ++metric)
            series.metrics.push_back(
                found->second->history.series(query.span, static_cast<Metric>(metric), now.steady));
        page.series.push_back(std::move(series));
    }
    return page;
}

void SignalBook::seed(
    const ShardId& shard, std::span<const MetricValues> seconds, const Moment& now)
{
    History& history = entry(shard, now.steady).history;
    Seconds ago { static_cast<std::int64_t>(seconds.size()) };
    for (const MetricValues& values : seconds)
        history.append(now.steady - ago--, values);
}

void SignalBook::refill(
    const ShardId& shard, std::span<const MinuteValue> minutes, const Moment& now)
{
    entry(shard, now.steady).history.refill(minutes, now.steady, now.wall);
}

} // namespace engine::signals

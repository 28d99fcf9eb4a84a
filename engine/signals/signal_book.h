// All meters, states and histories of one engine, by shard and by destination.
#pragma once

#include "signals/history.h"
#include "signals/shard_meter.h"
#include "signals/state_rules.h"

#include <engine/pages.h>
#include <engine/snapshot.h>

#include <memory>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace engine::signals {

// Lives in the thread that makes the snapshots; what delivery reports is posted there as values.
// Each fact is told once, for its shard; the destination is measured along with it.
class SignalBook {
public:
    void arrived(const ShardId& shard, std::int64_t records, SteadyTime at);
    void pickedUp(const ShardId& shard, Millis waited, SteadyTime at);
    void requestEnded(const ShardId& shard, const RequestSample& sample);
    void deadLettersAdded(const ShardId& shard, std::int64_t count, SteadyTime at);
    void deadLettersRemoved(const ShardId& shard, std::int64_t count, SteadyTime at);

    struct Moment {
        SteadyTime steady {};
        WallTime wall {};
    };
    // The engine has put into each shard of the snapshot what delivery and the store know; this
    // adds what was measured, slopes, state, and the totals of each destination named in
    // snapshot.destinations (their name, platform and unrouted counts stay), by the thresholds in
    // the snapshot. Keeps the history.
    // What has not been in a snapshot for kForgetAfter is dropped with its history.
    void complete(EngineSnapshot& snapshot, const Moment& now);

    [[nodiscard]] HistoryPage history(const HistoryQuery& query, const Moment& now) const;

    // Minutes that ended since the last call, of shards and (account empty) destinations.
    struct ShardMinute {
        ShardId shard {};
        MinuteValue value {};
    };
    [[nodiscard]] std::vector<ShardMinute> takeMinutes() { return std::exchange(m_minutes, {}); }
    // Those and what there is of the minute that runs, for a stop.
    [[nodiscard]] std::vector<ShardMinute> takeAllMinutes();
    // At start, before the first complete().
    void refill(const ShardId& shard, std::span<const MinuteValue> minutes, const Moment& now);

    // Before the first complete() with this shard: a sample for each second up to `now`, oldest
    // first.
    void seed(const ShardId& shard, std::span<const MetricValues> seconds, const Moment& now);

    static constexpr Seconds kForgetAfter { 60 };
    static constexpr std::size_t kMinutesMax = 200'000; // not fetched: the oldest are dropped

private:
    struct Entry {
        explicit Entry(SteadyTime now)
            : meter(now)
            , seenAt(now)
        {
        }
        ShardMeter meter;
        ShardStateRules rules {};
        History history {};
        MinuteRollup rollup {};
        std::optional<Millis> latencyMedian {};
        SteadyTime medianAt { SteadyTime::min() };
        SteadyTime seenAt {}; // in a snapshot, or made
    };
    [[nodiscard]] Entry& entry(const ShardId& shard, SteadyTime now);
    template <class Tell>
    void tellBoth(const ShardId& shard, SteadyTime now, Tell tell);
    void measure(Entry& entry, ShardSnapshot& shard, double workers, const Moment& now);
    void keep(Entry& entry, const ShardSnapshot& shard, const Moment& now);
    void completeDestination(DestinationSnapshot& destination,
        std::span<const ShardSnapshot* const> shards, const Moment& now);

    std::unordered_map<ShardId, std::unique_ptr<Entry>, ShardIdHash> m_entries {};
    std::vector<ShardMinute> m_minutes {};
};

} // namespace engine::signals

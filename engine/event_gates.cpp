#include "event_gates.h"

#include <algorithm>

namespace engine {
namespace {

const ShardSnapshot* find(const EngineSnapshot& snapshot, const ShardId& id)
{
    const auto shard = std::find_if(snapshot.shards.begin(), snapshot.shards.end(),
        [&](const ShardSnapshot& each) { return each.shard == id; });
    return shard == snapshot.shards.end() ? nullptr : &*shard;
}

// What lies with the delivery itself.
void addOwn(EventDelivery& delivery, WallTime now)
{
    if (!delivery.dueAt || *delivery.dueAt <= now)
        return;
    if (delivery.lane == Lane::Retry)
        delivery.gates.push_back({ Hold::Gate::Backoff, delivery.dueAt,
            "it failed " + std::to_string(delivery.attempts) + " times and is tried again then" });
    else if (delivery.lane == Lane::Deferred)
        delivery.gates.push_back({ Hold::Gate::Quota, delivery.dueAt,
            "its workspace was over its tier; it is released then" });
}

void addJob(EventDelivery& delivery, const EngineSnapshot& snapshot)
{
    if (!delivery.job)
        return;
    for (const ReplayJobSnapshot& job : snapshot.jobs) {
        if (job.id != *delivery.job || job.state == "running" || job.state == "holding")
            continue;
        delivery.gates.push_back({ Hold::Gate::Paused, std::nullopt,
            "replay job R-" + std::to_string(toInt(job.id)) + " is " + job.state });
    }
}

void addShard(EventDelivery& delivery, const ShardSnapshot& shard)
{
    for (const Hold& hold : shard.holds) {
        // The shard's own back-off speaks of the first retry; this delivery has its own time.
        if (hold.gate != Hold::Gate::Backoff)
            delivery.gates.push_back(hold);
    }
    if (shard.desired == Desired::RetriesPaused && delivery.lane != Lane::Live)
        delivery.gates.push_back(
            { Hold::Gate::Paused, shard.pauseUntil, "retries and replays are paused here" });
}

// Nothing holds it: others go first.
Hold turnOf(const EventDelivery& delivery, const ShardSnapshot& shard)
{
    const std::int64_t waiting = shard.laneDepth[static_cast<std::size_t>(delivery.lane)];
    Hold turn { Hold::Gate::Concurrency, std::nullopt,
        "nothing holds it; it waits its turn among " + std::to_string(waiting) + " in lane "
            + toString(delivery.lane) };
    return turn;
}

bool opensLater(const Hold& a, const Hold& b)
{
    return a.until.value_or(WallTime::max()) > b.until.value_or(WallTime::max());
}

} // namespace

void addGates(EventPage& page, const EngineSnapshot& snapshot)
{
    for (EventTrace& trace : page.events) {
        for (EventDelivery& delivery : trace.deliveries) {
            if (delivery.state != DeliveryState::Waiting)
                continue;
            addOwn(delivery, snapshot.takenAt);
            addJob(delivery, snapshot);
            const ShardSnapshot* shard = find(snapshot, delivery.shard);
            if (shard)
                addShard(delivery, *shard);
            if (shard && delivery.gates.empty())
                delivery.gates.push_back(turnOf(delivery, *shard));
            std::stable_sort(delivery.gates.begin(), delivery.gates.end(), opensLater);
        }
    }
}

} // namespace engine

#include "charts/spans.h"

#include <algorithm>

namespace ui {

namespace {

using engine::Annotation;
using Kind = Annotation::Kind;

constexpr engine::Seconds kStartSlack { 5 }; // between a command and the job that it makes

// The same shard, or one of the two is the destination of the other, or everything.
bool touches(const engine::ShardId& a, const engine::ShardId& b)
{
    if (a.destination.empty() || b.destination.empty())
        return true;
    return a.destination == b.destination
        && (a.account == b.account || a.isWholeDestination() || b.isWholeDestination());
}

bool isPausedNow(const engine::EngineSnapshot& snapshot, const engine::ShardId& about)
{
    return std::any_of(snapshot.shards.begin(), snapshot.shards.end(), [&](const auto& shard) {
        return shard.desired != engine::Desired::Running && touches(about, shard.shard);
    });
}

// When the next annotation of one of these kinds touched the same shard.
std::optional<engine::WallTime> nextOf(const std::vector<Annotation>& annotations,
    std::size_t after, std::initializer_list<Kind> kinds)
{
    for (std::size_t i = after + 1; i < annotations.size(); ++i) {
        const bool isKind
            = std::find(kinds.begin(), kinds.end(), annotations[i].kind) != kinds.end();
        if (isKind && touches(annotations[i].shard, annotations[after].shard))
            return annotations[i].at;
    }
    return std::nullopt;
}

std::optional<engine::WallTime> endOfPause(const engine::EngineSnapshot& snapshot, std::size_t at)
{
    const auto& pause = snapshot.annotations[at];
    const auto resumed = nextOf(snapshot.annotations, at, { Kind::Resume, Kind::Pause });
    if (!resumed && !pause.until && !isPausedNow(snapshot, pause.shard))
        return std::nullopt; // it is over, and nobody knows since when
    return std::min({ resumed.value_or(snapshot.takenAt), pause.until.value_or(snapshot.takenAt),
        snapshot.takenAt });
}

// The flag that the command left, on everything, becomes one on each shard that is replayed.
void addJob(std::vector<Annotation>& all, const engine::ReplayJobSnapshot& job,
    const ReplayedShards& replayed, engine::WallTime now)
{
    const auto flag = std::find_if(all.begin(), all.end(), [&](const Annotation& one) {
        return one.kind == Kind::Replay && one.shard.destination.empty() && !one.until
            && std::chrono::abs(one.at - job.createdAt) < kStartSlack;
    });
    const auto shards = replayed.find(job.id);
    if (shards == replayed.end())
        return;
    Annotation span { Kind::Replay, job.createdAt, job.endedAt.value_or(now), {}, job.title };
    if (flag != all.end()) {
        span.at = flag->at;
        span.text = flag->text;
        all.erase(flag);
    }
    for (const auto& shard : shards->second) {
        span.shard = shard;
        all.push_back(span);
    }
}

} // namespace

std::vector<Annotation> withEnds(
    const engine::EngineSnapshot& snapshot, const ReplayedShards& replayed)
{
    std::vector<Annotation> all = snapshot.annotations;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].kind == Kind::Pause)
            all[i].until = endOfPause(snapshot, i);
        else if (all[i].kind == Kind::Tune && all[i].until) // a trial: the next tuning ends it
            all[i].until = std::min({ *all[i].until, snapshot.takenAt,
                nextOf(snapshot.annotations, i, { Kind::Tune }).value_or(snapshot.takenAt) });
    }
    for (const auto& job : snapshot.jobs)
        addJob(all, job, replayed, snapshot.takenAt);
    std::stable_sort(all.begin(), all.end(),
        [](const Annotation& a, const Annotation& b) { return a.at < b.at; });
    return all;
}

std::vector<engine::ShardId> shardsSentTo(const engine::ReplayPreview& preview)
{
    std::vector<engine::ShardId> shards;
    for (const auto& each : preview.shards) {
        const auto never = each.alreadyAccepted + each.superseded + each.payloadGone + each.tooOld;
        if (each.matched > never)
            shards.push_back(each.shard);
    }
    return shards;
}

} // namespace ui

#include "replay/job_snapshot.h"

#include <algorithm>
#include <array>

namespace engine::replay {
namespace {

const char* stateText(const store::ReplayJobRow& row, const std::string& hold)
{
    switch (row.state) {
    case store::JobState::Running:
        return hold.empty() ? "running" : "holding";
    case store::JobState::Paused:
        return "paused";
    case store::JobState::Finished:
        return "finished";
    case store::JobState::Cancelled:
        return "cancelled";
    case store::JobState::Stopped:
        return "failed";
    }
    return "";
}

void addLive(ReplayJobSnapshot& job, const Running& live)
{
    job.perSecond = live.last.perSecond;
    job.rampStep = live.last.rampStep;
    job.errorRatio = live.last.errorRatio;
    job.throttleRatio = live.around.throttleRatio;
    job.liveLag = live.around.liveLag;
    if (live.ended.size() > 1) {
        const std::chrono::duration<double> over
            = live.ended.back().first - live.ended.front().first;
        const std::int64_t ended = live.ended.back().second - live.ended.front().second;
        job.actualPerSecond = over.count() > 0 ? static_cast<double>(ended) / over.count() : 0;
    }
    if (job.perSecond > 0 && job.left() > 0)
        job.eta = Seconds {
            static_cast<std::int64_t>(static_cast<double>(job.left()) / job.perSecond) + 1
        };
}

} // namespace

std::string rampText(int step)
{
    constexpr std::array<const char*, 4> kTexts { "a canary of 1 goes first",
        "the canary was accepted; 10 go", "10 were accepted; 100 go",
        "100 were accepted; full pace" };
    return kTexts[static_cast<std::size_t>(std::clamp(step, 0, 3))];
}

ReplayJobSnapshot toSnapshot(const store::ReplayJobRow& row, const Running* running)
{
    ReplayJobSnapshot job { .id = row.id, .selection = row.selection, .title = row.title };
    const std::string hold = running == nullptr ? std::string {} : running->last.hold;
    job.state = stateText(row, hold);
    job.reason = row.reason.empty() ? hold : row.reason;
    job.total = row.total;
    job.accepted = row.accepted;
    job.failed = row.failed;
    job.sameError = row.sameError;
    job.skipped = row.skipped;
    job.takenBack = row.takenBack;
    job.who = row.who;
    job.createdAt = row.createdAt;
    job.endedAt = row.endedAt;
    job.sharePercent = row.sharePercent;
    job.rate = row.perSecond;
    job.guards = row.guards;
    if (row.state == store::JobState::Cancelled && row.outstanding() <= 0)
        job.cancelled = job.left();
    if (running != nullptr)
        addLive(job, *running);
    return job;
}

} // namespace engine::replay

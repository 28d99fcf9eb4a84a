// Replay jobs: what is fed, what was, and where it goes on. Store thread only. Progress and the
// deliveries that it adds are one transaction, so a crash neither feeds twice nor forgets.
#pragma once

#include "core/event.h"
#include "store/replay_rows.h"

#include <engine/result.h>

#include <functional>

namespace engine::store {

class WriteTransaction;

struct NewReplayJob {
    SelectionId selection {};
    std::string title {};
    std::string who {};
    std::optional<double> perSecond {};
    double sharePercent { 20 };
    bool isRamped { true };
    bool includeUnknown { false };
    bool includeSameError { false };
    ReplayGuards guards {};
};
// Conflict when an entry of the selection is in a job that has not ended: message and field
// ("R-17") name it. NotFound when the selection has expired.
[[nodiscard]] Result<ReplayJobId> createReplayJob(
    WriteTransaction& transaction, const NewReplayJob& job);

// Puts the next entries into lane replay of their shards, attempts fresh, and says how many.
struct FeedStep {
    std::int64_t fed { 0 };
    std::int64_t skipped { 0 }; // changed since the preview: archived, or sent by somebody else
    bool isAllFed { false };
};
// The account that an event has at a destination now, of a dead letter that had none; or why it has
// none still. kUnknownAccount where accounts are not read from events (any more): then it is sent
// as all others.
using FindAccount = std::function<Result<std::string>(
    const std::string& destination, const StoredEventPtr& event)>;
// An entry without an account becomes one of the account that is found, or fails again.
[[nodiscard]] Result<FeedStep> feedReplayJob(WriteTransaction& transaction, ReplayJobId job,
    int rowsMax, const FindAccount& findAccount = {});

// Of a job that has not ended; without a rate the share counts.
[[nodiscard]] Status setReplayPace(WriteTransaction& transaction, ReplayJobId job,
    double sharePercent, std::optional<double> perSecond);

// Ends a job (Finished, Cancelled), pauses, stops or resumes it. Conflict when it has ended
// already.
[[nodiscard]] Status setReplayJobState(
    WriteTransaction& transaction, ReplayJobId job, JobState state, const std::string& reason);

// One line of what a job went through.
[[nodiscard]] Status addJobEvent(
    WriteTransaction& transaction, ReplayJobId job, const ReplayJobEvent& event);

} // namespace engine::store

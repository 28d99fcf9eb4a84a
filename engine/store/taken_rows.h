// Deliveries that leave their lanes without being sent: those of a cancelled replay go back to
// where they came from, those of a destination that is gone become dead letters. Store thread only;
// each call is one step. What is in flight is left alone.
#pragma once

#include "store/replay_rows.h"

#include <engine/outcome.h>
#include <engine/result.h>

#include <set>
#include <vector>

namespace engine::store {

class WriteTransaction;

// Told to delivery after the commit: its memory must forget them.
struct TakenRows {
    ShardKey shard {};
    Lane lane { Lane::Replay };
    std::set<EventSeq> seqs {};
};
struct TakeStep {
    std::vector<TakenRows> rows {};
    std::int64_t count { 0 };
    bool isMore { false };
};

// What waits of a cancelled job, in whatever lane; its dead letters wait again.
[[nodiscard]] Result<TakeStep> takeBackJob(
    WriteTransaction& transaction, ReplayJobId job, int rowsMax);

// At start: cancelled jobs whose last requests were in flight when the program ended.
[[nodiscard]] Status takeBackCancelled(WriteTransaction& transaction);

// What waits for one shard becomes dead letters of class `config` with this reason.
[[nodiscard]] Result<TakeStep> moveToDeadLetters(WriteTransaction& transaction, ShardKey shard,
    const ShardId& id, const std::string& reason, int rowsMax);

} // namespace engine::store

// What delivery writes: dispatch marks, outcomes, releases, pauses; and what a restart does with
// requests that were in flight. Store thread only.
#pragma once

#include "core/delivery.h"
#include "store/encoding_mark.h"
#include "store/write_transaction.h"

namespace engine::store {

// One row in `request` that carries the keys: nothing is updated per delivery. Keys whose rows are
// gone do no harm, here or later.
[[nodiscard]] Status markDispatched(WriteTransaction& transaction, const DispatchMark& mark);

// All outcomes of one answer. An item whose row is gone changes nothing: somebody else ended it.
[[nodiscard]] Status recordResult(WriteTransaction& transaction, const RequestResult& result);

// At most kReleaseMax deferred rows whose time has come become live; returns how many. The caller
// asks again while it gets kReleaseMax.
inline constexpr int kReleaseMax = 2'000;
[[nodiscard]] Result<std::int64_t> releaseDeferred(
    WriteTransaction& transaction, ShardKey shard, WallTime now);

struct DesiredChange {
    ShardId target {}; // without an account: the destination, shards that appear later included
    Desired desired { Desired::Running };
    std::optional<WallTime> until {};
    PauseCause cause { PauseCause::Operator };
    std::string who {};
    std::string note {};
};
[[nodiscard]] Status setDesired(WriteTransaction& transaction, const DesiredChange& change);

// At start. Requests without an end are closed as lost, their deliveries have spent one attempt and
// wait in lane retry, due now. Returns how many requests there were. Also brings due times that lie
// implausibly far ahead (somebody set the clock) back to their longest possible wait.
[[nodiscard]] Result<std::int64_t> recoverRequests(WriteTransaction& transaction);
// What was being encoded when the last run ended has spent an attempt.
[[nodiscard]] Status countEncoding(WriteTransaction& transaction, const EncodingNow& left);

} // namespace engine::store

// Writing dead letters. Store thread only.
#pragma once

#include "store/write_transaction.h"

#include <engine/pages.h>

#include <optional>
#include <string_view>

namespace engine::store {

// Text must live until the call returned.
struct NewDeadLetter {
    ShardKey shard {};
    EventSeq seq {};
    Outcome outcome { Outcome::Invalid };
    int httpStatus { 0 };
    std::string_view code {};
    std::string_view message {};
    std::optional<std::int64_t> answer {}; // row of `answer`
    std::string_view record {};
    std::string_view encoder {};
    int attempts { 0 };
    WallTime failedAt {};
    std::optional<std::int64_t> expiresUs {};
    std::optional<std::int64_t> firstSentUs {}; // of the first send whose outcome was unknown
    std::optional<std::int64_t> person {}; // of the delivery, so that a replay of it knows
    std::string fingerprint {};
    std::optional<ReplayJobId> job {};
};

// One entry per shard and event: what failed again after a replay updates its entry, which keeps
// its id and first-seen time and is not counted as added once more.
[[nodiscard]] Status putDeadLetter(WriteTransaction& transaction, const NewDeadLetter& letter);

// An entry that a replay was to send waits as before: it was taken back, or replaced.
[[nodiscard]] Status letWaitAgain(WriteTransaction& transaction, ShardKey shard, EventSeq seq);

// Takes an entry from waiting or replaying to `state`, if there is one; counts it as removed when
// it leaves the queue (replayed, archived). True when an entry changed.
[[nodiscard]] Result<bool> moveDeadLetter(
    WriteTransaction& transaction, ShardKey shard, EventSeq seq, DeadLetterState state);

// Entries of one group on one shard came or went; written with the commit.
void countFingerprint(WriteTransaction& transaction, std::int64_t fingerprint, ShardKey shard,
    std::int64_t entries, std::int64_t atUs);

} // namespace engine::store

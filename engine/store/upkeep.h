// The small writes: audit, live overrides, roll-ups, and retention in small steps. Store thread
// only.
#pragma once

#include "store/reader.h"

#include <engine/pages.h>
#include <engine/result.h>

#include <span>
#include <vector>

namespace engine::store {

class WriteTransaction;

[[nodiscard]] Result<AuditId> addAudit(WriteTransaction& transaction, const AuditRow& row);

// An empty value removes the override.
[[nodiscard]] Status setOverride(WriteTransaction& transaction, const OverrideRow& row);

[[nodiscard]] Status keepPlatform(
    WriteTransaction& transaction, const std::string& destination, const std::string& platform);

// Joined with what is kept of the same minute already: a restart divides one.
[[nodiscard]] Status addRollups(WriteTransaction& transaction, std::span<const RollupRow> rows);
[[nodiscard]] Status addDestinationRollups(
    WriteTransaction& transaction, std::span<const DestinationRollup> rows);

// Removes events with their attempts and ids; they are counted as removed by retention.
[[nodiscard]] Status removeEvents(WriteTransaction& transaction, std::span<const EventSeq> events);

struct RetentionCutoffs {
    WallTime requests {}; // requests and answers that nothing refers to any more
    WallTime archived {}; // archived and replayed dead letters
    WallTime unused {}; // selections that became no job
    WallTime audit {};
    std::int64_t rollupMinute { 0 };
};
// One small step of everything that is not an event; true when there is more to do.
[[nodiscard]] Result<bool> removeOld(
    WriteTransaction& transaction, const RetentionCutoffs& cutoffs, int rowsMax);

} // namespace engine::store

// Freezing a set of deliveries for a replay or an archive. Store thread only; each call is one step
// of a few thousand rows, so that nobody's commit waits long; the caller (engine/replay) repeats
// until done.
#pragma once

#include "core/event.h"
#include "store/replay_rows.h"

#include <engine/pages.h>
#include <engine/result.h>

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace engine::store {

class Connection;
class WriteTransaction;

// What only an adapter can tell of a delivery.
struct DeliveryFacts {
    std::string personKey {}; // it overwrites what the platform knows of this person
    std::optional<WallTime> expiresAt {}; // the platform takes it until then
};

// What the verdicts need to know beyond the store.
struct VerdictInput {
    // Destination → version of the encoder it would use now; absent for one that is not configured.
    std::map<std::string, std::string> encoders {};
    // Called in the store's thread. Empty: nobody can tell.
    std::function<DeliveryFacts(const ShardId&, const StoredEventPtr&)> facts {};
    WallTime now {};
};

// A later record of this person (by the hash of its key) was accepted there.
[[nodiscard]] Result<bool> isSuperseded(
    Connection& connection, std::int64_t shard, std::int64_t person, std::int64_t seq);

[[nodiscard]] Result<SelectionId> beginSelection(WriteTransaction& transaction);

// Where the walk goes on: dead letters by id, then, when asked for, delivered events by time.
struct SelectionCursor {
    std::int64_t after { 0 }; // dead letter id, or seq within afterTimeUs
    std::int64_t afterTimeUs { 0 }; // delivered events only
    std::int64_t last { 0 }; // the cutoff: what came later is not in it; 0 before the first step
    std::int64_t letters { 0 }; // found so far; events may be letters too, and are not counted
    bool isJournal { false };
    bool isDone { false };
};
// Adds the next entries and their verdicts. At most `rowsMax` are found in one step; those looked
// at are bounded too.
[[nodiscard]] Result<SelectionCursor> growSelection(WriteTransaction& transaction,
    SelectionId selection, const SelectionRequest& request, const VerdictInput& input,
    SelectionCursor cursor, int rowsMax);

// The pace that the counts reckon with; kept with the selection.
[[nodiscard]] Status setSelectionPace(
    WriteTransaction& transaction, SelectionId selection, double perSecond);

// Second pass, in the order in which a job feeds: what expires before its turn comes at
// `perSecond` records a second is too old.
struct PredictionCursor {
    ItemKey after {};
    std::int64_t sent { 0 }; // records that go before
    bool isDone { false };
};
[[nodiscard]] Result<PredictionCursor> predictSelection(WriteTransaction& transaction,
    SelectionId selection, double perSecond, WallTime now, PredictionCursor cursor, int rowsMax);

// Times at which dead letters were archived; both ends belong to it.
struct MovedWithin {
    WallTime from { WallTime::min() };
    WallTime to { WallTime::max() };
};

// Archives (or restores) the next dead letters of a selection. Replays under way are left alone.
// Restoring can be kept to what was archived at certain times, so that it takes back one archiving
// and not another one.
struct ArchiveStep {
    std::int64_t moved { 0 };
    std::int64_t skipped { 0 }; // not in the state that the move starts from
    std::optional<std::int64_t> after {}; // dead letter id to go on from; absent: done
};
[[nodiscard]] Result<ArchiveStep> archiveStep(WriteTransaction& transaction, SelectionId selection,
    bool restore, std::int64_t after, int rowsMax, const MovedWithin& when = {});

// Removes the next archived entries of a selection for good, those archived before `before`.
[[nodiscard]] Result<ArchiveStep> purgeStep(WriteTransaction& transaction, SelectionId selection,
    WallTime before, std::int64_t after, int rowsMax);

} // namespace engine::store

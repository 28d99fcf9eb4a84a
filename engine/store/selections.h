// Freezing a set of deliveries for a replay or an archive. Store thread only; each call is one step
// of a few thousand rows, so that nobody's commit waits long; the caller (engine/replay) repeats
// until done.
#pragma once

#include "store/replay_rows.h"

#include <engine/pages.h>
#include <engine/result.h>

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace engine::store {

class WriteTransaction;

// What the verdicts need to know beyond the store.
struct VerdictInput {
    // Destination → version of the encoder it would use now; absent for one that is not configured.
    std::map<std::string, std::string> encoders {};
    WallTime now {};
};

// Makes an empty selection; older ones than a day that no job uses are dropped on the way.
[[nodiscard]] Result<SelectionId> beginSelection(WriteTransaction& transaction);

struct SelectionCursor {
    std::int64_t after { 0 }; // dead letter id, or journal seq with includeDelivered
    std::int64_t last { 0 }; // the cutoff: what came later is not in it; 0 before the first step
    bool isJournal { false };
    bool isDone { false };
};
// Adds the next entries and their verdicts.
[[nodiscard]] Result<SelectionCursor> growSelection(WriteTransaction& transaction,
    SelectionId selection, const SelectionRequest& request, const VerdictInput& input,
    SelectionCursor cursor, int rowsMax);

// Archives (or restores) the next dead letters of a selection. Replays under way are left alone.
struct ArchiveStep {
    std::int64_t moved { 0 };
    std::int64_t skipped { 0 }; // not in the state that the move starts from
    std::optional<std::int64_t> after {}; // dead letter id to go on from; absent: done
};
[[nodiscard]] Result<ArchiveStep> archiveStep(WriteTransaction& transaction, SelectionId selection,
    bool restore, std::int64_t after, int rowsMax);

} // namespace engine::store

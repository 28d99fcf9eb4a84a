// How things were before an action and how it left them: kept with the action's entry in the audit,
// so that it can be taken back exactly, also days and restarts later. Pure.
#pragma once

#include "delivery/dispatcher.h"
#include "override_book.h"
#include "store/group_status.h"

#include <engine/commands.h>
#include <engine/pages.h>
#include <engine/snapshot.h>
#include <engine/thresholds.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace engine {

struct TuningUndo {
    std::vector<ShardId> targets {};
    OverrideBook::Entries before {};
    OverrideBook::Entries after {};
};
struct PauseUndo {
    using Pauses = std::vector<std::pair<ShardId, delivery::PauseState>>;
    std::vector<ShardId> targets {};
    Pauses before {}; // of every shard that the targets covered
    Pauses after {};
};
struct ArchiveUndo {
    SelectionId selection {};
    bool isRestored { false }; // out of the archive; else into it
    WallTime from {}; // when they were moved
    WallTime to {};
};
struct GroupUndo {
    std::string fingerprint {};
    GroupStatus statusBefore { GroupStatus::New };
    std::string noteBefore {};
    GroupStatus statusAfter { GroupStatus::New };
    std::string noteAfter {};
};
struct GroupShapeUndo {
    std::string fingerprint {};
    store::GroupShape before {};
    store::GroupShape after {};
};
struct ThresholdsUndo {
    struct Change {
        std::optional<double> before {}; // absent: as configured
        std::optional<double> after {};
    };
    std::map<Threshold, Change> changes {};
};
struct SaleUndo {
    SaleCommand before {}; // what would bring the mode about
    SaleCommand after {};
};
using UndoRecord = std::variant<TuningUndo, PauseUndo, ArchiveUndo, GroupUndo, ThresholdsUndo,
    GroupShapeUndo, SaleUndo>;

// JSON. Empty when it would be longer than kUndoBytesMax: a pause of thousands of shards, each with
// another past.
[[nodiscard]] std::string toText(const UndoRecord& record);
[[nodiscard]] std::optional<UndoRecord> parseUndo(const std::string& text);
inline constexpr std::size_t kUndoBytesMax = 64 * 1024;

// The changes that bring the pauses of before back, in this order. A pause that would have ended
// meanwhile is not begun again.
[[nodiscard]] std::vector<delivery::DesiredChange> changesBack(const PauseUndo& undo, WallTime now);
// The command that brings the shape of before back: what was put in comes out, what was taken out
// goes in again.
[[nodiscard]] GroupShapeCommand commandBack(const GroupShapeUndo& undo);
// What an operator has switched; windows of the configuration are as configured.
[[nodiscard]] SaleCommand switchOf(const SaleMode& mode);
// The switch of before; as configured where it would have gone back by itself meanwhile.
[[nodiscard]] SaleCommand commandBack(const SaleUndo& undo, WallTime now);
[[nodiscard]] bool isSame(const SaleCommand& a, const SaleCommand& b);
// Same mode, end, cause and note; who set it is no difference.
[[nodiscard]] bool isSame(const delivery::PauseState& a, const delivery::PauseState& b);

} // namespace engine

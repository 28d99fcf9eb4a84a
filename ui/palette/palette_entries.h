// What the command palette can offer for a text, best first: actions, actions on a shard, shards,
// pages, settings, saved filters and jobs; after a prefix one kind only: > actions and settings,
// # shards, @ an event id, / filters of the overview and of the dead letters. Pure, but for reading
// the actions' state.
#pragma once

#include "theme/theme.h"

#include <engine/snapshot.h>

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

class QAction;

namespace ui {

// Dynamic properties of an action that the palette reads.
inline constexpr const char* kNeedsShard = "needs_shard"; // works on the selected shards
inline constexpr const char* kActsAtOnce = "acts_at_once"; // a write without a sheet of its own
// Its name where the menu above it is missing: "Theme: dark" for "Dark".
inline constexpr const char* kFullTitle = "full_title";
inline constexpr const char* kBlocked = "blocked"; // off whatever is selected: the safety level

inline constexpr std::size_t kPaletteEntriesMax = 50;

struct PaletteEntry {
    enum class Kind { Action, Shard, Event, Filter, SavedFilter, Job, Setting };
    Kind kind { Kind::Action };
    QString id {}; // the same next time: recents are kept by it
    QString title {};
    QString detail {};
    QString shortcut {};
    std::optional<Status> status {};
    QAction* action { nullptr }; // Action
    engine::ShardId shard {}; // Shard; Action: on this one, when it is not empty
    QString text {}; // Event: its id; Filter and SavedFilter: the filter text
    int number { 0 }; // Setting: of its page
    engine::ReplayJobId job {};
};

struct PaletteSources {
    QList<QAction*> actions {};
    engine::SnapshotPtr snapshot {}; // may be null
    QStringList recents {}; // ids, newest first
    QStringList filters {}; // used lately in the overview, newest first
    QStringList savedFilters {}; // of the dead letters
    QStringList settings {}; // titles of the pages
};
[[nodiscard]] QString titleOf(const QAction& action); // in full, without the mark of its key
[[nodiscard]] std::vector<PaletteEntry> findEntries(
    const QString& query, const PaletteSources& sources);

} // namespace ui

// What the command palette can offer for a text, best first: actions, actions on a shard, shards,
// pages and jobs; after a prefix one kind only: > actions, # shards, @ an event id, / a filter of
// the overview. Pure, but for reading the actions' state.
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

inline constexpr std::size_t kPaletteEntriesMax = 50;

struct PaletteEntry {
    enum class Kind { Action, Shard, Event, Filter, Job };
    Kind kind { Kind::Action };
    QString id {}; // the same next time: recents are kept by it
    QString title {};
    QString detail {};
    QString shortcut {};
    std::optional<Status> status {};
    QAction* action { nullptr }; // Action
    engine::ShardId shard {}; // Shard; Action: on this one, when it is not empty
    QString text {}; // Event: its id; Filter: the filter text
    engine::ReplayJobId job {};
};

struct PaletteSources {
    QList<QAction*> actions {};
    engine::SnapshotPtr snapshot {}; // may be null
    QStringList recents {}; // ids, newest first
    QStringList filters {}; // used lately in the overview, newest first
};
[[nodiscard]] std::vector<PaletteEntry> findEntries(
    const QString& query, const PaletteSources& sources);

} // namespace ui

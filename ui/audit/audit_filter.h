// The filter line of the audit page: text ↔ engine::AuditFilter. Pure.
#pragma once

#include <engine/pages.h>

#include <QString>

namespace ui {

struct ParsedAuditFilter {
    engine::AuditFilter filter {};
    QString error {}; // a sentence; empty when it is good, and then the filter may be used
};

// Conditions apart by spaces, values with spaces in double quotes, as for the dead letters:
//   who:kc  action:tune  shard:meta/1048  profile:LIVE  result:refused  undo:311  job:R-17
//   after:14:00  before:2026-11-27  "scheduled pause"
// shard, dest and target are the same; job is what entries have in common (R-17, S-118, T-…).
// Words, which together must stand in the target, the change, the reason or the result, need no
// key. Times as in the dead letters' filter.
[[nodiscard]] ParsedAuditFilter parseAuditFilter(const QString& line, engine::WallTime now);

} // namespace ui

// The filter line of the audit page: text ↔ engine::AuditFilter. Pure.
#pragma once

#include <engine/pages.h>

#include <QString>

namespace ui {

struct ParsedAuditFilter {
    engine::AuditFilter filter {};
    QString error {}; // a sentence; empty when it is good, and then the filter may be used
};

// who:kc  action:tune  after:14:00  before:2026-11-27  and words, which together must stand in the
// target, the change, the reason or the result. Times as in the dead letters' filter.
[[nodiscard]] ParsedAuditFilter parseAuditFilter(const QString& line, engine::WallTime now);

} // namespace ui

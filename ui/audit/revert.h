// The command that takes an audited action back, where there is one. Pure.
#pragma once

#include <engine/commands.h>
#include <engine/snapshot.h>

#include <QString>

#include <optional>

namespace ui {

struct Revert {
    std::optional<engine::Command> command {};
    QString whyNot {}; // a sentence, when there is no command
};

// Only what still stands as the action left it: a pause that is over, or a tuning that somebody
// changed since, is not taken back over somebody's head.
[[nodiscard]] Revert revertOf(const engine::AuditRow& row, const engine::EngineSnapshot& snapshot);

} // namespace ui

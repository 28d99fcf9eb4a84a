// What the audit calls an action, in the operator's words. Pure.
#pragma once

#include <engine/pages.h>

#include <QString>

namespace ui {

// "Pause retries" for "pause_retries"; an action that is not known here as it is.
[[nodiscard]] QString actionWord(const std::string& action);

// The shards that an entry names; empty when it is about something else.
[[nodiscard]] std::vector<engine::ShardId> shardsOf(const engine::AuditRow& row);

} // namespace ui

// Pages, previews and results of commands as JSON. Pure.
#pragma once

#include "core/json.h"

#include <engine/commands.h>
#include <engine/pages.h>

#include <vector>

namespace engine::control {

inline constexpr std::size_t kListedResponseBytes = 4'096; // of `response` in a list

// {"entries":[…],"next":id or null,"waiting_total"}; `next` goes into `after`.
[[nodiscard]] Json toJson(const DeadLetterPage& page);
// The entry's members and: payload (JSON), is_payload_gone, request_head, record, response whole,
// response_bytes, encoder, attempt_log.
[[nodiscard]] Json toJson(const DeadLetterDetail& detail);
[[nodiscard]] Json toJson(const std::vector<DeadLetterGroup>& groups); // {"groups":[…]}
[[nodiscard]] Json toJson(const ReplayPreview& preview);
// {"events":[…],"missing":[ids],"kept_since"}
[[nodiscard]] Json toJson(const EventPage& page);
[[nodiscard]] Json toJson(const AuditPage& page); // {"entries":[…],"next"}; `next` → `before`
// {"id","message","before","after","audit","job","count"} of a command that was done.
[[nodiscard]] Json toJson(const RevertCheck& check);
[[nodiscard]] Json thresholdsJson(const EngineSnapshot& snapshot);
[[nodiscard]] Json toJson(const CommandResult& result);

} // namespace engine::control

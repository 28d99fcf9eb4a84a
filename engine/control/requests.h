// JSON and query text → the engine's questions and commands. Unknown names are refused. Pure.
#pragma once

#include "control/fields.h"

#include <engine/commands.h>
#include <engine/pages.h>

namespace engine::control {

inline constexpr int kRowsDefault = 100;
inline constexpr int kRowsMax = 1'000;
inline constexpr std::size_t kTargetsMax = 1'000;
inline constexpr std::size_t kIdsMax = 10'000; // a selection by hand

// destination, account (with one destination), class, code, status, fingerprint, event, event_id,
// from, to (last failure), first_from, first_to, event_from, event_to, expires_before,
// attempts_min, bytes_min, text, path and value (in the payload), state ("waiting" unless given),
// id. Lists may be arrays, repeated parameters or "a,b".
void readFilter(Fields& fields, DeadLetterFilter& filter);

// Filter and: limit (1…1,000), after (an id), order ("oldest" unless "newest").
[[nodiscard]] Result<DeadLetterQuery> readDeadLetterQuery(const Json& query);
[[nodiscard]] Result<DeadLetterFilter> readFilterQuery(const Json& query);
// limit, before, who, action, target, profile, job, result (ok, refused), undo_of, text, from, to
[[nodiscard]] Result<AuditQuery> readAuditQuery(const Json& query);
// One id or more; more than one are answered in brief.
[[nodiscard]] Result<EventQuery> readEventQuery(const Json& query);

// {"targets":["dest","dest/account"],"mode":"paused"|"retries_paused","until":time or
// "for":"15m","reason"}
[[nodiscard]] Result<Command> readPause(const Json& body, WallTime now);
// {"mode":"on"|"off"|"auto","until" or "for","reason"}
[[nodiscard]] Result<Command> readSale(const Json& body, WallTime now);
[[nodiscard]] Result<Command> readResume(const Json& body); // {"targets","reason"}
// {"targets","concurrency","rate","batch","reset","for","above_ceiling","reason"}
[[nodiscard]] Result<Command> readTune(const Json& body);
[[nodiscard]] Result<Command> readTrial(const Json& body, TrialCommand::Action action);
[[nodiscard]] Result<Command> readProbe(const Json& body); // {"target","reason"}
// {"selection","share","rate","ramp","include_unknown","include_same_error","reason"}
[[nodiscard]] Result<Command> readReplay(const Json& body);
// {"share" or "rate","reason"}
[[nodiscard]] Result<Command> readReplayPace(const Json& body, ReplayJobId job);
[[nodiscard]] Result<Command> readGroupStatus(const Json& body); // {"fingerprint","status","note"}
[[nodiscard]] Result<Command> readGroupShape(const Json& body);
[[nodiscard]] Result<Command> readMoveOrphans(const Json& body); // {"destination","reason"}
// {"values":{"degraded_latency":"2s","failing_error_percent":30},"reset":["backlogged_lag"],
// "reason"}
[[nodiscard]] Result<Command> readThresholds(const Json& body);
[[nodiscard]] Result<std::string> readReason(const Json& body); // {"reason"} and nothing else

// {"filter":{…},"include_delivered","share","rate"}; the filter has at least one condition.
[[nodiscard]] Result<SelectionRequest> readSelection(const Json& body);

// {"selection":7,"reason"} or {"filter":{…},"reason"}.
struct ArchiveRequest {
    std::optional<SelectionId> selection {};
    SelectionRequest scope {}; // when there is no selection yet
    std::string reason {};
};
[[nodiscard]] Result<ArchiveRequest> readArchive(const Json& body, bool isAboutArchive);

} // namespace engine::control

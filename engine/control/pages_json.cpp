#include "control/pages_json.h"

#include "control/status_json.h"

namespace engine::control {
namespace {

Json integer(std::int64_t value) { return Json::number(value); }
Json integer(int value) { return Json::number(static_cast<std::int64_t>(value)); }
Json time(WallTime value) { return Json::string(toIso8601(value)); }

Json toJson(const DeadLetterRow& row)
{
    Json out = Json::object();
    out.set("id", integer(toInt(row.id)));
    out.set("event_id", Json::string(row.eventId));
    out.set("destination", Json::string(row.shard.destination));
    out.set("account", Json::string(row.shard.account));
    out.set("class", Json::string(toString(row.outcome)));
    out.set("status", integer(row.httpStatus));
    out.set("code", safeText(row.code));
    out.set("message", safeText(row.message));
    out.set("response", safeText(std::string_view(row.response).substr(0, kListedResponseBytes)));
    out.set("attempts", integer(row.attempts));
    out.set("first_seen", time(row.firstSeen));
    out.set("last_failed", time(row.lastFailed));
    out.set("event_time", time(row.eventTime));
    out.set("fingerprint", safeText(row.fingerprint));
    out.set("event_name", Json::string(row.eventName));
    out.set("expires", timeOrNull(row.expires));
    out.set("payload_bytes", integer(row.payloadBytes));
    out.set("state", Json::string(toString(row.state)));
    return out;
}

Json toJson(const AttemptRow& attempt)
{
    Json out = Json::object();
    out.set("request", integer(toInt(attempt.request)));
    out.set("number", integer(attempt.number));
    out.set("sent_at", time(attempt.sentAt));
    out.set("ended_at", timeOrNull(attempt.endedAt));
    out.set("lane", Json::string(toString(attempt.lane)));
    out.set("class", Json::string(toString(attempt.outcome)));
    out.set("status", integer(attempt.httpStatus));
    out.set("code", safeText(attempt.code));
    out.set("message", safeText(attempt.message));
    out.set("batch_records", integer(attempt.batchRecords));
    return out;
}

Json toJson(const AuditRow& row)
{
    Json out = Json::object();
    out.set("id", integer(toInt(row.id)));
    out.set("at", time(row.at));
    out.set("who", safeText(row.who));
    out.set("action", safeText(row.action));
    out.set("target", safeText(row.target));
    out.set("before", safeText(row.before));
    out.set("after", safeText(row.after));
    out.set("reason", safeText(row.reason));
    out.set("result", safeText(row.result));
    return out;
}

Json toJson(const ReplayPreview::PerShard& shard)
{
    Json out = Json::object();
    out.set("destination", Json::string(shard.shard.destination));
    out.set("account", Json::string(shard.shard.account));
    out.set("matched", integer(shard.matched));
    out.set("will_send", integer(shard.willSend));
    out.set("oldest_event", timeOrNull(shard.oldestEvent));
    out.set("eta_seconds",
        shard.eta ? integer(static_cast<std::int64_t>(shard.eta->count())) : Json {});
    out.set("quota_share", shard.quotaShare ? Json::number(*shard.quotaShare) : Json {});
    return out;
}

} // namespace

Json toJson(const DeadLetterPage& page)
{
    Json entries = Json::array();
    for (const DeadLetterRow& row : page.rows)
        entries.push(toJson(row));
    Json out = Json::object();
    out.set("entries", std::move(entries));
    out.set(
        "next", page.isLast || page.rows.empty() ? Json {} : integer(toInt(page.rows.back().id)));
    out.set("waiting_total", integer(page.waitingTotal));
    return out;
}

Json toJson(const DeadLetterDetail& detail)
{
    Json out = toJson(detail.row);
    // What was accepted is JSON, and reading it keeps numbers and order; only white space goes.
    auto payload = parseJson(detail.payload);
    out.set("payload",
        detail.isPayloadGone ? Json {}
            : payload        ? std::move(*payload)
                             : safeText(detail.payload));
    out.set("is_payload_gone", Json::boolean(detail.isPayloadGone));
    out.set("request_head", safeText(detail.requestHead));
    out.set("record", safeText(detail.record));
    out.set("response", safeText(detail.response));
    out.set("response_bytes", integer(detail.responseBytes));
    out.set("encoder", safeText(detail.encoder));
    Json attempts = Json::array();
    for (const AttemptRow& attempt : detail.attempts)
        attempts.push(toJson(attempt));
    out.set("attempt_log", std::move(attempts));
    return out;
}

Json toJson(const std::vector<DeadLetterGroup>& groups)
{
    Json list = Json::array();
    for (const DeadLetterGroup& group : groups) {
        Json entry = Json::object();
        entry.set("fingerprint", safeText(group.fingerprint));
        entry.set("count", integer(group.count));
        entry.set("first", time(group.first));
        entry.set("last", time(group.last));
        entry.set("shards", integer(group.shards));
        list.push(std::move(entry));
    }
    Json out = Json::object();
    out.set("groups", std::move(list));
    return out;
}

Json toJson(const ReplayPreview& preview)
{
    Json out = Json::object();
    out.set("selection", integer(toInt(preview.selection)));
    out.set("frozen_at", time(preview.frozenAt));
    out.set("matched", integer(preview.matched));
    out.set("will_send", integer(preview.willSend));
    out.set("already_accepted", integer(preview.alreadyAccepted));
    out.set("superseded", integer(preview.superseded));
    out.set("payload_gone", integer(preview.payloadGone));
    out.set("too_old", integer(preview.tooOld));
    out.set("same_error", integer(preview.sameError));
    out.set("outcome_unknown", integer(preview.outcomeUnknown));
    Json shards = Json::array();
    for (const ReplayPreview::PerShard& shard : preview.shards)
        shards.push(toJson(shard));
    out.set("shards", std::move(shards));
    return out;
}

Json toJson(const AuditPage& page)
{
    Json entries = Json::array();
    for (const AuditRow& row : page.rows)
        entries.push(toJson(row));
    Json out = Json::object();
    out.set("entries", std::move(entries));
    out.set(
        "next", page.isLast || page.rows.empty() ? Json {} : integer(toInt(page.rows.back().id)));
    return out;
}

Json toJson(const CommandResult& result)
{
    Json out = Json::object();
    out.set("id", integer(toInt(result.id)));
    out.set("message", safeText(result.message));
    out.set("before", safeText(result.before));
    out.set("after", safeText(result.after));
    out.set("audit", integer(toInt(result.audit)));
    out.set("job", result.job ? integer(toInt(*result.job)) : Json {});
    out.set("count", integer(result.count));
    return out;
}

} // namespace engine::control

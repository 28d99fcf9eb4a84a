#include "control/pages_json.h"

#include "control/status_json.h"

namespace engine::control {
namespace {

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

// Its payload only where the page was asked for them: as text, so that numbers keep their digits in
// whatever reads it, and what was accepted its bytes.
Json listed(const DeadLetterRow& row)
{
    Json out = toJson(row);
    if (!row.payload.empty())
        out.set("payload_text", safeText(row.payload));
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
    out.set("profile", safeText(row.profile));
    out.set("undo_of", row.undoOf ? integer(toInt(*row.undoOf)) : Json {});
    out.set("correlation", safeText(row.correlation));
    return out;
}

// The parts of what matched, but for what goes; they add up.
template <class Parts>
void addParts(Json& out, const Parts& parts)
{
    out.set("already_accepted", integer(parts.alreadyAccepted));
    out.set("superseded", integer(parts.superseded));
    out.set("payload_gone", integer(parts.payloadGone));
    out.set("too_old", integer(parts.tooOld));
    out.set("same_error", integer(parts.sameError));
    out.set("outcome_unknown", integer(parts.outcomeUnknown));
}

Json toJson(const EventDelivery& delivery)
{
    Json out = Json::object();
    out.set("destination", Json::string(delivery.shard.destination));
    out.set("account", Json::string(delivery.shard.account));
    out.set("state", Json::string(toString(delivery.state)));
    const bool isWaiting
        = delivery.state == DeliveryState::Waiting || delivery.state == DeliveryState::InFlight;
    out.set("lane", isWaiting ? Json::string(toString(delivery.lane)) : Json {});
    out.set("attempts", integer(delivery.attempts));
    out.set("due_at", timeOrNull(delivery.dueAt));
    out.set("expires", timeOrNull(delivery.expiresAt));
    out.set("job", delivery.job ? integer(toInt(*delivery.job)) : Json {});
    out.set("dead_letter", delivery.deadLetter ? integer(toInt(*delivery.deadLetter)) : Json {});
    Json gates = Json::array();
    for (const Hold& gate : delivery.gates)
        gates.push(holdJson(gate));
    out.set("gates", std::move(gates));
    Json log = Json::array();
    for (const AttemptRow& attempt : delivery.log)
        log.push(toJson(attempt));
    out.set("attempt_log", std::move(log));
    return out;
}

Json toJson(const EventTrace& event)
{
    Json out = Json::object();
    out.set("event_id", Json::string(event.eventId));
    out.set("workspace", Json::string(event.workspace));
    out.set("event_name", Json::string(event.name));
    out.set("event_time", time(event.eventTime));
    out.set("received_at", time(event.receivedAt));
    out.set("is_event_time_assigned", Json::boolean(event.isEventTimeAssigned));
    out.set("payload_bytes", integer(event.payloadBytes));
    Json unrouted = Json::array();
    for (const auto& [destination, reason] : event.unrouted) {
        Json one = Json::object();
        one.set("destination", Json::string(destination));
        one.set("reason", Json::string(reason));
        unrouted.push(std::move(one));
    }
    out.set("unrouted", std::move(unrouted));
    Json deliveries = Json::array();
    for (const EventDelivery& delivery : event.deliveries)
        deliveries.push(toJson(delivery));
    out.set("deliveries", std::move(deliveries));
    return out;
}

Json toJson(const ReplayPreview::PerShard& shard)
{
    Json out = Json::object();
    out.set("destination", Json::string(shard.shard.destination));
    out.set("account", Json::string(shard.shard.account));
    out.set("matched", integer(shard.matched));
    out.set("will_send", integer(shard.willSend));
    addParts(out, shard);
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
        entries.push(listed(row));
    Json out = Json::object();
    out.set("entries", std::move(entries));
    out.set("next", page.next ? integer(toInt(*page.next)) : Json {});
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
        entry.set("status", Json::string(toString(group.status)));
        entry.set("note", safeText(group.note));
        entry.set("account", group.shard ? Json::string(group.shard->account) : Json {});
        Json merged = Json::array();
        for (const std::string& part : group.merged)
            merged.push(safeText(part));
        entry.set("merged", std::move(merged));
        Json trend = Json::array();
        for (const std::int64_t added : group.trend)
            trend.push(integer(added));
        entry.set("trend", std::move(trend));
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
    addParts(out, preview);
    out.set("per_second", Json::number(preview.perSecond));
    Json shards = Json::array();
    for (const ReplayPreview::PerShard& shard : preview.shards)
        shards.push(toJson(shard));
    out.set("shards", std::move(shards));
    return out;
}

Json toJson(const EventPage& page)
{
    Json events = Json::array();
    for (const EventTrace& event : page.events)
        events.push(toJson(event));
    Json missing = Json::array();
    for (const std::string& id : page.missing)
        missing.push(Json::string(id));
    Json out = Json::object();
    out.set("events", std::move(events));
    out.set("missing", std::move(missing));
    out.set("kept_since", timeOrNull(page.keptSince));
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

Json toJson(const RevertCheck& check)
{
    Json out = Json::object();
    out.set("is_possible", Json::boolean(check.isPossible));
    out.set("why_not", safeText(check.whyNot));
    out.set("what", safeText(check.what));
    return out;
}

Json thresholdsJson(const EngineSnapshot& snapshot)
{
    Json list = Json::array();
    for (const ThresholdSpec& spec : thresholdSpecs()) {
        const auto text = [&](double value) { return Json::string(thresholdText(spec.id, value)); };
        Json one = Json::object();
        one.set("name", Json::string(std::string(spec.key)));
        one.set("value", text(snapshot.thresholds.at(spec.id)));
        one.set("configured", text(snapshot.thresholdsConfigured.at(spec.id)));
        one.set("default", text(spec.standard));
        one.set("range", Json::string(rangeText(spec.id)));
        list.push(std::move(one));
    }
    Json out = Json::object();
    out.set("thresholds", std::move(list));
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
    out.set("kept", Json::boolean(result.isKept));
    return out;
}

} // namespace engine::control

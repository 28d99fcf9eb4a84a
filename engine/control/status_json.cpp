#include "control/status_json.h"

#include <QByteArray>
#include <QString>

namespace engine::control {
namespace {

Json text(const char* value) { return Json::string(value); }

template <class Duration>
Json seconds(Duration duration)
{
    return Json::number(std::chrono::duration<double>(duration).count());
}
template <class Duration>
Json secondsOrNull(const std::optional<Duration>& duration)
{
    return duration ? seconds(*duration) : Json {};
}
Json millisOrNull(const std::optional<Millis>& duration)
{
    return duration ? integer(static_cast<std::int64_t>(duration->count())) : Json {};
}
Json numberOrNull(const std::optional<double>& value)
{
    return value ? Json::number(*value) : Json {};
}

Json toJson(const TuningValue& value)
{
    Json out = Json::object();
    out.set("now", Json::number(value.now));
    out.set("configured", Json::number(value.configured));
    out.set("overridden", numberOrNull(value.overridden));
    out.set("ceiling", numberOrNull(value.ceiling));
    out.set("ceiling_source", text(toString(value.ceilingSource)));
    if (value.ceilingSource == CeilingSource::Learned) {
        out.set("ceiling_learned_at", timeOrNull(value.ceilingLearnedAt));
        out.set("ceiling_learned_from", safeText(value.ceilingLearnedFrom));
    }
    return out;
}

template <class Value>
Json perOutcome(const std::array<Value, kOutcomes>& values)
{
    Json out = Json::object();
    for (const Outcome outcome : kAllOutcomes)
        out.set(toString(outcome), Json::number(values.at(static_cast<std::size_t>(outcome))));
    return out;
}

Json perForm(const std::array<double, kErrorForms>& values)
{
    Json out = Json::object();
    for (std::size_t form = 1; form < values.size(); ++form) // 0: no error
        out.set(toString(static_cast<ErrorForm>(form)), Json::number(values.at(form)));
    return out;
}

Json pauseOf(const ShardSnapshot& shard)
{
    if (shard.desired == Desired::Running)
        return {};
    Json out = Json::object();
    out.set("mode", text(toString(shard.desired)));
    out.set("until", timeOrNull(shard.pauseUntil));
    out.set("cause", text(toString(shard.pauseCause)));
    out.set("note", safeText(shard.pauseNote));
    return out;
}

// Absent values go back to what is configured.
Json trialOf(const ShardSnapshot& shard)
{
    if (!shard.trial)
        return {};
    Json back = Json::object();
    const auto& trial = *shard.trial;
    back.set("concurrency", trial.concurrency ? integer(*trial.concurrency) : Json {});
    back.set("rate", numberOrNull(trial.rate));
    back.set("batch", trial.batch ? integer(*trial.batch) : Json {});
    Json out = Json::object();
    out.set("until", timeOrNull(trial.until));
    out.set("back_to", std::move(back));
    return out;
}

void addState(Json& out, const ShardSnapshot& shard)
{
    out.set("state", text(toString(shard.state)));
    out.set("state_since", timeOrNull(shard.stateSince));
    Json also = Json::array();
    for (const ShardState state : shard.also)
        also.push(text(toString(state)));
    out.set("also", std::move(also));
    out.set("pause", pauseOf(shard));
    out.set("breaker", text(toString(shard.breaker)));
    out.set("credential", text(toString(shard.credential)));
    out.set("retry_after_seconds", secondsOrNull(shard.retryAfterLeft));
    out.set("retry_after_by_platform", Json::boolean(shard.isRetryAfter));
    out.set("answers_unreadable", Json::boolean(shard.areAnswersUnreadable));
    Json holds = Json::array();
    for (const Hold& hold : shard.holds)
        holds.push(holdJson(hold));
    out.set("holds", std::move(holds));
    out.set("orphaned", Json::boolean(shard.isOrphaned));
}

void addSignals(Json& out, const ShardSnapshot& shard)
{
    out.set("queue_depth", integer(shard.queueDepth));
    Json lanes = Json::object();
    for (const Lane lane : { Lane::Live, Lane::Retry, Lane::Replay, Lane::Import, Lane::Deferred })
        lanes.set(toString(lane), integer(shard.laneDepth.at(static_cast<std::size_t>(lane))));
    out.set("lane_depth", std::move(lanes));
    out.set("consumer_lag_seconds", seconds(shard.consumerLag));
    out.set("platform_latency_p50_ms", millisOrNull(shard.latencyP50));
    out.set("platform_latency_p95_ms", millisOrNull(shard.latencyP95));
    out.set("platform_error_ratio", numberOrNull(shard.errorRatio));
    // Absent like the ratio that they split, never 0.
    out.set("outcome_ratio", shard.errorRatio ? perOutcome(shard.outcomeRatio) : Json {});
    out.set("error_form_ratio", shard.errorRatio ? perForm(shard.errorFormRatio) : Json {});
    out.set("throttle_ratio", numberOrNull(shard.throttleRatio));
    out.set("partial_failure_ratio", numberOrNull(shard.partialFailureRatio));
    out.set("dlq_growth_per_minute", Json::number(shard.dlqGrowthPerMinute));
    out.set("dlq_drain_per_minute", Json::number(shard.dlqDrainPerMinute));
    out.set("dlq_entries", integer(shard.dlqCount));
    out.set("dlq_top_fingerprint", safeText(shard.dlqTopFingerprint));
    out.set("in_per_second", Json::number(shard.inPerSecond));
    out.set("out_per_second", Json::number(shard.outPerSecond));
    out.set("in_flight", integer(shard.inFlight));
    out.set("workers_busy_ratio", Json::number(shard.workersBusyRatio));
    out.set("batch_fill_ratio", Json::number(shard.batchFillRatio));
    out.set("oldest_event_age_seconds", secondsOrNull(shard.oldestEventAge));
    out.set("accept_window_seconds", secondsOrNull(shard.acceptWindow));
    out.set("drain_eta_seconds", secondsOrNull(shard.drainEta));
    out.set("last_success", timeOrNull(shard.lastSuccess));
    out.set("records_total", perOutcome(shard.recordsTotal));
    out.set("requests_total", perOutcome(shard.requestsTotal));
    out.set("receipts_waiting", integer(shard.lateWord.waiting));
    out.set("refused_later_total", integer(shard.lateWord.refusedTotal));
    out.set("receipts_lost_total", integer(shard.lateWord.lostTotal));
}

Json toJson(const ShardSnapshot& shard)
{
    Json out = Json::object();
    out.set("destination", Json::string(shard.shard.destination));
    out.set("account", Json::string(shard.shard.account));
    out.set("platform", Json::string(shard.platform));
    out.set("priority", text(toString(shard.priority)));
    addState(out, shard);
    addSignals(out, shard);
    out.set("concurrency", toJson(shard.concurrency));
    out.set("rate", toJson(shard.rate));
    out.set("batch", toJson(shard.batch));
    out.set("trial", trialOf(shard));
    return out;
}

Json toJson(const DestinationSnapshot& destination)
{
    Json out = toJson(destination.total);
    out.set("destination", Json::string(destination.name));
    out.set("platform", Json::string(destination.platform));
    out.set("shards", integer(destination.shards));
    out.set("shards_in_trouble", integer(destination.shardsInTrouble));
    out.set("unrouted_total", integer(destination.unroutedTotal));
    Json unrouted = Json::object();
    for (const auto& [reason, count] : destination.unrouted)
        unrouted.set(reason, integer(count));
    out.set("unrouted", std::move(unrouted));
    return out;
}

Json toJson(const IngressSnapshot& ingress)
{
    Json out = Json::object();
    out.set("workspace", Json::string(ingress.workspace));
    out.set("accepted_per_second", Json::number(ingress.acceptedPerSecond));
    out.set("accepted_total", integer(ingress.acceptedTotal));
    out.set("duplicates_total", integer(ingress.duplicatesTotal));
    out.set("duplicates_differing_total", integer(ingress.duplicatesDifferingTotal));
    out.set("deferred_total", integer(ingress.deferredTotal));
    out.set("month_accepted", integer(ingress.monthAccepted));
    out.set("month_cap", ingress.monthCap ? integer(*ingress.monthCap) : Json {});
    out.set("month_over_cap", integer(ingress.overCap()));
    Json unrouted = Json::object();
    for (const auto& [reason, count] : ingress.unrouted)
        unrouted.set(reason, integer(count));
    out.set("unrouted", std::move(unrouted));
    Json refused = Json::object();
    for (const auto& [status, count] : ingress.refusedByStatus)
        refused.set(std::to_string(status), integer(count));
    out.set("refused_by_status", std::move(refused));
    return out;
}

Json toJson(const StoreSnapshot& store)
{
    Json out = Json::object();
    out.set("can_commit", Json::boolean(store.canCommit));
    out.set("is_ingress_stopped", Json::boolean(store.isIngressStopped));
    out.set("problem", safeText(store.problem));
    out.set("events", integer(store.events));
    out.set("waiting", integer(store.waiting));
    out.set("dead_letters", integer(store.deadLetters));
    out.set("journal_bytes", integer(store.journalBytes));
    out.set("disk_free_bytes", integer(store.diskFreeBytes));
    out.set("disk_total_bytes", integer(store.diskTotalBytes));
    out.set("removed_by_retention_total", integer(store.removedByRetentionTotal));
    out.set("unknown_at_start", integer(store.unknownAtStart));
    out.set("reusable_bytes", integer(store.reusableBytes));
    return out;
}

Json toJson(const SaleMode& sale)
{
    Json out = Json::object();
    out.set("is_on", Json::boolean(sale.isOn));
    out.set("cause", text(toString(sale.cause)));
    out.set("until", timeOrNull(sale.until));
    out.set("who", safeText(sale.who));
    out.set("next_window", timeOrNull(sale.nextWindow));
    return out;
}

} // namespace

Json safeText(std::string_view text)
{
    const QByteArray valid
        = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).toUtf8();
    return Json::string(valid.toStdString());
}

Json timeOrNull(const std::optional<WallTime>& time)
{
    return time ? Json::string(toIso8601(*time)) : Json {};
}

Json holdJson(const Hold& hold)
{
    Json out = Json::object();
    out.set("gate", text(toString(hold.gate)));
    out.set("until", timeOrNull(hold.until));
    out.set("reason", safeText(hold.reason));
    return out;
}

Json toJson(const ReplayJobSnapshot& job)
{
    Json out = Json::object();
    out.set("id", integer(toInt(job.id)));
    out.set("title", safeText(job.title));
    out.set("state", Json::string(job.state));
    out.set("reason", safeText(job.reason));
    out.set("total", integer(job.total));
    out.set("accepted", integer(job.accepted));
    out.set("failed", integer(job.failed));
    out.set("skipped", integer(job.skipped));
    out.set("cancelled", integer(job.cancelled));
    out.set("left", integer(job.left()));
    out.set("eta_seconds", secondsOrNull(job.eta));
    out.set("per_second", Json::number(job.perSecond));
    out.set("selection", integer(toInt(job.selection)));
    out.set("taken_back", integer(job.takenBack));
    out.set("same_error", integer(job.sameError));
    out.set("new_since_cutoff", integer(job.newSinceCutoff));
    out.set("created_at", timeOrNull(job.createdAt));
    out.set("ended_at", timeOrNull(job.endedAt));
    out.set("ramp_step", integer(job.rampStep));
    out.set("error_ratio", numberOrNull(job.errorRatio));
    out.set("error_stop", Json::number(job.guards.errorStop));
    out.set("throttle_hold", Json::number(job.guards.throttleHold));
    out.set("lag_hold_seconds", integer(static_cast<std::int64_t>(job.guards.liveLagHold.count())));
    return out;
}

Json toJson(const EngineSnapshot& snapshot, const StatusScope& scope)
{
    Json out = Json::object();
    out.set("taken_at", timeOrNull(snapshot.takenAt));
    Json profile = Json::object();
    profile.set("name", Json::string(snapshot.profile));
    profile.set("kind", Json::string(snapshot.profileKind));
    profile.set("safety", text(toString(snapshot.safety)));
    out.set("profile", std::move(profile));
    out.set("ingress_url", Json::string(snapshot.ingressUrl));
    out.set("control_url", Json::string(snapshot.controlUrl));
    out.set("config_path", Json::string(snapshot.configPath));
    out.set("config_problem", safeText(snapshot.configProblem));
    out.set("is_stopping", Json::boolean(snapshot.isStopping));
    out.set("sale_mode", toJson(snapshot.sale));
    Json destinations = Json::array();
    for (const DestinationSnapshot& destination : snapshot.destinations) {
        if (scope.destination.empty() || scope.destination == destination.name)
            destinations.push(toJson(destination));
    }
    out.set("destinations", std::move(destinations));
    Json shards = Json::array();
    for (const ShardSnapshot& shard : snapshot.shards) {
        if ((scope.destination.empty() || scope.destination == shard.shard.destination)
            && (scope.account.empty() || scope.account == shard.shard.account))
            shards.push(toJson(shard));
    }
    out.set("shards", std::move(shards));
    Json ingress = Json::array();
    for (const IngressSnapshot& workspace : snapshot.ingress)
        ingress.push(toJson(workspace));
    out.set("ingress", std::move(ingress));
    Json jobs = Json::array();
    for (const ReplayJobSnapshot& job : snapshot.jobs)
        jobs.push(toJson(job));
    out.set("jobs", std::move(jobs));
    out.set("store", toJson(snapshot.store));
    return out;
}

} // namespace engine::control

#include "core/config.h"
#include "core/event.h"
#include "core/http_types.h"

#include <engine/ids.h>
#include <engine/outcome.h>
#include <engine/pages.h>
#include <engine/snapshot.h>

#include <algorithm>
#include <cctype>

namespace engine {

const char* toString(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Accepted:
        return "accepted";
    case Outcome::Throttled:
        return "throttled";
    case Outcome::Transient:
        return "transient";
    case Outcome::Unknown:
        return "unknown";
    case Outcome::Invalid:
        return "invalid";
    case Outcome::Auth:
        return "auth";
    case Outcome::Config:
        return "config";
    case Outcome::Oversize:
        return "oversize";
    }
    return "";
}

std::optional<Outcome> parseOutcome(std::string_view text)
{
    for (const Outcome outcome : kAllOutcomes) {
        if (text == toString(outcome))
            return outcome;
    }
    return std::nullopt;
}

const char* toString(ErrorForm form)
{
    switch (form) {
    case ErrorForm::None:
        return "none";
    case ErrorForm::Http4xx:
        return "http_4xx";
    case ErrorForm::Http5xx:
        return "http_5xx";
    case ErrorForm::InBody:
        return "in_body";
    case ErrorForm::NoAnswer:
        return "no_answer";
    case ErrorForm::Local:
        return "local";
    }
    return "";
}

const char* toString(Lane lane)
{
    switch (lane) {
    case Lane::Live:
        return "live";
    case Lane::Retry:
        return "retry";
    case Lane::Replay:
        return "replay";
    case Lane::Import:
        return "import";
    case Lane::Deferred:
        return "deferred";
    }
    return "";
}

std::optional<Lane> parseLane(std::string_view text)
{
    for (const Lane lane :
        { Lane::Live, Lane::Retry, Lane::Replay, Lane::Import, Lane::Deferred }) {
        if (text == toString(lane))
            return lane;
    }
    return std::nullopt;
}

const char* toString(Priority priority)
{
    switch (priority) {
    case Priority::High:
        return "high";
    case Priority::Normal:
        return "normal";
    case Priority::Low:
        return "low";
    }
    return "";
}

const char* toString(ShardState state)
{
    switch (state) {
    case ShardState::NoData:
        return "no_data";
    case ShardState::AuthFailed:
        return "auth_failed";
    case ShardState::Draining:
        return "draining";
    case ShardState::Paused:
        return "paused";
    case ShardState::Tripped:
        return "tripped";
    case ShardState::Failing:
        return "failing";
    case ShardState::Throttled:
        return "throttled";
    case ShardState::Degraded:
        return "degraded";
    case ShardState::Recovering:
        return "recovering";
    case ShardState::Backlogged:
        return "backlogged";
    case ShardState::RetriesPaused:
        return "retries_paused";
    case ShardState::Idle:
        return "idle";
    case ShardState::Healthy:
        return "healthy";
    }
    return "";
}

const char* toString(SafetyLevel level)
{
    switch (level) {
    case SafetyLevel::Practice:
        return "practice";
    case SafetyLevel::Standard:
        return "standard";
    case SafetyLevel::Guarded:
        return "guarded";
    case SafetyLevel::Observe:
        return "observe";
    }
    return "";
}

const char* toString(Desired desired)
{
    switch (desired) {
    case Desired::Running:
        return "running";
    case Desired::Paused:
        return "paused";
    case Desired::RetriesPaused:
        return "retries_paused";
    }
    return "";
}

const char* toString(SaleMode::Cause cause)
{
    switch (cause) {
    case SaleMode::Cause::None:
        return "none";
    case SaleMode::Cause::Window:
        return "window";
    case SaleMode::Cause::Operator:
        return "operator";
    }
    return "";
}

const char* toString(PauseCause cause)
{
    switch (cause) {
    case PauseCause::Operator:
        return "operator";
    case PauseCause::Schedule:
        return "schedule";
    case PauseCause::Engine:
        return "engine";
    }
    return "";
}

const char* toString(BreakerState state)
{
    switch (state) {
    case BreakerState::Closed:
        return "closed";
    case BreakerState::Open:
        return "open";
    case BreakerState::HalfOpen:
        return "half_open";
    }
    return "";
}

const char* toString(CredentialState state)
{
    switch (state) {
    case CredentialState::Ok:
        return "ok";
    case CredentialState::Rejected:
        return "rejected";
    case CredentialState::ConfigRefused:
        return "config_refused";
    }
    return "";
}

const char* toString(CeilingSource source)
{
    switch (source) {
    case CeilingSource::Unknown:
        return "unknown";
    case CeilingSource::Documented:
        return "documented";
    case CeilingSource::Integrations:
        return "integrations";
    case CeilingSource::Operator:
        return "operator";
    case CeilingSource::Advice:
        return "advice";
    case CeilingSource::Unverified:
        return "unverified";
    case CeilingSource::Configured:
        return "configured";
    case CeilingSource::Learned:
        return "learned";
    case CeilingSource::Header:
        return "header";
    }
    return "";
}

const char* toString(Hold::Gate gate)
{
    switch (gate) {
    case Hold::Gate::Paused:
        return "paused";
    case Hold::Gate::Credential:
        return "credential";
    case Hold::Gate::Configuration:
        return "configuration";
    case Hold::Gate::Breaker:
        return "breaker";
    case Hold::Gate::Throttle:
        return "throttle";
    case Hold::Gate::Window:
        return "window";
    case Hold::Gate::Quota:
        return "quota";
    case Hold::Gate::Rate:
        return "rate";
    case Hold::Gate::Concurrency:
        return "concurrency";
    case Hold::Gate::Backoff:
        return "backoff";
    case Hold::Gate::NotConfigured:
        return "not_configured";
    case Hold::Gate::Store:
        return "store";
    }
    return "";
}

const char* toString(Metric metric)
{
    switch (metric) {
    case Metric::QueueDepth:
        return "queue_depth";
    case Metric::ConsumerLag:
        return "consumer_lag_seconds";
    case Metric::LatencyP95:
        return "platform_latency_p95_ms";
    case Metric::ErrorRatio:
        return "platform_error_ratio";
    case Metric::DlqGrowth:
        return "dlq_growth_per_minute";
    case Metric::InRate:
        return "in_per_second";
    case Metric::OutRate:
        return "out_per_second";
    case Metric::ThrottleRatio:
        return "throttle_ratio";
    case Metric::InFlight:
        return "in_flight";
    case Metric::BatchFill:
        return "batch_fill";
    }
    return "";
}

Seconds stepOf(HistorySpan span)
{
    switch (span) {
    case HistorySpan::Minutes15:
        return Seconds { 1 };
    case HistorySpan::Hour1:
        return Seconds { 5 };
    case HistorySpan::Hours6:
        return Seconds { 30 };
    case HistorySpan::Hours24:
        return Seconds { 120 };
    }
    return Seconds { 1 };
}

int samplesOf(HistorySpan span) { return span == HistorySpan::Minutes15 ? 900 : 720; }

const char* toString(GroupStatus status)
{
    switch (status) {
    case GroupStatus::New:
        return "new";
    case GroupStatus::Known:
        return "known";
    case GroupStatus::FixPending:
        return "fix_pending";
    case GroupStatus::Fixed:
        return "fixed";
    case GroupStatus::Regressed:
        return "regressed";
    }
    return "";
}

std::optional<GroupStatus> parseGroupStatus(std::string_view text)
{
    for (const GroupStatus status : { GroupStatus::New, GroupStatus::Known, GroupStatus::FixPending,
             GroupStatus::Fixed, GroupStatus::Regressed }) {
        if (text == toString(status))
            return status;
    }
    return std::nullopt;
}

const char* toString(DeliveryState state)
{
    switch (state) {
    case DeliveryState::Waiting:
        return "waiting";
    case DeliveryState::InFlight:
        return "in_flight";
    case DeliveryState::Accepted:
        return "accepted";
    case DeliveryState::Dead:
        return "dead";
    case DeliveryState::Replaying:
        return "replaying";
    case DeliveryState::Archived:
        return "archived";
    case DeliveryState::Ended:
        return "ended";
    }
    return "";
}

const char* toString(DeadLetterState state)
{
    switch (state) {
    case DeadLetterState::Waiting:
        return "waiting";
    case DeadLetterState::Replaying:
        return "replaying";
    case DeadLetterState::Replayed:
        return "replayed";
    case DeadLetterState::Archived:
        return "archived";
    }
    return "";
}

const char* toString(EventType type)
{
    switch (type) {
    case EventType::Track:
        return "track";
    case EventType::Page:
        return "page";
    case EventType::Screen:
        return "screen";
    case EventType::Identify:
        return "identify";
    case EventType::Suppress:
        return "suppress";
    case EventType::Unsuppress:
        return "unsuppress";
    case EventType::Delete:
        return "delete";
    case EventType::Message:
        return "message";
    case EventType::Broadcast:
        return "broadcast";
    }
    return "";
}

std::optional<EventType> parseEventType(std::string_view text)
{
    for (const EventType type : { EventType::Track, EventType::Page, EventType::Screen,
             EventType::Identify, EventType::Suppress, EventType::Unsuppress, EventType::Delete,
             EventType::Message, EventType::Broadcast }) {
        if (text == toString(type))
            return type;
    }
    return std::nullopt;
}

std::string toString(const ShardId& shard)
{
    return shard.account.empty() ? shard.destination : shard.destination + '/' + shard.account;
}

ShardId parseShardId(const std::string& text)
{
    const auto slash = text.find('/');
    if (slash == std::string::npos)
        return { text, {} };
    return { text.substr(0, slash), text.substr(slash + 1) };
}

std::string toString(const SecretRef& ref)
{
    switch (ref.kind) {
    case SecretRef::Kind::None:
        return {};
    case SecretRef::Kind::Env:
        return "env:" + ref.name;
    case SecretRef::Kind::File:
        return "file:" + ref.name;
    case SecretRef::Kind::Keychain:
        return "keychain:" + ref.name;
    }
    return {};
}

const DestinationConfig* Config::destination(const std::string& name) const
{
    const auto it = std::find_if(destinations.begin(), destinations.end(),
        [&](const DestinationConfig& d) { return d.name == name; });
    return it == destinations.end() ? nullptr : &*it;
}

std::optional<std::string_view> HttpAnswer::header(std::string_view name) const
{
    const auto isSame = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a))
            == std::tolower(static_cast<unsigned char>(b));
    };
    for (const auto& [key, value] : headers) {
        if (std::equal(key.begin(), key.end(), name.begin(), name.end(), isSame))
            return value;
    }
    return std::nullopt;
}

const char* toString(TransportFailure::Kind kind)
{
    switch (kind) {
    case TransportFailure::Kind::Dns:
        return "dns";
    case TransportFailure::Kind::Connect:
        return "connect";
    case TransportFailure::Kind::Tls:
        return "tls";
    case TransportFailure::Kind::Timeout:
        return "timeout";
    case TransportFailure::Kind::Closed:
        return "closed";
    case TransportFailure::Kind::TooLarge:
        return "too_large";
    case TransportFailure::Kind::Cancelled:
        return "cancelled";
    case TransportFailure::Kind::Protocol:
        return "protocol";
    }
    return "";
}

} // namespace engine

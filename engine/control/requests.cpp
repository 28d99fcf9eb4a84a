#include "control/requests.h"

#include <charconv>
#include <limits>

namespace engine::control {
namespace {

constexpr std::int64_t kIdMax = std::numeric_limits<std::int64_t>::max();

std::optional<DeadLetterState> parseState(std::string_view text)
{
    for (const DeadLetterState state : { DeadLetterState::Waiting, DeadLetterState::Replaying,
             DeadLetterState::Replayed, DeadLetterState::Archived }) {
        if (text == toString(state))
            return state;
    }
    return std::nullopt;
}

std::vector<ShardId> readTargets(Fields& fields)
{
    std::vector<ShardId> targets;
    for (const std::string& text : fields.list("targets")) {
        targets.push_back(parseShardId(text));
        if (targets.back().destination.empty())
            fields.complain("targets", "must name destinations, as 'meta-main' or 'meta-main/17'");
    }
    if (targets.empty())
        fields.complain("targets", "is missing");
    if (targets.size() > kTargetsMax)
        fields.complain("targets", "names more than " + std::to_string(kTargetsMax));
    return targets;
}

// "until" a time, or "for" so long from now.
std::optional<WallTime> readEnd(Fields& fields, WallTime now)
{
    std::optional<WallTime> until = fields.time("until");
    if (const auto length = fields.duration("for")) {
        if (until)
            fields.complain("for", "stands beside until; give one of them");
        until = now + *length;
    }
    if (until && *until <= now)
        fields.complain("until", "is not in the future");
    return until;
}

// The command, when every field was good.
template <class What>
Result<Command> finished(Fields& fields, What what)
{
    Command command { .what = std::move(what), .who = "api" };
    command.reason = fields.text("reason").value_or("");
    if (auto status = fields.done(); !status)
        return tl::unexpected(status.error());
    return command;
}

std::optional<SelectionId> readSelectionId(Fields& fields)
{
    const auto id = fields.integer("selection", 1, kIdMax);
    return id ? std::optional(SelectionId { *id }) : std::nullopt;
}

// The filter of a body, which must say something: a scope of everything is never a slip.
void readScope(Fields& fields, SelectionRequest& scope)
{
    const auto given = fields.object("filter");
    if (!given)
        return fields.complain("filter", "is missing");
    Fields inner(*given, "filter.");
    if (inner.isEmpty())
        fields.complain("filter", "must name at least one condition");
    readFilter(inner, scope.filter);
    fields.adopt(inner.done());
}

} // namespace

void readFilter(Fields& fields, DeadLetterFilter& filter)
{
    filter.destinations = fields.list("destination");
    if (const auto account = fields.text("account")) {
        if (filter.destinations.size() != 1)
            fields.complain("account", "needs exactly one destination beside it");
        else
            filter.shards.push_back({ filter.destinations.front(), *account });
    }
    for (const std::string& text : fields.list("class")) {
        if (const auto outcome = parseOutcome(text))
            filter.classes.push_back(*outcome);
        else
            fields.complain("class", "knows no \"" + text + '"');
    }
    filter.code = fields.text("code").value_or("");
    if (const auto status = fields.integer("status", 0, 999))
        filter.httpStatus = static_cast<int>(*status);
    filter.fingerprint = fields.text("fingerprint").value_or("");
    filter.eventName = fields.text("event").value_or("");
    filter.eventId = fields.text("event_id").value_or("");
    filter.failedFrom = fields.time("from");
    filter.failedTo = fields.time("to");
    filter.eventFrom = fields.time("event_from");
    filter.eventTo = fields.time("event_to");
    filter.firstFrom = fields.time("first_from");
    filter.firstTo = fields.time("first_to");
    filter.expiresTo = fields.time("expires_before");
    if (const auto attempts = fields.integer("attempts_min", 1, 1'000))
        filter.attemptsMin = static_cast<int>(*attempts);
    filter.payloadBytesMin = fields.integer("bytes_min", 1, kIdMax);
    if (const auto job = fields.integer("job", 1, kIdMax))
        filter.job = ReplayJobId { *job };
    filter.text = fields.text("text").value_or("");
    filter.payloadPath = fields.text("path").value_or("");
    filter.payloadValue = fields.text("value").value_or("");
    if (!filter.payloadValue.empty() && filter.payloadPath.empty())
        fields.complain("value", "needs a path beside it");
    if (const auto states = fields.list("state"); !states.empty()) {
        filter.states.clear();
        for (const std::string& text : states) {
            if (const auto state = parseState(text))
                filter.states.push_back(*state);
            else
                fields.complain("state", "knows no \"" + text + '"');
        }
    }
    const auto ids = fields.list("id");
    if (ids.size() > kIdsMax)
        fields.complain("id", "names more than " + std::to_string(kIdsMax));
    for (const std::string& text : ids) {
        std::int64_t id = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
        if (error != std::errc {} || end != text.data() + text.size() || id < 1)
            return fields.complain("id", "must be ids of dead letters");
        filter.ids.push_back(DeadLetterId { id });
    }
}

Result<DeadLetterQuery> readDeadLetterQuery(const Json& query)
{
    Fields fields(query);
    DeadLetterQuery out { .withResponses = true };
    readFilter(fields, out.filter);
    const std::string payloads = fields.text("payloads").value_or("0");
    if (payloads != "0" && payloads != "1")
        fields.complain("payloads", "must be 0 or 1");
    out.withPayloads = payloads == "1";
    out.rowsMax = static_cast<int>(fields.integer("limit", 1, kRowsMax).value_or(kRowsDefault));
    if (const auto after = fields.integer("after", 1, kIdMax))
        out.after = DeadLetterId { *after };
    const std::string order = fields.text("order").value_or("oldest");
    if (order != "oldest" && order != "newest")
        fields.complain("order", "must be oldest or newest");
    out.isNewestFirst = order == "newest";
    if (auto status = fields.done(); !status)
        return tl::unexpected(status.error());
    return out;
}

Result<DeadLetterFilter> readFilterQuery(const Json& query)
{
    Fields fields(query);
    DeadLetterFilter filter;
    readFilter(fields, filter);
    if (auto status = fields.done(); !status)
        return tl::unexpected(status.error());
    return filter;
}

Result<AuditQuery> readAuditQuery(const Json& query)
{
    Fields fields(query);
    AuditQuery out;
    out.rowsMax = static_cast<int>(fields.integer("limit", 1, kRowsMax).value_or(kRowsDefault));
    if (const auto before = fields.integer("before", 1, kIdMax))
        out.before = AuditId { *before };
    out.filter.who = fields.text("who").value_or("");
    out.filter.action = fields.text("action").value_or("");
    out.filter.target = fields.text("target").value_or("");
    out.filter.profile = fields.text("profile").value_or("");
    out.filter.correlation = fields.text("job").value_or("");
    if (const auto result = fields.text("result")) {
        if (*result != "ok" && *result != "refused")
            fields.complain("result", "must be ok or refused");
        out.filter.isOk = *result == "ok";
    }
    if (const auto undone = fields.integer("undo_of", 1, kIdMax))
        out.filter.undoOf = AuditId { *undone };
    out.filter.text = fields.text("text").value_or("");
    out.filter.from = fields.time("from");
    out.filter.to = fields.time("to");
    if (auto status = fields.done(); !status)
        return tl::unexpected(status.error());
    return out;
}

Result<Command> readThresholds(const Json& body)
{
    Fields fields(body);
    ThresholdsCommand command;
    const auto find = [&](std::string_view field, const std::string& key) {
        const ThresholdSpec* spec = findThreshold(key);
        if (spec == nullptr)
            fields.complain(field, "knows no \"" + key + '"');
        return spec;
    };
    const Json values = fields.object("values").value_or(Json::object());
    for (const auto& [key, given] : values.members()) {
        const ThresholdSpec* spec = find("values", key);
        if (spec == nullptr)
            continue;
        // A number or a text; the range is the engine's business.
        const auto value = parseThreshold(spec->id, given.text());
        if (value)
            command.values[spec->id] = *value;
        else
            fields.complain("values." + key, "must be a value from " + rangeText(spec->id));
    }
    for (const std::string& key : fields.list("reset")) {
        if (const ThresholdSpec* spec = find("reset", key))
            command.values[spec->id] = std::nullopt;
    }
    if (command.values.empty())
        fields.complain("values", "names no threshold");
    return finished(fields, std::move(command));
}

Result<Command> readPause(const Json& body, WallTime now)
{
    Fields fields(body);
    PauseCommand pause { .targets = readTargets(fields) };
    const std::string mode = fields.text("mode").value_or("paused");
    if (mode == toString(Desired::RetriesPaused))
        pause.mode = Desired::RetriesPaused;
    else if (mode != toString(Desired::Paused))
        fields.complain("mode", "must be paused or retries_paused");
    pause.until = readEnd(fields, now);
    return finished(fields, std::move(pause));
}

Result<Command> readSale(const Json& body, WallTime now)
{
    Fields fields(body);
    SaleCommand sale;
    const std::string mode = fields.text("mode").value_or("");
    if (mode == "off")
        sale.mode = SaleCommand::Mode::Off;
    else if (mode == "auto")
        sale.mode = SaleCommand::Mode::AsConfigured;
    else if (mode != "on")
        fields.complain("mode", "must be on, off or auto");
    sale.until = readEnd(fields, now);
    if (sale.until && sale.mode == SaleCommand::Mode::AsConfigured)
        fields.complain("until", "says nothing beside auto");
    return finished(fields, sale);
}

Result<Command> readResume(const Json& body)
{
    Fields fields(body);
    return finished(fields, ResumeCommand { .targets = readTargets(fields) });
}

Result<Command> readTune(const Json& body)
{
    Fields fields(body);
    TuneCommand tune { .targets = readTargets(fields) };
    if (const auto concurrency = fields.integer("concurrency", 1, 10'000))
        tune.concurrency = static_cast<int>(*concurrency);
    tune.rate = fields.number("rate", 0);
    if (const auto batch = fields.integer("batch", 1, 1'000'000))
        tune.batch = static_cast<int>(*batch);
    tune.reset = fields.flag("reset").value_or(false);
    tune.keepFor = fields.duration("for");
    tune.isAboveCeilingAllowed = fields.flag("above_ceiling").value_or(false);
    if (!tune.concurrency && !tune.rate && !tune.batch && !tune.reset)
        fields.complain("concurrency", "is missing, and rate, batch and reset too");
    // As configured, and something else: one of the two would be dropped without a word.
    if (tune.reset && (tune.concurrency || tune.rate || tune.batch || tune.keepFor))
        fields.complain("reset", "stands alone: it brings back what is configured");
    return finished(fields, std::move(tune));
}

Result<Command> readTrial(const Json& body, TrialCommand::Action action)
{
    Fields fields(body);
    return finished(fields, TrialCommand { .targets = readTargets(fields), .action = action });
}

Result<Command> readProbe(const Json& body)
{
    Fields fields(body);
    const auto target = fields.text("target");
    if (!target || target->empty())
        fields.complain("target", "is missing");
    return finished(fields, ProbeCommand { .target = parseShardId(target.value_or("")) });
}

Result<Command> readReplay(const Json& body)
{
    Fields fields(body);
    const auto selection = readSelectionId(fields);
    if (!selection)
        fields.complain("selection", "is missing; a preview gives one");
    ReplayCommand replay { .selection = selection.value_or(SelectionId {}) };
    replay.sharePercent = fields.number("share", 0).value_or(replay.sharePercent);
    if (replay.sharePercent > 100)
        fields.complain("share", "must be at most 100");
    replay.rate = fields.number("rate", 0);
    replay.isRamped = fields.flag("ramp").value_or(true);
    replay.includeUnknown = fields.flag("include_unknown").value_or(false);
    replay.includeSameError = fields.flag("include_same_error").value_or(false);
    replay.guards.errorStop = fields.number("error_stop", 0).value_or(replay.guards.errorStop);
    replay.guards.throttleHold
        = fields.number("throttle_hold", 0).value_or(replay.guards.throttleHold);
    if (const auto lag = fields.integer("lag_hold", 1, 3'600))
        replay.guards.liveLagHold = Seconds { *lag };
    return finished(fields, replay);
}

Result<Command> readReplayPace(const Json& body, ReplayJobId job)
{
    Fields fields(body);
    ReplayPaceCommand pace { .job = job };
    const auto share = fields.number("share", 0);
    pace.sharePercent = share.value_or(pace.sharePercent);
    pace.rate = fields.number("rate", 0);
    if (!share && !pace.rate)
        fields.complain("share", "is missing, and rate too");
    return finished(fields, pace);
}

Result<Command> readGroupStatus(const Json& body)
{
    Fields fields(body);
    GroupStatusCommand command { .fingerprint = fields.text("fingerprint").value_or(""),
        .note = fields.text("note").value_or("") };
    if (command.fingerprint.empty())
        fields.complain("fingerprint", "is missing");
    const auto status = parseGroupStatus(fields.text("status").value_or(""));
    if (!status)
        fields.complain("status", "must be new, known, fix_pending or fixed");
    command.status = status.value_or(GroupStatus::Known);
    return finished(fields, std::move(command));
}

Result<Command> readGroupShape(const Json& body)
{
    using Action = GroupShapeCommand::Action;
    Fields fields(body);
    GroupShapeCommand command { .fingerprint = fields.text("fingerprint").value_or(""),
        .others = fields.list("others") };
    if (command.fingerprint.empty())
        fields.complain("fingerprint", "is missing");
    const std::string action = fields.text("action").value_or("");
    if (action == "merge")
        command.action = Action::Merge;
    else if (action == "take_out")
        command.action = Action::TakeOut;
    else if (action == "split")
        command.action = Action::SplitByAccount;
    else if (action == "join")
        command.action = Action::JoinAccounts;
    else
        fields.complain("action", "must be merge, take_out, split or join");
    return finished(fields, std::move(command));
}

Result<Command> readMoveOrphans(const Json& body)
{
    Fields fields(body);
    MoveOrphansCommand command { .destination = fields.text("destination").value_or("") };
    if (command.destination.empty())
        fields.complain("destination", "is missing");
    return finished(fields, std::move(command));
}

Result<EventQuery> readEventQuery(const Json& query)
{
    Fields fields(query);
    EventQuery out { .eventIds = fields.list("id") };
    if (out.eventIds.empty())
        fields.complain("id", "is missing");
    if (out.eventIds.size() > EventQuery::kEventIdsMax)
        fields.complain("id", "names more than " + std::to_string(EventQuery::kEventIdsMax));
    out.isBrief = out.eventIds.size() > 1;
    if (auto status = fields.done(); !status)
        return tl::unexpected(status.error());
    return out;
}

Result<std::string> readReason(const Json& body)
{
    Fields fields(body);
    auto reason = fields.text("reason").value_or("");
    if (auto status = fields.done(); !status)
        return tl::unexpected(status.error());
    return reason;
}

Result<SelectionRequest> readSelection(const Json& body)
{
    Fields fields(body);
    SelectionRequest out;
    readScope(fields, out);
    out.includeDelivered = fields.flag("include_delivered").value_or(false);
    out.sharePercent = fields.number("share", 0).value_or(out.sharePercent);
    if (out.sharePercent > 100)
        fields.complain("share", "must be at most 100");
    out.rate = fields.number("rate", 0);
    if (auto status = fields.done(); !status)
        return tl::unexpected(status.error());
    return out;
}

Result<ArchiveRequest> readArchive(const Json& body, bool isAboutArchive)
{
    Fields fields(body);
    ArchiveRequest out { .selection = readSelectionId(fields) };
    if (isAboutArchive) // of what is archived, unless the filter says otherwise
        out.scope.filter.states = { DeadLetterState::Archived };
    if (!out.selection)
        readScope(fields, out.scope);
    else if (fields.has("filter"))
        fields.complain("filter", "stands beside selection; give one of them");
    out.reason = fields.text("reason").value_or("");
    if (auto status = fields.done(); !status)
        return tl::unexpected(status.error());
    return out;
}

} // namespace engine::control

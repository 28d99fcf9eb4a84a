#include "control/control_api.h"

#include "control/fields.h"
#include "control/pages_json.h"
#include "control/requests.h"
#include "control/status_json.h"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace engine::control {
namespace {

using http::errorResponse;
using http::Respond;
using http::ServerRequest;
using http::ServerResponse;

ServerResponse jsonResponse(const Json& json)
{
    ServerResponse response;
    response.body = json.dump();
    return response;
}

// For answers that need nothing but a translation.
template <class T>
std::function<void(Result<T>)> translated(const Respond& respond)
{
    return [respond](Result<T> result) {
        respond(result ? jsonResponse(toJson(*result)) : errorResponse(result.error()));
    };
}

std::function<void(CommandResult)> commandReply(const Respond& respond)
{
    return [respond](const CommandResult& result) {
        if (result.isOk)
            return respond(jsonResponse(toJson(result)));
        respond(errorResponse(Error { .code = result.error, .message = result.message }));
    };
}

// Both paths have as many parts, and those that are not "{id}" are equal. The id is a number > 0.
bool isMatch(std::string_view path, std::string_view pattern, std::int64_t& id)
{
    while (!path.empty() && !pattern.empty()) {
        const auto pathEnd = std::min(path.find('/', 1), path.size());
        const auto patternEnd = std::min(pattern.find('/', 1), pattern.size());
        const std::string_view part = path.substr(0, pathEnd);
        const std::string_view wanted = pattern.substr(0, patternEnd);
        if (wanted == "/{id}") {
            const char* const end = part.data() + part.size();
            const auto read = std::from_chars(part.data() + 1, end, id);
            if (read.ec != std::errc {} || read.ptr != end || id < 1)
                return false;
        } else if (part != wanted) {
            return false;
        }
        path.remove_prefix(pathEnd);
        pattern.remove_prefix(patternEnd);
    }
    return path.empty() && pattern.empty();
}

} // namespace

struct ControlApi::Digests {
    std::optional<http::KeyDigest> control {};
    std::optional<http::KeyDigest> metrics {};
};

struct ControlApi::Call {
    const Json& input; // query of a GET, body of a POST
    std::int64_t id { 0 }; // of the path, when the route has one
    const Respond& respond;
};

struct ControlApi::Route {
    std::string_view method {};
    std::string_view pattern {};
    Handler handler { nullptr };
};

const std::vector<ControlApi::Route>& ControlApi::routes()
{
    static const std::vector<Route> table {
        { "GET", "/v1/status", &ControlApi::getStatus },
        { "POST", "/v1/pause", &ControlApi::pause },
        { "POST", "/v1/resume", &ControlApi::resume },
        { "POST", "/v1/tune", &ControlApi::tune },
        { "POST", "/v1/tune/keep", &ControlApi::keepTrial },
        { "POST", "/v1/tune/revert", &ControlApi::revertTrial },
        { "POST", "/v1/probe", &ControlApi::probe },
        { "POST", "/v1/sale", &ControlApi::switchSale },
        { "GET", "/v1/dlq", &ControlApi::listDeadLetters },
        { "GET", "/v1/dlq/groups", &ControlApi::groupDeadLetters },
        { "GET", "/v1/dlq/{id}", &ControlApi::getDeadLetter },
        { "POST", "/v1/dlq/archive", &ControlApi::archive },
        { "POST", "/v1/dlq/restore", &ControlApi::restore },
        { "POST", "/v1/dlq/purge", &ControlApi::purge },
        { "POST", "/v1/dlq/groups/status", &ControlApi::setGroupStatus },
        { "POST", "/v1/dlq/groups/shape", &ControlApi::shapeGroups },
        { "POST", "/v1/dlq/orphans", &ControlApi::moveOrphans },
        { "GET", "/v1/events", &ControlApi::lookUpEvents },
        { "POST", "/v1/replay/preview", &ControlApi::previewReplay },
        { "POST", "/v1/replay", &ControlApi::startReplay },
        { "GET", "/v1/replay", &ControlApi::listReplays },
        { "GET", "/v1/replay/{id}", &ControlApi::getReplay },
        { "POST", "/v1/replay/{id}/pause", &ControlApi::pauseReplay },
        { "POST", "/v1/replay/{id}/resume", &ControlApi::resumeReplay },
        { "POST", "/v1/replay/{id}/cancel", &ControlApi::cancelReplay },
        { "POST", "/v1/replay/{id}/pace", &ControlApi::setReplayPace },
        { "GET", "/v1/replay/{id}/report", &ControlApi::reportReplay },
        { "GET", "/v1/audit", &ControlApi::listAudit },
        { "GET", "/v1/audit/{id}/revert", &ControlApi::checkRevert },
        { "POST", "/v1/audit/{id}/revert", &ControlApi::revertEntry },
        { "GET", "/v1/thresholds", &ControlApi::getThresholds },
        { "POST", "/v1/thresholds", &ControlApi::setThresholds },
        { "POST", "/v1/config/reload", &ControlApi::reloadConfig },
        { "GET", "/v1/config/overrides", &ControlApi::getOverrides },
        { "GET", "/metrics", &ControlApi::getMetrics },
        { "GET", "/healthz", &ControlApi::getHealth },
    };
    return table;
}

ControlApi::ControlApi(ControlPorts ports, const ControlKeys& keys)
    : m_ports(std::move(ports))
{
    setKeys(keys);
}

void ControlApi::setKeys(const ControlKeys& keys)
{
    auto digests = std::make_shared<Digests>();
    if (!keys.control.empty())
        digests->control = http::digestOf(keys.control);
    if (!keys.metrics.empty())
        digests->metrics = http::digestOf(keys.metrics);
    m_digests.store(std::move(digests));
}

bool ControlApi::isAllowed(const ServerRequest& request) const
{
    if (request.path() == "/healthz")
        return true;
    const auto key = http::bearerOf(request);
    if (!key)
        return false;
    const auto digests = m_digests.load();
    const http::KeyDigest given = http::digestOf(*key);
    const bool isControl = digests->control && http::isSameKey(*digests->control, given);
    const bool isMetrics = digests->metrics && http::isSameKey(*digests->metrics, given);
    return isControl || (isMetrics && request.path() == "/metrics");
}

std::optional<ServerResponse> ControlApi::precheck(const ServerRequest& request) const
{
    if (isAllowed(request))
        return std::nullopt;
    ServerResponse response = errorResponse(401, "unauthorized",
        "The control key is needed: Authorization: Bearer <key>.", "Authorization");
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

void ControlApi::handle(const ServerRequest& request, const Respond& respond) const
{
    if (auto refusal = precheck(request))
        return respond(std::move(*refusal));
    // As views: a conditional over a literal and a string would make a string that ends with this
    // line.
    const std::string_view method
        = request.method == "HEAD" ? std::string_view("GET") : std::string_view(request.method);
    std::string allowed;
    for (const Route& route : routes()) {
        std::int64_t id = 0;
        if (!isMatch(request.path(), route.pattern, id))
            continue;
        if (route.method != method) {
            allowed = route.method;
            continue;
        }
        const auto input = method == "GET" ? queryObject(request) : bodyObject(request);
        if (!input)
            return respond(errorResponse(input.error()));
        return (this->*route.handler)({ .input = *input, .id = id, .respond = respond });
    }
    if (allowed.empty())
        return respond(errorResponse(404, "not_found", "There is nothing at this address."));
    ServerResponse response
        = errorResponse(405, "bad_request", "This address takes " + allowed + '.');
    response.headers.emplace_back("Allow", allowed);
    respond(std::move(response));
}

void ControlApi::submit(const Call& call, Result<Command> command) const
{
    if (!command)
        return call.respond(errorResponse(command.error()));
    m_ports.engine->submit(std::move(*command), commandReply(call.respond));
}

void ControlApi::getStatus(const Call& call) const
{
    Fields fields(call.input);
    const StatusScope scope { .destination = fields.text("destination").value_or(""),
        .account = fields.text("account").value_or("") };
    if (const auto status = fields.done(); !status)
        return call.respond(errorResponse(status.error()));
    call.respond(jsonResponse(toJson(*m_ports.engine->snapshot(), scope)));
}

void ControlApi::pause(const Call& call) const
{
    submit(call, readPause(call.input, m_ports.clock->wallNow()));
}
void ControlApi::resume(const Call& call) const { submit(call, readResume(call.input)); }
void ControlApi::tune(const Call& call) const { submit(call, readTune(call.input)); }
void ControlApi::getThresholds(const Call& call) const
{
    if (const auto status = Fields(call.input).done(); !status)
        return call.respond(errorResponse(status.error()));
    call.respond(jsonResponse(thresholdsJson(*m_ports.engine->snapshot())));
}
void ControlApi::setThresholds(const Call& call) const { submit(call, readThresholds(call.input)); }
void ControlApi::checkRevert(const Call& call) const
{
    if (const auto status = Fields(call.input).done(); !status)
        return call.respond(errorResponse(status.error()));
    m_ports.engine->checkRevert(AuditId { call.id }, translated<RevertCheck>(call.respond));
}
void ControlApi::revertEntry(const Call& call) const
{
    auto reason = readReason(call.input);
    if (!reason)
        return call.respond(errorResponse(reason.error()));
    submit(call, Command { RevertCommand { AuditId { call.id } }, "api", std::move(*reason) });
}
void ControlApi::keepTrial(const Call& call) const
{
    submit(call, readTrial(call.input, TrialCommand::Action::Keep));
}
void ControlApi::revertTrial(const Call& call) const
{
    submit(call, readTrial(call.input, TrialCommand::Action::Revert));
}
void ControlApi::probe(const Call& call) const { submit(call, readProbe(call.input)); }
void ControlApi::switchSale(const Call& call) const
{
    submit(call, readSale(call.input, m_ports.clock->wallNow()));
}
void ControlApi::startReplay(const Call& call) const { submit(call, readReplay(call.input)); }

void ControlApi::listDeadLetters(const Call& call) const
{
    auto query = readDeadLetterQuery(call.input);
    if (!query)
        return call.respond(errorResponse(query.error()));
    const auto nobody = nobodyOf(query->filter);
    m_ports.engine->deadLetters(
        std::move(*query), [respond = call.respond, nobody](const Result<DeadLetterPage>& page) {
            if (page && page->rows.empty() && nobody)
                return respond(errorResponse(*nobody));
            translated<DeadLetterPage>(respond)(page);
        });
}

void ControlApi::getDeadLetter(const Call& call) const
{
    if (const auto status = Fields(call.input).done(); !status)
        return call.respond(errorResponse(status.error()));
    m_ports.engine->deadLetterDetail(
        DeadLetterId { call.id }, translated<DeadLetterDetail>(call.respond));
}

void ControlApi::groupDeadLetters(const Call& call) const
{
    auto filter = readFilterQuery(call.input);
    if (!filter)
        return call.respond(errorResponse(filter.error()));
    m_ports.engine->deadLetterGroups(
        std::move(*filter), translated<std::vector<DeadLetterGroup>>(call.respond));
}

void ControlApi::archive(const Call& call) const
{
    withSelection(call, false, [](SelectionId selection, std::string reason) {
        return Command { ArchiveCommand { .selection = selection }, "api", std::move(reason) };
    });
}

void ControlApi::restore(const Call& call) const
{
    withSelection(call, true, [](SelectionId selection, std::string reason) {
        return Command { ArchiveCommand { .selection = selection, .restore = true }, "api",
            std::move(reason) };
    });
}

void ControlApi::purge(const Call& call) const
{
    withSelection(call, true, [](SelectionId selection, std::string reason) {
        return Command { PurgeCommand { .selection = selection }, "api", std::move(reason) };
    });
}

// A filter becomes a selection first: what is archived is exactly what matched at one moment.
void ControlApi::withSelection(
    const Call& call, bool isAboutArchive, const SelectionCommand& command) const
{
    auto request = readArchive(call.input, isAboutArchive);
    if (!request)
        return call.respond(errorResponse(request.error()));
    if (request->selection)
        return submit(call, command(*request->selection, request->reason));
    const auto nobody = nobodyOf(request->scope.filter);
    m_ports.engine->preview(std::move(request->scope),
        [engine = m_ports.engine, respond = call.respond, command, reason = request->reason,
            nobody](const Result<ReplayPreview>& preview) {
            if (!preview)
                return respond(errorResponse(preview.error()));
            if (preview->matched == 0 && nobody)
                return respond(errorResponse(*nobody));
            engine->submit(command(preview->selection, reason), commandReply(respond));
        });
}

void ControlApi::setGroupStatus(const Call& call) const
{
    submit(call, readGroupStatus(call.input));
}
void ControlApi::shapeGroups(const Call& call) const { submit(call, readGroupShape(call.input)); }

void ControlApi::moveOrphans(const Call& call) const { submit(call, readMoveOrphans(call.input)); }

void ControlApi::lookUpEvents(const Call& call) const
{
    auto query = readEventQuery(call.input);
    if (!query)
        return call.respond(errorResponse(query.error()));
    m_ports.engine->events(std::move(*query), translated<EventPage>(call.respond));
}

void ControlApi::previewReplay(const Call& call) const
{
    auto request = readSelection(call.input);
    if (!request)
        return call.respond(errorResponse(request.error()));
    const auto nobody = nobodyOf(request->filter);
    m_ports.engine->preview(std::move(*request),
        [respond = call.respond, nobody](const Result<ReplayPreview>& preview) {
            if (preview && preview->matched == 0 && nobody)
                return respond(errorResponse(*nobody));
            translated<ReplayPreview>(respond)(preview);
        });
}

// Where nothing was found: a slip in a name must not look like a queue that is empty. What is
// found of a destination that is gone is no slip.
std::optional<Error> ControlApi::nobodyOf(const DeadLetterFilter& filter) const
{
    const SnapshotPtr snapshot = m_ports.engine->snapshot();
    for (const std::string& name : filter.destinations) {
        const bool isConfigured
            = std::any_of(snapshot->destinations.begin(), snapshot->destinations.end(),
                [&](const DestinationSnapshot& known) { return known.name == name; });
        const bool isLeft = std::any_of(snapshot->shards.begin(), snapshot->shards.end(),
            [&](const ShardSnapshot& left) { return left.shard.destination == name; });
        if (!isConfigured && !isLeft)
            return Error { ErrorCode::NotFound, "There is no destination " + name + '.',
                "destination", {} };
    }
    return std::nullopt;
}

void ControlApi::listReplays(const Call& call) const
{
    if (const auto status = Fields(call.input).done(); !status)
        return call.respond(errorResponse(status.error()));
    Json jobs = Json::array();
    const SnapshotPtr snapshot = m_ports.engine->snapshot();
    for (const ReplayJobSnapshot& job : snapshot->jobs)
        jobs.push(toJson(job));
    Json out = Json::object();
    out.set("jobs", std::move(jobs));
    call.respond(jsonResponse(out));
}

void ControlApi::getReplay(const Call& call) const
{
    withJob(call, [&](const ReplayJobSnapshot& job) { call.respond(jsonResponse(toJson(job))); });
}

void ControlApi::reportReplay(const Call& call) const
{
    withJob(call, [&](const ReplayJobSnapshot& job) {
        m_ports.engine->selection(job.selection,
            [job = toJson(job), respond = call.respond](const Result<ReplayPreview>& preview) {
                if (!preview)
                    return respond(errorResponse(preview.error()));
                Json out = Json::object();
                out.set("job", job);
                out.set("preview", toJson(*preview));
                respond(jsonResponse(out));
            });
    });
}

void ControlApi::withJob(
    const Call& call, const std::function<void(const ReplayJobSnapshot&)>& use) const
{
    if (const auto status = Fields(call.input).done(); !status)
        return call.respond(errorResponse(status.error()));
    const SnapshotPtr snapshot = m_ports.engine->snapshot();
    for (const ReplayJobSnapshot& job : snapshot->jobs) {
        if (toInt(job.id) == call.id)
            return use(job);
    }
    call.respond(errorResponse(Error { .code = ErrorCode::NotFound,
        .message
        = "There is no replay job " + std::to_string(call.id) + " among the latest 50." }));
}

void ControlApi::setReplayPace(const Call& call) const
{
    submit(call, readReplayPace(call.input, ReplayJobId { call.id }));
}

void ControlApi::controlReplay(const Call& call, ReplayControlCommand::Action action) const
{
    auto reason = readReason(call.input);
    if (!reason)
        return call.respond(errorResponse(reason.error()));
    submit(call,
        Command { .what = ReplayControlCommand { .job = ReplayJobId { call.id }, .action = action },
            .who = "api",
            .reason = std::move(*reason) });
}
void ControlApi::pauseReplay(const Call& call) const
{
    controlReplay(call, ReplayControlCommand::Action::Pause);
}
void ControlApi::resumeReplay(const Call& call) const
{
    controlReplay(call, ReplayControlCommand::Action::Resume);
}
void ControlApi::cancelReplay(const Call& call) const
{
    controlReplay(call, ReplayControlCommand::Action::Cancel);
}

void ControlApi::listAudit(const Call& call) const
{
    auto query = readAuditQuery(call.input);
    if (!query)
        return call.respond(errorResponse(query.error()));
    m_ports.engine->audit(*query, translated<AuditPage>(call.respond));
}

void ControlApi::reloadConfig(const Call& call) const
{
    auto reason = readReason(call.input);
    if (!reason)
        return call.respond(errorResponse(reason.error()));
    submit(call, Command { .what = ReloadCommand {}, .who = "api", .reason = std::move(*reason) });
}

void ControlApi::getOverrides(const Call& call) const
{
    if (const auto status = Fields(call.input).done(); !status)
        return call.respond(errorResponse(status.error()));
    m_ports.engine->exportOverrides([respond = call.respond](Result<std::string> toml) {
        if (!toml)
            return respond(errorResponse(toml.error()));
        ServerResponse response;
        response.contentType = "application/toml; charset=utf-8";
        response.body = std::move(*toml);
        respond(std::move(response));
    });
}

void ControlApi::getMetrics(const Call& call) const
{
    Fields fields(call.input);
    const auto destination = fields.text("destination");
    if (const auto status = fields.done(); !status)
        return call.respond(errorResponse(status.error()));
    const SnapshotPtr snapshot = m_ports.engine->snapshot();
    ServerResponse response;
    response.contentType = "text/plain; version=0.0.4; charset=utf-8";
    if (!destination) {
        response.body = m_ports.metricsText(*snapshot);
        return call.respond(std::move(response));
    }
    EngineSnapshot one { .store = snapshot->store, .sale = snapshot->sale };
    std::copy_if(snapshot->shards.begin(), snapshot->shards.end(), std::back_inserter(one.shards),
        [&](const ShardSnapshot& shard) { return shard.shard.destination == *destination; });
    std::copy_if(snapshot->destinations.begin(), snapshot->destinations.end(),
        std::back_inserter(one.destinations),
        [&](const DestinationSnapshot& each) { return each.name == *destination; });
    response.body = m_ports.metricsText(one);
    call.respond(std::move(response));
}

void ControlApi::getHealth(const Call& call) const
{
    const Status health = m_ports.health ? m_ports.health() : Status {};
    if (!health)
        return call.respond(errorResponse(
            Error { .code = ErrorCode::Unavailable, .message = health.error().message }));
    ServerResponse response;
    response.body = R"({"status":"ok"})";
    call.respond(std::move(response));
}

} // namespace engine::control

#include "ingress/event_api.h"

#include "core/unknown_account.h"
#include "http/secret.h"
#include "http/wire.h"
#include "ingress/body.h"
#include "ingress/event_reader.h"
#include "ingress/replies.h"

#include <algorithm>

namespace engine::ingress {
namespace {

using http::errorResponse;
using http::Respond;
using http::ServerRequest;
using http::ServerResponse;

constexpr std::size_t kIdempotencyKeyBytesMax = 255;

tl::unexpected<Error> unauthorized()
{
    return fail(ErrorCode::Unauthorized,
        "A workspace's write key is needed: Authorization: Bearer <key>.", "Authorization");
}

Result<std::string> idempotencyKeyOf(const ServerRequest& request)
{
    const std::string_view key = request.header("Idempotency-Key").value_or("");
    if (key.size() > kIdempotencyKeyBytesMax)
        return fail(
            ErrorCode::BadRequest, "An Idempotency-Key has at most 255 bytes.", "Idempotency-Key");
    return std::string(key);
}

Result<bool> isPartialAsked(const ServerRequest& request)
{
    if (request.target.find('?') == std::string::npos)
        return false;
    const auto items = request.queryItems();
    if (!items)
        return tl::unexpected(items.error());
    bool isPartial = false;
    for (const auto& [name, value] : *items) {
        if (name != "partial" || (value != "0" && value != "1"))
            return fail(ErrorCode::BadRequest, "The only parameter is partial=1.", name);
        isPartial = value == "1";
    }
    return isPartial;
}

void defer(NewEvent& event, WallTime release)
{
    for (NewDelivery& delivery : event.deliveries) {
        if (!delivery.deadReason.empty())
            continue; // it waits for nobody
        delivery.lane = Lane::Deferred;
        delivery.dueAt = release;
    }
}

} // namespace

struct EventApi::Workspace {
    const WorkspaceConfig* config { nullptr }; // in Running::config
    std::shared_ptr<WorkspaceState> state {};
};

struct EventApi::Running {
    std::shared_ptr<const Config> config {};
    std::shared_ptr<const Router> router {};
    std::vector<Workspace> workspaces {};
    std::vector<std::pair<http::KeyDigest, std::size_t>> keys {}; // → index of the workspace

    // Every key is compared whatever the earlier ones said.
    [[nodiscard]] const Workspace* workspaceOf(std::string_view key) const
    {
        const http::KeyDigest digest = http::digestOf(key);
        const Workspace* found = nullptr;
        for (const auto& [known, index] : keys) {
            if (http::isSameKey(known, digest))
                found = &workspaces[index];
        }
        return found;
    }
};

struct EventApi::Call {
    std::shared_ptr<const Running> running {};
    const Workspace* workspace { nullptr }; // in *running
    BodyForm form { BodyForm::Json };
};

struct EventApi::Batch {
    std::vector<NewEvent> events {};
    std::vector<Json> contents {}; // the payload of each, read
};

// Travels through the sink; holds nothing that ends with the API.
struct EventApi::Awaited {
    AcceptedReply reply {};
    std::vector<bool> wasDeferred {}; // per event
    std::shared_ptr<WorkspaceState> state {};
    std::shared_ptr<std::atomic<int>> count {};
    WallTime receivedAt {};
    Respond respond {};

    void finish(Result<std::vector<AcceptedItem>> result)
    {
        const auto events = static_cast<std::int64_t>(reply.ids.size());
        if (!result) {
            state->giveBack(events, receivedAt);
            ServerResponse response = errorResponse(result.error());
            state->refused.count(response.status);
            return respond(std::move(response));
        }
        reply.items = std::move(*result);
        std::int64_t accepted = 0;
        for (std::size_t i = 0; i < reply.items.size(); ++i) {
            const AcceptKind kind = reply.items[i].kind;
            accepted += kind == AcceptKind::New ? 1 : 0;
            state->deferred += kind == AcceptKind::New && wasDeferred[i] ? 1 : 0;
            state->duplicatesDiffering += kind == AcceptKind::DuplicateDiffers ? 1 : 0;
        }
        state->accepted += accepted;
        state->duplicates += events - accepted;
        state->giveBack(events - accepted, receivedAt);
        respond(acceptedReply(reply));
    }
};

EventApi::EventApi(IngressPorts ports, std::shared_ptr<const Config> config)
    : m_ports(std::move(ports))
{
    for (const ShardId& shard : m_ports.knownShards) {
        const DestinationConfig* const destination = config->destination(shard.destination);
        if (destination != nullptr && !destination->accountFrom.empty()
            && shard.account != kUnknownAccount)
            m_accounts.add(shard);
    }
    m_accounts.setLiveShards(m_ports.liveShards);
    auto running = std::make_shared<Running>();
    running->config = std::move(config);
    m_running.store(std::move(running));
}

std::shared_ptr<WorkspaceState> EventApi::newState(
    const WorkspaceConfig& workspace, WallTime now) const
{
    const int month = monthOf(now);
    auto state = std::make_shared<WorkspaceState>(
        workspace, month, m_ports.monthAccepted ? m_ports.monthAccepted(workspace.name, month) : 0);
    if (const auto until = m_ports.deferredUntil.find(workspace.name);
        until != m_ports.deferredUntil.end())
        state->deferredBefore(until->second, now, m_ports.clock->steadyNow());
    return state;
}

std::vector<std::string> EventApi::reload(std::shared_ptr<const Config> config)
{
    const auto old = m_running.load();
    const WallTime now = m_ports.clock->wallNow();
    auto next = std::make_shared<Running>();
    std::vector<std::string> notes;
    for (const WorkspaceConfig& workspace : config->workspaces) {
        const auto same = std::find_if(old->workspaces.begin(), old->workspaces.end(),
            [&](const Workspace& w) { return w.config->name == workspace.name; });
        Workspace added { .config = &workspace };
        added.state = same != old->workspaces.end() ? same->state : newState(workspace, now);
        next->workspaces.push_back(std::move(added));
        for (const SecretRef& reference : workspace.writeKeys) {
            const auto key = m_ports.readSecret(reference);
            if (!key || key->empty()) {
                notes.push_back("workspace " + workspace.name + ": " + toString(reference) + ": "
                    + (key ? "the key is empty" : key.error().message));
                continue;
            }
            if (const Workspace* const taken = next->workspaceOf(*key);
                taken != nullptr && taken->config != &workspace) {
                notes.push_back("workspace " + workspace.name + ": " + toString(reference)
                    + " is the key of workspace " + taken->config->name + " too, and stays its");
                continue;
            }
            next->keys.emplace_back(http::digestOf(*key), next->workspaces.size() - 1);
        }
    }
    next->router = std::make_shared<Router>(config, m_ports.platforms);
    next->config = std::move(config);
    m_running.store(std::move(next));
    return notes;
}

Result<EventApi::Call> EventApi::begin(const ServerRequest& request) const
{
    Call call { .running = m_running.load() };
    const auto key = http::bearerOf(request);
    call.workspace = key ? call.running->workspaceOf(*key) : nullptr;
    if (call.workspace == nullptr)
        return unauthorized();
    const auto form = bodyFormOf(request.header("Content-Type").value_or(""));
    if (!form)
        return tl::unexpected(form.error());
    const std::string_view coding = request.header("Content-Encoding").value_or("identity");
    if (!http::isSameToken(coding, "identity"))
        return fail(
            ErrorCode::Unsupported, "Compressed bodies are not understood.", "Content-Encoding");
    if (m_awaited->load() >= m_ports.batchesMax)
        return fail(ErrorCode::Unavailable, "Too much is waiting for the disk; send this again.");
    call.form = *form;
    return call;
}

ServerResponse EventApi::refusalOf(const Error& error) const
{
    ServerResponse response = errorResponse(error);
    if (error.code == ErrorCode::Unauthorized)
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

std::optional<ServerResponse> EventApi::precheck(const ServerRequest& request)
{
    if (request.path() != "/v1/events" || request.method != "POST")
        return std::nullopt; // handle() has the answer
    const auto call = begin(request);
    if (call)
        return std::nullopt;
    ServerResponse response = refusalOf(call.error());
    m_unattributed->count(response.status);
    return response;
}

void EventApi::handle(const ServerRequest& request, Respond respond)
{
    const auto refuse = [&](ServerResponse response) {
        m_unattributed->count(response.status);
        respond(std::move(response));
    };
    if (request.path() == "/healthz")
        return answerHealth(request, respond);
    if (request.path() != "/v1/events")
        return refuse(errorResponse(404, "not_found", "Events go to /v1/events."));
    if (request.method != "POST") {
        ServerResponse response = errorResponse(405, "bad_request", "Events are sent with POST.");
        response.headers.emplace_back("Allow", "POST");
        return refuse(std::move(response));
    }
    const auto call = begin(request);
    if (!call)
        return refuse(refusalOf(call.error()));
    accept(*call, request, std::move(respond));
}

void EventApi::answerHealth(const ServerRequest& request, const Respond& respond) const
{
    if (request.method != "GET" && request.method != "HEAD") {
        ServerResponse response = errorResponse(405, "bad_request", "Health is read with GET.");
        response.headers.emplace_back("Allow", "GET, HEAD");
        return respond(std::move(response));
    }
    const Status health = m_ports.health ? m_ports.health() : Status {};
    if (!health)
        return respond(errorResponse(
            Error { .code = ErrorCode::Unavailable, .message = health.error().message }));
    ServerResponse response;
    response.body = R"({"status":"ok"})";
    respond(std::move(response));
}

void EventApi::accept(const Call& call, const ServerRequest& request, Respond respond)
{
    const Workspace& workspace = *call.workspace;
    const auto refuse = [&](ServerResponse response) {
        workspace.state->refused.count(response.status);
        respond(std::move(response));
    };
    const auto isPartial = isPartialAsked(request);
    if (!isPartial)
        return refuse(errorResponse(isPartial.error()));
    auto idempotencyKey = idempotencyKeyOf(request);
    if (!idempotencyKey)
        return refuse(errorResponse(idempotencyKey.error()));
    auto body = readBody(
        request.body, call.form, static_cast<std::size_t>(call.running->config->ingress.itemsMax));
    if (!body)
        return refuse(errorResponse(body.error()));

    const ReadOptions options { .workspace = workspace.config->name,
        .now = m_ports.clock->wallNow(),
        .idempotencyKey = std::move(*idempotencyKey),
        .random = m_ports.random };
    auto awaited = std::make_unique<Awaited>();
    Batch batch;
    batch.events.reserve(body->items.size());
    for (std::size_t i = 0; i < body->items.size(); ++i) {
        auto read = readEvent(body->items[i], i, options);
        if (auto* const problems = std::get_if<std::vector<FieldProblem>>(&read)) {
            for (FieldProblem& problem : *problems)
                awaited->reply.problems.push_back({ i, std::move(problem) });
            continue;
        }
        batch.events.push_back(std::get<NewEvent>(std::move(read)));
        batch.contents.push_back(std::move(body->items[i].json));
    }
    const bool isRefused
        = !awaited->reply.problems.empty() && (!*isPartial || batch.events.empty());
    if (isRefused)
        return refuse(invalidReply({ .items = body->items.size(),
            .isList = body->isList,
            .problems = std::move(awaited->reply.problems) }));
    awaited->receivedAt = options.now;
    awaited->respond = std::move(respond);
    submit(call, std::move(batch), std::move(awaited));
}

void EventApi::submit(const Call& call, Batch batch, std::unique_ptr<Awaited> awaited)
{
    std::vector<NewEvent>& events = batch.events;
    const Workspace& workspace = *call.workspace;
    const SteadyTime now = m_ports.clock->steadyNow();
    const Admission admission = workspace.state->admit(*workspace.config,
        { .events = static_cast<std::int64_t>(events.size()),
            .wallNow = awaited->receivedAt,
            .now = now });
    if (!admission.refusal.empty()) {
        ServerResponse response = errorResponse(429, "throttled", admission.refusal);
        response.headers.emplace_back("Retry-After", std::to_string(admission.retryAfter.count()));
        workspace.state->refused.count(429);
        return awaited->respond(std::move(response));
    }
    // Routed only now: what is refused must not take an account's place.
    for (std::size_t i = 0; i < events.size(); ++i) {
        call.running->router->route(events[i], std::move(batch.contents[i]), m_accounts);
        const bool isDeferred = admission.waits[i] > std::chrono::nanoseconds::zero();
        if (isDeferred)
            defer(events[i],
                m_ports.clock->dueAt(now) + std::chrono::ceil<Micros>(admission.waits[i]));
        awaited->wasDeferred.push_back(isDeferred);
        awaited->reply.ids.push_back(events[i].eventId);
    }
    awaited->state = workspace.state;
    awaited->count = m_awaited;
    m_awaited->fetch_add(1);
    // std::function wants what can be copied.
    const std::shared_ptr<Awaited> shared = std::move(awaited);
    m_ports.sink->accept(
        { .events = std::move(events), .dedupWindow = call.running->config->retention.dedup },
        [shared](Result<std::vector<AcceptedItem>> result) {
            shared->count->fetch_sub(1);
            shared->finish(std::move(result));
        });
}

std::vector<IngressSnapshot> EventApi::snapshot()
{
    const auto running = m_running.load();
    const SteadyTime now = m_ports.clock->steadyNow();
    const int month = monthOf(m_ports.clock->wallNow());
    std::vector<IngressSnapshot> all;
    for (const Workspace& workspace : running->workspaces) {
        const WorkspaceState& state = *workspace.state;
        IngressSnapshot snapshot;
        snapshot.workspace = workspace.config->name;
        snapshot.acceptedTotal = state.accepted.load();
        snapshot.acceptedPerSecond
            = m_meters[snapshot.workspace].perSecond(snapshot.acceptedTotal, now);
        snapshot.duplicatesTotal = state.duplicates.load();
        snapshot.duplicatesDifferingTotal = state.duplicatesDiffering.load();
        snapshot.deferredTotal = state.deferred.load();
        snapshot.monthAccepted = state.month.of(month);
        if (workspace.config->monthlyCap > 0)
            snapshot.monthCap = workspace.config->monthlyCap;
        snapshot.refusedByStatus = state.refused.all();
        all.push_back(std::move(snapshot));
    }
    IngressSnapshot nobody;
    nobody.refusedByStatus = m_unattributed->all();
    all.push_back(std::move(nobody));
    return all;
}

} // namespace engine::ingress

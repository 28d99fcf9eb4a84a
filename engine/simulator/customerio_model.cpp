#include "simulator/customerio_model.h"

#include "platforms/hashing.h"
#include "simulator/event_rules.h"

#include <algorithm>

namespace engine::simulator {
namespace {

constexpr std::string_view kV1 = "/api/v1/";
constexpr std::string_view kV2 = "/api/v2/";
constexpr std::string_view kEuropePrefix = "/customerio-eu";
constexpr std::size_t kBodyBytesMax = 500'000;

struct Credential {
    std::string siteId {};
    std::string apiKey {};
};
Credential basicOf(const http::ServerRequest& request)
{
    constexpr std::string_view kBasic = "Basic ";
    const auto header = request.header("Authorization");
    if (!header || !header->starts_with(kBasic))
        return {};
    const auto pair = platforms::fromBase64(header->substr(kBasic.size()));
    const auto colon = pair ? pair->find(':') : std::string::npos;
    if (colon == std::string::npos)
        return {};
    return { .siteId = pair->substr(0, colon), .apiKey = pair->substr(colon + 1) };
}

Json rowOf(const CustomerIoViolation& found)
{
    Json row = Json::object();
    row.set("reason", Json::string(found.reason));
    row.set("field", Json::string(found.field));
    row.set("message", Json::string(found.message));
    return row;
}

http::ServerResponse errorsReply(int status, std::vector<Json> rows)
{
    Json body = Json::object();
    body.set("errors", Json::array(std::move(rows)));
    return jsonReply(status, body);
}

http::ServerResponse metaReply(int status, std::string_view message)
{
    Json body = Json::object();
    body.set("meta", Json::object())
        .set("errors", Json::array({ Json::string(std::string(message)) }));
    return jsonReply(status, body);
}

} // namespace

bool isCustomerIoPath(std::string_view path)
{
    return path.starts_with(kV1) || path.starts_with(kV2);
}

std::string CustomerIoModel::accountOf(const http::ServerRequest& request, std::string_view) const
{
    const std::string siteId = basicOf(request).siteId;
    return siteId.empty() ? std::string("?") : siteId;
}

bool CustomerIoModel::isAuthorized(const Call& call) const
{
    const Credential credential = basicOf(call.request);
    return !credential.siteId.empty() && !credential.apiKey.empty()
        && isKnownAccount(credential.siteId)
        && (options().secret.empty() || credential.apiKey == options().secret);
}

http::ServerResponse CustomerIoModel::process(Call& call)
{
    const auto& europeans = options().europeans;
    const bool isEuropean
        = std::find(europeans.begin(), europeans.end(), call.account.name) != europeans.end();
    const bool isEuropeanHost = call.request.target.starts_with(kEuropePrefix);
    if (isEuropean && !isEuropeanHost) {
        http::ServerResponse reply;
        reply.status = 301;
        reply.headers.emplace_back("Location", std::string(kEuropePrefix) + std::string(call.path));
        return reply;
    }
    if (!isAuthorized(call) || isEuropean != isEuropeanHost) {
        ++call.account.stats.unauthorized;
        return unauthorized(call);
    }
    if (const auto untilFree = takeFromWindows(call, 1))
        return refuseThrottled(call, *untilFree);
    const auto body = parseJson(call.request.body.empty() ? "{}" : call.request.body);
    if (!call.path.starts_with(kV2))
        return processV1(call, body);
    if (!body || !body->isObject() || call.request.method != "POST") {
        violation(call, body ? "the body is no object" : body.error().message);
        return errorsReply(
            400, { rowOf({ .reason = "malformed", .message = "the body is no JSON object" }) });
    }
    const std::string_view what = call.path.substr(kV2.size());
    if (what == "batch")
        return processBatch(call, *body);
    if (what == "entity")
        return processEntity(call, *body);
    violation(call, "no such path");
    return metaReply(404, "not found");
}

CustomerIoCheck CustomerIoModel::takeOperation(Call& call, const Json& operation) const
{
    if (auto found = checkOperation(operation, call.now.wall)) {
        violation(call, found->field + ": " + found->message);
        return found;
    }
    const std::string id = memberText(operation, "id");
    const std::string name = memberText(operation, "name");
    // An overwriting operation has no id of its own; its text tells it from others.
    const std::string key = id.empty() ? operation.dump() : id;
    if (isRefusedByScenario(call, key, name, call.mishap.badPerMille))
        return CustomerIoViolation {
            .reason = "invalid", .field = "attributes", .message = "attribute value is not accepted"
        };
    if (id.empty())
        ++call.account.stats.accepted;
    else
        accept(call, { .id = id, .name = name, .eventTime = memberText(operation, "timestamp") });
    return std::nullopt;
}

http::ServerResponse CustomerIoModel::processBatch(Call& call, const Json& body) const
{
    const Json* const batch = body.find("batch");
    if (batch == nullptr || !batch->isArray() || batch->items().empty()) {
        violation(call, "batch is missing");
        return errorsReply(
            400, { rowOf({ .reason = "required", .field = "batch", .message = "is required" }) });
    }
    if (const auto stranger = strangerIn(body, { "batch" })) {
        violation(call, *stranger + " is unknown");
        return errorsReply(
            400, { rowOf({ .reason = "invalid", .field = *stranger, .message = "is unknown" }) });
    }
    if (call.request.body.size() >= kBodyBytesMax) {
        violation(call, "the body has 500 kB or more");
        return errorsReply(413,
            { rowOf(
                { .reason = "invalid", .field = "batch", .message = "must be below 500 kB" }) });
    }
    call.account.stats.records += static_cast<std::int64_t>(batch->items().size());
    std::vector<Json> rows;
    for (std::size_t i = 0; i < batch->items().size(); ++i) {
        const auto found = takeOperation(call, batch->items()[i]);
        if (!found)
            continue;
        Json row = Json::object();
        row.set("batch_index", Json::number(static_cast<std::int64_t>(i)));
        const Json why = rowOf(*found);
        for (const auto& [key, value] : why.members())
            row.set(key, value);
        rows.push_back(std::move(row));
    }
    if (!rows.empty())
        return errorsReply(207, std::move(rows));
    return jsonReply(200, Json::object());
}

http::ServerResponse CustomerIoModel::processEntity(Call& call, const Json& body) const
{
    ++call.account.stats.records;
    const auto found = takeOperation(call, body);
    if (found)
        return errorsReply(400, { rowOf(*found) });
    return jsonReply(200, Json::object());
}

// "customers/{id}", "customers/{id}/events|suppress|unsuppress|devices", "events".
CustomerIoCheck CustomerIoModel::checkV1(Call& call, std::string_view path, const Json& body) const
{
    const CustomerIoViolation notFound { .reason = "not_found", .message = "no such path" };
    const std::string& method = call.request.method;
    if (path == "events")
        return method == "POST" ? checkV1Event(body, true, call.now.wall) : notFound;
    constexpr std::string_view kCustomers = "customers/";
    if (!path.starts_with(kCustomers))
        return notFound;
    path.remove_prefix(kCustomers.size());
    const auto slash = path.find('/');
    if (path.substr(0, slash).empty())
        return notFound;
    if (slash == std::string_view::npos && method == "DELETE")
        return std::nullopt;
    if (slash == std::string_view::npos)
        return method == "PUT" ? checkAttributes(body) : notFound;
    const std::string_view what = path.substr(slash + 1);
    if (what == "events" && method == "POST")
        return checkV1Event(body, false, call.now.wall);
    if ((what == "suppress" || what == "unsuppress") && method == "POST")
        return std::nullopt;
    if (what == "devices" && method == "PUT")
        return checkDevice(body.find("device"), "id");
    if (what.starts_with("devices/") && method == "DELETE")
        return std::nullopt;
    return notFound;
}

http::ServerResponse CustomerIoModel::processV1(Call& call, const Result<Json>& body) const
{
    ++call.account.stats.records;
    if (!body) {
        violation(call, body.error().message);
        return metaReply(400, "malformed JSON");
    }
    if (!call.path.starts_with(kV1)) {
        violation(call, "no such path");
        return metaReply(404, "not found");
    }
    if (const auto found = checkV1(call, call.path.substr(kV1.size()), *body)) {
        violation(call, found->field + ": " + found->message);
        return metaReply(found->reason == "not_found" ? 404 : 400,
            found->field.empty() ? found->message : found->field + ' ' + found->message);
    }
    const std::string id = memberText(*body, "id");
    const std::string name = memberText(*body, "name");
    const std::string key = id.empty() ? call.request.target : id;
    if (isRefusedByScenario(call, key, name, call.mishap.badPerMille))
        return metaReply(400, "attribute value is not accepted");
    if (id.empty())
        ++call.account.stats.accepted;
    else
        accept(call, { .id = id, .name = name, .eventTime = memberText(*body, "timestamp") });
    return jsonReply(200, Json::object());
}

http::ServerResponse CustomerIoModel::unavailable(Call& call) const
{
    constexpr int kStatuses[] { 500, 502, 503, 504, 522 };
    const auto number = static_cast<std::size_t>(call.account.stats.requests);
    return metaReply(kStatuses[number % std::size(kStatuses)], "internal error");
}

http::ServerResponse CustomerIoModel::unauthorized(Call&) const
{
    Json body = Json::object();
    body.set("meta", Json::object()).set("error", Json::string("Unauthorized request"));
    return jsonReply(401, body);
}

// The platform names no delay.
http::ServerResponse CustomerIoModel::throttled(Call&, Millis) const
{
    return metaReply(429, "too many requests");
}

http::ServerResponse CustomerIoModel::scripted(Call& call, const ScriptedAnswer& answer) const
{
    const bool isAboutRows = answer.status == 207 || !answer.code.empty();
    if (isAboutRows && call.path.starts_with(kV2)) {
        Json row = Json::object({ { "batch_index", Json::number(std::int64_t { 0 }) } });
        row.set("reason", Json::string(answer.code.empty() ? "invalid" : answer.code));
        row.set("message", Json::string(answer.message));
        return errorsReply(answer.status == 0 ? 207 : answer.status, { std::move(row) });
    }
    return metaReply(answer.status == 0 ? 400 : answer.status, answer.message);
}

} // namespace engine::simulator

#include "simulator/customerio_app_model.h"

#include "platforms/hashing.h"
#include "simulator/customerio_app_rules.h"

#include <algorithm>

namespace engine::simulator {
namespace {

constexpr std::string_view kEuropePrefix = "/customerio-app-eu";
constexpr std::string_view kEmailPath = "/v1/send/email";
constexpr std::string_view kPushPath = "/v1/send/push";
constexpr std::string_view kCampaigns = "/v1/campaigns/";
constexpr std::string_view kTriggers = "/triggers";
constexpr std::size_t kBodyBytesMax = 2'048'000;
constexpr std::string_view kMessages = "messages";
constexpr std::string_view kBroadcasts = "broadcasts";

// "/v1/campaigns/12/triggers" → "12"
std::optional<std::string> broadcastOf(std::string_view path)
{
    if (!path.starts_with(kCampaigns) || !path.ends_with(kTriggers)
        || path.size() <= kCampaigns.size() + kTriggers.size())
        return std::nullopt;
    path.remove_prefix(kCampaigns.size());
    path.remove_suffix(kTriggers.size());
    if (path.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    return std::string(path);
}

// "/v1/campaigns/12/triggers/7/errors": what was wrong with the audience of a trigger.
bool isAboutErrors(std::string_view path)
{
    constexpr std::string_view kErrors = "/errors";
    if (!path.ends_with(kErrors))
        return false;
    path.remove_suffix(kErrors.size());
    const auto slash = path.rfind('/');
    return slash != std::string_view::npos && slash + 1 < path.size()
        && path.find_first_not_of("0123456789", slash + 1) == std::string_view::npos
        && broadcastOf(path.substr(0, slash)).has_value();
}

http::ServerResponse lateErrors(std::string_view message)
{
    Json errors = Json::array();
    if (!message.empty())
        errors.push(Json::string(std::string(message)));
    Json body = Json::object();
    body.set("errors", std::move(errors));
    body.set("next", Json::number(std::int64_t { 0 }));
    return jsonReply(200, body);
}

std::string keyOf(const http::ServerRequest& request)
{
    constexpr std::string_view kBearer = "Bearer ";
    const auto header = request.header("Authorization");
    return header && header->starts_with(kBearer) ? std::string(header->substr(kBearer.size()))
                                                  : std::string {};
}

// Each of the two interfaces has its own shape of an error.
http::ServerResponse errorReply(std::string_view path, int status, std::string_view message)
{
    Json body = Json::object();
    if (broadcastOf(path) || isAboutErrors(path)) {
        Json error = Json::object();
        error.set("detail", Json::string(std::string(message)));
        error.set("status", Json::string(std::to_string(status)));
        body.set("errors", Json::array({ error }));
    } else {
        body.set("meta", Json::object()).set("error", Json::string(std::string(message)));
    }
    return jsonReply(status, body);
}

http::ServerResponse receipt(bool isBroadcast, std::int64_t number, WallTime now)
{
    Json body = Json::object();
    if (isBroadcast) {
        body.set("id", Json::number(number));
        return jsonReply(200, body);
    }
    body.set("delivery_id", Json::string("RPIL" + std::to_string(number)));
    body.set("queued_at",
        Json::number(std::int64_t { std::chrono::floor<Seconds>(now).time_since_epoch().count() }));
    return jsonReply(200, body);
}

} // namespace

std::string CustomerIoAppModel::accountOf(
    const http::ServerRequest& request, std::string_view) const
{
    return std::string(request.header("X-Workspace-Id").value_or("workspace"));
}

bool CustomerIoAppModel::isAuthorized(const Call& call) const
{
    const std::string key = keyOf(call.request);
    const bool needsWorkspace = key.starts_with("sa_live_");
    return !key.empty() && (options().secret.empty() || key == options().secret)
        && (!needsWorkspace || call.request.header("X-Workspace-Id").has_value());
}

std::optional<http::ServerResponse> CustomerIoAppModel::redirected(const Call& call) const
{
    const auto& europeans = options().europeans;
    const bool isEuropean
        = std::find(europeans.begin(), europeans.end(), call.account.name) != europeans.end();
    if (!isEuropean || call.request.target.starts_with(kEuropePrefix))
        return std::nullopt;
    http::ServerResponse reply;
    reply.status = 307;
    reply.headers.emplace_back("Location", std::string(kEuropePrefix) + std::string(call.path));
    return reply;
}

http::ServerResponse CustomerIoAppModel::process(Call& call)
{
    if (auto elsewhere = redirected(call))
        return *elsewhere;
    if (!isAuthorized(call)) {
        ++call.account.stats.unauthorized;
        return unauthorized(call);
    }
    if (call.request.method == "GET" && isAboutErrors(call.path)) {
        const auto untilFree = takeFromWindows(call, 1, kBroadcasts);
        return untilFree ? refuseThrottled(call, *untilFree) : lateErrors({});
    }
    const auto broadcast = broadcastOf(call.path);
    const bool isPush = call.path == kPushPath;
    if (call.request.method != "POST" || (!broadcast && !isPush && call.path != kEmailPath)) {
        violation(call, "no such address: " + std::string(call.path));
        return errorReply(call.path, 404, "not found");
    }
    if (const auto untilFree = takeFromWindows(call, 1, broadcast ? kBroadcasts : kMessages))
        return refuseThrottled(call, *untilFree);
    if (call.request.body.size() > kBodyBytesMax) {
        violation(call, "the body has more than 2,048 kB");
        return errorReply(call.path, 413, "request entity too large");
    }
    ++call.account.stats.records;
    const auto body = parseJson(call.request.body);
    CustomerIoAppCheck fault = CustomerIoAppFault { {}, "the body is no JSON object" };
    if (body && body->isObject())
        fault = broadcast ? checkTrigger(*body) : checkMessage(*body, isPush);
    const int refusal = broadcast ? 422 : 400;
    if (fault) {
        const std::string sentence
            = (fault->field.empty() ? "" : fault->field + ' ') + fault->message;
        violation(call, sentence);
        return errorReply(call.path, refusal, sentence);
    }
    const std::string id = platforms::sha256Hex(std::string(call.path) + call.request.body);
    if (isRefusedByScenario(call, id, {}, call.mishap.badPerMille))
        return errorReply(call.path, refusal, "a value is not accepted");
    accept(call,
        { .id = id,
            .name = broadcast ? *broadcast : memberText(*body, "transactional_message_id") });
    return receipt(broadcast.has_value(), call.account.stats.requests, call.now.wall);
}

http::ServerResponse CustomerIoAppModel::unavailable(Call& call) const
{
    constexpr int kStatuses[] { 500, 503, 522 };
    const auto number = static_cast<std::size_t>(call.account.stats.requests);
    return errorReply(call.path, kStatuses[number % std::size(kStatuses)], "internal error");
}

http::ServerResponse CustomerIoAppModel::unauthorized(Call& call) const
{
    return errorReply(call.path, 401, "Unauthorized request");
}

// The platform names no delay.
http::ServerResponse CustomerIoAppModel::throttled(Call& call, Millis) const
{
    return errorReply(call.path, 429, "too many requests");
}

http::ServerResponse CustomerIoAppModel::scripted(Call& call, const ScriptedAnswer& answer) const
{
    if (answer.status == 200 && isAboutErrors(call.path))
        return lateErrors(answer.message);
    if (answer.status == 200) // taken, but without a receipt
        return jsonReply(200, Json::object());
    return errorReply(call.path, answer.status == 0 ? 400 : answer.status, answer.message);
}

} // namespace engine::simulator

#include "simulator/criteo_model.h"

#include "platforms/hashing.h"
#include "simulator/criteo_rules.h"

#include <algorithm>

namespace engine::simulator {
namespace {

constexpr std::string_view kPath = "/m/event";
constexpr std::string_view kEuropePrefix = "/criteo-eu";

http::ServerResponse errorsReply(std::string_view error)
{
    Json errors = Json::array();
    if (!error.empty())
        errors.push(Json::string(std::string(error)));
    Json body = Json::object();
    body.set("errors", std::move(errors));
    body.set("warnings", Json::array());
    return jsonReply(200, body);
}

http::ServerResponse redirect(int status, const std::string& location)
{
    http::ServerResponse reply;
    reply.status = status;
    reply.headers.emplace_back("Location", location);
    return reply;
}

} // namespace

std::string CriteoModel::accountOf(const http::ServerRequest& request, std::string_view) const
{
    const auto body = parseJson(request.body);
    const std::string account = body ? memberText(*body, "account") : std::string {};
    return account.empty() ? "?" : account;
}

http::ServerResponse CriteoModel::process(Call& call)
{
    if (call.path != kPath || call.request.method != "POST"
        || call.request.query("version") != "s2s_v0") {
        violation(call, "no such address: " + call.request.target);
        return jsonReply(404, Json::object());
    }
    const auto& europeans = options().europeans;
    const bool isEuropean
        = std::find(europeans.begin(), europeans.end(), call.account.name) != europeans.end();
    if (isEuropean && !call.request.target.starts_with(kEuropePrefix))
        return redirect(307, std::string(kEuropePrefix) + std::string(kPath) + "?version=s2s_v0");
    if (const auto untilFree = takeFromWindows(call, 1))
        return refuseThrottled(call, *untilFree);
    const auto body = parseJson(call.request.body);
    if (!body || !body->isObject()) {
        violation(call, body ? "the body is no object" : body.error().message);
        return jsonReply(400, Json::object());
    }
    if (!isKnownAccount(call.account.name))
        return errorsReply("AccountNotFound");
    if (const auto fault = checkCriteoRequest(*body, call.now.wall)) {
        violation(call, *fault);
        return errorsReply(*fault);
    }
    const std::vector<Json>& events = body->find("events")->items();
    call.account.stats.records += static_cast<std::int64_t>(events.size());
    // What has no id of its own is the same when everything about it is the same.
    const auto idOf = [&](const Json& event) {
        const std::string id = memberText(event, "id");
        return id.empty() ? platforms::sha256Hex(call.request.body + event.dump()) : id;
    };
    for (const Json& event : events) {
        if (isRefusedByScenario(
                call, idOf(event), memberText(event, "event"), call.mishap.badPerMille))
            return errorsReply("EventInvalid: item");
    }
    for (const Json& event : events)
        accept(call,
            { .id = idOf(event),
                .name = memberText(event, "event"),
                .eventTime = memberText(event, "timestamp") });
    return errorsReply({});
}

http::ServerResponse CriteoModel::unavailable(Call&) const
{
    return jsonReply(503, Json::object());
}

http::ServerResponse CriteoModel::unauthorized(Call&) const
{
    return errorsReply("PartnerNotAllowed");
}

http::ServerResponse CriteoModel::throttled(Call&, Millis) const
{
    return jsonReply(429, Json::object());
}

http::ServerResponse CriteoModel::scripted(Call&, const ScriptedAnswer& answer) const
{
    if (answer.status / 100 == 3)
        return redirect(answer.status, answer.message);
    if (answer.status == 0 || answer.status == 200)
        return errorsReply(answer.code);
    http::ServerResponse reply;
    reply.status = answer.status;
    reply.body = answer.message;
    return reply;
}

} // namespace engine::simulator

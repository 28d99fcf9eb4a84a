#include "simulator/webhook_model.h"

#include "platforms/webhook_signature.h"

namespace engine::simulator {
namespace {

constexpr Seconds kSignatureAgeMax { 300 };

http::ServerResponse errorReply(int status, std::string_view message)
{
    Json body = Json::object();
    body.set("error", Json::string(std::string(message)));
    return jsonReply(status, body);
}

bool isEvent(const Json& event)
{
    const Json* const id = event.find("event_id");
    return event.isObject() && id != nullptr && !id->isBool() && !id->text().empty();
}

} // namespace

std::string WebhookModel::accountOf(const http::ServerRequest&, std::string_view path) const
{
    if (path.starts_with('/'))
        path.remove_prefix(1);
    path = path.substr(0, path.find('/'));
    return path.empty() ? std::string("default") : std::string(path);
}

bool WebhookModel::isSigned(const Call& call) const
{
    if (options().secret.empty())
        return true;
    const auto id = call.request.header("webhook-id");
    const auto stamp = call.request.header("webhook-timestamp");
    const auto signature = call.request.header("webhook-signature");
    if (!id || !stamp || !signature)
        return false;
    const auto seconds = Json::string(std::string(*stamp)).asInt();
    if (!seconds)
        return false;
    const WallTime signedAt { Seconds { *seconds } };
    const auto age = call.now.wall - signedAt;
    const auto expected = platforms::webhookSignature(
        options().secret, { .id = *id, .timestamp = *seconds, .body = call.request.body });
    return age <= kSignatureAgeMax && age >= -kSignatureAgeMax && expected
        && signature->find(*expected) != std::string_view::npos;
}

http::ServerResponse WebhookModel::process(Call& call)
{
    if (!isKnownAccount(call.account.name)) {
        violation(call, "no such endpoint");
        return errorReply(404, "no such endpoint");
    }
    if (!isSigned(call)) {
        ++call.account.stats.unauthorized;
        return unauthorized(call);
    }
    const auto body = parseJson(call.request.body);
    if (!body || call.request.method != "POST") {
        violation(call, body ? "the method is not POST" : body.error().message);
        return errorReply(400, "the body is no JSON");
    }
    const Json events = body->isArray() ? *body : Json::array({ *body });
    const auto records = static_cast<std::int64_t>(events.items().size());
    call.account.stats.records += records;
    for (const Json& event : events.items()) {
        if (!isEvent(event)) {
            violation(call, "an event without event_id");
            return errorReply(400, "every event needs an event_id");
        }
    }
    for (const Json& event : events.items()) {
        if (isRefusedByScenario(call, memberText(event, "event_id"),
                memberText(event, "event_name"), call.mishap.badPerMille / 10))
            return errorReply(400, "an event is not accepted");
    }
    if (const auto untilFree = takeFromWindows(call, records))
        return refuseThrottled(call, *untilFree);
    for (const Json& event : events.items())
        accept(call,
            { .id = memberText(event, "event_id"),
                .name = memberText(event, "event_name"),
                .eventTime = memberText(event, "event_time") });
    Json reply = Json::object();
    reply.set("received", Json::number(records));
    return jsonReply(200, reply);
}

http::ServerResponse WebhookModel::unavailable(Call&) const
{
    return errorReply(503, "down for maintenance");
}

http::ServerResponse WebhookModel::unauthorized(Call&) const
{
    return errorReply(401, "the signature or credential is not accepted");
}

http::ServerResponse WebhookModel::throttled(Call&, Millis untilFree) const
{
    http::ServerResponse reply = errorReply(429, "too many requests");
    const auto seconds = std::chrono::ceil<Seconds>(untilFree).count();
    reply.headers.emplace_back("Retry-After", std::to_string(std::max<std::int64_t>(seconds, 1)));
    return reply;
}

http::ServerResponse WebhookModel::scripted(Call&, const ScriptedAnswer& answer) const
{
    return errorReply(answer.status == 0 ? 400 : answer.status, answer.message);
}

} // namespace engine::simulator

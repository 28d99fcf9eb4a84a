#include "simulator/tiktok_model.h"

#include "simulator/event_rules.h"
#include "simulator/tiktok_rules.h"

#include <algorithm>

namespace engine::simulator {
namespace {

constexpr std::size_t kRecordsMax = 1'000;
constexpr std::string_view kSources[] { "web", "app", "offline", "crm" };

// Whatever happened, the status is 200.
http::ServerResponse codeReply(
    std::int64_t code, std::string_view message, std::int64_t number, int status = 200)
{
    Json body = Json::object();
    body.set("code", Json::number(code));
    body.set("message", Json::string(std::string(message)));
    body.set("request_id", Json::string("2026" + std::to_string(number)));
    body.set("data", Json::object());
    return jsonReply(status, body);
}

std::string pathOf(std::size_t index, std::string_view field)
{
    return "data." + std::to_string(index) + '.' + std::string(field);
}

} // namespace

std::string TiktokModel::accountOf(const http::ServerRequest& request, std::string_view) const
{
    return credentialOf(request);
}

std::string TiktokModel::credentialOf(const http::ServerRequest& request) const
{
    return credentialLabel(request.header("Access-Token").value_or(""));
}

std::optional<http::ServerResponse> TiktokModel::refusalOf(Call& call, const Json& body) const
{
    const std::int64_t number = call.account.stats.requests;
    const auto refuse = [&](std::int64_t code, std::string_view message) {
        violation(call, message);
        return codeReply(code, message, number);
    };
    if (!call.path.ends_with("/event/track/"))
        return refuse(40'400, "no such route");
    if (call.request.method != "POST")
        return refuse(40'117, "the method must be POST");
    const std::string source = memberText(body, "event_source");
    if (std::find(std::begin(kSources), std::end(kSources), source) == std::end(kSources))
        return refuse(40'002, "event_source: must be web, app, offline or crm");
    const std::string id = memberText(body, "event_source_id");
    if (id.empty())
        return refuse(40'002, "event_source_id: is required");
    if (!isKnownAccount(id))
        return refuse(40'001, "no permission for event_source_id");
    const Json* const data = body.find("data");
    if (data == nullptr || !data->isArray() || data->items().empty())
        return refuse(40'002, "data: is required");
    if (const auto stranger = strangerIn(
            body, { "event_source", "event_source_id", "partner_name", "test_event_code", "data" }))
        return refuse(40'002, *stranger + ": is unknown");
    if (data->items().size() > kRecordsMax)
        return refuse(40'061, "invalid batch size");
    return std::nullopt;
}

std::optional<http::ServerResponse> TiktokModel::refusalOfRecords(
    Call& call, const Json& body) const
{
    const std::int64_t number = call.account.stats.requests;
    const std::vector<Json>& data = body.find("data")->items();
    const std::string source = memberText(body, "event_source");
    for (std::size_t i = 0; i < data.size(); ++i) {
        if (const auto found = checkTiktokEvent(data[i], source, call.now.wall)) {
            const std::string message = pathOf(i, found->field) + ": " + found->rule;
            violation(call, message);
            return codeReply(found->code, message, number);
        }
    }
    // One bad record costs the whole request here, so a tenth of the share of others is plenty.
    for (std::size_t i = 0; i < data.size(); ++i) {
        if (!isRefusedByScenario(call, memberText(data[i], "event_id"),
                memberText(data[i], "event"), call.mishap.badPerMille / 10))
            continue;
        const bool isNamed = number % 3 != 0;
        return codeReply(40'002,
            isNamed ? pathOf(i, "properties.value: is not accepted") : "Invalid params", number);
    }
    return std::nullopt;
}

http::ServerResponse TiktokModel::process(Call& call)
{
    const std::int64_t number = call.account.stats.requests;
    const auto token = call.request.header("Access-Token").value_or("");
    if (token.empty() || (!options().secret.empty() && token != options().secret)) {
        ++call.account.stats.unauthorized;
        return codeReply(token.empty() ? 40'104 : 40'105,
            "Access token is incorrect or has been revoked", number);
    }
    const auto body = parseJson(call.request.body);
    if (!body || !body->isObject()) {
        violation(call, body ? "the body is no object" : body.error().message);
        return codeReply(40'002, "the body is no JSON", number);
    }
    if (auto refusal = refusalOf(call, *body))
        return *refusal;
    const std::vector<Json>& data = body->find("data")->items();
    const auto records = static_cast<std::int64_t>(data.size());
    call.account.stats.records += records;
    if (auto refusal = refusalOfRecords(call, *body))
        return *refusal;
    if (const auto untilFree = takeFromWindows(call, records))
        return refuseThrottled(call, *untilFree);
    for (const Json& event : data)
        accept(call,
            { .id = memberText(event, "event_id"),
                .name = memberText(event, "event"),
                .eventTime = memberText(event, "event_time") });
    return codeReply(0, "OK", number);
}

http::ServerResponse TiktokModel::unavailable(Call& call) const
{
    const std::int64_t number = call.account.stats.requests;
    if (number % 4 != 0)
        return codeReply(number % 2 == 0 ? 51'010 : 50'000, "Internal service error", number);
    http::ServerResponse reply; // the gateway in front of it
    reply.status = 502;
    reply.contentType = "text/html";
    reply.body = "<html><body>502 Bad Gateway</body></html>";
    return reply;
}

http::ServerResponse TiktokModel::unauthorized(Call& call) const
{
    return codeReply(40'102, "Access token has expired", call.account.stats.requests);
}

// It names no delay.
http::ServerResponse TiktokModel::throttled(Call& call, Millis) const
{
    const std::int64_t number = call.account.stats.requests;
    const bool isOther = call.mishap.isThrottled && number % 3 == 0;
    return isOther ? codeReply(40'100, "Too many requests", number, 429)
                   : codeReply(40'100, "Requests made too frequently", number);
}

http::ServerResponse TiktokModel::scripted(Call& call, const ScriptedAnswer& answer) const
{
    const bool isGateway = answer.code.empty() && answer.status >= 300;
    if (isGateway) // which knows no codes
        return jsonReply(
            answer.status, Json::object({ { "message", Json::string(answer.message) } }));
    return codeReply(numberIn(answer.code), answer.message, call.account.stats.requests,
        answer.status == 0 ? 200 : answer.status);
}

} // namespace engine::simulator

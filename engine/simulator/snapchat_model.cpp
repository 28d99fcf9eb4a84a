#include "simulator/snapchat_model.h"

#include "simulator/event_rules.h"
#include "simulator/snapchat_rules.h"

#include <algorithm>

namespace engine::simulator {
namespace {

constexpr std::size_t kEventsMax = 2'000;

struct Target {
    std::string_view account {};
    bool isValidation { false };
};

// "/v3/abc-1/events", with or without the version, and "/validate" behind it.
std::optional<Target> targetOf(std::string_view path)
{
    constexpr std::string_view kVersion = "/v3/";
    constexpr std::string_view kValidate = "/validate";
    constexpr std::string_view kTail = "/events";
    Target target { .isValidation = path.ends_with(kValidate) };
    if (target.isValidation)
        path.remove_suffix(kValidate.size());
    if (path.starts_with(kVersion))
        path.remove_prefix(kVersion.size() - 1);
    if (!path.starts_with('/') || !path.ends_with(kTail))
        return std::nullopt;
    path.remove_suffix(kTail.size());
    path.remove_prefix(std::min<std::size_t>(path.size(), 1));
    const bool isId = path.size() >= 8 && std::all_of(path.begin(), path.end(), [](char c) {
        return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
            || (c >= 'A' && c <= 'Z');
    });
    if (!isId)
        return std::nullopt;
    target.account = path;
    return target;
}

http::ServerResponse reply(int status, std::string_view said, std::string_view reason)
{
    Json body = Json::object();
    body.set("status", Json::string(std::string(said)));
    body.set("reason", Json::string(std::string(reason)));
    return jsonReply(status, body);
}

Json errorRecord(std::int64_t index, std::string_view reason)
{
    Json record = Json::object();
    record.set("reason", Json::string(std::string(reason)));
    record.set("record_indexes", Json::array({ Json::number(index) }));
    return record;
}

http::ServerResponse refusal(int status, Json errors)
{
    Json body = Json::object();
    body.set("status", Json::string("INVALID"));
    body.set("reason", Json::string("Some events are invalid."));
    if (!errors.items().empty())
        body.set("error_records", std::move(errors));
    return jsonReply(status, body);
}

} // namespace

bool isSnapchatPath(std::string_view path)
{
    return path.starts_with("/v3/") && targetOf(path).has_value();
}

std::string SnapchatModel::accountOf(const http::ServerRequest&, std::string_view path) const
{
    const auto target = targetOf(path);
    return target ? std::string(target->account) : std::string("?");
}

bool SnapchatModel::isAuthorized(const Call& call) const
{
    std::string token = call.request.query("access_token").value_or("");
    if (token.empty())
        token = bearerOf(call.request.header("Authorization"));
    return !token.empty() && (options().secret.empty() || token == options().secret);
}

http::ServerResponse SnapchatModel::process(Call& call)
{
    const auto target = targetOf(call.path);
    if (!target || call.request.method != "POST") {
        violation(call, "no such path: " + std::string(call.path));
        return reply(404, "INVALID", "not found");
    }
    if (!isAuthorized(call)) {
        ++call.account.stats.unauthorized;
        return unauthorized(call);
    }
    if (!isKnownAccount(target->account)) {
        violation(call, "no such pixel: " + std::string(target->account));
        return reply(403, "INVALID", "the token is not for this pixel");
    }
    const auto body = parseJson(call.request.body);
    const Json* const data = body ? body->find("data") : nullptr;
    if (data == nullptr || !data->isArray() || data->items().empty()) {
        violation(call, body ? "data must hold events" : body.error().message);
        return reply(400, "INVALID", "missing required fields: data");
    }
    if (data->items().size() > kEventsMax) {
        violation(call, "more than 2,000 events in a request");
        return reply(400, "INVALID", "a request may hold 2000 events");
    }
    if (const auto stranger = strangerIn(*body, { "data" })) {
        violation(call, *stranger + " is unknown");
        return reply(400, "INVALID", *stranger + " is unknown");
    }
    if (const auto untilFree
        = takeFromWindows(call, static_cast<std::int64_t>(data->items().size())))
        return refuseThrottled(call, *untilFree);
    return take(call, *data);
}

// An event that breaks a rule costs its neighbours: nothing of the request is taken. What the
// scenario refuses comes in each of the three forms that callers meet: taken but for the named
// ones, refused with their places, refused without a word about them.
http::ServerResponse SnapchatModel::take(Call& call, const Json& data) const
{
    const auto records = static_cast<std::int64_t>(data.items().size());
    call.account.stats.records += records;
    Json broken = Json::array();
    for (std::int64_t i = 0; i < records; ++i) {
        const Json& event = data.items()[static_cast<std::size_t>(i)];
        if (const auto rule = checkSnapchatEvent(event, call.now.wall)) {
            violation(call, *rule);
            broken.push(errorRecord(i, *rule));
        }
    }
    if (!broken.items().empty())
        return refusal(400, std::move(broken));

    Json refused = Json::array();
    std::vector<bool> isRefused(data.items().size(), false);
    for (std::int64_t i = 0; i < records; ++i) {
        const auto place = static_cast<std::size_t>(i);
        const Json& event = data.items()[place];
        isRefused[place] = isRefusedByScenario(call, memberText(event, "event_id"),
            memberText(event, "event_name"), call.mishap.badPerMille);
        if (isRefused[place])
            refused.push(errorRecord(i, "missing price"));
    }
    const std::int64_t form = refused.items().empty() ? 0 : call.account.stats.requests % 3;
    if (form != 0)
        return refusal(400, form == 1 ? std::move(refused) : Json::array());
    if (!targetOf(call.path)->isValidation) {
        for (std::size_t i = 0; i < data.items().size(); ++i) {
            const Json& event = data.items()[i];
            if (!isRefused[i])
                accept(call,
                    { .id = memberText(event, "event_id"),
                        .name = memberText(event, "event_name"),
                        .eventTime = memberText(event, "event_time") });
        }
    }
    if (!refused.items().empty())
        return refusal(200, std::move(refused));
    return reply(200, "VALID", "Events have been processed successfully.");
}

http::ServerResponse SnapchatModel::unavailable(Call& call) const
{
    if (call.account.stats.requests % 3 == 0) {
        http::ServerResponse html;
        html.status = 502;
        html.contentType = "text/html";
        html.body = "<html><body>Bad gateway</body></html>";
        return html;
    }
    return reply(503, "INVALID", "service unavailable");
}

http::ServerResponse SnapchatModel::unauthorized(Call&) const
{
    return reply(401, "INVALID", "the access token is not valid");
}

http::ServerResponse SnapchatModel::throttled(Call&, Millis) const
{
    return reply(429, "INVALID", "too many requests"); // never a word about when
}

http::ServerResponse SnapchatModel::scripted(Call&, const ScriptedAnswer& answer) const
{
    const int status = answer.status == 0 ? 400 : answer.status;
    if (answer.code == "error_records")
        return refusal(status, Json::array({ errorRecord(0, answer.message) }));
    return reply(
        status, answer.code.empty() ? std::string("INVALID") : answer.code, answer.message);
}

} // namespace engine::simulator

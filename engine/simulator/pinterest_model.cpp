#include "simulator/pinterest_model.h"

#include "simulator/event_rules.h"
#include "simulator/pinterest_rules.h"

#include <array>

namespace engine::simulator {
namespace {

constexpr std::size_t kEventsMax = 1'000;
constexpr std::int64_t kInvalid = 4'196;
constexpr std::int64_t kUnauthorized = 2;
constexpr std::int64_t kForbidden = 29;
constexpr std::int64_t kThrottled = 8;
constexpr std::int64_t kRampedDown = 4'197;

// "/v5/ad_accounts/123/events" and "/ad_accounts/123/events" → "123".
std::optional<std::string_view> adAccountOf(std::string_view path)
{
    constexpr std::string_view kHead = "/ad_accounts/";
    constexpr std::string_view kTail = "/events";
    if (path.starts_with("/v5/"))
        path.remove_prefix(3);
    if (!path.starts_with(kHead) || !path.ends_with(kTail)
        || path.size() <= kHead.size() + kTail.size())
        return std::nullopt;
    path.remove_prefix(kHead.size());
    path.remove_suffix(kTail.size());
    const bool isNumber = path.find_first_not_of("0123456789") == std::string_view::npos;
    return isNumber ? std::optional(path) : std::nullopt;
}

http::ServerResponse errorReply(int status, std::int64_t code, std::string_view message)
{
    Json body = Json::object();
    body.set("code", Json::number(code));
    body.set("message", Json::string(std::string(message)));
    return jsonReply(status, body);
}

Json rowFor(const std::optional<std::string>& refusal)
{
    Json row = Json::object();
    row.set("status", Json::string(refusal ? "failed" : "processed"));
    row.set("error_message", refusal ? Json::string(*refusal) : Json {});
    row.set("warning_message", Json {});
    return row;
}

// The headers in the form that callers meet: what binds just now, then the windows it is chosen
// from.
void addQuotaHeaders(
    http::ServerResponse& reply, std::span<StrictWindow* const> windows, Moment now)
{
    for (StrictWindow* const first : windows) {
        StrictWindow& window = *first;
        const std::int64_t amount = window.rule().amount;
        const SteadyTime clock = now.clockOf(window.rule());
        const std::int64_t seconds = std::chrono::ceil<Seconds>(window.rule().period).count();
        const auto reset
            = std::chrono::ceil<Seconds>(window.untilFits(amount, amount, clock)).count();
        reply.headers.emplace_back("x-ratelimit-limit",
            std::to_string(amount) + ", 100;w=1;name=\"safety_net_app_id_user_id\", "
                + std::to_string(amount) + ";w=" + std::to_string(seconds)
                + ";name=\"ad_account_id\"");
        reply.headers.emplace_back("x-ratelimit-remaining",
            std::to_string(std::max<std::int64_t>(amount - window.used(clock), 0)));
        reply.headers.emplace_back("x-ratelimit-reset", std::to_string(reset));
        return; // one quota is all that the headers can tell
    }
}

struct CodeStatus {
    std::int64_t code { 0 };
    int status { 0 };
};
constexpr std::array<CodeStatus, 6> kUsualStatus { { { kUnauthorized, 401 }, { 3, 401 },
    { kThrottled, 429 }, { kForbidden, 403 }, { kInvalid, 400 }, { kRampedDown, 503 } } };

} // namespace

bool isPinterestPath(std::string_view path) { return adAccountOf(path).has_value(); }

std::string PinterestModel::accountOf(const http::ServerRequest&, std::string_view path) const
{
    return std::string(adAccountOf(path).value_or("?"));
}

http::ServerResponse PinterestModel::process(Call& call)
{
    const auto account = adAccountOf(call.path);
    if (!account || call.request.method != "POST") {
        violation(call, "no such path: " + std::string(call.path));
        return errorReply(404, 0, "API endpoint not found");
    }
    const std::string token = bearerOf(call.request.header("Authorization"));
    if (token.empty() || (!options().secret.empty() && token != options().secret)) {
        ++call.account.stats.unauthorized;
        return unauthorized(call);
    }
    if (!isKnownAccount(*account)) {
        violation(call, "no such ad account: " + std::string(*account));
        return errorReply(403, kForbidden, "You are not permitted to access that resource.");
    }
    const auto body = parseJson(call.request.body);
    const Json* const data = body ? body->find("data") : nullptr;
    const bool isList = data != nullptr && data->isArray() && !data->items().empty();
    if (!isList || data->items().size() > kEventsMax) {
        violation(call, body ? "data must hold 1 to 1,000 events" : body.error().message);
        return errorReply(400, kInvalid, "The request is malformed: data");
    }
    if (const auto stranger = strangerIn(*body, { "data" })) {
        violation(call, *stranger + " is unknown");
        return errorReply(400, kInvalid, "The request is malformed: " + *stranger);
    }
    if (const auto untilFree
        = takeFromWindows(call, static_cast<std::int64_t>(data->items().size())))
        return refuseThrottled(call, *untilFree);
    return take(call, *data);
}

std::optional<std::string> PinterestModel::refusalOf(Call& call, const Json& event) const
{
    if (auto broken = checkPinterestEvent(event, call.now.wall)) {
        violation(call, *broken);
        return broken;
    }
    // A purchase is called checkout here.
    const std::string name = memberText(event, "event_name");
    if (isRefusedByScenario(call, memberText(event, "event_id"),
            name == "checkout" ? std::string("purchase") : name, call.mishap.badPerMille))
        return "custom_data.value is not acceptable";
    return std::nullopt;
}

http::ServerResponse PinterestModel::take(Call& call, const Json& data) const
{
    const bool isTest = call.request.query("test") == "true";
    const auto records = static_cast<std::int64_t>(data.items().size());
    call.account.stats.records += records;
    Json rows = Json::array();
    std::int64_t processed = 0;
    for (const Json& event : data.items()) {
        const auto refusal = refusalOf(call, event);
        rows.push(rowFor(refusal));
        if (refusal)
            continue;
        ++processed;
        if (!isTest)
            accept(call,
                { .id = memberText(event, "event_id"),
                    .name = memberText(event, "event_name"),
                    .eventTime = memberText(event, "event_time") });
    }
    Json result = Json::object();
    result.set("num_events_received", Json::number(records));
    result.set("num_events_processed", Json::number(processed));
    result.set("events", std::move(rows));
    http::ServerResponse reply;
    if (processed == records) {
        reply = jsonReply(200, result);
    } else {
        Json error = Json::object();
        error.set("code", Json::number(kInvalid));
        error.set("message", Json::string("Some events were not processed"));
        error.set("details", std::move(result));
        reply = jsonReply(422, error);
    }
    addQuotaHeaders(reply, call.windows, call.now);
    return reply;
}

http::ServerResponse PinterestModel::unavailable(Call& call) const
{
    const std::int64_t number = call.account.stats.requests;
    if (number % 4 == 0) { // what stands in front of the platform answers in its own language
        http::ServerResponse reply;
        reply.status = 502;
        reply.contentType = "text/html";
        reply.body = "<html><body>Bad gateway</body></html>";
        return reply;
    }
    if (number % 2 == 0)
        return errorReply(500, 11, "Something went wrong on our end. Sorry about that.");
    return errorReply(503, kRampedDown, "The endpoint has been ramped down");
}

http::ServerResponse PinterestModel::unauthorized(Call&) const
{
    return errorReply(401, kUnauthorized, "Authentication failed.");
}

http::ServerResponse PinterestModel::throttled(Call& call, Millis untilFree) const
{
    http::ServerResponse reply
        = errorReply(429, kThrottled, "This request exceeded a rate limit. Please retry later.");
    addQuotaHeaders(reply, call.windows, call.now);
    std::erase_if(reply.headers, [](const auto& header) {
        return header.first == "x-ratelimit-remaining" || header.first == "x-ratelimit-reset";
    });
    const auto seconds = std::chrono::ceil<Seconds>(untilFree).count();
    reply.headers.emplace_back("x-ratelimit-remaining", "0");
    reply.headers.emplace_back(
        "x-ratelimit-reset", std::to_string(std::max<std::int64_t>(seconds, 1)));
    return reply;
}

http::ServerResponse PinterestModel::scripted(Call& call, const ScriptedAnswer& answer) const
{
    if (answer.code == "failed") {
        const auto body = parseJson(call.request.body);
        const Json* const data = body ? body->find("data") : nullptr;
        Json rows = Json::array();
        for (std::size_t i = 0; data != nullptr && i < data->items().size(); ++i)
            rows.push(rowFor(i == 0 ? std::optional(answer.message) : std::nullopt));
        const Json events = Json::object({ { "events", std::move(rows) } });
        if (answer.status == 200)
            return jsonReply(200, events);
        return jsonReply(422, Json::object({ { "details", events } }));
    }
    const std::int64_t code = numberIn(answer.code);
    int status = answer.status;
    for (const CodeStatus& usual : kUsualStatus) {
        if (status == 0 && usual.code == code)
            status = usual.status;
    }
    return errorReply(status == 0 ? 400 : status, code, answer.message);
}

} // namespace engine::simulator

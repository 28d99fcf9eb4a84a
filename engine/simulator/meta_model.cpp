#include "simulator/meta_model.h"

#include "simulator/event_rules.h"
#include "simulator/meta_rules.h"

namespace engine::simulator {
namespace {

constexpr std::size_t kEventsMax = 1'000;

bool isDigits(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "/v25.0/123/events" and "/123/events" → "123".
std::optional<std::string_view> datasetOf(std::string_view path)
{
    constexpr std::string_view kTail = "/events";
    if (!path.starts_with('/') || !path.ends_with(kTail))
        return std::nullopt;
    path.remove_suffix(kTail.size());
    path.remove_prefix(std::min<std::size_t>(path.size(), 1));
    const auto slash = path.find('/');
    if (slash != std::string_view::npos) {
        std::string_view version = path.substr(0, slash);
        if (!version.starts_with('v') || version.find_first_not_of("v.0123456789") != version.npos)
            return std::nullopt;
        path.remove_prefix(slash + 1);
    }
    return isDigits(path) ? std::optional(path) : std::nullopt;
}

struct ErrorShape {
    int status { 400 };
    std::int64_t code { 0 };
    std::int64_t subcode { 0 };
    bool isTransient { false };
    std::string type { "OAuthException" };
    std::string message {};
};

http::ServerResponse errorReply(const ErrorShape& shape, std::int64_t number)
{
    Json error = Json::object();
    error.set("message", Json::string(shape.message));
    error.set("type", Json::string(shape.type));
    error.set("code", Json::number(shape.code));
    if (shape.subcode != 0)
        error.set("error_subcode", Json::number(shape.subcode));
    error.set("is_transient", Json::boolean(shape.isTransient));
    error.set("fbtrace_id", Json::string("A" + std::to_string(number)));
    Json body = Json::object();
    body.set("error", std::move(error));
    return jsonReply(shape.status, body);
}

http::ServerResponse receivedReply(std::int64_t events, std::int64_t number)
{
    Json reply = Json::object();
    reply.set("events_received", Json::number(events));
    reply.set("messages", Json::array());
    reply.set("fbtrace_id", Json::string("A" + std::to_string(number)));
    return jsonReply(200, reply);
}

// Under which status a code usually comes.
int usualStatus(std::int64_t code)
{
    if (code == 190 || code == 102)
        return 401;
    if (code == 3 || code == 4 || code == 10 || (code >= 200 && code <= 299))
        return 403;
    return code == 1 || code == 2 ? 500 : 400;
}

std::string usageHeader(std::string_view account, std::int64_t percent, std::int64_t minutes)
{
    Json use = Json::object();
    use.set("type", Json::string("ads_management"));
    use.set("call_count", Json::number(percent));
    use.set("total_cputime", Json::number(std::int64_t { 20 }));
    use.set("total_time", Json::number(std::int64_t { 20 }));
    use.set("estimated_time_to_regain_access", Json::number(minutes));
    use.set("ads_api_access_tier", Json::string("standard_access"));
    Json usage = Json::object();
    usage.set(std::string(account), Json::array()).push(std::move(use));
    return usage.dump();
}

} // namespace

bool isMetaPath(std::string_view path) { return datasetOf(path).has_value(); }

std::string MetaModel::accountOf(const http::ServerRequest&, std::string_view path) const
{
    return std::string(datasetOf(path).value_or("?"));
}

bool MetaModel::isAuthorized(Call& call, const Json& body) const
{
    std::string token = call.request.query("access_token").value_or("");
    constexpr std::string_view kBearer = "Bearer ";
    const auto header = call.request.header("Authorization");
    if (token.empty() && header && header->starts_with(kBearer))
        token = header->substr(kBearer.size());
    if (token.empty())
        token = memberText(body, "access_token");
    return !token.empty() && (options().secret.empty() || token == options().secret);
}

std::optional<http::ServerResponse> MetaModel::refusalOf(Call& call, const Json& data) const
{
    const std::int64_t number = call.account.stats.requests;
    for (const Json& event : data.items()) {
        if (const auto broken = checkMetaEvent(event, call.now.wall)) {
            violation(call, broken->message);
            return errorReply(
                { .code = 100, .subcode = broken->subcode, .message = broken->message }, number);
        }
    }
    // One bad event costs the whole request here, so a tenth of the share of others is plenty.
    for (const Json& event : data.items()) {
        if (isRefusedByScenario(call, memberText(event, "event_id"),
                memberText(event, "event_name"), call.mishap.badPerMille / 10)) {
            return errorReply({ .code = 100,
                                  .subcode = 2'804'009,
                                  .message = "Invalid parameter: custom_data.value" },
                number);
        }
    }
    return std::nullopt;
}

http::ServerResponse MetaModel::process(Call& call)
{
    const std::int64_t number = call.account.stats.requests;
    const auto dataset = datasetOf(call.path);
    if (!dataset || !isKnownAccount(*dataset) || call.request.method != "POST") {
        violation(call, "no such object: " + std::string(call.path));
        return errorReply(
            { .code = 100, .subcode = 33, .message = "Unsupported post request" }, number);
    }
    const auto body = parseJson(call.request.body);
    if (!isAuthorized(call, body.value_or(Json {}))) {
        ++call.account.stats.unauthorized;
        return unauthorized(call);
    }
    const Json* const data = body ? body->find("data") : nullptr;
    if (data == nullptr || !data->isArray() || data->items().empty()) {
        violation(call, body ? "data is missing" : body.error().message);
        return errorReply({ .code = 100, .message = "The parameter data is required" }, number);
    }
    if (const auto stranger
        = strangerIn(*body, { "data", "test_event_code", "partner_agent", "access_token" })) {
        violation(call, *stranger + " is unknown");
        return errorReply({ .code = 100, .message = "Unknown parameter " + *stranger }, number);
    }
    if (data->items().size() > kEventsMax) {
        violation(call, "more than 1,000 events in a request");
        return errorReply({ .code = 100, .message = "Too many events in data" }, number);
    }
    const auto records = static_cast<std::int64_t>(data->items().size());
    call.account.stats.records += records;
    if (auto refusal = refusalOf(call, *data))
        return *refusal;
    if (const auto untilFree = takeFromWindows(call, records))
        return refuseThrottled(call, *untilFree);
    for (const Json& event : data->items())
        accept(call,
            { .id = memberText(event, "event_id"),
                .name = memberText(event, "event_name"),
                .eventTime = memberText(event, "event_time") });
    return receivedReply(records, number);
}

http::ServerResponse MetaModel::unavailable(Call& call) const
{
    const std::int64_t number = call.account.stats.requests;
    if (number % 4 == 0) { // what stands in front of the platform answers in its own language
        http::ServerResponse reply;
        reply.status = 503;
        reply.contentType = "text/html";
        reply.body = "<html><body>Sorry, something went wrong.</body></html>";
        return reply;
    }
    return errorReply({ .status = 500,
                          .code = 2,
                          .isTransient = true,
                          .message = "Service temporarily unavailable" },
        number);
}

http::ServerResponse MetaModel::unauthorized(Call& call) const
{
    const std::int64_t number = call.account.stats.requests;
    return errorReply({ .status = number % 2 == 0 ? 400 : 401,
                          .code = 190,
                          .subcode = 463,
                          .message = "Error validating access token: session has expired" },
        number);
}

http::ServerResponse MetaModel::throttled(Call& call, Millis untilFree) const
{
    const std::int64_t number = call.account.stats.requests;
    if (call.mishap.isThrottled && number % 2 == 0)
        return errorReply({ .status = 403,
                              .code = 4,
                              .isTransient = true,
                              .message = "Application request limit reached" },
            number);
    http::ServerResponse reply
        = errorReply({ .code = 80'004,
                         .subcode = 2'446'079,
                         .message = "There have been too many calls to this ad-account" },
            number);
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(untilFree).count();
    reply.headers.emplace_back("X-Business-Use-Case-Usage",
        usageHeader(call.account.name, 100, std::max<std::int64_t>(minutes, 1)));
    return reply;
}

http::ServerResponse MetaModel::scripted(Call& call, const ScriptedAnswer& answer) const
{
    const std::string_view text = answer.code;
    const std::int64_t code = numberIn(text);
    if (answer.status == 200)
        return receivedReply(code, call.account.stats.requests);
    const auto slash = text.find('/');
    return errorReply({ .status = answer.status == 0 ? usualStatus(code) : answer.status,
                          .code = code,
                          .subcode = slash == text.npos ? 0 : numberIn(text.substr(slash + 1)),
                          .isTransient = text.ends_with("/transient"),
                          .message = answer.message },
        call.account.stats.requests);
}

} // namespace engine::simulator

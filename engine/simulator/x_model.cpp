#include "simulator/x_model.h"

#include "simulator/x_rules.h"

namespace engine::simulator {
namespace {

constexpr std::size_t kConversionsMax = 500;

std::optional<std::string_view> pixelOf(std::string_view path)
{
    constexpr std::string_view kVersion = "/12";
    constexpr std::string_view kHead = "/measurement/conversions/";
    if (path.starts_with(kVersion))
        path.remove_prefix(kVersion.size());
    if (!path.starts_with(kHead))
        return std::nullopt;
    path.remove_prefix(kHead.size());
    const bool isPixel = !path.empty()
        && path.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == path.npos;
    return isPixel ? std::optional(path) : std::nullopt;
}

struct Usual {
    std::string_view code {};
    int status { 0 };
};
constexpr Usual kStatuses[] {
    { "INVALID_PARAMETER", 400 },
    { "MISSING_PARAMETER", 400 },
    { "UNAUTHORIZED_ACCESS", 401 },
    { "UNAUTHORIZED_CLIENT_APPLICATION", 403 },
    { "NOT_FOUND", 404 },
    { "CANCELLED_REQUEST", 408 },
    { "LOCK_ACQUISITION_TIMEOUT", 423 },
    { "TOO_MANY_REQUESTS", 429 },
    { "INTERNAL_ERROR", 500 },
    { "SERVICE_UNAVAILABLE", 503 },
    { "OVER_CAPACITY", 503 },
};

int statusOf(std::string_view code)
{
    for (const Usual& row : kStatuses) {
        if (row.code == code)
            return row.status;
    }
    return 400;
}

http::ServerResponse errorReply(std::string_view code, std::string_view message, int status = 0)
{
    Json error = Json::object();
    error.set("code", Json::string(std::string(code)));
    error.set("message", Json::string(std::string(message)));
    Json body = Json::object();
    body.set("errors", Json::array({ std::move(error) }));
    body.set("request", Json::object()).set("params", Json::object());
    return jsonReply(status == 0 ? statusOf(code) : status, body);
}

// There is no vocabulary: what has a value is taken for a purchase.
std::string nameOf(const Json& conversion)
{
    return conversion.find("value") != nullptr ? "purchase" : memberText(conversion, "event_id");
}

http::ServerResponse processedReply(std::int64_t records, std::int64_t number)
{
    Json reply = Json::object();
    Json& data = reply.set("data", Json::object());
    data.set("conversions_processed", Json::number(records));
    data.set("debug_id", Json::string("debug-" + std::to_string(number)));
    return jsonReply(200, reply);
}

} // namespace

// What is left of the window and when it ends stand in every answer.
http::ServerResponse XModel::withRateHeaders(http::ServerResponse reply, Call& call) const
{
    if (call.windows.empty())
        return reply;
    StrictWindow& window = *call.windows.front();
    const WindowRule& rule = window.rule();
    const std::int64_t left = rule.amount - window.used(call.now.clockOf(rule));
    const std::int64_t period = std::chrono::floor<Seconds>(rule.period).count();
    const std::int64_t second
        = std::chrono::floor<Seconds>(call.now.wall).time_since_epoch().count();
    reply.headers.emplace_back("x-rate-limit-limit", std::to_string(rule.amount));
    reply.headers.emplace_back(
        "x-rate-limit-remaining", std::to_string(std::max<std::int64_t>(left, 0)));
    reply.headers.emplace_back(
        "x-rate-limit-reset", std::to_string((second / period + 1) * period));
    return reply;
}

std::string XModel::accountOf(const http::ServerRequest&, std::string_view path) const
{
    return std::string(pixelOf(path).value_or("?"));
}

std::optional<http::ServerResponse> XModel::refusalAtTheDoor(Call& call)
{
    const auto pixel = pixelOf(call.path);
    if (!pixel || call.request.method != "POST") {
        violation(call, "no such path: " + std::string(call.path));
        return errorReply("NOT_FOUND", "The requested resource could not be found");
    }
    const auto token = call.request.header("X-Pixel-Token");
    const bool isTokenRight
        = token && !token->empty() && (options().secret.empty() || *token == options().secret);
    const auto fault = token ? std::nullopt : m_signature.fault(call.request, call.now.wall);
    if (token ? !isTokenRight : fault.has_value()) {
        ++call.account.stats.unauthorized;
        return errorReply("UNAUTHORIZED_ACCESS",
            "This request is not properly authenticated" + (fault ? ": " + *fault : ""));
    }
    if (!isKnownAccount(*pixel)) {
        violation(call, "no such pixel");
        return errorReply("NOT_FOUND", "pixel " + std::string(*pixel) + " was not found");
    }
    return std::nullopt;
}

std::optional<http::ServerResponse> XModel::refusalOf(Call& call, const Json* conversions) const
{
    const auto refuse = [&](const XViolation& found) {
        violation(call, found.message);
        return errorReply(found.code, found.message);
    };
    if (conversions == nullptr || !conversions->isArray() || conversions->items().empty())
        return refuse({ "MISSING_PARAMETER", "conversions is required" });
    if (conversions->items().size() > kConversionsMax)
        return refuse({ "INVALID_PARAMETER", "Conversion count limit is 500" });
    for (const Json& conversion : conversions->items()) {
        if (const auto found = checkXConversion(conversion, call.now.wall))
            return refuse(*found);
    }
    // One bad conversion costs the whole request here, so a tenth of the share of others is plenty.
    // Which one it is, only a quoted value tells, and only sometimes.
    for (const Json& conversion : conversions->items()) {
        const std::string id = memberText(conversion, "conversion_id");
        if (!isRefusedByScenario(call, id, nameOf(conversion), call.mishap.badPerMille / 10))
            continue;
        const bool isQuoted = call.account.stats.requests % 2 == 0;
        return errorReply("INVALID_PARAMETER",
            isQuoted ? "conversion_id (" + id + ") is not valid" : "value is not valid");
    }
    return std::nullopt;
}

http::ServerResponse XModel::process(Call& call)
{
    const auto answered
        = [&](http::ServerResponse reply) { return withRateHeaders(std::move(reply), call); };
    if (auto refusal = refusalAtTheDoor(call))
        return answered(std::move(*refusal));
    const auto body = parseJson(call.request.body);
    const Json* const conversions = body ? body->find("conversions") : nullptr;
    const auto records
        = static_cast<std::int64_t>(conversions != nullptr ? conversions->items().size() : 0);
    call.account.stats.records += records;
    if (auto refusal = refusalOf(call, conversions))
        return answered(std::move(*refusal));
    if (const auto untilFree = takeFromWindows(call, records))
        return refuseThrottled(call, *untilFree);
    for (const Json& conversion : conversions->items())
        accept(call,
            { .id = memberText(conversion, "conversion_id"),
                .name = memberText(conversion, "event_id"),
                .eventTime = memberText(conversion, "conversion_time") });
    return answered(processedReply(records, call.account.stats.requests));
}

http::ServerResponse XModel::unavailable(Call& call) const
{
    constexpr std::string_view kCodes[] { "INTERNAL_ERROR", "OVER_CAPACITY", "CANCELLED_REQUEST",
        "LOCK_ACQUISITION_TIMEOUT", "SERVICE_UNAVAILABLE" };
    const auto number = static_cast<std::size_t>(call.account.stats.requests);
    return withRateHeaders(errorReply(kCodes[number % std::size(kCodes)], "try again later"), call);
}

http::ServerResponse XModel::unauthorized(Call& call) const
{
    return withRateHeaders(
        errorReply("UNAUTHORIZED_ACCESS", "This request is not properly authenticated"), call);
}

http::ServerResponse XModel::throttled(Call& call, Millis untilFree) const
{
    http::ServerResponse reply
        = withRateHeaders(errorReply("TOO_MANY_REQUESTS", "Too many requests"), call);
    // Throttled although there is room: the account's own counter is the one that is used up.
    if (call.mishap.isThrottled) {
        const auto reset = std::chrono::ceil<Seconds>(call.now.wall + untilFree);
        reply.headers.emplace_back("x-account-rate-limit-remaining", "0");
        reply.headers.emplace_back(
            "x-account-rate-limit-reset", std::to_string(reset.time_since_epoch().count()));
    }
    return reply;
}

http::ServerResponse XModel::scripted(Call& call, const ScriptedAnswer& answer) const
{
    if (answer.status != 200)
        return withRateHeaders(errorReply(answer.code, answer.message, answer.status), call);
    return withRateHeaders(
        processedReply(numberIn(answer.code), call.account.stats.requests), call);
}

} // namespace engine::simulator

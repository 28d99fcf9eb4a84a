#include "simulator/microsoft_model.h"

namespace engine::simulator {
namespace {

constexpr std::size_t kRecordsMax = 1'000;
constexpr std::string_view kApplyTail = "/OfflineConversions/Apply";
constexpr std::string_view kEventsTail = "/events";
constexpr std::string_view kUet = "uet"; // the way in that is counted apart
constexpr std::string_view kTokenPath = "/token";
constexpr std::string_view kScope = "https://ads.microsoft.com/msads.manage";

bool isApply(std::string_view path) { return path.ends_with(kApplyTail); }

// "/v1/123/events" → "123".
std::optional<std::string_view> tagOf(std::string_view path)
{
    if (!path.ends_with(kEventsTail))
        return std::nullopt;
    path.remove_suffix(kEventsTail.size());
    path.remove_prefix(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1);
    const bool isTag
        = !path.empty() && path.find_first_not_of("0123456789") == std::string_view::npos;
    return isTag ? std::optional(path) : std::nullopt;
}

Json errorJson(std::int64_t code, std::string_view name, std::string_view message)
{
    Json error = Json::object();
    error.set("Code", Json::number(code));
    error.set("ErrorCode", Json::string(std::string(name)));
    error.set("Message", Json::string(std::string(message)));
    error.set("Details", Json {});
    return error;
}

struct Fault {
    int status { 400 };
    std::int64_t code { 0 };
    std::string name {};
    std::string message {};
};

// The two shapes that a fault has, in turns.
http::ServerResponse faultReply(const Fault& fault, std::int64_t number)
{
    Json body = Json::object();
    body.set("TrackingId", Json::string("sim-" + std::to_string(number)));
    Json errors = Json::array({ errorJson(fault.code, fault.name, fault.message) });
    if (number % 2 == 0) {
        body.set("Type", Json::string("AdApiFaultDetail"));
        body.set("Errors", std::move(errors));
    } else {
        body.set("Type", Json::string("ApiFaultDetail"));
        body.set("BatchErrors", Json::array());
        body.set("OperationErrors", std::move(errors));
    }
    return jsonReply(fault.status, body);
}

Json partialError(std::size_t index, std::int64_t code, std::string_view name)
{
    Json error = errorJson(code, name, "The conversion was not applied.");
    error.set("Index", Json::number(static_cast<std::int64_t>(index)));
    error.set("FieldPath", Json {});
    error.set("Type", Json::string("BatchError"));
    error.set("ForwardCompatibilityMap", Json {});
    return error;
}

http::ServerResponse uetError(int status, std::string_view code, std::string_view message)
{
    Json error = Json::object();
    error.set("code", Json::string(std::string(code)));
    error.set("message", Json::string(std::string(message)));
    Json body = Json::object();
    body.set("error", std::move(error));
    body.set("traceId", Json::string("sim"));
    return jsonReply(status, body);
}

Json uetDetail(std::size_t index, const MicrosoftViolation& found)
{
    Json detail = Json::object();
    detail.set("index", Json::number(static_cast<std::int64_t>(index)));
    detail.set("propertyName", Json::string(found.field));
    detail.set("errorMessage", Json::string("The value is not valid."));
    detail.set("errorCode", Json::string(found.name));
    detail.set("isWarning", Json::boolean(false));
    return detail;
}

http::ServerResponse uetReply(int status, std::int64_t taken, Json details)
{
    Json reply = Json::object();
    reply.set("eventsReceived", Json::number(taken));
    if (!details.items().empty()) {
        Json error = Json::object();
        error.set("code", Json::string("ValidationError"));
        error.set("message", Json::string("Some events are not valid."));
        error.set("details", std::move(details));
        reply.set("error", std::move(error));
    }
    reply.set("traceId", Json::string("sim"));
    return jsonReply(status, reply);
}

std::string identityOf(const Json& conversion)
{
    std::string id = memberText(conversion, "MicrosoftClickId");
    for (const std::string_view key : { "HashedEmailAddress", "HashedPhoneNumber" }) {
        if (id.empty())
            id = memberText(conversion, key);
    }
    return id + ' ' + memberText(conversion, "ConversionTime");
}

} // namespace

MicrosoftModel::MicrosoftModel(SimulatedPlatform platform, std::size_t ledgerMax)
    : PlatformModel(std::move(platform), ledgerMax)
    , m_booth(options().secret, options().tokenLifetime,
          options().areRefreshTokensUsedUp ? TokenBooth::Refresh::UsedUp
                                           : TokenBooth::Refresh::Replaced)
{
}

std::string MicrosoftModel::accountOf(
    const http::ServerRequest& request, std::string_view path) const
{
    if (path == kTokenPath)
        return "token";
    if (const auto tag = tagOf(path))
        return std::string(*tag);
    const auto account = request.header("CustomerAccountId");
    return account && !account->empty() ? std::string(*account) : std::string("?");
}

// A request is open until its answer goes out.
bool MicrosoftModel::isTooManyOpen(const Call& call)
{
    if (options().concurrency == 0)
        return false;
    std::vector<SteadyTime>& open = m_open[call.account.name];
    std::erase_if(open, [&](SteadyTime end) { return end <= call.now.steady; });
    if (std::ssize(open) >= options().concurrency)
        return true;
    open.push_back(call.now.steady + call.mishap.delay);
    return false;
}

http::ServerResponse MicrosoftModel::process(Call& call)
{
    if (call.path == kTokenPath)
        return m_booth.exchange(call.request, kScope, call.now.steady);
    const std::int64_t number = call.account.stats.requests;
    const bool isOffline = isApply(call.path);
    if (call.request.method != "POST" || (!isOffline && !tagOf(call.path))) {
        violation(call, "no such path");
        return jsonReply(404, Json::object({ { "Message", Json::string("No such resource") } }));
    }
    if (!m_booth.isValid(call.request, call.now.steady) || !isKnownAccount(call.account.name)) {
        ++call.account.stats.unauthorized;
        return unauthorized(call);
    }
    const auto body = parseJson(call.request.body);
    if (!body || !body->isObject()) {
        violation(call, "the body is no JSON object");
        return isOffline ? faultReply({ .code = 100, .name = "NullRequest" }, number)
                         : uetError(400, "InvalidRequest", "the body is no JSON object");
    }
    return isOffline ? apply(call, *body) : takeEvents(call, *body);
}

std::optional<MicrosoftViolation> MicrosoftModel::judge(Call& call, const Json& conversion) const
{
    if (auto found = checkOfflineConversion(conversion, call.now.wall)) {
        violation(call, found->field + ": " + found->name);
        return found;
    }
    if (!isRefusedByScenario(call, identityOf(conversion), memberText(conversion, "ConversionName"),
            call.mishap.badPerMille))
        return std::nullopt;
    return MicrosoftViolation { .code = 5'604,
        .name = "OfflineConversionMicrosoftClickIdInvalid",
        .field = "MicrosoftClickId" };
}

http::ServerResponse MicrosoftModel::apply(Call& call, const Json& body)
{
    const std::int64_t number = call.account.stats.requests;
    for (const std::string_view name : { "DeveloperToken", "CustomerId", "CustomerAccountId" }) {
        if (call.request.header(name).value_or("").empty()) {
            violation(call, std::string(name) + " is missing");
            return faultReply({ .code = 116, .name = "RequestMissingHeaders" }, number);
        }
    }
    const Json* const list = body.find("OfflineConversions");
    if (list == nullptr || !list->isArray() || list->items().empty()) {
        violation(call, "OfflineConversions is missing");
        return faultReply({ .code = 5'600, .name = "OfflineConversionsNull" }, number);
    }
    if (list->items().size() > kRecordsMax) {
        violation(call, "more than 1,000 conversions in a request");
        return faultReply({ .code = 5'601, .name = "OfflineConversionsLimitExceeded" }, number);
    }
    const auto records = static_cast<std::int64_t>(list->items().size());
    call.account.stats.records += records;
    if (isTooManyOpen(call)) {
        ++call.account.stats.throttledByWindow;
        return faultReply(
            { .status = 429, .code = 207, .name = "ConcurrentRequestOverLimit" }, number);
    }
    if (const auto untilFree = takeFromWindows(call, records))
        return refuseThrottled(call, *untilFree);
    Json errors = Json::array();
    for (std::size_t i = 0; i < list->items().size(); ++i) {
        const Json& conversion = list->items()[i];
        if (const auto found = judge(call, conversion)) {
            errors.push(partialError(i, found->code, found->name));
            continue;
        }
        // A repeat is ignored without a word.
        accept(call,
            { .id = identityOf(conversion),
                .name = memberText(conversion, "ConversionName"),
                .eventTime = memberText(conversion, "ConversionTime") });
    }
    Json reply = Json::object();
    reply.set("PartialErrors", errors.items().empty() && number % 2 == 0 ? Json {} : errors);
    return jsonReply(200, reply);
}

http::ServerResponse MicrosoftModel::takeEvents(Call& call, const Json& body)
{
    const Json* const data = body.find("data");
    if (data == nullptr || !data->isArray() || data->items().empty()
        || data->items().size() > kRecordsMax) {
        violation(call, "data is missing or holds more than 1,000 events");
        return uetError(400, "InvalidRequest", "data is missing or too long");
    }
    call.account.stats.records += std::ssize(data->items());
    if (const auto untilFree = takeFromWindows(call, std::ssize(data->items()), kUet))
        return refuseThrottled(call, *untilFree);
    Json details = Json::array();
    for (std::size_t i = 0; i < data->items().size(); ++i) {
        const Json& event = data->items()[i];
        auto found = checkUetEvent(event, call.now.wall);
        if (found)
            violation(call, found->field + ": " + found->name);
        else if (isRefusedByScenario(call, memberText(event, "eventId"),
                     memberText(event, "eventName"), call.mishap.badPerMille))
            found = MicrosoftViolation { .name = "InvalidProperty", .field = "customData" };
        if (!found) {
            accept(call,
                { .id = memberText(event, "eventId"),
                    .name = memberText(event, "eventName"),
                    .eventTime = memberText(event, "eventTime") });
            continue;
        }
        details.push(uetDetail(i, *found));
    }
    const auto taken = std::int64_t { std::ssize(data->items()) - std::ssize(details.items()) };
    return uetReply(200, taken, std::move(details));
}

http::ServerResponse MicrosoftModel::unavailable(Call& call) const
{
    const std::int64_t number = call.account.stats.requests;
    if (call.path == kTokenPath)
        return TokenBooth::refusal("temporarily_unavailable");
    if (number % 4 == 0) { // what stands in front of the platform answers in its own language
        http::ServerResponse reply;
        reply.status = 503;
        reply.contentType = "text/html";
        reply.body = "<html><body>Service Unavailable</body></html>";
        return reply;
    }
    if (!isApply(call.path))
        return uetError(500, "InternalError", "Try again.");
    return faultReply({ .status = 500, .code = 0, .name = "InternalError" }, number);
}

http::ServerResponse MicrosoftModel::unauthorized(Call& call) const
{
    if (call.path == kTokenPath)
        return TokenBooth::refusal("invalid_grant");
    if (!isApply(call.path))
        return uetError(401, "Unauthorized", "The token is not valid.");
    return faultReply({ .status = 401,
                          .code = 109,
                          .name = "AuthenticationTokenExpired",
                          .message = "Authentication token expired." },
        call.account.stats.requests);
}

http::ServerResponse MicrosoftModel::throttled(Call& call, Millis) const
{
    if (!isApply(call.path))
        return uetError(429, "TooManyRequests", "Slow down.");
    return faultReply({ .status = 429,
                          .code = 117,
                          .name = "CallRateExceeded",
                          .message = "You have exceeded the number of calls allowed in a minute." },
        call.account.stats.requests);
}

http::ServerResponse MicrosoftModel::scripted(Call& call, const ScriptedAnswer& answer) const
{
    if (call.path == kTokenPath)
        return TokenBooth::refusal(answer.code.empty() ? "invalid_grant" : answer.code);
    const int status = answer.status == 0 ? 400 : answer.status;
    const auto body = parseJson(call.request.body);
    const std::int64_t code = numberIn(answer.code);
    if (!isApply(call.path)) {
        const bool isAboutOne
            = (status == 200 && code == 0) || (status == 400 && !answer.code.empty());
        if (!isAboutOne)
            return status == 200 ? uetReply(200, code, Json::array())
                                 : uetError(status, answer.code, answer.message);
        const Json* const data = body ? body->find("data") : nullptr;
        const auto sent = std::int64_t { data != nullptr ? std::ssize(data->items()) : 0 };
        return uetReply(status, status == 200 ? sent - 1 : 0,
            Json::array({ uetDetail(0, { .name = answer.code, .field = answer.message }) }));
    }
    if (answer.code.empty() && status != 200) // what stands in front of it knows no codes
        return jsonReply(status, Json::object({ { "Message", Json::string(answer.message) } }));
    if (status != 200)
        return faultReply(
            { .status = status, .code = code, .name = "Ordered", .message = answer.message },
            call.account.stats.requests);
    const Json* const list = body ? body->find("OfflineConversions") : nullptr;
    Json errors = Json::array();
    for (std::size_t i = 0; list != nullptr && i < list->items().size(); ++i)
        errors.push(partialError(i, code, "Ordered"));
    return jsonReply(200, Json::object({ { "PartialErrors", std::move(errors) } }));
}

} // namespace engine::simulator

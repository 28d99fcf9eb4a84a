#include "simulator/linkedin_model.h"

#include "simulator/event_rules.h"
#include "simulator/linkedin_rules.h"

namespace engine::simulator {
namespace {

constexpr std::size_t kElementsMax = 5'000;
constexpr std::string_view kTokenPath = "/token";

struct ErrorShape {
    int status { 400 };
    std::string message {};
    std::string serviceCode {}; // a number
    std::string code {};
};

http::ServerResponse errorReply(const ErrorShape& shape)
{
    Json body = Json::object();
    body.set("message", Json::string(shape.message));
    if (!shape.serviceCode.empty())
        body.set("serviceErrorCode", Json::number(shape.serviceCode));
    if (!shape.code.empty())
        body.set("code", Json::string(shape.code));
    body.set("status", Json::number(std::int64_t { shape.status }));
    return jsonReply(shape.status, body);
}

std::string headerOf(const http::ServerRequest& request, std::string_view name)
{
    return std::string(request.header(name).value_or(""));
}

// "Index: 3, ERROR :: /a :: missing\nERROR :: /b :: …\n"
std::string indexText(std::size_t index, const std::vector<std::string>& errors)
{
    std::string text = "Index: " + std::to_string(index) + ", ";
    for (const std::string& error : errors)
        text += "ERROR :: " + error + '\n';
    return text;
}

// {"status":201}, or with what was wrong beside another status.
Json elementJson(std::int64_t status, const std::string& message)
{
    Json element = Json::object({ { "status", Json::number(status) } });
    if (status != 201)
        element.set("error", Json::object({ { "message", Json::string(message) } }));
    return element;
}

// There is no vocabulary: what has a value is taken for a purchase.
std::string nameOf(const Json& element)
{
    return element.find("conversionValue") != nullptr ? "purchase"
                                                      : memberText(element, "conversion");
}

} // namespace

LinkedinModel::LinkedinModel(SimulatedPlatform platform, std::size_t ledgerMax)
    : PlatformModel(std::move(platform), ledgerMax)
    , m_booth(options().secret, options().tokenLifetime,
          options().areRefreshTokensUsedUp ? TokenBooth::Refresh::UsedUp
                                           : TokenBooth::Refresh::Stays)
{
}

std::string LinkedinModel::accountOf(
    const http::ServerRequest& request, std::string_view path) const
{
    if (path == kTokenPath)
        return "token";
    return credentialOf(request);
}

std::optional<http::ServerResponse> LinkedinModel::refusalAtTheDoor(Call& call) const
{
    const auto refuse = [&](int status, std::string message) {
        violation(call, message);
        return errorReply({ .status = status, .message = std::move(message) });
    };
    if (!call.path.ends_with("/conversionEvents"))
        return refuse(404, "No virtual resource found");
    if (call.request.method != "POST")
        return refuse(405, "the method must be POST");
    const std::string version = headerOf(call.request, "LinkedIn-Version");
    if (version.size() != 6 || version.find_first_not_of("0123456789") != version.npos)
        return refuse(400, "A version must be present");
    // Versions live for about a year.
    if (version < "202511")
        return errorReply({ .status = 426,
            .message = "Requested version " + version + " is not active",
            .code = "NONEXISTENT_VERSION" });
    if (headerOf(call.request, "X-Restli-Protocol-Version") != "2.0.0")
        return refuse(400, "X-Restli-Protocol-Version must be 2.0.0");
    if (headerOf(call.request, "X-RestLi-Method") != "BATCH_CREATE")
        return refuse(400, "X-RestLi-Method must be BATCH_CREATE");
    return std::nullopt;
}

std::optional<http::ServerResponse> LinkedinModel::refusalOf(
    Call& call, const std::vector<Json>& elements) const
{
    std::string message;
    std::string wrongRules;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const auto errors = checkLinkedinConversion(elements[i], call.now.wall);
        if (!errors.empty()) {
            violation(call, errors.front());
            message += indexText(i, errors);
        } else if (isRefusedByScenario(call, memberText(elements[i], "eventId"),
                       nameOf(elements[i]), call.mishap.badPerMille)) {
            message += indexText(i, { "/conversionValue/amount :: is not accepted" });
        }
        if (!isKnownAccount(memberText(elements[i], "conversion")))
            wrongRules += (wrongRules.empty() ? "" : ", ") + std::to_string(i);
    }
    if (!message.empty())
        return errorReply({ .status = 422, .message = std::move(message) });
    if (wrongRules.empty())
        return std::nullopt;
    violation(call, "a conversion rule that is not for this API");
    return errorReply({ .status = 400,
        .message = "Incorrect conversions information provided. Conversion's method should be "
                   "CONVERSIONS_API, indices ["
            + wrongRules + "] (0-indexed)" });
}

http::ServerResponse LinkedinModel::process(Call& call)
{
    if (call.path == kTokenPath)
        return m_booth.exchange(call.request, {}, call.now.steady);
    if (!m_booth.isValid(call.request, call.now.steady)) {
        const std::string token = bearerOf(call.request.header("Authorization"));
        ++call.account.stats.unauthorized;
        return errorReply({ .status = 401,
            .message = token.empty() ? "Empty oauth2 access token" : "Invalid access token",
            .serviceCode = "65600",
            .code = token.empty() ? "EMPTY_ACCESS_TOKEN" : "INVALID_ACCESS_TOKEN" });
    }
    if (auto refusal = refusalAtTheDoor(call))
        return *refusal;
    const auto body = parseJson(call.request.body);
    const Json* const elements = body ? body->find("elements") : nullptr;
    if (elements == nullptr || !elements->isArray() || elements->items().empty()) {
        violation(call, "elements is missing");
        return errorReply({ .status = 400, .message = "elements is required" });
    }
    if (elements->items().size() > kElementsMax) {
        violation(call, "more than 5,000 elements in a request");
        return errorReply({ .status = 413, .message = "Too many elements" });
    }
    const auto records = static_cast<std::int64_t>(elements->items().size());
    call.account.stats.records += records;
    if (auto refusal = refusalOf(call, elements->items()))
        return *refusal;
    if (const auto untilFree = takeFromWindows(call, records))
        return refuseThrottled(call, *untilFree);
    Json results = Json::array();
    for (const Json& element : elements->items()) {
        accept(call,
            { .id = memberText(element, "eventId"),
                .name = memberText(element, "conversion"),
                .eventTime = memberText(element, "conversionHappenedAt") });
        results.push(elementJson(201, {}));
    }
    return jsonReply(200, Json::object({ { "elements", std::move(results) } }));
}

http::ServerResponse LinkedinModel::unavailable(Call& call) const
{
    if (call.path == kTokenPath)
        return TokenBooth::refusal("temporarily_unavailable");
    constexpr int kStatuses[] { 500, 502, 503, 504 };
    const auto number = static_cast<std::size_t>(call.account.stats.requests);
    return errorReply(
        { .status = kStatuses[number % std::size(kStatuses)], .message = "Internal Server Error" });
}

http::ServerResponse LinkedinModel::unauthorized(Call& call) const
{
    if (call.path == kTokenPath)
        return TokenBooth::refusal("invalid_grant");
    const bool isRevoked = call.account.stats.requests % 2 == 0;
    return errorReply({ .status = 401,
        .message = isRevoked ? "The token has been revoked by the user"
                             : "The token used in the request has expired",
        .serviceCode = isRevoked ? "65601" : "65600",
        .code = isRevoked ? "REVOKED_ACCESS_TOKEN" : "INVALID_ACCESS_TOKEN" });
}

// It names no delay, in no header.
http::ServerResponse LinkedinModel::throttled(Call&, Millis) const
{
    return errorReply({ .status = 429,
        .message = "Resource level throttle limit for calls to this resource is reached.",
        .code = "TOO_MANY_REQUESTS" });
}

http::ServerResponse LinkedinModel::scripted(Call& call, const ScriptedAnswer& answer) const
{
    if (call.path == kTokenPath)
        return TokenBooth::refusal(answer.code.empty() ? "invalid_grant" : answer.code);
    if (answer.status == 201)
        return { .status = 201 };
    if (answer.status == 200) {
        const auto body = parseJson(call.request.body);
        const Json* const elements = body ? body->find("elements") : nullptr;
        const std::int64_t status = numberIn(answer.code);
        Json results = Json::array();
        for (std::size_t i = 0; status != 0 && elements && i < elements->items().size(); ++i)
            results.push(elementJson(i == 0 ? status : 201, answer.message));
        return jsonReply(200, Json::object({ { "elements", std::move(results) } }));
    }
    const bool isNumber
        = !answer.code.empty() && answer.code.find_first_not_of("0123456789") == std::string::npos;
    return errorReply({ .status = answer.status == 0 ? 400 : answer.status,
        .message = answer.message,
        .serviceCode = isNumber ? answer.code : "",
        .code = isNumber ? "" : answer.code });
}

} // namespace engine::simulator

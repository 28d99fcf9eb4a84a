#include "platforms/microsoft.h"

#include "platforms/event_names.h"
#include "platforms/microsoft_answers.h"
#include "platforms/microsoft_payload.h"
#include "platforms/oauth.h"
#include "platforms/option_checks.h"
#include "platforms/requests.h"

#include <algorithm>

namespace engine::platforms {
namespace {

constexpr std::string_view kApplyPath = "/CampaignManagement/v13/OfflineConversions/Apply";
constexpr std::string_view kScope = "https://ads.microsoft.com/msads.manage offline_access";

bool isUet(const DestinationConfig& destination) { return optionOf(destination, "api") == "uet"; }

bool isDigits(std::string_view text)
{
    return !text.empty() && text.size() <= 20
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<HttpRequest> offlineRequest(
    std::span<const Record> records, const EncodeContext& context, const Secrets& secrets)
{
    auto developerToken = secretValue(secrets, "developer_token");
    if (!developerToken)
        return tl::unexpected<Error>(developerToken.error());
    const std::string customer = optionOf(*context.destination, "customer_id");
    if (!isDigits(customer))
        return fail(ErrorCode::BadRequest, "the option is missing or is no number", "customer_id");
    HttpRequest request
        = jsonRequest(context, "POST", context.destination->endpoint + std::string(kApplyPath));
    request.headers.emplace_back("DeveloperToken", std::move(*developerToken));
    request.headers.emplace_back("CustomerId", customer);
    request.headers.emplace_back("CustomerAccountId", context.account);
    request.body = joinedBodies(records, R"({"OfflineConversions":[)", "]}");
    return request;
}

HttpRequest uetRequest(std::span<const Record> records, const EncodeContext& context)
{
    HttpRequest request = jsonRequest(context, "POST",
        context.destination->endpoint + '/' + percentEncoded(context.account) + "/events");
    Json tail = Json::object();
    // Otherwise one bad event would cost all others.
    tail.set("continueOnValidationError", Json::boolean(true));
    tail.set(
        "dataProvider", Json::string(optionOf(*context.destination, "data_provider", "spillway")));
    request.body = joinedBodies(records, R"({"data":[)", "]," + tail.dump().substr(1));
    return request;
}

} // namespace

std::vector<OptionProblem> MicrosoftAdapter::checkOptions(
    const DestinationConfig& destination) const
{
    OptionChecks checks(destination);
    if (!isUet(destination)) {
        checks.need("customer_id", "the number of the manager account");
        checks.is("customer_id", isDigits, "the number of the manager account");
        checks.isDuration("goal_age");
        checks.isAddress("token_endpoint");
    }
    return checks.take();
}

NameRule MicrosoftAdapter::nameRule(const DestinationConfig& destination) const
{
    return isUet(destination) ? NameRule::Any : NameRule::Mapped;
}

std::optional<NotForPlatform> MicrosoftAdapter::unroutable(
    const CanonicalEvent& event, const DestinationConfig& destination) const
{
    if (auto reason = notForAdvertising(event))
        return reason;
    if (!isUet(destination) && configuredName(event, destination).empty())
        return NotForPlatform { .reason = "no_mapping" };
    const bool isKnown = isUet(destination) ? hasUetIdentifier(event) : hasOfflineIdentifier(event);
    if (!isKnown)
        return NotForPlatform { .reason = "no_identifier" };
    return std::nullopt;
}

bool MicrosoftAdapter::isAccountValid(std::string_view account) const { return isDigits(account); }

Encoded MicrosoftAdapter::encode(const CanonicalEvent& event, const EncodeContext& context) const
{
    const DestinationConfig& destination = *context.destination;
    return encodedWithin(event, acceptedAge(event, destination), context, [&](Fields& fields) {
        if (isUet(destination))
            return Record { .body = uetEvent(event, context, fields).dump(), .batchKey = "uet" };
        const Json payload = offlineConversion(event, context, fields);
        // By click, time and goal: what has no click could count once more (platforms.md 5).
        return Record { .body = payload.dump(),
            .batchKey = "offline",
            .hasDedupKey = payload.find("MicrosoftClickId") != nullptr };
    });
}

Result<HttpRequest> MicrosoftAdapter::request(
    std::span<const Record> records, const EncodeContext& context, const Secrets& secrets) const
{
    auto authorization = bearerAuthorization(secrets);
    if (!authorization)
        return tl::unexpected<Error>(authorization.error());
    Result<HttpRequest> request = isUet(*context.destination)
        ? Result<HttpRequest>(uetRequest(records, context))
        : offlineRequest(records, context, secrets);
    if (request)
        request->headers.emplace_back("Authorization", std::move(*authorization));
    return request;
}

Decoded MicrosoftAdapter::decode(
    const HttpAnswer& answer, std::span<const Record> records, const EncodeContext& context) const
{
    if (isUet(*context.destination))
        return decodeUetAnswer(answer, records.size(), context.now);
    Decoded decoded = decodeOfflineAnswer(answer, records.size(), context.now);
    // How old a goal must be is the platform's number, so it is an option.
    if (const auto age = parseDuration(optionOf(*context.destination, "goal_age"))) {
        for (RecordOutcome& record : decoded.records) {
            if (record.retryAfter && record.outcome == Outcome::Transient)
                record.retryAfter = *age;
        }
    }
    return decoded;
}

std::optional<Result<HttpRequest>> MicrosoftAdapter::tokenRequest(
    const DestinationConfig& destination, const Secrets& secrets) const
{
    if (isUet(destination))
        return std::nullopt;
    const std::string endpoint = "https://login.microsoftonline.com/"
        + percentEncoded(optionOf(destination, "tenant", "common")) + "/oauth2/v2.0/token";
    return refreshTokenRequest(
        { .endpoint = endpoint, .scope = kScope, .isSecretOptional = true }, destination, secrets);
}

LiveCheck MicrosoftAdapter::liveCheck(const DestinationConfig&) const
{
    return { .kind = LiveCheck::Kind::None,
        .note = "Microsoft has no form that is checked and not counted; try a sandbox account with "
                "the endpoint https://campaign.api.sandbox.bingads.microsoft.com" };
}

} // namespace engine::platforms

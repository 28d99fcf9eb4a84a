#include "platforms/google.h"

#include "platforms/event_names.h"
#include "platforms/google_errors.h"
#include "platforms/google_payload.h"
#include "platforms/oauth.h"
#include "platforms/option_checks.h"
#include "platforms/requests.h"

#include <algorithm>

namespace engine::platforms {
namespace {

constexpr std::string_view kConversions = "conversions";
constexpr std::string_view kEvents = "events";

bool isDataManager(const DestinationConfig& destination)
{
    return optionOf(destination, "api") == "data_manager";
}

// "123-456-7890" as people write a customer id.
std::string withoutDashes(std::string text)
{
    std::erase(text, '-');
    return text;
}

// Clicks are matched some hours after they happened; before that the platform refuses them.
std::optional<Encoded> outsideClickTime(const CanonicalEvent& event, const EncodeContext& context)
{
    constexpr Millis kMinAge { std::chrono::hours { 6 } };
    const Json* const clicked = event.json.at("click.time_us");
    const auto micros = clicked != nullptr ? clicked->asInt() : std::nullopt;
    if (!micros || !hasGoogleClick(event))
        return std::nullopt;
    const WallTime clickTime = fromUnixMicros(*micros);
    if (event.stored->eventTime < clickTime)
        return Refusal { .field = "event_time", .reason = "lies before click.time_us" };
    const Millis minAge
        = parseDuration(optionOf(*context.destination, "min_click_age")).value_or(kMinAge);
    if (clickTime + minAge <= context.now)
        return std::nullopt;
    return TooRecent { .until = clickTime + minAge,
        .reason = "the click is younger than " + toDurationText(minAge) };
}

// A row is known by its own errors, else by the result that stands for it, else by what was said
// about the request.
RecordOutcome rowOutcome(std::size_t index, const std::vector<GoogleError>& errors,
    const std::vector<Json>& results, bool isLiveCheck)
{
    const GoogleError* own = nullptr;
    const GoogleError* general = nullptr;
    for (const GoogleError& error : errors) {
        const GoogleError*& kept = error.index ? own : general;
        if (error.index && *error.index != index)
            continue;
        const bool isGraver = kept == nullptr
            || graver(kept->outcome.outcome, error.outcome.outcome) != kept->outcome.outcome;
        if (isGraver)
            kept = &error;
    }
    if (own != nullptr)
        return own->outcome;
    const bool isTaken = index < results.size() && !results[index].members().empty();
    if (isTaken || (isLiveCheck && general == nullptr))
        return {};
    if (general != nullptr)
        return general->outcome;
    return { .outcome = Outcome::Unknown,
        .code = "no_result",
        .message = "the answer holds neither a result nor an error for this conversion",
        .form = ErrorForm::InBody };
}

Decoded decodeUpload(const Json& json, std::size_t records, bool isLiveCheck)
{
    const Json* const failure = json.find("partialFailureError");
    const std::vector<GoogleError> errors = failure != nullptr
        ? readGoogleErrors(*failure, kConversions, records)
        : std::vector<GoogleError> {};
    const Json* const resultList = json.find("results");
    const std::vector<Json> results
        = resultList != nullptr ? resultList->items() : std::vector<Json> {};
    std::vector<RecordOutcome> rows;
    rows.reserve(records);
    for (std::size_t i = 0; i < records; ++i)
        rows.push_back(rowOutcome(i, errors, results, isLiveCheck));
    return decodedRows(std::move(rows));
}

Json productAccount(const std::string& account)
{
    return Json::object(
        { { "accountType", Json::string("GOOGLE_ADS") }, { "accountId", Json::string(account) } });
}

// Marks the uploads of this destination in the platform's own diagnostics.
Result<std::string> uploadTail(const EncodeContext& context)
{
    constexpr std::int64_t kJobsMax = INT32_MAX;
    std::string tail = R"(],"partialFailure":true,"validateOnly":)";
    tail += context.isLiveCheck ? "true" : "false";
    const std::string job = optionOf(*context.destination, "job_id");
    if (job.empty())
        return tail + '}';
    const auto number = Json::number(job).asInt();
    if (!number || *number < 0 || *number > kJobsMax)
        return fail(
            ErrorCode::BadRequest, "job_id must be a whole number below 2147483648", "job_id");
    return tail + R"(,"jobId":)" + std::to_string(*number) + '}';
}

// All events of a request go to one conversion action, which stands once above them.
std::string dataManagerBody(std::span<const Record> records, const EncodeContext& context)
{
    Json target = Json::object();
    target.set("operatingAccount", productAccount(context.account));
    const std::string login = withoutDashes(optionOf(*context.destination, "login_customer_id"));
    if (!login.empty())
        target.set("loginAccount", productAccount(login));
    if (!records.empty())
        setText(target, "productDestinationId", routeOf(records.front(), "action"));
    Json head = Json::object();
    head.set("destinations", Json::array({ std::move(target) }));
    head.set("encoding", Json::string("HEX"));
    head.set("validateOnly", Json::boolean(context.isLiveCheck));
    std::string before = head.dump();
    before.back() = ',';
    return joinedBodies(records, before + R"("events":[)", "]}");
}

} // namespace

std::vector<OptionProblem> GoogleAdapter::checkOptions(const DestinationConfig& destination) const
{
    OptionChecks checks(destination);
    checks.is(
        "login_customer_id",
        [&](std::string_view value) { return isAccountValid(withoutDashes(std::string(value))); },
        "a customer's ten digits such as 123-456-7890");
    checks.isOneOf("match", { "all", "click" });
    checks.isDuration("min_click_age");
    checks.isDuration("leads_age");
    checks.isLetters("feed_country", 2, "DE");
    checks.isLetters("feed_language", 2, "de");
    checks.is(
        "custom_variables",
        [&](std::string_view) { return googleVariables(destination).has_value(); },
        "numbers and paths such as 2=properties.coupon, 3=user.country_iso2");
    checks.isWholeNumber("job_id", 0, INT32_MAX);
    checks.isAddress("token_endpoint");
    checks.areNames(isConversionAction,
        "a conversion action, which is a number or customers/…/conversionActions/…");
    return checks.take();
}

NameRule GoogleAdapter::nameRule(const DestinationConfig&) const { return NameRule::Mapped; }

std::optional<NotForPlatform> GoogleAdapter::unroutable(
    const CanonicalEvent& event, const DestinationConfig& destination) const
{
    return unroutableByName(event, destination, hasGoogleIdentifier(event, destination));
}

std::optional<Seconds> GoogleAdapter::acceptedAge(
    const CanonicalEvent& event, const DestinationConfig& destination) const
{
    constexpr Millis kLeadsAge { std::chrono::hours { 24 * 63 } };
    const auto age = destination.contract.acceptedAge;
    if (!age || hasGoogleClick(event))
        return age;
    const Millis leads = parseDuration(optionOf(destination, "leads_age")).value_or(kLeadsAge);
    return std::min(*age, std::chrono::floor<Seconds>(leads));
}

bool GoogleAdapter::isAccountValid(std::string_view account) const
{
    return account.size() == 10
        && std::all_of(account.begin(), account.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Encoded GoogleAdapter::encode(const CanonicalEvent& event, const EncodeContext& context) const
{
    const DestinationConfig& destination = *context.destination;
    auto encoded
        = encodedWithin(event, acceptedAge(event, destination), context, [&](Fields& fields) {
              if (!isDataManager(destination))
                  return Record { .body = googleConversion(event, context, fields).dump(),
                      .batchKey = std::string(kConversions) };
              const std::string action = conversionActionId(event, destination, fields);
              return Record { .body = dataManagerEvent(event, context, fields).dump(),
                  .batchKey = "action/" + action,
                  .route = { { "action", action } } };
          });
    if (std::holds_alternative<Record>(encoded)) {
        if (auto outside = outsideClickTime(event, context))
            return std::move(*outside);
    }
    return encoded;
}

Result<HttpRequest> GoogleAdapter::request(
    std::span<const Record> records, const EncodeContext& context, const Secrets& secrets) const
{
    auto authorization = bearerAuthorization(secrets);
    if (!authorization)
        return tl::unexpected<Error>(authorization.error());
    const DestinationConfig& destination = *context.destination;
    HttpRequest request;
    if (isDataManager(destination)) {
        request = jsonRequest(context, "POST", destination.endpoint + "/events:ingest");
        request.body = dataManagerBody(records, context);
    } else {
        request = jsonRequest(context, "POST",
            destination.endpoint + "/customers/" + percentEncoded(context.account)
                + ":uploadClickConversions");
        if (!googleVariables(destination))
            return fail(ErrorCode::BadRequest,
                "custom_variables must look like 2=properties.coupon, 3=user.country_iso2",
                "custom_variables");
        const auto tail = uploadTail(context);
        if (!tail)
            return tl::unexpected<Error>(tail.error());
        // Without partialFailure one bad conversion would cost all others.
        request.body = joinedBodies(records, R"({"conversions":[)", *tail);
        if (const auto token = secretValue(secrets, "developer_token"))
            request.headers.emplace_back("developer-token", *token);
        const std::string login = withoutDashes(optionOf(destination, "login_customer_id"));
        if (!login.empty())
            request.headers.emplace_back("login-customer-id", login);
    }
    request.headers.emplace_back("Authorization", std::move(*authorization));
    return request;
}

Decoded GoogleAdapter::decode(
    const HttpAnswer& answer, std::span<const Record> records, const EncodeContext& context) const
{
    const auto json = parseJson(answer.body);
    const bool isData = isDataManager(*context.destination);
    const Json* const error = json ? json->find("error") : nullptr;
    Decoded decoded;
    if (error != nullptr && error->isObject())
        decoded
            = decodeGoogleRefusal(*error, answer, isData ? kEvents : kConversions, records.size());
    else if (answer.status / 100 != 2 || !json || !json->isObject())
        decoded = decodedWhole(verdictOfStatus(answer), records.size());
    else if (isData)
        decoded = json->find("requestId") != nullptr
            ? decodedWhole({ .outcome = Outcome::Accepted }, records.size())
            : decodedWhole(verdictOfStatus(answer), records.size());
    else
        decoded = decodeUpload(*json, records.size(), context.isLiveCheck);
    const Json* const receipt = isData && json ? json->find("requestId") : nullptr;
    if (receipt != nullptr && !context.isLiveCheck && decoded.request == Outcome::Accepted)
        decoded.receipt = receipt->text();
    decoded.hint = googleHint(answer, json, context.now);
    // What is too recent for the platform is tried again when a young click is.
    if (const auto wait = parseDuration(optionOf(*context.destination, "min_click_age"))) {
        for (RecordOutcome& record : decoded.records) {
            if (record.retryAfter)
                record.retryAfter = *wait;
        }
    }
    return decoded;
}

std::optional<Result<HttpRequest>> GoogleAdapter::receiptRequest(
    std::string_view receipt, const EncodeContext& context, const Secrets& secrets) const
{
    auto authorization = bearerAuthorization(secrets);
    if (!authorization)
        return tl::unexpected<Error>(authorization.error());
    HttpRequest request
        = queryRequest(context, context.destination->endpoint + "/requestStatus:retrieve",
            formBody({ { "requestId", std::string(receipt) } }));
    request.headers.emplace_back("Authorization", std::move(*authorization));
    return request;
}

ReceiptAnswer GoogleAdapter::decodeReceipt(const HttpAnswer& answer) const
{
    return decodeGoogleReceipt(answer);
}

std::optional<Result<HttpRequest>> GoogleAdapter::tokenRequest(
    const DestinationConfig& destination, const Secrets& secrets) const
{
    return refreshTokenRequest(
        { .endpoint = "https://oauth2.googleapis.com/token" }, destination, secrets);
}

LiveCheck GoogleAdapter::liveCheck(const DestinationConfig&) const
{
    return { .kind = LiveCheck::Kind::ValidateOnly,
        .note = "one conversion with validateOnly: Google checks it and throws it away" };
}

} // namespace engine::platforms

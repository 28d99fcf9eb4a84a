#include "platforms/linkedin.h"

#include "platforms/answers.h"
#include "platforms/event_names.h"
#include "platforms/linkedin_payload.h"
#include "platforms/oauth.h"
#include "platforms/option_checks.h"
#include "platforms/requests.h"

#include <charconv>

namespace engine::platforms {
namespace {

constexpr std::string_view kVersion = "202608";

constexpr std::string_view kInvalid = "the token is not valid or has expired";
constexpr std::string_view kRevoked = "the token was revoked: somebody has to sign in again";
constexpr LinkedinCode kTokenCodes[] {
    { "65600", kInvalid },
    { "INVALID_ACCESS_TOKEN", kInvalid },
    { "65601", kRevoked },
    { "REVOKED_ACCESS_TOKEN", kRevoked },
    { "EMPTY_ACCESS_TOKEN", "no token came with the request" },
};

std::string textOf(const Json& object, std::string_view key)
{
    const Json* const value = object.find(key);
    return value != nullptr ? value->text() : std::string {};
}

// {"message":"…","status":401,"serviceErrorCode":65600,"code":"INVALID_ACCESS_TOKEN"}
Verdict verdictOfError(const Json& json, const HttpAnswer& answer)
{
    Verdict verdict = verdictOfStatus(answer);
    const std::string code = textOf(json, "serviceErrorCode");
    const std::string name = textOf(json, "code");
    if (!code.empty() && code != "0")
        verdict.code = code;
    else if (!name.empty())
        verdict.code = name;
    const std::string message = textOf(json, "message");
    if (!message.empty())
        verdict.message = excerpt(message);
    for (const LinkedinCode& row : kTokenCodes) {
        if (row.code == verdict.code)
            verdict.message.append(": ").append(row.meaning);
    }
    return verdict;
}

// A rule that takes conversions in another way refuses all of its records, however good they are;
// once the rule is set right they can be delivered.
bool isRuleAtFault(std::string_view message)
{
    return message.find("CONVERSIONS_API") != message.npos;
}

std::vector<NamedFault> namedFaults(
    const std::string& message, const Verdict& verdict, std::size_t records)
{
    std::vector<NamedFault> faults;
    for (const LinkedinFault& fault : linkedinFaults(message)) {
        if (fault.index >= records)
            return {};
        faults.push_back({ .index = fault.index,
            .outcome = { .outcome = Outcome::Invalid,
                .code = verdict.code,
                .message = excerpt(fault.message),
                .form = verdict.form } });
    }
    return faults;
}

Decoded decodeError(const Json& json, const HttpAnswer& answer, std::size_t records)
{
    Verdict verdict = verdictOfError(json, answer);
    if (verdict.outcome != Outcome::Invalid)
        return decodedWhole(verdict, records);
    const std::string message = textOf(json, "message");
    if (isRuleAtFault(message)) {
        verdict.outcome = Outcome::Config;
        verdict.isIndexUnknown = false;
        return decodedWhole(verdict, records);
    }
    const auto faults = namedFaults(message, verdict, records);
    return faults.empty() ? decodedWhole(verdict, records) : decodedNamed(verdict, faults, records);
}

// {"status":201} or {"status":422,"error":{"message":"…"}}
RecordOutcome outcomeOfElement(const Json& element)
{
    const Json* const statusJson = element.find("status");
    const auto status
        = static_cast<int>(statusJson != nullptr ? statusJson->asInt().value_or(0) : 0);
    if (status / 100 == 2)
        return {};
    const Json* const error = element.find("error");
    return { .outcome = outcomeOfStatus(status),
        .code = std::to_string(status),
        .message = error != nullptr ? excerpt(textOf(*error, "message")) : std::string {},
        .form = ErrorForm::InBody };
}

Decoded decodeSuccess(const Json& json, const HttpAnswer& answer, std::size_t records)
{
    const bool isSingle = answer.status == 201 && answer.body.empty() && records == 1;
    if (isSingle)
        return decodedWhole({ .outcome = Outcome::Accepted }, records);
    const Json* const elements = json.find("elements");
    if (elements == nullptr || !elements->isArray())
        return decodedWhole(verdictOfStatus(answer), records);
    if (elements->items().size() != records)
        return decodedWhole(
            { .outcome = Outcome::Unknown,
                .code = "elements",
                .message = "the answer has " + std::to_string(elements->items().size())
                    + " elements for " + std::to_string(records) + " records",
                .form = ErrorForm::InBody,
                .isIndexUnknown = true },
            records);
    std::vector<RecordOutcome> outcomes;
    outcomes.reserve(records);
    for (const Json& element : elements->items())
        outcomes.push_back(outcomeOfElement(element));
    return decodedRows(std::move(outcomes));
}

// Whole numbers of "[0, 4]"; nothing where something else stands between.
std::vector<LinkedinFault> faultsOfList(std::string_view list, std::string_view message)
{
    std::vector<LinkedinFault> faults;
    while (!list.empty()) {
        if (list.front() == ' ' || list.front() == ',') {
            list.remove_prefix(1);
            continue;
        }
        LinkedinFault fault { .message = std::string(message) };
        const auto [end, error]
            = std::from_chars(list.data(), list.data() + list.size(), fault.index);
        if (error != std::errc {})
            return {};
        list.remove_prefix(static_cast<std::size_t>(end - list.data()));
        faults.push_back(std::move(fault));
    }
    return faults;
}

} // namespace

std::span<const LinkedinCode> linkedinTokenCodes() { return kTokenCodes; }

std::vector<LinkedinFault> linkedinFaults(std::string_view message)
{
    constexpr std::string_view kIndex = "Index: ";
    constexpr std::string_view kIndices = "indices [";
    std::vector<LinkedinFault> faults;
    for (auto at = message.find(kIndex); at != message.npos;) {
        const auto next = message.find(kIndex, at + 1);
        const std::string_view group = message.substr(at, next == message.npos ? next : next - at);
        LinkedinFault fault;
        const auto [end, error] = std::from_chars(
            group.data() + kIndex.size(), group.data() + group.size(), fault.index);
        if (error == std::errc {} && end != group.data() + group.size() && *end == ',') {
            const auto from = static_cast<std::size_t>(end - group.data()) + 1;
            fault.message = trimmed(group.substr(from));
            faults.push_back(std::move(fault));
        }
        at = next;
    }
    const auto open = message.find(kIndices);
    const auto close = message.find(']', open == message.npos ? 0 : open);
    if (!faults.empty() || open == message.npos || close == message.npos)
        return faults;
    const auto from = open + kIndices.size();
    return faultsOfList(message.substr(from, close - from), message);
}

std::vector<OptionProblem> LinkedinAdapter::checkOptions(const DestinationConfig& destination) const
{
    OptionChecks checks(destination);
    checks.is(
        "version",
        [](std::string_view value) {
            return value.size() == 6 && isAllDigits(value) && value.substr(4) >= "01"
                && value.substr(4) <= "12";
        },
        "a year and a month such as 202608");
    checks.isAddress("token_endpoint");
    checks.areNames([](std::string_view name) { return !linkedinRuleId(name).empty(); },
        "a conversion rule such as 123456 or urn:lla:llaPartnerConversion:123456");
    return checks.take();
}

NameRule LinkedinAdapter::nameRule(const DestinationConfig&) const { return NameRule::Mapped; }

std::optional<NotForPlatform> LinkedinAdapter::unroutable(
    const CanonicalEvent& event, const DestinationConfig& destination) const
{
    return unroutableByName(event, destination, hasLinkedinIdentifier(event));
}

bool LinkedinAdapter::isAccountValid(std::string_view account) const
{
    return isPlainName(account);
}

Encoded LinkedinAdapter::encode(const CanonicalEvent& event, const EncodeContext& context) const
{
    const DestinationConfig& destination = *context.destination;
    if (const auto reason = unroutable(event, destination))
        return Refusal { .field = {},
            .reason = "would not be routed here as things are now: " + reason->reason };
    return encodedWithin(event, acceptedAge(event, destination), context, [&](Fields& fields) {
        const Json payload = linkedinPayload(event, destination, fields);
        return Record { .body = payload.dump(), .batchKey = textOf(payload, "conversion") };
    });
}

// One record goes as a batch too: the answer then has one shape only.
Result<HttpRequest> LinkedinAdapter::request(
    std::span<const Record> records, const EncodeContext& context, const Secrets& secrets) const
{
    auto authorization = bearerAuthorization(secrets);
    if (!authorization)
        return tl::unexpected<Error>(authorization.error());
    const DestinationConfig& destination = *context.destination;
    HttpRequest request = jsonRequest(context, "POST", destination.endpoint + "/conversionEvents");
    request.headers.emplace_back("Authorization", std::move(*authorization));
    request.headers.emplace_back("LinkedIn-Version", optionOf(destination, "version", kVersion));
    request.headers.emplace_back("X-Restli-Protocol-Version", "2.0.0");
    request.headers.emplace_back("X-RestLi-Method", "BATCH_CREATE");
    request.body = joinedBodies(records, R"({"elements":[)", "]}");
    return request;
}

Decoded LinkedinAdapter::decode(
    const HttpAnswer& answer, std::span<const Record> records, const EncodeContext& context) const
{
    const auto parsed = parseJson(answer.body);
    const Json json = parsed.value_or(Json {});
    Decoded decoded = answer.status / 100 == 2 ? decodeSuccess(json, answer, records.size())
                                               : decodeError(json, answer, records.size());
    decoded.hint = hintOf(answer, context.now);
    return decoded;
}

std::optional<Result<HttpRequest>> LinkedinAdapter::tokenRequest(
    const DestinationConfig& destination, const Secrets& secrets) const
{
    return refreshTokenRequest(
        { .endpoint = "https://www.linkedin.com/oauth/v2/accessToken" }, destination, secrets);
}

LiveCheck LinkedinAdapter::liveCheck(const DestinationConfig&) const
{
    return { .kind = LiveCheck::Kind::None,
        .note = "LinkedIn has no test form: whatever is sent is counted. Campaign Manager shows "
                "when a rule last got a conversion" };
}

} // namespace engine::platforms

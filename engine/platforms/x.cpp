#include "platforms/x.h"

#include "platforms/answers.h"
#include "platforms/event_names.h"
#include "platforms/oauth1.h"
#include "platforms/option_checks.h"
#include "platforms/requests.h"
#include "platforms/times.h"
#include "platforms/x_payload.h"

#include <array>

namespace engine::platforms {
namespace {

constexpr XCode kCodes[] {
    { "INVALID_PARAMETER", Outcome::Invalid, "a value is wrong" },
    { "MISSING_PARAMETER", Outcome::Invalid, "a value is missing" },
    { "UNAUTHORIZED_ACCESS", Outcome::Auth, "the signature or token is refused" },
    { "UNAUTHORIZED_CLIENT_APPLICATION", Outcome::Config, "the app has no access to this account" },
    { "NOT_FOUND", Outcome::Config, "no such pixel, or the event is not one of this account" },
    { "CANCELLED_REQUEST", Outcome::Transient, "cancelled over there" },
    { "LOCK_ACQUISITION_TIMEOUT", Outcome::Transient, "another write is going on" },
    { "INTERNAL_ERROR", Outcome::Transient, "server error" },
    { "SERVICE_UNAVAILABLE", Outcome::Transient, "not available" },
    { "OVER_CAPACITY", Outcome::Transient, "over capacity" },
    { "TOO_MANY_REQUESTS", Outcome::Throttled, "too many requests" },
};

std::string textAt(const Json& json, std::string_view path)
{
    const Json* const value = json.at(path);
    return value != nullptr ? value->text() : std::string {};
}

Verdict verdictOfError(const Json& json, const HttpAnswer& answer)
{
    Verdict verdict = verdictOfStatus(answer);
    const std::string code = textAt(json, "errors.0.code");
    const std::string message = textAt(json, "errors.0.message");
    if (code.empty() && message.empty())
        return verdict;
    const XCode* const row = xCode(code);
    if (row != nullptr)
        verdict.outcome = row->outcome;
    if (!code.empty())
        verdict.code = code;
    verdict.message = excerpt(message);
    if (verdict.message.empty() && row != nullptr)
        verdict.message = row->meaning;
    if (verdict.outcome == Outcome::Invalid && message.find("count limit") != message.npos)
        verdict.outcome = Outcome::Oversize;
    verdict.isIndexUnknown = verdict.outcome == Outcome::Invalid;
    return verdict;
}

// "hashed_email (abc) is not a valid SHA-256 hash": the only record that holds the quoted value is
// the one at fault. Short values stand in many places by chance.
std::optional<std::size_t> quotedRecord(std::string_view message, std::span<const Record> records)
{
    constexpr std::size_t kBytesMin = 8;
    const auto open = message.find('(');
    const auto close = message.find(')', open == message.npos ? 0 : open);
    if (open == message.npos || close == message.npos || close - open - 1 < kBytesMin)
        return std::nullopt;
    const std::string_view quoted = message.substr(open + 1, close - open - 1);
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (records[i].body.find(quoted) == std::string::npos)
            continue;
        if (found)
            return std::nullopt;
        found = i;
    }
    return found;
}

Decoded decodeError(const Json& json, const HttpAnswer& answer, std::span<const Record> records)
{
    const Verdict verdict = verdictOfError(json, answer);
    const auto quoted = quotedRecord(verdict.message, records);
    if (!verdict.isIndexUnknown || records.size() < 2 || !quoted)
        return decodedWhole(verdict, records.size());
    const std::array<NamedFault, 1> fault { { { .index = *quoted,
        .outcome = { .outcome = verdict.outcome,
            .code = verdict.code,
            .message = verdict.message,
            .form = verdict.form } } } };
    return decodedNamed(verdict, fault, records.size());
}

Decoded decodeSuccess(const Json& json, const HttpAnswer& answer, std::size_t records)
{
    const Json* const processed = json.at("data.conversions_processed");
    if (processed == nullptr)
        return decodedWhole(verdictOfStatus(answer), records);
    if (processed->asInt() == static_cast<std::int64_t>(records))
        return decodedWhole({ .outcome = Outcome::Accepted }, records);
    return decodedWhole({ .outcome = Outcome::Unknown,
                            .code = "conversions_processed",
                            .message = "the platform counts " + excerpt(processed->text()) + " of "
                                + std::to_string(records) + " conversions",
                            .form = ErrorForm::InBody,
                            .isIndexUnknown = true },
        records);
}

// x-account-rate-limit-… where it is there: it is the narrower of the two.
std::optional<std::int64_t> rateHeader(const HttpAnswer& answer, std::string_view what)
{
    for (const std::string_view prefix : { "x-account-rate-limit-", "x-rate-limit-" }) {
        const auto value = answer.header(std::string(prefix) + std::string(what));
        if (value)
            return Json::string(std::string(trimmed(*value))).asInt();
    }
    return std::nullopt;
}

// The reset is a moment of the server's clock, so its own Date says how far away that is.
WallTime serverTime(const HttpAnswer& answer, WallTime now)
{
    const auto date = answer.header("Date");
    return date ? parseHttpDate(trimmed(*date)).value_or(now) : now;
}

// The length of the window that the headers tell of.
Seconds windowOf(const Contract& contract)
{
    constexpr Seconds kPublished { 900 };
    for (const Limit& limit : contract.limits) {
        if (limit.kind == LimitKind::Header && limit.period >= Seconds { 1 })
            return std::chrono::floor<Seconds>(limit.period);
    }
    return kPublished;
}

ThrottleHint rateHint(
    const HttpAnswer& answer, bool isThrottled, const Contract& contract, WallTime now)
{
    const Seconds window = windowOf(contract);
    ThrottleHint hint = hintOf(answer, now);
    const WallTime from = serverTime(answer, now);
    const std::int64_t second = toUnixSeconds(from);
    // Without a reset the window ends with the quarter of an hour (or as long as it is), at the
    // latest.
    std::int64_t reset = (second / window.count() + 1) * window.count();
    const auto given = rateHeader(answer, "reset");
    const bool isGiven = given && *given <= second + 86'400;
    if (isGiven)
        reset = std::max(*given, second);
    const auto wait = std::chrono::ceil<Millis>(WallTime { Seconds { reset } } - from);
    const Millis untilReset = std::max(wait, Millis { 0 });
    const auto remaining = rateHeader(answer, "remaining");
    const auto limit = rateHeader(answer, "limit");
    if (remaining && isGiven)
        hint.quota = ThrottleHint::Quota { .remaining = std::max<std::int64_t>(*remaining, 0),
            .amount = limit && *limit > 0 ? limit : std::nullopt,
            .untilReset = untilReset };
    // A reset that has passed would mean at once; then the cool-down says more.
    if (isThrottled && !hint.retryAfter && untilReset > Millis { 0 }) {
        hint.retryAfter = untilReset;
        hint.source = isGiven ? "x-rate-limit-reset" : "the end of the window";
    }
    return hint;
}

Result<std::string> authorizationOf(
    const HttpRequest& request, const EncodeContext& context, const Secrets& secrets)
{
    OAuth1Keys keys;
    const std::array<std::pair<std::string_view, std::string*>, 4> all {
        { { "consumer_key", &keys.consumerKey }, { "consumer_secret", &keys.consumerSecret },
            { kAccessToken, &keys.token }, { "access_token_secret", &keys.tokenSecret } }
    };
    for (const auto& [name, place] : all) {
        auto value = secretValue(secrets, name);
        if (!value)
            return value;
        *place = std::move(*value);
    }
    const std::string unique
        = std::to_string(toUnixMicros(context.now)) + '\n' + request.url + '\n' + request.body;
    return oauth1Authorization(request.method, request.url, keys,
        { .nonce = oauth1Nonce(keys, unique), .timestamp = toUnixSeconds(context.now) });
}

} // namespace

std::span<const XCode> xCodes() { return kCodes; }

const XCode* xCode(std::string_view code)
{
    for (const XCode& row : kCodes) {
        if (row.code == code)
            return &row;
    }
    return nullptr;
}

std::vector<OptionProblem> XAdapter::checkOptions(const DestinationConfig& destination) const
{
    OptionChecks checks(destination);
    checks.areNames(isXEvent, "an event of Events Manager such as o87ne or tw-o8z6j-o87ne");
    return checks.take();
}

NameRule XAdapter::nameRule(const DestinationConfig&) const { return NameRule::Mapped; }

std::optional<NotForPlatform> XAdapter::unroutable(
    const CanonicalEvent& event, const DestinationConfig& destination) const
{
    return unroutableByName(event, destination, hasXIdentifier(event));
}

bool XAdapter::isAccountValid(std::string_view account) const
{
    return !account.empty() && account.size() <= 16
        && account.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == account.npos;
}

Encoded XAdapter::encode(const CanonicalEvent& event, const EncodeContext& context) const
{
    const DestinationConfig& destination = *context.destination;
    if (const auto reason = unroutable(event, destination))
        return Refusal { .field = {},
            .reason = "would not be routed here as things are now: " + reason->reason };
    return encodedWithin(event, acceptedAge(event, destination), context, [&](Fields& fields) {
        return Record { .body = xPayload(event, destination, fields).dump(),
            .batchKey = "conversions" };
    });
}

Result<HttpRequest> XAdapter::request(
    std::span<const Record> records, const EncodeContext& context, const Secrets& secrets) const
{
    const DestinationConfig& destination = *context.destination;
    HttpRequest request = jsonRequest(context, "POST",
        destination.endpoint + "/measurement/conversions/" + percentEncoded(context.account));
    request.body = joinedBodies(records, R"({"conversions":[)", "]}");
    const bool isPixelToken = optionOf(destination, "api") == "pixel_token";
    auto credential = isPixelToken ? secretValue(secrets, "pixel_token")
                                   : authorizationOf(request, context, secrets);
    if (!credential)
        return tl::unexpected<Error>(credential.error());
    request.headers.emplace_back(
        isPixelToken ? "X-Pixel-Token" : "Authorization", std::move(*credential));
    return request;
}

Decoded XAdapter::decode(
    const HttpAnswer& answer, std::span<const Record> records, const EncodeContext& context) const
{
    const auto parsed = parseJson(answer.body);
    const Json json = parsed.value_or(Json {});
    Decoded decoded = answer.status / 100 == 2 ? decodeSuccess(json, answer, records.size())
                                               : decodeError(json, answer, records);
    decoded.hint = rateHint(
        answer, decoded.request == Outcome::Throttled, context.destination->contract, context.now);
    return decoded;
}

LiveCheck XAdapter::liveCheck(const DestinationConfig&) const
{
    return { .kind = LiveCheck::Kind::None,
        .note = "X has no test form: whatever is sent is counted. In Events Manager the status of "
                "the event becomes Tracking within a day" };
}

std::string XAdapter::redactedHead(const HttpRequest& request, const Secrets& secrets) const
{
    constexpr std::string_view kSignature = "oauth_signature=\"";
    std::string head = Adapter::redactedHead(request, secrets);
    const auto at = head.find(kSignature);
    if (at == std::string::npos)
        return head;
    const auto from = at + kSignature.size();
    return head.replace(from, std::min(head.find('"', from), head.size()) - from, "***");
}

} // namespace engine::platforms

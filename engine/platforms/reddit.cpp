#include "platforms/reddit.h"

#include "platforms/answers.h"
#include "platforms/option_checks.h"
#include "platforms/quota_headers.h"
#include "platforms/reddit_payload.h"
#include "platforms/requests.h"

#include <algorithm>
#include <charconv>

namespace engine::platforms {
namespace {

constexpr std::string_view kPartner = "SPILLWAY";

// "message" of an answer, or "explanation" of {"error":{"reason","explanation"}}.
std::string messageOf(const Json& json)
{
    for (const std::string_view path : { "message", "error.explanation", "error.reason" }) {
        const Json* const value = json.at(path);
        if (value != nullptr && !value->text().empty())
            return excerpt(value->text());
    }
    return {};
}

// "Successfully processed 17 conversion events." → 17.
std::optional<std::int64_t> processedCount(std::string_view message)
{
    const auto first = message.find_first_of("0123456789");
    if (first == std::string_view::npos)
        return std::nullopt;
    std::int64_t count = 0;
    const auto parsed
        = std::from_chars(message.data() + first, message.data() + message.size(), count);
    return parsed.ec == std::errc {} ? std::optional(count) : std::nullopt;
}

Verdict successVerdict(const HttpAnswer& answer, const Json& json, std::size_t records)
{
    const std::string message = messageOf(json);
    if (!message.starts_with("Successfully processed"))
        return verdictOfStatus(answer);
    const auto count = processedCount(message);
    if (count == static_cast<std::int64_t>(records))
        return { .outcome = Outcome::Accepted };
    return { .outcome = Outcome::Unknown,
        .code = "other_count",
        .message = "the platform counts otherwise than was sent: " + message,
        .form = ErrorForm::InBody,
        .isIndexUnknown = true };
}

Verdict verdictOf(const HttpAnswer& answer, const Json& json)
{
    Verdict verdict = verdictOfStatus(answer);
    const auto* const row = std::find_if(std::begin(kRedditStatuses), std::end(kRedditStatuses),
        [&](const RedditStatus& candidate) { return candidate.status == answer.status; });
    if (row != std::end(kRedditStatuses))
        verdict.outcome = row->outcome;
    const std::string message = messageOf(json);
    if (!message.empty())
        verdict.message = message;
    verdict.isIndexUnknown = verdict.outcome == Outcome::Invalid;
    return verdict;
}

// The one record that this echo can mean; nothing when there is none or more than one.
std::optional<std::size_t> placeOf(
    const RedditIdentity& echoed, std::span<const RedditIdentity> sent)
{
    std::optional<std::size_t> place;
    for (std::size_t i = 0; i < sent.size(); ++i) {
        if (!isSameRedditEvent(sent[i], echoed))
            continue;
        if (place)
            return std::nullopt;
        place = i;
    }
    return place;
}

// invalid_events: [{"error_message":"…","event":{…}}].
std::vector<NamedFault> faultsOf(
    const Json& json, std::span<const Record> records, const Verdict& verdict)
{
    std::vector<NamedFault> faults;
    const Json* const echoes = json.find("invalid_events");
    if (echoes == nullptr || echoes->items().empty())
        return faults;
    std::vector<RedditIdentity> sent;
    for (const Record& record : records)
        sent.push_back(redditIdentityOf(parseJson(record.body).value_or(Json {})));
    for (const Json& echo : echoes->items()) {
        const Json* const event = echo.find("event");
        const auto place = event != nullptr ? placeOf(redditIdentityOf(*event), sent)
                                            : std::optional<std::size_t> {};
        if (!place)
            continue;
        const Json* const message = echo.find("error_message");
        faults.push_back({ .index = *place,
            .outcome = { .outcome = Outcome::Invalid,
                .code = verdict.code,
                .message = message != nullptr ? excerpt(message->text()) : verdict.message,
                .form = verdict.form } });
    }
    return faults;
}

} // namespace

std::vector<OptionProblem> RedditAdapter::checkOptions(const DestinationConfig& destination) const
{
    OptionChecks checks(destination);
    checks.isActionSource();
    checks.isOneOf("email_form", { "canonical", "plain" });
    if (redditApiOf(destination) == RedditApi::V3)
        checks.isTestTraffic("test_id");
    return checks.take();
}

std::optional<NotForPlatform> RedditAdapter::unroutable(
    const CanonicalEvent& event, const DestinationConfig&) const
{
    if (auto reason = notForAdvertising(event))
        return reason;
    for (const std::string_view path : { "click.rdt_cid", "click.rdt_uuid", "user.email",
             "user.email_sha256", "user.phone_e164", "user.phone_sha256_plus", "user.external_id",
             "user.external_id_sha256", "device.idfa", "device.gaid" }) {
        if (isPresent(event.json, path))
            return std::nullopt;
    }
    if (isPresent(event.json, "user.ip") && isPresent(event.json, "user.user_agent"))
        return std::nullopt;
    return NotForPlatform { .reason = "no_identifier" };
}

bool RedditAdapter::isAccountValid(std::string_view account) const
{
    return account.size() >= 3 && account.size() <= 64
        && std::all_of(account.begin(), account.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                   || c == '_' || c == '-';
           });
}

Encoded RedditAdapter::encode(const CanonicalEvent& event, const EncodeContext& context) const
{
    const DestinationConfig& destination = *context.destination;
    return encodedWithin(event, acceptedAge(event, destination), context, [&](Fields& fields) {
        return Record { .body = redditPayload(event, destination, fields).dump(),
            .batchKey = "events" };
    });
}

Result<HttpRequest> RedditAdapter::request(
    std::span<const Record> records, const EncodeContext& context, const Secrets& secrets) const
{
    const auto token = secretValue(secrets, "access_token");
    if (!token)
        return tl::unexpected<Error>(token.error());
    const DestinationConfig& destination = *context.destination;
    const bool isV3 = redditApiOf(destination) == RedditApi::V3;
    const std::string account = percentEncoded(context.account);
    HttpRequest request = jsonRequest(context, "POST",
        destination.endpoint
            + (isV3 ? "/pixels/" + account + "/conversion_events"
                    : "/conversions/events/" + account));
    request.headers.emplace_back("Authorization", "Bearer " + *token);

    Json tail = Json::object({ { "partner", Json::string(std::string(kPartner)) } });
    if (isV3)
        setText(tail, "test_id", testCodeOf(context, "test_id"));
    else
        tail.set("test_mode", Json::boolean(context.isLiveCheck));
    request.body = joinedBodies(records, isV3 ? R"({"data":{"events":[)" : R"({"events":[)",
        "]," + tail.dump().substr(1) + (isV3 ? "}" : ""));
    return request;
}

Decoded RedditAdapter::decode(
    const HttpAnswer& answer, std::span<const Record> records, const EncodeContext& context) const
{
    auto parsed = parseJson(answer.body);
    const Json json = parsed && parsed->isObject() ? std::move(*parsed) : Json::object();
    Decoded decoded;
    if (answer.status / 100 == 2) {
        decoded = decodedWhole(successVerdict(answer, json, records.size()), records.size());
    } else {
        const Verdict verdict = verdictOf(answer, json);
        const auto faults = verdict.outcome == Outcome::Invalid ? faultsOf(json, records, verdict)
                                                                : std::vector<NamedFault> {};
        decoded = faults.empty() ? decodedWhole(verdict, records.size())
                                 : decodedNamed(verdict, faults, records.size());
    }
    decoded.hint = hintOf(answer, context.now);
    addQuota(answer, decoded.request == Outcome::Throttled, decoded.hint);
    return decoded;
}

LiveCheck RedditAdapter::liveCheck(const DestinationConfig& destination) const
{
    if (redditApiOf(destination) == RedditApi::V2)
        return { .kind = LiveCheck::Kind::ValidateOnly,
            .note = "one event in test mode, which Reddit looks at and does not count" };
    if (optionOf(destination, "test_id").empty())
        return { .kind = LiveCheck::Kind::None,
            .note = "Reddit shows test events only under an id: take one from Events Manager → "
                    "Test events and set test_id" };
    return { .kind = LiveCheck::Kind::TestEvent,
        .note = "one event under your test_id; it shows in Events Manager → Test events" };
}

} // namespace engine::platforms

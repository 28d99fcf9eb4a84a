#include "platforms/tiktok.h"

#include "platforms/answers.h"
#include "platforms/option_checks.h"
#include "platforms/requests.h"
#include "platforms/tiktok_payload.h"

#include <array>
#include <charconv>

namespace engine::platforms {
namespace {

constexpr std::string_view kPath = "/event/track/"; // without the last slash it redirects

constexpr TiktokCode kCodes[] {
    { 0, 0, Outcome::Accepted, "taken" },
    { 20'001, 20'001, Outcome::Invalid, "some records were not taken" },
    { 40'000, 40'000, Outcome::Invalid, "a parameter is wrong" },
    { 40'001, 40'001, Outcome::Config, "no permission" },
    { 40'002, 40'002, Outcome::Invalid, "a parameter is wrong" },
    { 40'003, 40'003, Outcome::Config, "forbidden" },
    { 40'006, 40'006, Outcome::Config, "wrong version" },
    // The name says "FC", which is read as frequency control; what no wait ends is something else.
    { 40'016, 40'016, Outcome::Throttled, "frequency control", 5 },
    { 40'050, 40'050, Outcome::Accepted, "a repeat of an earlier request" },
    { 40'051, 40'051, Outcome::Config, "this version of the API is gone" },
    { 40'061, 40'061, Outcome::Oversize, "too many records in the request" },
    { 40'062, 40'062, Outcome::Invalid, "an identifier is not hashed" },
    { 40'063, 40'063, Outcome::Config, "partner_name is not known" },
    { 40'100, 40'100, Outcome::Throttled, "requests too frequent" },
    { 40'101, 40'101, Outcome::Config, "the partner is not known" },
    { 40'102, 40'105, Outcome::Auth, "the token is missing, wrong or expired" },
    { 40'107, 40'107, Outcome::Auth, "the refresh token is wrong or expired" },
    { 40'113, 40'113, Outcome::Config, "the app is forbidden" },
    { 40'117, 40'117, Outcome::Config, "the method is forbidden" },
    { 40'118, 40'118, Outcome::Config, "the app is not on the allow list" },
    { 40'130, 40'130, Outcome::Config, "a scope is missing" },
    { 40'132, 40'133, Outcome::Throttled, "request frequency limited" },
    { 40'200, 40'202, Outcome::Transient, "a task is not ready, or two writes met" },
    { 40'300, 40'301, Outcome::Config, "the advertiser is missing, or the role does not allow it" },
    { 40'400, 40'400, Outcome::Config, "no such route" },
    { 40'700, 40'700, Outcome::Invalid, "internal validation" },
    { 41'000, 41'000, Outcome::Config, "blocked" },
    { 41'001, 41'001, Outcome::Config, "the interface is offline" },
    { 50'000, 50'000, Outcome::Transient, "server error" },
    { 50'002, 50'002, Outcome::Transient, "server error" },
    { 51'000, 51'999, Outcome::Transient, "server error" },
    { 52'000, 52'999, Outcome::Transient, "database error" },
};

std::optional<std::int64_t> codeOf(const Result<Json>& json)
{
    const Json* const code = json ? json->find("code") : nullptr;
    return code != nullptr ? code->asInt() : std::nullopt;
}

// The body is asked before the status. A code that is not listed: the status still tells a
// throttle, a refused token and an outage; under 200 nothing says that a repeat can not pass.
Verdict verdictOfBody(std::int64_t code, const Json& json, const HttpAnswer& answer)
{
    const Json* const text = json.find("message");
    const TiktokCode* const row = tiktokCode(code);
    Verdict verdict { .outcome = Outcome::Transient,
        .code = std::to_string(code),
        .message = text != nullptr ? excerpt(text->text()) : std::string {},
        .form = formOfStatus(answer.status) };
    const bool isSuccess = answer.status / 100 == 2;
    if (row != nullptr && (row->outcome != Outcome::Accepted || isSuccess))
        verdict.outcome = row->outcome;
    else if (!isSuccess)
        verdict.outcome = outcomeOfStatus(answer.status);
    if (verdict.message.empty() && row != nullptr)
        verdict.message = row->meaning;
    verdict.isIndexUnknown = verdict.outcome == Outcome::Invalid;
    return verdict;
}

// The message names the first record at fault, if any. The others go back and are sent again, also
// where the code says that some were taken: which ones it does not say, and the platform knows
// those by their event_id.
Decoded decodedBody(const Verdict& verdict, std::size_t records)
{
    const auto index = tiktokIndex(verdict.message);
    if (verdict.outcome != Outcome::Invalid || records < 2 || !index || *index >= records)
        return decodedWhole(verdict, records);
    const std::array<NamedFault, 1> fault { { { .index = *index,
        .outcome = { .outcome = Outcome::Invalid,
            .code = verdict.code,
            .message = verdict.message,
            .form = verdict.form } } } };
    return decodedNamed(verdict, fault, records);
}

} // namespace

std::span<const TiktokCode> tiktokCodes() { return kCodes; }

const TiktokCode* tiktokCode(std::int64_t code)
{
    for (const TiktokCode& row : kCodes) {
        if (code >= row.first && code <= row.last)
            return &row;
    }
    return nullptr;
}

std::optional<std::size_t> tiktokIndex(std::string_view message)
{
    for (const std::string_view mark : { "Batch.", "data." }) {
        for (auto at = message.find(mark); at != message.npos; at = message.find(mark, at + 1)) {
            const std::string_view rest = message.substr(at + mark.size());
            std::size_t index = 0;
            const auto [end, error]
                = std::from_chars(rest.data(), rest.data() + rest.size(), index);
            const bool isWhole = error == std::errc {} && end != rest.data() + rest.size();
            if (isWhole && *end == '.')
                return index;
        }
    }
    return std::nullopt;
}

std::vector<OptionProblem> TiktokAdapter::checkOptions(const DestinationConfig& destination) const
{
    OptionChecks checks(destination);
    checks.isOneOf("event_source", { "web", "app", "offline", "crm" });
    checks.isDuration("offline_age");
    checks.isTestTraffic("test_event_code");
    return checks.take();
}

std::optional<NotForPlatform> TiktokAdapter::unroutable(
    const CanonicalEvent& event, const DestinationConfig&) const
{
    if (auto reason = notForAdvertising(event))
        return reason;
    if (!hasTiktokIdentifier(event))
        return NotForPlatform { .reason = "no_identifier" };
    return std::nullopt;
}

std::optional<Seconds> TiktokAdapter::acceptedAge(
    const CanonicalEvent& event, const DestinationConfig& destination) const
{
    const std::string source = tiktokEventSource(event, destination);
    if (!destination.contract.acceptedAge || (source != "offline" && source != "crm"))
        return destination.contract.acceptedAge;
    constexpr Millis kOfflineAge { std::chrono::hours { 24 * 28 } };
    const auto age = parseDuration(optionOf(destination, "offline_age"));
    return std::chrono::floor<Seconds>(age.value_or(kOfflineAge));
}

bool TiktokAdapter::isAccountValid(std::string_view account) const { return isPlainName(account); }

Encoded TiktokAdapter::encode(const CanonicalEvent& event, const EncodeContext& context) const
{
    const DestinationConfig& destination = *context.destination;
    return encodedWithin(event, acceptedAge(event, destination), context, [&](Fields& fields) {
        // One kind of source in a request. Test events go alone: the test view shows no batches.
        const std::string source = tiktokEventSource(event, destination);
        const bool isTest = !testCodeOf(context, "test_event_code").empty();
        return Record { .body = tiktokPayload(event, context, fields).dump(),
            .batchKey = isTest ? source + '/' + std::to_string(toInt(event.stored->seq)) : source,
            .route = { { "event_source", source } } };
    });
}

Result<HttpRequest> TiktokAdapter::request(
    std::span<const Record> records, const EncodeContext& context, const Secrets& secrets) const
{
    const auto token = secretValue(secrets, kAccessToken);
    if (!token)
        return tl::unexpected<Error>(token.error());
    const DestinationConfig& destination = *context.destination;
    HttpRequest request = jsonRequest(context, "POST", destination.endpoint + std::string(kPath));
    request.headers.emplace_back("Access-Token", *token);
    Json head = Json::object();
    if (!records.empty())
        setText(head, "event_source", routeOf(records.front(), "event_source"));
    setText(head, "event_source_id", context.account);
    setText(head, "partner_name", optionOf(destination, "partner_name"));
    setText(head, "test_event_code", testCodeOf(context, "test_event_code"));
    std::string before = head.dump();
    before.back() = ',';
    request.body = joinedBodies(records, before + R"("data":[)", "]}");
    return request;
}

Decoded TiktokAdapter::decode(
    const HttpAnswer& answer, std::span<const Record> records, const EncodeContext& context) const
{
    const auto json = parseJson(answer.body);
    const auto code = codeOf(json);
    Decoded decoded = code ? decodedBody(verdictOfBody(*code, *json, answer), records.size())
                           : decodedWhole(verdictOfStatus(answer), records.size());
    decoded.hint = hintOf(answer, context.now);
    if (const TiktokCode* const row = code ? tiktokCode(*code) : nullptr)
        decoded.configAfter = row->configAfter;
    // A throttle comes with HTTP 200 here, to which hintOf() does not listen.
    if (decoded.request == Outcome::Throttled && !decoded.hint.retryAfter) {
        decoded.hint.retryAfter = retryAfterOf(answer, context.now);
        decoded.hint.source = decoded.hint.retryAfter ? "Retry-After" : "";
    }
    return decoded;
}

LiveCheck TiktokAdapter::liveCheck(const DestinationConfig& destination) const
{
    if (optionOf(destination, "test_event_code").empty())
        return { .kind = LiveCheck::Kind::None,
            .note = "TikTok shows test events only under a code: take one from Events Manager → "
                    "Test events and set test_event_code" };
    return { .kind = LiveCheck::Kind::TestEvent,
        .note = "one event under your test_event_code; it shows in Events Manager → Test events" };
}

} // namespace engine::platforms

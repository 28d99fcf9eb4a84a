#include "platforms/pinterest.h"

#include "platforms/advertising.h"
#include "platforms/answers.h"
#include "platforms/event_names.h"
#include "platforms/option_checks.h"
#include "platforms/pinterest_payload.h"
#include "platforms/quota_headers.h"
#include "platforms/requests.h"

#include <algorithm>

namespace engine::platforms {
namespace {

constexpr PinterestCode kCodes[] {
    { 400, 4'196, Outcome::Invalid }, // malformed; which event is not said
    { 401, 2, Outcome::Auth }, // the token is refused
    { 401, 3, Outcome::Config }, // the token lacks the scope
    { 403, 29, Outcome::Config }, // not allowed for this ad account
    { 429, 8, Outcome::Throttled },
    { 503, 4'197, Outcome::Transient, true }, // the endpoint is being ramped down
};

const PinterestCode* findRow(int status, std::int64_t code)
{
    const auto* const row
        = std::find_if(std::begin(kCodes), std::end(kCodes), [&](const PinterestCode& candidate) {
              return candidate.status == status && candidate.code == code;
          });
    return row == std::end(kCodes) ? nullptr : row;
}

// "events" stands at the top of a success and, integrations say, inside "details" of a 422.
const Json* eventsOf(const Json& json, std::size_t records)
{
    for (const std::string_view path : { "events", "details.events" }) {
        const Json* const events = json.at(path);
        if (events != nullptr && events->isArray() && events->items().size() == records)
            return events;
    }
    return nullptr;
}

std::string textOf(const Json& json, std::string_view key)
{
    const Json* const value = json.find(key);
    return value != nullptr ? excerpt(value->text()) : std::string {};
}

RecordOutcome rowOutcome(const Json& row, ErrorForm form)
{
    const std::string status = textOf(row, "status");
    if (status == "processed")
        return {};
    if (status == "failed")
        return { .outcome = Outcome::Invalid,
            .code = "failed",
            .message = textOf(row, "error_message"),
            .form = form };
    return { .outcome = Outcome::Unknown,
        .code = "unreadable_answer",
        .message = "the platform did not say what became of this event",
        .form = form };
}

Decoded decodeRows(const Json& rows, ErrorForm form)
{
    std::vector<RecordOutcome> outcomes;
    for (const Json& row : rows.items())
        outcomes.push_back(rowOutcome(row, form));
    return decodedRows(std::move(outcomes));
}

Verdict verdictOf(const HttpAnswer& answer, const Json* json)
{
    Verdict verdict = verdictOfStatus(answer);
    if (json == nullptr || answer.status / 100 == 2)
        return verdict;
    const Json* const code = json->find("code");
    const std::string message = textOf(*json, "message");
    if (!message.empty())
        verdict.message = message;
    if (code == nullptr || !code->asInt())
        return verdict;
    verdict.code = std::to_string(*code->asInt());
    if (const PinterestCode* row = findRow(answer.status, *code->asInt())) {
        verdict.outcome = row->outcome;
        verdict.isIndexUnknown = row->outcome == Outcome::Invalid;
    }
    return verdict;
}

bool isLongBlock(const Verdict& verdict, int status)
{
    return std::any_of(std::begin(kCodes), std::end(kCodes), [&](const PinterestCode& row) {
        return row.isLongBlock && row.status == status && std::to_string(row.code) == verdict.code;
    });
}

} // namespace

std::span<const PinterestCode> pinterestCodes() { return kCodes; }

std::vector<OptionProblem> PinterestAdapter::checkOptions(
    const DestinationConfig& destination) const
{
    OptionChecks checks(destination);
    checks.isActionSource();
    checks.areNames([](std::string_view name) { return isInClosedList("pinterest", name); },
        "a name of Pinterest's such as checkout or custom");
    return checks.take();
}

std::optional<NotForPlatform> PinterestAdapter::unroutable(
    const CanonicalEvent& event, const DestinationConfig&) const
{
    if (auto reason = notForAdvertising(event, OptOut::HasFlag))
        return reason;
    const auto has = [&](std::string_view path) { return isPresent(event.json, path); };
    const bool isFindable = has("user.email") || has("user.email_sha256") || has("device.idfa")
        || has("device.gaid") || (has("user.ip") && has("user.user_agent"));
    if (!isFindable)
        return NotForPlatform { .reason = "no_identifier" };
    return std::nullopt;
}

bool PinterestAdapter::isAccountValid(std::string_view account) const
{
    return account.size() >= 5 && account.size() <= 20
        && std::all_of(account.begin(), account.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Encoded PinterestAdapter::encode(const CanonicalEvent& event, const EncodeContext& context) const
{
    const DestinationConfig& destination = *context.destination;
    return encodedWithin(event, acceptedAge(event, destination), context, [&](Fields& fields) {
        return Record { .body = pinterestPayload(event, destination, fields).dump(),
            .batchKey = "events" };
    });
}

Result<HttpRequest> PinterestAdapter::request(
    std::span<const Record> records, const EncodeContext& context, const Secrets& secrets) const
{
    const auto token = secretValue(secrets, "access_token");
    if (!token)
        return tl::unexpected<Error>(token.error());
    std::string url = context.destination->endpoint + "/ad_accounts/"
        + percentEncoded(context.account) + "/events";
    if (context.isLiveCheck)
        url += "?test=true";
    HttpRequest request = jsonRequest(context, "POST", std::move(url));
    request.headers.emplace_back("Authorization", "Bearer " + *token);
    request.body = joinedBodies(records, R"({"data":[)", "]}");
    return request;
}

Decoded PinterestAdapter::decode(
    const HttpAnswer& answer, std::span<const Record> records, const EncodeContext& context) const
{
    const auto json = parseJson(answer.body);
    const bool isObject = json && json->isObject();
    const bool isAboutRows = answer.status / 100 == 2 || answer.status == 422;
    const Json* const rows = isObject && isAboutRows ? eventsOf(*json, records.size()) : nullptr;
    Decoded decoded;
    if (rows != nullptr) {
        decoded = decodeRows(*rows, formOfStatus(answer.status));
    } else {
        const Verdict verdict = verdictOf(answer, isObject ? &*json : nullptr);
        decoded = decodedWhole(verdict, records.size());
        if (isLongBlock(verdict, answer.status)) {
            for (RecordOutcome& record : decoded.records)
                record.retryAfter = context.destination->contract.cooldownMax;
        }
    }
    decoded.hint = hintOf(answer, context.now);
    addQuota(answer, decoded.request == Outcome::Throttled, decoded.hint);
    return decoded;
}

LiveCheck PinterestAdapter::liveCheck(const DestinationConfig&) const
{
    return { .kind = LiveCheck::Kind::ValidateOnly,
        .note = "one event with test=true: Pinterest answers as usual and records nothing" };
}

} // namespace engine::platforms

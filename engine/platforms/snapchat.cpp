#include "platforms/snapchat.h"

#include "platforms/answers.h"
#include "platforms/event_names.h"
#include "platforms/option_checks.h"
#include "platforms/requests.h"
#include "platforms/snapchat_payload.h"

#include <algorithm>

namespace engine::platforms {
namespace {

// "2000", "2,000": by itself, not inside another number or a date.
bool namesMost(std::string_view text, std::string_view number)
{
    const auto isPart = [](char c) { return (c >= '0' && c <= '9') || c == '-' || c == ':'; };
    for (auto at = text.find(number); at != text.npos; at = text.find(number, at + 1)) {
        const auto end = at + number.size();
        const bool isAlone
            = (at == 0 || !isPart(text[at - 1])) && (end == text.size() || !isPart(text[end]));
        if (isAlone)
            return true;
    }
    return false;
}

// Too many events come as a 400 whose reason is the only sign, and its words are published nowhere:
// it speaks of events and of how many there may be. A number alone says nothing, because times
// have such numbers too.
bool isAboutSize(std::string_view reason)
{
    const std::string text = toLowerAscii(reason);
    if (text.find("events") == text.npos && text.find("records") == text.npos)
        return false;
    return namesMost(text, "2000") || namesMost(text, "2,000")
        || text.find("too many") != text.npos;
}

std::string reasonOf(const Json& json)
{
    const Json* const reason = json.find("reason");
    return reason != nullptr ? excerpt(reason->text()) : std::string {};
}

// error_records: [{"reason":"…","record_indexes":[0,3]}]. Places outside the request say nothing.
std::vector<NamedFault> faultsOf(const Json& json, std::size_t records, ErrorForm form)
{
    std::vector<NamedFault> faults;
    const Json* const groups = json.find("error_records");
    if (groups == nullptr)
        return faults;
    for (const Json& group : groups->items()) {
        const Json* const places = group.find("record_indexes");
        if (places == nullptr)
            continue;
        for (const Json& place : places->items()) {
            const auto index = place.asInt();
            if (!index || *index < 0 || static_cast<std::size_t>(*index) >= records)
                continue;
            faults.push_back({ .index = static_cast<std::size_t>(*index),
                .outcome = { .outcome = Outcome::Invalid,
                    .code = "INVALID",
                    .message = reasonOf(group),
                    .form = form } });
        }
    }
    return faults;
}

Verdict verdictOf(const HttpAnswer& answer, const Json& json)
{
    Verdict verdict = verdictOfStatus(answer);
    const auto* const row = std::find_if(std::begin(kSnapchatStatuses), std::end(kSnapchatStatuses),
        [&](const SnapchatStatus& candidate) { return candidate.status == answer.status; });
    if (row != std::end(kSnapchatStatuses))
        verdict.outcome = row->outcome;
    const std::string reason = reasonOf(json);
    if (!reason.empty())
        verdict.message = reason;
    // Records that are named are at fault, whatever stands above them.
    const bool areRecordsNamed
        = json.find("error_records") != nullptr && !json.find("error_records")->items().empty();
    if (verdict.outcome == Outcome::Invalid && !areRecordsNamed && isAboutSize(reason))
        verdict.outcome = Outcome::Oversize;
    verdict.isIndexUnknown = verdict.outcome == Outcome::Invalid;
    return verdict;
}

Decoded decodeSuccess(const HttpAnswer& answer, const Json& json, std::size_t records)
{
    const auto faults = faultsOf(json, records, ErrorForm::InBody);
    if (!faults.empty()) {
        std::vector<RecordOutcome> outcomes(records);
        for (const NamedFault& fault : faults)
            outcomes[fault.index] = fault.outcome;
        return decodedRows(std::move(outcomes));
    }
    const Json* const status = json.find("status");
    const std::string said = status != nullptr ? status->text() : std::string {};
    if (said == "VALID")
        return decodedWhole({ .outcome = Outcome::Accepted }, records);
    if (said == "INVALID")
        return decodedWhole({ .outcome = Outcome::Invalid,
                                .code = said,
                                .message = reasonOf(json),
                                .form = ErrorForm::InBody,
                                .isIndexUnknown = true },
            records);
    return decodedWhole(verdictOfStatus(answer), records);
}

} // namespace

std::vector<OptionProblem> SnapchatAdapter::checkOptions(const DestinationConfig& destination) const
{
    OptionChecks checks(destination);
    checks.isOneOf("auth", { "query", "bearer" });
    checks.isActionSource();
    checks.areNames([](std::string_view name) { return isInClosedList("snapchat", name); },
        "a name of Snapchat's such as PURCHASE or CUSTOM_EVENT_1");
    return checks.take();
}

NameRule SnapchatAdapter::nameRule(const DestinationConfig&) const { return NameRule::Known; }

std::optional<NotForPlatform> SnapchatAdapter::unroutable(
    const CanonicalEvent& event, const DestinationConfig& destination) const
{
    if (auto reason = notForAdvertising(event))
        return reason;
    const auto has = [&](std::string_view path) { return isPresent(event.json, path); };
    const bool isFindable = has("user.email") || has("user.email_sha256") || has("user.phone_e164")
        || has("user.phone_sha256_digits") || has("device.idfa") || has("device.gaid")
        || (has("user.ip") && has("user.user_agent"));
    if (!isFindable)
        return NotForPlatform { .reason = "no_identifier" };
    // The list of names is closed, and which CUSTOM_EVENT_n a name of ours is only the operator
    // knows.
    if (mappedNameFor(event, destination).empty())
        return NotForPlatform { .reason = "no_mapping" };
    return std::nullopt;
}

bool SnapchatAdapter::isAccountValid(std::string_view account) const
{
    return account.size() >= 8 && account.size() <= 64
        && std::all_of(account.begin(), account.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                   || c == '-';
           });
}

Encoded SnapchatAdapter::encode(const CanonicalEvent& event, const EncodeContext& context) const
{
    const DestinationConfig& destination = *context.destination;
    return encodedWithin(event, acceptedAge(event, destination), context, [&](Fields& fields) {
        return Record { .body = snapchatPayload(event, destination, fields).dump(),
            .batchKey = "events" };
    });
}

Result<HttpRequest> SnapchatAdapter::request(
    std::span<const Record> records, const EncodeContext& context, const Secrets& secrets) const
{
    const auto token = secretValue(secrets, "access_token");
    if (!token)
        return tl::unexpected<Error>(token.error());
    const bool isBearer = optionOf(*context.destination, "auth") == "bearer";
    std::string url
        = context.destination->endpoint + '/' + percentEncoded(context.account) + "/events";
    if (context.isLiveCheck)
        url += "/validate";
    if (!isBearer)
        url += "?access_token=" + percentEncoded(*token);
    HttpRequest request = jsonRequest(context, "POST", std::move(url));
    if (isBearer)
        request.headers.emplace_back("Authorization", "Bearer " + *token);
    request.body = joinedBodies(records, R"({"data":[)", "]}");
    return request;
}

Decoded SnapchatAdapter::decode(
    const HttpAnswer& answer, std::span<const Record> records, const EncodeContext& context) const
{
    auto parsed = parseJson(answer.body);
    const Json json = parsed && parsed->isObject() ? std::move(*parsed) : Json::object();
    Decoded decoded;
    if (answer.status / 100 == 2) {
        decoded = decodeSuccess(answer, json, records.size());
    } else {
        const Verdict verdict = verdictOf(answer, json);
        const auto faults = verdict.outcome == Outcome::Invalid
            ? faultsOf(json, records.size(), verdict.form)
            : std::vector<NamedFault> {};
        decoded = faults.empty() ? decodedWhole(verdict, records.size())
                                 : decodedNamed(verdict, faults, records.size());
    }
    decoded.hint = hintOf(answer, context.now);
    return decoded;
}

LiveCheck SnapchatAdapter::liveCheck(const DestinationConfig&) const
{
    return { .kind = LiveCheck::Kind::ValidateOnly,
        .note = "one event to Snapchat's validate address, which looks at it and keeps nothing" };
}

} // namespace engine::platforms

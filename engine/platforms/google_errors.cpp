#include "platforms/google_errors.h"

#include <algorithm>
#include <charconv>

namespace engine::platforms {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kUpload = "conversionUploadError";

// In the order in which they are asked: a value before the rest of its group.
constexpr GoogleCode kCodes[] {
    { kUpload, "CLICK_CONVERSION_ALREADY_EXISTS", Outcome::Accepted, "taken earlier" },
    { kUpload, "DUPLICATE_CLICK_CONVERSION_IN_REQUEST", Outcome::Accepted, "twice in the request" },
    { kUpload, "ORDER_ID_ALREADY_IN_USE", Outcome::Accepted, "taken earlier" },
    { kUpload, "DUPLICATE_ORDER_ID", Outcome::Accepted, "twice in the request" },
    // The platform itself says: not before six hours.
    { kUpload, "TOO_RECENT_EVENT", Outcome::Transient, "the click is too recent", 6h },
    { kUpload, "TOO_RECENT_CONVERSION_ACTION", Outcome::Transient, "the action is too new", 6h },
    // A click may take hours to be known; once is enough to find out.
    { kUpload, "EVENT_NOT_FOUND", Outcome::Transient, "the click is not known", 6h, 2 },
    { kUpload, "TOO_MANY_CONVERSIONS_IN_REQUEST", Outcome::Oversize, "more than 2,000" },
    { kUpload, "INVALID_CONVERSION_ACTION", Outcome::Config, "no such conversion action" },
    { kUpload, "INVALID_CONVERSION_ACTION_TYPE", Outcome::Config, "an action of another kind" },
    { kUpload, "NO_CONVERSION_ACTION_FOUND", Outcome::Config, "no such conversion action" },
    { kUpload, "CUSTOMER_NOT_ACCEPTED_CUSTOMER_DATA_TERMS", Outcome::Config, "terms not accepted" },
    { kUpload, "CUSTOMER_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS", Outcome::Config,
        "enhanced conversions for leads are off" },
    { kUpload, "ONE_PER_CLICK_CONVERSION_ACTION_NOT_PERMITTED_WITH_BRAID", Outcome::Config,
        "the action counts one per click" },
    { kUpload, "INVALID_JOB_ID", Outcome::Config, "job id out of range" },
    // EXPIRED_EVENT, UNPARSEABLE_GCLID, CONVERSION_PRECEDES_EVENT, CLICK_NOT_FOUND, …
    { kUpload, "", Outcome::Invalid, "the conversion can not be taken" },
    { "notAllowlistedError", "", Outcome::Config, "this way in is closed to the project" },
    { "quotaError", "", Outcome::Throttled, "quota used up" },
    { "databaseError", "", Outcome::Transient, "two writes met" },
    { "internalError", "", Outcome::Transient, "the platform failed" },
    { "authenticationError", "CUSTOMER_NOT_FOUND", Outcome::Config, "no such customer" },
    { "authenticationError", "DEVELOPER_TOKEN_INVALID", Outcome::Config, "developer token wrong" },
    { "authenticationError", "", Outcome::Auth, "the token is refused" },
    { "authorizationError", "", Outcome::Config, "no permission" },
    // "conversions[3].conversion_value" of a body that could not be read.
    { "fieldViolation", "", Outcome::Invalid, "a value has the wrong form" },
};

constexpr GoogleStatus kStatuses[] {
    { "INVALID_ARGUMENT", Outcome::Invalid },
    { "FAILED_PRECONDITION", Outcome::Invalid },
    { "OUT_OF_RANGE", Outcome::Invalid },
    { "UNAUTHENTICATED", Outcome::Auth },
    { "PERMISSION_DENIED", Outcome::Config },
    { "NOT_FOUND", Outcome::Config },
    { "UNIMPLEMENTED", Outcome::Config },
    { "RESOURCE_EXHAUSTED", Outcome::Throttled },
    { "ABORTED", Outcome::Transient },
    { "CANCELLED", Outcome::Transient },
    { "INTERNAL", Outcome::Transient },
    { "UNAVAILABLE", Outcome::Transient },
    { "DEADLINE_EXCEEDED", Outcome::Transient },
    { "UNKNOWN", Outcome::Transient },
};

std::string textOf(const Json& object, std::string_view key)
{
    const Json* const value = object.find(key);
    return value != nullptr ? value->text() : std::string {};
}

// "conversions[3].gclid" → 3; a list without a number is its first element.
std::optional<std::size_t> indexInPath(std::string_view path, std::string_view list)
{
    const auto at = path.find(list);
    if (at == std::string_view::npos)
        return std::nullopt;
    path.remove_prefix(at + list.size());
    std::size_t index = 0;
    if (path.starts_with('['))
        std::from_chars(path.data() + 1, path.data() + path.size(), index);
    return index;
}

std::optional<std::size_t> indexOf(const Json& error, std::string_view list)
{
    const Json* const elements = error.at("location.fieldPathElements");
    if (elements == nullptr)
        return std::nullopt;
    for (const Json& element : elements->items()) {
        if (textOf(element, "fieldName") != list)
            continue;
        const Json* const index = element.find("index");
        const auto number = index != nullptr ? index->asInt() : std::optional<std::int64_t>(0);
        if (number && *number >= 0)
            return static_cast<std::size_t>(*number);
    }
    return std::nullopt;
}

RecordOutcome outcomeFor(std::string_view group, std::string_view value, const std::string& message)
{
    const GoogleCode* const code = findGoogleCode(group, value);
    // A group that nobody has listed is about a field: dates, strings, ranges.
    RecordOutcome outcome { .outcome = code != nullptr ? code->outcome : Outcome::Invalid,
        .code = value.empty() ? std::string(group) : std::string(value),
        .message = excerpt(message),
        .form = ErrorForm::InBody };
    if (outcome.outcome == Outcome::Accepted)
        outcome.form = ErrorForm::None;
    if (code != nullptr) {
        outcome.retryAfter = code->wait;
        outcome.refusalsMax = code->refusalsMax;
    }
    return outcome;
}

// {"errorCode":{"conversionUploadError":"EXPIRED_EVENT"},"message":"…","location":…}. The value
// that caused it ("trigger") stays out: it may be a person's.
GoogleError readError(const Json& error, std::string_view list)
{
    std::string group;
    std::string value;
    if (const Json* const code = error.find("errorCode"); code != nullptr) {
        for (const auto& [name, member] : code->members()) {
            group = name;
            value = member.text();
        }
    }
    return { .outcome = outcomeFor(group, value, textOf(error, "message")),
        .index = indexOf(error, list) };
}

GoogleError readViolation(const Json& violation, std::string_view list)
{
    const std::string field = textOf(violation, "field");
    const std::string text = textOf(violation, "description");
    auto index = indexInPath(field, list);
    if (!index)
        index = indexInPath(text, list);
    return { .outcome = outcomeFor("fieldViolation", {}, field + ": " + text), .index = index };
}

Outcome outcomeOfStatusName(std::string_view name, int status)
{
    const auto* const row = std::find_if(std::begin(kStatuses), std::end(kStatuses),
        [&](const GoogleStatus& candidate) { return candidate.name == name; });
    return row != std::end(kStatuses) ? row->outcome : outcomeOfStatus(status);
}

// "40591s"
std::optional<Millis> readDuration(std::string_view text)
{
    if (!text.ends_with('s'))
        return std::nullopt;
    text.remove_suffix(1);
    return text.empty() ? std::nullopt : parseDelaySeconds(text);
}

// "Too many requests. Retry in 30 seconds."
std::optional<Millis> delayInText(std::string_view text)
{
    constexpr std::string_view kBefore = "Retry in ";
    const auto at = text.find(kBefore);
    if (at == std::string_view::npos)
        return std::nullopt;
    text.remove_prefix(at + kBefore.size());
    const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789"));
    return digits.empty() ? std::nullopt : parseDelaySeconds(digits);
}

void readQuota(const Json& error, ThrottleHint& hint)
{
    if (const Json* const quota = error.at("details.quotaErrorDetails")) {
        hint.isCredentialWide = hint.isCredentialWide || textOf(*quota, "rateScope") == "DEVELOPER";
        if (const auto delay = readDuration(textOf(*quota, "retryDelay"))) {
            hint.retryAfter = std::max(hint.retryAfter, std::optional(*delay));
            hint.source = "retryDelay in the answer";
        }
    }
    if (hint.retryAfter)
        return;
    hint.retryAfter = delayInText(textOf(error, "message"));
    if (hint.retryAfter)
        hint.source = "the text of the answer";
}

// [{"reason":"…","recordCount":"12"}] as "… (12)".
void addCounts(const Json* counts, std::string& text, std::int64_t& sum)
{
    if (counts == nullptr)
        return;
    for (const Json& count : counts->items()) {
        const Json* const records = count.find("recordCount");
        const std::int64_t number = records != nullptr ? records->asInt().value_or(0) : 0;
        sum += number;
        text += (text.empty() ? "" : ", ") + excerpt(textOf(count, "reason")) + " ("
            + std::to_string(number) + ')';
    }
}

} // namespace

std::span<const GoogleCode> googleCodes() { return kCodes; }

std::span<const GoogleStatus> googleStatuses() { return kStatuses; }

const GoogleCode* findGoogleCode(std::string_view group, std::string_view value)
{
    const auto* const row
        = std::find_if(std::begin(kCodes), std::end(kCodes), [&](const GoogleCode& code) {
              return code.group == group && (code.value.empty() || code.value == value);
          });
    return row == std::end(kCodes) ? nullptr : row;
}

std::vector<GoogleError> readGoogleErrors(
    const Json& failure, std::string_view list, std::size_t records)
{
    std::vector<GoogleError> all;
    const Json* const details = failure.find("details");
    if (details == nullptr)
        return all;
    for (const Json& detail : details->items()) {
        if (const Json* const errors = detail.find("errors"); errors != nullptr) {
            for (const Json& error : errors->items())
                all.push_back(readError(error, list));
        }
        if (const Json* const violations = detail.find("fieldViolations"); violations != nullptr) {
            for (const Json& violation : violations->items())
                all.push_back(readViolation(violation, list));
        }
    }
    std::erase_if(all, [&](const GoogleError& error) { return error.index >= records; });
    return all;
}

Decoded decodeGoogleRefusal(
    const Json& error, const HttpAnswer& answer, std::string_view list, std::size_t records)
{
    const std::string name = textOf(error, "status");
    Verdict verdict { .outcome = outcomeOfStatusName(name, answer.status),
        .code = name.empty() ? std::to_string(answer.status) : name,
        .message = excerpt(textOf(error, "message")),
        .form = formOfStatus(answer.status) };
    std::vector<NamedFault> faults;
    bool isWhole = false;
    for (const GoogleError& one : readGoogleErrors(error, list, records)) {
        const bool isFirst = faults.empty() && !isWhole;
        if (isFirst || graver(verdict.outcome, one.outcome.outcome) != verdict.outcome) {
            verdict.outcome = one.outcome.outcome;
            verdict.code = one.outcome.code;
            verdict.message = one.outcome.message;
        }
        if (one.index && one.outcome.outcome != Outcome::Throttled)
            faults.push_back({ .index = *one.index, .outcome = one.outcome });
        else
            isWhole = true;
    }
    for (NamedFault& fault : faults)
        fault.outcome.form = verdict.form;
    if (!faults.empty() && !isWhole)
        return decodedNamed(verdict, faults, records);
    verdict.isIndexUnknown = verdict.outcome == Outcome::Invalid;
    return decodedWhole(verdict, records);
}

ReceiptAnswer decodeGoogleReceipt(const HttpAnswer& answer)
{
    using State = ReceiptAnswer::State;
    const auto json = parseJson(answer.body);
    const Json* const all = json ? json->find("requestStatusPerDestination") : nullptr;
    const Outcome outcome = outcomeOfStatus(answer.status);
    if (outcome != Outcome::Accepted || all == nullptr)
        return { .state = outcome == Outcome::Invalid || outcome == Outcome::Config
                ? State::Gone
                : State::Pending };
    ReceiptAnswer told { .state = State::Done };
    for (const Json& one : all->items()) {
        const std::string state = textOf(one, "requestStatus");
        if (state != "SUCCESS" && state != "PARTIAL_SUCCESS" && state != "FAILED")
            return { .state = State::Pending };
        std::int64_t refused = 0;
        addCounts(one.at("errorInfo.errorCounts"), told.text, refused);
        std::int64_t warned = 0; // taken all the same
        addCounts(one.at("warningInfo.warningCounts"), told.text, warned);
        const Json* const whole = one.at("eventsIngestionStatus.recordCount");
        if (state == "FAILED" && refused == 0) {
            refused = whole != nullptr ? whole->asInt().value_or(0) : 0;
            told.text += (told.text.empty() ? "" : ", ") + std::string("no reason given");
        }
        told.refused += refused;
    }
    return told;
}

ThrottleHint googleHint(const HttpAnswer& answer, const Result<Json>& json, WallTime now)
{
    ThrottleHint standard = hintOf(answer, now);
    ThrottleHint hint;
    const Json* const details = json ? json->at("error.details") : nullptr;
    if (details != nullptr) {
        for (const Json& detail : details->items()) {
            if (const Json* const errors = detail.find("errors"); errors != nullptr) {
                for (const Json& error : errors->items())
                    readQuota(error, hint);
            }
            // google.rpc.RetryInfo, as other interfaces of the platform send it.
            if (const auto delay = readDuration(textOf(detail, "retryDelay"))) {
                hint.retryAfter = *delay;
                hint.source = "retryDelay in the answer";
            }
        }
    }
    if (standard.retryAfter) {
        hint.retryAfter = standard.retryAfter;
        hint.wasCut = standard.wasCut;
        hint.source = standard.source;
    }
    return hint;
}

} // namespace engine::platforms

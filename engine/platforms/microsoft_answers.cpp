#include "platforms/microsoft_answers.h"

#include <algorithm>

namespace engine::platforms {
namespace {

using namespace std::chrono_literals;

constexpr MicrosoftCode kCodes[] {
    { 0, "InternalError", Outcome::Transient },
    { 100, "NullRequest", Outcome::Config },
    { 105, "InvalidCredentials", Outcome::Auth },
    { 106, "UserIsNotAuthorized", Outcome::Config },
    { 109, "AuthenticationTokenExpired", Outcome::Auth },
    { 116, "RequestMissingHeaders", Outcome::Config },
    { 117, "CallRateExceeded", Outcome::Throttled, 60s }, // the platform's own minute
    { 120, "UserLoginAccessDenied", Outcome::Config },
    { 207, "ConcurrentRequestOverLimit", Outcome::Throttled },
    { 5'600, "OfflineConversionsNull", Outcome::Config },
    { 5'601, "OfflineConversionsLimitExceeded", Outcome::Oversize },
    { 5'602, "OfflineConversionNull", Outcome::Config },
    { 5'603, "MicrosoftClickIdEmpty", Outcome::Invalid },
    { 5'604, "OfflineConversionMicrosoftClickIdInvalid", Outcome::Invalid },
    { 5'605, "ConversionNameEmpty", Outcome::Config },
    { 5'606, "ConversionNameWithoutGoal", Outcome::Config },
    { 5'607, "ConversionTimeInvalid", Outcome::Invalid },
    { 5'608, "ConversionTimeEmpty", Outcome::Invalid },
    { 5'609, "ConversionTimeOutOfWindow", Outcome::Invalid },
    { 5'610, "ConversionValueInvalid", Outcome::Invalid },
    { 5'611, "ConversionCurrencyCodeInvalid", Outcome::Invalid },
    { 5'612, "OfflineConversionsApplyFailed", Outcome::Transient },
    { 5'613, "FeatureNotEnabledForCustomer", Outcome::Config },
    { 5'614, "FutureConversionTimeCannotBeSet", Outcome::Invalid },
    // A goal takes conversions two hours after it was made.
    { 5'615, "OfflineConversionNotAcceptedForGoal", Outcome::Transient, 2h },
    { 5'616, "ConversionTimeBeforeClick", Outcome::Invalid },
    { 5'617, "ConversionTimeOutsideGoalWindow", Outcome::Invalid },
    { 5'618, "AdjustmentInvalid", Outcome::Invalid },
    { 5'619, "AdjustmentInvalid", Outcome::Invalid },
    { 5'620, "AdjustmentInvalid", Outcome::Invalid },
    { 5'621, "AdjustmentInvalid", Outcome::Invalid },
};

const MicrosoftCode* findCode(std::optional<std::int64_t> code)
{
    const auto* const row = std::find_if(std::begin(kCodes), std::end(kCodes),
        [&](const MicrosoftCode& candidate) { return candidate.code == code; });
    return row == std::end(kCodes) ? nullptr : row;
}

std::string textOf(const Json& object, std::string_view key)
{
    const Json* const value = object.find(key);
    return value != nullptr ? value->text() : std::string {};
}

std::optional<std::int64_t> numberOf(const Json& object, std::string_view key)
{
    const Json* const value = object.find(key);
    return value != nullptr ? value->asInt() : std::nullopt;
}

// {"Code":5604,"ErrorCode":"…","Message":"…","FieldPath":"…"}; `unlisted` is what a code means that
// nobody has listed yet.
RecordOutcome outcomeOf(const Json& error, Outcome unlisted)
{
    const auto number = numberOf(error, "Code");
    const MicrosoftCode* const row = findCode(number);
    std::string message = textOf(error, "ErrorCode");
    const std::string text = textOf(error, "Message");
    if (!text.empty())
        message += (message.empty() ? "" : ": ") + text;
    RecordOutcome outcome { .outcome = row != nullptr ? row->outcome : unlisted,
        .code = number ? std::to_string(*number) : std::string("no_code"),
        .message = excerpt(message),
        .form = ErrorForm::InBody };
    if (row != nullptr)
        outcome.retryAfter = row->wait;
    return outcome;
}

// The lists in which a fault keeps its errors, in the two shapes that it may have.
constexpr std::string_view kFaultLists[] { "Errors", "OperationErrors", "BatchErrors" };

struct Fault {
    std::vector<RecordOutcome> ofRequest {};
    std::vector<NamedFault> ofRecords {};
};
Fault readFault(const Json& json, const HttpAnswer& answer, std::size_t records)
{
    Fault fault;
    Outcome unlisted = outcomeOfStatus(answer.status);
    if (unlisted == Outcome::Accepted)
        unlisted = Outcome::Unknown;
    for (const std::string_view name : kFaultLists) {
        const Json* const list = json.find(name);
        if (list == nullptr)
            continue;
        for (const Json& error : list->items()) {
            if (!error.isObject())
                continue;
            RecordOutcome outcome = outcomeOf(error, unlisted);
            outcome.form = formOfStatus(answer.status);
            const auto index = numberOf(error, "Index");
            const bool isNamed = name == "BatchErrors" && index && *index >= 0
                && static_cast<std::size_t>(*index) < records;
            if (isNamed)
                fault.ofRecords.push_back({ static_cast<std::size_t>(*index), std::move(outcome) });
            else
                fault.ofRequest.push_back(std::move(outcome));
        }
    }
    return fault;
}

Verdict verdictOf(const RecordOutcome& outcome)
{
    return { .outcome = outcome.outcome,
        .code = outcome.code,
        .message = outcome.message,
        .form = outcome.form,
        .isIndexUnknown = outcome.outcome == Outcome::Invalid };
}

Decoded decodeFault(const Fault& fault, std::size_t records)
{
    const auto gravest = [](const RecordOutcome& a, const RecordOutcome& b) {
        return a.outcome != b.outcome && graver(a.outcome, b.outcome) == b.outcome;
    };
    if (fault.ofRequest.empty()) {
        const RecordOutcome& first = fault.ofRecords.front().outcome;
        return decodedNamed(verdictOf(first), fault.ofRecords, records);
    }
    const RecordOutcome& worst
        = *std::max_element(fault.ofRequest.begin(), fault.ofRequest.end(), gravest);
    return decodedWhole(verdictOf(worst), records);
}

// Sparse and in any order; an entry may be null. What is not listed was taken.
Decoded decodePartial(const Json& list, std::size_t records)
{
    std::vector<RecordOutcome> rows(records);
    for (const Json& error : list.items()) {
        if (!error.isObject())
            continue;
        const auto index = numberOf(error, "Index");
        if (!index || *index < 0 || static_cast<std::size_t>(*index) >= records) {
            // Something failed and nobody says what: repeats are ignored by the platform.
            RecordOutcome outcome = outcomeOf(error, Outcome::Unknown);
            outcome.outcome = Outcome::Unknown;
            Verdict verdict = verdictOf(outcome);
            verdict.isIndexUnknown = true;
            return decodedWhole(verdict, records);
        }
        RecordOutcome& row = rows[static_cast<std::size_t>(*index)];
        RecordOutcome found = outcomeOf(error, Outcome::Invalid);
        if (row.outcome == Outcome::Accepted || graver(row.outcome, found.outcome) != row.outcome)
            row = std::move(found);
    }
    return decodedRows(std::move(rows));
}

ThrottleHint offlineHint(const HttpAnswer& answer, const Decoded& decoded, WallTime now)
{
    ThrottleHint hint = hintOf(answer, now);
    if (hint.retryAfter)
        return hint;
    for (const RecordOutcome& record : decoded.records) {
        const MicrosoftCode* const row = record.outcome == Outcome::Throttled
            ? findCode(Json::number(record.code).asInt())
            : nullptr;
        if (row != nullptr && row->wait) {
            hint.retryAfter = row->wait;
            hint.source = "code " + record.code;
        }
    }
    return hint;
}

} // namespace

std::span<const MicrosoftCode> microsoftCodes() { return kCodes; }

Decoded decodeOfflineAnswer(const HttpAnswer& answer, std::size_t records, WallTime now)
{
    const auto json = parseJson(answer.body);
    const bool isObject = json && json->isObject();
    const Fault fault = isObject ? readFault(*json, answer, records) : Fault {};
    Decoded decoded;
    if (!fault.ofRequest.empty() || !fault.ofRecords.empty()) {
        decoded = decodeFault(fault, records);
    } else if (isObject && answer.status / 100 == 2) {
        const Json* const errors = json->find("PartialErrors");
        decoded = decodePartial(errors != nullptr ? *errors : Json {}, records);
    } else {
        decoded = decodedWhole(verdictOfStatus(answer), records);
    }
    decoded.hint = offlineHint(answer, decoded, now);
    return decoded;
}

Decoded decodeUetAnswer(const HttpAnswer& answer, std::size_t records, WallTime now)
{
    const auto json = parseJson(answer.body);
    const bool isObject = json && json->isObject();
    const Json* const details = isObject ? json->at("error.details") : nullptr;
    std::vector<NamedFault> faults;
    if (details != nullptr) {
        for (const Json& detail : details->items()) {
            const auto index = numberOf(detail, "index");
            const Json* const warning = detail.find("isWarning");
            const bool isSent = index && *index >= 0 && static_cast<std::size_t>(*index) < records;
            if (!isSent || (warning != nullptr && warning->asBool()))
                continue;
            // What was tried ("attemptedValue") stays out: it may be a person's.
            const std::string code = textOf(detail, "errorCode");
            faults.push_back({ .index = static_cast<std::size_t>(*index),
                .outcome = { .outcome = Outcome::Invalid,
                    .code = code.empty() ? std::string("validation") : code,
                    .message = excerpt(
                        textOf(detail, "propertyName") + ": " + textOf(detail, "errorMessage")),
                    .form = formOfStatus(answer.status) } });
        }
    }
    Verdict verdict = verdictOfStatus(answer);
    if (isObject && json->at("error.message") != nullptr)
        verdict.message = excerpt(json->at("error.message")->text());
    const auto received = isObject ? numberOf(*json, "eventsReceived") : std::nullopt;
    Decoded decoded;
    if (answer.status / 100 != 2 && verdict.outcome == Outcome::Invalid && !faults.empty())
        decoded = decodedNamed(verdict, faults, records);
    else if (answer.status / 100 != 2 || !received)
        decoded = decodedWhole(verdict, records);
    else if (faults.empty() && *received != static_cast<std::int64_t>(records))
        decoded = decodedWhole({ .outcome = Outcome::Unknown,
                                   .code = "events_received",
                                   .message = "the platform counts " + std::to_string(*received)
                                       + " of " + std::to_string(records) + " events",
                                   .form = ErrorForm::InBody,
                                   .isIndexUnknown = true },
            records);
    else
        decoded = acceptedButFor(faults, records);
    decoded.hint = hintOf(answer, now);
    return decoded;
}

} // namespace engine::platforms

#include "platforms/meta.h"

#include "platforms/advertising.h"
#include "platforms/meta_payload.h"
#include "platforms/option_checks.h"
#include "platforms/requests.h"

#include <algorithm>
#include <iterator>

namespace engine::platforms {
namespace {

constexpr std::string_view kPartnerAgent = "spillway-" SPILLWAY_VERSION;

constexpr MetaVerdict kInvalidSomewhere { .outcome = Outcome::Invalid, .isIndexUnknown = true };
constexpr MetaCode kCodes[] {
    { 190, 190, {}, { .outcome = Outcome::Auth } }, // token expired or revoked
    { 102, 102, {}, { .outcome = Outcome::Auth } }, // login state invalid
    { 3, 3, {}, { .outcome = Outcome::Config } }, // capability missing
    { 10, 10, {}, { .outcome = Outcome::Config } }, // permission missing
    { 200, 299, {}, { .outcome = Outcome::Config } }, // permission missing
    { 100, 100, 33, { .outcome = Outcome::Config } }, // no such dataset, or not ours
    { 4, 4, {}, { .outcome = Outcome::Throttled } }, // per app
    { 17, 17, {}, { .outcome = Outcome::Throttled } }, // per user or ad account
    { 32, 32, {}, { .outcome = Outcome::Throttled } }, // per page
    { 613, 613, {}, { .outcome = Outcome::Throttled } }, // per ad account
    { 80'000, 80'014, {}, { .outcome = Outcome::Throttled } }, // business use cases
    { 341, 341, {}, { .outcome = Outcome::Throttled, .isLongBlock = true } },
    { 368, 368, {}, { .outcome = Outcome::Throttled, .isLongBlock = true } },
    { 105, 105, {}, { .outcome = Outcome::Oversize } }, // too many parameters
    { 100, 100, {}, kInvalidSomewhere, true }, // 2804003 too old, 2804009 value missing, …
    { 1, 2, {}, { .outcome = Outcome::Transient }, true },
    { 5'000, 5'000, {}, { .outcome = Outcome::Transient }, true },
    { 21'009, 21'009, {}, { .outcome = Outcome::Transient }, true },
};

MetaError readError(const Json& json)
{
    const auto number = [&](std::string_view key) {
        const Json* const value = json.find(key);
        return value != nullptr ? value->asInt().value_or(0) : 0;
    };
    const auto text = [&](std::string_view key) {
        const Json* const value = json.find(key);
        return value != nullptr ? value->text() : std::string {};
    };
    const Json* const transient = json.find("is_transient");
    MetaError error { .code = number("code"),
        .subcode = number("error_subcode"),
        .isTransient = transient != nullptr && transient->asBool(),
        .message = text("message") };
    const std::string forUsers = text("error_user_msg");
    if (!forUsers.empty())
        error.message += (error.message.empty() ? "" : ": ") + forUsers;
    error.message = excerpt(error.message);
    return error;
}

std::string codeText(const MetaError& error)
{
    std::string text = std::to_string(error.code);
    if (error.subcode != 0)
        text += '/' + std::to_string(error.subcode);
    return text;
}

double numberOf(const Json& object, std::string_view key)
{
    const Json* const value = object.find(key);
    return value != nullptr ? value->asDouble().value_or(0) : 0;
}

double percentOf(const Json& usage)
{
    double percent = 0;
    for (const std::string_view key :
        { "call_count", "total_cputime", "total_time", "acc_id_util_pct" })
        percent = std::max(percent, numberOf(usage, key));
    return percent;
}

std::optional<Json> headerJson(const HttpAnswer& answer, std::string_view name)
{
    const auto text = answer.header(name);
    if (!text)
        return std::nullopt;
    auto json = parseJson(*text);
    if (!json || !json->isObject())
        return std::nullopt;
    return std::move(*json);
}

Millis waitOf(double count, Millis unit)
{
    constexpr Millis kLongest { std::chrono::hours { 24 } };
    const double millis = count * static_cast<double>(unit.count());
    if (!(millis > 0))
        return Millis { 0 };
    if (millis >= static_cast<double>(kLongest.count()))
        return kLongest;
    return Millis { static_cast<std::int64_t>(millis) };
}

// {"<account id>":[{"type","call_count",…,"estimated_time_to_regain_access"}]}; minutes.
void readBusinessUsage(const HttpAnswer& answer, ThrottleHint& hint)
{
    constexpr std::string_view kName = "X-Business-Use-Case-Usage";
    const auto json = headerJson(answer, kName);
    if (!json)
        return;
    Millis wait { 0 };
    for (const auto& [account, uses] : json->members()) {
        for (const Json& use : uses.items()) {
            hint.usageRatio = std::max(hint.usageRatio, percentOf(use) / 100);
            wait = std::max(wait,
                waitOf(
                    numberOf(use, "estimated_time_to_regain_access"), std::chrono::minutes { 1 }));
        }
    }
    if (wait > Millis { 0 }) {
        hint.retryAfter = wait;
        hint.source = kName;
    }
}

} // namespace

std::span<const MetaCode> metaCodes() { return kCodes; }

MetaVerdict classifyMetaError(const MetaError& error, int status)
{
    const auto* const row
        = std::find_if(std::begin(kCodes), std::end(kCodes), [&](const MetaCode& candidate) {
              return error.code >= candidate.first && error.code <= candidate.last
                  && candidate.subcode.value_or(error.subcode) == error.subcode;
          });
    const bool isListed = row != std::end(kCodes);
    if (error.isTransient && (!isListed || row->isUnspecific))
        return { .outcome = Outcome::Transient };
    if (isListed)
        return row->verdict;
    // A code that nobody has listed yet: the status still tells a throttle and a refused token.
    const Outcome byStatus = outcomeOfStatus(status);
    const bool isTelling = byStatus == Outcome::Throttled || byStatus == Outcome::Auth;
    return { .outcome = isTelling ? byStatus : Outcome::Transient };
}

ThrottleHint metaUsageHint(const HttpAnswer& answer, bool isThrottled)
{
    ThrottleHint hint;
    const char* usageSource = "X-App-Usage";
    if (const auto app = headerJson(answer, usageSource))
        hint.usageRatio = percentOf(*app) / 100;
    if (const auto account = headerJson(answer, "X-Ad-Account-Usage")) {
        if (const double used = percentOf(*account) / 100; used > hint.usageRatio) {
            hint.usageRatio = used;
            usageSource = "X-Ad-Account-Usage";
        }
        // Seconds until the counter starts again: a delay only for someone who is over it.
        const Millis wait = waitOf(numberOf(*account, "reset_time_duration"), Seconds { 1 });
        if (isThrottled && wait > Millis { 0 }) {
            hint.retryAfter = wait;
            hint.source = "X-Ad-Account-Usage";
        }
    }
    const double others = hint.usageRatio;
    readBusinessUsage(answer, hint);
    if (hint.source.empty() && hint.usageRatio > 0)
        hint.source = hint.usageRatio > others ? "X-Business-Use-Case-Usage" : usageSource;
    return hint;
}

std::vector<OptionProblem> MetaAdapter::checkOptions(const DestinationConfig& destination) const
{
    OptionChecks checks(destination);
    checks.isOneOf("auth", { "query", "bearer" });
    checks.isActionSource();
    checks.isDuration("physical_store_age");
    checks.isTestTraffic("test_event_code");
    return checks.take();
}

std::optional<NotForPlatform> MetaAdapter::unroutable(
    const CanonicalEvent& event, const DestinationConfig&) const
{
    if (auto reason = notForAdvertising(event, OptOut::HasFlag))
        return reason;
    if (!hasMetaIdentifier(event))
        return NotForPlatform { .reason = "no_identifier" };
    return std::nullopt;
}

std::optional<Seconds> MetaAdapter::acceptedAge(
    const CanonicalEvent& event, const DestinationConfig& destination) const
{
    if (!destination.contract.acceptedAge || actionSourceOf(event, destination) != "physical_store")
        return destination.contract.acceptedAge;
    // 62 days for what happened in a shop [doc]; an option, because it is the platform's number.
    constexpr Millis kStoreAge { std::chrono::hours { 24 * 62 } };
    const auto age = parseDuration(optionOf(destination, "physical_store_age"));
    return std::chrono::floor<Seconds>(age.value_or(kStoreAge));
}

bool MetaAdapter::isAccountValid(std::string_view account) const
{
    return account.size() >= 5 && account.size() <= 20
        && std::all_of(account.begin(), account.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Encoded MetaAdapter::encode(const CanonicalEvent& event, const EncodeContext& context) const
{
    return encodedWithin(
        event, acceptedAge(event, *context.destination), context, [&](Fields& fields) {
            return Record { .body = metaPayload(event, context, fields).dump(),
                .batchKey = "events" };
        });
}

Result<HttpRequest> MetaAdapter::request(
    std::span<const Record> records, const EncodeContext& context, const Secrets& secrets) const
{
    const auto token = secretValue(secrets, "access_token");
    if (!token)
        return tl::unexpected<Error>(token.error());
    const bool isBearer = optionOf(*context.destination, "auth") == "bearer";
    std::string url
        = context.destination->endpoint + '/' + percentEncoded(context.account) + "/events";
    if (!isBearer)
        url += "?access_token=" + percentEncoded(*token);
    HttpRequest request = jsonRequest(context, "POST", std::move(url));
    if (isBearer)
        request.headers.emplace_back("Authorization", "Bearer " + *token);

    Json tail = Json::object({ { "partner_agent", Json::string(std::string(kPartnerAgent)) } });
    setText(tail, "test_event_code", testCodeOf(context, "test_event_code"));
    request.body = joinedBodies(records, R"({"data":[)", "]," + tail.dump().substr(1));
    return request;
}

Decoded MetaAdapter::decode(
    const HttpAnswer& answer, std::span<const Record> records, const EncodeContext& context) const
{
    const auto json = parseJson(answer.body);
    const Json* const errorJson = json ? json->find("error") : nullptr;
    const Json* const received = json ? json->find("events_received") : nullptr;
    Verdict verdict = verdictOfStatus(answer);
    bool isLongBlock = false;
    if (errorJson != nullptr && errorJson->isObject()) {
        const MetaError error = readError(*errorJson);
        const MetaVerdict found = classifyMetaError(error, answer.status);
        isLongBlock = found.isLongBlock;
        verdict = { .outcome = found.outcome,
            .code = codeText(error),
            .message = error.message,
            .form = formOfStatus(answer.status),
            .isIndexUnknown = found.isIndexUnknown };
    } else if (answer.status / 100 == 2 && received != nullptr) {
        const bool isAll = received->asInt() == static_cast<std::int64_t>(records.size());
        if (isAll)
            verdict = { .outcome = Outcome::Accepted };
        else
            verdict = { .outcome = Outcome::Unknown,
                .code = "events_received",
                .message = "the platform counts " + excerpt(received->text()) + " of "
                    + std::to_string(records.size()) + " events",
                .form = ErrorForm::InBody,
                .isIndexUnknown = true };
    }
    Decoded decoded = decodedWhole(verdict, records.size());
    decoded.hint = metaUsageHint(answer, verdict.outcome == Outcome::Throttled);
    const ThrottleHint standard = hintOf(answer, context.now);
    if (standard.retryAfter) {
        decoded.hint.retryAfter = standard.retryAfter;
        decoded.hint.wasCut = standard.wasCut;
        decoded.hint.source = standard.source;
    } else if (isLongBlock && !decoded.hint.retryAfter) {
        decoded.hint.retryAfter = context.destination->contract.cooldownMax;
        decoded.hint.source = "code " + verdict.code;
    }
    return decoded;
}

LiveCheck MetaAdapter::liveCheck(const DestinationConfig& destination) const
{
    if (optionOf(destination, "test_event_code").empty())
        return { .kind = LiveCheck::Kind::None,
            .note = "Meta shows test events only under a code: take one from Events Manager → Test "
                    "events and set test_event_code" };
    return { .kind = LiveCheck::Kind::TestEvent,
        .note = "one event under your test_event_code; it shows in Events Manager → Test events" };
}

} // namespace engine::platforms

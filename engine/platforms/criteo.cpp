#include "platforms/criteo.h"

#include "platforms/advertising.h"
#include "platforms/criteo_payload.h"
#include "platforms/option_checks.h"
#include "platforms/requests.h"

namespace engine::platforms {
namespace {

// "UserIdentifierMissing", or an object that names its fault somehow: read as one text.
std::string errorText(const Json& error) { return error.isString() ? error.text() : error.dump(); }

Verdict verdictOfErrors(const Json& errors)
{
    Verdict verdict {
        .outcome = Outcome::Invalid, .form = ErrorForm::InBody, .isIndexUnknown = true
    };
    const std::vector<Json> one { errors };
    for (const Json& error : errors.isArray() ? errors.items() : one) {
        const std::string text = errorText(error);
        verdict.message += (verdict.message.empty() ? "" : "; ") + text;
        if (verdict.code.empty())
            verdict.code = error.isString() ? excerpt(text) : "error";
        for (const CriteoErrorWord& row : kCriteoErrors) {
            if (toLowerAscii(text).find(row.word) != std::string::npos)
                verdict.outcome = row.outcome;
        }
    }
    verdict.message = excerpt(verdict.message);
    verdict.isIndexUnknown = verdict.outcome == Outcome::Invalid;
    return verdict;
}

bool isEmpty(const Json& errors)
{
    return errors.isNull() || (errors.isArray() && errors.items().empty())
        || (errors.isObject() && errors.members().empty());
}

// The events of the others join those of the first: the rest of their bodies is the same.
std::string joinedEvents(std::span<const Record> records)
{
    std::string body = records.front().body;
    for (const Record& record : records.subspan(1)) {
        body.resize(body.size() - 2); // "]}"
        body += ',';
        body += routeOf(record, "event");
        body += "]}";
    }
    return body;
}

} // namespace

std::vector<OptionProblem> CriteoAdapter::checkOptions(const DestinationConfig& destination) const
{
    OptionChecks checks(destination);
    checks.isLetters("country", 2, "DE");
    checks.isLetters("language", 2, "de");
    checks.isOneOf("site_type", { "d", "m", "t" });
    checks.isOneOf("browser_field", { "useragent", "user_agent" });
    checks.areNames(isCriteoEvent, "an event of Criteo's such as trackTransaction");
    return checks.take();
}

NameRule CriteoAdapter::nameRule(const DestinationConfig&) const { return NameRule::Known; }

std::optional<NotForPlatform> CriteoAdapter::unroutable(
    const CanonicalEvent& event, const DestinationConfig& destination) const
{
    if (auto reason = notForAdvertising(event))
        return reason;
    // Such an event would have to go without its identifiers, and then there is nobody left in it.
    if (Fields fields(event.json); isUseLimited(fields))
        return NotForPlatform { .reason = "consent_denied" };
    if (criteoEventName(event, destination).empty())
        return NotForPlatform { .reason = "no_mapping" };
    if (!hasCriteoIdentity(event, destination))
        return NotForPlatform { .reason = "no_identifier" };
    return std::nullopt;
}

bool CriteoAdapter::isAccountValid(std::string_view account) const
{
    return isNumericAccount(account);
}

Encoded CriteoAdapter::encode(const CanonicalEvent& event, const EncodeContext& context) const
{
    if (const auto reason = unroutable(event, *context.destination))
        return Refusal { .reason = reason->reason };
    return encodedWithin(
        event, acceptedAge(event, *context.destination), context, [&](Fields& fields) {
            Json body = criteoEnvelope(event, context, fields);
            const Json one = criteoEvent(event, context, fields);
            // Only what happened to one user in one place shares a request.
            Record record { .batchKey = sha256Hex(body.dump()),
                .route = { { "event", one.dump() } } };
            // A purchase is known by its id, and what a page reported by the page view. Nothing
            // else is.
            record.hasDedupKey
                = one.find("id") != nullptr || one.find("deduplication_page_view_id") != nullptr;
            body.set("events", Json::array({ one }));
            record.body = body.dump();
            return record;
        });
}

Result<HttpRequest> CriteoAdapter::request(
    std::span<const Record> records, const EncodeContext& context, const Secrets&) const
{
    if (records.empty())
        return fail(ErrorCode::Internal, "a request needs a record");
    HttpRequest request
        = jsonRequest(context, "POST", context.destination->endpoint + "/m/event?version=s2s_v0");
    request.body = joinedEvents(records);
    return request;
}

Decoded CriteoAdapter::decode(
    const HttpAnswer& answer, std::span<const Record> records, const EncodeContext& context) const
{
    Verdict verdict = verdictOfTable(kCriteoStatuses, answer);
    const auto json = parseJson(answer.body);
    if (answer.status == 200 && json && json->isObject()) {
        const Json* const errors = json->find("errors"); // "warnings" are taken all the same
        verdict = errors == nullptr || isEmpty(*errors) ? Verdict { .outcome = Outcome::Accepted }
                                                        : verdictOfErrors(*errors);
    }
    Decoded decoded = decodedWhole(verdict, records.size());
    decoded.hint = hintOf(answer, context.now);
    return decoded;
}

LiveCheck CriteoAdapter::liveCheck(const DestinationConfig&) const
{
    return { .kind = LiveCheck::Kind::None,
        .note = "Criteo has no test form for events from a server: whatever it takes counts" };
}

} // namespace engine::platforms

#include "platforms/customerio.h"

#include "platforms/answers.h"
#include "platforms/customerio_payload.h"
#include "platforms/option_checks.h"
#include "platforms/requests.h"

namespace engine::platforms {
namespace {

constexpr std::string_view kHostUs = "https://track.customer.io";
constexpr std::string_view kHostEu = "https://track-eu.customer.io";
constexpr std::string_view kBatchPath = "/api/v2/batch";

CustomerIoApi apiOf(const DestinationConfig& destination)
{
    return optionOf(destination, "api") == "v1" ? CustomerIoApi::V1 : CustomerIoApi::V2;
}

// The region moves only the platform's own host: an endpoint that somebody wrote down stays.
std::string baseUrl(const DestinationConfig& destination)
{
    const bool isEurope = optionOf(destination, "region") == "eu";
    return isEurope && destination.endpoint == kHostUs ? std::string(kHostEu)
                                                       : destination.endpoint;
}

std::string textOf(const Json& object, std::string_view key)
{
    const Json* const value = object.find(key);
    return value != nullptr ? value->text() : std::string {};
}

// {"batch_index":3,"reason":"invalid","field":"attributes","message":"…"}
RecordOutcome rowOutcome(const Json& row, ErrorForm form)
{
    const std::string reason = textOf(row, "reason");
    const std::string field = textOf(row, "field");
    std::string message = field;
    const std::string detail = textOf(row, "message");
    if (!detail.empty())
        message += (message.empty() ? "" : ": ") + detail;
    return { .outcome = Outcome::Invalid,
        .code = reason.empty() ? std::string("invalid") : reason,
        .message = excerpt(message),
        .form = form };
}

// Errors of v1 are sentences, of v2 rows; both under "errors", v1 also under "meta".
const Json* errorsOf(const Json& json)
{
    const Json* const direct = json.find("errors");
    return direct != nullptr ? direct : json.at("meta.errors");
}

std::string messageOf(const Json& errors)
{
    if (!errors.isArray())
        return excerpt(errors.text());
    std::string message;
    for (const Json& error : errors.items()) {
        const std::string one = error.isString() ? error.text() : rowOutcome(error, {}).message;
        if (one.empty())
            continue;
        message += (message.empty() ? "" : "; ") + one;
    }
    return excerpt(message);
}

enum class Rows : std::uint8_t { None, Readable, Unreadable };
struct RowErrors {
    Rows rows { Rows::None };
    std::vector<NamedFault> failed {};
};
// Rows are believed only when each of them names a record that was sent.
RowErrors readRows(const Json* errors, std::size_t records, ErrorForm form)
{
    RowErrors read;
    if (errors == nullptr || !errors->isArray())
        return read;
    for (const Json& row : errors->items()) {
        const Json* const indexJson = row.find("batch_index");
        if (indexJson == nullptr)
            continue;
        const auto index = indexJson->asInt();
        if (!index || *index < 0 || static_cast<std::size_t>(*index) >= records)
            return { .rows = Rows::Unreadable };
        read.rows = Rows::Readable;
        read.failed.push_back(
            { .index = static_cast<std::size_t>(*index), .outcome = rowOutcome(row, form) });
    }
    const bool isEveryRowIndexed = read.failed.size() == errors->items().size();
    if (read.rows == Rows::Readable && !isEveryRowIndexed)
        return { .rows = Rows::Unreadable };
    return read;
}

Decoded decodeSuccess(const HttpAnswer& answer, const Result<Json>& json, std::size_t records)
{
    const bool isEmptyAllowed = answer.status == 204 && answer.body.empty();
    if (isEmptyAllowed)
        return decodedWhole({ .outcome = Outcome::Accepted }, records);
    if (!json || !json->isObject())
        return decodedWhole(verdictOfStatus(answer), records);
    const Json* const errors = errorsOf(*json);
    const bool hasErrors = errors != nullptr && !(errors->isArray() && errors->items().empty());
    if (answer.status != 207 && !hasErrors)
        return decodedWhole({ .outcome = Outcome::Accepted }, records);
    const RowErrors rows = readRows(errors, records, ErrorForm::InBody);
    if (rows.rows == Rows::Readable)
        return acceptedButFor(rows.failed, records);
    // Something failed and nobody says what: the event ids make a repeat of all of it safe.
    return decodedWhole({ .outcome = Outcome::Unknown,
                            .code = "unreadable_answer",
                            .message = excerpt(answer.body),
                            .form = ErrorForm::InBody,
                            .isIndexUnknown = true },
        records);
}

Decoded decodeRefusal(const HttpAnswer& answer, const Result<Json>& json, std::size_t records)
{
    Verdict verdict = verdictOfStatus(answer);
    const Json* const errors = json ? errorsOf(*json) : nullptr;
    if (errors != nullptr)
        verdict.message = messageOf(*errors);
    if (answer.status / 100 == 3)
        verdict.message += "; is the region right?";
    const RowErrors rows = readRows(errors, records, verdict.form);
    if (verdict.outcome != Outcome::Invalid || rows.rows != Rows::Readable)
        return decodedWhole(verdict, records);
    return decodedNamed(verdict, rows.failed, records);
}

} // namespace

std::vector<OptionProblem> CustomerIoAdapter::checkOptions(
    const DestinationConfig& destination) const
{
    OptionChecks checks(destination);
    checks.isOneOf("region", { "us", "eu" });
    constexpr std::int64_t kMost = 100'000'000;
    for (const std::string_view size : { "id_bytes", "event_name_bytes", "attribute_name_bytes",
             "attribute_bytes", "attributes_max", "event_bytes" })
        checks.isWholeNumber(size, 1, kMost);
    return checks.take();
}

std::optional<NotForPlatform> CustomerIoAdapter::unroutable(
    const CanonicalEvent& event, const DestinationConfig& destination) const
{
    const CustomerIoOperation operation = customerIoOperation(event);
    if (operation.action.empty())
        return NotForPlatform { .reason = "event_type" };
    const CustomerIoPerson person = customerIoPerson(event, apiOf(destination));
    const bool isAnonymousEvent = person.isAnonymous() && !operation.isOverwrite;
    if (!person.isKnown() && !isAnonymousEvent)
        return NotForPlatform { .reason = "no_identifier" };
    return std::nullopt;
}

std::string CustomerIoAdapter::personKey(
    const CanonicalEvent& event, const DestinationConfig& destination) const
{
    if (!customerIoOperation(event).isOverwrite)
        return {};
    const CustomerIoPerson person = customerIoPerson(event, apiOf(destination));
    return std::string(person.kind) + ':' + person.value;
}

bool CustomerIoAdapter::isAccountValid(std::string_view account) const
{
    return isPlainName(account);
}

Encoded CustomerIoAdapter::encode(const CanonicalEvent& event, const EncodeContext& context) const
{
    const CustomerIoApi api = apiOf(*context.destination);
    const CustomerIoOperation operation = customerIoOperation(event);
    const CustomerIoPerson person = customerIoPerson(event, api);
    if (const auto reason = unroutable(event, *context.destination))
        return Refusal { .field = "user", .reason = reason->reason };

    Fields fields(event.json);
    const CustomerIoSizes sizes = customerIoSizes(*context.destination);
    Record record;
    record.seq = event.stored->seq;
    record.personKey = personKey(event, *context.destination);
    if (api == CustomerIoApi::V1 || person.isAnonymous()) {
        CustomerIoV1Call call = customerIoV1(event, person, operation, sizes, fields);
        record.body = std::move(call.body);
        record.route = { { "method", std::move(call.method) }, { "path", std::move(call.path) } };
        // Events of v1 have a limit of their own, whichever way the others go.
        if (!operation.isOverwrite)
            record.bytesMax = static_cast<std::int64_t>(sizes.event);
        // v1 takes one record: no two keys are equal.
        record.batchKey = "v1/" + std::to_string(toInt(record.seq));
    } else {
        record.body = customerIoV2(event, person, operation, sizes, fields).dump();
        record.batchKey = "v2";
    }
    if (fields.refusal())
        return *fields.refusal();
    return withinRecordBytes(std::move(record), context.destination->contract);
}

Result<HttpRequest> CustomerIoAdapter::request(
    std::span<const Record> records, const EncodeContext& context, const Secrets& secrets) const
{
    const auto siteId = secretValue(secrets, "site_id");
    if (!siteId)
        return tl::unexpected<Error>(siteId.error());
    const auto apiKey = secretValue(secrets, "api_key");
    if (!apiKey)
        return tl::unexpected<Error>(apiKey.error());
    const std::string base = baseUrl(*context.destination);
    const std::string_view path
        = records.empty() ? std::string_view {} : routeOf(records.front(), "path");
    if (!path.empty() && records.size() != 1)
        return fail(ErrorCode::Internal, "version 1 of the API takes one record in a request");

    HttpRequest request;
    if (path.empty()) {
        request = jsonRequest(context, "POST", base + std::string(kBatchPath));
        request.body = joinedBodies(records, R"({"batch":[)", "]}");
    } else {
        const std::string method(routeOf(records.front(), "method"));
        request = jsonRequest(context, method, base + std::string(path));
        request.body = records.front().body;
    }
    request.headers.emplace_back("Authorization", basicAuthorization(*siteId, *apiKey));
    return request;
}

Decoded CustomerIoAdapter::decode(
    const HttpAnswer& answer, std::span<const Record> records, const EncodeContext& context) const
{
    const auto json = parseJson(answer.body);
    Decoded decoded = answer.status / 100 == 2 ? decodeSuccess(answer, json, records.size())
                                               : decodeRefusal(answer, json, records.size());
    decoded.hint = hintOf(answer, context.now);
    return decoded;
}

LiveCheck CustomerIoAdapter::liveCheck(const DestinationConfig&) const
{
    return { .kind = LiveCheck::Kind::None,
        .note = "Customer.io Track has no test form: whatever is sent changes a person" };
}

} // namespace engine::platforms

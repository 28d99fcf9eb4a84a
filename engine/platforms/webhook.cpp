#include "platforms/webhook.h"

#include "platforms/answers.h"
#include "platforms/hashing.h"
#include "platforms/option_checks.h"
#include "platforms/requests.h"
#include "platforms/times.h"
#include "platforms/webhook_signature.h"

namespace engine::platforms {
namespace {

bool isSingle(const DestinationConfig& destination)
{
    return optionOf(destination, "format", destination.batch > 1 ? "array" : "single") == "single";
}

bool isHeaderName(std::string_view name)
{
    constexpr std::string_view kSpecial = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || kSpecial.find(c) != std::string_view::npos;
    });
}

// The accepted bytes; an id that we gave is put in front of them, because the receiver can not
// remove repeats without it.
std::string bodyOf(const CanonicalEvent& event)
{
    const std::string& payload = event.stored->payload;
    const Json* const given = event.json.find("event_id");
    const bool isText = given != nullptr && (given->isString() || given->isNumber());
    if (isText && !given->text().empty() && !event.stored->isEventIdGenerated)
        return payload;
    if (given != nullptr) { // there, and useless: null or empty
        Json json = event.json;
        json.set("event_id", Json::string(event.stored->eventId));
        return json.dump();
    }
    std::string member = "\"event_id\":" + Json::string(event.stored->eventId).dump();
    if (!event.json.members().empty())
        member += ',';
    std::string body = payload;
    body.insert(body.find('{') + 1, member);
    return body;
}

// Equal for every sending of the same records, so that a receiver can tell a repeat. An id of our
// own alphabet keeps header and signed text unambiguous.
std::string messageId(std::span<const Record> records)
{
    std::string all;
    for (const Record& record : records) {
        all += routeOf(record, "event_id");
        all += '\n';
    }
    return "msg_" + sha256Hex(all).substr(0, 32);
}

Status addAuthorization(HttpRequest& request, const EncodeContext& context, const Secrets& secrets)
{
    const auto has = [&](const char* name) { return secrets.contains(name); };
    if (has("bearer")) {
        const auto token = secretValue(secrets, "bearer");
        if (!token)
            return tl::unexpected<Error>(token.error());
        request.headers.emplace_back("Authorization", "Bearer " + *token);
    } else if (has("basic")) {
        const auto pair = secretValue(secrets, "basic");
        if (!pair)
            return tl::unexpected<Error>(pair.error());
        request.headers.emplace_back("Authorization", "Basic " + toBase64(*pair));
    }
    const std::string name = optionOf(*context.destination, "header");
    if (name.empty())
        return {};
    if (!isHeaderName(name))
        return fail(ErrorCode::BadRequest, "is not the name of a header", "options.header");
    const auto value = secretValue(secrets, "header");
    if (!value)
        return tl::unexpected<Error>(value.error());
    request.headers.emplace_back(name, *value);
    return {};
}

} // namespace

std::vector<OptionProblem> WebhookAdapter::checkOptions(const DestinationConfig& destination) const
{
    OptionChecks checks(destination);
    checks.isOneOf("format", { "array", "single" });
    checks.is("header", isHeaderName, "the name of a header such as X-Api-Key");
    std::vector<OptionProblem> problems = checks.take();
    const bool isValueGiven
        = destination.credentials.contains("header") || !destination.accounts.empty();
    if (!optionOf(destination, "header").empty() && !isValueGiven)
        problems.push_back({ .key = "credential.header",
            .message = "missing: the value of the header that header names" });
    return problems;
}

std::optional<NotForPlatform> WebhookAdapter::unroutable(
    const CanonicalEvent&, const DestinationConfig&) const
{
    return std::nullopt;
}

bool WebhookAdapter::isAccountValid(std::string_view account) const
{
    return !account.empty() && account.size() <= 128
        && std::all_of(account.begin(), account.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                   || std::string_view("-_.:@").find(c) != std::string_view::npos;
           });
}

Encoded WebhookAdapter::encode(const CanonicalEvent& event, const EncodeContext& context) const
{
    Record record;
    record.seq = event.stored->seq;
    record.body = bodyOf(event);
    record.batchKey
        = isSingle(*context.destination) ? "single/" + std::to_string(toInt(record.seq)) : "array";
    record.route = { { "event_id", event.stored->eventId } };
    return withinRecordBytes(std::move(record), context.destination->contract);
}

Result<HttpRequest> WebhookAdapter::request(
    std::span<const Record> records, const EncodeContext& context, const Secrets& secrets) const
{
    HttpRequest request = jsonRequest(context, "POST", context.destination->endpoint);
    if (isSingle(*context.destination)) {
        if (records.size() != 1)
            return fail(ErrorCode::Internal, "the format is single: one record in a request");
        request.body = records.front().body;
    } else {
        request.body = joinedBodies(records, "[", "]");
    }
    if (const auto added = addAuthorization(request, context, secrets); !added)
        return tl::unexpected<Error>(added.error());
    if (!secrets.contains("signing_secret"))
        return request;

    const std::string id = messageId(records);
    const std::int64_t timestamp = toUnixSeconds(context.now);
    const auto signature = webhookSignature(
        secrets.at("signing_secret"), { .id = id, .timestamp = timestamp, .body = request.body });
    if (!signature)
        return tl::unexpected<Error>(signature.error());
    request.headers.emplace_back("webhook-id", id);
    request.headers.emplace_back("webhook-timestamp", std::to_string(timestamp));
    request.headers.emplace_back("webhook-signature", *signature);
    return request;
}

Decoded WebhookAdapter::decode(
    const HttpAnswer& answer, std::span<const Record> records, const EncodeContext& context) const
{
    Verdict verdict = verdictOfStatus(answer);
    if (answer.status / 100 == 2)
        verdict = { .outcome = Outcome::Accepted };
    Decoded decoded = decodedWhole(verdict, records.size());
    decoded.hint = hintOf(answer, context.now);
    return decoded;
}

LiveCheck WebhookAdapter::liveCheck(const DestinationConfig&) const
{
    return { .kind = LiveCheck::Kind::None,
        .note = "a webhook has no test form: its receiver would take the event for a real one" };
}

} // namespace engine::platforms

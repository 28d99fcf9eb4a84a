#include "platforms/taboola.h"

#include "platforms/event_names.h"
#include "platforms/fields.h"
#include "platforms/requests.h"
#include "platforms/times.h"

namespace engine::platforms {
namespace {

constexpr std::string_view kClickId = "click.tblci";

bool isBulk(const DestinationConfig& destination)
{
    return optionOf(destination, "api") != "single";
}

Json actionOf(const CanonicalEvent& event, const EncodeContext& context, Fields& fields)
{
    Json action = Json::object();
    setText(action, "click-id", fields.clickId(kClickId));
    if (isBulk(*context.destination))
        action.set("timestamp", Json::number(toUnixMillis(event.stored->eventTime)));
    setText(action, "name", configuredName(event, *context.destination));
    if (const auto value = fields.decimal("value"))
        action.set("revenue", *value);
    setText(action, "currency", fields.currency());
    if (const auto count = fields.integer("num_items"))
        action.set("quantity", Json::number(*count));
    setText(action, "orderid", orderIdOf(event, fields));
    return action;
}

} // namespace

NameRule TaboolaAdapter::nameRule(const DestinationConfig&) const { return NameRule::Mapped; }

std::optional<NotForPlatform> TaboolaAdapter::unroutable(
    const CanonicalEvent& event, const DestinationConfig& destination) const
{
    return unroutableByName(event, destination, !textAt(event, kClickId).empty());
}

bool TaboolaAdapter::isAccountValid(std::string_view account) const
{
    return isNumericAccount(account);
}

Encoded TaboolaAdapter::encode(const CanonicalEvent& event, const EncodeContext& context) const
{
    if (const auto reason = unroutable(event, *context.destination))
        return Refusal { .reason = reason->reason };
    const bool isInBulk = isBulk(*context.destination);
    auto encoded = encodedWithin(
        event, acceptedAge(event, *context.destination), context, [&](Fields& fields) {
            const Json action = actionOf(event, context, fields);
            Record record { .body = action.dump(), .batchKey = "actions" };
            if (!isInBulk)
                record.route = { { "query", queryOf(action) } };
            return record;
        });
    // A sender's clock that runs a little fast is no fault, but Taboola drops what has not
    // happened.
    const bool isAhead = isInBulk && event.stored->eventTime > context.now;
    if (isAhead && std::holds_alternative<Record>(encoded))
        return TooRecent { .until = event.stored->eventTime, .reason = "not happened yet" };
    return encoded;
}

Result<HttpRequest> TaboolaAdapter::request(
    std::span<const Record> records, const EncodeContext& context, const Secrets&) const
{
    const std::string& base = context.destination->endpoint;
    if (!isBulk(*context.destination)) {
        if (records.size() != 1)
            return fail(ErrorCode::Internal, "a single postback takes one record in a request");
        return queryRequest(
            context, base + "/actions-handler/log/3/s2s-action", routeOf(records.front(), "query"));
    }
    HttpRequest request = jsonRequest(
        context, "POST", base + '/' + percentEncoded(context.account) + "/log/3/bulk-s2s-action");
    request.body = joinedBodies(records, R"({"actions":[)", "]}");
    return request;
}

Decoded TaboolaAdapter::decode(
    const HttpAnswer& answer, std::span<const Record> records, const EncodeContext& context) const
{
    Decoded decoded = decodedWhole(verdictOfTable(kTaboolaStatuses, answer), records.size());
    decoded.hint = hintOf(answer, context.now);
    // A misspelt path is answered like a bad click id: when nothing passes any more, it is that.
    constexpr int kSoMany = 20;
    if (decoded.request == Outcome::Invalid)
        decoded.configAfter = kSoMany;
    return decoded;
}

LiveCheck TaboolaAdapter::liveCheck(const DestinationConfig&) const
{
    return { .kind = LiveCheck::Kind::None,
        .note = "Taboola has no test form: whatever it takes counts as a conversion" };
}

} // namespace engine::platforms

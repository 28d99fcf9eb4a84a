#include "platforms/outbrain.h"

#include "platforms/event_names.h"
#include "platforms/fields.h"
#include "platforms/requests.h"
#include "platforms/times.h"

#include <charconv>

namespace engine::platforms {
namespace {

constexpr std::string_view kClickId = "click.obclid";
constexpr std::string_view kOlderClickId = "click.dicbo"; // as older landing pages call it

std::string_view clickIdOf(Fields& fields)
{
    const std::string_view id = fields.clickId(kClickId);
    return id.empty() ? fields.clickId(kOlderClickId) : id;
}

Json conversionOf(const CanonicalEvent& event, const EncodeContext& context, Fields& fields)
{
    Json conversion = Json::object();
    setText(conversion, "ob_click_id", clickIdOf(fields));
    setText(conversion, "name", configuredName(event, *context.destination));
    setText(conversion, "orderId", orderIdOf(event, fields));
    if (const auto value = fields.decimal("value"))
        conversion.set("orderValue", *value);
    setText(conversion, "currency", fields.currency());
    setText(conversion, "timestamp", toPlainUtc(event.stored->eventTime));
    return conversion;
}

// Milliseconds to wait, as the platform's other interface says it with a 429.
std::optional<Millis> waitHeader(const HttpAnswer& answer)
{
    constexpr std::int64_t kDay = 86'400'000;
    const auto header = answer.header("rate-limit-msec-left");
    if (!header)
        return std::nullopt;
    std::int64_t millis = 0;
    const auto [end, error]
        = std::from_chars(header->data(), header->data() + header->size(), millis);
    if (error != std::errc {} || end != header->data() + header->size())
        return std::nullopt;
    return Millis { std::clamp<std::int64_t>(millis, 0, kDay) };
}

} // namespace

NameRule OutbrainAdapter::nameRule(const DestinationConfig&) const { return NameRule::Mapped; }

std::optional<NotForPlatform> OutbrainAdapter::unroutable(
    const CanonicalEvent& event, const DestinationConfig& destination) const
{
    return unroutableByName(event, destination,
        !textAt(event, kClickId).empty() || !textAt(event, kOlderClickId).empty());
}

bool OutbrainAdapter::isAccountValid(std::string_view account) const
{
    return isPlainName(account);
}

Encoded OutbrainAdapter::encode(const CanonicalEvent& event, const EncodeContext& context) const
{
    if (const auto reason = unroutable(event, *context.destination))
        return Refusal { .reason = reason->reason };
    return encodedWithin(
        event, acceptedAge(event, *context.destination), context, [&](Fields& fields) {
            const Json conversion = conversionOf(event, context, fields);
            return Record { .body = conversion.dump(),
                .batchKey = "conversion",
                .route = { { "query", queryOf(conversion) } } };
        });
}

Result<HttpRequest> OutbrainAdapter::request(
    std::span<const Record> records, const EncodeContext& context, const Secrets&) const
{
    if (records.size() != 1)
        return fail(ErrorCode::Internal, "Outbrain takes one record in a request");
    return queryRequest(context, context.destination->endpoint + "/unifiedPixel",
        routeOf(records.front(), "query"));
}

Decoded OutbrainAdapter::decode(
    const HttpAnswer& answer, std::span<const Record> records, const EncodeContext& context) const
{
    Decoded decoded = decodedWhole(verdictOfTable(kOutbrainStatuses, answer), records.size());
    decoded.hint = hintOf(answer, context.now);
    const auto wait = waitHeader(answer);
    if (decoded.request == Outcome::Throttled && wait && !decoded.hint.retryAfter) {
        decoded.hint.retryAfter = wait;
        decoded.hint.source = "rate-limit-msec-left";
    }
    return decoded;
}

LiveCheck OutbrainAdapter::liveCheck(const DestinationConfig&) const
{
    return { .kind = LiveCheck::Kind::None,
        .note = "Outbrain has no test form: whatever it takes counts as a conversion" };
}

} // namespace engine::platforms

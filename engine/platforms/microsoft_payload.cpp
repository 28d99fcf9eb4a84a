#include "platforms/microsoft_payload.h"

#include "platforms/advertising.h"
#include "platforms/event_names.h"
#include "platforms/times.h"

#include <algorithm>

namespace engine::platforms {
namespace {

bool hasAny(const CanonicalEvent& event, std::initializer_list<std::string_view> paths)
{
    return std::any_of(paths.begin(), paths.end(),
        [&](std::string_view path) { return isPresent(event.json, path); });
}

std::string hashedEmail(Fields& fields)
{
    return std::string(fields.hashed("user.email", "user.email_sha256", normalizeEmail));
}

// With its plus: the platform strips spaces, dashes and parentheses, and nothing else.
std::string hashedPhone(Fields& fields)
{
    return std::string(
        fields.hashed("user.phone_e164", "user.phone_sha256_plus", normalizePhonePlus));
}

void refuseBeforeClick(const CanonicalEvent& event, Fields& fields)
{
    const auto clicked = fields.integer("click.time_us");
    if (clicked && isPresent(event.json, "click.msclkid")
        && event.stored->eventTime < fromUnixMicros(*clicked))
        fields.refuse("event_time", "lies before click.time_us");
}

Json userData(Fields& fields)
{
    Json user = Json::object();
    setText(user, "em", hashedEmail(fields));
    setText(user, "ph", hashedPhone(fields));
    setText(user, "msclkid", fields.clickToken("click.msclkid"));
    setText(user, "anonymousId", fields.text("user.anonymous_id"));
    setText(user, "externalId", fields.text("user.external_id"));
    setText(user, "clientIpAddress", fields.text("user.ip"));
    setText(user, "clientUserAgent", fields.text("user.user_agent"));
    setText(user, "gaid", fields.text("device.gaid"));
    setText(user, "idfa", fields.text("device.idfa"));
    return user;
}

Json customData(const CanonicalEvent& event, Fields& fields)
{
    Json custom = Json::object();
    if (const auto value = fields.decimal("value"))
        custom.set("value", *value);
    setText(custom, "currency", fields.currency());
    setText(custom, "transactionId", fields.text("order_id"));
    Json items = Json::array();
    for (Item& item : itemsOf(event, fields)) {
        Json one = Json::object({ { "id", Json::string(std::move(item.id)) } });
        setText(one, "name", item.name);
        one.set("quantity", Json::number(item.quantity));
        if (!item.price.empty())
            one.set("price", Json::number(std::move(item.price)));
        items.push(std::move(one));
    }
    if (!items.items().empty())
        custom.set("items", std::move(items));
    return custom;
}

} // namespace

bool hasOfflineIdentifier(const CanonicalEvent& event)
{
    return hasAny(event,
        { "click.msclkid", "user.email", "user.email_sha256", "user.phone_e164",
            "user.phone_sha256_plus" });
}

bool hasUetIdentifier(const CanonicalEvent& event)
{
    return hasOfflineIdentifier(event)
        || hasAny(event, { "user.anonymous_id", "user.external_id", "device.gaid", "device.idfa" })
        || (isPresent(event.json, "user.ip") && isPresent(event.json, "user.user_agent"));
}

Json offlineConversion(const CanonicalEvent& event, const EncodeContext& context, Fields& fields)
{
    Json conversion = Json::object();
    setText(conversion, "MicrosoftClickId", fields.clickToken("click.msclkid"));
    conversion.set("ConversionName", Json::string(configuredName(event, *context.destination)));
    conversion.set("ConversionTime", Json::string(toIsoSevenDigits(event.stored->eventTime)));
    if (const auto value = fields.decimal("value"))
        conversion.set("ConversionValue", *value);
    setText(conversion, "ConversionCurrencyCode", fields.currency());
    setText(conversion, "HashedEmailAddress", hashedEmail(fields));
    setText(conversion, "HashedPhoneNumber", hashedPhone(fields));
    refuseBeforeClick(event, fields);
    return conversion;
}

Json uetEvent(const CanonicalEvent& event, const EncodeContext& context, Fields& fields)
{
    const bool isPage = event.stored->type == EventType::Page;
    Json data = Json::object();
    data.set("eventType", Json::string(isPage ? "pageLoad" : "custom"));
    data.set("eventName", Json::string(eventNameFor(event, *context.destination)));
    data.set("eventTime", Json::number(toUnixSeconds(event.stored->eventTime)));
    data.set("eventId", Json::string(event.stored->eventId));
    setText(data, "eventSourceUrl", fields.text("event_source_url"));
    const std::string_view consent = fields.text("consent.ad_user_data");
    if (consent == "granted")
        data.set("adStorageConsent", Json::string("G"));
    data.set("userData", userData(fields));
    Json custom = customData(event, fields);
    if (!custom.members().empty())
        data.set("customData", std::move(custom));
    return data;
}

} // namespace engine::platforms

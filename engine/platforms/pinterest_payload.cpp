#include "platforms/pinterest_payload.h"

#include "platforms/advertising.h"
#include "platforms/event_names.h"
#include "platforms/requests.h"
#include "platforms/times.h"

namespace engine::platforms {
namespace {

// The platform has a closed list of names; "custom" is the one for all others.
std::string nameOf(
    const CanonicalEvent& event, const DestinationConfig& destination, Fields& fields)
{
    std::string mapped = mappedNameFor(event, destination);
    if (mapped.empty())
        return "custom";
    if (!isInClosedList("pinterest", mapped))
        fields.refuse("event_name", "\"" + mapped + "\" is not one of the platform's names");
    return mapped;
}

// Four sources are known: what did not happen on a website or in an app is offline.
std::string_view sourceOf(
    const CanonicalEvent& event, const DestinationConfig& destination, Fields& fields)
{
    const std::string source = actionSourceOf(event, destination);
    if (source.empty()) {
        fields.refuse("action_source", "is required");
        return {};
    }
    if (source == "website")
        return "web";
    if (source != "app")
        return "offline";
    DeviceSystem system = deviceSystemOf(fields);
    if (system == DeviceSystem::Unknown && !fields.text("device.idfa").empty())
        system = DeviceSystem::Apple;
    if (system == DeviceSystem::Unknown && !fields.text("device.gaid").empty())
        system = DeviceSystem::Android;
    if (system == DeviceSystem::Unknown)
        fields.refuse("device.os", "must be iOS or Android when action_source is app");
    return system == DeviceSystem::Apple ? "app_ios" : "app_android";
}

// Lower case as integrations send it; the platform does not say.
std::optional<std::string> normalizeMobileId(std::string_view value)
{
    return toLowerAscii(trimmed(value));
}

Json userData(Fields& fields)
{
    Json user = Json::object();
    addHashedKeys(user, fields);
    const std::string_view mobileId = advertisingIdOf(fields);
    const auto hash = mobileId.empty() ? std::optional<std::string> {}
                                       : hashedOnce(mobileId, normalizeMobileId);
    if (hash)
        user.set("hashed_maids", Json::array({ Json::string(*hash) }));
    setText(user, "client_ip_address", fields.text("user.ip"));
    setText(user, "client_user_agent", fields.text("user.user_agent"));
    setText(user, "click_id", fields.text("click.epik"));
    return user;
}

// Decimals are texts for this platform.
void setDecimal(Json& object, std::string_view key, Fields& fields, std::string_view path)
{
    if (const auto value = fields.decimal(path))
        setText(object, key, value->text());
}

void addContents(const CanonicalEvent& event, Json& custom, Fields& fields)
{
    Json contents = Json::array();
    Json ids = Json::array();
    for (const Item& item : itemsOf(event, fields)) {
        Json content = Json::object({ { "id", Json::string(item.id) } });
        setText(content, "item_price", item.price);
        content.set("quantity", Json::number(item.quantity));
        setText(content, "item_name", item.name);
        setText(content, "item_category", item.category);
        setText(content, "item_brand", item.brand);
        contents.push(std::move(content));
        ids.push(Json::string(item.id));
    }
    if (ids.items().empty())
        return;
    custom.set("content_ids", std::move(ids));
    custom.set("contents", std::move(contents));
}

Json customData(const CanonicalEvent& event, Fields& fields)
{
    Json custom = Json::object();
    setText(custom, "currency", fields.currency());
    setDecimal(custom, "value", fields, "value");
    setText(custom, "order_id", fields.text("order_id"));
    if (const auto count = fields.integer("num_items"))
        custom.set("num_items", Json::number(*count));
    setDecimal(custom, "predicted_ltv", fields, "predicted_ltv");
    addContents(event, custom, fields);
    setText(custom, "search_string", fields.text("search_string"));
    if (fields.flag("consent.limited_data_use"))
        custom.set("opt_out_type", Json::string("LDP"));
    return custom;
}

// "de_DE", "de-DE" and "de" are German.
std::string languageOf(Fields& fields)
{
    const std::string locale = toLowerAscii(fields.text("user.locale"));
    const std::string language = locale.substr(0, locale.find_first_of("_-"));
    const bool isCode = language.size() == 2
        && language.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos;
    return isCode ? language : std::string {};
}

} // namespace

Json pinterestPayload(
    const CanonicalEvent& event, const DestinationConfig& destination, Fields& fields)
{
    Json data = Json::object();
    data.set("event_name", Json::string(nameOf(event, destination, fields)));
    data.set("action_source", Json::string(std::string(sourceOf(event, destination, fields))));
    data.set("event_time", Json::number(toUnixSeconds(event.stored->eventTime)));
    data.set("event_id", Json::string(event.stored->eventId));
    setText(data, "event_source_url", fields.text("event_source_url"));
    // "Opt out" there means: count it, do not steer advertising by it.
    const bool isPersonalizationDenied = fields.text("consent.ad_personalization") == "denied";
    if (fields.flag("opt_out") || isPersonalizationDenied)
        data.set("opt_out", Json::boolean(true));
    setText(data, "partner_name", optionOf(destination, "partner_name"));
    data.set("user_data", userData(fields));
    Json custom = customData(event, fields);
    if (!custom.members().empty())
        data.set("custom_data", std::move(custom));
    setText(data, "language", languageOf(fields));
    setText(data, "app_id", fields.text("device.app_id"));
    setText(data, "app_version", fields.text("device.app_version"));
    setText(data, "os_version", fields.text("device.os_version"));
    return data;
}

} // namespace engine::platforms

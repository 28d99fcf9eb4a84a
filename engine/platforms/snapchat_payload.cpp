#include "platforms/snapchat_payload.h"

#include "platforms/advertising.h"
#include "platforms/event_names.h"
#include "platforms/requests.h"
#include "platforms/times.h"

namespace engine::platforms {
namespace {

std::string_view sourceOf(
    const CanonicalEvent& event, const DestinationConfig& destination, Fields& fields)
{
    const std::string source = actionSourceOf(event, destination);
    if (source.empty())
        fields.refuse("action_source", "is required");
    if (source == "website")
        return "WEB";
    return source == "app" ? "MOBILE_APP" : "OFFLINE";
}

Json userData(Fields& fields)
{
    Json user = Json::object();
    addHashedKeys(user, fields);
    setText(user, "client_ip_address", fields.text("user.ip"));
    setText(user, "client_user_agent", fields.text("user.user_agent"));
    setText(user, "sc_click_id", fields.text("click.sccid"));
    setText(user, "sc_cookie1", fields.text("click.scid"));
    setText(user, "madid", advertisingIdOf(fields));
    setText(user, "idfv", fields.text("device.idfv"));
    return user;
}

// Numbers of the shop are texts for this platform.
void addContents(const CanonicalEvent& event, Json& custom, Fields& fields)
{
    Json ids = Json::array();
    Json categories = Json::array();
    Json brands = Json::array();
    Json contents = Json::array();
    for (const Item& item : itemsOf(event, fields)) {
        Json content = Json::object({ { "id", Json::string(item.id) } });
        content.set("quantity", Json::string(std::to_string(item.quantity)));
        setText(content, "item_price", item.price);
        setText(content, "brand", item.brand);
        contents.push(std::move(content));
        ids.push(Json::string(item.id));
        if (!item.category.empty())
            categories.push(Json::string(item.category));
        if (!item.brand.empty())
            brands.push(Json::string(item.brand));
    }
    const auto set = [&](std::string_view key, Json list) {
        if (!list.items().empty())
            custom.set(std::string(key), std::move(list));
    };
    set("content_ids", std::move(ids));
    set("content_category", std::move(categories));
    set("brands", std::move(brands));
    set("contents", std::move(contents));
}

Json customData(const CanonicalEvent& event, bool isPurchase, Fields& fields)
{
    Json custom = Json::object();
    setText(custom, "currency", fields.currency());
    if (const auto value = fields.decimal("value"))
        setText(custom, "value", value->text());
    setText(custom, "order_id", fields.text("order_id"));
    if (const auto count = fields.integer("num_items"))
        custom.set("num_items", Json::string(std::to_string(*count)));
    setText(custom, "search_string", fields.text("search_string"));
    addContents(event, custom, fields);
    if (isPurchase)
        requireValue(custom, fields);
    return custom;
}

Json appData(Fields& fields)
{
    Json app = Json::object();
    setText(app, "app_id", fields.text("device.app_id"));
    app.set("advertiser_tracking_enabled",
        Json::number(std::int64_t { isTrackingAuthorized(fields) ? 1 : 0 }));
    if (deviceSystemOf(fields) != DeviceSystem::Unknown)
        app.set("extinfo", extendedDeviceInfo(fields));
    return app;
}

} // namespace

Json snapchatPayload(
    const CanonicalEvent& event, const DestinationConfig& destination, Fields& fields)
{
    const std::string name = mappedNameFor(event, destination);
    const std::string_view source = sourceOf(event, destination, fields);
    Json data = Json::object();
    data.set("event_name", Json::string(name));
    data.set("event_time", Json::number(toUnixSeconds(event.stored->eventTime)));
    data.set("event_id", Json::string(event.stored->eventId));
    data.set("action_source", Json::string(std::string(source)));
    setText(data, "event_source_url", fields.text("event_source_url"));
    data.set("integration", Json::string("spillway"));
    // There is no other word for somebody who does not want ads made for them.
    if (isUseLimited(fields))
        addLimitedDataUse(data, fields);
    data.set("user_data", userData(fields));
    Json custom = customData(event, name == "PURCHASE", fields);
    if (!custom.members().empty())
        data.set("custom_data", std::move(custom));
    if (source == "MOBILE_APP")
        data.set("app_data", appData(fields));
    if (source == "WEB" && data.find("event_source_url") == nullptr)
        fields.refuse("event_source_url", "is required when action_source is website");
    if (name.empty())
        fields.refuse("event_name", "is not one of the platform's; map it under event_names");
    else if (!isInClosedList("snapchat", name))
        fields.refuse("event_name", "\"" + name + "\" is not one of the platform's names");
    return data;
}

} // namespace engine::platforms

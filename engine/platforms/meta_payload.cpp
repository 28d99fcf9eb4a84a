#include "platforms/meta_payload.h"

#include "platforms/advertising.h"
#include "platforms/event_names.h"
#include "platforms/requests.h"
#include "platforms/times.h"

#include <vector>

namespace engine::platforms {
namespace {

// Match keys that travel as they are.
struct PlainKey {
    std::string_view key {};
    std::string_view path {};
};
constexpr PlainKey kPlainKeys[] {
    { "client_ip_address", "user.ip" },
    { "client_user_agent", "user.user_agent" },
    { "fbp", "click.fbp" },
    { "lead_id", "user.lead_id" },
    { "subscription_id", "user.subscription_id" },
    { "ctwa_clid", "click.ctwa_clid" },
};

// Our enumeration is theirs but for "crm": a conversion that a CRM reports is system_generated.
struct SourceName {
    std::string_view ours {};
    std::string_view theirs {};
};
constexpr SourceName kSources[] {
    { "website", "website" },
    { "app", "app" },
    { "physical_store", "physical_store" },
    { "phone_call", "phone_call" },
    { "email", "email" },
    { "chat", "chat" },
    { "crm", "system_generated" },
    { "system_generated", "system_generated" },
    { "business_messaging", "business_messaging" },
    { "other", "other" },
};

// "fb.1.<ms of the click>.<fbclid>": the cookie's form, made when only the click id is known. The
// event's own time stands in for an unknown time of the click: it can not have been later.
std::string clickCookie(const CanonicalEvent& event, Fields& fields)
{
    std::string given(fields.text("click.fbc"));
    const std::string clickId(fields.text("click.fbclid"));
    if (!given.empty() || clickId.empty())
        return given;
    const auto clicked = fields.integer("click.time_us");
    const WallTime at = clicked ? fromUnixMicros(*clicked) : event.stored->eventTime;
    return "fb.1." + std::to_string(toUnixMillis(at)) + '.' + clickId;
}

Json userData(const CanonicalEvent& event, Fields& fields)
{
    Json user = Json::object();
    addHashedKeys(user, fields);
    for (const PlainKey& key : kPlainKeys)
        setText(user, key.key, fields.text(key.path));
    setText(user, "fbc", clickCookie(event, fields));
    setText(user, "madid", advertisingIdOf(fields));
    return user;
}

void addContents(const CanonicalEvent& event, Json& custom, Fields& fields)
{
    Json contents = Json::array();
    Json ids = Json::array();
    for (const Item& item : itemsOf(event, fields)) {
        Json content = Json::object({ { "id", Json::string(item.id) } });
        content.set("quantity", Json::number(item.quantity));
        if (!item.price.empty())
            content.set("item_price", Json::number(item.price));
        contents.push(std::move(content));
        ids.push(Json::string(item.id));
    }
    if (ids.items().empty())
        return;
    custom.set("content_ids", std::move(ids));
    custom.set("contents", std::move(contents));
}

// `properties` stay out on purpose: they are the sender's own data, and an advertising platform
// gets only what it has a field for.
Json customData(const CanonicalEvent& event, bool isPurchase, Fields& fields)
{
    Json custom = Json::object();
    setText(custom, "currency", fields.currency());
    if (const auto value = fields.decimal("value"))
        custom.set("value", *value);
    setText(custom, "order_id", fields.text("order_id"));
    if (const auto count = fields.integer("num_items"))
        custom.set("num_items", Json::number(*count));
    setText(custom, "content_type", fields.text("content_type"));
    setText(custom, "content_name", fields.text("description"));
    setText(custom, "search_string", fields.text("search_string"));
    if (const auto ltv = fields.decimal("predicted_ltv"))
        custom.set("predicted_ltv", *ltv);
    addContents(event, custom, fields);
    if (isPurchase)
        requireValue(custom, fields);
    return custom;
}

Json appData(Fields& fields)
{
    Json app = Json::object();
    app.set("advertiser_tracking_enabled",
        Json::number(std::int64_t { isTrackingAuthorized(fields) ? 1 : 0 }));
    app.set("application_tracking_enabled", Json::number(std::int64_t { 1 }));
    if (deviceSystemOf(fields) != DeviceSystem::Unknown)
        app.set("extinfo", extendedDeviceInfo(fields));
    return app;
}

void addPrivacy(Json& data, Fields& fields)
{
    // "Opt out" there means: count it, do not steer advertising by it.
    const bool isPersonalizationDenied = fields.text("consent.ad_personalization") == "denied";
    if (fields.flag("opt_out") || isPersonalizationDenied)
        data.set("opt_out", Json::boolean(true));
    if (fields.flag("consent.limited_data_use"))
        addLimitedDataUse(data, fields);
}

void requireForWebsite(const Json& data, Fields& fields)
{
    if (data.find("event_source_url") == nullptr)
        fields.refuse("event_source_url", "is required when action_source is website");
    if (data.at("user_data.client_user_agent") == nullptr)
        fields.refuse("user.user_agent", "is required when action_source is website");
}

} // namespace

bool hasMetaIdentifier(const CanonicalEvent& event)
{
    for (const std::string_view path : { "user.email", "user.email_sha256", "user.phone_e164",
             "user.phone_sha256_digits", "user.external_id", "user.external_id_sha256", "click.fbc",
             "click.fbclid", "click.fbp", "click.ctwa_clid", "user.lead_id", "user.subscription_id",
             "device.idfa", "device.gaid" }) {
        if (isPresent(event.json, path))
            return true;
    }
    // Weak keys find nobody alone; address and browser, or name and place, do together.
    const auto has = [&](std::string_view plain, std::string_view hashed) {
        return isPresent(event.json, plain) || isPresent(event.json, hashed);
    };
    if (isPresent(event.json, "user.ip") && isPresent(event.json, "user.user_agent"))
        return true;
    return has("user.first_name", "user.first_name_sha256")
        && has("user.last_name", "user.last_name_sha256")
        && (has("user.zip", "user.zip_sha256") || has("user.city", "user.city_sha256")
            || has("user.dob", "user.dob_sha256"));
}

Json metaPayload(const CanonicalEvent& event, const EncodeContext& context, Fields& fields)
{
    const std::string source = actionSourceOf(event, *context.destination);
    const auto* const row = std::find_if(std::begin(kSources), std::end(kSources),
        [&](const SourceName& name) { return name.ours == source; });
    if (row == std::end(kSources))
        fields.refuse("action_source", source.empty() ? "is required" : "is not a known source");

    const std::string name = eventNameFor(event, *context.destination);
    Json data = Json::object();
    data.set("event_name", Json::string(name));
    data.set("event_time", Json::number(toUnixSeconds(event.stored->eventTime)));
    data.set("event_id", Json::string(event.stored->eventId));
    if (row != std::end(kSources))
        data.set("action_source", Json::string(std::string(row->theirs)));
    setText(data, "event_source_url", fields.text("event_source_url"));
    setText(data, "referrer_url", fields.text("referrer_url"));
    addPrivacy(data, fields);
    data.set("user_data", userData(event, fields));
    Json custom = customData(event, name == "Purchase", fields);
    if (!custom.members().empty())
        data.set("custom_data", std::move(custom));
    if (source == "app")
        data.set("app_data", appData(fields));
    if (source == "website")
        requireForWebsite(data, fields);
    return data;
}

} // namespace engine::platforms

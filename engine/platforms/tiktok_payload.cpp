#include "platforms/tiktok_payload.h"

#include "platforms/advertising.h"
#include "platforms/event_names.h"
#include "platforms/requests.h"
#include "platforms/times.h"

namespace engine::platforms {
namespace {

// Unlike elsewhere the hash of an external id does not tell case apart.
std::optional<std::string> normalizeExternalIdLower(std::string_view value)
{
    const auto id = normalizeExternalId(value);
    return id ? std::optional(toLowerAscii(*id)) : std::nullopt;
}

struct HashedKey {
    std::string_view key {};
    std::string_view plain {};
    std::string_view hashed {};
    Normalizer normalize { nullptr };
    bool isList { false };
};
constexpr HashedKey kHashedKeys[] {
    { "email", "user.email", "user.email_sha256", normalizeEmail, true },
    { "phone", "user.phone_e164", "user.phone_sha256_plus", normalizePhonePlus, true },
    { "external_id", "user.external_id", "user.external_id_sha256", normalizeExternalIdLower,
        true },
    { "first_name", "user.first_name", "user.first_name_sha256", normalizeName },
    { "last_name", "user.last_name", "user.last_name_sha256", normalizeName },
    { "zip_code", "user.zip", "user.zip_sha256", normalizeZip },
};

// Normalised, but not hashed.
struct PlaceKey {
    std::string_view key {};
    std::string_view path {};
    Normalizer normalize { nullptr };
};
constexpr PlaceKey kPlaceKeys[] {
    { "city", "user.city", normalizeCity },
    { "state", "user.state", normalizeState },
    { "country", "user.country_iso2", normalizeCountry },
};

struct PlainKey {
    std::string_view key {};
    std::string_view path {};
};
constexpr PlainKey kUserKeys[] {
    { "ttclid", "click.ttclid" },
    { "ttp", "click.ttp" },
    { "ip", "user.ip" },
    { "user_agent", "user.user_agent" },
    { "locale", "user.locale" },
    { "idfa", "device.idfa" },
    { "idfv", "device.idfv" },
    { "gaid", "device.gaid" },
};

struct SourceName {
    std::string_view ours {};
    std::string_view theirs {};
};
constexpr SourceName kSources[] {
    { "website", "web" },
    { "app", "app" },
    { "crm", "crm" },
    { "physical_store", "offline" },
    { "phone_call", "offline" },
    { "email", "offline" },
    { "chat", "offline" },
    { "business_messaging", "offline" },
    { "system_generated", "offline" },
    { "other", "offline" },
};

Json userOf(Fields& fields)
{
    Json user = Json::object();
    for (const HashedKey& key : kHashedKeys) {
        const std::string hash(fields.hashed(key.plain, key.hashed, key.normalize));
        if (hash.empty())
            continue;
        user.set(std::string(key.key),
            key.isList ? Json::array({ Json::string(hash) }) : Json::string(hash));
    }
    for (const PlainKey& key : kUserKeys)
        setText(user, key.key, fields.text(key.path));
    for (const PlaceKey& key : kPlaceKeys) {
        const std::string_view value = fields.text(key.path);
        const auto place = value.empty() ? std::nullopt : key.normalize(value);
        if (!value.empty() && !place)
            fields.refuse(key.path, "does not have the form that this field must have");
        setText(user, key.key, place.value_or(""));
    }
    setText(user, "att_status", toUpperAscii(fields.text("device.att_status")));
    return user;
}

Json contentsOf(const CanonicalEvent& event, Fields& fields)
{
    Json contents = Json::array();
    for (const Item& item : itemsOf(event, fields)) {
        Json content = Json::object({ { "content_id", Json::string(item.id) } });
        setText(content, "content_name", item.name);
        setText(content, "content_category", item.category);
        setText(content, "brand", item.brand);
        if (!item.price.empty())
            content.set("price", Json::number(item.price));
        content.set("quantity", Json::number(item.quantity));
        contents.push(std::move(content));
    }
    return contents;
}

// `properties` stay out on purpose: they are the sender's own data, and an advertising platform
// gets only what it has a field for.
Json propertiesOf(const CanonicalEvent& event, Fields& fields)
{
    Json properties = Json::object();
    setText(properties, "currency", fields.currency());
    if (const auto value = fields.decimal("value"))
        properties.set("value", *value);
    setText(properties, "order_id", fields.text("order_id"));
    setText(properties, "content_type", fields.text("content_type"));
    Json contents = contentsOf(event, fields);
    if (!contents.items().empty())
        properties.set("contents", std::move(contents));
    if (const auto count = fields.integer("num_items"))
        properties.set("num_items", Json::number(*count));
    setText(properties, "query", fields.text("search_string"));
    setText(properties, "description", fields.text("description"));
    return properties;
}

void setObject(Json& data, std::string_view key, Json object)
{
    if (!object.members().empty())
        data.set(std::string(key), std::move(object));
}

Json pageOf(Fields& fields)
{
    Json page = Json::object();
    setText(page, "url", fields.text("event_source_url"));
    setText(page, "referrer", fields.text("referrer_url"));
    return page;
}

Json appOf(Fields& fields)
{
    Json app = Json::object();
    setText(app, "app_id", fields.text("device.app_id"));
    setText(app, "app_version", fields.text("device.app_version"));
    return app;
}

} // namespace

std::string tiktokEventSource(const CanonicalEvent& event, const DestinationConfig& destination)
{
    std::string configured = optionOf(destination, "event_source");
    if (!configured.empty())
        return configured;
    const Json* const given = event.json.find("action_source");
    const std::string_view source = given != nullptr ? trimmed(given->text()) : std::string_view {};
    if (source.empty())
        return event.stored->type == EventType::Screen ? "app" : "web";
    for (const SourceName& name : kSources) {
        if (name.ours == source)
            return std::string(name.theirs);
    }
    return {};
}

bool hasTiktokIdentifier(const CanonicalEvent& event)
{
    for (const std::string_view path :
        { "click.ttclid", "click.ttp", "user.email", "user.email_sha256", "user.phone_e164",
            "user.phone_sha256_plus", "user.external_id", "user.external_id_sha256" }) {
        if (isPresent(event.json, path))
            return true;
    }
    return isPresent(event.json, "user.ip") && isPresent(event.json, "user.user_agent");
}

Json tiktokPayload(const CanonicalEvent& event, const EncodeContext& context, Fields& fields)
{
    const std::string source = tiktokEventSource(event, *context.destination);
    if (source.empty())
        fields.refuse("action_source", "is not a known source");
    else if (std::none_of(std::begin(kSources), std::end(kSources),
                 [&](const SourceName& name) { return name.theirs == source; }))
        fields.refuse("event_source", "is not web, app, offline or crm");
    Json data = Json::object();
    data.set("event", Json::string(eventNameFor(event, *context.destination)));
    data.set("event_time", Json::number(toUnixSeconds(event.stored->eventTime)));
    data.set("event_id", Json::string(event.stored->eventId));
    data.set("user", userOf(fields));
    setObject(data, "properties", propertiesOf(event, fields));
    setObject(data, "page", pageOf(fields));
    if (source == "app")
        setObject(data, "app", appOf(fields));
    const std::string_view leadId = fields.text("user.lead_id");
    if (source == "crm" && !leadId.empty())
        data.set("lead", Json::object({ { "lead_id", Json::string(std::string(leadId)) } }));
    if (isUseLimited(fields))
        data.set("limited_data_use", Json::boolean(true));
    return data;
}

} // namespace engine::platforms

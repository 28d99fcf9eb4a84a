#include "platforms/reddit_payload.h"

#include "platforms/advertising.h"
#include "platforms/event_names.h"
#include "platforms/requests.h"
#include "platforms/times.h"

#include <algorithm>
#include <array>

namespace engine::platforms {
namespace {

// The closed list of types in both spellings. What is not in it is a custom event by its own name.
struct TrackingType {
    std::string_view v3 {};
    std::string_view v2 {};
};
constexpr TrackingType kTypes[] {
    { "PAGE_VISIT", "PageVisit" },
    { "VIEW_CONTENT", "ViewContent" },
    { "SEARCH", "Search" },
    { "ADD_TO_CART", "AddToCart" },
    { "ADD_TO_WISHLIST", "AddToWishlist" },
    { "PURCHASE", "Purchase" },
    { "LEAD", "Lead" },
    { "SIGN_UP", "SignUp" },
};
constexpr TrackingType kCustom { "CUSTOM", "Custom" };

Json typeOf(const CanonicalEvent& event, const DestinationConfig& destination, RedditApi api)
{
    const std::string name = eventNameFor(event, destination);
    const auto* const found = std::find_if(std::begin(kTypes), std::end(kTypes),
        [&](const TrackingType& type) { return type.v3 == name || type.v2 == name; });
    const bool isCustom = found == std::end(kTypes);
    const TrackingType& type = isCustom ? kCustom : *found;
    Json json = Json::object();
    json.set("tracking_type", Json::string(std::string(api == RedditApi::V3 ? type.v3 : type.v2)));
    if (isCustom)
        json.set("custom_event_name", Json::string(name));
    return json;
}

std::string_view sourceOf(const CanonicalEvent& event, const DestinationConfig& destination)
{
    const std::string source = actionSourceOf(event, destination);
    if (source == "website")
        return "WEBSITE";
    if (source == "app")
        return "APP";
    if (source == "physical_store")
        return "PHYSICAL_STORE";
    return source.empty() ? "" : "OTHER";
}

// Dots and what follows a plus tell no two people apart: "jane.doe+tea@x" is "janedoe@x".
std::optional<std::string> canonicalEmail(std::string_view value)
{
    auto text = normalizeEmail(value);
    if (!text)
        return std::nullopt;
    const auto at = text->rfind('@');
    std::string local = text->substr(0, at);
    local = local.substr(0, local.find('+'));
    std::erase(local, '.');
    if (local.empty())
        return std::nullopt;
    return local + text->substr(at);
}

Json userData(const DestinationConfig& destination, Fields& fields)
{
    Json user = Json::object();
    const bool isPlain = optionOf(destination, "email_form") == "plain";
    const auto addHashed = [&](std::string_view key, std::string_view plain,
                               std::string_view hashed, Normalizer normalize) {
        setText(user, key, fields.hashed(plain, hashed, normalize));
    };
    addHashed(
        "email", "user.email", "user.email_sha256", isPlain ? normalizeEmail : canonicalEmail);
    addHashed("phone_number", "user.phone_e164", "user.phone_sha256_plus", normalizePhonePlus);
    addHashed("external_id", "user.external_id", "user.external_id_sha256", normalizeExternalId);
    addHashed("ip_address", "user.ip", "user.ip_sha256", normalizeExternalId);
    setText(user, "user_agent", fields.text("user.user_agent"));
    setText(user, "uuid", fields.text("click.rdt_uuid"));
    addHashed("idfa", "device.idfa", "device.idfa_sha256", normalizeExternalId);
    addHashed("aaid", "device.gaid", "device.gaid_sha256", normalizeExternalId);
    if (isUseLimited(fields)) {
        Json options = Json::object();
        setText(options, "country", fields.text("consent.ldu_country"));
        setText(options, "region", fields.text("consent.ldu_region"));
        options.set("modes", Json::array({ Json::string("LDU") }));
        user.set("data_processing_options", std::move(options));
    }
    return user;
}

Json productsOf(const CanonicalEvent& event, Fields& fields)
{
    Json products = Json::array();
    for (const Item& item : itemsOf(event, fields)) {
        Json product = Json::object({ { "id", Json::string(item.id) } });
        setText(product, "name", item.name);
        setText(product, "category", item.category);
        product.set("quantity", Json::number(item.quantity));
        if (!item.price.empty())
            product.set("item_price", Json::number(item.price));
        products.push(std::move(product));
    }
    return products;
}

Json metadataOf(const CanonicalEvent& event, RedditApi api, Fields& fields)
{
    Json data = Json::object();
    data.set("conversion_id", Json::string(event.stored->eventId));
    setText(data, "currency", fields.currency());
    if (const auto value = fields.decimal("value"))
        data.set(api == RedditApi::V3 ? "value" : "value_decimal", *value);
    if (const auto count = fields.integer("num_items"))
        data.set("item_count", Json::number(*count));
    Json products = productsOf(event, fields);
    if (!products.items().empty())
        data.set("products", std::move(products));
    return data;
}

} // namespace

RedditApi redditApiOf(const DestinationConfig& destination)
{
    return optionOf(destination, "api") == "v2" ? RedditApi::V2 : RedditApi::V3;
}

Json redditPayload(
    const CanonicalEvent& event, const DestinationConfig& destination, Fields& fields)
{
    const RedditApi api = redditApiOf(destination);
    const bool isV3 = api == RedditApi::V3;
    const WallTime time = event.stored->eventTime;
    Json data = Json::object();
    data.set("event_at", isV3 ? Json::number(toUnixMillis(time)) : Json::string(toIsoMillis(time)));
    if (isV3) {
        setText(data, "action_source", sourceOf(event, destination));
        setText(data, "event_source_url", fields.text("event_source_url"));
    }
    setText(data, "click_id", fields.text("click.rdt_cid"));
    data.set(isV3 ? "type" : "event_type", typeOf(event, destination, api));
    data.set(isV3 ? "metadata" : "event_metadata", metadataOf(event, api, fields));
    data.set("user", userData(destination, fields));
    return data;
}

RedditIdentity redditIdentityOf(const Json& event)
{
    const auto text = [&](std::string_view path) {
        const Json* const value = event.at(path);
        return value != nullptr ? value->text() : std::string {};
    };
    RedditIdentity identity { .conversionId = text("metadata.conversion_id"),
        .eventAt = text("event_at"),
        .clickId = text("click_id") };
    if (identity.conversionId.empty())
        identity.conversionId = text("event_metadata.conversion_id");
    return identity;
}

bool isSameRedditEvent(const RedditIdentity& sent, const RedditIdentity& echoed)
{
    if (!echoed.conversionId.empty())
        return echoed.conversionId == sent.conversionId
            || echoed.conversionId == sha256Hex(sent.conversionId);
    return !echoed.eventAt.empty() && echoed.eventAt == sent.eventAt
        && echoed.clickId == sent.clickId;
}

} // namespace engine::platforms

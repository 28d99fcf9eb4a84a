#include "simulator/reddit_rules.h"

#include "simulator/event_rules.h"

#include <array>

namespace engine::simulator {
namespace {

using namespace std::chrono_literals;
using Violation = std::optional<std::string>;

// What differs between the two forms.
struct Form {
    std::array<std::string_view, 9> types {};
    std::string_view custom {};
    std::string_view type {};
    std::string_view metadata {};
    std::string_view value {};
};
constexpr Form kV3 { { "PAGE_VISIT", "VIEW_CONTENT", "SEARCH", "ADD_TO_CART", "ADD_TO_WISHLIST",
                         "PURCHASE", "LEAD", "SIGN_UP", "CUSTOM" },
    "CUSTOM", "type", "metadata", "value" };
constexpr Form kV2 { { "PageVisit", "ViewContent", "Search", "AddToCart", "AddToWishlist",
                         "Purchase", "Lead", "SignUp", "Custom" },
    "Custom", "event_type", "event_metadata", "value_decimal" };

constexpr std::array<std::string_view, 7> kTopV3 { "event_at", "action_source", "event_source_url",
    "click_id", "type", "metadata", "user" };
constexpr std::array<std::string_view, 5> kTopV2 { "event_at", "click_id", "event_type",
    "event_metadata", "user" };
constexpr std::array<std::string_view, 4> kSources { "WEBSITE", "APP", "PHYSICAL_STORE", "OTHER" };
constexpr std::array<std::string_view, 6> kHashed { "email", "phone_number", "external_id",
    "ip_address", "idfa", "aaid" };
constexpr std::array<std::string_view, 2> kPlain { "user_agent", "uuid" };
// Alone each of them finds a person.
constexpr std::array<std::string_view, 6> kStrong { "email", "phone_number", "external_id", "uuid",
    "idfa", "aaid" };

constexpr MemberRule kType[] {
    { "tracking_type", isTextValue },
    { "custom_event_name", isTextValue },
};
constexpr MemberRule kProduct[] {
    { "id", isTextValue },
    { "name", isTextValue },
    { "category", isTextValue },
    { "quantity", isWholeValue },
    { "item_price", isNumberValue },
};
constexpr MemberRule kOptions[] {
    { "country", isTextValue },
    { "region", isTextValue },
    { "modes", isTextList },
};
constexpr MemberRule kScreen[] { { "width", isWholeValue }, { "height", isWholeValue } };

std::string broken(std::string_view field, std::string_view rule)
{
    return std::string(field) + ' ' + std::string(rule);
}

Violation checkMembers(const Json* object, std::span<const MemberRule> rules, std::string_view path)
{
    if (object == nullptr)
        return std::nullopt;
    if (!object->isObject())
        return broken(path, "must be an object");
    const auto fault = memberFault(*object, rules);
    if (!fault)
        return std::nullopt;
    return broken(std::string(path) + '.' + fault->name, fault->rule);
}

std::optional<WallTime> timeOf(const Json& event, RedditForm form)
{
    const Json* const at = event.find("event_at");
    if (form == RedditForm::V2)
        return isText(at) ? parseIso8601(at->text()) : std::nullopt;
    constexpr std::int64_t kFirstMillis = 100'000'000'000;
    if (!isWholeNumber(at) || *at->asInt() < kFirstMillis)
        return std::nullopt;
    return WallTime { Millis { *at->asInt() } };
}

Violation checkTime(const Json& event, RedditForm form, WallTime now)
{
    const auto time = timeOf(event, form);
    if (!time)
        return broken("event_at", "is not a time in this version's form");
    if (now - *time > 168h + 1s)
        return broken("event_at", "is more than 7 days old");
    if (*time - now > 5min)
        return broken("event_at", "lies in the future");
    return std::nullopt;
}

Violation checkType(const Json& event, const Form& form)
{
    const Json* const type = event.find(form.type);
    const Json* const tracking = type != nullptr ? type->find("tracking_type") : nullptr;
    if (tracking == nullptr || !isText(tracking) || !isOneOf(form.types, tracking->text()))
        return broken(form.type, "must hold a known tracking_type");
    if (auto violation = checkMembers(type, kType, form.type))
        return violation;
    const Json* const name = type->find("custom_event_name");
    const bool isCustom = tracking->text() == form.custom;
    if (isCustom != isText(name))
        return broken("custom_event_name", "belongs to custom events, and to them alone");
    return std::nullopt;
}

Violation checkUser(const Json& event)
{
    const Json* const user = event.find("user");
    if (user == nullptr || !user->isObject())
        return broken("user", "is required");
    bool isFindable = isText(event.find("click_id"))
        || (user->find("ip_address") != nullptr && user->find("user_agent") != nullptr);
    for (const auto& [key, value] : user->members()) {
        isFindable = isFindable || isOneOf(kStrong, key);
        if (isOneOf(kHashed, key) ? !isHash(value) : isOneOf(kPlain, key) && !isText(&value))
            return broken("user." + key, "has the wrong form");
        const bool isKnown = isOneOf(kHashed, key) || isOneOf(kPlain, key)
            || key == "data_processing_options" || key == "screen_dimensions";
        if (!isKnown)
            return broken("user." + key, "is unknown");
    }
    if (!isFindable)
        return broken("user", "holds no match key");
    if (auto violation = checkMembers(
            user->find("data_processing_options"), kOptions, "user.data_processing_options"))
        return violation;
    return checkMembers(user->find("screen_dimensions"), kScreen, "user.screen_dimensions");
}

Violation checkMetadata(const Json& event, const Form& form)
{
    const Json* const data = event.find(form.metadata);
    if (data == nullptr)
        return std::nullopt;
    const MemberRule rules[] { { "conversion_id", isTextValue }, { "currency", isCurrencyValue },
        { form.value, isNumberValue }, { "item_count", isWholeValue },
        { "products", isObjectList } };
    if (auto violation = checkMembers(data, rules, form.metadata))
        return violation;
    if (data->find("conversion_id") == nullptr)
        return broken("conversion_id", "must be text");
    const Json* const products = data->find("products");
    for (const Json& product : products != nullptr ? products->items() : std::vector<Json> {}) {
        if (auto violation = checkMembers(&product, kProduct, "products"))
            return violation;
        if (product.find("id") == nullptr || product.find("quantity") == nullptr)
            return broken("products", "has the wrong form");
    }
    return std::nullopt;
}

} // namespace

std::optional<std::string> checkRedditEvent(const Json& event, RedditForm form, WallTime now)
{
    if (!event.isObject())
        return broken("events", "must hold objects");
    const bool isV3 = form == RedditForm::V3;
    const std::span<const std::string_view> known
        = isV3 ? std::span<const std::string_view>(kTopV3) : kTopV2;
    for (const auto& [key, value] : event.members()) {
        if (!isOneOf(known, key))
            return broken(key, "is unknown in this version");
    }
    if (const auto empty = emptyValueIn(event))
        return broken(*empty, "is empty");
    const Json* const source = event.find("action_source");
    if (source != nullptr && !(isText(source) && isOneOf(kSources, source->text())))
        return broken("action_source", "must be one of the known sources");
    for (const std::string_view key : { "click_id", "event_source_url" }) {
        const Json* const text = event.find(key);
        if (text != nullptr && !isText(text))
            return broken(key, "must be text");
    }
    if (auto violation = checkTime(event, form, now))
        return violation;
    if (auto violation = checkType(event, isV3 ? kV3 : kV2))
        return violation;
    if (auto violation = checkUser(event))
        return violation;
    return checkMetadata(event, isV3 ? kV3 : kV2);
}

} // namespace engine::simulator

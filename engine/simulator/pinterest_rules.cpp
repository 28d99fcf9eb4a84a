#include "simulator/pinterest_rules.h"

#include "simulator/event_rules.h"

#include <array>

namespace engine::simulator {
namespace {

using Violation = std::optional<std::string>;

constexpr std::array<std::string_view, 4> kSources { "app_android", "app_ios", "web", "offline" };
constexpr std::array<std::string_view, 21> kNames { "add_payment_info", "add_to_cart",
    "add_to_wishlist", "app_install", "app_open", "checkout", "contact", "custom",
    "customize_product", "find_location", "initiate_checkout", "lead", "page_visit", "schedule",
    "search", "signup", "start_trial", "subscribe", "view_category", "view_content",
    "watch_video" };
constexpr std::array<std::string_view, 12> kHashed { "em", "ph", "hashed_maids", "external_id",
    "ge", "db", "ln", "fn", "ct", "st", "zp", "country" };
constexpr std::array<std::string_view, 4> kPlain { "click_id", "client_ip_address",
    "client_user_agent", "partner_id" };

constexpr MemberRule kEvent[] {
    { "event_name", isTextValue },
    { "action_source", isTextValue },
    { "event_time", isWholeValue },
    { "event_id", isTextValue },
    { "event_source_url", isTextValue },
    { "opt_out", isFlagValue },
    { "partner_name", isTextValue },
    { "user_data", isObjectValue },
    { "custom_data", isObjectValue },
    { "language", isTextValue },
    { "app_id", isTextValue },
    { "app_name", isTextValue },
    { "app_version", isTextValue },
    { "device_brand", isTextValue },
    { "device_model", isTextValue },
    { "os_version", isTextValue },
};
constexpr MemberRule kCustom[] {
    { "currency", isCurrencyValue },
    { "value", isDecimalValue },
    { "order_id", isTextValue },
    { "num_items", isWholeValue },
    { "predicted_ltv", isDecimalValue },
    { "content_ids", isTextList },
    { "contents", isObjectList },
    { "search_string", isTextValue },
    { "opt_out_type", isTextValue },
};
constexpr MemberRule kContent[] {
    { "id", isTextValue },
    { "item_price", isDecimalValue },
    { "quantity", isWholeValue },
    { "item_name", isTextValue },
    { "item_category", isTextValue },
    { "item_brand", isTextValue },
};

std::string broken(std::string_view field, std::string_view rule)
{
    return std::string(field) + ' ' + std::string(rule);
}

Violation checkTime(const Json& event, WallTime now)
{
    const Json* const time = event.find("event_time");
    if (!isWholeNumber(time))
        return broken("event_time", "must be Unix seconds");
    const std::int64_t age
        = std::chrono::floor<Seconds>(now).time_since_epoch().count() - *time->asInt();
    if (age > 7L * 86'400)
        return broken("event_time", "is more than 7 days old");
    if (age < -60)
        return broken("event_time", "lies in the future");
    return std::nullopt;
}

Violation checkUserData(const Json& event)
{
    const Json* const user = event.find("user_data");
    if (user == nullptr || !user->isObject())
        return broken("user_data", "is required");
    for (const auto& [key, value] : user->members()) {
        if (isOneOf(kHashed, key) ? !isHashList(value) : !isText(&value))
            return broken("user_data." + key, "has the wrong form");
        if (!isOneOf(kHashed, key) && !isOneOf(kPlain, key))
            return broken("user_data." + key, "is unknown");
    }
    const auto has = [&](std::string_view key) { return user->find(key) != nullptr; };
    if (!has("em") && !has("hashed_maids")
        && !(has("client_ip_address") && has("client_user_agent")))
        return broken("user_data", "needs em, hashed_maids, or address and browser");
    return std::nullopt;
}

Violation checkMembers(const Json& object, std::span<const MemberRule> rules, std::string_view path)
{
    const auto fault = memberFault(object, rules);
    if (!fault)
        return std::nullopt;
    return broken(std::string(path) + fault->name, fault->rule);
}

Violation checkCustomData(const Json& event)
{
    const Json* const custom = event.find("custom_data");
    if (custom == nullptr)
        return std::nullopt;
    if (auto violation = checkMembers(*custom, kCustom, "custom_data."))
        return violation;
    const Json* const contents = custom->find("contents");
    for (const Json& content : contents != nullptr ? contents->items() : std::vector<Json> {}) {
        if (auto violation = checkMembers(content, kContent, "custom_data.contents."))
            return violation;
        if (content.find("id") == nullptr || content.find("quantity") == nullptr)
            return broken("custom_data.contents", "has the wrong form");
    }
    return std::nullopt;
}

} // namespace

std::optional<std::string> checkPinterestEvent(const Json& event, WallTime now)
{
    if (!event.isObject())
        return broken("data", "must hold objects");
    const Json* const name = event.find("event_name");
    if (!isText(name) || !isOneOf(kNames, name->text()))
        return broken("event_name", "must be one of the known names");
    const Json* const source = event.find("action_source");
    if (!isText(source) || !isOneOf(kSources, source->text()))
        return broken("action_source", "must be one of the known sources");
    if (!isText(event.find("event_id")))
        return broken("event_id", "is required");
    if (const auto empty = emptyValueIn(event))
        return broken(*empty, "is empty");
    if (auto violation = checkTime(event, now))
        return violation;
    if (auto violation = checkUserData(event))
        return violation;
    if (auto violation = checkMembers(event, kEvent, ""))
        return violation;
    return checkCustomData(event);
}

} // namespace engine::simulator

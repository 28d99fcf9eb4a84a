#include "simulator/snapchat_rules.h"

#include "simulator/event_rules.h"

#include <array>

namespace engine::simulator {
namespace {

using Violation = std::optional<std::string>;

constexpr std::array<std::string_view, 3> kSources { "WEB", "MOBILE_APP", "OFFLINE" };
constexpr std::array<std::string_view, 21> kNames { "PURCHASE", "SAVE", "START_CHECKOUT",
    "ADD_CART", "VIEW_CONTENT", "ADD_BILLING", "SIGN_UP", "SEARCH", "PAGE_VIEW", "SUBSCRIBE",
    "LIST_VIEW", "LOGIN", "RESERVE", "ADD_TO_WISHLIST", "START_TRIAL", "APP_INSTALL",
    "CUSTOM_EVENT_1", "CUSTOM_EVENT_2", "CUSTOM_EVENT_3", "CUSTOM_EVENT_4", "CUSTOM_EVENT_5" };
constexpr std::array<std::string_view, 11> kHashed { "em", "ph", "fn", "ln", "ge", "db", "ct", "st",
    "zp", "country", "external_id" };
constexpr std::array<std::string_view, 6> kPlain { "client_ip_address", "client_user_agent",
    "sc_click_id", "sc_cookie1", "madid", "idfv" };
constexpr std::array<std::string_view, 2> kPositional { "app_data.extinfo",
    "data_processing_options" };

constexpr MemberRule kEvent[] {
    { "event_name", isTextValue },
    { "event_time", isWholeValue },
    { "event_id", isTextValue },
    { "action_source", isTextValue },
    { "event_source_url", isTextValue },
    { "integration", isTextValue },
    { "data_processing_options", isTextList },
    { "data_processing_options_country", isWholeValue },
    { "data_processing_options_state", isWholeValue },
    { "user_data", isObjectValue },
    { "custom_data", isObjectValue },
    { "app_data", isObjectValue },
};
constexpr MemberRule kCustom[] {
    { "currency", isCurrencyValue },
    { "value", isDecimalValue },
    { "order_id", isTextValue },
    { "num_items", isDecimalValue },
    { "content_ids", isTextList },
    { "content_category", isTextList },
    { "brands", isTextList },
    { "search_string", isTextValue },
    { "sign_up_method", isTextValue },
    { "contents", isObjectList },
};
constexpr MemberRule kContent[] {
    { "id", isTextValue },
    { "quantity", isDecimalValue },
    { "item_price", isDecimalValue },
    { "brand", isTextValue },
};
constexpr MemberRule kApp[] {
    { "app_id", isTextValue },
    { "advertiser_tracking_enabled", isWholeValue },
    { "extinfo", isListValue },
};

std::string broken(std::string_view field, std::string_view rule)
{
    return std::string(field) + ' ' + std::string(rule);
}

// Seconds or milliseconds: both are taken.
Violation checkTime(const Json& event, WallTime now)
{
    const Json* const time = event.find("event_time");
    if (!isWholeNumber(time))
        return broken("event_time", "must be Unix seconds");
    constexpr std::int64_t kFirstMillis = 100'000'000'000;
    const std::int64_t given = *time->asInt();
    const std::int64_t seconds = given >= kFirstMillis ? given / 1'000 : given;
    const std::int64_t age = std::chrono::floor<Seconds>(now).time_since_epoch().count() - seconds;
    if (age > 37L * 86'400 || age < -60)
        return "timestamp out of range";
    return std::nullopt;
}

Violation checkUserData(const Json& event)
{
    const Json* const user = event.find("user_data");
    if (user == nullptr || !user->isObject())
        return broken("user_data", "is required");
    for (const auto& [key, value] : user->members()) {
        if (!isOneOf(kHashed, key) && !isOneOf(kPlain, key))
            return broken("user_data." + key, "is unknown");
        if (isOneOf(kHashed, key) && !isHashList(value))
            return "PII not hashed: " + key;
        if (isOneOf(kPlain, key) && !isText(&value))
            return broken("user_data." + key, "must be text");
    }
    const auto has = [&](std::string_view key) { return user->find(key) != nullptr; };
    if (!has("em") && !has("ph") && !has("madid")
        && !(has("client_ip_address") && has("client_user_agent")))
        return "not enough PII";
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
    const bool isPriced = custom != nullptr && custom->find("value") != nullptr
        && custom->find("currency") != nullptr;
    if (event.find("event_name")->text() == "PURCHASE" && !isPriced)
        return "missing price or currency on PURCHASE";
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

Violation checkAppData(const Json& event)
{
    const Json* const app = event.find("app_data");
    if (app == nullptr)
        return std::nullopt;
    if (auto violation = checkMembers(*app, kApp, "app_data."))
        return violation;
    const Json* const info = app->find("extinfo");
    if (info != nullptr && info->items().size() != 16)
        return broken("app_data.extinfo", "must hold 16 entries");
    return std::nullopt;
}

} // namespace

std::optional<std::string> checkSnapchatEvent(const Json& event, WallTime now)
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
        return broken("event_id", "must be text");
    if (source->text() == "WEB" && !isText(event.find("event_source_url")))
        return broken("event_source_url", "is required for WEB");
    if (const auto empty = emptyValueIn(event, kPositional))
        return broken(*empty, "is empty");
    if (auto violation = checkTime(event, now))
        return violation;
    if (auto violation = checkUserData(event))
        return violation;
    if (auto violation = checkMembers(event, kEvent, ""))
        return violation;
    if (auto violation = checkCustomData(event))
        return violation;
    return checkAppData(event);
}

} // namespace engine::simulator

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

Violation checkContents(const Json& custom)
{
    const Json* const contents = custom.find("contents");
    if (contents == nullptr)
        return std::nullopt;
    for (const Json& content : contents->items()) {
        const Json* const price = content.find("item_price");
        const bool isWhole = isText(content.find("id")) && isWholeNumber(content.find("quantity"))
            && (price == nullptr || isDecimalText(price));
        if (!isWhole)
            return broken("custom_data.contents", "has the wrong form");
    }
    return std::nullopt;
}

Violation checkCustomData(const Json& event)
{
    const Json* const custom = event.find("custom_data");
    if (custom == nullptr)
        return std::nullopt;
    if (!custom->isObject())
        return broken("custom_data", "must be an object");
    for (const std::string_view key : { "value", "predicted_ltv" }) {
        const Json* const value = custom->find(key);
        if (value != nullptr && !isDecimalText(value))
            return broken("custom_data." + std::string(key), "must be a decimal in a text");
    }
    const Json* const currency = custom->find("currency");
    if (currency != nullptr && !isCurrencyCode(currency))
        return broken("custom_data.currency", "must be an ISO 4217 code");
    const Json* const count = custom->find("num_items");
    if (count != nullptr && !isWholeNumber(count))
        return broken("custom_data.num_items", "must be a whole number");
    return checkContents(*custom);
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
    return checkCustomData(event);
}

} // namespace engine::simulator

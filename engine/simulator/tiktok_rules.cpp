#include "simulator/tiktok_rules.h"

#include "simulator/event_rules.h"

#include <algorithm>
#include <array>

namespace engine::simulator {
namespace {

constexpr std::int64_t kParameter = 40'002;
constexpr std::int64_t kNotHashed = 40'062;

constexpr std::array<std::string_view, 10> kMembers { "event", "event_time", "event_id", "user",
    "properties", "page", "app", "ad", "lead", "limited_data_use" };
constexpr std::array<std::string_view, 6> kHashed { "email", "phone", "external_id", "first_name",
    "last_name", "zip_code" };
constexpr std::array<std::string_view, 12> kPlain { "ttclid", "ttp", "ip", "user_agent", "locale",
    "city", "state", "country", "idfa", "idfv", "gaid", "att_status" };
// Alone each of them finds a person.
constexpr std::array<std::string_view, 5> kStrong { "ttclid", "ttp", "email", "phone",
    "external_id" };
constexpr std::array<std::string_view, 5> kTexts { "order_id", "content_type", "query",
    "description", "shop_id" };

using Violation = std::optional<TiktokViolation>;

TiktokViolation broken(std::string field, std::string_view rule, std::int64_t code = kParameter)
{
    return { .code = code, .field = std::move(field), .rule = std::string(rule) };
}

bool isTextOrAbsent(const Json* value) { return value == nullptr || isText(value); }

Violation checkTime(const Json& event, std::string_view source, WallTime now)
{
    const Json* const time = event.find("event_time");
    if (!isWholeNumber(time))
        return broken("event_time", "must be Unix seconds");
    constexpr std::int64_t kDay = 86'400;
    const bool isLate = source == "offline" || source == "crm";
    const std::int64_t seconds = std::chrono::floor<Seconds>(now).time_since_epoch().count();
    const std::int64_t age = seconds - *time->asInt();
    if (age > (isLate ? 28 : 7) * kDay)
        return broken("event_time", "is too old");
    if (age < -60)
        return broken("event_time", "lies in the future");
    return std::nullopt;
}

Violation checkUser(const Json* user)
{
    if (user == nullptr || !user->isObject())
        return broken("user", "is required");
    bool isFindable = user->find("ip") != nullptr && user->find("user_agent") != nullptr;
    for (const auto& [key, value] : user->members()) {
        isFindable = isFindable || isOneOf(kStrong, key);
        if (isOneOf(kHashed, key)) {
            const bool areHashes = value.isArray()
                ? std::all_of(value.items().begin(), value.items().end(), isHash)
                : isHash(value);
            if (!areHashes)
                return broken("user." + key, "must be SHA-256 in lower case hex", kNotHashed);
        } else if (!isOneOf(kPlain, key)) {
            return broken("user." + key, "is unknown");
        } else if (!isText(&value)) {
            return broken("user." + key, "must be text");
        }
    }
    if (!isFindable)
        return broken("user", "holds no key that finds a person");
    return std::nullopt;
}

Violation checkProperties(const Json* properties)
{
    if (properties == nullptr)
        return std::nullopt;
    const Json* const value = properties->find("value");
    if (value != nullptr && !value->isNumber())
        return broken("properties.value", "must be a number");
    if (const Json* const currency = properties->find("currency")) {
        if (!isCurrencyCode(currency))
            return broken("properties.currency", "must be an ISO 4217 code");
    }
    if (const Json* const count = properties->find("num_items"); count && !isWholeNumber(count))
        return broken("properties.num_items", "must be a whole number");
    for (const std::string_view key : kTexts) {
        if (!isTextOrAbsent(properties->find(key)))
            return broken("properties." + std::string(key), "must be text");
    }
    const Json* const contents = properties->find("contents");
    if (contents == nullptr)
        return std::nullopt;
    for (const Json& content : contents->items()) {
        const Json* const price = content.find("price");
        const bool isWhole = isText(content.find("content_id"))
            && isWholeNumber(content.find("quantity")) && (price == nullptr || price->isNumber());
        if (!isWhole)
            return broken("properties.contents", "needs content_id, quantity and price");
    }
    return std::nullopt;
}

} // namespace

std::optional<TiktokViolation> checkTiktokEvent(
    const Json& event, std::string_view source, WallTime now)
{
    if (!event.isObject())
        return broken("event", "must be an object");
    for (const auto& [key, value] : event.members()) {
        if (!isOneOf(kMembers, key))
            return broken(key, "is unknown");
    }
    if (!isText(event.find("event")))
        return broken("event", "is required");
    if (!isTextOrAbsent(event.find("event_id")))
        return broken("event_id", "must be text");
    if (const Json* const flag = event.find("limited_data_use"); flag && !flag->isBool())
        return broken("limited_data_use", "must be true or false");
    if (const auto empty = emptyValueIn(event))
        return broken(*empty, "is empty");
    if (auto violation = checkTime(event, source, now))
        return violation;
    if (auto violation = checkUser(event.find("user")))
        return violation;
    return checkProperties(event.find("properties"));
}

} // namespace engine::simulator

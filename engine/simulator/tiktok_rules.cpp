#include "simulator/tiktok_rules.h"

#include "simulator/event_rules.h"

#include <algorithm>
#include <array>

namespace engine::simulator {
namespace {

constexpr std::int64_t kParameter = 40'002;
constexpr std::int64_t kNotHashed = 40'062;

constexpr MemberRule kMembers[] {
    { "event", isTextValue },
    { "event_time", isWholeValue },
    { "event_id", isTextValue },
    { "user", isObjectValue },
    { "properties", isObjectValue },
    { "page", isObjectValue },
    { "app", isObjectValue },
    { "ad", isObjectValue },
    { "lead", isObjectValue },
    { "limited_data_use", isFlagValue },
};
constexpr MemberRule kProperties[] {
    { "currency", isCurrencyValue },
    { "value", isNumberValue },
    { "order_id", isTextValue },
    { "content_type", isTextValue },
    { "contents", isObjectList },
    { "num_items", isWholeValue },
    { "query", isTextValue },
    { "description", isTextValue },
    { "shop_id", isTextValue },
};
constexpr MemberRule kContent[] {
    { "content_id", isTextValue },
    { "content_name", isTextValue },
    { "content_category", isTextValue },
    { "brand", isTextValue },
    { "price", isNumberValue },
    { "quantity", isWholeValue },
};
constexpr MemberRule kPage[] { { "url", isTextValue }, { "referrer", isTextValue } };
constexpr MemberRule kApp[] {
    { "app_id", isTextValue },
    { "app_name", isTextValue },
    { "app_version", isTextValue },
};
constexpr MemberRule kAd[] {
    { "callback", isTextValue },
    { "campaign_id", isTextValue },
    { "ad_id", isTextValue },
    { "creative_id", isTextValue },
    { "is_retargeting", isFlagValue },
    { "attributed", isFlagValue },
};
constexpr MemberRule kLead[] { { "lead_id", isTextValue }, { "lead_event_source", isTextValue } };
constexpr std::array<std::string_view, 6> kHashed { "email", "phone", "external_id", "first_name",
    "last_name", "zip_code" };
constexpr std::array<std::string_view, 12> kPlain { "ttclid", "ttp", "ip", "user_agent", "locale",
    "city", "state", "country", "idfa", "idfv", "gaid", "att_status" };
// Alone each of them finds a person.
constexpr std::array<std::string_view, 5> kStrong { "ttclid", "ttp", "email", "phone",
    "external_id" };

using Violation = std::optional<TiktokViolation>;

TiktokViolation broken(std::string field, std::string_view rule, std::int64_t code = kParameter)
{
    return { .code = code, .field = std::move(field), .rule = std::string(rule) };
}

Violation checkMembers(
    const Json* object, std::span<const MemberRule> rules, std::string_view path = {})
{
    const auto fault = object != nullptr ? memberFault(*object, rules) : std::nullopt;
    if (!fault)
        return std::nullopt;
    return broken(std::string(path) + fault->name, fault->rule);
}

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
    if (auto violation = checkMembers(properties, kProperties, "properties."))
        return violation;
    const Json* const contents = properties != nullptr ? properties->find("contents") : nullptr;
    for (const Json& content : contents != nullptr ? contents->items() : std::vector<Json> {}) {
        if (auto violation = checkMembers(&content, kContent, "properties.contents."))
            return violation;
        if (content.find("content_id") == nullptr || content.find("quantity") == nullptr)
            return broken("properties.contents", "needs content_id and quantity");
    }
    return std::nullopt;
}

struct Inner {
    std::string_view name {};
    std::span<const MemberRule> rules {};
};

Violation checkInner(const Json& event)
{
    const Inner inner[] { { "page", kPage }, { "app", kApp }, { "ad", kAd }, { "lead", kLead } };
    for (const Inner& one : inner) {
        if (auto violation
            = checkMembers(event.find(one.name), one.rules, std::string(one.name) + '.'))
            return violation;
    }
    return std::nullopt;
}

} // namespace

std::optional<TiktokViolation> checkTiktokEvent(
    const Json& event, std::string_view source, WallTime now)
{
    if (!event.isObject())
        return broken("event", "must be an object");
    if (!isText(event.find("event")))
        return broken("event", "is required");
    if (auto violation = checkMembers(&event, kMembers))
        return violation;
    if (const auto empty = emptyValueIn(event))
        return broken(*empty, "is empty");
    if (auto violation = checkTime(event, source, now))
        return violation;
    if (auto violation = checkUser(event.find("user")))
        return violation;
    if (auto violation = checkProperties(event.find("properties")))
        return violation;
    return checkInner(event);
}

} // namespace engine::simulator

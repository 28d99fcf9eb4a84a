#include "simulator/meta_rules.h"

#include "simulator/event_rules.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace engine::simulator {
namespace {

constexpr std::int64_t kParameter = 2'804'001;
constexpr std::int64_t kTooOld = 2'804'003;
constexpr std::int64_t kMissingValue = 2'804'009;
constexpr std::int64_t kUserData = 2'804'016;
constexpr std::int64_t kEventTime = 2'804'019;

constexpr std::array<std::string_view, 9> kSources { "email", "website", "app", "phone_call",
    "chat", "physical_store", "system_generated", "business_messaging", "other" };
constexpr std::array<std::string_view, 11> kHashed { "em", "ph", "ge", "db", "ln", "fn", "ct", "st",
    "zp", "country", "external_id" };
constexpr std::array<std::string_view, 9> kPlain { "client_ip_address", "client_user_agent", "fbc",
    "fbp", "lead_id", "subscription_id", "madid", "anon_id", "ctwa_clid" };
// Alone each of them finds a person.
constexpr std::array<std::string_view, 9> kStrong { "em", "ph", "external_id", "fbc", "fbp",
    "lead_id", "subscription_id", "madid", "ctwa_clid" };

constexpr std::array<std::string_view, 2> kPositional { "app_data.extinfo",
    "data_processing_options" };

constexpr MemberRule kEvent[] {
    { "event_name", isTextValue },
    { "event_time", isWholeValue },
    { "event_id", isTextValue },
    { "action_source", isTextValue },
    { "event_source_url", isTextValue },
    { "referrer_url", isTextValue },
    { "opt_out", isFlagValue },
    { "user_data", isObjectValue },
    { "custom_data", isObjectValue },
    { "app_data", isObjectValue },
    { "data_processing_options", isTextList },
    { "data_processing_options_country", isWholeValue },
    { "data_processing_options_state", isWholeValue },
};
constexpr MemberRule kCustom[] {
    { "currency", isCurrencyValue },
    { "value", isNumberValue },
    { "order_id", isTextValue },
    { "num_items", isWholeValue },
    { "content_type", isTextValue },
    { "content_ids", isTextList },
    { "content_name", isTextValue },
    { "contents", isObjectList },
    { "search_string", isTextValue },
    { "predicted_ltv", isNumberValue },
    { "net_revenue", isNumberValue },
};
constexpr MemberRule kContent[] {
    { "id", isTextValue },
    { "quantity", isWholeValue },
    { "item_price", isNumberValue },
    { "delivery_category", isTextValue },
};
constexpr MemberRule kApp[] {
    { "advertiser_tracking_enabled", isWholeValue },
    { "application_tracking_enabled", isWholeValue },
    { "extinfo", isListValue },
};

using Violation = std::optional<MetaViolation>;

MetaViolation broken(std::int64_t subcode, std::string_view field, std::string_view rule)
{
    return { .subcode = subcode,
        .message = "Invalid parameter: " + std::string(field) + ' ' + std::string(rule) };
}

Violation checkTime(const Json& event, WallTime now)
{
    const Json* const time = event.find("event_time");
    if (!isWholeNumber(time))
        return broken(kEventTime, "event_time", "must be Unix seconds");
    constexpr std::int64_t kDay = 86'400;
    const bool isShop = event.find("action_source")->text() == "physical_store";
    const std::int64_t seconds = std::chrono::floor<Seconds>(now).time_since_epoch().count();
    const std::int64_t age = seconds - *time->asInt();
    if (age > (isShop ? 62 : 7) * kDay)
        return broken(kTooOld, "event_time", "is too old");
    if (age < -60)
        return broken(kEventTime, "event_time", "lies in the future");
    return std::nullopt;
}

Violation checkUserData(const Json& event)
{
    const Json* const user = event.find("user_data");
    if (user == nullptr || !user->isObject() || user->members().empty())
        return broken(kUserData, "user_data", "is required");
    bool isFindable
        = user->find("client_ip_address") != nullptr && user->find("client_user_agent") != nullptr;
    bool hasName = user->find("fn") != nullptr && user->find("ln") != nullptr;
    hasName = hasName
        && (user->find("zp") != nullptr || user->find("ct") != nullptr
            || user->find("db") != nullptr);
    isFindable = isFindable || hasName;
    for (const auto& [key, value] : user->members()) {
        isFindable = isFindable || isOneOf(kStrong, key);
        if (isOneOf(kHashed, key)) {
            const bool areHashes = value.isArray()
                ? std::all_of(value.items().begin(), value.items().end(), isHash)
                : isHash(value);
            if (!areHashes)
                return broken(kUserData, "user_data." + key, "must be SHA-256 in lower case hex");
        } else if (isOneOf(kPlain, key)) {
            if (!value.isString() && !value.isNumber())
                return broken(kUserData, "user_data." + key, "must be text");
        } else {
            return broken(kUserData, "user_data." + key, "is unknown");
        }
    }
    if (!isFindable)
        return broken(kUserData, "user_data", "holds no key that finds a person");
    return std::nullopt;
}

Violation checkCustomData(const Json& event)
{
    const Json* const custom = event.find("custom_data");
    const bool isPurchase = event.find("event_name")->text() == "Purchase";
    const Json* const value = custom != nullptr ? custom->find("value") : nullptr;
    const Json* const currency = custom != nullptr ? custom->find("currency") : nullptr;
    if (isPurchase && value == nullptr)
        return broken(kMissingValue, "custom_data.value", "is required for a purchase");
    if (isPurchase && currency == nullptr)
        return broken(kParameter, "custom_data.currency", "is required for a purchase");
    if (value != nullptr && !value->isNumber())
        return broken(kParameter, "custom_data.value", "must be a number");
    if (currency != nullptr) {
        const std::string& code = currency->text();
        const bool isCode = code.size() == 3
            && code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
        if (!isCode)
            return broken(kParameter, "custom_data.currency", "must be an ISO 4217 code");
    }
    const Json* const contents = custom != nullptr ? custom->find("contents") : nullptr;
    if (contents == nullptr)
        return std::nullopt;
    for (const Json& content : contents->items()) {
        const Json* const price = content.find("item_price");
        const bool isWhole = isText(content.find("id")) && isWholeNumber(content.find("quantity"))
            && (price == nullptr || price->isNumber());
        if (!isWhole)
            return broken(kParameter, "custom_data.contents", "needs id and quantity");
    }
    return std::nullopt;
}

Violation checkMembers(const Json& object, std::span<const MemberRule> rules, std::string_view path)
{
    const auto fault = memberFault(object, rules);
    if (!fault)
        return std::nullopt;
    return broken(kParameter, std::string(path) + fault->name, fault->rule);
}

// After what has a code of its own.
Violation checkAllMembers(const Json& event)
{
    if (auto violation = checkMembers(event, kEvent, ""))
        return violation;
    if (const Json* const custom = event.find("custom_data")) {
        if (auto violation = checkMembers(*custom, kCustom, "custom_data."))
            return violation;
        const Json* const contents = custom->find("contents");
        for (const Json& content : contents != nullptr ? contents->items() : std::vector<Json> {}) {
            if (auto violation = checkMembers(content, kContent, "custom_data.contents."))
                return violation;
        }
    }
    const Json* const app = event.find("app_data");
    if (app == nullptr)
        return std::nullopt;
    if (auto violation = checkMembers(*app, kApp, "app_data."))
        return violation;
    const Json* const info = app->find("extinfo");
    if (info != nullptr && info->items().size() != 16)
        return broken(kParameter, "app_data.extinfo", "must hold 16 entries");
    return std::nullopt;
}

Violation checkWebsite(const Json& event)
{
    if (event.find("action_source")->text() != "website")
        return std::nullopt;
    if (!isText(event.find("event_source_url")))
        return broken(kParameter, "event_source_url", "is required for website");
    if (!isText(event.at("user_data.client_user_agent")))
        return broken(kUserData, "user_data.client_user_agent", "is required for website");
    return std::nullopt;
}

} // namespace

std::optional<MetaViolation> checkMetaEvent(const Json& event, WallTime now)
{
    if (!event.isObject())
        return broken(kParameter, "data", "must hold objects");
    if (!isText(event.find("event_name")))
        return broken(kParameter, "event_name", "is required");
    const Json* const source = event.find("action_source");
    if (source == nullptr || !isOneOf(kSources, source->text()))
        return broken(kParameter, "action_source", "must be one of the known sources");
    if (event.find("event_id") != nullptr && !isText(event.find("event_id")))
        return broken(kParameter, "event_id", "must be text");
    if (const auto empty = emptyValueIn(event, kPositional))
        return broken(kParameter, *empty, "is empty");
    if (auto violation = checkTime(event, now))
        return violation;
    if (auto violation = checkUserData(event))
        return violation;
    if (auto violation = checkCustomData(event))
        return violation;
    if (auto violation = checkWebsite(event))
        return violation;
    return checkAllMembers(event);
}

} // namespace engine::simulator

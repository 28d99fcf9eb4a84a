#include "simulator/criteo_rules.h"

#include "platforms/hashing.h"
#include "simulator/event_rules.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace engine::simulator {
namespace {

using Fault = std::optional<std::string>;

constexpr std::array<std::string_view, 13> kMembers { "version", "account", "site_type", "country",
    "language", "ip", "useragent", "user_agent", "full_url", "previous_url", "retailer_visitor_id",
    "id", "events" };
constexpr std::array<std::string_view, 7> kEventMembers { "event", "timestamp", "id", "currency",
    "keywords", "item", "deduplication_page_view_id" };
constexpr std::size_t kEventsMax = 3;

enum class Item : std::uint8_t { Absent, Id, Ids, Objects };
struct EventRule {
    std::string_view name {};
    Item item { Item::Absent };
};
constexpr EventRule kEvents[] {
    { "viewHome" },
    { "viewPage" },
    { "viewItem", Item::Id },
    { "viewList", Item::Ids },
    { "viewSearch" },
    { "addToCart", Item::Objects },
    { "viewBasket", Item::Objects },
    { "beginCheckout", Item::Objects },
    { "addPaymentInfo" },
    { "trackTransaction", Item::Objects },
    { "login" },
};

bool isDigits(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

template <std::size_t N>
Fault checkMembers(const Json& object, const std::array<std::string_view, N>& known)
{
    for (const auto& [name, value] : object.members()) {
        if (std::find(known.begin(), known.end(), name) == known.end())
            return "UnknownField: " + name;
        if (value.isNull() || (value.isString() && value.text().empty()))
            return "EmptyField: " + name;
    }
    return std::nullopt;
}

bool isHashOfSize(const Json* value, std::size_t size)
{
    return value != nullptr && value->isString() && value->text().size() == size
        && value->text().find_first_not_of("0123456789abcdef") == std::string::npos;
}

Fault checkEmail(const Json& email)
{
    struct Form {
        std::string_view name {};
        std::size_t size { 0 };
    };
    constexpr Form kForms[] { { "md5", 32 }, { "sha256", 64 }, { "sha256_md5", 64 } };
    if (email.members().empty())
        return "UserIdentifierInvalid: email";
    for (const auto& member : email.members()) {
        const auto* const form = std::find_if(std::begin(kForms), std::end(kForms),
            [&](const Form& known) { return known.name == member.first; });
        if (form == std::end(kForms) || !isHashOfSize(&member.second, form->size))
            return "UserIdentifierInvalid: email." + member.first;
    }
    const Json* const md5 = email.find("md5");
    const Json* const ofMd5 = email.find("sha256_md5");
    if (md5 != nullptr && ofMd5 != nullptr && platforms::sha256Hex(md5->text()) != ofMd5->text())
        return "UserIdentifierInvalid: email.sha256_md5";
    return std::nullopt;
}

Fault checkIdentity(const Json& body)
{
    const Json* const id = body.find("id");
    if (id == nullptr || id->members().empty())
        return "UserIdentifierMissing";
    const bool hasUser = isText(id->find("mapped_user_id"));
    if (hasUser != isText(id->find("mapping_key")))
        return "UserIdentifierInvalid: mapped_user_id needs mapping_key";
    const Json* const email = id->find("email");
    if (email != nullptr)
        return checkEmail(*email);
    if (!hasUser && !isText(id->find("idfa")) && !isText(id->find("gaid")))
        return "UserIdentifierMissing";
    return std::nullopt;
}

// 2026-10-09T12:34:56.000Z
Fault checkTime(const Json* value, WallTime now)
{
    constexpr std::string_view kShape = "0000-00-00T00:00:00.000Z";
    const std::string text = value != nullptr ? value->text() : std::string {};
    const bool isShape = text.size() == kShape.size()
        && std::equal(text.begin(), text.end(), kShape.begin(),
            [](char c, char shape) { return shape == '0' ? c >= '0' && c <= '9' : c == shape; });
    const auto time = isShape ? parseIso8601(text) : std::nullopt;
    if (!time || *time > now + std::chrono::minutes { 1 })
        return "EventInvalid: timestamp";
    return std::nullopt;
}

bool isItemObject(const Json& item, bool isOrder)
{
    const Json* const price = item.find("price");
    const Json* const quantity = item.find("quantity");
    const auto count = quantity != nullptr && quantity->isNumber() ? quantity->asInt()
                                                                   : std::optional<std::int64_t> {};
    const bool isPriced = price != nullptr ? price->isNumber() : !isOrder;
    return isText(item.find("id")) && count && *count >= 1 && isPriced;
}

bool isItem(const Json* item, Item form, bool isOrder)
{
    if (form == Item::Absent)
        return item == nullptr;
    if (form == Item::Id)
        return isText(item);
    if (item == nullptr || !item->isArray() || item->items().empty())
        return false;
    return std::all_of(item->items().begin(), item->items().end(), [&](const Json& one) {
        return form == Item::Ids ? isText(&one) : isItemObject(one, isOrder);
    });
}

Fault checkEvent(const Json& event, WallTime now)
{
    const Json* const name = event.find("event");
    const auto* const rule = std::find_if(std::begin(kEvents), std::end(kEvents),
        [&](const EventRule& known) { return name != nullptr && known.name == name->text(); });
    if (rule == std::end(kEvents))
        return "EventInvalid: event";
    if (auto fault = checkMembers(event, kEventMembers))
        return fault;
    if (auto fault = checkTime(event.find("timestamp"), now))
        return fault;
    const bool isOrder = rule->name == "trackTransaction";
    if (isOrder != isText(event.find("id")))
        return "EventInvalid: id";
    const Json* const currency = event.find("currency");
    if (currency != nullptr
        && (currency->text().size() != 3
            || currency->text().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
                != std::string::npos))
        return "EventInvalid: currency";
    if (!isItem(event.find("item"), rule->item, isOrder))
        return "EventInvalid: item";
    return std::nullopt;
}

} // namespace

std::optional<std::string> checkCriteoRequest(const Json& body, WallTime now)
{
    const Json* const account = body.find("account");
    if (account == nullptr || !account->isString() || !isDigits(account->text()))
        return "AccountMissing";
    if (auto fault = checkMembers(body, kMembers))
        return fault;
    const Json* const siteType = body.find("site_type");
    if (siteType == nullptr
        || (siteType->text() != "d" && siteType->text() != "m" && siteType->text() != "t"))
        return "SiteTypeInvalid";
    if (auto fault = checkIdentity(body))
        return fault;
    const Json* const events = body.find("events");
    if (events == nullptr || events->items().empty() || events->items().size() > kEventsMax)
        return "EventMissing";
    for (const Json& event : events->items()) {
        if (auto fault = checkEvent(event, now))
            return fault;
    }
    return std::nullopt;
}

} // namespace engine::simulator

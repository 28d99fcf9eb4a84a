#include "platforms/event_names.h"

#include "platforms/hashing.h"
#include "platforms/requests.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

namespace engine::platforms {
namespace {

// Spellings without case, spaces and separators. Sorted, so that a look-up is a binary search.
// Words with two meanings ("checkout" is a purchase for one platform and its beginning for others)
// stay out: a wrong name costs more than a custom one.
struct Alias {
    std::string_view spelling {};
    std::string_view canonical {};
};
constexpr Alias kAliases[] {
    { "addedpaymentinfo", "add_payment_info" },
    { "addedtocart", "add_to_cart" },
    { "addedtowishlist", "add_to_wishlist" },
    { "addpaymentinfo", "add_payment_info" },
    { "addtocart", "add_to_cart" },
    { "addtowishlist", "add_to_wishlist" },
    { "appinstall", "app_install" },
    { "appinstalled", "app_install" },
    { "applicationinstalled", "app_install" },
    { "begincheckout", "begin_checkout" },
    { "cartviewed", "view_cart" },
    { "checkoutstarted", "begin_checkout" },
    { "completepayment", "purchase" },
    { "completeregistration", "sign_up" },
    { "firstopen", "app_install" },
    { "generatelead", "lead" },
    { "initiatecheckout", "begin_checkout" },
    { "installapp", "app_install" },
    { "lead", "lead" },
    { "leadgenerated", "lead" },
    { "loggedin", "login" },
    { "login", "login" },
    { "ordercompleted", "purchase" },
    { "orderplaced", "purchase" },
    { "page", "page_view" },
    { "pageview", "page_view" },
    { "pageviewed", "page_view" },
    { "pagevisit", "page_view" },
    { "paymentinfoentered", "add_payment_info" },
    { "productadded", "add_to_cart" },
    { "productaddedtowishlist", "add_to_wishlist" },
    { "productlistviewed", "view_list" },
    { "productssearched", "search" },
    { "productviewed", "view_content" },
    { "purchase", "purchase" },
    { "purchased", "purchase" },
    { "search", "search" },
    { "searched", "search" },
    { "signedin", "login" },
    { "signedup", "sign_up" },
    { "signup", "sign_up" },
    { "startcheckout", "begin_checkout" },
    { "starttrial", "start_trial" },
    { "submitform", "lead" },
    { "subscribe", "subscribe" },
    { "subscribed", "subscribe" },
    { "subscriptionstarted", "subscribe" },
    { "tracktransaction", "purchase" },
    { "trialstarted", "start_trial" },
    { "viewbasket", "view_cart" },
    { "viewcart", "view_cart" },
    { "viewcategory", "view_list" },
    { "viewcontent", "view_content" },
    { "viewitem", "view_content" },
    { "viewitemlist", "view_list" },
    { "viewlist", "view_list" },
};
static_assert(std::is_sorted(std::begin(kAliases), std::end(kAliases),
    [](const Alias& a, const Alias& b) { return a.spelling < b.spelling; }));

// One row per canonical name, one column per platform with a vocabulary (platforms.md B.3). Empty:
// the platform has no word for it.
struct StandardNames {
    std::string_view canonical {};
    std::string_view meta {};
    std::string_view tiktok {};
    std::string_view pinterest {};
    std::string_view snapchat {};
    std::string_view reddit {};
    std::string_view criteo {};
};
// clang-format off
constexpr StandardNames kStandardNames[] {
    { "page_view", "PageView", "Pageview", "page_visit", "PAGE_VIEW", "PAGE_VISIT", "viewPage" },
    { "view_content", "ViewContent", "ViewContent", "view_content", "VIEW_CONTENT", "VIEW_CONTENT", "viewItem" },
    { "view_list", "ViewContent", "ViewContent", "view_category", "LIST_VIEW", "VIEW_CONTENT", "viewList" },
    { "search", "Search", "Search", "search", "SEARCH", "SEARCH", "viewSearch" },
    { "add_to_cart", "AddToCart", "AddToCart", "add_to_cart", "ADD_CART", "ADD_TO_CART", "addToCart" },
    { "view_cart", {}, {}, {}, {}, {}, "viewBasket" },
    { "add_to_wishlist", "AddToWishlist", "AddToWishlist", "add_to_wishlist", "ADD_TO_WISHLIST", "ADD_TO_WISHLIST", {} },
    { "begin_checkout", "InitiateCheckout", "InitiateCheckout", "initiate_checkout", "START_CHECKOUT", {}, "beginCheckout" },
    { "add_payment_info", "AddPaymentInfo", "AddPaymentInfo", "add_payment_info", "ADD_BILLING", {}, "addPaymentInfo" },
    { "purchase", "Purchase", "Purchase", "checkout", "PURCHASE", "PURCHASE", "trackTransaction" },
    { "lead", "Lead", "Lead", "lead", "CUSTOM_EVENT_1", "LEAD", {} },
    { "sign_up", "CompleteRegistration", "CompleteRegistration", "signup", "SIGN_UP", "SIGN_UP", {} },
    { "login", {}, {}, {}, "LOGIN", {}, "login" },
    { "subscribe", "Subscribe", "Subscribe", "subscribe", "SUBSCRIBE", {}, {} },
    { "start_trial", "StartTrial", "StartTrial", {}, "START_TRIAL", {}, {} },
    { "app_install", {}, "InstallApp", "app_install", "APP_INSTALL", {}, {} },
};
// clang-format on

struct Column {
    std::string_view platform {};
    std::string_view StandardNames::*name { nullptr };
};
constexpr Column kColumns[] {
    { "meta", &StandardNames::meta },
    { "tiktok", &StandardNames::tiktok },
    { "pinterest", &StandardNames::pinterest },
    { "snapchat", &StandardNames::snapchat },
    { "reddit", &StandardNames::reddit },
    { "criteo", &StandardNames::criteo },
};

// The names of platforms that refuse every other one.
constexpr std::string_view kPinterestNames[] { "add_payment_info", "add_to_cart", "add_to_wishlist",
    "app_install", "app_open", "checkout", "contact", "custom", "customize_product",
    "find_location", "initiate_checkout", "lead", "page_visit", "schedule", "search", "signup",
    "start_trial", "subscribe", "view_category", "view_content", "watch_video" };
constexpr std::string_view kSnapchatNames[] { "PURCHASE", "SAVE", "START_CHECKOUT", "ADD_CART",
    "VIEW_CONTENT", "ADD_BILLING", "SIGN_UP", "SEARCH", "PAGE_VIEW", "SUBSCRIBE", "LIST_VIEW",
    "LOGIN", "RESERVE", "ADD_TO_WISHLIST", "START_TRIAL", "APP_INSTALL", "CUSTOM_EVENT_1",
    "CUSTOM_EVENT_2", "CUSTOM_EVENT_3", "CUSTOM_EVENT_4", "CUSTOM_EVENT_5" };

bool isAmong(std::span<const std::string_view> names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

// "routing": {"google": "987654", "meta-main": "Purchase"}: the sender knows better than any table,
// for example because each campaign has a conversion of its own.
std::string routedName(const CanonicalEvent& event, const DestinationConfig& destination)
{
    const Json* const routing = event.json.find("routing");
    if (routing == nullptr)
        return {};
    for (const std::string& key : { destination.name, destination.platform }) {
        const Json* const value = routing->find(key);
        if (value != nullptr && (value->isString() || value->isNumber())
            && !trimmed(value->text()).empty())
            return std::string(trimmed(value->text()));
    }
    return {};
}

std::string spellingOf(std::string_view given)
{
    std::string spelling;
    spelling.reserve(given.size());
    for (const char c : given) {
        if (c == ' ' || c == '_' || c == '-' || c == '.')
            continue;
        spelling += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return spelling;
}

} // namespace

std::string canonicalName(std::string_view given)
{
    const std::string spelling = spellingOf(given);
    const auto* const row = std::lower_bound(std::begin(kAliases), std::end(kAliases), spelling,
        [](const Alias& alias, const std::string& wanted) { return alias.spelling < wanted; });
    if (row != std::end(kAliases) && row->spelling == spelling)
        return std::string(row->canonical);
    return std::string(given);
}

std::string_view standardName(std::string_view platform, std::string_view canonicalName)
{
    const auto* const column = std::find_if(std::begin(kColumns), std::end(kColumns),
        [&](const Column& candidate) { return candidate.platform == platform; });
    const auto* const row = std::find_if(std::begin(kStandardNames), std::end(kStandardNames),
        [&](const StandardNames& candidate) { return candidate.canonical == canonicalName; });
    const bool isFound = column != std::end(kColumns) && row != std::end(kStandardNames);
    return isFound ? row->*(column->name) : std::string_view {};
}

std::string configuredName(const CanonicalEvent& event, const DestinationConfig& destination)
{
    if (std::string own = routedName(event, destination); !own.empty())
        return own;
    for (const std::string& name : { event.stored->name, event.canonicalName }) {
        const auto mapped = destination.eventNames.find(name);
        if (mapped != destination.eventNames.end())
            return mapped->second;
    }
    return {};
}

bool isInClosedList(std::string_view platform, std::string_view name)
{
    if (platform == "pinterest")
        return isAmong(kPinterestNames, name);
    return platform != "snapchat" || isAmong(kSnapchatNames, name);
}

std::vector<std::string> unmappedNames(const DestinationConfig& destination, NameRule rule)
{
    if (rule == NameRule::Any)
        return {};
    std::vector<std::string> names = destination.events;
    // Messages have no names that all senders know.
    if (names.empty() && destination.platform != "customerio-app") {
        for (const StandardNames& row : kStandardNames)
            names.emplace_back(row.canonical);
    }
    std::erase_if(names, [&](const std::string& name) {
        const std::string canonical = canonicalName(name);
        const bool isStandard
            = rule == NameRule::Known && !standardName(destination.platform, canonical).empty();
        return isStandard
            || std::any_of(destination.eventNames.begin(), destination.eventNames.end(),
                [&](const auto& mapped) {
                    return mapped.first == name || canonicalName(mapped.first) == canonical;
                });
    });
    return names;
}

std::string mappedNameFor(const CanonicalEvent& event, const DestinationConfig& destination)
{
    std::string configured = configuredName(event, destination);
    if (!configured.empty())
        return configured;
    return std::string(standardName(destination.platform, event.canonicalName));
}

std::string eventNameFor(const CanonicalEvent& event, const DestinationConfig& destination)
{
    std::string mapped = mappedNameFor(event, destination);
    if (!mapped.empty())
        return mapped;
    return event.stored->name.empty() ? event.canonicalName : event.stored->name;
}

std::optional<NotForPlatform> unroutableByName(
    const CanonicalEvent& event, const DestinationConfig& destination, bool hasIdentifier)
{
    if (auto reason = notForAdvertising(event))
        return reason;
    if (configuredName(event, destination).empty())
        return NotForPlatform { .reason = "no_mapping" };
    if (!hasIdentifier)
        return NotForPlatform { .reason = "no_identifier" };
    return std::nullopt;
}

} // namespace engine::platforms

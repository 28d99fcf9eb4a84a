#include "platforms/criteo_payload.h"

#include "platforms/event_names.h"
#include "platforms/requests.h"
#include "platforms/times.h"

#include <algorithm>
#include <array>

namespace engine::platforms {
namespace {

enum class Items : std::uint8_t { None, OneId, Ids, Objects, Order };
struct EventKind {
    std::string_view name {};
    Items items { Items::None };
};
constexpr EventKind kKinds[] {
    { "viewHome" },
    { "viewPage" },
    { "viewItem", Items::OneId },
    { "viewList", Items::Ids },
    { "viewSearch" },
    { "addToCart", Items::Objects },
    { "viewBasket", Items::Objects },
    { "beginCheckout", Items::Objects },
    { "addPaymentInfo" },
    { "trackTransaction", Items::Order },
    { "login" },
};

const EventKind* kindOf(std::string_view name)
{
    const auto* const row = std::find_if(std::begin(kKinds), std::end(kKinds),
        [&](const EventKind& kind) { return kind.name == name; });
    return row == std::end(kKinds) ? nullptr : row;
}

bool hasItem(const CanonicalEvent& event)
{
    const Json* const items = event.json.find("items");
    return items != nullptr
        && std::any_of(items->items().begin(), items->items().end(), [](const Json& item) {
               const Json* const id = item.find("id");
               return id != nullptr && !trimmed(id->text()).empty();
           });
}

// "https://shop.example", "https://shop.example/?from=mail": the front page.
bool isHome(std::string_view url)
{
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos)
        return false;
    url.remove_prefix(scheme + 3);
    const auto path = url.find_first_of("/?#");
    return path == std::string_view::npos || url[path] != '/' || path + 1 == url.size()
        || url[path + 1] == '?' || url[path + 1] == '#';
}

// d, m or t: what the browser says of itself, else what the destination says.
std::string siteType(
    const CanonicalEvent& event, const DestinationConfig& destination, std::string_view browser)
{
    const auto has
        = [&](std::string_view word) { return browser.find(word) != std::string_view::npos; };
    if (has("iPad") || has("Tablet") || (has("Android") && !has("Mobile")))
        return "t";
    if (has("Mobi") || textAt(event, "action_source") == "app")
        return "m";
    return browser.empty() ? optionOf(destination, "site_type", "d") : "d";
}

// All three forms of an address; of one that the sender hashed, those that can be had from it.
Json emailOf(Fields& fields)
{
    std::string md5;
    std::string sha256;
    std::string sha256OfMd5;
    const std::string plain(fields.text("user.email"));
    if (isMd5Hex(plain)) {
        md5 = toLowerAscii(plain);
    } else if (isSha256Hex(plain)) {
        sha256 = toLowerAscii(plain);
    } else if (!plain.empty()) {
        const auto normal = normalizeEmail(plain);
        if (!normal)
            fields.refuse("user.email", "does not have the form that this field must have");
        else {
            md5 = md5Hex(*normal);
            sha256 = sha256Hex(*normal);
        }
    }
    const auto given = [&](std::string_view path, bool (*isHash)(std::string_view)) {
        const std::string_view hash = fields.text(path);
        if (!hash.empty() && !isHash(hash))
            fields.refuse(path, "is not a hash in hex");
        return toLowerAscii(hash);
    };
    if (md5.empty())
        md5 = given("user.email_md5", isMd5Hex);
    if (sha256.empty())
        sha256 = given("user.email_sha256", isSha256Hex);
    sha256OfMd5 = md5.empty() ? given("user.email_sha256_md5", isSha256Hex) : sha256Hex(md5);
    Json email = Json::object();
    setText(email, "md5", md5);
    setText(email, "sha256", sha256);
    setText(email, "sha256_md5", sha256OfMd5);
    return email;
}

Json identityOf(const DestinationConfig& destination, Fields& fields)
{
    Json id = Json::object();
    const std::string key = optionOf(destination, "mapping_key");
    const std::string_view user = fields.text("click.crto_mapped_user_id");
    if (!key.empty() && !user.empty()) {
        setText(id, "mapping_key", key);
        setText(id, "mapped_user_id", user);
    }
    Json email = emailOf(fields);
    if (!email.members().empty())
        id.set("email", std::move(email));
    setText(id, "idfa", fields.text("device.idfa"));
    setText(id, "gaid", fields.text("device.gaid"));
    return id;
}

std::string countryOf(const DestinationConfig& destination, Fields& fields)
{
    std::string country(fields.text("user.country_iso2"));
    if (country.empty())
        return optionOf(destination, "country");
    if (!normalizeCountry(country))
        fields.refuse("user.country_iso2", "is not an ISO 3166 code such as DE");
    std::transform(country.begin(), country.end(), country.begin(),
        [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return country;
}

// "de-DE" → "de"
std::string languageOf(const DestinationConfig& destination, Fields& fields)
{
    const std::string locale = toLowerAscii(fields.text("user.locale"));
    const std::string language = locale.substr(0, locale.find_first_of("-_"));
    return language.size() == 2 ? language : optionOf(destination, "language");
}

// Items that have an id; without one nothing in the catalogue answers to them.
std::vector<std::string> itemPaths(const CanonicalEvent& event, Fields& fields)
{
    std::vector<std::string> paths;
    const Json* const items = event.json.find("items");
    for (std::size_t i = 0; items != nullptr && i < items->items().size(); ++i) {
        std::string path = "items." + std::to_string(i);
        if (!fields.text(path + ".id").empty())
            paths.push_back(std::move(path));
    }
    return paths;
}

Json itemObject(const std::string& path, bool isOrder, Fields& fields)
{
    Json item = Json::object();
    setText(item, "id", fields.text(path + ".id"));
    if (const auto price = fields.decimal(path + ".price"))
        item.set("price", *price);
    else if (isOrder)
        fields.refuse(path + ".price", "is required for a purchase");
    const std::int64_t quantity = fields.integer(path + ".quantity").value_or(1);
    if (quantity < 1)
        fields.refuse(path + ".quantity", "must be 1 or more");
    item.set("quantity", Json::number(quantity));
    return item;
}

void addItems(Json& json, const CanonicalEvent& event, Items form, Fields& fields)
{
    if (form == Items::None)
        return;
    const std::vector<std::string> paths = itemPaths(event, fields);
    if (paths.empty()) {
        fields.refuse("items", "must hold an item with an id");
        return;
    }
    if (form == Items::OneId) {
        setText(json, "item", fields.text(paths.front() + ".id"));
        return;
    }
    Json list = Json::array();
    for (const std::string& path : paths) {
        list.push(form == Items::Ids ? Json::string(std::string(fields.text(path + ".id")))
                                     : itemObject(path, form == Items::Order, fields));
    }
    json.set("item", std::move(list));
}

} // namespace

bool isCriteoEvent(std::string_view name) { return kindOf(name) != nullptr; }

std::string criteoEventName(const CanonicalEvent& event, const DestinationConfig& destination)
{
    std::string name = mappedNameFor(event, destination);
    if (name == "viewPage" && isHome(textAt(event, "event_source_url")))
        name = "viewHome";
    // A page about a product that names no product tells Criteo nothing. An order does: that one is
    // a fault, and is refused where somebody sees it.
    const EventKind* const kind = kindOf(name);
    const bool needsItem
        = kind != nullptr && kind->items != Items::None && kind->items != Items::Order;
    if (needsItem && !hasItem(event))
        return {};
    return name;
}

bool hasCriteoIdentity(const CanonicalEvent& event, const DestinationConfig& destination)
{
    if (!optionOf(destination, "mapping_key").empty()
        && !textAt(event, "click.crto_mapped_user_id").empty())
        return true;
    constexpr std::array<std::string_view, 6> kPaths { "user.email", "user.email_md5",
        "user.email_sha256", "user.email_sha256_md5", "device.idfa", "device.gaid" };
    return std::any_of(kPaths.begin(), kPaths.end(),
        [&](std::string_view path) { return !textAt(event, path).empty(); });
}

Json criteoEnvelope(const CanonicalEvent& event, const EncodeContext& context, Fields& fields)
{
    const DestinationConfig& destination = *context.destination;
    const std::string browser(fields.text("user.user_agent"));
    Json json = Json::object();
    json.set("version", Json::string(optionOf(destination, "body_version", "s2s_v1.0.0")));
    json.set("account", Json::string(context.account));
    json.set("site_type", Json::string(siteType(event, destination, browser)));
    setText(json, "country", countryOf(destination, fields));
    setText(json, "language", languageOf(destination, fields));
    setText(json, "ip", fields.text("user.ip"));
    setText(json, optionOf(destination, "browser_field", "useragent"), browser);
    setText(json, "full_url", fields.text("event_source_url"));
    setText(json, "previous_url", fields.text("referrer_url"));
    const std::string_view external = fields.text("user.external_id");
    setText(json, "retailer_visitor_id",
        external.empty() ? fields.text("user.anonymous_id") : external);
    json.set("id", identityOf(destination, fields));
    return json;
}

Json criteoEvent(const CanonicalEvent& event, const EncodeContext& context, Fields& fields)
{
    const std::string name = criteoEventName(event, *context.destination);
    const EventKind* const kind = kindOf(name);
    if (kind == nullptr)
        fields.refuse("event_name", "\"" + name + "\" is no event of Criteo's");
    Json json = Json::object();
    json.set("event", Json::string(name));
    json.set("timestamp", Json::string(toIsoMillis(event.stored->eventTime)));
    if (name == "trackTransaction")
        json.set("id", Json::string(orderIdOf(event, fields)));
    setText(json, "currency", fields.currency());
    if (name == "viewList" || name == "viewSearch")
        setText(json, "keywords", fields.text("search_string"));
    addItems(json, event, kind != nullptr ? kind->items : Items::None, fields);
    setText(json, "deduplication_page_view_id", fields.text("click.criteo_page_view_id"));
    return json;
}

} // namespace engine::platforms

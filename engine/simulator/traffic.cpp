#include "simulator/traffic.h"

#include "core/json.h"
#include "simulator/dice.h"
#include "simulator/visitor.h"

#include <array>
#include <utility>

namespace engine::simulator {
namespace {

struct Kind {
    int share { 0 }; // of a thousand events
    const char* type { nullptr };
    const char* name { nullptr };
};
// A shop's day: many look, some fill a cart, few buy.
constexpr std::array<Kind, 11> kKinds { {
    { 358, "page", "Page Viewed" },
    { 220, "track", "Product Viewed" },
    { 60, "track", "Products Searched" },
    { 130, "track", "Product Added" },
    { 70, "track", "Checkout Started" },
    { 70, "track", "Order Completed" },
    { 25, "track", "Lead Generated" },
    { 15, "track", "Signed Up" },
    { 30, "identify", "identify" },
    { 20, "message", "Order Confirmation" },
    { 2, "broadcast", "Flash Sale" },
} };

struct Product {
    const char* sku { nullptr };
    const char* name { nullptr };
    const char* category { nullptr };
    int cents { 0 };
};
constexpr std::array<Product, 8> kProducts { {
    { "TEA-0101", "Darjeeling First Flush, 250 g", "Tea", 1'890 },
    { "TEA-0204", "Gyokuro Uji, 100 g", "Tea", 3'450 },
    { "POT-0300", "Cast iron teapot, 0.8 l", "Pots", 7'995 },
    { "CUP-0415", "Porcelain cups, set of four", "Cups", 4'250 },
    { "KET-0500", "Kettle with thermometer", "Kettles", 8'900 },
    { "SWE-0607", "Candied ginger, 200 g", "Sweets", 690 },
    { "GFT-0702", "Gift box, small", "Gifts", 350 },
    { "TRY-0810", "Bamboo tray", "Accessories", 2'575 },
} };

enum Purpose : std::uint64_t { // NOLINT(performance-enum-size): added to numbers
    PickKind,
    PickPerson,
    PickItems,
    PickMillis,
    PickIdHigh,
    PickIdLow,
    FirstItem = 100,
};

std::string decimal(int cents)
{
    const std::string rest = std::to_string(cents % 100);
    return std::to_string(cents / 100) + '.' + (rest.size() < 2 ? "0" : "") + rest;
}

void addItems(Json& json, const Dice& dice, int count)
{
    Json items = Json::array();
    int total = 0;
    int pieces = 0;
    for (int i = 0; i < count; ++i) {
        const auto purpose = FirstItem + 2 * static_cast<std::uint64_t>(i);
        const Product& product = dice.pick(purpose, kProducts);
        const int quantity = dice.below(purpose + 1, 3) + 1;
        Json item = Json::object();
        item.set("id", Json::string(product.sku));
        item.set("name", Json::string(product.name));
        item.set("category", Json::string(product.category));
        item.set("price", Json::string(decimal(product.cents)));
        item.set("quantity", Json::number(std::int64_t { quantity }));
        items.push(std::move(item));
        total += product.cents * quantity;
        pieces += quantity;
    }
    json.set("value", Json::string(decimal(total)));
    json.set("num_items", Json::number(std::int64_t { pieces }));
    json.set("items", std::move(items));
}

// The seed stands in it, because a platform knows an order by its number for weeks.
std::string orderId(const TrafficEvent& event)
{
    return "SO-" + std::to_string(event.seed) + '-' + std::to_string(100'000 + event.number);
}

// What the shop knows of one visitor.
Json identify(const Visitor& visitor)
{
    Json json = Json::object();
    json.set("user", visitor.user(true));
    json.set("properties", Json::object()).set("plan", Json::string("club"));
    return json;
}

// A letter to one customer.
Json message(const TrafficEvent& event, const Visitor& visitor)
{
    Json json = Json::object();
    json.set("user", visitor.user(true));
    json.set("properties", Json::object()).set("order", Json::string(orderId(event)));
    return json;
}

// A campaign for a group of customers.
Json broadcast(const Dice& dice)
{
    Json json = Json::object();
    json.set("audience", Json::object())
        .set("ids", Json::array())
        .push(Json::string("customer-" + std::to_string(dice.below(PickPerson, 1'000))));
    json.set("properties", Json::object()).set("campaign", Json::string("black-friday"));
    return json;
}

// What happens in the shop's pages.
Json website(
    const TrafficEvent& event, const Visitor& visitor, const Dice& dice, std::string_view name)
{
    const bool isOrder = name == "Order Completed";
    const bool hasItems = isOrder || name == "Product Added" || name == "Checkout Started"
        || name == "Product Viewed";
    const Market& market = visitor.market();
    Json json = Json::object();
    json.set("action_source", Json::string("website"));
    json.set("event_source_url",
        Json::string(isOrder ? "https://shop.example/checkout/thanks"
                             : "https://shop.example/tea/" + hex(dice.roll(PickItems)).substr(10)));
    json.set("user", visitor.user(isOrder || name == "Signed Up" || name == "Lead Generated"));
    if (Json click = visitor.click(event.time); !click.members().empty())
        json.set("click", std::move(click));
    json.set("consent", Json::object())
        .set("ad_user_data", Json::string(visitor.isConsenting() ? "granted" : "denied"));
    if (hasItems) {
        addItems(json, dice, isOrder ? dice.below(PickItems, 3) + 1 : 1);
        if (!event.isCurrencyLost)
            json.set("currency", Json::string(std::string(market.currency)));
    }
    if (isOrder)
        json.set("order_id", Json::string(orderId(event)));
    if (name == "Products Searched")
        json.set("search_string", Json::string(dice.pick(PickItems, kProducts).category));
    Json properties = Json::object();
    properties.set("shop", Json::string(std::string(market.code)));
    properties.set("meta_pixel", Json::string(std::string(market.metaPixel)));
    properties.set("google_customer", Json::string(std::string(market.googleCustomer)));
    json.set("properties", std::move(properties));
    return json;
}

} // namespace

std::string trafficEvent(const TrafficEvent& event)
{
    const Dice dice(event.seed, event.number);
    const Kind& kind = rowOf(kKinds, dice.below(PickKind, 1'000));
    const std::string_view type = kind.type;
    const Visitor visitor(event.seed, dice.below(PickPerson, std::max(event.people, 1)));
    Json json = Json::object();
    json.set("type", Json::string(kind.type));
    json.set("event_id",
        Json::string("evt_" + hex(dice.roll(PickIdHigh)) + hex(dice.roll(PickIdLow)).substr(8)));
    json.set("event_name", Json::string(kind.name));
    json.set(
        "event_time", Json::string(toIso8601(event.time - Millis { dice.below(PickMillis, 900) })));
    const Json content = type == "identify" ? identify(visitor)
        : type == "message"                 ? message(event, visitor)
        : type == "broadcast"               ? broadcast(dice)
                                            : website(event, visitor, dice, kind.name);
    for (const auto& [key, value] : content.members())
        json.set(key, value);
    return json.dump();
}

TrafficSource::TrafficSource(TrafficOptions options, SteadyTime start)
    : m_options(std::move(options))
    , m_last(start)
{
}

double TrafficSource::rateAt(SteadyTime now) const
{
    return m_options.rate * trafficFactor(m_options.scenario, now);
}

std::vector<std::string> TrafficSource::take(SteadyTime now, WallTime wall)
{
    const std::chrono::duration<double> since = now - m_last;
    m_last = std::max(m_last, now);
    const auto limit = static_cast<double>(m_options.burstMax);
    m_due = std::clamp(m_due + since.count() * rateAt(now), 0.0, limit);
    const auto count = static_cast<std::size_t>(m_due);
    m_due -= static_cast<double>(count);
    const bool isBroken = m_options.scenario.kind == ScenarioKind::SchemaRegression
        && !m_options.scenario.isOver(now);
    std::vector<std::string> events;
    events.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        events.push_back(trafficEvent({ .seed = m_options.seed,
            .number = m_sent++,
            .people = m_options.people,
            .time = wall,
            .isCurrencyLost = isBroken }));
    return events;
}

} // namespace engine::simulator

#include "simulator/traffic.h"

#include "core/json.h"
#include "platforms/hashing.h"

#include <array>

namespace engine::simulator {
namespace {

struct Kind {
    int share { 0 }; // of a thousand events
    const char* type { nullptr };
    const char* name { nullptr };
};
// A shop's day: many look, some fill a cart, few buy.
constexpr std::array<Kind, 9> kKinds { {
    { 380, "page", "Page Viewed" },
    { 220, "track", "Product Viewed" },
    { 60, "track", "Products Searched" },
    { 130, "track", "Product Added" },
    { 70, "track", "Checkout Started" },
    { 70, "track", "Order Completed" },
    { 25, "track", "Lead Generated" },
    { 15, "track", "Signed Up" },
    { 30, "identify", "identify" },
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

constexpr std::array<const char*, 10> kFirstNames { "Anna", "Ben", "Chloe", "David", "Emma",
    "Felix", "Greta", "Hugo", "Ida", "Jonas" };
constexpr std::array<const char*, 10> kLastNames { "Keller", "Lange", "Moreau", "Novak", "Olsen",
    "Peters", "Quint", "Rossi", "Silva", "Thomas" };
constexpr std::array<const char*, 3> kBrowsers {
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile",
};

// Every purpose of an event draws from its own number, so that changing one leaves the others.
class Dice {
public:
    Dice(std::uint64_t seed, std::uint64_t number)
        : m_seed(scramble(seed, number))
    {
    }
    [[nodiscard]] std::uint64_t roll(std::uint64_t purpose) const
    {
        return scramble(m_seed, purpose);
    }
    [[nodiscard]] int below(std::uint64_t purpose, int count) const
    {
        return static_cast<int>(roll(purpose) % static_cast<std::uint64_t>(count));
    }
    template <class T, std::size_t N>
    [[nodiscard]] const T& pick(std::uint64_t purpose, const std::array<T, N>& from) const
    {
        return from[roll(purpose) % N];
    }

private:
    std::uint64_t m_seed;
};
enum Purpose : std::uint64_t { // NOLINT(performance-enum-size): added to numbers
    PickKind,
    PickPerson,
    PickItems,
    PickClick,
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

std::string hex(std::uint64_t value)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text(16, '0');
    for (std::size_t i = text.size(); i-- > 0; value >>= 4U)
        text[i] = kDigits[value & 15U];
    return text;
}

const Kind& kindOf(const Dice& dice)
{
    int left = dice.below(PickKind, 1'000);
    for (const Kind& kind : kKinds) {
        left -= kind.share;
        if (left < 0)
            return kind;
    }
    return kKinds.front();
}

Json user(const TrafficEvent& event, const Dice& dice, bool isWhole)
{
    const int person = dice.below(PickPerson, std::max(event.people, 1));
    // The same person has the same name, address and browser in every event.
    const Dice own(event.seed ^ 0x70656f706c65ULL, static_cast<std::uint64_t>(person));
    const std::string first = own.pick(1, kFirstNames);
    const std::string last = own.pick(2, kLastNames);
    Json json = Json::object();
    json.set("external_id", Json::string("customer-" + std::to_string(person)));
    json.set("email",
        Json::string(platforms::toLowerAscii(first) + '.' + platforms::toLowerAscii(last)
            + std::to_string(person) + "@mail.example"));
    if (isWhole) {
        json.set("phone_e164", Json::string("+4930" + std::to_string(1'000'000 + person)));
        json.set("first_name", Json::string(first));
        json.set("last_name", Json::string(last));
        json.set("city", Json::string("Berlin"));
        json.set("country_iso2", Json::string("DE"));
    }
    json.set("ip", Json::string("198.51.100." + std::to_string(own.below(3, 254) + 1)));
    json.set("user_agent", Json::string(own.pick(4, kBrowsers)));
    return json;
}

void addItems(Json& json, const Dice& dice, const TrafficEvent& event, int count)
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
    if (!event.isCurrencyLost)
        json.set("currency", Json::string("EUR"));
    json.set("num_items", Json::number(std::int64_t { pieces }));
    json.set("items", std::move(items));
}

Json click(const Dice& dice, WallTime time)
{
    const std::string millis
        = std::to_string(std::chrono::floor<Millis>(time).time_since_epoch().count() - 86'400'000);
    Json json = Json::object();
    json.set("fbp",
        Json::string(
            "fb.1." + millis + '.' + std::to_string(dice.roll(PickClick) % 1'000'000'000)));
    if (dice.below(PickClick, 3) == 0)
        json.set("fbclid", Json::string("IwAR" + hex(dice.roll(PickClick + 50))));
    return json;
}

} // namespace

std::string trafficEvent(const TrafficEvent& event)
{
    const Dice dice(event.seed, event.number);
    const Kind& kind = kindOf(dice);
    const std::string_view name = kind.name;
    const bool isOrder = name == "Order Completed";
    const bool hasItems = isOrder || name == "Product Added" || name == "Checkout Started"
        || name == "Product Viewed";
    const WallTime time = event.time - Millis { dice.below(PickMillis, 900) };

    Json json = Json::object();
    json.set("type", Json::string(kind.type));
    json.set("event_id",
        Json::string("evt_" + hex(dice.roll(PickIdHigh)) + hex(dice.roll(PickIdLow)).substr(8)));
    json.set("event_name", Json::string(std::string(name)));
    json.set("event_time", Json::string(toIso8601(time)));
    if (name == "identify") {
        json.set("user", user(event, dice, true));
        json.set("properties", Json::object()).set("plan", Json::string("club"));
        return json.dump();
    }
    json.set("action_source", Json::string("website"));
    json.set("event_source_url",
        Json::string(isOrder ? "https://shop.example/checkout/thanks"
                             : "https://shop.example/tea/" + hex(dice.roll(PickItems)).substr(10)));
    json.set("user", user(event, dice, isOrder || name == "Signed Up"));
    json.set("click", click(dice, time));
    json.set("consent", Json::object()).set("ad_user_data", Json::string("granted"));
    if (hasItems)
        addItems(json, dice, event, isOrder ? dice.below(PickItems, 3) + 1 : 1);
    if (isOrder)
        json.set("order_id", Json::string("SO-" + std::to_string(100'000 + event.number)));
    if (name == "Products Searched")
        json.set("search_string", Json::string(dice.pick(PickItems, kProducts).category));
    Json properties = Json::object();
    properties.set("session", Json::string(hex(dice.roll(PickPerson))));
    properties.set("shop", Json::string("de"));
    json.set("properties", std::move(properties));
    return json.dump();
}

TrafficSource::TrafficSource(const TrafficOptions& options, SteadyTime start)
    : m_options(options)
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

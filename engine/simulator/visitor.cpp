#include "simulator/visitor.h"

#include "platforms/hashing.h"
#include "simulator/dice.h"

namespace engine::simulator {
namespace {

constexpr std::uint64_t kPeople = 0x70656f706c65ULL; // draws apart from those of the events
constexpr int kConsentPerMille = 960;
constexpr int kKnownPerMille = 350;

enum Purpose : std::uint64_t { // NOLINT(performance-enum-size): handed on as a number
    FirstName = 1,
    LastName,
    Address,
    Browser,
    Home,
    Consent,
    Known,
    Way,
    ClickAge,
    ClickId,
    ClickIdEnd,
    Cookie,
};

constexpr std::array<const char*, 10> kFirstNames { "Anna", "Ben", "Chloe", "David", "Emma",
    "Felix", "Greta", "Hugo", "Ida", "Jonas" };
constexpr std::array<const char*, 10> kLastNames { "Keller", "Lange", "Moreau", "Novak", "Olsen",
    "Peters", "Quint", "Rossi", "Silva", "Thomas" };
constexpr std::array<const char*, 3> kBrowsers {
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile",
};

enum class IdForm : std::uint8_t {
    Digits,
    Hex32,
    Uuid, // 8-4-4-4-12
};
struct ClickWay {
    int share { 0 };
    const char* key { nullptr }; // as events name it; null: no advertisement
    const char* prefix { "" };
    IdForm form { IdForm::Hex32 };
};
constexpr std::array<ClickWay, 14> kWays { {
    { 400, nullptr },
    { 180, "fbclid", "IwAR" },
    { 130, "gclid", "EAIaIQobChMI" },
    { 20, "gbraid", "0AAAAA" },
    { 70, "ttclid", "E.C.P." },
    { 40, "msclkid" },
    { 30, "epik", "dj0yJnU9" },
    { 30, "sccid", "", IdForm::Uuid },
    { 20, "rdt_cid", "", IdForm::Digits },
    { 20, "twclid", "2" },
    { 15, "li_fat_id", "", IdForm::Uuid },
    { 15, "tblci", "GiC" },
    { 10, "obclid", "v3" },
    { 20, "crto_mapped_user_id", "", IdForm::Uuid },
} };

std::string clickId(const ClickWay& way, const Dice& own)
{
    const std::string digits = hex(own.roll(ClickId)) + hex(own.roll(ClickIdEnd));
    switch (way.form) {
    case IdForm::Digits:
        return std::to_string(own.roll(ClickId));
    case IdForm::Uuid:
        return digits.substr(0, 8) + '-' + digits.substr(8, 4) + "-4" + digits.substr(13, 3) + "-8"
            + digits.substr(17, 3) + '-' + digits.substr(20);
    case IdForm::Hex32:
        break;
    }
    return way.prefix + digits;
}

} // namespace

std::string hex(std::uint64_t value)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text(16, '0');
    for (std::size_t i = text.size(); i-- > 0; value >>= 4U)
        text[i] = kDigits[value & 15U];
    return text;
}

Visitor::Visitor(std::uint64_t seed, int number)
    : m_seed(seed ^ kPeople)
    , m_number(number)
{
    const Dice own(m_seed, static_cast<std::uint64_t>(number));
    m_market = &rowOf(kMarkets, own.below(Home, 1'000));
    m_isConsenting = own.below(Consent, 1'000) < kConsentPerMille;
    m_isKnown = own.below(Known, 1'000) < kKnownPerMille;
}

Json Visitor::user(bool isNamed) const
{
    const Dice own(m_seed, static_cast<std::uint64_t>(m_number));
    const std::string first = own.pick(FirstName, kFirstNames);
    const std::string last = own.pick(LastName, kLastNames);
    const std::string number = std::to_string(m_number);
    Json json = Json::object();
    if (isNamed || m_isKnown) {
        json.set("external_id", Json::string("customer-" + number));
        json.set("email",
            Json::string(platforms::toLowerAscii(first) + '.' + platforms::toLowerAscii(last)
                + number + "@mail.example"));
    }
    if (isNamed) {
        json.set("phone_e164",
            Json::string(std::string(m_market->phone) + std::to_string(1'000'000 + m_number)));
        json.set("first_name", Json::string(first));
        json.set("last_name", Json::string(last));
        json.set("city", Json::string(std::string(m_market->city)));
        json.set("country_iso2", Json::string(std::string(m_market->country)));
    }
    json.set("ip", Json::string("198.51.100." + std::to_string(own.below(Address, 254) + 1)));
    json.set("user_agent", Json::string(own.pick(Browser, kBrowsers)));
    return json;
}

Json Visitor::click(WallTime now) const
{
    const Dice own(m_seed, static_cast<std::uint64_t>(m_number));
    Json json = Json::object();
    if (!m_isConsenting)
        return json; // no cookie either
    const auto hour = std::chrono::floor<std::chrono::hours>(now);
    const std::string since
        = std::to_string(Millis(hour.time_since_epoch()).count() - 30LL * 86'400'000);
    json.set("fbp",
        Json::string("fb.1." + since + '.' + std::to_string(own.roll(Cookie) % 1'000'000'000)));
    const ClickWay& way = rowOf(kWays, own.below(Way, 1'000));
    if (way.key == nullptr)
        return json;
    // Not of the last hours: Google does not know such clicks yet, and whatever came by one would
    // have to wait until it does.
    const std::chrono::hours ago { 8 + own.below(ClickAge, 6 * 24) };
    json.set(way.key, Json::string(clickId(way, own)));
    json.set("time_us", Json::number(toUnixMicros(std::chrono::floor<Micros>(hour - ago))));
    return json;
}

} // namespace engine::simulator

// Who comes to the imitated shop: people with a home, a browser and a way by which they came. Most
// came by themselves, the others from an advertisement, whose platform left an identifier of its
// own; so each platform gets the share of the events that it would get in life. Pure; any thread.
#pragma once

#include "core/json.h"

#include <engine/time.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace engine::simulator {

// A country's shop, with advertising accounts of its own.
struct Market {
    int share { 0 }; // of a thousand visitors
    std::string_view code {};
    std::string_view country {};
    std::string_view city {};
    std::string_view phone {}; // begins so
    std::string_view currency {};
    std::string_view metaPixel {};
    std::string_view googleCustomer {};
};
inline constexpr std::array<Market, 4> kMarkets { {
    { 400, "de", "DE", "Berlin", "+4930", "EUR", "1048553217731", "2219080011" },
    { 300, "us", "US", "Austin", "+1512", "USD", "2201774930044", "4417003925" },
    { 200, "fr", "FR", "Lyon", "+33478", "EUR", "3310945582107", "7780412260" },
    { 100, "uk", "GB", "Leeds", "+44113", "GBP", "4402817736650", "7780412260" },
} };

class Visitor {
public:
    Visitor(std::uint64_t seed, int number);

    [[nodiscard]] const Market& market() const { return *m_market; }
    [[nodiscard]] bool isConsenting() const { return m_isConsenting; }
    // Signed in, or known from an earlier order: then every event says who it is.
    [[nodiscard]] bool isKnown() const { return m_isKnown; }
    // The same person has the same name, address and browser in every event. `isNamed`: with what
    // stands in an order.
    [[nodiscard]] Json user(bool isNamed) const;
    // Cookies, and what the advertisement left. The click was some hours to some days ago.
    [[nodiscard]] Json click(WallTime now) const;

private:
    std::uint64_t m_seed;
    int m_number;
    const Market* m_market;
    bool m_isConsenting;
    bool m_isKnown;
};

} // namespace engine::simulator

// Events as a shop sends them: visits, carts, orders, leads, people and letters, each an event of
// about 600 bytes. Pure: event n of a seed is always the same but for its time. One thread.
#pragma once

#include "simulator/scenario.h"

#include <cstdint>
#include <string>
#include <vector>

namespace engine::simulator {

struct TrafficOptions {
    std::uint64_t seed { 1 }; // another one for each run: the event ids come from it
    double rate { 20 }; // events per second when calm
    int people { 5'000 };
    Scenario scenario {}; // Sale: ten times as many; SchemaRegression: orders lose their currency
    std::size_t burstMax { 10'000 }; // most events of one take(): a machine that slept catches up
};

class TrafficSource {
public:
    TrafficSource(TrafficOptions options, SteadyTime start);

    // What a shop would have sent since the last call, stamped with `wall`; JSON objects.
    [[nodiscard]] std::vector<std::string> take(SteadyTime now, WallTime wall);
    [[nodiscard]] double rateAt(SteadyTime now) const; // events per second
    void setScenario(const Scenario& scenario) { m_options.scenario = scenario; }
    [[nodiscard]] std::uint64_t sent() const { return m_sent; }

private:
    TrafficOptions m_options;
    SteadyTime m_last;
    double m_due { 0 }; // events, the part of one included
    std::uint64_t m_sent { 0 };
};

struct TrafficEvent {
    std::uint64_t seed { 1 };
    std::uint64_t number { 0 };
    int people { 5'000 };
    WallTime time {};
    bool isCurrencyLost { false }; // what a bad release of the shop sends
};
// One event, as its sender would write it.
[[nodiscard]] std::string trafficEvent(const TrafficEvent& event);

} // namespace engine::simulator

// The first-start profile: imitated platforms, imitated traffic, both over real HTTP on loopback.
// Nothing leaves the machine.
#pragma once

#include "core/clock.h"
#include "shop_traffic.h"
#include "simulator/simulator_server.h"
#include "simulator/story.h"

#include <engine/result.h>
#include <engine/simulation_play.h>

#include <QObject>

#include <string>
#include <vector>

namespace engine {

struct SimulatorSessionOptions {
    SimulationPlay play {};
    double eventsPerSecond { 30 };
};

// Lives in the host's thread.
class SimulatorSession final : public QObject {
    Q_OBJECT
public:
    SimulatorSession(SimulatorSessionOptions options, const Clock& clock);
    ~SimulatorSession() override;

    [[nodiscard]] Status start(); // the platforms; their ports are in configText() then
    // The example configuration (resources/examples/simulator.toml), led to the platforms of this
    // session. Its secrets are random, made for this process, and handed over through the process's
    // own environment, because that is how every configuration gets secrets.
    [[nodiscard]] std::string configText() const;
    void startTraffic(const std::string& ingressUrl);
    void stopTraffic();
    // From its beginning, also when it is the one that runs.
    [[nodiscard]] Status play(const SimulationPlay& play);
    [[nodiscard]] static std::vector<std::string> stories();
    [[nodiscard]] double eventsPerSecond() const { return m_options.eventsPerSecond; } // when calm

    static constexpr int kSpeedMax = 10;

private:
    void begin(const simulator::Act& act, std::uint64_t run);
    [[nodiscard]] simulator::Scenario scenarioOf(
        simulator::ScenarioKind kind, Millis duration) const;

    SimulatorSessionOptions m_options;
    const Clock& m_clock;
    simulator::SimulatorServer m_platforms;
    ShopTraffic m_shop;
    std::uint64_t m_run { 0 }; // acts of an earlier story that are still to come are dropped
    QByteArray m_writeKey {};
};

} // namespace engine

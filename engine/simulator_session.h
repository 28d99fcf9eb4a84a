// The first-start profile: imitated platforms, imitated traffic, both over real HTTP on loopback.
// Nothing leaves the machine.
#pragma once

#include "core/clock.h"
#include "simulator/simulator_server.h"
#include "simulator/story.h"
#include "simulator/traffic.h"

#include <engine/result.h>
#include <engine/simulation_play.h>

#include <QNetworkAccessManager>
#include <QObject>
#include <QTimer>

#include <memory>
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
    // A configuration whose destinations are the imitated platforms. Its secrets are random, made
    // for this process, and handed over through the process's own environment, because that is how
    // every configuration gets secrets.
    [[nodiscard]] std::string configText() const;
    void startTraffic(const std::string& ingressUrl);
    void stopTraffic();
    // From its beginning, also when it is the one that runs.
    [[nodiscard]] Status play(const SimulationPlay& play);
    [[nodiscard]] static std::vector<SimulationStory> stories();

    static constexpr int kSpeedMax = 10;

private:
    void send();
    void begin(const simulator::Act& act, std::uint64_t run);
    [[nodiscard]] simulator::Scenario scenarioOf(
        simulator::ScenarioKind kind, Millis duration) const;
    [[nodiscard]] SteadyTime storyTime() const;

    SimulatorSessionOptions m_options;
    const Clock& m_clock;
    simulator::SimulatorServer m_platforms;
    std::unique_ptr<simulator::TrafficSource> m_traffic {};
    SteadyTime m_beganAt {};
    std::uint64_t m_run { 0 }; // acts of an earlier story that are still to come are dropped
    std::string m_ingressUrl {};
    QByteArray m_writeKey {};
    std::unique_ptr<QNetworkAccessManager> m_network {};
    QTimer m_timer {};
    int m_postsInFlight { 0 };
};

} // namespace engine

// The first-start profile: imitated platforms, imitated traffic, both over real HTTP on loopback.
// Nothing leaves the machine.
#pragma once

#include "core/clock.h"
#include "simulator/simulator_server.h"
#include "simulator/traffic.h"

#include <engine/result.h>

#include <QNetworkAccessManager>
#include <QObject>
#include <QTimer>

#include <memory>
#include <string>

namespace engine {

struct SimulatorSessionOptions {
    std::string scenario { "sale" };
    std::uint64_t seed { 7 };
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
    [[nodiscard]] Status setScenario(const std::string& name);

private:
    void send();

    SimulatorSessionOptions m_options;
    const Clock& m_clock;
    simulator::SimulatorServer m_platforms;
    std::unique_ptr<simulator::TrafficSource> m_traffic {};
    std::string m_ingressUrl {};
    QByteArray m_writeKey {};
    std::unique_ptr<QNetworkAccessManager> m_network {};
    QTimer m_timer {};
    int m_postsInFlight { 0 };
};

} // namespace engine

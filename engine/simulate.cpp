#include "core/clock.h"
#include "core/json.h"
#include "simulator/simulator_server.h"

#include <engine/simulate.h>

namespace engine {

class Simulation::Worker {
public:
    explicit Worker(const SimulateOptions& options)
        : m_server(toOptions(options, m_clock), { options.host, options.port }, m_clock)
    {
    }
    simulator::SimulatorServer& server() { return m_server; }

private:
    static simulator::SimulatorOptions toOptions(const SimulateOptions& options, const Clock& clock)
    {
        simulator::SimulatorOptions made;
        std::erase_if(made.platforms,
            [&](const auto& platform) { return platform.platform != options.platform; });
        made.scenario.kind
            = simulator::parseScenario(options.scenario).value_or(simulator::ScenarioKind::Calm);
        made.scenario.seed = options.seed;
        made.scenario.startedAt = clock.steadyNow();
        return made;
    }

    SystemClock m_clock {};
    simulator::SimulatorServer m_server;
};

Simulation::Simulation(const SimulateOptions& options)
    : m_worker(std::make_unique<Worker>(options))
{
}

Simulation::~Simulation() = default;

Status Simulation::start() { return m_worker->server().start(); }

std::uint16_t Simulation::port() const { return m_worker->server().port(); }

std::string Simulation::summary() const
{
    std::string text;
    for (const auto& [account, stats] : m_worker->server().stats()) {
        text += account + ": " + std::to_string(stats.requests) + " requests, "
            + std::to_string(stats.accepted) + " accepted, "
            + std::to_string(stats.throttledByWindow + stats.throttledByScenario) + " throttled\n";
    }
    return text;
}

std::vector<std::string> Simulation::platforms()
{
    std::vector<std::string> names;
    for (const auto& platform : simulator::defaultPlatforms())
        names.push_back(platform.platform);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

std::vector<std::string> Simulation::scenarios() { return simulator::scenarioNames(); }

} // namespace engine

#include "core/clock.h"
#include "core/json.h"
#include "shop_traffic.h"
#include "simulator/simulator_server.h"

#include <engine/simulate.h>

namespace engine {
namespace {

bool isWanted(const std::string& platform, const std::string& wanted)
{
    return wanted == Simulation::kAllPlatforms || platform == wanted;
}

} // namespace

class Simulation::Worker {
public:
    explicit Worker(const SimulateOptions& options)
        : m_options(options)
        , m_server(toOptions(options, m_clock), { options.host, options.port }, m_clock)
        , m_shop(m_clock)
    {
    }

    Status start()
    {
        if (Status started = m_server.start(); !started || m_options.sendTo.empty())
            return started;
        m_shop.play({ .seed = seedOfThisRun(),
                        .rate = m_options.eventsPerSecond,
                        .scenario = scenarioOf(m_options, m_clock) },
            1);
        m_shop.start(
            m_options.sendTo + "/v1/events", QByteArray::fromStdString(m_options.writeKey));
        return {};
    }
    [[nodiscard]] std::uint16_t port() const { return m_server.port(); }
    [[nodiscard]] std::string summary() const
    {
        std::string text;
        for (const auto& [account, stats] : m_server.stats()) {
            text += account + ": " + std::to_string(stats.requests) + " requests, "
                + std::to_string(stats.accepted) + " accepted, "
                + std::to_string(stats.throttledByWindow + stats.throttledByScenario)
                + " throttled\n";
        }
        if (!m_options.sendTo.empty())
            text += "shop: " + std::to_string(m_shop.accepted()) + " events accepted, "
                + std::to_string(m_shop.lost()) + " not\n";
        return text;
    }

private:
    static simulator::Scenario scenarioOf(const SimulateOptions& options, const Clock& clock)
    {
        return { .kind
            = simulator::parseScenario(options.scenario).value_or(simulator::ScenarioKind::Calm),
            .seed = options.seed,
            .startedAt = clock.steadyNow() };
    }
    static simulator::SimulatorOptions toOptions(const SimulateOptions& options, const Clock& clock)
    {
        simulator::SimulatorOptions made { .scenario = scenarioOf(options, clock) };
        std::erase_if(made.platforms,
            [&](const auto& platform) { return !isWanted(platform.platform, options.platform); });
        for (simulator::SimulatedPlatform& platform : made.platforms) {
            const auto known = simulator::knownSecrets(platform.platform);
            for (const std::string& name : known) {
                const auto given = options.secrets.find(name);
                if (given == options.secrets.end())
                    continue;
                if (name == platform.platform)
                    platform.secret = given->second;
                else
                    platform.signing[name.substr(platform.platform.size() + 1)] = given->second;
            }
            if (simulator::hasRegions(platform.platform))
                platform.europeans = options.europeans;
        }
        return made;
    }
    // The ingress remembers the ids of a week: the events of every start have to be new ones.
    [[nodiscard]] std::uint64_t seedOfThisRun() const
    {
        return simulator::scramble(
                   m_options.seed, static_cast<std::uint64_t>(toUnixMicros(m_clock.wallNow())))
            % 1'000'000;
    }

    SystemClock m_clock {};
    SimulateOptions m_options;
    simulator::SimulatorServer m_server;
    ShopTraffic m_shop;
};

Simulation::Simulation(const SimulateOptions& options)
    : m_worker(std::make_unique<Worker>(options))
{
}

Simulation::~Simulation() = default;

Status Simulation::start() { return m_worker->start(); }

std::uint16_t Simulation::port() const { return m_worker->port(); }

std::string Simulation::summary() const { return m_worker->summary(); }

std::vector<std::string> Simulation::platforms()
{
    std::vector<std::string> names;
    for (const auto& platform : simulator::defaultPlatforms())
        names.push_back(platform.platform);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

std::vector<std::string> Simulation::secretNames(const std::string& platform)
{
    std::vector<std::string> names;
    for (const std::string& each : platforms()) {
        if (!isWanted(each, platform))
            continue;
        for (std::string& name : simulator::knownSecrets(each))
            names.push_back(std::move(name));
    }
    return names;
}

bool Simulation::hasRegions(const std::string& platform)
{
    const std::vector<std::string> names = platforms();
    return std::any_of(names.begin(), names.end(), [&](const std::string& each) {
        return isWanted(each, platform) && simulator::hasRegions(each);
    });
}

std::vector<std::string> Simulation::scenarios() { return simulator::scenarioNames(); }

} // namespace engine

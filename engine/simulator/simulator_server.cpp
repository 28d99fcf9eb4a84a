#include "simulator/simulator_server.h"

namespace engine::simulator {
namespace {

http::ServerOptions serverOptions(const ListenAddress& listen)
{
    http::ServerOptions options;
    options.name = "simulator";
    options.listen = listen;
    // Above the largest request that a platform takes, so that the models refuse what is too large
    // in their own words.
    options.limits.bodyBytesMax = 4LL * 1024 * 1024;
    return options;
}

} // namespace

SimulatorServer::SimulatorServer(SimulatorOptions options, ListenAddress listen, const Clock& clock)
    : m_clock(clock)
    , m_listen(std::move(listen))
    , m_simulator(std::move(options))
{
    m_server = std::make_unique<http::Server>(serverOptions(m_listen),
        [this](const http::ServerRequest& request, const http::Respond& respond) {
            http::ServerResponse reply;
            {
                const std::lock_guard lock(m_mutex);
                reply = m_simulator.handle(request, now());
            }
            respond(std::move(reply));
        });
}

SimulatorServer::~SimulatorServer() { stop(); }

Status SimulatorServer::start() { return m_server->start(); }

void SimulatorServer::stop()
{
    constexpr Millis kGrace { 500 };
    m_server->stop(kGrace);
}

std::uint16_t SimulatorServer::port() const { return m_server->port(); }

std::string SimulatorServer::endpoint(std::string_view platform) const
{
    const bool isV6 = m_listen.host.find(':') != std::string::npos;
    const std::string host = isV6 ? '[' + m_listen.host + ']' : m_listen.host;
    return "http://" + host + ':' + std::to_string(port()) + '/' + std::string(platform);
}

void SimulatorServer::setScenario(const ScenarioTarget& target, const Scenario& scenario)
{
    const std::lock_guard lock(m_mutex);
    m_simulator.setScenario(target, scenario, now());
}

std::map<std::string, AccountStats> SimulatorServer::stats() const
{
    const std::lock_guard lock(m_mutex);
    return m_simulator.stats();
}

std::vector<LedgerEntry> SimulatorServer::accepted(
    const std::string& platform, const std::string& account) const
{
    const std::lock_guard lock(m_mutex);
    return m_simulator.accepted(platform, account);
}

Moment SimulatorServer::now() const
{
    return { .steady = m_clock.steadyNow(), .wall = m_clock.wallNow() };
}

} // namespace engine::simulator

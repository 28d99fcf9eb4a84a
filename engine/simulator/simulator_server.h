// The simulator on a port: what `spillway simulate` runs, and what the console's first start
// delivers to. Construction, start() and stop() in the owner's thread; the rest from any.
#pragma once

#include "core/clock.h"
#include "simulator/simulator.h"

#include <engine/result.h>

#include <memory>
#include <mutex>

namespace engine::simulator {

class SimulatorServer {
public:
    // The clock must outlive the server.
    SimulatorServer(SimulatorOptions options, ListenAddress listen, const Clock& clock);
    ~SimulatorServer();
    SimulatorServer(const SimulatorServer&) = delete;
    SimulatorServer& operator=(const SimulatorServer&) = delete;

    [[nodiscard]] Status start(); // Io with the address and why
    void stop(); // within a second, whatever is delayed
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::string endpoint(
        std::string_view platform) const; // "http://127.0.0.1:p/meta"

    void setScenario(const ScenarioTarget& target, const Scenario& scenario);
    [[nodiscard]] std::map<std::string, AccountStats> stats() const;
    [[nodiscard]] std::vector<LedgerEntry> accepted(
        const std::string& platform, const std::string& account) const;

private:
    [[nodiscard]] Moment now() const;

    const Clock& m_clock;
    ListenAddress m_listen;
    // The server's thread answers, the owner's reads and switches. A lock and no queue, because a
    // test wants the books as they are after the last answer, and nothing else ever waits here.
    mutable std::mutex m_mutex;
    Simulator m_simulator;
    std::unique_ptr<http::Server> m_server;
};

} // namespace engine::simulator

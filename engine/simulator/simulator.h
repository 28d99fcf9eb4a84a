// Several simulated platforms behind one address, the scenarios they follow and the books they
// keep. Pure: request and time in, answer out. One thread; SimulatorServer puts it on a port.
//
// Paths: /meta/…, /customerio/…, /webhook/{account} name the platform, /customerio-eu/… its second
// region; without such a prefix it is told by the path ("/1029384756/events", "/api/v2/batch"; all
// else is a webhook). So a destination's endpoint is "http://127.0.0.1:9100/meta" or just
// "http://127.0.0.1:9100".
//   GET  /__sim/stats                 books of every account
//   GET  /__sim/scenario              what is in force
//   POST /__sim/scenario {"scenario":"outage","platform":"meta","account":"1029384756",
//                                      "seed":7,"for":"60s"}; without platform: everywhere.
//       "answer":{"status":400,"code":"100/2804003","message":"…","retry_after":"30","times":3}
//       beside the scenario orders one failure of the platform for the next requests; "headers"
//       {"x-rate-limit-reset":"…"} go with it, and "body" stands in place of the platform's own;
//       "fault":"close", "cut" or "silence" instead: no answer, a broken one, none in any time.
//       What a code means under which status is said at each model's scripted().
//   GET  /__sim/accepted?platform=…&account=…&from=0&limit=1000   accepted events, oldest first
#pragma once

#include "core/http_types.h"
#include "simulator/platform_model.h"

#include <tl/expected.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace engine::simulator {

struct SimulatorOptions {
    std::vector<SimulatedPlatform> platforms { defaultPlatforms() };
    Scenario scenario {};
    std::size_t ledgerMax { 200'000 }; // accepted events kept per account
    double clockRate { 1.0 }; // of the simulator's own clock: 1.0005 runs 500 ppm fast
};

// Where a scenario applies; the most exact one wins. Both empty: everywhere.
struct ScenarioTarget {
    std::string platform {};
    std::string account {};
    friend bool operator==(const ScenarioTarget&, const ScenarioTarget&) = default;
    friend bool operator<(const ScenarioTarget& a, const ScenarioTarget& b)
    {
        return std::tie(a.platform, a.account) < std::tie(b.platform, b.account);
    }
};

class Simulator {
public:
    explicit Simulator(SimulatorOptions options);

    [[nodiscard]] http::ServerResponse handle(const http::ServerRequest& request, Moment now);

    // Replaces what is in force there; everywhere also clears all more exact ones.
    void setScenario(const ScenarioTarget& target, Scenario scenario, Moment now);
    [[nodiscard]] Scenario scenarioFor(std::string_view platform, std::string_view account) const;

    // By "platform/account".
    [[nodiscard]] std::map<std::string, AccountStats> stats() const;
    [[nodiscard]] std::vector<LedgerEntry> accepted(
        const std::string& platform, const std::string& account) const;

private:
    struct Found {
        PlatformModel* model { nullptr };
        std::string_view path {};
    };
    [[nodiscard]] Found find(std::string_view path) const;
    [[nodiscard]] PlatformModel* model(std::string_view platform) const;
    [[nodiscard]] Moment ownTime(Moment now);
    [[nodiscard]] http::ServerResponse control(const http::ServerRequest& request, Moment now);
    [[nodiscard]] http::ServerResponse postScenario(const http::ServerRequest& request, Moment now);
    [[nodiscard]] http::ServerResponse getScenario() const;
    [[nodiscard]] http::ServerResponse getStats() const;
    [[nodiscard]] http::ServerResponse getAccepted(const http::ServerRequest& request) const;

    SimulatorOptions m_options;
    std::vector<std::unique_ptr<PlatformModel>> m_models {};
    std::map<ScenarioTarget, Scenario> m_scenarios {};
    std::optional<SteadyTime> m_firstSeen {};
};

// One call without sockets, for simulations on a fake clock: the answer, or how the transport would
// have failed. `latency` in either says after which time it arrives; the caller waits.
using Exchange = tl::expected<HttpAnswer, TransportFailure>;
[[nodiscard]] Exchange exchange(Simulator& simulator, const HttpRequest& request, Moment now);

} // namespace engine::simulator

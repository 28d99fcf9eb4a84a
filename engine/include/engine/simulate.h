// `spillway simulate`: strict imitations of the platforms as an HTTP server on this machine, and,
// if wanted, a shop that sends events to a Spillway.
#pragma once

#include <engine/result.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace engine {

struct SimulateOptions {
    std::string host { "127.0.0.1" };
    std::uint16_t port { 9100 }; // 0: any free one
    std::string platform { "meta" }; // or kAllPlatforms
    std::string scenario { "calm" };
    std::uint64_t seed { 7 };
    std::string sendTo {}; // "http://127.0.0.1:8787": an ingress; empty: no shop
    std::string writeKey {}; // of the ingress
    double eventsPerSecond { 30 }; // of the shop when it is calm
    // What a credential must be, by the names of secretNames(). One that is not here: anything, but
    // not nothing.
    std::map<std::string, std::string> secrets {};
    // Accounts of platforms with regions that live in the other one, and are sent there.
    std::vector<std::string> europeans {};
};

// Lives in the caller's thread, whose event loop the shop needs; serves from a thread of its own
// until it is destroyed.
class Simulation {
public:
    explicit Simulation(const SimulateOptions& options);
    ~Simulation();
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;

    [[nodiscard]] Status start();
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::string
    summary() const; // what was received and throttled, a line per account; what the shop sent

    static constexpr const char* kAllPlatforms = "all"; // each below its name: /meta, /google, …
    [[nodiscard]] static std::vector<std::string> platforms();
    [[nodiscard]] static std::vector<std::string> scenarios();
    // "meta", "google", …; "x.consumer_key" where there is more than one. Of `platform`, or of all.
    [[nodiscard]] static std::vector<std::string> secretNames(const std::string& platform);
    [[nodiscard]] static bool hasRegions(const std::string& platform); // or any, for all

private:
    class Worker;
    std::unique_ptr<Worker> m_worker;
};

} // namespace engine

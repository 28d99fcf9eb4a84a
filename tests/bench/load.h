// A client that posts events as fast as they are acknowledged: one thread, epoll, one request at a
// time and connection. Bodies are made once and only their ids change, so that what is measured is
// the server.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

struct LoadPlan {
    std::uint16_t port { 0 };
    std::string key {};
    int connections { 64 };
    int eventsPerPost { 1 };
    std::chrono::milliseconds length { 2'000 }; // for whole runs of eventsMax: the longest
    std::int64_t eventsMax { 0 }; // 0: as many as go in `length`
};

struct LoadFigures {
    std::int64_t events { 0 }; // acknowledged as new
    std::int64_t posts { 0 };
    std::int64_t failed { 0 };
    double seconds { 0 };
    double p50Ms { 0 };
    double p99Ms { 0 };
    std::string firstFailure {};

    [[nodiscard]] double eventsPerSecond() const { return static_cast<double>(events) / seconds; }
};

// Ids are never repeated within the process. A connection that breaks ends the program.
[[nodiscard]] LoadFigures runLoad(const LoadPlan& plan);

// The body of the answer; empty when there was none. Blocks.
[[nodiscard]] std::string httpGet(
    std::uint16_t port, const std::string& path, const std::string& key);

} // namespace bench

// One outgoing HTTP call and what came of it: values shared by adapters, transports and tests.
#pragma once

#include <engine/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace engine {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method { "POST" };
    std::string url {};
    HttpHeaders headers {};
    std::string body {};
    Millis timeout { 20'000 }; // send to last byte
    Millis connectTimeout { 10'000 };
    std::int64_t answerBytesMax { 1'048'576 };
};

// Never followed by the transport: a redirect is an answer (status 3xx).
struct HttpAnswer {
    int status { 0 };
    HttpHeaders headers {};
    std::string body {}; // at most answerBytesMax
    std::int64_t bodyBytes { 0 }; // as received, also when the body was cut
    std::string httpVersion {}; // "1.1", "2"
    Micros latency { 0 }; // send → last byte
    // First header of that name, compared without case.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

// No answer. `wasSent` false: not a byte of the request left this machine, so it was certainly not
// processed.
struct TransportFailure {
    enum class Kind : std::uint8_t {
        Dns,
        Connect,
        Tls,
        Timeout,
        Closed,
        TooLarge,
        Cancelled,
        Protocol
    };
    Kind kind { Kind::Connect };
    bool wasSent { false };
    std::string detail {};
    Micros latency { 0 };
};
[[nodiscard]] const char* toString(TransportFailure::Kind kind);

} // namespace engine

// How an answer looks on the wire, and small pieces of HTTP grammar. Pure.
#pragma once

#include "http/server.h"

#include <engine/time.h>

#include <string>
#include <string_view>

namespace engine::http {

// ASCII letters without case, as HTTP compares names.
[[nodiscard]] bool isSameToken(std::string_view a, std::string_view b);

// "Fri, 27 Nov 2026 09:12:01 GMT". Not strftime: that speaks the language of the machine.
[[nodiscard]] std::string toHttpDate(WallTime time);

struct WireOptions {
    bool isHead { false }; // the length of the body, but no body
    bool isKeptAlive { true };
    bool isHttp10 { false };
    std::string_view date {};
};
// Head and body, ready to write.
[[nodiscard]] std::string toWire(const ServerResponse& response, const WireOptions& options);

} // namespace engine::http

// The hardened HTTP server shell that ingress, control and simulator share (Boost.Beast, hidden in
// server.cpp).
#pragma once

#include "core/config.h"
#include "core/http_types.h"

#include <engine/result.h>

#include <functional>
#include <memory>
#include <string>

namespace engine::http {

struct ServerRequest {
    std::string method {};
    std::string target {}; // path and query as sent
    HttpHeaders headers {};
    std::string body {};
    std::string peer {}; // address, for logs
    [[nodiscard]] std::string_view path() const; // target up to '?'
    [[nodiscard]] std::optional<std::string> query(std::string_view name) const; // percent-decoded
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

struct ServerResponse {
    int status { 200 };
    HttpHeaders headers {};
    std::string body {};
    std::string contentType { "application/json" };
    // For simulators of faults: how the answer goes wrong on the wire.
    enum class Fault : std::uint8_t { None, CloseBeforeAnswer, ResetInTheMiddle, NeverAnswer };
    Fault fault { Fault::None };
    Millis delay { 0 };
};
// {"error":{"code":…,"message":…,"field":…}} with the status that belongs to the code (BadRequest
// 400, Unauthorized 401, …).
[[nodiscard]] ServerResponse errorResponse(
    int status, std::string_view code, std::string_view message, std::string_view field = {});

// May be called once, from any thread, now or later; dropping it answers 500.
using Respond = std::function<void(ServerResponse)>;
// Runs on the server's thread and must not block it.
using Handler = std::function<void(ServerRequest, Respond)>;

struct ServerOptions {
    std::string name {}; // thread and log name: "ingress"
    ListenAddress listen {};
    HttpLimits limits {};
    std::string tlsCertificate {}; // PEM files; empty: clear text
    std::string tlsKey {};
    // Answers without reading the body when it returns a response (wrong key, wrong media type).
    std::function<std::optional<ServerResponse>(const ServerRequest&)> precheck {};
};

struct ServerCounters { // since start
    std::int64_t connections { 0 };
    std::int64_t connectionsRefused { 0 };
    std::int64_t requests { 0 };
    std::vector<std::pair<int, std::int64_t>> byStatus {};
};

// Owns one thread and its io_context. Listening begins in start(); stop() closes the listener, lets
// answers under way finish for at most `grace`, then joins. Both from the owner's thread; the rest
// from any.
class Server {
public:
    Server(ServerOptions options, Handler handler);
    ~Server(); // stop()
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] Status start(); // Io with the address and why, when the port is taken
    void stop(Millis grace = Millis { 3'000 });
    [[nodiscard]] std::uint16_t port() const; // the bound one
    [[nodiscard]] ServerCounters counters() const;

private:
    class Worker;
    std::unique_ptr<Worker> m_worker;
};

} // namespace engine::http

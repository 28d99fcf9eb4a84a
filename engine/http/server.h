// The hardened HTTP server shell that ingress, control and simulator share (Boost.Beast, hidden in
// server.cpp).
#pragma once

#include "core/config.h"
#include "core/http_types.h"

#include <engine/result.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace engine::http {

struct ServerRequest {
    std::string method {};
    std::string target {}; // path and query as sent
    HttpHeaders headers {};
    std::string body {};
    std::string peer {}; // address, for logs
    [[nodiscard]] std::string_view path() const; // target up to '?'
    // The first parameter of that name, percent-decoded. '+' stays '+': times carry one in their
    // zone, and no form posts here. Empty text for a name without '='; nothing when a %xx is
    // broken.
    [[nodiscard]] std::optional<std::string> query(std::string_view name) const;
    // All parameters in order, decoded alike; BadRequest when a %xx is broken.
    [[nodiscard]] Result<HttpHeaders> queryItems() const;
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

struct ServerResponse {
    int status { 200 };
    HttpHeaders headers {}; // one with a control character in it is left out; Content-Length,
                            // Connection and (unless given here) Date are the server's
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
// The same for an engine error; `detail` stays here. Unavailable and DiskFull carry Retry-After.
[[nodiscard]] ServerResponse errorResponse(const Error& error);
[[nodiscard]] int statusOf(ErrorCode code);

// May be called once, from any thread, now or later, also after the server is gone (then nothing
// happens); dropping it answers 500. A second call is ignored.
using Respond = std::function<void(ServerResponse)>;
// Runs on the server's thread and must not block it. HEAD arrives as "HEAD": answer it like GET,
// the server leaves the body out.
using Handler = std::function<void(ServerRequest, Respond)>;

struct ServerOptions {
    std::string name {}; // thread and log name: "ingress"
    ListenAddress listen {};
    HttpLimits limits {};
    std::string tlsCertificate {}; // PEM files; empty: clear text
    std::string tlsKey {};
    // Bodies being read or answered, all connections together. What goes beyond gets 503.
    std::int64_t bodiesBytesMax { std::int64_t { 256 } * 1024 * 1024 };
    // Answers without reading the body when it returns a response (wrong key, wrong media type),
    // and closes. `body` is still empty there. Server's thread.
    std::function<std::optional<ServerResponse>(const ServerRequest&)> precheck {};
};

struct ServerCounters { // since start
    std::int64_t connections { 0 };
    std::int64_t connectionsRefused { 0 };
    std::int64_t requests { 0 };
    std::vector<std::pair<int, std::int64_t>> byStatus {}; // answers, the server's refusals too
};

// HTTP/1.1 and 1.0. One request of a connection at a time; what a client pipelines waits its turn.
// Refused and closed: a request that breaks the grammar (400), header over its limit (431), body
// over its limit (413), transfer codings but chunked (501), an expectation but 100-continue (417).
// A client that is slower than a timeout is closed without an answer. Owns one thread and its
// io_context. Listening begins in start(); stop() closes the listener, lets answers under way
// finish for at most `grace`, then joins. These and stopListening() from the owner's thread; the
// rest from any.
class Server {
public:
    Server(ServerOptions options, Handler handler);
    ~Server(); // stop()
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] Status start(); // Io with the address and why, when the port is taken
    void stop(Millis grace = Millis { 3'000 });
    // Takes no new connection from its return on, so that the address is free; those that are open
    // go on until stop().
    void stopListening();
    [[nodiscard]] std::uint16_t port() const; // the bound one
    [[nodiscard]] ServerCounters counters() const;

private:
    class Worker;
    std::unique_ptr<Worker> m_worker;
};

} // namespace engine::http

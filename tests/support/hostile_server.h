// An HTTP server for tests of clients: what it answers, and how it misbehaves, is scripted per
// request, and everything that arrived can be counted. HTTP/1.1, or HTTP/2 over TLS.
#pragma once

#include "core/http_types.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace engine::testing {

// One request that came whole. HTTP/2 requests are not decoded: only the counts and the body.
struct Arrival {
    int number { 0 }; // over the whole server, from 1
    int connection { 0 }; // from 1, in the order of accepting
    int onConnection { 0 }; // from 1
    std::string method {};
    std::string target {};
    HttpHeaders headers {};
    std::string body {};
};

struct Reaction {
    enum class Then : std::uint8_t {
        Keep, // the next request may follow
        Close, // orderly: the client sees an end
        Reset, // TCP reset
        Hang, // nothing more, connection open
        FloodBody, // body bytes until the client closes
        StartTls, // a proxy's tunnel: the same connection goes on as TLS
    };
    int status { 200 };
    HttpHeaders headers {}; // Content-Length is added
    std::string body { "{}" };
    std::optional<std::size_t> bodyBytesSent {}; // fewer than announced, then `then`
    std::optional<std::string> raw {}; // HTTP/1.1: in place of all above; "": no answer at all
    std::vector<std::string> pieces {}; // HTTP/1.1: like raw, each piece a write of its own
    Then then { Then::Keep };
    bool isHeld { false }; // not before release()
};

// Runs in the thread of a connection; several at once.
using Script = std::function<Reaction(const Arrival&)>;

struct HostileServerOptions {
    std::string certificateFile {}; // PEM; empty: clear text
    std::string keyFile {};
    bool isHttp2 { false }; // needs a certificate; HTTP/2 is all it then speaks
    bool isTlsTunnel { false }; // starts in clear text; the certificate is for Then::StartTls
};

// Listens on a free port of 127.0.0.1 from construction to destruction. Thread-safe.
class HostileServer {
public:
    explicit HostileServer(Script script, HostileServerOptions options = {});
    ~HostileServer();
    HostileServer(const HostileServer&) = delete;
    HostileServer& operator=(const HostileServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_port; }
    [[nodiscard]] std::string url(const std::string& path = "/") const; // http or https, 127.0.0.1
    void release(); // answers everything held, now and later

    [[nodiscard]] std::vector<Arrival> arrivals() const;
    [[nodiscard]] int arrivalCount() const;
    [[nodiscard]] int connectionCount() const;
    [[nodiscard]] int closedByClientCount() const; // connections that the client ended
    [[nodiscard]] int closedByScriptCount() const; // and its end or reset has left for the client
    [[nodiscard]] std::int64_t bodyBytesWritten() const { return m_bodyBytesWritten; }

private:
    class Connection;
    friend class Connection;
    struct Tls;

    void acceptAll();
    Reaction arrive(Arrival arrival);
    [[nodiscard]] bool isReleased() const;

    const Script m_script;
    const HostileServerOptions m_options;
    std::unique_ptr<Tls> m_tls;
    int m_listener { -1 };
    int m_wakePipe { -1 }; // ends acceptAll()
    std::uint16_t m_port { 0 };
    std::atomic<std::int64_t> m_bodyBytesWritten { 0 };

    mutable std::mutex m_mutex; // for everything below
    std::vector<Arrival> m_arrivals;
    std::vector<std::unique_ptr<Connection>> m_connections;
    int m_closedByClient { 0 };
    int m_closedByScript { 0 };
    bool m_isReleased { false };
    bool m_isStopping { false };

    std::thread m_acceptor;
};

// A listening port whose queue is full: a client's connection is never answered, as behind a
// firewall that drops. On loopback, so it works without a network.
class DeafPort {
public:
    DeafPort();
    ~DeafPort();
    DeafPort(const DeafPort&) = delete;
    DeafPort& operator=(const DeafPort&) = delete;
    [[nodiscard]] std::string url() const;

private:
    int m_listener { -1 };
    std::vector<int> m_fillers;
    std::uint16_t m_port { 0 };
};

// A port of 127.0.0.1 on which nobody listens: bound, so that nobody else takes it meanwhile.
class ClosedPort {
public:
    ClosedPort();
    ~ClosedPort();
    ClosedPort(const ClosedPort&) = delete;
    ClosedPort& operator=(const ClosedPort&) = delete;
    [[nodiscard]] std::string url() const;

private:
    int m_socket { -1 };
    std::uint16_t m_port { 0 };
};

} // namespace engine::testing

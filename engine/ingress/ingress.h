// The ingress port: EventApi behind an HTTP server of its own thread.
#pragma once

#include "http/server.h"
#include "ingress/event_api.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace engine::ingress {

// From the owner's thread. The sink must live until stop() is done and may answer after it: answers
// to connections that are gone go nowhere.
class Ingress {
public:
    Ingress(IngressPorts ports, const std::shared_ptr<const Config>& config);
    ~Ingress(); // stop()
    Ingress(const Ingress&) = delete;
    Ingress& operator=(const Ingress&) = delete;

    // Listens on config.ingress.listen; Io or Tls with what is wrong.
    [[nodiscard]] Status start();
    // Takes no more requests, and lets the sink answer those under way for at most `grace`.
    void stop(Millis grace = Millis { 3'000 });

    // A changed address, limit or certificate closes the port, once what is under way was answered,
    // and opens it anew; when that fails the old one is opened again.
    [[nodiscard]] Status move(const IngressConfig& config);
    // See EventApi::reload; the port stays as it is.
    [[nodiscard]] std::vector<std::string> reload(std::shared_ptr<const Config> config);
    [[nodiscard]] const std::vector<std::string>& startNotes() const { return m_startNotes; }

    [[nodiscard]] std::uint16_t port() const { return m_server->port(); }
    [[nodiscard]] std::string url() const; // "http://127.0.0.1:8787/v1/events"

    // Always from the same thread. Refusals of the HTTP layer (sizes, grammar, connections) stand
    // with the workspace "".
    [[nodiscard]] std::vector<IngressSnapshot> snapshot();

private:
    [[nodiscard]] std::unique_ptr<http::Server> makeServer(const IngressConfig& config);

    IngressConfig m_config; // in force
    EventApi m_api;
    std::vector<std::string> m_startNotes {};
    std::map<int, std::int64_t> m_answeredBefore {}; // by servers that were closed, by status
    std::unique_ptr<http::Server> m_server; // last: its thread uses the API
};

} // namespace engine::ingress

// The control port: ControlApi behind an HTTP server of its own thread.
#pragma once

#include "control/control_api.h"
#include "core/config.h"
#include "http/server.h"

#include <memory>
#include <string>
#include <vector>

namespace engine::control {

// From the owner's thread. The engine port must live until stop() is done and may answer after it.
class Control {
public:
    Control(ControlPorts ports, const ControlConfig& config, const ControlKeys& keys);
    ~Control(); // stop()
    Control(const Control&) = delete;
    Control& operator=(const Control&) = delete;

    [[nodiscard]] Status start(); // Io with the address and why
    void stop(Millis grace = Millis { 3'000 });

    void setKeys(const ControlKeys& keys) { m_api.setKeys(keys); } // after a reload
    // A changed address or limit: opens the new port, or says why not and stays where it was. The
    // old port takes no more connections; its own stay open until the second sweep(), because the
    // command that moves it may itself wait there for its answer.
    [[nodiscard]] Status move(const ControlConfig& config);
    void sweep(); // once a minute

    [[nodiscard]] std::uint16_t port() const { return m_server->port(); }
    [[nodiscard]] std::string url() const; // "http://127.0.0.1:8788"

private:
    [[nodiscard]] std::unique_ptr<http::Server> makeServer(const ControlConfig& config);

    ControlConfig m_config; // in force
    ControlApi m_api;
    // Last: their threads use the API, which two of them may do at a time.
    struct Left {
        std::unique_ptr<http::Server> server {}; // does not listen any more
        bool isOld { false }; // was there at the last sweep()
    };
    std::vector<Left> m_left {};
    std::unique_ptr<http::Server> m_server;
};

} // namespace engine::control

// The control port: ControlApi behind an HTTP server of its own thread.
#pragma once

#include "control/control_api.h"
#include "core/config.h"
#include "http/server.h"

#include <string>

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

    [[nodiscard]] std::uint16_t port() const { return m_server.port(); }
    [[nodiscard]] std::string url() const; // "http://127.0.0.1:8788"

private:
    ListenAddress m_listen;
    ControlApi m_api;
    http::Server m_server; // last: its thread uses the API
};

} // namespace engine::control

#include "control/control.h"

namespace engine::control {
namespace {

http::ServerOptions optionsFrom(const ControlConfig& config, const ControlApi& api)
{
    http::ServerOptions options;
    options.name = "control";
    options.listen = config.listen;
    options.limits = config.limits;
    options.precheck = [&api](const http::ServerRequest& request) { return api.precheck(request); };
    return options;
}

} // namespace

Control::Control(ControlPorts ports, const ControlConfig& config, const ControlKeys& keys)
    : m_listen(config.listen)
    , m_api(std::move(ports), keys)
    , m_server(optionsFrom(config, m_api),
          [this](const http::ServerRequest& request, const http::Respond& respond) {
              m_api.handle(request, respond);
          })
{
}

Control::~Control() { stop(); }

Status Control::start() { return m_server.start(); }

void Control::stop(Millis grace) { m_server.stop(grace); }

std::string Control::url() const
{
    const bool isIpv6 = m_listen.host.find(':') != std::string::npos;
    return "http://" + (isIpv6 ? '[' + m_listen.host + ']' : m_listen.host) + ':'
        + std::to_string(port());
}

} // namespace engine::control

#include "control/control.h"

#include <utility>

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
    : m_config(config)
    , m_api(std::move(ports), keys)
    , m_server(makeServer(config))
{
}

Control::~Control() { stop(); }

std::unique_ptr<http::Server> Control::makeServer(const ControlConfig& config)
{
    return std::make_unique<http::Server>(optionsFrom(config, m_api),
        [this](const http::ServerRequest& request, const http::Respond& respond) {
            m_api.handle(request, respond);
        });
}

Status Control::start() { return m_server->start(); }

void Control::stop(Millis grace)
{
    for (const Left& left : m_left)
        left.server->stop(grace);
    m_server->stop(grace);
}

Status Control::move(const ControlConfig& config)
{
    if (config.listen == m_config.listen && config.limits == m_config.limits)
        return {};
    // The old address may be part of the new one ("0.0.0.0"): it has to be free first.
    m_server->stopListening();
    auto next = makeServer(config);
    if (Status opened = next->start(); !opened) {
        next = makeServer(m_config);
        if (const Status again = next->start(); !again)
            return fail(opened.error().code,
                opened.error().message + "; the old one is lost too: " + again.error().message);
        m_left.push_back({ std::exchange(m_server, std::move(next)) });
        return opened;
    }
    m_left.push_back({ std::exchange(m_server, std::move(next)) });
    m_config = config;
    return {};
}

void Control::sweep()
{
    std::erase_if(m_left, [](const Left& left) { return left.isOld; });
    for (Left& left : m_left)
        left.isOld = true;
}

std::string Control::url() const
{
    const std::string& host = m_config.listen.host;
    const bool isIpv6 = host.find(':') != std::string::npos;
    return "http://" + (isIpv6 ? '[' + host + ']' : host) + ':' + std::to_string(port());
}

} // namespace engine::control

#include "ingress/ingress.h"

#include <map>

namespace engine::ingress {
namespace {

http::ServerOptions optionsFrom(const IngressConfig& config, EventApi& api)
{
    http::ServerOptions options;
    options.name = "ingress";
    options.listen = config.listen;
    options.limits = config.limits;
    options.tlsCertificate = config.tlsCertificate;
    options.tlsKey = config.tlsKey;
    options.precheck = [&api](const http::ServerRequest& request) { return api.precheck(request); };
    return options;
}

} // namespace

Ingress::Ingress(IngressPorts ports, const std::shared_ptr<const Config>& config)
    : m_config(config->ingress)
    , m_api(std::move(ports), config)
    , m_startNotes(m_api.reload(config))
    , m_server(makeServer(m_config))
{
}

std::unique_ptr<http::Server> Ingress::makeServer(const IngressConfig& config)
{
    return std::make_unique<http::Server>(optionsFrom(config, m_api),
        [this](const http::ServerRequest& request, http::Respond respond) {
            m_api.handle(request, std::move(respond));
        });
}

Ingress::~Ingress() { stop(); }

Status Ingress::start() { return m_server->start(); }

void Ingress::stop(Millis grace) { m_server->stop(grace); }

std::vector<std::string> Ingress::reload(std::shared_ptr<const Config> config)
{
    return m_api.reload(std::move(config));
}

// One after the other and never both: the API belongs to the thread of one server.
Status Ingress::move(const IngressConfig& config)
{
    IngressConfig wanted = config;
    m_config.itemsMax = wanted.itemsMax; // the API's own
    if (wanted == m_config)
        return {};
    m_server->stop();
    for (const auto& [status, answered] : m_server->counters().byStatus)
        m_answeredBefore[status] += answered;
    m_server = makeServer(wanted);
    Status opened = m_server->start();
    if (opened) {
        m_config = std::move(wanted);
        return {};
    }
    m_server = makeServer(m_config);
    if (const Status again = m_server->start(); !again)
        return fail(opened.error().code,
            opened.error().message + "; the old one is lost too: " + again.error().message);
    return opened;
}

std::string Ingress::url() const
{
    const std::string& host = m_config.listen.host;
    const bool isIpv6 = host.find(':') != std::string::npos;
    return (m_config.tlsCertificate.empty() ? "http://" : "https://")
        + (isIpv6 ? '[' + host + ']' : host) + ':' + std::to_string(port()) + "/v1/events";
}

std::vector<IngressSnapshot> Ingress::snapshot()
{
    auto all = m_api.snapshot();
    std::map<int, std::int64_t> ours;
    for (const IngressSnapshot& workspace : all) {
        for (const auto& [status, count] : workspace.refusedByStatus)
            ours[status] += count;
    }
    auto& rest = all.back().refusedByStatus;
    std::map<int, std::int64_t> answeredByStatus = m_answeredBefore;
    for (const auto& [status, answered] : m_server->counters().byStatus)
        answeredByStatus[status] += answered;
    for (const auto& [status, answered] : answeredByStatus) {
        const std::int64_t others = answered - ours[status];
        if (status < 400 || others <= 0)
            continue;
        const auto same = std::find_if(rest.begin(), rest.end(),
            [&status = status](const auto& r) { return r.first == status; });
        if (same != rest.end())
            same->second += others;
        else
            rest.emplace_back(status, others);
    }
    return all;
}

} // namespace engine::ingress

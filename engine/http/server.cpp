#include "http/server.h"

#include "http/server_core.h"
#include "http/wire.h"

#include <QLoggingCategory>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include <future>
#include <pthread.h>
#include <thread>

namespace engine::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Q_LOGGING_CATEGORY(httpLog, "engine.http")

constexpr Millis kAcceptPause { 100 }; // after running out of file descriptors

} // namespace

void Core::acceptNext()
{
    acceptor.async_accept([this](error_code error, Socket socket) {
        if (isStopping || error == asio::error::operation_aborted)
            return;
        if (!error) {
            onAccepted(std::move(socket));
            return acceptNext();
        }
        qCWarning(httpLog).noquote() << QString::fromStdString(options.name)
                                     << "cannot accept:" << QString::fromStdString(error.message());
        timer.expires_after(kAcceptPause);
        timer.async_wait([this](error_code cancelled) {
            if (!cancelled)
                acceptNext();
        });
    });
}

void Core::onAccepted(Socket socket)
{
    if (open.size() >= static_cast<std::size_t>(options.limits.connectionsMax)) {
        connectionsRefused.fetch_add(1, std::memory_order_relaxed);
        if (!tls) { // best effort: a fresh socket takes these few bytes without waiting
            const std::string text
                = toWire(errorResponse(Error { .code = ErrorCode::Unavailable,
                             .message = "This server has as many connections as it takes." }),
                    { .isKeptAlive = false });
            error_code ignored;
            socket.non_blocking(true, ignored);
            socket.write_some(asio::buffer(text), ignored);
            count(503);
        }
        return;
    }
    connections.fetch_add(1, std::memory_order_relaxed);
    const auto connection = makeConnection(*this, std::move(socket));
    open.emplace(connection.get(), connection);
    connection->start();
}

void Core::forget(Connection* connection)
{
    open.erase(connection);
    if (isStopping && open.empty())
        finish();
}

void Core::beginStop(Millis grace)
{
    isStopping = true;
    error_code ignored;
    acceptor.close(ignored);
    timer.expires_after(grace);
    timer.async_wait([this](error_code cancelled) {
        if (!cancelled)
            finish();
    });
    const auto present = open; // closing one takes it out of the map
    for (const auto& [address, connection] : present)
        connection->stopAfterAnswer();
    if (open.empty())
        finish();
}

void Core::finish()
{
    timer.cancel();
    for (const auto& [address, connection] : open)
        connection->abort();
    open.clear();
    io.stop();
}

std::string_view Core::date()
{
    const auto now = std::chrono::system_clock::now();
    const auto second = std::chrono::floor<Seconds>(now).time_since_epoch().count();
    if (second != httpDateSecond) {
        httpDateSecond = second;
        httpDate = toHttpDate(std::chrono::floor<Micros>(now));
    }
    return httpDate;
}

void Core::count(int status)
{
    if (status > 0 && std::cmp_less(status, kStatuses))
        byStatus.at(static_cast<std::size_t>(status)).fetch_add(1, std::memory_order_relaxed);
}

namespace {

Result<tcp::endpoint> resolve(const ListenAddress& address)
{
    error_code error;
    const auto literal = asio::ip::make_address(address.host, error);
    if (!error)
        return tcp::endpoint(literal, address.port);
    asio::io_context io;
    tcp::resolver resolver(io);
    const auto found = resolver.resolve(
        address.host, std::to_string(address.port), tcp::resolver::passive, error);
    if (error || found.empty())
        return fail(ErrorCode::Io, "The address " + address.host + " is not known here.",
            address.host, error.message());
    return found.begin()->endpoint();
}

Result<std::unique_ptr<asio::ssl::context>> makeTls(const ServerOptions& options)
{
    if (options.tlsCertificate.empty())
        return nullptr;
    auto tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
    error_code error;
    tls->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv3
            | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1,
        error);
    tls->use_certificate_chain_file(options.tlsCertificate, error);
    if (error)
        return fail(ErrorCode::Tls, "The TLS certificate cannot be read: " + error.message(),
            options.tlsCertificate);
    tls->use_private_key_file(options.tlsKey, asio::ssl::context::pem, error);
    if (error)
        return fail(ErrorCode::Tls,
            "The TLS key cannot be read, or is not the certificate's: " + error.message(),
            options.tlsKey);
    return tls;
}

Status listen(Core& core, const tcp::endpoint& endpoint)
{
    error_code error;
    core.acceptor.open(endpoint.protocol(), error);
    if (!error)
        core.acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error)
        core.acceptor.bind(endpoint, error);
    if (!error)
        core.acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error)
        return {};
    const std::string where
        = core.options.listen.host + ':' + std::to_string(core.options.listen.port);
    error_code ignored;
    core.acceptor.close(ignored);
    return fail(ErrorCode::Io, "Cannot listen on " + where + ": " + error.message(), where);
}

} // namespace

class Server::Worker {
public:
    Worker(ServerOptions options, Handler handler)
        : core(std::make_shared<Core>(std::move(options), std::move(handler)))
    {
    }

    std::shared_ptr<Core> core;
    std::thread thread {};
    std::uint16_t port { 0 };
};

Server::Server(ServerOptions options, Handler handler)
    : m_worker(std::make_unique<Worker>(std::move(options), std::move(handler)))
{
}

Server::~Server() { stop(); }

Status Server::start()
{
    Q_ASSERT(!m_worker->thread.joinable());
    Core& core = *m_worker->core;
    const auto endpoint = resolve(core.options.listen);
    if (!endpoint)
        return tl::unexpected(endpoint.error());
    auto tls = makeTls(core.options);
    if (!tls)
        return tl::unexpected(tls.error());
    core.tls = std::move(*tls);
    if (auto listening = listen(core, *endpoint); !listening)
        return listening;
    error_code ignored;
    m_worker->port = core.acceptor.local_endpoint(ignored).port();
    core.acceptNext();
    m_worker->thread = std::thread([shared = m_worker->core] {
        // Linux keeps 15 characters of a thread's name.
        pthread_setname_np(pthread_self(), shared->options.name.substr(0, 15).c_str());
        shared->io.run();
    });
    return {};
}

void Server::stop(Millis grace)
{
    if (!m_worker->thread.joinable())
        return;
    Q_ASSERT(m_worker->thread.get_id() != std::this_thread::get_id());
    asio::post(m_worker->core->io, [core = m_worker->core.get(), grace] {
        core->openUntilStop.reset();
        core->beginStop(grace);
    });
    m_worker->thread.join();
    // Tickets may outlive us somewhere; what the handler holds must not.
    m_worker->core->handler = nullptr;
    m_worker->core->options.precheck = nullptr;
}

void Server::stopListening()
{
    if (!m_worker->thread.joinable())
        return;
    std::promise<void> closed;
    auto isClosed = closed.get_future();
    asio::post(m_worker->core->io, [core = m_worker->core.get(), &closed] {
        error_code ignored;
        core->openUntilStop.emplace(core->io.get_executor());
        core->acceptor.close(ignored);
        closed.set_value();
    });
    isClosed.wait(); // that thread waits for nobody
}

std::uint16_t Server::port() const { return m_worker->port; }

ServerCounters Server::counters() const
{
    const Core& core = *m_worker->core;
    ServerCounters counters {
        .connections = core.connections.load(std::memory_order_relaxed),
        .connectionsRefused = core.connectionsRefused.load(std::memory_order_relaxed),
        .requests = core.requests.load(std::memory_order_relaxed),
    };
    for (std::size_t status = 0; status < core.byStatus.size(); ++status) {
        if (const auto count = core.byStatus.at(status).load(std::memory_order_relaxed); count > 0)
            counters.byStatus.emplace_back(static_cast<int>(status), count);
    }
    return counters;
}

} // namespace engine::http

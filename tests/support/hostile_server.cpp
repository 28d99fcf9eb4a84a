#include "support/hostile_server.h"

#include "support/hostile_connection.h"

#include <QtGlobal>

#include <array>
#include <csignal>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace engine::testing {
namespace {

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int makeSocket(int flags = 0)
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    if (descriptor < 0)
        qFatal("no socket for a test server");
    return descriptor;
}

std::uint16_t bindAnyPort(int descriptor)
{
    auto address = loopback(0);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(descriptor, generic, length) != 0
        || ::getsockname(descriptor, generic, &length) != 0)
        qFatal("no port for a test server");
    return ntohs(address.sin_port);
}

int selectHttp2(SSL*, const unsigned char** out, unsigned char* outLength, const unsigned char* in,
    unsigned int inLength, void* user)
{
    static constexpr std::array<unsigned char, 3> kHttp2 { 2, 'h', '2' };
    static constexpr std::array<unsigned char, 9> kHttp1 { 8, 'h', 't', 't', 'p', '/', '1', '.',
        '1' };
    const bool isHttp2 = *static_cast<const bool*>(user);
    unsigned char* chosen = nullptr;
    const auto* const ours = isHttp2 ? kHttp2.data() : kHttp1.data();
    const auto length = static_cast<unsigned int>(isHttp2 ? kHttp2.size() : kHttp1.size());
    if (SSL_select_next_proto(&chosen, outLength, ours, length, in, inLength)
        != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

} // namespace

struct HostileServer::Tls {
    bool isHttp2 { false };
    SSL_CTX* context { nullptr };

    explicit Tls(const HostileServerOptions& options)
        : isHttp2(options.isHttp2)
        , context(SSL_CTX_new(TLS_server_method()))
    {
        if (SSL_CTX_use_certificate_chain_file(context, options.certificateFile.c_str()) != 1
            || SSL_CTX_use_PrivateKey_file(context, options.keyFile.c_str(), SSL_FILETYPE_PEM) != 1)
            qFatal("the test server cannot use its certificate");
        SSL_CTX_set_alpn_select_cb(context, selectHttp2, &isHttp2);
    }
    ~Tls() { SSL_CTX_free(context); }
    Tls(const Tls&) = delete;
    Tls& operator=(const Tls&) = delete;
};

class HostileServer::Connection {
public:
    Connection(HostileServer* server, int descriptor, int number)
        : m_wire(descriptor)
        , m_thread([this, server, number] { run(*server, number); })
    {
    }
    ~Connection()
    {
        m_wire.shutDown();
        m_thread.join();
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    void wake() { m_wire.wake(); }

private:
    void run(HostileServer& server, int number)
    {
        blockBrokenPipe();
        SSL_CTX* const tls = server.m_tls ? server.m_tls->context : nullptr;
        if (tls && !server.m_options.isTlsTunnel && !m_wire.startTls(tls))
            return;
        const ConnectionHooks hooks { .arrive =
                                          [&server, number](Arrival arrival) {
                                              arrival.connection = number;
                                              return server.arrive(std::move(arrival));
                                          },
            .isReleased = [&server] { return server.isReleased(); },
            .onBodyWritten = [&server](std::int64_t bytes) { server.m_bodyBytesWritten += bytes; },
            .tls = tls };
        const auto end
            = server.m_options.isHttp2 ? serveHttp2(m_wire, hooks) : serveHttp1(m_wire, hooks);
        const std::lock_guard lock(server.m_mutex);
        ++(end == ConnectionEnd::ByClient ? server.m_closedByClient : server.m_closedByScript);
    }

    // OpenSSL writes without MSG_NOSIGNAL. Blocked for this thread only: that the client under
    // test survives a broken pipe is the client's to show.
    static void blockBrokenPipe()
    {
        sigset_t signals;
        sigemptyset(&signals);
        sigaddset(&signals, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    }

    Wire m_wire;
    std::thread m_thread; // last: it uses the wire
};

HostileServer::HostileServer(Script script, HostileServerOptions options)
    : m_script(std::move(script))
    , m_options(std::move(options))
    , m_tls(m_options.certificateFile.empty() ? nullptr : std::make_unique<Tls>(m_options))
    , m_listener(makeSocket())
    , m_wakePipe(::eventfd(0, EFD_CLOEXEC))
    , m_port(bindAnyPort(m_listener))
{
    if (::listen(m_listener, 1'024) != 0)
        qFatal("a test server cannot listen");
    m_acceptor = std::thread([this] { acceptAll(); });
}

HostileServer::~HostileServer()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isStopping = true;
        m_isReleased = true;
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(m_wakePipe, &one, sizeof one);
    m_acceptor.join();
    m_connections.clear(); // nobody adds to it any more; each joins its thread
    ::close(m_listener);
    ::close(m_wakePipe);
}

void HostileServer::acceptAll()
{
    for (;;) {
        std::array<pollfd, 2> polled { pollfd { m_listener, POLLIN, 0 },
            pollfd { m_wakePipe, POLLIN, 0 } };
        if (::poll(polled.data(), polled.size(), -1) < 0)
            continue; // interrupted
        const std::lock_guard lock(m_mutex);
        if (m_isStopping)
            return;
        const int descriptor = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor < 0)
            continue;
        const int number = static_cast<int>(m_connections.size()) + 1;
        m_connections.push_back(std::make_unique<Connection>(this, descriptor, number));
    }
}

Reaction HostileServer::arrive(Arrival arrival)
{
    {
        const std::lock_guard lock(m_mutex);
        arrival.number = static_cast<int>(m_arrivals.size()) + 1;
        m_arrivals.push_back(arrival);
    }
    return m_script(arrival);
}

bool HostileServer::isReleased() const
{
    const std::lock_guard lock(m_mutex);
    return m_isReleased;
}

void HostileServer::release()
{
    const std::lock_guard lock(m_mutex);
    m_isReleased = true;
    for (const auto& connection : m_connections)
        connection->wake();
}

std::string HostileServer::url(const std::string& path) const
{
    const bool isTls = m_tls && !m_options.isTlsTunnel;
    return std::string(isTls ? "https" : "http") + "://127.0.0.1:" + std::to_string(m_port) + path;
}

std::vector<Arrival> HostileServer::arrivals() const
{
    const std::lock_guard lock(m_mutex);
    return m_arrivals;
}

int HostileServer::arrivalCount() const
{
    const std::lock_guard lock(m_mutex);
    return static_cast<int>(m_arrivals.size());
}

int HostileServer::connectionCount() const
{
    const std::lock_guard lock(m_mutex);
    return static_cast<int>(m_connections.size());
}

int HostileServer::closedByClientCount() const
{
    const std::lock_guard lock(m_mutex);
    return m_closedByClient;
}

int HostileServer::closedByScriptCount() const
{
    const std::lock_guard lock(m_mutex);
    return m_closedByScript;
}

DeafPort::DeafPort()
    : m_listener(makeSocket())
    , m_port(bindAnyPort(m_listener))
{
    if (::listen(m_listener, 0) != 0)
        qFatal("a test server cannot listen");
    // A queue of 0 takes one; the rest make sure, and their own attempts simply stay open.
    const auto address = loopback(m_port);
    for (int i = 0; i < 4; ++i) {
        m_fillers.push_back(makeSocket(SOCK_NONBLOCK));
        [[maybe_unused]] const int pending = ::connect(
            m_fillers.back(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    }
}

DeafPort::~DeafPort()
{
    for (const int filler : m_fillers)
        ::close(filler);
    ::close(m_listener);
}

std::string DeafPort::url() const { return "http://127.0.0.1:" + std::to_string(m_port) + "/"; }

ClosedPort::ClosedPort()
    : m_socket(makeSocket())
    , m_port(bindAnyPort(m_socket))
{
}

ClosedPort::~ClosedPort() { ::close(m_socket); }

std::string ClosedPort::url() const { return "http://127.0.0.1:" + std::to_string(m_port) + "/"; }

} // namespace engine::testing

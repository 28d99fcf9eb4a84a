// What the connections of one server share; only server.cpp and session.cpp include this.
#pragma once

#include "http/server.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <array>
#include <atomic>
#include <optional>
#include <unordered_map>

namespace engine::http {

// The plain executor in place of any_io_executor: no virtual call per operation.
using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;
using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;
using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

inline constexpr std::size_t kStatuses = 1'000;

// One TCP connection. Lives in the server's thread, owned by Core::open until it is closed.
class Connection {
public:
    Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    virtual ~Connection() = default;
    virtual void start() = 0;
    virtual void respond(ServerResponse response) = 0;
    virtual void stopAfterAnswer() = 0;
    virtual void abort() = 0;
};

// What the connections of one server share. Lives in the server's thread; tickets keep it alive
// beyond that only to have an io_context to post to.
struct Core : std::enable_shared_from_this<Core> {
    explicit Core(ServerOptions given, Handler handlerGiven)
        : options(std::move(given))
        , handler(std::move(handlerGiven))
    {
    }

    void acceptNext();
    void onAccepted(Socket socket);
    void beginStop(Millis grace);
    void finish();
    void forget(Connection* connection);
    [[nodiscard]] std::string_view date();
    void count(int status);

    ServerOptions options;
    Handler handler;
    std::string httpDate {};
    std::int64_t httpDateSecond { 0 };
    std::int64_t bodiesBytes { 0 };
    bool isStopping { false };
    std::atomic<std::int64_t> connections { 0 };
    std::atomic<std::int64_t> connectionsRefused { 0 };
    std::atomic<std::int64_t> requests { 0 };
    std::array<std::atomic<std::int64_t>, kStatuses> byStatus {};
    std::unique_ptr<boost::asio::ssl::context> tls {};
    boost::asio::io_context io { 1 };
    Acceptor acceptor { io.get_executor() };
    Timer timer { io.get_executor() };
    // Without a listener the loop would end while an answer is still being made elsewhere.
    std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>>
        openUntilStop {};
    std::unordered_map<Connection*, std::shared_ptr<Connection>> open {};
};

// Over TLS when the core has a context.
[[nodiscard]] std::shared_ptr<Connection> makeConnection(Core& core, Socket socket);

} // namespace engine::http

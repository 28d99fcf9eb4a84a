#include "http/server_core.h"
#include "http/wire.h"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace engine::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using beast::error_code;

using ClearStream = beast::basic_stream<tcp, Executor>;
using TlsStream = asio::ssl::stream<ClearStream>;
using Parser = beast::http::request_parser<beast::http::string_body>;

constexpr std::size_t kHeaderRead = 8'192; // most requests fit in one read of this
constexpr std::size_t kBodyRead = 65'536;
// After a refusal: how long and how much we still read, so that the client sees the answer and not
// a reset. Two seconds cover the round trips of any link; what a client sends on is its own waste.
constexpr Seconds kLingerTime { 2 };
constexpr std::int64_t kLingerBytesMax = 1'048'576;

// The right to answer one request. Dropped unused, it answers 500, so that a client never waits for
// a handler that forgot.
class Ticket {
public:
    Ticket(std::shared_ptr<Core> core, std::weak_ptr<Connection> connection)
        : m_core(std::move(core))
        , m_connection(std::move(connection))
    {
    }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    ~Ticket()
    {
        if (!m_isUsed.exchange(true))
            send(errorResponse(500, "internal", "The server did not answer this request."));
    }
    void answer(ServerResponse response)
    {
        if (!m_isUsed.exchange(true))
            send(std::move(response));
    }

private:
    void send(ServerResponse response)
    {
        asio::dispatch(
            m_core->io, [connection = m_connection, response = std::move(response)]() mutable {
                if (const auto alive = connection.lock())
                    alive->respond(std::move(response));
            });
    }

    std::shared_ptr<Core> m_core;
    std::weak_ptr<Connection> m_connection;
    std::atomic<bool> m_isUsed { false };
};

ServerResponse refusalOf(const error_code& why)
{
    using beast::http::error;
    if (why == error::header_limit || why == error::buffer_overflow)
        return errorResponse(431, "too_large", "The header is larger than this server takes.");
    if (why == error::body_limit)
        return errorResponse(413, "too_large", "The body is larger than this server takes.");
    return errorResponse(400, "bad_request", "This is not a valid HTTP request: " + why.message());
}

// The shape of the head, beyond the grammar that the parser checks: everything by which two parties
// could read two different requests out of the same bytes.
std::optional<ServerResponse> refusalOfHead(const Parser& parser, std::int64_t bodyBytesMax)
{
    using beast::http::field;
    const auto& head = parser.get();
    if (head.version() >= 11 && head.count(field::host) != 1)
        return errorResponse(400, "bad_request", "Exactly one Host header is needed.", "Host");
    if (head.count(field::transfer_encoding) > 0) {
        const auto coding = head[field::transfer_encoding];
        if (head.version() < 11 || head.count(field::content_length) > 0)
            return errorResponse(400, "bad_request",
                "Transfer-Encoding does not belong into this request.", "Transfer-Encoding");
        if (head.count(field::transfer_encoding) > 1
            || !isSameToken({ coding.data(), coding.size() }, "chunked"))
            return errorResponse(501, "unsupported",
                "No transfer coding but chunked is understood.", "Transfer-Encoding");
    }
    // Equal lengths twice are allowed by the RFC, and by the parser; nothing honest sends them.
    const auto stated = head[field::content_length];
    if (head.count(field::content_length) > 1
        || stated.find_first_not_of("0123456789") != beast::string_view::npos)
        return errorResponse(
            400, "bad_request", "Exactly one Content-Length is understood.", "Content-Length");
    const auto length = parser.content_length();
    if (length && *length > static_cast<std::uint64_t>(bodyBytesMax))
        return errorResponse(413, "too_large",
            "The body is larger than the " + std::to_string(bodyBytesMax)
                + " bytes this server takes.");
    const auto expected = head[field::expect];
    if (!expected.empty() && !isSameToken({ expected.data(), expected.size() }, "100-continue"))
        return errorResponse(417, "unsupported", "This expectation is not understood.", "Expect");
    return std::nullopt;
}

ServerRequest toRequest(const Parser& parser, const std::string& peer)
{
    const auto& head = parser.get();
    ServerRequest request;
    request.method = std::string(head.method_string());
    request.target = std::string(head.target());
    request.peer = peer;
    request.headers.reserve(16);
    for (const auto& header : head)
        request.headers.emplace_back(
            std::string(header.name_string()), std::string(header.value()));
    return request;
}

// One TCP connection: read a request, hand it over, write the answer, again. Nothing is read while
// an answer is due, so a client that pipelines is held back by its own socket.
template <class Stream>
class Session final : public Connection, public std::enable_shared_from_this<Session<Stream>> {
public:
    template <class... Args>
    Session(Core& core, Socket socket, Args&... args)
        : m_core(core)
        , m_stream(std::move(socket), args...)
        , m_timer(m_core.io.get_executor())
        , m_buffer(static_cast<std::size_t>(m_core.options.limits.headerBytesMax) + kBodyRead)
    {
        error_code ignored;
        const auto endpoint = lowest().socket().remote_endpoint(ignored);
        m_peer = ignored ? std::string() : endpoint.address().to_string();
        lowest().socket().set_option(tcp::no_delay(true), ignored);
    }
    ~Session() override { releaseBody(); }

    void start() override
    {
        if constexpr (std::is_same_v<Stream, TlsStream>) {
            lowest().expires_after(limits().readTimeout);
            m_stream.async_handshake(asio::ssl::stream_base::server,
                [self = this->shared_from_this()](
                    error_code error) { error ? self->close() : self->awaitRequest(); });
        } else {
            awaitRequest();
        }
    }

    void respond(ServerResponse response) override
    {
        if (m_isClosed || !m_isAnswerDue)
            return;
        m_isAnswerDue = false;
        if (response.delay > Millis::zero()) {
            m_timer.expires_after(response.delay);
            m_timer.async_wait([self = this->shared_from_this(), response = std::move(response)](
                                   error_code error) {
                if (!error && !self->m_isClosed)
                    self->send(response);
            });
            return;
        }
        send(response);
    }

    void stopAfterAnswer() override
    {
        m_isLast = true;
        if (m_isIdle)
            close();
    }

    void abort() override
    {
        m_isClosed = true;
        m_timer.cancel();
        lowest().close();
    }

private:
    [[nodiscard]] const HttpLimits& limits() const { return m_core.options.limits; }
    [[nodiscard]] ClearStream& lowest()
    {
        if constexpr (std::is_same_v<Stream, TlsStream>)
            return m_stream.next_layer();
        else
            return m_stream;
    }

    void close()
    {
        if (m_isClosed)
            return;
        abort();
        m_core.forget(this);
    }

    void awaitRequest()
    {
        if (m_core.isStopping)
            return close();
        m_parser.emplace();
        m_parser->header_limit(static_cast<std::uint32_t>(limits().headerBytesMax));
        m_parser->body_limit(boost::none); // checked by us, after the head and as chunks come
        m_isHeadDone = m_isContinueDue = m_isHead = m_isHttp10 = false;
        releaseBody();
        if (m_buffer.size() > 0) { // pipelined: the request has begun already
            lowest().expires_after(limits().readTimeout);
            return parse();
        }
        m_buffer.consume(m_buffer.size());
        if (m_buffer.capacity() > kHeaderRead)
            m_buffer.shrink_to_fit();
        m_isIdle = true;
        lowest().expires_after(limits().idleTimeout);
        read(kHeaderRead);
    }

    void read(std::size_t bytes)
    {
        const std::size_t room = m_buffer.max_size() - m_buffer.size();
        if (room == 0)
            return refuse(refusalOf(beast::http::error::buffer_overflow));
        m_stream.async_read_some(m_buffer.prepare(std::min(bytes, room)),
            [self = this->shared_from_this()](
                error_code error, std::size_t count) { self->onRead(error, count); });
    }

    void onRead(error_code error, std::size_t count)
    {
        if (m_isClosed)
            return;
        if (error) // gone, or slower than its timeout; what was read of a request is worth nothing
            return close();
        m_buffer.commit(count);
        if (m_isIdle) {
            m_isIdle = false;
            lowest().expires_after(limits().readTimeout); // for the whole request, not per read
        }
        parse();
    }

    void parse()
    {
        while (!m_parser->is_done()) {
            if (m_buffer.size() == 0)
                return readMore();
            error_code error;
            const std::size_t used = m_parser->put(m_buffer.data(), error);
            m_buffer.consume(used);
            if (error == beast::http::error::need_more)
                return readMore();
            if (error)
                return refuse(refusalOf(error));
            if (m_parser->is_header_done() && !m_isHeadDone) {
                m_isHeadDone = true;
                if (auto refusal = checkHead())
                    return refuse(*refusal);
            }
            if (!chargeBody())
                return;
        }
        m_core.requests.fetch_add(1, std::memory_order_relaxed);
        m_request.body = std::move(m_parser->get().body());
        m_isAnswerDue = true;
        auto ticket = std::make_shared<Ticket>(m_core.shared_from_this(), this->weak_from_this());
        m_core.handler(std::move(m_request),
            [ticket](ServerResponse response) { ticket->answer(std::move(response)); });
    }

    void readMore()
    {
        if (m_isHeadDone && !chargeBody())
            return;
        if (m_isContinueDue && m_buffer.size() == 0)
            return sendContinue();
        read(m_isHeadDone ? kBodyRead : kHeaderRead);
    }

    std::optional<ServerResponse> checkHead()
    {
        m_request = toRequest(*m_parser, m_peer);
        m_isHead = m_parser->get().method() == beast::http::verb::head;
        m_isHttp10 = m_parser->get().version() < 11;
        m_isLast = m_isLast || !m_parser->get().keep_alive();
        m_isContinueDue = !m_isHttp10 && !m_parser->is_done()
            && m_parser->get().count(beast::http::field::expect) > 0;
        if (auto refusal = refusalOfHead(*m_parser, limits().bodyBytesMax))
            return refusal;
        if (m_core.options.precheck) {
            if (auto refusal = m_core.options.precheck(m_request))
                return refusal;
        }
        m_parser->eager(true);
        return std::nullopt;
    }

    // Both limits on bodies. A stated length counts at once, so that a crowd of half-sent bodies
    // cannot grow past the total later; chunks count as they come.
    bool chargeBody()
    {
        const auto length = static_cast<std::int64_t>(m_parser->content_length().value_or(0));
        const auto have = static_cast<std::int64_t>(m_parser->get().body().size());
        if (have > limits().bodyBytesMax) {
            refuse(refusalOf(beast::http::error::body_limit));
            return false;
        }
        const std::int64_t due = std::max(length, have) - m_bodyCharged;
        if (m_core.bodiesBytes + due > m_core.options.bodiesBytesMax) {
            refuse(errorResponse(Error { .code = ErrorCode::Unavailable,
                .message = "Too many large requests at once; send this one again shortly." }));
            return false;
        }
        m_core.bodiesBytes += due;
        m_bodyCharged += due;
        return true;
    }
    void releaseBody() { m_core.bodiesBytes -= std::exchange(m_bodyCharged, 0); }

    void sendContinue()
    {
        m_isContinueDue = false;
        static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
        asio::async_write(m_stream, asio::buffer(kContinue.data(), kContinue.size()),
            [self = this->shared_from_this()](error_code error, std::size_t) {
                if (self->m_isClosed)
                    return;
                error ? self->close() : self->read(kBodyRead);
            });
    }

    // An answer of ours to a request that was not read to its end: no next request can be found in
    // the bytes, so the connection ends.
    void refuse(const ServerResponse& response)
    {
        m_isLast = true;
        m_isUnread = !m_parser->is_done();
        send(response);
    }

    void send(const ServerResponse& response)
    {
        using Fault = ServerResponse::Fault;
        if (response.fault == Fault::CloseBeforeAnswer)
            return close();
        if (response.fault == Fault::NeverAnswer) {
            lowest().expires_never();
            m_isIdle = true; // stop() need not wait for an answer that never comes
            return discard(kLingerBytesMax);
        }
        m_core.count(response.status);
        m_isLast = m_isLast || m_core.isStopping;
        m_out = toWire(response,
            { .isHead = m_isHead,
                .isKeptAlive = !m_isLast,
                .isHttp10 = m_isHttp10,
                .date = m_core.date() });
        const bool isCut = response.fault == Fault::ResetInTheMiddle;
        if (isCut)
            m_out.resize(response.body.empty() ? m_out.size() / 2
                                               : m_out.size() - (response.body.size() + 1) / 2);
        lowest().expires_after(limits().readTimeout);
        asio::async_write(m_stream, asio::buffer(m_out),
            [self = this->shared_from_this(), isCut](error_code error, std::size_t) {
                if (self->m_isClosed)
                    return;
                if (error)
                    return self->close();
                isCut ? self->reset() : self->onSent();
            });
    }

    void onSent()
    {
        releaseBody();
        if (!m_isLast)
            return awaitRequest();
        if constexpr (std::is_same_v<Stream, TlsStream>) {
            lowest().expires_after(kLingerTime);
            m_stream.async_shutdown([self = this->shared_from_this()](error_code) {
                if (!self->m_isClosed)
                    self->linger();
            });
        } else {
            linger();
        }
    }

    // Closing with bytes unread makes the kernel send a reset, which can throw the answer away at
    // the client. So we say that we are done and read on for a moment.
    void linger()
    {
        error_code ignored;
        lowest().socket().shutdown(tcp::socket::shutdown_send, ignored);
        if (!m_isUnread && m_buffer.size() == 0)
            return close();
        lowest().expires_after(kLingerTime);
        discard(kLingerBytesMax);
    }

    void discard(std::int64_t left)
    {
        m_buffer.consume(m_buffer.size());
        lowest().async_read_some(m_buffer.prepare(kHeaderRead),
            [self = this->shared_from_this(), left](error_code error, std::size_t count) {
                if (self->m_isClosed)
                    return;
                const auto rest = left - static_cast<std::int64_t>(count);
                error || rest <= 0 ? self->close() : self->discard(rest);
            });
    }

    void reset()
    {
        error_code ignored;
        lowest().socket().set_option(asio::socket_base::linger(true, 0), ignored);
        close();
    }

    Core& m_core; // holds every session, and outlives the io_context that may hold the last one
    Stream m_stream;
    Timer m_timer;
    beast::flat_buffer m_buffer;
    std::optional<Parser> m_parser {};
    ServerRequest m_request {};
    std::string m_peer {};
    std::string m_out {};
    std::int64_t m_bodyCharged { 0 };
    bool m_isHeadDone { false };
    bool m_isContinueDue { false };
    bool m_isAnswerDue { false };
    bool m_isHead { false };
    bool m_isHttp10 { false };
    bool m_isIdle { false }; // between requests
    bool m_isLast { false }; // close after the answer
    bool m_isUnread { false }; // part of the refused request still comes
    bool m_isClosed { false };
};

} // namespace

std::shared_ptr<Connection> makeConnection(Core& core, Socket socket)
{
    if (core.tls)
        return std::make_shared<Session<TlsStream>>(core, std::move(socket), *core.tls);
    return std::make_shared<Session<ClearStream>>(core, std::move(socket));
}

} // namespace engine::http

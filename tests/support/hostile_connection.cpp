#include "support/hostile_connection.h"

#include <array>
#include <charconv>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace engine::testing {

Wire::Wire(int descriptor)
    : m_descriptor(descriptor)
    , m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    // Each piece of an answer is to leave as a packet of its own.
    const int one = 1;
    ::setsockopt(m_descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

Wire::~Wire()
{
    SSL_free(m_ssl);
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    ::close(m_wake);
}

bool Wire::startTls(SSL_CTX* context)
{
    m_ssl = SSL_new(context);
    SSL_set_fd(m_ssl, m_descriptor);
    return SSL_accept(m_ssl) == 1;
}

Wire::Got Wire::readMore()
{
    std::array<char, 16'384> bytes {};
    if (!m_ssl || SSL_pending(m_ssl) == 0) {
        std::array<pollfd, 2> polled { pollfd { m_descriptor, POLLIN, 0 },
            pollfd { m_wake, POLLIN, 0 } };
        if (::poll(polled.data(), polled.size(), -1) < 0)
            return Got::Woken;
        std::uint64_t count = 0;
        if ((polled[1].revents & POLLIN) != 0
            && ::read(m_wake, &count, sizeof count) == sizeof count)
            return m_isShutDown ? Got::End : Got::Woken;
    }
    const auto got = m_ssl
        ? ssize_t { SSL_read(m_ssl, bytes.data(), static_cast<int>(bytes.size())) }
        : ::recv(m_descriptor, bytes.data(), bytes.size(), 0);
    if (got <= 0)
        return Got::End;
    buffer.append(bytes.data(), static_cast<std::size_t>(got));
    return Got::Bytes;
}

bool Wire::write(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto sent = m_ssl
            ? ssize_t { SSL_write(m_ssl, bytes.data(), static_cast<int>(bytes.size())) }
            : ::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void Wire::closeOrderly()
{
    if (m_ssl)
        SSL_shutdown(m_ssl);
    ::shutdown(m_descriptor, SHUT_RDWR);
}

void Wire::reset()
{
    const linger now { 1, 0 };
    const std::lock_guard lock(m_mutex);
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(m_descriptor);
    m_descriptor = -1;
}

void Wire::shutDown()
{
    const std::lock_guard lock(m_mutex);
    m_isShutDown = true;
    ::shutdown(m_descriptor, SHUT_RDWR);
    wake();
}

void Wire::wake()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(m_wake, &one, sizeof one);
}

namespace {

std::string lowered(std::string text)
{
    for (char& c : text)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

std::optional<Arrival> takeHttp1(std::string& buffer)
{
    const auto headEnd = buffer.find("\r\n\r\n");
    if (headEnd == std::string::npos)
        return std::nullopt;
    Arrival arrival;
    std::size_t bodyBytes = 0;
    for (std::size_t at = 0; at < headEnd;) {
        const auto end = buffer.find("\r\n", at);
        const auto line = buffer.substr(at, end - at);
        if (at == 0) {
            const auto space = line.find(' ');
            arrival.method = line.substr(0, space);
            arrival.target = line.substr(space + 1, line.rfind(' ') - space - 1);
        } else if (const auto colon = line.find(": "); colon != std::string::npos) {
            arrival.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
            const auto& value = arrival.headers.back().second;
            if (lowered(line.substr(0, colon)) == "content-length")
                std::from_chars(value.data(), value.data() + value.size(), bodyBytes);
        }
        at = end + 2;
    }
    if (buffer.size() < headEnd + 4 + bodyBytes)
        return std::nullopt;
    arrival.body = buffer.substr(headEnd + 4, bodyBytes);
    buffer.erase(0, headEnd + 4 + bodyBytes);
    return arrival;
}

std::string http1Answer(const Reaction& reaction)
{
    if (reaction.raw)
        return *reaction.raw;
    std::string text = "HTTP/1.1 " + std::to_string(reaction.status) + " Status\r\n";
    for (const auto& [name, value] : reaction.headers)
        text += name + ": " + value + "\r\n";
    text += "Content-Length: " + std::to_string(reaction.body.size()) + "\r\n\r\n";
    return text + reaction.body.substr(0, reaction.bodyBytesSent.value_or(reaction.body.size()));
}

// What follows an answer; nothing when the connection goes on.
std::optional<ConnectionEnd> after(
    const Reaction& reaction, Wire& wire, const ConnectionHooks& hooks)
{
    const std::string block(16'384, 'x');
    switch (reaction.then) {
    case Reaction::Then::Keep:
        return std::nullopt;
    case Reaction::Then::Close:
        wire.closeOrderly();
        return ConnectionEnd::ByScript;
    case Reaction::Then::Reset:
        wire.reset();
        return ConnectionEnd::ByScript;
    case Reaction::Then::Hang:
        while (wire.readMore() != Wire::Got::End)
            wire.buffer.clear();
        return ConnectionEnd::ByClient;
    case Reaction::Then::FloodBody:
        while (wire.write(block))
            hooks.onBodyWritten(static_cast<std::int64_t>(block.size()));
        return ConnectionEnd::ByClient;
    case Reaction::Then::StartTls:
        return wire.startTls(hooks.tls) ? std::nullopt : std::optional(ConnectionEnd::ByClient);
    }
    return ConnectionEnd::ByScript;
}

} // namespace

ConnectionEnd serveHttp1(Wire& wire, const ConnectionHooks& hooks)
{
    for (int onConnection = 1;; ++onConnection) {
        auto arrival = takeHttp1(wire.buffer);
        while (!arrival) {
            if (wire.readMore() == Wire::Got::End)
                return ConnectionEnd::ByClient;
            arrival = takeHttp1(wire.buffer);
        }
        arrival->onConnection = onConnection;
        const Reaction reaction = hooks.arrive(std::move(*arrival));
        while (reaction.isHeld && !hooks.isReleased())
            if (wire.readMore() == Wire::Got::End)
                return ConnectionEnd::ByClient;
        if (reaction.pieces.empty()) {
            if (!wire.write(http1Answer(reaction)))
                return ConnectionEnd::ByClient;
        }
        for (const auto& piece : reaction.pieces)
            if (!wire.write(piece))
                return ConnectionEnd::ByClient;
        if (const auto end = after(reaction, wire, hooks))
            return *end;
    }
}

namespace {

// Just enough of RFC 9113 to take requests and answer them; nothing is decompressed.
class Http2 {
public:
    Http2(Wire& wire, const ConnectionHooks& hooks)
        : m_wire(wire)
        , m_hooks(hooks)
    {
    }

    ConnectionEnd serve()
    {
        static constexpr std::size_t kPrefaceBytes = 24;
        if (!send(kSettings, 0, 0, {}))
            return ConnectionEnd::ByClient;
        while (m_wire.buffer.size() < kPrefaceBytes)
            if (m_wire.readMore() == Wire::Got::End)
                return ConnectionEnd::ByClient;
        m_wire.buffer.erase(0, kPrefaceBytes);
        for (;;) {
            while (takeFrame())
                if (m_end)
                    return *m_end;
            if (m_hooks.isReleased())
                answerHeld();
            if (m_end)
                return *m_end;
            if (m_wire.readMore() == Wire::Got::End)
                return ConnectionEnd::ByClient;
        }
    }

private:
    enum Type : unsigned char { kData, kHeaders, kPriority, kRstStream, kSettings, kPush, kPing };
    static constexpr unsigned char kEndStream = 1; // of data and headers
    static constexpr unsigned char kAck = 1; // of settings and ping
    static constexpr unsigned char kEndHeaders = 4;
    static constexpr std::size_t kFrameHeadBytes = 9;

    bool send(Type type, unsigned char flags, std::uint32_t stream, std::string_view payload)
    {
        std::string frame;
        for (const int shift : { 16, 8, 0 })
            frame += static_cast<char>((payload.size() >> shift) & 0xff);
        frame += static_cast<char>(type);
        frame += static_cast<char>(flags);
        for (const int shift : { 24, 16, 8, 0 })
            frame += static_cast<char>((stream >> shift) & 0xff);
        return m_wire.write(frame.append(payload));
    }

    [[nodiscard]] std::uint32_t number(std::size_t at, std::size_t bytes) const
    {
        std::uint32_t value = 0;
        for (std::size_t i = at; i < at + bytes; ++i)
            value = (value << 8) | static_cast<unsigned char>(m_wire.buffer[i]);
        return value;
    }

    bool takeFrame()
    {
        if (m_wire.buffer.size() < kFrameHeadBytes)
            return false;
        const std::size_t length = number(0, 3);
        if (m_wire.buffer.size() < kFrameHeadBytes + length)
            return false;
        const auto type = static_cast<unsigned char>(m_wire.buffer[3]);
        const auto flags = static_cast<unsigned char>(m_wire.buffer[4]);
        const std::uint32_t stream = number(5, 4);
        const auto payload = m_wire.buffer.substr(kFrameHeadBytes, length);
        m_wire.buffer.erase(0, kFrameHeadBytes + length);
        if (type == kSettings && (flags & kAck) == 0)
            send(kSettings, kAck, 0, {});
        else if (type == kPing && (flags & kAck) == 0)
            send(kPing, kAck, 0, payload);
        else if ((type == kHeaders || type == kData) && (flags & kEndStream) != 0)
            arrive(stream);
        return true;
    }

    void arrive(std::uint32_t stream)
    {
        const Reaction reaction = m_hooks.arrive({ .onConnection = ++m_onConnection });
        if (reaction.isHeld && !m_hooks.isReleased())
            m_held.emplace_back(stream, reaction);
        else
            answer(stream, reaction);
    }

    void answerHeld()
    {
        for (const auto& [stream, reaction] : std::exchange(m_held, {}))
            answer(stream, reaction);
    }

    void answer(std::uint32_t stream, const Reaction& reaction)
    {
        if (!reaction.raw) {
            // HPACK: a literal whose name is entry 8 (":status"), then literals with new names.
            std::string block { '\x08', '\x03' };
            block += std::to_string(reaction.status);
            for (const auto& [name, value] : reaction.headers) {
                block += '\0';
                block += static_cast<char>(name.size());
                block += lowered(name);
                block += static_cast<char>(value.size());
                block += value;
            }
            const auto body
                = reaction.body.substr(0, reaction.bodyBytesSent.value_or(std::string::npos));
            send(kHeaders, kEndHeaders, stream, block);
            send(kData, reaction.bodyBytesSent ? 0 : kEndStream, stream, body);
        }
        if (const auto end = after(reaction, m_wire, m_hooks))
            m_end = end;
    }

    Wire& m_wire;
    const ConnectionHooks& m_hooks;
    int m_onConnection { 0 };
    std::vector<std::pair<std::uint32_t, Reaction>> m_held;
    std::optional<ConnectionEnd> m_end;
};

} // namespace

ConnectionEnd serveHttp2(Wire& wire, const ConnectionHooks& hooks)
{
    return Http2(wire, hooks).serve();
}

} // namespace engine::testing

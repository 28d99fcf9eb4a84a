// A client that sends exactly the bytes it is told, and shows exactly what came back. Blocking, in
// the test's thread; nothing waits longer than kPatience.
#pragma once

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace engine::testing {

class RawClient {
public:
    explicit RawClient(std::uint16_t port)
        : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address {};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        m_isConnected
            = ::connect(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    ~RawClient() { ::close(m_socket); }

    [[nodiscard]] bool isConnected() const { return m_isConnected; }

    // False when the other side closed first, which a hostile request may well bring about.
    bool send(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const auto sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    void finishSending() { ::shutdown(m_socket, SHUT_WR); }

    // One answer: head and as much body as its Content-Length says. Empty when the connection
    // ended.
    std::string answer(bool isHead = false)
    {
        std::size_t head = std::string::npos;
        while ((head = m_in.find("\r\n\r\n")) == std::string::npos) {
            if (!readSome())
                return {};
        }
        head += 4;
        const std::size_t size = head + (isHead ? 0 : lengthIn(m_in.substr(0, head)));
        while (m_in.size() < size) {
            if (!readSome())
                break;
        }
        std::string out = m_in.substr(0, size);
        m_in.erase(0, size);
        return out;
    }

    // Everything until the other side closes.
    std::string rest()
    {
        while (readSome()) { }
        return std::exchange(m_in, {});
    }

    [[nodiscard]] bool wasReset() const { return m_error == ECONNRESET; }
    [[nodiscard]] bool wasClosed() const { return m_isEnded; }

private:
    static constexpr int kPatienceMs = 10'000;

    static std::size_t lengthIn(std::string_view head)
    {
        constexpr std::string_view kName = "Content-Length: ";
        std::size_t length = 0;
        if (const auto at = head.find(kName); at != std::string_view::npos)
            std::from_chars(head.data() + at + kName.size(), head.data() + head.size(), length);
        return length;
    }
    bool readSome()
    {
        pollfd waiting { m_socket, POLLIN, 0 };
        if (::poll(&waiting, 1, kPatienceMs) <= 0)
            return false;
        std::array<char, 16 * 1024> buffer {};
        const auto count = ::recv(m_socket, buffer.data(), buffer.size(), 0);
        if (count <= 0) {
            m_isEnded = true;
            m_error = count < 0 ? errno : 0;
            return false;
        }
        m_in.append(buffer.data(), static_cast<std::size_t>(count));
        return true;
    }

    int m_socket { -1 };
    bool m_isConnected { false };
    bool m_isEnded { false };
    int m_error { 0 };
    std::string m_in {};
};

// 0 when there is none.
inline int statusIn(std::string_view answer)
{
    int status = 0;
    if (answer.size() > 12)
        std::from_chars(answer.data() + 9, answer.data() + 12, status);
    return status;
}
inline std::string bodyOf(const std::string& answer)
{
    const auto at = answer.find("\r\n\r\n");
    return at == std::string::npos ? std::string {} : answer.substr(at + 4);
}

} // namespace engine::testing

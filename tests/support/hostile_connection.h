// One connection of HostileServer: the bytes (Wire) and the two protocols on them. Only for
// hostile_server.cpp.
#pragma once

#include "support/hostile_server.h"

#include <openssl/ssl.h>
#include <string_view>

namespace engine::testing {

// A blocking socket, clear or TLS. Used by the connection's thread; shutDown() and wake() by any.
class Wire {
public:
    explicit Wire(int descriptor);
    ~Wire();
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    [[nodiscard]] bool startTls(SSL_CTX* context); // false: the client refused
    enum class Got : std::uint8_t { Bytes, Woken, End };
    [[nodiscard]] Got readMore(); // waits; appends to buffer
    [[nodiscard]] bool write(std::string_view bytes);
    void closeOrderly();
    void reset();
    void shutDown();
    void wake();

    std::string buffer {}; // read and not yet taken

private:
    std::mutex m_mutex; // for closing the descriptor while another thread shuts it down
    int m_descriptor;
    int m_wake;
    SSL* m_ssl { nullptr };
    std::atomic<bool> m_isShutDown { false };
};

struct ConnectionHooks {
    std::function<Reaction(Arrival)> arrive {};
    std::function<bool()> isReleased {};
    std::function<void(std::int64_t)> onBodyWritten {};
    SSL_CTX* tls { nullptr };
};

enum class ConnectionEnd : std::uint8_t { ByClient, ByScript };
[[nodiscard]] ConnectionEnd serveHttp1(Wire& wire, const ConnectionHooks& hooks);
[[nodiscard]] ConnectionEnd serveHttp2(Wire& wire, const ConnectionHooks& hooks);

} // namespace engine::testing

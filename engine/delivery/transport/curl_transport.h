// The default transport: libcurl's multi interface, driven by the event loop of the thread that
// made it. libcurl names no type here, so that nobody who includes this sees its macros.
#pragma once

#include "delivery/transport/transport.h"

#include <QTimer>

#include <deque>
#include <unordered_map>

namespace engine::delivery {

class CurlTransport final : public Transport {
public:
    // Idle connections kept, over all hosts. Never a limit on what is in flight.
    static constexpr long kConnectionsKeptMax = 2'048;

    explicit CurlTransport(NetworkOptions options);
    ~CurlTransport() override;

    TransferId send(HttpRequest request, OnDone onDone) override;
    void cancel(TransferId id) override;
    [[nodiscard]] int inFlight() const override;

private:
    struct Transfer; // one request from send() to its callback; also the reused libcurl handle
    struct Socket; // the two notifiers of one file descriptor
    struct Callbacks; // what libcurl calls, as static functions
    struct Finished {
        std::unique_ptr<Transfer> transfer {};
        TransferResult result {};
    };

    void act(int socket, int events);
    void collectDone();
    void finish(Transfer* transfer, TransferResult result);
    void callBack();
    [[nodiscard]] std::unique_ptr<Transfer> takeTransfer();
    void keepForReuse(std::unique_ptr<Transfer> transfer);
    [[nodiscard]] Socket* socketOf(int descriptor);
    void forget(int descriptor);

    NetworkOptions m_options;
    void* m_multi { nullptr };
    std::int64_t m_lastId { 0 };
    std::unordered_map<std::int64_t, std::unique_ptr<Transfer>> m_running;
    std::deque<Finished> m_finished;
    std::vector<std::unique_ptr<Transfer>> m_idle;
    std::unordered_map<int, std::unique_ptr<Socket>> m_sockets;
    std::vector<std::unique_ptr<Socket>> m_forgotten; // closed; deleted outside their own signals
    QTimer m_timer; // when libcurl wants to be called next
    QTimer m_callBackTimer; // zero: calls back what finished outside the event loop
    // Expired when a callback destroyed the transport.
    std::shared_ptr<bool> m_isAlive { std::make_shared<bool>(true) };
};

} // namespace engine::delivery

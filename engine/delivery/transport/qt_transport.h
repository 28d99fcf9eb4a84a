// The other transport: Qt Network. For where libcurl's TLS or proxy handling does not fit; it
// breaks promises (see brokenPromises()).
#pragma once

#include "delivery/transport/transport.h"

#include <QObject>

#include <unordered_map>

class QNetworkAccessManager;
class QNetworkReply;
class QSslConfiguration;

namespace engine::delivery {

class QtTransport final : public QObject, public Transport {
public:
    // A manager opens at most six connections to a host (measured, Qt 6.4.2), so further managers
    // are added as they are needed; each costs a thread of Qt's own. 32 × 6 = 192 in flight to one
    // host; beyond that Qt queues inside.
    static constexpr int kManagersMax = 32;
    static constexpr int kConnectionsPerHost = 6;

    explicit QtTransport(NetworkOptions options);
    ~QtTransport() override;

    TransferId send(HttpRequest request, OnDone onDone) override;
    void cancel(TransferId id) override;
    [[nodiscard]] int inFlight() const override;

    [[nodiscard]] static std::vector<BrokenPromise> brokenPromises();

private:
    struct Transfer;
    struct Manager;

    [[nodiscard]] Manager& managerFor(const std::string& host);
    void start(Transfer& transfer);
    void readBody(Transfer& transfer);
    void finish(Transfer& transfer);
    void giveUp(Transfer& transfer, TransferResult (*resultOf)(Transfer&));
    void later(std::int64_t id, std::function<void(Transfer&)> step);
    void end(std::int64_t id, TransferResult result);
    void watchTimes(Transfer& transfer);

    NetworkOptions m_options;
    std::unique_ptr<QSslConfiguration> m_tls;
    std::int64_t m_lastId { 0 };
    std::vector<std::unique_ptr<Manager>> m_managers;
    std::unordered_map<std::int64_t, std::unique_ptr<Transfer>> m_running;
};

} // namespace engine::delivery

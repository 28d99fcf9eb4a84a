// The imitated shop as a sender: its events over real HTTP to an ingress, several times a second.
#pragma once

#include "core/clock.h"
#include "simulator/traffic.h"

#include <QNetworkAccessManager>
#include <QObject>
#include <QTimer>
#include <QUrl>

#include <memory>
#include <string>

namespace engine {

// Lives in its owner's thread. What cannot be posted is not sent later: a shop's visitors do not
// come back either.
class ShopTraffic final : public QObject {
    Q_OBJECT
public:
    explicit ShopTraffic(const Clock& clock);

    // `ingress`: the address of POST /v1/events.
    void start(const std::string& ingress, const QByteArray& writeKey);
    void stop();
    // From its beginning; at speed 5 it sends, swells and fades five times as fast.
    void play(const simulator::TrafficOptions& traffic, int speed);

    [[nodiscard]] std::int64_t accepted() const { return m_accepted; } // events, answered with 202
    [[nodiscard]] std::int64_t lost() const { return m_lost; }

private:
    void send();
    void post(const QByteArray& body, int events);
    void take(int status, const QString& problem, int events);

    const Clock& m_clock;
    std::unique_ptr<simulator::TrafficSource> m_traffic {};
    SteadyTime m_beganAt {};
    int m_speed { 1 };
    QUrl m_ingress {};
    QByteArray m_authorization {};
    std::unique_ptr<QNetworkAccessManager> m_network {};
    QTimer m_timer {};
    int m_postsInFlight { 0 };
    std::int64_t m_accepted { 0 };
    std::int64_t m_lost { 0 };
    bool m_isFailing { false }; // told once, not four times a second
};

} // namespace engine

#include "shop_traffic.h"

#include <QLoggingCategory>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>

namespace engine {
namespace {

using namespace std::chrono_literals;

Q_LOGGING_CATEGORY(lcShop, "simulator.shop")

constexpr auto kSendEvery = 250ms;
constexpr int kPostsMax = 4; // more than that waiting means that ingress is stopping
constexpr std::size_t kEventsPerPost = 1'000;

} // namespace

ShopTraffic::ShopTraffic(const Clock& clock)
    : m_clock(clock)
    , m_timer(this)
{
    m_timer.setInterval(kSendEvery);
    connect(&m_timer, &QTimer::timeout, this, &ShopTraffic::send);
}

void ShopTraffic::start(const std::string& ingress, const QByteArray& writeKey)
{
    m_ingress = QUrl(QString::fromStdString(ingress));
    m_authorization = "Bearer " + writeKey;
    m_network = std::make_unique<QNetworkAccessManager>();
    m_network->setProxy(QNetworkProxy::NoProxy); // to this machine
    m_timer.start();
}

void ShopTraffic::stop()
{
    m_timer.stop();
    m_network.reset(); // ends what is on its way; nobody is called back
    m_postsInFlight = 0;
}

void ShopTraffic::play(const simulator::TrafficOptions& traffic, int speed)
{
    m_beganAt = m_clock.steadyNow();
    m_speed = speed;
    m_traffic = std::make_unique<simulator::TrafficSource>(traffic, m_beganAt);
}

void ShopTraffic::send()
{
    if (!m_traffic)
        return;
    const SteadyTime storyTime = m_beganAt + (m_clock.steadyNow() - m_beganAt) * m_speed;
    const std::vector<std::string> events = m_traffic->take(storyTime, m_clock.wallNow());
    for (std::size_t first = 0; first < events.size(); first += kEventsPerPost) {
        const std::size_t end = std::min(first + kEventsPerPost, events.size());
        const auto count = static_cast<int>(end - first);
        if (m_postsInFlight >= kPostsMax) {
            m_lost += count;
            continue;
        }
        QByteArray body("[");
        for (std::size_t i = first; i < end; ++i) {
            if (i > first)
                body += ',';
            body += QByteArray::fromStdString(events[i]);
        }
        post(body + ']', count);
    }
}

void ShopTraffic::post(const QByteArray& body, int events)
{
    QNetworkRequest request(m_ingress);
    request.setRawHeader("Authorization", m_authorization);
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    QNetworkReply* reply = m_network->post(request, body);
    ++m_postsInFlight;
    connect(reply, &QNetworkReply::finished, this, [this, reply, events] {
        --m_postsInFlight;
        reply->deleteLater();
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        take(status, reply->errorString(), events);
    });
}

void ShopTraffic::take(int status, const QString& problem, int events)
{
    const bool isTaken = status == 202;
    (isTaken ? m_accepted : m_lost) += events;
    if (!isTaken && !m_isFailing)
        qCWarning(lcShop, "%s does not take the events of the shop: %s",
            qUtf8Printable(m_ingress.toString()), qUtf8Printable(problem));
    if (isTaken && m_isFailing)
        qCInfo(
            lcShop, "%s takes the events of the shop again", qUtf8Printable(m_ingress.toString()));
    m_isFailing = !isTaken;
}

} // namespace engine

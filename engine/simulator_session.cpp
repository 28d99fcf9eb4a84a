#include "simulator_session.h"

#include <QNetworkReply>
#include <QNetworkRequest>
#include <QUuid>

namespace engine {
namespace {

using namespace std::chrono_literals;

constexpr const char* kHotPixel = "1048553217731";
constexpr const char* kCalmPixel = "2201774930044";
constexpr auto kSendEvery = 250ms;
constexpr int kPostsMax
    = 4; // more than that waiting means that ingress is stopping; the traffic of then is not sent
constexpr std::size_t kEventsPerPost = 1'000;
// The script of the first minute: what a new operator is to see, find out and mend.
constexpr auto kFirstTrouble = 6s;
constexpr auto kTroubleLasts = 90s;

QByteArray randomKey() { return QUuid::createUuid().toByteArray(QUuid::Id128); }

simulator::SimulatorOptions platformOptions(const SimulatorSessionOptions& options, SteadyTime now)
{
    simulator::SimulatorOptions made;
    const auto kind
        = simulator::parseScenario(options.scenario).value_or(simulator::ScenarioKind::Sale);
    made.scenario = { .kind = kind, .seed = options.seed, .startedAt = now };
    return made;
}

} // namespace

SimulatorSession::SimulatorSession(SimulatorSessionOptions options, const Clock& clock)
    : m_options(std::move(options))
    , m_clock(clock)
    , m_platforms(platformOptions(m_options, clock.steadyNow()), { "127.0.0.1", 0 }, clock)
    , m_writeKey(randomKey())
    , m_timer(this)
{
    qputenv("SPILLWAY_SIMULATOR_WRITE_KEY", m_writeKey);
    if (qEnvironmentVariableIsEmpty("SPILLWAY_CONTROL_KEY"))
        qputenv("SPILLWAY_CONTROL_KEY", randomKey());
    qputenv("SPILLWAY_SIMULATOR_TOKEN", randomKey());
    m_timer.setInterval(kSendEvery);
    connect(&m_timer, &QTimer::timeout, this, &SimulatorSession::send);
}

SimulatorSession::~SimulatorSession()
{
    stopTraffic();
    m_platforms.stop();
}

Status SimulatorSession::start() { return m_platforms.start(); }

std::string SimulatorSession::configText() const
{
    const auto meta
        = [this](const char* name, const char* pixel, const char* priority, const char* events) {
              return std::string("[[destination]]\nname = \"") + name
                  + "\"\nplatform = \"meta\"\naccount = \"" + pixel + "\"\nendpoint = \""
                  + m_platforms.endpoint("meta")
                  + "\"\ncredential.access_token = \"env:SPILLWAY_SIMULATOR_TOKEN\"\npriority = \""
                  + priority + "\"\nbatch = 50\n" + events;
          };
    return std::string(
               "[profile]\nname = \"Simulator\"\nkind = \"simulator\"\nsafety = \"standard\"\n"
               "[ingress]\nlisten = \"127.0.0.1:0\"\n"
               "[control]\nlisten = \"127.0.0.1:0\"\nkey = \"env:SPILLWAY_CONTROL_KEY\"\n"
               "[[workspace]]\nname = \"shop\"\nwrite_key = "
               "\"env:SPILLWAY_SIMULATOR_WRITE_KEY\"\ntier = \"enterprise\"\n")
        + meta("meta-shop", kHotPixel, "high", "")
        + meta("meta-leads", kCalmPixel, "normal", "events = [\"lead\", \"purchase\"]\n")
        + "[[destination]]\nname = \"crm\"\nplatform = \"customerio\"\naccount = "
          "\"shop-eu\"\nendpoint = \""
        + m_platforms.endpoint("customerio")
        + "\"\ncredential.site_id = \"env:SPILLWAY_SIMULATOR_TOKEN\"\ncredential.api_key = "
          "\"env:SPILLWAY_SIMULATOR_TOKEN\"\nrate = 20.0\n"
          "[[destination]]\nname = \"warehouse\"\nplatform = \"webhook\"\naccount = "
          "\"warehouse\"\nendpoint = \""
        + m_platforms.endpoint("webhook") + "/warehouse\"\nbatch = 100\n";
}

void SimulatorSession::startTraffic(const std::string& ingressUrl)
{
    m_ingressUrl = ingressUrl;
    m_network = std::make_unique<QNetworkAccessManager>();
    const SteadyTime now = m_clock.steadyNow();
    const auto kind
        = simulator::parseScenario(m_options.scenario).value_or(simulator::ScenarioKind::Sale);
    m_traffic = std::make_unique<simulator::TrafficSource>(
        simulator::TrafficOptions { .seed = m_options.seed,
            .rate = m_options.eventsPerSecond,
            .scenario = { .kind = kind, .seed = m_options.seed, .startedAt = now } },
        now);
    m_timer.start();
    QTimer::singleShot(kFirstTrouble, this, [this] {
        const simulator::Scenario throttling { .kind = simulator::ScenarioKind::Throttling,
            .seed = m_options.seed,
            .startedAt = m_clock.steadyNow(),
            .duration = kTroubleLasts };
        m_platforms.setScenario({ "meta", kHotPixel }, throttling);
        const simulator::Scenario partial { .kind = simulator::ScenarioKind::PartialFailures,
            .seed = m_options.seed,
            .startedAt = m_clock.steadyNow(),
            .duration = kTroubleLasts };
        m_platforms.setScenario({ "customerio", "" }, partial);
    });
}

void SimulatorSession::stopTraffic()
{
    m_timer.stop();
    m_network.reset();
}

Status SimulatorSession::setScenario(const std::string& name)
{
    const auto kind = simulator::parseScenario(name);
    if (!kind)
        return fail(ErrorCode::BadRequest, "there is no scenario \"" + name + '"');
    const simulator::Scenario scenario {
        .kind = *kind, .seed = m_options.seed, .startedAt = m_clock.steadyNow()
    };
    m_platforms.setScenario({}, scenario);
    if (m_traffic)
        m_traffic->setScenario(scenario);
    return {};
}

void SimulatorSession::send()
{
    const std::vector<std::string> events = m_traffic->take(m_clock.steadyNow(), m_clock.wallNow());
    for (std::size_t first = 0; first < events.size() && m_postsInFlight < kPostsMax;
         first += kEventsPerPost) {
        QByteArray body("[");
        for (std::size_t i = first; i < std::min(first + kEventsPerPost, events.size()); ++i) {
            if (i > first)
                body += ',';
            body += QByteArray::fromStdString(events[i]);
        }
        body += ']';
        QNetworkRequest request(QUrl(QString::fromStdString(m_ingressUrl)));
        request.setRawHeader("Authorization", "Bearer " + m_writeKey);
        request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
        QNetworkReply* reply = m_network->post(request, body);
        ++m_postsInFlight;
        connect(reply, &QNetworkReply::finished, this, [this, reply] {
            --m_postsInFlight;
            reply->deleteLater();
        });
    }
}

} // namespace engine

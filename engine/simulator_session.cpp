#include "simulator_session.h"

#include <QNetworkReply>
#include <QNetworkRequest>
#include <QUuid>

#include <algorithm>
#include <array>
#include <string_view>

namespace engine {
namespace {

using namespace std::chrono_literals;

constexpr const char* kCalmPixel = "2201774930044";
constexpr auto kSendEvery = 250ms;
constexpr int kPostsMax
    = 4; // more than that waiting means that ingress is stopping; the traffic of then is not sent
constexpr std::size_t kEventsPerPost = 1'000;
// Of the configuration below; a story about another platform cannot be played.
constexpr std::array<std::string_view, 3> kPlatforms { "meta", "customerio", "webhook" };

QByteArray randomKey() { return QUuid::createUuid().toByteArray(QUuid::Id128); }

} // namespace

SimulatorSession::SimulatorSession(SimulatorSessionOptions options, const Clock& clock)
    : m_options(std::move(options))
    , m_clock(clock)
    , m_platforms({}, { "127.0.0.1", 0 }, clock)
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
        + meta("meta-shop", std::string(simulator::kHotPixel).c_str(), "high", "")
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
    SimulationPlay first = m_options.play;
    if (simulator::storyFor(first.story) == nullptr)
        first.story = SimulationPlay {}.story;
    (void)play(first);
    m_timer.start();
}

void SimulatorSession::stopTraffic()
{
    m_timer.stop();
    m_network.reset();
}

std::vector<SimulationStory> SimulatorSession::stories()
{
    std::vector<SimulationStory> all;
    for (const simulator::Story& story : simulator::stories()) {
        const bool isPlayable
            = std::any_of(story.acts.begin(), story.acts.end(), [](const simulator::Act& act) {
                  return act.where.platform.empty()
                      || std::find(kPlatforms.begin(), kPlatforms.end(), act.where.platform)
                      != kPlatforms.end();
              });
        all.push_back({ std::string(story.name), isPlayable || story.acts.empty() });
    }
    return all;
}

Status SimulatorSession::play(const SimulationPlay& play)
{
    const simulator::Story* story = simulator::storyFor(play.story);
    if (story == nullptr)
        return fail(ErrorCode::BadRequest, "there is no story \"" + play.story + '"');
    if (play.speed < 1 || play.speed > kSpeedMax)
        return fail(ErrorCode::BadRequest, "the speed is from 1 to 10");
    m_options.play = play;
    m_beganAt = m_clock.steadyNow();
    ++m_run;
    const simulator::Scenario everywhere = scenarioOf(story->everywhere, Millis { 0 });
    m_platforms.setScenario({}, everywhere);
    // Another number each time: the ids of its events come from it, and a story played twice has to
    // be new events.
    m_traffic = std::make_unique<simulator::TrafficSource>(
        simulator::TrafficOptions { .seed = play.seed + m_run - 1,
            .rate = m_options.eventsPerSecond,
            .scenario = everywhere },
        storyTime());
    for (const simulator::Act& act : story->acts)
        begin(act, m_run);
    return {};
}

void SimulatorSession::begin(const simulator::Act& act, std::uint64_t run)
{
    QTimer::singleShot(act.from / m_options.play.speed, this, [this, act, run] {
        if (run == m_run)
            m_platforms.setScenario(act.where, scenarioOf(act.kind, act.duration));
    });
}

simulator::Scenario SimulatorSession::scenarioOf(
    simulator::ScenarioKind kind, Millis duration) const
{
    return { .kind = kind,
        .seed = m_options.play.seed,
        .startedAt = m_clock.steadyNow(),
        .duration = duration / m_options.play.speed };
}

// The traffic's clock: at speed 5 it sends, swells and fades five times as fast.
SteadyTime SimulatorSession::storyTime() const
{
    return m_beganAt + (m_clock.steadyNow() - m_beganAt) * m_options.play.speed;
}

void SimulatorSession::send()
{
    const std::vector<std::string> events = m_traffic->take(storyTime(), m_clock.wallNow());
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

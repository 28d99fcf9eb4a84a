#include "simulator_session.h"

#include <QFile>
#include <QUuid>

namespace engine {
namespace {

// Of the example configuration: what stands there, and what this session puts in its place.
constexpr const char* kExample = ":/examples/simulator.toml";
constexpr const char* kKeyVariable = "SPILLWAY_SIMULATOR_KEY";
constexpr const char* kControlVariable = "SPILLWAY_CONTROL_KEY";

QByteArray randomKey() { return QUuid::createUuid().toByteArray(QUuid::Id128); }

} // namespace

SimulatorSession::SimulatorSession(SimulatorSessionOptions options, const Clock& clock)
    : m_options(std::move(options))
    , m_clock(clock)
    , m_platforms({}, { "127.0.0.1", 0 }, clock)
    , m_shop(clock)
    , m_writeKey(randomKey())
{
    qputenv(kKeyVariable, m_writeKey);
    if (qEnvironmentVariableIsEmpty(kControlVariable))
        qputenv(kControlVariable, randomKey());
}

SimulatorSession::~SimulatorSession()
{
    stopTraffic();
    m_platforms.stop();
}

Status SimulatorSession::start() { return m_platforms.start(); }

std::string SimulatorSession::configText() const
{
    QFile file(QString::fromLatin1(kExample));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QByteArray text = file.readAll();
    text.replace("http://127.0.0.1:9100/", QByteArray::fromStdString(m_platforms.endpoint("")));
    text.replace("127.0.0.1:8787", "127.0.0.1:0");
    text.replace("127.0.0.1:8788", "127.0.0.1:0");
    text.replace("env:SPILLWAY_KEY", QByteArray("env:") + kKeyVariable);
    return text.toStdString();
}

void SimulatorSession::startTraffic(const std::string& ingressUrl)
{
    SimulationPlay first = m_options.play;
    if (simulator::storyFor(first.story) == nullptr)
        first.story = SimulationPlay {}.story;
    (void)play(first);
    m_shop.start(ingressUrl, m_writeKey);
}

void SimulatorSession::stopTraffic() { m_shop.stop(); }

std::vector<std::string> SimulatorSession::stories()
{
    std::vector<std::string> names;
    for (const simulator::Story& story : simulator::stories())
        names.emplace_back(story.name);
    return names;
}

Status SimulatorSession::play(const SimulationPlay& play)
{
    const simulator::Story* story = simulator::storyFor(play.story);
    if (story == nullptr)
        return fail(ErrorCode::BadRequest, "there is no story \"" + play.story + '"');
    if (play.speed < 1 || play.speed > kSpeedMax)
        return fail(ErrorCode::BadRequest, "the speed is from 1 to 10");
    m_options.play = play;
    ++m_run;
    const simulator::Scenario everywhere = scenarioOf(story->everywhere, Millis { 0 });
    m_platforms.setScenario({}, everywhere);
    // Another number each time: the ids of its events come from it, and a story played twice has to
    // be new events.
    m_shop.play({ .seed = play.seed + m_run - 1,
                    .rate = m_options.eventsPerSecond,
                    .scenario = everywhere },
        play.speed);
    for (const simulator::Act& act : story->acts)
        begin(act, m_run);
    return {};
}

void SimulatorSession::begin(const simulator::Act& act, std::uint64_t run)
{
    QTimer::singleShot(act.from / m_options.play.speed, this, [this, act, run] {
        if (run != m_run)
            return;
        simulator::Scenario scenario = scenarioOf(act.kind, act.duration);
        scenario.answer = act.answer;
        m_platforms.setScenario(act.where, scenario);
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

} // namespace engine

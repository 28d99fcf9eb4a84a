#include "coach/simulator_menu.h"

#include "format/format.h"
#include "palette/palette_entries.h"

#include <QAction>
#include <QActionGroup>
#include <QInputDialog>

#include <array>

namespace ui {
namespace {

constexpr std::array<int, 2> kSpeeds { 1, 5 };
constexpr int kSeedMax = 999'999;

} // namespace

SimulatorMenu::SimulatorMenu(
    const std::vector<std::string>& stories, const engine::SimulationPlay& playing, QWidget* parent)
    : QMenu(tr("S&imulator"), parent)
    , m_playing(playing)
    , m_stories(new QActionGroup(this))
    , m_speeds(new QActionGroup(this))
{
    setObjectName(QStringLiteral("menu_simulator"));
    addStories(stories);
    addSeparator();
    addSpeeds();
    m_seed = addAction(tr("Seed…"));
    m_seed->setObjectName(QStringLiteral("action_simulationSeed"));
    m_seed->setMenuRole(QAction::NoRole);
    connect(m_seed, &QAction::triggered, this, &SimulatorMenu::askSeed);
    showPlaying();
}

void SimulatorMenu::addStories(const std::vector<std::string>& stories)
{
    for (const std::string& story : stories) {
        auto* action = addAction(storyTitle(story));
        action->setObjectName(QStringLiteral("action_story_") + toQString(story));
        action->setProperty(kFullTitle, tr("Simulator: %1").arg(storyTitle(story)));
        action->setMenuRole(QAction::NoRole);
        action->setCheckable(true);
        action->setData(toQString(story));
        m_stories->addAction(action);
        connect(action, &QAction::triggered, this, [this, story] {
            engine::SimulationPlay play = m_playing;
            play.story = story;
            want(play);
        });
    }
}

void SimulatorMenu::addSpeeds()
{
    for (const int speed : kSpeeds) {
        auto* action = addAction(tr("Speed %1×").arg(speed));
        action->setObjectName(QStringLiteral("action_speed%1").arg(speed));
        action->setProperty(kFullTitle, tr("Simulator: speed %1×").arg(speed));
        action->setMenuRole(QAction::NoRole);
        action->setCheckable(true);
        action->setData(speed);
        m_speeds->addAction(action);
        connect(action, &QAction::triggered, this, [this, speed] {
            engine::SimulationPlay play = m_playing;
            play.speed = speed;
            want(play);
        });
    }
}

// The same seed and story give the same shop, its customers and its mishaps again.
void SimulatorMenu::askSeed()
{
    auto* dialog = new QInputDialog(parentWidget());
    dialog->setObjectName(QStringLiteral("seed_dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Simulator"));
    dialog->setLabelText(tr("Play from seed (1 to %1):").arg(formatExact(kSeedMax)));
    dialog->setInputMode(QInputDialog::IntInput);
    dialog->setIntRange(1, kSeedMax);
    dialog->setIntValue(static_cast<int>(m_playing.seed));
    connect(dialog, &QInputDialog::intValueSelected, this, [this](int seed) {
        engine::SimulationPlay play = m_playing;
        play.seed = static_cast<std::uint64_t>(seed);
        want(play);
    });
    dialog->open();
}

void SimulatorMenu::want(const engine::SimulationPlay& play)
{
    m_playing = play;
    showPlaying();
    Q_EMIT playRequested(play);
}

void SimulatorMenu::showPlaying()
{
    for (QAction* action : m_stories->actions())
        action->setChecked(action->data().toString() == toQString(m_playing.story));
    for (QAction* action : m_speeds->actions())
        action->setChecked(action->data().toInt() == m_playing.speed);
    m_seed->setText(tr("Seed %1…").arg(m_playing.seed));
    m_seed->setProperty(kFullTitle, tr("Simulator: seed %1…").arg(m_playing.seed));
}

QString storyTitle(const std::string& name)
{
    if (name == "first_start")
        return SimulatorMenu::tr("First start");
    if (name == "calm")
        return SimulatorMenu::tr("Calm");
    if (name == "black_friday")
        return SimulatorMenu::tr("Black Friday ramp");
    if (name == "meta_613")
        return SimulatorMenu::tr("Meta 613");
    if (name == "tiktok_token")
        return SimulatorMenu::tr("TikTok token expiry");
    if (name == "snap_schema")
        return SimulatorMenu::tr("Snap schema regression");
    if (name == "google_slow")
        return SimulatorMenu::tr("Google slow");
    if (name == "outage")
        return SimulatorMenu::tr("Platform outage, 5 min");
    if (name == "clock_skew")
        return SimulatorMenu::tr("Clock skew");
    if (name == "everything")
        return SimulatorMenu::tr("Everything at once");
    return toQString(name);
}

} // namespace ui

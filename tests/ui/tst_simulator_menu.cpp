#include "coach/simulator_menu.h"
#include "support/test_program.h"

#include <QAction>
#include <QSignalSpy>

namespace tst_simulator_menu {

using namespace ui;

class TestSimulatorMenu final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itShowsWhatPlays();
    void choosingAStoryKeepsSpeedAndSeed();
    void everyStoryHasATitle();
};

namespace {

const std::vector<std::string> kStories { "calm", "meta_613", "tiktok_token" };

QAction* find(const SimulatorMenu& menu, const char* name)
{
    return menu.findChild<QAction*>(QLatin1String(name));
}

} // namespace

void TestSimulatorMenu::itShowsWhatPlays()
{
    const SimulatorMenu menu(kStories, { .story = "meta_613", .speed = 5, .seed = 12 });
    QVERIFY(find(menu, "action_story_meta_613")->isChecked());
    QVERIFY(!find(menu, "action_story_calm")->isChecked());
    QVERIFY(find(menu, "action_speed5")->isChecked());
    QVERIFY(find(menu, "action_simulationSeed")->text().contains(QStringLiteral("12")));
}

void TestSimulatorMenu::choosingAStoryKeepsSpeedAndSeed()
{
    const SimulatorMenu menu(kStories, { .story = "calm", .speed = 5, .seed = 12 });
    engine::SimulationPlay wanted;
    connect(&menu, &SimulatorMenu::playRequested, this,
        [&wanted](const engine::SimulationPlay& play) { wanted = play; });
    find(menu, "action_story_meta_613")->trigger();
    QVERIFY(wanted == (engine::SimulationPlay { .story = "meta_613", .speed = 5, .seed = 12 }));
    find(menu, "action_speed1")->trigger();
    QVERIFY(wanted == (engine::SimulationPlay { .story = "meta_613", .speed = 1, .seed = 12 }));
    QVERIFY(find(menu, "action_speed1")->isChecked());
}

void TestSimulatorMenu::everyStoryHasATitle()
{
    for (const char* name : { "first_start", "calm", "black_friday", "meta_613", "tiktok_token",
             "snap_schema", "google_slow", "outage", "clock_skew", "everything" })
        QVERIFY(storyTitle(name) != QLatin1String(name));
}

SPILLWAY_TEST(TestSimulatorMenu)

} // namespace tst_simulator_menu

#include "tst_simulator_menu.moc"

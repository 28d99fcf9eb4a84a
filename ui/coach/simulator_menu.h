// The menu of the built-in simulator: which story plays, how fast, from which seed. GUI thread.
#pragma once

#include <engine/simulation_play.h>

#include <QMenu>

#include <vector>

class QActionGroup;

namespace ui {

// Shows what plays and tells what is wanted; the owner passes it on to the engine. Nobody else
// changes what plays, so what was wanted is what is shown.
class SimulatorMenu final : public QMenu {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SimulatorMenu)
public:
    SimulatorMenu(const std::vector<std::string>& stories, const engine::SimulationPlay& playing,
        QWidget* parent = nullptr);

Q_SIGNALS:
    void playRequested(const engine::SimulationPlay& play);

private:
    void addStories(const std::vector<std::string>& stories);
    void addSpeeds();
    void askSeed();
    void want(const engine::SimulationPlay& play);
    void showPlaying();

    engine::SimulationPlay m_playing;
    QActionGroup* m_stories;
    QActionGroup* m_speeds;
    QAction* m_seed { nullptr };
};

// "Meta 613". Names that are not known yet are shown as they are.
[[nodiscard]] QString storyTitle(const std::string& name);

} // namespace ui

// The story of states of one engine, followed once for all the charts that draw it, also while the
// pages they stand on are hidden. GUI thread only.
#pragma once

#include "charts/state_story.h"

#include <QObject>

namespace engine {
class EnginePort;
}

namespace ui {

class StoryKeeper final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StoryKeeper)
public:
    // The one of this engine; made when it is first asked for, and gone with the engine, which
    // outlives every page.
    [[nodiscard]] static const StoryKeeper& of(engine::EnginePort& engine);

    [[nodiscard]] const StateStory& story() const { return m_story; }

private:
    explicit StoryKeeper(engine::EnginePort& engine);

    StateStory m_story;
};

} // namespace ui

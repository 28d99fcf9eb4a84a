#include "charts/story_keeper.h"

#include <engine/engine_port.h>

namespace ui {

StoryKeeper::StoryKeeper(engine::EnginePort& engine)
    : QObject(&engine)
{
    m_story.take(*engine.snapshot());
    connect(&engine, &engine::EnginePort::snapshotPublished, this,
        [this](const engine::SnapshotPtr& snapshot) { m_story.take(*snapshot); });
}

const StoryKeeper& StoryKeeper::of(engine::EnginePort& engine)
{
    const auto* kept = engine.findChild<StoryKeeper*>({}, Qt::FindDirectChildrenOnly);
    return kept != nullptr ? *kept : *new StoryKeeper(engine); // a child of the engine
}

} // namespace ui

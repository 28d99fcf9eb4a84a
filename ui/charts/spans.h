// What held for a while, from what the engine flagged: a pause until its resume, a trial until its
// end, a replay job until it was done. Pure.
#pragma once

#include <engine/snapshot.h>

#include <vector>

namespace ui {

// The snapshot's annotations, each with its end where it has one: those that last get the time of
// the snapshot. A job whose start was not flagged (of an earlier run) is added. Oldest first.
[[nodiscard]] std::vector<engine::Annotation> withEnds(const engine::EngineSnapshot& snapshot);

} // namespace ui

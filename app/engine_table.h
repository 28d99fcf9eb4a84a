// A snapshot of the engine in this process as a table for a terminal.
#pragma once

#include <engine/snapshot.h>

#include <QString>

namespace app {

[[nodiscard]] QString engineTable(const engine::EngineSnapshot& snapshot);

} // namespace app

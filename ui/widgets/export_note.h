// What leaves the console as a file stands in the audit. GUI thread only.
#pragma once

#include <engine/engine_port.h>

#include <QString>

#include <cstdint>

namespace ui {

// Call it before the file appears: an export that is noted and failed does no harm, one that nobody
// knows of may. `what` are the engine's words ("dead letters"), like every target in the audit;
// `remark` says which of it, and is masked here.
void noteExport(
    engine::EnginePort& engine, const QString& what, std::int64_t rows, const QString& remark = {});

} // namespace ui

// Entries of a selection as they went before and as they would go now.
#pragma once

#include "core/config.h"
#include "store/replay_rows.h"

#include <engine/pages.h>

#include <string>

namespace engine::replay {

// `encoderNow`: the version that the destination would use; empty for one that is not configured.
[[nodiscard]] ReplaySample sampleOf(
    const Config& config, const store::SampleRow& row, const std::string& encoderNow, WallTime now);

} // namespace engine::replay

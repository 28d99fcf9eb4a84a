// How fast a replay will go and what it will cost, as far as the present says. Pure.
#pragma once

#include "core/config.h"
#include "replay/job_pacer.h"

#include <engine/pages.h>
#include <engine/snapshot.h>

#include <vector>

namespace engine::replay {

// What the shards of a job look like now.
[[nodiscard]] Surroundings look(const EngineSnapshot& snapshot, const std::vector<ShardId>& shards);

// Records a second of a job: its rate, else its share of what live traffic leaves of the ceilings.
[[nodiscard]] double paceOf(
    double sharePercent, const std::optional<double>& rate, const Surroundings& around);

// Adds to each shard how long it takes and which share of a quota of an hour or more it uses.
void addForecast(ReplayPreview& preview, const EngineSnapshot& snapshot, const Config& config);

} // namespace engine::replay

// A job as the window sees it. Pure.
#pragma once

#include "replay/job_pacer.h"
#include "store/replay_rows.h"

#include <engine/snapshot.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace engine::replay {

// A job that is being fed.
struct Running {
    JobPacer pacer;
    std::vector<ShardId> shards {};
    bool areShardsKnown { false }; // without them a job has no guards, and is not fed
    bool isFeeding { false }; // a step is on its way to the store
    Feed last {};
    Surroundings around {};
    std::deque<std::pair<SteadyTime, std::int64_t>> ended {}; // of the last 10 s
};

// `running`: nothing for one that is not.
[[nodiscard]] ReplayJobSnapshot toSnapshot(const store::ReplayJobRow& row, const Running* running);
[[nodiscard]] std::string rampText(int step);

} // namespace engine::replay

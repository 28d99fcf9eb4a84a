// What the room needs from the rest of the engine.
#pragma once

#include "core/config.h"
#include "store/reader.h"
#include "store/store.h"
#include "store/taken_rows.h"

#include <engine/snapshot.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace engine::replay {

struct ReplayPorts {
    store::Store* store { nullptr }; // outlives the room
    // Runs work in the room's thread; may be called from any thread.
    std::function<void(std::function<void()>)> post {};
    // Runs a read in a reader thread; the work itself posts its answer back. Always run, with an
    // error where nothing can be read.
    std::function<void(std::function<void(Result<store::Reader*>)>)> read {};
    // Destination → version of the encoder it would use now.
    std::function<std::map<std::string, std::string>()> encoders {};
    std::function<std::shared_ptr<const Config>()> config {};
    std::function<SnapshotPtr()> snapshot {};
    // Delivery sends nothing more of a job, or goes on with it; `done`, when there is one, runs in
    // the room's thread once that is in force.
    std::function<void(ReplayJobId, bool isHeld, std::function<void()> done)> holdJob {};
    // Delivery forgets rows that were taken out of their lanes.
    std::function<void(std::vector<store::TakenRows>)> taken {};
};

} // namespace engine::replay

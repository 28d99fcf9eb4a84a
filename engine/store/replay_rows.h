// What the store keeps of selections and replay jobs. Numbers are on disk: never change one.
#pragma once

#include "core/event.h"

#include <engine/ids.h>
#include <engine/snapshot.h>
#include <engine/time.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace engine::store {

// First match, in the order of design §10.
enum class Verdict : std::uint8_t {
    WillSend = 0,
    AlreadyAccepted = 1,
    Superseded = 2,
    PayloadGone = 3,
    TooOld = 4,
    SameError = 5,
    OutcomeUnknown = 6,
};

// Place of an entry in its selection, in the order in which a job feeds: oldest event first.
struct ItemKey {
    std::int64_t timeUs { std::numeric_limits<std::int64_t>::min() };
    std::int64_t shard { 0 };
    std::int64_t seq { 0 };
};

enum class JobState : std::uint8_t {
    Running = 0, // feeding, or waiting for what was fed
    Paused = 1,
    Finished = 2,
    Cancelled = 3,
    Stopped = 4, // by a guard; can be resumed
};

struct ReplayJobRow {
    ReplayJobId id {};
    SelectionId selection {};
    std::string title {};
    std::string who {};
    WallTime createdAt {};
    std::optional<WallTime> endedAt {};
    JobState state { JobState::Running };
    std::string reason {};
    std::optional<double> perSecond {};
    double sharePercent { 20 };
    bool isRamped { true };
    bool includeUnknown { false };
    bool includeSameError { false };
    ReplayGuards guards {};
    std::int64_t total { 0 }; // entries of the selection
    std::int64_t fed { 0 };
    std::int64_t skipped { 0 };
    std::int64_t accepted { 0 };
    std::int64_t failed { 0 };
    std::int64_t sameError { 0 }; // of the failed ones
    std::int64_t takenBack { 0 }; // of the fed ones, by a cancel
    bool isAllFed { false };
    [[nodiscard]] std::int64_t outstanding() const
    {
        return fed - accepted - failed - takenBack;
    } // waiting or in flight
    [[nodiscard]] bool isEnded() const
    {
        return state == JobState::Finished || state == JobState::Cancelled;
    }
};

// One entry of a selection, to show what would be sent.
struct SampleRow {
    ShardId shard {};
    StoredEventPtr event {};
    std::string record {}; // what was sent last; empty: nothing, or it is not kept
    std::string encoder {};
};

} // namespace engine::store

// What delivery knows of one shard at one moment; the snapshot is made of it and of what the
// signals measured. A value; any thread.
#pragma once

#include <engine/ids.h>
#include <engine/outcome.h>
#include <engine/snapshot.h>
#include <engine/time.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace engine::delivery {

struct ShardReading {
    ShardId shard {};
    ShardKey key {};
    std::string platform {};
    Priority priority { Priority::Normal };
    bool isOrphaned { false };
    std::string encoder {}; // adapter version and mapping hash, as dead letters record it

    std::int64_t queueDepth { 0 }; // live + retry, not in flight
    std::array<std::int64_t, kLanes> laneDepth {};
    std::int64_t recordsInFlight { 0 };
    int inFlight { 0 }; // requests, until their outcome is committed
    Millis consumerLag { 0 };
    std::optional<WallTime> earliestExpiry {}; // of what is in memory, which is what goes first
    std::optional<Millis> acceptWindow {};
    bool isAcceptWindowAdvisory { true };
    std::optional<WallTime> lastSuccess {};
    std::int64_t dlqCount { 0 };

    Desired desired { Desired::Running };
    std::optional<WallTime> pauseUntil {};
    PauseCause pauseCause { PauseCause::Operator };
    std::string pauseNote {};
    std::string pauseWho {};
    BreakerState breaker { BreakerState::Closed };
    CredentialState credential { CredentialState::Ok };
    std::optional<Millis> retryAfterLeft {};
    bool isRetryAfter { false };
    std::vector<Hold> holds {};

    TuningValue concurrency {};
    TuningValue rate {}; // now: 0 when nothing limits it
    TuningValue batch {};

    bool areAnswersUnreadable { false };
    std::int64_t attemptsSinceAccepted { 0 }; // requests in a row without an accepted record
    LateWord lateWord {};

    // Sets the fields of `snapshot` that are named alike.
    void applyTo(ShardSnapshot& snapshot) const;
};

} // namespace engine::delivery

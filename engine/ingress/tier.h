// How much a workspace may send: a token bucket over accepted events, and the cap of its month.
// Pure.
#pragma once

#include "core/config.h"

#include <engine/time.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace engine::ingress {

struct TierOptions {
    double rate { 100 }; // events per second, > 0
    std::int64_t burst { 1'000 };
};

// Capacity `burst`, refilled at `rate`, and it may go into debt: a deferred event takes its token
// from the future, so that what is deferred leaves at the tier's rate and in order. Kept as one
// instant, at which the bucket would be full: nothing to round and nothing to drift.
class TierBucket {
public:
    explicit TierBucket(TierOptions options);

    // A new rate keeps the tokens that are missing, not the time they would take.
    void change(TierOptions options, SteadyTime now);

    // How long each of `count` events has to wait for its token, in order; 0 when it is there.
    // Takes them all.
    [[nodiscard]] std::vector<std::chrono::nanoseconds> take(std::int64_t count, SteadyTime now);
    // All or none: how long until `count` tokens are there, 0 when they are taken. More than a full
    // bucket holds pass when it is full, and leave it in debt: otherwise they never could.
    [[nodiscard]] std::chrono::nanoseconds tryTake(std::int64_t count, SteadyTime now);
    // An earlier run promised tokens up to this moment: the next one comes after it.
    void owe(SteadyTime lastToken, SteadyTime now);
    // Of events that turned out to be duplicates, or were not stored.
    void giveBack(std::int64_t count);

private:
    [[nodiscard]] std::chrono::nanoseconds costOf(std::int64_t count) const;

    TierOptions m_options;
    SteadyTime m_fullAt {};
};

[[nodiscard]] int monthOf(WallTime time); // UTC: 202611
[[nodiscard]] WallTime nextMonth(WallTime time); // its first instant

} // namespace engine::ingress

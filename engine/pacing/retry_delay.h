// How long a delivery waits after a failure.
#pragma once

#include "core/contract.h"

#include <engine/time.h>

namespace engine::pacing {

// min(base × 2^(failures−1), cap) × (1 + jitter × u01), for failures ≥ 1 and u01 in [0, 1).
// Requirement E1: 1, 2, 4 … 128 s with the defaults, never shorter than that.
[[nodiscard]] Micros retryDelay(const RetryPolicy& policy, int failures, double u01);

// The failure that makes a dead letter at once, without a wait.
[[nodiscard]] inline bool isLastFailure(const RetryPolicy& policy, int failures)
{
    return failures >= policy.attempts;
}

} // namespace engine::pacing

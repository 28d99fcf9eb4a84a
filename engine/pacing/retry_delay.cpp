#include "pacing/retry_delay.h"

#include <algorithm>
#include <cmath>

namespace engine::pacing {

Micros retryDelay(const RetryPolicy& policy, int failures, double u01)
{
    // Doubling stops at the cap, so a large number of failures cannot overflow.
    Micros wait = policy.base;
    const Micros cap = policy.cap;
    for (int n = 1; n < failures && wait < cap; ++n)
        wait *= 2;
    wait = std::min(wait, cap);
    const double jitter = policy.jitter * std::clamp(u01, 0.0, 1.0);
    return wait + Micros { std::llround(static_cast<double>(wait.count()) * jitter) };
}

} // namespace engine::pacing

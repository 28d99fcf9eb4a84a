// The x-ratelimit-… headers by which some platforms say how much of a quota is left. Pure; any
// thread.
#pragma once

#include "platforms/adapter.h"

#include <string_view>
#include <vector>

namespace engine::platforms {

// `60, 100;w=1;name="safety_net", 60;w=60;name="org"`: what binds just now, and the windows it is
// chosen from. A plain number has no windows.
struct QuotaLimit {
    std::int64_t amount { 0 };
    struct Window {
        std::int64_t amount { 0 };
        Seconds length { 0 };
    };
    std::vector<Window> windows {};
};
[[nodiscard]] std::optional<QuotaLimit> parseQuotaLimit(std::string_view text);

// x-ratelimit-limit (or -used, which is what is gone), x-ratelimit-remaining and x-ratelimit-reset
// in seconds from now, added to what `hint` says already. A throttle without a Retry-After waits
// for the reset. Without a reset the window of the binding limit stands in for it.
void addQuota(const HttpAnswer& answer, bool isThrottled, ThrottleHint& hint);

} // namespace engine::platforms

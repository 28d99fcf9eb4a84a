// What ingress remembers of one workspace while it runs: its tier and its counters. Kept over
// reloads.
#pragma once

#include "core/config.h"
#include "ingress/tier.h"

#include <engine/snapshot.h>

#include <array>
#include <atomic>
#include <deque>
#include <string>
#include <vector>

namespace engine::ingress {

// Accepted events of one UTC month, month and count in one word, so that a batch of the old month
// that ends after the new one began is not counted in it. Any thread.
class MonthCount {
public:
    explicit MonthCount(int month = 0, std::int64_t count = 0)
        : m_word(pack(month, count))
    {
    }
    // Starts a new month at 0; the count after the addition. `count` of another month than the one
    // that runs is ignored, unless it is a later one.
    std::int64_t add(int month, std::int64_t count);
    [[nodiscard]] std::int64_t of(int month) const;

private:
    // 24 bits of month (202611), 40 of count: a million million events a month.
    static std::uint64_t pack(int month, std::int64_t count)
    {
        return (static_cast<std::uint64_t>(month) << 40U) | static_cast<std::uint64_t>(count);
    }
    std::atomic<std::uint64_t> m_word;
};

// Answers other than 202, by status. Any thread.
class StatusCounts {
public:
    void count(int status);
    [[nodiscard]] std::vector<std::pair<int, std::int64_t>> all() const;

private:
    static constexpr std::array kStatuses { 400, 401, 404, 405, 413, 415, 422, 429, 500, 503 };
    std::array<std::atomic<std::int64_t>, kStatuses.size() + 1> m_counts {}; // last: any other
};

struct Admission {
    // Empty waits and a reason: refused with 429 and this Retry-After.
    std::string refusal {};
    Seconds retryAfter { 0 };
    std::vector<std::chrono::nanoseconds> waits {}; // per event; over 0: deferred for so long
};

struct AdmissionRequest {
    std::int64_t events { 0 };
    WallTime wallNow {};
    SteadyTime now {};
};

class WorkspaceState {
public:
    WorkspaceState(const WorkspaceConfig& config, int monthNow, std::int64_t acceptedInMonth);

    // Takes tokens and counts the events into their month. Ingress thread. `config` is the one in
    // force: a changed tier is taken over here.
    [[nodiscard]] Admission admit(const WorkspaceConfig& config, const AdmissionRequest& request);
    // Before the first admission: the last release that an earlier run gave to an event of this
    // workspace.
    void deferredBefore(WallTime lastRelease, WallTime wallNow, SteadyTime now);
    // What was admitted and did not become a new event: duplicates, or a commit that failed. Any
    // thread; the bucket hears of it at the next admission.
    void giveBack(std::int64_t events, WallTime admittedAt);

    // Counters; any thread.
    std::atomic<std::int64_t> accepted { 0 };
    std::atomic<std::int64_t> duplicates { 0 };
    std::atomic<std::int64_t> duplicatesDiffering { 0 };
    std::atomic<std::int64_t> deferred { 0 };
    StatusCounts refused {};
    MonthCount month;

private:
    WorkspaceConfig m_config; // ingress thread
    TierBucket m_bucket; // ingress thread
    std::atomic<std::int64_t> m_returned { 0 };
};

// Mean growth of a counter over the last 30 s, from the moments at which it was looked at.
class RateMeter {
public:
    [[nodiscard]] double perSecond(std::int64_t total, SteadyTime now);

private:
    static constexpr Seconds kWindow { 30 };
    static constexpr std::size_t kSamplesMax = 256; // looked at more often, it forgets sooner
    std::deque<std::pair<SteadyTime, std::int64_t>> m_samples {};
};

} // namespace engine::ingress

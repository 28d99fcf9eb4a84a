// What a platform allows, and how we retry. Values from a contract file (resources/platforms),
// possibly overridden by the configuration. Counts are records ("events") or HTTP requests, as
// `unit` says.
#pragma once

#include <engine/ceiling_source.h>
#include <engine/time.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace engine {

enum class LimitUnit : std::uint8_t { Events, Requests };
enum class LimitKind : std::uint8_t {
    Rolling, // never more than amount in any period, however it is laid
    Bucket, // capacity burst, refill amount ÷ period
    Fixed, // windows aligned to UTC midnight in steps of period (a day, usually)
    Header, // amount and period until the platform's quota headers say otherwise
};
enum class LimitScope : std::uint8_t { Account, Credential, Destination };

struct Limit {
    LimitUnit unit { LimitUnit::Requests };
    std::int64_t amount { 0 }; // 0 only with kind Header: no starting value known
    Millis period { 0 };
    LimitKind kind { LimitKind::Rolling };
    LimitScope scope { LimitScope::Account };
    std::int64_t burst { 0 }; // what may go back to back, in `unit`; 0 = one batch
    bool isEnabled { true };
    // Limits of the same shape and scope are one limit, unless they carry different names here: two
    // ways into a platform that count apart.
    std::string pool {};
    CeilingSource source { CeilingSource::Configured };
    friend bool operator==(const Limit&, const Limit&) = default;
};

// Wait after the n-th failure: min(base × 2^(n−1), cap) × (1 + jitter × U[0,1)). The attempts-th
// failure is a dead letter.
struct RetryPolicy {
    int attempts { 8 }; // sends, the first included
    Millis base { 1'000 };
    Millis cap { 128'000 };
    double jitter { 0.25 }; // adds up to this share, never shortens
    friend bool operator==(const RetryPolicy&, const RetryPolicy&) = default;
};

struct BreakerPolicy {
    bool isEnabled { true };
    Millis silence { 60'000 }; // without an accepted record …
    int failures { 20 }; // … and this many transient or unknown requests in a row
    Millis probeFirst { 5'000 };
    Millis probeMax { 60'000 };
    friend bool operator==(const BreakerPolicy&, const BreakerPolicy&) = default;
};

// Shares of live, retry and replay + import while all have work. They need not add up to 100.
struct LaneShares {
    int live { 70 };
    int retry { 20 };
    int replay { 10 };
    friend bool operator==(const LaneShares&, const LaneShares&) = default;
};

struct Contract {
    std::vector<Limit> limits {};
    int concurrency { 4 }; // requests in flight per shard, or in all shards of:
    // Whose requests in flight the platform counts together. Absent: it does not say, and no shard
    // waits for the places of another, which may hang.
    std::optional<LimitScope> concurrencyScope {};
    CeilingSource concurrencySource { CeilingSource::Unknown };
    std::int64_t batchRecords { 1 };
    CeilingSource batchSource { CeilingSource::Unknown };
    std::int64_t batchBytes { 1'048'576 };
    std::optional<std::int64_t> recordBytes {};
    Millis timeout { 20'000 }; // send to last byte
    Millis connectTimeout { 10'000 };
    RetryPolicy retry {};
    std::optional<Seconds> acceptedAge {};
    bool isAgeEnforced { false }; // only where the number is documented, or enforce_age = true
    std::optional<Seconds> futureSkew {};
    std::string dedupField {}; // empty: the platform does not dedup
    std::optional<Seconds> dedupWindow {}; // absent with a dedupField: for ever
    Millis cooldownMin { 1'000 }; // after a throttle without a hint
    Millis cooldownMax { 60'000 };
    // Throttled for so long without a hint: the day's quota must be used up, so the hold lasts to
    // midnight UTC. Absent: the platform has no unannounced daily quota.
    std::optional<Millis> cooldownDayAfter {};
    // A redirect to one of these domains or below is followed, paced like any request; empty: a
    // redirect is a mistake in the configuration.
    std::vector<std::string> redirectDomains {};
    friend bool operator==(const Contract&, const Contract&) = default;
};

// The largest batch that can pass: batchRecords cut to the smallest enabled `events` limit.
[[nodiscard]] std::int64_t largestBatch(const Contract& contract, std::int64_t wanted);
// Which of the two numbers says so.
[[nodiscard]] CeilingSource largestBatchSource(const Contract& contract);

[[nodiscard]] const char* toString(LimitUnit unit);
[[nodiscard]] const char* toString(LimitKind kind);
[[nodiscard]] const char* toString(LimitScope scope);

} // namespace engine

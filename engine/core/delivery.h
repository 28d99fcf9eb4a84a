// What passes between the delivery loop and the store. Every write is a value with a reply that
// runs after its commit.
#pragma once

#include "core/event.h"

#include <engine/ids.h>
#include <engine/outcome.h>
#include <engine/result.h>
#include <engine/snapshot.h>
#include <engine/time.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

// Where a waiting delivery lies. Inside a lane deliveries come in order of (rank, seq):
// live and import: expiry at the platform when enforced, else received_at; retry: due time; replay:
// event_time; deferred: release time. Rank is microseconds of that time.
struct DeliveryKey {
    Lane lane { Lane::Live };
    std::int64_t rank { 0 };
    EventSeq seq {};
    friend auto operator<=>(const DeliveryKey&, const DeliveryKey&) = default;
};

struct QueuedDelivery {
    DeliveryKey key {};
    ShardKey shard {};
    int attempts { 0 }; // spent so far
    bool wasPickedUp { false };
    WallTime dueAt {};
    std::optional<WallTime> expiresAt {};
    // Of the first send whose outcome was unknown (also: was in flight when a run ended): only that
    // one may have been processed, so the dedup window counts from it. Absent: no earlier send can
    // have reached the platform's records.
    std::optional<WallTime> firstSentAt {};
    std::optional<ReplayJobId> job {};
    // Present: it overwrites what the platform knows of this person (a hash of the key).
    std::optional<std::int64_t> person {};
    // When the row was read, an earlier record of this person waited: this one may not go, and
    // comes without its event. Rows of a replay hold only those of the same job, because what a
    // later record replaced is not sent at all.
    bool isBehind { false };
    StoredEventPtr event {};
};

// What waits of one person in one shard.
struct PersonRows {
    std::vector<QueuedDelivery> first {}; // those that nothing earlier holds
    bool isMoreBehind { false };
};

// What a shard's in-memory limiters are rebuilt from at start.
struct SentRequest {
    WallTime sentAt {};
    std::optional<WallTime> endedAt {}; // absent: was in flight when the last run ended
    std::int64_t records { 0 };
    std::string host {};
};
// In place of a limit's name, which always has a '|' in it. On disk: never change.
inline constexpr std::string_view kPaceOfRate = "rate"; // that throttles taught
inline constexpr std::string_view kPaceOfBreaker = "breaker"; // that is open
// What a platform taught about pace and what outlives a restart: the hold after a throttle, what a
// quota header left, the learned rate, an open breaker. Kept with the shard whose answer told it.
struct PaceRecord {
    ShardKey shard {};
    std::string host {}; // what was said there counts there
    std::string limit {}; // name of a header limit, or one of those above; empty: the hold
    WallTime readAt {};
    WallTime until {}; // says nothing from then on; ≤ readAt: it is over
    // A quota's.
    std::int64_t remaining { 0 }; // at readAt, what was in flight taken off
    std::optional<std::int64_t> amount {};
    Millis window { 0 }; // of the rate: how long it rests after readAt; of the breaker: its wait
    // A hold's.
    int doublings { 0 };
    bool isRetryAfter { false };
    bool wasCut { false };
    // The rate's, in requests per second.
    double peak { 0 };
    double floor { 0 };
    double learned { 0 }; // what was refused; 0: only a usage header slowed it down
    std::optional<WallTime> learnedAt {};
    friend bool operator==(const PaceRecord&, const PaceRecord&) = default;
};
struct ShardRecord {
    ShardKey key {};
    ShardId id {};
    std::array<std::int64_t, kLanes> waiting {}; // rows per lane, in flight included
    std::int64_t deadLetters { 0 };
    Desired desired { Desired::Running };
    std::optional<WallTime> pauseUntil {};
    PauseCause pauseCause { PauseCause::Operator };
    std::string pauseNote {};
    std::string pauseWho {};
    std::optional<WallTime> lastSuccess {};
    std::vector<PaceRecord> pace {};
};

// Sent to delivery after the commit that made it true.
struct Arrivals {
    ShardKey shard {};
    ShardId id {};
    Lane lane { Lane::Live };
    std::int64_t count { 0 };
    DeliveryKey first {}; // smallest key among them
    WallTime oldestReceivedAt {};
};

// Before a request is sent: counts the attempt, so that a delivery that kills the process ends in
// the DLQ. One that kills it before, while its record is made, is known by
// DeliveryStore::encoding().
struct DispatchMark {
    RequestId request {}; // from DeliveryStore::nextRequestId()
    ShardKey shard {};
    WallTime at {};
    std::string host {}; // scope of account limits, kept for the rebuild
    std::vector<DeliveryKey> items {};
};

// Where one delivery of a request goes next.
enum class Next : std::uint8_t {
    Done, // accepted
    Retry, // into lane retry at dueAt, the attempt stays spent
    Back, // stays where it was (same key), the attempt is given back
    BackRetry, // into lane retry at dueAt, the attempt is given back (bisection)
    Dead, // dead letter
    Superseded, // not sent: a later record of its person was accepted. Its dead letter waits again
};
struct ItemResult {
    DeliveryKey key {};
    Outcome outcome { Outcome::Accepted };
    Next next { Next::Done };
    WallTime dueAt {}; // Retry, BackRetry
    int attempts { 0 }; // spent after this
    std::string code {}; // platform's code, may be empty
    std::string message {}; // platform's words or ours, at most 512 bytes
    std::string fingerprint {}; // Dead: readable, see core/fingerprint.h
    std::string record {}; // Dead: this delivery's part of the body, at most 64 KiB
    std::string personKey {}; // Done: whose record at the platform this one overwrote; or empty
    std::optional<ReplayJobId> job {};
};
struct RequestResult {
    RequestId
        request {}; // 0: nothing was sent (refused before sending); items then all Dead or Back
    ShardKey shard {};
    WallTime sentAt {};
    WallTime endedAt {};
    Outcome outcome { Outcome::Accepted }; // of the request as a whole
    int httpStatus { 0 };
    Micros latency { 0 };
    std::string
        requestHead {}; // method, URL, headers, secrets redacted; kept only when something failed
    std::string response {}; // first 64 KiB; kept only when something failed
    std::int64_t responseBytes { 0 };
    std::string encoder {};
    std::vector<ItemResult> items {};
    std::vector<PaceRecord> pace {}; // replaces what was kept of the same limits
};

// The store as the delivery loop sees it. fetch() and the other reads are synchronous, on a
// read-only connection of the calling thread; writes return at once, group-commit, and reply
// through `post` given at construction, that is in the delivery thread, in the order of the calls.
// A failed commit replies with an error and nothing of it is on disk.
class DeliveryStore {
public:
    DeliveryStore() = default;
    DeliveryStore(const DeliveryStore&) = delete;
    DeliveryStore& operator=(const DeliveryStore&) = delete;
    virtual ~DeliveryStore() = default;

    [[nodiscard]] virtual Result<std::vector<ShardRecord>> shards() = 0;
    // Requests whose answer came (or which were sent) at or after `from`, oldest first; for the
    // rebuild of windows.
    [[nodiscard]] virtual Result<std::vector<SentRequest>> sentSince(ShardKey shard, WallTime from)
        = 0;
    // Rows of one lane after a key (or from the start), in key order, in flight ones included: the
    // caller knows those.
    [[nodiscard]] virtual Result<std::vector<QueuedDelivery>> fetch(
        ShardKey shard, Lane lane, std::optional<DeliveryKey> after, int rowsMax)
        = 0;
    [[nodiscard]] virtual Result<PersonRows> fetchPerson(ShardKey shard, std::int64_t person) = 0;
    // A later record of this person was accepted there.
    [[nodiscard]] virtual Result<bool> isSuperseded(
        ShardKey shard, std::int64_t person, EventSeq seq)
        = 0;
    // In the shard's queue of dead letters now: archived and replayed ones have left it, whoever
    // moved them. From memory, in any thread.
    [[nodiscard]] virtual std::int64_t deadLetters(ShardKey shard) const = 0;
    // received_at of the oldest live delivery that was never picked up.
    [[nodiscard]] virtual Result<std::optional<WallTime>> oldestNeverPickedUp(ShardKey shard) = 0;
    [[nodiscard]] virtual RequestId nextRequestId() = 0;

    // The delivery whose record is made now, and null after it. Costs next to nothing.
    virtual void encoding(ShardKey shard, const DeliveryKey* key) = 0;

    using Committed = std::function<void(Status)>;
    virtual void markDispatched(DispatchMark mark, Committed reply) = 0;
    virtual void record(RequestResult result, Committed reply) = 0;
    // Tier-deferred rows whose release time has come become live; replies with how many. `due` is
    // Clock::dueAt().
    virtual void releaseDeferred(
        ShardKey shard, WallTime due, std::function<void(Result<std::int64_t>)> reply)
        = 0;
    virtual void setDesired(ShardId target, Desired desired, std::optional<WallTime> until,
        PauseCause cause, std::string who, std::string note, Committed reply)
        = 0;
};

} // namespace engine

// What the engine publishes once a second and on change (at most four a second): an immutable
// picture that the window, the control API and the metrics page all read. Values only; any thread
// may hold one. The meaning of each signal is design §9.
#pragma once

#include <engine/ceiling_source.h>
#include <engine/ids.h>
#include <engine/outcome.h>
#include <engine/safety.h>
#include <engine/thresholds.h>
#include <engine/time.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace engine {

// console-design §5, first match wins. Order = the order of the rules, not of the display.
enum class ShardState : std::uint8_t {
    NoData,
    AuthFailed,
    Draining,
    Paused,
    Tripped,
    Failing,
    Throttled,
    Degraded,
    Recovering,
    Backlogged,
    RetriesPaused,
    Idle,
    Healthy,
};
[[nodiscard]] const char* toString(ShardState state); // "auth_failed", …

enum class Desired : std::uint8_t { Running = 0, Paused = 1, RetriesPaused = 2 };
enum class PauseCause : std::uint8_t { Operator = 0, Schedule = 1, Engine = 2 };
enum class BreakerState : std::uint8_t { Closed, Open, HalfOpen };
enum class CredentialState : std::uint8_t { Ok, Rejected, ConfigRefused };
[[nodiscard]] const char* toString(Desired desired);
[[nodiscard]] const char* toString(PauseCause cause);
[[nodiscard]] const char* toString(BreakerState state);
[[nodiscard]] const char* toString(CredentialState state);

// One control of the tuning panel. Rate is in requests per second, decimals allowed; absent = no
// cap.
struct TuningValue {
    double now { 0 }; // in force this moment (adaptive control included)
    double configured { 0 }; // from the file or the contract
    std::optional<double> overridden {}; // by an operator, live; kept in the store
    std::optional<double> ceiling {};
    CeilingSource ceilingSource { CeilingSource::Unknown };
    // Of a learned one: since when it is so, and from what, as the platform names it: the code of a
    // refusal ("613"), a header. Absent and empty: not known, or not learned.
    std::optional<WallTime> ceilingLearnedAt {};
    std::string ceilingLearnedFrom {};
    friend bool operator==(const TuningValue&, const TuningValue&) = default;
};

// A tuning that goes back by itself, and to what: the live values of before; absent = as
// configured.
struct TuningTrial {
    WallTime until {};
    std::optional<int> concurrency {};
    std::optional<double> rate {};
    std::optional<int> batch {};
    std::string who {};
    friend bool operator==(const TuningTrial&, const TuningTrial&) = default;
};

// Some platforms take a request whole and find out later what is wrong with single records
// (Google's Data Manager). What they say then counts records and names none.
struct LateWord {
    std::int64_t waiting { 0 }; // requests that are asked after; not kept over a restart
    std::int64_t refusedTotal { 0 }; // records, since the engine started
    std::int64_t lostTotal {
        0
    }; // requests of which nobody will know more, since the engine started
    friend bool operator==(const LateWord&, const LateWord&) = default;
};

// A gate that holds the shard now. `until` absent = until something else happens (operator,
// credential).
struct Hold {
    enum class Gate : std::uint8_t {
        Paused,
        Credential,
        Configuration,
        Breaker,
        Throttle,
        Window,
        Quota,
        Rate,
        Concurrency,
        Backoff,
        NotConfigured,
        Store,
    };
    Gate gate { Gate::Window };
    std::optional<WallTime> until {};
    std::string reason {}; // plain words, may name the platform's message; no secrets
    friend bool operator==(const Hold&, const Hold&) = default;
};
[[nodiscard]] const char* toString(Hold::Gate gate);

// Upper bounds of the histograms on the metrics page, in seconds; one more count for what is above.
inline constexpr std::array<double, 13> kLatencyBounds { 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
    1, 2.5, 5, 10, 20, 60 };
inline constexpr std::array<double, 13> kPickupBounds { 0.01, 0.05, 0.25, 1, 5, 15, 60, 300, 900,
    3'600, 14'400, 43'200, 86'400 };
struct HistogramTotals { // since the engine started; not cumulative over the buckets
    std::array<std::int64_t, 14> counts {};
    double sumSeconds { 0 };
    friend bool operator==(const HistogramTotals&, const HistogramTotals&) = default;
};

// Signals and state of one shard, or of one destination (then `shard.account` is empty; design §9
// says how it is merged). An absent optional means "too few samples", never 0.
struct ShardSnapshot {
    ShardId shard {};
    std::string platform {};
    Priority priority { Priority::Normal };
    bool isOrphaned { false }; // deliveries wait, but the destination is not in the configuration

    std::int64_t queueDepth { 0 }; // live + retry, held or not, not in flight
    std::array<std::int64_t, kLanes> laneDepth {};
    Millis consumerLag { 0 };
    std::optional<Millis> latencyP50 {};
    std::optional<Millis> latencyP95 {};
    std::optional<Millis> latencyMedian {}; // of p95 over 24 h; absent below 1 h of history
    std::optional<double> errorRatio {}; // 0…1 of the records that got an outcome in 60 s
    std::array<double, kOutcomes> outcomeRatio {}; // share per outcome of the same records
    std::array<double, kErrorForms> errorFormRatio {};
    std::optional<double> throttleRatio {}; // of requests
    double dlqGrowthPerMinute { 0 };
    double dlqDrainPerMinute { 0 };
    std::optional<double> partialFailureRatio {}; // of accepted batches, 5 min
    double inPerSecond { 0 }; // 30 s mean
    double outPerSecond { 0 };
    int inFlight { 0 }; // requests
    double workersBusyRatio { 0 };
    double batchFillRatio { 0 };
    std::optional<Millis> oldestEventAge {};
    std::optional<Millis> acceptWindow {};
    bool isAcceptWindowAdvisory { true };
    std::optional<WallTime> lastSuccess {};
    std::int64_t dlqCount { 0 };
    std::string dlqTopFingerprint {};
    double dlqTopShare { 0 };

    ShardState state { ShardState::Idle };
    WallTime stateSince {};
    std::vector<ShardState> also {};
    bool isLagCritical { false }; // Backlogged is urgent then
    Desired desired { Desired::Running };
    std::optional<WallTime> pauseUntil {};
    PauseCause pauseCause { PauseCause::Operator };
    std::string pauseNote {};
    BreakerState breaker { BreakerState::Closed };
    CredentialState credential { CredentialState::Ok };
    // Of the hold after a throttle, whoever named its end; see isRetryAfter.
    std::optional<Millis> retryAfterLeft {};
    bool isRetryAfter { false }; // the platform named it; else it is our own cool-down
    // Three answers in a row could not be read: something else than the platform answers there, or
    // it has changed. Makes the shard degraded.
    bool areAnswersUnreadable { false };
    std::vector<Hold> holds {};

    TuningValue concurrency {};
    TuningValue rate {};
    TuningValue batch {};
    std::optional<TuningTrial> trial {};
    std::optional<Seconds> drainEta {}; // absent = not draining, or nothing waits
    double depthSlopePerSecond { 0 }; // least squares, 120 s
    double lagSlope { 0 }; // seconds per second

    // Totals since the engine started, for the metrics page.
    std::array<std::int64_t, kOutcomes> recordsTotal {};
    std::array<std::int64_t, kOutcomes> requestsTotal {};
    std::int64_t dlqAddedTotal { 0 };
    std::int64_t dlqRemovedTotal { 0 };
    HistogramTotals latencyTotals {}; // bounds kLatencyBounds
    HistogramTotals pickupTotals {}; // bounds kPickupBounds
    LateWord lateWord {};
};

struct DestinationSnapshot {
    std::string name {};
    std::string platform {};
    ShardSnapshot total {}; // account empty; state = the worst of its shards
    std::int64_t unroutedTotal {
        0
    }; // accepted, no delivery here, by design (design §10); reasons in `unrouted`
    std::vector<std::pair<std::string, std::int64_t>> unrouted {}; // reason → count, since start
    int shards { 0 };
    int shardsInTrouble { 0 };
};

struct IngressSnapshot {
    std::string workspace {}; // empty: requests that no workspace could be told for
    double acceptedPerSecond { 0 }; // 30 s mean
    std::int64_t acceptedTotal { 0 };
    std::int64_t duplicatesTotal { 0 };
    std::int64_t duplicatesDifferingTotal { 0 }; // same id, other content
    std::int64_t deferredTotal { 0 };
    std::int64_t monthAccepted { 0 };
    std::optional<std::int64_t> monthCap {};
    std::vector<std::pair<int, std::int64_t>> refusedByStatus {}; // HTTP status → requests
    // Reason → events that went to no destination, or not to one of them, for it.
    std::vector<std::pair<std::string, std::int64_t>> unrouted {};

    // Of this UTC month, accepted and delivered all the same.
    [[nodiscard]] std::int64_t overCap() const
    {
        return monthCap ? std::max<std::int64_t>(monthAccepted - *monthCap, 0) : 0;
    }
};

// What stops a replay, and what makes it wait (console-design §7.5). Always on; an operator may set
// them tighter or looser for one job.
struct ReplayGuards {
    double errorStop { 0.05 }; // share of the last 200 that ended: stops the job
    double throttleHold { 0.01 }; // share of requests throttled on any shard of the job
    Seconds liveLagHold { 30 };
    friend bool operator==(const ReplayGuards&, const ReplayGuards&) = default;
};

// One line of what a replay job went through.
struct ReplayJobEvent {
    WallTime at {};
    std::string text {};
    friend bool operator==(const ReplayJobEvent&, const ReplayJobEvent&) = default;
};

struct ReplayJobSnapshot {
    ReplayJobId id {};
    SelectionId selection {};
    std::string title {}; // scope in words
    std::string state {}; // "running", "paused", "holding", "finished", "cancelled", "failed"
    std::string reason {}; // of a hold or a stop
    std::int64_t total { 0 };
    std::int64_t accepted { 0 };
    std::int64_t failed { 0 };
    std::int64_t skipped { 0 };
    std::int64_t cancelled { 0 };
    std::int64_t takenBack { 0 }; // of the cancelled ones, out of the lane again
    std::int64_t sameError { 0 }; // of the failed ones, with the error they had before
    // Dead letters of its shards that came after the selection was frozen; counted up to 10,000.
    std::int64_t newSinceCutoff { 0 };
    std::string who {};
    WallTime createdAt {};
    std::optional<WallTime> endedAt {};
    std::optional<Seconds> eta {};
    double perSecond { 0 }; // the pace in force
    double actualPerSecond { 0 }; // records that ended, mean of the last 10 s
    double sharePercent { 20 };
    std::optional<double> rate {};
    int rampStep { 3 }; // 0…3; 3: full pace
    ReplayGuards guards {}; // in force
    // What they look at. errorRatio: of the last 200 that ended, absent below 20.
    std::optional<double> errorRatio {};
    double throttleRatio { 0 };
    Seconds liveLag { 0 };
    std::vector<ReplayJobEvent> log {}; // newest last, at most 50
    [[nodiscard]] std::int64_t left() const
    {
        return total - accepted - failed - skipped - cancelled;
    }
};

struct StoreSnapshot {
    std::int64_t journalBytes { 0 };
    std::int64_t diskFreeBytes { 0 };
    std::int64_t diskTotalBytes { 0 };
    std::int64_t reusableBytes { 0 }; // in the journal's file, freed by retention
    bool canCommit { true };
    bool isIngressStopped { false }; // disk floor reached: ingress answers 503
    std::string problem {};
    std::int64_t events { 0 }; // kept in the journal
    std::int64_t waiting { 0 };
    std::int64_t deadLetters { 0 };
    std::int64_t removedByRetentionTotal { 0 };
    std::int64_t unknownAtStart { 0 }; // requests in flight when the last run ended
};

// How long the configuration keeps what.
struct RetentionFacts {
    Seconds events { 0 };
    Seconds archived { 0 };
    Seconds audit { 0 };
    Seconds dedup { 0 };
    std::int64_t bytesMax { 0 }; // of the journal; 0: no limit
};

// Sale mode: a configured [[sale_window]] is open, or an operator has switched it.
struct SaleMode {
    enum class Cause : std::uint8_t { None, Window, Operator };
    bool isOn { false };
    Cause cause { Cause::None };
    std::optional<WallTime> until {}; // then it changes by itself; absent: not by itself
    std::optional<WallTime> nextWindow {}; // beginning of the next configured one
    std::string who {}; // Cause::Operator
    friend bool operator==(const SaleMode&, const SaleMode&) = default;
};
[[nodiscard]] const char* toString(SaleMode::Cause cause); // "none", "window", "operator"

// Something that happened and that a chart or the feed shows.
struct Annotation {
    enum class Kind : std::uint8_t { Action, Pause, Resume, Tune, Replay, State };
    Kind kind { Kind::Action };
    WallTime at {};
    std::optional<WallTime> until {};
    ShardId shard {}; // destination empty: everything
    std::string text {};
    friend bool operator==(const Annotation&, const Annotation&) = default;
};

struct EngineSnapshot {
    std::uint64_t number { 0 };
    WallTime takenAt {};
    SteadyTime takenAtSteady {};
    std::string profile { "SIMULATOR" };
    std::string profileKind { "simulator" }; // live | practice | simulator
    SafetyLevel safety { SafetyLevel::Standard };
    bool isAboveCeilingAllowed { true };
    Thresholds thresholds {}; // in force
    Thresholds thresholdsConfigured {}; // without what operators changed live
    RetentionFacts retention {};
    std::string ingressUrl {};
    std::string controlUrl {};
    std::vector<ShardSnapshot> shards {}; // ordered by ShardId
    std::vector<DestinationSnapshot> destinations {}; // in the order of the configuration
    std::vector<IngressSnapshot> ingress {};
    std::vector<ReplayJobSnapshot> jobs {}; // newest first, at most 50
    std::vector<Annotation> annotations {}; // newest last, at most 200
    StoreSnapshot store {};
    SaleMode sale {};
    std::string configProblem {}; // the last reload was refused: why; empty when in force
    std::string configPath {};
    bool isStopping { false };
};
using SnapshotPtr = std::shared_ptr<const EngineSnapshot>;

// The metrics whose history the engine keeps: 1 s for 15 min, 5 s for 1 h, 30 s for 6 h, 2 min for
// 24 h.
enum class Metric : std::uint8_t {
    QueueDepth,
    ConsumerLag,
    LatencyP95,
    ErrorRatio,
    DlqGrowth,
    InRate,
    OutRate,
    ThrottleRatio,
    InFlight,
    BatchFill,
};
inline constexpr int kMetrics = 10;
[[nodiscard]] const char* toString(Metric metric);

enum class HistorySpan : std::uint8_t { Minutes15, Hour1, Hours6, Hours24 };
[[nodiscard]] Seconds stepOf(HistorySpan span); // 1, 5, 30, 120 s
[[nodiscard]] int samplesOf(HistorySpan span); // 900, 720, 720, 720

} // namespace engine

// Measures one shard, or one destination as a whole: what is fed to it becomes the rates, shares
// and percentiles of a ShardSnapshot. Design §9 defines each.
#pragma once

#include "signals/latency_histogram.h"
#include "signals/sliding_sums.h"
#include "signals/slope.h"

#include <engine/outcome.h>
#include <engine/snapshot.h>
#include <engine/time.h>

#include <array>
#include <cstdint>
#include <deque>
#include <optional>

namespace engine::signals {

// One request that ended, with what became of its records.
struct RequestSample {
    SteadyTime endedAt {};
    Outcome outcome { Outcome::Accepted }; // of the request
    Micros latency { 0 }; // a timeout counts as its limit
    bool hasLatency { true }; // of a request
    std::int64_t batchMax { 1 }; // records it could have carried
    bool isPartial { false }; // accepted, with at least one record that was not
    bool isLocal { false }; // refused before sending: its records count, the request does not
    std::array<std::int64_t, kOutcomes> outcomes {}; // records
    std::array<std::int64_t, kErrorForms> errorForms {}; // of the records in error (isError)
};

// Errors of platform_error_rate. Throttled counts in the denominator only.
[[nodiscard]] constexpr bool isError(Outcome outcome)
{
    return outcome != Outcome::Accepted && outcome != Outcome::Throttled;
}

// One thread: the one that makes the snapshots. Takes `now`; has no clock. About 20 kB.
class ShardMeter {
public:
    explicit ShardMeter(SteadyTime now);

    void arrived(std::int64_t records, SteadyTime at);
    void pickedUp(Millis waited); // first pickup of a live delivery
    void requestEnded(const RequestSample& sample);
    void deadLettersAdded(std::int64_t count, SteadyTime at); // not by a replay that fails again
    void deadLettersRemoved(
        std::int64_t count, SteadyTime at); // replayed and accepted, or archived

    // What delivery knows at one moment; `workers` is how many requests may be in flight.
    struct Reading {
        std::int64_t queueDepth { 0 };
        Millis consumerLag { 0 };
        int inFlight { 0 };
        double workers { 0 };
    };
    // With each snapshot: for the slopes and the share of busy workers.
    void tick(SteadyTime now, const Reading& reading);
    // Sets every measured field; the depth must be in already.
    void fill(ShardSnapshot& snapshot, SteadyTime now);

    // Requests in a row without an accepted record (throttled ones spend no attempt and do not
    // count), and since when there was none.
    [[nodiscard]] std::int64_t attemptsSinceAccepted() const { return m_attemptsSinceAccepted; }
    [[nodiscard]] SteadyTime lastAcceptedAt() const { return m_lastAcceptedAt; }

    static constexpr std::int64_t kRequestsWanted = 5; // where 60 s hold fewer of these …
    static constexpr std::int64_t kRecordsWanted = 20; // … the window reaches back …
    static constexpr Seconds kReachBack { 900 }; // … this far
    static constexpr std::int64_t kAtLeast = 5; // requests and records; below it a value is absent

private:
    // What a window holds, wherever it ends.
    struct Window {
        std::int64_t requests { 0 };
        std::int64_t timed { 0 }; // of the requests, those with a latency
        std::int64_t throttled { 0 };
        std::int64_t records { 0 };
        std::array<std::int64_t, kOutcomes> outcomes {};
        std::array<std::int64_t, kErrorForms> forms {};
        std::int64_t carried { 0 };
        std::int64_t couldCarry { 0 };
        std::optional<Micros> p50 {};
        std::optional<Micros> p95 {};
    };
    // Fields of the 60 s sums; outcomes and forms follow the named ones.
    enum Field : std::size_t { Requests, Throttled, Carried, CouldCarry, Outcomes };
    static constexpr std::size_t kForms = Outcomes + kOutcomes;
    static constexpr std::size_t kFields = kForms + kErrorForms;
    enum FieldOf5Minutes : std::size_t {
        DlqAdded,
        DlqRemoved,
        Batches,
        PartialBatches,
        FieldsOf5Minutes
    };
    enum FieldOf30Seconds : std::size_t { In, Out, FieldsOf30Seconds };

    void advance(SteadyTime now);
    void addTotals(const RequestSample& sample);
    void remember(const RequestSample& sample);
    [[nodiscard]] Window minuteWindow() const;
    [[nodiscard]] Window reachBackWindow(SteadyTime now) const;
    void fillRatios(ShardSnapshot& snapshot, const Window& window) const;

    SlidingSums<kFields, 60> m_minute { Seconds { 1 } };
    SlidingSums<FieldsOf5Minutes, 60> m_fiveMinutes { Seconds { 5 } };
    SlidingSums<FieldsOf30Seconds, 30> m_halfMinute { Seconds { 1 } };
    LatencyHistogram m_latency {}; // of the minute
    std::array<LatencySlot, 60> m_latencySlots {};
    std::deque<RequestSample> m_recent {}; // newest last, as many as a reach-back can need
    std::size_t m_recentRequests { 0 }; // of them

    Slope m_depthSlope {};
    Slope m_lagSlope {};
    std::deque<std::pair<SteadyTime, double>> m_busy {};

    std::int64_t m_attemptsSinceAccepted { 0 };
    SteadyTime m_lastAcceptedAt {};

    std::array<std::int64_t, kOutcomes> m_recordsTotal {};
    std::array<std::int64_t, kOutcomes> m_requestsTotal {};
    std::int64_t m_dlqAddedTotal { 0 };
    std::int64_t m_dlqRemovedTotal { 0 };
    HistogramTotals m_latencyTotals {};
    HistogramTotals m_pickupTotals {};
};

} // namespace engine::signals

#include "signals/shard_meter.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace engine::signals {

namespace {

// A request carries a record, so 20 of them would be 20 records; but of one that is being bisected
// hardly any counts.
constexpr std::size_t kRecentRequestsMax = 64;
// Refusals of ours come as fast as events do and would push the requests out: those of one slot
// between two requests are one sample. So there are at most 180 more in a reach-back.
constexpr Seconds kLocalSlot { 5 };
constexpr std::size_t kBusyMax = 256;

std::int64_t total(const std::array<std::int64_t, kOutcomes>& outcomes)
{
    return std::accumulate(outcomes.begin(), outcomes.end(), std::int64_t { 0 });
}

double share(std::int64_t part, std::int64_t whole)
{
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

template <std::size_t N>
void observe(HistogramTotals& totals, const std::array<double, N>& bounds, double seconds)
{
    static_assert(N + 1 == std::tuple_size_v<decltype(totals.counts)>);
    const auto at = std::lower_bound(bounds.begin(), bounds.end(), seconds) - bounds.begin();
    ++totals.counts[static_cast<std::size_t>(at)];
    totals.sumSeconds += seconds;
}

std::optional<Millis> toMillis(const std::optional<Micros>& value)
{
    if (!value)
        return std::nullopt;
    return std::chrono::round<Millis>(*value);
}

} // namespace

ShardMeter::ShardMeter(SteadyTime now)
    : m_lastAcceptedAt(now)
{
    advance(now);
}

void ShardMeter::advance(SteadyTime now)
{
    m_minute.advance(now, [this](std::size_t slot) { m_latencySlots[slot].moveOutOf(m_latency); });
    m_fiveMinutes.advance(now);
    m_halfMinute.advance(now);
}

void ShardMeter::arrived(std::int64_t records, SteadyTime at)
{
    m_halfMinute.advance(at);
    m_halfMinute.add(In, records);
}

void ShardMeter::pickedUp(Millis waited)
{
    observe(m_pickupTotals, kPickupBounds, std::chrono::duration<double>(waited).count());
}

void ShardMeter::requestEnded(const RequestSample& sample)
{
    advance(sample.endedAt);
    const std::int64_t records = total(sample.outcomes);
    for (std::size_t i = 0; i < kOutcomes; ++i)
        m_minute.add(Outcomes + i, sample.outcomes[i]);
    for (std::size_t i = 0; i < kErrorForms; ++i)
        m_minute.add(kForms + i, sample.errorForms[i]);
    const std::int64_t accepted = sample.outcomes[static_cast<std::size_t>(Outcome::Accepted)];
    m_halfMinute.add(Out, accepted);
    if (!sample.isLocal) {
        m_minute.add(Requests, 1);
        m_minute.add(Throttled, sample.outcome == Outcome::Throttled ? 1 : 0);
        m_minute.add(Carried, records);
        m_minute.add(CouldCarry, std::max(sample.batchMax, records));
        if (sample.hasLatency) {
            const std::size_t bucket = LatencyHistogram::bucketOf(sample.latency);
            m_latency.add(bucket, 1);
            m_latencySlots[m_minute.slot()].add(bucket);
        }
        if (sample.outcome == Outcome::Accepted) {
            m_fiveMinutes.add(Batches, 1);
            m_fiveMinutes.add(PartialBatches, sample.isPartial ? 1 : 0);
        }
        if (accepted == 0 && sample.outcome != Outcome::Throttled)
            ++m_attemptsSinceAccepted;
    }
    if (accepted > 0) {
        m_attemptsSinceAccepted = 0;
        m_lastAcceptedAt = sample.endedAt;
    }
    remember(sample);
    addTotals(sample);
}

void ShardMeter::remember(const RequestSample& sample)
{
    const auto slotOf = [](SteadyTime at) { return at.time_since_epoch() / kLocalSlot; };
    const bool isJoined = sample.isLocal && !m_recent.empty() && m_recent.back().isLocal
        && slotOf(m_recent.back().endedAt) == slotOf(sample.endedAt);
    if (isJoined) {
        RequestSample& last = m_recent.back();
        last.endedAt = sample.endedAt;
        for (std::size_t i = 0; i < kOutcomes; ++i)
            last.outcomes[i] += sample.outcomes[i];
        for (std::size_t i = 0; i < kErrorForms; ++i)
            last.errorForms[i] += sample.errorForms[i];
        return;
    }
    m_recent.push_back(sample);
    m_recentRequests += sample.isLocal ? 0 : 1;
    while (m_recentRequests > kRecentRequestsMax
        || m_recent.front().endedAt <= sample.endedAt - kReachBack) {
        m_recentRequests -= m_recent.front().isLocal ? 0 : 1;
        m_recent.pop_front();
    }
}

void ShardMeter::addTotals(const RequestSample& sample)
{
    for (std::size_t i = 0; i < kOutcomes; ++i)
        m_recordsTotal[i] += sample.outcomes[i];
    if (sample.isLocal)
        return;
    ++m_requestsTotal[static_cast<std::size_t>(sample.outcome)];
    if (sample.hasLatency)
        observe(
            m_latencyTotals, kLatencyBounds, std::chrono::duration<double>(sample.latency).count());
}

void ShardMeter::deadLettersAdded(std::int64_t count, SteadyTime at)
{
    m_fiveMinutes.advance(at);
    m_fiveMinutes.add(DlqAdded, count);
    m_dlqAddedTotal += count;
}

void ShardMeter::deadLettersRemoved(std::int64_t count, SteadyTime at)
{
    m_fiveMinutes.advance(at);
    m_fiveMinutes.add(DlqRemoved, count);
    m_dlqRemovedTotal += count;
}

void ShardMeter::tick(SteadyTime now, const Reading& reading)
{
    m_depthSlope.add(now, static_cast<double>(reading.queueDepth));
    m_lagSlope.add(now, std::chrono::duration<double>(reading.consumerLag).count());
    const double busy = reading.workers > 0 ? reading.inFlight / reading.workers : 0;
    m_busy.emplace_back(now, std::min(1.0, busy));
    while (m_busy.size() > kBusyMax || m_busy.front().first <= now - Seconds { 60 })
        m_busy.pop_front();
}

ShardMeter::Window ShardMeter::minuteWindow() const
{
    Window window;
    window.requests = m_minute.sum(Requests);
    window.throttled = m_minute.sum(Throttled);
    window.carried = m_minute.sum(Carried);
    window.couldCarry = m_minute.sum(CouldCarry);
    for (std::size_t i = 0; i < kOutcomes; ++i)
        window.outcomes[i] = m_minute.sum(Outcomes + i);
    for (std::size_t i = 0; i < kErrorForms; ++i)
        window.forms[i] = m_minute.sum(kForms + i);
    window.records = total(window.outcomes);
    window.timed = m_latency.count();
    window.p50 = m_latency.percentile(0.5);
    window.p95 = m_latency.percentile(0.95);
    return window;
}

// The newest requests until there are enough, none older than 15 minutes.
ShardMeter::Window ShardMeter::reachBackWindow(SteadyTime now) const
{
    Window window;
    LatencyHistogram latency;
    for (auto sample = m_recent.rbegin(); sample != m_recent.rend(); ++sample) {
        const bool isEnough
            = window.requests >= kRequestsWanted && window.records >= kRecordsWanted;
        if (isEnough || sample->endedAt <= now - kReachBack)
            break;
        for (std::size_t i = 0; i < kOutcomes; ++i)
            window.outcomes[i] += sample->outcomes[i];
        for (std::size_t i = 0; i < kErrorForms; ++i)
            window.forms[i] += sample->errorForms[i];
        const std::int64_t records = total(sample->outcomes);
        window.records += records;
        if (sample->isLocal)
            continue;
        ++window.requests;
        window.throttled += sample->outcome == Outcome::Throttled ? 1 : 0;
        window.carried += records;
        window.couldCarry += std::max(sample->batchMax, records);
        if (sample->hasLatency)
            latency.add(LatencyHistogram::bucketOf(sample->latency), 1);
    }
    window.timed = latency.count();
    window.p50 = latency.percentile(0.5);
    window.p95 = latency.percentile(0.95);
    return window;
}

void ShardMeter::fillRatios(ShardSnapshot& snapshot, const Window& window) const
{
    snapshot.latencyP50.reset();
    snapshot.latencyP95.reset();
    snapshot.errorRatio.reset();
    snapshot.throttleRatio.reset();
    snapshot.outcomeRatio = {};
    snapshot.errorFormRatio = {};
    snapshot.batchFillRatio = share(window.carried, window.couldCarry);
    if (window.requests < kAtLeast || window.records < kAtLeast)
        return;
    if (window.timed >= kAtLeast) {
        snapshot.latencyP50 = toMillis(window.p50);
        snapshot.latencyP95 = toMillis(window.p95);
    }
    snapshot.throttleRatio = share(window.throttled, window.requests);
    std::int64_t errors = 0;
    for (std::size_t i = 0; i < kOutcomes; ++i) {
        snapshot.outcomeRatio[i] = share(window.outcomes[i], window.records);
        errors += isError(kAllOutcomes[i]) ? window.outcomes[i] : 0;
    }
    snapshot.errorRatio = share(errors, window.records);
    for (std::size_t i = 0; i < kErrorForms; ++i)
        snapshot.errorFormRatio[i] = share(window.forms[i], window.records);
}

void ShardMeter::fill(ShardSnapshot& snapshot, SteadyTime now)
{
    advance(now);
    Window window = minuteWindow();
    if (window.requests < kRequestsWanted || window.records < kRecordsWanted)
        window = reachBackWindow(now);
    fillRatios(snapshot, window);

    snapshot.dlqGrowthPerMinute = static_cast<double>(m_fiveMinutes.sum(DlqAdded)) / 5;
    snapshot.dlqDrainPerMinute = static_cast<double>(m_fiveMinutes.sum(DlqRemoved)) / 5;
    snapshot.partialFailureRatio.reset();
    if (m_fiveMinutes.sum(Batches) > 0)
        snapshot.partialFailureRatio
            = share(m_fiveMinutes.sum(PartialBatches), m_fiveMinutes.sum(Batches));
    snapshot.inPerSecond = static_cast<double>(m_halfMinute.sum(In)) / 30;
    snapshot.outPerSecond = static_cast<double>(m_halfMinute.sum(Out)) / 30;

    snapshot.depthSlopePerSecond = m_depthSlope.perSecond();
    snapshot.lagSlope = m_lagSlope.perSecond();
    snapshot.drainEta.reset();
    const double surplus = snapshot.outPerSecond - snapshot.inPerSecond;
    if (snapshot.queueDepth > 0 && surplus > 0)
        snapshot.drainEta = Seconds { std::llround(
            std::min(std::ceil(static_cast<double>(snapshot.queueDepth) / surplus), 1e9)) };
    if (!m_busy.empty()) {
        double sum = 0;
        for (const auto& [at, ratio] : m_busy)
            sum += ratio;
        snapshot.workersBusyRatio = sum / static_cast<double>(m_busy.size());
    }

    snapshot.recordsTotal = m_recordsTotal;
    snapshot.requestsTotal = m_requestsTotal;
    snapshot.dlqAddedTotal = m_dlqAddedTotal;
    snapshot.dlqRemovedTotal = m_dlqRemovedTotal;
    snapshot.latencyTotals = m_latencyTotals;
    snapshot.pickupTotals = m_pickupTotals;
}

} // namespace engine::signals

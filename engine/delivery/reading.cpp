// What the dispatcher knows of its shards, in the words of the snapshot.
#include "delivery/dispatcher.h"
#include "delivery/flight.h"

namespace engine::delivery {

namespace {

TuningValue concurrencyOf(const Shard& shard, SteadyTime now)
{
    TuningValue value { .now = static_cast<double>(shard.pacer->concurrencyNow(now)),
        .configured = static_cast<double>(shard.destination->concurrency) };
    if (shard.tuning.concurrency)
        value.overridden = static_cast<double>(*shard.tuning.concurrency);
    value.ceiling = static_cast<double>(shard.contract.concurrency);
    value.ceilingSource = shard.contract.concurrencySource;
    if (shard.destination->concurrency > shard.contract.concurrency) {
        value.ceiling = static_cast<double>(shard.destination->concurrency);
        value.ceilingSource = CeilingSource::Configured;
    }
    return value;
}

TuningValue rateOf(const Shard& shard, const Moment& moment)
{
    TuningValue value { .now = shard.pacer->rateNow(moment.steady).value_or(0),
        .configured = shard.destination->rate.value_or(0) };
    value.overridden = shard.tuning.rate;
    if (const auto ceiling = shard.pacer->rateCeiling(moment.steady)) {
        value.ceiling = ceiling->requestsPerSecond;
        value.ceilingSource = ceiling->source;
        if (ceiling->learnedAt)
            value.ceilingLearnedAt
                = moment.wall + std::chrono::floor<Micros>(*ceiling->learnedAt - moment.steady);
        value.ceilingLearnedFrom = ceiling->learnedFrom;
    }
    return value;
}

TuningValue batchOf(const Shard& shard, std::int64_t now)
{
    TuningValue value { .now = static_cast<double>(now),
        .configured = static_cast<double>(shard.destination->batch) };
    if (shard.tuning.batch)
        value.overridden = static_cast<double>(*shard.tuning.batch);
    value.ceiling = static_cast<double>(largestBatch(shard.contract, shard.contract.batchRecords));
    value.ceilingSource = largestBatchSource(shard.contract);
    return value;
}

std::string pauseReason(const PauseState& pause)
{
    std::string text = "paused by " + (pause.who.empty() ? std::string("an operator") : pause.who);
    if (!pause.note.empty())
        text += ": " + pause.note;
    return text;
}

} // namespace

void ShardReading::applyTo(ShardSnapshot& snapshot) const
{
    snapshot.shard = shard;
    snapshot.platform = platform;
    snapshot.priority = priority;
    snapshot.isOrphaned = isOrphaned;
    snapshot.queueDepth = queueDepth;
    snapshot.laneDepth = laneDepth;
    snapshot.consumerLag = consumerLag;
    snapshot.inFlight = inFlight;
    snapshot.acceptWindow = acceptWindow;
    snapshot.isAcceptWindowAdvisory = isAcceptWindowAdvisory;
    snapshot.lastSuccess = lastSuccess;
    snapshot.dlqCount = dlqCount;
    snapshot.desired = desired;
    snapshot.pauseUntil = pauseUntil;
    snapshot.pauseCause = pauseCause;
    snapshot.pauseNote = pauseNote;
    snapshot.breaker = breaker;
    snapshot.credential = credential;
    snapshot.retryAfterLeft = retryAfterLeft;
    snapshot.isRetryAfter = isRetryAfter;
    snapshot.areAnswersUnreadable = areAnswersUnreadable;
    snapshot.holds = holds;
    snapshot.concurrency = concurrency;
    snapshot.rate = rate;
    snapshot.batch = batch;
    snapshot.lateWord = lateWord;
    snapshot.workersBusyRatio
        = concurrency.now > 0 ? std::min(1.0, static_cast<double>(inFlight) / concurrency.now) : 0;
}

std::vector<ShardReading> Dispatcher::readings()
{
    const Moment moment = now();
    std::vector<ShardReading> readings;
    readings.reserve(m_shards.size());
    for (Shard* shard : m_shards.all())
        readings.push_back(read(*shard, moment));
    std::sort(readings.begin(), readings.end(),
        [](const ShardReading& a, const ShardReading& b) { return a.shard < b.shard; });
    return readings;
}

ShardReading Dispatcher::read(Shard& shard, const Moment& moment) const
{
    ShardReading out { .shard = shard.id, .key = shard.key, .isOrphaned = shard.isOrphaned };
    for (const Lane lane :
        { Lane::Live, Lane::Retry, Lane::Replay, Lane::Import, Lane::Deferred }) {
        out.laneDepth[static_cast<std::size_t>(lane)] = shard.queue.depth(lane);
    }
    out.queueDepth = shard.queue.depth(Lane::Live) + shard.queue.depth(Lane::Retry);
    out.recordsInFlight = shard.queue.recordsInFlight();
    out.inFlight = shard.requestsInFlight;
    out.consumerLag = lagOf(shard, moment);
    out.earliestExpiry = shard.queue.earliestExpiry();
    out.lastSuccess = shard.lastSuccess;
    out.dlqCount = m_ports.store->deadLetters(shard.key);
    out.encoder = shard.encoder;
    out.desired = shard.pause.desired;
    out.pauseUntil = shard.pause.until;
    out.pauseCause = shard.pause.cause;
    out.pauseNote = shard.pause.note;
    out.pauseWho = shard.pause.who;
    out.areAnswersUnreadable = shard.unreadableAnswers >= kUnreadableMax;
    out.attemptsSinceAccepted = shard.attemptsSinceAccepted;
    out.lateWord = shard.lateWord;
    out.holds = holdsOf(shard, moment);
    if (!shard.destination)
        return out;
    out.platform = shard.destination->platform;
    out.priority = shard.destination->priority;
    if (shard.contract.acceptedAge)
        out.acceptWindow = *shard.contract.acceptedAge;
    out.isAcceptWindowAdvisory = !shard.contract.isAgeEnforced;
    out.breaker = shard.pacer->breaker();
    out.credential = shard.credential->state;
    if (shard.configHold.state() == ConfigHold::State::Held)
        out.credential = CredentialState::ConfigRefused;
    out.retryAfterLeft = shard.pacer->retryAfterLeft(moment.steady);
    out.isRetryAfter = out.retryAfterLeft && shard.pacer->cooldown().isRetryAfter();
    out.concurrency = concurrencyOf(shard, moment.steady);
    out.rate = rateOf(shard, moment);
    out.batch = batchOf(shard, m_shards.batchNow(shard));
    return out;
}

Millis Dispatcher::lagOf(const Shard& shard, const Moment& moment) const
{
    if (shard.queue.depth(Lane::Live) == 0)
        return Millis { 0 };
    std::optional<WallTime> oldest = shard.queue.oldestNeverPickedUp();
    // Ranked by expiry the oldest may lie anywhere; what is in memory may all be resends; and who
    // waits for an earlier record of the same person is not in memory.
    const bool isMemoryEnough = shard.queue.isLiveComplete()
        || (oldest && !shard.contract.isAgeEnforced && !shard.queue.isAnyBehind());
    if (!isMemoryEnough) {
        const auto stored = m_ports.store->oldestNeverPickedUp(shard.key);
        if (stored && *stored)
            oldest = oldest ? std::min(*oldest, **stored) : **stored;
    }
    if (!oldest)
        return Millis { 0 };
    return std::max(std::chrono::floor<Millis>(moment.wall - *oldest), Millis { 0 });
}

std::vector<Hold> Dispatcher::holdsOf(Shard& shard, const Moment& moment) const
{
    std::vector<Hold> holds;
    const auto wallOf = [&](SteadyTime at) -> std::optional<WallTime> {
        if (at == pacing::kUntilEvent)
            return std::nullopt;
        return moment.wall + std::chrono::ceil<Micros>(at - moment.steady);
    };
    if (shard.isOrphaned) {
        holds.push_back({ .gate = Hold::Gate::NotConfigured,
            .reason = "the destination is not in the configuration" });
    }
    if (m_trouble.isBroken) {
        holds.push_back({ .gate = Hold::Gate::Store,
            .until = wallOf(m_trouble.retryAt),
            .reason = "outcomes cannot be saved: " + m_trouble.reason });
    }
    if (shard.pause.desired == Desired::Paused) {
        holds.push_back({ .gate = Hold::Gate::Paused,
            .until = shard.pause.until,
            .reason = pauseReason(shard.pause) });
    }
    if (!shard.destination || shard.isOrphaned)
        return holds;
    if (shard.credential->state == CredentialState::Rejected) {
        holds.push_back({ .gate = Hold::Gate::Credential,
            .until = wallOf(shard.credential->probe.at()),
            .reason = "the credential was refused: " + shard.credential->reason });
    }
    const TokenKeeper& token = shard.credential->token;
    if (shard.needsToken && !token.isUsable(moment.steady) && !token.trouble().empty()) {
        holds.push_back({ .gate = Hold::Gate::Credential,
            .until = wallOf(token.waitUntil()),
            .reason = "no access token: " + token.trouble() });
    }
    if (shard.configHold.state() == ConfigHold::State::Held) {
        holds.push_back({ .gate = Hold::Gate::Configuration,
            .until = wallOf(shard.configHold.probeAt()),
            .reason = "the platform refuses what is configured: " + shard.configHold.reason() });
    }
    if (shard.queue.isEmpty())
        return holds;
    for (pacing::GateHold& hold : shard.pacer->holds(moment.steady)) {
        holds.push_back(
            { .gate = hold.gate, .until = wallOf(hold.until), .reason = std::move(hold.reason) });
    }
    const auto due = shard.queue.nextDue(Lane::Retry);
    if (shard.queue.depth(Lane::Live) == 0 && due && *due > moment.due) {
        holds.push_back({ .gate = Hold::Gate::Backoff,
            .until = moment.wall + (*due - moment.due),
            .reason = "what waits is to be tried again later" });
    }
    return holds;
}

} // namespace engine::delivery

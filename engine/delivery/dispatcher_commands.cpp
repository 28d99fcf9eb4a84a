// What happens once a second, what other rooms tell, and what operators ask for.
#include "delivery/dispatcher.h"
#include "delivery/flight.h"

#include <QLoggingCategory>

namespace engine::delivery {

namespace {

Q_LOGGING_CATEGORY(lcCommands, "engine.delivery.commands")

// How far the two clocks may drift apart in a tick before somebody must have set one of them.
constexpr Seconds kJump { 2 };
// A limiter outlives its last shard until its window is over; nobody waits for it to go.
constexpr Seconds kLimitersLooked { 60 };

std::string textOf(const PauseState& pause)
{
    std::string text = toString(pause.desired);
    if (pause.until)
        text += " until " + toIso8601(*pause.until);
    return text;
}

// What throttling taught in this run is no ceiling of the contract. Without a rate: none is known.
Tuning ceilingsOf(const Shard& shard, SteadyTime now)
{
    Tuning most;
    most.concurrency = std::max(shard.contract.concurrency, shard.destination->concurrency);
    most.batch = static_cast<int>(largestBatch(shard.contract, shard.contract.batchRecords));
    const auto ceiling = shard.pacer ? shard.pacer->rateCeiling(now) : std::nullopt;
    if (ceiling && ceiling->source != CeilingSource::Learned)
        most.rate = ceiling->requestsPerSecond;
    return most;
}

// Conflict: the same wish may be allowed under another contract or profile.
Status checkTuning(const Shard& shard, const Tuning& tuning, SteadyTime now)
{
    if (!shard.destination)
        return {};
    const Tuning most = ceilingsOf(shard, now);
    if (tuning.concurrency.value_or(1) > *most.concurrency) {
        return fail(ErrorCode::Conflict,
            "The contract allows " + std::to_string(*most.concurrency) + " requests in flight.",
            "concurrency");
    }
    if (tuning.batch.value_or(1) > *most.batch) {
        return fail(ErrorCode::Conflict,
            "The contract allows " + std::to_string(*most.batch) + " records a request.", "batch");
    }
    if (most.rate && tuning.rate.value_or(0) > *most.rate) {
        return fail(ErrorCode::Conflict,
            "The contract allows " + std::to_string(*most.rate) + " requests per second.", "rate");
    }
    return {};
}

} // namespace

Status Dispatcher::start(ConfigPtr config)
{
    auto records = m_ports.store->shards();
    if (!records)
        return tl::unexpected(records.error());
    const Moment moment = now();
    // Those whose destination is gone come first: what they sent counts where others go on.
    std::stable_partition(records->begin(), records->end(), [&](const ShardRecord& record) {
        return config->destination(record.id.destination) == nullptr;
    });
    m_shards.applyConfig(std::move(config), moment);
    for (const ShardRecord& record : *records) {
        if (m_shards.wasRetired(record, moment))
            continue; // what comes for it brings it back
        Shard& shard = m_shards.add(record, moment);
        m_scheduler.setPriority(
            shard.index, shard.destination ? shard.destination->priority : Priority::Normal);
        lookForDeferred(shard);
        wakeShard(shard, moment.steady);
    }
    m_nextTick = moment.steady;
    return m_shards.history();
}

void Dispatcher::tick(const Moment& moment)
{
    // A suspended machine or a set clock: the wall clock of a limit that is aligned to UTC follows.
    if (m_lastTick) {
        const auto drift = (moment.wall - m_lastTick->wall)
            - std::chrono::floor<Micros>(moment.steady - m_lastTick->steady);
        if (std::chrono::abs(drift) > kJump) {
            const Millis by = std::chrono::floor<Millis>(drift);
            qCWarning(
                lcCommands, "the wall clock jumped by %lld ms", static_cast<long long>(by.count()));
            if (m_ports.clockJumped)
                m_ports.clockJumped(by);
        }
    }
    m_lastTick = moment;
    m_nextTick = moment.steady + kTick;
    m_shards.limiters().sync({ .steady = moment.steady, .wall = moment.wall });
    recordAgain(moment);
    if (!m_unknownArrivals.empty())
        learnNewShards(moment);
    endPauses(moment);
    takeReceipt(moment);
    for (const DesiredChange& change : std::exchange(m_unkept, {}))
        keepDesired(change, [](const Status&) {}); // told when it was first refused
    if (moment.steady >= m_nextRetire) {
        m_shards.limiters().retire(moment.steady);
        m_nextRetire = moment.steady + kLimitersLooked;
    }
    for (Shard* shard : m_shards.all()) {
        if (shard->deferredNext && *shard->deferredNext <= moment.due && !shard->isReleasing)
            releaseDeferred(*shard, moment);
        retire(*shard, moment);
    }
}

void Dispatcher::recordAgain(const Moment& moment)
{
    if (m_unrecorded.empty() || moment.steady < m_trouble.retryAt)
        return;
    m_trouble.isCanaryOut = true;
    for (const RequestId id : std::exchange(m_unrecorded, {}))
        record(id);
}

void Dispatcher::arrived(const std::vector<Arrivals>& arrivals)
{
    const Moment moment = now();
    for (const Arrivals& arrival : arrivals) {
        Shard* shard = m_shards.find(arrival.shard);
        if (!shard) {
            m_unknownArrivals.push_back(arrival);
            continue;
        }
        if (arrival.count == 0)
            continue; // it has dead letters, and is known
        shard->queue.arrived(arrival);
        shard->emptySince.reset();
        if (arrival.lane == Lane::Deferred) {
            const WallTime at = fromUnixMicros(arrival.first.rank);
            shard->deferredNext = std::min(shard->deferredNext.value_or(at), at);
        }
        if (m_ports.observer)
            m_ports.observer->arrived(shard->id, arrival.lane, arrival.count, moment.steady);
        wakeShard(*shard, moment.steady);
    }
    if (!m_unknownArrivals.empty())
        learnNewShards(moment);
    m_ports.wake();
}

// Pauses of a destination cover shards that appear later: the store knows, so ask it.
void Dispatcher::learnNewShards(const Moment& moment)
{
    auto records = m_ports.store->shards();
    if (!records) {
        storeFailed(moment, records.error());
        return; // the arrivals wait for the next tick
    }
    const std::vector<Arrivals> arrivals = std::exchange(m_unknownArrivals, {});
    for (ShardRecord& record : *records) {
        const bool isNew = std::any_of(arrivals.begin(), arrivals.end(),
            [&](const Arrivals& arrival) { return arrival.shard == record.key; });
        if (!isNew || m_shards.find(record.key))
            continue;
        record.waiting.fill(0); // the arrivals count
        Shard& shard = m_shards.add(record, moment);
        m_scheduler.setPriority(
            shard.index, shard.destination ? shard.destination->priority : Priority::Normal);
    }
    std::vector<Arrivals> known;
    for (const Arrivals& arrival : arrivals) {
        if (m_shards.find(arrival.shard))
            known.push_back(arrival);
        else
            qCWarning(lcCommands, "%s: arrivals for a shard that the store does not list",
                toString(arrival.id).c_str());
    }
    if (!known.empty())
        arrived(known);
}

void Dispatcher::taken(ShardKey key, Lane lane, const std::set<EventSeq>& seqs)
{
    Shard* shard = m_shards.find(key);
    if (!shard)
        return;
    shard->queue.taken(lane, seqs);
    if (lane == Lane::Deferred)
        lookForDeferred(*shard);
    wakeShard(*shard, now().steady);
    m_ports.wake();
}

void Dispatcher::applyConfig(ConfigPtr config)
{
    const Moment moment = now();
    m_shards.applyConfig(std::move(config), moment);
    for (Shard* shard : m_shards.all()) {
        m_scheduler.setPriority(
            shard->index, shard->destination ? shard->destination->priority : Priority::Normal);
        if (!shard->isOrphaned) {
            // Whoever reloads may have mended it: try at once.
            giveAsideBack(*shard);
            shard->credential->probe.askNow(moment.steady);
        }
        wakeShard(*shard, moment.steady);
    }
    m_ports.wake();
}

Result<Applied> Dispatcher::setDesired(const DesiredChange& change, DeliveryStore::Committed reply)
{
    const Moment moment = now();
    const auto targets = m_shards.matching(change.target);
    if (targets.empty() && !change.target.isWholeDestination())
        return fail(ErrorCode::NotFound, "There is no shard " + toString(change.target) + ".");
    if (!m_shards.isKnown(change.target.destination))
        return fail(ErrorCode::NotFound,
            "There is no destination " + change.target.destination + ".", "targets");
    const PauseState pause { .desired = change.desired,
        .until = change.until,
        .cause = change.cause,
        .note = change.note,
        .who = change.who };
    Applied applied { .before = targets.empty() ? "running" : textOf(targets.front()->pause),
        .after = textOf(pause),
        .shards = static_cast<std::int64_t>(targets.size()),
        .pausesBefore = pausesOf(change.target) };
    if (change.target.isWholeDestination()) {
        m_destinationPauses.erase(change.target.destination);
        if (change.desired != Desired::Running && change.until)
            m_destinationPauses[change.target.destination] = pause;
    }
    for (Shard* shard : targets)
        setPause(*shard, pause, moment, true);
    keepDesired(change, reply);
    m_ports.wake();
    return applied;
}

std::vector<std::pair<ShardId, PauseState>> Dispatcher::pausesOf(const ShardId& target)
{
    std::vector<std::pair<ShardId, PauseState>> pauses;
    for (const Shard* shard : m_shards.matching(target))
        pauses.emplace_back(shard->id, shard->pause);
    return pauses;
}

void Dispatcher::keepDesired(const DesiredChange& change, const DeliveryStore::Committed& reply)
{
    m_ports.store->setDesired(change.target, change.desired, change.until, change.cause, change.who,
        change.note, [self = m_self, change, reply](const Status& status) {
            if (*self)
                (*self)->onDesiredKept(change, status);
            reply(status);
        });
}

void Dispatcher::onDesiredKept(const DesiredChange& change, const Status& status)
{
    const ShardId& target = change.target;
    std::erase_if(m_unkept, [&target](const DesiredChange& earlier) {
        return earlier.target == target
            || (target.isWholeDestination() && earlier.target.destination == target.destination);
    });
    // An earlier one of its destination that is still to be written would be written over it.
    const bool isBehind
        = std::any_of(m_unkept.begin(), m_unkept.end(), [&target](const DesiredChange& earlier) {
              return earlier.target.destination == target.destination;
          });
    if (!status || isBehind)
        m_unkept.push_back(change);
}

void Dispatcher::setPause(
    Shard& shard, const PauseState& pause, const Moment& moment, bool isRamped)
{
    const bool isResume
        = shard.pause.desired == Desired::Paused && pause.desired != Desired::Paused;
    shard.pause = pause;
    if (shard.pacer && pause.desired == Desired::Paused)
        shard.pacer->dropClaims();
    if (shard.pacer && isResume && isRamped)
        shard.pacer->startRamp(moment.steady, kResumeRamp);
    wakeShard(shard, moment.steady);
}

void Dispatcher::endPauses(const Moment& moment)
{
    const auto hasEnded = [&](const PauseState& pause) {
        return pause.desired != Desired::Running && pause.until && *pause.until <= moment.wall;
    };
    const auto ended = [](const ShardId& target) {
        return DesiredChange { .target = target,
            .cause = PauseCause::Engine,
            .who = "engine",
            .note = "the pause ended" };
    };
    const auto warn = [](const Status& status) {
        if (!status) {
            qCWarning(lcCommands, "the end of a pause could not be kept: %s",
                status.error().message.c_str());
        }
    };
    for (auto it = m_destinationPauses.begin(); it != m_destinationPauses.end();) {
        if (!hasEnded(it->second)) {
            ++it;
            continue;
        }
        const ShardId target { .destination = it->first, .account = {} };
        for (Shard* shard : m_shards.matching(target)) {
            if (hasEnded(shard->pause))
                setPause(*shard, {}, moment, true);
        }
        keepDesired(ended(target), warn);
        it = m_destinationPauses.erase(it);
    }
    for (Shard* shard : m_shards.all()) {
        if (!hasEnded(shard->pause))
            continue;
        setPause(*shard, {}, moment, true);
        keepDesired(ended(shard->id), warn);
    }
}

Result<Applied> Dispatcher::tune(const ShardId& target, const Tuning& tuning)
{
    const Moment moment = now();
    const auto targets = m_shards.matching(target);
    if (tuning.concurrency.value_or(1) < 1 || tuning.batch.value_or(1) < 1)
        return fail(ErrorCode::BadRequest, "Concurrency and batch are at least 1.");
    if (tuning.rate && !(*tuning.rate > 0))
        return fail(ErrorCode::BadRequest, "A rate is above 0 requests per second.", "rate");
    // What is restored or taken back may outlive its shard and its destination.
    const bool isNew = !tuning.isCutToCeiling && !tuning.isEmpty();
    if (isNew && targets.empty() && !target.isWholeDestination())
        return fail(ErrorCode::NotFound, "There is no shard " + toString(target) + ".");
    if (isNew && !m_shards.isKnown(target.destination))
        return fail(
            ErrorCode::NotFound, "There is no destination " + target.destination + ".", "targets");
    for (const Shard* shard : targets) {
        if (tuning.isAboveCeilingAllowed || tuning.isCutToCeiling)
            break;
        if (const Status ok = checkTuning(*shard, tuning, moment.steady); !ok)
            return tl::unexpected(ok.error());
    }
    Applied applied { .before = toString(targets.empty() ? Tuning {} : targets.front()->tuning),
        .after = toString(tuning),
        .shards = static_cast<std::int64_t>(targets.size()) };
    m_shards.tune(target, tuning, moment);
    for (Shard* shard : targets)
        wakeShard(*shard, moment.steady);
    m_ports.wake();
    return applied;
}

std::optional<Tuning> Dispatcher::ceilingsOf(const ShardId& target)
{
    const SteadyTime steady = now().steady;
    std::optional<Tuning> most;
    for (const Shard* shard : m_shards.matching(target)) {
        if (shard->isOrphaned)
            continue;
        Tuning own = delivery::ceilingsOf(*shard, steady);
        // What the platform says now may be more in a minute: no reason to cut for good.
        const auto rate = shard->pacer->rateCeiling(steady);
        if (rate && rate->source == CeilingSource::Header)
            own.rate.reset();
        if (!most) {
            most = own;
            continue;
        }
        most->concurrency = std::max(*most->concurrency, *own.concurrency);
        most->batch = std::max(*most->batch, *own.batch);
        most->rate = most->rate && own.rate ? std::optional(std::max(*most->rate, *own.rate))
                                            : std::nullopt;
    }
    return most;
}

Result<ForecastBasis> Dispatcher::forecastBasis(const ForecastQuery& query)
{
    Shard* shard = m_shards.find(query.shard);
    if (!shard || !shard->pacer || shard->isOrphaned)
        return fail(ErrorCode::NotFound, "There is no shard " + toString(query.shard) + ".");
    Tuning tuning = shard->tuning;
    tuning.isAboveCeilingAllowed = true; // whether it is will be asked when it is applied
    if (query.concurrency)
        tuning.concurrency = query.concurrency;
    if (query.batch)
        tuning.batch = query.batch;
    if (query.isLiveRateDropped)
        tuning.rate.reset();
    else if (query.rate)
        tuning.rate = query.rate;
    const Moment moment = now();
    ForecastBasis basis { .now = moment.steady };
    const pacing::PacerOptions options = m_shards.pacerOptions(*shard, tuning);
    basis.pacer = shard->pacer->copy(moment.steady);
    basis.pacer->setOptions(options, moment.steady);
    basis.batch = options.batch;
    basis.waiting = shard->queue.depth(Lane::Live) + shard->queue.depth(Lane::Retry);
    basis.sharers = static_cast<int>(m_shards.sharersOf(*shard).size());
    return basis;
}

Result<Applied> Dispatcher::probe(const ShardId& target)
{
    const Moment moment = now();
    const auto targets = m_shards.matching(target);
    if (targets.empty())
        return fail(ErrorCode::NotFound, "There is no shard " + toString(target) + ".");
    Applied applied { .before = "held", .after = "one delivery goes now" };
    for (Shard* shard : targets) {
        const bool hasWork = shard->queue.depth(Lane::Live) + shard->queue.depth(Lane::Retry)
                + shard->queue.depth(Lane::Replay) + shard->queue.depth(Lane::Import)
            > 0;
        if (!hasWork || shard->isOrphaned)
            continue;
        shard->isProbeRequested = true;
        ++applied.shards;
        wakeShard(*shard, moment.steady);
    }
    if (applied.shards == 0)
        return fail(ErrorCode::Conflict, "Nothing waits that could be sent as a probe.");
    m_ports.wake();
    return applied;
}

void Dispatcher::holdJob(ReplayJobId job, bool isHeld)
{
    if (isHeld) {
        m_heldJobs.insert(job);
        return;
    }
    m_heldJobs.erase(job);
    wakeReplays();
}

void Dispatcher::wakeReplays()
{
    const Moment moment = now();
    for (Shard* shard : m_shards.all()) {
        if (shard->queue.waiting(Lane::Replay) + shard->queue.waiting(Lane::Retry) > 0)
            wakeShard(*shard, moment.steady);
    }
    m_ports.wake();
}

void Dispatcher::beginStop() { m_isStopping = true; }

void Dispatcher::cancelInFlight()
{
    std::vector<std::pair<Transport*, TransferId>> transfers;
    for (const auto& [id, flight] : m_flights) {
        if (flight->transfer)
            transfers.emplace_back(flight->transport, *flight->transfer);
    }
    for (const auto& [transport, transfer] : transfers)
        transport->cancel(transfer);
}

void Dispatcher::lookForDeferred(Shard& shard)
{
    shard.deferredNext.reset();
    if (shard.queue.waiting(Lane::Deferred) == 0)
        return;
    const auto rows = m_ports.store->fetch(shard.key, Lane::Deferred, std::nullopt, 1);
    if (rows && !rows->empty())
        shard.deferredNext = fromUnixMicros(rows->front().key.rank);
    else if (!rows)
        shard.deferredNext = now().due; // could not be read: ask the store itself
}

void Dispatcher::releaseDeferred(Shard& shard, const Moment& moment)
{
    shard.isReleasing = true;
    m_ports.store->releaseDeferred(shard.key, moment.due,
        [self = m_self, key = shard.key](const Result<std::int64_t>& released) {
            Shard* found = *self ? (*self)->m_shards.find(key) : nullptr;
            if (!found)
                return;
            found->isReleasing = false;
            if (!released) {
                (*self)->storeFailed((*self)->now(), released.error());
                return; // the next tick tries again
            }
            // The live lane is told by its arrivals, like everything that becomes live.
            found->queue.setWaiting(
                Lane::Deferred, found->queue.waiting(Lane::Deferred) - *released);
            (*self)->lookForDeferred(*found);
            // The store releases so many at a time. The rest need not wait for the next tick.
            const Moment answered = (*self)->now();
            if (*released > 0 && found->deferredNext && *found->deferredNext <= answered.due)
                (*self)->releaseDeferred(*found, answered);
        });
}

void Dispatcher::retire(Shard& shard, const Moment& moment)
{
    const bool isEmpty = shard.queue.isEmpty() && shard.requestsInFlight == 0
        && shard.localPending == 0 && shard.pause.desired == Desired::Running
        && m_ports.store->deadLetters(shard.key) == 0;
    if (!isEmpty) {
        shard.emptySince.reset();
        return;
    }
    if (!shard.emptySince)
        shard.emptySince = moment.steady;
    if (moment.steady - *shard.emptySince < kRetireAfter)
        return;
    m_scheduler.park(shard.index, false);
    m_shards.remove(shard);
}

} // namespace engine::delivery

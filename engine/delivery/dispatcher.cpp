#include "delivery/dispatcher.h"

#include "core/fingerprint.h"
#include "delivery/flight.h"

#include <limits>

namespace engine::delivery {

namespace {

constexpr std::array kSendingLanes { Lane::Live, Lane::Retry, Lane::Replay, Lane::Import };
// Rows read in one go while all of them wait for their persons. Then others have their turn.
constexpr int kRowsReadMax = 4'000;
// Records refused on this side that may wait for their commit, per shard.
constexpr std::int64_t kLocalPendingMax = 2'000;

constexpr double kNanosPerSecond = 1e9;

bool isBulk(Lane lane) { return lane == Lane::Replay || lane == Lane::Import; }

} // namespace

// Which lanes have something that is due, as far as the shard itself can tell.
struct Dispatcher::LaneSurvey {
    LanePicker::Work work {};
    SteadyTime later { pacing::kUntilEvent }; // when more becomes due
};

Dispatcher::Dispatcher(DispatcherPorts ports)
    : m_ports(std::move(ports))
    , m_shards({ .store = m_ports.store,
          .secrets = m_ports.secrets,
          .adapters = m_ports.adapters,
          .salt = m_ports.salt })
    , m_self(std::make_shared<Dispatcher*>(this))
{
}

Dispatcher::~Dispatcher() { *m_self = nullptr; }

Moment Dispatcher::now() const
{
    const SteadyTime steady = m_ports.clock->steadyNow();
    return {
        .steady = steady, .wall = m_ports.clock->wallNow(), .due = m_ports.clock->dueAt(steady)
    };
}

SteadyTime Dispatcher::turn()
{
    const Moment moment = now();
    if (moment.steady >= m_nextTick)
        tick(moment);
    for (int i = 0; i < kRequestsPerTurn; ++i) {
        const auto next = m_scheduler.next(moment.steady);
        if (!next)
            break;
        tryShard(m_shards.at(*next), moment);
    }
    return std::min(m_nextTick, m_scheduler.nextWake().value_or(SteadyTime::max()));
}

void Dispatcher::wakeShard(Shard& shard, SteadyTime at) { m_scheduler.schedule(shard.index, at); }

void Dispatcher::wakeSharers(const Credential& credential, SteadyTime at)
{
    for (Shard* shard : m_shards.all()) {
        if (shard->credential.get() == &credential)
            wakeShard(*shard, at);
    }
}

// One request of this shard, or the reason and the time to try again.
void Dispatcher::tryShard(Shard& shard, const Moment& moment)
{
    ProbeKind probe;
    if (const HeldBy held = heldBy(shard, moment, probe); held.isHeld) {
        if (held.until == pacing::kUntilEvent)
            m_scheduler.park(shard.index, true);
        else
            wakeShard(shard, held.until);
        return;
    }
    if (!probe.any())
        askReceipt(shard, moment);
    LaneSurvey lanes = survey(shard, moment);
    Moment asOf = moment;
    if (probe.byOperator && std::none_of(lanes.work.begin(), lanes.work.end(), std::identity {})) {
        // The hold that the operator goes past may stand in the due times of the records too.
        asOf.due = WallTime::max();
        lanes = survey(shard, asOf);
    }
    while (const auto lane = shard.lanes.pick(lanes.work)) {
        const Attempt attempt = tryLane(shard, *lane, probe, asOf);
        if (attempt.sent == Sent::Yes)
            return; // charged; stays ready for its next turn
        lanes.work[static_cast<std::size_t>(*lane)] = false;
        lanes.later = std::min(lanes.later, attempt.until);
        if (attempt.sent == Sent::Nothing)
            continue;
        if (!isBulk(*lane))
            break; // the other lanes pass the same gates
    }
    if (lanes.later != pacing::kUntilEvent)
        wakeShard(shard, lanes.later);
    else
        m_scheduler.park(shard.index, !shard.queue.isEmpty());
}

Dispatcher::HeldBy Dispatcher::heldByStore(const Moment& moment) const
{
    if (m_isStopping)
        return { .isHeld = true };
    if (!m_trouble.isBroken)
        return {};
    // One request tries whether commits go through again; the others wait for it.
    if (m_trouble.isCanaryOut || !m_unrecorded.empty())
        return { .isHeld = true };
    return { .isHeld = m_trouble.retryAt > moment.steady, .until = m_trouble.retryAt };
}

Dispatcher::HeldBy Dispatcher::heldBy(Shard& shard, const Moment& moment, ProbeKind& probe)
{
    if (const HeldBy held = heldByStore(moment); held.isHeld)
        return held;
    if (shard.isOrphaned || shard.localPending > kLocalPendingMax)
        return { .isHeld = true };
    probe.byOperator = shard.isProbeRequested;
    if (shard.pause.desired == Desired::Paused && !probe.byOperator)
        return { .isHeld = true };

    Credential& credential = *shard.credential;
    if (credential.state == CredentialState::Rejected) {
        if (credential.isProbeInFlight)
            return { .isHeld = true };
        if (!probe.byOperator && credential.probe.at() > moment.steady)
            return { .isHeld = true, .until = credential.probe.at() };
        // Whoever mended it may have written a new file: look before a delivery is spent on it.
        m_shards.refreshSecrets(shard, true, moment);
        if (!shard.secrets) {
            shard.credential->probe.failed(moment.steady);
            shard.isProbeRequested = false;
            return { .isHeld = true, .until = shard.credential->probe.at() };
        }
        probe.byCredential = shard.credential->state == CredentialState::Rejected;
    }
    if (const HeldBy held = heldByToken(shard, moment); held.isHeld)
        return held;
    ConfigHold& hold = shard.configHold;
    if (hold.isProbeInFlight())
        return { .isHeld = hold.state() == ConfigHold::State::Held };
    const bool isProbeTime = hold.isProbeDue(moment.steady)
        || (probe.byOperator && hold.state() != ConfigHold::State::Clear);
    if (isProbeTime) {
        // A held shard is tried with another record each time: one that is bad for ever must not
        // keep in all that are good.
        if (hold.state() == ConfigHold::State::Suspect || !hasDue(shard, moment))
            giveAsideBack(shard);
        probe.byConfig = true;
    } else if (hold.state() == ConfigHold::State::Held) {
        return { .isHeld = true, .until = hold.probeAt() };
    }
    return {};
}

Dispatcher::LaneSurvey Dispatcher::survey(Shard& shard, const Moment& moment)
{
    LaneSurvey found;
    for (const Lane lane : kSendingLanes) {
        if (lane != Lane::Live && shard.pause.desired == Desired::RetriesPaused)
            continue;
        // Too much is being split: first find the bad ones, or every new batch adds to it.
        if (lane != Lane::Retry && shard.queue.isBisectionFull())
            continue;
        if (lane == Lane::Replay) {
            // A replay must not take the places that live traffic needs.
            const LaneShares& shares = shard.destination->lanes;
            const int sum = std::max(shares.live + shares.retry + shares.replay, 1);
            const int most = shard.destination->concurrency * shares.replay / sum;
            if (shard.bulkInFlight >= std::max(most, 1))
                continue;
        }
        if (refill(shard, lane, m_shards.batchNow(shard)))
            found.later = moment.steady;
        const auto due = shard.queue.nextDue(lane);
        if (!due)
            continue;
        if (*due > moment.due) {
            found.later = std::min(found.later, moment.steady + (*due - moment.due));
            continue;
        }
        if (lane == Lane::Import && shard.destination->importRate) {
            const double unitNs = kNanosPerSecond / *shard.destination->importRate;
            const SteadyTime at = shard.importSpacer.eligibleAt(1, 1, unitNs);
            if (at > moment.steady) {
                found.later = std::min(found.later, at);
                continue;
            }
        }
        found.work[static_cast<std::size_t>(lane)] = true;
    }
    // What was set aside is tried again then, also when nothing else is left to judge it by. A
    // probe that is due already waits for a gate, and that says when.
    const ConfigHold& hold = shard.configHold;
    if (hold.state() != ConfigHold::State::Clear && !hold.isProbeInFlight()
        && hold.probeAt() > moment.steady)
        found.later = std::min(found.later, hold.probeAt());
    // What could not be read is asked for again, also when nobody else is there to notice that the
    // store works again.
    if (m_trouble.isBroken && m_trouble.retryAt > moment.steady)
        found.later = std::min(found.later, m_trouble.retryAt);
    return found;
}

// Anything to send but what is set aside?
bool Dispatcher::hasDue(Shard& shard, const Moment& moment)
{
    return std::any_of(kSendingLanes.begin(), kSendingLanes.end(), [&](Lane lane) {
        if (lane != Lane::Live && shard.pause.desired == Desired::RetriesPaused)
            return false;
        (void)refill(shard, lane, 1);
        return shard.queue.hasDue(lane, moment.due);
    });
}

// True when there is more to read, and others should have their turn first.
bool Dispatcher::refill(Shard& shard, Lane lane, std::int64_t wanted)
{
    int read = 0;
    while (const auto plan = shard.queue.fetchPlan(lane, wanted)) {
        if (read >= kRowsReadMax)
            return true;
        auto rows = m_ports.store->fetch(shard.key, lane, plan->after, plan->rowsMax);
        if (!rows) {
            storeFailed(now(), rows.error());
            return false;
        }
        read += static_cast<int>(rows->size());
        shard.queue.fetched(*plan, std::move(*rows));
    }
    return false;
}

Dispatcher::Attempt Dispatcher::tryLane(
    Shard& shard, Lane lane, const ProbeKind& probe, const Moment& moment)
{
    const std::int64_t most = probe.any() ? 1 : m_shards.batchNow(shard);
    const std::int64_t due = shard.queue.countDue(lane, moment.due, most);
    const pacing::Demand wanted { .events = std::max<std::int64_t>(due, 1),
        .isBulk = isBulk(lane),
        .isOperatorProbe = probe.byOperator };
    const pacing::Decision decision = shard.pacer->decide(moment.steady, wanted);
    if (!decision.isGo) {
        // A claim keeps the room of a shared limit free for a large batch. It goes with the turn:
        // otherwise the first to come would keep out everybody else.
        if (!m_scheduler.hasCredit(shard.index))
            shard.pacer->dropClaims();
        return { .sent = Sent::Gated, .until = decision.until };
    }

    const std::int64_t room = decision.isProbe ? 1 : std::min(most, decision.events);
    Batch batch = buildBatch(shard, lane, room, moment);
    const bool wasAnyRefused = !batch.refused.empty();
    if (wasAnyRefused)
        refuseLocally(shard, std::move(batch.refused), moment);
    if (batch.items.empty()) {
        // What was refused made way for others: look again at once.
        if (wasAnyRefused)
            return { .sent = Sent::Gated, .until = moment.steady };
        if (batch.isMoreToRead)
            return { .sent = Sent::Nothing, .until = moment.steady };
        if (m_trouble.isBroken) // perhaps it only could not be read
            return { .sent = Sent::Nothing,
                .until = std::max(m_trouble.retryAt, moment.steady + kTick) };
        // Behind a held job's retries others become due by themselves, and nothing would say so.
        const bool isSilent = lane == Lane::Replay || m_heldJobs.empty();
        return { .sent = Sent::Nothing,
            .until = isSilent ? pacing::kUntilEvent : moment.steady + kTick };
    }
    const auto records = static_cast<std::int64_t>(batch.items.size());
    auto reservation = shard.pacer->reserve(moment.steady,
        { .events = records, .isBulk = isBulk(lane), .isOperatorProbe = probe.byOperator });
    if (!reservation) {
        putBack(shard, std::move(batch));
        return { .sent = Sent::Gated, .until = moment.steady + Millis { 1 } };
    }
    if (lane == Lane::Import && shard.destination->importRate) {
        shard.importSpacer.take(
            moment.steady, records, kNanosPerSecond / *shard.destination->importRate);
    }
    shard.lanes.charge(lane, records);
    m_scheduler.charge(shard.index, records);
    passTurnOn(shard, moment);
    launch(shard, lane, std::move(batch), std::move(*reservation), probe, moment);
    return { .sent = Sent::Yes };
}

// Whoever shares a limit with this shard and still has credit waits for that limit: with the turn
// of this shard over, it is theirs to claim. Otherwise they would wait while this one's credit is
// renewed round after round.
void Dispatcher::passTurnOn(const Shard& shard, const Moment& moment)
{
    if (m_scheduler.hasCredit(shard.index))
        return;
    for (Shard* sharer : m_shards.sharersOf(shard)) {
        if (m_scheduler.hasCredit(sharer->index))
            wakeShard(*sharer, moment.steady);
    }
}

// A shared limit that is all in flight says no time, nor do shared places: who waits for them waits
// for this answer.
void Dispatcher::wakeParkedSharers(const Shard& shard, const Moment& moment)
{
    for (Shard* sharer : m_shards.sharersOf(shard)) {
        if (m_scheduler.isParked(sharer->index) && !sharer->queue.isEmpty())
            wakeShard(*sharer, moment.steady);
    }
}

// Reads on while everything in memory has to be passed over: other endpoints, persons who wait.
Batch Dispatcher::buildBatch(Shard& shard, Lane lane, std::int64_t recordsMax, const Moment& moment)
{
    const BuilderPorts ports {
        .mayGo = [this](ReplayJobId id) { return !m_heldJobs.contains(id); },
        .isSuperseded = [&](std::int64_t person, EventSeq seq) -> std::optional<bool> {
            const auto known = m_ports.store->isSuperseded(shard.key, person, seq);
            if (known)
                return *known;
            storeFailed(moment, known.error());
            return std::nullopt;
        },
        .encoding = [&](const DeliveryKey* key) { m_ports.store->encoding(shard.key, key); },
    };
    while (true) {
        Batch batch = BatchBuilder(shard, moment, ports).build(lane, recordsMax);
        if (!batch.items.empty() || !batch.refused.empty())
            return batch;
        const auto known = static_cast<std::int64_t>(shard.queue.entries(lane));
        batch.isMoreToRead = refill(shard, lane, known + 1);
        if (static_cast<std::int64_t>(shard.queue.entries(lane)) == known)
            return batch;
    }
}

void Dispatcher::putBack(Shard& shard, Batch batch)
{
    BisectionPart part;
    for (BatchItem& item : batch.items) {
        if (item.delivery.person)
            shard.personsOut.erase(*item.delivery.person);
        if (batch.isBisection)
            part.push_back(std::move(item.delivery));
        else
            shard.queue.giveBack(std::move(item.delivery));
    }
    for (LocalRefusal& refused : batch.refused)
        shard.queue.giveBack(std::move(refused.delivery));
    shard.queue.putBisection(std::move(part), true);
}

void Dispatcher::launch(Shard& shard, Lane lane, Batch batch, pacing::Reservation reservation,
    const ProbeKind& probe, const Moment& moment)
{
    auto owned = std::make_unique<Flight>();
    Flight& flight = *owned;
    flight.id = m_ports.store->nextRequestId();
    flight.shard = shard.key;
    flight.lane = lane;
    flight.destination = shard.destination;
    flight.account = shard.account;
    flight.adapter = shard.adapter;
    flight.credential = shard.credential;
    flight.secrets = shard.secrets;
    if (shard.needsToken) {
        flight.tokenNumber = shard.credential->token.number();
        flight.secrets = shard.credential->withToken;
    }
    flight.isBisection = batch.isBisection;
    flight.batchMax = m_shards.batchNow(shard);
    flight.probe = probe;
    flight.reservation = std::move(reservation);
    if (m_trouble.isBroken) {
        flight.isCanary = true;
        m_trouble.isCanaryOut = true;
    }
    DispatchMark mark {
        .request = flight.id, .shard = shard.key, .at = moment.wall, .host = shard.host
    };
    flight.records.reserve(batch.items.size());
    for (BatchItem& item : batch.items) {
        mark.items.push_back(item.delivery.key);
        flight.records.push_back(std::move(item.record));
    }
    flight.items = std::move(batch.items);

    shard.isProbeRequested = false;
    if (probe.byCredential)
        shard.credential->isProbeInFlight = true;
    if (probe.byConfig)
        shard.configHold.probeSent();
    ++shard.requestsInFlight;
    if (lane == Lane::Replay)
        ++shard.bulkInFlight;
    const RequestId id = flight.id;
    m_flights.emplace(id, std::move(owned));
    m_ports.store->markDispatched(std::move(mark), [self = m_self, id](const Status& status) {
        if (*self)
            (*self)->onMarked(id, status);
    });
}

void Dispatcher::onMarked(RequestId id, const Status& status)
{
    const auto it = m_flights.find(id);
    Q_ASSERT(it != m_flights.end());
    Flight& flight = *it->second;
    Shard& shard = *m_shards.find(flight.shard);
    const Moment moment = now();
    if (flight.isCanary)
        m_trouble.isCanaryOut = false;
    if (!status) {
        // Nothing of it is on disk and nothing was sent: as if it had never been tried.
        storeFailed(moment, status.error());
        shard.pacer->refund(moment.steady, *flight.reservation);
        if (flight.probe.byCredential)
            flight.credential->isProbeInFlight = false;
        if (flight.probe.byConfig)
            shard.configHold.probeInconclusive(moment.steady);
        --shard.requestsInFlight;
        if (flight.lane == Lane::Replay)
            --shard.bulkInFlight;
        Batch batch { .items = std::move(flight.items), .isBisection = flight.isBisection };
        for (std::size_t i = 0; i < batch.items.size(); ++i)
            batch.items[i].record = std::move(flight.records[i]);
        putBack(shard, std::move(batch));
        m_flights.erase(it);
        wakeShard(shard, moment.steady);
        wakeParkedSharers(shard, moment);
        m_ports.wake();
        return;
    }
    if (flight.isCanary)
        storeWorks(moment);
    flight.isMarked = true;
    for (BatchItem& item : flight.items) {
        const bool isFirst = !item.delivery.wasPickedUp && item.delivery.key.lane == Lane::Live;
        item.delivery.wasPickedUp = true;
        if (!isFirst || !m_ports.observer)
            continue;
        const auto waited
            = std::chrono::floor<Millis>(moment.wall - item.delivery.event->receivedAt);
        m_ports.observer->pickedUp(shard.id, std::max(waited, Millis { 0 }), moment.steady);
    }
    send(flight);
}

// What every record of a request gets that cannot be made. Only what is wrong with a secret is the
// matter of all who share the credential; an option is the destination's own.
platforms::Decoded Dispatcher::unsendable(const Error& error, const Flight& flight)
{
    const bool isSecret = flight.secrets->contains(error.field)
        || flight.destination->credentials.contains(error.field)
        || error.field == platforms::kAccessToken;
    const Outcome outcome = isSecret ? Outcome::Auth : Outcome::Config;
    platforms::Decoded decoded { .request = outcome };
    decoded.records.assign(flight.records.size(),
        { .outcome = outcome,
            .message = error.field.empty() ? error.message : error.field + ": " + error.message,
            .form = ErrorForm::Local });
    return decoded;
}

void Dispatcher::send(Flight& flight)
{
    const Moment moment = now();
    Shard& shard = *m_shards.find(flight.shard);
    flight.sentAt = moment.steady;
    flight.sentAtWall = moment.wall;
    auto request
        = flight.adapter->request(flight.records, flight.context(moment.wall), *flight.secrets);
    flight.transport = request ? m_ports.transportFor(*flight.destination) : nullptr;
    if (!request || !flight.transport) {
        const Error why = request
            ? Error { .message = "no transport for these network options", .field = "network" }
            : request.error();
        const platforms::Decoded decoded = unsendable(why, flight);
        flight.form = ErrorForm::Local;
        settle(flight, decoded, moment);
        return;
    }
    const Contract& contract = flight.destination->contract;
    flight.ownUrl = request->url;
    request->url = shard.redirect.applied(std::move(request->url));
    request->timeout = contract.timeout;
    request->connectTimeout = contract.connectTimeout;
    request->answerBytesMax = flight.destination->network.answerBytesMax;
    flight.head = { .method = request->method, .url = request->url, .headers = request->headers };
    flight.wasSent = true;
    flight.transfer = flight.transport->send(
        std::move(*request), [self = m_self, id = flight.id](TransferResult result) {
            if (*self)
                (*self)->onAnswer(id, std::move(result));
        });
}

void Dispatcher::moveToRetry(Shard& shard, QueuedDelivery& delivery, WallTime dueAt)
{
    delivery.key = { .lane = Lane::Retry, .rank = toUnixMicros(dueAt), .seq = delivery.key.seq };
    delivery.dueAt = dueAt;
    shard.queue.expectMove(delivery.key);
}

// What never costs a request: recorded like an answer, without one.
void Dispatcher::refuseLocally(
    Shard& shard, std::vector<LocalRefusal> refused, const Moment& moment)
{
    auto owned = std::make_unique<Flight>();
    Flight& flight = *owned;
    flight.id = RequestId { --m_lastLocalId };
    flight.shard = shard.key;
    flight.destination = shard.destination;
    flight.account = shard.account;
    flight.adapter = shard.adapter;
    flight.sentAt = moment.steady;
    flight.sentAtWall = moment.wall;
    flight.form = ErrorForm::Local;
    RequestResult& result = flight.result;
    result = { .shard = shard.key, .sentAt = moment.wall, .endedAt = moment.wall };
    result.outcome = refused.front().outcome;
    result.encoder = shard.encoder;
    for (LocalRefusal& refusal : refused) {
        ItemResult item { .key = refusal.delivery.key,
            .outcome = refusal.outcome,
            .next = Next::Dead,
            .attempts = refusal.delivery.attempts };
        item.fingerprint = makeFingerprint(shard.id.destination, 0, refusal.code, refusal.message);
        item.code = std::move(refusal.code);
        item.message = std::move(refusal.message);
        item.record = std::move(refusal.record);
        item.job = refusal.delivery.job;
        result.items.push_back(std::move(item));
        BatchItem kept { .delivery = std::move(refusal.delivery) };
        flight.records.emplace_back();
        flight.moves.push_back(kept.delivery);
        if (refusal.isSuperseded)
            result.items.back().next = Next::Superseded;
        if (refusal.waitsUntil) {
            ItemResult& waiting = result.items.back();
            waiting.next = Next::Retry;
            waiting.dueAt = *refusal.waitsUntil;
            moveToRetry(shard, flight.moves.back(), waiting.dueAt);
        }
        flight.items.push_back(std::move(kept));
        flight.forms.push_back(ErrorForm::Local);
        flight.isNotAtFault.push_back(false);
    }
    shard.localPending += static_cast<std::int64_t>(flight.items.size());
    const RequestId id = flight.id;
    m_flights.emplace(id, std::move(owned));
    record(id);
}

} // namespace engine::delivery

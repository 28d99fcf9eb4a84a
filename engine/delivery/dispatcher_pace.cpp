// What an answer says about pace: to the gates, and to the store, because a restart must not forget
// what a platform asked for.
#include "delivery/dispatcher.h"
#include "delivery/flight.h"

namespace engine::delivery {

namespace {

// What the headers of a busy second say differs by what we sent ourselves, and that is in the log
// of requests.
constexpr Seconds kQuotaKeptEvery { 1 };

// An open breaker is written anew with each probe. One that nobody probed for a day (the process
// was not there) says nothing about the platform any more.
constexpr std::chrono::hours kBreakerKeptFor { 24 };

// A platform's own word: as long as it likes.
constexpr std::size_t kCodeBytesMax = 64;

std::string firstCode(const platforms::Decoded& decoded, Outcome outcome)
{
    for (const platforms::RecordOutcome& record : decoded.records) {
        if (record.outcome == outcome)
            return record.code.size() <= kCodeBytesMax ? record.code : std::string {};
    }
    return {};
}

WallTime wallOf(SteadyTime at, const Moment& moment)
{
    return moment.wall + std::chrono::ceil<Micros>(at - moment.steady);
}

} // namespace

void Dispatcher::tellPacer(Flight& flight, const platforms::Decoded& decoded, const Moment& moment)
{
    Shard& shard = *m_shards.find(flight.shard);
    const platforms::ThrottleHint& hint = decoded.hint;
    pacing::Ending ending { .sentAt = flight.sentAt,
        .endedAt = moment.steady,
        .wasSent = flight.wasSent,
        .isAnswered = flight.result.httpStatus != 0,
        .outcome = decoded.request,
        .hasAccepted = hasOutcome(decoded, Outcome::Accepted),
        .latency = flight.result.latency,
        .retryAfter = hint.retryAfter,
        .wasCut = hint.wasCut };
    // Also when only some records were throttled: they would come back at once otherwise.
    if (hasOutcome(decoded, Outcome::Throttled))
        ending.outcome = Outcome::Throttled;
    if (hint.quota) {
        ending.quota = pacing::QuotaHeader { .remaining = hint.quota->remaining,
            .amount = hint.quota->amount,
            .untilReset = hint.quota->untilReset };
    }
    // A failure may come without the header from whatever stands in front of the platform.
    if (hint.usageRatio > 0 || ending.hasAccepted)
        ending.usageRatio = hint.usageRatio;
    ending.source = hint.source;
    ending.code = firstCode(decoded, Outcome::Throttled);
    ending.u01 = m_ports.random01();
    const auto sinceMidnight = moment.wall - std::chrono::floor<std::chrono::days>(moment.wall);
    ending.untilDayEnds = std::chrono::ceil<Millis>(std::chrono::days { 1 } - sinceMidnight);
    shard.pacer->ended(moment.steady, *flight.reservation, ending);
    wakeParkedSharers(shard, moment);
    keepHold(shard, flight.result, moment);
    if (flight.probe.byOperator && !shard.pacer->cooldown().isHeld(moment.steady))
        forgetHold(shard, flight.result, moment);
    if (hint.quota)
        keepQuota(shard, flight, moment);
    keepRate(shard, flight.result, moment);
    keepBreaker(shard, flight.result, moment);
    if (!hint.isCredentialWide || ending.outcome != Outcome::Throttled)
        return;
    const Millis wait = hint.retryAfter.value_or(flight.destination->contract.cooldownMin);
    for (Shard* other : m_shards.all()) {
        if (other == &shard || other->credential != flight.credential || !other->pacer)
            continue;
        other->pacer->holdFor(moment.steady,
            { .wait = wait, .wasCut = hint.wasCut, .source = hint.source }, ending.u01);
        keepHold(*other, flight.result, moment);
    }
}

// Written with the outcome of the request that was answered so.
void Dispatcher::keepHold(Shard& shard, RequestResult& with, const Moment& moment)
{
    const pacing::Cooldown::State hold = shard.pacer->cooldown().state();
    if (hold.heldUntil <= moment.steady || hold.heldUntil == shard.holdKeptUntil)
        return;
    with.pace.push_back({ .shard = shard.key,
        .host = shard.host,
        .readAt = moment.wall,
        .until = wallOf(hold.heldUntil, moment),
        .doublings = hold.doublings,
        .isRetryAfter = hold.isRetryAfter,
        .wasCut = hold.wasCut });
    shard.holdKeptUntil = hold.heldUntil;
}

// A probe ended the hold before its time, whichever shard of the scope had written it down.
void Dispatcher::forgetHold(const Shard& shard, RequestResult& with, const Moment& moment)
{
    for (Shard* other : m_shards.all()) {
        if (!other->pacer || !other->pacer->sharesThrottleWith(*shard.pacer)
            || other->holdKeptUntil <= moment.steady)
            continue;
        with.pace.push_back({ .shard = other->key, .readAt = moment.wall, .until = moment.wall });
        other->holdKeptUntil = SteadyTime::min();
    }
}

void Dispatcher::keepQuota(Shard& shard, Flight& flight, const Moment& moment)
{
    const bool isDue = moment.steady - shard.quotaKeptAt >= kQuotaKeptEvery;
    for (const auto& limiter : *flight.reservation->limiters) {
        const auto quota = limiter->quotaState();
        if (!quota || (!isDue && quota->remaining > 0))
            continue;
        flight.result.pace.push_back({ .shard = shard.key,
            .host = shard.host,
            .limit = limitName(limiter->limit()),
            .readAt = quota->readAt,
            .until = quota->resetAt,
            .remaining = quota->remaining,
            .amount = quota->amount,
            .window = quota->window });
        shard.quotaKeptAt = moment.steady;
    }
}

// Written at each fall. It comes back along a curve that follows from the fall, and is over when
// that ends: nothing more is to be written.
void Dispatcher::keepRate(const Shard& shard, RequestResult& with, const Moment& moment)
{
    const auto state = shard.pacer->takeRateToKeep();
    if (!state)
        return;
    PaceRecord kept { .shard = shard.key,
        .host = shard.host,
        .limit = std::string(kPaceOfRate),
        .readAt = wallOf(state->fellAt, moment),
        .until = wallOf(state->forgottenAt, moment),
        .window = std::chrono::ceil<Millis>(state->resumeAt - state->fellAt),
        .peak = state->peak,
        .floor = state->floor };
    if (state->learned) {
        kept.learned = state->learned->requestsPerSecond;
        kept.learnedAt = wallOf(state->learned->at, moment);
    }
    with.pace.push_back(std::move(kept));
}

// A restart in the middle of an outage would otherwise spend attempts until it had opened again.
void Dispatcher::keepBreaker(Shard& shard, RequestResult& with, const Moment& moment)
{
    const auto state = shard.pacer->openBreaker();
    if (state == shard.breakerKept)
        return;
    PaceRecord kept { .shard = shard.key,
        .host = shard.host,
        .limit = std::string(kPaceOfBreaker),
        .readAt = moment.wall,
        .until = moment.wall };
    if (state) {
        kept.readAt = wallOf(state->probeAt, moment) - state->wait;
        kept.until = kept.readAt + kBreakerKeptFor;
        kept.window = state->wait;
    }
    with.pace.push_back(std::move(kept));
    shard.breakerKept = state;
}

} // namespace engine::delivery

#include "pacing/shard_pacer.h"

#include <algorithm>
#include <cmath>

namespace engine::pacing {

namespace {

constexpr double kRampFrom = 0.1;

double nanosPer(double requestsPerSecond) { return 1e9 / std::max(requestsPerSecond, 1e-9); }

} // namespace

void ConcurrencyScope::ask(const void* sharer, const ConcurrencyOptions& options)
{
    m_asked[sharer] = options;
    follow();
}

void ConcurrencyScope::leave(const void* sharer)
{
    m_asked.erase(sharer);
    follow();
}

void ConcurrencyScope::follow()
{
    if (m_asked.empty())
        return;
    ConcurrencyOptions strictest = m_asked.begin()->second;
    for (const auto& [sharer, options] : m_asked) {
        strictest.configured = std::min(strictest.configured, options.configured);
        strictest.ceiling = std::min(strictest.ceiling, options.ceiling);
        strictest.isAdaptive = strictest.isAdaptive || options.isAdaptive;
    }
    limit.setOptions(strictest);
}

std::shared_ptr<ConcurrencyScope> ConcurrencyScope::copyFor(
    const void* sharer, const ConcurrencyOptions& options) const
{
    auto made = std::make_shared<ConcurrencyScope>(*this);
    made->inFlight = 0;
    made->m_asked = { { sharer, options } };
    return made;
}

ShardPacer::ShardPacer(const PacerOptions& options, SteadyTime now)
    : m_options(options)
    , m_limiters(std::make_shared<const std::vector<std::shared_ptr<Limiter>>>())
    , m_scope(std::make_shared<ThrottleScope>())
    , m_breaker(options.breaker, now)
{
    setSlots(nullptr);
}

ShardPacer::~ShardPacer()
{
    dropClaims();
    m_slots->leave(this);
}

std::unique_ptr<ShardPacer> ShardPacer::copy(SteadyTime now) const
{
    std::unique_ptr<ShardPacer> made(new ShardPacer(*this)); // make_unique may not see it
    std::vector<std::shared_ptr<Limiter>> limiters;
    for (const auto& limiter : *m_limiters) {
        limiters.push_back(limiter->copy());
        limiters.back()->answerAll({ .reservedAt = now, .sentAt = now, .endedAt = now });
    }
    made->m_limiters
        = std::make_shared<const std::vector<std::shared_ptr<Limiter>>>(std::move(limiters));
    made->m_scope = std::make_shared<ThrottleScope>(*m_scope);
    made->m_slots = m_slots->copyFor(made.get(), m_options.concurrency);
    made->m_inFlight = 0;
    return made;
}

void ShardPacer::setLimiters(std::vector<std::shared_ptr<Limiter>> limiters)
{
    dropClaims();
    m_limiters = std::make_shared<const std::vector<std::shared_ptr<Limiter>>>(std::move(limiters));
}

void ShardPacer::setThrottleScope(std::shared_ptr<ThrottleScope> scope)
{
    if (scope)
        m_scope = std::move(scope);
}

void ShardPacer::setSlots(std::shared_ptr<ConcurrencyScope> slots)
{
    const bool isOwnAlready = !slots && m_slots && m_areSlotsOwn;
    if (isOwnAlready || (slots && slots == m_slots))
        return;
    if (m_slots)
        m_slots->leave(this);
    m_areSlotsOwn = !slots;
    // A new one starts at what is configured, not at a default that it would have to grow from.
    m_slots = slots ? std::move(slots) : std::make_shared<ConcurrencyScope>();
    m_slots->ask(this, m_options.concurrency);
}

void ShardPacer::setOptions(const PacerOptions& options, SteadyTime now)
{
    // A slider moved from one request in ten minutes to ten a second acts now, not in ten minutes.
    if (m_options.rate && options.rate)
        m_rateSpacer.rescale(now, nanosPer(*m_options.rate), nanosPer(*options.rate));
    else
        m_rateSpacer.reset();
    m_options = options;
    m_slots->ask(this, options.concurrency);
    m_breaker.setPolicy(options.breaker);
}

void ShardPacer::recallRate(SteadyTime sentAt)
{
    m_rateSpacer.recall(sentAt, 1, nanosPer(*m_options.rate));
}

Demand ShardPacer::cut(const Demand& demand) const
{
    Demand result = demand;
    result.events = std::clamp<std::int64_t>(
        demand.events, 1, std::max<std::int64_t>(1, batchFit(m_options.batch)));
    if (m_breaker.state() != BreakerState::Closed || demand.isOperatorProbe)
        result.events = 1;
    return result;
}

std::int64_t ShardPacer::batchFit(std::int64_t wanted) const
{
    for (const auto& limiter : *m_limiters)
        wanted = std::min(wanted, limiter->batchFit(wanted));
    return wanted;
}

// The gates that space requests evenly: operator's cap, learned rate, ramp.
SteadyTime ShardPacer::rateAt(SteadyTime now) const
{
    SteadyTime at = SteadyTime::min();
    if (m_options.rate)
        at = std::max(at, m_rateSpacer.eligibleAt(1, 1, nanosPer(*m_options.rate)));
    if (const auto learned = m_scope->rate.limit(now); learned && m_options.isAdaptive)
        at = std::max(at, m_scope->spacer.eligibleAt(1, 1, nanosPer(*learned)));
    if (const auto ramp = rampRate(now))
        at = std::max(at, m_rampSpacer.eligibleAt(1, 1, nanosPer(*ramp)));
    return at;
}

ShardPacer::Gate ShardPacer::latestGate(SteadyTime now, const Demand& demand)
{
    Gate latest { .gate = Hold::Gate::Window, .at = SteadyTime::min(), .limiter = nullptr };
    const auto consider = [&latest](Hold::Gate gate, SteadyTime at, Limiter* limiter = nullptr) {
        if (at > latest.at)
            latest = { .gate = gate, .at = at, .limiter = limiter };
    };
    if (!demand.isOperatorProbe) {
        consider(Hold::Gate::Breaker, m_breaker.eligibleAt());
        consider(Hold::Gate::Throttle, m_scope->cooldown.heldUntil());
        consider(Hold::Gate::Rate, rateAt(now));
    }
    if (areSlotsTaken(now))
        consider(Hold::Gate::Concurrency, kUntilEvent);
    for (const auto& limiter : *m_limiters)
        consider(limiter->gate(), limiter->eligibleAt(now, demand, this), limiter.get());
    return latest;
}

Decision ShardPacer::decide(SteadyTime now, const Demand& demand)
{
    const Demand asked = cut(demand);
    const Gate latest = latestGate(now, asked);
    Decision decision { .isGo = latest.at <= now,
        .isProbe = m_breaker.isProbeNext() || asked.isOperatorProbe,
        .events = asked.events,
        .until = std::max(latest.at, now),
        .gate = latest.gate };
    // Bulk waits for the last fifth of a quota: nobody has to leave room for that.
    if (!decision.isGo && latest.limiter != nullptr && !asked.isBulk)
        latest.limiter->claim(now, asked, this);
    return decision;
}

std::optional<Reservation> ShardPacer::reserve(SteadyTime now, const Demand& demand)
{
    const Decision decision = decide(now, demand);
    if (!decision.isGo)
        return std::nullopt;
    Reservation reservation {
        .at = now, .demand = demand, .isProbe = decision.isProbe, .limiters = m_limiters
    };
    reservation.slots = m_slots;
    reservation.demand.events = decision.events;
    takeAll(now, reservation.demand);
    if (m_breaker.isProbeNext())
        m_breaker.probeSent();
    return reservation;
}

void ShardPacer::takeAll(SteadyTime now, const Demand& demand)
{
    for (const auto& limiter : *m_limiters)
        limiter->reserve(now, demand, this);
    if (m_options.rate)
        m_rateSpacer.take(now, 1, nanosPer(*m_options.rate));
    if (const auto learned = m_scope->rate.limit(now))
        m_scope->spacer.take(now, 1, nanosPer(*learned));
    if (const auto ramp = rampRate(now))
        m_rampSpacer.take(now, 1, nanosPer(*ramp));
    m_scope->rate.sent(now);
    ++m_inFlight;
    ++m_slots->inFlight;
    if (m_slots->inFlight >= m_slots->limit.limit())
        m_slots->limit.limitReached();
}

void ShardPacer::shrink(SteadyTime now, Reservation& reservation, std::int64_t events)
{
    events = std::clamp<std::int64_t>(events, 1, reservation.demand.events);
    for (const auto& limiter : *reservation.limiters)
        limiter->shrink(now, reservation.demand, events);
    reservation.demand.events = events;
}

void ShardPacer::refund(SteadyTime now, const Reservation& reservation)
{
    for (const auto& limiter : *reservation.limiters)
        limiter->refund(now, reservation.demand);
    if (m_options.rate)
        m_rateSpacer.refund(1, nanosPer(*m_options.rate));
    if (const auto learned = m_scope->rate.limit(reservation.at))
        m_scope->spacer.refund(1, nanosPer(*learned));
    if (const auto ramp = rampRate(reservation.at))
        m_rampSpacer.refund(1, nanosPer(*ramp));
    m_scope->rate.unsent();
    if (reservation.isProbe)
        m_breaker.probeRefunded(now);
    released(reservation);
}

void ShardPacer::ended(SteadyTime now, const Reservation& reservation, const Ending& ending)
{
    const Flight flight {
        .reservedAt = reservation.at, .sentAt = ending.sentAt, .endedAt = ending.endedAt
    };
    for (const auto& limiter : *reservation.limiters) {
        if (!ending.wasSent)
            limiter->refund(now, reservation.demand);
        else if (ending.isAnswered)
            limiter->answered(reservation.demand, flight);
        else
            limiter->unanswered(reservation.demand, flight);
        if (ending.quota)
            limiter->quotaHeader(*ending.quota, flight);
    }
    const bool isThrottled = ending.outcome == Outcome::Throttled;
    if (ending.wasSent)
        m_slots->limit.ended(now, { .roundTrip = ending.latency, .isBackPressure = isThrottled });
    if (m_breaker.ended(now,
            { .outcome = ending.outcome,
                .hasAccepted = ending.hasAccepted,
                .wasProbe = reservation.isProbe }))
        m_slots->limit.slowStart();
    if (ending.hasAccepted)
        m_scope->cooldown.accepted(ending.sentAt, reservation.demand.isOperatorProbe);
    pressed(now, reservation, ending);
}

// What the platform said about pace.
void ShardPacer::pressed(SteadyTime now, const Reservation& reservation, const Ending& ending)
{
    Cooldown& cooldown = m_scope->cooldown;
    if (ending.outcome == Outcome::Throttled) {
        cooldown.throttled(now,
            { .sentAt = ending.sentAt,
                .retryAfter = ending.retryAfter,
                .wasCut = ending.wasCut,
                .source = ending.source,
                .u01 = ending.u01,
                .untilDayEnds = ending.untilDayEnds });
        for (const auto& limiter : *reservation.limiters)
            limiter->throttled(now);
        if (m_options.isAdaptive)
            m_scope->rate.throttled(now,
                { .sentAt = ending.sentAt,
                    .heldUntil = cooldown.heldUntil(),
                    .from = ending.code.empty() ? ending.source : ending.code });
    } else if (ending.retryAfter) {
        cooldown.holdFor(now,
            { .wait = *ending.retryAfter, .wasCut = ending.wasCut, .source = ending.source },
            ending.u01);
    }
    if (ending.usageRatio.value_or(0) >= AdaptiveRate::kUsageStop)
        cooldown.throttled(now,
            { .sentAt = ending.sentAt,
                .retryAfter = std::nullopt,
                .source = {},
                .u01 = ending.u01,
                .untilDayEnds = ending.untilDayEnds });
    if (ending.usageRatio && m_options.isAdaptive)
        heedUsage(now, ending);
    if (ending.quota)
        heedQuota(now, reservation, ending);
}

void ShardPacer::heedUsage(SteadyTime now, const Ending& ending)
{
    const auto before = m_scope->rate.limit(now);
    const auto whole = tightestLimit(now);
    m_scope->rate.usage(now,
        { .ratio = *ending.usageRatio,
            .whole = whole ? std::optional(whole->requestsPerSecond) : std::nullopt,
            .from = ending.source });
    const auto after = m_scope->rate.limit(now);
    // The next one was planned at the pace of before.
    if (before && after && *before != *after)
        m_scope->spacer.rescale(now, nanosPer(*before), nanosPer(*after));
    else if (before && !after)
        m_scope->spacer.reset();
}

// Where no limit is kept by the platform's headers they still say when it is over: whoever else
// uses the quota, we do not know. What is in flight is counted there already or not.
void ShardPacer::heedQuota(SteadyTime now, const Reservation& reservation, const Ending& ending)
{
    std::int64_t inFlight = m_inFlight - 1;
    for (const auto& limiter : *reservation.limiters) {
        if (limiter->limit().kind == LimitKind::Header)
            return;
        if (limiter->limit().unit == LimitUnit::Requests)
            inFlight = std::max(inFlight, limiter->inFlight());
    }
    if (ending.quota->remaining > inFlight)
        return;
    // The reset is an instant that the platform names, so nothing is added but what clocks differ.
    constexpr std::int64_t kClockDrift = 1'999; // one part in: 500 ppm
    const Millis wait = ending.quota->untilReset;
    m_scope->cooldown.holdFor(
        now, { .wait = wait + wait / kClockDrift, .source = ending.source }, 0);
}

std::optional<AdaptiveRate::State> ShardPacer::takeRateToKeep()
{
    auto state = m_scope->rate.state();
    if (!state || state->fellAt <= m_scope->rateKeptAt)
        return std::nullopt;
    m_scope->rateKeptAt = state->fellAt;
    return state;
}

void ShardPacer::holdFor(SteadyTime now, const Cooldown::Asked& asked, double u01)
{
    m_scope->cooldown.holdFor(now, asked, u01);
}

void ShardPacer::released(const Reservation& reservation)
{
    --m_inFlight;
    --reservation.slots->inFlight;
}

void ShardPacer::startRamp(SteadyTime now, Millis duration)
{
    m_resume = { .start = now, .duration = duration };
    m_rampSpacer.reset();
    m_slots->limit.slowStart();
}

void ShardPacer::setWarmUp(SteadyTime start, Millis duration)
{
    m_warmUp = { .start = start, .duration = duration };
}

double ShardPacer::Ramp::share(SteadyTime now) const
{
    if (duration <= Millis::zero() || now >= start + duration)
        return 1;
    const double done
        = std::chrono::duration<double>(now - start) / std::chrono::duration<double>(duration);
    return kRampFrom * std::pow(1 / kRampFrom, std::clamp(done, 0.0, 1.0));
}

double ShardPacer::rampShare(SteadyTime now) const
{
    return std::min(m_resume.share(now), m_warmUp.share(now));
}

std::optional<double> ShardPacer::rampRate(SteadyTime now) const
{
    const double share = rampShare(now);
    if (share >= 1)
        return std::nullopt;
    std::optional<double> whole = m_options.rate;
    if (const auto ceiling = rateCeiling(now))
        whole = std::min(whole.value_or(ceiling->requestsPerSecond), ceiling->requestsPerSecond);
    return whole ? std::optional(*whole * share) : std::nullopt;
}

void ShardPacer::dropClaims()
{
    for (const auto& limiter : *m_limiters)
        limiter->dropClaim(this);
}

int ShardPacer::concurrencyNow(SteadyTime now) const
{
    const double share = rampShare(now);
    const int limit = m_slots->limit.limit();
    return share >= 1 ? limit : std::max(1, static_cast<int>(limit * share));
}

// A ramp is this shard's alone: it must not wait for sharers to have as few in flight.
bool ShardPacer::areSlotsTaken(SteadyTime now) const
{
    return m_slots->inFlight >= m_slots->limit.limit() || m_inFlight >= concurrencyNow(now);
}

std::optional<Millis> ShardPacer::retryAfterLeft(SteadyTime now) const
{
    const Cooldown& cooldown = m_scope->cooldown;
    if (!cooldown.isHeld(now))
        return std::nullopt;
    return std::chrono::ceil<Millis>(cooldown.heldUntil() - now);
}

std::vector<GateHold> ShardPacer::holds(SteadyTime now)
{
    std::vector<GateHold> result;
    const auto add = [&](Hold::Gate gate, SteadyTime until, std::string reason) {
        if (until > now)
            result.push_back({ .gate = gate, .until = until, .reason = std::move(reason) });
    };
    const Demand demand = cut({ .events = m_options.batch });
    const Cooldown& cooldown = m_scope->cooldown;
    add(Hold::Gate::Breaker, m_breaker.eligibleAt(),
        m_breaker.state() == BreakerState::HalfOpen ? "Probing" : "No usable answers; next probe");
    std::string throttle = cooldown.isRetryAfter() ? "Asked for by the platform" : "Cool-down";
    if (!cooldown.source().empty())
        throttle += ": " + cooldown.source();
    if (cooldown.wasCut())
        throttle += " (longer than 24 h, held for 24 h)";
    add(Hold::Gate::Throttle, cooldown.heldUntil(), std::move(throttle));
    const double share = rampShare(now);
    add(Hold::Gate::Rate, rateAt(now),
        share < 1 ? "Warming up: " + std::to_string(std::lround(share * 100)) + " % of the pace"
                  : "Even spacing of the rate");
    if (areSlotsTaken(now))
        add(Hold::Gate::Concurrency, kUntilEvent,
            "All " + std::to_string(concurrencyNow(now)) + " requests in flight");
    for (const auto& limiter : *m_limiters) {
        const Limit& limit = limiter->limit();
        add(limiter->gate(), limiter->eligibleAt(now, demand, this),
            std::to_string(limit.amount) + " " + toString(limit.unit) + " in "
                + toDurationText(limit.period));
    }
    return result;
}

std::optional<ShardPacer::Ceiling> ShardPacer::tightestLimit(SteadyTime now) const
{
    std::optional<Ceiling> tightest;
    for (const auto& limiter : *m_limiters) {
        auto perSecond = limiter->unitsPerSecond(now);
        if (!perSecond)
            continue;
        if (limiter->limit().unit == LimitUnit::Events)
            *perSecond /= static_cast<double>(
                std::max<std::int64_t>(1, limiter->batchFit(m_options.batch)));
        if (!tightest || *perSecond < tightest->requestsPerSecond)
            tightest = Ceiling { .requestsPerSecond = *perSecond, .source = limiter->source() };
    }
    return tightest;
}

std::optional<ShardPacer::Ceiling> ShardPacer::rateCeiling(SteadyTime now) const
{
    auto tightest = tightestLimit(now);
    const auto consider = [&tightest](const std::optional<LearnedCeiling>& learned) {
        if (learned && (!tightest || learned->requestsPerSecond < tightest->requestsPerSecond))
            tightest = Ceiling { .requestsPerSecond = learned->requestsPerSecond,
                .source = CeilingSource::Learned,
                .learnedAt = learned->at,
                .learnedFrom = learned->from };
    };
    consider(m_scope->rate.learned(now));
    consider(m_scope->rate.usageCeiling(now));
    return tightest;
}

std::optional<double> ShardPacer::rateNow(SteadyTime now) const
{
    std::optional<double> rate = m_options.rate;
    const auto narrow = [&rate](std::optional<double> by) {
        if (by)
            rate = std::min(rate.value_or(*by), *by);
    };
    if (m_options.isAdaptive)
        narrow(m_scope->rate.limit(now));
    narrow(rampRate(now));
    if (const auto ceiling = rateCeiling(now))
        narrow(ceiling->requestsPerSecond);
    return rate;
}

} // namespace engine::pacing

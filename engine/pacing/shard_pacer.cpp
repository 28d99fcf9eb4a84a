#include "pacing/shard_pacer.h"

#include <algorithm>
#include <cmath>

namespace engine::pacing {

namespace {

constexpr double kRampFrom = 0.1;

double nanosPer(double requestsPerSecond) { return 1e9 / std::max(requestsPerSecond, 1e-9); }

} // namespace

ShardPacer::ShardPacer(const PacerOptions& options, SteadyTime now)
    : m_options(options)
    , m_limiters(std::make_shared<const std::vector<std::shared_ptr<Limiter>>>())
    , m_scope(std::make_shared<ThrottleScope>())
    , m_concurrency(options.concurrency)
    , m_breaker(options.breaker, now)
{
}

ShardPacer::~ShardPacer() { dropClaims(); }

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

void ShardPacer::setOptions(const PacerOptions& options, SteadyTime now)
{
    // A slider moved from one request in ten minutes to ten a second acts now, not in ten minutes.
    if (m_options.rate && options.rate)
        m_rateSpacer.rescale(now, nanosPer(*m_options.rate), nanosPer(*options.rate));
    else
        m_rateSpacer.reset();
    m_options = options;
    m_concurrency.setOptions(options.concurrency);
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
    if (m_inFlight >= concurrencyNow(now))
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
    if (m_inFlight >= m_concurrency.limit())
        m_concurrency.limitReached();
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
        m_concurrency.ended(now, { .roundTrip = ending.latency, .isBackPressure = isThrottled });
    if (m_breaker.ended(now,
            { .outcome = ending.outcome,
                .hasAccepted = ending.hasAccepted,
                .wasProbe = reservation.isProbe }))
        m_concurrency.slowStart();
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
                .u01 = ending.u01,
                .untilDayEnds = ending.untilDayEnds });
        for (const auto& limiter : *reservation.limiters)
            limiter->throttled(now);
        if (m_options.isAdaptive)
            m_scope->rate.throttled(now, ending.sentAt, cooldown.heldUntil());
    } else if (ending.retryAfter) {
        cooldown.holdFor(now, *ending.retryAfter, ending.u01);
    }
    if (ending.usageRatio >= AdaptiveRate::kUsageStop)
        cooldown.throttled(now,
            { .sentAt = ending.sentAt,
                .retryAfter = std::nullopt,
                .u01 = ending.u01,
                .untilDayEnds = ending.untilDayEnds });
    if (ending.usageRatio > AdaptiveRate::kUsageSlow && m_options.isAdaptive)
        m_scope->rate.usage(now, ending.usageRatio);
}

std::optional<AdaptiveRate::State> ShardPacer::takeRateToKeep()
{
    const auto state = m_scope->rate.state();
    if (!state || state->fellAt <= m_scope->rateKeptAt)
        return std::nullopt;
    m_scope->rateKeptAt = state->fellAt;
    return state;
}

void ShardPacer::holdFor(SteadyTime now, Millis wait, double u01)
{
    m_scope->cooldown.holdFor(now, wait, u01);
}

void ShardPacer::released(const Reservation&) { --m_inFlight; }

void ShardPacer::startRamp(SteadyTime now, Millis duration)
{
    m_resume = { .start = now, .duration = duration };
    m_rampSpacer.reset();
    m_concurrency.slowStart();
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
    const int limit = m_concurrency.limit();
    return share >= 1 ? limit : std::max(1, static_cast<int>(limit * share));
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
    if (cooldown.wasCut())
        throttle += " (longer than 24 h, held for 24 h)";
    add(Hold::Gate::Throttle, cooldown.heldUntil(), std::move(throttle));
    const double share = rampShare(now);
    add(Hold::Gate::Rate, rateAt(now),
        share < 1 ? "Warming up: " + std::to_string(std::lround(share * 100)) + " % of the pace"
                  : "Even spacing of the rate");
    if (m_inFlight >= concurrencyNow(now))
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

std::optional<ShardPacer::Ceiling> ShardPacer::rateCeiling(SteadyTime now) const
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
            tightest = Ceiling {
                .requestsPerSecond = *perSecond, .source = limiter->source(), .learnedAt = {}
            };
    }
    const auto learned = m_scope->rate.learned();
    if (learned && m_scope->rate.limit(now)
        && (!tightest || learned->requestsPerSecond < tightest->requestsPerSecond))
        tightest = Ceiling { .requestsPerSecond = learned->requestsPerSecond,
            .source = CeilingSource::Learned,
            .learnedAt = learned->at };
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

#include "pacing/limiter.h"

#include "pacing/limiter_kinds.h"

#include <algorithm>
#include <utility>

namespace engine::pacing {

Limiter::Limiter(Limit limit, SteadyTime now, WallTime wall)
    : m_limit(std::move(limit))
    , m_steady(now)
    , m_wall(wall)
{
}

Limiter::Limiter(const Limiter& other)
    : m_limit(other.m_limit)
    , m_inFlight(other.m_inFlight)
    , m_taken(other.m_taken)
    , m_steady(other.m_steady)
    , m_wall(other.m_wall)
{
}

Limiter::~Limiter() = default;

SteadyTime Limiter::eligibleAt(SteadyTime now, const Demand& demand, ClaimOwner owner)
{
    const std::int64_t units = unitsOf(demand);
    std::int64_t asked = units + claimedByOthers(now, owner);
    if (m_limit.amount > 0) // a claim never makes a demand impossible, only later
        asked = std::clamp(asked, units, std::max(units, m_limit.amount));
    return roomAt(now, asked, demand.isBulk);
}

std::int64_t Limiter::claimedByOthers(SteadyTime now, ClaimOwner owner)
{
    if (!m_claim || m_claim->owner == owner)
        return 0;
    if (!m_claim->readyAt && roomAt(now, m_claim->units, false) <= now)
        m_claim->readyAt = now;
    if (m_claim->readyAt && now - *m_claim->readyAt > kClaimIdle) {
        m_claim.reset();
        return 0;
    }
    return m_claim->units;
}

void Limiter::claim(SteadyTime now, const Demand& demand, ClaimOwner owner)
{
    static_cast<void>(claimedByOthers(now, owner)); // drops one that nobody came for
    if (!m_claim || m_claim->owner == owner)
        m_claim = Claim { .owner = owner, .units = unitsOf(demand), .readyAt = std::nullopt };
}

void Limiter::dropClaim(ClaimOwner owner)
{
    if (m_claim && m_claim->owner == owner)
        m_claim.reset();
}

void Limiter::reserve(SteadyTime now, const Demand& demand, ClaimOwner owner)
{
    dropClaim(owner);
    const std::int64_t units = unitsOf(demand);
    take(now, units);
    m_inFlight += units;
    m_taken += units;
}

void Limiter::refund(SteadyTime now, const Demand& demand) { refundUnits(now, unitsOf(demand)); }

void Limiter::shrink(SteadyTime now, const Demand& demand, std::int64_t events)
{
    if (m_limit.unit == LimitUnit::Events && events < demand.events)
        refundUnits(now, demand.events - events);
}

void Limiter::refundUnits(SteadyTime now, std::int64_t units)
{
    m_inFlight -= units;
    m_taken -= units;
    giveBack(now, units);
}

void Limiter::answerAll(const Flight& flight)
{
    const std::int64_t units = std::exchange(m_inFlight, 0);
    if (units > 0)
        land(units, flight, true);
}

void Limiter::answered(const Demand& demand, const Flight& flight)
{
    m_inFlight -= unitsOf(demand);
    land(unitsOf(demand), flight, true);
}

void Limiter::unanswered(const Demand& demand, const Flight& flight)
{
    m_inFlight -= unitsOf(demand);
    land(unitsOf(demand), flight, false);
}

void Limiter::throttled(SteadyTime) { }
void Limiter::quotaHeader(const QuotaHeader&, const Flight&) { }
void Limiter::restoreQuota(const QuotaState&, SteadyTime, WallTime) { }

void Limiter::restore(std::span<const SentRequest> sent, SteadyTime now, WallTime wall)
{
    syncWall(now, wall);
    for (const SentRequest& request : sent) {
        const std::int64_t units = m_limit.unit == LimitUnit::Requests ? 1 : request.records;
        const SteadyTime sentAt = std::min(now, toSteady(request.sentAt));
        // In flight when the last run ended: its connection closed some time before now.
        const SteadyTime endedAt
            = request.endedAt ? std::clamp(toSteady(*request.endedAt), sentAt, now) : now;
        m_taken += units;
        recall(units, sentAt, endedAt, now);
    }
}

Millis Limiter::lookback() const
{
    return m_limit.period + m_limit.period / 1'000 + Millis { 5'000 };
}

void Limiter::syncWall(SteadyTime now, WallTime wall)
{
    m_steady = now;
    m_wall = wall;
}

bool Limiter::canBecome(const Limit& limit) const
{
    return limit.unit == m_limit.unit && limit.kind == m_limit.kind && limit.scope == m_limit.scope
        && limit.period <= m_limit.period && (limit.amount > 0) == (m_limit.amount > 0);
}

void Limiter::become(const Limit& limit, SteadyTime) { m_limit = limit; }

std::int64_t Limiter::batchFit(std::int64_t wanted) const
{
    const std::int64_t amount = m_limit.amount;
    if (m_limit.unit == LimitUnit::Requests || amount <= 0)
        return wanted;
    wanted = std::clamp<std::int64_t>(wanted, 1, amount);
    // The amount in as few requests as it takes, all alike: the i-th ends at ⌊i × amount ÷
    // requests⌋. Aiming at these marks, a smaller request now and then is made up for by the next.
    const std::int64_t requests = (amount + wanted - 1) / wanted;
    const std::int64_t at = m_taken % amount;
    const auto mark = [&](std::int64_t i) { return i * amount / requests; };
    std::int64_t index = at * requests / amount + 1;
    if (mark(index) <= at)
        ++index;
    std::int64_t fit = mark(index) - at;
    if (fit * 2 < amount / requests) // not worth a request of its own
        fit += mark(index + 1) - mark(index);
    return std::clamp<std::int64_t>(fit, 1, wanted);
}

std::optional<double> Limiter::unitsPerSecond(SteadyTime) const
{
    if (m_limit.amount <= 0 || m_limit.period <= Millis::zero())
        return std::nullopt;
    return static_cast<double>(m_limit.amount)
        / std::chrono::duration<double>(m_limit.period).count();
}

CeilingSource Limiter::source() const { return m_limit.source; }

Hold::Gate Limiter::gate() const
{
    return m_limit.period > kSpreadPeriodMax ? Hold::Gate::Quota : Hold::Gate::Window;
}

std::shared_ptr<Limiter> makeLimiter(const Limit& limit, SteadyTime now, WallTime wall)
{
    switch (limit.kind) {
    case LimitKind::Rolling:
        return std::make_shared<RollingLimiter>(limit, now, wall);
    case LimitKind::Bucket:
        return std::make_shared<BucketLimiter>(limit, now, wall);
    case LimitKind::Fixed:
        return std::make_shared<FixedLimiter>(limit, now, wall);
    case LimitKind::Header:
        return std::make_shared<HeaderLimiter>(limit, now, wall);
    }
    return std::make_shared<RollingLimiter>(limit, now, wall);
}

} // namespace engine::pacing

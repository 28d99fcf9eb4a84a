#include "delivery/limiter_pool.h"

#include <algorithm>

namespace engine::delivery {

namespace {

const std::string& keyOf(LimitScope scope, const ScopeKeys& keys)
{
    switch (scope) {
    case LimitScope::Account:
        return keys.account;
    case LimitScope::Credential:
        return keys.credential;
    case LimitScope::Destination:
        return keys.destination;
    }
    return keys.destination;
}

Limit stricter(Limit limit, const Limit& other)
{
    limit.amount = std::min(limit.amount, other.amount);
    if (other.burst > 0)
        limit.burst = limit.burst > 0 ? std::min(limit.burst, other.burst) : other.burst;
    return limit;
}

} // namespace

std::string limitName(const Limit& limit)
{
    return std::string(toString(limit.scope)) + '|' + toString(limit.unit) + '|'
        + toString(limit.kind) + '|' + toDurationText(limit.period) + '|' + limit.pool;
}

LimitScope throttleScopeOf(const Contract& contract)
{
    LimitScope widest = LimitScope::Account;
    for (const Limit& limit : contract.limits) {
        if (limit.isEnabled)
            widest = std::max(widest, limit.scope);
    }
    return widest;
}

LimiterPool::Joined LimiterPool::join(
    const Contract& contract, const ScopeKeys& keys, const Now& now, const Past& past)
{
    Joined joined;
    for (const Limit& limit : contract.limits) {
        if (!limit.isEnabled)
            continue;
        const std::string key = keyOf(limit.scope, keys) + '|' + limitName(limit);
        joined.limiters.push_back(limiterFor(key, limit, now, past));
    }
    std::string throttleKey = keyOf(throttleScopeOf(contract), keys);
    for (const Limit& limit : contract.limits) {
        if (limit.isEnabled && !limit.pool.empty())
            throttleKey += '|' + limit.pool;
    }
    auto& throttle = m_throttles[throttleKey];
    if (!throttle)
        throttle = std::make_shared<pacing::ThrottleScope>();
    throttle->cooldown.setOptions({ .first = contract.cooldownMin,
        .most = contract.cooldownMax,
        .jitter = contract.retry.jitter,
        .dayAfter = contract.cooldownDayAfter });
    restore(*throttle, now, past.pace);
    joined.throttle = throttle;
    if (contract.concurrencyScope) {
        auto& slots = m_slots[keyOf(*contract.concurrencyScope, keys)];
        if (!slots)
            slots = std::make_shared<pacing::ConcurrencyScope>();
        joined.slots = slots;
    }
    return joined;
}

void LimiterPool::restore(
    pacing::ThrottleScope& scope, const Now& now, std::span<const PaceRecord> pace)
{
    const auto steadyOf = [&now](WallTime at) { return now.steady + (at - now.wall); };
    for (const PaceRecord& kept : pace) {
        if (kept.limit.empty()) {
            scope.cooldown.restore(now.steady,
                { .heldUntil = steadyOf(kept.until),
                    .doublings = kept.doublings,
                    .wasCut = kept.wasCut,
                    .isRetryAfter = kept.isRetryAfter });
        } else if (kept.limit == kPaceOfRate) {
            pacing::AdaptiveRate::State state { .peak = kept.peak,
                .floor = kept.floor,
                .fellAt = steadyOf(kept.readAt),
                .resumeAt = steadyOf(kept.readAt + kept.window) };
            if (kept.learnedAt)
                state.learned = pacing::LearnedCeiling { .requestsPerSecond = kept.learned,
                    .at = steadyOf(*kept.learnedAt) };
            scope.rate.restore(now.steady, state);
            // This one is on disk already; a later fall of this run may not be.
            scope.rateKeptAt = std::max(scope.rateKeptAt, std::min(state.fellAt, now.steady));
        }
    }
}

std::shared_ptr<pacing::Limiter> LimiterPool::limiterFor(
    const std::string& key, const Limit& limit, const Now& now, const Past& past)
{
    Entry& entry = m_limiters[key];
    Limit wanted = limit;
    if (entry.limiter && entry.generation == m_generation)
        wanted = stricter(limit, entry.limiter->limit());
    entry.generation = m_generation;
    Joins joins = Joins::Later;
    if (entry.limiter && entry.limiter->canBecome(wanted)) {
        if (!(entry.limiter->limit() == wanted))
            entry.limiter->become(wanted, now.steady);
    } else {
        entry.limiter = pacing::makeLimiter(wanted, now.steady, now.wall);
        entry.createdAt = now.steady;
        joins = Joins::First;
    }
    // Of a new limiter everybody who joins in the same moment brings what it sent. One that has run
    // for a while saw it being sent.
    if (entry.createdAt == now.steady && past.sent)
        restore(*entry.limiter, limit, now, past, joins);
    return entry.limiter;
}

void LimiterPool::restore(
    pacing::Limiter& limiter, const Limit& limit, const Now& now, const Past& past, Joins joins)
{
    WallTime from = now.wall - limiter.lookback();
    const std::string name = limitName(limit);
    for (const PaceRecord& kept : past.pace) {
        if (kept.limit != name || kept.until <= now.wall)
            continue;
        limiter.restoreQuota({ .remaining = kept.remaining,
                                 .amount = kept.amount,
                                 .resetAt = kept.until,
                                 .window = kept.window,
                                 .readAt = kept.readAt },
            now.steady, now.wall);
        // The header does not know what was sent after it.
        from = std::min(from, std::max(kept.readAt, now.wall - std::chrono::hours { 24 }));
    }
    limiter.restore(past.sent(from), now.steady, now.wall);
    if (joins == Joins::First && past.orphaned)
        limiter.restore(past.orphaned(limit.scope, from), now.steady, now.wall);
}

void LimiterPool::sync(const Now& now)
{
    for (auto& [key, entry] : m_limiters)
        entry.limiter->syncWall(now.steady, now.wall);
}

void LimiterPool::retire(SteadyTime now)
{
    std::erase_if(m_limiters, [now](auto& item) {
        return item.second.limiter.use_count() == 1 && item.second.limiter->isIdle(now);
    });
    // Whoever has requests in flight holds on to it.
    std::erase_if(m_slots, [](auto& item) { return item.second.use_count() == 1; });
    std::erase_if(m_throttles, [now](auto& item) {
        return item.second.use_count() == 1 && !item.second->cooldown.isHeld(now)
            && !item.second->rate.limit(now);
    });
}

} // namespace engine::delivery

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
    const Contract& contract, const ScopeKeys& keys, const Now& now, const History& history)
{
    Joined joined;
    for (const Limit& limit : contract.limits) {
        if (!limit.isEnabled)
            continue;
        const std::string key = keyOf(limit.scope, keys) + '|' + toString(limit.unit) + '|'
            + toString(limit.kind) + '|' + toDurationText(limit.period) + '|' + limit.pool;
        joined.limiters.push_back(limiterFor(key, limit, now, history));
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
    joined.throttle = throttle;
    return joined;
}

std::shared_ptr<pacing::Limiter> LimiterPool::limiterFor(
    const std::string& key, const Limit& limit, const Now& now, const History& history)
{
    Entry& entry = m_limiters[key];
    Limit wanted = limit;
    if (entry.limiter && entry.generation == m_generation)
        wanted = stricter(limit, entry.limiter->limit());
    entry.generation = m_generation;
    if (entry.limiter && entry.limiter->canBecome(wanted)) {
        if (!(entry.limiter->limit() == wanted))
            entry.limiter->become(wanted, now.steady);
    } else {
        entry.limiter = pacing::makeLimiter(wanted, now.steady, now.wall);
        entry.createdAt = now.steady;
    }
    // Of a new limiter everybody who joins in the same moment brings what it sent. One that has run
    // for a while saw it being sent.
    if (entry.createdAt == now.steady && history) {
        const auto sent = history(now.wall - entry.limiter->lookback());
        entry.limiter->restore(sent, now.steady, now.wall);
    }
    return entry.limiter;
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
    std::erase_if(m_throttles, [now](auto& item) {
        return item.second.use_count() == 1 && !item.second->cooldown.isHeld(now);
    });
}

} // namespace engine::delivery

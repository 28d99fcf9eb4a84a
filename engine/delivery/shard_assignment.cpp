#include "delivery/shard_assignment.h"

#include "delivery/shard_set.h"
#include "delivery/stable_hash.h"

#include <algorithm>
#include <set>

namespace engine::delivery {

namespace {

bool hasWideLimit(const std::vector<Limit>& limits)
{
    return std::any_of(limits.begin(), limits.end(),
        [](const Limit& limit) { return limit.isEnabled && limit.scope != LimitScope::Account; });
}

bool hasWideLimit(const DestinationConfig& destination)
{
    return hasWideLimit(destination.contract.limits)
        || std::any_of(destination.accounts.begin(), destination.accounts.end(),
            [](const AccountConfig& own) { return own.limits && hasWideLimit(*own.limits); });
}

} // namespace

ShardAssignment::ShardAssignment(const Config& config, int threads)
    : m_threads(std::max(threads, 1))
{
    std::set<std::string> wide;
    for (const DestinationConfig& destination : config.destinations) {
        const std::string where = destination.platform + '|' + hostOf(destination.endpoint);
        m_homes[destination.name].where = where;
        if (hasWideLimit(destination))
            wide.insert(where);
    }
    // One wide limit ties the whole platform and host together: an account of it may be shared with
    // a destination that has narrow limits only.
    for (auto& [name, home] : m_homes)
        home.isWide = wide.contains(home.where);
}

int ShardAssignment::threadOf(const ShardId& shard) const
{
    const auto home = m_homes.find(shard.destination);
    std::uint64_t hash = 0;
    if (home == m_homes.end())
        hash = stableHash(shard.account, stableHash(shard.destination));
    else if (home->second.isWide)
        hash = stableHash(home->second.where);
    else
        hash = stableHash(shard.account, stableHash(home->second.where));
    return static_cast<int>(hash % static_cast<std::uint64_t>(m_threads));
}

} // namespace engine::delivery

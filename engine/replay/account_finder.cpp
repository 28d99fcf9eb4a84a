#include "replay/account_finder.h"

#include "core/unknown_account.h"
#include "platforms/accounts.h"
#include "platforms/adapter.h"

#include <algorithm>
#include <set>

namespace engine::replay {
namespace {

class AccountFinder {
public:
    AccountFinder(std::shared_ptr<const Config> config, const SnapshotPtr& snapshot)
        : m_config(std::move(config))
    {
        for (const ShardSnapshot& shard : snapshot->shards) {
            if (shard.shard.account != kUnknownAccount)
                m_known.insert(shard.shard);
        }
    }
    [[nodiscard]] Result<std::string> find(const std::string& name, const StoredEventPtr& event)
    {
        const DestinationConfig* const destination = m_config->destination(name);
        const platforms::Adapter* const adapter
            = destination ? platforms::adapterFor(destination->platform) : nullptr;
        if (adapter == nullptr || destination->accountFrom.empty())
            return std::string(kUnknownAccount);
        const auto canonical = platforms::toCanonical(event);
        if (!canonical)
            return tl::unexpected(canonical.error());
        auto account = platforms::accountIn(canonical->json, *destination, *adapter);
        if (account && !admit({ .destination = name, .account = *account }, *destination))
            return tl::unexpected(platforms::tooManyAccounts(*destination));
        return account;
    }

private:
    [[nodiscard]] bool admit(const ShardId& shard, const DestinationConfig& destination)
    {
        if (m_known.contains(shard))
            return true;
        const auto count = std::count_if(m_known.begin(), m_known.end(),
            [&](const ShardId& known) { return known.destination == shard.destination; });
        if (count >= destination.accountsMax)
            return false;
        m_known.insert(shard);
        return true;
    }

    std::shared_ptr<const Config> m_config;
    std::set<ShardId> m_known {};
};

} // namespace

store::FindAccount accountFinder(std::shared_ptr<const Config> config, const SnapshotPtr& snapshot)
{
    auto finder = std::make_shared<AccountFinder>(std::move(config), snapshot);
    return [finder](const std::string& destination, const StoredEventPtr& event) {
        return finder->find(destination, event);
    };
}

} // namespace engine::replay

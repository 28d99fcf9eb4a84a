// Which destinations an accepted event goes to. Pure but for the set of accounts, which the caller
// owns.
#pragma once

#include "core/config.h"
#include "core/event.h"
#include "core/json.h"
#include "platforms/adapter.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace engine::ingress {

// What routing needs of engine/platforms; tests put fakes here.
struct PlatformPort {
    std::function<const platforms::Adapter*(std::string_view platform)> adapterFor {};
    std::function<std::string(std::string_view givenName)> canonicalName {};
};

// The adapters of engine/platforms.
[[nodiscard]] PlatformPort builtInPlatforms();

// The derived accounts that have a shard, per destination, so that accounts_max holds. Grows with
// the events; not for sharing between threads.
class KnownAccounts {
public:
    void add(const ShardId& shard) { m_accounts[shard.destination][shard.account] = {}; }
    // Whom to ask which shards there are now, when there is no room: retired ones make some. The
    // answer may be a little old, so an account that has just come is no retired one.
    void setLiveShards(std::function<std::vector<ShardId>()> live) { m_live = std::move(live); }
    // Adds it unless that would be one too many; true when it is there now.
    [[nodiscard]] bool admit(const std::string& destination, const std::string& account,
        std::size_t accountsMax, WallTime now);

    // A flood of strange accounts must not ask each time.
    static constexpr int kRefusalsPerLook = 100;

private:
    struct Known {
        WallTime since {}; // of those that were there at start: long ago
        bool wasLive { false }; // when it was looked
    };
    void forgetRetired(const std::string& destination, WallTime now);

    std::map<std::string, std::unordered_map<std::string, Known>> m_accounts {};
    std::function<std::vector<ShardId>()> m_live {};
    int m_refusals { 0 }; // since it was asked last
};

// Built for one configuration; a reload builds another.
class Router {
public:
    Router(std::shared_ptr<const Config> config, const PlatformPort& platforms);

    // Fills deliveries and unrouted of `event`, whose payload is `json`. A destination that does
    // not ask for this event (workspaces, events, where) is simply not meant; one that asks and
    // cannot take it is `unrouted` with the adapter's reason; when nobody asks, unrouted says ""
    // and "no_destination". An account that is missing or of a wrong form makes a delivery with a
    // deadReason, under the account "?".
    void route(NewEvent& event, Json json, KnownAccounts& accounts) const;

private:
    struct Target {
        const DestinationConfig* destination { nullptr }; // in m_config
        const platforms::Adapter* adapter { nullptr };
        std::set<std::string, std::less<>> names {}; // as written, and their canonical names
    };
    [[nodiscard]] static bool isAsked(
        const Target& target, const NewEvent& event, const platforms::CanonicalEvent& canonical);
    [[nodiscard]] static NewDelivery deliveryFor(const Target& target, const NewEvent& event,
        const platforms::CanonicalEvent& canonical, KnownAccounts& accounts);

    std::shared_ptr<const Config> m_config;
    std::function<std::string(std::string_view)> m_canonicalName;
    std::vector<Target> m_targets {};
};

} // namespace engine::ingress

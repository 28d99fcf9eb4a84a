// The shards of one delivery thread, and how the configuration shapes them: contracts, limiters,
// credentials, live overrides.
#pragma once

#include "delivery/limiter_pool.h"
#include "delivery/shard.h"

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace engine::delivery {

using ConfigPtr = std::shared_ptr<const Config>;
using AdapterLookup = std::function<const platforms::Adapter*(std::string_view platform)>;

struct ShardSetPorts {
    DeliveryStore* store { nullptr };
    SecretsLookup secrets {};
    AdapterLookup adapters {};
    std::string salt {}; // for digests of credentials; random
};

// An empty shard is forgotten after this.
inline constexpr Seconds kRetireAfter { 24 * 3600 };

class ShardSet {
public:
    explicit ShardSet(ShardSetPorts ports)
        : m_ports(std::move(ports))
        , m_credentials(m_ports.salt)
    {
    }

    // A shard with this row of the store; known ones stay as they are.
    Shard& add(const ShardRecord& record, const Moment& now);
    // Everything again under another configuration. What was tuned live stays, cut to the new
    // ceilings.
    void applyConfig(ConfigPtr config, const Moment& now);
    // Forgets an empty shard.
    void remove(Shard& shard);

    [[nodiscard]] Shard* find(ShardKey key);
    [[nodiscard]] Shard* find(const ShardId& id);
    [[nodiscard]] Shard& at(ShardIndex index) { return *m_shards[index]; }
    // Those of a target; an empty account means the whole destination.
    [[nodiscard]] std::vector<Shard*> matching(const ShardId& target);
    // Whether a shard of an earlier run has nothing left that anybody could see or that a limit
    // counts: no delivery, no dead letter, no pause, no hold, and nothing sent for as long as a
    // retired shard stays, or as its longest limit looks back.
    [[nodiscard]] bool wasRetired(const ShardRecord& record, const Moment& now) const;
    // Has shards, or may have some later because it is configured.
    [[nodiscard]] bool isKnown(const std::string& destination) const
    {
        return m_byDestination.count(destination) > 0
            || (m_config && m_config->destination(destination) != nullptr);
    }
    // In no particular order; nullptr never.
    [[nodiscard]] std::vector<Shard*> all();
    [[nodiscard]] std::size_t size() const { return m_byKey.size(); }

    // Others that share a limiter with it.
    [[nodiscard]] std::vector<Shard*> sharersOf(const Shard& shard);

    // Live overrides; the destination's covers shards that appear later.
    void tune(const ShardId& target, const Tuning& tuning, const Moment& now);
    // Reads the secrets again. True when they are there and differ, or were missing before.
    bool refreshSecrets(Shard& shard, bool isFresh, const Moment& now);
    // The platform gave another refresh token for this credential. Gives every shard that has it,
    // with its new secrets.
    std::vector<Shard*> replaceRefreshToken(
        const std::shared_ptr<Credential>& credential, const std::string& token);
    // The gates' options from configuration, override and learned batch size.
    void updatePacer(Shard& shard, const Moment& now);
    [[nodiscard]] std::int64_t batchNow(const Shard& shard) const
    {
        return batchUnder(shard, shard.tuning);
    }
    // What the gates would be under another tuning.
    [[nodiscard]] pacing::PacerOptions pacerOptions(const Shard& shard, const Tuning& tuning) const;

    // The first time that the past of a limiter could not be read: a start must not go on then,
    // because its windows would be too empty.
    [[nodiscard]] const Status& history() const { return m_history; }
    [[nodiscard]] LimiterPool& limiters() { return m_limiters; }

private:
    void configure(Shard& shard, const Moment& now);
    void joinLimiters(Shard& shard, const Moment& now);
    [[nodiscard]] std::vector<SentRequest> sentBy(
        const Shard& shard, const std::string& host, WallTime from);
    [[nodiscard]] std::vector<const Shard*> orphansBeside(const Shard& joining, LimitScope scope);
    [[nodiscard]] std::vector<PaceRecord> paceFor(const Shard& joining);
    [[nodiscard]] std::vector<SentRequest> sentByOrphans(
        const Shard& joining, LimitScope scope, WallTime from);
    [[nodiscard]] bool mayShare(const Shard& orphan, const Shard& joining, LimitScope scope) const;
    [[nodiscard]] Tuning tuningOf(const Shard& shard) const;
    void recallRate(Shard& shard, double perSecond, const Moment& now);
    [[nodiscard]] ScopeKeys scopeKeysOf(const Shard& shard) const;
    [[nodiscard]] std::int64_t batchUnder(const Shard& shard, const Tuning& tuning) const;
    void setPrefetch();
    void leaveLimiters(Shard& shard);

    ShardSetPorts m_ports {};
    ConfigPtr m_config {};
    Status m_history {};
    LimiterPool m_limiters {};
    CredentialBook m_credentials;
    std::vector<std::unique_ptr<Shard>> m_shards {};
    std::vector<ShardIndex> m_free {};
    std::unordered_map<ShardKey, ShardIndex> m_byKey {};
    std::unordered_map<ShardId, ShardIndex, ShardIdHash> m_byId {};
    std::map<std::string, std::vector<ShardIndex>> m_byDestination {};
    std::unordered_map<ShardId, Tuning, ShardIdHash> m_tunings {};
    std::unordered_map<const void*, std::vector<ShardIndex>> m_sharers {};
};

// "graph.facebook.com", with a port where one is given; for scope keys and the rebuild of windows.
[[nodiscard]] std::string hostOf(std::string_view url);

} // namespace engine::delivery

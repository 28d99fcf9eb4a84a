// The credentials of one delivery thread and whether the platform takes them. A refused one holds
// every shard that uses it; one delivery probes it from time to time.
#pragma once

#include "core/config.h"
#include "delivery/probe_timer.h"
#include "delivery/token_keeper.h"
#include "platforms/adapter.h"

#include <engine/result.h>
#include <engine/snapshot.h>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

namespace engine::delivery {

// Reads the secrets that a destination names, for one of its accounts; does not wait for anybody.
// `isFresh`: what may have changed is asked for again, and an answer that comes later is told by
// Dispatcher::secretsChanged(). The error names what is missing, never a value.
using SecretsLookup = std::function<Result<platforms::Secrets>(
    const DestinationConfig& destination, const std::string& account, bool isFresh)>;

// The references that count for an account, account's own over the destination's.
[[nodiscard]] std::map<std::string, SecretRef> credentialRefs(
    const DestinationConfig& destination, const std::string& account);

struct Credential {
    std::string scopeKey {}; // of limits with scope credential; a keyed digest, no secret
    CredentialState state { CredentialState::Ok };
    std::string reason {}; // why it was refused, in plain words
    SteadyTime rejectedAt {}; // answers to requests sent before it prove nothing
    ProbeTimer probe {};
    bool isProbeInFlight { false };
    TokenKeeper token {}; // unused where requests carry the secrets themselves
    std::shared_ptr<const platforms::Secrets> withToken {}; // the secrets and the present token
};

class CredentialBook {
public:
    // `salt` keys the digests, so that they tell nothing outside this process.
    explicit CredentialBook(std::string salt)
        : m_salt(std::move(salt))
    {
    }
    // One object for all shards whose secrets are equal. A rotated secret keeps its scope key: the
    // account behind it is the same, and so is what was already sent.
    [[nodiscard]] std::shared_ptr<Credential> find(const DestinationConfig& destination,
        const std::string& account, const Result<platforms::Secrets>& secrets);
    // From now on these secrets are this credential's: the platform replaced one of them.
    void adopt(const std::shared_ptr<Credential>& credential, const DestinationConfig& destination,
        const platforms::Secrets& secrets);

private:
    [[nodiscard]] std::string digest(std::string_view text) const;
    [[nodiscard]] std::string keyOf(
        const DestinationConfig& destination, const platforms::Secrets& secrets) const;

    std::string m_salt {};
    std::unordered_map<std::string, std::weak_ptr<Credential>> m_byValue {};
    std::unordered_map<std::string, std::string> m_scopeByRefs {};
};

} // namespace engine::delivery

// The limiters and throttle holds of one delivery thread, by scope key: shards with the same key
// share them by pointer.
#pragma once

#include "core/contract.h"
#include "core/delivery.h"
#include "pacing/limiter.h"
#include "pacing/shard_pacer.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace engine::delivery {

// Platform and host belong to each of them, so equal accounts of two platforms stay apart.
struct ScopeKeys {
    std::string account {};
    std::string credential {};
    std::string destination {};
};

class LimiterPool {
public:
    // What the joining shard sent at or after an instant, for the rebuild.
    using History = std::function<std::vector<SentRequest>(WallTime from)>;
    struct Past {
        History sent {};
        std::span<const PaceRecord> pace {}; // what the platform had said to that shard
        // What shards sent that join no more, because their destination is gone from the
        // configuration or has another name there: asked once for each new limiter.
        std::function<std::vector<SentRequest>(LimitScope scope, WallTime from)> orphaned {};
    };
    struct Now {
        SteadyTime steady {};
        WallTime wall {};
    };
    struct Joined {
        std::vector<std::shared_ptr<pacing::Limiter>> limiters {};
        std::shared_ptr<pacing::ThrottleScope> throttle {};
        std::shared_ptr<pacing::ConcurrencyScope> slots {}; // null: the shard's own
    };

    // Limits that come before the next beginReload() share by the strictest amount; after it the
    // first one to join sets it anew.
    void beginReload() { ++m_generation; }
    [[nodiscard]] Joined join(
        const Contract& contract, const ScopeKeys& keys, const Now& now, const Past& past);
    // Once a second and after a jump of the wall clock.
    void sync(const Now& now);
    // Forgets what nobody uses and what can hold nothing any more.
    void retire(SteadyTime now);

private:
    struct Entry {
        std::shared_ptr<pacing::Limiter> limiter {};
        std::uint64_t generation { 0 };
        SteadyTime createdAt {};
    };
    [[nodiscard]] std::shared_ptr<pacing::Limiter> limiterFor(
        const std::string& key, const Limit& limit, const Now& now, const Past& past);
    static void restore(
        pacing::ThrottleScope& scope, const Now& now, std::span<const PaceRecord> pace);
    enum class Joins : std::uint8_t { First, Later };
    static void restore(pacing::Limiter& limiter, const Limit& limit, const Now& now,
        const Past& past, Joins joins);

    std::unordered_map<std::string, Entry> m_limiters {};
    std::unordered_map<std::string, std::shared_ptr<pacing::ThrottleScope>> m_throttles {};
    std::unordered_map<std::string, std::shared_ptr<pacing::ConcurrencyScope>> m_slots {};
    std::uint64_t m_generation { 1 };
};

// Tells the limits of one shard apart, also in what is kept over a restart.
[[nodiscard]] std::string limitName(const Limit& limit);

// The scope that a throttle holds: the widest of the limits in force, since any of them may have
// been meant.
[[nodiscard]] LimitScope throttleScopeOf(const Contract& contract);

} // namespace engine::delivery

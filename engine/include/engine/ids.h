// Ids are distinct types, so a bare int no longer fits.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace engine {

enum class EventSeq : std::int64_t {}; // journal row, in order of acceptance
enum class ShardKey : std::int64_t {
}; // row of a shard in the store; never reused in one data directory
enum class RequestId : std::int64_t {}; // one HTTP call; grows with time
enum class DeadLetterId : std::int64_t {};
enum class ReplayJobId : std::int64_t {};
enum class SelectionId : std::int64_t {}; // a frozen set of deliveries, see pages.h
enum class AuditId : std::int64_t {};
enum class CommandId : std::int64_t {};

template <class Id>
[[nodiscard]] constexpr std::int64_t toInt(Id id)
{
    return static_cast<std::int64_t>(id);
}

// Destination × account: the unit of queueing, pausing, charts and alerts. Text is UTF-8.
// An empty account names the destination as a whole (in snapshots and commands), never a shard.
struct ShardId {
    std::string destination {};
    std::string account {};
    friend auto operator<=>(const ShardId&, const ShardId&) = default;
    [[nodiscard]] bool isWholeDestination() const { return account.empty(); }
};

[[nodiscard]] std::string toString(const ShardId& shard); // "meta-main/1029384756", "meta-main"
[[nodiscard]] ShardId parseShardId(const std::string& text); // splits at the first '/'

struct ShardIdHash {
    std::size_t operator()(const ShardId& shard) const noexcept
    {
        const std::size_t a = std::hash<std::string> {}(shard.destination);
        return a
            ^ (std::hash<std::string> {}(shard.account) + 0x9e3779b97f4a7c15ULL + (a << 6)
                + (a >> 2));
    }
};

} // namespace engine

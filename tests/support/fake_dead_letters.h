// Up to a million dead letters made from their id alone: nothing is kept but what a command
// changed. Ids are 1…size, in order of first failure.
#pragma once

#include <engine/commands.h>
#include <engine/pages.h>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace engine::testing {

class FakeDeadLetters {
public:
    static constexpr std::size_t kKindsMax = 4;
    struct Options {
        std::int64_t size { 0 };
        std::uint32_t seed { 7 };
        std::vector<ShardId> shards {}; // where they failed; empty: none can exist
        WallTime now {}; // the newest one failed just before
    };
    explicit FakeDeadLetters(Options options);

    [[nodiscard]] std::int64_t size() const { return m_options.size; }
    [[nodiscard]] std::int64_t waiting() const { return m_waiting; }
    [[nodiscard]] DeadLetterRow row(DeadLetterId id) const;
    [[nodiscard]] DeadLetterDetail detail(DeadLetterId id) const;
    [[nodiscard]] DeadLetterPage page(const DeadLetterQuery& query) const;
    [[nodiscard]] std::vector<DeadLetterGroup> groups(const DeadLetterFilter& filter) const;
    [[nodiscard]] std::vector<DeadLetterId> select(const DeadLetterFilter& filter) const;
    void setStatus(const std::string& fingerprint, GroupStatus status, const std::string& note);
    void shape(const GroupShapeCommand& command);
    void setJob(DeadLetterId id, ReplayJobId job) { m_jobs[toInt(id)] = job; }
    void setState(DeadLetterId id, DeadLetterState state);
    void grow(std::int64_t by, WallTime now); // new ones, newest last
    [[nodiscard]] std::int64_t waitingOf(const ShardId& shard) const;
    [[nodiscard]] std::string topFingerprintOf(const ShardId& shard) const;

private:
    [[nodiscard]] bool matches(const DeadLetterRow& row, const DeadLetterFilter& filter) const;
    [[nodiscard]] bool mayMatch(std::int64_t id, const DeadLetterFilter& filter) const;
    [[nodiscard]] std::vector<DeadLetterGroup> plainGroups() const;
    [[nodiscard]] DeadLetterGroup remarked(DeadLetterGroup group) const;
    [[nodiscard]] std::string groupOf(const std::string& fingerprint) const;
    [[nodiscard]] std::size_t shardOf(std::int64_t id) const;
    [[nodiscard]] std::size_t kindOf(std::int64_t id) const;
    [[nodiscard]] DeadLetterState stateOf(std::int64_t id) const;
    [[nodiscard]] WallTime failedAt(std::int64_t id) const;

    Options m_options;
    std::int64_t m_startSize; // those older than the run
    std::int64_t m_waiting;
    std::map<std::string, std::pair<GroupStatus, std::string>> m_remarks;
    std::map<std::int64_t, DeadLetterState> m_states; // only what differs from Waiting
    std::map<std::string, std::string> m_mergedInto;
    std::set<std::string> m_split;
    std::map<std::int64_t, ReplayJobId> m_jobs; // that sent it again last
    std::vector<std::int64_t> m_waitingPerShard;
    std::vector<std::array<std::int64_t, kKindsMax>> m_waitingPerKind; // by shard
};

} // namespace engine::testing

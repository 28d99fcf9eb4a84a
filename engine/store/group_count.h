// Groups of dead letters while they are counted: fingerprints, as operators have joined and split
// them.
#pragma once

#include <engine/pages.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace engine::store {

struct GroupCount {
    struct Remark {
        GroupStatus status { GroupStatus::New };
        std::string note {};
        std::string who {};
        WallTime saidAt {};
    };
    struct Sum {
        DeadLetterGroup group {};
        std::set<std::int64_t> shards {};
    };
    // (fingerprint, shard): the shard is 0 unless the group is split by account.
    using Key = std::pair<std::string, std::int64_t>;

    WallTime now {}; // the end of the trends; without it there are none
    std::map<Key, Sum> sums {};
    std::map<std::string, std::string> mergedInto {};
    std::set<std::string> splitByAccount {};
    std::map<std::string, Remark> remarks {};
    std::map<std::int64_t, ShardId> shards {};
    std::int64_t after { 0 }; // dead letter id
    bool isPrepared { false };
    bool isDone { false };

    // The group in which a fingerprint is counted on this shard.
    [[nodiscard]] Key keyOf(const std::string& fingerprint, std::int64_t shard) const;
    // Largest first, at most 500.
    [[nodiscard]] std::vector<DeadLetterGroup> groups() const;
};

} // namespace engine::store

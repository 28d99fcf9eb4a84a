// What operators changed live, which of it is a trial, and what a trial goes back to. Pure: takes
// commands and the time, returns what is to be put in force and kept. One thread.
#pragma once

#include "delivery/tuning.h"
#include "store/reader.h"

#include <engine/commands.h>
#include <engine/snapshot.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace engine {

class OverrideBook {
public:
    struct Trial {
        WallTime until {};
        delivery::Tuning before {}; // empty: nothing of its own was in force
        friend bool operator==(const Trial&, const Trial&) = default;
    };
    // Who set it and when left aside: what two moments are compared by.
    struct Entry {
        delivery::Tuning tuning {};
        std::optional<Trial> trial {};
        friend bool operator==(const Entry&, const Entry&) = default;
    };
    using Entries = std::map<ShardId, Entry>;
    struct Override {
        delivery::Tuning tuning {};
        std::optional<Trial> trial {};
        std::string who {};
        WallTime setAt {};
    };
    // Put in force in this order: what is said of a whole destination replaces what was said of
    // its shards, so those that stay come after it.
    struct Change {
        ShardId target {};
        Override next {};
        bool isAsked { true }; // false: put back in force after its destination
        bool isCut { false }; // above a ceiling it is cut, because it was in force before
    };
    using Changes = std::vector<Change>;
    struct Author {
        std::string who {};
        WallTime now {};
    };

    explicit OverrideBook(const std::vector<store::OverrideRow>& rows = {});

    // Nothing changes until set(): delivery may refuse.
    [[nodiscard]] Result<Changes> plan(const TuneCommand& command, const Author& author) const;
    [[nodiscard]] Result<Changes> plan(const TrialCommand& command, const Author& author) const;
    // Of the targets and, where one is a whole destination, of all its shards.
    [[nodiscard]] Entries entries(const std::vector<ShardId>& targets) const;
    // Brings back what entries() gave before. A trial that would be over by now is not begun again:
    // what it would have gone back to is put in force.
    [[nodiscard]] Changes restoring(
        const std::vector<ShardId>& targets, const Entries& before, const Author& author) const;
    // Takes it over, and returns what the store has to keep for it.
    [[nodiscard]] std::vector<store::OverrideRow> set(const Change& change);

    // To put in force at start: a trial that ended meanwhile gives what was before it.
    [[nodiscard]] Changes atStart(WallTime now) const;
    [[nodiscard]] std::vector<ShardId> targets() const;
    // The highest values that each target may have; what is absent has no ceiling.
    using Ceilings = std::map<ShardId, delivery::Tuning>;
    // The first override that is above its ceiling, cut to it, with what its trial goes back to.
    // Empty: none is, but for those that were allowed to be.
    [[nodiscard]] Changes cut(const Ceilings& ceilings, const Author& author) const;
    // Trials whose time is over.
    [[nodiscard]] std::vector<ShardId> ended(WallTime now) const;

    // Own override, else the one of the destination. Null: as configured.
    [[nodiscard]] const Override* covering(const ShardId& shard) const;
    [[nodiscard]] std::optional<TuningTrial> trialOf(const ShardId& shard) const;
    // "concurrency 8, a trial until …": of what covers the target.
    [[nodiscard]] std::string describe(const ShardId& target) const;
    [[nodiscard]] std::string toToml() const;

    static constexpr Seconds kTrialLongest { 30 * 24 * 3'600 };

private:
    [[nodiscard]] const Override* find(const ShardId& target) const;
    [[nodiscard]] Override changed(
        const ShardId& target, const TuneCommand& command, const Author& author) const;
    [[nodiscard]] std::vector<ShardId> ownShards(const ShardId& destination) const;
    void addStaying(Changes& changes) const;

    std::map<ShardId, Override> m_overrides {};
};

} // namespace engine

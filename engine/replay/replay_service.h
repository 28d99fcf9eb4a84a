// Replay jobs: feeds the running ones at the pace that JobPacer allows, keeps the others still, and
// takes back what a cancelled one left in its lane.
#pragma once

#include "replay/job_pacer.h"
#include "replay/replay_ports.h"
#include "replay/selector.h"

#include <engine/commands.h>
#include <engine/engine_port.h>
#include <engine/snapshot.h>

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace engine::replay {

// Lives in one thread (the host's); every method is called there, and replies run there.
class ReplayService {
public:
    // `jobs` as the store has them at start: those that do not run are held before anything of them
    // can be sent.
    ReplayService(ReplayPorts ports, std::vector<store::ReplayJobRow> jobs);
    ReplayService(const ReplayService&) = delete;
    ReplayService& operator=(const ReplayService&) = delete;

    [[nodiscard]] Selector& selector() { return m_selector; }

    void create(const ReplayCommand& command, const std::string& title, const std::string& who,
        const Reply<ReplayJobId>& reply);
    // Answers how many entries were taken back out of the lanes (Cancel only).
    void control(
        ReplayJobId job, ReplayControlCommand::Action action, const Reply<std::int64_t>& reply);
    void setPace(const ReplayPaceCommand& command, const std::function<void(Status)>& reply);

    // Four times a second: reads how the jobs stand, then feeds, holds, stops or ends them.
    void tick(SteadyTime now, const EngineSnapshot& snapshot);
    // For the snapshot; newest first.
    [[nodiscard]] std::vector<ReplayJobSnapshot> jobs() const;

    static constexpr std::size_t kLogMax = 50;
    static constexpr int kJobsMax = 50;

private:
    struct Running {
        JobPacer pacer;
        std::vector<ShardId> shards {};
        bool areShardsKnown { false }; // without them a job has no guards, and is not fed
        bool isFeeding { false }; // a step is on its way to the store
        Feed last {};
        Surroundings around {};
        std::deque<std::pair<SteadyTime, std::int64_t>> ended {}; // of the last 10 s
    };
    // What the window is told beside the row.
    struct Story {
        std::deque<ReplayJobEvent> log {};
        std::vector<ShardId> shards {};
        std::int64_t newSince { 0 };
    };

    [[nodiscard]] store::ReplayJobRow* find(ReplayJobId job);
    void readRows();
    void readShards(const store::ReplayJobRow& row);
    void readNewSince();
    void step(SteadyTime now, const store::ReplayJobRow& row, const EngineSnapshot& snapshot);
    void tellChanges(ReplayJobId job, const Feed& before, const Feed& now);
    void feed(ReplayJobId job, std::int64_t count);
    void changed(ReplayJobId job, store::JobState state, const std::string& reason);
    void noteState(ReplayJobId job, store::JobState state);
    void setState(ReplayJobId job, store::JobState state, const std::string& reason);
    void hold(ReplayJobId job, bool isHeld);
    void reconcile(const store::ReplayJobRow& row);
    struct Taking {
        ReplayJobId job {};
        bool isCancel { false }; // the first step, which also sets the state
        std::int64_t count { 0 };
        Reply<std::int64_t> reply {};
    };
    void cancel(ReplayJobId job, const Reply<std::int64_t>& reply);
    void takeBack(const Taking& taking);
    void note(ReplayJobId job, std::string text);
    [[nodiscard]] ReplayJobSnapshot toSnapshot(const store::ReplayJobRow& row) const;

    ReplayPorts m_ports;
    Selector m_selector;
    std::map<ReplayJobId, Running> m_running {};
    std::map<ReplayJobId, Story> m_stories {};
    std::set<ReplayJobId> m_held {};
    std::set<ReplayJobId> m_taking {}; // a take-back is on its way
    std::vector<store::ReplayJobRow> m_rows {};
    bool m_isReading { false };
    std::uint64_t m_generation { 0 }; // of m_rows; counts up when a job is changed here
    std::uint64_t m_ticks { 0 };
};

} // namespace engine::replay

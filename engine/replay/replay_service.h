// Replay jobs: feeds the running ones at the pace that JobPacer allows, keeps the others still, and
// takes back what a cancelled one left in its lane.
#pragma once

#include "replay/job_snapshot.h"
#include "replay/job_stories.h"
#include "replay/replay_ports.h"
#include "replay/selector.h"
#include "replay/take_back.h"

#include <engine/commands.h>
#include <engine/engine_port.h>
#include <engine/snapshot.h>

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

    // Answers in a reader thread.
    void sample(SelectionId selection, const Reply<std::vector<ReplaySample>>& reply);

    // Four times a second: reads how the jobs stand, then feeds, holds, stops or ends them.
    void tick(SteadyTime now, const EngineSnapshot& snapshot);
    // For the snapshot; newest first.
    [[nodiscard]] std::vector<ReplayJobSnapshot> jobs() const;

    static constexpr int kJobsMax = 50;

private:
    [[nodiscard]] store::ReplayJobRow* find(ReplayJobId job);
    void readRows();
    void readShards(const store::ReplayJobRow& row);
    void step(SteadyTime now, const store::ReplayJobRow& row, const EngineSnapshot& snapshot);
    void tellChanges(ReplayJobId job, const Feed& before, const Feed& now);
    void feed(ReplayJobId job, std::int64_t count);
    void changed(ReplayJobId job, store::JobState state, const std::string& reason);
    void noteState(ReplayJobId job, store::JobState state);
    void setState(ReplayJobId job, store::JobState state, const std::string& reason);
    void hold(ReplayJobId job, bool isHeld);
    void reconcile(const store::ReplayJobRow& row);

    ReplayPorts m_ports;
    Selector m_selector;
    JobStories m_stories;
    TakeBack m_takeBack;
    std::map<ReplayJobId, Running> m_running {};
    std::set<ReplayJobId> m_held {};
    std::vector<store::ReplayJobRow> m_rows {};
    bool m_isReading { false };
    std::uint64_t m_generation { 0 }; // of m_rows; counts up when a job is changed here
    std::uint64_t m_ticks { 0 };
};

} // namespace engine::replay

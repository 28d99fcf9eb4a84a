// Selections, previews and jobs: asks the store step by step, and feeds running jobs at the pace
// that JobPacer allows.
#pragma once

#include "replay/job_pacer.h"
#include "store/reader.h"
#include "store/selections.h"
#include "store/store.h"

#include <engine/commands.h>
#include <engine/engine_port.h>
#include <engine/pages.h>
#include <engine/snapshot.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace engine::replay {

struct ServicePorts {
    store::Store* store { nullptr }; // outlives the service
    // Runs work in the service's thread; may be called from any thread.
    std::function<void(std::function<void()>)> post {};
    // Runs a read in a reader thread; the work itself posts its answer back. Always run, with an
    // error where nothing can be read.
    std::function<void(std::function<void(Result<store::Reader*>)>)> read {};
    // Destination → version of the encoder it would use now.
    std::function<std::map<std::string, std::string>()> encoders {};
};

// Lives in one thread (the host's); every method is called there, and replies run there.
class ReplayService {
public:
    explicit ReplayService(ServicePorts ports);

    // Freezes a selection and counts it; a second request while one is being frozen waits its turn
    // by itself, because each step is a job of the store's queue.
    void preview(SelectionRequest request, Reply<ReplayPreview> reply);
    void archive(SelectionId selection, bool restore,
        const std::function<void(Result<store::ArchiveStep>)>& reply);
    void create(const ReplayCommand& command, const std::string& title, const std::string& who,
        Reply<ReplayJobId> reply);
    void control(
        ReplayJobId job, ReplayControlCommand::Action action, std::function<void(Status)> reply);

    // Four times a second: reads how the jobs stand, then feeds, holds, stops or ends them.
    void tick(SteadyTime now, const EngineSnapshot& snapshot);
    // For the snapshot; newest first.
    [[nodiscard]] std::vector<ReplayJobSnapshot> jobs() const;

private:
    struct Running {
        JobPacer pacer;
        std::vector<ShardId> shards {};
        bool isFeeding { false }; // a step is on its way to the store
        std::string hold {};
        double perSecond { 0 };
    };
    void grow(SelectionId selection, const SelectionRequest& request,
        const store::VerdictInput& input, store::SelectionCursor cursor,
        const Reply<ReplayPreview>& reply);
    void answerPreview(SelectionId selection, Reply<ReplayPreview> reply);
    void archiveFrom(SelectionId selection, bool restore, store::ArchiveStep sum,
        const std::function<void(Result<store::ArchiveStep>)>& reply);
    void step(SteadyTime now, const store::ReplayJobRow& row, const EngineSnapshot& snapshot);
    void feed(ReplayJobId job, std::int64_t count);
    void setState(ReplayJobId job, store::JobState state, std::string reason);
    [[nodiscard]] static Surroundings look(
        const EngineSnapshot& snapshot, const std::vector<ShardId>& shards);

    ServicePorts m_ports;
    std::map<ReplayJobId, Running> m_running {};
    std::vector<store::ReplayJobRow> m_rows {};
    bool m_isReading { false };
    std::uint64_t m_generation { 0 }; // of m_rows; counts up when a job is added here
};

} // namespace engine::replay

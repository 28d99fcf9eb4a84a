// Carries out what operators ask for, and writes down who asked for what and what came of it.
#pragma once

#include "core/clock.h"
#include "delivery/delivery_loop.h"
#include "replay/replay_service.h"
#include "store/reader.h"
#include "store/store.h"

#include <engine/commands.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace engine {

struct CommandPorts {
    const Clock* clock { nullptr };
    store::Store* store { nullptr };
    delivery::DeliveryLoop* loop { nullptr };
    replay::ReplayService* replay { nullptr };
    std::function<void(std::function<void()>)> post {}; // into the desk's thread
    std::function<void(std::vector<store::TakenRows>)> taken {}; // delivery forgets these rows
    std::function<Status()> reload {};
    std::function<void(Annotation)> annotate {};
    std::function<void()> refresh {}; // a new reading and snapshot, soon
};

// Lives in the host's thread; replies run there.
class CommandDesk {
public:
    using Done = std::function<void(CommandResult)>;

    CommandDesk(CommandPorts ports, const std::vector<store::OverrideRow>& overrides);

    void submit(Command command, Done done);
    // Puts the overrides of the last run in force again.
    void restore();
    // Once a second: trials whose time is over go back by themselves, audited.
    void tick(WallTime now);

    [[nodiscard]] std::string overridesToml() const;

private:
    struct Job { // one command on its way
        Command command {};
        Done done {};
        CommandResult result {};
        std::string action {};
        std::string target {};
    };
    using JobPtr = std::shared_ptr<Job>;
    struct Override {
        delivery::Tuning tuning {};
        std::optional<WallTime> until {};
        std::string who {};
        WallTime setAt {};
    };

    void run(const JobPtr& job, const PauseCommand& command);
    void run(const JobPtr& job, const ResumeCommand& command);
    void run(const JobPtr& job, const TuneCommand& command);
    void run(const JobPtr& job, const ProbeCommand& command);
    void run(const JobPtr& job, const ArchiveCommand& command);
    void run(const JobPtr& job, const ReplayCommand& command);
    void run(const JobPtr& job, const ReplayControlCommand& command);
    void run(const JobPtr& job, const ReplayPaceCommand& command);
    void run(const JobPtr& job, const PurgeCommand& command);
    void run(const JobPtr& job, const GroupStatusCommand& command);
    void run(const JobPtr& job, const MoveOrphansCommand& command);
    void run(const JobPtr& job, const ReloadCommand& command);

    void setDesired(const JobPtr& job, const std::vector<ShardId>& targets,
        const delivery::DesiredChange& change);
    void tuneNext(const JobPtr& job, const TuneCommand& command, std::size_t index);
    void keep(const ShardId& target, const Override& value);
    using Orphans = std::vector<std::pair<ShardKey, ShardId>>;
    void moveOrphans(const JobPtr& job, const std::shared_ptr<Orphans>& left);
    void finish(const JobPtr& job);
    void failed(const JobPtr& job, const Error& error);

    CommandPorts m_ports;
    std::map<ShardId, Override> m_overrides {};
    std::int64_t m_lastId { 0 };
};

} // namespace engine

// Carries out what operators ask for, and writes down who asked for what and what came of it.
#pragma once

#include "core/clock.h"
#include "core/config.h"
#include "delivery/delivery_loop.h"
#include "override_book.h"
#include "replay/replay_service.h"
#include "sale_book.h"
#include "store/reader.h"
#include "store/store.h"
#include "undo_record.h"

#include <engine/commands.h>

#include <deque>
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
    std::function<ProfileConfig()> profile {};
    std::function<Thresholds()> thresholdsConfigured {};
    // Runs a read in a reader thread, always, with an error where nothing can be read.
    std::function<void(std::function<void(Result<store::Reader*>)>)> read {};
    std::function<SaleBook::Windows()> saleWindows {};
    std::function<Status()> reload {};
    std::function<void(Annotation)> annotate {};
    std::function<void()> refresh {}; // a new reading and snapshot, soon
};

// Lives in the host's thread; replies run there.
class CommandDesk {
public:
    using Done = std::function<void(CommandResult)>;

    CommandDesk(CommandPorts ports, const std::vector<store::OverrideRow>& overrides);

    // Refused at safety level Observe, but for a reload and a note. What the engine does by itself
    // (a trial ends) is not asked.
    void submit(Command command, Done done);
    // Whether an entry of the audit can be taken back as things stand.
    void checkRevert(AuditId entry, std::function<void(Result<RevertCheck>)> done);
    // Puts the overrides of the last run in force again, before delivery sends anything.
    void restore();
    // After a start and after a reload: overrides above what the configuration allows now are cut
    // to it, for good. Each is an entry of the audit.
    void cutToCeilings();
    // Destinations that wait for an operator's first resume; audited like a pause by hand.
    void pauseNew(std::vector<ShardId> destinations);
    // Once a second: trials whose time is over go back by themselves, audited; what the store
    // refused is written again.
    void tick(WallTime now);

    [[nodiscard]] const OverrideBook& overrides() const { return m_overrides; }
    [[nodiscard]] Thresholds thresholds() const; // in force: as configured, and overridden live
    [[nodiscard]] SaleMode sale() const;

    static constexpr std::size_t kUnwrittenMax = 10'000; // beyond it the oldest is lost, and logged

private:
    struct Job { // one command on its way
        Command command {};
        Done done {};
        CommandResult result {};
        std::string action {};
        std::string target {};
        std::optional<AuditId> undoOf {};
        std::string correlation {};
        std::optional<UndoRecord> undo {}; // kept when all went well
        std::string unkept {}; // why a restart would forget it
        bool isLasting { false }; // waits for delivery to start, in place of failing
        bool isFinal { false }; // nobody may take it back
    };
    using JobPtr = std::shared_ptr<Job>;
    [[nodiscard]] JobPtr makeJob(Command command, Done done);
    void start(const JobPtr& job);

    using ChangesPtr = std::shared_ptr<const OverrideBook::Changes>;

    void run(const JobPtr& job, const PauseCommand& command);
    void run(const JobPtr& job, const ResumeCommand& command);
    void run(const JobPtr& job, const TuneCommand& command);
    void run(const JobPtr& job, const TrialCommand& command);
    void run(const JobPtr& job, const ProbeCommand& command);
    void run(const JobPtr& job, const ArchiveCommand& command);
    void run(const JobPtr& job, const ReplayCommand& command);
    void run(const JobPtr& job, const ReplayControlCommand& command);
    void run(const JobPtr& job, const ReplayPaceCommand& command);
    void run(const JobPtr& job, const PurgeCommand& command);
    void run(const JobPtr& job, const GroupStatusCommand& command);
    void run(const JobPtr& job, const GroupShapeCommand& command);
    void run(const JobPtr& job, const MoveOrphansCommand& command);
    void run(const JobPtr& job, const SaleCommand& command);
    void run(const JobPtr& job, const ReloadCommand& command);
    void run(const JobPtr& job, const ThresholdsCommand& command);
    void run(const JobPtr& job, const RevertCommand& command);
    void run(const JobPtr& job, const NoteCommand& command);

    void setDesired(const JobPtr& job, const std::vector<ShardId>& targets,
        const delivery::DesiredChange& change);
    void setDesired(const JobPtr& job, std::vector<delivery::DesiredChange> changes,
        const std::vector<ShardId>& targets);
    void notePauses(const JobPtr& job, std::function<void()> next);
    void setThresholds(const JobPtr& job, const ThresholdsCommand& command);
    void setGroupStatus(const JobPtr& job, const GroupStatusCommand& command);
    void shapeGroups(const JobPtr& job, const GroupShapeCommand& command);
    void setSale(const JobPtr& job, const SaleCommand& command);
    void move(const JobPtr& job, const ArchiveCommand& command, const store::MovedWithin& when);

    // command_desk_revert.cpp
    struct Revertible { // an entry that has a way back, and whether it is open
        AuditRow row {};
        std::optional<UndoRecord> undo {};
        RevertCheck check {};
    };
    using Checked = std::function<void(Result<Revertible>)>;
    void look(AuditId entry, Checked checked);
    void check(Revertible found, const TuningUndo& undo, const Checked& checked);
    void check(Revertible found, const PauseUndo& undo, const Checked& checked);
    void check(Revertible found, const ArchiveUndo& undo, const Checked& checked);
    void check(Revertible found, const GroupUndo& undo, const Checked& checked);
    void check(Revertible found, const ThresholdsUndo& undo, const Checked& checked);
    void check(Revertible found, const GroupShapeUndo& undo, const Checked& checked);
    void check(Revertible found, const SaleUndo& undo, const Checked& checked);
    void revert(const JobPtr& job, const TuningUndo& undo);
    void revert(const JobPtr& job, const PauseUndo& undo);
    void revert(const JobPtr& job, const ArchiveUndo& undo);
    void revert(const JobPtr& job, const GroupUndo& undo);
    void revert(const JobPtr& job, const ThresholdsUndo& undo);
    void revert(const JobPtr& job, const GroupShapeUndo& undo);
    void revert(const JobPtr& job, const SaleUndo& undo);
    using Orphans = std::vector<std::pair<ShardKey, ShardId>>;
    void moveOrphans(const JobPtr& job, const std::shared_ptr<Orphans>& left);
    [[nodiscard]] OverrideBook::Author authorOf(const Job& job) const;
    void cut(const OverrideBook::Ceilings& ceilings);
    void put(const JobPtr& job, const Result<OverrideBook::Changes>& changes,
        const std::vector<ShardId>& targets);
    void putNext(const JobPtr& job, const ChangesPtr& changes, std::size_t index);
    [[nodiscard]] std::function<void(Error)> otherwise(const JobPtr& job);
    void keep(const JobPtr& job, std::vector<store::OverrideRow> rows);
    // In order, one after the other; what fails stays first in line. `told` hears of the first try.
    using Work = std::function<Status(store::WriteTransaction&)>;
    void write(Work work, std::function<void(const Status&)> told);
    void writeNext();
    void endTrials(WallTime now);
    void showSale();
    void annotate(const Job& job, WallTime now);
    void finish(const JobPtr& job);
    void failed(const JobPtr& job, const Error& error);
    static void append(std::string& text, const std::string& part); // "; " between them

    CommandPorts m_ports;
    OverrideBook m_overrides;
    std::map<Threshold, double> m_thresholds {}; // overridden live
    SaleBook m_sale;
    std::optional<bool> m_wasSale {}; // at the last tick
    struct Pending {
        Work work {};
        std::function<void(const Status&)> told {}; // empty: it has been told
    };
    std::deque<Pending> m_unwritten {};
    bool m_isWriting { false };
    // Trials whose end is on its way, or was refused: then when to try again.
    std::map<ShardId, WallTime> m_ending {};
    std::int64_t m_lastId { 0 };
};

} // namespace engine

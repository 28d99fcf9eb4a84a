// What an operator can tell the engine. Every command is asynchronous, audited, and answered with
// before and after.
#pragma once

#include <engine/ids.h>
#include <engine/pages.h>
#include <engine/result.h>
#include <engine/snapshot.h>
#include <engine/time.h>

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace engine {

// Targets with an empty account mean the whole destination, also shards of it that appear later.
struct PauseCommand {
    std::vector<ShardId> targets {};
    Desired mode { Desired::Paused }; // Paused or RetriesPaused
    std::optional<WallTime> until {}; // absent: until resumed
    PauseCause cause { PauseCause::Operator };
};
struct ResumeCommand {
    std::vector<ShardId> targets {};
};

// A field that is absent stays as it is; `reset` first drops the live override of all three. With
// `keepFor` it is a trial: it goes back by itself to what was in force before it, also when the
// engine was stopped at its end. A trial on a trial gives it a new end and the first one's way
// back.
struct TuneCommand {
    std::vector<ShardId> targets {};
    std::optional<int> concurrency {}; // requests in flight, 1…10,000
    std::optional<double> rate {}; // requests per second, > 0
    std::optional<int> batch {}; // records per request, 1…contract
    bool reset { false };
    std::optional<Seconds> keepFor {}; // a trial, of at most 30 days
    bool isAboveCeilingAllowed { false };
};
// Ends a trial before its time: for good, or back to what was before it. A shard that follows the
// trial of its destination stands for the destination.
struct TrialCommand {
    enum class Action { Keep, Revert };
    std::vector<ShardId> targets {};
    Action action { Action::Keep };
};
struct ProbeCommand { // send one delivery now past a throttle, auth, config or breaker hold
    ShardId target {};
};
struct ArchiveCommand {
    SelectionId selection {};
    bool restore { false };
};
struct ReplayCommand { // starts a job over a frozen selection
    SelectionId selection {};
    double sharePercent { 20 }; // of the ceiling left by live traffic
    std::optional<double> rate {}; // records per second; overrides the share
    bool isRamped { true };
    bool includeUnknown { false };
    bool includeSameError { false };
    ReplayGuards guards {};
    std::string title {}; // the scope in words; empty: the selection's number
};
struct ReplayControlCommand {
    enum class Action { Pause, Resume, Cancel };
    ReplayJobId job {};
    Action action { Action::Pause };
};
struct ReplayPaceCommand { // of a job that has not ended
    ReplayJobId job {};
    double sharePercent { 20 };
    std::optional<double> rate {};
};
// Removes archived entries for good; those archived for less than seven days stay.
struct PurgeCommand {
    SelectionId selection {};
};
struct GroupStatusCommand {
    std::string fingerprint {};
    GroupStatus status { GroupStatus::Known };
    std::string note {};
};
// Groups as operators see them, where the fingerprint alone does not say it. Every one of them has
// its way back: TakeOut undoes Merge, JoinAccounts undoes SplitByAccount.
struct GroupShapeCommand {
    enum class Action {
        Merge, // `others` are counted and shown as `fingerprint`
        TakeOut, // `others` stand alone again; none named: all that were merged into it
        SplitByAccount, // one group for each account
        JoinAccounts,
    };
    Action action { Action::Merge };
    std::string fingerprint {};
    std::vector<std::string> others {};
};
// What waits for a destination that is not in the configuration becomes dead letters.
struct MoveOrphansCommand {
    std::string destination {};
};
// Sale mode, whatever the configured windows say, or as they say again. Survives restarts.
struct SaleCommand {
    enum class Mode { On, Off, AsConfigured };
    Mode mode { Mode::On };
    // At most 60 days away. Absent: on until it is switched; off as long as the present window.
    std::optional<WallTime> until {};
};
struct ReloadCommand { };
// Values by threshold, in their units in memory; absent: as configured again.
struct ThresholdsCommand {
    std::map<Threshold, std::optional<double>> values {};
};
// Takes an action of the audit back, exactly to what was before it. Refused where what it left is
// no longer in force; audited as an action of its own, which can be taken back too.
struct RevertCommand {
    AuditId entry {};
};
// Something that happened in a console and belongs in the audit: an export, personal data shown in
// clear. Changes nothing, so every safety level allows it.
struct NoteCommand {
    std::string action {}; // "export", "unmask", …
    std::string target {};
    std::string before {};
    std::string after {};
};

struct Command {
    std::variant<PauseCommand, ResumeCommand, TuneCommand, TrialCommand, ProbeCommand,
        ArchiveCommand, PurgeCommand, GroupStatusCommand, GroupShapeCommand, MoveOrphansCommand,
        ReplayCommand, ReplayControlCommand, ReplayPaceCommand, ReloadCommand, ThresholdsCommand,
        RevertCommand, NoteCommand, SaleCommand>
        what {};
    std::string who {}; // OS user, or "api"
    std::string reason {};
};

struct CommandResult {
    CommandId id {};
    bool isOk { false };
    std::string message {}; // plain words: what was done, or why not
    std::string before {};
    std::string after {};
    AuditId audit {};
    std::optional<ReplayJobId> job {};
    std::int64_t count { 0 }; // entries, shards… concerned
    // In force. False: a restart would forget it until the store can write again, which is then
    // made up for.
    bool isKept { true };
    ErrorCode error { ErrorCode::Internal }; // only when !isOk
};

} // namespace engine

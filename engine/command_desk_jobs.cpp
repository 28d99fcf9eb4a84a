// Commands about dead letters and replays.
#include "command_desk.h"
#include "store/group_status.h"
#include "store/taken_rows.h"

#include <algorithm>

namespace engine {
namespace {

constexpr int kOrphansPerStep = 500;
constexpr const char* kOrphanReason = "the destination is not in the configuration";
constexpr double kShareMax = 100;
constexpr std::size_t kGroupsMax = 100;

const char* shapeText(GroupShapeCommand::Action action)
{
    switch (action) {
    case GroupShapeCommand::Action::Merge:
        return "group_merge";
    case GroupShapeCommand::Action::TakeOut:
        return "group_take_out";
    case GroupShapeCommand::Action::SplitByAccount:
        return "group_split";
    case GroupShapeCommand::Action::JoinAccounts:
        return "group_join";
    }
    return "";
}

// A guard that nothing can reach is none.
bool isGuarded(const ReplayGuards& guards)
{
    return guards.errorStop > 0 && guards.errorStop <= 1 && guards.throttleHold > 0
        && guards.throttleHold <= 1 && guards.liveLagHold >= Seconds { 1 }
    && guards.liveLagHold <= Seconds { 3'600 };
}

std::string nameOf(SelectionId selection) { return "S-" + std::to_string(toInt(selection)); }
std::string nameOf(ReplayJobId job) { return "R-" + std::to_string(toInt(job)); }

std::string paceText(const ReplayPaceCommand& command)
{
    if (command.rate)
        return std::to_string(*command.rate) + " records/s";
    return std::to_string(static_cast<int>(command.sharePercent))
        + " % of what live traffic leaves";
}

} // namespace

void CommandDesk::run(const JobPtr& job, const ArchiveCommand& command)
{
    job->action = command.restore ? "restore" : "archive";
    job->target = nameOf(command.selection);
    move(job, command, {});
}

void CommandDesk::move(
    const JobPtr& job, const ArchiveCommand& command, const store::MovedWithin& when)
{
    job->correlation = nameOf(command.selection);
    const WallTime from = m_ports.clock->wallNow();
    m_ports.replay->selector().archive(
        command.selection, command.restore,
        [this, job, command, from](const Result<store::ArchiveStep>& step) {
            if (!step)
                return failed(job, step.error());
            job->result.count = step->moved;
            job->result.after
                = std::to_string(step->moved) + (command.restore ? " restored" : " archived");
            if (step->skipped > 0)
                job->result.after += ", " + std::to_string(step->skipped)
                    + " had changed since and were left alone";
            // Archived ones are told by when they were; of restored ones, only all or none.
            const bool canTell = !command.restore || step->skipped == 0;
            if (canTell && step->moved > 0)
                job->undo = ArchiveUndo { command.selection, command.restore, from,
                    m_ports.clock->wallNow() };
            finish(job);
        },
        when);
}

void CommandDesk::run(const JobPtr& job, const PurgeCommand& command)
{
    job->action = "purge";
    job->target = nameOf(command.selection);
    job->correlation = job->target;
    m_ports.replay->selector().purge(
        command.selection, [this, job](const Result<store::ArchiveStep>& step) {
            if (!step)
                return failed(job, step.error());
            job->result.count = step->moved;
            job->result.after = std::to_string(step->moved) + " removed for good";
            if (step->skipped > 0)
                job->result.after += ", " + std::to_string(step->skipped)
                    + " were not archived for seven days and stay";
            finish(job);
        });
}

void CommandDesk::run(const JobPtr& job, const GroupStatusCommand& command)
{
    job->action = "group_status";
    setGroupStatus(job, command);
}

void CommandDesk::setGroupStatus(const JobPtr& job, const GroupStatusCommand& command)
{
    job->target = command.fingerprint;
    if (command.status == GroupStatus::Regressed)
        return failed(job,
            { ErrorCode::BadRequest,
                "regressed is seen, not said: it is a fixed group that failed again", "status" });
    const store::GroupRemark remark { command.fingerprint, command.status, command.note,
        job->command.who };
    auto before = std::make_shared<std::pair<GroupStatus, std::string>>();
    m_ports.store->write(
        [remark, before](store::WriteTransaction& transaction) -> Status {
            const auto said = store::setGroupStatus(transaction, remark);
            if (!said)
                return tl::unexpected(said.error());
            *before = *said;
            return {};
        },
        [this, job, remark, before](const Status& done) {
            m_ports.post([this, job, remark, before, done] {
                if (!done)
                    return failed(job, done.error());
                job->result.before = toString(before->first);
                job->undo = GroupUndo { remark.fingerprint, before->first, before->second,
                    remark.status, remark.note };
                job->result.after = toString(remark.status);
                if (!remark.note.empty())
                    job->result.after += ": " + remark.note;
                finish(job);
            });
        });
}

void CommandDesk::run(const JobPtr& job, const GroupShapeCommand& command)
{
    job->action = shapeText(command.action);
    shapeGroups(job, command);
}

void CommandDesk::shapeGroups(const JobPtr& job, const GroupShapeCommand& command)
{
    using Action = GroupShapeCommand::Action;
    job->target = command.fingerprint;
    if (command.others.size() > kGroupsMax
        || (command.action == Action::Merge && command.others.empty()))
        return failed(job,
            { ErrorCode::BadRequest,
                "name one to " + std::to_string(kGroupsMax) + " groups to put into it", "others" });
    auto concerned = std::make_shared<int>(0);
    auto undo
        = std::make_shared<GroupShapeUndo>(GroupShapeUndo { .fingerprint = command.fingerprint });
    m_ports.store->write(
        [command, concerned, undo](store::WriteTransaction& transaction) -> Status {
            auto before = store::groupShape(transaction, command.fingerprint);
            if (!before)
                return tl::unexpected(before.error());
            const auto shaped = store::shapeGroups(transaction, command);
            if (!shaped)
                return tl::unexpected(shaped.error());
            auto after = store::groupShape(transaction, command.fingerprint);
            if (!after)
                return tl::unexpected(after.error());
            *concerned = *shaped;
            undo->before = std::move(*before);
            undo->after = std::move(*after);
            return {};
        },
        [this, job, command, concerned, undo](const Status& done) {
            m_ports.post([this, job, command, concerned, undo, done] {
                if (!done)
                    return failed(job, done.error());
                job->result.count = *concerned;
                if (undo->before != undo->after)
                    job->undo = *undo;
                for (const std::string& other : command.others)
                    job->result.after += (job->result.after.empty() ? "" : "; ") + other;
                finish(job);
            });
        });
}

// Shard by shard and step by step: a million deliveries must not hold up everybody's commits.
void CommandDesk::run(const JobPtr& job, const MoveOrphansCommand& command)
{
    job->action = "move_orphans";
    job->target = command.destination;
    m_ports.loop->submit([this, job, command](delivery::Dispatcher& dispatcher) {
        auto orphans = std::make_shared<Orphans>();
        for (const delivery::ShardReading& shard : dispatcher.readings()) {
            if (shard.shard.destination == command.destination && shard.isOrphaned)
                orphans->emplace_back(shard.key, shard.shard);
        }
        m_ports.post([this, job, orphans] {
            if (orphans->empty())
                return failed(job,
                    { ErrorCode::Conflict,
                        "nothing waits there without a configuration: the destination is "
                        "configured, or it never was",
                        "destination" });
            moveOrphans(job, orphans);
        });
    });
}

void CommandDesk::moveOrphans(const JobPtr& job, const std::shared_ptr<Orphans>& left)
{
    if (left->empty()) {
        job->result.after = std::to_string(job->result.count) + " moved to the DLQ";
        return finish(job);
    }
    auto step = std::make_shared<store::TakeStep>();
    m_ports.store->write(
        [left, step](store::WriteTransaction& transaction) -> Status {
            const auto& [key, id] = left->back();
            auto moved
                = store::moveToDeadLetters(transaction, key, id, kOrphanReason, kOrphansPerStep);
            if (!moved)
                return tl::unexpected(moved.error());
            *step = std::move(*moved);
            return {};
        },
        [this, job, left, step](const Status& done) {
            m_ports.post([this, job, left, step, done] {
                if (!done)
                    return failed(job, done.error());
                m_ports.taken(step->rows);
                job->result.count += step->count;
                if (!step->isMore)
                    left->pop_back();
                moveOrphans(job, left);
            });
        },
        kOrphansPerStep);
}

void CommandDesk::run(const JobPtr& job, const ReplayCommand& command)
{
    job->action = "replay";
    job->target = nameOf(command.selection);
    if (!isGuarded(command.guards))
        return failed(job,
            { ErrorCode::BadRequest,
                "the guards cannot be switched off: errors and throttling stop or hold at more "
                "than 0 and at most 100 percent, live lag at 1 to 3,600 seconds",
                "guards" });
    const std::string title
        = command.title.empty() ? "selection " + nameOf(command.selection) : command.title;
    m_ports.replay->create(
        command, title, job->command.who, [this, job](const Result<ReplayJobId>& id) {
            if (!id) {
                // A conflict names the job that has the entries: the window offers to open it.
                const std::string& field = id.error().field;
                if (field.starts_with("R-"))
                    job->result.job = ReplayJobId { std::stoll(field.substr(2)) };
                return failed(job, id.error());
            }
            job->result.job = *id;
            job->correlation = nameOf(*id);
            job->result.after = "job " + nameOf(*id) + " started";
            finish(job);
        });
}

void CommandDesk::run(const JobPtr& job, const ReplayControlCommand& command)
{
    using Action = ReplayControlCommand::Action;
    const char* verb = command.action == Action::Pause ? "pause"
        : command.action == Action::Resume             ? "resume"
                                                       : "cancel";
    job->action = std::string("replay_") + verb;
    job->target = nameOf(command.job);
    job->correlation = job->target;
    m_ports.replay->control(
        command.job, command.action, [this, job, command](const Result<std::int64_t>& done) {
            if (!done)
                return failed(job, done.error());
            job->result.job = command.job;
            job->result.count = *done;
            job->result.after = command.action == Action::Pause ? "paused"
                : command.action == Action::Resume              ? "running"
                                                                : "cancelled";
            if (command.action == Action::Cancel)
                job->result.after += ", " + std::to_string(*done) + " taken back out of the lane";
            finish(job);
        });
}

void CommandDesk::run(const JobPtr& job, const ReplayPaceCommand& command)
{
    job->action = "replay_pace";
    job->target = nameOf(command.job);
    job->correlation = job->target;
    const bool isGood = command.sharePercent > 0 && command.sharePercent <= kShareMax
        && command.rate.value_or(1) > 0;
    if (!isGood)
        return failed(job,
            { ErrorCode::BadRequest,
                "a pace is a share of 1 to 100 percent, or a rate above 0 records per second" });
    m_ports.replay->setPace(command, [this, job, command](const Status& done) {
        if (!done)
            return failed(job, done.error());
        job->result.job = command.job;
        job->result.after = paceText(command);
        finish(job);
    });
}

} // namespace engine

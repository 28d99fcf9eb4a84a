// What the fake engine does when it is told something, and what it writes down of it.
#include "support/fake_engine.h"

#include <algorithm>

namespace engine::testing {

namespace {

std::string names(const std::vector<ShardId>& targets)
{
    std::string text;
    for (const auto& target : targets)
        text += (text.empty() ? "" : ", ") + toString(target);
    return text;
}

std::string brief(const ShardSnapshot& shard)
{
    return std::string { toString(shard.desired) } + ", concurrency "
        + std::to_string(static_cast<int>(shard.concurrency.now)) + ", batch "
        + std::to_string(static_cast<int>(shard.batch.now));
}

// Action and target as the engine writes them.
struct AuditWords {
    AuditRow operator()(const PauseCommand& what) const
    {
        const bool isRetries = what.mode == Desired::RetriesPaused;
        return { .action = isRetries ? "pause_retries" : "pause", .target = names(what.targets) };
    }
    AuditRow operator()(const ResumeCommand& what) const
    {
        return { .action = "resume", .target = names(what.targets) };
    }
    AuditRow operator()(const TuneCommand& what) const
    {
        return { .action = what.reset ? "revert_tuning" : "tune", .target = names(what.targets) };
    }
    AuditRow operator()(const TrialCommand& what) const
    {
        const bool isKept = what.action == TrialCommand::Action::Keep;
        return { .action = isKept ? "keep_tuning" : "revert_trial", .target = names(what.targets) };
    }
    AuditRow operator()(const ArchiveCommand& what) const
    {
        return { .action = what.restore ? "restore" : "archive",
            .target = "S-" + std::to_string(toInt(what.selection)) };
    }
    AuditRow operator()(const GroupStatusCommand& what) const
    {
        return { .action = "group_status", .target = what.fingerprint };
    }
    AuditRow operator()(const ReplayCommand& what) const
    {
        return { .action = "replay", .target = "S-" + std::to_string(toInt(what.selection)) };
    }
    AuditRow operator()(const ReloadCommand& /*what*/) const
    {
        return { .action = "reload", .target = "configuration" };
    }
    AuditRow operator()(const ThresholdsCommand& what) const
    {
        AuditRow row { .action = "thresholds" };
        for (const auto& [id, value] : what.values)
            row.target += (row.target.empty() ? "" : "; ") + std::string(specOf(id).key);
        return row;
    }
    AuditRow operator()(const RevertCommand& what) const
    {
        AuditRow row { .action = "undo" };
        row.undoOf = what.entry;
        return row;
    }
    AuditRow operator()(const NoteCommand& what) const
    {
        return { .action = what.action, .target = what.target };
    }
    template <class What>
    AuditRow operator()(const What& /*what*/) const
    {
        return { .action = "other" };
    }
};

} // namespace

void FakeEngine::submit(Command command, std::function<void(CommandResult)> reply)
{
    m_commands.push_back(command);
    CommandResult result;
    const bool isAllowed = std::holds_alternative<ReloadCommand>(command.what)
        || std::holds_alternative<NoteCommand>(command.what);
    if (m_options.safety == SafetyLevel::Observe && !isAllowed) {
        result.message = "the safety level is Observe: nothing may be changed";
        result.error = ErrorCode::Conflict;
    } else if (const auto error = takeFailure()) {
        result.message = error->message;
        result.error = error->code;
    } else {
        result = apply(command);
    }
    result.id = CommandId { m_nextCommand++ };
    addAudit(command, result);
    result.audit = m_audit.back().id;
    publish();
    post([reply = std::move(reply), result = std::move(result)] { reply(result); });
}

void FakeEngine::addAudit(const Command& command, const CommandResult& result)
{
    AuditRow row = std::visit(AuditWords {}, command.what);
    row.id = AuditId { static_cast<std::int64_t>(m_audit.size()) + 1 };
    row.at = m_now;
    row.who = command.who;
    row.before = result.before;
    row.after = result.after;
    row.reason = command.reason;
    row.result = result.isOk ? "ok" : result.message;
    row.profile = m_snapshot->profile;
    m_audit.push_back(std::move(row));
}

CommandResult FakeEngine::apply(const Command& command)
{
    return std::visit([this](const auto& what) { return run(what); }, command.what);
}

void FakeEngine::note(Annotation::Kind kind, const ShardId& shard, std::string text)
{
    m_annotations.push_back({ kind, m_now, std::nullopt, shard, std::move(text) });
}

CommandResult FakeEngine::run(const PauseCommand& command)
{
    CommandResult result { .isOk = true };
    const auto covered
        = command.targets.empty() ? std::vector<std::size_t> {} : m_shards.covered(command.targets);
    for (const auto index : covered) {
        result.before = brief(m_shards.shards()[index]);
        m_shards.pause(index, command);
        result.after = brief(m_shards.shards()[index]);
        note(Annotation::Kind::Pause, m_shards.shards()[index].shard, "paused");
    }
    m_shards.step(m_now);
    result.count = static_cast<std::int64_t>(covered.size());
    result.isOk = !covered.empty();
    result.error = ErrorCode::NotFound;
    result.message = result.isOk ? "Paused " + names(command.targets) : "No such shard";
    return result;
}

CommandResult FakeEngine::run(const ResumeCommand& command)
{
    CommandResult result { .isOk = true };
    for (const auto index : m_shards.covered(command.targets)) {
        result.before = brief(m_shards.shards()[index]);
        m_shards.resume(index);
        result.after = brief(m_shards.shards()[index]);
        note(Annotation::Kind::Resume, m_shards.shards()[index].shard, "resumed");
        ++result.count;
    }
    m_shards.step(m_now);
    result.message = "Resumed " + names(command.targets);
    return result;
}

CommandResult FakeEngine::run(const TuneCommand& command)
{
    CommandResult result { .isOk = true };
    for (const auto index : m_shards.covered(command.targets)) {
        result.before = brief(m_shards.shards()[index]);
        m_shards.tune(index, command, {}, m_now);
        result.after = brief(m_shards.shards()[index]);
        note(Annotation::Kind::Tune, m_shards.shards()[index].shard, result.after);
        ++result.count;
    }
    result.message = "Tuned " + names(command.targets);
    return result;
}

CommandResult FakeEngine::run(const TrialCommand& command)
{
    CommandResult result { .isOk = true };
    const bool isKept = command.action == TrialCommand::Action::Keep;
    for (const auto index : m_shards.covered(command.targets)) {
        m_shards.endTrial(index, command.action);
        note(Annotation::Kind::Tune, m_shards.shards()[index].shard, isKept ? "kept" : "reverted");
        ++result.count;
    }
    result.message = (isKept ? "Kept " : "Reverted ") + names(command.targets);
    return result;
}

CommandResult FakeEngine::run(const ProbeCommand& command)
{
    for (const auto index : m_shards.covered({ command.target }))
        m_shards.probe(index);
    CommandResult result { .isOk = true };
    result.message = "Probed " + toString(command.target);
    return result;
}

CommandResult FakeEngine::run(const ArchiveCommand& command)
{
    CommandResult result;
    if (!m_selections.contains(command.selection)) {
        result.message = "This selection is gone: preview again";
        result.error = ErrorCode::NotFound;
        return result;
    }
    // All of them, also those that a replay would leave out.
    for (const auto& [part, ids] : m_parts) {
        if (part.first != command.selection)
            continue;
        for (const auto id : ids)
            m_deadLetters.setState(
                id, command.restore ? DeadLetterState::Waiting : DeadLetterState::Archived);
        result.count += std::ssize(ids);
    }
    result.isOk = true;
    result.message = (command.restore ? "Restored " : "Archived ") + std::to_string(result.count);
    return result;
}

CommandResult FakeEngine::run(const SaleCommand& command)
{
    const bool isOn = command.mode == SaleCommand::Mode::On;
    m_sale = { .isOn = isOn,
        .cause = isOn ? SaleMode::Cause::Operator : SaleMode::Cause::None,
        .until = command.until,
        .who = isOn ? "ann" : "" };
    publish();
    return { .isOk = true, .message = isOn ? "sale mode on" : "sale mode off" };
}

CommandResult FakeEngine::run(const PurgeCommand& command)
{
    CommandResult result { .isOk = true };
    result.count = static_cast<std::int64_t>(m_selections[command.selection].size());
    result.message = "Purged " + std::to_string(result.count);
    return result;
}

CommandResult FakeEngine::run(const GroupShapeCommand& command)
{
    CommandResult result { .isOk = true };
    m_deadLetters.shape(command);
    result.count = static_cast<std::int64_t>(command.others.size());
    result.message = "Shaped " + command.fingerprint;
    return result;
}

CommandResult FakeEngine::run(const GroupStatusCommand& command)
{
    m_deadLetters.setStatus(command.fingerprint, command.status, command.note);
    CommandResult result { .isOk = true };
    result.message = std::string("Group is ") + toString(command.status);
    return result;
}

CommandResult FakeEngine::run(const MoveOrphansCommand& command)
{
    CommandResult result { .isOk = true };
    result.message = "Moved what waits for " + command.destination;
    return result;
}

CommandResult FakeEngine::run(const ReloadCommand& /*command*/)
{
    CommandResult result { .isOk = true };
    result.message = "Configuration reloaded";
    return result;
}

CommandResult FakeEngine::run(const ThresholdsCommand& command)
{
    CommandResult result { .isOk = true };
    const Thresholds standard;
    for (const auto& [id, value] : command.values) {
        result.before += thresholdText(id, m_thresholds.at(id));
        m_thresholds.set(id, value.value_or(standard.at(id)));
        result.after += thresholdText(id, m_thresholds.at(id));
    }
    if (const auto conflict = conflictIn(m_thresholds)) {
        result.isOk = false;
        result.error = ErrorCode::BadRequest;
        result.message = std::string(specOf(conflict->id).key) + " may not be above "
            + std::string(specOf(conflict->against).key);
        for (const auto& [id, value] : command.values)
            m_thresholds.set(id, standard.at(id));
        return result;
    }
    result.message = "Set thresholds";
    return result;
}

// A pause that still stands can be taken back, as the one case that a window needs to see.
RevertCheck FakeEngine::revertCheck(AuditId entry) const
{
    const auto row = std::find_if(
        m_audit.begin(), m_audit.end(), [&](const AuditRow& one) { return one.id == entry; });
    if (row == m_audit.end() || row->result != "ok" || row->action != "pause")
        return { .whyNot = "this kind of action cannot be taken back" };
    const auto covered = m_shards.covered({ parseShardId(row->target) });
    const bool isStill = std::all_of(covered.begin(), covered.end(),
        [&](std::size_t i) { return m_shards.shards()[i].desired == Desired::Paused; });
    if (!isStill)
        return { .whyNot = "it was paused or resumed since: now running" };
    return { .isPossible = true, .what = "running" };
}

CommandResult FakeEngine::run(const RevertCommand& command)
{
    CommandResult result;
    const RevertCheck check = revertCheck(command.entry);
    if (!check.isPossible) {
        result.message = check.whyNot;
        result.error = ErrorCode::Conflict;
        return result;
    }
    const auto row = std::find_if(m_audit.begin(), m_audit.end(),
        [&](const AuditRow& one) { return one.id == command.entry; });
    return run(ResumeCommand { .targets = { parseShardId(row->target) } });
}

CommandResult FakeEngine::run(const NoteCommand& command)
{
    CommandResult result { .isOk = true };
    result.message = command.action + ' ' + command.target;
    result.before = command.before;
    result.after = command.after;
    return result;
}

} // namespace engine::testing

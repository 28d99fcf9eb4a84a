#include "command_desk.h"

#include "store/upkeep.h"

namespace engine {
namespace {

constexpr std::size_t kTargetsMax = 1'000;
constexpr Seconds kEndAgainAfter { 60 }; // each try is an entry in the audit
constexpr std::size_t kFlaggedMax = 16; // more shards at once are one flag for everything

std::string join(const std::vector<ShardId>& targets)
{
    std::string text;
    for (const ShardId& target : targets)
        text += (text.empty() ? "" : ", ") + toString(target);
    return text;
}

void append(std::string& text, const std::string& part)
{
    if (part.empty() || text.size() > 2'000) // a thousand shards need not all be told
        return;
    text += (text.empty() ? "" : "; ") + part;
}

Annotation::Kind kindOf(const std::string& action)
{
    if (action.starts_with("pause"))
        return Annotation::Kind::Pause;
    if (action == "resume")
        return Annotation::Kind::Resume;
    if (action.find("tun") != std::string::npos || action == "revert_trial")
        return Annotation::Kind::Tune;
    return action.starts_with("replay") ? Annotation::Kind::Replay : Annotation::Kind::Action;
}

// What charts draw of a command: which shards it is about, and until when it holds where it names
// an end.
struct Reach {
    std::vector<ShardId> targets {};
    std::optional<WallTime> until {};
};
Reach reachOf(const Command& command, WallTime now)
{
    Reach reach;
    if (const auto* pause = std::get_if<PauseCommand>(&command.what))
        reach = { pause->targets, pause->until };
    else if (const auto* resume = std::get_if<ResumeCommand>(&command.what))
        reach.targets = resume->targets;
    else if (const auto* tune = std::get_if<TuneCommand>(&command.what))
        reach = { tune->targets,
            tune->keepFor ? std::optional<WallTime>(now + *tune->keepFor) : std::nullopt };
    else if (const auto* trial = std::get_if<TrialCommand>(&command.what))
        reach.targets = trial->targets;
    else if (const auto* probe = std::get_if<ProbeCommand>(&command.what))
        reach.targets = { probe->target };
    if (reach.targets.empty() || reach.targets.size() > kFlaggedMax)
        reach.targets = { ShardId {} };
    return reach;
}

delivery::Tuning tuningOf(const OverrideBook::Change& change)
{
    delivery::Tuning tuning = change.next.tuning;
    tuning.isCutToCeiling = change.isCut;
    return tuning;
}

} // namespace

CommandDesk::CommandDesk(CommandPorts ports, const std::vector<store::OverrideRow>& overrides)
    : m_ports(std::move(ports))
    , m_overrides(overrides)
{
}

void CommandDesk::restore()
{
    for (const OverrideBook::Change& change : m_overrides.atStart(m_ports.clock->wallNow())) {
        m_ports.loop->submit([change](delivery::Dispatcher& dispatcher) {
            (void)dispatcher.tune(change.target, tuningOf(change));
        });
    }
}

void CommandDesk::pauseNew(std::vector<ShardId> destinations)
{
    Command command;
    command.what = PauseCommand { .targets = std::move(destinations), .cause = PauseCause::Engine };
    command.who = "engine";
    command.reason = "a new destination waits for its first resume";
    start(makeJob(std::move(command), [](const CommandResult&) {}));
}

// While nothing is delivered a command is refused at once, with the reason.
std::function<void(Error)> CommandDesk::otherwise(const JobPtr& job)
{
    return [this, job](
               const Error& error) { m_ports.post([this, job, error] { failed(job, error); }); };
}

void CommandDesk::submit(Command command, Done done)
{
    const auto job = makeJob(std::move(command), std::move(done));
    const bool isReload = std::holds_alternative<ReloadCommand>(job->command.what);
    // A reload is how the level itself is changed; who may write the file may do that.
    if (m_ports.profile().safety == SafetyLevel::Observe && !isReload) {
        job->action = "refused";
        return failed(job,
            { ErrorCode::Conflict,
                "the safety level is Observe: nothing may be changed; [profile] safety in the "
                "configuration says so",
                "safety" });
    }
    start(job);
}

CommandDesk::JobPtr CommandDesk::makeJob(Command command, Done done)
{
    auto job = std::make_shared<Job>();
    job->command = std::move(command);
    job->done = std::move(done);
    job->result.id = CommandId { ++m_lastId };
    return job;
}

void CommandDesk::start(const JobPtr& job)
{
    std::visit([&](const auto& what) { run(job, what); }, job->command.what);
}

void CommandDesk::run(const JobPtr& job, const PauseCommand& command)
{
    job->action = command.mode == Desired::RetriesPaused ? "pause_retries" : "pause";
    setDesired(job, command.targets,
        { .desired = command.mode,
            .until = command.until,
            .cause = command.cause,
            .who = job->command.who,
            .note = job->command.reason });
}

void CommandDesk::run(const JobPtr& job, const ResumeCommand& command)
{
    job->action = "resume";
    setDesired(job, command.targets,
        { .desired = Desired::Running, .who = job->command.who, .note = job->command.reason });
}

void CommandDesk::setDesired(
    const JobPtr& job, const std::vector<ShardId>& targets, const delivery::DesiredChange& change)
{
    job->target = join(targets);
    if (targets.empty() || targets.size() > kTargetsMax)
        return failed(job,
            { ErrorCode::BadRequest,
                "name one to " + std::to_string(kTargetsMax) + " destinations or shards",
                "targets" });
    auto left = std::make_shared<std::size_t>(targets.size());
    const auto ended = [this, job, left](
                           const Result<delivery::Applied>& applied, const Status& kept) {
        m_ports.post([this, job, left, applied, kept] {
            if (applied) {
                append(job->result.before, applied->before);
                append(job->result.after, applied->after);
                job->result.count += applied->shards;
            }
            const Error* error = !applied ? &applied.error() : !kept ? &kept.error() : nullptr;
            if (error != nullptr) {
                append(job->result.message, error->message);
                job->result.error = error->code;
            }
            if (--*left == 0)
                finish(job);
        });
    };
    m_ports.loop->submit(
        [targets, change, ended](delivery::Dispatcher& dispatcher) {
            for (const ShardId& target : targets) {
                delivery::DesiredChange one = change;
                one.target = target;
                auto applied = std::make_shared<Result<delivery::Applied>>(delivery::Applied {});
                auto isAnswered = std::make_shared<bool>(false);
                auto kept = [applied, isAnswered, ended](const Status& status) {
                    *isAnswered = true;
                    ended(*applied, status);
                };
                *applied = dispatcher.setDesired(one, kept);
                if (!*applied && !*isAnswered) // refused: nothing is on its way to the store
                    ended(*applied, {});
            }
        },
        otherwise(job));
}

void CommandDesk::run(const JobPtr& job, const TuneCommand& command)
{
    job->action = command.reset ? "revert_tuning" : "tune";
    job->target = join(command.targets);
    if (command.targets.empty() || command.targets.size() > kTargetsMax)
        return failed(job,
            { ErrorCode::BadRequest,
                "name one to " + std::to_string(kTargetsMax) + " destinations or shards",
                "targets" });
    if (!command.reset && !command.concurrency && !command.rate && !command.batch)
        return failed(job,
            { ErrorCode::BadRequest, "nothing to change: give concurrency, rate, batch or reset" });
    const ProfileConfig profile = m_ports.profile();
    if (command.isAboveCeilingAllowed && profile.safety == SafetyLevel::Guarded
        && job->command.reason.empty())
        return failed(job,
            { ErrorCode::BadRequest,
                "at safety level Guarded a value above a ceiling needs a reason", "reason" });
    TuneCommand allowed = command;
    allowed.isAboveCeilingAllowed = command.isAboveCeilingAllowed && profile.isAboveCeilingAllowed;
    put(job, m_overrides.plan(allowed, authorOf(*job)));
}

void CommandDesk::run(const JobPtr& job, const TrialCommand& command)
{
    job->action = command.action == TrialCommand::Action::Keep ? "keep_tuning" : "revert_trial";
    job->target = join(command.targets);
    put(job, m_overrides.plan(command, authorOf(*job)));
}

OverrideBook::Author CommandDesk::authorOf(const Job& job) const
{
    return { .who = job.command.who, .now = m_ports.clock->wallNow() };
}

void CommandDesk::put(const JobPtr& job, const Result<OverrideBook::Changes>& changes)
{
    if (!changes)
        return failed(job, changes.error());
    putNext(job, std::make_shared<const OverrideBook::Changes>(*changes), 0);
}

void CommandDesk::putNext(const JobPtr& job, const ChangesPtr& changes, std::size_t index)
{
    if (index == changes->size())
        return finish(job);
    m_ports.loop->submit(
        [this, job, changes, index](delivery::Dispatcher& dispatcher) {
            const OverrideBook::Change& change = (*changes)[index];
            const auto applied = dispatcher.tune(change.target, tuningOf(change));
            m_ports.post([this, job, changes, index, applied] {
                if (!applied)
                    return failed(job, applied.error());
                const OverrideBook::Change& done = (*changes)[index];
                const std::string before = m_overrides.describe(done.target);
                keep(m_overrides.set(done));
                if (done.isAsked) {
                    append(job->result.before, before);
                    append(job->result.after, m_overrides.describe(done.target));
                    job->result.count += applied->shards;
                }
                putNext(job, changes, index + 1);
            });
        },
        otherwise(job));
}

void CommandDesk::keep(std::vector<store::OverrideRow> rows)
{
    m_ports.store->write(
        [rows = std::move(rows)](store::WriteTransaction& transaction) -> Status {
            for (const store::OverrideRow& row : rows) {
                if (Status done = store::setOverride(transaction, row); !done)
                    return done;
            }
            return {};
        },
        [](const Status&) {
        }); // in force already; the audit's own write tells the operator of a store that is stuck
}

void CommandDesk::run(const JobPtr& job, const ProbeCommand& command)
{
    job->action = "probe";
    job->target = toString(command.target);
    m_ports.loop->submit(
        [this, job, command](delivery::Dispatcher& dispatcher) {
            const auto applied = dispatcher.probe(command.target);
            m_ports.post([this, job, applied] {
                if (!applied)
                    return failed(job, applied.error());
                job->result.before = applied->before;
                job->result.after = applied->after;
                job->result.count = applied->shards;
                finish(job);
            });
        },
        otherwise(job));
}

void CommandDesk::run(const JobPtr& job, const ReloadCommand&)
{
    job->action = "reload";
    job->target = "configuration";
    if (const Status done = m_ports.reload(); !done)
        return failed(job, done.error());
    job->result.after = "in force";
    finish(job);
}

void CommandDesk::failed(const JobPtr& job, const Error& error)
{
    job->result.error = error.code;
    append(job->result.message, error.message);
    finish(job);
}

void CommandDesk::finish(const JobPtr& job)
{
    CommandResult& result = job->result;
    result.isOk = result.message.empty();
    if (result.isOk)
        result.message = job->action + " " + job->target
            + (result.after.empty() ? std::string {} : ": " + result.after);
    const WallTime now = m_ports.clock->wallNow();
    const Reach reach = reachOf(job->command, now);
    for (const ShardId& target : reach.targets)
        m_ports.annotate({ .kind = result.isOk ? kindOf(job->action) : Annotation::Kind::Action,
            .at = now,
            .until = result.isOk ? reach.until : std::nullopt,
            .shard = target,
            .text = result.message });
    const AuditRow row { {}, now, job->command.who, job->action, job->target, result.before,
        result.after, job->command.reason, result.isOk ? "ok" : result.message };
    auto audit = std::make_shared<AuditId>();
    m_ports.store->write(
        [row, audit](store::WriteTransaction& transaction) -> Status {
            const auto added = store::addAudit(transaction, row);
            if (!added)
                return tl::unexpected(added.error());
            *audit = *added;
            return {};
        },
        [this, job, audit](const Status& written) {
            m_ports.post([this, job, audit, written] {
                m_ports.refresh(); // whoever asks next sees what was done
                job->result.audit = *audit;
                if (!written)
                    job->result.message
                        += " (not in the audit log: " + written.error().message + ")";
                job->done(job->result);
            });
        });
}

void CommandDesk::tick(WallTime now)
{
    for (const ShardId& target : m_overrides.ended(now)) {
        const auto [ending, isNew] = m_ending.try_emplace(target, WallTime::max());
        if (!isNew && ending->second > now)
            continue;
        ending->second = WallTime::max(); // until it is answered
        // One command each: a shard that is gone must not keep the others' trials in force.
        Command command;
        command.what = TrialCommand { { target }, TrialCommand::Action::Revert };
        command.who = "engine";
        command.reason = "the trial is over";
        start(makeJob(std::move(command), [this, target](const CommandResult& result) {
            if (result.isOk)
                m_ending.erase(target);
            else
                m_ending[target] = m_ports.clock->wallNow() + kEndAgainAfter;
        }));
    }
}

} // namespace engine

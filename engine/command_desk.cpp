#include "command_desk.h"

#include "store/upkeep.h"

#include <QLoggingCategory>

#include <algorithm>

namespace engine {
namespace {

Q_LOGGING_CATEGORY(lcDesk, "engine.commands")

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

// All entries of one trial carry its end, which stays when the program is started anew.
std::string correlationOf(WallTime trialEnd)
{
    return "T-" + std::to_string(toUnixMicros(trialEnd) / 1'000'000);
}

// Overrides of the engine as a whole name no destination.
std::map<Threshold, double> thresholdsOf(const std::vector<store::OverrideRow>& rows)
{
    std::map<Threshold, double> values;
    for (const store::OverrideRow& row : rows) {
        const ThresholdSpec* spec
            = row.target.destination.empty() ? findThreshold(row.name) : nullptr;
        const auto value = spec != nullptr ? parseThreshold(spec->id, row.value) : std::nullopt;
        if (value && isInRange(spec->id, *value))
            values[spec->id] = *value;
    }
    return values;
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
    , m_thresholds(thresholdsOf(overrides))
    , m_sale(overrides)
{
}

void CommandDesk::restore()
{
    for (const OverrideBook::Change& change : m_overrides.atStart(m_ports.clock->wallNow())) {
        m_ports.loop->submitLasting([change](delivery::Dispatcher& dispatcher) {
            (void)dispatcher.tune(change.target, tuningOf(change));
        });
    }
}

void CommandDesk::cutToCeilings()
{
    m_ports.loop->submit([this, targets = m_overrides.targets()](delivery::Dispatcher& dispatcher) {
        OverrideBook::Ceilings ceilings;
        for (const ShardId& target : targets) {
            if (const auto most = dispatcher.ceilingsOf(target))
                ceilings[target] = *most;
        }
        m_ports.post([this, ceilings = std::move(ceilings)] { cut(ceilings); });
    });
}

// One after the other: each is planned from what the one before left.
void CommandDesk::cut(const OverrideBook::Ceilings& ceilings)
{
    Command command;
    command.who = "engine";
    command.reason = "the configuration allows no more than this";
    const auto changes
        = m_overrides.cut(ceilings, { .who = command.who, .now = m_ports.clock->wallNow() });
    if (changes.empty())
        return;
    const std::vector<ShardId> targets { changes.front().target };
    command.what = TuneCommand { .targets = targets };
    const auto job = makeJob(std::move(command), [this, ceilings](const CommandResult& result) {
        if (result.isOk)
            cut(ceilings);
    });
    job->action = "tune";
    job->target = join(targets);
    job->isFinal = true;
    put(job, changes, targets);
}

void CommandDesk::pauseNew(std::vector<ShardId> destinations)
{
    Command command;
    command.what = PauseCommand { .targets = std::move(destinations), .cause = PauseCause::Engine };
    command.who = "engine";
    command.reason = "a new destination waits for its first resume";
    const auto job = makeJob(std::move(command), [](const CommandResult&) {});
    job->isLasting = true; // a destination that is new must not send before it is paused
    start(job);
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
    // A reload is how the level itself is changed; who may write the file may do that. A note
    // changes nothing.
    const bool isAllowed = std::holds_alternative<ReloadCommand>(job->command.what)
        || std::holds_alternative<NoteCommand>(job->command.what);
    if (m_ports.profile().safety == SafetyLevel::Observe && !isAllowed) {
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
    std::vector<delivery::DesiredChange> changes;
    for (const ShardId& target : targets) {
        changes.push_back(change);
        changes.back().target = target;
    }
    setDesired(job, std::move(changes), targets);
}

void CommandDesk::setDesired(const JobPtr& job, std::vector<delivery::DesiredChange> changes,
    const std::vector<ShardId>& targets)
{
    job->undo = PauseUndo { .targets = targets };
    auto left = std::make_shared<std::size_t>(changes.size());
    const auto ended
        = [this, job, left](const Result<delivery::Applied>& applied, const Status& kept) {
              m_ports.post([this, job, left, applied, kept] {
                  if (applied) {
                      append(job->result.before, applied->before);
                      append(job->result.after, applied->after);
                      job->result.count += applied->shards;
                  }
                  if (!applied) {
                      append(job->result.message, applied.error().message);
                      job->result.error = applied.error().code;
                  } else if (!kept) {
                      job->unkept = kept.error().message;
                  }
                  if (--*left == 0)
                      notePauses(job, [this, job] { finish(job); });
              });
          };
    std::function<void(delivery::Dispatcher&)> work
        = [job, targets, changes = std::move(changes), ended](delivery::Dispatcher& dispatcher) {
              // All of them first: a whole destination and a shard of it may both be named. Nobody
              // else looks at the job's record before `ended` is posted.
              for (const ShardId& target : targets) {
                  for (auto& pause : dispatcher.pausesOf(target))
                      std::get<PauseUndo>(*job->undo).before.push_back(std::move(pause));
              }
              for (const delivery::DesiredChange& one : changes) {
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
          };
    if (job->isLasting)
        m_ports.loop->submitLasting(std::move(work));
    else
        m_ports.loop->submit(std::move(work), otherwise(job));
}

// How the pauses were left, for the way back.
void CommandDesk::notePauses(const JobPtr& job, std::function<void()> next)
{
    m_ports.loop->submit(
        [this, job, next](delivery::Dispatcher& dispatcher) {
            auto after = std::make_shared<PauseUndo::Pauses>();
            for (const ShardId& target : std::get<PauseUndo>(*job->undo).targets) {
                for (auto& pause : dispatcher.pausesOf(target))
                    after->push_back(std::move(pause));
            }
            m_ports.post([job, after, next] {
                std::get<PauseUndo>(*job->undo).after = std::move(*after);
                next();
            });
        },
        [this, job, next](const Error&) {
            m_ports.post([job, next] {
                job->undo.reset();
                next();
            });
        });
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
    if (command.keepFor)
        job->correlation = correlationOf(m_ports.clock->wallNow() + *command.keepFor);
    put(job, m_overrides.plan(allowed, authorOf(*job)), command.targets);
}

void CommandDesk::run(const JobPtr& job, const TrialCommand& command)
{
    job->action = command.action == TrialCommand::Action::Keep ? "keep_tuning" : "revert_trial";
    job->target = join(command.targets);
    if (!command.targets.empty()) {
        if (const auto trial = m_overrides.trialOf(command.targets.front()))
            job->correlation = correlationOf(trial->until);
    }
    put(job, m_overrides.plan(command, authorOf(*job)), command.targets);
}

OverrideBook::Author CommandDesk::authorOf(const Job& job) const
{
    return { .who = job.command.who, .now = m_ports.clock->wallNow() };
}

void CommandDesk::put(const JobPtr& job, const Result<OverrideBook::Changes>& changes,
    const std::vector<ShardId>& targets)
{
    if (!changes)
        return failed(job, changes.error());
    // What a trial of a destination stands for is changed where the trial is.
    TuningUndo undo { .targets = targets };
    for (const OverrideBook::Change& change : *changes) {
        if (change.isAsked
            && std::find(targets.begin(), targets.end(), change.target) == targets.end())
            undo.targets.push_back(change.target);
    }
    undo.before = m_overrides.entries(undo.targets);
    job->undo = std::move(undo);
    putNext(job, std::make_shared<const OverrideBook::Changes>(*changes), 0);
}

void CommandDesk::putNext(const JobPtr& job, const ChangesPtr& changes, std::size_t index)
{
    if (index == changes->size()) {
        auto& undo = std::get<TuningUndo>(*job->undo);
        undo.after = m_overrides.entries(undo.targets);
        return finish(job);
    }
    m_ports.loop->submit(
        [this, job, changes, index](delivery::Dispatcher& dispatcher) {
            const OverrideBook::Change& change = (*changes)[index];
            const auto applied = dispatcher.tune(change.target, tuningOf(change));
            m_ports.post([this, job, changes, index, applied] {
                if (!applied)
                    return failed(job, applied.error());
                const OverrideBook::Change& done = (*changes)[index];
                const std::string before = m_overrides.describe(done.target);
                keep(job, m_overrides.set(done));
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

// In force already. The audit's own write comes after these and ends the command.
void CommandDesk::keep(const JobPtr& job, std::vector<store::OverrideRow> rows)
{
    write(
        [rows = std::move(rows)](store::WriteTransaction& transaction) -> Status {
            for (const store::OverrideRow& row : rows) {
                if (Status done = store::setOverride(transaction, row); !done)
                    return done;
            }
            return {};
        },
        [job](const Status& written) {
            if (!written)
                job->unkept = written.error().message;
        });
}

void CommandDesk::write(Work work, std::function<void(const Status&)> told)
{
    if (m_unwritten.size() >= kUnwrittenMax) {
        qCWarning(lcDesk, "too much waits for the store: the oldest entry is not written");
        const auto oldest = m_unwritten.begin() + (m_isWriting ? 1 : 0); // the first is on its way
        const Pending lost = std::move(*oldest);
        m_unwritten.erase(oldest);
        if (lost.told)
            lost.told(fail(ErrorCode::Unavailable, "too much waits for the store"));
    }
    m_unwritten.push_back({ std::move(work), std::move(told) });
    writeNext();
}

void CommandDesk::writeNext()
{
    if (m_isWriting || m_unwritten.empty())
        return;
    m_isWriting = true;
    m_ports.store->write(m_unwritten.front().work, [this](const Status& written) {
        m_ports.post([this, written] {
            m_isWriting = false;
            if (written) {
                const Pending done = std::move(m_unwritten.front());
                m_unwritten.pop_front();
                if (done.told)
                    done.told(written);
                return writeNext();
            }
            // Refused for what it is, while others could be written: it must not stop the line.
            const bool isAtFault
                = written.error().code == ErrorCode::Storage && m_ports.store->stats().canCommit;
            if (isAtFault) {
                qCWarning(
                    lcDesk, "an entry could not be written: %s", written.error().detail.c_str());
                const Pending refused = std::move(m_unwritten.front());
                m_unwritten.pop_front();
                if (refused.told)
                    refused.told(written);
                return writeNext();
            }
            // All that waits behind it would fail alike: whoever asked is told now, and the next
            // tick tries again.
            std::vector<std::function<void(const Status&)>> asked; // who may ask for more at once
            for (Pending& each : m_unwritten) {
                if (each.told)
                    asked.push_back(std::exchange(each.told, {}));
            }
            for (const auto& tell : asked)
                tell(written);
        });
    });
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

void CommandDesk::append(std::string& text, const std::string& part)
{
    if (part.empty() || text.size() > 2'000) // a thousand shards need not all be told
        return;
    text += (text.empty() ? "" : "; ") + part;
}

void CommandDesk::failed(const JobPtr& job, const Error& error)
{
    job->result.error = error.code;
    append(job->result.message, error.message);
    finish(job);
}

// Charts show what was done to delivery; what a console did for itself is for the audit alone.
void CommandDesk::annotate(const Job& job, WallTime now)
{
    if (std::holds_alternative<NoteCommand>(job.command.what))
        return;
    const bool isOk = job.result.isOk;
    const Reach reach = reachOf(job.command, now);
    for (const ShardId& target : reach.targets)
        m_ports.annotate({ .kind = isOk ? kindOf(job.action) : Annotation::Kind::Action,
            .at = now,
            .until = isOk ? reach.until : std::nullopt,
            .shard = target,
            .text = job.result.message });
}

void CommandDesk::finish(const JobPtr& job)
{
    CommandResult& result = job->result;
    result.isOk = result.message.empty();
    if (result.isOk)
        result.message = job->action + " " + job->target
            + (result.after.empty() ? std::string {} : ": " + result.after);
    const WallTime now = m_ports.clock->wallNow();
    annotate(*job, now);
    AuditRow row { {}, now, job->command.who, job->action, job->target, result.before, result.after,
        job->command.reason, result.isOk ? "ok" : result.message, m_ports.profile().name };
    row.undoOf = job->undoOf;
    row.correlation = job->correlation;
    if (result.isOk && job->undo && !job->isFinal)
        row.undo = toText(*job->undo);
    auto audit = std::make_shared<AuditId>();
    write(
        [row, audit](store::WriteTransaction& transaction) -> Status {
            const auto added = store::addAudit(transaction, row);
            if (!added)
                return tl::unexpected(added.error());
            *audit = *added;
            return {};
        },
        [this, job, audit](const Status& written) {
            m_ports.refresh(); // whoever asks next sees what was done
            job->result.audit = *audit;
            if (!job->unkept.empty() && job->result.isOk) {
                job->result.isKept = false;
                job->result.message += " (in force, but a restart would forget it until the store "
                                       "can write again: "
                    + job->unkept + ")";
            } else if (!written) {
                job->result.message += " (not in the audit log until the store can write again: "
                    + written.error().message + ")";
            }
            job->done(job->result);
        });
}

void CommandDesk::tick(WallTime now)
{
    writeNext();
    showSale();
    endTrials(now);
}

void CommandDesk::endTrials(WallTime now)
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

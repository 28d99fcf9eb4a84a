#include "command_desk.h"

#include "store/upkeep.h"

#include <charconv>

namespace engine {
namespace {

constexpr std::size_t kTargetsMax = 1'000;

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

std::string numberText(double value)
{
    std::array<char, 32> text {};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    return { text.data(), end };
}

std::optional<double> toNumber(const std::string& text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc {} ? std::optional(value) : std::nullopt;
}

// As it stands in the file: rate keeps its point, so that TOML reads it as a decimal.
std::string rateText(double rate)
{
    std::string text = numberText(rate);
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

} // namespace

CommandDesk::CommandDesk(CommandPorts ports, const std::vector<store::OverrideRow>& overrides)
    : m_ports(std::move(ports))
{
    for (const store::OverrideRow& row : overrides) {
        Override& value = m_overrides[row.target];
        value.until = row.until;
        value.who = row.who;
        value.setAt = row.setAt;
        const auto number = toNumber(row.value);
        if (!number)
            continue;
        if (row.name == "concurrency")
            value.tuning.concurrency = static_cast<int>(*number);
        else if (row.name == "rate")
            value.tuning.rate = *number;
        else if (row.name == "batch")
            value.tuning.batch = static_cast<int>(*number);
        else if (row.name == "above_ceiling")
            value.tuning.isAboveCeilingAllowed = *number > 0;
    }
}

void CommandDesk::restore()
{
    for (const auto& [target, value] : m_overrides) {
        delivery::Tuning tuning = value.tuning;
        tuning.isCutToCeiling = true; // the ceilings may have come down since it was set
        m_ports.loop->submit([target = target, tuning](delivery::Dispatcher& dispatcher) {
            (void)dispatcher.tune(target, tuning);
        });
    }
}

void CommandDesk::submit(Command command, Done done)
{
    auto job = std::make_shared<Job>();
    job->command = std::move(command);
    job->done = std::move(done);
    job->result.id = CommandId { ++m_lastId };
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
    m_ports.loop->submit([targets, change, ended](delivery::Dispatcher& dispatcher) {
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
    tuneNext(job, command, 0);
}

void CommandDesk::tuneNext(const JobPtr& job, const TuneCommand& command, std::size_t index)
{
    if (index == command.targets.size())
        return finish(job);
    const ShardId target = command.targets[index];
    Override next;
    if (const auto present = m_overrides.find(target);
        present != m_overrides.end() && !command.reset)
        next = present->second;
    next.tuning.isAboveCeilingAllowed = command.isAboveCeilingAllowed;
    if (command.concurrency)
        next.tuning.concurrency = command.concurrency;
    if (command.rate)
        next.tuning.rate = command.rate;
    if (command.batch)
        next.tuning.batch = command.batch;
    const WallTime now = m_ports.clock->wallNow();
    next.until = command.keepFor ? std::optional(now + *command.keepFor) : std::nullopt;
    next.who = job->command.who;
    next.setAt = now;
    m_ports.loop->submit(
        [this, job, command, index, target, next](delivery::Dispatcher& dispatcher) {
            const auto applied = dispatcher.tune(target, next.tuning);
            m_ports.post([this, job, command, index, target, next, applied] {
                if (!applied)
                    return failed(job, applied.error());
                append(job->result.before, applied->before);
                append(job->result.after, applied->after);
                job->result.count += applied->shards;
                keep(target, next);
                tuneNext(job, command, index + 1);
            });
        });
}

void CommandDesk::keep(const ShardId& target, const Override& value)
{
    if (target.isWholeDestination()) { // delivery lets it replace what was said of its shards
        std::vector<ShardId> replaced;
        for (const auto& entry : m_overrides) {
            if (entry.first.destination == target.destination && entry.first != target)
                replaced.push_back(entry.first);
        }
        for (const ShardId& shard : replaced)
            keep(shard, Override {});
    }
    if (value.tuning.isEmpty())
        m_overrides.erase(target);
    else
        m_overrides[target] = value;
    std::vector<store::OverrideRow> rows;
    const auto add = [&](const char* name, const std::string& text) {
        rows.push_back({ target, name, text, value.until, value.setAt, value.who });
    };
    const delivery::Tuning& tuning = value.tuning;
    add("concurrency", tuning.concurrency ? std::to_string(*tuning.concurrency) : std::string {});
    add("rate", tuning.rate ? rateText(*tuning.rate) : std::string {});
    add("batch", tuning.batch ? std::to_string(*tuning.batch) : std::string {});
    const bool isAbove = tuning.isAboveCeilingAllowed && !tuning.isEmpty();
    add("above_ceiling", isAbove ? std::string("1") : std::string {});
    m_ports.store->write(
        [rows](store::WriteTransaction& transaction) -> Status {
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
    m_ports.loop->submit([this, job, command](delivery::Dispatcher& dispatcher) {
        const auto applied = dispatcher.probe(command.target);
        m_ports.post([this, job, applied] {
            if (!applied)
                return failed(job, applied.error());
            job->result.before = applied->before;
            job->result.after = applied->after;
            job->result.count = applied->shards;
            finish(job);
        });
    });
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
    m_ports.annotate(
        { .kind = job->action.find("pause") != std::string::npos ? Annotation::Kind::Pause
                : job->action == "resume"                        ? Annotation::Kind::Resume
                : job->action.find("tun") != std::string::npos   ? Annotation::Kind::Tune
                : job->action.starts_with("replay")              ? Annotation::Kind::Replay
                                                                 : Annotation::Kind::Action,
            .at = now,
            .shard = parseShardId(job->target.substr(0, job->target.find(','))),
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
    std::vector<ShardId> over;
    for (const auto& [target, value] : m_overrides) {
        if (value.until && *value.until <= now)
            over.push_back(target);
    }
    for (const ShardId& target : over) {
        m_overrides[target].until.reset(); // asked for once
        // One command each: a shard that is gone must not keep the others' trials in force.
        Command command;
        command.what = TuneCommand { .targets = { target }, .reset = true };
        command.who = "engine";
        command.reason = "the trial is over";
        submit(std::move(command), [](const CommandResult&) {});
    }
}

std::string CommandDesk::overridesToml() const
{
    std::string text;
    for (const auto& [target, value] : m_overrides) {
        text += "# set by " + value.who + " at " + toIso8601(value.setAt);
        text += value.until ? ", a trial until " + toIso8601(*value.until) + "\n" : "\n";
        text += "[[destination]]\nname = \"" + target.destination + "\"\n";
        if (!target.isWholeDestination())
            text += "# for the account " + target.account + " alone\n";
        if (value.tuning.concurrency)
            text += "concurrency = " + std::to_string(*value.tuning.concurrency) + "\n";
        if (value.tuning.rate)
            text += "rate = " + rateText(*value.tuning.rate) + "\n";
        if (value.tuning.batch)
            text += "batch = " + std::to_string(*value.tuning.batch) + "\n";
        text += "\n";
    }
    return text.empty() ? "# no live overrides\n" : text;
}

} // namespace engine

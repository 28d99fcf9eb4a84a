// Taking an action of the audit back: is the way open, and going it.
#include "command_desk.h"

#include <algorithm>
#include <array>

namespace engine {
namespace {

constexpr int kLettersCounted = 100'000;

RevertCheck noWay(std::string whyNot)
{
    return { .isPossible = false, .whyNot = std::move(whyNot) };
}

RevertCheck wayTo(std::string what) { return { .isPossible = true, .what = std::move(what) }; }

std::string describe(const OverrideBook::Entries& entries)
{
    if (entries.empty())
        return "as configured";
    std::string text;
    for (const auto& [target, entry] : entries) {
        if (!text.empty())
            text += "; ";
        text += toString(target) + ": " + toString(entry.tuning);
    }
    return text;
}

std::string describe(const PauseUndo::Pauses& pauses)
{
    const auto paused = std::count_if(pauses.begin(), pauses.end(),
        [](const auto& each) { return each.second.desired != Desired::Running; });
    if (paused == 0)
        return "running";
    if (paused == std::ssize(pauses))
        return toString(pauses.front().second.desired);
    return std::to_string(paused) + " of " + std::to_string(pauses.size()) + " shards paused";
}

std::string describe(const store::GroupShape& shape)
{
    if (shape.isSplit)
        return "one group for each account";
    if (shape.merged.empty())
        return "a group of its own";
    return std::to_string(shape.merged.size()) + " put into it";
}

std::string describe(const SaleCommand& command)
{
    if (command.mode == SaleCommand::Mode::AsConfigured)
        return "as configured";
    std::string text = command.mode == SaleCommand::Mode::On ? "on" : "off";
    return command.until ? text + " until " + toIso8601(*command.until) : text;
}

std::string whyNoUndo(const AuditRow& row)
{
    if (row.result != "ok")
        return "it was refused: there is nothing to take back";
    static constexpr std::array kInvertible { "tune", "revert_tuning", "keep_tuning",
        "revert_trial", "pause", "pause_retries", "resume", "archive", "restore", "group_status",
        "thresholds", "group_merge", "group_take_out", "group_split", "group_join", "sale_mode" };
    const bool hasInverse
        = std::find(kInvertible.begin(), kInvertible.end(), row.action) != kInvertible.end();
    return hasInverse ? "how it was before was not kept with this entry"
                      : "this kind of action cannot be taken back";
}

} // namespace

void CommandDesk::checkRevert(AuditId entry, std::function<void(Result<RevertCheck>)> done)
{
    look(entry, [this, done = std::move(done)](Result<Revertible> found) {
        if (!found)
            return done(tl::unexpected(found.error()));
        if (m_ports.profile().safety == SafetyLevel::Observe)
            return done(noWay("the safety level is Observe: nothing may be changed"));
        done(std::move(found->check));
    });
}

void CommandDesk::look(AuditId entry, Checked checked)
{
    m_ports.read([this, entry, checked = std::move(checked)](Result<store::Reader*> reader) {
        auto row = std::make_shared<Result<AuditRow>>(
            reader ? (*reader)->auditRow(entry) : tl::unexpected(reader.error()));
        m_ports.post([this, row, checked] {
            if (!*row)
                return checked(tl::unexpected(row->error()));
            Revertible found { .row = std::move(**row) };
            found.undo = parseUndo(found.row.undo);
            if (!found.undo) {
                found.check = noWay(whyNoUndo(found.row));
                return checked(std::move(found));
            }
            const UndoRecord undo = *found.undo;
            std::visit([&](const auto& one) { check(std::move(found), one, checked); }, undo);
        });
    });
}

void CommandDesk::check(Revertible found, const TuningUndo& undo, const Checked& checked)
{
    const bool isAsLeft = m_overrides.entries(undo.targets) == undo.after;
    found.check = isAsLeft ? wayTo(describe(undo.before))
                           : noWay("the tuning was changed since, or its trial has ended: now "
                               + describe(m_overrides.entries(undo.targets)));
    checked(std::move(found));
}

void CommandDesk::check(Revertible found, const PauseUndo& undo, const Checked& checked)
{
    auto shared = std::make_shared<Revertible>(std::move(found));
    m_ports.loop->submit(
        [this, undo, shared, checked](delivery::Dispatcher& dispatcher) {
            PauseUndo::Pauses now;
            for (const ShardId& target : undo.targets) {
                for (auto& pause : dispatcher.pausesOf(target))
                    now.push_back(std::move(pause));
            }
            const auto isAsLeft = [&](const auto& left) {
                return std::any_of(now.begin(), now.end(), [&](const auto& present) {
                    return present.first == left.first && isSame(present.second, left.second);
                });
            };
            shared->check = std::all_of(undo.after.begin(), undo.after.end(), isAsLeft)
                ? wayTo(describe(undo.before))
                : noWay("it was paused or resumed since: now " + describe(now));
            m_ports.post([shared, checked] { checked(std::move(*shared)); });
        },
        [this, checked](const Error& error) {
            m_ports.post([checked, error] { checked(tl::unexpected(error)); });
        });
}

void CommandDesk::check(Revertible found, const ArchiveUndo& undo, const Checked& checked)
{
    auto shared = std::make_shared<Revertible>(std::move(found));
    m_ports.read([this, undo, shared, checked](Result<store::Reader*> reader) {
        const store::MovedWithin when
            = undo.isRestored ? store::MovedWithin {} : store::MovedWithin { undo.from, undo.to };
        const auto left = reader
            ? (*reader)->lettersIn(undo.selection,
                undo.isRestored ? DeadLetterState::Waiting : DeadLetterState::Archived, when,
                kLettersCounted)
            : tl::unexpected(reader.error());
        if (!left)
            shared->check = noWay(left.error().message);
        else if (*left == 0)
            shared->check = noWay(undo.isRestored ? "none of them waits any more"
                                                  : "none of them is in the archive any more");
        else
            shared->check = wayTo(std::to_string(*left)
                + (undo.isRestored ? " into the archive again" : " out of the archive again"));
        m_ports.post([shared, checked] { checked(std::move(*shared)); });
    });
}

void CommandDesk::check(Revertible found, const GroupUndo& undo, const Checked& checked)
{
    auto shared = std::make_shared<Revertible>(std::move(found));
    m_ports.read([this, undo, shared, checked](Result<store::Reader*> reader) {
        const auto now
            = reader ? (*reader)->groupRemark(undo.fingerprint) : tl::unexpected(reader.error());
        if (!now)
            shared->check = noWay(now.error().message);
        else if (now->first != undo.statusAfter || now->second != undo.noteAfter)
            shared->check
                = noWay(std::string("it was said otherwise since: ") + toString(now->first));
        else
            shared->check = wayTo(toString(undo.statusBefore));
        m_ports.post([shared, checked] { checked(std::move(*shared)); });
    });
}

void CommandDesk::check(Revertible found, const ThresholdsUndo& undo, const Checked& checked)
{
    std::string what;
    bool isAsLeft = true;
    const Thresholds configured = m_ports.thresholdsConfigured();
    for (const auto& [id, change] : undo.changes) {
        const auto own = m_thresholds.find(id);
        const auto now = own == m_thresholds.end() ? std::nullopt : std::optional(own->second);
        isAsLeft = isAsLeft && now == change.after;
        what += (what.empty() ? "" : ", ") + std::string(specOf(id).key) + ' '
            + thresholdText(id, change.before.value_or(configured.at(id)));
    }
    found.check = isAsLeft ? wayTo(what) : noWay("it was set otherwise since");
    checked(std::move(found));
}

void CommandDesk::check(Revertible found, const GroupShapeUndo& undo, const Checked& checked)
{
    auto shared = std::make_shared<Revertible>(std::move(found));
    m_ports.read([this, undo, shared, checked](Result<store::Reader*> reader) {
        const auto now
            = reader ? (*reader)->groupShape(undo.fingerprint) : tl::unexpected(reader.error());
        if (!now)
            shared->check = noWay(now.error().message);
        else if (*now != undo.after)
            shared->check = noWay("the group was joined or split otherwise since");
        else
            shared->check = wayTo(describe(undo.before));
        m_ports.post([shared, checked] { checked(std::move(*shared)); });
    });
}

void CommandDesk::check(Revertible found, const SaleUndo& undo, const Checked& checked)
{
    const WallTime now = m_ports.clock->wallNow();
    found.check = isSame(switchOf(sale()), undo.after)
        ? wayTo(describe(commandBack(undo, now)))
        : noWay("sale mode was switched since, or has ended: now " + toString(sale()));
    checked(std::move(found));
}

void CommandDesk::run(const JobPtr& job, const RevertCommand& command)
{
    job->action = "undo";
    look(command.entry, [this, job, command](const Result<Revertible>& found) {
        if (!found)
            return failed(job, found.error());
        job->target = found->row.target;
        job->undoOf = command.entry;
        job->correlation = found->row.correlation;
        if (!found->check.isPossible)
            return failed(job, { ErrorCode::Conflict, found->check.whyNot, "entry" });
        std::visit([&](const auto& undo) { revert(job, undo); }, *found->undo);
    });
}

void CommandDesk::revert(const JobPtr& job, const TuningUndo& undo)
{
    put(job, m_overrides.restoring(undo.targets, undo.before, authorOf(*job)), undo.targets);
}

void CommandDesk::revert(const JobPtr& job, const PauseUndo& undo)
{
    setDesired(job, changesBack(undo, m_ports.clock->wallNow()), undo.targets);
}

void CommandDesk::revert(const JobPtr& job, const ArchiveUndo& undo)
{
    const store::MovedWithin when
        = undo.isRestored ? store::MovedWithin {} : store::MovedWithin { undo.from, undo.to };
    move(job, ArchiveCommand { .selection = undo.selection, .restore = !undo.isRestored }, when);
}

void CommandDesk::revert(const JobPtr& job, const GroupUndo& undo)
{
    setGroupStatus(job,
        GroupStatusCommand { .fingerprint = undo.fingerprint,
            .status = undo.statusBefore,
            .note = undo.noteBefore });
}

void CommandDesk::revert(const JobPtr& job, const ThresholdsUndo& undo)
{
    ThresholdsCommand command;
    for (const auto& [id, change] : undo.changes)
        command.values[id] = change.before;
    job->target.clear();
    setThresholds(job, command);
}

void CommandDesk::revert(const JobPtr& job, const GroupShapeUndo& undo)
{
    shapeGroups(job, commandBack(undo));
}

void CommandDesk::revert(const JobPtr& job, const SaleUndo& undo)
{
    setSale(job, commandBack(undo, m_ports.clock->wallNow()));
}

} // namespace engine

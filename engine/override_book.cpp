#include "override_book.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace engine {
namespace {

// Rows of what a trial goes back to carry this before their name.
constexpr std::string_view kBefore = "before_";

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

void read(delivery::Tuning& tuning, std::string_view name, const std::string& text)
{
    const auto number = toNumber(text);
    if (!number)
        return;
    if (name == "concurrency")
        tuning.concurrency = static_cast<int>(*number);
    else if (name == "rate")
        tuning.rate = *number;
    else if (name == "batch")
        tuning.batch = static_cast<int>(*number);
    else if (name == "above_ceiling")
        tuning.isAboveCeilingAllowed = *number > 0;
}

// Name and text; an empty text removes the row.
std::array<std::pair<std::string, std::string>, 4> written(const delivery::Tuning& tuning)
{
    const bool isAbove = tuning.isAboveCeilingAllowed && !tuning.isEmpty();
    return { { { "concurrency", tuning.concurrency ? std::to_string(*tuning.concurrency) : "" },
        { "rate", tuning.rate ? rateText(*tuning.rate) : "" },
        { "batch", tuning.batch ? std::to_string(*tuning.batch) : "" },
        { "above_ceiling", isAbove ? "1" : "" } } };
}

void setFields(delivery::Tuning& tuning, const TuneCommand& command)
{
    tuning.isAboveCeilingAllowed = command.isAboveCeilingAllowed;
    if (command.concurrency)
        tuning.concurrency = command.concurrency;
    if (command.rate)
        tuning.rate = command.rate;
    if (command.batch)
        tuning.batch = command.batch;
}

delivery::Tuning cutTo(delivery::Tuning tuning, const delivery::Tuning& most)
{
    if (tuning.isAboveCeilingAllowed)
        return tuning;
    const auto cut = [](auto& value, const auto& ceiling) {
        if (value && ceiling && *value > *ceiling)
            value = ceiling;
    };
    cut(tuning.concurrency, most.concurrency);
    cut(tuning.rate, most.rate);
    cut(tuning.batch, most.batch);
    return tuning;
}

bool isListed(const OverrideBook::Changes& changes, const ShardId& target)
{
    return std::any_of(changes.begin(), changes.end(),
        [&](const OverrideBook::Change& change) { return change.target == target; });
}

} // namespace

OverrideBook::OverrideBook(const std::vector<store::OverrideRow>& rows)
{
    for (const store::OverrideRow& row : rows) {
        if (row.target.destination.empty())
            continue; // of the engine as a whole: thresholds, sale mode
        Override& value = m_overrides[row.target];
        value.who = row.who;
        value.setAt = row.setAt;
        if (row.until) {
            if (!value.trial)
                value.trial.emplace();
            value.trial->until = *row.until;
        }
        const std::string_view name = row.name;
        if (!name.starts_with(kBefore))
            read(value.tuning, name, row.value);
        else if (value.trial)
            read(value.trial->before, name.substr(kBefore.size()), row.value);
    }
}

const OverrideBook::Override* OverrideBook::find(const ShardId& target) const
{
    const auto found = m_overrides.find(target);
    return found == m_overrides.end() ? nullptr : &found->second;
}

const OverrideBook::Override* OverrideBook::covering(const ShardId& shard) const
{
    const Override* own = find(shard);
    return own != nullptr ? own : find({ .destination = shard.destination, .account = {} });
}

std::vector<ShardId> OverrideBook::ownShards(const ShardId& destination) const
{
    std::vector<ShardId> shards;
    for (const auto& [target, value] : m_overrides) {
        if (target.destination == destination.destination && !target.isWholeDestination())
            shards.push_back(target);
    }
    return shards;
}

OverrideBook::Override OverrideBook::changed(
    const ShardId& target, const TuneCommand& command, const Author& author) const
{
    const Override* own = find(target);
    const Override* present = covering(target);
    Override next { .who = author.who, .setAt = author.now };
    if (present != nullptr && !command.reset)
        next.tuning = present->tuning;
    setFields(next.tuning, command);
    if (command.keepFor) {
        next.trial = Trial { .until = author.now + *command.keepFor };
        if (own != nullptr)
            next.trial->before = own->trial ? own->trial->before : own->tuning;
    } else if (own != nullptr && own->trial && !command.reset) {
        // For good, in the midst of a trial: it outlasts the trial, which goes on for the rest.
        next.trial = own->trial;
        setFields(next.trial->before, command);
    }
    if (next.trial && next.trial->before == next.tuning)
        next.trial.reset();
    return next;
}

// What is said of a destination drops what was said of its shards; where it is a trial or its end,
// they are to be there again.
void OverrideBook::addStaying(Changes& changes) const
{
    const Changes asked = changes;
    for (const Change& change : asked) {
        if (!change.target.isWholeDestination())
            continue;
        for (const ShardId& shard : ownShards(change.target)) {
            if (!isListed(changes, shard))
                changes.push_back({ shard, *find(shard), false, true });
        }
    }
    std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
        return a.target.isWholeDestination() && !b.target.isWholeDestination();
    });
}

Result<OverrideBook::Changes> OverrideBook::plan(
    const TuneCommand& command, const Author& author) const
{
    if (command.keepFor && (*command.keepFor < Seconds { 1 } || *command.keepFor > kTrialLongest))
        return fail(ErrorCode::BadRequest, "a trial lasts from a second to 30 days", "for");
    Changes changes;
    for (const ShardId& target : command.targets) {
        const Override* own = find(target);
        if (command.reset && own == nullptr && covering(target) != nullptr) {
            return fail(ErrorCode::Conflict,
                toString(target) + " follows the live change of " + target.destination
                    + "; revert that one",
                "targets");
        }
        changes.push_back({ target, changed(target, command, author) });
        if (!target.isWholeDestination() || !command.keepFor)
            continue;
        // A trial may not forget for good what was said of single shards: each tries it too.
        for (const ShardId& shard : ownShards(target))
            changes.push_back({ shard, changed(shard, command, author), false, true });
    }
    return changes;
}

Result<OverrideBook::Changes> OverrideBook::plan(
    const TrialCommand& command, const Author& author) const
{
    Changes changes;
    for (const ShardId& asked : command.targets) {
        const ShardId target = find(asked) != nullptr
            ? asked
            : ShardId { .destination = asked.destination, .account = {} };
        const Override* present = find(target);
        if (present == nullptr || !present->trial || isListed(changes, target))
            continue;
        Override next { .tuning = present->tuning, .who = author.who, .setAt = author.now };
        if (command.action == TrialCommand::Action::Revert)
            next.tuning = present->trial->before;
        changes.push_back({ target, std::move(next), true, true });
    }
    if (changes.empty())
        return fail(ErrorCode::NotFound, "nothing named here is on trial", "targets");
    addStaying(changes);
    return changes;
}

OverrideBook::Entries OverrideBook::entries(const std::vector<ShardId>& targets) const
{
    Entries found;
    for (const ShardId& target : targets) {
        for (const auto& [id, value] : m_overrides) {
            const bool isMeant = id == target
                || (target.isWholeDestination() && id.destination == target.destination);
            if (isMeant)
                found[id] = { .tuning = value.tuning, .trial = value.trial };
        }
    }
    return found;
}

OverrideBook::Changes OverrideBook::restoring(
    const std::vector<ShardId>& targets, const Entries& before, const Author& author) const
{
    Changes changes;
    const auto add = [&](const ShardId& target, bool isAsked) {
        Override next { .who = author.who, .setAt = author.now };
        if (const auto found = before.find(target); found != before.end()) {
            const Entry& entry = found->second;
            const bool isOver = entry.trial && entry.trial->until <= author.now;
            next.tuning = isOver ? entry.trial->before : entry.tuning;
            next.trial = isOver ? std::nullopt : entry.trial;
        }
        changes.push_back({ target, std::move(next), isAsked, true });
    };
    for (const ShardId& target : targets) {
        add(target, true);
        // set() of a destination forgets its shards, so those of before come after it.
        for (const auto& [id, entry] : before) {
            const bool isShardOf = target.isWholeDestination() && !id.isWholeDestination()
                && id.destination == target.destination;
            if (isShardOf)
                add(id, false);
        }
    }
    return changes;
}

std::vector<store::OverrideRow> OverrideBook::set(const Change& change)
{
    std::vector<store::OverrideRow> rows;
    const auto add = [&rows](const ShardId& target, const Override& value) {
        const std::optional<WallTime> until
            = value.trial ? std::optional(value.trial->until) : std::nullopt;
        for (const auto& [name, text] : written(value.tuning))
            rows.push_back({ target, name, text, until, value.setAt, value.who });
        const delivery::Tuning before = value.trial ? value.trial->before : delivery::Tuning {};
        for (const auto& [name, text] : written(before))
            rows.push_back(
                { target, std::string(kBefore) + name, text, until, value.setAt, value.who });
    };
    if (change.target.isWholeDestination()) {
        for (const ShardId& shard : ownShards(change.target)) {
            add(shard, Override {});
            m_overrides.erase(shard);
        }
    }
    add(change.target, change.next);
    if (change.next.tuning.isEmpty() && !change.next.trial)
        m_overrides.erase(change.target);
    else
        m_overrides[change.target] = change.next;
    return rows;
}

OverrideBook::Changes OverrideBook::atStart(WallTime now) const
{
    Changes changes;
    for (const auto& [target, value] : m_overrides) {
        Change change { target, value, true, true }; // the ceilings may have come down since
        if (value.trial && value.trial->until <= now)
            change.next.tuning = value.trial->before;
        changes.push_back(std::move(change));
    }
    return changes;
}

std::vector<ShardId> OverrideBook::targets() const
{
    std::vector<ShardId> targets;
    for (const auto& [target, value] : m_overrides)
        targets.push_back(target);
    return targets;
}

OverrideBook::Changes OverrideBook::cut(const Ceilings& ceilings, const Author& author) const
{
    for (const auto& [target, value] : m_overrides) {
        const auto most = ceilings.find(target);
        if (most == ceilings.end())
            continue;
        Override next { .tuning = cutTo(value.tuning, most->second),
            .trial = value.trial,
            .who = author.who,
            .setAt = author.now };
        if (next.trial)
            next.trial->before = cutTo(next.trial->before, most->second);
        if (next.tuning == value.tuning && next.trial == value.trial)
            continue;
        if (next.trial && next.trial->before == next.tuning)
            next.trial.reset();
        Changes changes { { target, std::move(next), true, true } };
        addStaying(changes);
        return changes;
    }
    return {};
}

std::vector<ShardId> OverrideBook::ended(WallTime now) const
{
    std::vector<ShardId> over;
    for (const auto& [target, value] : m_overrides) {
        if (value.trial && value.trial->until <= now)
            over.push_back(target);
    }
    return over;
}

std::optional<TuningTrial> OverrideBook::trialOf(const ShardId& shard) const
{
    const Override* value = covering(shard);
    if (value == nullptr || !value->trial)
        return std::nullopt;
    const delivery::Tuning& before = value->trial->before;
    return TuningTrial { .until = value->trial->until,
        .concurrency = before.concurrency,
        .rate = before.rate,
        .batch = before.batch,
        .who = value->who };
}

std::string OverrideBook::describe(const ShardId& target) const
{
    const Override* value = covering(target);
    if (value == nullptr)
        return toString(delivery::Tuning {});
    std::string text = toString(value->tuning);
    if (value->trial)
        text += ", a trial until " + toIso8601(value->trial->until) + ", then "
            + toString(value->trial->before);
    return text;
}

std::string OverrideBook::toToml() const
{
    std::string text;
    for (const auto& [target, value] : m_overrides) {
        text += "# set by " + value.who + " at " + toIso8601(value.setAt) + '\n';
        if (value.trial) {
            text += "# a trial until " + toIso8601(value.trial->until) + ", then "
                + toString(value.trial->before) + '\n';
        }
        text += "[[destination]]\nname = \"" + target.destination + "\"\n";
        if (!target.isWholeDestination())
            text += "# for the account " + target.account + " alone\n";
        for (const auto& [name, number] : written(value.tuning)) {
            if (!number.empty() && name != "above_ceiling")
                text += name + " = " + number + '\n';
        }
        text += '\n';
    }
    return text.empty() ? "# no live overrides\n" : text;
}

} // namespace engine

#include "undo_record.h"

#include "core/json.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <type_traits>

namespace engine {
namespace {

using delivery::PauseState;
using delivery::Tuning;

Json timeJson(const std::optional<WallTime>& time)
{
    return time ? Json::number(toUnixMicros(*time)) : Json {};
}

std::optional<std::int64_t> intOf(const Json& json, std::string_view key)
{
    const Json* member = json.find(key);
    return member != nullptr ? member->asInt() : std::nullopt;
}

std::optional<WallTime> timeOf(const Json& json, std::string_view key)
{
    const auto micros = intOf(json, key);
    return micros ? std::optional(fromUnixMicros(*micros)) : std::nullopt;
}

std::string textOf(const Json& json, std::string_view key)
{
    const Json* member = json.find(key);
    return member != nullptr ? member->text() : std::string {};
}

// Members of an object, items of an array; nothing when it is not there.
const Json& childOf(const Json& json, std::string_view key)
{
    static const Json kNothing;
    const Json* member = json.find(key);
    return member != nullptr ? *member : kNothing;
}

Json toJson(const std::vector<ShardId>& targets)
{
    Json list = Json::array();
    for (const ShardId& target : targets)
        list.push(Json::string(toString(target)));
    return list;
}

std::vector<ShardId> targetsOf(const Json& list)
{
    std::vector<ShardId> targets;
    for (const Json& item : list.items())
        targets.push_back(parseShardId(item.text()));
    return targets;
}

Json toJson(const Tuning& tuning)
{
    Json out = Json::object();
    if (tuning.concurrency)
        out.set("concurrency", Json::number(std::int64_t { *tuning.concurrency }));
    if (tuning.rate)
        out.set("rate", Json::number(*tuning.rate));
    if (tuning.batch)
        out.set("batch", Json::number(std::int64_t { *tuning.batch }));
    if (tuning.isAboveCeilingAllowed)
        out.set("above_ceiling", Json::boolean(true));
    return out;
}

Tuning tuningOf(const Json& json)
{
    Tuning tuning;
    if (const auto value = intOf(json, "concurrency"))
        tuning.concurrency = static_cast<int>(*value);
    tuning.rate = childOf(json, "rate").asDouble();
    if (const auto value = intOf(json, "batch"))
        tuning.batch = static_cast<int>(*value);
    tuning.isAboveCeilingAllowed = childOf(json, "above_ceiling").asBool();
    return tuning;
}

Json toJson(const OverrideBook::Entries& entries)
{
    Json out = Json::object();
    for (const auto& [target, entry] : entries) {
        Json one = toJson(entry.tuning);
        if (entry.trial) {
            one.set("until", timeJson(entry.trial->until));
            one.set("then", toJson(entry.trial->before));
        }
        out.set(toString(target), std::move(one));
    }
    return out;
}

OverrideBook::Entries entriesOf(const Json& json)
{
    OverrideBook::Entries entries;
    for (const auto& [name, value] : json.members()) {
        OverrideBook::Entry& entry = entries[parseShardId(name)];
        entry.tuning = tuningOf(value);
        if (const auto until = timeOf(value, "until"))
            entry.trial = OverrideBook::Trial { *until, tuningOf(childOf(value, "then")) };
    }
    return entries;
}

// Shards with one state stand together: usually all of them.
Json toJson(const PauseUndo::Pauses& pauses)
{
    std::vector<std::pair<PauseState, std::vector<ShardId>>> groups;
    for (const auto& [shard, pause] : pauses) {
        const auto same = std::find_if(groups.begin(), groups.end(),
            [&state = pause](const auto& group) { return isSame(group.first, state); });
        if (same == groups.end())
            groups.push_back({ pause, { shard } });
        else
            same->second.push_back(shard);
    }
    Json out = Json::array();
    for (const auto& [pause, shards] : groups) {
        Json group = Json::object();
        group.set("desired", Json::number(static_cast<std::int64_t>(pause.desired)));
        group.set("until", timeJson(pause.until));
        group.set("cause", Json::number(static_cast<std::int64_t>(pause.cause)));
        group.set("note", Json::string(pause.note));
        group.set("who", Json::string(pause.who));
        group.set("shards", toJson(shards));
        out.push(std::move(group));
    }
    return out;
}

PauseUndo::Pauses pausesOf(const Json& json)
{
    PauseUndo::Pauses pauses;
    for (const Json& group : json.items()) {
        const PauseState pause { .desired
            = static_cast<Desired>(intOf(group, "desired").value_or(0)),
            .until = timeOf(group, "until"),
            .cause = static_cast<PauseCause>(intOf(group, "cause").value_or(0)),
            .note = textOf(group, "note"),
            .who = textOf(group, "who") };
        for (const ShardId& shard : targetsOf(childOf(group, "shards")))
            pauses.emplace_back(shard, pause);
    }
    return pauses;
}

Json toJson(const TuningUndo& undo)
{
    Json out = Json::object();
    out.set("targets", toJson(undo.targets));
    out.set("before", toJson(undo.before));
    out.set("after", toJson(undo.after));
    return out;
}

Json toJson(const PauseUndo& undo)
{
    Json out = Json::object();
    out.set("targets", toJson(undo.targets));
    out.set("before", toJson(undo.before));
    out.set("after", toJson(undo.after));
    return out;
}

Json toJson(const ArchiveUndo& undo)
{
    Json out = Json::object();
    out.set("selection", Json::number(toInt(undo.selection)));
    out.set("is_restored", Json::boolean(undo.isRestored));
    out.set("from", timeJson(undo.from));
    out.set("to", timeJson(undo.to));
    return out;
}

Json toJson(const GroupUndo& undo)
{
    Json out = Json::object();
    out.set("fingerprint", Json::string(undo.fingerprint));
    out.set("status_before", Json::number(static_cast<std::int64_t>(undo.statusBefore)));
    out.set("note_before", Json::string(undo.noteBefore));
    out.set("status_after", Json::number(static_cast<std::int64_t>(undo.statusAfter)));
    out.set("note_after", Json::string(undo.noteAfter));
    return out;
}

Json toJson(const ThresholdsUndo& undo)
{
    Json out = Json::object();
    for (const auto& [id, change] : undo.changes) {
        Json pair = Json::object();
        pair.set("before", change.before ? Json::number(*change.before) : Json {});
        pair.set("after", change.after ? Json::number(*change.after) : Json {});
        out.set(std::string(specOf(id).key), std::move(pair));
    }
    return out;
}

Json toJson(const store::GroupShape& shape)
{
    Json parts = Json::array();
    for (const std::string& part : shape.merged)
        parts.push(Json::string(part));
    Json out = Json::object();
    out.set("merged", std::move(parts));
    out.set("is_split", Json::boolean(shape.isSplit));
    return out;
}

store::GroupShape shapeOf(const Json& json)
{
    store::GroupShape shape { .isSplit = childOf(json, "is_split").asBool() };
    for (const Json& part : childOf(json, "merged").items())
        shape.merged.push_back(part.text());
    return shape;
}

Json toJson(const GroupShapeUndo& undo)
{
    Json out = Json::object();
    out.set("fingerprint", Json::string(undo.fingerprint));
    out.set("before", toJson(undo.before));
    out.set("after", toJson(undo.after));
    return out;
}

Json toJson(const SaleCommand& command)
{
    Json out = Json::object();
    out.set("mode", Json::number(static_cast<std::int64_t>(command.mode)));
    out.set("until", timeJson(command.until));
    return out;
}

SaleCommand saleOf(const Json& json)
{
    return { .mode = static_cast<SaleCommand::Mode>(intOf(json, "mode").value_or(0)),
        .until = timeOf(json, "until") };
}

Json toJson(const SaleUndo& undo)
{
    Json out = Json::object();
    out.set("before", toJson(undo.before));
    out.set("after", toJson(undo.after));
    return out;
}

ThresholdsUndo thresholdsOf(const Json& json)
{
    ThresholdsUndo undo;
    for (const auto& [key, value] : json.members()) {
        const ThresholdSpec* spec = findThreshold(key);
        if (spec != nullptr)
            undo.changes[spec->id] = { .before = childOf(value, "before").asDouble(),
                .after = childOf(value, "after").asDouble() };
    }
    return undo;
}

const char* kindOf(const UndoRecord& record)
{
    static constexpr std::array kKinds { "tuning", "pause", "archive", "group", "thresholds",
        "group_shape", "sale" };
    return kKinds.at(record.index());
}

} // namespace

std::string toText(const UndoRecord& record)
{
    Json out = Json::object();
    out.set(kindOf(record), std::visit([](const auto& undo) { return toJson(undo); }, record));
    std::string text = out.dump();
    return text.size() <= kUndoBytesMax ? text : std::string {};
}

std::optional<UndoRecord> parseUndo(const std::string& text)
{
    const auto json = parseJson(text);
    if (!json || json->members().size() != 1)
        return std::nullopt;
    const auto& [kind, value] = json->members().front();
    if (kind == "tuning")
        return TuningUndo { targetsOf(childOf(value, "targets")),
            entriesOf(childOf(value, "before")), entriesOf(childOf(value, "after")) };
    if (kind == "pause")
        return PauseUndo { targetsOf(childOf(value, "targets")), pausesOf(childOf(value, "before")),
            pausesOf(childOf(value, "after")) };
    if (kind == "archive")
        return ArchiveUndo { SelectionId { intOf(value, "selection").value_or(0) },
            childOf(value, "is_restored").asBool(), timeOf(value, "from").value_or(WallTime {}),
            timeOf(value, "to").value_or(WallTime {}) };
    if (kind == "group")
        return GroupUndo { textOf(value, "fingerprint"),
            static_cast<GroupStatus>(intOf(value, "status_before").value_or(0)),
            textOf(value, "note_before"),
            static_cast<GroupStatus>(intOf(value, "status_after").value_or(0)),
            textOf(value, "note_after") };
    if (kind == "thresholds")
        return thresholdsOf(value);
    if (kind == "group_shape")
        return GroupShapeUndo { textOf(value, "fingerprint"), shapeOf(childOf(value, "before")),
            shapeOf(childOf(value, "after")) };
    if (kind == "sale")
        return SaleUndo { saleOf(childOf(value, "before")), saleOf(childOf(value, "after")) };
    return std::nullopt;
}

bool isSame(const PauseState& a, const PauseState& b)
{
    return a.desired == b.desired && a.until == b.until && a.cause == b.cause && a.note == b.note;
}

bool isSame(const SaleCommand& a, const SaleCommand& b)
{
    return a.mode == b.mode && a.until == b.until;
}

GroupShapeCommand commandBack(const GroupShapeUndo& undo)
{
    using Action = GroupShapeCommand::Action;
    GroupShapeCommand command { .fingerprint = undo.fingerprint };
    const auto only = [](const store::GroupShape& here, const store::GroupShape& there) {
        std::vector<std::string> parts;
        std::set_difference(here.merged.begin(), here.merged.end(), there.merged.begin(),
            there.merged.end(), std::back_inserter(parts));
        return parts;
    };
    if (undo.before.isSplit != undo.after.isSplit) {
        command.action = undo.before.isSplit ? Action::SplitByAccount : Action::JoinAccounts;
        return command;
    }
    command.others = only(undo.before, undo.after);
    command.action = Action::Merge;
    if (command.others.empty()) {
        command.others = only(undo.after, undo.before);
        command.action = Action::TakeOut;
    }
    return command;
}

SaleCommand switchOf(const SaleMode& mode)
{
    using Mode = SaleCommand::Mode;
    if (mode.cause != SaleMode::Cause::Operator)
        return { .mode = Mode::AsConfigured };
    return { .mode = mode.isOn ? Mode::On : Mode::Off, .until = mode.until };
}

SaleCommand commandBack(const SaleUndo& undo, WallTime now)
{
    const bool isOver = undo.before.until && *undo.before.until <= now;
    return isOver ? SaleCommand { .mode = SaleCommand::Mode::AsConfigured } : undo.before;
}

std::vector<delivery::DesiredChange> changesBack(const PauseUndo& undo, WallTime now)
{
    const auto stateThen = [now](const PauseState& pause) {
        return pause.until && *pause.until <= now ? PauseState {} : pause;
    };
    const auto changeTo = [](const ShardId& target, const PauseState& pause) {
        return delivery::DesiredChange { .target = target,
            .desired = pause.desired,
            .until = pause.until,
            .cause = pause.cause,
            .who = pause.who,
            .note = pause.note };
    };
    std::vector<delivery::DesiredChange> changes;
    for (const ShardId& target : undo.targets) {
        PauseUndo::Pauses covered;
        for (const auto& [shard, pause] : undo.before) {
            const bool isCovered = shard == target
                || (target.isWholeDestination() && shard.destination == target.destination);
            if (isCovered)
                covered.emplace_back(shard, stateThen(pause));
        }
        const PauseState first = covered.empty() ? PauseState {} : covered.front().second;
        const bool isOne = std::all_of(covered.begin(), covered.end(),
            [&](const auto& each) { return isSame(each.second, first); });
        // Where the shards differed, the destination as a whole was running.
        changes.push_back(changeTo(target, isOne ? first : PauseState {}));
        for (const auto& [shard, pause] : covered) {
            if (!isOne && pause.desired != Desired::Running)
                changes.push_back(changeTo(shard, pause));
        }
    }
    return changes;
}

} // namespace engine

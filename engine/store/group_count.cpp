#include "store/group_count.h"

#include "store/connection.h"
#include "store/dead_letter_filter.h"
#include "store/reader.h"

#include <algorithm>

namespace engine::store {
namespace {

constexpr std::size_t kGroupsMax = 500;
constexpr std::int64_t kLettersPerStep = 50'000; // some 30 ms

const Sql kShapes { "SELECT f.text, t.text, g.is_split FROM fingerprint_shape g JOIN fingerprint f "
                    "ON f.id = g.fingerprint LEFT JOIN fingerprint t ON t.id = g.merged_into" };
const Sql kRemarks { "SELECT f.text, r.status, r.note, r.who, r.at_us FROM fingerprint_status r "
                     "JOIN fingerprint f ON f.id = r.fingerprint" };
const Sql kShardNames { "SELECT id, destination, account FROM shard" };

bool isPlainScope(const DeadLetterFilter& filter)
{
    DeadLetterFilter rest = filter;
    rest.destinations.clear();
    rest.shards.clear();
    return rest == DeadLetterFilter {};
}

Status readShapes(Connection& connection, GroupCount& count)
{
    Statement& shapes = connection.statement(kShapes);
    if (Status done = shapes.exec(); !done)
        return done;
    while (shapes.next()) {
        if (!shapes.text(1).empty())
            count.mergedInto[shapes.text(0)] = shapes.text(1);
        if (shapes.integer(2) != 0)
            count.splitByAccount.insert(shapes.text(0));
    }
    if (Status done = shapes.end(); !done)
        return done;
    Statement& remarks = connection.statement(kRemarks);
    if (Status done = remarks.exec(); !done)
        return done;
    while (remarks.next())
        count.remarks[remarks.text(0)] = { static_cast<GroupStatus>(remarks.integer(1)),
            remarks.text(2), remarks.text(3), fromUnixMicros(remarks.integer(4)) };
    if (Status done = remarks.end(); !done)
        return done;
    Statement& shards = connection.statement(kShardNames);
    if (Status done = shards.exec(); !done)
        return done;
    const Finish finish(shards);
    while (shards.next())
        count.shards[shards.integer(0)] = { shards.text(1), shards.text(2) };
    return shards.end();
}

// Columns: text, shard, entries, first, last.
void addSum(GroupCount& count, const Statement& row)
{
    const std::string fingerprint = row.text(0);
    const std::int64_t shard = row.integer(1);
    const GroupCount::Key key = count.keyOf(fingerprint, shard);
    GroupCount::Sum& sum = count.sums[key];
    DeadLetterGroup& group = sum.group;
    const WallTime first = fromUnixMicros(row.integer(3));
    const WallTime last = fromUnixMicros(row.integer(4));
    const bool isNew = group.count == 0;
    group.fingerprint = key.first;
    group.count += row.integer(2);
    group.first = isNew ? first : std::min(group.first, first);
    group.last = isNew ? last : std::max(group.last, last);
    sum.shards.insert(shard);
}

// Only of groups that were counted: what a filter leaves out has no trend either.
Status addTrends(Connection& connection, const DeadLetterFilter& filter, GroupCount& count)
{
    const std::int64_t nowSlot
        = toUnixMicros(count.now) / std::chrono::microseconds(kTrendSlot).count();
    SqlCondition condition = shardCondition(filter, "t.shard");
    condition.add("t.slot > ? AND t.slot <= ?");
    condition.values.emplace_back(nowSlot - kTrendSlots);
    condition.values.emplace_back(nowSlot);
    Statement read = connection.prepare(
        "SELECT f.text, t.shard, t.slot, t.added FROM fingerprint_trend t JOIN fingerprint f "
        "ON f.id = t.fingerprint WHERE "
        + condition.text);
    condition.bindTo(read);
    if (Status done = read.exec(); !done)
        return done;
    for (auto& [key, sum] : count.sums)
        sum.group.trend.assign(kTrendSlots, 0);
    while (read.next()) {
        const auto sum = count.sums.find(count.keyOf(read.text(0), read.integer(1)));
        const std::int64_t slot = read.integer(2) - (nowSlot - kTrendSlots) - 1;
        if (sum != count.sums.end() && slot >= 0 && slot < kTrendSlots)
            sum->second.group.trend[static_cast<std::size_t>(slot)] += read.integer(3);
    }
    return read.end();
}

} // namespace

GroupCount::Key GroupCount::keyOf(const std::string& fingerprint, std::int64_t shard) const
{
    std::string name = fingerprint;
    // As many steps as there are joins at most, so that no circle could hold it.
    for (std::size_t i = 0; i < mergedInto.size(); ++i) {
        const auto into = mergedInto.find(name);
        if (into == mergedInto.end())
            break;
        name = into->second;
    }
    return { name, splitByAccount.contains(name) ? shard : 0 };
}

std::vector<DeadLetterGroup> GroupCount::groups() const
{
    std::vector<DeadLetterGroup> groups;
    groups.reserve(sums.size());
    for (const auto& [key, sum] : sums) {
        groups.push_back(sum.group);
        DeadLetterGroup& group = groups.back();
        group.shards = static_cast<int>(sum.shards.size());
        if (const auto shard = shards.find(key.second); shard != shards.end())
            group.shard = shard->second;
        for (const auto& [part, into] : mergedInto) {
            if (part != key.first && keyOf(part, 0).first == key.first)
                group.merged.push_back(part);
        }
        const auto remark = remarks.find(key.first);
        if (remark == remarks.end())
            continue;
        group.status = remark->second.status;
        group.note = remark->second.note;
        group.who = remark->second.who;
        if (group.status == GroupStatus::Fixed && group.last > remark->second.saidAt)
            group.status = GroupStatus::Regressed;
    }
    std::stable_sort(groups.begin(), groups.end(),
        [](const auto& a, const auto& b) { return a.count > b.count; });
    groups.resize(std::min(groups.size(), kGroupsMax));
    return groups;
}

Result<GroupCount> Reader::countGroups(const DeadLetterFilter& filter, GroupCount count)
{
    if (!filter.text.empty() || !filter.payloadPath.empty())
        return fail(ErrorCode::Unsupported,
            "groups are not counted by what stands in the payloads; look at the rows", "filter");
    const OneMoment moment(*m_connection);
    if (!moment.begun())
        return tl::unexpected(moment.begun().error());
    if (!std::exchange(count.isPrepared, true)) {
        if (const Status done = readShapes(*m_connection, count); !done)
            return tl::unexpected(done.error());
    }
    const bool isPlain = isPlainScope(filter); // then the maintained counters answer, in one step
    SqlCondition condition = isPlain ? shardCondition(filter, "p.shard") : toCondition(filter);
    if (!isPlain) {
        condition.add("d.id > ? AND d.id <= ?");
        condition.values.emplace_back(count.after);
        condition.values.emplace_back(count.after + kLettersPerStep);
    }
    const std::string source = isPlain
        ? "SELECT f.text, p.shard, p.entries, p.first_us, p.last_us FROM fingerprint_shard p JOIN "
          "fingerprint f ON f.id = p.fingerprint "
        : "SELECT f.text, d.shard, count(*), min(d.first_seen_us), max(d.last_failed_us) FROM "
          "dead_letter d JOIN fingerprint f ON f.id = d.fingerprint ";
    Statement read = m_connection->prepare(source + "WHERE " + condition.text
        + (isPlain ? " AND p.entries > 0" : " GROUP BY d.fingerprint, d.shard"));
    condition.bindTo(read);
    if (const Status done = read.exec(); !done)
        return tl::unexpected(done.error());
    while (read.next())
        addSum(count, read);
    if (const Status done = read.end(); !done)
        return tl::unexpected(done.error());
    const auto last = m_connection->number("SELECT coalesce(max(id), 0) FROM dead_letter");
    if (!last)
        return tl::unexpected(last.error());
    count.after += kLettersPerStep;
    count.isDone = isPlain || count.after >= *last;
    if (isPlain && count.now != WallTime {}) {
        if (const Status done = addTrends(*m_connection, filter, count); !done)
            return tl::unexpected(done.error());
    }
    return count;
}

} // namespace engine::store

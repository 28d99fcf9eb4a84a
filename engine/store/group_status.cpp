// Groups of dead letters: counting them, and what operators say of them.
#include "store/group_status.h"

#include "store/connection.h"
#include "store/dead_letter_filter.h"
#include "store/event_rows.h"
#include "store/reader.h"
#include "store/write_transaction.h"

#include <algorithm>

namespace engine::store {
namespace {

constexpr std::size_t kGroupsMax = 500;
constexpr std::int64_t kLettersPerStep = 50'000; // some 30 ms

const Sql kFind {
    "SELECT f.id, coalesce(r.status, 0), coalesce(r.note, '') FROM fingerprint f LEFT JOIN "
    "fingerprint_status r ON r.fingerprint = f.id WHERE f.text = ?"
};
const Sql kSay { "INSERT OR REPLACE INTO fingerprint_status(fingerprint, status, note, who, at_us) "
                 "VALUES (?, ?, ?, ?, ?)" };

bool isPlainScope(const DeadLetterFilter& filter)
{
    DeadLetterFilter rest = filter;
    rest.destinations.clear();
    rest.shards.clear();
    return rest == DeadLetterFilter {};
}

// Columns: text, shard, entries, first, last, status, note, who, said at.
void addSum(GroupCount& count, const Statement& row)
{
    GroupCount::Sum& sum = count.sums[row.text(0)];
    DeadLetterGroup& group = sum.group;
    const WallTime first = fromUnixMicros(row.integer(3));
    const WallTime last = fromUnixMicros(row.integer(4));
    const bool isNew = group.count == 0;
    group.count += row.integer(2);
    group.first = isNew ? first : std::min(group.first, first);
    group.last = isNew ? last : std::max(group.last, last);
    sum.shards.insert(row.integer(1));
    group.status = static_cast<GroupStatus>(row.integer(5));
    group.note = row.text(6);
    group.who = row.text(7);
    sum.saidAt = timeOrNull(row, 8);
}

} // namespace

std::vector<DeadLetterGroup> GroupCount::groups() const
{
    std::vector<DeadLetterGroup> groups;
    groups.reserve(sums.size());
    for (const auto& [fingerprint, sum] : sums) {
        groups.push_back(sum.group);
        DeadLetterGroup& group = groups.back();
        group.fingerprint = fingerprint;
        group.shards = static_cast<int>(sum.shards.size());
        if (group.status == GroupStatus::Fixed && sum.saidAt && group.last > *sum.saidAt)
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
    const bool isPlain = isPlainScope(filter); // then the maintained counters answer, in one step
    SqlCondition condition = isPlain ? shardCondition(filter, "p.shard") : toCondition(filter);
    if (!isPlain) {
        condition.add("d.id > ? AND d.id <= ?");
        condition.values.emplace_back(count.after);
        condition.values.emplace_back(count.after + kLettersPerStep);
    }
    const std::string status = ", coalesce(r.status, 0), r.note, r.who, r.at_us FROM ";
    const std::string source = isPlain
        ? "SELECT f.text, p.shard, p.entries, p.first_us, p.last_us" + status
            + "fingerprint_shard p JOIN fingerprint f ON f.id = p.fingerprint "
        : "SELECT f.text, d.shard, count(*), min(d.first_seen_us), max(d.last_failed_us)" + status
            + "dead_letter d JOIN fingerprint f ON f.id = d.fingerprint ";
    Statement read = m_connection->prepare(source
        + "LEFT JOIN fingerprint_status r ON r.fingerprint = f.id WHERE " + condition.text
        + (isPlain ? " AND p.entries > 0" : " GROUP BY d.fingerprint, d.shard"));
    condition.bindTo(read);
    if (const Status done = read.exec(); !done)
        return tl::unexpected(done.error());
    while (read.next())
        addSum(count, read);
    read.finish();
    const auto last = m_connection->number("SELECT coalesce(max(id), 0) FROM dead_letter");
    if (!last)
        return tl::unexpected(last.error());
    count.after += kLettersPerStep;
    count.isDone = isPlain || count.after >= *last;
    return count;
}

Result<std::pair<GroupStatus, std::string>> Reader::groupRemark(const std::string& fingerprint)
{
    Statement& find = m_connection->statement(kFind);
    if (const Status done = find.bindText(fingerprint).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(find);
    if (!find.next())
        return std::pair { GroupStatus::New, std::string {} };
    return std::pair { static_cast<GroupStatus>(find.integer(1)), find.text(2) };
}

Result<std::pair<GroupStatus, std::string>> setGroupStatus(
    WriteTransaction& transaction, const GroupRemark& remark)
{
    Connection& connection = transaction.connection();
    Statement& find = connection.statement(kFind);
    if (const Status done = find.bindText(remark.fingerprint).exec(); !done)
        return tl::unexpected(done.error());
    const bool isThere = find.next();
    const std::int64_t id = isThere ? find.integer(0) : 0;
    std::pair before { static_cast<GroupStatus>(isThere ? find.integer(1) : 0),
        isThere ? find.text(2) : std::string {} };
    find.finish();
    if (!isThere)
        return fail(ErrorCode::NotFound, "there is no such group", "fingerprint");
    Statement& say = connection.statement(kSay);
    say.bind(id).bind(static_cast<std::int64_t>(remark.status)).bindText(remark.note);
    say.bindText(remark.who).bind(toUnixMicros(transaction.now()));
    if (const Status done = say.exec(); !done)
        return tl::unexpected(done.error());
    return before;
}

} // namespace engine::store

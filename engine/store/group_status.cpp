#include "store/group_status.h"

#include "store/connection.h"
#include "store/reader.h"
#include "store/write_transaction.h"

namespace engine::store {
namespace {

const Sql kFind {
    "SELECT f.id, coalesce(r.status, 0), coalesce(r.note, '') FROM fingerprint f LEFT JOIN "
    "fingerprint_status r ON r.fingerprint = f.id WHERE f.text = ?"
};
const Sql kSay { "INSERT INTO fingerprint_status(fingerprint, status, note, who, at_us) "
                 "VALUES (?, ?, ?, ?, ?) ON CONFLICT(fingerprint) DO UPDATE SET "
                 "status = excluded.status, note = excluded.note, who = excluded.who, "
                 "at_us = excluded.at_us" };
const Sql kMerge { "INSERT INTO fingerprint_shape(fingerprint, merged_into) VALUES (?, ?) "
                   "ON CONFLICT(fingerprint) DO UPDATE SET merged_into = excluded.merged_into" };
const Sql kTakeOut { "UPDATE fingerprint_shape SET merged_into = NULL WHERE merged_into = ? AND "
                     "(fingerprint = ? OR ? = 0)" };
const Sql kSplit { "INSERT INTO fingerprint_shape(fingerprint, is_split) VALUES (?, ?) "
                   "ON CONFLICT(fingerprint) DO UPDATE SET is_split = excluded.is_split" };
const Sql kPartsOf { "SELECT f.text FROM fingerprint_shape g JOIN fingerprint f ON f.id = "
                     "g.fingerprint WHERE g.merged_into = ? ORDER BY f.text" };
const Sql kIsSplit { "SELECT coalesce(max(is_split), 0) FROM fingerprint_shape WHERE "
                     "fingerprint = ?" };
// Everything that is counted in a group, the group itself included.
const Sql kIsInside { "WITH RECURSIVE inside(id) AS (SELECT ? UNION SELECT g.fingerprint FROM "
                      "fingerprint_shape g JOIN inside ON g.merged_into = inside.id) "
                      "SELECT EXISTS (SELECT 1 FROM inside WHERE id = ?)" };

struct Known {
    std::int64_t id { 0 };
    GroupStatus status { GroupStatus::New };
    std::string note {};
};

Result<Known> find(Connection& connection, const std::string& fingerprint)
{
    Statement& read = connection.statement(kFind);
    if (const Status done = read.bindText(fingerprint).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    if (!read.next())
        return fail(ErrorCode::NotFound, "there is no such group", "fingerprint");
    return Known { read.integer(0), static_cast<GroupStatus>(read.integer(1)), read.text(2) };
}

Status merge(Connection& connection, std::int64_t into, std::int64_t part)
{
    Statement& inside = connection.statement(kIsInside);
    if (Status done = inside.bind(part).bind(into).exec(); !done)
        return done;
    const bool isCircle = inside.next() && inside.integer(0) != 0;
    inside.finish();
    if (isCircle)
        return fail(ErrorCode::Conflict,
            "a group cannot be put into itself, or into one that was put into it", "others");
    return connection.statement(kMerge).bind(part).bind(into).exec();
}

Result<int> takeOut(Connection& connection, std::int64_t from, std::int64_t part)
{
    Statement& out = connection.statement(kTakeOut);
    if (const Status done = out.bind(from).bind(part).bind(part).exec(); !done)
        return tl::unexpected(done.error());
    if (out.affected() == 0)
        return fail(ErrorCode::Conflict, "nothing of this was put into the group", "others");
    return static_cast<int>(out.affected());
}

Result<GroupShape> shapeOf(Connection& connection, const std::string& fingerprint)
{
    const auto group = find(connection, fingerprint);
    if (!group)
        return tl::unexpected(group.error());
    GroupShape shape;
    Statement& parts = connection.statement(kPartsOf);
    if (const Status done = parts.bind(group->id).exec(); !done)
        return tl::unexpected(done.error());
    while (parts.next())
        shape.merged.push_back(parts.text(0));
    parts.finish();
    Statement& split = connection.statement(kIsSplit);
    if (const Status done = split.bind(group->id).exec(); !done)
        return tl::unexpected(done.error());
    shape.isSplit = split.next() && split.integer(0) != 0;
    split.finish();
    return shape;
}

} // namespace

Result<GroupShape> Reader::groupShape(const std::string& fingerprint)
{
    return shapeOf(*m_connection, fingerprint);
}

Result<GroupShape> groupShape(WriteTransaction& transaction, const std::string& fingerprint)
{
    return shapeOf(transaction.connection(), fingerprint);
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
    const auto known = find(connection, remark.fingerprint);
    if (!known)
        return tl::unexpected(known.error());
    Statement& say = connection.statement(kSay);
    say.bind(known->id).bind(static_cast<std::int64_t>(remark.status)).bindText(remark.note);
    say.bindText(remark.who).bind(toUnixMicros(transaction.now()));
    if (const Status done = say.exec(); !done)
        return tl::unexpected(done.error());
    return std::pair { known->status, known->note };
}

Result<int> shapeGroups(WriteTransaction& transaction, const GroupShapeCommand& command)
{
    using Action = GroupShapeCommand::Action;
    Connection& connection = transaction.connection();
    const auto group = find(connection, command.fingerprint);
    if (!group)
        return tl::unexpected(group.error());
    const bool isSplit = command.action == Action::SplitByAccount;
    if (isSplit || command.action == Action::JoinAccounts) {
        Statement& split = connection.statement(kSplit);
        const Status done = split.bind(group->id).bind(isSplit ? 1 : 0).exec();
        return done ? Result<int>(1) : tl::unexpected(done.error());
    }
    if (command.action == Action::TakeOut && command.others.empty())
        return takeOut(connection, group->id, 0);
    int concerned = 0;
    for (const std::string& other : command.others) {
        const auto part = find(connection, other);
        if (!part)
            return tl::unexpected(part.error());
        if (command.action == Action::Merge) {
            if (const Status done = merge(connection, group->id, part->id); !done)
                return tl::unexpected(done.error());
        } else if (const auto out = takeOut(connection, group->id, part->id); !out) {
            return out;
        }
        ++concerned;
    }
    return concerned;
}

} // namespace engine::store

#include "store/upkeep.h"

#include "store/codec.h"
#include "store/connection.h"
#include "store/write_transaction.h"

namespace engine::store {
namespace {

const Sql kAddAudit { "INSERT INTO audit(at_us, who, action, target, before, after, reason, "
                      "result, profile, undo_of, correlation, undo) "
                      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id" };
const Sql kSetOverride {
    "INSERT INTO override(destination, account, name, value, until_us, set_at_us, who) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT(destination, account, name) DO UPDATE SET "
    "value = excluded.value, until_us = excluded.until_us, set_at_us = excluded.set_at_us, "
    "who = excluded.who"
};
const Sql kDropOverride {
    "DELETE FROM override WHERE destination = ? AND account = ? AND name = ?"
};
const Sql kKeepPlatform { "INSERT INTO destination_platform(destination, platform) VALUES (?, ?) "
                          "ON CONFLICT(destination) DO UPDATE SET platform = excluded.platform" };
// Absent on either side is absent in both.
std::string joinMinute(const std::string& table)
{
    const auto either = [&table](const std::string& name, const char* isBetter) {
        const std::string own = table + '.' + name;
        const std::string added = "excluded." + name;
        return name + " = CASE WHEN " + added + " IS NULL OR " + added + isBetter + own + " THEN "
            + added + " ELSE " + own + " END, ";
    };
    return "DO UPDATE SET " + either("low", " < ") + either("high", " > ")
        + "last = excluded.last, sum = " + table + ".sum + excluded.sum, samples = " + table
        + ".samples + excluded.samples";
}
const Sql kAddRollup { "INSERT INTO rollup(minute, shard, metric, low, high, last, sum, samples) "
                       "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(minute, shard, metric) "
    + joinMinute("rollup") };
const Sql kAddDestinationRollup {
    "INSERT INTO destination_rollup(minute, destination, metric, low, high, last, sum, samples) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(minute, destination, metric) "
    + joinMinute("destination_rollup")
};
// Looked at again: since it was found, an entry may have gone into a replay or come back from the
// archive. A running job (state 0) may also feed a delivered event, or have fed it before it was
// paused.
const Sql kRemovableId {
    "SELECT event_id FROM event WHERE seq = ? AND NOT EXISTS (SELECT 1 FROM "
    "dead_letter d WHERE d.seq = event.seq AND d.state IN (0, 1)) AND NOT EXISTS (SELECT 1 FROM "
    "delivery w WHERE w.seq = event.seq AND w.job IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM "
    "replay_job j CROSS JOIN selection_item i WHERE j.state = 0 AND i.selection = j.selection "
    "AND i.event_time_us = event.event_time_us AND i.seq = event.seq)"
};
const Sql kDropId { "DELETE FROM event_by_id WHERE id_hash = ? AND seq = ?" };
const Sql kDropAttempts { "DELETE FROM attempt WHERE seq = ?" };
const Sql kDropEvent { "DELETE FROM event WHERE seq = ?" };
const Sql kOldLetters {
    "DELETE FROM dead_letter WHERE id IN (SELECT id FROM dead_letter WHERE state IN (2, 3) "
    "AND coalesce(moved_at_us, last_failed_us) < ? LIMIT ?)"
};
// Ids of requests are their times (Writer::nextRequestId), and a request ends after it began: the
// bound on the id keeps the walk to what is old, in place of the whole table every hour.
const Sql kOldRequests {
    "DELETE FROM request WHERE id IN (SELECT r.id FROM request r WHERE r.id < ? "
    "AND r.ended_at_us < ? "
    "AND (r.answer IS NULL OR NOT EXISTS (SELECT 1 FROM dead_letter d WHERE d.answer = r.answer)) "
    "ORDER BY r.id LIMIT ?)"
};
// Answers are numbered in the order of their requests, or nearly: those before the first answer of
// a request that stays are enough to look at. The rest waits for a later pass.
const Sql kOldAnswers {
    "DELETE FROM answer WHERE id IN (SELECT a.id FROM answer a WHERE a.id < coalesce((SELECT "
    "min(r.answer) FROM request r WHERE r.answer IS NOT NULL AND r.id >= ?), "
    "9223372036854775807) AND NOT EXISTS "
    "(SELECT 1 FROM request r WHERE r.answer = a.id) AND NOT EXISTS "
    "(SELECT 1 FROM dead_letter d WHERE d.answer = a.id) ORDER BY a.id LIMIT ?)"
};
// What ended jobs were chosen from; a selection that a job still needs stays.
const Sql kOldItems { "DELETE FROM selection_item WHERE (selection, event_time_us, shard, seq) IN "
                      "(SELECT i.selection, i.event_time_us, i.shard, i.seq FROM replay_job j "
                      "CROSS JOIN selection_item i WHERE j.state IN (2, 3) AND j.ended_at_us < ? "
                      "AND i.selection = j.selection AND NOT EXISTS (SELECT 1 FROM replay_job k "
                      "WHERE k.selection = j.selection AND k.state IN (0, 1, 4)) LIMIT ?)" };
// Selections that became no job are kept for a day: who previews should act on it. Their entries go
// first, step by step.
const Sql kUnusedItems {
    "DELETE FROM selection_item WHERE (selection, event_time_us, shard, seq) IN "
    "(SELECT i.selection, i.event_time_us, i.shard, i.seq FROM selection s CROSS JOIN "
    "selection_item i WHERE s.frozen_at_us < ? AND i.selection = s.id AND NOT EXISTS "
    "(SELECT 1 FROM replay_job j WHERE j.selection = s.id) LIMIT ?)"
};
const Sql kUnusedSelections {
    "DELETE FROM selection WHERE id IN (SELECT s.id FROM selection s WHERE s.frozen_at_us < ? "
    "AND NOT EXISTS (SELECT 1 FROM replay_job j WHERE j.selection = s.id) AND NOT EXISTS "
    "(SELECT 1 FROM selection_item i WHERE i.selection = s.id) LIMIT ?)"
};
// Of events that the journal keeps no longer: nothing of that time can be replayed any more.
const Sql kOldPersons {
    "DELETE FROM person_accepted WHERE (shard, person) IN (SELECT shard, person FROM "
    "person_accepted WHERE seq < (SELECT min(seq) FROM event) ORDER BY seq LIMIT ?)"
};
const Sql kOldAudit {
    "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at_us < ? ORDER BY id LIMIT ?)"
};
const Sql kOldRollups { "DELETE FROM rollup WHERE minute < ?" };
const Sql kOldDestinationRollups { "DELETE FROM destination_rollup WHERE minute < ?" };

Result<std::int64_t> drop(
    WriteTransaction& transaction, const Sql& sql, std::optional<WallTime> before, int rowsMax)
{
    Statement& statement = transaction.connection().statement(sql);
    if (&sql == &kOldRequests) // names the time twice
        statement.bind(toUnixMicros(*before));
    if (before)
        statement.bind(toUnixMicros(*before));
    if (const Status done = statement.bind(std::int64_t { rowsMax }).exec(); !done)
        return tl::unexpected(done.error());
    return statement.affected();
}

} // namespace

Result<AuditId> addAudit(WriteTransaction& transaction, const AuditRow& row)
{
    Statement& add = transaction.connection().statement(kAddAudit);
    add.bind(toUnixMicros(row.at))
        .bindText(row.who)
        .bindText(row.action)
        .bindText(row.target)
        .bindText(row.before);
    add.bindText(row.after).bindText(row.reason).bindText(row.result).bindText(row.profile);
    add.bind(row.undoOf ? std::optional(toInt(*row.undoOf)) : std::nullopt);
    if (const Status done = add.bindText(row.correlation).bindText(row.undo).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(add);
    return AuditId { add.next() ? add.integer(0) : 0 };
}

Status setOverride(WriteTransaction& transaction, const OverrideRow& row)
{
    if (row.value.empty()) {
        Statement& dropRow = transaction.connection().statement(kDropOverride);
        return dropRow.bindText(row.target.destination)
            .bindText(row.target.account)
            .bindText(row.name)
            .exec();
    }
    Statement& set = transaction.connection().statement(kSetOverride);
    set.bindText(row.target.destination)
        .bindText(row.target.account)
        .bindText(row.name)
        .bindText(row.value);
    set.bind(row.until ? std::optional(toUnixMicros(*row.until)) : std::nullopt);
    return set.bind(toUnixMicros(row.setAt)).bindText(row.who).exec();
}

Status keepPlatform(
    WriteTransaction& transaction, const std::string& destination, const std::string& platform)
{
    return transaction.connection()
        .statement(kKeepPlatform)
        .bindText(destination)
        .bindText(platform)
        .exec();
}

namespace {

Status addRollup(Statement& add, const RollupRow& row)
{
    add.bind(static_cast<std::int64_t>(row.metric));
    add.bindReal(row.low).bindReal(row.high).bindReal(row.last).bindReal(row.sum);
    return add.bind(row.samples).exec();
}

} // namespace

Status addRollups(WriteTransaction& transaction, std::span<const RollupRow> rows)
{
    for (const RollupRow& row : rows) {
        Statement& add = transaction.connection().statement(kAddRollup);
        if (Status done = addRollup(add.bind(row.minute).bind(toInt(row.shard)), row); !done)
            return done;
    }
    return {};
}

Status addDestinationRollups(WriteTransaction& transaction, std::span<const DestinationRollup> rows)
{
    for (const auto& [destination, row] : rows) {
        Statement& add = transaction.connection().statement(kAddDestinationRollup);
        if (Status done = addRollup(add.bind(row.minute).bindText(destination), row); !done)
            return done;
    }
    return {};
}

Status removeEvents(WriteTransaction& transaction, std::span<const EventSeq> events)
{
    Connection& connection = transaction.connection();
    for (const EventSeq event : events) {
        const std::int64_t seq = toInt(event);
        Statement& find = connection.statement(kRemovableId);
        if (Status done = find.bind(seq).exec(); !done)
            return done;
        const bool isRemovable = find.next();
        const std::string id = isRemovable ? find.text(0) : std::string {};
        find.finish();
        if (!isRemovable)
            continue;
        if (const Status done = connection.statement(kDropId).bind(hashOfId(id)).bind(seq).exec();
            !done)
            return done;
        if (Status done = connection.statement(kDropAttempts).bind(seq).exec(); !done)
            return done;
        if (Status done = connection.statement(kDropEvent).bind(seq).exec(); !done)
            return done;
        --transaction.changes().events;
        ++transaction.changes().removedByRetention;
    }
    return {};
}

Result<bool> removeOld(WriteTransaction& transaction, const RetentionCutoffs& cutoffs, int rowsMax)
{
    bool isMore = false;
    const auto step = [&](const Sql& sql, std::optional<WallTime> before) -> Status {
        const auto dropped = drop(transaction, sql, before, rowsMax);
        if (!dropped)
            return tl::unexpected(dropped.error());
        isMore = isMore || *dropped == rowsMax;
        return {};
    };
    if (const Status done = step(kOldLetters, cutoffs.archived); !done)
        return tl::unexpected(done.error());
    if (const Status done = step(kOldRequests, cutoffs.requests); !done)
        return tl::unexpected(done.error());
    if (const Status done = step(kOldAnswers, cutoffs.requests); !done)
        return tl::unexpected(done.error());
    if (const Status done = step(kOldItems, cutoffs.archived); !done)
        return tl::unexpected(done.error());
    if (const Status done = step(kUnusedItems, cutoffs.unused); !done)
        return tl::unexpected(done.error());
    if (const Status done = step(kUnusedSelections, cutoffs.unused); !done)
        return tl::unexpected(done.error());
    if (const Status done = step(kOldPersons, std::nullopt); !done)
        return tl::unexpected(done.error());
    if (const Status done = step(kOldAudit, cutoffs.audit); !done)
        return tl::unexpected(done.error());
    for (const Sql* sql : { &kOldRollups, &kOldDestinationRollups }) {
        Statement& old = transaction.connection().statement(*sql);
        if (const Status done = old.bind(cutoffs.rollupMinute).exec(); !done)
            return tl::unexpected(done.error());
    }
    return isMore;
}

} // namespace engine::store

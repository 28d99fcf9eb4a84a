#include "store/selections.h"

#include "store/connection.h"
#include "store/dead_letter_filter.h"
#include "store/dead_letters.h"
#include "store/write_transaction.h"

namespace engine::store {
namespace {

using namespace std::chrono_literals;

const Sql kBegin { "INSERT INTO selection(frozen_at_us) VALUES (?) RETURNING id" };
const Sql kOldSelections { "SELECT id FROM selection WHERE frozen_at_us < ? AND id NOT IN (SELECT "
                           "selection FROM replay_job) LIMIT 1" };
const Sql kDropItems { "DELETE FROM selection_item WHERE selection = ?" };
const Sql kDropSelection { "DELETE FROM selection WHERE id = ?" };
const Sql kLastDeadLetter { "SELECT coalesce(max(id), 0) FROM dead_letter" };
const Sql kLastEvent { "SELECT coalesce(max(seq), 0) FROM event" };
const Sql kWasAccepted {
    "SELECT EXISTS (SELECT 1 FROM attempt WHERE seq = ? AND shard = ? AND outcome = 0)"
};
const Sql kHasPayload { "SELECT EXISTS (SELECT 1 FROM event WHERE seq = ?)" };
const Sql kAddItem { "INSERT OR IGNORE INTO selection_item(selection, event_time_us, shard, seq, "
                     "dead_letter, verdict) "
                     "VALUES (?, ?, ?, ?, ?, ?)" };
const Sql kItemLetters {
    "SELECT d.id, d.shard, d.seq, d.state, d.fingerprint, d.last_failed_us FROM selection_item i "
    "JOIN dead_letter d ON d.id = i.dead_letter WHERE i.selection = ? AND i.dead_letter > ? "
    "ORDER BY i.dead_letter LIMIT ?"
};
const Sql kRestore { "UPDATE dead_letter SET state = 0, moved_at_us = NULL WHERE id = ?" };
const Sql kStampMoved { "UPDATE dead_letter SET moved_at_us = ? WHERE id = ?" };

// Looked at in one step, matching or not: a filter that matches little would otherwise read the
// whole table in one go, with everybody's commits waiting.
constexpr std::int64_t kLettersPerStep = 20'000;

Result<bool> isTrue(
    Connection& connection, const Sql& sql, std::int64_t a, std::optional<std::int64_t> b = {})
{
    Statement& statement = connection.statement(sql);
    statement.bind(a);
    if (b)
        statement.bind(*b);
    if (const Status done = statement.exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(statement);
    return statement.next() && statement.integer(0) != 0;
}

Result<std::int64_t> numberOf(Connection& connection, const Sql& sql)
{
    Statement& statement = connection.statement(sql);
    if (const Status done = statement.exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(statement);
    return statement.next() ? statement.integer(0) : 0;
}

// One row that a step found: a dead letter, or a delivered event of the journal.
struct Found {
    std::int64_t shard { 0 };
    std::int64_t seq { 0 };
    std::int64_t eventTimeUs { 0 };
    std::optional<std::int64_t> deadLetter {};
    std::optional<std::int64_t> expiresUs {};
    Outcome outcome { Outcome::Accepted };
    int httpStatus { 0 };
    std::string destination {};
    std::string encoder {};
};

// First match, in the order of design §10. Superseded needs the record's person, which only an
// adapter can tell; the delivery loop keeps the order of persons itself, and the count stays 0
// here.
Result<Verdict> judge(Connection& connection, const Found& found, const VerdictInput& input)
{
    const auto accepted = isTrue(connection, kWasAccepted, found.seq, found.shard);
    if (!accepted)
        return tl::unexpected(accepted.error());
    if (*accepted && found.deadLetter)
        return Verdict::AlreadyAccepted;
    const auto hasPayload = isTrue(connection, kHasPayload, found.seq);
    if (!hasPayload)
        return tl::unexpected(hasPayload.error());
    if (!*hasPayload)
        return Verdict::PayloadGone;
    if (found.expiresUs && *found.expiresUs <= toUnixMicros(input.now))
        return Verdict::TooOld;
    const auto encoder = input.encoders.find(found.destination);
    // Refused here, before sending, by the same encoder: the same bytes would be refused again.
    if (found.outcome == Outcome::Invalid && found.httpStatus == 0
        && encoder != input.encoders.end() && encoder->second == found.encoder)
        return Verdict::SameError;
    return found.outcome == Outcome::Unknown ? Verdict::OutcomeUnknown : Verdict::WillSend;
}

Result<std::vector<Found>> findLetters(Connection& connection, const SelectionRequest& request,
    const SelectionCursor& cursor, std::int64_t toId, int rowsMax)
{
    const SqlCondition condition = toCondition(request.filter);
    Statement read
        = connection.prepare("SELECT d.id, d.shard, d.seq, d.event_time_us, d.expires_us, "
                             "d.outcome, d.http_status, s.destination, d.encoder "
                             "FROM dead_letter d JOIN shard s ON s.id = d.shard WHERE d.id > "
            + std::to_string(cursor.after) + " AND d.id <= " + std::to_string(toId) + " AND "
            + condition.text + " ORDER BY d.id LIMIT " + std::to_string(rowsMax));
    condition.bindTo(read);
    if (const Status done = read.exec(); !done)
        return tl::unexpected(done.error());
    std::vector<Found> rows;
    while (read.next()) {
        rows.push_back({ .shard = read.integer(1),
            .seq = read.integer(2),
            .eventTimeUs = read.integer(3),
            .deadLetter = read.integer(0),
            .expiresUs = read.integerOrNull(4),
            .outcome = static_cast<Outcome>(read.integer(5)),
            .httpStatus = static_cast<int>(read.integer(6)),
            .destination = read.text(7),
            .encoder = read.text(8) });
    }
    return rows;
}

// Delivered events: walks the journal by seq, because no index orders it by event time.
Result<std::vector<Found>> findDelivered(Connection& connection, const SelectionRequest& request,
    const SelectionCursor& cursor, std::int64_t toSeq)
{
    SqlCondition condition = shardCondition(request.filter, "a.shard");
    const auto addTime = [&](const char* test, const std::optional<WallTime>& time) {
        if (!time)
            return;
        condition.add(test);
        condition.values.emplace_back(toUnixMicros(*time));
    };
    addTime("e.event_time_us >= ?", request.filter.eventFrom);
    addTime("e.event_time_us < ?", request.filter.eventTo);
    if (!request.filter.eventName.empty()) {
        condition.add("e.name = ?");
        condition.values.emplace_back(request.filter.eventName);
    }
    Statement read = connection.prepare(
        "SELECT DISTINCT a.shard, a.seq, e.event_time_us, s.destination FROM attempt a "
        "JOIN event e ON e.seq = a.seq JOIN shard s ON s.id = a.shard WHERE a.outcome = 0 AND "
        "a.seq > "
        + std::to_string(cursor.after) + " AND a.seq <= " + std::to_string(toSeq) + " AND "
        + condition.text + " ORDER BY a.seq");
    condition.bindTo(read);
    if (const Status done = read.exec(); !done)
        return tl::unexpected(done.error());
    std::vector<Found> rows;
    while (read.next()) {
        rows.push_back({ .shard = read.integer(0),
            .seq = read.integer(1),
            .eventTimeUs = read.integer(2),
            .destination = read.text(3) });
    }
    return rows;
}

Status addItems(WriteTransaction& transaction, SelectionId selection,
    const std::vector<Found>& rows, const VerdictInput& input)
{
    Connection& connection = transaction.connection();
    for (const Found& found : rows) {
        const auto verdict = judge(connection, found, input);
        if (!verdict)
            return tl::unexpected(verdict.error());
        Statement& add = connection.statement(kAddItem);
        add.bind(toInt(selection))
            .bind(found.eventTimeUs)
            .bind(found.shard)
            .bind(found.seq)
            .bind(found.deadLetter);
        if (Status done = add.bind(static_cast<std::int64_t>(*verdict)).exec(); !done)
            return done;
    }
    return {};
}

Status dropOneOld(WriteTransaction& transaction)
{
    Connection& connection = transaction.connection();
    Statement& find = connection.statement(kOldSelections);
    if (Status done = find.bind(toUnixMicros(transaction.now() - 24h)).exec(); !done)
        return done;
    const std::optional<std::int64_t> old
        = find.next() ? std::optional(find.integer(0)) : std::nullopt;
    find.finish();
    if (!old)
        return {};
    if (Status done = connection.statement(kDropItems).bind(*old).exec(); !done)
        return done;
    return connection.statement(kDropSelection).bind(*old).exec();
}

} // namespace

Result<SelectionId> beginSelection(WriteTransaction& transaction)
{
    if (const Status dropped = dropOneOld(transaction); !dropped)
        return tl::unexpected(dropped.error());
    Statement& begin = transaction.connection().statement(kBegin);
    if (const Status done = begin.bind(toUnixMicros(transaction.now())).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(begin);
    if (!begin.next())
        return fail(ErrorCode::Internal, "the store gave no id");
    return SelectionId { begin.integer(0) };
}

Result<SelectionCursor> growSelection(WriteTransaction& transaction, SelectionId selection,
    const SelectionRequest& request, const VerdictInput& input, SelectionCursor cursor, int rowsMax)
{
    Connection& connection = transaction.connection();
    if (cursor.last == 0) {
        const auto last = numberOf(connection, cursor.isJournal ? kLastEvent : kLastDeadLetter);
        if (!last)
            return tl::unexpected(last.error());
        cursor.last = *last;
    }
    const std::int64_t toSeq = std::min(cursor.last, cursor.after + rowsMax);
    const std::int64_t toId = std::min(cursor.last, cursor.after + kLettersPerStep);
    const auto rows = cursor.isJournal ? findDelivered(connection, request, cursor, toSeq)
                                       : findLetters(connection, request, cursor, toId, rowsMax);
    if (!rows)
        return tl::unexpected(rows.error());
    if (const Status added = addItems(transaction, selection, *rows, input); !added)
        return tl::unexpected(added.error());
    if (cursor.isJournal) {
        cursor.after = toSeq;
        cursor.isDone = toSeq >= cursor.last;
        return cursor;
    }
    if (std::ssize(*rows) == rowsMax) {
        cursor.after = *rows->back().deadLetter;
        return cursor;
    }
    if (toId < cursor.last) {
        cursor.after = toId;
        return cursor;
    }
    // The dead letters are in; with includeDelivered the journal follows.
    if (request.includeDelivered)
        return SelectionCursor { .isJournal = true };
    cursor.isDone = true;
    return cursor;
}

Result<ArchiveStep> archiveStep(WriteTransaction& transaction, SelectionId selection, bool restore,
    std::int64_t after, int rowsMax)
{
    struct Letter {
        std::int64_t id { 0 };
        ShardKey shard {};
        EventSeq seq {};
        DeadLetterState state { DeadLetterState::Waiting };
        std::int64_t fingerprint { 0 };
        std::int64_t lastFailedUs { 0 };
    };
    Connection& connection = transaction.connection();
    Statement& read = connection.statement(kItemLetters);
    if (const Status done
        = read.bind(toInt(selection)).bind(after).bind(std::int64_t { rowsMax }).exec();
        !done)
        return tl::unexpected(done.error());
    std::vector<Letter> letters;
    while (read.next()) {
        letters.push_back(
            { read.integer(0), ShardKey { read.integer(1) }, EventSeq { read.integer(2) },
                static_cast<DeadLetterState>(read.integer(3)), read.integer(4), read.integer(5) });
    }
    read.finish();
    ArchiveStep step;
    for (const Letter& letter : letters) {
        const DeadLetterState from = restore ? DeadLetterState::Archived : DeadLetterState::Waiting;
        if (letter.state != from) {
            ++step.skipped;
            continue;
        }
        ++step.moved;
        if (restore) {
            if (const Status done = connection.statement(kRestore).bind(letter.id).exec(); !done)
                return tl::unexpected(done.error());
            ++transaction.changes().deadLetters[letter.shard].entries;
            countFingerprint(transaction, letter.fingerprint, letter.shard, 1, letter.lastFailedUs);
            continue;
        }
        if (const auto moved
            = moveDeadLetter(transaction, letter.shard, letter.seq, DeadLetterState::Archived);
            !moved)
            return tl::unexpected(moved.error());
        Statement& stamp = connection.statement(kStampMoved);
        if (const Status done = stamp.bind(toUnixMicros(transaction.now())).bind(letter.id).exec();
            !done)
            return tl::unexpected(done.error());
    }
    if (std::ssize(letters) == rowsMax)
        step.after = letters.back().id;
    return step;
}

} // namespace engine::store

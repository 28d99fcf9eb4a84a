#include "store/dead_letters.h"

namespace engine::store {
namespace {

const Sql kFind { "SELECT id, state, fingerprint, last_failed_us FROM dead_letter "
                  "WHERE shard = ? AND seq = ?" };
const Sql kInsert {
    "INSERT INTO dead_letter(shard, seq, event_id, name, outcome, http_status, code, message, "
    "answer, record, encoder, attempts, first_seen_us, last_failed_us, event_time_us, expires_us, "
    "first_sent_us, person, payload_bytes, fingerprint, state, job) "
    "SELECT ?, ?, coalesce(e.event_id, ''), coalesce(e.name, ''), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
    "coalesce(e.event_time_us, ?), ?, ?, ?, coalesce(length(e.payload), 0), ?, 0, ? "
    "FROM (SELECT 1) LEFT JOIN event e ON e.seq = ?"
};
const Sql kUpdate { "UPDATE dead_letter SET outcome = ?, http_status = ?, code = ?, message = ?, "
                    "answer = ?, record = ?, encoder = ?, attempts = ?, last_failed_us = ?, "
                    "expires_us = ?, first_sent_us = coalesce(first_sent_us, ?), "
                    "fingerprint = ?, state = 0, job = ? WHERE id = ?" };
const Sql kSetState { "UPDATE dead_letter SET state = ? WHERE id = ?" };
const Sql kWaitAgain { "UPDATE dead_letter SET state = 0, job = NULL WHERE shard = ? AND seq = ? "
                       "AND state = 1" };

struct Entry {
    std::int64_t id { 0 };
    DeadLetterState state { DeadLetterState::Waiting };
    std::int64_t fingerprint { 0 };
    std::int64_t lastFailedUs { 0 };
    [[nodiscard]] bool isInQueue() const
    {
        return state == DeadLetterState::Waiting || state == DeadLetterState::Replaying;
    }
};

Result<std::optional<Entry>> find(WriteTransaction& transaction, ShardKey shard, EventSeq seq)
{
    Statement& statement = transaction.connection().statement(kFind);
    if (Status done = statement.bind(toInt(shard)).bind(toInt(seq)).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(statement);
    if (!statement.next())
        return std::optional<Entry> {};
    return Entry { statement.integer(0), static_cast<DeadLetterState>(statement.integer(1)),
        statement.integer(2), statement.integer(3) };
}

Status insert(WriteTransaction& transaction, const NewDeadLetter& letter, std::int64_t fingerprint)
{
    Statement& statement = transaction.connection().statement(kInsert);
    statement.bind(toInt(letter.shard)).bind(toInt(letter.seq));
    statement.bind(static_cast<std::int64_t>(letter.outcome)).bind(letter.httpStatus);
    statement.bindText(letter.code).bindText(letter.message).bind(letter.answer);
    statement.bindBlob(letter.record).bindText(letter.encoder).bind(letter.attempts);
    const std::int64_t atUs = toUnixMicros(letter.failedAt);
    statement.bind(atUs).bind(atUs).bind(atUs).bind(letter.expiresUs);
    statement.bind(letter.firstSentUs).bind(letter.person).bind(fingerprint);
    if (letter.job)
        statement.bind(toInt(*letter.job));
    else
        statement.bindNull();
    return statement.bind(toInt(letter.seq)).exec();
}

Status update(WriteTransaction& transaction, const NewDeadLetter& letter, std::int64_t fingerprint,
    std::int64_t id)
{
    Statement& statement = transaction.connection().statement(kUpdate);
    statement.bind(static_cast<std::int64_t>(letter.outcome)).bind(letter.httpStatus);
    statement.bindText(letter.code).bindText(letter.message).bind(letter.answer);
    statement.bindBlob(letter.record).bindText(letter.encoder).bind(letter.attempts);
    statement.bind(toUnixMicros(letter.failedAt)).bind(letter.expiresUs);
    statement.bind(letter.firstSentUs).bind(fingerprint);
    if (letter.job)
        statement.bind(toInt(*letter.job));
    else
        statement.bindNull();
    return statement.bind(id).exec();
}

} // namespace

void countFingerprint(WriteTransaction& transaction, std::int64_t fingerprint, ShardKey shard,
    std::int64_t entries, std::int64_t atUs)
{
    auto [slot, isNew] = transaction.changes().fingerprints.try_emplace({ fingerprint, shard });
    Changes::Fingerprint& change = slot->second;
    change.entries += entries;
    change.firstUs = isNew ? atUs : std::min(change.firstUs, atUs);
    change.lastUs = std::max(change.lastUs, atUs);
}

Status putDeadLetter(WriteTransaction& transaction, const NewDeadLetter& letter)
{
    const auto fingerprint = transaction.fingerprint(letter.fingerprint);
    if (!fingerprint)
        return tl::unexpected(fingerprint.error());
    const auto known = find(transaction, letter.shard, letter.seq);
    if (!known)
        return tl::unexpected(known.error());
    const std::int64_t atUs = toUnixMicros(letter.failedAt);
    const std::optional<Entry>& entry = *known;
    Status written = entry ? update(transaction, letter, *fingerprint, entry->id)
                           : insert(transaction, letter, *fingerprint);
    if (!written)
        return written;
    if (entry && entry->isInQueue()) {
        if (letter.job && entry->fingerprint == *fingerprint)
            ++transaction.changes().jobs[*letter.job].sameError;
        countFingerprint(transaction, entry->fingerprint, letter.shard, -1, entry->lastFailedUs);
    } else {
        Changes::DeadLetters& change = transaction.changes().deadLetters[letter.shard];
        ++change.entries;
        ++change.added;
    }
    countFingerprint(transaction, *fingerprint, letter.shard, 1, atUs);
    if (!entry || !entry->isInQueue())
        ++transaction.changes().fingerprints[{ *fingerprint, letter.shard }].added;
    return {};
}

Result<bool> moveDeadLetter(
    WriteTransaction& transaction, ShardKey shard, EventSeq seq, DeadLetterState state)
{
    const auto known = find(transaction, shard, seq);
    if (!known)
        return tl::unexpected(known.error());
    const std::optional<Entry>& entry = *known;
    if (!entry || !entry->isInQueue() || entry->state == state)
        return false;
    Statement& statement = transaction.connection().statement(kSetState);
    statement.bind(static_cast<std::int64_t>(state)).bind(entry->id);
    if (Status done = statement.exec(); !done)
        return tl::unexpected(done.error());
    if (state == DeadLetterState::Replayed || state == DeadLetterState::Archived) {
        Changes::DeadLetters& change = transaction.changes().deadLetters[shard];
        --change.entries;
        ++change.removed;
        countFingerprint(transaction, entry->fingerprint, shard, -1, entry->lastFailedUs);
    }
    return true;
}

Status letWaitAgain(WriteTransaction& transaction, ShardKey shard, EventSeq seq)
{
    Statement& again = transaction.connection().statement(kWaitAgain);
    return again.bind(toInt(shard)).bind(toInt(seq)).exec();
}

} // namespace engine::store

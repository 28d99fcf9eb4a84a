// Archiving, restoring and purging the dead letters of a selection.
#include "store/connection.h"
#include "store/dead_letters.h"
#include "store/selections.h"
#include "store/write_transaction.h"

namespace engine::store {
namespace {

const Sql kItemLetters {
    "SELECT d.id, d.shard, d.seq, d.state, d.fingerprint, d.last_failed_us, d.moved_at_us "
    "FROM selection_item i JOIN dead_letter d ON d.id = i.dead_letter WHERE i.selection = ? "
    "AND i.dead_letter > ? ORDER BY i.dead_letter LIMIT ?"
};
const Sql kRestore { "UPDATE dead_letter SET state = 0, moved_at_us = NULL WHERE id = ?" };
const Sql kStampMoved { "UPDATE dead_letter SET moved_at_us = ? WHERE id = ?" };
const Sql kPurge { "DELETE FROM dead_letter WHERE id = ?" };

struct Letter {
    std::int64_t id { 0 };
    ShardKey shard {};
    EventSeq seq {};
    DeadLetterState state { DeadLetterState::Waiting };
    std::int64_t fingerprint { 0 };
    std::int64_t lastFailedUs { 0 };
    std::optional<std::int64_t> movedUs {};
};

Result<std::vector<Letter>> nextLetters(
    Connection& connection, SelectionId selection, std::int64_t after, int rowsMax)
{
    Statement& read = connection.statement(kItemLetters);
    if (const Status done
        = read.bind(toInt(selection)).bind(after).bind(std::int64_t { rowsMax }).exec();
        !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    std::vector<Letter> letters;
    while (read.next()) {
        letters.push_back({ read.integer(0), ShardKey { read.integer(1) },
            EventSeq { read.integer(2) }, static_cast<DeadLetterState>(read.integer(3)),
            read.integer(4), read.integer(5), read.integerOrNull(6) });
    }
    if (Status done = read.end(); !done)
        return tl::unexpected(done.error());
    return letters;
}

Status restoreOne(WriteTransaction& transaction, const Letter& letter)
{
    if (Status done = transaction.connection().statement(kRestore).bind(letter.id).exec(); !done)
        return done;
    ++transaction.changes().deadLetters[letter.shard].entries;
    countFingerprint(transaction, letter.fingerprint, letter.shard, 1, letter.lastFailedUs);
    return {};
}

Status archiveOne(WriteTransaction& transaction, const Letter& letter)
{
    if (const auto moved
        = moveDeadLetter(transaction, letter.shard, letter.seq, DeadLetterState::Archived);
        !moved)
        return tl::unexpected(moved.error());
    Statement& stamp = transaction.connection().statement(kStampMoved);
    return stamp.bind(toUnixMicros(transaction.now())).bind(letter.id).exec();
}

// One step over the letters of a selection; `act` says whether it did something to one.
template <class Act>
Result<ArchiveStep> walk(
    Connection& connection, SelectionId selection, std::int64_t after, int rowsMax, Act act)
{
    const auto letters = nextLetters(connection, selection, after, rowsMax);
    if (!letters)
        return tl::unexpected(letters.error());
    ArchiveStep step;
    for (const Letter& letter : *letters) {
        const Result<bool> isDone = act(letter);
        if (!isDone)
            return tl::unexpected(isDone.error());
        ++(*isDone ? step.moved : step.skipped);
    }
    if (std::ssize(*letters) == rowsMax)
        step.after = letters->back().id;
    return step;
}

} // namespace

Result<ArchiveStep> archiveStep(WriteTransaction& transaction, SelectionId selection, bool restore,
    std::int64_t after, int rowsMax, const MovedWithin& when)
{
    const auto isMeant = [&](const Letter& letter) {
        const auto moved = fromUnixMicros(letter.movedUs.value_or(letter.lastFailedUs));
        return !restore || (moved >= when.from && moved <= when.to);
    };
    const DeadLetterState from = restore ? DeadLetterState::Archived : DeadLetterState::Waiting;
    return walk(transaction.connection(), selection, after, rowsMax,
        [&](const Letter& letter) -> Result<bool> {
            if (letter.state != from || !isMeant(letter))
                return false;
            const Status done
                = restore ? restoreOne(transaction, letter) : archiveOne(transaction, letter);
            return done ? Result<bool>(true) : tl::unexpected(done.error());
        });
}

Result<ArchiveStep> purgeStep(WriteTransaction& transaction, SelectionId selection, WallTime before,
    std::int64_t after, int rowsMax)
{
    return walk(transaction.connection(), selection, after, rowsMax,
        [&](const Letter& letter) -> Result<bool> {
            const bool isOld = letter.movedUs && *letter.movedUs < toUnixMicros(before);
            if (letter.state != DeadLetterState::Archived || !isOld)
                return false;
            const Status done = transaction.connection().statement(kPurge).bind(letter.id).exec();
            return done ? Result<bool>(true) : tl::unexpected(done.error());
        });
}

} // namespace engine::store

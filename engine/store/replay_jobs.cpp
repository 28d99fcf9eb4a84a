#include "store/replay_jobs.h"

#include "core/fingerprint.h"
#include "core/unknown_account.h"
#include "store/connection.h"
#include "store/dead_letters.h"
#include "store/event_rows.h"
#include "store/selections.h"
#include "store/write_transaction.h"

#include <engine/pages.h>

#include <algorithm>

namespace engine::store {
namespace {

// In this order by CROSS JOIN: left to itself SQLite reads every selection there ever was.
const Sql kOverlap { "SELECT j.id FROM replay_job j CROSS JOIN selection_item mine CROSS JOIN "
                     "selection_item theirs WHERE j.state IN (0, 1, 4) AND mine.selection = ? "
                     "AND theirs.selection = j.selection "
                     "AND theirs.event_time_us = mine.event_time_us "
                     "AND theirs.shard = mine.shard AND theirs.seq = mine.seq LIMIT 1" };
const Sql kCountItems { "SELECT count(*), coalesce(sum(verdict IN (0, ?, ?)), 0) FROM "
                        "selection_item WHERE selection = ?" };
const Sql kHasSelection { "SELECT 1 FROM selection WHERE id = ?" };
const Sql kCreate { "INSERT INTO replay_job(selection, title, who, created_at_us, state, reason, "
                    "per_second, share_percent, is_ramped, "
                    "include_unknown, include_same_error, error_stop, throttle_hold, lag_hold_s, "
                    "total, skipped) VALUES (?, ?, ?, ?, 0, "
                    "'', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id" };
const Sql kJob { "SELECT selection, state, include_unknown, include_same_error, cursor_time_us, "
                 "cursor_shard, cursor_seq FROM replay_job WHERE id = ?" };
const Sql kNextItems {
    "SELECT i.event_time_us, i.shard, i.seq, i.verdict, d.id, d.state, i.expires_us, "
    "s.destination, s.account, "
    "e.received_at_us, coalesce(i.person, d.person), d.first_sent_us FROM selection_item i JOIN "
    "shard s ON s.id = "
    "i.shard LEFT JOIN event e ON "
    "e.seq = i.seq "
    "LEFT JOIN dead_letter d ON d.shard = i.shard AND d.seq = i.seq WHERE i.selection = ? "
    "AND (i.event_time_us, i.shard, i.seq) > (?, ?, ?) ORDER BY i.event_time_us, i.shard, i.seq "
    "LIMIT ?"
};
const Sql kPutDelivery { "INSERT INTO delivery(shard, lane, rank_us, seq, attempts, picked_up, "
                         "due_us, expires_us, first_sent_us, job, person) "
                         "VALUES (?, 2, ?, ?, 0, 0, NULL, ?, ?, ?, ?) "
                         "ON CONFLICT(shard, lane, rank_us, seq) DO NOTHING" };
// The index by name, which only SQLite understands: it would choose the key of the table and read
// the whole shard.
const Sql kIsWaiting { "SELECT EXISTS (SELECT 1 FROM delivery INDEXED BY delivery_replayed "
                       "WHERE seq = ? AND shard = ? AND job IS NOT NULL)" };
// Unless the event has an entry there already.
const Sql kMoveLetter { "UPDATE dead_letter SET shard = ? WHERE id = ? AND NOT EXISTS (SELECT 1 "
                        "FROM dead_letter o WHERE o.shard = ? AND o.seq = dead_letter.seq AND "
                        "o.id <> dead_letter.id) RETURNING fingerprint, last_failed_us" };
const Sql kSetReplaying { "UPDATE dead_letter SET state = 1, job = ? WHERE id = ?" };
const Sql kAdvance { "UPDATE replay_job SET cursor_time_us = ?, cursor_shard = ?, cursor_seq = ?, "
                     "fed = fed + ?, skipped = skipped + ?, "
                     "is_all_fed = ? WHERE id = ?" };
const Sql kSetPace { "UPDATE replay_job SET share_percent = ?, per_second = ? WHERE id = ?" };
const Sql kAddEvent { "INSERT INTO replay_job_event(job, at_us, text) VALUES (?, ?, ?)" };
// A job that holds and goes on all day says so all day: the newest lines are kept.
const Sql kDropEvents { "DELETE FROM replay_job_event WHERE id IN (SELECT id FROM replay_job_event "
                        "WHERE job = ? ORDER BY id DESC LIMIT -1 OFFSET 50)" };
const Sql kSetState { "UPDATE replay_job SET state = ?, reason = ?, ended_at_us = ? WHERE id = ?" };

// Looked at in one step of a job, chosen or not; a few milliseconds of the store's thread.
constexpr int kWalkRows = 500;

struct JobCursor {
    std::int64_t selection { 0 };
    JobState state { JobState::Running };
    bool includeUnknown { false };
    bool includeSameError { false };
    std::int64_t timeUs { 0 };
    std::int64_t shard { 0 };
    std::int64_t seq { 0 };
};

struct Item {
    std::int64_t timeUs { 0 };
    std::int64_t shard { 0 };
    std::int64_t seq { 0 };
    Verdict verdict { Verdict::WillSend };
    std::optional<std::int64_t> deadLetter {};
    std::int64_t deadLetterState { 0 };
    std::optional<std::int64_t> expiresUs {};
    ShardId shardId {};
    std::optional<std::int64_t> receivedUs {};
    std::optional<std::int64_t> person {};
    std::optional<std::int64_t> firstSentUs {};
};

Result<JobCursor> readJob(WriteTransaction& transaction, ReplayJobId job)
{
    Statement& read = transaction.connection().statement(kJob);
    if (const Status done = read.bind(toInt(job)).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    if (!read.next())
        return fail(ErrorCode::NotFound, "there is no replay job " + std::to_string(toInt(job)));
    return JobCursor { read.integer(0), static_cast<JobState>(read.integer(1)),
        read.integer(2) != 0, read.integer(3) != 0, read.integer(4), read.integer(5),
        read.integer(6) };
}

Result<std::vector<Item>> nextItems(
    WriteTransaction& transaction, const JobCursor& job, int rowsMax)
{
    Statement& read = transaction.connection().statement(kNextItems);
    read.bind(job.selection)
        .bind(job.timeUs)
        .bind(job.shard)
        .bind(job.seq)
        .bind(std::int64_t { rowsMax });
    if (const Status done = read.exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    std::vector<Item> items;
    while (read.next()) {
        items.push_back({ read.integer(0), read.integer(1), read.integer(2),
            static_cast<Verdict>(read.integer(3)), read.integerOrNull(4), read.integer(5),
            read.integerOrNull(6), { read.text(7), read.text(8) }, read.integerOrNull(9),
            read.integerOrNull(10), read.integerOrNull(11) });
    }
    if (Status done = read.end(); !done)
        return tl::unexpected(done.error());
    return items;
}

bool isEnd(JobState state) { return state == JobState::Finished || state == JobState::Cancelled; }

Status hasEnded(ReplayJobId job)
{
    return fail(ErrorCode::Conflict, "job R-" + std::to_string(toInt(job)) + " has ended already");
}

bool isChosen(const Item& item, const JobCursor& job)
{
    return item.verdict == Verdict::WillSend
        || (item.verdict == Verdict::OutcomeUnknown && job.includeUnknown)
        || (item.verdict == Verdict::SameError && job.includeSameError);
}

// Did something happen since the preview that makes sending it wrong?
Result<bool> hasChanged(WriteTransaction& transaction, const Item& item)
{
    const bool isWaiting = !item.deadLetter
        || item.deadLetterState == static_cast<std::int64_t>(DeadLetterState::Waiting);
    const bool isTooOld = item.expiresUs && *item.expiresUs <= toUnixMicros(transaction.now());
    if (!isWaiting || !item.receivedUs || isTooOld)
        return true;
    Connection& connection = transaction.connection();
    if (item.person) {
        const auto replaced = isSuperseded(connection, item.shard, *item.person, item.seq);
        if (!replaced || *replaced)
            return replaced;
    }
    // A delivered event that an earlier replay left in lane retry.
    Statement& waits = connection.statement(kIsWaiting);
    if (const Status done = waits.bind(item.seq).bind(item.shard).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(waits);
    return waits.next() && waits.integer(0) != 0;
}

// The entry has another shard from here on. False when there is one of this event already.
Result<bool> moveToAccount(WriteTransaction& transaction, Item& item, const std::string& account)
{
    const ShardKey from { item.shard };
    item.shardId.account = account;
    const auto to = transaction.shard(item.shardId);
    if (!to)
        return tl::unexpected(to.error());
    Statement& move = transaction.connection().statement(kMoveLetter);
    move.bind(toInt(*to)).bind(*item.deadLetter);
    if (const Status done = move.bind(toInt(*to)).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(move);
    if (!move.next())
        return false;
    const std::int64_t fingerprint = move.integer(0);
    const std::int64_t lastFailedUs = move.integer(1);
    item.shard = toInt(*to);
    --transaction.changes().deadLetters[from].entries;
    ++transaction.changes().deadLetters[*to].entries;
    countFingerprint(transaction, fingerprint, from, -1, lastFailedUs);
    countFingerprint(transaction, fingerprint, *to, 1, lastFailedUs);
    return true;
}

Status failAgain(
    WriteTransaction& transaction, ReplayJobId job, const Item& item, const std::string& reason)
{
    NewDeadLetter letter;
    letter.shard = ShardKey { item.shard };
    letter.seq = EventSeq { item.seq };
    letter.outcome = Outcome::Config;
    letter.message = reason;
    letter.failedAt = transaction.now();
    letter.expiresUs = item.expiresUs;
    letter.fingerprint = makeFingerprint(item.shardId.destination, 0, {}, reason);
    letter.job = job;
    ++transaction.changes().jobs[job].failed;
    return putDeadLetter(transaction, letter);
}

enum class Account : std::uint8_t { Found, Missing, Taken };

// It was accepted for an account that nobody could tell. By now somebody may have mended that.
Result<Account> findAgain(
    WriteTransaction& transaction, ReplayJobId job, Item& item, const FindAccount& findAccount)
{
    if (!item.deadLetter || item.shardId.account != kUnknownAccount || !findAccount)
        return Account::Found;
    const auto event = readEvent(transaction.connection(), EventSeq { item.seq });
    if (!event)
        return tl::unexpected(event.error());
    const auto account = findAccount(item.shardId.destination, *event);
    if (!account) {
        if (const Status done = failAgain(transaction, job, item, account.error().message); !done)
            return tl::unexpected(done.error());
        return Account::Missing;
    }
    if (*account == kUnknownAccount)
        return Account::Found;
    const auto moved = moveToAccount(transaction, item, *account);
    if (!moved)
        return tl::unexpected(moved.error());
    return *moved ? Account::Found : Account::Taken;
}

// True when it was put into the lane, or has failed already; false when something changed since the
// preview.
Result<bool> feedOne(
    WriteTransaction& transaction, ReplayJobId job, Item item, const FindAccount& findAccount)
{
    const auto changed = hasChanged(transaction, item);
    if (!changed)
        return tl::unexpected(changed.error());
    if (*changed)
        return false;
    const auto account = findAgain(transaction, job, item, findAccount);
    if (!account)
        return tl::unexpected(account.error());
    if (*account != Account::Found)
        return *account == Account::Missing;
    Connection& connection = transaction.connection();
    Statement& put = connection.statement(kPutDelivery);
    put.bind(item.shard).bind(item.timeUs).bind(item.seq).bind(item.expiresUs);
    put.bind(item.firstSentUs).bind(toInt(job));
    if (const Status done = put.bind(item.person).exec(); !done)
        return tl::unexpected(done.error());
    if (put.affected() == 0) // it is in the lane already
        return false;
    if (item.deadLetter) {
        if (const Status done
            = connection.statement(kSetReplaying).bind(toInt(job)).bind(*item.deadLetter).exec();
            !done)
            return tl::unexpected(done.error());
    }
    const ShardKey shard { item.shard };
    transaction.countLane(shard, Lane::Replay, 1);
    transaction.arrived({ .shard = shard,
        .id = item.shardId,
        .lane = Lane::Replay,
        .count = 1,
        .first = { Lane::Replay, item.timeUs, EventSeq { item.seq } },
        .oldestReceivedAt = fromUnixMicros(*item.receivedUs) });
    return true;
}

} // namespace

Result<ReplayJobId> createReplayJob(WriteTransaction& transaction, const NewReplayJob& job)
{
    Connection& connection = transaction.connection();
    Statement& exists = connection.statement(kHasSelection);
    if (const Status done = exists.bind(toInt(job.selection)).exec(); !done)
        return tl::unexpected(done.error());
    const bool isKnown = exists.next();
    exists.finish();
    if (!isKnown)
        return fail(ErrorCode::NotFound,
            "selection " + std::to_string(toInt(job.selection)) + " has expired; preview again");
    Statement& overlap = connection.statement(kOverlap);
    if (const Status done = overlap.bind(toInt(job.selection)).exec(); !done)
        return tl::unexpected(done.error());
    const std::int64_t other = overlap.next() ? overlap.integer(0) : 0;
    overlap.finish();
    if (other != 0)
        return fail(ErrorCode::Conflict,
            "some of these entries are already in job R-" + std::to_string(other)
                + ", which has not ended",
            "R-" + std::to_string(other));
    Statement& count = connection.statement(kCountItems);
    count.bind(job.includeUnknown ? static_cast<std::int64_t>(Verdict::OutcomeUnknown) : 0);
    count.bind(job.includeSameError ? static_cast<std::int64_t>(Verdict::SameError) : 0);
    if (const Status done = count.bind(toInt(job.selection)).exec(); !done)
        return tl::unexpected(done.error());
    const std::int64_t total = count.next() ? count.integer(0) : 0;
    const std::int64_t chosen = count.integer(1);
    count.finish();
    Statement& create = connection.statement(kCreate);
    create.bind(toInt(job.selection))
        .bindText(job.title)
        .bindText(job.who)
        .bind(toUnixMicros(transaction.now()));
    create.bindReal(job.perSecond.value_or(0))
        .bindReal(job.sharePercent)
        .bind(job.isRamped ? 1 : 0);
    create.bind(job.includeUnknown ? 1 : 0)
        .bind(job.includeSameError ? 1 : 0)
        .bindReal(job.guards.errorStop)
        .bindReal(job.guards.throttleHold)
        .bind(static_cast<std::int64_t>(job.guards.liveLagHold.count()))
        .bind(total)
        .bind(total - chosen);
    if (const Status done = create.exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(create);
    return ReplayJobId { create.next() ? create.integer(0) : 0 };
}

Result<FeedStep> feedReplayJob(
    WriteTransaction& transaction, ReplayJobId job, int rowsMax, const FindAccount& findAccount)
{
    auto cursor = readJob(transaction, job);
    if (!cursor)
        return tl::unexpected(cursor.error());
    FeedStep step;
    if (cursor->state != JobState::Running)
        return step;
    // Entries that were not chosen were counted as skipped when the job was made. They take none of
    // the step's rows: a ramp that begins with one row would pass them one by one.
    const int walkMax = std::max(rowsMax, kWalkRows);
    const auto items = nextItems(transaction, *cursor, walkMax);
    if (!items)
        return tl::unexpected(items.error());
    int rowsLeft = rowsMax;
    bool isStepFull = false;
    for (const Item& item : *items) {
        const bool isWanted = isChosen(item, *cursor);
        if (isWanted && rowsLeft == 0) {
            isStepFull = true;
            break;
        }
        cursor->timeUs = item.timeUs;
        cursor->shard = item.shard;
        cursor->seq = item.seq;
        if (!isWanted)
            continue;
        --rowsLeft;
        const auto isFed = feedOne(transaction, job, item, findAccount);
        if (!isFed)
            return tl::unexpected(isFed.error());
        ++(*isFed ? step.fed : step.skipped);
    }
    step.isAllFed = !isStepFull && std::ssize(*items) < walkMax;
    Statement& advance = transaction.connection().statement(kAdvance);
    advance.bind(cursor->timeUs)
        .bind(cursor->shard)
        .bind(cursor->seq)
        .bind(step.fed)
        .bind(step.skipped);
    if (const Status done = advance.bind(step.isAllFed ? 1 : 0).bind(toInt(job)).exec(); !done)
        return tl::unexpected(done.error());
    return step;
}

Status setReplayPace(WriteTransaction& transaction, ReplayJobId job, double sharePercent,
    std::optional<double> perSecond)
{
    const auto present = readJob(transaction, job);
    if (!present)
        return tl::unexpected(present.error());
    if (isEnd(present->state))
        return hasEnded(job);
    Statement& set = transaction.connection().statement(kSetPace);
    return set.bindReal(sharePercent).bindReal(perSecond.value_or(0)).bind(toInt(job)).exec();
}

Status addJobEvent(WriteTransaction& transaction, ReplayJobId job, const ReplayJobEvent& event)
{
    Statement& add = transaction.connection().statement(kAddEvent);
    add.bind(toInt(job)).bind(toUnixMicros(event.at)).bindText(event.text);
    if (Status done = add.exec(); !done)
        return done;
    return transaction.connection().statement(kDropEvents).bind(toInt(job)).exec();
}

Status setReplayJobState(
    WriteTransaction& transaction, ReplayJobId job, JobState state, const std::string& reason)
{
    const auto present = readJob(transaction, job);
    if (!present)
        return tl::unexpected(present.error());
    if (isEnd(present->state))
        return hasEnded(job);
    Statement& set = transaction.connection().statement(kSetState);
    set.bind(static_cast<std::int64_t>(state)).bindText(reason);
    set.bind(isEnd(state) ? std::optional(toUnixMicros(transaction.now())) : std::nullopt);
    return set.bind(toInt(job)).exec();
}

} // namespace engine::store

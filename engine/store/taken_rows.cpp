#include "store/taken_rows.h"

#include "core/fingerprint.h"
#include "store/dead_letters.h"
#include "store/event_rows.h"
#include "store/write_transaction.h"

#include <map>

namespace engine::store {
namespace {

constexpr int kRowsAtStart = 2'000;

// The index by name, which only SQLite understands: it may not walk the lanes of every shard.
const Sql kOfJob { "SELECT shard, lane, rank_us, seq FROM delivery INDEXED BY delivery_of_job "
                   "WHERE job = ? AND (shard, lane, rank_us, seq) > (?, ?, ?, ?) "
                   "ORDER BY shard, lane, rank_us, seq LIMIT ?" };
const Sql kOfShard {
    "SELECT lane, rank_us, seq, attempts, expires_us, first_sent_us, job, person FROM "
    "delivery WHERE shard = ? AND (lane, rank_us, seq) > (?, ?, ?) "
    "ORDER BY lane, rank_us, seq LIMIT ?"
};
const Sql kDelete { "DELETE FROM delivery WHERE shard = ? AND lane = ? AND rank_us = ? AND seq = "
                    "?" };
const Sql kCountTaken { "UPDATE replay_job SET taken_back = taken_back + ? WHERE id = ?" };
const Sql kCancelled { "SELECT j.id FROM replay_job j LEFT JOIN job_progress p ON p.job = j.id "
                       "WHERE j.state = 3 AND j.fed > j.taken_back + coalesce(p.accepted, 0) + "
                       "coalesce(p.failed, 0)" };

struct Row {
    ShardKey shard {};
    DeliveryKey key {};
};

// Which deliveries are out, asked once for each shard.
class InFlight {
public:
    explicit InFlight(Connection& connection)
        : m_connection(connection)
    {
    }
    [[nodiscard]] Result<bool> contains(ShardKey shard, EventSeq seq)
    {
        auto known = m_seqs.find(shard);
        if (known == m_seqs.end()) {
            auto seqs = seqsInFlight(m_connection, shard);
            if (!seqs)
                return tl::unexpected(seqs.error());
            known = m_seqs.emplace(shard, std::move(*seqs)).first;
        }
        return known->second.contains(toInt(seq));
    }

private:
    Connection& m_connection;
    std::map<ShardKey, std::set<std::int64_t>> m_seqs {};
};

Status remove(WriteTransaction& transaction, const Row& row, TakeStep& step)
{
    Statement& drop = transaction.connection().statement(kDelete);
    bindKey(drop, row.shard, row.key);
    if (Status done = drop.exec(); !done)
        return done;
    transaction.countLane(row.shard, row.key.lane, -1);
    ++step.count;
    const bool isSame = !step.rows.empty() && step.rows.back().shard == row.shard
        && step.rows.back().lane == row.key.lane;
    if (!isSame)
        step.rows.push_back({ .shard = row.shard, .lane = row.key.lane });
    step.rows.back().seqs.insert(row.key.seq);
    return {};
}

Result<std::vector<Row>> rowsOfJob(
    Connection& connection, ReplayJobId job, const Row& after, int rowsMax)
{
    Statement& read = connection.statement(kOfJob);
    read.bind(toInt(job)).bind(toInt(after.shard));
    read.bind(static_cast<std::int64_t>(after.key.lane)).bind(after.key.rank);
    if (const Status done = read.bind(toInt(after.key.seq)).bind(std::int64_t { rowsMax }).exec();
        !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    std::vector<Row> rows;
    while (read.next()) {
        rows.push_back({ ShardKey { read.integer(0) },
            { static_cast<Lane>(read.integer(1)), read.integer(2),
                EventSeq { read.integer(3) } } });
    }
    if (Status done = read.end(); !done)
        return tl::unexpected(done.error());
    return rows;
}

} // namespace

// Those in flight are few (the concurrency of the shards), so reading past them costs nothing.
Result<TakeStep> takeBackJob(WriteTransaction& transaction, ReplayJobId job, int rowsMax)
{
    Connection& connection = transaction.connection();
    InFlight inFlight(connection);
    TakeStep step;
    Row after { .shard = ShardKey { -1 } };
    for (bool isLast = false; !isLast && step.count < rowsMax;) {
        const auto rows = rowsOfJob(connection, job, after, rowsMax);
        if (!rows)
            return tl::unexpected(rows.error());
        isLast = std::ssize(*rows) < rowsMax;
        for (const Row& row : *rows) {
            after = row;
            const auto isOut = inFlight.contains(row.shard, row.key.seq);
            if (!isOut)
                return tl::unexpected(isOut.error());
            if (*isOut)
                continue;
            if (const Status done = remove(transaction, row, step); !done)
                return tl::unexpected(done.error());
            if (const Status done = letWaitAgain(transaction, row.shard, row.key.seq); !done)
                return tl::unexpected(done.error());
        }
        step.isMore = !isLast;
    }
    if (step.count > 0) {
        Statement& counted = connection.statement(kCountTaken);
        if (const Status done = counted.bind(step.count).bind(toInt(job)).exec(); !done)
            return tl::unexpected(done.error());
    }
    return step;
}

Status takeBackCancelled(WriteTransaction& transaction)
{
    std::vector<ReplayJobId> jobs;
    Statement& read = transaction.connection().statement(kCancelled);
    if (Status done = read.exec(); !done)
        return done;
    while (read.next())
        jobs.push_back(ReplayJobId { read.integer(0) });
    if (Status done = read.end(); !done)
        return done;
    for (const ReplayJobId job : jobs) {
        for (bool isMore = true; isMore;) {
            const auto step = takeBackJob(transaction, job, kRowsAtStart);
            if (!step)
                return tl::unexpected(step.error());
            isMore = step->isMore;
        }
    }
    return {};
}

namespace {

struct Orphan {
    Row row {};
    int attempts { 0 };
    std::optional<std::int64_t> expiresUs {};
    std::optional<std::int64_t> firstSentUs {};
    std::optional<ReplayJobId> job {};
    std::optional<std::int64_t> person {};
};

Result<std::vector<Orphan>> nextOrphans(
    Connection& connection, ShardKey shard, const DeliveryKey& after, int rowsMax)
{
    Statement& read = connection.statement(kOfShard);
    read.bind(toInt(shard)).bind(static_cast<std::int64_t>(after.lane)).bind(after.rank);
    if (const Status done = read.bind(toInt(after.seq)).bind(std::int64_t { rowsMax }).exec();
        !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    std::vector<Orphan> orphans;
    while (read.next()) {
        Orphan orphan { .row = { shard,
                            { static_cast<Lane>(read.integer(0)), read.integer(1),
                                EventSeq { read.integer(2) } } },
            .attempts = static_cast<int>(read.integer(3)),
            .expiresUs = read.integerOrNull(4),
            .firstSentUs = read.integerOrNull(5) };
        if (const auto job = read.integerOrNull(6))
            orphan.job = ReplayJobId { *job };
        orphan.person = read.integerOrNull(7);
        orphans.push_back(orphan);
    }
    return whole(read, std::move(orphans));
}

Status bury(WriteTransaction& transaction, const Orphan& orphan, const ShardId& id,
    const std::string& reason)
{
    NewDeadLetter letter;
    letter.shard = orphan.row.shard;
    letter.seq = orphan.row.key.seq;
    letter.outcome = Outcome::Config;
    letter.message = reason;
    letter.attempts = orphan.attempts;
    letter.failedAt = transaction.now();
    letter.expiresUs = orphan.expiresUs;
    letter.firstSentUs = orphan.firstSentUs;
    letter.person = orphan.person;
    letter.fingerprint = makeFingerprint(id.destination, 0, {}, reason);
    letter.job = orphan.job;
    if (orphan.job)
        ++transaction.changes().jobs[*orphan.job].failed;
    return putDeadLetter(transaction, letter);
}

} // namespace

Result<TakeStep> moveToDeadLetters(WriteTransaction& transaction, ShardKey shard, const ShardId& id,
    const std::string& reason, int rowsMax)
{
    Connection& connection = transaction.connection();
    InFlight inFlight(connection);
    TakeStep step;
    DeliveryKey after { .rank = std::numeric_limits<std::int64_t>::min() };
    for (bool isLast = false; !isLast && step.count < rowsMax;) {
        const auto orphans = nextOrphans(connection, shard, after, rowsMax);
        if (!orphans)
            return tl::unexpected(orphans.error());
        isLast = std::ssize(*orphans) < rowsMax;
        for (const Orphan& orphan : *orphans) {
            after = orphan.row.key;
            const auto isOut = inFlight.contains(shard, orphan.row.key.seq);
            if (!isOut)
                return tl::unexpected(isOut.error());
            if (*isOut)
                continue;
            if (const Status done = bury(transaction, orphan, id, reason); !done)
                return tl::unexpected(done.error());
            if (const Status done = remove(transaction, orphan.row, step); !done)
                return tl::unexpected(done.error());
        }
        step.isMore = !isLast;
    }
    return step;
}

} // namespace engine::store

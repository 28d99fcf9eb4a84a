// Releases of deferred deliveries, pauses, and what a restart repairs.
#include "store/codec.h"
#include "store/event_rows.h"
#include "store/outcomes.h"

#include <array>

namespace engine::store {
namespace {

const Sql kReleasable {
    "SELECT d.rank_us, d.seq, coalesce(d.expires_us / 1000000 * 1000000, e.received_at_us), "
    "e.received_at_us "
    "FROM delivery d JOIN event e ON e.seq = d.seq "
    "WHERE d.shard = ? AND d.lane = 4 AND d.rank_us <= ? ORDER BY d.rank_us, d.seq LIMIT ?"
};
const Sql kRelease { "UPDATE delivery SET lane = 0, due_us = NULL, rank_us = coalesce(expires_us / "
                     "1000000 * 1000000, "
                     "(SELECT received_at_us FROM event WHERE event.seq = delivery.seq)) "
                     "WHERE shard = ? AND lane = 4 AND (rank_us, seq) <= (?, ?)" };
const Sql kShardName { "SELECT destination, account FROM shard WHERE id = ?" };

const Sql kPauseDestination {
    "INSERT INTO destination_pause(destination, desired, pause_until_us, pause_cause, pause_note, "
    "pause_who) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT(destination) DO UPDATE SET "
    "desired = excluded.desired, pause_until_us = excluded.pause_until_us, "
    "pause_cause = excluded.pause_cause, pause_note = excluded.pause_note, "
    "pause_who = excluded.pause_who"
};
const Sql kResumeDestination { "DELETE FROM destination_pause WHERE destination = ?" };
const Sql kPauseShards { "UPDATE shard SET desired = ?, pause_until_us = ?, pause_cause = ?, "
                         "pause_note = ?, pause_who = ? WHERE destination = ?" };
const Sql kPauseShard { "UPDATE shard SET desired = ?, pause_until_us = ?, pause_cause = ?, "
                        "pause_note = ?, pause_who = ? WHERE id = ?" };

const Sql kOpenRequests { "SELECT id, shard, sent_at_us, items FROM request "
                          "WHERE shard = ? AND ended_at_us IS NULL" };
const Sql kAttemptsOf { "SELECT attempts FROM delivery "
                        "WHERE shard = ? AND lane = ? AND rank_us = ? AND seq = ?" };
const Sql kLost { "UPDATE delivery SET lane = 1, rank_us = ?, due_us = ?, "
                  "attempts = attempts + 1, picked_up = 1, "
                  "first_sent_us = coalesce(first_sent_us, ?) "
                  "WHERE shard = ? AND lane = ? AND rank_us = ? AND seq = ?" };
const Sql kLostAttempt { "INSERT INTO attempt(seq, shard, request, lane, number, outcome, message) "
                         "VALUES (?, ?, ?, ?, ?, 3, ?) ON CONFLICT(seq, shard, request) "
                         "DO UPDATE SET lane = excluded.lane, number = excluded.number, "
                         "outcome = excluded.outcome, code = NULL, message = excluded.message" };
const Sql kCloseLost { "UPDATE request SET ended_at_us = ?, is_lost = 1, outcome = 3, "
                       "items = NULL WHERE id = ?" };
const Sql kCountEncoding { "UPDATE delivery SET attempts = attempts + 1, picked_up = 1 "
                           "WHERE shard = ? AND lane = ? AND rank_us = ? AND seq = ?" };
const Sql kClampDue { "UPDATE delivery SET rank_us = ?, due_us = ? "
                      "WHERE shard = ? AND lane = ? AND rank_us > ?" };

// The longest wait a platform may ask for (Retry-After is cut to it).
constexpr std::chrono::hours kRetryWaitMax { 24 };
// A tier with a monthly cap spreads at most a month of events.
constexpr std::chrono::hours kDeferredWaitMax { 31 * 24 };

constexpr std::string_view kLostMessage
    = "The program ended before an answer came; whether the platform took it is unknown.";

struct LostRequest {
    std::int64_t id { 0 };
    ShardKey shard {};
    std::int64_t sentAtUs { 0 };
    std::vector<DeliveryKey> items {};
};

Result<std::vector<ShardKey>> shardKeys(Connection& connection)
{
    std::vector<ShardKey> keys;
    Statement statement = connection.prepare("SELECT id FROM shard");
    if (Status done = statement.exec(); !done)
        return tl::unexpected(done.error());
    while (statement.next())
        keys.push_back(ShardKey { statement.integer(0) });
    if (Status done = statement.end(); !done)
        return tl::unexpected(done.error());
    return keys;
}

Status readOpenRequests(Connection& connection, ShardKey shard, std::vector<LostRequest>& requests)
{
    Statement& statement = connection.statement(kOpenRequests);
    if (Status done = statement.bind(toInt(shard)).exec(); !done)
        return done;
    const Finish finish(statement);
    while (statement.next()) {
        auto items = decodeKeys(statement.blob(3));
        if (!items)
            return fail(ErrorCode::Storage, "A request in the store is damaged.", {},
                "request " + std::to_string(statement.integer(0)));
        requests.push_back({ statement.integer(0), ShardKey { statement.integer(1) },
            statement.integer(2), std::move(*items) });
    }
    if (Status done = statement.end(); !done)
        return done;
    return {};
}

Status giveToRetry(
    WriteTransaction& transaction, const LostRequest& request, const DeliveryKey& key)
{
    Connection& connection = transaction.connection();
    Statement& find = connection.statement(kAttemptsOf);
    bindKey(find, request.shard, key);
    if (Status done = find.exec(); !done)
        return done;
    const bool isThere = find.next();
    const std::int64_t attempts = isThere ? find.integer(0) : 0;
    find.finish();
    if (!isThere)
        return {};
    Statement& lost = connection.statement(kLost);
    const std::int64_t nowUs = toUnixMicros(transaction.now());
    lost.bind(nowUs).bind(nowUs).bind(request.sentAtUs);
    bindKey(lost, request.shard, key);
    if (Status done = lost.exec(); !done)
        return done;
    transaction.countLane(request.shard, key.lane, -1);
    transaction.countLane(request.shard, Lane::Retry, 1);
    Statement& attempt = connection.statement(kLostAttempt);
    attempt.bind(toInt(key.seq)).bind(toInt(request.shard)).bind(request.id);
    attempt.bind(static_cast<std::int64_t>(key.lane)).bind(attempts + 1);
    return attempt.bindText(kLostMessage).exec();
}

Status clampDueTimes(WriteTransaction& transaction, ShardKey shard)
{
    const std::array<std::pair<Lane, std::chrono::hours>, 2> waits {
        { { Lane::Retry, kRetryWaitMax }, { Lane::Deferred, kDeferredWaitMax } }
    };
    for (const auto& [lane, wait] : waits) {
        Statement& clamp = transaction.connection().statement(kClampDue);
        const std::int64_t latestUs = toUnixMicros(transaction.now() + wait);
        clamp.bind(latestUs).bind(latestUs).bind(toInt(shard));
        if (Status done = clamp.bind(static_cast<std::int64_t>(lane)).bind(latestUs).exec(); !done)
            return done;
    }
    return {};
}

} // namespace

Result<std::int64_t> releaseDeferred(WriteTransaction& transaction, ShardKey shard, WallTime now)
{
    Connection& connection = transaction.connection();
    Statement& find = connection.statement(kReleasable);
    if (Status done = find.bind(toInt(shard)).bind(toUnixMicros(now)).bind(kReleaseMax).exec();
        !done)
        return tl::unexpected(done.error());
    Arrivals arrivals;
    arrivals.shard = shard;
    std::int64_t lastRank = 0;
    std::int64_t lastSeq = 0;
    while (find.next()) {
        lastRank = find.integer(0);
        lastSeq = find.integer(1);
        const DeliveryKey key { Lane::Live, find.integer(2), EventSeq { lastSeq } };
        const WallTime receivedAt = fromUnixMicros(find.integer(3));
        const bool isFirst = arrivals.count++ == 0;
        arrivals.first = isFirst ? key : std::min(arrivals.first, key);
        arrivals.oldestReceivedAt
            = isFirst ? receivedAt : std::min(arrivals.oldestReceivedAt, receivedAt);
    }
    if (Status done = find.end(); !done)
        return tl::unexpected(done.error());
    if (arrivals.count == 0)
        return 0;
    Statement& release = connection.statement(kRelease);
    if (Status done = release.bind(toInt(shard)).bind(lastRank).bind(lastSeq).exec(); !done)
        return tl::unexpected(done.error());
    const std::int64_t released = release.affected();
    transaction.countLane(shard, Lane::Deferred, -released);
    transaction.countLane(shard, Lane::Live, released);
    Statement& name = connection.statement(kShardName);
    if (Status done = name.bind(toInt(shard)).exec(); !done)
        return tl::unexpected(done.error());
    if (name.next())
        arrivals.id = { name.text(0), name.text(1) };
    name.finish();
    transaction.arrived(arrivals);
    return released;
}

Status setDesired(WriteTransaction& transaction, const DesiredChange& change)
{
    Connection& connection = transaction.connection();
    const bool isRunning = change.desired == Desired::Running;
    const auto bindPause = [&](Statement& statement) -> Statement& {
        statement.bind(static_cast<std::int64_t>(change.desired));
        if (change.until && !isRunning)
            statement.bind(toUnixMicros(*change.until));
        else
            statement.bindNull();
        statement.bind(static_cast<std::int64_t>(change.cause));
        return statement.bindText(change.note).bindText(change.who);
    };
    if (!change.target.isWholeDestination()) {
        const auto shard = transaction.shard(change.target);
        if (!shard)
            return tl::unexpected(shard.error());
        return bindPause(connection.statement(kPauseShard)).bind(toInt(*shard)).exec();
    }
    const std::string& destination = change.target.destination;
    Statement& whole = connection.statement(isRunning ? kResumeDestination : kPauseDestination);
    whole.bindText(destination);
    if (!isRunning)
        bindPause(whole);
    if (Status done = whole.exec(); !done)
        return done;
    return bindPause(connection.statement(kPauseShards)).bindText(destination).exec();
}

Status countEncoding(WriteTransaction& transaction, const EncodingNow& left)
{
    Statement& count = transaction.connection().statement(kCountEncoding);
    bindKey(count, left.shard, left.key);
    return count.exec();
}

Result<std::int64_t> recoverRequests(WriteTransaction& transaction)
{
    Connection& connection = transaction.connection();
    const auto shards = shardKeys(connection);
    if (!shards)
        return tl::unexpected(shards.error());
    std::vector<LostRequest> requests;
    for (const ShardKey shard : *shards) {
        if (Status done = readOpenRequests(connection, shard, requests); !done)
            return tl::unexpected(done.error());
        if (Status done = clampDueTimes(transaction, shard); !done)
            return tl::unexpected(done.error());
    }
    for (const LostRequest& request : requests) {
        for (const DeliveryKey& key : request.items) {
            if (Status done = giveToRetry(transaction, request, key); !done)
                return tl::unexpected(done.error());
        }
        Statement& close = connection.statement(kCloseLost);
        close.bind(toUnixMicros(transaction.now())).bind(request.id);
        if (Status done = close.exec(); !done)
            return tl::unexpected(done.error());
    }
    return static_cast<std::int64_t>(requests.size());
}

} // namespace engine::store

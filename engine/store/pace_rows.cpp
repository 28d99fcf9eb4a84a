#include "store/pace_rows.h"

#include "store/event_rows.h"

namespace engine::store {
namespace {

const Sql kKeep {
    "INSERT INTO pace(shard, limit_name, host, read_at_us, until_us, remaining, amount, window_us, "
    "doublings, flags, peak, floor, learned, learned_at_us) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(shard, limit_name) DO UPDATE "
    "SET host = excluded.host, read_at_us = excluded.read_at_us, until_us = excluded.until_us, "
    "remaining = excluded.remaining, amount = excluded.amount, window_us = excluded.window_us, "
    "doublings = excluded.doublings, flags = excluded.flags, peak = excluded.peak, "
    "floor = excluded.floor, learned = excluded.learned, learned_at_us = excluded.learned_at_us"
};
const Sql kDrop { "DELETE FROM pace WHERE shard = ? AND limit_name = ?" };
const Sql kDropEnded { "DELETE FROM pace WHERE until_us <= ?" };
const Sql kRead { "SELECT shard, limit_name, read_at_us, until_us, remaining, amount, window_us, "
                  "doublings, flags, host, peak, floor, learned, learned_at_us FROM pace" };

constexpr std::int64_t kIsRetryAfter = 1; // on disk: never change
constexpr std::int64_t kWasCut = 2;

} // namespace

Status keepPace(WriteTransaction& transaction, const PaceRecord& record)
{
    Connection& connection = transaction.connection();
    if (record.until <= record.readAt)
        return connection.statement(kDrop).bind(toInt(record.shard)).bindText(record.limit).exec();
    Statement& keep = connection.statement(kKeep);
    keep.bind(toInt(record.shard)).bindText(record.limit).bindText(record.host);
    keep.bind(toUnixMicros(record.readAt)).bind(toUnixMicros(record.until));
    keep.bind(record.remaining).bind(record.amount).bind(Micros(record.window).count());
    keep.bind(std::int64_t { record.doublings });
    keep.bind((record.isRetryAfter ? kIsRetryAfter : 0) | (record.wasCut ? kWasCut : 0));
    keep.bindReal(record.peak).bindReal(record.floor).bindReal(record.learned);
    return keep
        .bind(record.learnedAt ? std::optional(toUnixMicros(*record.learnedAt)) : std::nullopt)
        .exec();
}

Status dropEndedPace(WriteTransaction& transaction)
{
    return transaction.connection()
        .statement(kDropEnded)
        .bind(toUnixMicros(transaction.now()))
        .exec();
}

Result<std::map<ShardKey, std::vector<PaceRecord>>> readPace(Connection& connection)
{
    std::map<ShardKey, std::vector<PaceRecord>> records;
    Statement& read = connection.statement(kRead);
    if (Status done = read.exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    while (read.next()) {
        PaceRecord record { .shard = ShardKey { read.integer(0) }, .limit = read.text(1) };
        record.readAt = fromUnixMicros(read.integer(2));
        record.until = fromUnixMicros(read.integer(3));
        record.remaining = read.integer(4);
        record.amount = read.integerOrNull(5);
        record.window = std::chrono::ceil<Millis>(Micros { read.integer(6) });
        record.doublings = static_cast<int>(read.integer(7));
        record.isRetryAfter = (read.integer(8) & kIsRetryAfter) != 0;
        record.wasCut = (read.integer(8) & kWasCut) != 0;
        record.host = read.text(9);
        record.peak = read.real(10);
        record.floor = read.real(11);
        record.learned = read.real(12);
        record.learnedAt = timeOrNull(read, 13);
        records[record.shard].push_back(std::move(record));
    }
    if (Status done = read.end(); !done)
        return tl::unexpected(done.error());
    return records;
}

} // namespace engine::store

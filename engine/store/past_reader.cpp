#include "store/connection.h"
#include "store/reader.h"

#include <algorithm>
#include <limits>

namespace engine::store {
namespace {

// The table is ordered by minute, then shard: minute by minute is a jump to the right place each,
// where a condition on the shard alone would read all shards of the range.
const Sql kMinutes {
    "WITH RECURSIVE minutes(at) AS (SELECT ? UNION ALL SELECT at + 1 FROM minutes WHERE at < ?) "
    "SELECT r.minute, r.metric, r.high FROM minutes CROSS JOIN rollup r ON r.minute = minutes.at "
    "AND r.shard = (SELECT id FROM shard WHERE destination = ? AND account = ?)"
};
const Sql kDestinationMinutes {
    "WITH RECURSIVE minutes(at) AS (SELECT ? UNION ALL SELECT at + 1 FROM minutes WHERE at < ?) "
    "SELECT r.minute, r.metric, r.high FROM minutes CROSS JOIN destination_rollup r "
    "ON r.minute = minutes.at AND r.destination = ?"
};
// A destination has none of its own in a minute in which it had one shard: that one's are its.
const Sql kOnlyShardMinutes {
    "WITH RECURSIVE minutes(at) AS (SELECT ? UNION ALL SELECT at + 1 FROM minutes WHERE at < ?) "
    "SELECT minutes.at, r.metric, max(r.high) FROM minutes CROSS JOIN shard s CROSS JOIN rollup r "
    "ON r.minute = minutes.at AND r.shard = s.id WHERE s.destination = ? AND NOT EXISTS (SELECT 1 "
    "FROM destination_rollup d WHERE d.minute = minutes.at AND d.destination = s.destination) "
    "GROUP BY minutes.at, r.metric HAVING count(*) = 1"
};

Status readMinutes(Statement& read, std::int64_t first, HistorySeries& into)
{
    if (Status done = read.exec(); !done)
        return done;
    const Finish finish(read);
    while (read.next()) {
        const std::int64_t metric = read.integer(1);
        if (metric >= 0 && metric < kMetrics)
            into.metrics[static_cast<std::size_t>(metric)]
                        [static_cast<std::size_t>(read.integer(0) - first)]
                = static_cast<float>(read.real(2));
    }
    return read.end();
}

std::int64_t minuteOf(WallTime time)
{
    return std::chrono::floor<std::chrono::minutes>(time).time_since_epoch().count();
}

} // namespace

Result<PastPage> Reader::past(const PastQuery& query)
{
    if (query.from > query.to)
        return fail(ErrorCode::BadRequest, "the range ends before it begins", "to");
    const std::int64_t last = minuteOf(query.to);
    const std::int64_t first
        = std::max(minuteOf(query.from), last - std::chrono::minutes { kPastKept }.count());
    PastPage page { .generation = query.generation,
        .until = WallTime { std::chrono::minutes { last } },
        .series = { .shard = query.shard } };
    page.series.metrics.assign(kMetrics,
        std::vector<float>(
            static_cast<std::size_t>(last - first + 1), std::numeric_limits<float>::quiet_NaN()));
    const ShardId& shard = query.shard;
    if (!shard.isWholeDestination()) {
        Statement& read = m_connection->statement(kMinutes);
        read.bind(first).bind(last).bindText(shard.destination).bindText(shard.account);
        if (const Status done = readMinutes(read, first, page.series); !done)
            return tl::unexpected(done.error());
        return page;
    }
    for (const Sql* sql : { &kOnlyShardMinutes, &kDestinationMinutes }) {
        Statement& read = m_connection->statement(*sql);
        read.bind(first).bind(last).bindText(shard.destination);
        if (const Status done = readMinutes(read, first, page.series); !done)
            return tl::unexpected(done.error());
    }
    return page;
}

} // namespace engine::store

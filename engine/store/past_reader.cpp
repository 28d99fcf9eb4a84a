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

std::int64_t minuteOf(WallTime time)
{
    return std::chrono::floor<std::chrono::minutes>(time).time_since_epoch().count();
}

} // namespace

Result<PastPage> Reader::past(const PastQuery& query)
{
    if (query.shard.isWholeDestination())
        return fail(ErrorCode::BadRequest,
            "of a destination as a whole no minutes are kept: name one of its shards", "shard");
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
    Statement& read = m_connection->statement(kMinutes);
    read.bind(first).bind(last).bindText(query.shard.destination).bindText(query.shard.account);
    if (const Status done = read.exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    while (read.next()) {
        const std::int64_t metric = read.integer(1);
        if (metric >= 0 && metric < kMetrics)
            page.series.metrics[static_cast<std::size_t>(metric)]
                               [static_cast<std::size_t>(read.integer(0) - first)]
                = static_cast<float>(read.real(2));
    }
    if (const Status done = read.end(); !done)
        return tl::unexpected(done.error());
    return page;
}

} // namespace engine::store

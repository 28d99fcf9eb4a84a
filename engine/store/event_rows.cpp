#include "store/event_rows.h"

#include "store/codec.h"
#include "store/hot_sql.h"

namespace engine::store {
namespace {

const Sql kEvent { std::string("SELECT ") + kEventColumns
    + " FROM event e JOIN workspace w ON w.id = e.workspace WHERE e.seq = ?" };

} // namespace

StoredEventPtr toEvent(const Statement& row)
{
    auto event = std::make_shared<StoredEvent>();
    event->seq = EventSeq { row.integer(0) };
    event->workspace = row.text(1);
    event->eventId = row.text(2);
    event->name = row.text(3);
    event->type = static_cast<EventType>(row.integer(4));
    event->eventTime = fromUnixMicros(row.integer(5));
    event->isEventTimeAssigned = (row.integer(6) & 1) != 0;
    event->isEventIdGenerated = (row.integer(6) & 2) != 0;
    event->receivedAt = fromUnixMicros(row.integer(7));
    event->payload = row.blob(8);
    return event;
}

Result<StoredEventPtr> readEvent(Connection& connection, EventSeq seq)
{
    Statement& read = connection.statement(kEvent);
    if (const Status done = read.bind(toInt(seq)).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    return read.next() ? toEvent(read) : StoredEventPtr {};
}

Result<std::set<std::int64_t>> seqsInFlight(Connection& connection, ShardKey shard)
{
    std::set<std::int64_t> seqs;
    Statement& open = connection.statement(kInFlight);
    if (const Status done = open.bind(toInt(shard)).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(open);
    while (open.next()) {
        const auto keys = decodeKeys(open.blob(0));
        if (!keys)
            return fail(ErrorCode::Storage, "A request in the store is damaged.");
        for (const DeliveryKey& key : *keys)
            seqs.insert(toInt(key.seq));
    }
    if (Status done = open.end(); !done)
        return tl::unexpected(done.error());
    return seqs;
}

void bindKey(Statement& statement, ShardKey shard, const DeliveryKey& key)
{
    statement.bind(toInt(shard)).bind(static_cast<std::int64_t>(key.lane));
    statement.bind(key.rank).bind(toInt(key.seq));
}

std::optional<WallTime> timeOrNull(const Statement& row, int column)
{
    const auto us = row.integerOrNull(column);
    return us ? std::optional(fromUnixMicros(*us)) : std::nullopt;
}

} // namespace engine::store

// Statements that run all the time on tables of millions of rows. They stand apart so that a test
// can ask SQLite how it would run each: on keys alone, without scans or sorts.
#pragma once

#include "store/connection.h"

namespace engine::store {

// The last column: an earlier record of the same person waits, see QueuedDelivery::isBehind.
inline constexpr std::string_view kRowColumns
    = "d.rank_us, d.seq, d.attempts, d.picked_up, d.due_us, d.expires_us, d.first_sent_us, d.job, "
      "d.person, CASE WHEN d.person IS NULL THEN 0 ELSE EXISTS (SELECT 1 FROM delivery p "
      "WHERE p.shard = d.shard AND p.person = d.person AND p.seq < d.seq "
      "AND (p.job IS NULL OR p.job = d.job)) END";

inline const Sql kFirstRows { "SELECT " + std::string(kRowColumns)
    + " FROM delivery d WHERE d.shard = ? AND d.lane = ? ORDER BY d.rank_us, d.seq LIMIT ?" };

inline const Sql kNextRows { "SELECT " + std::string(kRowColumns)
    + " FROM delivery d WHERE d.shard = ? AND d.lane = ? AND (d.rank_us, d.seq) > (?, ?) "
      "ORDER BY d.rank_us, d.seq LIMIT ?" };

// Of one person: the earliest, and the first of their replays before another row.
inline constexpr std::string_view kPersonColumns
    = "SELECT rank_us, seq, attempts, picked_up, due_us, expires_us, first_sent_us, job, person, "
      "0, lane FROM delivery WHERE shard = ? AND person = ? ";

inline const Sql kFirstOfPerson { std::string(kPersonColumns)
    + "AND job IS NULL ORDER BY seq LIMIT 1" };

inline const Sql kReplaysOfPerson { std::string(kPersonColumns)
    + "AND job IS NOT NULL AND seq < ? ORDER BY seq LIMIT ?" };

inline const Sql kInFlight { "SELECT items FROM request WHERE shard = ? AND ended_at_us IS NULL" };

// Rows without an expiry have their time of acceptance as rank. The bound keeps the walk away from
// rows with an expiry, which lie in the future, where a shard has both.
inline const Sql kFreshByRank { "SELECT rank_us, seq FROM delivery WHERE shard = ? AND lane = 0 "
                                "AND rank_us <= ? AND picked_up = 0 AND expires_us IS NULL "
                                "ORDER BY rank_us, seq LIMIT ?" };

// The index by name, which only SQLite understands: its order is the one asked for, and without
// statistics SQLite would walk the lane and sort.
inline const Sql kFreshBySeq { "SELECT rank_us, seq FROM delivery INDEXED BY delivery_fresh "
                               "WHERE shard = ? AND lane = 0 AND picked_up = 0 "
                               "AND expires_us IS NOT NULL ORDER BY seq LIMIT ?" };

inline const Sql kSent { "SELECT sent_at_us, ended_at_us, is_lost, records, host FROM request "
                         "WHERE shard = ? AND ended_at_us >= ? UNION ALL "
                         "SELECT sent_at_us, NULL, 0, records, host FROM request "
                         "WHERE shard = ? AND ended_at_us IS NULL" };

// The row-value IN reads its list from a subquery: written as a plain list SQLite 3.40 would walk
// the whole lane.
inline const RowsSql kDelete {
    "DELETE FROM delivery WHERE shard = ? AND lane = ? AND (rank_us, seq) IN "
    "(SELECT column1, column2 FROM (VALUES ",
    "(?,?)", "))"
};

inline const RowsSql kFindCopies {
    "SELECT i.id_hash, e.seq, e.workspace, e.event_id, e.name, e.received_at_us, e.content_hash "
    "FROM event_by_id i JOIN event e ON e.seq = i.seq WHERE i.id_hash IN (",
    "?", ")"
};

} // namespace engine::store

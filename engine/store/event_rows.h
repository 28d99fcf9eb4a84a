// Events and deliveries in flight, as more than one file of this room reads them. Private to
// engine/store.
#pragma once

#include "core/delivery.h"
#include "store/connection.h"

#include <engine/ids.h>
#include <engine/result.h>

#include <cstdint>
#include <optional>
#include <set>

namespace engine::store {

// The columns that toEvent() reads, of `event e JOIN workspace w`.
inline constexpr const char* kEventColumns
    = "e.seq, w.name, e.event_id, e.name, e.type, e.event_time_us, e.flags, e.received_at_us, "
      "e.payload";
[[nodiscard]] StoredEventPtr toEvent(const Statement& row);

// Null when the journal keeps it no longer.
[[nodiscard]] Result<StoredEventPtr> readEvent(Connection& connection, EventSeq seq);

// Deliveries of this shard whose request has not ended.
[[nodiscard]] Result<std::set<std::int64_t>> seqsInFlight(Connection& connection, ShardKey shard);

// The four columns that name a row of `delivery`, in the order of its key.
void bindKey(Statement& statement, ShardKey shard, const DeliveryKey& key);
[[nodiscard]] std::optional<WallTime> timeOrNull(const Statement& row, int column);

} // namespace engine::store

// What platforms said about pace, kept over restarts. Store thread, but for the read.
#pragma once

#include "core/delivery.h"
#include "store/write_transaction.h"

#include <map>

namespace engine::store {

// Replaces what is kept of the same shard and limit; a record that is over takes it away.
[[nodiscard]] Status keepPace(WriteTransaction& transaction, const PaceRecord& record);
// At start: what is over says nothing any more.
[[nodiscard]] Status dropEndedPace(WriteTransaction& transaction);
[[nodiscard]] Result<std::map<ShardKey, std::vector<PaceRecord>>> readPace(Connection& connection);

} // namespace engine::store

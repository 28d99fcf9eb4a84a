// Accepting events: dedup, journal, deliveries. Store thread only.
#pragma once

#include "core/event.h"
#include "store/write_transaction.h"

#include <span>
#include <vector>

namespace engine::store {

struct AcceptPart {
    const AcceptBatch* batch { nullptr };
    std::vector<AcceptedItem>* items { nullptr }; // filled, one per event
};

// All batches of one commit together: what one exec through Qt SQL costs is then shared by all of
// them. An event repeated within or between the batches is a duplicate of its first copy.
[[nodiscard]] Status accept(WriteTransaction& transaction, std::span<const AcceptPart> parts);

} // namespace engine::store

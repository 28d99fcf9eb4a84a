// One item of a body → a validated event, or every reason why it is none. Pure; any thread.
#pragma once

#include "core/event.h"
#include "ingress/body.h"
#include "ingress/event_fields.h"
#include "ingress/event_id.h"

#include <variant>

namespace engine::ingress {

inline constexpr std::size_t kEventIdBytesMax = 128;
inline constexpr std::size_t kEventNameBytesMax = 256;
inline constexpr std::size_t kProblemsMax = 10; // per event; more than that helps nobody

struct ReadOptions {
    std::string workspace {};
    WallTime now {}; // becomes received_at
    std::string idempotencyKey {}; // empty: none was given
    RandomBits random {}; // for ids of events that have none
};

// Without deliveries: routing adds them. The payload is the item's text, copied byte for byte.
// Ids: the one given, else one derived from the Idempotency-Key and `index`, else a UUIDv7.
// event_name is needed for `track`; other types are called by their type when they have none.
[[nodiscard]] std::variant<NewEvent, std::vector<FieldProblem>> readEvent(
    const BodyItem& item, std::size_t index, const ReadOptions& options);

// FNV-1a, 64 bits. On disk beside the dedup entry, so it must not change; it only tells the
// operator that a repeat differs, so it need not withstand an attacker.
[[nodiscard]] std::uint64_t contentHashOf(std::string_view payload);

} // namespace engine::ingress

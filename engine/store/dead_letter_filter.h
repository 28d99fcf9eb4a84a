// A filter as the condition of a SELECT. Private to engine/store.
#pragma once

#include "store/connection.h"

#include <engine/pages.h>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace engine::store {

// Conditions on `d`, an alias of dead_letter, joined by AND; values go to the question marks in
// order.
struct SqlCondition {
    std::string text { "1=1" };
    std::vector<std::variant<std::int64_t, std::string>> values {};

    void add(const std::string& condition) { text += " AND " + condition; }
    void bindTo(Statement& statement) const;
};

// Ids by hand are cut to this many; the window asks in pages anyway.
inline constexpr std::size_t kFilterIdsMax = 100'000;

[[nodiscard]] SqlCondition toCondition(const DeadLetterFilter& filter);
// On the columns of audit.
[[nodiscard]] SqlCondition toCondition(
    const AuditFilter& filter, const std::optional<AuditId>& before);
// Shards alone, on the column named: used where there is no dead letter.
[[nodiscard]] SqlCondition shardCondition(
    const DeadLetterFilter& filter, const std::string& column);

// As a pattern for LIKE with '!' as its escape.
[[nodiscard]] std::string likeText(const std::string& text);

} // namespace engine::store

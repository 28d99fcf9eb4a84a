// The pieces of a contract that a contract file and a destination write alike.
#pragma once

#include "config/toml_table.h"
#include "core/contract.h"

#include <optional>
#include <vector>

namespace engine::config {

// [[limit]]: replaces the whole list when present.
[[nodiscard]] std::optional<std::vector<Limit>> readLimits(TomlTable& parent);
// "scope" and the like: account, credential, destination.
[[nodiscard]] std::optional<LimitScope> readScope(TomlTable& table, const char* key);
// "concurrency_source" and the like: doc, code, operator, advice, unverified; absent: `fallback`.
[[nodiscard]] CeilingSource readSource(TomlTable& table, const char* key, CeilingSource fallback);
void readRetry(TomlTable& parent, RetryPolicy& retry); // [retry]
[[nodiscard]] std::optional<toml::parse_result> parseToml(
    std::string_view text, const std::string& file, Problems& problems);

} // namespace engine::config

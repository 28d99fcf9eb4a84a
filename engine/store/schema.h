// The schema as numbered migrations. PRAGMA user_version says how many of them a file has had.
#pragma once

#include "store/connection.h"

#include <engine/result.h>

#include <span>
#include <string_view>

namespace engine::store {

// One step: statements without parameters, run in one transaction together with the new number.
// A step that was released is never changed; the next one is appended to kMigrations in schema.cpp.
using Migration = std::span<const std::string_view>;

[[nodiscard]] std::span<const Migration> migrations();

// Brings the file to the last of `steps`. A file that is newer than that is refused (Conflict):
// this version does not know what its rows mean. After a failure the file is what it was before the
// failing step.
[[nodiscard]] Status migrate(Connection& connection, std::span<const Migration> steps);

// About how many bytes of disk the steps that are left take, the log included; for who has to free
// them. Counts rows: only to be asked when there is no room.
[[nodiscard]] std::int64_t roomForMigration(
    const Connection& connection, std::span<const Migration> steps);

} // namespace engine::store

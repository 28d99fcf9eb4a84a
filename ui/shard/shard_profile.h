// What holds for a shard, as a list of names and values: limits and where they come from, what the
// platform accepts, what is held and why, and what happened in a range of time. Pure.
#pragma once

#include "charts/timeline.h"
#include "shard/plain_table_model.h"

#include <engine/snapshot.h>

#include <vector>

namespace ui {

// Cells: name, value, remark.
[[nodiscard]] std::vector<PlainTableModel::Row> profileRows(const engine::ShardSnapshot& shard);
// Cells: time, kind, what; newest first.
[[nodiscard]] std::vector<PlainTableModel::Row> changeRows(
    const std::vector<engine::Annotation>& annotations, const engine::ShardId& shard,
    const TimeRange& range);

} // namespace ui

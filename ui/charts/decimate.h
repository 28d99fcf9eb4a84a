// From samples to the few points that a panel can show. Pure. A NaN sample is a gap and ends a
// segment; spikes survive, because a bucket gives its smallest and its largest value, never a mean.
#pragma once

#include <QList>
#include <QPointF>

#include <span>
#include <vector>

namespace ui {

inline constexpr int kChartBuckets = 300;

using Segments = std::vector<QList<QPointF>>;

// `samples` oldest first; x = seconds before the newest sample, ≤ 0, `stepSeconds` apart. At most
// two points a bucket, in the order in which they happened.
[[nodiscard]] Segments minMaxSegments(
    std::span<const float> samples, double stepSeconds, int buckets = kChartBuckets);
// The last value of each bucket: for lines that are only context.
[[nodiscard]] Segments lastValueSegments(
    std::span<const float> samples, double stepSeconds, int buckets = kChartBuckets);
[[nodiscard]] double highestOf(const Segments& segments); // 0 when there are no points

} // namespace ui

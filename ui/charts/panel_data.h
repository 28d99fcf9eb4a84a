// What one panel draws, made from the history: at most four lines and the band of the rest. Pure.
#pragma once

#include "charts/decimate.h"
#include "models/history_store.h"

#include <engine/snapshot.h>

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace ui {

inline constexpr int kPanelLines = 4;

struct PanelLine {
    engine::ShardId shard {};
    QString label {};
    QStringList names {}; // the same, longest first: for the end of the line
    Segments segments {};
    std::vector<float> samples {}; // undecimated, for the cursor and the table; oldest first
};

struct PanelData {
    std::vector<PanelLine> lines {}; // the first is the selected shard, unless isCompare
    bool isCompare { false };
    Segments bandLow {};
    Segments bandHigh {}; // as many segments, each with as many points, as bandLow
    int bandMembers { 0 };
    Segments stacked {}; // error rate only: error plus throttled, drawn hatched above the line
    std::vector<float> stackedSamples {};
    double highest { 0 };
    double stepSeconds { 1 };
};

struct PanelRequest {
    engine::Metric metric { engine::Metric::QueueDepth };
    std::vector<engine::ShardId> lines {}; // selected first, then the worst others
    bool isCompare { false };
    bool hasBand { true }; // the range of all shards that have no line
    // Drawn as lines of the first shard, in place of other shards: In and Out, for example.
    std::vector<engine::Metric> together {};
    double skipSeconds { 0 }; // newest samples left out: what is frozen or zoomed ends earlier
    double spanSeconds { 0 }; // how much is shown before that; 0: everything
    int buckets { kChartBuckets }; // more than a panel is wide would only make a blot
};
[[nodiscard]] PanelData makePanelData(const HistoryStore& history, const PanelRequest& request);

// The value at `secondsBack`, NaN when there is none.
[[nodiscard]] double valueAt(
    const std::vector<float>& samples, double stepSeconds, double secondsBack);

} // namespace ui

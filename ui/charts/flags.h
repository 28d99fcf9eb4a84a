// What happened, on the time axis: which flags a panel shows, and the spans of pauses, replays and
// trials. Pure.
#pragma once

#include "charts/state_story.h"

#include <engine/snapshot.h>

#include <QString>

#include <optional>
#include <vector>

namespace ui {

inline constexpr int kFlagsMax = 30;
inline constexpr double kFlagMergePixels = 12;

// Set by a person on the charts (key M); kept by the window for all pages.
struct ChartMark {
    engine::WallTime at {};
    QString note {};
    friend bool operator==(const ChartMark&, const ChartMark&) = default;
};
inline constexpr std::size_t kMarksMax = 50; // the oldest go

struct Flag {
    enum class Kind { Action, State, Mark }; // a shared flag shows the first of its kinds
    double secondsBack { 0 }; // ≥ 0
    int count { 1 }; // how many lie so near that they share this flag
    Kind kind { Kind::Action };
    QString text {}; // one line each
    std::optional<Status> status {}; // of a shard's state; of several the worst
    engine::ShardId shard {}; // whose state: the first
};
struct FlagSpan {
    enum class Kind { Pause, Replay, Trial };
    double fromBack { 0 }; // the older end, seconds before the right edge
    double toBack { 0 };
    Kind kind { Kind::Pause };
};
struct FlagLayout {
    std::vector<Flag> flags {}; // newest last
    std::vector<FlagSpan> spans {};
};

struct FlagRequest {
    const std::vector<engine::Annotation>& annotations;
    std::vector<ChartMark> marks {};
    std::vector<StateChange> changes {};
    engine::WallTime now {}; // the time at the right edge
    double spanSeconds { 900 };
    double pixels { 300 };
    std::vector<engine::ShardId> shards {}; // what is drawn; empty: everything
};
[[nodiscard]] FlagLayout layoutFlags(const FlagRequest& request);

} // namespace ui

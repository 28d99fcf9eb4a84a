// Operator actions on the time axis: which flags a panel shows, and the spans of pauses and
// replays. Pure.
#pragma once

#include <engine/snapshot.h>

#include <QString>

#include <vector>

namespace ui {

inline constexpr int kFlagsMax = 30;
inline constexpr double kFlagMergePixels = 12;

struct Flag {
    double secondsBack { 0 }; // ≥ 0
    int count { 1 }; // how many lie so near that they share this flag
    bool isState { false }; // a change of state rather than something a person did
    QString text {}; // one line each
};
struct FlagSpan {
    double fromBack { 0 }; // the older end, seconds before now
    double toBack { 0 };
    bool isReplay { false }; // otherwise a pause
};
struct FlagLayout {
    std::vector<Flag> flags {}; // newest last
    std::vector<FlagSpan> spans {};
};

struct FlagRequest {
    const std::vector<engine::Annotation>& annotations;
    engine::WallTime now {};
    double spanSeconds { 900 };
    double pixels { 300 };
    std::vector<engine::ShardId> shards {}; // what is drawn; empty: everything
};
[[nodiscard]] FlagLayout layoutFlags(const FlagRequest& request);

} // namespace ui

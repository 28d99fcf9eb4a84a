#include "charts/flags.h"

#include "format/format.h"

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

bool isAbout(const engine::Annotation& annotation, const std::vector<engine::ShardId>& shards)
{
    if (shards.empty() || annotation.shard.destination.empty())
        return true;
    return std::any_of(shards.begin(), shards.end(), [&](const engine::ShardId& shard) {
        return shard.destination == annotation.shard.destination
            && (shard.account == annotation.shard.account || shard.isWholeDestination()
                || annotation.shard.isWholeDestination());
    });
}

} // namespace

FlagLayout layoutFlags(const FlagRequest& request)
{
    FlagLayout layout;
    const auto backOf = [&](engine::WallTime time) {
        return std::chrono::duration<double>(request.now - time).count();
    };
    const auto clamped = [&](double back) { return std::clamp(back, 0.0, request.spanSeconds); };
    const double mergeSeconds
        = kFlagMergePixels * request.spanSeconds / std::max(1.0, request.pixels);
    for (const auto& annotation : request.annotations) {
        if (!isAbout(annotation, request.shards))
            continue;
        const double back = backOf(annotation.at);
        using Kind = engine::Annotation::Kind;
        const bool isSpan = annotation.kind == Kind::Pause || annotation.kind == Kind::Replay;
        if (isSpan && annotation.until && backOf(*annotation.until) < request.spanSeconds) {
            const double end = clamped(backOf(*annotation.until));
            layout.spans.push_back({ clamped(back), end, annotation.kind == Kind::Replay });
        }
        if (back < 0 || back > request.spanSeconds)
            continue;
        const QString line = QStringLiteral("%1  %2  %3")
                                 .arg(formatClock(annotation.at), shardLabel(annotation.shard),
                                     toQString(annotation.text));
        if (!layout.flags.empty()
            && std::abs(layout.flags.back().secondsBack - back) < mergeSeconds) {
            auto& flag = layout.flags.back();
            ++flag.count;
            flag.isState = flag.isState && annotation.kind == Kind::State;
            flag.text += u'\n' + line;
            continue;
        }
        layout.flags.push_back({ back, 1, annotation.kind == Kind::State, line });
    }
    if (layout.flags.size() > kFlagsMax) // the newest are the ones that explain the present
        layout.flags.erase(layout.flags.begin(), layout.flags.end() - kFlagsMax);
    return layout;
}

} // namespace ui

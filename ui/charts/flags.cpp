#include "charts/flags.h"

#include "format/format.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace ui {

namespace {

using Kind = engine::Annotation::Kind;

bool isAbout(const engine::ShardId& subject, const std::vector<engine::ShardId>& shards)
{
    if (shards.empty() || subject.destination.empty())
        return true;
    return std::any_of(shards.begin(), shards.end(), [&](const engine::ShardId& shard) {
        return shard.destination == subject.destination
            && (shard.account == subject.account || shard.isWholeDestination()
                || subject.isWholeDestination());
    });
}

std::optional<FlagSpan::Kind> spanKindOf(Kind kind)
{
    if (kind == Kind::Pause)
        return FlagSpan::Kind::Pause;
    if (kind == Kind::Replay)
        return FlagSpan::Kind::Replay;
    return kind == Kind::Tune ? std::optional(FlagSpan::Kind::Trial) : std::nullopt;
}

// One flag each, the oldest first, before those that lie too near share one.
std::vector<Flag> singleFlags(const FlagRequest& request)
{
    std::vector<Flag> flags;
    const auto add = [&](engine::WallTime at, Flag::Kind kind, const QString& text) {
        const double back = std::chrono::duration<double>(request.now - at).count();
        if (back >= 0 && back <= request.spanSeconds)
            flags.push_back({ back, 1, kind, text });
    };
    for (const auto& annotation : request.annotations) {
        if (isAbout(annotation.shard, request.shards))
            add(annotation.at,
                annotation.kind == Kind::State ? Flag::Kind::State : Flag::Kind::Action,
                QStringLiteral("%1  %2  %3")
                    .arg(formatClock(annotation.at), shardLabel(annotation.shard),
                        toQString(annotation.text)));
    }
    for (const auto& change : request.changes) {
        const auto before = flags.size();
        if (isAbout(change.shard, request.shards))
            add(change.at, Flag::Kind::State,
                QStringLiteral("%1  %2  %3")
                    .arg(
                        formatClock(change.at), shardLabel(change.shard), stateWord(change.state)));
        if (flags.size() > before) {
            flags.back().status = change.status;
            flags.back().shard = change.shard;
        }
    }
    for (const auto& mark : request.marks)
        add(mark.at, Flag::Kind::Mark,
            QStringLiteral("%1  %2").arg(formatClock(mark.at), mark.note));
    std::stable_sort(flags.begin(), flags.end(),
        [](const Flag& a, const Flag& b) { return a.secondsBack > b.secondsBack; });
    return flags;
}

} // namespace

FlagLayout layoutFlags(const FlagRequest& request)
{
    FlagLayout layout;
    const auto backOf = [&](engine::WallTime time) {
        return std::clamp(
            std::chrono::duration<double>(request.now - time).count(), 0.0, request.spanSeconds);
    };
    for (const auto& annotation : request.annotations) {
        const auto kind = spanKindOf(annotation.kind);
        if (!kind || !annotation.until || !isAbout(annotation.shard, request.shards))
            continue;
        const FlagSpan span { backOf(annotation.at), backOf(*annotation.until), *kind };
        if (span.fromBack > span.toBack)
            layout.spans.push_back(span);
    }
    const double mergeSeconds
        = kFlagMergePixels * request.spanSeconds / std::max(1.0, request.pixels);
    for (const auto& flag : singleFlags(request)) {
        const bool isNear = !layout.flags.empty()
            && std::abs(layout.flags.back().secondsBack - flag.secondsBack) < mergeSeconds;
        if (!isNear) {
            layout.flags.push_back(flag);
            continue;
        }
        auto& shared = layout.flags.back();
        ++shared.count;
        if (shared.kind == Flag::Kind::State)
            shared.kind = flag.kind;
        if (flag.status)
            shared.status = std::min(*flag.status, shared.status.value_or(*flag.status));
        shared.text += u'\n' + flag.text;
    }
    if (layout.flags.size() > kFlagsMax) // the newest are the ones that explain the present
        layout.flags.erase(layout.flags.begin(), layout.flags.end() - kFlagsMax);
    return layout;
}

} // namespace ui

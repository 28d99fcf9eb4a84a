#include "replay/replay_draft.h"

#include "format/format.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <set>

namespace ui {
namespace {

struct ReplayDraftText {
    Q_DECLARE_TR_FUNCTIONS(Replay)
};

int destinationsOf(const engine::ReplayPreview& preview)
{
    std::set<std::string> names;
    for (const auto& shard : preview.shards)
        names.insert(shard.shard.destination);
    return static_cast<int>(names.size());
}

QString targetText(const engine::ReplayPreview& preview)
{
    const int shards = static_cast<int>(preview.shards.size());
    if (shards == 1)
        return shardName(preview.shards.front().shard);
    const int destinations = destinationsOf(preview);
    if (destinations == 1)
        return ReplayDraftText::tr("%1 shards of %2")
            .arg(shards)
            .arg(toQString(preview.shards.front().shard.destination));
    return ReplayDraftText::tr("%1 shards of %2 destinations").arg(shards).arg(destinations);
}

std::optional<double> spareRate(
    const engine::EngineSnapshot& snapshot, const engine::ShardId& id, double share)
{
    for (const auto& shard : snapshot.shards) {
        if (shard.shard != id || !shard.rate.ceiling)
            continue;
        const double ceiling = *shard.rate.ceiling * std::max(1.0, shard.batch.now);
        return std::max(0.0, ceiling - shard.outPerSecond) * share;
    }
    return std::nullopt;
}

} // namespace

std::int64_t sendCount(const ReplayDraft& draft)
{
    if (!draft.preview)
        return 0;
    return draft.preview->willSend + (draft.includeUnknown ? draft.preview->outcomeUnknown : 0)
        + (draft.includeSameError ? draft.preview->sameError : 0);
}

bool addsUp(const engine::ReplayPreview& preview)
{
    return preview.matched
        == preview.willSend + preview.alreadyAccepted + preview.superseded + preview.payloadGone
        + preview.tooOld + preview.sameError + preview.outcomeUnknown;
}

QString previewSum(const engine::ReplayPreview& preview)
{
    QStringList parts { ReplayDraftText::tr("%1 will be sent").arg(formatExact(preview.willSend)) };
    const auto add = [&parts](std::int64_t count, const QString& text) {
        if (count != 0)
            parts += text.arg(formatExact(count));
    };
    add(preview.alreadyAccepted, ReplayDraftText::tr("%1 already accepted"));
    add(preview.superseded, ReplayDraftText::tr("%1 superseded"));
    add(preview.payloadGone, ReplayDraftText::tr("%1 payload gone"));
    add(preview.tooOld, ReplayDraftText::tr("%1 too old"));
    add(preview.sameError, ReplayDraftText::tr("%1 same error"));
    add(preview.outcomeUnknown, ReplayDraftText::tr("%1 outcome unknown"));
    return ReplayDraftText::tr("Matched %1 = %2")
        .arg(formatExact(preview.matched), parts.join(QStringLiteral(" + ")));
}

engine::ReplayCommand makeReplayCommand(const ReplayDraft& draft)
{
    engine::ReplayCommand command;
    if (draft.preview)
        command.selection = draft.preview->selection;
    command.sharePercent = draft.sharePercent;
    command.rate = draft.rate;
    command.isRamped = draft.isRamped;
    command.includeUnknown = draft.includeUnknown;
    command.includeSameError = draft.includeSameError;
    command.guards = draft.guards;
    if (draft.preview && !draft.preview->shards.empty())
        command.title = targetText(*draft.preview).toStdString();
    if (!draft.filter.fingerprint.empty())
        command.title += " · " + draft.filter.fingerprint;
    return command;
}

QString guardText(const engine::ReplayGuards& guards)
{
    return ReplayDraftText::tr("stops at %1 errors · holds at %2 throttled or %3 of live lag")
        .arg(formatPercent(guards.errorStop), formatPercent(guards.throttleHold),
            formatDuration(guards.liveLagHold));
}

QString paceText(const ReplayDraft& draft)
{
    const QString pace = draft.rate
        ? ReplayDraftText::tr("at %1 records/s at most").arg(formatRequestRate(*draft.rate))
        : ReplayDraftText::tr("at %1 % of what live traffic leaves")
              .arg(formatRequestRate(draft.sharePercent));
    return draft.isRamped ? pace + ReplayDraftText::tr(", starting with 1, 10, then 100") : pace;
}

QString confirmSentence(const ReplayDraft& draft)
{
    if (!draft.preview)
        return {};
    const std::int64_t sent = sendCount(draft);
    const std::int64_t left = draft.preview->matched - sent;
    QString text = ReplayDraftText::tr(
        "%1 events go to %2 again, oldest first, %3. Live traffic goes first. "
        "event_id and event_time stay as they were.")
                       .arg(formatExact(sent), targetText(*draft.preview), paceText(draft));
    text += u' ' + ReplayDraftText::tr("It %1.", "it stops at …").arg(guardText(draft.guards));
    if (left > 0)
        text += u' '
            + ReplayDraftText::tr("%1 of the %2 matched are left out and stay where they are.")
                  .arg(formatExact(left), formatExact(draft.preview->matched));
    if (draft.includeUnknown && draft.preview->outcomeUnknown > 0)
        text += u' '
            + ReplayDraftText::tr(
                "%1 of them may have been received already: where the platform does not "
                "know duplicates, they count twice.")
                  .arg(formatExact(draft.preview->outcomeUnknown));
    return text;
}

Guard guardOf(const ReplayDraft& draft, const engine::EngineSnapshot& snapshot)
{
    const GuardScope scope { .count = sendCount(draft),
        .destinations = draft.preview ? destinationsOf(*draft.preview) : 1 };
    Guard guard = guardFor(profileOf(snapshot), GuardedAction::Replay, scope);
    if (snapshot.profileKind != "live")
        return guard;
    guard.needsReason
        = guard.needsReason || scope.count > kReplayReasonAbove || draft.includeDelivered;
    guard.needsTypedCount
        = guard.needsTypedCount || scope.count > kReplayTypedAbove || scope.destinations > 1;
    return guard;
}

std::optional<engine::Seconds> estimateTime(
    const ReplayDraft& draft, const engine::EngineSnapshot& snapshot)
{
    if (!draft.preview)
        return std::nullopt;
    double longest = 0; // shards are replayed side by side, so the slowest one decides
    for (const auto& shard : draft.preview->shards) {
        auto rate = draft.rate;
        if (!rate)
            rate = spareRate(snapshot, shard.shard, draft.sharePercent / 100);
        if (!rate || *rate <= 0)
            return std::nullopt;
        longest = std::max(longest, static_cast<double>(shard.willSend) / *rate);
    }
    constexpr double kMonth = 2'592'000;
    return engine::Seconds { std::llround(std::min(longest, kMonth)) };
}

ReplayReport reportOf(const engine::ReplayJobSnapshot& job)
{
    return { .total = job.total,
        .accepted = job.accepted,
        .failed = job.failed,
        .skipped = job.skipped,
        .cancelled = job.cancelled };
}

QString reportText(const ReplayReport& report)
{
    QString text
        = ReplayDraftText::tr("%1 in the job = %2 accepted + %3 failed + %4 skipped + %5 cancelled")
              .arg(formatExact(report.total), formatExact(report.accepted),
                  formatExact(report.failed), formatExact(report.skipped),
                  formatExact(report.cancelled));
    if (!report.reconciles())
        text += u'\n'
            + ReplayDraftText::tr(
                "These numbers do not add up: %1 entries are unaccounted for. Do not rely "
                "on this report; look the events up.")
                  .arg(formatExact(report.total - report.accepted - report.failed - report.skipped
                      - report.cancelled));
    return text;
}

bool isOver(const engine::ReplayJobSnapshot& job)
{
    // One that a guard stopped is not over: it can be resumed, or cancelled.
    return job.state == "finished" || job.state == "cancelled";
}

QString jobName(engine::ReplayJobId id) { return QStringLiteral("R-%1").arg(engine::toInt(id)); }

QString jobStateText(const engine::ReplayJobSnapshot& job)
{
    if (job.state == "running")
        return ReplayDraftText::tr("Running");
    if (job.state == "paused")
        return ReplayDraftText::tr("Paused");
    if (job.state == "holding")
        return ReplayDraftText::tr("Holding");
    if (job.state == "finished")
        return ReplayDraftText::tr("Finished");
    if (job.state == "cancelled")
        return ReplayDraftText::tr("Cancelled");
    if (job.state == "failed")
        return ReplayDraftText::tr("Stopped");
    return toQString(job.state);
}

} // namespace ui

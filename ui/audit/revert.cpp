#include "audit/revert.h"

#include "format/format.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Revert)
};

std::vector<engine::ShardId> targetsOf(const engine::AuditRow& row)
{
    std::vector<engine::ShardId> targets;
    for (const QString& name : toQString(row.target).split(QStringLiteral(", ")))
        targets.push_back(engine::parseShardId(name.toStdString()));
    return targets;
}

template <class Holds>
bool holdsForAll(const std::vector<engine::ShardId>& targets,
    const engine::EngineSnapshot& snapshot, Holds holds)
{
    return std::all_of(targets.begin(), targets.end(), [&](const engine::ShardId& target) {
        return std::any_of(snapshot.shards.begin(), snapshot.shards.end(),
            [&](const engine::ShardSnapshot& shard) {
                const bool isMeant = shard.shard == target
                    || (target.isWholeDestination()
                        && shard.shard.destination == target.destination);
                return isMeant && holds(shard);
            });
    });
}

Revert refused(const QString& why) { return { .command = {}, .whyNot = why }; }

Revert resumeOf(const engine::AuditRow& row, const engine::EngineSnapshot& snapshot)
{
    const auto targets = targetsOf(row);
    const auto wanted
        = row.action == "pause" ? engine::Desired::Paused : engine::Desired::RetriesPaused;
    const auto isStill
        = [wanted](const engine::ShardSnapshot& shard) { return shard.desired == wanted; };
    if (!holdsForAll(targets, snapshot, isStill))
        return refused(Text::tr("It is not paused like this any more."));
    return { .command = engine::Command { .what = engine::ResumeCommand { targets } } };
}

Revert untuneOf(const engine::AuditRow& row, const engine::EngineSnapshot& snapshot)
{
    if (row.before != "as configured")
        return refused(Text::tr("Before it something else was tuned; set that in the inspector."));
    const auto targets = targetsOf(row);
    const auto isStill = [](const engine::ShardSnapshot& shard) {
        return shard.concurrency.overridden || shard.rate.overridden || shard.batch.overridden;
    };
    if (!holdsForAll(targets, snapshot, isStill))
        return refused(Text::tr("It is as configured already."));
    return { .command
        = engine::Command { .what = engine::TuneCommand { .targets = targets, .reset = true } } };
}

Revert moveBackOf(const engine::AuditRow& row)
{
    bool isNumber = false;
    const auto selection = toQString(row.target).mid(2).toLongLong(&isNumber); // "S-118"
    if (!isNumber)
        return refused(Text::tr("Its selection is not known any more."));
    return { .command = engine::Command {
                 .what = engine::ArchiveCommand { .selection = engine::SelectionId { selection },
                     .restore = row.action == "archive" } } };
}

} // namespace

Revert revertOf(const engine::AuditRow& row, const engine::EngineSnapshot& snapshot)
{
    if (row.result != "ok")
        return refused(Text::tr("It was refused: there is nothing to take back."));
    if (row.action == "pause" || row.action == "pause_retries")
        return resumeOf(row, snapshot);
    if (row.action == "tune")
        return untuneOf(row, snapshot);
    if (row.action == "archive" || row.action == "restore")
        return moveBackOf(row);
    return refused(Text::tr("This kind of action cannot be taken back."));
}

} // namespace ui

#include "engine_table.h"

#include "ceiling_mark.h"
#include "status_table.h"
#include "text_table.h"
#include "usage.h"

namespace app {
namespace {

QString percent(const std::optional<double>& ratio)
{
    return ratio ? QStringLiteral("%1 %").arg(*ratio * 100, 0, 'f', 1) : QStringLiteral("–");
}

// Empty: no ceiling is known.
QString ceilingSource(const engine::ShardSnapshot& shard)
{
    return shard.rate.ceiling ? QString::fromLatin1(engine::toString(shard.rate.ceilingSource))
                              : QString();
}

} // namespace

QString engineTable(const engine::EngineSnapshot& snapshot)
{
    TextTable table({ QStringLiteral("state"), QStringLiteral("shard"), QStringLiteral("depth"),
                        QStringLiteral("lag"), QStringLiteral("p95"), QStringLiteral("err"),
                        QStringLiteral("thr"), QStringLiteral("dlq"), QStringLiteral("in/s"),
                        QStringLiteral("out/s"), QStringLiteral("c") },
        1);
    QStringList sources;
    QString learned;
    QStringList orphans;
    for (const engine::ShardSnapshot& shard : snapshot.shards) {
        const auto millis = [](const std::optional<engine::Millis>& value) {
            return value ? QStringLiteral("%1 ms").arg(value->count()) : QStringLiteral("–");
        };
        if (shard.isOrphaned)
            orphans += QString::fromStdString(shard.shard.destination);
        table.addRow({ shard.isOrphaned ? kNotConfigured
                                        : QString::fromLatin1(engine::toString(shard.state)),
            QString::fromStdString(engine::toString(shard.shard)), countText(shard.queueDepth),
            durationText(static_cast<double>(shard.consumerLag.count()) / 1'000),
            millis(shard.latencyP95), percent(shard.errorRatio), percent(shard.throttleRatio),
            countText(shard.dlqCount), QString::number(shard.inPerSecond, 'f', 1),
            QString::number(shard.outPerSecond, 'f', 1), ceilingMark(ceilingSource(shard)) });
        sources += ceilingSource(shard);
        learned += learnedLine({ .source = ceilingSource(shard),
            .shard = QString::fromStdString(engine::toString(shard.shard)),
            .perSecond = shard.rate.ceiling.value_or(0),
            .at = shard.rate.ceilingLearnedAt
                ? QString::fromStdString(engine::toIso8601(*shard.rate.ceilingLearnedAt))
                : QString(),
            .from = QString::fromStdString(shard.rate.ceilingLearnedFrom) });
    }
    QString text = table.text() + ceilingLegend(sources) + learned
        + QStringLiteral("%1   %2 events kept   %3 waiting   %4 dead letters\n")
              .arg(QString::fromStdString(engine::toIso8601(snapshot.takenAt)),
                  countText(snapshot.store.events), countText(snapshot.store.waiting),
                  countText(snapshot.store.deadLetters));
    text += orphansText(orphans);
    for (const std::string& problem : { snapshot.store.problem, snapshot.configProblem }) {
        if (!problem.empty())
            text += QStringLiteral("! %1\n").arg(QString::fromStdString(problem));
    }
    return text + u'\n';
}

} // namespace app

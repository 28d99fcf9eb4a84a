#include "shard/shard_profile.h"

#include "format/format.h"
#include "inspector/tuning.h"
#include "models/shard_facts.h"

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

using Row = PlainTableModel::Row;

QString numberText(double value)
{
    return std::floor(value) == value ? formatExact(std::llround(value)) : formatRequestRate(value);
}

Row tuningRow(const QString& name, const engine::TuningValue& value)
{
    QStringList remarks;
    if (value.configured > 0)
        remarks << tr("configured %1").arg(numberText(value.configured));
    if (value.overridden)
        remarks << tr("set by an operator to %1").arg(numberText(*value.overridden));
    remarks << (value.ceiling
            ? tr("ceiling %1, %2").arg(numberText(*value.ceiling), ceilingSourceText(value))
            : tr("no ceiling known"));
    return { {},
        { name, value.now > 0 ? numberText(value.now) : tr("no cap"), remarks.join(u" · ") } };
}

QString kindText(engine::Annotation::Kind kind)
{
    using Kind = engine::Annotation::Kind;
    switch (kind) {
    case Kind::Action:
        return tr("Action");
    case Kind::Pause:
        return tr("Pause");
    case Kind::Resume:
        return tr("Resume");
    case Kind::Tune:
        return tr("Tuning");
    case Kind::Replay:
        return tr("Replay");
    case Kind::State:
        return tr("State");
    }
    return {};
}

} // namespace

std::vector<Row> profileRows(const engine::ShardSnapshot& shard)
{
    std::vector<Row> rows;
    const auto add = [&](const QString& name, const QString& value, const QString& remark = {}) {
        rows.push_back({ {}, { name, value, remark } });
    };
    rows.push_back(tuningRow(tr("Concurrency"), shard.concurrency));
    rows.push_back(tuningRow(tr("Rate (requests/s)"), shard.rate));
    rows.push_back(tuningRow(tr("Batch (records)"), shard.batch));
    for (const auto& hold : shard.holds)
        add(tr("Held"), hold.until ? tr("until %1").arg(formatClock(*hold.until)) : tr("open end"),
            toQString(hold.reason));
    add(tr("Platform"), toQString(shard.platform),
        shard.isOrphaned ? tr("no longer in the configuration") : QString {});
    add(tr("Accepts events up to"),
        shard.acceptWindow ? tr("%1 old").arg(formatDuration(*shard.acceptWindow)) : tr("any age"),
        shard.acceptWindow && shard.isAcceptWindowAdvisory ? tr("advice, not enforced")
                                                           : QString {});
    if (const auto expiry = expiryOf(shard))
        add(tr("Oldest waiting event"), formatDuration(*shard.oldestEventAge),
            tr("refused in %1").arg(formatDuration(expiry->headroom)));
    add(tr("Waiting"), formatExact(shard.queueDepth),
        tr("live %1, retry %2")
            .arg(formatExact(shard.laneDepth[static_cast<std::size_t>(engine::Lane::Live)]),
                formatExact(shard.laneDepth[static_cast<std::size_t>(engine::Lane::Retry)])));
    add(tr("Dead letters"), formatExact(shard.dlqCount),
        shard.dlqTopFingerprint.empty()
            ? QString {}
            : tr("%1 of them: %2")
                  .arg(formatPercent(shard.dlqTopShare), toQString(shard.dlqTopFingerprint)));
    if (shard.partialFailureRatio)
        add(tr("Partial failures"), formatPercent(*shard.partialFailureRatio),
            tr("of accepted batches, last 5 min"));
    // Of platforms that take a request whole and look at its records later.
    if (shard.lateWord != engine::LateWord {})
        add(tr("Refused later"), formatExact(shard.lateWord.refusedTotal),
            tr("requests still asked after: %1, never answered: %2")
                .arg(formatExact(shard.lateWord.waiting), formatExact(shard.lateWord.lostTotal)));
    add(tr("Last success"),
        shard.lastSuccess ? formatDateTime(*shard.lastSuccess) : QString(kDash));
    return rows;
}

std::vector<Row> changeRows(const std::vector<engine::Annotation>& annotations,
    const engine::ShardId& shard, const TimeRange& range)
{
    std::vector<Row> rows;
    for (auto it = annotations.rbegin(); it != annotations.rend(); ++it) {
        const bool isAbout = it->shard.destination.empty()
            || (it->shard.destination == shard.destination
                && (it->shard.account == shard.account || it->shard.isWholeDestination()
                    || shard.isWholeDestination()));
        if (!isAbout || it->at < range.from || it->at > range.to)
            continue;
        rows.push_back({ {}, { formatClock(it->at), kindText(it->kind), toQString(it->text) },
            formatUtc(it->at) });
    }
    if (rows.empty())
        rows.push_back({ {}, { {}, {}, tr("Nothing happened to this shard in this range.") } });
    return rows;
}

} // namespace ui

#include "status_table.h"

#include "ceiling_mark.h"
#include "text_table.h"
#include "usage.h"

#include <QJsonArray>

namespace app {
namespace {

QString orDash(const QJsonValue& value, const QString& text)
{
    return value.isNull() || value.isUndefined() ? QStringLiteral("–") : text;
}

QString percentText(const QJsonValue& value)
{
    return orDash(value, QString::number(value.toDouble() * 100, 'f', 1));
}

QString rateText(const QJsonValue& value)
{
    return QString::number(value.toDouble(), 'f', value.toDouble() < 10 ? 1 : 0);
}

// Empty: no ceiling is known.
QString ceilingSource(const QJsonObject& shard)
{
    const QJsonObject rate = shard.value(u"rate").toObject();
    return rate.value(u"ceiling").isNull() ? QString() : rate.value(u"ceiling_source").toString();
}

QString shardName(const QJsonObject& shard)
{
    const QString account = shard.value(u"account").toString();
    return shard.value(u"destination").toString()
        + (account.isEmpty() ? QString() : u'/' + account);
}

LearnedCeiling learnedCeiling(const QJsonObject& shard)
{
    const QJsonObject rate = shard.value(u"rate").toObject();
    return { .source = ceilingSource(shard),
        .shard = shardName(shard),
        .perSecond = rate.value(u"ceiling").toDouble(),
        .at = rate.value(u"ceiling_learned_at").toString(),
        .from = rate.value(u"ceiling_learned_from").toString() };
}

// What the signals of a shard say of its state means little where nobody can send.
QString stateOf(const QJsonObject& shard)
{
    return shard.value(u"orphaned").toBool() ? kNotConfigured : shard.value(u"state").toString();
}

QStringList row(const QJsonObject& shard)
{
    const QJsonValue p95 = shard.value(u"platform_latency_p95_ms");
    const QJsonValue eta = shard.value(u"drain_eta_seconds");
    return { stateOf(shard), shardName(shard), countText(shard.value(u"queue_depth").toInteger()),
        durationText(shard.value(u"consumer_lag_seconds").toDouble()),
        orDash(p95, QString::number(p95.toDouble(), 'f', 0)),
        percentText(shard.value(u"platform_error_ratio")),
        percentText(shard.value(u"throttle_ratio")),
        countText(shard.value(u"dlq_entries").toInteger()), rateText(shard.value(u"in_per_second")),
        rateText(shard.value(u"out_per_second")), ceilingMark(ceilingSource(shard)),
        orDash(eta, durationText(eta.toDouble())) };
}

} // namespace

QString saleText(const QJsonObject& sale)
{
    QString text = sale.value(u"is_on").toBool() ? QStringLiteral("sale mode on")
                                                 : QStringLiteral("sale mode off");
    if (const QString until = sale.value(u"until").toString(); !until.isEmpty())
        text += QStringLiteral(" until ") + until;
    const QString cause = sale.value(u"cause").toString();
    if (cause == u"operator")
        text += QStringLiteral(", switched by ") + sale.value(u"who").toString();
    else if (cause == u"window")
        text += QStringLiteral(", in a configured window");
    if (const QString next = sale.value(u"next_window").toString(); !next.isEmpty())
        text += QStringLiteral("; the next window opens at ") + next;
    return text + u'\n';
}

QString orphansText(QStringList destinations)
{
    destinations.removeDuplicates();
    QString text;
    for (const QString& destination : destinations) {
        text
            += QStringLiteral("! %1 is not in the configuration: what waits for it is held. Put it "
                              "back,\n  or: spillway dlq move-orphans %1\n")
                   .arg(destination);
    }
    return text;
}

QString statusText(const QJsonObject& status)
{
    TextTable table({ QStringLiteral("state"), QStringLiteral("shard"), QStringLiteral("depth"),
                        QStringLiteral("lag"), QStringLiteral("p95ms"), QStringLiteral("err%"),
                        QStringLiteral("thr%"), QStringLiteral("dlq"), QStringLiteral("in/s"),
                        QStringLiteral("out/s"), QStringLiteral("c"), QStringLiteral("eta") },
        1);
    const QJsonArray shards = status.value(u"shards").toArray();
    QStringList sources;
    QString learned;
    QStringList orphans;
    for (const auto& value : shards) {
        const QJsonObject shard = value.toObject();
        table.addRow(row(shard));
        sources += ceilingSource(shard);
        learned += learnedLine(learnedCeiling(shard));
        if (shard.value(u"orphaned").toBool())
            orphans += shard.value(u"destination").toString();
    }
    const QJsonObject store = status.value(u"store").toObject();
    QString text = table.text() + ceilingLegend(sources) + learned;
    text += QStringLiteral("%1   %2 events kept   %3 waiting   %4 dead letters\n")
                .arg(status.value(u"taken_at").toString(),
                    countText(store.value(u"events").toInteger()),
                    countText(store.value(u"waiting").toInteger()),
                    countText(store.value(u"dead_letters").toInteger()));
    const QJsonObject sale = status.value(u"sale_mode").toObject();
    if (sale.value(u"is_on").toBool() || sale.value(u"cause").toString() == u"operator")
        text += saleText(sale);
    text += orphansText(orphans);
    for (const QString& problem :
        { store.value(u"problem").toString(), status.value(u"config_problem").toString() }) {
        if (!problem.isEmpty())
            text += QStringLiteral("! %1\n").arg(problem);
    }
    return text;
}

} // namespace app

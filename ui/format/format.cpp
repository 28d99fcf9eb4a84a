#include "format/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <cmath>

namespace ui {

namespace {

QString decimal(double value, int digits) { return QLocale().toString(value, 'f', digits); }

ClockZone s_clockZone { ClockZone::Local };

QDateTime toDateTime(engine::WallTime time)
{
    return QDateTime::fromMSecsSinceEpoch(engine::toUnixMicros(time) / 1'000,
        s_clockZone == ClockZone::Utc ? Qt::UTC : Qt::LocalTime);
}

struct Scale {
    double unit;
    const char* suffix;
};

// Three figures at most, and never "1000k": a value that would round up to the next unit takes it.
QString scaled(double value, const Scale* scales, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i) {
        const double shown = value / scales[i].unit;
        if (shown < 0.9995 && i + 1 < count)
            continue;
        const int digits = shown < 9.995 ? 2 : shown < 999.95 ? 1 : 0;
        return decimal(shown, digits) + QLatin1String(scales[i].suffix);
    }
    return decimal(value, 0);
}

} // namespace

QString tr(const char* text) { return QCoreApplication::translate("ui", text); }

QString formatCount(std::int64_t value)
{
    if (value < 0)
        return u'−' + formatCount(-value);
    if (value < 1'000)
        return QString::number(value);
    if (value < 1'000'000 - 50)
        return decimal(static_cast<double>(value) / 1'000, 1) + u'k';
    static constexpr Scale kScales[] { { 1e12, "T" }, { 1e9, "G" }, { 1e6, "M" } };
    return scaled(static_cast<double>(value), kScales, std::size(kScales));
}

QString formatExact(std::int64_t value)
{
    return QLocale().toString(static_cast<qlonglong>(value));
}

QString formatRate(double perSecond)
{
    if (!std::isfinite(perSecond))
        return kDash;
    if (perSecond < 0.05)
        return QStringLiteral("0");
    if (perSecond < 9.95)
        return decimal(perSecond, 1);
    return formatExact(std::llround(perSecond));
}

QString formatRequestRate(double perSecond)
{
    if (!std::isfinite(perSecond))
        return kDash;
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    QString text = locale.toString(perSecond, 'f', 3);
    while (text.endsWith(u'0'))
        text.chop(1);
    if (text.endsWith(locale.decimalPoint()))
        text.chop(1);
    return text;
}

QString formatDuration(engine::Millis duration)
{
    if (duration < engine::Millis { 0 })
        return u'−' + formatDuration(-duration);
    const double seconds = static_cast<double>(duration.count()) / 1'000;
    if (seconds < 9.95)
        return tr("%1 s").arg(decimal(seconds, seconds == 0 ? 0 : 1));
    const auto whole = std::llround(seconds);
    if (whole <= 99)
        return tr("%1 s").arg(whole);
    const auto padded
        = [](long long value) { return QStringLiteral("%1").arg(value, 2, 10, QChar(u'0')); };
    if (whole < 3'600)
        return tr("%1m %2s").arg(QString::number(whole / 60), padded(whole % 60));
    const auto minutes = whole / 60;
    if (minutes < 48 * 60)
        return tr("%1h %2m").arg(QString::number(minutes / 60), padded(minutes % 60));
    return tr("%1d %2h").arg(minutes / 1'440).arg(minutes / 60 % 24);
}

QString formatLatency(engine::Millis latency)
{
    if (latency < engine::Millis { 1'000 })
        return tr("%1 ms").arg(latency.count());
    return formatDuration(latency);
}

QString formatPercent(double ratio)
{
    if (!std::isfinite(ratio))
        return kDash;
    const double percent = ratio * 100;
    return tr("%1 %").arg(decimal(percent, percent >= 99.95 ? 0 : 1));
}

QString formatBytes(std::int64_t bytes)
{
    if (bytes < 1'000)
        return tr("%1 B").arg(bytes);
    static constexpr Scale kScales[] { { 1e12, " TB" }, { 1e9, " GB" }, { 1e6, " MB" },
        { 1e3, " kB" } };
    for (const auto& scale : kScales) {
        const double shown = static_cast<double>(bytes) / scale.unit;
        if (shown >= 0.9995)
            return decimal(shown, shown < 9.95 ? 1 : 0) + QLatin1String(scale.suffix);
    }
    return tr("%1 B").arg(bytes);
}

void setClockZone(ClockZone zone) { s_clockZone = zone; }

ClockZone clockZone() { return s_clockZone; }

QString formatClock(engine::WallTime time)
{
    return toDateTime(time).time().toString(QStringLiteral("HH:mm:ss"));
}

QString formatDateTime(engine::WallTime time)
{
    return QLocale().toString(toDateTime(time), QLocale::ShortFormat);
}

QString formatUtc(engine::WallTime time) { return toQString(engine::toIso8601(time)); }

QString zoneName(engine::WallTime time) { return toDateTime(time).timeZoneAbbreviation(); }

QString shardLabel(const engine::ShardId& shard)
{
    const QString account = toQString(shard.account);
    // Nine characters are what is left of a long one; a name of 22 fits its column.
    const QString name = shardName(shard);
    if (account.size() <= 9 || (account.size() <= 12 && name.size() <= 22))
        return name;
    return QStringLiteral("%1 %2 %3…%4")
        .arg(toQString(shard.destination), QString(kMiddleDot), account.left(4), account.right(4));
}

QStringList shardLabelsByLength(const engine::ShardId& shard)
{
    const QString destination = toQString(shard.destination);
    const QString account = toQString(shard.account);
    if (shard.isWholeDestination() || account == destination)
        return { destination };
    QStringList labels { shardName(shard), destination + u' ' + account };
    if (account.size() > 6) {
        const QString tail = u'…' + account.right(4);
        for (qsizetype kept = destination.size(); kept >= 3; --kept)
            labels << destination.left(kept) + tail;
    } else {
        for (qsizetype kept = destination.size() - 1; kept >= 3; --kept)
            labels << destination.left(kept) + u'…' + account;
    }
    return labels;
}

QString shardName(const engine::ShardId& shard)
{
    if (shard.isWholeDestination())
        return toQString(shard.destination);
    return QStringLiteral("%1 %2 %3")
        .arg(toQString(shard.destination), QString(kMiddleDot), toQString(shard.account));
}

QString stateWord(engine::ShardState state)
{
    switch (state) {
    case engine::ShardState::NoData:
        return tr("No data");
    case engine::ShardState::AuthFailed:
        return tr("Auth failed");
    case engine::ShardState::Draining:
        return tr("Draining");
    case engine::ShardState::Paused:
        return tr("Paused");
    case engine::ShardState::Tripped:
        return tr("Circuit open");
    case engine::ShardState::Failing:
        return tr("Failing");
    case engine::ShardState::Throttled:
        return tr("Throttled");
    case engine::ShardState::Degraded:
        return tr("Degraded");
    case engine::ShardState::Recovering:
        return tr("Recovering");
    case engine::ShardState::Backlogged:
        return tr("Backlogged");
    case engine::ShardState::RetriesPaused:
        return tr("Retries paused");
    case engine::ShardState::Idle:
        return tr("Idle");
    case engine::ShardState::Healthy:
        return tr("Healthy");
    }
    return {};
}

QString stateSentence(const engine::ShardSnapshot& shard)
{
    if (shard.state == engine::ShardState::AuthFailed
        && shard.credential == engine::CredentialState::ConfigRefused)
        return tr("Config refused");
    if (shard.state == engine::ShardState::Tripped
        && shard.breaker == engine::BreakerState::HalfOpen)
        return tr("Probing");
    if (shard.state == engine::ShardState::Paused) {
        if (shard.pauseUntil) {
            const auto time = toDateTime(*shard.pauseUntil).time();
            return tr("Paused until %1").arg(time.toString(QStringLiteral("HH:mm")));
        }
        if (shard.pauseCause == engine::PauseCause::Engine)
            return tr("Paused by engine");
        if (shard.pauseCause == engine::PauseCause::Schedule)
            return tr("Paused by schedule");
    }
    return stateWord(shard.state);
}

QString metricName(engine::Metric metric)
{
    switch (metric) {
    case engine::Metric::QueueDepth:
        return tr("Queue depth");
    case engine::Metric::ConsumerLag:
        return tr("Consumer lag");
    case engine::Metric::LatencyP95:
        return tr("Platform p95");
    case engine::Metric::ErrorRatio:
        return tr("Error rate");
    case engine::Metric::DlqGrowth:
        return tr("DLQ growth");
    case engine::Metric::InRate:
        return tr("In");
    case engine::Metric::OutRate:
        return tr("Out");
    case engine::Metric::ThrottleRatio:
        return tr("Throttle");
    case engine::Metric::InFlight:
        return tr("In flight");
    case engine::Metric::BatchFill:
        return tr("Batch fill");
    }
    return {};
}

} // namespace ui

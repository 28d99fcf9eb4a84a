#include "inspector/forecast_text.h"

#include "format/format.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace ui {
namespace {

struct ForecastText {
    Q_DECLARE_TR_FUNCTIONS(Forecast)
};

using engine::ForecastRun;

QString gateText(engine::Hold::Gate gate)
{
    using Gate = engine::Hold::Gate;
    switch (gate) {
    case Gate::Window:
        return ForecastText::tr("The platform's window is what holds it");
    case Gate::Quota:
        return ForecastText::tr("The platform's quota is what holds it");
    case Gate::Rate:
        return ForecastText::tr("The rate is what holds it");
    case Gate::Concurrency:
        return ForecastText::tr("The concurrency is what holds it");
    case Gate::Throttle:
        return ForecastText::tr("The platform's request to slow down is what holds it");
    case Gate::Breaker:
        return ForecastText::tr("The circuit breaker is what holds it");
    case Gate::Paused:
    case Gate::Credential:
    case Gate::Configuration:
    case Gate::Backoff:
    case Gate::NotConfigured:
    case Gate::Store:
        break; // not of the pacing: a forecast never names them
    }
    return {};
}

QString rangeText(const QString& low, const QString& high)
{
    return low == high ? high : ForecastText::tr("%1 to %2", "a range").arg(low, high);
}

QString limitText(const ForecastRun& run)
{
    if (!run.gate)
        return {};
    const auto after = run.gateAfter.value_or(engine::Seconds { 0 });
    return after < engine::Seconds { 2 } ? gateText(*run.gate) + u'.'
                                         : ForecastText::tr("%1, from %2 on.", "a limit, a time")
                                               .arg(gateText(*run.gate), formatDuration(after));
}

} // namespace

QString predictionText(const engine::Forecast& forecast, double outNow)
{
    const auto [low, high] = std::minmax(forecast.slow.outPerSecond, forecast.typical.outPerSecond);
    const QString text = ForecastText::tr("Out %1/s → %2/s.")
                             .arg(formatRate(outNow), rangeText(formatRate(low), formatRate(high)));
    const QString limit = limitText(forecast.typical);
    return limit.isEmpty() ? text : text + u' ' + limit;
}

QString throttlingText(const std::vector<engine::ShardSnapshot>& shards)
{
    const bool isKnown = std::all_of(shards.begin(), shards.end(),
        [](const auto& shard) { return shard.rate.ceiling.has_value(); });
    return isKnown
        ? QString()
        : ForecastText::tr("Effect on throttling unknown: the platform's ceiling is not known.");
}

QString drainText(const engine::Forecast& forecast)
{
    QStringList lines;
    const auto& quick = forecast.typical.drained;
    const auto& slow = forecast.slow.drained;
    if (!quick)
        lines += ForecastText::tr("Not draining, short by %1/s.")
                     .arg(formatRate(forecast.typical.shortBy));
    else if (forecast.waiting == 0 && *quick == engine::Seconds { 0 })
        lines += ForecastText::tr("Nothing waits, and it keeps up.");
    else if (!slow)
        lines += ForecastText::tr("Drained in %1 at best; with slow requests it does not drain.")
                     .arg(formatDuration(*quick));
    else
        lines += ForecastText::tr("Drained in %1.")
                     .arg(rangeText(formatDuration(std::min(*quick, *slow)),
                         formatDuration(std::max(*quick, *slow))));
    if (const auto refusal = forecast.typical.firstRefusal) {
        lines += refusal->count() == 0
            ? ForecastText::tr("The oldest event is already older than the platform takes.")
            : ForecastText::tr("First event too old for the platform in %1.")
                  .arg(formatDuration(*refusal));
    }
    return lines.join(u' ');
}

QString assumptionText(const engine::Forecast& forecast)
{
    const auto [low, high] = std::minmax(forecast.typical.requestTime, forecast.slow.requestTime);
    QString text = ForecastText::tr("Assumes arrivals as in the last %1 (%2/s), requests of %3, no "
                                    "further errors.")
                       .arg(formatDuration(forecast.inOver), formatRate(forecast.inPerSecond),
                           rangeText(formatLatency(low), formatLatency(high)));
    if (forecast.sharers == 1)
        text
            += u' ' + ForecastText::tr("Another shard shares the limit; it is taken to be silent.");
    else if (forecast.sharers > 1)
        text += u' '
            + ForecastText::tr("%1 other shards share the limit; they are taken to be silent.")
                  .arg(forecast.sharers);
    return text;
}

QString afterPauseText(const engine::Forecast& forecast, engine::Seconds pause)
{
    const auto& drained = forecast.typical.drained;
    if (!drained)
        return ForecastText::tr("After it the queue does not drain: short by %1/s.")
            .arg(formatRate(forecast.typical.shortBy));
    const engine::Seconds after = std::max(*drained - pause, engine::Seconds { 0 });
    return ForecastText::tr("Then about %1 wait; with the ramp of 60 s they are gone %2 later.")
        .arg(formatCount(forecast.waiting), formatDuration(after));
}

} // namespace ui

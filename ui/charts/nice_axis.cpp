#include "charts/nice_axis.h"

#include "format/format.h"

#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace ui {

namespace {

double niceDecimal(double highest)
{
    const double power = std::pow(10, std::floor(std::log10(highest)));
    for (const double step : { 1.0, 2.0, 4.0, 6.0, 8.0 }) {
        if (highest <= step * power * (1 + 1e-9))
            return step * power;
    }
    return 10 * power;
}

// Up to a day by hand; half of each is as readable as the whole.
constexpr std::array kDurations { 1.0, 2.0, 4.0, 10.0, 20.0, 60.0, 120.0, 240.0, 600.0, 1'200.0,
    1'800.0, 3'600.0, 7'200.0, 14'400.0, 28'800.0, 43'200.0, 86'400.0 };

// Three digits as people write them here: 1.5, or 1,5.
QString axisNumber(double value)
{
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    return locale.toString(value, 'g', 3);
}

} // namespace

AxisUnit axisUnitOf(engine::Metric metric)
{
    switch (metric) {
    case engine::Metric::ConsumerLag:
        return AxisUnit::Seconds;
    case engine::Metric::LatencyP95:
        return AxisUnit::Milliseconds;
    case engine::Metric::ErrorRatio:
    case engine::Metric::ThrottleRatio:
    case engine::Metric::BatchFill:
        return AxisUnit::Ratio;
    case engine::Metric::DlqGrowth:
        return AxisUnit::PerMinute;
    case engine::Metric::QueueDepth:
    case engine::Metric::InRate:
    case engine::Metric::OutRate:
    case engine::Metric::InFlight:
        return AxisUnit::Count;
    }
    return AxisUnit::Count;
}

double niceEnd(double highest, AxisUnit unit)
{
    if (!std::isfinite(highest) || highest < 0)
        highest = 0;
    switch (unit) {
    case AxisUnit::Ratio:
        // Refused plus throttled may pass 1 by rounding only.
        return highest <= 0.05 ? 0.05 : std::min(1.0, niceDecimal(highest));
    case AxisUnit::Seconds: {
        for (const double end : kDurations) {
            if (highest <= end)
                return end;
        }
        return 86'400 * niceDecimal(highest / 86'400);
    }
    case AxisUnit::Milliseconds:
        return niceDecimal(std::max(highest, 100.0));
    case AxisUnit::Count:
    case AxisUnit::PerMinute:
        return niceDecimal(std::max(highest, 10.0));
    }
    return 1;
}

QString axisLabel(double value, AxisUnit unit)
{
    switch (unit) {
    case AxisUnit::Ratio:
        return tr("%1 %").arg(axisNumber(value * 100));
    case AxisUnit::Seconds: {
        if (value >= 7'200)
            return tr("%1 h").arg(axisNumber(value / 3'600));
        if (value >= 120)
            return tr("%1 min").arg(axisNumber(value / 60));
        return tr("%1 s").arg(axisNumber(value));
    }
    case AxisUnit::Milliseconds:
        if (value >= 1'000)
            return tr("%1 s").arg(axisNumber(value / 1'000));
        return tr("%1 ms").arg(axisNumber(value));
    case AxisUnit::Count:
    case AxisUnit::PerMinute:
        if (value >= 1e6)
            return axisNumber(value / 1e6) + u'M';
        if (value >= 1e3)
            return axisNumber(value / 1e3) + u'k';
        return axisNumber(value);
    }
    return {};
}

QString valueLabel(double value, AxisUnit unit)
{
    if (!std::isfinite(value))
        return kDash;
    switch (unit) {
    case AxisUnit::Ratio:
        return formatPercent(value);
    case AxisUnit::Seconds:
        return formatDuration(engine::Millis { std::llround(value * 1'000) });
    case AxisUnit::Milliseconds:
        return formatLatency(engine::Millis { std::llround(value) });
    case AxisUnit::PerMinute:
        return tr("%1/min").arg(formatRate(value));
    case AxisUnit::Count:
        return formatCount(std::llround(value));
    }
    return {};
}

double AxisEnd::update(double highest, engine::SteadyTime now)
{
    const double wanted = niceEnd(highest, m_unit);
    const bool isLow = wanted < m_end && highest < m_end / 2;
    if (wanted >= m_end) {
        m_end = wanted;
        m_lowSince.reset();
    } else if (!isLow) {
        m_lowSince.reset();
    } else if (!m_lowSince) {
        m_lowSince = now;
    } else if (now - *m_lowSince >= kShrinkAfter) {
        m_end = wanted;
        m_lowSince.reset();
    }
    return m_end;
}

} // namespace ui

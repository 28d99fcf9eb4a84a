// Axis ends that people can halve in their heads: three ticks, 0 · half · end. Pure.
#pragma once

#include <engine/snapshot.h>
#include <engine/time.h>

#include <QString>

#include <optional>

namespace ui {

enum class AxisUnit { Count, Seconds, Milliseconds, Ratio, PerMinute };
[[nodiscard]] AxisUnit axisUnitOf(engine::Metric metric);

// The smallest nice end at or above `highest`; never 0. Durations end at whole seconds, minutes or
// hours, ratios at 5 % or more.
[[nodiscard]] double niceEnd(double highest, AxisUnit unit);
[[nodiscard]] QString axisLabel(double value, AxisUnit unit); // short: "50k", "10 min", "20 %"
[[nodiscard]] QString valueLabel(double value, AxisUnit unit); // as the table shows it

// Grows at once, so that nothing is cut off; shrinks only after 10 s under half, so that the axis
// does not breathe with the data.
class AxisEnd {
public:
    explicit AxisEnd(AxisUnit unit)
        : m_unit(unit)
    {
    }
    [[nodiscard]] double update(double highest, engine::SteadyTime now);
    void reset() { m_end = 0; }

private:
    static constexpr engine::Seconds kShrinkAfter { 10 };
    AxisUnit m_unit;
    double m_end { 0 };
    std::optional<engine::SteadyTime> m_lowSince {};
};

} // namespace ui

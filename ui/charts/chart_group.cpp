#include "charts/chart_group.h"

#include <algorithm>

namespace ui {

void ChartGroup::hover(std::optional<double> secondsBack)
{
    if (m_isPinned || m_cursor == secondsBack)
        return;
    m_cursor = secondsBack;
    Q_EMIT cursorChanged();
}

void ChartGroup::pin(double secondsBack)
{
    m_isPinned = true;
    m_cursor = std::clamp(secondsBack, 0.0, m_span);
    m_anchor.reset();
    Q_EMIT cursorChanged();
}

void ChartGroup::unpin()
{
    m_isPinned = false;
    m_cursor.reset();
    m_anchor.reset();
    Q_EMIT cursorChanged();
    setRange(std::nullopt);
}

void ChartGroup::step(double seconds)
{
    pin(m_cursor.value_or(0) - seconds);
    setRange(std::nullopt);
}

void ChartGroup::setRange(std::optional<Range> range)
{
    if (m_range == range)
        return;
    m_range = range;
    Q_EMIT rangeChanged();
}

void ChartGroup::stretch(double seconds)
{
    const double anchor = m_anchor.value_or(m_cursor.value_or(0));
    pin(m_cursor.value_or(0) - seconds);
    m_anchor = anchor;
    setRange(Range { std::max(anchor, *m_cursor), std::min(anchor, *m_cursor) });
}

void ChartGroup::setSpan(double seconds)
{
    if (m_span == seconds)
        return;
    m_span = seconds;
    unpin();
}

void ChartGroup::advance(double seconds)
{
    if (seconds == 0 || !m_isPinned)
        return;
    const double moved = *m_cursor + seconds;
    const auto range = m_range;
    if (moved > m_span || moved < 0) {
        unpin();
        return;
    }
    m_cursor = moved;
    if (m_anchor)
        m_anchor = *m_anchor + seconds;
    Q_EMIT cursorChanged();
    if (range)
        setRange(Range { std::min(m_span, range->first + seconds),
            std::clamp(range->second + seconds, 0.0, m_span) });
}

} // namespace ui

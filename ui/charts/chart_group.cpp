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
    Q_EMIT cursorChanged();
}

void ChartGroup::unpin()
{
    m_isPinned = false;
    m_cursor.reset();
    Q_EMIT cursorChanged();
}

void ChartGroup::step(double seconds) { pin(m_cursor.value_or(0) - seconds); }

} // namespace ui

#include "models/order_gate.h"

namespace ui {

bool OrderGate::mayReorder(engine::SteadyTime now) const
{
    if (m_isPointerInside || m_isMenuOpen)
        return false;
    if (m_touchedAt && now - *m_touchedAt < kRestAfterClick)
        return false;
    return !m_orderedAt || now - *m_orderedAt >= kIntervalMin;
}

} // namespace ui

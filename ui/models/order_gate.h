// Decides when the live table may change its order: at most every 5 s, and never under the hand.
// Pure: the view reports what the pointer does, the caller passes the time.
#pragma once

#include <engine/time.h>

#include <optional>

namespace ui {

class OrderGate {
public:
    static constexpr engine::Seconds kIntervalMin { 5 };
    static constexpr engine::Seconds kRestAfterClick { 10 };

    void setPointerInside(bool isInside) { m_isPointerInside = isInside; }
    void setMenuOpen(bool isOpen) { m_isMenuOpen = isOpen; }
    void noteTouch(engine::SteadyTime now) { m_touchedAt = now; } // click or key in the table
    void noteOrdered(engine::SteadyTime now) { m_orderedAt = now; }

    [[nodiscard]] bool mayReorder(engine::SteadyTime now) const;

private:
    bool m_isPointerInside { false };
    bool m_isMenuOpen { false };
    std::optional<engine::SteadyTime> m_touchedAt {};
    std::optional<engine::SteadyTime> m_orderedAt {};
};

} // namespace ui

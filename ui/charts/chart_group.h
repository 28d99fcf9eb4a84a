// What the panels of one page share: the time under the crosshair and the range that is being
// chosen. Times are seconds before the right edge of the panels, ≥ 0. GUI thread only.
#pragma once

#include <QObject>

#include <optional>
#include <utility>

namespace ui {

class ChartGroup final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChartGroup)
public:
    using QObject::QObject;
    using Range = std::pair<double, double>; // older, newer

    // A pinned cursor stays on its time until it is unpinned: hovering elsewhere does not move it.
    [[nodiscard]] std::optional<double> cursor() const { return m_cursor; }
    [[nodiscard]] bool isPinned() const { return m_isPinned; }
    void hover(std::optional<double> secondsBack);
    void pin(double secondsBack);
    void unpin(); // and forgets the range
    void step(double seconds); // keys: negative is older

    [[nodiscard]] std::optional<Range> range() const { return m_range; }
    void setRange(std::optional<Range> range);
    void stretch(double seconds); // keys: moves the cursor and takes the range with it

    void setSpan(double seconds);
    // The right edge moved on by so much: what is pinned keeps its time, and goes when it leaves.
    void advance(double seconds);

Q_SIGNALS:
    void cursorChanged();
    void rangeChanged();

private:
    std::optional<double> m_cursor;
    std::optional<double> m_anchor; // where stretching began
    std::optional<Range> m_range;
    bool m_isPinned { false };
    double m_span { 900 };
};

} // namespace ui

// What the panels of one page share: the time under the crosshair. GUI thread only.
#pragma once

#include <QObject>

#include <optional>

namespace ui {

class ChartGroup final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChartGroup)
public:
    using QObject::QObject;

    // Seconds before now, ≥ 0. A pinned cursor stays until it is unpinned: hovering elsewhere and
    // new samples do not move it.
    [[nodiscard]] std::optional<double> cursor() const { return m_cursor; }
    [[nodiscard]] bool isPinned() const { return m_isPinned; }
    void hover(std::optional<double> secondsBack);
    void pin(double secondsBack);
    void unpin();
    void step(double seconds); // keys: negative is older
    void setSpan(double seconds) { m_span = seconds; }

Q_SIGNALS:
    void cursorChanged();

private:
    std::optional<double> m_cursor;
    bool m_isPinned { false };
    double m_span { 900 };
};

} // namespace ui

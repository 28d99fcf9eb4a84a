// The lanes of one event: a row per destination, a mark per step, placed by time. What it shows
// stands in the table below too, which is the form for screen readers and keyboards. GUI thread.
#pragma once

#include "events/event_steps.h"

#include <QWidget>

namespace ui {

class Theme;

class LaneView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LaneView)
public:
    explicit LaneView(const Theme& theme, QWidget* parent = nullptr);

    void setSteps(std::vector<EventStep> steps, const QStringList& lanes);
    [[nodiscard]] QSize sizeHint() const override;
    // Of a step, in widget coordinates; for tests and the mouse.
    [[nodiscard]] QPointF placeOf(int step) const;

Q_SIGNALS:
    void stepChosen(int step);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] int laneHeight() const;
    [[nodiscard]] int stepAt(const QPointF& position) const;
    void paintTrail(QPainter& painter, int lane) const;
    void paintMark(QPainter& painter, const EventStep& step, const QPointF& place) const;

    const Theme& m_theme;
    std::vector<EventStep> m_steps {};
    std::vector<double> m_places {}; // 0…1 of the width, in order of time
    QStringList m_lanes {};
};

} // namespace ui

// The drawing surface of a panel: lines and axes of Qt Charts, the overlay around them, and the
// mouse, told as times. The only class that knows Qt Charts; another plot could replace it
// behind the same functions. GUI thread only.
#pragma once

#include "charts/flags.h"
#include "charts/nice_axis.h"
#include "charts/panel_data.h"

#include <QChartView>

#include <array>
#include <optional>
#include <vector>

class QLineSeries;
class QLogValueAxis;
class QValueAxis;

namespace ui {

class PanelOverlay;
class Theme;

class PanelPlot final : public QChartView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PanelPlot)
public:
    struct Scale {
        double spanSeconds { 900 };
        double end { 1 }; // the last tick of the y axis
        AxisUnit unit { AxisUnit::Count };
        bool isLogarithmic { false };
    };
    PanelPlot(const Theme& theme, QWidget* parent);

    void setLabelRoom(double width); // right of the plot, for the labels at the line ends
    void setScale(const Scale& scale);
    void draw(const PanelData& panelData);
    void restyle();
    void layoutPlot(); // after a resize
    [[nodiscard]] PanelOverlay& overlay() const { return *m_overlay; }
    [[nodiscard]] double plotWidth() const;

Q_SIGNALS:
    // All in seconds before the right edge; positions are global.
    void pressed();
    void hovered(std::optional<double> secondsBack); // nothing: the pointer has left
    void clicked(double secondsBack);
    void flagClicked(const ui::Flag& flag, const QPoint& position);
    void dragged(double fromBack, double toBack); // still held
    void rangeDropped(double fromBack, double toBack, const QPoint& position);

protected:
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    [[nodiscard]] double backAt(const QPoint& position) const;
    [[nodiscard]] QList<QPointF> raised(const QList<QPointF>& points) const;
    void attach(QAbstractSeries* series);
    QLineSeries* addLine(int slot);
    void drawLine(int slot, const PanelData& panelData);
    void drawBackdrop(const PanelData& panelData);

    const Theme& m_theme;
    Scale m_scale;
    QValueAxis* m_timeAxis; // axes and series are owned by the chart
    QValueAxis* m_valueAxis;
    QLogValueAxis* m_logAxis;
    std::array<std::vector<QLineSeries*>, kPanelLines> m_lines {};
    double m_labelRoom { 0 };
    PanelOverlay* m_overlay; // owned by the chart
    std::optional<QPoint> m_pressedAt;
};

} // namespace ui

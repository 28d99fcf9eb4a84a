// One metric over time: title with the present value, lines, band, thresholds, flags, crosshair.
// The only class that knows Qt Charts; another plot could replace it behind the same functions.
// GUI thread only.
#pragma once

#include "charts/chart_group.h"
#include "charts/flags.h"
#include "charts/nice_axis.h"
#include "charts/panel_data.h"

#include <engine/snapshot.h>

#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

class QLabel;

namespace ui {

class Theme;
class UiClock;

class MetricPanel final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MetricPanel)
    Q_PROPERTY(QStringList seriesIds READ seriesIds)
    Q_PROPERTY(double cursorTime READ cursorTime)
public:
    MetricPanel(engine::Metric metric, const Theme& theme, ChartGroup& group, const UiClock& clock,
        QWidget* parent = nullptr);
    ~MetricPanel() override;

    void setSpan(engine::HistorySpan span);
    void setData(PanelData shown);
    void setThreshold(std::optional<double> value, const QString& text);
    void setAnnotations(const std::vector<engine::Annotation>& annotations, engine::WallTime now);
    // Frozen: the axis says clock times, because "now" has stopped.
    void setClockTimes(std::optional<engine::WallTime> until);
    void setLogarithmic(bool isLogarithmic);
    [[nodiscard]] bool isLogarithmic() const;
    [[nodiscard]] bool canBeLogarithmic() const;

    [[nodiscard]] engine::Metric metric() const { return m_metric; }
    [[nodiscard]] const PanelData& panelData() const { return m_data; }
    [[nodiscard]] QStringList seriesIds() const;
    [[nodiscard]] double cursorTime() const; // seconds before now; −1 when there is no cursor
    [[nodiscard]] QString unitTitle() const; // "Queue depth (events)"

Q_SIGNALS:
    // A range was dragged: older and newer end in seconds before now, and where to put a menu.
    void rangeSelected(double fromBack, double toBack, const QPoint& globalPosition);
    void tableWanted();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    class View;
    struct Plot;
    void buildPlot();
    void restyle();
    void layoutPlot();
    void drawLines();
    void updateScale();
    void updateLabels();
    void updateCursor();
    void describe();

    engine::Metric m_metric;
    const Theme& m_theme;
    ChartGroup& m_group;
    const UiClock& m_clock;
    AxisEnd m_axisEnd;
    engine::HistorySpan m_span { engine::HistorySpan::Minutes15 };
    PanelData m_data;
    QLabel* m_title;
    QLabel* m_value;
    std::unique_ptr<Plot> m_plot;
    std::vector<engine::Annotation> m_annotations;
    engine::WallTime m_annotationsNow {};
    double m_end { 1 };
    bool m_isLogarithmic { false };
};

} // namespace ui

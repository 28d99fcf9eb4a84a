// One metric over time: title with the present value, lines, band, thresholds, flags, crosshair.
// GUI thread only.
#pragma once

#include "charts/chart_group.h"
#include "charts/flags.h"
#include "charts/nice_axis.h"
#include "charts/panel_data.h"

#include <engine/snapshot.h>

#include <QWidget>

#include <optional>
#include <vector>

class QLabel;

namespace ui {

class PanelOverlay;
class PanelPlot;
class QuietLabel;
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

    void setSpan(double seconds);
    void setData(PanelData shown);
    void setThreshold(std::optional<double> value, const QString& text);
    // `now` is the time at the right edge, and that of everything drawn last.
    void setFlags(std::vector<engine::Annotation> annotations, std::vector<ChartMark> marks,
        std::vector<StateChange> changes, engine::WallTime now);
    // How far the picture is behind the right edge that the group counts from: a hovered panel
    // stands still while the others go on. Seconds; what the pointer is on keeps its time.
    void setLag(double seconds);
    void setVoidText(const QString& text); // why there may be no samples yet; empty: they come
    void setStale(bool isStale); // the newest value is an old one
    void setLabelRoom(double width); // for the labels at the line ends
    // Frozen or zoomed: the axis says clock times, because its right edge is not "now".
    void setClockTimes(std::optional<engine::WallTime> until);
    void setLogarithmic(bool isLogarithmic);
    [[nodiscard]] bool isLogarithmic() const { return m_isLogarithmic; }
    [[nodiscard]] bool canBeLogarithmic() const;

    [[nodiscard]] engine::WallTime edge() const { return m_flagsNow; } // 1970: nothing is drawn
    [[nodiscard]] engine::Metric metric() const { return m_metric; }
    [[nodiscard]] const PanelData& panelData() const { return m_data; }
    [[nodiscard]] const PanelOverlay& overlay() const;
    [[nodiscard]] QWidget* surface() const; // where the mouse acts
    [[nodiscard]] QStringList seriesIds() const;
    [[nodiscard]] double cursorTime() const; // seconds before the right edge; −1: no cursor
    [[nodiscard]] double plotWidth() const; // pixels
    [[nodiscard]] QString unitTitle() const; // "Queue depth (events)"

Q_SIGNALS:
    // A range was chosen: older and newer end in seconds before the group's right edge, where to
    // put a menu.
    void rangeSelected(double fromBack, double toBack, const QPoint& globalPosition);
    void flagChosen(const ui::Flag& flag, const QPoint& globalPosition);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void wirePlot();
    void placeFlags();
    void fitLabelRoom();
    void restyle();
    void updateScale();
    void updateLabels();
    void updateCursor();
    void updateRange();
    void updateValue(double secondsBack);
    void goToFlag(bool isOlder); // keys: the cursor stands on it, and its text is shown
    [[nodiscard]] const Flag* flagUnderCursor() const;
    [[nodiscard]] QStringList cursorLines(double secondsBack) const;
    void describe();
    [[nodiscard]] QString whyVoid() const;

    engine::Metric m_metric;
    const Theme& m_theme;
    ChartGroup& m_group;
    const UiClock& m_clock;
    AxisEnd m_axisEnd;
    double m_span { 900 };
    PanelData m_data;
    QLabel* m_title;
    QuietLabel* m_who; // whose value it is
    QuietLabel* m_value;
    PanelPlot* m_plot;
    std::vector<engine::Annotation> m_annotations;
    std::vector<ChartMark> m_marks;
    std::vector<StateChange> m_changes;
    engine::WallTime m_flagsNow {};
    double m_lag { 0 };
    std::optional<double> m_hovered {}; // on this picture
    std::optional<engine::WallTime> m_until; // of the right edge; nothing: now
    double m_labelRoom; // where lines have names
    std::optional<engine::SteadyTime> m_lastLineAt;
    QString m_voidText;
    bool m_isLogarithmic { false };
    bool m_isStale { false };
};

} // namespace ui

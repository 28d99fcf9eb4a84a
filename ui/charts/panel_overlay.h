// Everything on a panel that is not a series: tick labels, line labels, thresholds, crosshair,
// flags and spans. One graphics item over the chart; it is told the plot's geometry and draws from
// memory only.
#pragma once

#include "charts/flags.h"
#include "charts/nice_axis.h"

#include <QColor>
#include <QCoreApplication>
#include <QGraphicsItem>

#include <optional>
#include <vector>

class QPainter;

namespace ui {

class Theme;

struct LineLabel {
    double value { 0 };
    QStringList texts {}; // the same, longest first: the first that fits is drawn
    QColor color {};
    bool isBold { false };
};

class PanelOverlay final : public QGraphicsItem {
    Q_DECLARE_TR_FUNCTIONS(ui::PanelOverlay)
public:
    struct Scale {
        QRectF plot {}; // scene coordinates
        double spanSeconds { 900 };
        double end { 1 }; // the last tick of the y axis
        double top { 1 }; // the value at the upper edge of the plot
        bool isLogarithmic { false };
        AxisUnit unit { AxisUnit::Count };
    };
    PanelOverlay(const Theme& theme, QGraphicsItem* parent);

    void setScale(const Scale& scale, const QRectF& bounds);
    void setTimeLabels(const QStringList& labels); // left, middle, right; empty: relative
    void setLineLabels(std::vector<LineLabel> labels);
    void setThreshold(std::optional<double> value, const QString& text);
    void setFlags(FlagLayout layout);
    void setCursor(std::optional<double> secondsBack, const QStringList& lines);
    void setSelectedRange(std::optional<std::pair<double, double>> secondsBack);
    void setNotice(const QString& text); // in the middle: "No samples yet, first in 1 s."

    [[nodiscard]] double xOf(double secondsBack) const;
    [[nodiscard]] double yOf(double value) const;
    [[nodiscard]] double secondsBackAt(double x) const;
    [[nodiscard]] const Flag* flagAt(const QPointF& scenePosition) const; // until setFlags()

    QRectF boundingRect() const override { return m_bounds; }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    class Grid;

    [[nodiscard]] std::vector<double> ticks() const;
    void paintGrid(QPainter& painter) const;
    void paintAxes(QPainter& painter) const;
    void paintSpans(QPainter& painter) const;
    void paintRange(QPainter& painter) const;
    void paintThreshold(QPainter& painter) const;
    void paintLineLabels(QPainter& painter) const;
    void paintFlags(QPainter& painter) const;
    void paintCursor(QPainter& painter) const;

    const Theme& m_theme;
    Grid* m_grid; // a sibling below the series, owned by the parent
    Scale m_scale;
    QRectF m_bounds;
    QStringList m_timeLabels;
    std::vector<LineLabel> m_lineLabels;
    std::optional<double> m_threshold;
    QString m_thresholdText;
    FlagLayout m_flags;
    std::optional<double> m_cursor;
    QStringList m_cursorLines;
    std::optional<std::pair<double, double>> m_range;
    QString m_notice;
};

} // namespace ui

// Everything on a panel that is not a line: below the lines the band of the other shards, the fill
// under the selected one, grid and spans; above them labels, thresholds, crosshair and flags. Two
// graphics items that are told the plot's geometry and draw from memory only. Areas are polygons
// here rather than area series of Qt Charts, which make new paths for hit tests with every sample.
#pragma once

#include "charts/decimate.h"
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
    struct Backdrop { // all x: seconds before the right edge, ≤ 0
        Segments bandLow {};
        Segments bandHigh {};
        Segments filled {}; // from the line down to the axis
        Segments stackedLow {}; // hatched between the two
        Segments stackedHigh {};
    };
    PanelOverlay(const Theme& theme, QGraphicsItem* parent);

    void setScale(const Scale& scale, const QRectF& bounds);
    void setTimeLabels(const QStringList& labels); // left, middle, right; empty: relative
    void setBackdrop(Backdrop backdrop);
    void setLineLabels(std::vector<LineLabel> labels);
    void setThreshold(std::optional<double> value, const QString& text);
    void setFlags(FlagLayout layout);
    void setCursor(std::optional<double> secondsBack, const QStringList& lines);
    void setSelectedRange(std::optional<std::pair<double, double>> secondsBack);
    void setStale(bool isStale); // what is drawn is old: labels must not look live
    void setNotice(const QString& text); // in the middle: "No samples yet, first in 1 s."

    [[nodiscard]] double xOf(double secondsBack) const;
    [[nodiscard]] double yOf(double value) const;
    [[nodiscard]] double secondsBackAt(double x) const;
    [[nodiscard]] const FlagLayout& flags() const { return m_flags; }
    [[nodiscard]] const Flag* flagAt(const QPointF& scenePosition) const; // until setFlags()

    QRectF boundingRect() const override { return m_bounds; }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    class Ground;

    [[nodiscard]] std::vector<double> ticks() const;
    [[nodiscard]] QPolygonF area(const QList<QPointF>& low, const QList<QPointF>& high) const;
    void paintGround(QPainter& painter) const;
    void paintAreas(QPainter& painter) const;
    void paintAxes(QPainter& painter) const;
    void paintSpans(QPainter& painter) const;
    void paintRange(QPainter& painter) const;
    void paintThreshold(QPainter& painter) const;
    void paintLineLabels(QPainter& painter) const;
    void paintFlags(QPainter& painter) const;
    void paintCursor(QPainter& painter) const;

    const Theme& m_theme;
    Ground* m_ground; // a sibling below the series, owned by the parent
    Backdrop m_backdrop;
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
    bool m_isStale { false };
};

} // namespace ui

// The shapes of the nine statuses. Each is told from the others in greyscale and at 14 px; the
// outline carries the contrast, the fill the colour.
#include "theme/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace ui {

namespace {

QPolygonF polygon(const QPointF& center, double radius, int corners, double turn)
{
    QPolygonF points;
    for (int i = 0; i < corners; ++i) {
        const double angle = turn + 2 * std::numbers::pi * i / corners;
        points << center + QPointF(radius * std::sin(angle), -radius * std::cos(angle));
    }
    return points;
}

class ShapePainter {
public:
    ShapePainter(QPainter& painter, const Theme& theme, const QRectF& box, Status status)
        : m_painter(painter)
        , m_theme(theme)
        , m_status(status)
        , m_center(box.center())
        , m_unit(box.width() / 14)
    {
        const QColor fill = theme.statusFill(status);
        m_painter.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
        m_painter.setPen(pen(theme.statusOutline(status), 1.3));
    }

    void paint();

private:
    [[nodiscard]] QPen pen(const QColor& color, double width) const
    {
        return { color, width * m_unit, Qt::SolidLine, Qt::RoundCap, Qt::MiterJoin };
    }
    [[nodiscard]] QPointF at(double x, double y) const { return m_center + QPointF(x, y) * m_unit; }
    void line(double x1, double y1, double x2, double y2)
    {
        m_painter.drawLine(at(x1, y1), at(x2, y2));
    }
    void useLabelPen(double width) { m_painter.setPen(pen(m_theme.statusLabel(m_status), width)); }

    void paintCritical()
    {
        m_painter.drawPolygon(polygon(m_center, 6.4 * m_unit, 8, std::numbers::pi / 8));
        useLabelPen(1.7);
        line(-2.3, -2.3, 2.3, 2.3);
        line(-2.3, 2.3, 2.3, -2.3);
    }
    void paintHigh()
    {
        m_painter.drawPolygon(QPolygonF { { at(0, -6.2), at(6.4, 5.4), at(-6.4, 5.4) } });
        useLabelPen(1.6);
        line(0, -1.8, 0, 1.4);
        line(0, 3.6, 0, 3.7);
    }
    void paintOperator()
    {
        m_painter.drawRoundedRect(QRectF(at(-5.6, -5.6), at(5.6, 5.6)), m_unit, m_unit);
        useLabelPen(1.9);
        line(-1.8, -2.6, -1.8, 2.6);
        line(1.8, -2.6, 1.8, 2.6);
    }
    void paintCredential()
    {
        m_painter.drawPolygon(QPolygonF { { at(0, 6.4), at(6.4, -5.2), at(-6.4, -5.2) } });
        useLabelPen(1.4);
        m_painter.setBrush(m_theme.statusLabel(m_status));
        m_painter.drawEllipse(at(0, -2.2), 1.2 * m_unit, 1.2 * m_unit);
        line(0, -1, 0, 2.2);
    }
    void paintRecovering()
    {
        m_painter.setPen(pen(m_theme.statusOutline(m_status), 1.8));
        line(0, -5, 0, 4.6);
        line(-3.8, 1, 0, 4.8);
        line(3.8, 1, 0, 4.8);
    }
    void paintNoData()
    {
        QPen dashed = pen(m_theme.statusOutline(m_status), 1.3);
        dashed.setCapStyle(Qt::FlatCap);
        dashed.setDashPattern({ 2.2, 1.6 });
        m_painter.setPen(dashed);
        m_painter.drawEllipse(m_center, 6 * m_unit, 6 * m_unit);
        m_painter.setPen(pen(m_theme.statusOutline(m_status), 1.4));
        QPainterPath mark(at(-1.7, -1.6));
        mark.cubicTo(at(-1.7, -3.9), at(1.9, -3.9), at(1.7, -1.5));
        mark.cubicTo(at(1.6, -0.4), at(0, -0.4), at(0, 1.1));
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawPath(mark);
        line(0, 3.0, 0, 3.1);
    }

    QPainter& m_painter;
    const Theme& m_theme;
    Status m_status;
    QPointF m_center;
    double m_unit;
};

void ShapePainter::paint()
{
    switch (m_status) {
    case Status::Critical:
        return paintCritical();
    case Status::High:
        return paintHigh();
    case Status::Medium:
        m_painter.drawPolygon(polygon(m_center, 6.3 * m_unit, 4, 0));
        return;
    case Status::Operator:
        return paintOperator();
    case Status::Credential:
        return paintCredential();
    case Status::Recovering:
        return paintRecovering();
    case Status::Normal:
        m_painter.setPen(pen(m_theme.statusOutline(m_status), 1.5));
        m_painter.drawEllipse(m_center, 3.4 * m_unit, 3.4 * m_unit);
        return;
    case Status::Idle:
        m_painter.setPen(pen(m_theme.statusOutline(m_status), 1.8));
        line(-3, 0, 3, 0);
        return;
    case Status::NoData:
        return paintNoData();
    }
}

} // namespace

void Theme::paintStatus(QPainter& painter, const QRectF& rect, Status status) const
{
    const double side = std::min({ rect.width(), rect.height(), double { kShapeSize } });
    const QRectF box(rect.center() - QPointF(side / 2, side / 2), QSizeF(side, side));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    ShapePainter(painter, *this, box, status).paint();
    painter.restore();
}

QIcon Theme::statusIcon(Status status) const
{
    QIcon icon;
    for (const double ratio : { 1.0, 2.0 }) {
        QPixmap pixmap(QSize(16, 16) * ratio);
        pixmap.setDevicePixelRatio(ratio);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paintStatus(painter, QRectF(0, 0, 16, 16), status);
        painter.end();
        icon.addPixmap(pixmap);
    }
    return icon;
}

} // namespace ui

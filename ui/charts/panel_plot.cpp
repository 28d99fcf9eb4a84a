#include "charts/panel_plot.h"

#include "charts/panel_overlay.h"
#include "theme/theme.h"

#include <QApplication>
#include <QChart>
#include <QGraphicsLayout>
#include <QLineSeries>
#include <QLogValueAxis>
#include <QMouseEvent>
#include <QToolTip>
#include <QValueAxis>

#include <algorithm>

namespace ui {

namespace {

// More pieces than this are not drawn, the oldest first: a line that is interrupted more often
// within one window tells nothing by its shape.
constexpr std::size_t kSegmentsMax = 24;
constexpr double kLeftMargin = 44;
constexpr double kHeadroom = 1.04; // a line at the very end of the axis is still a line
constexpr double kBottomMargin = 16;
constexpr double kTopMargin = 8;
constexpr double kLogEndMin = 10;
// Thin enough that a noisy line stays a line; the fill below it says which one is the selected.
constexpr double kMainWidth = 1.8;
constexpr double kContextWidth = 1;

} // namespace

PanelPlot::PanelPlot(const Theme& theme, QWidget* parent)
    : QChartView(new QChart, parent)
    , m_theme(theme)
    , m_timeAxis(new QValueAxis)
    , m_valueAxis(new QValueAxis)
    , m_logAxis(new QLogValueAxis)
{
    setFrameShape(NoFrame);
    setFocusPolicy(Qt::NoFocus); // the panel has it
    setMouseTracking(true);
    setRenderHint(QPainter::Antialiasing);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // A handful of items that all change together: looking for them in a tree costs more than it
    // saves.
    scene()->setItemIndexMethod(QGraphicsScene::NoIndex);
    setViewportUpdateMode(FullViewportUpdate);
    chart()->legend()->hide();
    chart()->setAnimationOptions(QChart::NoAnimation);
    // The ground is painted once, by the view, not by viewport, view and chart one over another.
    chart()->setBackgroundVisible(false);
    viewport()->setAutoFillBackground(false);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    chart()->setDropShadowEnabled(false);
    chart()->setMargins({});
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    for (QAbstractAxis* axis :
        std::initializer_list<QAbstractAxis*> { m_timeAxis, m_valueAxis, m_logAxis }) {
        // The overlay draws grid and labels: few of each, where the plot is, in our own units.
        axis->setLabelsVisible(false);
        axis->setGridLineVisible(false);
        axis->setLineVisible(false);
        chart()->addAxis(axis, axis == m_timeAxis ? Qt::AlignBottom : Qt::AlignLeft);
    }
    m_logAxis->setVisible(false);
    m_logAxis->setRange(1, kLogEndMin);
    for (int slot = kPanelLines - 1; slot >= 0; --slot) // the selected one last: on top
        addLine(slot);
    m_overlay = new PanelOverlay(m_theme, chart());
}

void PanelPlot::attach(QAbstractSeries* series)
{
    series->attachAxis(m_timeAxis);
    if (m_scale.isLogarithmic)
        series->attachAxis(m_logAxis);
    else
        series->attachAxis(m_valueAxis);
}

QLineSeries* PanelPlot::addLine(int slot)
{
    auto* series = new QLineSeries;
    chart()->addSeries(series);
    attach(series);
    m_lines[static_cast<std::size_t>(slot)].push_back(series);
    return series;
}

void PanelPlot::restyle() { setBackgroundBrush(m_theme.color(Token::Surface)); }

void PanelPlot::setLabelRoom(double width)
{
    if (width == m_labelRoom)
        return;
    m_labelRoom = width;
    layoutPlot();
}

void PanelPlot::setScale(const Scale& scale)
{
    const bool isOtherAxis = scale.isLogarithmic != m_scale.isLogarithmic;
    m_scale = scale;
    if (isOtherAxis) {
        for (auto* series : chart()->series()) {
            for (auto* axis : series->attachedAxes())
                series->detachAxis(axis);
            attach(series);
        }
    }
    // Only what really changed: setting a range relays the whole chart out.
    const double top = scale.end * kHeadroom;
    const double logTop = std::max(kLogEndMin, scale.end);
    if (m_timeAxis->min() != -scale.spanSeconds)
        m_timeAxis->setRange(-scale.spanSeconds, 0);
    if (m_valueAxis->max() != top)
        m_valueAxis->setRange(0, top);
    if (m_logAxis->max() != logTop)
        m_logAxis->setRange(1, logTop);
    PanelOverlay::Scale shown { .plot = chart()->plotArea() };
    shown.spanSeconds = scale.spanSeconds;
    shown.end = scale.end;
    shown.top = scale.isLogarithmic ? logTop : top;
    shown.isLogarithmic = scale.isLogarithmic;
    shown.unit = scale.unit;
    m_overlay->setScale(shown, QRectF(QPointF(0, 0), QSizeF(size())));
}

QList<QPointF> PanelPlot::raised(const QList<QPointF>& points) const
{
    if (!m_scale.isLogarithmic)
        return points;
    QList<QPointF> result = points; // values below 1 are drawn at 1
    for (auto& point : result)
        point.setY(std::max(1.0, point.y()));
    return result;
}

void PanelPlot::drawLine(int slot, const PanelData& panelData)
{
    static const Segments kNothing;
    auto& pool = m_lines[static_cast<std::size_t>(slot)];
    const bool isUsed = slot < static_cast<int>(panelData.lines.size());
    const auto& segments
        = isUsed ? panelData.lines[static_cast<std::size_t>(slot)].segments : kNothing;
    const std::size_t first = segments.size() > kSegmentsMax ? segments.size() - kSegmentsMax : 0;
    while (pool.size() < segments.size() - first)
        addLine(slot);
    const bool isMain = slot == 0 || panelData.isCompare;
    const QPen pen(isMain ? m_theme.compareColor(slot) : m_theme.color(Token::ControlBorder),
        isMain ? kMainWidth : kContextWidth,
        panelData.isCompare ? Theme::comparePen(slot) : Qt::SolidLine);
    for (std::size_t i = 0; i < pool.size(); ++i) {
        if (pool[i]->pen() != pen)
            pool[i]->setPen(pen);
        const bool isFilled = first + i < segments.size();
        if (isFilled || pool[i]->count() > 0)
            pool[i]->replace(isFilled ? raised(segments[first + i]) : QList<QPointF> {});
    }
}

void PanelPlot::drawBackdrop(const PanelData& panelData)
{
    PanelOverlay::Backdrop backdrop { panelData.bandLow, panelData.bandHigh };
    if (!panelData.lines.empty() && !panelData.isCompare)
        backdrop.filled = panelData.lines.front().segments;
    for (const auto& top : panelData.stacked) {
        QList<QPointF> base;
        base.reserve(top.size());
        for (const auto& point : top)
            base << QPointF(point.x(),
                valueAt(panelData.lines.front().samples, panelData.stepSeconds, -point.x()));
        backdrop.stackedLow.push_back(base);
        backdrop.stackedHigh.push_back(top);
    }
    m_overlay->setBackdrop(std::move(backdrop));
}

void PanelPlot::draw(const PanelData& panelData)
{
    for (int slot = 0; slot < kPanelLines; ++slot)
        drawLine(slot, panelData);
    drawBackdrop(panelData);
}

void PanelPlot::layoutPlot()
{
    chart()->resize(size());
    setSceneRect(QRectF(QPointF(0, 0), QSizeF(size())));
    chart()->setPlotArea(
        QRectF(kLeftMargin, kTopMargin, std::max(20.0, width() - kLeftMargin - m_labelRoom),
            std::max(20.0, height() - kTopMargin - kBottomMargin)));
    setScale(Scale(m_scale));
}

double PanelPlot::plotWidth() const { return chart()->plotArea().width(); }

double PanelPlot::backAt(const QPoint& position) const
{
    return m_overlay->secondsBackAt(mapToScene(position).x());
}

void PanelPlot::mouseMoveEvent(QMouseEvent* event)
{
    const QPoint position = event->pos();
    Q_EMIT hovered(backAt(position));
    if (m_pressedAt) {
        const auto [newer, older] = std::minmax({ backAt(*m_pressedAt), backAt(position) });
        Q_EMIT dragged(older, newer);
        return;
    }
    const auto* flag = m_overlay->flagAt(mapToScene(position));
    if (flag == nullptr)
        QToolTip::hideText();
    else
        QToolTip::showText(mapToGlobal(position), Qt::convertFromPlainText(flag->text), this);
}

void PanelPlot::mousePressEvent(QMouseEvent* event)
{
    Q_EMIT pressed();
    if (event->button() == Qt::LeftButton)
        m_pressedAt = event->pos();
}

void PanelPlot::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_pressedAt || event->button() != Qt::LeftButton)
        return;
    const QPoint from = *m_pressedAt;
    m_pressedAt.reset();
    const QPoint to = event->pos();
    if ((to - from).manhattanLength() < QApplication::startDragDistance()) {
        if (const auto* flag = m_overlay->flagAt(mapToScene(to)))
            Q_EMIT flagClicked(*flag, mapToGlobal(to));
        else
            Q_EMIT clicked(backAt(to));
        return;
    }
    const auto [newer, older] = std::minmax({ backAt(from), backAt(to) });
    Q_EMIT rangeDropped(older, newer, mapToGlobal(to));
}

void PanelPlot::leaveEvent(QEvent* event)
{
    Q_EMIT hovered(std::nullopt);
    QChartView::leaveEvent(event);
}

} // namespace ui

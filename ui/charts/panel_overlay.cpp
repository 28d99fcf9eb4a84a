#include "charts/panel_overlay.h"

#include "theme/theme.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr double kFlagSize = 12;
constexpr double kGroundZ = 0.5; // above the chart's ground, below its series
constexpr float kFillOpacity = 0.12F; // of the selected line's colour: the grid stays readable

QString fitting(const QStringList& texts, const QFontMetricsF& metrics, double width)
{
    for (const auto& text : texts) {
        if (metrics.horizontalAdvance(text) <= width)
            return text;
    }
    return texts.isEmpty() ? QString {} : metrics.elidedText(texts.last(), Qt::ElideRight, width);
}

// A letter, not a colour: what a person did, what the engine tells, what somebody marked. The state
// of a shard has a shape instead.
QString letterOf(const Flag& flag)
{
    if (flag.count > 1)
        return QString::number(flag.count);
    switch (flag.kind) {
    case Flag::Kind::Action:
        return QStringLiteral("A");
    case Flag::Kind::State:
        return QStringLiteral("S");
    case Flag::Kind::Mark:
        return QStringLiteral("M");
    }
    return {};
}

} // namespace

// What the lines are drawn over.
class PanelOverlay::Ground final : public QGraphicsItem {
public:
    Ground(const PanelOverlay& overlay, QGraphicsItem* parent)
        : QGraphicsItem(parent)
        , m_overlay(overlay)
    {
        setZValue(kGroundZ);
        setAcceptedMouseButtons(Qt::NoButton);
    }
    void setBounds(const QRectF& bounds)
    {
        prepareGeometryChange();
        m_bounds = bounds;
    }
    QRectF boundingRect() const override { return m_bounds; }
    void paint(
        QPainter* painter, const QStyleOptionGraphicsItem* /*option*/, QWidget* /*widget*/) override
    {
        m_overlay.paintGround(*painter);
    }

private:
    const PanelOverlay& m_overlay;
    QRectF m_bounds;
};

PanelOverlay::PanelOverlay(const Theme& theme, QGraphicsItem* parent)
    : QGraphicsItem(parent)
    , m_theme(theme)
    , m_ground(new Ground(*this, parent))
{
    setZValue(100);
    setAcceptedMouseButtons(Qt::NoButton);
}

void PanelOverlay::setScale(const Scale& scale, const QRectF& bounds)
{
    if (bounds != m_bounds) {
        prepareGeometryChange();
        m_bounds = bounds;
        m_ground->setBounds(bounds);
    }
    m_scale = scale;
    update();
}

void PanelOverlay::setBackdrop(Backdrop backdrop)
{
    m_backdrop = std::move(backdrop);
    m_ground->update();
}

void PanelOverlay::setStale(bool isStale)
{
    m_isStale = isStale;
    update();
}

void PanelOverlay::setTimeLabels(const QStringList& labels)
{
    m_timeLabels = labels;
    update();
}

void PanelOverlay::setLineLabels(std::vector<LineLabel> labels)
{
    m_lineLabels = std::move(labels);
    update();
}

void PanelOverlay::setThreshold(std::optional<double> value, const QString& text)
{
    m_threshold = value;
    m_thresholdText = text;
    update();
}

void PanelOverlay::setFlags(FlagLayout layout)
{
    m_flags = std::move(layout);
    update();
}

void PanelOverlay::setCursor(std::optional<double> secondsBack, const QStringList& lines)
{
    m_cursor = secondsBack;
    m_cursorLines = lines;
    update();
}

void PanelOverlay::setSelectedRange(std::optional<std::pair<double, double>> secondsBack)
{
    m_range = secondsBack;
    update();
}

void PanelOverlay::setNotice(const QString& text)
{
    m_notice = text;
    update();
}

double PanelOverlay::xOf(double secondsBack) const
{
    return m_scale.plot.right() - m_scale.plot.width() * secondsBack / m_scale.spanSeconds;
}

double PanelOverlay::secondsBackAt(double x) const
{
    const double share = (m_scale.plot.right() - x) / std::max(1.0, m_scale.plot.width());
    return std::clamp(share, 0.0, 1.0) * m_scale.spanSeconds;
}

double PanelOverlay::yOf(double value) const
{
    double share = value / m_scale.top;
    if (m_scale.isLogarithmic) // values below 1 are drawn at 1
        share = std::log(std::max(1.0, value)) / std::log(m_scale.top);
    return m_scale.plot.bottom() - m_scale.plot.height() * std::clamp(share, 0.0, 1.0);
}

const Flag* PanelOverlay::flagAt(const QPointF& scenePosition) const
{
    for (const auto& flag : m_flags.flags) {
        const QRectF box(xOf(flag.secondsBack) - kFlagSize / 2, m_scale.plot.top() - kFlagSize,
            kFlagSize, kFlagSize * 2);
        if (box.contains(scenePosition))
            return &flag;
    }
    return nullptr;
}

void PanelOverlay::paint(
    QPainter* painter, const QStyleOptionGraphicsItem* /*option*/, QWidget* /*widget*/)
{
    painter->setFont(m_theme.captionFont());
    paintRange(*painter);
    paintAxes(*painter);
    if (!m_notice.isEmpty()) {
        QRectF ground(QPointF(), QFontMetricsF(painter->font()).size(0, m_notice));
        ground.moveCenter(m_scale.plot.center());
        painter->fillRect(ground.adjusted(-8, -2, 8, 2), m_theme.color(Token::Surface));
        painter->setPen(m_theme.color(Token::TextSecondary));
        painter->drawText(m_scale.plot, static_cast<int>(Qt::AlignCenter), m_notice);
        return;
    }
    paintThreshold(*painter);
    paintFlags(*painter);
    paintLineLabels(*painter);
    paintCursor(*painter);
}

std::vector<double> PanelOverlay::ticks() const
{
    if (m_scale.isLogarithmic)
        return { 1, std::sqrt(std::max(10.0, m_scale.end)), std::max(10.0, m_scale.end) };
    return { 0, m_scale.end / 2, m_scale.end };
}

void PanelOverlay::paintGround(QPainter& painter) const
{
    painter.setRenderHint(QPainter::Antialiasing, false); // of areas nobody sees the edges
    paintAreas(painter);
    painter.setPen(QPen(m_theme.color(Token::GridLine), 1));
    for (const double tick : ticks()) {
        const double y = std::round(yOf(tick)) + 0.5;
        painter.drawLine(QPointF(m_scale.plot.left(), y), QPointF(m_scale.plot.right(), y));
    }
    paintSpans(painter);
}

QPolygonF PanelOverlay::area(const QList<QPointF>& low, const QList<QPointF>& high) const
{
    QPolygonF points;
    points.reserve(low.size() + high.size());
    for (const auto& point : high)
        points << QPointF(xOf(-point.x()), yOf(point.y()));
    for (auto point = low.crbegin(); point != low.crend(); ++point)
        points << QPointF(xOf(-point->x()), yOf(point->y()));
    return points;
}

void PanelOverlay::paintAreas(QPainter& painter) const
{
    painter.save();
    painter.setClipRect(m_scale.plot);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.color(Token::Band));
    for (std::size_t i = 0; i < m_backdrop.bandLow.size(); ++i)
        painter.drawPolygon(area(m_backdrop.bandLow[i], m_backdrop.bandHigh[i]));
    QColor fill = m_theme.compareColor(0);
    painter.setBrush(QBrush(fill, Qt::BDiagPattern));
    for (std::size_t i = 0; i < m_backdrop.stackedLow.size(); ++i)
        painter.drawPolygon(area(m_backdrop.stackedLow[i], m_backdrop.stackedHigh[i]));
    fill.setAlphaF(kFillOpacity);
    painter.setBrush(fill);
    for (const auto& line : m_backdrop.filled) {
        if (!line.isEmpty())
            painter.drawPolygon(area({ { line.first().x(), 0 }, { line.last().x(), 0 } }, line));
    }
    painter.restore();
}

void PanelOverlay::paintAxes(QPainter& painter) const
{
    const QFontMetricsF metrics(painter.font());
    const QRectF& plot = m_scale.plot;
    painter.setPen(m_theme.color(Token::TextSecondary));
    for (const double tick : ticks()) {
        const QRectF box(
            0, yOf(tick) - metrics.height() / 2, plot.left() - kSpaceSmall, metrics.height());
        painter.drawText(box, static_cast<int>(Qt::AlignRight | Qt::AlignVCenter),
            tick == 0 ? QStringLiteral("0") : axisLabel(tick, m_scale.unit));
    }
    const double span = m_scale.spanSeconds;
    QStringList labels = m_timeLabels;
    if (labels.isEmpty()) {
        const auto back
            = [&](double seconds) { return u'−' + axisLabel(seconds, AxisUnit::Seconds); };
        labels = { back(span), back(span * 2 / 3), back(span / 3), tr("now") };
    }
    double widest = 0;
    for (const auto& label : labels)
        widest = std::max(widest, metrics.horizontalAdvance(label));
    const double room = plot.width() / static_cast<double>(labels.size() - 1);
    // The outer labels are pushed inwards by half their width. In a narrow panel the ends say
    // enough.
    if (room < 1.5 * widest + kSpaceSmall)
        labels = { labels.first(), labels.last() };
    for (qsizetype i = 0; i < labels.size(); ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(labels.size() - 1);
        const double x = plot.left() + plot.width() * share;
        const double width = metrics.horizontalAdvance(labels.at(i));
        const double left = std::clamp(x - width / 2, plot.left(), plot.right() - width);
        painter.drawText(QPointF(left, plot.bottom() + metrics.ascent() + 2), labels.at(i));
    }
}

void PanelOverlay::paintSpans(QPainter& painter) const
{
    for (const auto& span : m_flags.spans) {
        QRectF area(QPointF(xOf(span.fromBack), m_scale.plot.top()),
            QPointF(xOf(span.toBack), m_scale.plot.bottom()));
        switch (span.kind) {
        case FlagSpan::Kind::Pause:
            painter.fillRect(area, QBrush(m_theme.color(Token::GridLine), Qt::BDiagPattern));
            break;
        case FlagSpan::Kind::Replay:
            area.setTop(area.bottom() - 4);
            painter.fillRect(area, m_theme.color(Token::Band));
            break;
        case FlagSpan::Kind::Trial:
            painter.setPen(QPen(m_theme.color(Token::ControlBorder), 1, Qt::DotLine));
            painter.drawLine(area.topLeft(), area.bottomLeft());
            painter.drawLine(area.topLeft(), area.topRight());
            painter.drawLine(area.topRight(), area.bottomRight());
            break;
        }
    }
}

void PanelOverlay::paintRange(QPainter& painter) const
{
    if (!m_range)
        return;
    QColor color = m_theme.color(Token::SelectionBackground);
    color.setAlphaF(0.6F);
    painter.fillRect(QRectF(QPointF(xOf(m_range->first), m_scale.plot.top()),
                         QPointF(xOf(m_range->second), m_scale.plot.bottom())),
        color);
}

void PanelOverlay::paintThreshold(QPainter& painter) const
{
    if (!m_threshold || *m_threshold > m_scale.end)
        return;
    const double y = std::round(yOf(*m_threshold)) + 0.5;
    painter.setPen(QPen(m_theme.color(Token::TextSecondary), 1, Qt::DashLine));
    painter.drawLine(QPointF(m_scale.plot.left(), y), QPointF(m_scale.plot.right(), y));
    // At the left end and on a ground of its own, so that neither lines nor ticks cross it.
    const QFontMetricsF metrics(painter.font());
    const bool hasRoomAbove = y - m_scale.plot.top() > metrics.height() + 2;
    const QRectF box(m_scale.plot.left() + kSpaceSmall,
        hasRoomAbove ? y - metrics.height() - 1 : y + 2, metrics.horizontalAdvance(m_thresholdText),
        metrics.height());
    QColor ground = m_theme.color(Token::Surface);
    ground.setAlphaF(0.8F);
    painter.fillRect(box, ground);
    painter.setPen(m_theme.color(Token::TextSecondary));
    painter.drawText(box, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter), m_thresholdText);
}

void PanelOverlay::paintLineLabels(QPainter& painter) const
{
    // Placed from the top down, each at least a line below the one before; when that runs out of
    // the plot the whole column moves up.
    auto labels = m_lineLabels;
    std::sort(labels.begin(), labels.end(),
        [](const LineLabel& a, const LineLabel& b) { return a.value > b.value; });
    const QFontMetricsF metrics(m_theme.captionFont());
    const double line = metrics.height() - 1;
    std::vector<double> centers;
    for (const auto& label : labels) {
        const double y = yOf(label.value);
        centers.push_back(centers.empty() ? y : std::max(y, centers.back() + line));
    }
    const double lowest = m_scale.plot.bottom() - line / 2 + 2;
    for (std::size_t i = centers.size(); i-- > 0;) {
        const double limit = lowest - line * static_cast<double>(centers.size() - 1 - i);
        centers[i] = std::min(centers[i], limit);
    }
    const double left = m_scale.plot.right() + kSpaceSmall;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        QFont font = m_theme.captionFont();
        font.setBold(labels[i].isBold);
        painter.setFont(font);
        painter.setPen(m_isStale ? m_theme.color(Token::TextDisabled) : labels[i].color);
        const QRectF box(
            left, centers[i] - line / 2, m_bounds.right() - left - 2, metrics.height());
        painter.drawText(box, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter),
            fitting(labels[i].texts, QFontMetricsF(font), box.width()));
    }
    painter.setFont(m_theme.captionFont());
}

void PanelOverlay::paintFlags(QPainter& painter) const
{
    for (const auto& flag : m_flags.flags) {
        const double x = xOf(flag.secondsBack);
        const QRectF box(x - kFlagSize / 2, m_scale.plot.top() - 2, kFlagSize, kFlagSize);
        painter.setPen(QPen(m_theme.color(Token::ControlBorder), 1, Qt::DotLine));
        painter.drawLine(QPointF(x, box.bottom()), QPointF(x, m_scale.plot.bottom()));
        painter.setPen(QPen(m_theme.color(Token::ControlBorder), 1));
        painter.setBrush(m_theme.color(Token::Raised));
        painter.drawRect(box);
        painter.setBrush(Qt::NoBrush);
        if (flag.status && flag.count == 1) {
            m_theme.paintStatus(painter, box.adjusted(1, 1, -1, -1), *flag.status);
            continue;
        }
        painter.setPen(m_theme.color(Token::Text));
        painter.drawText(box, static_cast<int>(Qt::AlignCenter), letterOf(flag));
    }
}

void PanelOverlay::paintCursor(QPainter& painter) const
{
    if (!m_cursor)
        return;
    const double x = std::round(xOf(*m_cursor)) + 0.5;
    painter.setPen(QPen(m_theme.color(Token::Text), 1));
    painter.drawLine(QPointF(x, m_scale.plot.top()), QPointF(x, m_scale.plot.bottom()));
    if (m_cursorLines.isEmpty())
        return;
    const QFontMetricsF metrics(painter.font());
    double width = 0;
    for (const auto& line : m_cursorLines)
        width = std::max(width, metrics.horizontalAdvance(line));
    const QSizeF size(width + 2 * kSpaceSmall,
        metrics.height() * static_cast<double>(m_cursorLines.size()) + kSpaceSmall);
    // On the side of the line that has room.
    const bool isRight = x + kSpace + size.width() < m_bounds.right();
    const QRectF box(
        QPointF(isRight ? x + kSpaceSmall : x - kSpaceSmall - size.width(), m_scale.plot.top()),
        size);
    painter.setPen(QPen(m_theme.color(Token::ControlBorder), 1));
    painter.setBrush(m_theme.color(Token::Raised));
    painter.drawRect(box);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(m_theme.color(Token::Text));
    painter.drawText(box.adjusted(kSpaceSmall, 2, -kSpaceSmall, -2),
        static_cast<int>(Qt::AlignLeft | Qt::AlignTop), m_cursorLines.join(u'\n'));
}

} // namespace ui

#include "inspector/marker_slider.h"

#include "theme/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QStringList>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace ui {
namespace {

constexpr int kMargin = 9; // the thumb's half width and its focus ring
constexpr int kThumb = 7; // radius
constexpr int kHeight = 38;
constexpr int kCatch = 5; // pixels within which a mark answers for its tooltip

} // namespace

MarkerSlider::MarkerSlider(const Theme& theme, QWidget* parent)
    : QAbstractSlider(parent)
    , m_theme(theme)
{
    setOrientation(Qt::Horizontal);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setRange(1, kLinearMax);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void MarkerSlider::setMarks(const Marks& marks)
{
    if (marks == m_marks)
        return;
    m_marks = marks;
    QStringList said;
    if (marks.now)
        said += tr("now %1").arg(valueText(*marks.now));
    if (marks.configured)
        said += tr("configured %1").arg(valueText(*marks.configured));
    if (marks.ceiling)
        said += tr("ceiling %1, %2").arg(valueText(*marks.ceiling), marks.ceilingSource);
    setAccessibleDescription(said.join(QStringLiteral("; ")));
    update();
}

void MarkerSlider::setScale(int scale)
{
    m_scale = std::max(1, scale);
    update();
}

QString MarkerSlider::valueText(int value) const
{
    const QLocale locale;
    if (m_scale == 1)
        return locale.toString(value);
    QString text = locale.toString(static_cast<double>(value) / m_scale, 'f', 3);
    while (text.endsWith(u'0'))
        text.chop(1);
    if (text.endsWith(locale.decimalPoint()))
        text.chop(locale.decimalPoint().size());
    return text;
}

bool MarkerSlider::isLogarithmic() const { return maximum() / m_scale > kLinearMax; }

double MarkerSlider::positionOf(int value) const
{
    const double from = kMargin;
    const double span = std::max(1, width() - 2 * kMargin);
    const int clamped = std::clamp(value, minimum(), maximum());
    if (maximum() <= minimum())
        return from;
    if (!isLogarithmic()) {
        return from
            + span * static_cast<double>(clamped - minimum())
            / static_cast<double>(maximum() - minimum());
    }
    const double low = std::log(std::max(1, minimum()));
    const double high = std::log(maximum());
    return from + span * (std::log(std::max(1, clamped)) - low) / (high - low);
}

int MarkerSlider::valueAt(double x) const
{
    const double span = std::max(1, width() - 2 * kMargin);
    const double share = std::clamp((x - kMargin) / span, 0.0, 1.0);
    double value = minimum() + share * (maximum() - minimum());
    if (isLogarithmic()) {
        const double low = std::log(std::max(1, minimum()));
        const double high = std::log(maximum());
        value = std::exp(low + share * (high - low));
    }
    return std::clamp(static_cast<int>(std::lround(value)), minimum(), maximum());
}

QSize MarkerSlider::sizeHint() const { return { 260, kHeight }; }
QSize MarkerSlider::minimumSizeHint() const { return { 120, kHeight }; }

int MarkerSlider::axisY() const { return 11; }

void MarkerSlider::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintAxis(painter);
    paintTicks(painter);
    paintMarks(painter);
    paintThumb(painter);
}

void MarkerSlider::paintAxis(QPainter& painter) const
{
    const QColor line = m_theme.color(isEnabled() ? Token::ControlBorder : Token::GridLine);
    painter.setPen(QPen(line, 2, Qt::SolidLine, Qt::FlatCap));
    const double end = m_marks.ceiling ? positionOf(*m_marks.ceiling) : positionOf(maximum());
    painter.drawLine(QPointF(kMargin, axisY()), QPointF(end, axisY()));
    if (m_marks.ceiling && *m_marks.ceiling < maximum()) {
        // What lies above the ceiling is there, but it is not meant to be used.
        painter.setPen(QPen(line, 2, Qt::DotLine, Qt::FlatCap));
        painter.drawLine(QPointF(end, axisY()), QPointF(width() - kMargin, axisY()));
    }
}

void MarkerSlider::paintTicks(QPainter& painter) const
{
    painter.setFont(m_theme.captionFont());
    painter.setPen(m_theme.color(isEnabled() ? Token::TextSecondary : Token::TextDisabled));
    const int top = axisY() + 12;
    const auto label = [&](int value, Qt::AlignmentFlag align) {
        const double x = positionOf(value);
        QRectF box(x - 40, top, 80, height() - top);
        if (align == Qt::AlignLeft)
            box.moveLeft(1);
        else if (align == Qt::AlignRight)
            box.moveRight(width() - 1);
        painter.drawText(box, align | Qt::AlignVCenter, valueText(value));
        return painter.fontMetrics().boundingRect(valueText(value)).width();
    };
    const int leftWidth = label(minimum(), Qt::AlignLeft);
    const int rightWidth = label(maximum(), Qt::AlignRight);
    if (!m_marks.ceiling || *m_marks.ceiling >= maximum())
        return;
    const double x = positionOf(*m_marks.ceiling);
    const double half
        = painter.fontMetrics().boundingRect(valueText(*m_marks.ceiling)).width() / 2.0;
    if (x - half > leftWidth + 8 && x + half < width() - rightWidth - 8)
        label(*m_marks.ceiling, Qt::AlignHCenter);
}

void MarkerSlider::paintMarks(QPainter& painter) const
{
    const QColor text = m_theme.color(isEnabled() ? Token::Text : Token::TextDisabled);
    painter.setPen(Qt::NoPen);
    painter.setBrush(text);
    if (m_marks.ceiling) {
        const double x = positionOf(*m_marks.ceiling);
        painter.drawRect(QRectF(x - 1.5, axisY() - 9, 3, 18));
    }
    if (m_marks.configured) {
        const double x = positionOf(*m_marks.configured);
        const std::array<QPointF, 3> triangle { QPointF(x, axisY() + 3),
            QPointF(x - 5, axisY() + 12), QPointF(x + 5, axisY() + 12) };
        painter.drawPolygon(triangle.data(), static_cast<int>(triangle.size()));
    }
    if (m_marks.now) {
        painter.drawEllipse(QPointF(positionOf(*m_marks.now), axisY()), 3.5, 3.5);
    }
}

void MarkerSlider::paintThumb(QPainter& painter) const
{
    if (m_marks.isMixed && !m_marks.isStaged)
        return;
    const QPointF center(positionOf(value()), axisY());
    const QColor accent = m_theme.color(isEnabled() ? Token::Accent : Token::TextDisabled);
    painter.setPen(QPen(accent, 2));
    QColor inside = m_theme.color(Token::Raised);
    inside.setAlphaF(m_marks.isStaged ? 1.0F : 0.0F);
    painter.setBrush(inside);
    painter.drawEllipse(center, kThumb - 1, kThumb - 1);
    if (m_marks.isStaged) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(accent);
        painter.drawEllipse(center, kThumb - 3.5, kThumb - 3.5);
    }
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(accent, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 3, 3);
    }
}

void MarkerSlider::moveTo(int value)
{
    // Where several shards differ, the first touch stages even the value that the thumb has.
    const bool isFirstTouch = m_marks.isMixed && !m_marks.isStaged;
    const int wanted = std::clamp(value, minimum(), maximum());
    if (wanted == this->value() && isFirstTouch)
        Q_EMIT valueChanged(wanted);
    else
        setValue(wanted);
}

void MarkerSlider::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    setSliderDown(true);
    moveTo(valueAt(event->position().x()));
}

void MarkerSlider::mouseMoveEvent(QMouseEvent* event)
{
    if (isSliderDown())
        moveTo(valueAt(event->position().x()));
}

void MarkerSlider::mouseReleaseEvent(QMouseEvent* /*event*/) { setSliderDown(false); }

void MarkerSlider::keyPressEvent(QKeyEvent* event)
{
    const int step = std::max(1, singleStep());
    const int tenth = std::max(step, value() / 10);
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Down:
        return moveTo(value() - step);
    case Qt::Key_Right:
    case Qt::Key_Up:
        return moveTo(value() + step);
    case Qt::Key_PageDown:
        return moveTo(value() - tenth);
    case Qt::Key_PageUp:
        return moveTo(value() + tenth);
    case Qt::Key_Home:
        return moveTo(minimum());
    case Qt::Key_End:
        return moveTo(maximum());
    default:
        QAbstractSlider::keyPressEvent(event);
    }
}

// The inspector scrolls; a wheel that happens to pass over a slider must not tune a platform.
void MarkerSlider::wheelEvent(QWheelEvent* event) { event->ignore(); }

QString MarkerSlider::toolTipAt(const QPoint& position) const
{
    const auto isNear = [&](const std::optional<int>& mark) {
        return mark && std::abs(positionOf(*mark) - position.x()) <= kCatch;
    };
    QStringList lines;
    if (isNear(m_marks.ceiling))
        lines += tr("Ceiling %1: %2").arg(valueText(*m_marks.ceiling), m_marks.ceilingSource);
    if (isNear(m_marks.configured))
        lines += tr("Configured: %1").arg(valueText(*m_marks.configured));
    if (isNear(m_marks.now))
        lines += tr("In force now: %1").arg(valueText(*m_marks.now));
    if (lines.isEmpty())
        lines += valueText(valueAt(position.x()));
    return lines.join(u'\n');
}

bool MarkerSlider::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), toolTipAt(help->pos()), this);
        return true;
    }
    return QAbstractSlider::event(event);
}

} // namespace ui

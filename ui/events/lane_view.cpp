#include "events/lane_view.h"

#include "format/format.h"
#include "theme/theme.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace ui {
namespace {

constexpr int kNameWidth = 170;
constexpr int kCaptionHeight = 20;
constexpr double kReach = 10; // of the mouse around a mark
constexpr double kTrailWidth = 2;

// A wait of an hour beside answers of a tenth of a second: the logarithm of each gap keeps both
// visible and the order true.
std::vector<double> placesOf(const std::vector<EventStep>& steps)
{
    std::vector<double> places(steps.size(), 0);
    for (std::size_t i = 1; i < steps.size(); ++i) {
        const std::chrono::duration<double, std::milli> gap = steps[i].at - steps[i - 1].at;
        places[i] = places[i - 1] + 1 + std::log10(1 + std::max(0.0, gap.count()));
    }
    const double whole = places.empty() ? 0 : places.back();
    for (double& place : places)
        place = whole > 0 ? place / whole : 0.5;
    return places;
}

Status statusOf(EventStep::Kind kind)
{
    switch (kind) {
    case EventStep::Kind::Accepted:
    case EventStep::Kind::Delivered:
        return Status::Normal;
    case EventStep::Kind::Failed:
    case EventStep::Kind::Dead:
        return Status::Critical;
    case EventStep::Kind::Throttled:
        return Status::High;
    case EventStep::Kind::GivenBack:
        return Status::Recovering;
    case EventStep::Kind::Waiting:
        return Status::Operator;
    case EventStep::Kind::InFlight:
    case EventStep::Kind::NotRouted:
        return Status::Idle;
    }
    return Status::NoData;
}

} // namespace

LaneView::LaneView(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("events_lanes"));
    setAccessibleName(tr("Lanes of the event"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void LaneView::setSteps(std::vector<EventStep> steps, const QStringList& lanes)
{
    m_steps = std::move(steps);
    m_places = placesOf(m_steps);
    m_lanes = lanes;
    QStringList spoken;
    for (const EventStep& step : m_steps)
        spoken += QStringLiteral("%1 %2 %3").arg(formatClock(step.at), step.where, step.what);
    setAccessibleDescription(spoken.join(QStringLiteral("; ")));
    setMinimumHeight(sizeHint().height());
    updateGeometry();
    update();
}

int LaneView::laneHeight() const { return m_theme.rowHeight() + kSpaceSmall; }

QSize LaneView::sizeHint() const
{
    return { 480, kCaptionHeight + laneHeight() * static_cast<int>(m_lanes.size()) };
}

QPointF LaneView::placeOf(int step) const
{
    const auto index = static_cast<std::size_t>(step);
    const double room = width() - kNameWidth - 2 * kSpaceLarge;
    return { kNameWidth + kSpaceLarge + m_places[index] * room,
        kCaptionHeight + laneHeight() * (m_steps[index].lane + 0.5) };
}

void LaneView::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int lane = 0; lane < static_cast<int>(m_lanes.size()); ++lane) {
        const QRect row(0, kCaptionHeight + lane * laneHeight(), width(), laneHeight());
        painter.setPen(m_theme.color(Token::Text));
        painter.drawText(row.adjusted(kSpaceSmall, 0, kNameWidth - width(), 0),
            Qt::AlignLeft | Qt::AlignVCenter,
            fontMetrics().elidedText(m_lanes.at(lane), Qt::ElideMiddle, kNameWidth - kSpace));
        painter.setPen(m_theme.color(Token::GridLine));
        painter.drawLine(
            QPoint(kNameWidth, row.center().y()), QPoint(width() - kSpaceSmall, row.center().y()));
        paintTrail(painter, lane);
    }
    painter.setFont(m_theme.captionFont());
    double captionEnd = 0;
    for (int i = 0; i < static_cast<int>(m_steps.size()); ++i) {
        const QPointF place = placeOf(i);
        paintMark(painter, m_steps[static_cast<std::size_t>(i)], place);
        const QString clock = formatClock(m_steps[static_cast<std::size_t>(i)].at);
        const int captionWidth = painter.fontMetrics().horizontalAdvance(clock);
        const double left
            = std::min(place.x() - captionWidth / 2.0, static_cast<double>(width() - captionWidth));
        if (left < captionEnd + kSpace)
            continue; // it would cover the one before; the tooltip has it
        painter.setPen(m_theme.color(Token::TextSecondary));
        painter.drawText(QPointF(left, kCaptionHeight - kSpaceSmall), clock);
        captionEnd = left + captionWidth;
    }
}

// From acceptance to where the delivery stands, with a word behind each mark that has room.
void LaneView::paintTrail(QPainter& painter, int lane) const
{
    std::vector<int> marks;
    for (int i = 0; i < static_cast<int>(m_steps.size()); ++i) {
        if (m_steps[static_cast<std::size_t>(i)].lane == lane)
            marks.push_back(i);
    }
    if (marks.empty())
        return;
    const bool isRouted
        = m_steps[static_cast<std::size_t>(marks.front())].kind != EventStep::Kind::NotRouted;
    if (isRouted) {
        QPointF from = placeOf(marks.back());
        from.setX(placeOf(0).x());
        painter.setPen(QPen(m_theme.color(Token::TextSecondary), kTrailWidth));
        painter.drawLine(from, placeOf(marks.back()));
    }
    painter.save();
    painter.setFont(m_theme.captionFont());
    painter.setPen(m_theme.color(Token::Text));
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const EventStep& step = m_steps[static_cast<std::size_t>(marks[i])];
        const QString text = step.kind == EventStep::Kind::NotRouted
            ? step.what + QStringLiteral(": ") + step.message
            : step.what;
        const double left = placeOf(marks[i]).x() + kShapeSize / 2.0 + kSpaceSmall;
        const double right = i + 1 < marks.size()
            ? placeOf(marks[i + 1]).x() - kShapeSize / 2.0 - kSpaceSmall
            : static_cast<double>(width() - kSpaceSmall);
        const int wanted = painter.fontMetrics().horizontalAdvance(text);
        const QRectF box(
            left, placeOf(marks[i]).y() - laneHeight() / 2.0, wanted + kSpaceSmall, laneHeight());
        if (left + wanted > right)
            continue; // the table and the tooltip have it
        painter.fillRect(box.adjusted(0, kSpaceSmall, 0, -kSpaceSmall), palette().window());
        painter.drawText(box, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter), text);
    }
    painter.restore();
}

void LaneView::paintMark(QPainter& painter, const EventStep& step, const QPointF& place) const
{
    const QRectF square(
        place.x() - kShapeSize / 2.0, place.y() - kShapeSize / 2.0, kShapeSize, kShapeSize);
    painter.fillRect(square.adjusted(-1, -1, 1, 1), palette().window());
    m_theme.paintStatus(painter, square, statusOf(step.kind));
}

int LaneView::stepAt(const QPointF& position) const
{
    for (int i = 0; i < static_cast<int>(m_steps.size()); ++i) {
        if ((placeOf(i) - position).manhattanLength() <= kReach)
            return i;
    }
    return -1;
}

void LaneView::mousePressEvent(QMouseEvent* event)
{
    const int step = stepAt(event->position());
    if (step >= 0)
        Q_EMIT stepChosen(step);
}

bool LaneView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int index = stepAt(help->pos());
    if (index < 0) {
        QToolTip::hideText();
        return true;
    }
    const EventStep& step = m_steps[static_cast<std::size_t>(index)];
    // Rich text would be guessed from what a platform wrote.
    const QString text
        = QStringLiteral("%1\n%2 · %3 %4\n%5")
              .arg(formatUtc(step.at), step.where, step.what, step.http, step.message);
    QToolTip::showText(help->globalPos(),
        QStringLiteral("<p style='white-space:pre'>%1</p>").arg(text.toHtmlEscaped()), this);
    return true;
}

} // namespace ui

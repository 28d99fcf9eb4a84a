#include "overview/shard_delegate.h"

#include "models/shard_table_model.h"
#include "theme/theme.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr int kBarWidth = 3;
constexpr int kIndent = 16;
// A trend is drawn up to its own highest value, but never to less than this: the noise of a queue
// that is all but empty would look like trouble.
constexpr float kDepthTop = 100; // events
constexpr float kLagTop = 10; // seconds

} // namespace

ShardDelegate::ShardDelegate(const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
{
}

QSize ShardDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    return { QStyledItemDelegate::sizeHint(option, index).width(), m_theme.rowHeight() };
}

void ShardDelegate::paint(
    QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const int column = index.column();
    // Not initStyleOption(): it asks the model for eight roles, and every cell is painted each
    // second. A row is focused as a whole: the ring belongs to the table, the selection to the row.
    QStyleOptionViewItem item = option;
    item.text = index.data(Qt::DisplayRole).toString();
    const bool isSelected = item.state.testFlag(QStyle::State_Selected);
    if (isSelected)
        painter->fillRect(item.rect, m_theme.color(Token::SelectionBackground));
    else if (index.data(ShardTableModel::ExpandRole).isValid())
        painter->fillRect(item.rect, m_theme.color(Token::Raised));
    painter->save();
    painter->setPen(m_theme.color(Token::GridLine));
    painter->drawLine(item.rect.bottomLeft(), item.rect.bottomRight());
    painter->restore();

    switch (column) {
    case ShardTableModel::State:
        paintState(*painter, item, index);
        return;
    case ShardTableModel::Shard:
        paintShard(*painter, item, index);
        return;
    case ShardTableModel::DepthTrend:
    case ShardTableModel::LagTrend:
        paintTrend(*painter, item.rect.adjusted(kSpaceSmall, 4, -kSpaceSmall, -4),
            index.data(ShardTableModel::TrendRole).value<QList<float>>(),
            column == ShardTableModel::DepthTrend ? kDepthTop : kLagTop);
        return;
    default:
        break;
    }
    painter->save();
    const auto font = index.data(Qt::FontRole).value<QFont>();
    painter->setFont(font);
    painter->setPen(index.data(Qt::ForegroundRole).value<QColor>());
    const QRect text = item.rect.adjusted(2, 0, -kSpace, 0);
    // Measuring a text costs as much as drawing it, and nearly all of them fit.
    const QFontMetrics metrics(font);
    const bool isSureToFit
        = item.text.size() * (metrics.horizontalAdvance(u'0') + 1) < text.width();
    painter->drawText(text, static_cast<int>(Qt::AlignRight | Qt::AlignVCenter),
        isSureToFit ? item.text : metrics.elidedText(item.text, Qt::ElideRight, text.width()));
    painter->restore();
}

void ShardDelegate::paintState(
    QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const auto status = static_cast<Status>(index.data(ShardTableModel::StatusRole).toInt());
    const QColor fill = m_theme.statusFill(status);
    const QRect& rect = option.rect;
    if (fill.isValid())
        painter.fillRect(QRect(rect.left(), rect.top(), kBarWidth, rect.height() - 1), fill);
    m_theme.paintStatus(
        painter, QRectF(rect.left() + kSpace, rect.top(), kShapeSize, rect.height()), status);
    painter.save();
    const bool isQuiet
        = status == Status::Normal || status == Status::Idle || status == Status::Recovering;
    QFont font = isQuiet ? m_theme.bodyFont() : m_theme.boldFont();
    font.setUnderline(index.data(ShardTableModel::IsNewStateRole).toBool());
    painter.setFont(font);
    painter.setPen(m_theme.color(Token::Text));
    const QRect text = rect.adjusted(2 * kSpace + kShapeSize - 2, 0, -kSpaceSmall, 0);
    painter.drawText(text, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter),
        QFontMetrics(font).elidedText(option.text, Qt::ElideRight, text.width()));
    painter.restore();
}

void ShardDelegate::paintShard(
    QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QRect rect = option.rect.adjusted(kSpaceSmall, 0, -kSpaceSmall, 0);
    const QVariant expanded = index.data(ShardTableModel::ExpandRole);
    painter.save();
    if (expanded.isValid()) {
        const QPointF center(rect.left() + 6, rect.center().y() + 0.5);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(m_theme.color(Token::TextSecondary), 1.6));
        const QPolygonF arrow = expanded.toBool()
            ? QPolygonF { { center + QPointF(-4, -2), center + QPointF(0, 2),
                center + QPointF(4, -2) } }
            : QPolygonF { { center + QPointF(-2, -4), center + QPointF(2, 0),
                center + QPointF(-2, 4) } };
        painter.drawPolyline(arrow);
        rect.adjust(kIndent, 0, 0, 0);
    } else if (index.data(ShardTableModel::LevelRole).toInt() > 0) {
        rect.adjust(kIndent, 0, 0, 0);
    }
    const QFont font = expanded.isValid() ? m_theme.boldFont() : m_theme.bodyFont();
    paintNote(painter, rect, index, QFontMetrics(font).horizontalAdvance(option.text));
    painter.setFont(font);
    painter.setPen(m_theme.color(Token::Text));
    painter.drawText(rect, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter),
        QFontMetrics(font).elidedText(option.text, Qt::ElideMiddle, rect.width()));
    painter.restore();
}

// The note stands at the right. Beside the name of a destination it is said shorter, or not at all;
// a flag of a shard is worth the middle of a long name.
void ShardDelegate::paintNote(
    QPainter& painter, QRect& rect, const QModelIndex& index, int nameWidth) const
{
    const QFontMetrics metrics(m_theme.captionFont());
    const int left = rect.width() - nameWidth - kSpace;
    QString note = index.data(ShardTableModel::NoteRole).toString();
    // Measured widths are rounded: one pixel less would cut the last letter.
    const auto widthOf
        = [&metrics](const QString& text) { return metrics.horizontalAdvance(text) + 1; };
    int room = std::min(widthOf(note), std::max(left, rect.width() / 2));
    if (index.data(ShardTableModel::ExpandRole).isValid()) {
        if (widthOf(note) >= left)
            note = index.data(ShardTableModel::ShortNoteRole).toString();
        room = widthOf(note);
        if (room >= left)
            return;
    }
    if (note.isEmpty())
        return;
    painter.setFont(m_theme.captionFont());
    painter.setPen(m_theme.color(Token::TextSecondary));
    painter.drawText(rect, static_cast<int>(Qt::AlignRight | Qt::AlignVCenter),
        metrics.elidedText(note, Qt::ElideRight, room));
    rect.adjust(0, 0, -room - kSpace, 0);
}

void ShardDelegate::paintTrend(
    QPainter& painter, const QRect& rect, const QList<float>& values, float topMin) const
{
    float highest = topMin;
    for (const float value : values) {
        if (!std::isnan(value))
            highest = std::max(highest, value);
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false); // 60 points a row, every second
    QPolygon line;
    const auto flush = [&] {
        if (line.size() > 1) {
            QPolygon area = line;
            area << QPoint(line.last().x(), rect.bottom() + 1)
                 << QPoint(line.first().x(), rect.bottom() + 1);
            painter.setPen(Qt::NoPen);
            painter.setBrush(m_theme.color(Token::Band));
            painter.drawPolygon(area);
            painter.setBrush(Qt::NoBrush);
        }
        painter.setPen(QPen(m_theme.color(Token::TextSecondary), 1));
        if (line.size() > 1)
            painter.drawPolyline(line);
        else if (line.size() == 1)
            painter.drawPoint(line.first());
        line.clear();
    };
    for (qsizetype i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i])) {
            flush();
            continue;
        }
        const auto share = static_cast<double>(values[i] / highest);
        line << QPoint(rect.left()
                + static_cast<int>(
                    i * (rect.width() - 1) / std::max<qsizetype>(1, values.size() - 1)),
            rect.bottom() - static_cast<int>(std::lround(share * (rect.height() - 1))));
    }
    flush();
    painter.restore();
}

} // namespace ui

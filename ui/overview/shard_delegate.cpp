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
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    // A row is focused as a whole: the ring belongs to the table, the selection to the row.
    item.state.setFlag(QStyle::State_HasFocus, false);
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
        paintTrend(*painter, item.rect.adjusted(kSpaceSmall, 4, -kSpaceSmall, -5),
            index.data(ShardTableModel::TrendRole).value<QList<float>>());
        return;
    default:
        break;
    }
    painter->save();
    painter->setFont(item.font);
    painter->setPen(index.data(Qt::ForegroundRole).value<QColor>());
    const QRect text = item.rect.adjusted(2, 0, -kSpace, 0);
    painter->drawText(text, static_cast<int>(Qt::AlignRight | Qt::AlignVCenter),
        QFontMetrics(item.font).elidedText(item.text, Qt::ElideRight, text.width()));
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
    painter.setFont(font);
    painter.setPen(m_theme.color(Token::Text));
    painter.drawText(rect, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter),
        QFontMetrics(font).elidedText(option.text, Qt::ElideMiddle, rect.width()));
    const QString note = index.data(ShardTableModel::NoteRole).toString();
    if (!note.isEmpty()) {
        const int used = QFontMetrics(font).horizontalAdvance(option.text) + kSpaceLarge;
        painter.setFont(m_theme.bodyFont());
        painter.setPen(m_theme.color(Token::TextSecondary));
        painter.drawText(rect.adjusted(used, 0, 0, 0),
            static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter),
            QFontMetrics(m_theme.bodyFont()).elidedText(note, Qt::ElideRight, rect.width() - used));
    }
    painter.restore();
}

void ShardDelegate::paintTrend(
    QPainter& painter, const QRect& rect, const QList<float>& values) const
{
    float highest = 0;
    for (const float value : values) {
        if (!std::isnan(value))
            highest = std::max(highest, value);
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false); // 60 points a row, every second
    painter.setPen(QPen(m_theme.color(Token::TextSecondary), 1));
    QPolygon line;
    const auto flush = [&] {
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
        const double share = highest > 0 ? static_cast<double>(values[i] / highest) : 0;
        line << QPoint(rect.left()
                + static_cast<int>(
                    i * (rect.width() - 1) / std::max<qsizetype>(1, values.size() - 1)),
            rect.bottom() - static_cast<int>(std::lround(share * (rect.height() - 1))));
    }
    flush();
    painter.restore();
}

} // namespace ui

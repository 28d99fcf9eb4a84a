#include "dlq/trend_delegate.h"

#include "theme/theme.h"

#include <QPainter>

#include <algorithm>

namespace ui {

void TrendDelegate::paint(
    QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyledItemDelegate::paint(painter, option, index); // background, selection, focus
    const QVariantList values = index.data(m_role).toList();
    if (values.isEmpty())
        return;
    qlonglong most = 1;
    for (const QVariant& value : values)
        most = std::max(most, value.toLongLong());
    const QRect area = option.rect.adjusted(kSpaceSmall, 3, -kSpaceSmall, -3);
    const double width = static_cast<double>(area.width()) / static_cast<double>(values.size());
    painter->save();
    painter->setPen(Qt::NoPen);
    painter->setBrush(m_theme.color(Token::TextSecondary));
    for (int i = 0; i < values.size(); ++i) {
        const double share = values.at(i).toDouble() / static_cast<double>(most);
        // One failure in a slot beside ten thousand in another is still seen.
        const double height = share > 0 ? std::max(2.0, share * area.height()) : 1.0;
        painter->drawRect(QRectF(area.left() + i * width, area.bottom() + 1 - height,
            std::max(1.0, width - 0.5), height));
    }
    painter->restore();
}

} // namespace ui

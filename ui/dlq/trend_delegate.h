// Draws how many entries of a group came when: one bar for every slot, as high as its share of the
// highest. GUI thread.
#pragma once

#include <QStyledItemDelegate>

namespace ui {

class Theme;

// Reads a list of numbers, oldest first, from `role`. Nothing at all is drawn as a line at the
// bottom, which is what it means; an empty list stays empty.
class TrendDelegate final : public QStyledItemDelegate {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TrendDelegate)
public:
    TrendDelegate(const Theme& theme, int role, QObject* parent = nullptr)
        : QStyledItemDelegate(parent)
        , m_theme(theme)
        , m_role(role)
    {
    }
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override;

private:
    const Theme& m_theme;
    int m_role;
};

} // namespace ui

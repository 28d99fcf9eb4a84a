// Paints the cells of the overview that are more than text: the state with its shape and bar, trend
// lines, and the arrow of destination rows.
#pragma once

#include <QStyledItemDelegate>

class QPainter;

namespace ui {

class Theme;

class ShardDelegate final : public QStyledItemDelegate {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShardDelegate)
public:
    explicit ShardDelegate(const Theme& theme, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintState(
        QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    void paintShard(
        QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) const;
    void paintNote(QPainter& painter, QRect& rect, const QModelIndex& index, int nameWidth) const;
    void paintTrend(
        QPainter& painter, const QRect& rect, const QList<float>& values, float topMin) const;

    const Theme& m_theme;
};

} // namespace ui

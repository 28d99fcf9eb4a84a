// The overview's table: fixed row height, columns to choose, sorting on the header, rows that keep
// still under the hand. GUI thread only.
#pragma once

#include "models/order_gate.h"
#include "models/shard_table_model.h"

#include <QTableView>

#include <optional>
#include <vector>

class QMenu;
class QSettings;

namespace ui {

class UiClock;

class ShardTableView final : public QTableView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShardTableView)
public:
    ShardTableView(Theme& theme, const UiClock& clock, QWidget* parent = nullptr);

    void setShardModel(ShardTableModel* model); // not owned
    [[nodiscard]] OrderGate& orderGate() { return m_gate; }
    [[nodiscard]] std::vector<engine::ShardId> selectedShards() const;
    void selectShards(const std::vector<engine::ShardId>& shards);
    void selectNextInTrouble(bool isForward);
    // A frame around one row, for somebody who is told about it; nothing: none.
    void setFramedShard(const std::optional<engine::ShardId>& shard);
    void copySelection() const; // cells as tab-separated text
    // What the mouse does with the titles, for whoever has none: order and columns.
    void addHeaderMenus(QMenu& menu);
    [[nodiscard]] QString shownRows() const; // the same of all rows, with titles
    void resetColumns();
    void saveColumns(QSettings& settings) const;
    void restoreColumns(QSettings& settings);

Q_SIGNALS:
    void shardsSelected(const std::vector<engine::ShardId>& shards);
    void shardOpened(const engine::ShardId& shard);
    void contextMenuWanted(const QPoint& globalPosition);

protected:
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void selectionChanged(
        const QItemSelection& selected, const QItemSelection& deselected) override;

private:
    void sortByHeader(int column);
    void paintFrame();
    [[nodiscard]] QString textOf(const QList<int>& rows, bool hasTitles) const;
    void showColumnMenu(const QPoint& position);
    void addColumns(QMenu& menu);
    void applyDensity();
    void fitColumns();
    void dropTrends();

    Theme& m_theme;
    const UiClock& m_clock;
    OrderGate m_gate;
    ShardTableModel* m_model { nullptr };
    std::optional<engine::ShardId> m_framed;
    bool m_isSelecting { false }; // selection set by the program: not reported
    bool m_hasOwnColumns { false };
    bool m_hasOwnWidths { false }; // the operator dragged a column: no fitting any more
    bool m_isFitting { false };
};

} // namespace ui

// The line above the overview's table: filter with its inline error, scope chips with counts,
// grouping, and the chip that says that the order has changed.
#pragma once

#include "models/shard_table_model.h"

#include <QStringList>
#include <QWidget>

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QToolButton;

namespace ui {

class Theme;

class OverviewToolbar final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OverviewToolbar)
public:
    OverviewToolbar(Theme& theme, QWidget* parent = nullptr);

    void setCounts(const ShardTableModel::Counts& counts);
    void setOrderStale(bool isStale);
    void setScope(ShardTableModel::Scope scope);
    void setFilterText(const QString& text);
    void setGrouped(bool isGrouped);
    [[nodiscard]] QString filterText() const;
    // Good filters that were left standing, newest first; at most ten, of this run only.
    [[nodiscard]] const QStringList& recentFilters() const { return m_recent; }
    void focusFilter();

Q_SIGNALS:
    void filterChanged(const ui::ShardFilter& filter);
    void scopeChanged(ui::ShardTableModel::Scope scope);
    void groupToggled(bool isGrouped);
    void resortWanted();

private:
    void applyText(const QString& text);
    void keepFilter();
    QToolButton* addChip(const QString& name, const QString& accessibleName);
    void refreshIcons();

    Theme& m_theme;
    QLineEdit* m_filter;
    QLabel* m_error;
    QToolButton* m_all { nullptr };
    QToolButton* m_attention { nullptr };
    QToolButton* m_paused { nullptr };
    QToolButton* m_resort { nullptr };
    QToolButton* m_group { nullptr };
    QHBoxLayout* m_row;
    QStringList m_recent;
};

} // namespace ui

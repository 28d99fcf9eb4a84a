// The numbers of one panel as a table: for reading exact values, for copying, for screen readers.
#pragma once

#include "charts/panel_data.h"

#include <engine/snapshot.h>

#include <QAbstractTableModel>
#include <QDialog>

class QTableView;

namespace ui {

class Theme;

class PanelTableModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PanelTableModel)
public:
    PanelTableModel(
        PanelData data, engine::Metric metric, engine::WallTime until, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override; // newest first
    int columnCount(const QModelIndex& parent = {}) const override; // time, then a line each
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    PanelData m_data;
    engine::Metric m_metric;
    engine::WallTime m_until;
};

// Non-modal; a picture of the moment it was opened. Deletes itself when closed.
class ChartTable final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChartTable)
public:
    ChartTable(const Theme& theme, PanelTableModel* model, const QString& title, QWidget* parent);
};

} // namespace ui

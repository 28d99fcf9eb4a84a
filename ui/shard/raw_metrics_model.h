// Every sample of one shard in the shown range, a column per metric, newest first. Holds copies of
// what it shows: at most 900 rows of ten floats. GUI thread only.
#pragma once

#include "charts/timeline.h"
#include "models/history_store.h"

#include <QAbstractTableModel>

#include <vector>

namespace ui {

class RawMetricsModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RawMetricsModel)
public:
    explicit RawMetricsModel(QObject* parent = nullptr);

    void setSamples(
        const HistoryStore& history, const engine::ShardId& shard, const TimeRange& range);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override; // time, then a metric each
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<std::vector<float>> m_columns; // oldest first
    engine::WallTime m_until {};
    engine::Seconds m_step { 1 };
    int m_rows { 0 };
};

} // namespace ui

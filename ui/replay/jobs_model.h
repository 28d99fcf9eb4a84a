// The replay jobs of the newest sample as a table. GUI thread; data() touches memory only.
#pragma once

#include "widgets/table_export.h"

#include <engine/snapshot.h>

#include <QAbstractTableModel>

#include <vector>

namespace ui {

class JobsModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobsModel)
public:
    enum Column {
        JobColumn,
        WhoColumn,
        ScopeColumn,
        StateColumn,
        DoneColumn,
        AcceptedColumn,
        FailedColumn,
        SkippedColumn,
        EtaColumn,
        ReasonColumn,
        kColumns
    };
    enum Role { IdRole = Qt::UserRole, StateRole, SortKeyRole, RawRole };

    explicit JobsModel(QObject* parent = nullptr)
        : QAbstractTableModel(parent)
    {
    }

    void setJobs(const std::vector<engine::ReplayJobSnapshot>& jobs); // newest first
    void setStale(bool isStale); // what still runs looks old
    [[nodiscard]] const engine::ReplayJobSnapshot* jobAt(int row) const;

    [[nodiscard]] ExportTable exportRows() const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(
        int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] static QString text(const engine::ReplayJobSnapshot& job, int column);

    std::vector<engine::ReplayJobSnapshot> m_jobs {};
    bool m_isStale { false };
};

} // namespace ui

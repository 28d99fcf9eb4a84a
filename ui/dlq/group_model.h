// Dead letters grouped by fingerprint: one row per cause. GUI thread; data() touches memory only.
#pragma once

#include <engine/pages.h>

#include <QAbstractTableModel>

#include <vector>

namespace ui {

class GroupModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(GroupModel)
public:
    enum Column {
        FingerprintColumn,
        CountColumn,
        TrendColumn,
        FirstColumn,
        LastColumn,
        ShardsColumn,
        StatusColumn,
        kColumns
    };
    // id: the fingerprint; trend: numbers, oldest first
    enum Role { IdRole = Qt::UserRole, StateRole, SortKeyRole, RawRole, TrendRole };

    explicit GroupModel(QObject* parent = nullptr)
        : QAbstractTableModel(parent)
    {
    }

    void setGroups(std::vector<engine::DeadLetterGroup> groups); // largest first
    [[nodiscard]] const engine::DeadLetterGroup* groupAt(int row) const;
    // The same group in the list as it is now; -1 when it is gone.
    [[nodiscard]] int rowOf(const engine::DeadLetterGroup& group) const;
    [[nodiscard]] std::int64_t total() const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(
        int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<engine::DeadLetterGroup> m_groups {};
};

} // namespace ui

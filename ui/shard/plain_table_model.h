// Rows of finished text: for short lists that are replaced as a whole. GUI thread only.
#pragma once

#include <QAbstractTableModel>
#include <QStringList>

#include <set>
#include <vector>

namespace ui {

class PlainTableModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PlainTableModel)
public:
    struct Row {
        QString id {}; // Qt::UserRole
        QStringList cells {};
        QString toolTip {};
        friend bool operator==(const Row&, const Row&) = default;
    };
    // `numeric`: columns that stand at the right.
    PlainTableModel(QStringList titles, std::set<int> numeric, QObject* parent = nullptr);

    // Keeps the selection where the number of rows is the same.
    void setRows(std::vector<Row> rows);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QStringList m_titles;
    std::set<int> m_numeric;
    std::vector<Row> m_rows;
};

} // namespace ui

#include "charts/chart_table.h"

#include "charts/nice_axis.h"
#include "format/format.h"
#include "theme/theme.h"
#include "widgets/cell_copy.h"

#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

#include <cmath>

namespace ui {

PanelTableModel::PanelTableModel(
    PanelData data, engine::Metric metric, engine::WallTime until, QObject* parent)
    : QAbstractTableModel(parent)
    , m_data(std::move(data))
    , m_metric(metric)
    , m_until(until)
{
}

int PanelTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || m_data.lines.empty()
        ? 0
        : static_cast<int>(m_data.lines.front().samples.size());
}

int PanelTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 1 + static_cast<int>(m_data.lines.size());
}

QVariant PanelTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            (index.column() == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    const double back = index.row() * m_data.stepSeconds;
    const auto time = m_until - std::chrono::microseconds { std::llround(back * 1'000'000) };
    if (index.column() == 0) {
        if (role == Qt::DisplayRole)
            return formatClock(time);
        return role == Qt::ToolTipRole ? QVariant(formatUtc(time)) : QVariant {};
    }
    const auto& line = m_data.lines[static_cast<std::size_t>(index.column() - 1)];
    const double value = valueAt(line.samples, m_data.stepSeconds, back);
    if (role == Qt::DisplayRole)
        return valueLabel(value, axisUnitOf(m_metric));
    return role == Qt::UserRole + 3 ? QVariant(value) : QVariant {};
}

QVariant PanelTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Time") : m_data.lines[static_cast<std::size_t>(section - 1)].label;
}

ChartTable::ChartTable(
    const Theme& theme, PanelTableModel* model, const QString& title, QWidget* parent)
    : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    resize(560, 480);
    auto* table = new QTableView(this);
    model->setParent(table);
    table->setObjectName(QStringLiteral("chart_table"));
    table->setAccessibleName(title);
    table->setModel(model);
    table->verticalHeader()->setVisible(false);
    table->verticalHeader()->setDefaultSectionSize(theme.rowHeight());
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    copyCellsByKey(*table);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(table);
}

} // namespace ui

#include "widgets/cell_copy.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QTableView>

#include <algorithm>

namespace ui {
namespace {

constexpr qsizetype kRowsMax = 10'000;

QString selectedCells(const QTableView& table)
{
    QModelIndexList rows = table.selectionModel()->selectedRows();
    if (rows.isEmpty() && table.currentIndex().isValid())
        rows << table.currentIndex();
    std::sort(rows.begin(), rows.end());
    const auto* header = table.horizontalHeader();
    QStringList lines;
    for (const QModelIndex& row : rows.mid(0, kRowsMax)) {
        QStringList cells;
        for (int visual = 0; visual < header->count(); ++visual) {
            const int column = header->logicalIndex(visual);
            if (!table.isColumnHidden(column))
                cells << row.siblingAtColumn(column).data().toString();
        }
        lines << cells.join(u'\t');
    }
    return lines.join(u'\n');
}

class CellCopy final : public QObject {
public:
    explicit CellCopy(QTableView& table)
        : QObject(&table)
        , m_table(table)
    {
        table.installEventFilter(this);
    }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        const bool isCopy = event->type() == QEvent::KeyPress
            && static_cast<QKeyEvent*>(event)->matches(QKeySequence::Copy);
        if (!isCopy)
            return QObject::eventFilter(watched, event);
        QGuiApplication::clipboard()->setText(selectedCells(m_table));
        return true;
    }

private:
    QTableView& m_table;
};

} // namespace

void copyCellsByKey(QTableView& table) { new CellCopy(table); }

} // namespace ui

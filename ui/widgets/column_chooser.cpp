#include "widgets/column_chooser.h"

#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QSettings>
#include <QTableView>

#include <utility>

namespace ui {

ColumnChooser::ColumnChooser(QTableView& table, QString key)
    : QObject(&table)
    , m_table(table)
    , m_key(std::move(key))
    , m_default(table.horizontalHeader()->saveState())
{
    auto* header = table.horizontalHeader();
    header->setSectionsMovable(true);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QHeaderView::customContextMenuRequested, this, &ColumnChooser::showMenu);
    connect(header, &QHeaderView::sectionMoved, this, [this] { m_isChosen = true; });
    // A stretched column changes its width by itself; a dragged one is a choice.
    connect(header, &QHeaderView::sectionResized, this, [this] {
        m_isChosen = m_isChosen || QGuiApplication::mouseButtons().testFlag(Qt::LeftButton);
    });
}

int ColumnChooser::shownColumns() const
{
    const auto* header = m_table.horizontalHeader();
    return header->count() - header->hiddenSectionCount();
}

void ColumnChooser::addColumns(QMenu& menu)
{
    const auto* model = m_table.model();
    for (int column = 0; column < model->columnCount(); ++column) {
        const bool isShown = !m_table.isColumnHidden(column);
        auto* action = menu.addAction(model->headerData(column, Qt::Horizontal).toString());
        action->setCheckable(true);
        action->setChecked(isShown);
        action->setEnabled(!isShown || shownColumns() > 1);
        connect(action, &QAction::toggled, this, [this, column](bool isOn) {
            m_isChosen = true;
            m_table.setColumnHidden(column, !isOn);
        });
    }
}

void ColumnChooser::showMenu(const QPoint& position)
{
    QMenu menu;
    addColumns(menu);
    menu.exec(m_table.horizontalHeader()->mapToGlobal(position));
}

void ColumnChooser::save(QSettings& settings) const
{
    if (m_isChosen)
        settings.setValue(m_key, m_table.horizontalHeader()->saveState());
    else
        settings.remove(m_key);
}

void ColumnChooser::restore(QSettings& settings)
{
    const auto state = settings.value(m_key).toByteArray();
    m_isChosen = !state.isEmpty() && m_table.horizontalHeader()->restoreState(state);
}

void ColumnChooser::reset()
{
    m_table.horizontalHeader()->restoreState(m_default);
    m_isChosen = false;
}

} // namespace ui

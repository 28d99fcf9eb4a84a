#include "overview/shard_table_view.h"

#include "overview/shard_delegate.h"
#include "window/ui_clock.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <QSettings>

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <vector>

namespace ui {

namespace {

// For a table of 942 px, the width beside the inspector at 1440; wider tables share out the rest.
constexpr std::array<int, ShardTableModel::ColumnCount> kWidths { 140, 162, 62, 86, 76, 86, 62, 62,
    58, 58, 58, 80, 66, 66, 58, 54, 62, 82, 52, 62, 58, 90 };

} // namespace

ShardTableView::ShardTableView(Theme& theme, const UiClock& clock, QWidget* parent)
    : QTableView(parent)
    , m_theme(theme)
    , m_clock(clock)
{
    setObjectName(QStringLiteral("overview_table"));
    setAccessibleName(tr("Shards and their signals"));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setItemDelegate(new ShardDelegate(theme, this));
    setShowGrid(false);
    setWordWrap(false);
    setFrameShape(NoFrame);
    setTabKeyNavigation(false); // Tab leaves the table: it is one stop, arrows move inside
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerItem);
    verticalHeader()->setVisible(false);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    auto* header = horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsClickable(true);
    header->setSectionsMovable(true);
    header->setSortIndicatorShown(false);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    header->setMinimumSectionSize(40);
    header->setStretchLastSection(false);
    connect(header, &QHeaderView::sectionClicked, this, &ShardTableView::sortByHeader);
    connect(
        header, &QHeaderView::customContextMenuRequested, this, &ShardTableView::showColumnMenu);
    connect(header, &QHeaderView::sectionResized, this, [this] {
        if (!m_isFitting && QApplication::mouseButtons() != Qt::NoButton)
            m_hasOwnWidths = true;
    });
    connect(&theme, &Theme::changed, this, [this] {
        applyDensity();
        viewport()->update();
    });
    applyDensity();
}

void ShardTableView::applyDensity()
{
    verticalHeader()->setMinimumSectionSize(m_theme.rowHeight());
    verticalHeader()->setDefaultSectionSize(m_theme.rowHeight());
}

void ShardTableView::setShardModel(ShardTableModel* model)
{
    m_model = model;
    setModel(model);
    resetColumns();
}

void ShardTableView::resetColumns()
{
    auto* header = horizontalHeader();
    for (int column = 0; column < ShardTableModel::ColumnCount; ++column) {
        header->moveSection(header->visualIndex(column), column);
        setColumnHidden(column, column >= ShardTableModel::Throttle);
    }
    m_hasOwnWidths = false;
    m_hasOwnColumns = false;
    fitColumns();
}

// Where the columns do not fit beside the inspector the trends go first: what they show is in the
// charts below, and numbers that are scrolled away are not seen at all.
void ShardTableView::dropTrends()
{
    if (m_hasOwnColumns)
        return;
    int wanted = 0;
    for (int column = 0; column < ShardTableModel::Throttle; ++column)
        wanted += kWidths[static_cast<std::size_t>(column)];
    for (const int trend : { ShardTableModel::LagTrend, ShardTableModel::DepthTrend }) {
        const bool isTooMuch = wanted > viewport()->width();
        setColumnHidden(trend, isTooMuch);
        if (isTooMuch)
            wanted -= kWidths[static_cast<std::size_t>(trend)];
    }
}

void ShardTableView::fitColumns()
{
    if (m_hasOwnWidths || m_model == nullptr)
        return;
    dropTrends();
    int wanted = 0;
    for (int column = 0; column < ShardTableModel::ColumnCount; ++column)
        wanted += isColumnHidden(column) ? 0 : kWidths[static_cast<std::size_t>(column)];
    const double stretch = std::max(1.0, static_cast<double>(viewport()->width()) / wanted);
    m_isFitting = true;
    int left = viewport()->width();
    for (int column = ShardTableModel::ColumnCount - 1; column >= 0; --column) {
        if (isColumnHidden(column))
            continue;
        const int width = static_cast<int>(stretch * kWidths[static_cast<std::size_t>(column)]);
        setColumnWidth(column, column == ShardTableModel::State ? std::max(left, width) : width);
        left -= width;
    }
    m_isFitting = false;
}

void ShardTableView::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fitColumns();
}

std::vector<engine::ShardId> ShardTableView::selectedShards() const
{
    std::vector<engine::ShardId> shards;
    if (m_model == nullptr || selectionModel() == nullptr)
        return shards;
    for (const auto& index : selectionModel()->selectedRows())
        shards.push_back(m_model->idAt(index.row()));
    return shards;
}

void ShardTableView::selectShards(const std::vector<engine::ShardId>& shards)
{
    if (m_model == nullptr || shards == selectedShards())
        return;
    m_isSelecting = true;
    QItemSelection selection;
    int first = -1;
    for (const auto& shard : shards) {
        const int row = m_model->rowOf(shard);
        if (row < 0)
            continue;
        selection.select(m_model->index(row, 0), m_model->index(row, 0));
        first = first < 0 ? row : first;
    }
    selectionModel()->select(
        selection, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    if (first >= 0) {
        selectionModel()->setCurrentIndex(m_model->index(first, 0), QItemSelectionModel::NoUpdate);
        scrollTo(m_model->index(first, 0));
    }
    m_isSelecting = false;
}

void ShardTableView::selectNextInTrouble(bool isForward)
{
    if (m_model == nullptr || m_model->rowCount() == 0)
        return;
    const int rows = m_model->rowCount();
    const int start = currentIndex().isValid() ? currentIndex().row() : (isForward ? -1 : rows);
    for (int step = 1; step <= rows; ++step) {
        const int row = ((start + (isForward ? step : -step)) % rows + rows) % rows;
        const auto* shard = m_model->shardAt(row);
        if (shard != nullptr && isInTrouble(*shard)) {
            setCurrentIndex(m_model->index(row, 0));
            return;
        }
    }
}

QString ShardTableView::textOf(const QList<int>& rows, bool hasTitles) const
{
    QList<int> columns; // as they stand, without those that are only drawn
    for (int visual = 0; visual < ShardTableModel::ColumnCount; ++visual) {
        const int column = horizontalHeader()->logicalIndex(visual);
        const bool isDrawn
            = column == ShardTableModel::DepthTrend || column == ShardTableModel::LagTrend;
        if (!isColumnHidden(column) && !isDrawn)
            columns << column;
    }
    QStringList lines;
    QStringList cells;
    for (const int column : columns)
        cells << ShardTableModel::columnTitle(column);
    if (hasTitles)
        lines << cells.join(u'\t');
    for (const int row : rows) {
        cells.clear();
        for (const int column : columns)
            cells << m_model->index(row, column).data().toString();
        lines << cells.join(u'\t');
    }
    return lines.join(u'\n');
}

QString ShardTableView::shownRows() const
{
    QList<int> rows(m_model->rowCount());
    std::iota(rows.begin(), rows.end(), 0);
    return textOf(rows, true) + u'\n';
}

void ShardTableView::copySelection() const
{
    QList<int> rows;
    for (const auto& index : selectionModel()->selectedRows())
        rows << index.row();
    if (!rows.isEmpty())
        QApplication::clipboard()->setText(textOf(rows, false));
}

void ShardTableView::sortByHeader(int column)
{
    auto keys = m_model->sortKeys();
    const bool isAdded = QApplication::keyboardModifiers().testFlag(Qt::ShiftModifier);
    const auto found = std::find_if(keys.begin(), keys.end(),
        [&](const ShardTableModel::SortKey& key) { return key.column == column; });
    // Numbers are looked at from the largest down; the third click goes back to "worst first".
    const auto first
        = ShardTableModel::isNumeric(column) ? Qt::DescendingOrder : Qt::AscendingOrder;
    const auto second = first == Qt::AscendingOrder ? Qt::DescendingOrder : Qt::AscendingOrder;
    std::optional<Qt::SortOrder> next = first;
    if (found != keys.end())
        next = found->order == first ? std::optional(second) : std::nullopt;
    if (!isAdded)
        keys.clear();
    else if (found != keys.end())
        keys.erase(found);
    if (next)
        keys.push_back({ column, *next });
    m_model->setSort(keys);
    horizontalHeader()->setSortIndicatorShown(!keys.empty());
    if (!keys.empty())
        horizontalHeader()->setSortIndicator(keys.front().column, keys.front().order);
}

void ShardTableView::addColumns(QMenu& menu)
{
    for (int column = ShardTableModel::Depth; column < ShardTableModel::ColumnCount; ++column) {
        auto* action = menu.addAction(ShardTableModel::columnTitle(column));
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        connect(action, &QAction::toggled, this, [this, column](bool isShown) {
            m_hasOwnColumns = true;
            setColumnHidden(column, !isShown);
            fitColumns();
        });
    }
    menu.addSeparator();
    connect(menu.addAction(tr("Reset columns")), &QAction::triggered, this,
        &ShardTableView::resetColumns);
}

void ShardTableView::addHeaderMenus(QMenu& menu)
{
    auto* order = menu.addMenu(tr("Sort by"));
    const auto keys = m_model->sortKeys();
    for (int column = 0; column < ShardTableModel::ColumnCount; ++column) {
        const bool isTrend
            = column == ShardTableModel::DepthTrend || column == ShardTableModel::LagTrend;
        if (isTrend || isColumnHidden(column))
            continue;
        auto* action = order->addAction(ShardTableModel::columnTitle(column));
        action->setCheckable(true);
        action->setChecked(std::any_of(
            keys.begin(), keys.end(), [column](const auto& key) { return key.column == column; }));
        connect(action, &QAction::triggered, this, [this, column] { sortByHeader(column); });
    }
    addColumns(*menu.addMenu(tr("Columns")));
}

void ShardTableView::showColumnMenu(const QPoint& position)
{
    QMenu menu;
    addColumns(menu);
    m_gate.setMenuOpen(true);
    menu.exec(horizontalHeader()->mapToGlobal(position));
    m_gate.setMenuOpen(false);
}

void ShardTableView::saveColumns(QSettings& settings) const
{
    settings.setValue(QStringLiteral("overview/columns"), horizontalHeader()->saveState());
    settings.setValue(QStringLiteral("overview/hasOwnWidths"), m_hasOwnWidths);
    settings.setValue(QStringLiteral("overview/hasOwnColumns"), m_hasOwnColumns);
}

void ShardTableView::restoreColumns(QSettings& settings)
{
    const auto state = settings.value(QStringLiteral("overview/columns")).toByteArray();
    if (state.isEmpty() || !horizontalHeader()->restoreState(state)) {
        resetColumns();
        return;
    }
    horizontalHeader()->setSortIndicatorShown(false);
    m_hasOwnWidths = settings.value(QStringLiteral("overview/hasOwnWidths")).toBool();
    m_hasOwnColumns = settings.value(QStringLiteral("overview/hasOwnColumns")).toBool();
    fitColumns();
}

void ShardTableView::enterEvent(QEnterEvent* event)
{
    m_gate.setPointerInside(true);
    QTableView::enterEvent(event);
}

void ShardTableView::leaveEvent(QEvent* event)
{
    m_gate.setPointerInside(false);
    QTableView::leaveEvent(event);
}

void ShardTableView::mousePressEvent(QMouseEvent* event)
{
    m_gate.noteTouch(m_clock.steadyNow());
    const QModelIndex index = indexAt(event->pos());
    const bool isArrow = index.isValid() && index.column() == ShardTableModel::Shard
        && index.data(ShardTableModel::ExpandRole).isValid()
        && event->pos().x() < visualRect(index).left() + 24;
    if (isArrow) {
        m_model->toggleExpanded(index.row());
        return;
    }
    QTableView::mousePressEvent(event);
}

void ShardTableView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const QModelIndex index = indexAt(event->pos());
    if (index.isValid())
        Q_EMIT shardOpened(m_model->idAt(index.row()));
}

void ShardTableView::keyPressEvent(QKeyEvent* event)
{
    m_gate.noteTouch(m_clock.steadyNow());
    const QModelIndex current = currentIndex();
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
        return;
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        && event->modifiers() == Qt::NoModifier && current.isValid()) {
        Q_EMIT shardOpened(m_model->idAt(current.row()));
        return;
    }
    if ((event->key() == Qt::Key_Left || event->key() == Qt::Key_Right) && current.isValid()) {
        const QVariant expanded = current.data(ShardTableModel::ExpandRole);
        if (expanded.isValid() && expanded.toBool() == (event->key() == Qt::Key_Left)) {
            m_model->toggleExpanded(current.row());
            return;
        }
    }
    QTableView::keyPressEvent(event);
}

void ShardTableView::contextMenuEvent(QContextMenuEvent* event)
{
    m_gate.setMenuOpen(true);
    Q_EMIT contextMenuWanted(event->globalPos());
    m_gate.setMenuOpen(false);
}

void ShardTableView::setFramedShard(const std::optional<engine::ShardId>& shard)
{
    if (shard == m_framed)
        return;
    m_framed = shard;
    viewport()->update();
}

void ShardTableView::paintFrame()
{
    const int row = m_framed && m_model != nullptr ? m_model->rowOf(*m_framed) : -1;
    if (row < 0)
        return;
    const QRect frame(1, rowViewportPosition(row) + 1,
        std::min(horizontalHeader()->length(), viewport()->width()) - 2, rowHeight(row) - 2);
    QPainter painter(viewport());
    painter.setPen(QPen(m_theme.color(Token::Accent), 2, Qt::DashLine)); // whole: the focus
    painter.drawRect(frame);
}

void ShardTableView::paintEvent(QPaintEvent* event)
{
    QTableView::paintEvent(event);
    paintFrame();
    if (!hasFocus())
        return;
    QPainter painter(viewport());
    painter.setPen(QPen(m_theme.color(Token::Accent), 2));
    if (currentIndex().isValid()) {
        const QRect row = visualRect(currentIndex());
        painter.drawRect(QRect(1, row.top() + 1, viewport()->width() - 2, row.height() - 3));
    } else {
        painter.drawRect(viewport()->rect().adjusted(1, 1, -1, -1));
    }
}

void ShardTableView::selectionChanged(
    const QItemSelection& selected, const QItemSelection& deselected)
{
    QTableView::selectionChanged(selected, deselected);
    if (!m_isSelecting)
        Q_EMIT shardsSelected(selectedShards());
}

} // namespace ui

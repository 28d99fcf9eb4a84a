#include "dlq/dead_letter_view.h"

#include "dlq/dead_letter_model.h"
#include "dlq/dead_letter_text.h"
#include "theme/theme.h"

#include <QClipboard>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollBar>
#include <QSettings>
#include <QStyledItemDelegate>

#include <algorithm>
#include <array>

namespace ui {
namespace {

// Pages read while the scroll bar is dragged would mostly be for places passed by.
constexpr int kSettleMs = 30;
const QString kColumnsKey = QStringLiteral("dlq/columns");

constexpr int kCellPadding = 14; // what the style leaves free on both sides of a text, and some
// Where there is room to spare, so much more of these is shown, one after the other: an id that is
// cut in the middle is told apart, a shard is not.
struct Growth {
    DeadLetterModel::Column column;
    const char* sample;
};
constexpr std::array kGrowths {
    Growth { DeadLetterModel::ShardColumn, "google · 221-908-4410" },
    Growth { DeadLetterModel::CodeColumn, "100/2804003" },
    Growth { DeadLetterModel::EventIdColumn, "evt_0123456789abcdef0123456789ab" },
    Growth { DeadLetterModel::TypeColumn, "CompleteRegistration" },
};
// Left out first where the table is narrow, until the rest fits: what an operator acts on stays.
constexpr std::array kLeftOut { DeadLetterModel::SizeColumn, DeadLetterModel::EventTimeColumn,
    DeadLetterModel::StateColumn, DeadLetterModel::LastFailedColumn, DeadLetterModel::HttpColumn,
    DeadLetterModel::TypeColumn, DeadLetterModel::ReasonColumn, DeadLetterModel::CodeColumn };

// The widest that a column shows, short of what it may be cut to.
QString sampleOf(int column, const QFontMetrics& metrics)
{
    switch (column) {
    case DeadLetterModel::EventIdColumn:
        return QStringLiteral("evt_01234567");
    case DeadLetterModel::ShardColumn:
        return QStringLiteral("snap · a77-eu");
    case DeadLetterModel::TypeColumn:
        return QStringLiteral("Purchase_");
    case DeadLetterModel::ReasonColumn:
        return outcomeWord(engine::Outcome::Throttled);
    case DeadLetterModel::HttpColumn:
        return QStringLiteral("500");
    case DeadLetterModel::CodeColumn:
        return QStringLiteral("2804003");
    case DeadLetterModel::AttemptsColumn:
        return QStringLiteral("88");
    case DeadLetterModel::SizeColumn:
        return QStringLiteral("888.8 kB");
    case DeadLetterModel::StateColumn:
        return deadLetterStateWord(engine::DeadLetterState::Replaying);
    default: // a time is read in full or not at all
        return widestStamp(metrics);
    }
}

// A code says more by its beginning, which is the platform's, than by its ends.
class CodeDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->textElideMode = Qt::ElideRight;
    }
};

} // namespace

DeadLetterView::DeadLetterView(const Theme& theme, DeadLetterModel& model, QWidget* parent)
    : QTableView(parent)
    , m_model(model)
{
    setObjectName(QStringLiteral("dlq_rows"));
    setAccessibleName(tr("Dead letters"));
    setModel(&model);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setVerticalScrollMode(ScrollPerItem);
    setHorizontalScrollMode(ScrollPerPixel);
    setShowGrid(false);
    setWordWrap(false);
    setTextElideMode(Qt::ElideMiddle); // ids of one system often differ at the end only
    setItemDelegateForColumn(DeadLetterModel::CodeColumn, new CodeDelegate(this));
    setTabKeyNavigation(false); // Tab leaves the table
    setCornerButtonEnabled(false);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(theme.rowHeight());
    verticalHeader()->setDefaultSectionSize(theme.rowHeight());
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsMovable(true);
    horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(horizontalHeader(), &QHeaderView::customContextMenuRequested, this,
        [this](const QPoint& position) {
            QMenu menu;
            addColumns(menu);
            menu.exec(horizontalHeader()->mapToGlobal(position));
        });

    // A width that was dragged is a choice like a column that was hidden.
    connect(horizontalHeader(), &QHeaderView::sectionResized, this, [this] {
        const bool isByHand
            = !m_isFitting && QGuiApplication::mouseButtons().testFlag(Qt::LeftButton);
        m_areColumnsChosen = m_areColumnsChosen || isByHand;
    });
    m_settle.setSingleShot(true);
    m_settle.setInterval(kSettleMs);
    connect(&m_settle, &QTimer::timeout, this, &DeadLetterView::tellVisible);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this] {
        // Not start(): a bar that keeps moving would put the reading off for ever.
        if (!m_settle.isActive())
            m_settle.start();
    });
    connect(&model, &QAbstractItemModel::modelReset, this, &DeadLetterView::tellVisible,
        Qt::QueuedConnection);
    connect(&model, &DeadLetterModel::contentShifted, this,
        [this](int rows) { verticalScrollBar()->setValue(verticalScrollBar()->value() + rows); });
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this,
        &DeadLetterView::selectionMoved);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        &DeadLetterView::selectionMoved);
}

void DeadLetterView::tellVisible()
{
    if (m_model.rowCount() == 0)
        return;
    const int first = std::max(0, rowAt(0));
    const int bottom = rowAt(viewport()->height() - 1);
    m_model.setVisibleRows(first, bottom < 0 ? m_model.rowCount() - 1 : bottom);
}

DeadLetterView::Selection DeadLetterView::selected() const
{
    Selection result;
    // Ranges, not indexes: Ctrl+A over a million rows is one range.
    for (const auto& range : selectionModel()->selection()) {
        result.rows += range.height();
        for (int row = range.top();
             row <= range.bottom() && result.ids.size() < std::size_t { kIdsMax }; ++row) {
            const auto* letter = m_model.rowAt(row);
            if (letter == nullptr)
                break; // the page says how many rows it cannot name
            result.ids.push_back(letter->id);
        }
    }
    return result;
}

std::optional<engine::DeadLetterId> DeadLetterView::current() const
{
    const auto* letter = m_model.rowAt(currentIndex().row());
    return letter == nullptr ? std::nullopt : std::optional(letter->id);
}

void DeadLetterView::addColumns(QMenu& menu)
{
    for (int column = 0; column < DeadLetterModel::kColumns; ++column) {
        auto* action = menu.addAction(columnTitle(column));
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        connect(action, &QAction::toggled, this, [this, column](bool isOn) {
            m_areColumnsChosen = true;
            setColumnHidden(column, !isOn);
        });
    }
}

// A row that was not read has no cells; a clipboard that leaves rows out without a word would be
// taken for all of them.
void DeadLetterView::copyCells()
{
    QString text;
    std::int64_t wanted = 0;
    std::int64_t copied = 0;
    for (const auto& range : selectionModel()->selection()) {
        wanted += range.height();
        for (int row = range.top(); row <= range.bottom() && copied < kIdsMax; ++row) {
            if (m_model.rowAt(row) == nullptr)
                continue;
            QStringList cells;
            for (int column = 0; column < DeadLetterModel::kColumns; ++column) {
                if (!isColumnHidden(column))
                    cells += m_model.index(row, column).data().toString();
            }
            text += cells.join(u'\t') + u'\n';
            ++copied;
        }
    }
    QGuiApplication::clipboard()->setText(text);
    if (copied < wanted)
        Q_EMIT said(tr("%1 of %2 selected rows copied: the others are not read. Use Export.")
                        .arg(formatExact(copied), formatExact(wanted)));
}

void DeadLetterView::saveColumns(QSettings& settings) const
{
    if (m_areColumnsChosen)
        settings.setValue(kColumnsKey, horizontalHeader()->saveState());
}

void DeadLetterView::restoreColumns(QSettings& settings)
{
    const auto state = settings.value(kColumnsKey).toByteArray();
    m_areColumnsChosen = !state.isEmpty() && horizontalHeader()->restoreState(state);
    fitColumns();
}

void DeadLetterView::keyPressEvent(QKeyEvent* event)
{
    const bool isPlain = event->modifiers() == Qt::NoModifier;
    if (event->matches(QKeySequence::Copy)) {
        copyCells();
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        Q_EMIT detailRequested();
    } else if (isPlain && (event->key() == Qt::Key_J || event->key() == Qt::Key_K)) {
        const int row = currentIndex().row() + (event->key() == Qt::Key_J ? 1 : -1);
        if (row >= 0 && row < m_model.rowCount())
            setCurrentIndex(m_model.index(row, std::max(0, currentIndex().column())));
    } else {
        QTableView::keyPressEvent(event);
    }
}

void DeadLetterView::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fitColumns();
    m_settle.start();
}

int DeadLetterView::widthOf(int column, const QString& text) const
{
    const int title
        = QFontMetrics(horizontalHeader()->font()).horizontalAdvance(columnTitle(column));
    return std::max(fontMetrics().horizontalAdvance(text), title) + kCellPadding;
}

// Until somebody chooses columns by hand: what does not fit is left out, and what is left over goes
// to the columns that are cut off.
void DeadLetterView::fitColumns()
{
    if (m_areColumnsChosen)
        return;
    m_isFitting = true;
    for (int column = 0; column < DeadLetterModel::kColumns; ++column) {
        setColumnHidden(column, false);
        setColumnWidth(column, widthOf(column, sampleOf(column, fontMetrics())));
    }
    int room = viewport()->width() - horizontalHeader()->length();
    for (const int column : kLeftOut) {
        if (room >= 0)
            break;
        room += columnWidth(column);
        setColumnHidden(column, true);
    }
    for (const Growth& growth : kGrowths) {
        const int wanted = widthOf(growth.column, QString::fromUtf8(growth.sample));
        const int more = std::clamp(wanted - columnWidth(growth.column), 0, std::max(room, 0));
        if (isColumnHidden(growth.column) || more == 0)
            continue;
        setColumnWidth(growth.column, columnWidth(growth.column) + more);
        room -= more;
    }
    if (room > 0) // nothing is cut off: the table still reaches its right edge
        setColumnWidth(
            DeadLetterModel::EventIdColumn, columnWidth(DeadLetterModel::EventIdColumn) + room);
    m_isFitting = false;
}

void DeadLetterView::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fitColumns();
}

void DeadLetterView::showEvent(QShowEvent* event)
{
    QTableView::showEvent(event);
    tellVisible();
}

void DeadLetterView::mouseDoubleClickEvent(QMouseEvent* event)
{
    QTableView::mouseDoubleClickEvent(event);
    Q_EMIT detailRequested();
}

} // namespace ui

#include "dlq/diff_view.h"

#include "dlq/payload_diff.h"
#include "format/format.h"
#include "theme/theme.h"
#include "widgets/cell_copy.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>

namespace ui {
namespace {

// Beyond this the comparison would hold up the window; such payloads are for other tools.
constexpr std::size_t kBytesMax = 262'144;
constexpr std::size_t kRowsMax = 500;

} // namespace

DiffView::DiffView(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_head(new QLabel(this))
    , m_table(new QTableWidget(this))
{
    m_head->setObjectName(QStringLiteral("dlq_diffHead"));
    m_head->setTextFormat(Qt::PlainText);
    m_head->setWordWrap(true);
    m_table->setObjectName(QStringLiteral("dlq_diff"));
    m_table->setAccessibleName(tr("Differences to the last accepted payload"));
    m_table->setColumnCount(4);
    m_table->setHorizontalHeaderLabels(
        { tr("Field"), tr("Difference"), tr("Accepted"), tr("This one") });
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    copyCellsByKey(*m_table);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(theme.rowHeight());
    m_table->horizontalHeader()->setStretchLastSection(true);
    for (const auto& [column, width] :
        { std::pair { 0, 130 }, std::pair { 1, 170 }, std::pair { 2, 110 } })
        m_table->setColumnWidth(column, width);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, kSpaceSmall, 0, 0);
    column->setSpacing(kSpaceSmall);
    column->addWidget(m_head);
    column->addWidget(m_table, 1);
}

void DiffView::clear()
{
    m_head->clear();
    m_table->setRowCount(0);
}

void DiffView::setDetail(const engine::DeadLetterDetail& detail)
{
    clear();
    if (detail.isPayloadGone)
        m_head->setText(tr("Payload gone: there is nothing to compare."));
    else if (!detail.lastAccepted)
        m_head->setText(tr("No accepted event of this name and shard is kept to compare with."));
    else if (detail.payload.size() > kBytesMax || detail.lastAccepted->payload.size() > kBytesMax)
        m_head->setText(tr("Payloads over %1 are not compared here.")
                            .arg(formatBytes(static_cast<std::int64_t>(kBytesMax))));
    else
        fill(detail);
}

void DiffView::fill(const engine::DeadLetterDetail& detail)
{
    auto differences = comparePayloads(detail.lastAccepted->payload, detail.payload);
    const auto all = static_cast<std::int64_t>(differences.size());
    differences.resize(std::min(differences.size(), kRowsMax));
    m_head->setText(tr("Against %1, accepted here, received %2: %3 differences%4")
                        .arg(toQString(detail.lastAccepted->eventId),
                            formatDateTime(detail.lastAccepted->at), formatExact(all),
                            all > std::int64_t { kRowsMax }
                                ? tr(", the first %1 shown").arg(formatExact(kRowsMax))
                                : QString()));
    m_table->setRowCount(static_cast<int>(differences.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto& difference = differences[static_cast<std::size_t>(row)];
        const QStringList cells { difference.pointer, differenceText(difference),
            difference.accepted, difference.failed };
        for (int column = 0; column < cells.size(); ++column) {
            auto* item = new QTableWidgetItem(cells.at(column));
            item->setToolTip(cells.at(column).left(1'000));
            m_table->setItem(row, column, item);
        }
    }
}

} // namespace ui

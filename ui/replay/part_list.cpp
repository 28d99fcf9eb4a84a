#include "replay/part_list.h"

#include "dlq/dead_letter_text.h"
#include "dlq/masking.h"
#include "format/format.h"
#include "theme/theme.h"
#include "widgets/cell_copy.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace ui {
namespace {

using engine::PreviewPart;

constexpr std::array kParts { PreviewPart::WillSend, PreviewPart::AlreadyAccepted,
    PreviewPart::Superseded, PreviewPart::PayloadGone, PreviewPart::TooOld, PreviewPart::SameError,
    PreviewPart::OutcomeUnknown };

} // namespace

QString partName(PreviewPart part)
{
    switch (part) {
    case PreviewPart::WillSend:
        return PartList::tr("Will send");
    case PreviewPart::AlreadyAccepted:
        return PartList::tr("Already accepted");
    case PreviewPart::Superseded:
        return PartList::tr("Superseded");
    case PreviewPart::PayloadGone:
        return PartList::tr("Payload gone");
    case PreviewPart::TooOld:
        return PartList::tr("Too old");
    case PreviewPart::SameError:
        return PartList::tr("Same error");
    case PreviewPart::OutcomeUnknown:
        return PartList::tr("Outcome unknown");
    }
    return {};
}

std::int64_t countOf(const engine::ReplayPreview& preview, PreviewPart part)
{
    switch (part) {
    case PreviewPart::WillSend:
        return preview.willSend;
    case PreviewPart::AlreadyAccepted:
        return preview.alreadyAccepted;
    case PreviewPart::Superseded:
        return preview.superseded;
    case PreviewPart::PayloadGone:
        return preview.payloadGone;
    case PreviewPart::TooOld:
        return preview.tooOld;
    case PreviewPart::SameError:
        return preview.sameError;
    case PreviewPart::OutcomeUnknown:
        return preview.outcomeUnknown;
    }
    return 0;
}

PartList::PartList(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_part(new QComboBox(this))
    , m_note(new QLabel(this))
    , m_table(new QTableWidget(this))
{
    m_part->setObjectName(QStringLiteral("replay_part"));
    m_part->setAccessibleName(tr("Part of the preview"));
    m_part->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_note->setObjectName(QStringLiteral("replay_partNote"));
    m_note->setTextFormat(Qt::PlainText);
    m_table->setObjectName(QStringLiteral("replay_partTable"));
    m_table->setAccessibleName(tr("Entries of this part"));
    m_table->setColumnCount(6);
    m_table->setHorizontalHeaderLabels({ tr("Event ID"), tr("Shard"), tr("Type"), tr("Event time"),
        tr("Expires"), tr("Last failure") });
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(context.theme.rowHeight());
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    copyCellsByKey(*m_table);
    for (const auto& [column, width] :
        { std::pair { 0, 130 }, { 1, 130 }, { 2, 90 }, { 3, 116 }, { 4, 116 } })
        m_table->setColumnWidth(column, width);
    auto* top = new QHBoxLayout;
    top->addWidget(m_part);
    top->addWidget(m_note, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, kSpaceSmall, 0, 0);
    column->setSpacing(kSpaceSmall);
    column->addLayout(top);
    column->addWidget(m_table, 1);
    connect(m_part, &QComboBox::currentIndexChanged, this, &PartList::load);
    connect(m_table, &QTableWidget::itemActivated, this, [this](const QTableWidgetItem* item) {
        Q_EMIT eventRequested(m_table->item(item->row(), 0)->text());
    });
}

void PartList::setPreview(const engine::ReplayPreview& preview)
{
    const QSignalBlocker blocker(m_part);
    const QVariant before = m_part->currentData();
    if (m_selection != preview.selection)
        m_loaded.reset();
    m_selection = preview.selection;
    m_part->clear();
    for (const PreviewPart part : kParts) {
        const auto count = countOf(preview, part);
        if (count > 0)
            m_part->addItem(QStringLiteral("%1 (%2)").arg(partName(part), formatExact(count)),
                static_cast<int>(part));
    }
    m_part->setCurrentIndex(std::max(0, m_part->findData(before)));
    m_table->setRowCount(m_loaded ? m_table->rowCount() : 0);
}

void PartList::showPart(PreviewPart part)
{
    m_part->setCurrentIndex(m_part->findData(static_cast<int>(part)));
    load();
}

void PartList::load()
{
    if (m_part->currentIndex() < 0 || !isVisible())
        return;
    const auto part = static_cast<PreviewPart>(m_part->currentData().toInt());
    if (m_loaded == part)
        return;
    m_loaded = part;
    m_table->setRowCount(0);
    m_note->setText(tr("Reading…"));
    using Answer = engine::Result<engine::SelectionItemsPage>;
    m_context.engine.selectionItems({ .selection = m_selection, .part = part },
        m_context.engine.replyTo<Answer>(this, [this, asked = ++m_asked](const Answer& answer) {
            if (asked == m_asked)
                accept(answer);
        }));
}

void PartList::accept(const engine::Result<engine::SelectionItemsPage>& answer)
{
    if (!answer) {
        m_loaded.reset();
        m_note->setText(tr("Could not be read: %1").arg(toQString(answer.error().message)));
        return;
    }
    const auto& items = answer->items;
    m_note->setText(answer->isLast
            ? tr("Oldest event first. Enter looks an event up.")
            : tr("The first %1, oldest event first. Enter looks an event up.")
                  .arg(formatExact(std::ssize(items))));
    m_table->setRowCount(static_cast<int>(items.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto& item = items[static_cast<std::size_t>(row)];
        const QStringList cells { toQString(item.eventId), shardLabel(item.shard),
            toQString(item.eventName), formatStamp(item.eventTime),
            item.expires ? formatStamp(*item.expires) : QString(kDash),
            maskText(toQString(item.message)) };
        for (int column = 0; column < cells.size(); ++column) {
            auto* cell = new QTableWidgetItem(cells.at(column));
            cell->setToolTip(column == 3 ? formatUtc(item.eventTime) : cells.at(column));
            m_table->setItem(row, column, cell);
        }
    }
}

} // namespace ui

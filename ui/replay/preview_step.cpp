#include "replay/preview_step.h"

#include "dlq/dead_letter_text.h"
#include "format/format.h"
#include "replay/part_list.h"
#include "replay/sample_view.h"
#include "theme/theme.h"
#include "widgets/cell_copy.h"

#include <QCheckBox>
#include <QFontMetrics>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTabBar>
#include <QTabWidget>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace ui {
namespace {

using engine::PreviewPart;

// Of the table by shard. Parts are hidden while they are 0.
enum Column {
    ShardColumn,
    MatchedColumn,
    SendColumn,
    TooOldColumn,
    AcceptedColumn,
    SupersededColumn,
    GoneColumn,
    UnknownColumn,
    SameColumn,
    OldestColumn,
    QuotaColumn,
    TimeColumn,
    kColumns
};

QTableWidgetItem* numberItem(const QString& text, const QString& toolTip = {})
{
    auto* item = new QTableWidgetItem(text);
    item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    item->setToolTip(toolTip);
    return item;
}

} // namespace

PreviewStep::PreviewStep(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_takeUnknown(new QCheckBox(this))
    , m_takeSameError(new QCheckBox(this))
    , m_tabs(new QTabWidget(this))
    , m_table(new QTableWidget(this))
    , m_samples(new SampleView(context, this))
    , m_parts(new PartList(context, this))
{
    m_takeUnknown->setObjectName(QStringLiteral("replay_includeUnknown"));
    m_takeSameError->setObjectName(QStringLiteral("replay_includeSameError"));
    makeTable();
    m_tabs->setObjectName(QStringLiteral("replay_previewTabs"));
    m_tabs->setAccessibleName(tr("What the preview found"));
    m_tabs->tabBar()->setAccessibleName(m_tabs->accessibleName());
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_table, tr("By shard"));
    m_tabs->addTab(m_samples, tr("Samples: before and now"));
    m_tabs->addTab(m_parts, tr("Entries"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpace);
    column->addWidget(makeTop());
    column->addWidget(makeCounts());
    column->addWidget(m_sum);
    column->addWidget(m_takeUnknown);
    column->addWidget(m_takeSameError);
    column->addWidget(m_tabs, 1);
    column->addStretch(); // what is there while it is counted stays at the top
    connect(m_takeUnknown, &QCheckBox::toggled, this, &PreviewStep::changed);
    connect(m_takeSameError, &QCheckBox::toggled, this, &PreviewStep::changed);
    connect(m_parts, &PartList::eventRequested, this, &PreviewStep::eventRequested);
    connect(m_tabs, &QTabWidget::currentChanged, m_parts, &PartList::load);
}

QWidget* PreviewStep::makeTop()
{
    auto* top = new QWidget(this);
    m_head = new QLabel(top);
    m_head->setObjectName(QStringLiteral("replay_selection"));
    m_sum = new QLabel(this);
    m_sum->setObjectName(QStringLiteral("replay_sum"));
    for (auto* label : { m_head, m_sum }) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_recount = new QPushButton(tr("Recount"), top);
    m_recount->setObjectName(QStringLiteral("replay_recount"));
    m_recount->setAccessibleName(tr("Count again with what is there now"));
    connect(m_recount, &QPushButton::clicked, this, &PreviewStep::recountRequested);
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_head, 1);
    row->addWidget(m_recount);
    return top;
}

QWidget* PreviewStep::makeCounts()
{
    auto* box = new QWidget(this);
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(kSpaceLarge);
    grid->setVerticalSpacing(2);
    auto* caption = new QLabel(tr("Matched"), box);
    caption->setFont(m_context.theme.captionFont());
    m_matched = new QLabel(box);
    m_matched->setObjectName(QStringLiteral("replay_matched"));
    m_matched->setTextFormat(Qt::PlainText);
    m_matched->setFont(m_context.theme.titleFont());
    m_matched->setToolTip(tr("Everything the window holds; the parts beside it add up to it"));
    grid->addWidget(caption, 0, 0);
    grid->addWidget(m_matched, 1, 0);
    addCount(*grid, PreviewPart::WillSend, "replay_willSend", tr("What the job would send"));
    addCount(*grid, PreviewPart::AlreadyAccepted, "replay_alreadyAccepted",
        tr("The platform has accepted the same event meanwhile"));
    addCount(*grid, PreviewPart::Superseded, "replay_superseded",
        tr("A later record of the same person was accepted; the old one would overwrite it"));
    addCount(*grid, PreviewPart::PayloadGone, "replay_payloadGone",
        tr("Retention has removed the event"));
    addCount(*grid, PreviewPart::TooOld, "replay_tooOld",
        tr("Older than the platform takes, now or when its turn would come"));
    addCount(*grid, PreviewPart::SameError, "replay_sameError",
        tr("Encoded as today it failed already: it would fail again"));
    addCount(*grid, PreviewPart::OutcomeUnknown, "replay_unknown",
        tr("Sent, but no answer came: the platform may have it"));
    grid->setColumnStretch(grid->columnCount(), 1);
    return box;
}

void PreviewStep::addCount(
    QGridLayout& grid, PreviewPart part, const char* name, const QString& explanation)
{
    const int column = grid.columnCount();
    auto* caption = new QLabel(partName(part), this);
    caption->setFont(m_context.theme.captionFont());
    auto* value = new QLabel(this);
    value->setObjectName(QLatin1String(name));
    value->setTextFormat(Qt::PlainText);
    value->setFont(m_context.theme.titleFont());
    auto* view = new QToolButton(this);
    view->setObjectName(QLatin1String(name) + QStringLiteral("View"));
    view->setText(tr("View"));
    view->setAccessibleName(tr("View: %1").arg(partName(part)));
    view->setToolButtonStyle(Qt::ToolButtonTextOnly);
    view->setMinimumHeight(kHitTargetMin);
    QSizePolicy kept = view->sizePolicy();
    kept.setRetainSizeWhenHidden(true); // the row must not jump between two previews
    view->setSizePolicy(kept);
    caption->setToolTip(explanation);
    value->setToolTip(explanation);
    grid.addWidget(caption, 0, column);
    grid.addWidget(value, 1, column);
    grid.addWidget(view, 2, column, Qt::AlignLeft);
    connect(view, &QToolButton::clicked, this, [this, part] {
        m_tabs->setCurrentWidget(m_parts);
        m_parts->showPart(part);
    });
    m_counts[part] = { value, view };
}

void PreviewStep::makeTable()
{
    m_table->setObjectName(QStringLiteral("replay_previewTable"));
    m_table->setAccessibleName(tr("Preview by shard"));
    m_table->setColumnCount(kColumns);
    m_table->setHorizontalHeaderLabels({ tr("Shard"), tr("Matched"), tr("Will send"), tr("Too old"),
        tr("Accepted"), tr("Superseded"), tr("Payload gone"), tr("Unknown"), tr("Same error"),
        tr("Oldest event"), tr("Quota"), tr("Time") });
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_context.theme.rowHeight());
    m_table->horizontalHeader()->setSectionResizeMode(ShardColumn, QHeaderView::Stretch);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    copyCellsByKey(*m_table);
    for (int column = 0; column < kColumns; ++column) {
        const bool isText = column == ShardColumn;
        const QFontMetrics metrics(m_table->font());
        const QString widest
            = column == OldestColumn ? widestStamp(metrics) : QStringLiteral("888,888");
        const QString title = m_table->horizontalHeaderItem(column)->text();
        m_table->setColumnWidth(column,
            std::max(metrics.horizontalAdvance(widest), metrics.horizontalAdvance(title))
                + 2 * kSpace);
        m_table->horizontalHeaderItem(column)->setTextAlignment(
            (isText ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    }
}

void PreviewStep::setCounting(std::int64_t atLeast)
{
    m_head->setText(tr("Counting what the window holds. The pace can be chosen meanwhile; nothing "
                       "can be started before the count is exact."));
    m_matched->setText(tr("≥ %1, counting…").arg(formatExact(atLeast)));
    for (const auto& [part, count] : m_counts) {
        count.value->setText(QStringLiteral("…"));
        count.view->hide();
    }
    m_sum->clear();
    setCounted(false);
}

void PreviewStep::setCounted(bool isCounted)
{
    m_recount->setEnabled(isCounted);
    m_tabs->setVisible(isCounted);
    if (isCounted)
        return;
    m_takeUnknown->hide();
    m_takeSameError->hide();
}

void PreviewStep::setDraft(const ReplayDraft& draft)
{
    if (!draft.preview)
        return;
    setCounted(true);
    const auto& preview = *draft.preview;
    m_head->setText(tr("Selection S-%1, frozen %2. What fails after that is not in it. Kept "
                       "unchanged: event_id, event_time, payload.")
                        .arg(engine::toInt(preview.selection))
                        .arg(formatClock(preview.frozenAt)));
    m_matched->setText(formatExact(preview.matched));
    for (const auto& [part, count] : m_counts) {
        const std::int64_t entries = countOf(preview, part);
        count.value->setText(formatExact(entries));
        count.view->setVisible(entries > 0);
    }
    m_sum->setText(addsUp(preview)
            ? previewSum(preview)
            : tr("The parts do not add up to what matched. Recount before going on."));
    showTakes(draft, preview);
    showShards(preview);
    m_parts->setPreview(preview);
    m_parts->load();
    m_samples->load(preview.selection);
}

void PreviewStep::showTakes(const ReplayDraft& draft, const engine::ReplayPreview& preview)
{
    const QSignalBlocker blockUnknown(m_takeUnknown);
    const QSignalBlocker blockSame(m_takeSameError);
    m_takeUnknown->setText(tr("Send the %1 with an unknown outcome too: safe only where the "
                              "platform recognises duplicates")
                               .arg(formatExact(preview.outcomeUnknown)));
    m_takeUnknown->setAccessibleName(m_takeUnknown->text());
    m_takeUnknown->setVisible(preview.outcomeUnknown > 0);
    m_takeUnknown->setChecked(draft.includeUnknown);
    m_takeSameError->setText(
        tr("Try the %1 that failed with today's encoder too").arg(formatExact(preview.sameError)));
    m_takeSameError->setAccessibleName(m_takeSameError->text());
    m_takeSameError->setVisible(preview.sameError > 0);
    m_takeSameError->setChecked(draft.includeSameError);
}

void PreviewStep::showShards(const engine::ReplayPreview& preview)
{
    // What is nothing everywhere stands above already; the names of the shards need the room.
    for (const auto& [column, entries] :
        { std::pair { TooOldColumn, preview.tooOld }, { AcceptedColumn, preview.alreadyAccepted },
            { SupersededColumn, preview.superseded }, { GoneColumn, preview.payloadGone },
            { UnknownColumn, preview.outcomeUnknown }, { SameColumn, preview.sameError } })
        m_table->setColumnHidden(column, entries == 0);
    m_table->setColumnHidden(QuotaColumn,
        std::none_of(preview.shards.begin(), preview.shards.end(),
            [](const auto& shard) { return shard.quotaShare.has_value(); }));
    m_table->setRowCount(static_cast<int>(preview.shards.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto& shard = preview.shards[static_cast<std::size_t>(row)];
        auto* name = new QTableWidgetItem(shardLabel(shard.shard));
        name->setToolTip(shardName(shard.shard));
        m_table->setItem(row, ShardColumn, name);
        for (const auto& [column, count] :
            { std::pair { MatchedColumn, shard.matched }, { SendColumn, shard.willSend },
                { TooOldColumn, shard.tooOld }, { AcceptedColumn, shard.alreadyAccepted },
                { SupersededColumn, shard.superseded }, { GoneColumn, shard.payloadGone },
                { UnknownColumn, shard.outcomeUnknown }, { SameColumn, shard.sameError } })
            m_table->setItem(row, column, numberItem(formatExact(count)));
        m_table->setItem(row, OldestColumn,
            shard.oldestEvent
                ? numberItem(formatStamp(*shard.oldestEvent), formatUtc(*shard.oldestEvent))
                : numberItem(QString(kDash)));
        m_table->setItem(row, QuotaColumn,
            numberItem(shard.quotaShare ? formatPercent(*shard.quotaShare) : tr("unknown"),
                tr("Share of the tightest limit that is counted over an hour or longer")));
        m_table->setItem(row, TimeColumn,
            numberItem(shard.eta ? formatDuration(*shard.eta) : tr("unknown"),
                tr("At the pace that the preview reckoned with, without the ramp")));
    }
}

bool PreviewStep::includeUnknown() const
{
    return !m_takeUnknown->isHidden() && m_takeUnknown->isChecked();
}
bool PreviewStep::includeSameError() const
{
    return !m_takeSameError->isHidden() && m_takeSameError->isChecked();
}

} // namespace ui

#include "dlq/dlq_page.h"

#include "dlq/dead_letter_model.h"
#include "dlq/dead_letter_view.h"
#include "dlq/detail_pane.h"
#include "dlq/dlq_filter.h"
#include "dlq/export_bar.h"
#include "dlq/filter_bar.h"
#include "dlq/group_list.h"
#include "dlq/new_banner.h"
#include "dlq/orphan_bar.h"
#include "dlq/purge_bar.h"
#include "dlq/row_list.h"
#include "dlq/saved_filters.h"
#include "dlq/scope_actions.h"
#include "format/format.h"
#include "guards/guard_rules.h"
#include "theme/theme.h"
#include "widgets/column_chooser.h"
#include "widgets/command_runner.h"
#include "widgets/undo_bar.h"
#include "window/ui_clock.h"

#include <QButtonGroup>
#include <QFocusEvent>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace ui {
namespace {

const QString kSplitterKey = QStringLiteral("dlq/splitter");
const QString kListsKey = QStringLiteral("dlq/lists");
const QString kModeKey = QStringLiteral("dlq/groups");

QPushButton* makeToggle(const QString& name, const QString& text, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setObjectName(name);
    button->setCheckable(true);
    button->setAccessibleName(text);
    return button;
}

// Counters are kept of places and groups; any other condition has to be read.
bool isCounted(engine::DeadLetterFilter filter)
{
    filter.destinations.clear();
    filter.shards.clear();
    return filter == engine::DeadLetterFilter {};
}

} // namespace

DlqPage::DlqPage(const ConsoleContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_runner(new CommandRunner(context.engine, this))
    , m_snapshot(context.engine.snapshot())
{
    setObjectName(QStringLiteral("page_dlq"));
    setFocusPolicy(Qt::ClickFocus); // hands it on to its list
    setAccessibleName(DlqPage::title());
    // In the order of reading, which so becomes the order of Tab.
    QWidget* top = makeTop();
    m_orphans = new OrphanBar(*m_runner, this);
    makeLists();
    m_banner = new NewBanner(this);
    m_export = new ExportBar(m_context.engine, this);
    m_purge = new PurgeBar(this);
    m_scope = new ScopeBar(this);
    m_undo = new UndoBar(this);
    m_actions = new ScopeActions(
        m_context, *m_runner, { .scope = *m_scope, .purge = *m_purge, .undo = *m_undo }, this);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceLarge, kSpace, kSpaceLarge, kSpace);
    column->setSpacing(kSpace);
    column->addWidget(top);
    column->addWidget(m_orphans);
    column->addWidget(m_lists, 1);
    for (QWidget* bar :
        std::initializer_list<QWidget*> { m_banner, m_export, m_purge, m_scope, m_undo })
        column->addWidget(bar);
    wire();
    setGroupsMode(true);
    showGuards();
}

DlqPage::~DlqPage() = default;

QString DlqPage::title() const { return tr("DLQ"); }

void DlqPage::wire()
{
    connect(m_filter, &FilterBar::filterChanged, this, &DlqPage::load);
    connect(m_saved, &SavedFilters::chosen, m_filter, &FilterBar::setLine);
    connect(m_banner, &NewBanner::loadRequested, this, &DlqPage::load);
    connect(m_list, &RowList::statusChanged, this, &DlqPage::showCounts);
    connect(m_list, &RowList::allRequested, m_groups, &GroupList::clearChoice);
    connect(m_list, &RowList::clearFilterRequested, this, [this] { m_filter->setLine({}); });
    connect(m_rows, &DeadLetterView::selectionMoved, this, &DlqPage::showSelection);
    // A row that was "…" when it was selected has an id now.
    connect(m_model, &DeadLetterModel::dataChanged, this, &DlqPage::showSelection);
    connect(m_rows, &DeadLetterView::detailRequested, this, [this] { m_detail->focusFind(); });
    connect(m_rows, &DeadLetterView::said, this, &Page::messageShown);
    connect(m_rows, &QWidget::customContextMenuRequested, this, &DlqPage::showRowMenu);
    connect(
        &m_groups->table(), &QWidget::customContextMenuRequested, this, &DlqPage::showGroupMenu);
    connect(m_groups, &GroupList::loaded, this, &DlqPage::showCounts);
    connect(m_groups, &GroupList::chosen, this, &DlqPage::loadRows);
    connect(m_groups, &GroupList::opened, this, &DlqPage::openGroup);
    connect(m_groups, &GroupList::statusSaid, this, &DlqPage::load);
    connect(m_groups, &GroupList::clearFilterRequested, this, [this] { m_filter->setLine({}); });
    connect(m_groups, &GroupList::shapeRequested, m_actions, &ScopeActions::shape);
    connect(m_actions, &ScopeActions::changed, this, &DlqPage::load);
    connect(m_scope, &ScopeBar::replayRequested, this, &DlqPage::replayScope);
    connect(m_scope, &ScopeBar::archiveRequested, this, &DlqPage::archiveScope);
    connect(m_scope, &ScopeBar::exportRequested, this, &DlqPage::chooseExport);
    connect(m_detail, &DetailPane::filterRequested, this,
        [this](const QString& path, const QString& value) {
            engine::DeadLetterFilter filter = m_filter->filter();
            filter.payloadPath = path.toStdString();
            filter.payloadValue = value.toStdString();
            setGroupsMode(false); // groups are not counted by what stands in the payloads
            m_filter->setLine(toFilterLine(filter));
        });
    connect(m_detail, &DetailPane::replayRequested, this, [this](qint64 id) {
        engine::DeadLetterFilter filter;
        filter.ids = { engine::DeadLetterId { id } };
        Q_EMIT navigationRequested({ .page = PageId::Replay, .filter = filter });
    });
}

QWidget* DlqPage::makeTop()
{
    auto* top = new QWidget(this);
    m_modeGroups = makeToggle(QStringLiteral("dlq_modeGroups"), tr("Groups"), top);
    m_modeRows = makeToggle(QStringLiteral("dlq_modeRows"), tr("Rows"), top);
    m_modeGroups->setToolTip(tr("One line per cause, and its entries below (G)"));
    m_modeRows->setToolTip(tr("One line per dead letter alone (G)"));
    auto* modes = new QButtonGroup(top);
    modes->addButton(m_modeGroups);
    modes->addButton(m_modeRows);
    m_filter = new FilterBar(m_context, top);
    m_saved = new SavedFilters(top);
    m_order = makeToggle(QStringLiteral("dlq_order"), tr("Oldest first"), top);
    m_order->setToolTip(tr("Order by first failure"));
    m_askPurge = new QPushButton(tr("Purge…"), top);
    m_askPurge->setObjectName(QStringLiteral("dlq_askPurge"));
    m_askPurge->setAccessibleName(tr("Remove archived entries for good"));
    m_askPurge->hide();
    connect(
        m_askPurge, &QPushButton::clicked, this, [this] { m_actions->askPurge(scopeFilter()); });
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpaceSmall);
    row->addWidget(m_modeGroups, 0, Qt::AlignTop);
    row->addWidget(m_modeRows, 0, Qt::AlignTop);
    row->addSpacing(kSpaceSmall);
    row->addWidget(m_filter, 1);
    row->addSpacing(kSpaceSmall);
    row->addWidget(m_saved, 0, Qt::AlignTop);
    row->addWidget(m_order, 0, Qt::AlignTop);
    row->addWidget(m_askPurge, 0, Qt::AlignTop);
    connect(m_modeGroups, &QPushButton::clicked, this, [this] { setGroupsMode(true); });
    connect(m_modeRows, &QPushButton::clicked, this, [this] { setGroupsMode(false); });
    connect(m_order, &QPushButton::toggled, this, [this](bool isNewestFirst) {
        m_order->setText(isNewestFirst ? tr("Newest first") : tr("Oldest first"));
        m_order->setAccessibleName(m_order->text());
        load();
    });
    return top;
}

// The groups over the whole width, because a cause is a sentence; below them the entries and,
// beside those, the one that is chosen.
void DlqPage::makeLists()
{
    m_lists = new QSplitter(Qt::Vertical, this);
    m_groups = new GroupList(m_context, *m_runner, m_lists);
    m_groups->table().setContextMenuPolicy(Qt::CustomContextMenu);
    m_splitter = new QSplitter(Qt::Horizontal, m_lists);
    m_list = new RowList(m_context, m_splitter);
    m_rows = &m_list->view();
    m_model = &m_list->model();
    m_detail = new DetailPane(m_context, m_splitter);
    m_splitter->addWidget(m_list);
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setSizes({ 600, 400 }); // of a thousand: what an operator acts on fits the table
    m_lists->addWidget(m_groups);
    m_lists->addWidget(m_splitter);
    m_lists->setStretchFactor(0, 1);
    m_lists->setStretchFactor(1, 2);
    m_lists->setSizes({ 210, 480 });
    for (auto* splitter : { m_lists, m_splitter })
        splitter->setChildrenCollapsible(false);
}

// Not a focus proxy: Qt would leave what stands above the lists out of the chain of Tab.
void DlqPage::focusInEvent(QFocusEvent* event)
{
    Page::focusInEvent(event);
    (m_isGroups ? &m_groups->table() : static_cast<QWidget*>(m_rows))->setFocus(event->reason());
}

void DlqPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (!m_isLoaded)
        load();
}

void DlqPage::open(const PageTarget& target)
{
    if (!target.filter)
        return;
    const engine::DeadLetterFilter filter = withWholeDestinations(*target.filter);
    const bool isOfEntries
        = !filter.ids.empty() || !filter.fingerprint.empty() || !filter.eventId.empty();
    if (isOfEntries || !filter.text.empty() || !filter.payloadPath.empty())
        setGroupsMode(false);
    const QString line = toFilterLine(filter);
    if (line != m_filter->line())
        m_filter->setLine(line);
}

void DlqPage::clearTransient()
{
    m_detail->setMasked();
    if (m_model->isLoading() && !m_model->isCancelled())
        return m_model->cancel();
    if (group() != nullptr)
        return m_groups->clearChoice();
    if (!m_filter->line().isEmpty())
        m_filter->setLine({});
}

void DlqPage::load()
{
    m_isLoaded = true;
    m_areGroupsCurrent = m_isGroups;
    m_saved->setLine(m_filter->line());
    m_askPurge->setVisible(isArchiveShown());
    m_purge->hide(); // it spoke of another list
    m_snapshot = m_context.engine.snapshot();
    m_addedAtLoad = addedTotal();
    m_loadedAt = m_context.clock.wallNow();
    if (m_isGroups)
        m_groups->load(m_filter->filter(), !m_filter->line().isEmpty());
    loadRows();
    showBanner();
}

void DlqPage::loadRows()
{
    if (!m_isLoaded)
        return;
    m_detail->show(std::nullopt);
    const bool isFiltered = !m_filter->line().isEmpty();
    m_list->setEmptyTold(m_isGroups && !isFiltered && group() == nullptr); // by the groups above
    m_list->load({ .filter = rowsFilter(),
                     .isNewestFirst = m_order->isChecked(),
                     .expected = expectedCount() },
        group(), isFiltered);
    showCounts();
    if (group() != nullptr)
        m_scope->setScope(ScopeBar::Scope::Group);
}

const engine::DeadLetterGroup* DlqPage::group() const
{
    return m_isGroups ? m_groups->current() : nullptr;
}

engine::DeadLetterFilter DlqPage::rowsFilter() const
{
    engine::DeadLetterFilter filter = m_filter->filter();
    if (const auto* one = group()) {
        filter.fingerprint = one->fingerprint;
        if (one->shard) {
            filter.destinations.clear();
            filter.shards = { *one->shard };
        }
    }
    return filter;
}

void DlqPage::setGroupsMode(bool isGroups)
{
    (isGroups ? m_modeGroups : m_modeRows)->setChecked(true);
    const bool wasNarrowed = group() != nullptr;
    m_isGroups = isGroups;
    m_groups->setVisible(isGroups);
    if (isGroups && !m_areGroupsCurrent && m_isLoaded) {
        m_areGroupsCurrent = true;
        m_groups->load(m_filter->filter(), !m_filter->line().isEmpty());
    }
    m_list->setEmptyTold(m_isGroups && m_filter->line().isEmpty() && group() == nullptr);
    if (wasNarrowed != (group() != nullptr))
        loadRows();
    showCounts();
}

// From the groups into their entries.
void DlqPage::openGroup()
{
    m_rows->setFocus(Qt::OtherFocusReason);
    if (m_model->rowCount() > 0)
        m_rows->setCurrentIndex(m_model->index(0, 0));
}

void DlqPage::showCounts()
{
    const auto selection = m_rows->selected();
    ScopeBar::Counts counts;
    counts.selected = selection.rows;
    counts.areAllSelectedRead = selection.rows == std::ssize(selection.ids);
    const auto* one = group();
    if (one != nullptr)
        counts.group = one->count;
    counts.isAllExact = one != nullptr || m_model->isTotalKnown();
    counts.all = one != nullptr ? m_groups->total()
        : counts.isAllExact     ? m_model->rowCount()
                                : std::max(0, m_model->rowCount() - 1);
    counts.isArchive = isArchiveShown();
    m_scope->setCounts(counts);
    showCountText();
}

void DlqPage::showCountText()
{
    if (!m_isLoaded)
        return;
    if (m_model->isLoading() && m_model->rowCount() == 0)
        return m_filter->setCount(tr("Reading…"), {});
    const QString total = formatExact(m_model->waitingTotal());
    const bool isNarrowed = group() != nullptr;
    const std::int64_t rows = isNarrowed ? m_groups->total() : m_model->rowCount();
    const bool isFiltered = !(m_filter->filter() == engine::DeadLetterFilter {});
    QString text;
    if (!isFiltered)
        text = tr("%1 waiting", "dead letters").arg(formatExact(rows));
    else if (isNarrowed || m_model->isTotalKnown())
        text = tr("%1 match, %2 waiting in all").arg(formatExact(rows), total);
    else
        text = tr("%1 so far, %2 waiting in all")
                   .arg(formatExact(std::max(0, m_model->rowCount() - 1)), total);
    m_filter->setCount(text + QStringLiteral(" · ") + tr("as of %1").arg(formatClock(m_loadedAt)),
        tr("From a maintained counter and the rows read; %1").arg(formatUtc(m_loadedAt)));
}

std::optional<std::int64_t> DlqPage::expectedCount() const
{
    if (const auto* one = group())
        return one->count;
    const engine::DeadLetterFilter& filter = m_filter->filter();
    if (!isCounted(filter) || filter.destinations.empty() == filter.shards.empty())
        return std::nullopt;
    std::int64_t sum = 0;
    for (const auto& shard : m_snapshot->shards) {
        const bool isMeant = std::find(filter.destinations.begin(), filter.destinations.end(),
                                 shard.shard.destination)
                != filter.destinations.end()
            || std::find(filter.shards.begin(), filter.shards.end(), shard.shard)
                != filter.shards.end();
        sum += isMeant ? shard.dlqCount : 0;
    }
    return sum;
}

std::int64_t DlqPage::addedTotal() const
{
    const auto& filter = m_filter->filter();
    std::int64_t sum = 0;
    for (const auto& shard : m_snapshot->shards) {
        const bool isDestination = filter.destinations.empty()
            || std::find(
                   filter.destinations.begin(), filter.destinations.end(), shard.shard.destination)
                != filter.destinations.end();
        const bool isShard = filter.shards.empty()
            || std::find(filter.shards.begin(), filter.shards.end(), shard.shard)
                != filter.shards.end();
        sum += isDestination && isShard ? shard.dlqAddedTotal : 0;
    }
    return sum;
}

bool DlqPage::isArchiveShown() const
{
    const auto& states = m_filter->filter().states;
    return states == std::vector { engine::DeadLetterState::Archived };
}

void DlqPage::applySnapshot(const engine::SnapshotPtr& snapshot)
{
    m_snapshot = snapshot;
    showGuards();
    m_orphans->applySnapshot(*snapshot);
    showBanner();
}

void DlqPage::showGuards()
{
    const GuardProfile profile = profileOf(*m_snapshot);
    const Guard writing = guardFor(profile, GuardedAction::Archive);
    m_scope->setGuard(writing);
    m_groups->setGuard(writing);
    m_orphans->setGuard(writing);
    m_detail->setGuard(guardFor(profile, GuardedAction::Replay));
    const Guard purging = guardFor(profile, GuardedAction::Purge);
    m_askPurge->setEnabled(purging.isAllowed);
    m_askPurge->setToolTip(purging.whyNot);
    if (!purging.isAllowed)
        m_purge->hide();
}

void DlqPage::saveLayout(QSettings& settings) const
{
    m_saved->save(settings);
    m_filter->saveHistory(settings);
    m_rows->saveColumns(settings);
    m_groups->columns().save(settings);
    settings.setValue(kSplitterKey, m_splitter->saveState());
    settings.setValue(kListsKey, m_lists->saveState());
    settings.setValue(kModeKey, m_isGroups);
}

void DlqPage::restoreLayout(QSettings& settings)
{
    m_saved->restore(settings);
    m_filter->restoreHistory(settings);
    m_rows->restoreColumns(settings);
    m_groups->columns().restore(settings);
    m_splitter->restoreState(settings.value(kSplitterKey).toByteArray());
    m_lists->restoreState(settings.value(kListsKey).toByteArray());
    setGroupsMode(settings.value(kModeKey, true).toBool());
}

void DlqPage::resetLayout() { m_groups->columns().reset(); }

void DlqPage::showBanner()
{
    m_banner->setAdded(
        m_isLoaded ? addedTotal() - m_addedAtLoad : 0, m_loadedAt, isCounted(m_filter->filter()));
}

void DlqPage::showSelection()
{
    m_detail->show(m_rows->current());
    showCounts();
}

} // namespace ui

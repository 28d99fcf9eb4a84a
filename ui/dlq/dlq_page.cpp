#include "dlq/dlq_page.h"

#include "dlq/dead_letter_export.h"
#include "dlq/dead_letter_model.h"
#include "dlq/dead_letter_view.h"
#include "dlq/detail_pane.h"
#include "dlq/filter_bar.h"
#include "dlq/group_model.h"
#include "dlq/group_remark.h"
#include "dlq/orphan_bar.h"
#include "dlq/purge_bar.h"
#include "dlq/saved_filters.h"
#include "format/format.h"
#include "theme/theme.h"
#include "widgets/command_runner.h"
#include "widgets/list_notice.h"
#include "widgets/undo_bar.h"
#include "window/ui_clock.h"

#include <QButtonGroup>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace ui {
namespace {

QPushButton* makeToggle(const QString& name, const QString& text, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setObjectName(name);
    button->setCheckable(true);
    button->setAccessibleName(text);
    return button;
}

} // namespace

DlqPage::DlqPage(const ConsoleContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_runner(new CommandRunner(context.engine, this))
    , m_model(new DeadLetterModel(context.engine, this))
    , m_groups(new GroupModel(this))
    , m_snapshot(context.engine.snapshot())
{
    setObjectName(QStringLiteral("page_dlq"));
    m_detail = new DetailPane(m_context, this);
    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(makeLists());
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setSizes({ 640, 360 }); // of a thousand: what an operator acts on fits the table
    m_scope = new ScopeBar(this);
    m_undo = new UndoBar(this);
    m_orphans = new OrphanBar(*m_runner, this);
    m_purge = new PurgeBar(this);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceLarge, kSpace, kSpaceLarge, kSpace);
    column->setSpacing(kSpace);
    column->addWidget(makeTop());
    column->addWidget(m_orphans);
    column->addWidget(m_splitter, 1);
    column->addWidget(makeBanner());
    column->addWidget(makeExportBar());
    column->addWidget(m_purge);
    column->addWidget(m_scope);
    column->addWidget(m_undo);
    m_rows->installEventFilter(this);
    m_groupTable->installEventFilter(this);

    connect(m_filter, &FilterBar::filterChanged, this, &DlqPage::load);
    connect(m_saved, &SavedFilters::chosen, m_filter, &FilterBar::setLine);
    connect(m_remark, &GroupRemark::said, this, &DlqPage::loadGroups);
    connect(
        m_purge, &PurgeBar::purgeRequested, this, [this](qint64 selection, const QString& reason) {
            purge(engine::SelectionId { selection }, reason);
        });
    connect(m_model, &DeadLetterModel::statusChanged, this, &DlqPage::showStatus);
    connect(m_rows, &DeadLetterView::selectionMoved, this, &DlqPage::showSelection);
    // A row that was "…" when it was selected has an id now.
    connect(m_model, &DeadLetterModel::dataChanged, this, &DlqPage::showSelection);
    connect(m_rows, &DeadLetterView::detailRequested, this, [this] { m_detail->focusFind(); });
    connect(m_scope, &ScopeBar::replayRequested, this, &DlqPage::replayScope);
    connect(m_scope, &ScopeBar::archiveRequested, this, &DlqPage::archiveScope);
    connect(m_scope, &ScopeBar::exportRequested, this, &DlqPage::chooseExport);
    connect(m_detail, &DetailPane::replayRequested, this, [this](qint64 id) {
        engine::DeadLetterFilter filter;
        filter.ids = { engine::DeadLetterId { id } };
        Q_EMIT navigationRequested({ .page = PageId::Replay, .filter = filter });
    });
    setGroupsMode(false);
}

DlqPage::~DlqPage() = default;

QString DlqPage::title() const { return tr("DLQ"); }

QWidget* DlqPage::makeTop()
{
    auto* top = new QWidget(this);
    m_modeGroups = makeToggle(QStringLiteral("dlq_modeGroups"), tr("Groups"), top);
    m_modeRows = makeToggle(QStringLiteral("dlq_modeRows"), tr("Rows"), top);
    m_modeGroups->setToolTip(tr("One line per cause (G)"));
    m_modeRows->setToolTip(tr("One line per dead letter (G)"));
    auto* modes = new QButtonGroup(top);
    modes->addButton(m_modeGroups);
    modes->addButton(m_modeRows);
    m_modeRows->setChecked(true);
    m_order = makeToggle(QStringLiteral("dlq_order"), tr("Oldest first"), top);
    m_order->setToolTip(tr("Order by first failure"));
    m_filter = new FilterBar(m_context, top);
    m_saved = new SavedFilters(top);
    m_askPurge = new QPushButton(tr("Purge…"), top);
    m_askPurge->setObjectName(QStringLiteral("dlq_askPurge"));
    m_askPurge->setAccessibleName(tr("Remove archived entries for good"));
    m_askPurge->hide();
    connect(m_askPurge, &QPushButton::clicked, this, &DlqPage::askPurge);
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

QWidget* DlqPage::makeLists()
{
    auto* box = new QWidget(this);
    m_rows = new DeadLetterView(m_context.theme, *m_model, box);
    m_groupTable = new QTableView(box);
    m_groupTable->setObjectName(QStringLiteral("dlq_groups"));
    m_groupTable->setAccessibleName(tr("Dead letters by cause"));
    m_groupTable->setModel(m_groups);
    m_groupTable->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_groupTable->setSelectionMode(QAbstractItemView::SingleSelection);
    m_groupTable->setShowGrid(false);
    m_groupTable->setWordWrap(false);
    m_groupTable->setTabKeyNavigation(false);
    m_groupTable->verticalHeader()->hide();
    m_groupTable->verticalHeader()->setDefaultSectionSize(m_context.theme.rowHeight());
    m_groupTable->horizontalHeader()->setSectionResizeMode(
        GroupModel::FingerprintColumn, QHeaderView::Stretch);
    m_notice = new ListNotice(QStringLiteral("dlq_rows"), box);
    m_groupTable->setColumnWidth(GroupModel::FirstColumn, 120);
    m_groupTable->setColumnWidth(GroupModel::LastColumn, 120);
    m_groupTable->setColumnWidth(GroupModel::ShardsColumn, 64);
    m_groupTable->setColumnWidth(GroupModel::StatusColumn, 120);
    m_remark = new GroupRemark(*m_runner, box);
    m_groupNotice = new ListNotice(QStringLiteral("dlq_groups"), box);
    m_stack = new QStackedWidget(box);
    m_stack->addWidget(m_rows);
    m_stack->addWidget(m_groupTable);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceSmall);
    column->addWidget(m_notice);
    column->addWidget(m_groupNotice);
    column->addWidget(m_stack, 1);
    column->addWidget(m_remark);
    connect(m_notice, &ListNotice::retryRequested, m_model, &DeadLetterModel::retry);
    connect(m_notice, &ListNotice::clearFilterRequested, this, [this] { m_filter->setLine({}); });
    connect(m_groupNotice, &ListNotice::retryRequested, this, &DlqPage::loadGroups);
    connect(
        m_groupNotice, &ListNotice::clearFilterRequested, this, [this] { m_filter->setLine({}); });
    connect(m_groupTable->selectionModel(), &QItemSelectionModel::selectionChanged, this,
        &DlqPage::showCounts);
    connect(m_groupTable, &QTableView::activated, this,
        [this](const QModelIndex& index) { showGroup(index.data(GroupModel::IdRole).toString()); });
    return box;
}

QWidget* DlqPage::makeBanner()
{
    auto* frame = new QFrame(this);
    frame->setFrameShape(QFrame::StyledPanel);
    frame->setObjectName(QStringLiteral("dlq_newBanner"));
    m_bannerText = new QLabel(frame);
    m_bannerText->setTextFormat(Qt::PlainText);
    auto* button = new QPushButton(tr("Load"), frame);
    button->setObjectName(QStringLiteral("dlq_newLoad"));
    button->setAccessibleName(tr("Load new dead letters"));
    auto* row = new QHBoxLayout(frame);
    row->setContentsMargins(kSpace, kSpaceSmall, kSpaceSmall, kSpaceSmall);
    row->addWidget(m_bannerText, 1);
    row->addWidget(button);
    connect(button, &QPushButton::clicked, this, &DlqPage::load);
    m_banner = frame;
    m_banner->hide();
    return frame;
}

QWidget* DlqPage::makeExportBar()
{
    auto* bar = new QWidget(this);
    m_exportText = new QLabel(bar);
    m_exportText->setObjectName(QStringLiteral("dlq_exportText"));
    m_exportText->setTextFormat(Qt::PlainText);
    m_exportProgress = new QProgressBar(bar);
    m_exportProgress->setObjectName(QStringLiteral("dlq_exportProgress"));
    m_exportProgress->setAccessibleName(tr("Export progress"));
    m_exportProgress->setTextVisible(false);
    m_exportProgress->setMaximumWidth(200);
    m_exportCancel = new QPushButton(tr("Cancel export"), bar);
    m_exportCancel->setObjectName(QStringLiteral("dlq_exportCancel"));
    m_exportCancel->setAccessibleName(m_exportCancel->text());
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_exportProgress);
    row->addWidget(m_exportText, 1);
    row->addWidget(m_exportCancel);
    connect(m_exportCancel, &QPushButton::clicked, this, [this] {
        if (m_export)
            m_export->cancel();
        else
            m_exportBar->hide();
    });
    m_exportBar = bar;
    m_exportBar->hide();
    return bar;
}

// The window has some of these keys too, for the overview. Inside this page they are the page's:
// a shortcut override says so before the window's actions are asked.
bool DlqPage::isOwnKey(const QKeyEvent& key)
{
    if (key.matches(QKeySequence::Find))
        return true;
    if (key.modifiers() == (Qt::ControlModifier | Qt::ShiftModifier))
        return key.key() == Qt::Key_F;
    if (key.modifiers() == Qt::ControlModifier)
        return key.key() == Qt::Key_R || key.key() == Qt::Key_E;
    return key.modifiers() == Qt::NoModifier
        && (key.key() == Qt::Key_G || key.key() == Qt::Key_Delete);
}

bool DlqPage::runKey(const QKeyEvent& key)
{
    if (!isOwnKey(key))
        return false;
    if (key.matches(QKeySequence::Find))
        m_filter->focusLine();
    else if (key.key() == Qt::Key_F)
        m_detail->focusFind();
    else if (key.key() == Qt::Key_R)
        replayScope();
    else if (key.key() == Qt::Key_E)
        chooseExport();
    else if (key.key() == Qt::Key_G)
        setGroupsMode(m_stack->currentIndex() == 0);
    else
        archiveScope();
    return true;
}

bool DlqPage::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && isOwnKey(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return Page::event(event);
}

// Tables would search for a letter that is a key of the page, over all rows.
bool DlqPage::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress && runKey(*static_cast<QKeyEvent*>(event)))
        return true;
    return Page::eventFilter(watched, event);
}

void DlqPage::keyPressEvent(QKeyEvent* event)
{
    // Reached only when no text field has taken the key.
    if (!runKey(*event))
        Page::keyPressEvent(event);
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
    const QString line = toFilterLine(withWholeDestinations(*target.filter));
    setGroupsMode(false);
    if (line != m_filter->line())
        m_filter->setLine(line);
}

void DlqPage::clearTransient()
{
    m_detail->setMasked();
    if (!m_filter->line().isEmpty())
        m_filter->setLine({});
}

void DlqPage::load()
{
    m_isLoaded = true;
    m_areGroupsCurrent = false;
    m_saved->setLine(m_filter->line());
    m_askPurge->setVisible(isArchiveShown());
    m_purge->hide(); // it spoke of another list
    m_snapshot = m_context.engine.snapshot();
    m_addedAtLoad = addedTotal();
    m_loadedAt = m_context.clock.wallNow();
    m_rows->clearSelection();
    m_detail->show(std::nullopt);
    m_model->load({ .filter = m_filter->filter(),
        .isNewestFirst = m_order->isChecked(),
        .expected = expectedCount() });
    if (m_stack->currentIndex() == 1)
        loadGroups();
    showBanner();
    showCounts();
}

void DlqPage::loadGroups()
{
    m_areGroupsCurrent = true;
    m_groupNotice->showLoading(tr("Reading groups of dead letters…"));
    using Answer = engine::Result<std::vector<engine::DeadLetterGroup>>;
    m_context.engine.deadLetterGroups(m_filter->filter(),
        m_context.engine.replyTo<Answer>(this, [this, asked = ++m_groupsAsked](Answer answer) {
            if (asked != m_groupsAsked)
                return;
            if (!answer) {
                m_groupNotice->showError(
                    tr("The groups could not be read: %1").arg(toQString(answer.error().message)),
                    toQString(answer.error().detail));
                return;
            }
            m_groups->setGroups(std::move(*answer));
            m_groupTable->resizeColumnToContents(GroupModel::CountColumn); // a few rows
            if (m_groups->rowCount() > 0)
                m_groupNotice->clear();
            else if (m_filter->line().isEmpty())
                m_groupNotice->showEmpty(tr("No dead letters. Good."));
            else
                m_groupNotice->showFilteredEmpty(tr("No group matches this filter."));
            showCounts();
        }));
}

void DlqPage::setGroupsMode(bool isGroups)
{
    (isGroups ? m_modeGroups : m_modeRows)->setChecked(true);
    m_stack->setCurrentIndex(isGroups ? 1 : 0);
    m_notice->setVisible(false);
    m_groupNotice->setVisible(false);
    m_order->setEnabled(!isGroups);
    m_detail->setVisible(!isGroups); // a cause has no payload of its own
    m_remark->setVisible(isGroups);
    if (isGroups && !m_areGroupsCurrent && m_isLoaded)
        loadGroups();
    if (!isGroups)
        showStatus();
    showCounts();
}

void DlqPage::showGroup(const QString& fingerprint)
{
    engine::DeadLetterFilter filter = m_filter->filter();
    filter.fingerprint = fingerprint.toStdString();
    setGroupsMode(false);
    m_filter->setLine(toFilterLine(filter));
}

void DlqPage::showStatus()
{
    showCounts();
    if (m_stack->currentIndex() != 0)
        return;
    m_rows->setEnabled(!m_model->isLoading() || !m_model->failure());
    if (const auto& failure = m_model->failure()) {
        m_notice->showError(
            tr("Dead letters could not be read: %1").arg(toQString(failure->message)),
            toQString(failure->detail));
    } else if (m_model->isLoading()) {
        m_notice->showLoading(tr("Reading dead letters…"));
    } else if (m_model->rowCount() > 0 || !m_isLoaded) {
        m_notice->clear();
    } else if (m_filter->line().isEmpty()) {
        m_notice->showEmpty(tr("No dead letters. Good."));
    } else {
        m_notice->showFilteredEmpty(tr("0 of %1 match.").arg(formatExact(m_model->waitingTotal())));
    }
}

void DlqPage::showCounts()
{
    const auto selection = m_rows->selected();
    ScopeBar::Counts counts;
    const bool isGroups = m_stack->currentIndex() == 1;
    if (!isGroups) {
        counts.selected = selection.rows;
        counts.areAllSelectedRead
            = selection.rows == static_cast<std::int64_t>(selection.ids.size());
    }
    const auto* group = m_groups->groupAt(m_groupTable->currentIndex().row());
    if (isGroups && group != nullptr)
        counts.group = group->count;
    m_remark->setGroup(isGroups ? group : nullptr);
    counts.isAllExact = m_model->isTotalKnown();
    counts.all = counts.isAllExact ? m_model->rowCount() : std::max(0, m_model->rowCount() - 1);
    counts.isArchive = isArchiveShown();
    const bool isNewGroup = counts.group && m_scope->scope() != ScopeBar::Scope::Group;
    m_scope->setCounts(counts);
    if (isNewGroup && m_groupTable->hasFocus())
        m_scope->setScope(ScopeBar::Scope::Group);
    showCountText();
}

void DlqPage::showCountText()
{
    if (!m_isLoaded)
        return;
    const QString total = formatExact(m_model->waitingTotal());
    const QString read = formatExact(std::max(0, m_model->rowCount() - 1));
    const bool isFiltered = !(m_filter->filter() == engine::DeadLetterFilter {});
    QString text;
    if (!isFiltered)
        text = tr("%1 waiting", "dead letters").arg(formatExact(m_model->rowCount()));
    else if (m_model->isTotalKnown())
        text = tr("%1 match, %2 waiting in all").arg(formatExact(m_model->rowCount()), total);
    else
        text = tr("%1 so far, %2 waiting in all").arg(read, total);
    m_filter->setCount(text + QStringLiteral(" · ") + tr("as of %1").arg(formatClock(m_loadedAt)),
        tr("From a maintained counter and the rows read; %1").arg(formatUtc(m_loadedAt)));
}

std::optional<std::int64_t> DlqPage::expectedCount() const
{
    // Counters exist per destination and shard; any other condition has to be read.
    engine::DeadLetterFilter rest = m_filter->filter();
    const auto destinations = std::exchange(rest.destinations, {});
    const auto shards = std::exchange(rest.shards, {});
    if (!(rest == engine::DeadLetterFilter {}) || destinations.empty() == shards.empty())
        return std::nullopt;
    std::int64_t sum = 0;
    for (const auto& shard : m_snapshot->shards) {
        const bool isMeant
            = std::find(destinations.begin(), destinations.end(), shard.shard.destination)
                != destinations.end()
            || std::find(shards.begin(), shards.end(), shard.shard) != shards.end();
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
    m_orphans->applySnapshot(*snapshot);
    showBanner();
}

void DlqPage::saveLayout(QSettings& settings) const { m_saved->save(settings); }

void DlqPage::restoreLayout(QSettings& settings) { m_saved->restore(settings); }

void DlqPage::showBanner()
{
    const auto added = m_isLoaded ? addedTotal() - m_addedAtLoad : 0;
    m_banner->setVisible(added > 0);
    if (added <= 0)
        return;
    // Other conditions than destination and shard cannot be told from a counter.
    engine::DeadLetterFilter rest = m_filter->filter();
    rest.destinations.clear();
    rest.shards.clear();
    const bool isExact = rest == engine::DeadLetterFilter {};
    const QString since = formatClock(m_loadedAt);
    m_bannerText->setText(isExact
            ? tr("%1 new since %2").arg(formatExact(added), since)
            : tr("%1 new since %2, not all of them may match").arg(formatExact(added), since));
}

void DlqPage::showSelection()
{
    m_detail->show(m_rows->current());
    showCounts();
}

engine::DeadLetterFilter DlqPage::scopeFilter() const
{
    switch (m_scope->scope()) {
    case ScopeBar::Scope::Selected: {
        engine::DeadLetterFilter filter;
        filter.states = m_filter->filter().states;
        filter.ids = m_rows->selected().ids;
        return filter;
    }
    case ScopeBar::Scope::Group: {
        engine::DeadLetterFilter filter = m_filter->filter();
        if (const auto* group = m_groups->groupAt(m_groupTable->currentIndex().row()))
            filter.fingerprint = group->fingerprint;
        return filter;
    }
    case ScopeBar::Scope::All:
        break;
    }
    return m_filter->filter();
}

void DlqPage::replayScope()
{
    if (!isArchiveShown() && m_model->rowCount() > 0)
        Q_EMIT navigationRequested({ .page = PageId::Replay, .filter = scopeFilter() });
}

} // namespace ui

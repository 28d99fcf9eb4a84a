#include "overview/overview_page.h"

#include "charts/chart_strip.h"
#include "format/format.h"
#include "overview/overview_toolbar.h"
#include "overview/shard_table_view.h"
#include "overview/void_state.h"
#include "theme/theme.h"
#include "widgets/card.h"
#include "widgets/list_notice.h"
#include "widgets/stripe.h"
#include "window/ui_clock.h"

#include <QAction>
#include <QFocusEvent>
#include <QHeaderView>
#include <QMenu>
#include <QPointer>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>
#include <optional>
#include <vector>

namespace ui {

namespace {

constexpr std::size_t kPinnedMax = 4;
constexpr engine::Seconds kTrendGapMax { 3 }; // between two samples that came one after the other
constexpr int kTwoRowsFrom = 700; // heights of the page
constexpr int kTallFrom = 900;
constexpr int kPanel = 132; // heights of a chart
constexpr int kTallPanel = 158;
constexpr int kPanelMax = 260;
constexpr int kRowsMin = 5; // a table of one shard still looks like a table

} // namespace

OverviewPage::OverviewPage(const ConsoleContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_model(new ShardTableModel(context.theme, this))
    , m_toolbar(new OverviewToolbar(context.theme, this))
    , m_table(new ShardTableView(context.theme, context.clock, this))
    , m_void(new VoidState(context.theme, QStringLiteral("overview_table"), this))
    , m_frozenBar(new Stripe(
          context.theme, QStringLiteral("overview_frozenBar"), QStringLiteral("freeze"), this))
    , m_unread(new ListNotice(QStringLiteral("overview_table"), this))
    , m_tableArea(new Card(context.theme, this))
    , m_tableStack(new QStackedLayout(m_tableArea))
    , m_charts(new ChartStrip(context, this))
{
    setObjectName(QStringLiteral("page_overview"));
    setFocusPolicy(Qt::ClickFocus); // hands it on to its table
    setAccessibleName(OverviewPage::title());
    m_table->setShardModel(m_model);
    m_tableStack->setContentsMargins(2, 2, 2, 3); // inside the round corners
    m_tableStack->addWidget(m_table);
    m_tableStack->addWidget(m_void);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kSpace, kSpace, kSpace, kSpace);
    layout->setSpacing(kSpaceSmall + 2);
    layout->addWidget(m_toolbar);
    layout->addWidget(m_frozenBar);
    layout->addWidget(m_unread);
    layout->addWidget(m_tableArea, 1);
    layout->addWidget(m_charts);
    wire();
    showVoid();
}

void OverviewPage::wire()
{
    connect(m_toolbar, &OverviewToolbar::filterChanged, this, [this](const ShardFilter& filter) {
        m_isFiltered = !filter.isEmpty();
        m_model->setFilter(filter);
        showVoid();
    });
    connect(m_toolbar, &OverviewToolbar::scopeChanged, this, [this](ShardTableModel::Scope scope) {
        m_model->setScope(scope);
        showVoid();
    });
    connect(m_toolbar, &OverviewToolbar::groupToggled, this, &OverviewPage::toggleGrouping);
    connect(m_toolbar, &OverviewToolbar::resortWanted, this, &OverviewPage::resort);
    connect(m_model, &ShardTableModel::countsChanged, this,
        [this] { m_toolbar->setCounts(m_model->counts()); });
    connect(
        m_model, &ShardTableModel::orderStaleChanged, m_toolbar, &OverviewToolbar::setOrderStale);
    connect(m_table, &ShardTableView::shardsSelected, this, &OverviewPage::reportSelection);
    connect(m_table, &ShardTableView::shardOpened, this, [this](const engine::ShardId& shard) {
        Q_EMIT navigationRequested({ .page = PageId::Shard, .shards = { shard } });
    });
    connect(m_table, &ShardTableView::contextMenuWanted, this, [this](const QPoint& position) {
        QMenu menu(this);
        menu.addActions(m_contextActions);
        menu.addSeparator();
        m_table->addHeaderMenus(menu);
        menu.exec(position);
    });
    connect(m_unread, &ListNotice::retryRequested, this, &OverviewPage::askTrends);
    connect(m_charts, &ChartStrip::freezeToggled, this, &Page::freezeToggled);
    auto* deck = &m_charts->deck();
    connect(deck, &ChartDeck::navigationRequested, this, &Page::navigationRequested);
    connect(deck, &ChartDeck::messageShown, this, &Page::messageShown);
    connect(deck, &ChartDeck::markMade, this, &Page::markMade);
    connect(deck, &ChartDeck::markRemoved, this, &Page::markRemoved);
    connect(m_void, &VoidState::actionTriggered, this, [this](VoidState::Kind kind) {
        if (kind == VoidState::Kind::Empty && m_emptyAction != nullptr)
            m_emptyAction->trigger();
        if (kind == VoidState::Kind::FilteredEmpty) {
            m_toolbar->setFilterText({});
            m_toolbar->setScope(ShardTableModel::Scope::All);
            m_model->setScope(ShardTableModel::Scope::All);
            showVoid();
        }
    });
}

QString OverviewPage::title() const { return tr("Overview"); }

void OverviewPage::applySnapshot(const engine::SnapshotPtr& snapshot)
{
    // The first sample of a starting engine may hold no shard yet.
    const std::size_t known = m_latest == nullptr ? 0 : m_latest->shards.size();
    const bool hasNewShards = snapshot->shards.size() != known;
    const bool isFirst = known == 0 && hasNewShards;
    m_latest = snapshot;
    m_charts->applySnapshot(snapshot);
    if (m_frozenAt) {
        showAge();
        return;
    }
    // Nobody heard of samples while the page was hidden or frozen: the engine has kept them.
    const bool wasAway = m_tabledAt && snapshot->takenAt - *m_tabledAt > kTrendGapMax;
    m_tabledAt = snapshot->takenAt;
    const auto now = m_context.clock.steadyNow();
    const bool mayReorder = m_table->orderGate().mayReorder(now);
    m_model->applySnapshot(snapshot, mayReorder);
    if (mayReorder)
        m_table->orderGate().noteOrdered(now);
    if (hasNewShards || wasAway)
        askTrends();
    if (hasNewShards)
        shareHeight();
    if (isFirst && m_selection.empty() && m_model->rowCount() > 0) {
        // The worst shard first, but not any shard where none is in trouble.
        const auto worst = m_model->idAt(0);
        const bool isInTrouble = std::any_of(snapshot->shards.begin(), snapshot->shards.end(),
            [&](const auto& shard) { return shard.shard == worst && needsAttention(shard.state); });
        if (isInTrouble) {
            m_table->selectShards({ worst });
            reportSelection({ worst });
        }
    }
    showVoid();
}

void OverviewPage::askTrends()
{
    m_context.engine.history(m_model->historyQuery(),
        m_context.engine.replyTo<engine::Result<engine::HistoryPage>>(
            this, [this](engine::Result<engine::HistoryPage> page) {
                if (!page)
                    return m_unread->showError(
                        tr("The trends could not be read: %1").arg(toQString(page.error().message)),
                        toQString(page.error().detail));
                m_unread->clear();
                if (m_model->applyHistory(*page))
                    m_table->viewport()->update();
            }));
}

void OverviewPage::showVoid()
{
    using Kind = VoidState::Kind;
    const auto counts = m_model->counts();
    auto kind = Kind::None;
    if (!m_latest) {
        kind = Kind::Loading;
        m_void->show(kind, tr("Waiting for the engine's first sample…"));
    } else if (counts.all == 0) {
        kind = Kind::Empty;
        m_void->show(kind, noShardsText(*m_latest),
            m_emptyAction == nullptr ? QString {} : QString(m_emptyAction->text()).remove(u'&'));
    } else if (m_model->rowCount() == 0) {
        kind = Kind::FilteredEmpty;
        m_void->show(kind, tr("0 of %1 shards match").arg(counts.all), tr("Clear filter"));
    }
    if (kind == Kind::None)
        m_tableStack->setCurrentWidget(m_table);
    else
        m_tableStack->setCurrentWidget(m_void);
}

void OverviewPage::setSampleAge(engine::Millis age)
{
    m_model->setStale(age >= kStaleAfter);
    m_charts->deck().setStale(age >= kStaleAfter);
}

void OverviewPage::showAge()
{
    m_frozenBar->setVisible(m_frozenAt.has_value());
    if (m_frozenAt && m_latest) {
        const auto behind
            = std::chrono::duration_cast<engine::Millis>(m_latest->takenAt - *m_frozenAt);
        m_frozenBar->setText(tr("Frozen at %1 · %2 behind · Space goes on")
                                 .arg(formatClock(*m_frozenAt), formatDuration(behind)));
    }
}

void OverviewPage::reportSelection(const std::vector<engine::ShardId>& shards)
{
    m_selection = shards;
    m_charts->setSelection(shards);
    Q_EMIT selectionChanged(shards);
}

void OverviewPage::setSelection(const std::vector<engine::ShardId>& shards)
{
    m_selection = shards;
    m_table->selectShards(shards);
    m_charts->setSelection(shards);
}

void OverviewPage::open(const PageTarget& target)
{
    if (!target.shards.empty())
        setSelection(target.shards);
}

void OverviewPage::setFrozen(bool isFrozen)
{
    if (isFrozen == m_frozenAt.has_value())
        return;
    m_frozenAt = isFrozen && m_latest ? std::optional(m_latest->takenAt) : std::nullopt;
    m_charts->setFrozen(m_frozenAt.has_value());
    showAge();
    if (!isFrozen && m_latest)
        applySnapshot(engine::SnapshotPtr(m_latest));
}

void OverviewPage::clearTransient()
{
    m_toolbar->setFilterText({});
    m_charts->clearTransient();
    if (!m_pinned.empty()) {
        m_pinned.clear();
        m_charts->setPinned({});
    }
}

void OverviewPage::runChart(ChartCommand command) { m_charts->deck().run(command); }

void OverviewPage::setMarks(const std::vector<ChartMark>& marks)
{
    m_charts->deck().setMarks(marks);
}

// The scope is what has the focus: the samples of the charts, or else the rows of the table.
void OverviewPage::exportShown()
{
    const auto& panels = m_charts->deck().panels();
    const bool isChart = std::any_of(
        panels.begin(), panels.end(), [](const auto* panel) { return panel->hasFocus(); });
    if (isChart) {
        m_charts->deck().exportRange();
        return;
    }
    askForExport(
        window(), m_context.engine,
        { QStringLiteral("overview_exportDialog"),
            tr("Export %n shown row(s)", nullptr, m_model->rowCount()), QStringLiteral("shards"),
            QStringLiteral("shards") },
        [page = QPointer<OverviewPage>(this)] {
            return page ? page->m_model->exportRows() : ExportTable {};
        },
        [page = QPointer<OverviewPage>(this)](const QString& text) {
            if (page)
                Q_EMIT page->messageShown(text);
        });
}

void OverviewPage::setChartDefaults(const ChartSettings& settings)
{
    m_charts->deck().setDefaults(settings);
}

void OverviewPage::flush() { m_charts->deck().flush(); }

void OverviewPage::setContextActions(const QList<QAction*>& actions) { m_contextActions = actions; }

void OverviewPage::setEmptyAction(QAction* action)
{
    m_emptyAction = action;
    showVoid();
}

void OverviewPage::setFilterText(const QString& text) { m_toolbar->setFilterText(text); }
QStringList OverviewPage::recentFilters() const { return m_toolbar->recentFilters(); }
void OverviewPage::focusFilter() { m_toolbar->focusFilter(); }

void OverviewPage::resort()
{
    m_model->resort();
    m_table->orderGate().noteOrdered(m_context.clock.steadyNow());
}

void OverviewPage::toggleGrouping()
{
    const bool isGrouped = m_model->grouping() != ShardTableModel::Grouping::On;
    m_model->setGrouping(
        isGrouped ? ShardTableModel::Grouping::On : ShardTableModel::Grouping::Off);
    m_toolbar->setGrouped(isGrouped);
    m_table->selectShards(m_selection);
    shareHeight();
}

void OverviewPage::setFramedShard(const std::optional<engine::ShardId>& shard)
{
    m_table->setFramedShard(shard);
}

void OverviewPage::selectNextInTrouble(bool isForward) { m_table->selectNextInTrouble(isForward); }

void OverviewPage::togglePinned(const std::vector<engine::ShardId>& shards)
{
    for (const auto& shard : shards) {
        const auto found = std::find(m_pinned.begin(), m_pinned.end(), shard);
        if (found != m_pinned.end())
            m_pinned.erase(found);
        else if (m_pinned.size() < kPinnedMax)
            m_pinned.push_back(shard);
        else
            Q_EMIT messageShown(tr("Four shards are pinned already. Unpin one first (Esc: all)."));
    }
    m_charts->setPinned(m_pinned);
}

void OverviewPage::saveLayout(QSettings& settings) const { m_table->saveColumns(settings); }
void OverviewPage::restoreLayout(QSettings& settings) { m_table->restoreColumns(settings); }
void OverviewPage::resetLayout() { m_table->resetColumns(); }

// Not a focus proxy: Qt would leave the toolbar out of the chain of Tab.
void OverviewPage::focusInEvent(QFocusEvent* event)
{
    Page::focusInEvent(event);
    m_table->setFocus(event->reason());
}

void OverviewPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    shareHeight();
}

// Twelve rows of 24 px and five charts must fit side by side with the rest at 1440 × 900, sixteen
// rows at 1920 × 1080; a page of less height keeps its rows and shows fewer charts at once. See
// console-design §3. Height that the table cannot fill goes to the charts. It counts all shards,
// not those that a filter lets through: charts that jump while somebody types are no gain.
void OverviewPage::shareHeight()
{
    const bool isLow = height() < kTwoRowsFrom;
    const int least = height() >= kTallFrom ? kTallPanel : kPanel;
    auto rows = static_cast<int>(m_latest ? m_latest->shards.size() : 0);
    if (m_latest && m_model->grouping() == ShardTableModel::Grouping::On)
        rows += static_cast<int>(m_latest->destinations.size());
    const int table = m_table->horizontalHeader()->height()
        + std::max(rows + 1, kRowsMin) * m_context.theme.rowHeight();
    const int chartRows = isLow ? 1 : 2;
    const int spare
        = m_tableArea->height() + m_charts->height() - table - m_charts->heightOf(least, chartRows);
    const int panel = std::clamp(least + spare / chartRows, least, kPanelMax);
    m_charts->setForm(isLow ? ChartStrip::Form::OneRow : ChartStrip::Form::TwoRows, panel);
}

} // namespace ui

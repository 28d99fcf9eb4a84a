#include "shard/shard_tabs.h"

#include "format/format.h"
#include "shard/plain_table_model.h"
#include "shard/raw_metrics_model.h"
#include "shard/requests_tab.h"
#include "shard/shard_profile.h"
#include "theme/theme.h"
#include "widgets/cell_copy.h"
#include "widgets/list_notice.h"
#include "window/ui_clock.h"

#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

#include <cmath>

namespace ui {

namespace {

enum Tab { Groups, Requests, Changes, Profile, Raw };

} // namespace

ShardTabs::ShardTabs(const ConsoleContext& context, QWidget* parent)
    : QTabWidget(parent)
    , m_context(context)
    , m_profile(new PlainTableModel({ tr("Limit"), tr("Now"), tr("Remark") }, { 1 }, this))
    , m_groups(new PlainTableModel(
          { tr("Fingerprint"), tr("Count"), tr("First"), tr("Last") }, { 1 }, this))
    , m_changes(new PlainTableModel({ tr("Time"), tr("Kind"), tr("What") }, {}, this))
    , m_raw(new RawMetricsModel(this))
    , m_groupsNotice(new ListNotice(QStringLiteral("shard_groups"), this))
{
    setObjectName(QStringLiteral("shard_tabs"));
    setAccessibleName(tr("About this shard"));
    tabBar()->setObjectName(QStringLiteral("shard_tabBar"));
    tabBar()->setAccessibleName(tr("About this shard"));
    setDocumentMode(true);
    m_groupsTable
        = addTable(QStringLiteral("shard_groups"), tr("DLQ groups of this range"), m_groups);
    m_groupsTable->horizontalHeader()->setStretchLastSection(false);
    m_groupsTable->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    static_cast<QVBoxLayout*>(widget(Groups)->layout())->insertWidget(0, m_groupsNotice);
    m_requests = new RequestsTab(context, this);
    addTab(m_requests, tr("Attempts sample"));
    addTable(QStringLiteral("shard_changes"), tr("Changes"), m_changes);
    auto* profile = addTable(QStringLiteral("shard_profile"), tr("Limits and profile"), m_profile);
    profile->setColumnWidth(0, 180);
    profile->setColumnWidth(1, 120);
    auto* raw = addTable(QStringLiteral("shard_raw"), tr("Raw metrics table"), m_raw);
    raw->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    connect(m_groupsTable, &QTableView::activated, this, [this](const QModelIndex& index) {
        Q_EMIT groupChosen(index.data(Qt::UserRole).toString());
    });
    connect(m_groupsNotice, &ListNotice::retryRequested, this, [this] { m_question.forget(); });
}

QTableView* ShardTabs::addTable(
    const QString& name, const QString& title, QAbstractItemModel* model)
{
    auto* page = new QWidget(this);
    auto* table = new QTableView(page);
    table->setObjectName(name);
    table->setAccessibleName(title);
    table->setModel(model);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setShowGrid(false);
    table->setFrameShape(QFrame::NoFrame);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    copyCellsByKey(*table);
    table->verticalHeader()->setVisible(false);
    table->verticalHeader()->setDefaultSectionSize(m_context.theme.rowHeight());
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setHighlightSections(false);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(table);
    addTab(page, title);
    return table;
}

void ShardTabs::setLive(bool isLive)
{
    m_question.setLive(isLive);
    m_requests->setLive(isLive);
}

void ShardTabs::show(const engine::EngineSnapshot& snapshot, const engine::ShardSnapshot& shard,
    const HistoryStore& history, const TimeRange& range)
{
    switch (currentIndex()) {
    case Profile:
        m_profile->setRows(profileRows(shard));
        break;
    case Groups:
        if (m_question.isDue(shard.shard, range, m_context.clock.steadyNow()))
            askGroups(shard.shard, range);
        break;
    case Requests:
        m_requests->show(shard.shard, range);
        break;
    case Changes:
        m_changes->setRows(changeRows(snapshot.annotations, shard.shard, range));
        break;
    case Raw:
        m_raw->setSamples(history, shard.shard, range);
        break;
    default:
        break;
    }
}

void ShardTabs::askGroups(const engine::ShardId& shard, const TimeRange& range)
{
    if (m_question.isNews(shard))
        m_groupsNotice->showLoading(tr("Reading DLQ groups…"));
    m_question.ask(shard, range, m_context.clock.steadyNow());
    engine::DeadLetterFilter filter;
    if (shard.isWholeDestination())
        filter.destinations.push_back(shard.destination);
    else
        filter.shards.push_back(shard);
    filter.failedFrom = range.from;
    filter.failedTo = range.to;
    using Groups = std::vector<engine::DeadLetterGroup>;
    m_context.engine.deadLetterGroups(filter,
        m_context.engine.replyTo<engine::Result<Groups>>(
            this, [this](engine::Result<Groups> groups) {
                m_question.answered();
                if (groups)
                    showGroups(*groups);
                else
                    m_groupsNotice->showError(tr("DLQ groups could not be read: %1")
                                                  .arg(toQString(groups.error().message)),
                        toQString(groups.error().detail));
            }));
}

void ShardTabs::showGroups(const std::vector<engine::DeadLetterGroup>& groups)
{
    std::vector<PlainTableModel::Row> rows;
    for (const auto& group : groups) {
        const QString fingerprint = toQString(group.fingerprint);
        rows.push_back({ fingerprint,
            { fingerprint, formatExact(group.count), formatClock(group.first),
                formatClock(group.last) },
            tr("%1 to %2").arg(formatUtc(group.first), formatUtc(group.last)) });
    }
    if (rows.empty())
        m_groupsNotice->showEmpty(tr("Nothing of this shard went to the DLQ in this range."));
    else
        m_groupsNotice->clear();
    m_groupsTable->setVisible(!rows.empty());
    m_groups->setRows(std::move(rows));
}

} // namespace ui

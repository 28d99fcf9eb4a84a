#include "dlq/group_list.h"

#include "dlq/dead_letter_text.h"
#include "dlq/group_model.h"
#include "dlq/group_remark.h"
#include "dlq/trend_delegate.h"
#include "format/format.h"
#include "theme/theme.h"
#include "widgets/cell_copy.h"
#include "widgets/column_chooser.h"
#include "widgets/list_notice.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <utility>

namespace ui {

GroupList::GroupList(const ConsoleContext& context, CommandRunner& runner, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_model(new GroupModel(this))
    , m_table(new QTableView(this))
    , m_notice(new ListNotice(QStringLiteral("dlq_groups"), this))
{
    prepareTable();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceSmall);
    column->addWidget(m_notice);
    column->addWidget(m_table, 1);
    column->addWidget(makeTools(runner));
    connect(m_notice, &ListNotice::retryRequested, this, [this] { load(m_filter, m_isFiltered); });
    connect(m_notice, &ListNotice::clearFilterRequested, this, &GroupList::clearFilterRequested);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (m_isSettling)
            return;
        showTools();
        Q_EMIT chosen();
    });
    connect(m_table, &QTableView::activated, this, &GroupList::opened);
    showTools();
}

void GroupList::prepareTable()
{
    m_table->setObjectName(QStringLiteral("dlq_groups"));
    m_table->setAccessibleName(tr("Dead letters by cause"));
    m_table->setModel(m_model);
    m_table->setItemDelegateForColumn(GroupModel::TrendColumn,
        new TrendDelegate(m_context.theme, GroupModel::TrendRole, m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection); // several: to merge
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    copyCellsByKey(*m_table);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_context.theme.rowHeight());
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(
        GroupModel::FingerprintColumn, QHeaderView::Stretch);
    const QFontMetrics metrics(m_table->font());
    const int stampWidth = metrics.horizontalAdvance(widestStamp(metrics)) + 2 * kSpace;
    for (const auto& [column, width] :
        { std::pair { GroupModel::CountColumn, 72 }, std::pair { GroupModel::TrendColumn, 92 },
            std::pair { GroupModel::FirstColumn, stampWidth },
            std::pair { GroupModel::LastColumn, stampWidth },
            std::pair { GroupModel::ShardsColumn, 58 },
            std::pair { GroupModel::StatusColumn, 110 } })
        m_table->setColumnWidth(column, width);
    m_columns = new ColumnChooser(*m_table, QStringLiteral("dlq/groupColumns"));
}

QWidget* GroupList::makeTools(CommandRunner& runner)
{
    auto* tools = new QWidget(this);
    m_remark = new GroupRemark(runner, tools);
    const auto button = [tools](const QString& name) {
        auto* made = new QPushButton(tools);
        made->setObjectName(name);
        return made;
    };
    m_merge = button(QStringLiteral("dlq_groupMerge"));
    m_split = button(QStringLiteral("dlq_groupSplit"));
    auto* row = new QHBoxLayout(tools);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpaceSmall);
    row->addWidget(m_remark, 1);
    row->addWidget(m_merge);
    row->addWidget(m_split);
    connect(m_remark, &GroupRemark::said, this, &GroupList::statusSaid);
    connect(m_merge, &QPushButton::clicked, this, &GroupList::merge);
    connect(m_split, &QPushButton::clicked, this, &GroupList::split);
    return tools;
}

void GroupList::load(const engine::DeadLetterFilter& filter, bool isFiltered)
{
    m_filter = filter;
    m_isFiltered = isFiltered;
    m_notice->showLoading(tr("Reading groups of dead letters…"));
    using Answer = engine::Result<std::vector<engine::DeadLetterGroup>>;
    m_context.engine.deadLetterGroups(
        filter, m_context.engine.replyTo<Answer>(this, [this, asked = ++m_asked](Answer answer) {
            if (asked != m_asked)
                return;
            if (!answer) {
                m_notice->showError(
                    tr("The groups could not be read: %1").arg(toQString(answer.error().message)),
                    toQString(answer.error().detail));
                return;
            }
            const auto* before = current();
            const int was = before != nullptr ? m_model->rowOf(*before) : -1;
            const auto kept = before != nullptr ? std::optional(*before) : std::nullopt;
            m_isSettling = true;
            m_model->setGroups(std::move(*answer));
            const int row = kept ? m_model->rowOf(*kept) : -1;
            if (row >= 0)
                m_table->selectRow(row);
            m_isSettling = false;
            if (m_model->rowCount() > 0)
                m_notice->clear();
            else if (m_isFiltered)
                m_notice->showFilteredEmpty(tr("No group matches this filter."));
            else
                m_notice->showEmpty(tr("No dead letters. Good."));
            showTools();
            Q_EMIT loaded();
            if (was >= 0 && row < 0)
                Q_EMIT chosen(); // the one that was chosen is gone
        }));
}

std::vector<const engine::DeadLetterGroup*> GroupList::selected() const
{
    std::vector<const engine::DeadLetterGroup*> groups;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows()) {
        if (const auto* group = m_model->groupAt(index.row()))
            groups.push_back(group);
    }
    return groups;
}

const engine::DeadLetterGroup* GroupList::current() const
{
    const auto groups = selected();
    return groups.size() == 1 ? groups.front() : nullptr;
}

std::int64_t GroupList::total() const { return m_model->total(); }

void GroupList::clearChoice() { m_table->clearSelection(); }

void GroupList::setGuard(const Guard& guard)
{
    if (m_guard.isAllowed == guard.isAllowed && m_guard.whyNot == guard.whyNot)
        return;
    m_guard = guard;
    showTools();
}

void GroupList::showTools()
{
    const auto groups = selected();
    const auto* one = groups.size() == 1 ? groups.front() : nullptr;
    m_remark->setGroup(one);
    m_remark->setGuard(m_guard);
    m_merge->setVisible(groups.size() > 1);
    m_merge->setText(tr("Merge %1 groups").arg(formatExact(std::ssize(groups))));
    const bool isSplit = one != nullptr && one->shard.has_value();
    const bool isMerged = one != nullptr && !one->merged.empty();
    m_split->setVisible(one != nullptr && (isSplit || isMerged || one->shards > 1));
    m_split->setText(isSplit ? tr("Join accounts")
            : isMerged       ? tr("Take %1 apart").arg(formatExact(std::ssize(one->merged) + 1))
                             : tr("Split by account"));
    for (auto* button : { m_merge, m_split }) {
        button->setAccessibleName(button->text());
        button->setEnabled(m_guard.isAllowed);
    }
    m_merge->setToolTip(m_guard.isAllowed
            ? tr("Shows and counts them as the largest of them; no entry is changed")
            : m_guard.whyNot);
    m_split->setToolTip(m_guard.isAllowed ? tr("Changes how they are shown and counted; no entry "
                                               "is changed")
                                          : m_guard.whyNot);
}

void GroupList::merge()
{
    using Shape = engine::GroupShapeCommand;
    const auto groups = selected();
    const auto* largest = groups.front();
    for (const auto* group : groups)
        largest = group->count > largest->count ? group : largest;
    Shape command { .action = Shape::Action::Merge, .fingerprint = largest->fingerprint };
    for (const auto* group : groups) {
        if (group->fingerprint != largest->fingerprint)
            command.others.push_back(group->fingerprint);
    }
    Shape back = command;
    back.action = Shape::Action::TakeOut;
    if (command.others.empty()) // accounts of one cause
        command.action = Shape::Action::JoinAccounts;
    if (back.others.empty())
        back.action = Shape::Action::SplitByAccount;
    Q_EMIT shapeRequested(
        command, back, tr("%1 groups merged.").arg(formatExact(std::ssize(groups))));
}

void GroupList::split()
{
    using Shape = engine::GroupShapeCommand;
    const auto* group = current();
    if (group == nullptr)
        return;
    Shape command { .action = Shape::Action::SplitByAccount, .fingerprint = group->fingerprint };
    Shape back { .action = Shape::Action::JoinAccounts, .fingerprint = group->fingerprint };
    QString done = tr("Split by account.");
    if (group->shard) {
        std::swap(command.action, back.action);
        done = tr("Accounts joined.");
    } else if (!group->merged.empty()) {
        command.action = Shape::Action::TakeOut; // all of them, however they came in
        back.action = Shape::Action::Merge;
        back.others = group->merged;
        done = tr("Taken apart.");
    }
    Q_EMIT shapeRequested(command, back, done);
}

} // namespace ui

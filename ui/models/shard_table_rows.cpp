// Which rows the overview has and in which order; what they say is in shard_table_model.cpp.
#include "models/shard_table_model.h"

#include <algorithm>
#include <unordered_set>

namespace ui {

namespace {

constexpr std::size_t kGroupByItselfAbove = 8;

template <class Rows>
std::vector<engine::ShardId> idsOf(const Rows& rows)
{
    std::vector<engine::ShardId> ids;
    ids.reserve(rows.size());
    for (const auto& row : rows)
        ids.push_back(row.id);
    return ids;
}

// Everything that a row shows; one that passes is not repainted. A trial counts down by itself.
bool looksEqual(const engine::ShardSnapshot& a, const engine::ShardSnapshot& b)
{
    return a.state == b.state && a.stateSince == b.stateSince && a.queueDepth == b.queueDepth
        && a.consumerLag == b.consumerLag && a.latencyP95 == b.latencyP95
        && a.errorRatio == b.errorRatio && a.dlqGrowthPerMinute == b.dlqGrowthPerMinute
        && a.inPerSecond == b.inPerSecond && a.outPerSecond == b.outPerSecond
        && a.drainEta == b.drainEta && a.throttleRatio == b.throttleRatio
        && a.inFlight == b.inFlight && a.dlqCount == b.dlqCount && a.desired == b.desired
        && a.pauseUntil == b.pauseUntil && a.concurrency == b.concurrency && a.rate == b.rate
        && a.batch == b.batch && a.lastSuccess == b.lastSuccess
        && a.workersBusyRatio == b.workersBusyRatio && a.batchFillRatio == b.batchFillRatio
        && a.oldestEventAge == b.oldestEventAge && !a.trial && !b.trial
        && a.isOrphaned == b.isOrphaned && a.laneDepth == b.laneDepth;
}

} // namespace

bool ShardTableModel::isLetThrough(const engine::ShardSnapshot& shard) const
{
    if (m_scope == Scope::Attention && !isInTrouble(shard))
        return false;
    if (m_scope == Scope::Paused && !isPaused(shard))
        return false;
    return m_filter.matches(shard);
}

bool ShardTableModel::isExpanded(const std::string& destination, std::size_t members) const
{
    // Groups made by hand start open; those that made themselves because they are large start
    // closed, or the table would be as long as before.
    const bool isOpenAtFirst = m_grouping == Grouping::On || members <= kGroupByItselfAbove;
    return isOpenAtFirst != m_toggled.contains(destination);
}

bool ShardTableModel::isBefore(const engine::ShardSnapshot& a, const engine::ShardSnapshot& b) const
{
    for (const auto& key : m_sortKeys) {
        const bool isAscending = key.order == Qt::AscendingOrder;
        if (key.column == Shard) {
            if (a.shard != b.shard)
                return (a.shard < b.shard) == isAscending;
            continue;
        }
        const auto left = rawValue(a, key.column);
        const auto right = rawValue(b, key.column);
        if (left == right)
            continue;
        if (!left || !right) // what does not exist comes last in either direction
            return left.has_value();
        return (*left < *right) == isAscending;
    }
    const int rankA = severityRank(a.state, a.consumerLag);
    const int rankB = severityRank(b.state, b.consumerLag);
    if (rankA != rankB)
        return rankA < rankB;
    const auto isExpiring = [](const engine::ShardSnapshot& shard) {
        const auto expiry = expiryOf(shard);
        return expiry && expiry->isClose;
    };
    if (isExpiring(a) != isExpiring(b))
        return isExpiring(a);
    // Whole seconds and a tenth of the depth: rows that differ by noise keep their places.
    const auto lagA = a.consumerLag.count() / 1'000;
    const auto lagB = b.consumerLag.count() / 1'000;
    if (rankA < 6 && lagA != lagB)
        return lagA > lagB;
    if (rankA < 6 && a.queueDepth / 10 != b.queueDepth / 10)
        return a.queueDepth > b.queueDepth;
    return a.shard < b.shard;
}

void ShardTableModel::appendGroup(Rows& rows, const engine::DestinationSnapshot& destination,
    const std::vector<const engine::ShardSnapshot*>& members) const
{
    std::vector<const engine::ShardSnapshot*> shown;
    for (const auto* member : members) {
        if (isLetThrough(*member))
            shown.push_back(member);
    }
    if (shown.empty() && !isLetThrough(destination.total))
        return;
    rows.push_back({ { destination.name, {} }, &destination.total, &destination, 0 });
    if (!isExpanded(destination.name, members.size()))
        return;
    std::sort(shown.begin(), shown.end(),
        [this](const auto* a, const auto* b) { return isBefore(*a, *b); });
    for (const auto* shard : shown)
        rows.push_back({ shard->shard, shard, nullptr, 1 });
}

ShardTableModel::Rows ShardTableModel::wantedRows() const
{
    if (!m_snapshot)
        return {};
    std::unordered_map<std::string, std::vector<const engine::ShardSnapshot*>> members;
    for (const auto& shard : m_snapshot->shards)
        members[shard.shard.destination].push_back(&shard);

    // Ungrouped shards and destinations are sorted together; a group's shards follow it.
    std::vector<std::pair<const engine::ShardSnapshot*, const engine::DestinationSnapshot*>> heads;
    std::unordered_set<std::string> grouped;
    for (const auto& destination : m_snapshot->destinations) {
        const auto size = members[destination.name].size();
        const bool isGroup = m_grouping == Grouping::On
            || (m_grouping == Grouping::Automatic && size > kGroupByItselfAbove);
        if (isGroup && size > 0) {
            grouped.insert(destination.name);
            heads.emplace_back(&destination.total, &destination);
        }
    }
    for (const auto& shard : m_snapshot->shards) {
        if (!grouped.contains(shard.shard.destination) && isLetThrough(shard))
            heads.emplace_back(&shard, nullptr);
    }
    std::sort(heads.begin(), heads.end(),
        [this](const auto& a, const auto& b) { return isBefore(*a.first, *b.first); });

    Rows rows;
    for (const auto& [shard, destination] : heads) {
        if (destination != nullptr)
            appendGroup(rows, *destination, members[destination->name]);
        else
            rows.push_back({ shard->shard, shard, nullptr, 0 });
    }
    return rows;
}

void ShardTableModel::applySnapshot(const engine::SnapshotPtr& snapshot, bool mayReorder)
{
    const auto old = m_snapshot; // keeps the pointers of m_rows alive while they are compared
    std::vector<const engine::ShardSnapshot*> before;
    before.reserve(m_rows.size());
    for (const auto& row : m_rows)
        before.push_back(row.shard);
    m_snapshot = snapshot;
    m_thresholds = thresholdsOf(*snapshot);
    m_trends.append(*snapshot);

    std::unordered_map<engine::ShardId, const engine::ShardSnapshot*, engine::ShardIdHash> byId;
    std::unordered_map<std::string, const engine::DestinationSnapshot*> byName;
    for (const auto& shard : snapshot->shards)
        byId[shard.shard] = &shard;
    for (const auto& destination : snapshot->destinations)
        byName[destination.name] = &destination;
    for (auto& row : m_rows) {
        if (row.id.isWholeDestination()) {
            const auto found = byName.find(row.id.destination);
            row.destination = found == byName.end() ? nullptr : found->second;
            row.shard = row.destination == nullptr ? nullptr : &row.destination->total;
        } else {
            const auto found = byId.find(row.id);
            row.shard = found == byId.end() ? nullptr : found->second;
        }
    }
    refresh(before);
    arrange(mayReorder);
    recount();
}

void ShardTableModel::refresh(const std::vector<const engine::ShardSnapshot*>& before)
{
    int from = -1;
    const int rows = static_cast<int>(m_rows.size());
    for (int row = 0; row <= rows; ++row) {
        bool isChanged = false;
        if (row < rows) {
            const auto* old = before[static_cast<std::size_t>(row)];
            const auto* now = m_rows[static_cast<std::size_t>(row)].shard;
            isChanged = old == nullptr || now == nullptr ? old != now : !looksEqual(*old, *now);
            // The mark of a new state goes away by itself, two seconds after the last change.
            isChanged = isChanged
                || (now != nullptr
                    && m_snapshot->takenAt - now->stateSince < std::chrono::seconds { 12 });
        }
        if (isChanged && from < 0)
            from = row;
        if (!isChanged && from >= 0) {
            Q_EMIT dataChanged(index(from, 0), index(row - 1, ColumnCount - 1));
            from = -1;
        }
    }
}

void ShardTableModel::arrange(bool isAllowed)
{
    const Rows wanted = wantedRows();
    const bool isEqual = idsOf(wanted) == idsOf(m_rows);
    if (!isEqual && (isAllowed || m_rows.empty()))
        rearrange(wanted);
    setOrderStale(!isEqual && !isAllowed && !m_rows.empty() && idsOf(wanted) != idsOf(m_rows));
}

void ShardTableModel::rearrange(const Rows& wanted)
{
    const auto wantedIds = idsOf(wanted);
    const std::set<engine::ShardId> isWanted { wantedIds.begin(), wantedIds.end() };
    for (int row = static_cast<int>(m_rows.size()) - 1; row >= 0; --row) {
        if (isWanted.contains(m_rows[static_cast<std::size_t>(row)].id))
            continue;
        beginRemoveRows({}, row, row);
        m_rows.erase(m_rows.begin() + row);
        endRemoveRows();
    }
    const auto keptIds = idsOf(m_rows);
    const std::set<engine::ShardId> isKept { keptIds.begin(), keptIds.end() };
    Rows fresh;
    for (const auto& row : wanted) {
        if (!isKept.contains(row.id))
            fresh.push_back(row);
    }
    if (!fresh.empty()) {
        const int first = static_cast<int>(m_rows.size());
        beginInsertRows({}, first, first + static_cast<int>(fresh.size()) - 1);
        m_rows.insert(m_rows.end(), fresh.begin(), fresh.end());
        endInsertRows();
    }
    if (idsOf(m_rows) != wantedIds)
        reorder(wanted);
    else
        m_rows = wanted; // levels may differ although the order does not
}

void ShardTableModel::reorder(const Rows& wanted)
{
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    std::unordered_map<engine::ShardId, int, engine::ShardIdHash> newRow;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        newRow[wanted[i].id] = static_cast<int>(i);
    const QModelIndexList from = persistentIndexList();
    QModelIndexList to;
    to.reserve(from.size());
    for (const auto& held : from)
        to << index(newRow[m_rows[static_cast<std::size_t>(held.row())].id], held.column());
    m_rows = wanted;
    changePersistentIndexList(from, to);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

void ShardTableModel::recount()
{
    Counts counts;
    if (m_snapshot) {
        counts.all = static_cast<int>(m_snapshot->shards.size());
        for (const auto& shard : m_snapshot->shards) {
            counts.attention += isInTrouble(shard) ? 1 : 0;
            counts.paused += isPaused(shard) ? 1 : 0;
            counts.matching += isLetThrough(shard) ? 1 : 0;
        }
    }
    m_counts = counts;
    Q_EMIT countsChanged();
}

void ShardTableModel::setOrderStale(bool isStale)
{
    if (m_isOrderStale == isStale)
        return;
    m_isOrderStale = isStale;
    Q_EMIT orderStaleChanged(isStale);
}

void ShardTableModel::setFilter(const ShardFilter& filter)
{
    m_filter = filter;
    resort();
}

void ShardTableModel::setScope(Scope scope)
{
    m_scope = scope;
    resort();
}

void ShardTableModel::setGrouping(Grouping grouping)
{
    m_grouping = grouping;
    m_toggled.clear();
    resort();
}

void ShardTableModel::setSort(std::vector<SortKey> keys)
{
    m_sortKeys = std::move(keys);
    resort();
}

void ShardTableModel::toggleExpanded(int row)
{
    const auto id = idAt(row);
    if (!id.isWholeDestination() || id.destination.empty())
        return;
    if (m_toggled.erase(id.destination) == 0)
        m_toggled.insert(id.destination);
    resort();
    const int now = rowOf(id);
    if (now >= 0)
        Q_EMIT dataChanged(index(now, 0), index(now, ColumnCount - 1));
}

void ShardTableModel::resort()
{
    arrange(true);
    recount();
}

int ShardTableModel::rowOf(const engine::ShardId& shard) const
{
    const auto found = std::find_if(
        m_rows.begin(), m_rows.end(), [&](const Row& row) { return row.id == shard; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

} // namespace ui

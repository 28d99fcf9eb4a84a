#include "dlq/group_model.h"

#include "dlq/dead_letter_text.h"
#include "dlq/group_remark.h"
#include "format/format.h"

#include <algorithm>
#include <utility>

namespace ui {
namespace {

// A group of one account, and one that an operator put together, look like what they are.
QString nameText(const engine::DeadLetterGroup& group)
{
    QString text = toQString(group.fingerprint);
    if (group.shard)
        text += QStringLiteral("  [") + toQString(group.shard->account) + u']';
    if (!group.merged.empty())
        text += QStringLiteral("  ")
            + GroupModel::tr("+%1 merged").arg(formatExact(std::ssize(group.merged)));
    return text;
}

QString nameTip(const engine::DeadLetterGroup& group)
{
    QStringList lines { nameText(group) };
    for (const std::string& part : group.merged)
        lines += toQString(part);
    return lines.join(u'\n');
}

QString trendText(const engine::DeadLetterGroup& group)
{
    if (group.trend.empty())
        return GroupModel::tr("Counted for whole groups only: take the other conditions out of the "
                              "filter");
    constexpr std::size_t kHour = 10; // slots
    std::int64_t all = 0;
    std::int64_t lastHour = 0;
    for (std::size_t i = 0; i < group.trend.size(); ++i) {
        all += group.trend[i];
        lastHour += i + kHour >= group.trend.size() ? group.trend[i] : 0;
    }
    return GroupModel::tr("%1 came in the last 6 hours, %2 of them in the last hour")
        .arg(formatExact(all), formatExact(lastHour));
}

} // namespace

void GroupModel::setGroups(std::vector<engine::DeadLetterGroup> groups)
{
    beginResetModel();
    m_groups = std::move(groups);
    std::stable_sort(m_groups.begin(), m_groups.end(),
        [](const auto& a, const auto& b) { return a.count > b.count; });
    endResetModel();
}

const engine::DeadLetterGroup* GroupModel::groupAt(int row) const
{
    const bool isThere = row >= 0 && row < static_cast<int>(m_groups.size());
    return isThere ? &m_groups[static_cast<std::size_t>(row)] : nullptr;
}

int GroupModel::rowOf(const engine::DeadLetterGroup& group) const
{
    const auto found = std::find_if(m_groups.begin(), m_groups.end(), [&group](const auto& each) {
        return each.fingerprint == group.fingerprint && each.shard == group.shard;
    });
    return found == m_groups.end() ? -1 : static_cast<int>(found - m_groups.begin());
}

std::int64_t GroupModel::total() const
{
    std::int64_t sum = 0;
    for (const auto& group : m_groups)
        sum += group.count;
    return sum;
}

int GroupModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_groups.size());
}

int GroupModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int { kColumns };
}

QVariant GroupModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto& group = *groupAt(index.row());
    if (role == IdRole)
        return toQString(group.fingerprint);
    if (role == TrendRole) {
        QVariantList values;
        for (const std::int64_t added : group.trend)
            values.append(QVariant::fromValue<qlonglong>(added));
        return values;
    }
    if (role == Qt::AccessibleTextRole && index.column() == TrendColumn)
        return trendText(group);
    if (role == SortKeyRole || role == RawRole)
        return QVariant::fromValue<qlonglong>(group.count);
    const bool isNumber = index.column() == CountColumn || index.column() == ShardsColumn;
    if (role == Qt::TextAlignmentRole)
        return int { isNumber ? Qt::AlignRight : Qt::AlignLeft } | Qt::AlignVCenter;
    const bool isTip = role == Qt::ToolTipRole;
    if (role != Qt::DisplayRole && !isTip)
        return {};
    switch (index.column()) {
    case FingerprintColumn:
        return isTip ? nameTip(group) : nameText(group);
    case TrendColumn:
        return isTip ? trendText(group) : QString();
    case CountColumn:
        return formatExact(group.count);
    case FirstColumn:
        return isTip ? formatUtc(group.first) : formatStamp(group.first);
    case LastColumn:
        return isTip ? formatUtc(group.last) : formatStamp(group.last);
    case ShardsColumn:
        return formatExact(group.shards);
    case StatusColumn:
        if (isTip)
            return toQString(group.who.empty() ? group.note : group.who + ": " + group.note);
        return group.note.empty() ? groupStatusWord(group.status)
                                  : tr("%1, note").arg(groupStatusWord(group.status));
    default:
        return {};
    }
}

QVariant GroupModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool isNumber = section == CountColumn || section == ShardsColumn;
        return int { isNumber ? Qt::AlignRight : Qt::AlignLeft } | Qt::AlignVCenter;
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case FingerprintColumn:
        return tr("Same cause", "failures with one fingerprint");
    case CountColumn:
        return tr("Count");
    case TrendColumn:
        return tr("Last 6 h", "failures over time");
    case FirstColumn:
        return tr("First seen");
    case LastColumn:
        return tr("Last attempt");
    case ShardsColumn:
        return tr("Shards");
    case StatusColumn:
        return tr("Status");
    default:
        return {};
    }
}

} // namespace ui

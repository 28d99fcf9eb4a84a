#include "shard/raw_metrics_model.h"

#include "charts/nice_axis.h"
#include "charts/panel_data.h"
#include "format/format.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ui {

namespace {

using engine::Metric;

constexpr std::array kColumns { Metric::QueueDepth, Metric::ConsumerLag, Metric::LatencyP95,
    Metric::ErrorRatio, Metric::DlqGrowth, Metric::InRate, Metric::OutRate, Metric::ThrottleRatio,
    Metric::InFlight, Metric::BatchFill };

} // namespace

RawMetricsModel::RawMetricsModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

void RawMetricsModel::setSamples(
    const HistoryStore& history, const engine::ShardId& shard, const TimeRange& range)
{
    const auto step = history.step();
    const auto stepsOf = [&](auto duration) {
        return static_cast<std::ptrdiff_t>(std::max<std::int64_t>(
            0, std::chrono::duration_cast<engine::Seconds>(duration) / step));
    };
    const auto skipped = stepsOf(history.until() - range.to);
    std::vector<std::vector<float>> columns;
    for (const auto metric : kColumns) {
        auto samples = history.samples(shard, metric);
        const auto all = static_cast<std::ptrdiff_t>(samples.size());
        const auto end = std::max<std::ptrdiff_t>(0, all - skipped);
        const auto begin = std::max<std::ptrdiff_t>(0, end - stepsOf(range.to - range.from));
        columns.emplace_back(samples.begin() + begin, samples.begin() + end);
    }
    const auto rows = static_cast<int>(columns.front().size());
    const bool isSameSize = rows == m_rows;
    if (!isSameSize)
        beginResetModel();
    m_columns = std::move(columns);
    m_until = range.to;
    m_step = step;
    m_rows = rows;
    if (!isSameSize)
        endResetModel();
    else if (rows > 0)
        Q_EMIT dataChanged(index(0, 0), index(rows - 1, columnCount() - 1));
}

int RawMetricsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

int RawMetricsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 1 + static_cast<int>(kColumns.size());
}

QVariant RawMetricsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            (index.column() == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (index.column() == 0) {
        const auto time = m_until - m_step * index.row();
        if (role == Qt::DisplayRole)
            return formatClock(time);
        return role == Qt::ToolTipRole ? QVariant(formatUtc(time)) : QVariant {};
    }
    const auto column = static_cast<std::size_t>(index.column() - 1);
    const double value = valueAt(m_columns[column], 1, index.row());
    if (role == Qt::DisplayRole)
        return valueLabel(value, axisUnitOf(kColumns[column]));
    return role == Qt::UserRole + 3 ? QVariant(value) : QVariant {};
}

QVariant RawMetricsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            (section == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Time") : metricName(kColumns[static_cast<std::size_t>(section - 1)]);
}

} // namespace ui

#include "models/shard_table_model.h"

#include "format/format.h"

#include <QCoreApplication>
#include <QFont>

#include <algorithm>
#include <cmath>
#include <optional>

namespace ui {

using engine::Metric;

namespace {

// "8:12", or "2h 05m" where minutes would count past an hour; never below 0.
QString formatCountdown(engine::Micros left)
{
    const auto seconds
        = std::max<std::int64_t>(std::chrono::ceil<engine::Seconds>(left).count(), 0);
    if (seconds >= 3'600)
        return formatDuration(engine::Seconds { seconds });
    return QStringLiteral("%1:%2").arg(seconds / 60).arg(seconds % 60, 2, 10, QChar(u'0'));
}

} // namespace

ShardTableModel::ShardTableModel(const Theme& theme, QObject* parent)
    : QAbstractTableModel(parent)
    , m_theme(theme)
    , m_trends(engine::HistorySpan::Minutes15, { Metric::QueueDepth, Metric::ConsumerLag })
{
    // Kept: making a font for every cell of every second shows in every profile.
    const auto takeFonts = [this] {
        m_bodyFont = m_theme.bodyFont();
        m_boldFont = m_theme.boldFont();
    };
    takeFonts();
    connect(&theme, &Theme::changed, this, takeFonts);
}

std::optional<double> rawValue(const engine::ShardSnapshot& shard, int column)
{
    const auto seconds = [](std::optional<engine::Millis> value) {
        return value ? std::optional(static_cast<double>(value->count()) / 1'000) : std::nullopt;
    };
    switch (column) {
    case ShardTableModel::State:
        return severityRank(shard.state, shard.consumerLag);
    case ShardTableModel::Depth:
    case ShardTableModel::DepthTrend:
        return static_cast<double>(shard.queueDepth);
    case ShardTableModel::Lag:
    case ShardTableModel::LagTrend:
        return seconds(shard.consumerLag);
    case ShardTableModel::Latency:
        return seconds(shard.latencyP95);
    case ShardTableModel::Error:
        return shard.errorRatio;
    case ShardTableModel::DlqGrowth:
        return shard.dlqGrowthPerMinute;
    case ShardTableModel::In:
        return shard.inPerSecond;
    case ShardTableModel::Out:
        return shard.outPerSecond;
    case ShardTableModel::DrainEta:
        return shard.drainEta ? std::optional(static_cast<double>(shard.drainEta->count()))
                              : std::nullopt;
    case ShardTableModel::Throttle:
        return shard.throttleRatio;
    case ShardTableModel::InFlight:
        return shard.inFlight;
    case ShardTableModel::Busy:
        return shard.workersBusyRatio;
    case ShardTableModel::Fill:
        return shard.batchFillRatio;
    case ShardTableModel::DlqTotal:
        return static_cast<double>(shard.dlqCount);
    case ShardTableModel::Expires: {
        const auto expiry = expiryOf(shard);
        return expiry ? seconds(expiry->headroom) : std::nullopt;
    }
    case ShardTableModel::Concurrency:
        return shard.concurrency.now;
    case ShardTableModel::Rate:
        return shard.rate.now > 0 ? std::optional(shard.rate.now) : std::nullopt;
    case ShardTableModel::Batch:
        return shard.batch.now;
    case ShardTableModel::LastSuccess:
        return shard.lastSuccess
            ? std::optional(static_cast<double>(engine::toUnixMicros(*shard.lastSuccess)) / 1e6)
            : std::nullopt;
    default:
        return std::nullopt;
    }
}

QString ShardTableModel::columnTitle(int column)
{
    switch (column) {
    case State:
        return tr("State");
    case Shard:
        return tr("Shard");
    case Depth:
        return tr("Depth", "queue depth, short column title");
    case DepthTrend:
        return tr("15 min", "trend column");
    case Lag:
        return tr("Lag", "consumer lag, short column title");
    case LagTrend:
        return tr("15 min", "trend column");
    case Latency:
        return tr("p95");
    case Error:
        return tr("Err", "error rate, short column title");
    case DlqGrowth:
        return tr("DLQ/m");
    case In:
        return tr("In/s");
    case Out:
        return tr("Out/s");
    case DrainEta:
        return tr("Drain ETA");
    case Throttle:
        return tr("Throttle");
    case InFlight:
        return tr("In flight");
    case Busy:
        return tr("Busy", "workers busy, short column title");
    case Fill:
        return tr("Fill", "batch fill, short column title");
    case DlqTotal:
        return tr("DLQ");
    case Expires:
        return tr("Expires in");
    case Concurrency:
        return tr("Conc", "concurrency, short column title");
    case Rate:
        return tr("Rate/s");
    case Batch:
        return tr("Batch");
    case LastSuccess:
        return tr("Last success");
    default:
        return {};
    }
}

bool ShardTableModel::isNumeric(int column)
{
    return column != State && column != Shard && column != DepthTrend && column != LagTrend;
}

QString ShardTableModel::text(const Row& row, int column) const
{
    if (column == Shard) {
        if (row.destination != nullptr)
            return toQString(row.id.destination);
        return row.level == 0 ? shardLabel(row.id) : shardLabel({ row.id.account, {} });
    }
    if (row.shard == nullptr)
        return column == State ? stateWord(engine::ShardState::NoData) : QString(kDash);
    const auto& shard = *row.shard;
    if (column == State)
        return stateSentence(shard);
    if (shard.state == engine::ShardState::NoData && isNumeric(column))
        return kDash;
    const auto value = rawValue(shard, column);
    const auto millis = [&] { return engine::Millis { std::llround(*value * 1'000) }; };
    if (column == DrainEta && !value && shard.desired == engine::Desired::Paused)
        return tr("paused");
    if (!value || !isNumeric(column))
        return isNumeric(column) ? QString(kDash) : QString {};
    switch (column) {
    case Depth:
    case DlqTotal:
        return formatCount(std::llround(*value));
    case Lag:
    case DrainEta:
    case Expires:
        return formatDuration(millis());
    case Latency:
        return formatLatency(millis());
    case Error:
    case Throttle:
        return formatPercent(*value);
    case Busy:
    case Fill:
        return tr("%1 %").arg(std::llround(*value * 100));
    case DlqGrowth:
    case In:
    case Out:
        return formatRate(*value);
    case Rate:
        return formatRequestRate(*value);
    case InFlight:
    case Concurrency:
    case Batch:
        return formatExact(std::llround(*value));
    case LastSuccess:
        return formatClock(*shard.lastSuccess);
    default:
        return {};
    }
}

bool ShardTableModel::isBeyondThreshold(const Row& row, int column) const
{
    if (row.shard == nullptr)
        return false;
    const auto& shard = *row.shard;
    switch (column) {
    case Depth:
        return isDepthHigh(shard, m_thresholds) && shard.depthSlopePerSecond > 0;
    case Lag:
        return shard.consumerLag >= m_thresholds.lagWarn;
    case Latency:
        return shard.latencyP95 >= m_thresholds.latencyWarn;
    case Error:
        return shard.errorRatio >= m_thresholds.errorWarn;
    case Throttle:
        return shard.throttleRatio >= m_thresholds.throttleWarn;
    case DlqGrowth:
        return shard.dlqGrowthPerMinute >= m_thresholds.dlqGrowthWarn;
    case Expires: {
        const auto expiry = expiryOf(shard);
        return expiry && expiry->isClose;
    }
    default:
        return false;
    }
}

QString ShardTableModel::toolTip(const Row& row, int column) const
{
    if (column == Shard)
        return row.destination == nullptr ? shardName(row.id)
                                          : shardName(row.id) + u'\n' + note(row);
    if (row.shard == nullptr)
        return {};
    const auto& shard = *row.shard;
    if (column == State) {
        QStringList lines {
            tr("%1 since %2").arg(stateSentence(shard), formatUtc(shard.stateSince))
        };
        for (const auto& hold : shard.holds)
            lines << toQString(hold.reason);
        return lines.join(u'\n');
    }
    if (column == Depth)
        return tr("%1 events waiting").arg(formatExact(shard.queueDepth));
    if (column == DlqTotal)
        return tr("%1 dead letters").arg(formatExact(shard.dlqCount));
    if (column == LastSuccess && shard.lastSuccess)
        return formatUtc(*shard.lastSuccess);
    const auto value = rawValue(shard, column);
    return value || !isNumeric(column) ? QString {} : tr("Too few samples to say");
}

QList<float> ShardTableModel::trend(const Row& row, int column) const
{
    const auto metric = column == DepthTrend ? Metric::QueueDepth : Metric::ConsumerLag;
    const auto values = m_trends.sparkline(row.id, metric);
    return { values.begin(), values.end() };
}

QString ShardTableModel::accessibleText(const Row& row, int column) const
{
    if (column == DepthTrend || column == LagTrend) {
        if (row.shard == nullptr)
            return tr("no data");
        const double slope
            = column == DepthTrend ? row.shard->depthSlopePerSecond : row.shard->lagSlope;
        const double still = column == DepthTrend ? 1.0 : 0.05;
        return slope > still ? tr("rising") : slope < -still ? tr("falling") : tr("steady");
    }
    if (column != State || row.shard == nullptr)
        return text(row, column);
    const auto age
        = std::chrono::duration_cast<engine::Millis>(m_snapshot->takenAt - row.shard->stateSince);
    return tr("%1, %2, for %3")
        .arg(stateSentence(*row.shard), priorityWord(statusOf(*row.shard)),
            formatDuration(std::max(age, engine::Millis { 0 })));
}

ExportTable ShardTableModel::exportRows() const
{
    static const std::vector<std::pair<int, QString>> kColumns {
        { Depth, QStringLiteral("queue_depth") },
        { Lag, QStringLiteral("consumer_lag_seconds") },
        { Latency, QStringLiteral("platform_latency_p95_seconds") },
        { Error, QStringLiteral("platform_error_ratio") },
        { Throttle, QStringLiteral("throttle_ratio") },
        { DlqGrowth, QStringLiteral("dlq_growth_per_minute") },
        { DlqTotal, QStringLiteral("dead_letters") },
        { In, QStringLiteral("in_per_second") },
        { Out, QStringLiteral("out_per_second") },
        { DrainEta, QStringLiteral("drain_eta_seconds") },
        { InFlight, QStringLiteral("in_flight") },
        { Busy, QStringLiteral("workers_busy_ratio") },
        { Fill, QStringLiteral("batch_fill_ratio") },
        { Expires, QStringLiteral("expiry_headroom_seconds") },
        { Concurrency, QStringLiteral("concurrency") },
        { Rate, QStringLiteral("rate_per_second") },
        { Batch, QStringLiteral("batch_size") },
    };
    ExportTable table;
    table.columns << QStringLiteral("taken_at_utc") << QStringLiteral("shard")
                  << QStringLiteral("state") << QStringLiteral("state_since_utc");
    for (const auto& [column, name] : kColumns)
        table.columns << name;
    for (const Row& row : m_rows) {
        if (row.shard == nullptr)
            continue;
        QVariantList cells { formatUtc(m_snapshot->takenAt), toQString(engine::toString(row.id)),
            QString::fromLatin1(engine::toString(row.shard->state)),
            formatUtc(row.shard->stateSince) };
        for (const auto& [column, name] : kColumns) {
            const auto value = rawValue(*row.shard, column);
            cells << (value ? QVariant(*value) : QVariant {});
        }
        table.rows.push_back(std::move(cells));
    }
    return table;
}

QString ShardTableModel::shortNote(const Row& row)
{
    if (row.destination == nullptr || row.destination->shardsInTrouble == 0)
        return {};
    return QStringLiteral("%1/%2")
        .arg(row.destination->shardsInTrouble)
        .arg(row.destination->shards);
}

// One flag has room in a row; the inspector lists all of them.
QString ShardTableModel::note(const Row& row) const
{
    if (row.destination != nullptr)
        return row.destination->shardsInTrouble == 0
            ? tr("%n shard(s)", "in a destination", row.destination->shards)
            : tr("%1 of %2 in trouble")
                  .arg(row.destination->shardsInTrouble)
                  .arg(row.destination->shards);
    if (row.shard == nullptr)
        return {};
    const auto& shard = *row.shard;
    if (const auto expiry = expiryOf(shard); expiry && expiry->isClose)
        return tr("expires %1", "in this time")
            .arg(formatDuration(std::max(expiry->headroom, engine::Millis { 0 })));
    if (shard.trial)
        return tr("trial %1", "a time left, 8:12")
            .arg(formatCountdown(shard.trial->until - m_snapshot->takenAt));
    if (shard.isOrphaned)
        return tr("not configured");
    if (shard.laneDepth[static_cast<std::size_t>(engine::Lane::Replay)] > 0)
        return tr("replay");
    return isTuned(shard) ? tr("tuned", "values differ from the configuration") : QString {};
}

QVariant ShardTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    const auto state = row.shard == nullptr ? engine::ShardState::NoData : row.shard->state;
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case Qt::ToolTipRole:
        return toolTip(row, column);
    case Qt::AccessibleTextRole:
        return accessibleText(row, column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            (isNumeric(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::FontRole:
        return column == State || isBeyondThreshold(row, column) ? m_boldFont : m_bodyFont;
    case Qt::ForegroundRole:
        return m_theme.color(m_isStale && column > Shard ? Token::TextDisabled : Token::Text);
    case IdRole:
        return toQString(engine::toString(row.id));
    case StateRole:
        return QString::fromLatin1(engine::toString(state));
    case SortRole:
    case RawRole: {
        const auto value = row.shard == nullptr ? std::nullopt : rawValue(*row.shard, column);
        return value ? QVariant(*value) : QVariant {};
    }
    case StatusRole:
        return static_cast<int>(row.shard ? statusOf(*row.shard) : statusOf(state));
    case TrendRole:
        return QVariant::fromValue(trend(row, column));
    case LevelRole:
        return row.level;
    case NoteRole:
        return note(row);
    case ShortNoteRole:
        return shortNote(row);
    case ExpandRole:
        if (row.destination == nullptr)
            return {};
        return isExpanded(row.id.destination, static_cast<std::size_t>(row.destination->shards));
    case IsNewStateRole:
        return row.shard != nullptr
            && m_snapshot->takenAt - row.shard->stateSince < std::chrono::seconds { 10 };
    default:
        return {};
    }
}

QVariant ShardTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::DisplayRole)
        return columnTitle(section);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            (isNumeric(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == Latency)
        return tr("95th percentile of the time from send to last byte, per request, last 60 s");
    if (role == Qt::ToolTipRole && section == Error)
        return tr("Share of records whose attempt ended in an error, last 60 s");
    return {};
}

int ShardTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ShardTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

engine::HistoryQuery ShardTableModel::historyQuery() const
{
    return m_snapshot ? m_trends.query(*m_snapshot) : engine::HistoryQuery {};
}

engine::ShardId ShardTableModel::idAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_rows[static_cast<std::size_t>(row)].id
                                        : engine::ShardId {};
}

const engine::ShardSnapshot* ShardTableModel::shardAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_rows[static_cast<std::size_t>(row)].shard : nullptr;
}

void ShardTableModel::setStale(bool isStale)
{
    if (m_isStale == isStale)
        return;
    m_isStale = isStale;
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

} // namespace ui

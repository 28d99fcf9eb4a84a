#include "replay/jobs_model.h"

#include "format/format.h"
#include "replay/replay_draft.h"

#include <QGuiApplication>
#include <QPalette>

#include <algorithm>

namespace ui {
namespace {

bool isNumber(int column)
{
    return column >= JobsModel::DoneColumn && column <= JobsModel::EtaColumn;
}

} // namespace

void JobsModel::setJobs(const std::vector<engine::ReplayJobSnapshot>& jobs)
{
    const bool isSameList = std::equal(jobs.begin(), jobs.end(), m_jobs.begin(), m_jobs.end(),
        [](const auto& a, const auto& b) { return a.id == b.id; });
    if (isSameList) { // the common case: numbers move, rows and the selection stay
        m_jobs = jobs;
        if (!m_jobs.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
        return;
    }
    beginResetModel();
    m_jobs = jobs;
    endResetModel();
}

void JobsModel::setStale(bool isStale)
{
    if (isStale == m_isStale)
        return;
    m_isStale = isStale;
    if (!m_jobs.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
}

const engine::ReplayJobSnapshot* JobsModel::jobAt(int row) const
{
    const bool isThere = row >= 0 && row < static_cast<int>(m_jobs.size());
    return isThere ? &m_jobs[static_cast<std::size_t>(row)] : nullptr;
}

ExportTable JobsModel::exportRows() const
{
    ExportTable table { .columns
        = { QStringLiteral("job"), QStringLiteral("created_utc"), QStringLiteral("who"),
            QStringLiteral("scope"), QStringLiteral("state"), QStringLiteral("total"),
            QStringLiteral("accepted"), QStringLiteral("failed"), QStringLiteral("skipped"),
            QStringLiteral("left"), QStringLiteral("reason") } };
    for (const auto& job : m_jobs)
        table.rows.push_back({ jobName(job.id), formatUtc(job.createdAt), toQString(job.who),
            toQString(job.title), toQString(job.state), static_cast<qlonglong>(job.total),
            static_cast<qlonglong>(job.accepted), static_cast<qlonglong>(job.failed),
            static_cast<qlonglong>(job.skipped), static_cast<qlonglong>(job.left()),
            toQString(job.reason) });
    return table;
}

int JobsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_jobs.size());
}

int JobsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int { kColumns };
}

QString JobsModel::text(const engine::ReplayJobSnapshot& job, int column)
{
    switch (column) {
    case JobColumn:
        return jobName(job.id);
    case WhoColumn:
        return toQString(job.who);
    case ScopeColumn:
        return toQString(job.title);
    case StateColumn:
        return jobStateText(job);
    case DoneColumn:
        return tr("%1 of %2").arg(formatExact(job.total - job.left()), formatExact(job.total));
    case AcceptedColumn:
        return formatExact(job.accepted);
    case FailedColumn:
        return formatExact(job.failed);
    case SkippedColumn:
        return formatExact(job.skipped);
    case EtaColumn:
        return job.eta && !isOver(job) ? formatDuration(*job.eta) : QString(kDash);
    case ReasonColumn:
        return toQString(job.reason);
    default:
        return {};
    }
}

QVariant JobsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto& job = *jobAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return text(job, index.column());
    case Qt::TextAlignmentRole:
        return int { isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft } | Qt::AlignVCenter;
    case Qt::ForegroundRole:
        return m_isStale && !isOver(job)
            ? QVariant(QGuiApplication::palette().color(QPalette::Disabled, QPalette::Text))
            : QVariant {};
    case IdRole:
        return QVariant::fromValue<qlonglong>(engine::toInt(job.id));
    case StateRole:
        return toQString(job.state);
    case SortKeyRole:
    case RawRole:
        return text(job, index.column());
    default:
        return {};
    }
}

QVariant JobsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int { isNumber(section) ? Qt::AlignRight : Qt::AlignLeft } | Qt::AlignVCenter;
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case JobColumn:
        return tr("Job");
    case WhoColumn:
        return tr("Who");
    case ScopeColumn:
        return tr("Scope");
    case StateColumn:
        return tr("State");
    case DoneColumn:
        return tr("Done");
    case AcceptedColumn:
        return tr("Accepted");
    case FailedColumn:
        return tr("Failed");
    case SkippedColumn:
        return tr("Skipped");
    case EtaColumn:
        return tr("Time left");
    case ReasonColumn:
        return tr("Holds and stops");
    default:
        return {};
    }
}

} // namespace ui

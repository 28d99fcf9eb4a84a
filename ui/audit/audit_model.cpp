#include "audit/audit_model.h"

#include "audit/action_words.h"
#include "dlq/dead_letter_text.h"
#include "format/format.h"

#include <iterator>
#include <utility>

namespace ui {

AuditModel::AuditModel(engine::EnginePort& engine, QObject* parent)
    : QAbstractTableModel(parent)
    , m_engine(engine)
{
}

void AuditModel::load(engine::AuditFilter filter)
{
    m_filter = std::move(filter);
    reload();
}

void AuditModel::reload()
{
    ++m_generation;
    m_isReplacing = true;
    m_failure.reset();
    ask(std::nullopt);
    Q_EMIT statusChanged();
}

void AuditModel::retry()
{
    if (!m_failure)
        return;
    if (m_isReplacing)
        return reload();
    m_failure.reset();
    fetchMore({});
    Q_EMIT statusChanged();
}

void AuditModel::ask(std::optional<engine::AuditId> before)
{
    m_isPageInFlight = true;
    engine::AuditQuery query;
    query.generation = m_generation;
    query.filter = m_filter;
    query.before = before;
    query.rowsMax = kPageRows;
    using Answer = engine::Result<engine::AuditPage>;
    m_engine.audit(
        query, m_engine.replyTo<Answer>(this, [this, generation = m_generation](Answer answer) {
            if (generation != m_generation)
                return;
            m_isPageInFlight = false;
            if (answer)
                accept(std::move(*answer));
            else
                m_failure = answer.error();
            Q_EMIT statusChanged();
        }));
}

void AuditModel::accept(engine::AuditPage page)
{
    m_isLastSeen = page.isLast || page.rows.empty();
    if (m_isReplacing) {
        beginResetModel();
        m_isReplacing = false;
        m_rows = std::move(page.rows);
        endResetModel();
        return;
    }
    if (page.rows.empty())
        return;
    const int first = rowCount();
    beginInsertRows({}, first, first + static_cast<int>(page.rows.size()) - 1);
    std::move(page.rows.begin(), page.rows.end(), std::back_inserter(m_rows));
    endInsertRows();
}

bool AuditModel::canFetchMore(const QModelIndex& parent) const
{
    return !parent.isValid() && !m_isPageInFlight && !m_isReplacing && !m_isLastSeen && !m_failure
        && m_rows.size() < std::size_t { kRowsMax };
}

void AuditModel::fetchMore(const QModelIndex& parent)
{
    if (canFetchMore(parent) && !m_rows.empty())
        ask(m_rows.back().id);
}

const engine::AuditRow* AuditModel::rowAt(int row) const
{
    const bool isThere = row >= 0 && row < static_cast<int>(m_rows.size());
    return isThere ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
}

int AuditModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int AuditModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int { kColumns };
}

QString AuditModel::text(const engine::AuditRow& row, int column)
{
    switch (column) {
    case TimeColumn:
        return formatStamp(row.at);
    case WhoColumn:
        return toQString(row.who);
    case ProfileColumn:
        return toQString(row.profile);
    case ActionColumn:
        return actionWord(row.action);
    case TargetColumn:
        return toQString(row.target);
    case ChangeColumn:
        if (row.before.empty() && row.after.empty())
            return {};
        return tr("%1 → %2", "before and after")
            .arg(row.before.empty() ? QString(kDash) : toQString(row.before),
                row.after.empty() ? QString(kDash) : toQString(row.after));
    case ReasonColumn:
        return toQString(row.reason);
    case ResultColumn:
        return row.result == "ok" ? tr("ok") : toQString(row.result);
    case UndoOfColumn:
        return row.undoOf ? QString::number(engine::toInt(*row.undoOf)) : QString();
    case CorrelationColumn:
        return toQString(row.correlation);
    default:
        return {};
    }
}

QVariant AuditModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto& row = *rowAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::ToolTipRole:
        if (index.column() == TimeColumn)
            return tr("Entry %1 · %2").arg(engine::toInt(row.id)).arg(formatUtc(row.at));
        // The word of the filter, of scripts and of exports.
        return index.column() == ActionColumn ? toQString(row.action) : text(row, index.column());
    case IdRole:
        return QVariant::fromValue<qlonglong>(engine::toInt(row.id));
    case SortKeyRole:
    case RawRole:
        return text(row, index.column());
    default:
        return {};
    }
}

QVariant AuditModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int { Qt::AlignLeft | Qt::AlignVCenter };
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case TimeColumn:
        return tr("Time");
    case WhoColumn:
        return tr("Who");
    case ProfileColumn:
        return tr("Profile");
    case ActionColumn:
        return tr("Action");
    case TargetColumn:
        return tr("Target");
    case ChangeColumn:
        return tr("Before → after");
    case ReasonColumn:
        return tr("Reason");
    case ResultColumn:
        return tr("Result");
    case UndoOfColumn:
        return tr("Undo of");
    case CorrelationColumn:
        return tr("Belongs to");
    default:
        return {};
    }
}

} // namespace ui

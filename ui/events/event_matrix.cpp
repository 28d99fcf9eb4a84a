#include "events/event_matrix.h"

#include "events/event_steps.h"
#include "format/format.h"

#include <algorithm>
#include <set>

namespace ui {

void EventMatrixModel::setPage(const engine::EventPage& page)
{
    beginResetModel();
    std::set<QString> names;
    for (const auto& event : page.events) {
        for (const auto& delivery : event.deliveries)
            names.insert(toQString(delivery.shard.destination));
    }
    m_destinations.assign(names.begin(), names.end());
    m_rows.clear();
    for (const auto& event : page.events)
        m_rows.push_back(rowOf(event));
    for (const auto& id : page.missing)
        m_rows.push_back({ .eventId = toQString(id),
            .isMissing = true,
            .states = std::vector<QString>(m_destinations.size()) });
    choose();
    endResetModel();
}

EventMatrixModel::Row EventMatrixModel::rowOf(const engine::EventTrace& trace) const
{
    Row row { .eventId = toQString(trace.eventId),
        .isOpen = trace.deliveries.empty(), // no route takes it: accepted nowhere
        .states = std::vector<QString>(m_destinations.size()) };
    for (const auto& delivery : trace.deliveries) {
        const auto column = std::lower_bound(
            m_destinations.begin(), m_destinations.end(), toQString(delivery.shard.destination));
        QString& cell = row.states[static_cast<std::size_t>(column - m_destinations.begin())];
        // Several accounts of one destination stand in one cell.
        const QString word = deliveryStateWord(delivery.state);
        if (cell.isEmpty())
            cell = word;
        else if (cell != word)
            cell += QStringLiteral(", ") + word;
        row.isOpen = row.isOpen || delivery.state != engine::DeliveryState::Accepted;
    }
    return row;
}

void EventMatrixModel::setOpenOnly(bool isOpenOnly)
{
    beginResetModel();
    m_isOpenOnly = isOpenOnly;
    choose();
    endResetModel();
}

void EventMatrixModel::choose()
{
    m_shown.clear();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (!m_isOpenOnly || m_rows[i].isOpen)
            m_shown.push_back(i);
    }
}

QString EventMatrixModel::toCsv() const
{
    const auto quoted
        = [](QString text) { return u'"' + text.replace(u'"', QStringLiteral("\"\"")) + u'"'; };
    QString csv;
    for (int row = -1; row < rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < columnCount(); ++column)
            cells += quoted(row < 0 ? headerData(column, Qt::Horizontal, Qt::DisplayRole).toString()
                                    : index(row, column).data().toString());
        csv += cells.join(u',') + u'\n';
    }
    return csv;
}

int EventMatrixModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int EventMatrixModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : 1 + static_cast<int>(m_destinations.size());
}

QVariant EventMatrixModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows[m_shown[static_cast<std::size_t>(index.row())]];
    if (role == IdRole)
        return row.eventId;
    if (role != Qt::DisplayRole && role != SortKeyRole && role != RawRole)
        return {};
    if (index.column() == 0)
        return row.isMissing ? tr("%1 (not found)").arg(row.eventId) : row.eventId;
    const QString& state = row.states[static_cast<std::size_t>(index.column()) - 1];
    return state.isEmpty() ? QString(kDash) : state;
}

QVariant EventMatrixModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const bool isDestination = section > 0 && section <= static_cast<int>(m_destinations.size());
    return isDestination ? m_destinations[static_cast<std::size_t>(section) - 1] : tr("Event ID");
}

} // namespace ui

#include "dlq/dead_letter_model.h"

#include "dlq/dead_letter_text.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ui {

DeadLetterModel::DeadLetterModel(engine::EnginePort& engine, QObject* parent)
    : QAbstractTableModel(parent)
    , m_engine(engine)
{
}

void DeadLetterModel::load(Query query)
{
    m_query = std::move(query);
    ++m_generation; // answers to the old question are dropped when they come
    m_isReplacing = true;
    m_isPageInFlight = false;
    m_isCancelled = false;
    m_failure.reset();
    send({ .place = Place::Head });
    Q_EMIT statusChanged();
}

void DeadLetterModel::cancel()
{
    if (!m_isReplacing || !m_isPageInFlight)
        return;
    ++m_generation; // a search that comes in pieces is not asked for the next one
    m_isPageInFlight = false;
    m_isCancelled = true;
    Q_EMIT statusChanged();
}

void DeadLetterModel::retry()
{
    if (!m_failure && !m_isCancelled)
        return;
    m_failure.reset();
    m_isCancelled = false;
    if (m_isReplacing)
        send({ .place = Place::Head });
    else
        askMore();
    Q_EMIT statusChanged();
}

void DeadLetterModel::setVisibleRows(int first, int last)
{
    m_visibleFirst = std::max(0, first);
    m_visibleLast = std::max(m_visibleFirst, last);
    ++m_useCount;
    for (auto& [row, window] : m_windows) {
        if (row <= m_visibleLast && row + static_cast<int>(window.rows.size()) > m_visibleFirst)
            window.usedAt = m_useCount;
    }
    askMore();
}

void DeadLetterModel::askMore()
{
    if (m_isReplacing || m_isPageInFlight || m_failure)
        return;
    if (const auto ask = nextAsk())
        send(*ask);
}

void DeadLetterModel::send(const Ask& ask)
{
    m_isPageInFlight = true;
    m_gathered.clear();
    read(ask, ask.after);
}

// A search answers in pieces, so that a newer wish never waits for an old one: pieces are put
// together until they make a window. The first rows of a new list are shown at once.
bool DeadLetterModel::isPageWanted(const engine::DeadLetterPage& page) const
{
    const bool isShort = m_gathered.size() < std::size_t { kWindowRows };
    return page.next && isShort && !(m_isReplacing && !m_gathered.empty());
}

void DeadLetterModel::read(const Ask& ask, std::optional<engine::DeadLetterId> after)
{
    const bool isReversed = ask.place == Place::Backward || ask.place == Place::Tail;
    engine::DeadLetterQuery query;
    query.generation = m_generation;
    query.filter = m_query.filter;
    query.after = after;
    query.isNewestFirst = m_query.isNewestFirst != isReversed;
    query.rowsMax = kWindowRows - static_cast<int>(m_gathered.size());
    using Answer = engine::Result<engine::DeadLetterPage>;
    m_engine.deadLetters(std::move(query),
        m_engine.replyTo<Answer>(this, [this, ask, generation = m_generation](Answer answer) {
            if (generation != m_generation)
                return;
            if (!answer) {
                m_isPageInFlight = false;
                m_failure = answer.error();
                Q_EMIT statusChanged();
                return;
            }
            std::move(answer->rows.begin(), answer->rows.end(), std::back_inserter(m_gathered));
            if (isPageWanted(*answer))
                return read(ask, answer->next);
            m_isPageInFlight = false;
            answer->rows = std::move(m_gathered);
            accept(ask, std::move(*answer));
            askMore();
        }));
}

void DeadLetterModel::accept(const Ask& ask, engine::DeadLetterPage page)
{
    m_waitingTotal = page.waitingTotal;
    if (m_isReplacing)
        return startList(page);
    switch (ask.place) {
    case Place::Head:
    case Place::Forward:
        placeForward(ask, page);
        break;
    case Place::Backward:
        placeBackward(ask, page);
        break;
    case Place::Tail:
        placeTail(page);
        break;
    case Place::Estimate:
        placeEstimate(ask, page);
        break;
    }
    evict();
    Q_EMIT statusChanged();
}

void DeadLetterModel::startList(engine::DeadLetterPage& page)
{
    const bool hasNoFilter = m_query.filter == engine::DeadLetterFilter {};
    auto expected = m_query.expected;
    if (!expected && hasNoFilter)
        expected = page.waitingTotal;
    const auto read = static_cast<std::int64_t>(page.rows.size());
    beginResetModel();
    m_isReplacing = false;
    m_windows.clear();
    m_anchors.clear();
    m_visibleFirst = 0;
    m_visibleLast = 0;
    m_isTotalKnown = page.isLast || expected.has_value();
    // A counter that lags behind the list is put right at the end of the list, like an estimate.
    const std::int64_t count = page.isLast ? read : std::max(expected.value_or(0), read + 1);
    m_count = static_cast<int>(std::min<std::int64_t>(count, kRowsMax));
    m_isTailWanted = m_isTotalKnown && m_count > 4 * kWindowRows;
    keep(0, ++m_lastChain, std::move(page.rows));
    endResetModel();
    Q_EMIT statusChanged();
}

DeadLetterModel::Windows::const_iterator DeadLetterModel::windowAt(int row) const
{
    auto next = m_windows.upper_bound(row);
    if (next == m_windows.begin())
        return m_windows.end();
    --next;
    return row < next->first + static_cast<int>(next->second.rows.size()) ? next : m_windows.end();
}

const engine::DeadLetterRow* DeadLetterModel::rowAt(int row) const
{
    const auto window = windowAt(row);
    if (window == m_windows.end())
        return nullptr;
    return &window->second.rows[static_cast<std::size_t>(row - window->first)];
}

int DeadLetterModel::rowOf(engine::DeadLetterId id) const
{
    for (const auto& [first, window] : m_windows) {
        const auto found = std::find_if(window.rows.begin(), window.rows.end(),
            [id](const engine::DeadLetterRow& row) { return row.id == id; });
        if (found != window.rows.end())
            return first + static_cast<int>(std::distance(window.rows.begin(), found));
    }
    return -1;
}

int DeadLetterModel::firstMissing(int first, int last) const
{
    int row = std::max(0, first);
    last = std::min(last, m_count - 1);
    while (row <= last) {
        const auto window = windowAt(row);
        if (window == m_windows.end())
            return row;
        row = window->first + static_cast<int>(window->second.rows.size());
    }
    return -1;
}

std::optional<DeadLetterModel::Ask> DeadLetterModel::nextAsk() const
{
    int row = firstMissing(m_visibleFirst, m_visibleLast);
    if (row < 0 && m_isTailWanted)
        return Ask { .place = Place::Tail };
    if (row < 0) // one window ahead of the eye
        row = firstMissing(m_visibleLast + 1, m_visibleLast + kWindowRows);
    if (row < 0)
        return std::nullopt;
    return askFor(row);
}

DeadLetterModel::Ask DeadLetterModel::askFor(int row) const
{
    if (row == 0)
        return { .place = Place::Head };
    // Right behind something known, in memory or read before: exact.
    const auto notBefore = m_anchors.lower_bound(row);
    if (notBefore != m_anchors.begin()) {
        const auto& [known, anchor] = *std::prev(notBefore);
        if (row - 1 - known < kWindowRows && windowAt(known + 1) == m_windows.end()) {
            return {
                .place = Place::Forward, .row = known + 1, .after = anchor.id, .chain = anchor.chain
            };
        }
    }
    // Right before something known: exact too.
    const auto behind = m_anchors.upper_bound(row);
    if (behind != m_anchors.end() && behind->first - row <= kWindowRows) {
        return { .place = Place::Backward,
            .row = behind->first,
            .after = behind->second.id,
            .chain = behind->second.chain };
    }
    if (row < kWindowRows)
        return { .place = Place::Head };
    if (m_isTotalKnown && row >= m_count - kWindowRows)
        return { .place = Place::Tail };
    return estimateFor(row);
}

DeadLetterModel::Ask DeadLetterModel::estimateFor(int row) const
{
    // Half a window before the eye, so that a little scrolling either way is read already.
    row = std::max(1, row - kWindowRows / 4);
    const auto above = m_anchors.lower_bound(row);
    if (above == m_anchors.begin())
        return { .place = Place::Head };
    if (above == m_anchors.end())
        return { .place = Place::Tail };
    const auto below = std::prev(above);
    const auto from = engine::toInt(below->second.id);
    const auto to = engine::toInt(above->second.id);
    const double share = static_cast<double>(row - 1 - below->first)
        / static_cast<double>(above->first - below->first);
    const auto guess = from + static_cast<std::int64_t>(share * static_cast<double>(to - from));
    return { .place = Place::Estimate, .row = row, .after = engine::DeadLetterId { guess } };
}

void DeadLetterModel::placeForward(const Ask& ask, engine::DeadLetterPage& page)
{
    const bool isHead = ask.place == Place::Head;
    const int first = isHead ? 0 : ask.row;
    const int chain = isHead ? ++m_lastChain : ask.chain;
    auto count = static_cast<int>(page.rows.size());
    // A hole in a chain is never longer than what is known behind it.
    const auto next = m_windows.lower_bound(first);
    bool isCut = false;
    if (next != m_windows.end() && next->second.chain == chain && next->first < first + count) {
        count = next->first - first;
        isCut = true;
        page.rows.resize(static_cast<std::size_t>(count));
    }
    const int end = first + count;
    forgetOtherChains(first, end - 1, chain);
    if (page.isLast && !isCut)
        setCount(end);
    else if (end >= m_count && !isCut)
        setCount(std::min(end + 1, kRowsMax));
    if (page.isLast)
        m_isTotalKnown = true;
    put(first, chain, std::move(page.rows));
}

void DeadLetterModel::placeBackward(const Ask& ask, engine::DeadLetterPage& page)
{
    std::reverse(page.rows.begin(), page.rows.end());
    auto count = static_cast<int>(page.rows.size());
    auto next = m_windows.lower_bound(ask.row);
    if (next != m_windows.begin()) {
        const auto& [row, window] = *std::prev(next);
        const int known = row + static_cast<int>(window.rows.size());
        if (window.chain == ask.chain && known > ask.row - count) {
            page.rows.erase(page.rows.begin(), page.rows.begin() + (count - (ask.row - known)));
            put(known, ask.chain, std::move(page.rows));
            return;
        }
    }
    forgetOtherChains(0, ask.row - 1, ask.chain);
    int first = ask.row - count;
    // The beginning of the list is where the engine says so, not where the estimate thought.
    const int wanted = page.isLast ? 0 : std::max(first, 1);
    if (wanted != first) {
        shift(wanted - first);
        first = wanted;
    }
    put(first, ask.chain, std::move(page.rows));
}

void DeadLetterModel::placeTail(engine::DeadLetterPage& page)
{
    m_isTailWanted = false;
    std::reverse(page.rows.begin(), page.rows.end());
    const auto count = static_cast<int>(page.rows.size());
    const int first = page.isLast ? 0 : std::max(1, m_count - count);
    const int chain = ++m_lastChain;
    forgetOtherChains(first, m_count, chain);
    setCount(first + count);
    put(first, chain, std::move(page.rows));
}

void DeadLetterModel::placeEstimate(const Ask& ask, engine::DeadLetterPage& page)
{
    const auto count = static_cast<int>(page.rows.size());
    if (count == 0) { // what was known behind the guess is gone meanwhile
        m_anchors.erase(m_anchors.lower_bound(ask.row), m_anchors.end());
        return;
    }
    int first = ask.row;
    if (page.isLast)
        first = std::max(1, m_count - count);
    const int chain = ++m_lastChain;
    forgetOtherChains(first, first + count - 1, chain);
    if (page.isLast || first + count >= m_count)
        setCount(first + count + (page.isLast ? 0 : 1));
    put(first, chain, std::move(page.rows));
}

// Two chains that touch cannot both be right about their rows. The newer one stays, because it is
// the one on screen; what it runs into is read again from it.
void DeadLetterModel::forgetOtherChains(int first, int last, int chain)
{
    std::vector<int> gone;
    for (const auto& [row, window] : m_windows) {
        const int end = row + static_cast<int>(window.rows.size());
        if (window.chain != chain && row <= last + 1 && end >= first)
            gone.push_back(window.chain);
    }
    const auto isGone
        = [&gone](int c) { return std::find(gone.begin(), gone.end(), c) != gone.end(); };
    std::erase_if(m_windows, [&](const auto& entry) { return isGone(entry.second.chain); });
    std::erase_if(m_anchors, [&](const auto& entry) { return isGone(entry.second.chain); });
}

void DeadLetterModel::put(int first, int chain, std::vector<engine::DeadLetterRow> rows)
{
    if (rows.empty())
        return;
    const int last = first + static_cast<int>(rows.size()) - 1;
    keep(first, chain, std::move(rows));
    Q_EMIT dataChanged(index(first, 0), index(std::min(last, m_count - 1), kColumns - 1));
}

void DeadLetterModel::keep(int first, int chain, std::vector<engine::DeadLetterRow> rows)
{
    if (rows.empty())
        return;
    const int last = first + static_cast<int>(rows.size()) - 1;
    m_anchors[first] = { .id = rows.front().id, .chain = chain };
    m_anchors[last] = { .id = rows.back().id, .chain = chain };
    m_windows[first] = { .rows = std::move(rows), .chain = chain, .usedAt = ++m_useCount };
}

void DeadLetterModel::setCount(int count)
{
    if (count > m_count) {
        beginInsertRows({}, m_count, count - 1);
        m_count = count;
        endInsertRows();
    } else if (count < m_count) {
        beginRemoveRows({}, count, m_count - 1);
        m_windows.erase(m_windows.lower_bound(count), m_windows.end());
        m_anchors.erase(m_anchors.lower_bound(count), m_anchors.end());
        m_count = count;
        endRemoveRows();
    }
}

void DeadLetterModel::shift(int by)
{
    if (by > 0)
        beginInsertRows({}, 0, by - 1);
    else
        beginRemoveRows({}, 0, -by - 1);
    Windows windows;
    for (auto& [row, window] : m_windows) {
        if (row + by >= 0)
            windows.emplace(row + by, std::move(window));
    }
    m_windows = std::move(windows);
    std::map<int, Anchor> anchors;
    for (const auto& [row, anchor] : m_anchors) {
        if (row + by >= 0)
            anchors.emplace(row + by, anchor);
    }
    m_anchors = std::move(anchors);
    m_count += by;
    m_visibleFirst = std::max(0, m_visibleFirst + by);
    m_visibleLast = std::max(0, m_visibleLast + by);
    if (by > 0)
        endInsertRows();
    else
        endRemoveRows();
    Q_EMIT contentShifted(by);
}

void DeadLetterModel::evict()
{
    while (m_windows.size() > kWindowsMax) {
        const auto oldest = std::min_element(m_windows.begin(), m_windows.end(),
            [](const auto& a, const auto& b) { return a.second.usedAt < b.second.usedAt; });
        m_windows.erase(oldest);
    }
}

int DeadLetterModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_count;
}

int DeadLetterModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int { kColumns };
}

QVariant DeadLetterModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const engine::DeadLetterRow* row = rowAt(index.row());
    if (row == nullptr)
        return role == Qt::DisplayRole ? QVariant(QStringLiteral("…")) : QVariant();
    switch (role) {
    case Qt::DisplayRole:
        return cellText(*row, index.column());
    case Qt::ToolTipRole:
        return cellToolTip(*row, index.column());
    case Qt::TextAlignmentRole:
        return int { isNumberColumn(index.column()) ? Qt::AlignRight : Qt::AlignLeft }
        | Qt::AlignVCenter;
    case Qt::AccessibleTextRole:
        return headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString() + u' '
            + cellText(*row, index.column());
    case IdRole:
        return QVariant::fromValue<qlonglong>(engine::toInt(row->id));
    case StateRole:
        return static_cast<int>(row->state);
    case SortKeyRole:
    case RawRole:
        return cellRaw(*row, index.column());
    default:
        return {};
    }
}

QVariant DeadLetterModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::DisplayRole)
        return columnTitle(section);
    if (role == Qt::TextAlignmentRole)
        return int { isNumberColumn(section) ? Qt::AlignRight : Qt::AlignLeft } | Qt::AlignVCenter;
    return {};
}

} // namespace ui

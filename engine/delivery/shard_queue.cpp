#include "delivery/shard_queue.h"

#include <algorithm>

namespace engine::delivery {

namespace {

DeliveryKey justBefore(DeliveryKey key)
{
    key.seq = EventSeq { toInt(key.seq) - 1 };
    return key;
}

} // namespace

void ShardQueue::arrived(const Arrivals& arrivals)
{
    LaneState& lane = at(arrivals.lane);
    lane.waiting += arrivals.count;
    lane.isComplete = false;
    if (!lane.cursor || arrivals.first > *lane.cursor)
        return;
    // The new rows lie among those already read: read again from there. What is out is known, so
    // it is not offered twice.
    lane.cursor = justBefore(arrivals.first);
    lane.entries.erase(lane.entries.lower_bound(arrivals.first), lane.entries.end());
}

std::optional<FetchPlan> ShardQueue::fetchPlan(Lane lane, std::int64_t wanted) const
{
    const LaneState& state = at(lane);
    if (state.isComplete || state.entries.size() >= kEntriesMax)
        return std::nullopt;
    const auto known = static_cast<std::int64_t>(state.entries.size());
    if (known >= wanted)
        return std::nullopt;
    // Rows that are out lie in the store still and are skipped: ask for that many more.
    return FetchPlan { .lane = lane,
        .after = state.cursor,
        .rowsMax = m_prefetchRows + static_cast<int>(m_out.size()) };
}

void ShardQueue::fetched(const FetchPlan& plan, std::vector<QueuedDelivery> rows)
{
    LaneState& lane = at(plan.lane);
    if (lane.cursor != plan.after)
        return; // an arrival moved the cursor in between
    lane.isComplete = rows.size() < static_cast<std::size_t>(plan.rowsMax);
    if (!rows.empty())
        lane.cursor = rows.back().key;
    for (QueuedDelivery& row : rows) {
        if (m_out.contains(row.key))
            continue;
        if (row.isBehind) {
            m_behind.insert(*row.person);
            continue;
        }
        const DeliveryKey key = row.key;
        lane.entries.try_emplace(key, QueueEntry { .delivery = std::move(row) });
    }
    countWhatIsKnown(plan.lane);
}

void ShardQueue::foundFirst(std::int64_t person, PersonRows rows)
{
    if (!rows.isMoreBehind)
        m_behind.erase(person);
    for (QueuedDelivery& row : rows.first) {
        if (!m_out.contains(row.key))
            insert(std::move(row));
    }
    for (int lane = 0; lane < kLanes; ++lane)
        countWhatIsKnown(static_cast<Lane>(lane));
}

// Whoever was passed over is not in memory.
void ShardQueue::countWhatIsKnown(Lane lane)
{
    if (at(lane).isComplete && m_behind.empty())
        at(lane).waiting = known(lane);
}

std::int64_t ShardQueue::known(Lane lane) const
{
    const auto aside = std::count_if(m_aside.begin(), m_aside.end(),
        [lane](const QueuedDelivery& delivery) { return delivery.key.lane == lane; });
    const std::size_t parts = lane == Lane::Retry ? m_partRecords : 0;
    return static_cast<std::int64_t>(at(lane).entries.size() + parts) + at(lane).inFlight + aside;
}

std::optional<WallTime> ShardQueue::nextDue(Lane lane) const
{
    const LaneState& state = at(lane);
    if (lane == Lane::Retry && !m_parts.empty())
        return WallTime::min();
    if (state.entries.empty())
        return std::nullopt;
    return lane == Lane::Retry ? state.entries.begin()->second.delivery.dueAt : WallTime::min();
}

bool ShardQueue::hasDue(Lane lane, WallTime now) const
{
    const auto due = nextDue(lane);
    return due && *due <= now;
}

std::vector<QueuedDelivery> ShardQueue::take(Lane lane, WallTime now, const Visitor& visit)
{
    LaneState& state = at(lane);
    std::vector<QueuedDelivery> taken;
    for (auto it = state.entries.begin(); it != state.entries.end();) {
        if (lane == Lane::Retry && it->second.delivery.dueAt > now)
            break;
        const Visit choice = visit(it->second);
        if (choice == Visit::Stop)
            break;
        if (choice == Visit::Skip) {
            ++it;
            continue;
        }
        m_out.insert(it->first);
        ++state.inFlight;
        taken.push_back(std::move(it->second.delivery));
        it = state.entries.erase(it);
    }
    return taken;
}

BisectionPart ShardQueue::takeBisection(std::size_t recordsMax)
{
    Q_ASSERT(!m_parts.empty() && recordsMax > 0);
    BisectionPart part = std::move(m_parts.front());
    m_parts.pop_front();
    if (part.size() > recordsMax) {
        const auto middle = part.begin() + static_cast<std::ptrdiff_t>(recordsMax);
        m_parts.emplace_front(std::make_move_iterator(middle), std::make_move_iterator(part.end()));
        part.erase(middle, part.end());
    }
    m_partRecords -= part.size();
    at(Lane::Retry).inFlight += static_cast<std::int64_t>(part.size());
    return part;
}

// The records are out and counted as in flight; in a part they wait.
void ShardQueue::putBisection(BisectionPart part, bool isFirst)
{
    if (part.empty())
        return;
    m_partRecords += part.size();
    at(Lane::Retry).inFlight -= static_cast<std::int64_t>(part.size());
    if (isFirst)
        m_parts.push_front(std::move(part));
    else
        m_parts.push_back(std::move(part));
}

void ShardQueue::giveBack(QueuedDelivery delivery)
{
    leave(delivery.key);
    insert(std::move(delivery));
}

void ShardQueue::setAside(QueuedDelivery delivery)
{
    --at(delivery.key.lane).inFlight;
    m_aside.push_back(std::move(delivery));
}

std::vector<QueuedDelivery> ShardQueue::takeAside()
{
    for (const QueuedDelivery& delivery : m_aside)
        ++at(delivery.key.lane).inFlight;
    return std::exchange(m_aside, {});
}

void ShardQueue::movedToBuffer(const DeliveryKey& from, QueuedDelivery delivery)
{
    leave(from);
    --at(from.lane).waiting;
    ++at(delivery.key.lane).waiting;
    m_out.erase(delivery.key);
    insert(std::move(delivery));
}

void ShardQueue::movedToBisection(const DeliveryKey& from, const DeliveryKey& to)
{
    // Stays out, and in flight until putBisection(): only the row changed its place.
    m_out.erase(from);
    m_out.insert(to);
    --at(from.lane).inFlight;
    ++at(to.lane).inFlight;
    --at(from.lane).waiting;
    ++at(to.lane).waiting;
}

void ShardQueue::finished(const DeliveryKey& key)
{
    leave(key);
    --at(key.lane).waiting;
}

// Counters may be off for a moment: a row can be read, and even delivered, before the message that
// it arrived is here. At a start it may then have been counted already; once the lane is known to
// its end, what is known is the count.
std::int64_t ShardQueue::waiting(Lane lane) const
{
    return std::max<std::int64_t>(at(lane).waiting, 0);
}

std::int64_t ShardQueue::depth(Lane lane) const
{
    return std::max<std::int64_t>(at(lane).waiting - at(lane).inFlight, 0);
}

std::int64_t ShardQueue::recordsInFlight() const
{
    std::int64_t records = 0;
    for (const LaneState& lane : m_lanes)
        records += lane.inFlight;
    return records;
}

bool ShardQueue::isEmpty() const
{
    return std::all_of(m_lanes.begin(), m_lanes.end(), [](const LaneState& lane) {
        return lane.waiting <= 0 && lane.inFlight == 0 && lane.entries.empty();
    });
}

std::size_t ShardQueue::entriesInMemory() const
{
    std::size_t count = m_partRecords + m_aside.size();
    for (const LaneState& lane : m_lanes)
        count += lane.entries.size();
    return count;
}

std::optional<WallTime> ShardQueue::oldestNeverPickedUp() const
{
    std::optional<WallTime> oldest;
    for (const auto& [key, entry] : at(Lane::Live).entries) {
        const QueuedDelivery& delivery = entry.delivery;
        if (delivery.wasPickedUp || !delivery.event)
            continue;
        const WallTime receivedAt = delivery.event->receivedAt;
        oldest = oldest ? std::min(*oldest, receivedAt) : receivedAt;
        // Ranked by acceptance, the first is the oldest; ranked by expiry, look at all of them.
        if (key.rank == toUnixMicros(receivedAt))
            break;
    }
    return oldest;
}

std::optional<WallTime> ShardQueue::earliestExpiry() const
{
    std::optional<WallTime> earliest;
    for (const LaneState& lane : m_lanes) {
        if (lane.entries.empty())
            continue;
        const auto expiry = lane.entries.begin()->second.delivery.expiresAt;
        if (expiry && (!earliest || *expiry < *earliest))
            earliest = expiry;
    }
    return earliest;
}

std::int64_t ShardQueue::countDue(Lane lane, WallTime now, std::int64_t most) const
{
    if (lane == Lane::Retry && !m_parts.empty())
        return std::min(most, static_cast<std::int64_t>(m_parts.front().size()));
    std::int64_t due = 0;
    for (auto it = at(lane).entries.begin(); it != at(lane).entries.end() && due < most; ++it) {
        if (lane == Lane::Retry && it->second.delivery.dueAt > now)
            break;
        ++due;
    }
    return due;
}

void ShardQueue::taken(Lane lane, const std::set<EventSeq>& seqs)
{
    const auto isTaken = [&](const QueuedDelivery& delivery) {
        const bool isIt = delivery.key.lane == lane && seqs.contains(delivery.key.seq);
        if (isIt)
            m_out.erase(delivery.key);
        return isIt;
    };
    for (BisectionPart& part : m_parts)
        m_partRecords -= std::erase_if(part, isTaken);
    std::erase_if(m_parts, [](const BisectionPart& part) { return part.empty(); });
    std::erase_if(m_aside, isTaken);
    at(lane).waiting -= static_cast<std::int64_t>(seqs.size());
    // Whoever was behind one of them may lie in any lane.
    if (m_behind.empty())
        reread(lane);
    else
        reread();
}

void ShardQueue::reread()
{
    m_behind.clear();
    for (int lane = 0; lane < kLanes; ++lane)
        reread(static_cast<Lane>(lane));
}

void ShardQueue::reread(Lane lane)
{
    LaneState& state = at(lane);
    state.entries.clear();
    state.cursor.reset();
    state.isComplete = false;
}

// Beyond the cursor the store knows better; up to it memory is the only one to offer the row.
void ShardQueue::insert(QueuedDelivery delivery)
{
    LaneState& lane = at(delivery.key.lane);
    const bool isKnownStretch = lane.isComplete || (lane.cursor && delivery.key <= *lane.cursor);
    if (!isKnownStretch)
        return;
    if (!lane.cursor || delivery.key > *lane.cursor)
        lane.cursor = delivery.key;
    const DeliveryKey key = delivery.key;
    lane.entries.try_emplace(key, QueueEntry { .delivery = std::move(delivery) });
    cut(lane);
}

// Keeps the stretch bounded when retries pile up in it: the end is left to the store again.
void ShardQueue::cut(LaneState& lane)
{
    const auto entriesMax = std::min(kEntriesMax, static_cast<std::size_t>(m_prefetchRows) * 4);
    if (lane.entries.size() <= entriesMax)
        return;
    const auto keep
        = std::next(lane.entries.begin(), static_cast<std::ptrdiff_t>(m_prefetchRows) * 2);
    lane.entries.erase(keep, lane.entries.end());
    lane.cursor = lane.entries.rbegin()->first;
    lane.isComplete = false;
}

void ShardQueue::leave(const DeliveryKey& key)
{
    m_out.erase(key);
    --at(key.lane).inFlight;
}

} // namespace engine::delivery

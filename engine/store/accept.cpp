#include "store/accept.h"

#include "core/fingerprint.h"
#include "store/codec.h"
#include "store/dead_letters.h"
#include "store/hot_sql.h"

#include <numeric>
#include <unordered_map>

namespace engine::store {
namespace {

const RowsSql kInsertEvents { "INSERT INTO event(seq, workspace, event_id, name, type, "
                              "event_time_us, flags, received_at_us, content_hash, unrouted, "
                              "payload) VALUES ",
    "(?,?,?,?,?,?,?,?,?,?,?)" };
const RowsSql kInsertIds { "INSERT INTO event_by_id(id_hash, seq) VALUES ", "(?,?)" };
// Every event of a range to every shard of a list: two parameters a shard and two for the range, in
// place of five for each of the deliveries. column2 is what the expiry adds to the event's time.
const RowsSql kInsertRange {
    "INSERT INTO delivery(shard, lane, rank_us, seq, expires_us) "
    "SELECT s.column1, ?, coalesce((e.event_time_us + s.column2) / 1000000 * 1000000, "
    "e.received_at_us), e.seq, "
    "e.event_time_us + s.column2 FROM (VALUES ",
    "(?,?)", ") s CROSS JOIN event e WHERE e.seq BETWEEN ? AND ?"
};
// Those that a range cannot make: each has a release time or a person of its own.
const RowsSql kInsertSingles {
    "INSERT INTO delivery(shard, lane, rank_us, seq, due_us, expires_us, person) VALUES ",
    "(?,?,?,?,?,?,?)"
};

// Numbers on disk: the flags column of `event`.
constexpr std::int64_t kIsEventTimeAssigned = 1;
constexpr std::int64_t kIsEventIdGenerated = 2;

// Ranks that are expiries count in whole seconds. Inside one second the order of acceptance is as
// good, and inserts then come at a few places of the tree instead of all over it: with event times
// spread over some seconds this halves the cost of accepting. kInsertRange does the same in SQL.
std::int64_t rankOf(const NewDelivery& delivery, const NewEvent& event)
{
    if (delivery.lane == Lane::Deferred)
        return toUnixMicros(delivery.dueAt);
    if (!delivery.expiresAt)
        return toUnixMicros(event.receivedAt);
    return toUnixMicros(*delivery.expiresAt) / 1'000'000 * 1'000'000;
}

std::optional<std::int64_t> personOf(const NewDelivery& delivery)
{
    if (delivery.personKey.empty())
        return std::nullopt;
    return hashOfId(delivery.personKey);
}

struct Pending {
    const NewEvent* event { nullptr };
    AcceptedItem* item { nullptr };
    Seconds dedupWindow {};
    std::int64_t workspace { 0 };
    std::int64_t hash { 0 };
    [[nodiscard]] bool isNew() const { return item->kind == AcceptKind::New; }
};

struct Copy {
    std::int64_t seq { 0 };
    std::int64_t workspace { 0 };
    std::string eventId {};
    std::string name {};
    std::int64_t receivedAtUs { 0 };
    std::int64_t contentHash { 0 };
};

// Deliveries that one INSERT … SELECT can make: same shard, lane and distance of the expiry.
struct Group {
    ShardKey shard {};
    const ShardId* id { nullptr };
    Lane lane { Lane::Live };
    std::optional<Micros> expiresAfter {}; // event_time, when there is an expiry
    std::vector<std::pair<std::int64_t, std::int64_t>> ranges {}; // of seq, inclusive
    Arrivals arrivals {};
};

class Acceptance {
public:
    explicit Acceptance(WriteTransaction& transaction)
        : m_transaction(transaction)
    {
    }

    [[nodiscard]] Status run(std::span<const AcceptPart> parts);

private:
    [[nodiscard]] Status collect(std::span<const AcceptPart> parts);
    [[nodiscard]] Status findCopies();
    void decide();
    [[nodiscard]] bool isCopy(const Pending& pending, const Copy& copy) const;
    [[nodiscard]] Status insertEvents();
    [[nodiscard]] Status insertIds();
    [[nodiscard]] Status plan(const Pending& pending);
    [[nodiscard]] Status planDead(
        const Pending& pending, const NewDelivery& delivery, ShardKey shard);
    Group& groupOf(
        std::size_t position, const NewEvent& event, const NewDelivery& delivery, ShardKey shard);
    [[nodiscard]] Status insertRanges();
    [[nodiscard]] Status insertSingles();
    void count(const Pending& pending);

    struct Single {
        ShardKey shard {};
        const NewDelivery* delivery { nullptr };
        DeliveryKey key {};
    };

    WriteTransaction& m_transaction;
    std::vector<Pending> m_pending {};
    std::vector<const Pending*> m_new {};
    std::unordered_multimap<std::int64_t, Copy> m_copies {}; // by hash
    std::vector<Group> m_groups {};
    std::vector<std::size_t> m_lastGroups {}; // group of the n-th delivery of the event before
    std::vector<ShardKey> m_shardsOfEvent {};
    std::vector<Single> m_singles {};
};

Status Acceptance::run(std::span<const AcceptPart> parts)
{
    if (Status done = collect(parts); !done)
        return done;
    if (Status done = findCopies(); !done)
        return done;
    decide();
    if (Status done = insertEvents(); !done)
        return done;
    if (Status done = insertIds(); !done)
        return done;
    for (const Pending* pending : m_new) {
        if (Status done = plan(*pending); !done)
            return done;
        count(*pending);
    }
    if (Status done = insertRanges(); !done)
        return done;
    if (Status done = insertSingles(); !done)
        return done;
    for (const Group& group : m_groups) {
        m_transaction.countLane(group.shard, group.lane, group.arrivals.count);
        m_transaction.arrived(group.arrivals);
    }
    return {};
}

Status Acceptance::collect(std::span<const AcceptPart> parts)
{
    for (const AcceptPart& part : parts) {
        part.items->resize(part.batch->events.size());
        for (std::size_t i = 0; i < part.batch->events.size(); ++i) {
            const NewEvent& event = part.batch->events[i];
            const auto workspace = m_transaction.workspace(event.workspace);
            if (!workspace)
                return tl::unexpected(workspace.error());
            m_pending.push_back({ &event, &(*part.items)[i], part.batch->dedupWindow, *workspace,
                hashOfId(event.eventId) });
        }
    }
    return {};
}

Status Acceptance::findCopies()
{
    for (std::size_t at = 0; at < m_pending.size();) {
        const std::size_t rows = RowsSql::chunk(m_pending.size() - at);
        Statement& statement = m_transaction.connection().statement(kFindCopies.forRows(rows));
        for (std::size_t i = 0; i < rows; ++i)
            statement.bind(m_pending[at + i].hash);
        if (Status done = statement.exec(); !done)
            return done;
        const Finish finish(statement);
        while (statement.next()) {
            m_copies.emplace(statement.integer(0),
                Copy { statement.integer(1), statement.integer(2), statement.text(3),
                    statement.text(4), statement.integer(5), statement.integer(6) });
        }
        if (Status done = statement.end(); !done)
            return done;
        at += rows;
    }
    return {};
}

bool Acceptance::isCopy(const Pending& pending, const Copy& copy) const
{
    return copy.workspace == pending.workspace && copy.eventId == pending.event->eventId
        && copy.name == pending.event->name
        && copy.receivedAtUs
        > toUnixMicros(pending.event->receivedAt - Micros(pending.dedupWindow));
}

void Acceptance::decide()
{
    for (Pending& pending : m_pending) {
        const auto contentHash = static_cast<std::int64_t>(pending.event->contentHash);
        const Copy* first = nullptr;
        const auto [begin, end] = m_copies.equal_range(pending.hash);
        for (auto it = begin; it != end; ++it) {
            if (isCopy(pending, it->second) && (first == nullptr || it->second.seq < first->seq))
                first = &it->second;
        }
        if (first != nullptr) {
            pending.item->kind = first->contentHash == contentHash ? AcceptKind::Duplicate
                                                                   : AcceptKind::DuplicateDiffers;
            pending.item->seq = EventSeq { first->seq };
            continue;
        }
        pending.item->kind = AcceptKind::New;
        pending.item->seq = EventSeq { m_transaction.takeSeq() };
        m_new.push_back(&pending);
        m_copies.emplace(pending.hash,
            Copy { toInt(pending.item->seq), pending.workspace, pending.event->eventId,
                pending.event->name, toUnixMicros(pending.event->receivedAt), contentHash });
    }
}

std::string unroutedText(const NewEvent& event)
{
    std::string text;
    for (const auto& [destination, reason] : event.unrouted) {
        if (!text.empty())
            text += '\x1e';
        text += destination;
        text += '\x1f';
        text += reason;
    }
    return text;
}

void bindEvent(Statement& statement, const Pending& pending)
{
    const NewEvent& event = *pending.event;
    statement.bind(toInt(pending.item->seq)).bind(pending.workspace);
    statement.bindText(event.eventId).bindText(event.name);
    statement.bind(static_cast<std::int64_t>(event.type)).bind(toUnixMicros(event.eventTime));
    statement.bind((event.isEventTimeAssigned ? kIsEventTimeAssigned : 0)
        | (event.isEventIdGenerated ? kIsEventIdGenerated : 0));
    statement.bind(toUnixMicros(event.receivedAt));
    statement.bind(static_cast<std::int64_t>(event.contentHash));
    statement.bindTextOrNull(event.unrouted.empty() ? std::string() : unroutedText(event));
    statement.bindBlob(event.payload);
}

Status Acceptance::insertEvents()
{
    for (std::size_t at = 0; at < m_new.size();) {
        const std::size_t rows = RowsSql::chunk(m_new.size() - at);
        Statement& statement = m_transaction.connection().statement(kInsertEvents.forRows(rows));
        for (std::size_t i = 0; i < rows; ++i)
            bindEvent(statement, *m_new[at + i]);
        if (Status done = statement.exec(); !done)
            return done;
        at += rows;
    }
    return {};
}

Status Acceptance::insertIds()
{
    // In order of their keys: neighbours then share the way down the tree and the page.
    std::vector<std::pair<std::int64_t, std::int64_t>> ids;
    ids.reserve(m_new.size());
    for (const Pending* pending : m_new)
        ids.emplace_back(pending->hash, toInt(pending->item->seq));
    std::sort(ids.begin(), ids.end());
    for (std::size_t at = 0; at < ids.size();) {
        const std::size_t rows = RowsSql::chunk(ids.size() - at);
        Statement& statement = m_transaction.connection().statement(kInsertIds.forRows(rows));
        for (std::size_t i = 0; i < rows; ++i)
            statement.bind(ids[at + i].first).bind(ids[at + i].second);
        if (Status done = statement.exec(); !done)
            return done;
        at += rows;
    }
    return {};
}

Status Acceptance::plan(const Pending& pending)
{
    const std::int64_t seq = toInt(pending.item->seq);
    m_shardsOfEvent.clear();
    const auto& deliveries = pending.event->deliveries;
    for (std::size_t i = 0; i < deliveries.size(); ++i) {
        const NewDelivery& delivery = deliveries[i];
        const auto shard = m_transaction.shard(delivery.shard);
        if (!shard)
            return tl::unexpected(shard.error());
        // One delivery per event and shard, whatever routing asked for.
        if (std::find(m_shardsOfEvent.begin(), m_shardsOfEvent.end(), *shard)
            != m_shardsOfEvent.end())
            continue;
        m_shardsOfEvent.push_back(*shard);
        if (!delivery.deadReason.empty()) {
            if (Status done = planDead(pending, delivery, *shard); !done)
                return done;
            continue;
        }
        Group& group = groupOf(i, *pending.event, delivery, *shard);
        const DeliveryKey key { delivery.lane, rankOf(delivery, *pending.event),
            pending.item->seq };
        Arrivals& arrivals = group.arrivals;
        arrivals.first = arrivals.count == 0 ? key : std::min(arrivals.first, key);
        arrivals.oldestReceivedAt = arrivals.count == 0
            ? pending.event->receivedAt
            : std::min(arrivals.oldestReceivedAt, pending.event->receivedAt);
        ++arrivals.count;
        if (delivery.lane == Lane::Deferred || !delivery.personKey.empty())
            m_singles.push_back({ *shard, &delivery, key });
        else if (!group.ranges.empty() && group.ranges.back().second == seq - 1)
            group.ranges.back().second = seq;
        else
            group.ranges.emplace_back(seq, seq);
    }
    return {};
}

Status Acceptance::planDead(const Pending& pending, const NewDelivery& delivery, ShardKey shard)
{
    NewDeadLetter letter;
    letter.shard = shard;
    letter.seq = pending.item->seq;
    letter.outcome = Outcome::Config;
    letter.message = delivery.deadReason;
    letter.failedAt = pending.event->receivedAt;
    letter.fingerprint = makeFingerprint(delivery.shard.destination, 0, {}, delivery.deadReason);
    if (delivery.expiresAt)
        letter.expiresUs = toUnixMicros(*delivery.expiresAt);
    letter.person = personOf(delivery);
    return putDeadLetter(m_transaction, letter);
}

Group& Acceptance::groupOf(
    std::size_t position, const NewEvent& event, const NewDelivery& delivery, ShardKey shard)
{
    std::optional<Micros> expiresAfter;
    if (delivery.expiresAt)
        expiresAfter = *delivery.expiresAt - event.eventTime;
    const auto isIt = [&](const Group& group) {
        return group.shard == shard && group.lane == delivery.lane
            && group.expiresAfter == expiresAfter;
    };
    // Events of a batch are mostly routed alike: the group of the delivery in the same place of the
    // event before is nearly always the right one.
    if (position < m_lastGroups.size() && isIt(m_groups[m_lastGroups[position]]))
        return m_groups[m_lastGroups[position]];
    auto found = std::find_if(m_groups.begin(), m_groups.end(), isIt);
    if (found == m_groups.end()) {
        Group group;
        group.shard = shard;
        group.id = &delivery.shard;
        group.lane = delivery.lane;
        group.expiresAfter = expiresAfter;
        group.arrivals.shard = shard;
        group.arrivals.id = delivery.shard;
        group.arrivals.lane = delivery.lane;
        m_groups.push_back(std::move(group));
        found = std::prev(m_groups.end());
    }
    const auto index = static_cast<std::size_t>(found - m_groups.begin());
    if (position >= m_lastGroups.size())
        m_lastGroups.resize(position + 1, index);
    m_lastGroups[position] = index;
    return *found;
}

Status Acceptance::insertRanges()
{
    struct Range {
        Lane lane { Lane::Live };
        std::int64_t first { 0 };
        std::int64_t last { 0 };
        auto operator<=>(const Range&) const = default;
    };
    std::map<Range, std::vector<const Group*>> groupsOf;
    for (const Group& group : m_groups) {
        for (const auto& [first, last] : group.ranges)
            groupsOf[{ group.lane, first, last }].push_back(&group);
    }
    for (const auto& [range, groups] : groupsOf) {
        for (std::size_t at = 0; at < groups.size();) {
            const std::size_t rows = RowsSql::chunk(groups.size() - at);
            Statement& statement = m_transaction.connection().statement(kInsertRange.forRows(rows));
            statement.bind(static_cast<std::int64_t>(range.lane));
            for (std::size_t i = 0; i < rows; ++i) {
                const Group& group = *groups[at + i];
                statement.bind(toInt(group.shard));
                if (group.expiresAfter)
                    statement.bind(group.expiresAfter->count());
                else
                    statement.bindNull();
            }
            if (Status done = statement.bind(range.first).bind(range.last).exec(); !done)
                return done;
            at += rows;
        }
    }
    return {};
}

Status Acceptance::insertSingles()
{
    for (std::size_t at = 0; at < m_singles.size();) {
        const std::size_t rows = RowsSql::chunk(m_singles.size() - at);
        Statement& statement = m_transaction.connection().statement(kInsertSingles.forRows(rows));
        for (std::size_t i = 0; i < rows; ++i) {
            const auto& [shard, delivery, key] = m_singles[at + i];
            statement.bind(toInt(shard)).bind(static_cast<std::int64_t>(key.lane));
            statement.bind(key.rank).bind(toInt(key.seq));
            statement.bind(key.lane == Lane::Deferred ? std::optional(key.rank) : std::nullopt);
            statement.bind(delivery->expiresAt ? std::optional(toUnixMicros(*delivery->expiresAt))
                                               : std::nullopt);
            statement.bind(personOf(*delivery));
        }
        if (Status done = statement.exec(); !done)
            return done;
        at += rows;
    }
    return {};
}

void Acceptance::count(const Pending& pending)
{
    const NewEvent& event = *pending.event;
    Changes& changes = m_transaction.changes();
    ++changes.events;
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(event.receivedAt));
    const int month
        = static_cast<int>(day.year()) * 100 + static_cast<int>(static_cast<unsigned>(day.month()));
    ++changes.monthAccepted[{ event.workspace, month }];
    for (auto it = event.unrouted.begin(); it != event.unrouted.end(); ++it) {
        ++changes.unrouted[*it];
        const bool isFirst = std::none_of(event.unrouted.begin(), it,
            [&it](const auto& earlier) { return earlier.second == it->second; });
        if (isFirst)
            ++changes.unroutedOfWorkspace[{ event.workspace, it->second }];
    }
}

} // namespace

Status accept(WriteTransaction& transaction, std::span<const AcceptPart> parts)
{
    return Acceptance(transaction).run(parts);
}

} // namespace engine::store

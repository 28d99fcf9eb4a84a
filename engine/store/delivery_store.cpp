#include "store/delivery_store.h"

#include "store/connection.h"
#include "store/event_rows.h"
#include "store/hot_sql.h"
#include "store/outcomes.h"
#include "store/pace_rows.h"
#include "store/selections.h"
#include "store/write_transaction.h"

#include <map>
#include <set>

namespace engine::store {
namespace {

const Sql kShards { "SELECT id, destination, account, desired, pause_until_us, pause_cause, "
                    "pause_note, pause_who, last_success_us, dead_letters FROM shard ORDER BY id" };
const Sql kLaneCounts { "SELECT shard, lane, waiting FROM shard_lane" };
const RowsSql kEvents { std::string("SELECT ") + kEventColumns
        + " FROM event e JOIN workspace w ON w.id = e.workspace WHERE e.seq IN (",
    "?", ")" };
const Sql kReceivedAt { "SELECT received_at_us FROM event WHERE seq = ?" };

// Payloads kept for the other shards of the same events.
constexpr std::size_t kRecentBytesMax = 8'388'608;
// Of one person. Beyond them other jobs' rows come when some of these have gone.
constexpr int kReplaysLookedAt = 64;
constexpr int kReaderCacheKiB = 8 * 1'024;

// The first seq that a walk finds and that is not in flight. The walk is as long as there may be
// deliveries in flight in front of it, and no longer.
Result<std::optional<std::int64_t>> firstWaiting(
    Statement& walk, const std::set<std::int64_t>& inFlight)
{
    if (Status done = walk.bind(std::ssize(inFlight) + 1).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(walk);
    while (walk.next()) {
        const std::int64_t seq = walk.integer(1);
        if (!inFlight.contains(seq))
            return std::optional(seq);
    }
    return whole(walk, std::optional<std::int64_t> {});
}

// Columns: kRowColumns.
QueuedDelivery toRow(const Statement& walk, ShardKey shard, Lane lane)
{
    QueuedDelivery row;
    row.key = { lane, walk.integer(0), EventSeq { walk.integer(1) } };
    row.shard = shard;
    row.attempts = static_cast<int>(walk.integer(2));
    row.wasPickedUp = walk.integer(3) != 0;
    row.dueAt = fromUnixMicros(walk.integer(4)); // NULL: filled in from the event
    row.expiresAt = timeOrNull(walk, 5);
    row.firstSentAt = timeOrNull(walk, 6);
    if (const auto job = walk.integerOrNull(7))
        row.job = ReplayJobId { *job };
    row.person = walk.integerOrNull(8);
    row.isBehind = walk.integer(9) != 0;
    return row;
}

} // namespace

SqlDeliveryStore::SqlDeliveryStore(Store& store, Post post)
    : m_store(store)
    , m_post(std::move(post))
{
}

SqlDeliveryStore::~SqlDeliveryStore() = default;

Result<Connection*> SqlDeliveryStore::reader()
{
    if (!m_reader) {
        auto opened = Connection::open(
            { .path = m_store.databasePath(), .isReadOnly = true, .cacheKiB = kReaderCacheKiB });
        if (!opened)
            return tl::unexpected(opened.error());
        m_reader = std::move(*opened);
    }
    return m_reader.get();
}

Result<std::vector<ShardRecord>> SqlDeliveryStore::shards()
{
    if (!m_store.isRecovered())
        return fail(ErrorCode::Unavailable,
            "what was in flight when the last run ended is not settled yet, because the store "
            "cannot commit");
    const auto connection = reader();
    if (!connection)
        return tl::unexpected(connection.error());
    const OneMoment moment(**connection);
    if (!moment.begun())
        return tl::unexpected(moment.begun().error());
    std::vector<ShardRecord> records;
    std::map<std::int64_t, std::size_t> indexOf;
    Statement& shards = (*connection)->statement(kShards);
    if (Status done = shards.exec(); !done)
        return tl::unexpected(done.error());
    while (shards.next()) {
        ShardRecord record;
        record.key = ShardKey { shards.integer(0) };
        record.id = { shards.text(1), shards.text(2) };
        record.desired = static_cast<Desired>(shards.integer(3));
        record.pauseUntil = timeOrNull(shards, 4);
        record.pauseCause = static_cast<PauseCause>(shards.integer(5));
        record.pauseNote = shards.text(6);
        record.pauseWho = shards.text(7);
        record.lastSuccess = timeOrNull(shards, 8);
        record.deadLetters = shards.integer(9);
        indexOf[shards.integer(0)] = records.size();
        records.push_back(std::move(record));
    }
    if (Status done = shards.end(); !done)
        return tl::unexpected(done.error());
    Statement& lanes = (*connection)->statement(kLaneCounts);
    if (Status done = lanes.exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(lanes);
    while (lanes.next()) {
        const auto index = indexOf.find(lanes.integer(0));
        const auto lane = static_cast<std::size_t>(lanes.integer(1));
        if (index != indexOf.end() && lane < static_cast<std::size_t>(kLanes))
            records[index->second].waiting[lane] = lanes.integer(2);
    }
    if (Status done = lanes.end(); !done)
        return tl::unexpected(done.error());
    auto pace = readPace(**connection);
    if (!pace)
        return tl::unexpected(pace.error());
    for (auto& [shard, kept] : *pace) {
        if (const auto index = indexOf.find(toInt(shard)); index != indexOf.end())
            records[index->second].pace = std::move(kept);
    }
    return records;
}

Result<std::vector<SentRequest>> SqlDeliveryStore::sentSince(ShardKey shard, WallTime from)
{
    const auto connection = reader();
    if (!connection)
        return tl::unexpected(connection.error());
    Statement& sent = (*connection)->statement(kSent);
    if (Status done = sent.bind(toInt(shard)).bind(toUnixMicros(from)).bind(toInt(shard)).exec();
        !done)
        return tl::unexpected(done.error());
    const Finish finish(sent);
    std::vector<SentRequest> requests;
    while (sent.next()) {
        SentRequest request;
        request.sentAt = fromUnixMicros(sent.integer(0));
        // A lost request's end is when the restart found it: nobody knows when it really ended.
        if (sent.integer(2) == 0)
            request.endedAt = timeOrNull(sent, 1);
        request.records = sent.integer(3);
        request.host = sent.text(4);
        requests.push_back(std::move(request));
    }
    if (Status done = sent.end(); !done)
        return tl::unexpected(done.error());
    std::stable_sort(requests.begin(), requests.end(),
        [](const SentRequest& a, const SentRequest& b) { return a.sentAt < b.sentAt; });
    return requests;
}

Result<std::vector<QueuedDelivery>> SqlDeliveryStore::fetch(
    ShardKey shard, Lane lane, std::optional<DeliveryKey> after, int rowsMax)
{
    const auto connection = reader();
    if (!connection)
        return tl::unexpected(connection.error());
    const OneMoment moment(**connection);
    if (!moment.begun())
        return tl::unexpected(moment.begun().error());
    Statement& walk = (*connection)->statement(after ? kNextRows : kFirstRows);
    walk.bind(toInt(shard)).bind(static_cast<std::int64_t>(lane));
    if (after)
        walk.bind(after->rank).bind(toInt(after->seq));
    if (Status done = walk.bind(rowsMax).exec(); !done)
        return tl::unexpected(done.error());
    std::vector<QueuedDelivery> rows;
    rows.reserve(static_cast<std::size_t>(rowsMax));
    while (walk.next())
        rows.push_back(toRow(walk, shard, lane));
    if (Status done = walk.end(); !done)
        return tl::unexpected(done.error());
    if (Status done = addEvents(**connection, rows); !done)
        return tl::unexpected(done.error());
    return rows;
}

Result<PersonRows> SqlDeliveryStore::fetchPerson(ShardKey shard, std::int64_t person)
{
    const auto connection = reader();
    if (!connection)
        return tl::unexpected(connection.error());
    const OneMoment moment(**connection);
    if (!moment.begun())
        return tl::unexpected(moment.begun().error());
    const auto readAll = [shard](Statement& walk) -> Result<std::vector<QueuedDelivery>> {
        if (Status done = walk.exec(); !done)
            return tl::unexpected(done.error());
        std::vector<QueuedDelivery> rows;
        while (walk.next())
            rows.push_back(toRow(walk, shard, static_cast<Lane>(walk.integer(10))));
        return whole(walk, std::move(rows));
    };
    const auto plain
        = readAll((*connection)->statement(kFirstOfPerson).bind(toInt(shard)).bind(person));
    if (!plain)
        return tl::unexpected(plain.error());
    Statement& replays = (*connection)->statement(kReplaysOfPerson);
    replays.bind(toInt(shard)).bind(person);
    replays.bind(
        plain->empty() ? std::numeric_limits<std::int64_t>::max() : toInt(plain->front().key.seq));
    const auto before = readAll(replays.bind(std::int64_t { kReplaysLookedAt }));
    if (!before)
        return tl::unexpected(before.error());

    PersonRows found;
    std::set<ReplayJobId> jobs;
    for (const QueuedDelivery& row : *before) {
        if (jobs.insert(*row.job).second)
            found.first.push_back(row);
    }
    // Behind the first plain row there may be replays: look again when it has gone.
    found.isMoreBehind = !plain->empty() || before->size() > found.first.size();
    if (!plain->empty())
        found.first.push_back(plain->front());
    if (Status done = addEvents(**connection, found.first); !done)
        return tl::unexpected(done.error());
    return found;
}

Result<bool> SqlDeliveryStore::isSuperseded(ShardKey shard, std::int64_t person, EventSeq seq)
{
    const auto connection = reader();
    if (!connection)
        return tl::unexpected(connection.error());
    return store::isSuperseded(**connection, toInt(shard), person, toInt(seq));
}

Status SqlDeliveryStore::addEvents(Connection& connection, std::vector<QueuedDelivery>& rows)
{
    std::vector<std::int64_t> missing;
    for (const QueuedDelivery& row : rows) {
        if (!row.isBehind && !m_events.contains(toInt(row.key.seq)))
            missing.push_back(toInt(row.key.seq));
    }
    std::unordered_map<std::int64_t, StoredEventPtr> read;
    for (std::size_t at = 0; at < missing.size();) {
        const std::size_t count = RowsSql::chunk(missing.size() - at);
        Statement& events = connection.statement(kEvents.forRows(count));
        for (std::size_t i = 0; i < count; ++i)
            events.bind(missing[at + i]);
        if (Status done = events.exec(); !done)
            return done;
        const Finish finish(events);
        while (events.next()) {
            StoredEventPtr event = toEvent(events);
            read.emplace(toInt(event->seq), std::move(event));
        }
        if (Status done = events.end(); !done)
            return done;
        at += count;
    }
    // A row without its event stays: it becomes a dead letter that says so, not a silent gap.
    for (QueuedDelivery& row : rows) {
        if (row.isBehind)
            continue;
        const std::int64_t seq = toInt(row.key.seq);
        const auto known = m_events.find(seq);
        const auto fresh = read.find(seq);
        if (known != m_events.end())
            row.event = known->second;
        else if (fresh != read.end())
            row.event = fresh->second;
        if (row.event && row.dueAt == WallTime {})
            row.dueAt = row.event->receivedAt;
    }
    for (const auto& [seq, event] : read)
        remember(event);
    return {};
}

void SqlDeliveryStore::remember(const StoredEventPtr& event)
{
    m_recent.push_back(event);
    m_events.emplace(toInt(event->seq), event);
    m_eventBytes += event->payload.size() + sizeof(StoredEvent);
    while (m_eventBytes > kRecentBytesMax && m_recent.size() > 1) {
        const StoredEventPtr oldest = m_recent.front();
        m_recent.pop_front();
        m_events.erase(toInt(oldest->seq));
        m_eventBytes -= oldest->payload.size() + sizeof(StoredEvent);
    }
}

Result<std::optional<WallTime>> SqlDeliveryStore::oldestNeverPickedUp(ShardKey shard)
{
    const auto connection = reader();
    if (!connection)
        return tl::unexpected(connection.error());
    const OneMoment moment(**connection);
    if (!moment.begun())
        return tl::unexpected(moment.begun().error());
    const auto inFlight = seqsInFlight(**connection, shard);
    if (!inFlight)
        return tl::unexpected(inFlight.error());

    // A day of slack: a clock that was set back leaves times of acceptance ahead of now.
    const WallTime until = m_store.clock().wallNow() + std::chrono::days { 1 };
    Statement& byRank = (*connection)->statement(kFreshByRank);
    byRank.bind(toInt(shard)).bind(toUnixMicros(until));
    const auto first = firstWaiting(byRank, *inFlight);
    if (!first)
        return tl::unexpected(first.error());
    Statement& bySeq = (*connection)->statement(kFreshBySeq);
    bySeq.bind(toInt(shard));
    const auto second = firstWaiting(bySeq, *inFlight);
    if (!second)
        return tl::unexpected(second.error());

    std::optional<WallTime> oldest;
    for (const std::optional<std::int64_t>& seq : { *first, *second }) {
        if (!seq)
            continue;
        Statement& event = (*connection)->statement(kReceivedAt);
        if (Status done = event.bind(*seq).exec(); !done)
            return tl::unexpected(done.error());
        const Finish finish(event);
        if (!event.next())
            continue;
        const WallTime receivedAt = fromUnixMicros(event.integer(0));
        oldest = oldest ? std::min(*oldest, receivedAt) : receivedAt;
    }
    return oldest;
}

std::int64_t SqlDeliveryStore::deadLetters(ShardKey shard) const
{
    return m_store.deadLetters(shard);
}

RequestId SqlDeliveryStore::nextRequestId() { return m_store.nextRequestId(); }

void SqlDeliveryStore::encoding(ShardKey shard, const DeliveryKey* key)
{
    if (!m_encoding)
        m_encoding = std::make_unique<EncodingMark>(m_store.directory());
    if (key != nullptr)
        m_encoding->set({ shard, *key });
    else
        m_encoding->clear();
}

std::function<void(Status)> SqlDeliveryStore::posted(Committed reply) const
{
    if (!reply)
        return {};
    return [post = m_post, reply = std::move(reply)](
               Status outcome) { post([reply, outcome = std::move(outcome)] { reply(outcome); }); };
}

void SqlDeliveryStore::markDispatched(DispatchMark mark, Committed reply)
{
    m_store.writeUnguarded(
        [mark = std::move(mark)](
            WriteTransaction& transaction) { return store::markDispatched(transaction, mark); },
        posted(std::move(reply)), 1, true);
}

void SqlDeliveryStore::record(RequestResult result, Committed reply)
{
    const std::int64_t rows = 1 + 2 * std::ssize(result.items);
    // Shared, because std::function copies what it holds and a result may hold a megabyte.
    auto shared = std::make_shared<const RequestResult>(std::move(result));
    m_store.writeUnguarded(
        [shared](WriteTransaction& transaction) { return recordResult(transaction, *shared); },
        posted(std::move(reply)), rows, false);
}

void SqlDeliveryStore::releaseDeferred(
    ShardKey shard, WallTime now, std::function<void(Result<std::int64_t>)> reply)
{
    auto released = std::make_shared<std::int64_t>(0);
    const auto work = [shard, now, released](WriteTransaction& transaction) -> Status {
        const auto count = store::releaseDeferred(transaction, shard, now);
        if (!count)
            return tl::unexpected(count.error());
        *released = *count;
        return {};
    };
    const auto done = [released, reply = std::move(reply)](Status outcome) {
        if (outcome)
            reply(*released);
        else
            reply(tl::unexpected(outcome.error()));
    };
    m_store.writeUnguarded(work, posted(done), kReleaseMax, true);
}

void SqlDeliveryStore::setDesired(ShardId target, Desired desired, std::optional<WallTime> until,
    PauseCause cause, std::string who, std::string note, Committed reply)
{
    DesiredChange change { std::move(target), desired, until, cause, std::move(who),
        std::move(note) };
    m_store.writeUnguarded(
        [change = std::move(change)](
            WriteTransaction& transaction) { return store::setDesired(transaction, change); },
        posted(std::move(reply)), 1, true);
}

} // namespace engine::store

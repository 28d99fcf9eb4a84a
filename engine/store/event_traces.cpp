// The life of events, by id.
#include "store/codec.h"
#include "store/connection.h"
#include "store/dead_letter_filter.h"
#include "store/event_rows.h"
#include "store/reader.h"

#include <algorithm>
#include <map>

namespace engine::store {
namespace {

constexpr std::size_t kPayloadBytesMax = 65'536;

const Sql kById { "SELECT e.seq, w.name, e.event_id, e.name, e.event_time_us, e.received_at_us, "
                  "e.flags, substr(e.payload, 1, ?), length(e.payload), e.unrouted "
                  "FROM event_by_id i JOIN event e ON e.seq = i.seq JOIN workspace w ON w.id = "
                  "e.workspace WHERE i.id_hash = ? AND e.event_id = ? ORDER BY e.seq" };
const Sql kLog { "SELECT a.shard, a.request, a.number, r.sent_at_us, r.ended_at_us, a.lane, "
                 "a.outcome, r.http_status, a.code, a.message, r.records FROM attempt a LEFT JOIN "
                 "request r ON r.id = a.request WHERE a.seq = ? ORDER BY a.request LIMIT 1000" };
const Sql kLetters { "SELECT shard, id, state FROM dead_letter WHERE seq = ?" };
const Sql kShardsOfEvents {
    "SELECT s.id, s.destination, s.account, coalesce((SELECT sum(l.waiting) FROM "
    "shard_lane l WHERE l.shard = s.id), 0) FROM shard s ORDER BY s.destination, "
    "s.account"
};
const Sql kAtPlace { "SELECT lane, due_us, attempts, expires_us, job FROM delivery WHERE shard = ? "
                     "AND lane = ? AND rank_us = ? AND seq = ?" };
// The index by name, which only SQLite understands: without statistics it would walk the lane.
const Sql kFresh { "SELECT lane, due_us, attempts, expires_us, job FROM delivery INDEXED BY "
                   "delivery_fresh WHERE shard = ? AND seq = ? AND lane = 0 AND picked_up = 0 AND "
                   "expires_us IS NOT NULL" };
// Walks a lane: only where the log says that the delivery may lie there.
const Sql kInLane { "SELECT lane, due_us, attempts, expires_us, job FROM delivery WHERE shard = ? "
                    "AND lane = ? AND seq = ?" };
constexpr std::int64_t kSuggestionRows = 50'000;
const Sql kIdsWith { "SELECT event_id FROM event WHERE seq > (SELECT coalesce(max(seq), 0) FROM "
                     "event) - ? AND event_id LIKE ? ESCAPE '!' ORDER BY seq DESC LIMIT ?" };
const Sql kKeptSince { "SELECT received_at_us FROM event ORDER BY seq LIMIT 1" };

constexpr char kUnrouted = '\x1e';
constexpr char kReason = '\x1f';

std::vector<std::pair<std::string, std::string>> unroutedOf(const std::string& text)
{
    std::vector<std::pair<std::string, std::string>> all;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(kUnrouted, at), text.size());
        const std::string one = text.substr(at, end - at);
        const std::size_t split = std::min(one.find(kReason), one.size());
        all.emplace_back(one.substr(0, split), one.substr(std::min(split + 1, one.size())));
        at = end + 1;
    }
    return all;
}

struct ShardEntry {
    ShardId id {};
    bool hasWaiting { false };
};

// Puts together what became of one event.
class Tracer {
public:
    Tracer(Connection& connection, const std::map<std::int64_t, ShardEntry>& shards)
        : m_connection(connection)
        , m_shards(shards)
    {
    }
    [[nodiscard]] Status complete(EventTrace& trace, bool isBrief);

private:
    [[nodiscard]] Status readLog(const EventTrace& trace, bool isBrief);
    [[nodiscard]] Status readLetters(const EventTrace& trace);
    [[nodiscard]] Status lookForWaiting(const EventTrace& trace, std::int64_t shard);
    [[nodiscard]] Result<bool> isAt(Statement& place, const EventTrace& trace, std::int64_t shard);

    Connection& m_connection;
    const std::map<std::int64_t, ShardEntry>& m_shards;
    std::map<std::int64_t, EventDelivery> m_found {}; // by shard
    std::map<std::int64_t, std::set<std::int64_t>> m_inFlight {}; // by shard; kept between events
};

Status Tracer::complete(EventTrace& trace, bool isBrief)
{
    m_found.clear();
    if (Status done = readLog(trace, isBrief); !done)
        return done;
    if (Status done = readLetters(trace); !done)
        return done;
    for (const auto& [shard, entry] : m_shards) {
        if (!entry.hasWaiting)
            continue;
        if (Status done = lookForWaiting(trace, shard); !done)
            return done;
    }
    for (auto& [shard, delivery] : m_found) {
        const auto entry = m_shards.find(shard);
        if (entry == m_shards.end())
            continue;
        delivery.shard = entry->second.id;
        trace.deliveries.push_back(std::move(delivery));
    }
    std::sort(trace.deliveries.begin(), trace.deliveries.end(),
        [](const auto& a, const auto& b) { return a.shard < b.shard; });
    return {};
}

Status Tracer::readLog(const EventTrace& trace, bool isBrief)
{
    Statement& read = m_connection.statement(kLog);
    if (Status done = read.bind(toInt(trace.seq)).exec(); !done)
        return done;
    const Finish finish(read);
    while (read.next()) {
        EventDelivery& delivery = m_found[read.integer(0)];
        AttemptRow row { .request = RequestId { read.integer(1) },
            .number = static_cast<int>(read.integer(2)),
            .sentAt = fromUnixMicros(read.integer(3)),
            .endedAt = timeOrNull(read, 4),
            .lane = static_cast<Lane>(read.integer(5)),
            .outcome = static_cast<Outcome>(read.integer(6)),
            .httpStatus = static_cast<int>(read.integer(7)),
            .code = read.text(8),
            .message = read.text(9),
            .batchRecords = static_cast<int>(read.integer(10)) };
        if (row.outcome == Outcome::Accepted)
            delivery.state = DeliveryState::Accepted;
        delivery.attempts = std::max(delivery.attempts, row.number);
        if (!isBrief)
            delivery.log.push_back(std::move(row));
    }
    return read.end();
}

Status Tracer::readLetters(const EventTrace& trace)
{
    Statement& read = m_connection.statement(kLetters);
    if (Status done = read.bind(toInt(trace.seq)).exec(); !done)
        return done;
    const Finish finish(read);
    while (read.next()) {
        EventDelivery& delivery = m_found[read.integer(0)];
        delivery.deadLetter = DeadLetterId { read.integer(1) };
        switch (static_cast<DeadLetterState>(read.integer(2))) {
        case DeadLetterState::Waiting:
            delivery.state = DeliveryState::Dead;
            break;
        case DeadLetterState::Replaying:
            delivery.state = DeliveryState::Replaying;
            break;
        case DeadLetterState::Archived:
            delivery.state = DeliveryState::Archived;
            break;
        case DeadLetterState::Replayed:
            delivery.state = DeliveryState::Accepted;
            break;
        }
    }
    return read.end();
}

// Where a delivery can lie follows from the event, but for retries and what was put back: those
// have a log, and only then a lane is walked.
Status Tracer::lookForWaiting(const EventTrace& trace, std::int64_t shard)
{
    const std::int64_t seq = toInt(trace.seq);
    const auto place = [&](Lane lane, WallTime rank) -> Statement& {
        Statement& at = m_connection.statement(kAtPlace);
        return at.bind(shard)
            .bind(static_cast<std::int64_t>(lane))
            .bind(toUnixMicros(rank))
            .bind(seq);
    };
    const std::array<std::pair<Lane, WallTime>, 3> places { { { Lane::Live, trace.receivedAt },
        { Lane::Import, trace.receivedAt }, { Lane::Replay, trace.eventTime } } };
    for (const auto& [lane, rank] : places) {
        const auto isHere = isAt(place(lane, rank), trace, shard);
        if (!isHere || *isHere)
            return isHere ? Status {} : Status(tl::unexpected(isHere.error()));
    }
    const auto isFresh = isAt(m_connection.statement(kFresh).bind(shard).bind(seq), trace, shard);
    if (!isFresh || *isFresh)
        return isFresh ? Status {} : Status(tl::unexpected(isFresh.error()));
    const auto known = m_found.find(shard);
    const bool wasTried = known != m_found.end() && known->second.state != DeliveryState::Accepted
        && known->second.state != DeliveryState::Dead
        && known->second.state != DeliveryState::Archived;
    for (const Lane lane : { Lane::Retry, Lane::Live, Lane::Import, Lane::Deferred }) {
        if (wasTried == (lane == Lane::Deferred)) // released before it was ever tried
            continue;
        Statement& walk = m_connection.statement(kInLane);
        walk.bind(shard).bind(static_cast<std::int64_t>(lane)).bind(seq);
        const auto isHere = isAt(walk, trace, shard);
        if (!isHere || *isHere)
            return isHere ? Status {} : Status(tl::unexpected(isHere.error()));
    }
    return {};
}

Result<bool> Tracer::isAt(Statement& place, const EventTrace& trace, std::int64_t shard)
{
    if (const Status done = place.exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(place);
    if (!place.next())
        return false;
    EventDelivery& delivery = m_found[shard];
    delivery.lane = static_cast<Lane>(place.integer(0));
    delivery.dueAt = timeOrNull(place, 1);
    delivery.attempts = static_cast<int>(place.integer(2));
    delivery.expiresAt = timeOrNull(place, 3);
    if (const auto job = place.integerOrNull(4))
        delivery.job = ReplayJobId { *job };
    auto inFlight = m_inFlight.find(shard);
    if (inFlight == m_inFlight.end()) {
        auto seqs = seqsInFlight(m_connection, ShardKey { shard });
        if (!seqs)
            return tl::unexpected(seqs.error());
        inFlight = m_inFlight.emplace(shard, std::move(*seqs)).first;
    }
    delivery.state = inFlight->second.contains(toInt(trace.seq)) ? DeliveryState::InFlight
                                                                 : DeliveryState::Waiting;
    return true;
}

Result<std::map<std::int64_t, ShardEntry>> readShards(Connection& connection)
{
    std::map<std::int64_t, ShardEntry> shards;
    Statement& read = connection.statement(kShardsOfEvents);
    if (const Status done = read.exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    while (read.next())
        shards[read.integer(0)] = { { read.text(1), read.text(2) }, read.integer(3) > 0 };
    return whole(read, std::move(shards));
}

Result<std::vector<EventTrace>> findById(
    Connection& connection, const std::string& eventId, bool isBrief)
{
    Statement& read = connection.statement(kById);
    read.bind(isBrief ? 0 : static_cast<std::int64_t>(kPayloadBytesMax));
    if (const Status done = read.bind(hashOfId(eventId)).bindText(eventId).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    std::vector<EventTrace> traces;
    while (read.next()) {
        traces.push_back({ .seq = EventSeq { read.integer(0) },
            .workspace = read.text(1),
            .eventId = read.text(2),
            .name = read.text(3),
            .eventTime = fromUnixMicros(read.integer(4)),
            .receivedAt = fromUnixMicros(read.integer(5)),
            .isEventTimeAssigned = (read.integer(6) & 1) != 0,
            .payload = read.blob(7),
            .payloadBytes = read.integer(8),
            .unrouted = unroutedOf(read.text(9)) });
    }
    return whole(read, std::move(traces));
}

} // namespace

// The journal has no index that a part of an id could use: the newest events are read through,
// which takes some 30 ms, and the answer says how many those were.
Status Reader::suggestIds(const std::string& part, EventPage& page)
{
    Statement& find = m_connection->statement(kIdsWith);
    find.bind(kSuggestionRows).bindText('%' + likeText(part) + '%');
    if (Status done = find.bind(static_cast<std::int64_t>(EventQuery::kSuggestionsMax)).exec();
        !done)
        return done;
    const Finish finish(find);
    while (find.next())
        page.suggestions.push_back(find.text(0));
    page.suggestedFrom = kSuggestionRows;
    return find.end();
}

Result<EventPage> Reader::events(const EventQuery& query)
{
    EventPage page { .generation = query.generation };
    // A delivery that moves from its lane to the log of attempts in between would stand in neither.
    const OneMoment moment(*m_connection);
    if (!moment.begun())
        return tl::unexpected(moment.begun().error());
    const auto shards = readShards(*m_connection);
    if (!shards)
        return tl::unexpected(shards.error());
    Tracer tracer(*m_connection, *shards);
    const std::size_t ids = std::min(query.eventIds.size(), EventQuery::kEventIdsMax);
    for (std::size_t i = 0; i < ids; ++i) {
        auto traces = findById(*m_connection, query.eventIds[i], query.isBrief);
        if (!traces)
            return tl::unexpected(traces.error());
        if (traces->empty())
            page.missing.push_back(query.eventIds[i]);
        for (EventTrace& trace : *traces) {
            if (const Status done = tracer.complete(trace, query.isBrief); !done)
                return tl::unexpected(done.error());
            page.events.push_back(std::move(trace));
        }
    }
    if (query.withSuggestions && ids == 1 && page.events.empty()) {
        if (Status done = suggestIds(query.eventIds.front(), page); !done)
            return tl::unexpected(done.error());
    }
    Statement& oldest = m_connection->statement(kKeptSince);
    if (const Status done = oldest.exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(oldest);
    if (oldest.next())
        page.keptSince = fromUnixMicros(oldest.integer(0));
    return page;
}

} // namespace engine::store

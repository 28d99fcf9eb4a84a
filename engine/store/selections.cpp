#include "store/selections.h"

#include "store/codec.h"
#include "store/connection.h"
#include "store/dead_letter_filter.h"
#include "store/dead_letters.h"
#include "store/event_rows.h"
#include "store/write_transaction.h"

namespace engine::store {
namespace {

const Sql kBegin { "INSERT INTO selection(frozen_at_us, last_letter) "
                   "SELECT ?, coalesce(max(id), 0) FROM dead_letter RETURNING id" };
const Sql kLastLetter { "SELECT last_letter FROM selection WHERE id = ?" };
const Sql kLastEvent { "SELECT coalesce(max(seq), 0) FROM event" };
const Sql kWasAccepted {
    "SELECT EXISTS (SELECT 1 FROM attempt WHERE seq = ? AND shard = ? AND outcome = 0)"
};
const Sql kHasPersons { "SELECT EXISTS (SELECT 1 FROM person_accepted WHERE shard = ?)" };
const Sql kHasPayload { "SELECT EXISTS (SELECT 1 FROM event WHERE seq = ?)" };
const Sql kAddItem { "INSERT INTO selection_item(selection, event_time_us, shard, seq, "
                     "dead_letter, verdict, expires_us, person) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                     "ON CONFLICT(selection, event_time_us, shard, seq) DO NOTHING" };
const Sql kSuperseded { "SELECT EXISTS (SELECT 1 FROM person_accepted WHERE shard = ? AND person = "
                        "? AND seq > ?)" };
// Two walks, because SQLite keeps one over (event_time_us, seq) to the first of them alone: a day
// of imported events with one time would be passed again in every step.
const Sql kNextEvents {
    "SELECT * FROM (SELECT seq, event_time_us, name, event_id FROM event WHERE event_time_us = ? "
    "AND seq > ? ORDER BY seq LIMIT 2000) UNION ALL SELECT * FROM (SELECT seq, event_time_us, "
    "name, event_id FROM event WHERE event_time_us > ? AND event_time_us < ? "
    "ORDER BY event_time_us, seq LIMIT 2000) LIMIT 2000"
};
const Sql kItemsInOrder {
    "SELECT event_time_us, shard, seq, verdict, expires_us FROM selection_item "
    "WHERE selection = ? AND (event_time_us, shard, seq) > (?, ?, ?) "
    "ORDER BY event_time_us, shard, seq LIMIT ?"
};
const Sql kSetPerSecond { "UPDATE selection SET per_second = ? WHERE id = ?" };
const Sql kSetTooOld { "UPDATE selection_item SET verdict = 4 WHERE selection = ? AND "
                       "event_time_us = ? AND shard = ? AND seq = ?" };

// Looked at in one step, matching or not: a filter that matches little would otherwise read the
// whole table in one go, with everybody's commits waiting.
constexpr std::int64_t kLettersPerStep = 20'000;
constexpr int kEventsPerStep = 2'000; // as kNextEvents says
constexpr std::int64_t kNoShard = -1; // an event that only marks how far the walk is

// One row that a step found: a dead letter, or a delivered event of the journal.
struct Found {
    std::int64_t shard { 0 };
    std::int64_t seq { 0 };
    std::int64_t eventTimeUs { 0 };
    std::optional<std::int64_t> deadLetter {};
    std::optional<std::int64_t> expiresUs {};
    bool wasUnknown { false }; // the platform may have processed an earlier send
    bool wasRefusedHere { false }; // by the encoder, before sending
    ShardId id {};
    std::string encoder {};
};

Result<std::int64_t> numberOf(Connection& connection, const Sql& sql,
    std::optional<std::int64_t> a = {}, std::optional<std::int64_t> b = {})
{
    Statement& statement = connection.statement(sql);
    for (const auto& value : { a, b }) {
        if (value)
            statement.bind(*value);
    }
    if (const Status done = statement.exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(statement);
    return statement.next() ? statement.integer(0) : 0;
}

// Judges the rows of one step and adds them.
class Judge {
public:
    Judge(WriteTransaction& transaction, SelectionId selection, const VerdictInput& input)
        : m_connection(transaction.connection())
        , m_selection(selection)
        , m_input(input)
    {
    }
    [[nodiscard]] Status add(Found found);

private:
    [[nodiscard]] Result<DeliveryFacts> factsOf(const Found& found);
    [[nodiscard]] Result<Verdict> verdictOf(
        const Found& found, const std::optional<std::int64_t>& person);
    [[nodiscard]] Result<bool> hasPersons(std::int64_t shard);
    [[nodiscard]] bool isSameError(const Found& found) const;

    Connection& m_connection;
    SelectionId m_selection {};
    const VerdictInput& m_input;
    std::map<std::int64_t, bool> m_hasPersons {}; // by shard
};

Status Judge::add(Found found)
{
    const auto facts = factsOf(found);
    if (!facts)
        return tl::unexpected(facts.error());
    if (!found.deadLetter && facts->expiresAt)
        found.expiresUs = toUnixMicros(*facts->expiresAt);
    std::optional<std::int64_t> person;
    if (!facts->personKey.empty())
        person = hashOfId(facts->personKey);
    const auto verdict = verdictOf(found, person);
    if (!verdict)
        return tl::unexpected(verdict.error());
    Statement& put = m_connection.statement(kAddItem);
    put.bind(toInt(m_selection)).bind(found.eventTimeUs).bind(found.shard).bind(found.seq);
    put.bind(found.deadLetter).bind(static_cast<std::int64_t>(*verdict));
    return put.bind(found.expiresUs).bind(person).exec();
}

// Reading and encoding an event costs more than all the rest: only where it can matter.
Result<DeliveryFacts> Judge::factsOf(const Found& found)
{
    const auto persons = hasPersons(found.shard);
    if (!persons)
        return tl::unexpected(persons.error());
    if (!m_input.facts || (found.deadLetter && !*persons))
        return DeliveryFacts {};
    const auto event = readEvent(m_connection, EventSeq { found.seq });
    if (!event)
        return tl::unexpected(event.error());
    return *event ? m_input.facts(found.id, *event) : DeliveryFacts {};
}

Result<bool> Judge::hasPersons(std::int64_t shard)
{
    const auto known = m_hasPersons.find(shard);
    if (known != m_hasPersons.end())
        return known->second;
    const auto has = numberOf(m_connection, kHasPersons, shard);
    if (!has)
        return tl::unexpected(has.error());
    return m_hasPersons[shard] = *has != 0;
}

// First match, in the order of design §10.
Result<Verdict> Judge::verdictOf(const Found& found, const std::optional<std::int64_t>& person)
{
    if (found.deadLetter) { // a delivered event was accepted, and is wanted all the same
        const auto accepted = numberOf(m_connection, kWasAccepted, found.seq, found.shard);
        if (!accepted)
            return tl::unexpected(accepted.error());
        if (*accepted != 0)
            return Verdict::AlreadyAccepted;
    }
    if (person) {
        const auto replaced = isSuperseded(m_connection, found.shard, *person, found.seq);
        if (!replaced)
            return tl::unexpected(replaced.error());
        if (*replaced)
            return Verdict::Superseded;
    }
    const auto hasPayload = numberOf(m_connection, kHasPayload, found.seq);
    if (!hasPayload)
        return tl::unexpected(hasPayload.error());
    if (*hasPayload == 0)
        return Verdict::PayloadGone;
    if (found.expiresUs && *found.expiresUs <= toUnixMicros(m_input.now))
        return Verdict::TooOld;
    if (isSameError(found))
        return Verdict::SameError;
    return found.wasUnknown ? Verdict::OutcomeUnknown : Verdict::WillSend;
}

// The same encoder would refuse the same bytes again.
bool Judge::isSameError(const Found& found) const
{
    const auto encoder = m_input.encoders.find(found.id.destination);
    return found.wasRefusedHere && encoder != m_input.encoders.end()
        && encoder->second == found.encoder;
}

Result<std::vector<Found>> findLetters(Connection& connection, const SelectionRequest& request,
    const SelectionCursor& cursor, std::int64_t toId, int rowsMax)
{
    const SqlCondition condition = toCondition(request.filter);
    Statement read
        = connection.prepare("SELECT d.id, d.shard, d.seq, d.event_time_us, d.expires_us, "
                             "d.outcome, d.http_status, s.destination, s.account, d.encoder, "
                             "d.first_sent_us "
                             "FROM dead_letter d JOIN shard s ON s.id = d.shard WHERE d.id > "
            + std::to_string(cursor.after) + " AND d.id <= " + std::to_string(toId) + " AND "
            + condition.text + " ORDER BY d.id LIMIT " + std::to_string(rowsMax));
    condition.bindTo(read);
    if (const Status done = read.exec(); !done)
        return tl::unexpected(done.error());
    std::vector<Found> rows;
    while (read.next()) {
        const auto outcome = static_cast<Outcome>(read.integer(5));
        rows.push_back({ .shard = read.integer(1),
            .seq = read.integer(2),
            .eventTimeUs = read.integer(3),
            .deadLetter = read.integer(0),
            .expiresUs = read.integerOrNull(4),
            .wasUnknown = outcome == Outcome::Unknown || read.integerOrNull(10).has_value(),
            .wasRefusedHere = outcome == Outcome::Invalid && read.integer(6) == 0,
            .id = { read.text(7), read.text(8) },
            .encoder = read.text(9) });
    }
    if (const Status done = read.end(); !done)
        return tl::unexpected(done.error());
    return rows;
}

// The next events of the window, delivered or not, in order of event time. Their shards are asked
// for one by one: a condition on the attempts would let one step read the whole journal.
Result<std::vector<Found>> nextEvents(
    Connection& connection, const SelectionRequest& request, const SelectionCursor& cursor)
{
    constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
    const DeadLetterFilter& filter = request.filter;
    Statement& read = connection.statement(kNextEvents);
    read.bind(cursor.afterTimeUs).bind(cursor.after).bind(cursor.afterTimeUs);
    read.bind(filter.eventTo ? toUnixMicros(*filter.eventTo) : kNever);
    if (const Status done = read.exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    std::vector<Found> events;
    while (read.next()) {
        Found event { .seq = read.integer(0), .eventTimeUs = read.integer(1) };
        const bool isWanted = event.seq <= cursor.last
            && (filter.eventName.empty() || filter.eventName == read.text(2))
            && (filter.eventId.empty() || filter.eventId == read.text(3));
        event.shard = isWanted ? 0 : kNoShard;
        events.push_back(std::move(event));
    }
    if (const Status done = read.end(); !done)
        return tl::unexpected(done.error());
    return events;
}

Result<std::vector<Found>> shardsOf(
    Connection& connection, const SelectionRequest& request, const Found& event)
{
    const SqlCondition condition = shardCondition(request.filter, "a.shard");
    Statement read = connection.prepare(
        "SELECT DISTINCT a.shard, s.destination, s.account FROM attempt a JOIN shard s ON s.id = "
        "a.shard WHERE a.outcome = 0 AND a.seq = "
        + std::to_string(event.seq) + " AND " + condition.text);
    condition.bindTo(read);
    if (const Status done = read.exec(); !done)
        return tl::unexpected(done.error());
    std::vector<Found> rows;
    while (read.next()) {
        Found found = event;
        found.shard = read.integer(0);
        found.id = { read.text(1), read.text(2) };
        rows.push_back(std::move(found));
    }
    if (const Status done = read.end(); !done)
        return tl::unexpected(done.error());
    return rows;
}

} // namespace

Result<bool> isSuperseded(
    Connection& connection, std::int64_t shard, std::int64_t person, std::int64_t seq)
{
    Statement& read = connection.statement(kSuperseded);
    if (const Status done = read.bind(shard).bind(person).bind(seq).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    return read.next() && read.integer(0) != 0;
}

Result<SelectionId> beginSelection(WriteTransaction& transaction)
{
    Statement& begin = transaction.connection().statement(kBegin);
    if (const Status done = begin.bind(toUnixMicros(transaction.now())).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(begin);
    if (!begin.next())
        return fail(ErrorCode::Internal, "the store gave no id");
    return SelectionId { begin.integer(0) };
}

namespace {

SelectionCursor startOfEvents(const DeadLetterFilter& filter, std::int64_t letters)
{
    using Limits = std::numeric_limits<std::int64_t>;
    return { .after = Limits::max(),
        .afterTimeUs = filter.eventFrom ? toUnixMicros(*filter.eventFrom) - 1 : Limits::min(),
        .letters = letters,
        .isJournal = true };
}

Result<SelectionCursor> growByLetters(WriteTransaction& transaction, Judge& judge,
    const SelectionRequest& request, SelectionCursor cursor, int rowsMax)
{
    const std::int64_t toId = std::min(cursor.last, cursor.after + kLettersPerStep);
    const auto rows = findLetters(transaction.connection(), request, cursor, toId, rowsMax);
    if (!rows)
        return tl::unexpected(rows.error());
    for (const Found& found : *rows) {
        if (const Status added = judge.add(found); !added)
            return tl::unexpected(added.error());
    }
    cursor.letters += std::ssize(*rows);
    cursor.after = std::ssize(*rows) == rowsMax ? *rows->back().deadLetter : toId;
    if (cursor.after < cursor.last)
        return cursor;
    // The dead letters are in; with includeDelivered the journal follows.
    if (request.includeDelivered)
        return startOfEvents(request.filter, cursor.letters);
    cursor.isDone = true;
    return cursor;
}

Result<SelectionCursor> growByEvents(WriteTransaction& transaction, Judge& judge,
    const SelectionRequest& request, SelectionCursor cursor, int rowsMax)
{
    const auto events = nextEvents(transaction.connection(), request, cursor);
    if (!events)
        return tl::unexpected(events.error());
    int added = 0;
    for (const Found& event : *events) {
        if (added >= rowsMax)
            return cursor;
        cursor.afterTimeUs = event.eventTimeUs;
        cursor.after = event.seq;
        if (event.shard == kNoShard)
            continue;
        const auto shards = shardsOf(transaction.connection(), request, event);
        if (!shards)
            return tl::unexpected(shards.error());
        for (const Found& found : *shards) {
            if (const Status put = judge.add(found); !put)
                return tl::unexpected(put.error());
        }
        added += static_cast<int>(shards->size());
    }
    cursor.isDone = std::ssize(*events) < kEventsPerStep;
    return cursor;
}

} // namespace

Result<SelectionCursor> growSelection(WriteTransaction& transaction, SelectionId selection,
    const SelectionRequest& request, const VerdictInput& input, SelectionCursor cursor, int rowsMax)
{
    Connection& connection = transaction.connection();
    if (cursor.last == 0) {
        const auto last = cursor.isJournal ? numberOf(connection, kLastEvent)
                                           : numberOf(connection, kLastLetter, toInt(selection));
        if (!last)
            return tl::unexpected(last.error());
        cursor.last = *last;
    }
    Judge judge(transaction, selection, input);
    return cursor.isJournal ? growByEvents(transaction, judge, request, cursor, rowsMax)
                            : growByLetters(transaction, judge, request, cursor, rowsMax);
}

Status setSelectionPace(WriteTransaction& transaction, SelectionId selection, double perSecond)
{
    Statement& set = transaction.connection().statement(kSetPerSecond);
    return set.bindReal(perSecond).bind(toInt(selection)).exec();
}

Result<PredictionCursor> predictSelection(WriteTransaction& transaction, SelectionId selection,
    double perSecond, WallTime now, PredictionCursor cursor, int rowsMax)
{
    struct Item {
        ItemKey key {};
        Verdict verdict { Verdict::WillSend };
        std::optional<std::int64_t> expiresUs {};
    };
    Connection& connection = transaction.connection();
    Statement& read = connection.statement(kItemsInOrder);
    read.bind(toInt(selection));
    read.bind(cursor.after.timeUs).bind(cursor.after.shard).bind(cursor.after.seq);
    if (const Status done = read.bind(std::int64_t { rowsMax }).exec(); !done)
        return tl::unexpected(done.error());
    std::vector<Item> items;
    while (read.next()) {
        items.push_back({ { read.integer(0), read.integer(1), read.integer(2) },
            static_cast<Verdict>(read.integer(3)), read.integerOrNull(4) });
    }
    if (const Status done = read.end(); !done)
        return tl::unexpected(done.error());
    for (const Item& item : items) {
        cursor.after = item.key;
        const bool mayGo = item.verdict == Verdict::WillSend || item.verdict == Verdict::SameError
            || item.verdict == Verdict::OutcomeUnknown;
        const auto wait = static_cast<double>(cursor.sent) / perSecond;
        const WallTime turn = now + Micros { static_cast<std::int64_t>(wait * 1e6) };
        if (mayGo && item.expiresUs && *item.expiresUs <= toUnixMicros(turn)) {
            Statement& set = connection.statement(kSetTooOld);
            set.bind(toInt(selection)).bind(item.key.timeUs).bind(item.key.shard);
            if (const Status done = set.bind(item.key.seq).exec(); !done)
                return tl::unexpected(done.error());
        } else if (item.verdict == Verdict::WillSend) {
            ++cursor.sent;
        }
    }
    cursor.isDone = std::ssize(items) < rowsMax;
    return cursor;
}

} // namespace engine::store

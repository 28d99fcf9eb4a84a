#include "store/reader.h"

#include "store/connection.h"
#include "store/dead_letter_filter.h"
#include "store/event_rows.h"
#include "store/selections.h"

namespace engine::store {
namespace {

constexpr std::string_view kAuditRows
    = "SELECT id, at_us, who, action, target, before, after, reason, result, profile, undo_of, "
      "correlation, undo FROM audit WHERE ";
const Sql kLettersIn {
    "SELECT count(*) FROM (SELECT 1 FROM selection_item i JOIN dead_letter d ON d.id = "
    "i.dead_letter WHERE i.selection = ? AND d.state = ? AND coalesce(d.moved_at_us, "
    "d.last_failed_us) BETWEEN ? AND ? LIMIT ?)"
};

AuditRow auditRowOf(const Statement& row)
{
    AuditRow audit { AuditId { row.integer(0) }, fromUnixMicros(row.integer(1)), row.text(2),
        row.text(3), row.text(4), row.text(5), row.text(6), row.text(7), row.text(8), row.text(9) };
    if (const auto undoOf = row.integerOrNull(10))
        audit.undoOf = AuditId { *undoOf };
    audit.correlation = row.text(11);
    audit.undo = row.text(12);
    return audit;
}

constexpr int kPageRowsMax = 1'000;
constexpr int kResponseExcerptBytes = 4'096;

const char* const kRowColumns
    = "d.id, d.seq, d.event_id, s.destination, s.account, d.name, d.outcome, d.http_status, "
      "d.code, "
      "d.message, d.attempts, d.first_seen_us, d.last_failed_us, d.event_time_us, d.expires_us, "
      "d.payload_bytes, f.text, d.state, d.answer, d.encoder, d.record, d.shard";
const char* const kRowTables = " FROM dead_letter d JOIN shard s ON s.id = d.shard JOIN "
                               "fingerprint f ON f.id = d.fingerprint ";

const Sql kExcerpt { "SELECT substr(a.response, 1, ?) FROM dead_letter d JOIN answer a "
                     "ON a.id = d.answer WHERE d.id = ?" };
const Sql kAnswer { "SELECT head, response, response_bytes FROM answer WHERE id = ?" };
const Sql kPayload { "SELECT payload FROM event WHERE seq = ?" };
constexpr std::size_t kPagePayloadBytes = 8'388'608;

const Sql kAttempts { "SELECT a.request, a.number, r.sent_at_us, r.ended_at_us, a.lane, a.outcome, "
                      "r.http_status, a.code, a.message, "
                      "r.records FROM attempt a LEFT JOIN request r ON r.id = a.request WHERE "
                      "a.seq = ? AND a.shard = ? "
                      "ORDER BY a.request DESC LIMIT 200" };
const Sql kTopFingerprints { "SELECT p.shard, p.entries, f.text FROM fingerprint_shard p JOIN "
                             "fingerprint f ON f.id = p.fingerprint "
                             "WHERE p.entries > 0 ORDER BY p.shard, p.entries DESC" };
const Sql kPlatforms { "SELECT destination, platform FROM destination_platform" };
// Of a deferred delivery the rank is the release. The order of the joins is meant: SQLite would
// walk all that waits.
const Sql kDeferredUntil {
    "SELECT w.name, max(d.rank_us) FROM shard_lane l CROSS JOIN delivery d CROSS JOIN event e "
    "CROSS JOIN workspace w WHERE l.lane = ? AND l.waiting > 0 AND d.shard = l.shard AND "
    "d.lane = l.lane AND e.seq = d.seq AND w.id = e.workspace GROUP BY w.name"
};
const Sql kOverrides { "SELECT destination, account, name, value, until_us, set_at_us, who FROM "
                       "override ORDER BY destination, account, name" };
const Sql kRollups { "SELECT minute, shard, metric, low, high, last, sum, samples FROM rollup "
                     "WHERE minute >= ? AND minute < ? ORDER BY minute" };
const Sql kDestinationRollups {
    "SELECT minute, destination, metric, low, high, last, sum, samples FROM destination_rollup "
    "WHERE minute >= ? AND minute < ? ORDER BY minute"
};
// Newest first; one stretch of the log at a time.
const Sql kAcceptedBefore {
    "SELECT a.seq, a.shard = ? AND a.outcome = 0 FROM attempt a WHERE a.seq < ? "
    "ORDER BY a.seq DESC LIMIT 20000"
};
const Sql kPayloadOfName { "SELECT event_id, received_at_us, payload FROM event WHERE seq = ? AND "
                           "name = ?" };

// Ids looked at between two looks at the clock: some milliseconds, or with payloads some more.
constexpr std::int64_t kLettersPerStretch = 20'000;
constexpr std::int64_t kPayloadsPerStretch = 1'000;
// Of the log of attempts, for the last accepted event of a name: at most some 100 ms.
constexpr int kAcceptedStretches = 10;

DeadLetterRow toRow(const Statement& row)
{
    DeadLetterRow letter;
    letter.id = DeadLetterId { row.integer(0) };
    letter.event = EventSeq { row.integer(1) };
    letter.eventId = row.text(2);
    letter.shard = { row.text(3), row.text(4) };
    letter.eventName = row.text(5);
    letter.outcome = static_cast<Outcome>(row.integer(6));
    letter.httpStatus = static_cast<int>(row.integer(7));
    letter.code = row.text(8);
    letter.message = row.text(9);
    letter.attempts = static_cast<int>(row.integer(10));
    letter.firstSeen = fromUnixMicros(row.integer(11));
    letter.lastFailed = fromUnixMicros(row.integer(12));
    letter.eventTime = fromUnixMicros(row.integer(13));
    if (const auto expires = row.integerOrNull(14))
        letter.expires = fromUnixMicros(*expires);
    letter.payloadBytes = row.integer(15);
    letter.fingerprint = row.text(16);
    letter.state = static_cast<DeadLetterState>(row.integer(17));
    return letter;
}

// Ids from behind `after` to `last` in the direction of the walk.
struct Stretch {
    std::int64_t after { 0 };
    std::int64_t last { 0 };
    bool isDown { false };
    int rowsMax { 0 };
};

// True when it ended because rowsMax were found.
Result<bool> readStretch(Connection& connection, const DeadLetterFilter& filter,
    const Stretch& stretch, std::vector<DeadLetterRow>& rows)
{
    SqlCondition condition = toCondition(filter);
    condition.add(stretch.isDown ? "d.id < ? AND d.id >= ?" : "d.id > ? AND d.id <= ?");
    condition.values.emplace_back(stretch.after);
    condition.values.emplace_back(stretch.last);
    Statement page = connection.prepare(std::string("SELECT ") + kRowColumns + kRowTables + "WHERE "
        + condition.text + (stretch.isDown ? " ORDER BY d.id DESC LIMIT " : " ORDER BY d.id LIMIT ")
        + std::to_string(stretch.rowsMax));
    condition.bindTo(page);
    if (const Status done = page.exec(); !done)
        return tl::unexpected(done.error());
    int found = 0;
    for (; page.next(); ++found)
        rows.push_back(toRow(page));
    return whole(page, found == stretch.rowsMax);
}

} // namespace

Result<std::unique_ptr<Reader>> Reader::open(const std::string& databasePath)
{
    auto connection = Connection::open({ .path = databasePath, .isReadOnly = true });
    if (!connection)
        return tl::unexpected(connection.error());
    return std::unique_ptr<Reader>(new Reader(std::move(*connection)));
}

Reader::Reader(std::unique_ptr<Connection> connection)
    : m_connection(std::move(connection))
{
}

Reader::~Reader() = default;

// In stretches of ids: a filter that matches little would otherwise read the whole table before
// anybody could change his mind.
Result<DeadLetterPage> Reader::deadLetters(const DeadLetterQuery& query)
{
    const OneMoment moment(*m_connection);
    if (!moment.begun())
        return tl::unexpected(moment.begun().error());
    const int rowsMax = std::clamp(query.rowsMax, 1, kPageRowsMax);
    const auto lastId = m_connection->number("SELECT coalesce(max(id), 0) FROM dead_letter");
    if (!lastId)
        return tl::unexpected(lastId.error());
    const auto waiting = m_connection->number("SELECT coalesce(sum(dead_letters), 0) FROM shard");
    if (!waiting)
        return tl::unexpected(waiting.error());
    DeadLetterPage page { .generation = query.generation, .waitingTotal = *waiting };
    const bool isDown = query.isNewestFirst;
    const bool readsPayloads = !query.filter.text.empty() || !query.filter.payloadPath.empty();
    const std::int64_t step = readsPayloads ? kPayloadsPerStretch : kLettersPerStretch;
    std::int64_t at = query.after ? toInt(*query.after) : isDown ? *lastId + 1 : 0;
    const auto until = std::chrono::steady_clock::now() + kSearchTime;
    for (;;) {
        const Stretch stretch { .after = at,
            .last = isDown ? std::max<std::int64_t>(at - step, 1) : std::min(at + step, *lastId),
            .isDown = isDown,
            .rowsMax = rowsMax - static_cast<int>(std::ssize(page.rows)) };
        const auto isFull = readStretch(*m_connection, query.filter, stretch, page.rows);
        if (!isFull)
            return tl::unexpected(isFull.error());
        at = *isFull ? toInt(page.rows.back().id) : stretch.last;
        if (isDown ? at <= 1 : at >= *lastId)
            break;
        if (*isFull || std::chrono::steady_clock::now() >= until) {
            page.isLast = false;
            page.next = DeadLetterId { at };
            break;
        }
    }
    if (const Status done = query.withResponses ? addResponses(page) : Status {}; !done)
        return tl::unexpected(done.error());
    if (const Status done = query.withPayloads ? addPayloads(page) : Status {}; !done)
        return tl::unexpected(done.error());
    return page;
}

// The first row always gets its own, however long it is, or a page would never end.
Status Reader::addPayloads(DeadLetterPage& page)
{
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < page.rows.size(); ++i) {
        DeadLetterRow& row = page.rows[i];
        Statement& read = m_connection->statement(kPayload);
        if (Status done = read.bind(toInt(row.event)).exec(); !done)
            return done;
        const Finish finish(read);
        if (read.next())
            row.payload = read.blob(0);
        bytes += row.payload.size();
        if (bytes <= kPagePayloadBytes || i == 0)
            continue;
        page.rows.resize(i);
        page.isLast = false;
        page.next = page.rows.back().id;
        break;
    }
    return {};
}

Status Reader::addResponses(DeadLetterPage& page)
{
    for (DeadLetterRow& row : page.rows) {
        Statement& excerpt = m_connection->statement(kExcerpt);
        if (Status done
            = excerpt.bind(std::int64_t { kResponseExcerptBytes }).bind(toInt(row.id)).exec();
            !done)
            return done;
        const Finish finish(excerpt);
        if (excerpt.next())
            row.response = excerpt.blob(0);
    }
    return {};
}

Result<DeadLetterDetail> Reader::deadLetter(DeadLetterId id)
{
    const OneMoment moment(*m_connection);
    if (!moment.begun())
        return tl::unexpected(moment.begun().error());
    Statement find = m_connection->prepare(
        std::string("SELECT ") + kRowColumns + kRowTables + "WHERE d.id = ?");
    if (const Status done = find.bind(toInt(id)).exec(); !done)
        return tl::unexpected(done.error());
    if (!find.next())
        return fail(ErrorCode::NotFound, "there is no dead letter " + std::to_string(toInt(id)));
    DeadLetterDetail detail;
    detail.row = toRow(find);
    detail.encoder = find.text(19);
    detail.record = find.blob(20);
    const auto answer = find.integerOrNull(18);
    const ShardKey shard { find.integer(21) };
    find.finish();
    Statement& payload = m_connection->statement(kPayload);
    if (const Status done = payload.bind(toInt(detail.row.event)).exec(); !done)
        return tl::unexpected(done.error());
    detail.isPayloadGone = !payload.next();
    if (!detail.isPayloadGone)
        detail.payload = payload.blob(0);
    payload.finish();
    if (answer) {
        Statement& read = m_connection->statement(kAnswer);
        if (const Status done = read.bind(*answer).exec(); !done)
            return tl::unexpected(done.error());
        const Finish finish(read);
        if (read.next()) {
            detail.requestHead = read.blob(0);
            detail.response = read.blob(1);
            detail.responseBytes = read.integer(2);
        }
    }
    auto rows = attempts(shard, detail.row.event);
    if (!rows)
        return tl::unexpected(rows.error());
    detail.attempts = std::move(*rows);
    auto accepted = lastAccepted(shard, detail.row.eventName);
    if (!accepted)
        return tl::unexpected(accepted.error());
    detail.lastAccepted = std::move(*accepted);
    return detail;
}

// The log has no order by shard, so the newest of it is walked; an acceptance further back is not
// found, and then there is nothing to compare with.
Result<std::optional<DeadLetterDetail::Accepted>> Reader::lastAccepted(
    ShardKey shard, const std::string& eventName)
{
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
    for (int i = 0; i < kAcceptedStretches; ++i) {
        std::vector<std::int64_t> accepted;
        Statement& log = m_connection->statement(kAcceptedBefore);
        if (const Status done = log.bind(toInt(shard)).bind(before).exec(); !done)
            return tl::unexpected(done.error());
        const std::int64_t from = before;
        while (log.next()) {
            before = log.integer(0);
            if (log.integer(1) != 0)
                accepted.push_back(before);
        }
        if (const Status done = log.end(); !done)
            return tl::unexpected(done.error());
        for (const std::int64_t seq : accepted) {
            Statement& read = m_connection->statement(kPayloadOfName);
            if (const Status done = read.bind(seq).bindText(eventName).exec(); !done)
                return tl::unexpected(done.error());
            const Finish finish(read);
            if (read.next())
                return DeadLetterDetail::Accepted { .eventId = read.text(0),
                    .payload = read.blob(2),
                    .at = fromUnixMicros(read.integer(1)) };
        }
        if (before == from) // the log is at its end
            break;
    }
    return std::optional<DeadLetterDetail::Accepted> {};
}

Result<std::vector<AttemptRow>> Reader::attempts(ShardKey shard, EventSeq seq)
{
    Statement& read = m_connection->statement(kAttempts);
    if (const Status done = read.bind(toInt(seq)).bind(toInt(shard)).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    std::vector<AttemptRow> rows;
    while (read.next()) {
        rows.push_back({ .request = RequestId { read.integer(0) },
            .number = static_cast<int>(read.integer(1)),
            .sentAt = fromUnixMicros(read.integer(2)),
            .endedAt = timeOrNull(read, 3),
            .lane = static_cast<Lane>(read.integer(4)),
            .outcome = static_cast<Outcome>(read.integer(5)),
            .httpStatus = static_cast<int>(read.integer(6)),
            .code = read.text(7),
            .message = read.text(8),
            .batchRecords = static_cast<int>(read.integer(9)) });
    }
    return whole(read, std::move(rows));
}

Result<std::map<ShardKey, std::pair<std::string, std::int64_t>>> Reader::topFingerprints()
{
    Statement& read = m_connection->statement(kTopFingerprints);
    if (const Status done = read.exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    std::map<ShardKey, std::pair<std::string, std::int64_t>> top;
    while (read.next())
        top.try_emplace(ShardKey { read.integer(0) }, read.text(2),
            read.integer(1)); // the first of a shard is its largest
    return whole(read, std::move(top));
}

Result<AuditPage> Reader::audit(const AuditQuery& query)
{
    const int rowsMax = std::clamp(query.rowsMax, 1, kPageRowsMax);
    const SqlCondition condition = toCondition(query.filter, query.before);
    Statement read = m_connection->prepare(std::string(kAuditRows) + condition.text
        + " ORDER BY id DESC LIMIT " + std::to_string(rowsMax + 1));
    condition.bindTo(read);
    if (const Status done = read.exec(); !done)
        return tl::unexpected(done.error());
    AuditPage page { .generation = query.generation };
    while (read.next()) {
        if (std::ssize(page.rows) == rowsMax) {
            page.isLast = false;
            break;
        }
        page.rows.push_back(auditRowOf(read));
    }
    return whole(read, std::move(page));
}

Result<AuditRow> Reader::auditRow(AuditId id)
{
    Statement read = m_connection->prepare(std::string(kAuditRows) + "id = ?");
    if (const Status done = read.bind(toInt(id)).exec(); !done)
        return tl::unexpected(done.error());
    if (!read.next())
        return fail(ErrorCode::NotFound, "there is no such entry in the audit", "entry");
    return auditRowOf(read);
}

Result<std::int64_t> Reader::lettersIn(
    SelectionId selection, DeadLetterState state, const MovedWithin& when, int countMax)
{
    Statement& count = m_connection->statement(kLettersIn);
    count.bind(toInt(selection)).bind(static_cast<std::int64_t>(state));
    count.bind(toUnixMicros(when.from)).bind(toUnixMicros(when.to));
    if (const Status done = count.bind(std::int64_t { countMax }).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(count);
    return count.next() ? count.integer(0) : 0;
}

Result<std::vector<OverrideRow>> Reader::overrides()
{
    Statement& read = m_connection->statement(kOverrides);
    if (const Status done = read.exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    std::vector<OverrideRow> rows;
    while (read.next()) {
        rows.push_back({ { read.text(0), read.text(1) }, read.text(2), read.text(3),
            timeOrNull(read, 4), fromUnixMicros(read.integer(5)), read.text(6) });
    }
    return whole(read, std::move(rows));
}

Result<std::map<std::string, std::string>> Reader::platforms()
{
    Statement& read = m_connection->statement(kPlatforms);
    if (const Status done = read.exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    std::map<std::string, std::string> platforms;
    while (read.next())
        platforms[read.text(0)] = read.text(1);
    return whole(read, std::move(platforms));
}

Result<std::map<std::string, WallTime>> Reader::deferredUntil()
{
    Statement& read = m_connection->statement(kDeferredUntil);
    if (const Status done = read.bind(static_cast<std::int64_t>(Lane::Deferred)).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    std::map<std::string, WallTime> until;
    while (read.next())
        until[read.text(0)] = fromUnixMicros(read.integer(1));
    return whole(read, std::move(until));
}

Result<std::vector<RollupRow>> Reader::rollups(std::int64_t fromMinute, std::int64_t toMinute)
{
    Statement& read = m_connection->statement(kRollups);
    if (const Status done = read.bind(fromMinute).bind(toMinute).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    std::vector<RollupRow> rows;
    while (read.next()) {
        rows.push_back(
            { read.integer(0), ShardKey { read.integer(1) }, static_cast<Metric>(read.integer(2)),
                read.real(3), read.real(4), read.real(5), read.real(6), read.integer(7) });
    }
    return whole(read, std::move(rows));
}

Result<std::vector<DestinationRollup>> Reader::destinationRollups(
    std::int64_t fromMinute, std::int64_t toMinute)
{
    Statement& read = m_connection->statement(kDestinationRollups);
    if (const Status done = read.bind(fromMinute).bind(toMinute).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    std::vector<DestinationRollup> rows;
    while (read.next()) {
        rows.push_back({ read.text(1),
            { .minute = read.integer(0),
                .metric = static_cast<Metric>(read.integer(2)),
                .low = read.real(3),
                .high = read.real(4),
                .last = read.real(5),
                .sum = read.real(6),
                .samples = read.integer(7) } });
    }
    return whole(read, std::move(rows));
}

} // namespace engine::store

#include "store/reader.h"

#include "store/connection.h"
#include "store/dead_letter_filter.h"

namespace engine::store {
namespace {

constexpr int kPageRowsMax = 1'000;
constexpr int kGroupsMax = 500;
constexpr int kResponseExcerptBytes = 4'096;

const char* const kRowColumns
    = "d.id, d.seq, d.event_id, s.destination, s.account, d.name, d.outcome, d.http_status, "
      "d.code, "
      "d.message, d.attempts, d.first_seen_us, d.last_failed_us, d.event_time_us, d.expires_us, "
      "d.payload_bytes, f.text, d.state, d.answer, d.encoder, d.record, d.shard";
const char* const kRowTables = " FROM dead_letter d JOIN shard s ON s.id = d.shard JOIN "
                               "fingerprint f ON f.id = d.fingerprint ";

const Sql kExcerpt { "SELECT substr(response, 1, ?) FROM answer WHERE id = ?" };
const Sql kAnswer { "SELECT head, response, response_bytes FROM answer WHERE id = ?" };
const Sql kPayload { "SELECT payload FROM event WHERE seq = ?" };
const Sql kAttempts { "SELECT a.request, a.number, r.sent_at_us, r.ended_at_us, a.lane, a.outcome, "
                      "r.http_status, a.code, a.message, "
                      "r.records FROM attempt a LEFT JOIN request r ON r.id = a.request WHERE "
                      "a.seq = ? AND a.shard = ? "
                      "ORDER BY a.request DESC LIMIT 200" };
const Sql kTopFingerprints { "SELECT p.shard, p.entries, f.text FROM fingerprint_shard p JOIN "
                             "fingerprint f ON f.id = p.fingerprint "
                             "WHERE p.entries > 0 ORDER BY p.shard, p.entries DESC" };
const Sql kOverrides { "SELECT destination, account, name, value, until_us, set_at_us, who FROM "
                       "override ORDER BY destination, account, name" };
const Sql kRollups { "SELECT minute, shard, metric, low, high, last, sum, samples FROM rollup "
                     "WHERE minute >= ? AND minute < ? ORDER BY minute" };
const Sql kWaitingTotal { "SELECT coalesce(sum(dead_letters), 0) FROM shard" };

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

std::optional<WallTime> timeOrNull(const Statement& row, int column)
{
    const auto us = row.integerOrNull(column);
    return us ? std::optional(fromUnixMicros(*us)) : std::nullopt;
}

bool isPlainScope(const DeadLetterFilter& filter)
{
    DeadLetterFilter rest = filter;
    rest.destinations.clear();
    rest.shards.clear();
    return rest == DeadLetterFilter {};
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

Result<DeadLetterPage> Reader::deadLetters(const DeadLetterQuery& query)
{
    const int rowsMax = std::clamp(query.rowsMax, 1, kPageRowsMax);
    SqlCondition condition = toCondition(query.filter);
    if (query.after) {
        condition.add(query.isNewestFirst ? "d.id < ?" : "d.id > ?");
        condition.values.emplace_back(toInt(*query.after));
    }
    Statement page = m_connection->prepare(std::string("SELECT ") + kRowColumns + kRowTables
        + "WHERE " + condition.text
        + (query.isNewestFirst ? " ORDER BY d.id DESC LIMIT " : " ORDER BY d.id LIMIT ")
        + std::to_string(rowsMax + 1));
    condition.bindTo(page);
    if (const Status done = page.exec(); !done)
        return tl::unexpected(done.error());
    DeadLetterPage result { .generation = query.generation };
    std::vector<std::optional<std::int64_t>> answers;
    while (page.next()) {
        if (std::ssize(result.rows) == rowsMax) { // the one row more that was asked for
            result.isLast = false;
            break;
        }
        result.rows.push_back(toRow(page));
        answers.push_back(page.integerOrNull(18));
    }
    page.finish();
    for (std::size_t i = 0; query.withResponses && i < result.rows.size(); ++i) {
        if (!answers[i])
            continue;
        Statement& excerpt = m_connection->statement(kExcerpt);
        if (const Status done
            = excerpt.bind(std::int64_t { kResponseExcerptBytes }).bind(*answers[i]).exec();
            !done)
            return tl::unexpected(done.error());
        const Finish finish(excerpt);
        if (excerpt.next())
            result.rows[i].response = excerpt.blob(0);
    }
    Statement& total = m_connection->statement(kWaitingTotal);
    if (const Status done = total.exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(total);
    result.waitingTotal = total.next() ? total.integer(0) : 0;
    return result;
}

Result<DeadLetterDetail> Reader::deadLetter(DeadLetterId id)
{
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
    return detail;
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
    return rows;
}

Result<std::vector<DeadLetterGroup>> Reader::groups(const DeadLetterFilter& filter)
{
    const bool isPlain = isPlainScope(filter); // then the maintained counters answer
    const SqlCondition condition
        = isPlain ? shardCondition(filter, "p.shard") : toCondition(filter);
    const std::string source = isPlain
        ? "SELECT f.text, sum(p.entries), min(p.first_us), max(p.last_us), count(*) FROM "
          "fingerprint_shard p "
          "JOIN fingerprint f ON f.id = p.fingerprint WHERE p.entries > 0 AND "
        : "SELECT f.text, count(*), min(d.first_seen_us), max(d.last_failed_us), count(DISTINCT "
          "d.shard) FROM dead_letter d "
          "JOIN fingerprint f ON f.id = d.fingerprint WHERE ";
    Statement read = m_connection->prepare(source + condition.text
        + " GROUP BY f.id ORDER BY 2 DESC LIMIT " + std::to_string(kGroupsMax));
    condition.bindTo(read);
    if (const Status done = read.exec(); !done)
        return tl::unexpected(done.error());
    std::vector<DeadLetterGroup> groups;
    while (read.next()) {
        groups.push_back({ read.text(0), read.integer(1), fromUnixMicros(read.integer(2)),
            fromUnixMicros(read.integer(3)), static_cast<int>(read.integer(4)) });
    }
    return groups;
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
    return top;
}

Result<AuditPage> Reader::audit(const AuditQuery& query)
{
    const int rowsMax = std::clamp(query.rowsMax, 1, kPageRowsMax);
    Statement read = m_connection->prepare(
        std::string(
            "SELECT id, at_us, who, action, target, before, after, reason, result FROM audit ")
        + (query.before ? "WHERE id < ? " : "") + "ORDER BY id DESC LIMIT "
        + std::to_string(rowsMax + 1));
    if (query.before)
        read.bind(toInt(*query.before));
    if (const Status done = read.exec(); !done)
        return tl::unexpected(done.error());
    AuditPage page { .generation = query.generation };
    while (read.next()) {
        if (std::ssize(page.rows) == rowsMax) {
            page.isLast = false;
            break;
        }
        page.rows.push_back({ AuditId { read.integer(0) }, fromUnixMicros(read.integer(1)),
            read.text(2), read.text(3), read.text(4), read.text(5), read.text(6), read.text(7),
            read.text(8) });
    }
    return page;
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
    return rows;
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
    return rows;
}

} // namespace engine::store

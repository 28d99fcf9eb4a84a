#include "store/outcomes.h"

#include "store/codec.h"
#include "store/dead_letters.h"
#include "store/event_rows.h"
#include "store/hot_sql.h"
#include "store/pace_rows.h"

#include <array>
#include <span>

namespace engine::store {
namespace {

const Sql kMark { "INSERT INTO request(id, shard, sent_at_us, records, host, items) "
                  "VALUES (?, ?, ?, ?, ?, ?)" };
const Sql kEnd { "UPDATE request SET ended_at_us = ?, http_status = ?, outcome = ?, "
                 "latency_us = ?, answer = ?, encoder = ?, items = NULL WHERE id = ?" };
const Sql kAnswer { "INSERT INTO answer(head, response, response_bytes) VALUES (?, ?, ?) "
                    "RETURNING id" };
const Sql kKept { "SELECT expires_us, first_sent_us, person FROM delivery "
                  "WHERE shard = ? AND lane = ? AND rank_us = ? AND seq = ?" };
const Sql kPersonAccepted { "INSERT INTO person_accepted(shard, person, seq) VALUES (?, ?, ?) "
                            "ON CONFLICT(shard, person) DO UPDATE SET seq = excluded.seq "
                            "WHERE excluded.seq > person_accepted.seq" };
const Sql kToRetry { "UPDATE delivery SET lane = 1, rank_us = ?, due_us = ?, attempts = ?, "
                     "picked_up = 1, first_sent_us = coalesce(first_sent_us, ?) "
                     "WHERE shard = ? AND lane = ? AND rank_us = ? AND seq = ?" };
const Sql kSkipFed { "UPDATE replay_job SET fed = fed - 1, skipped = skipped + 1 WHERE id = ?" };
const Sql kBack { "UPDATE delivery SET attempts = ?, picked_up = 1, "
                  "first_sent_us = coalesce(first_sent_us, ?) "
                  "WHERE shard = ? AND lane = ? AND rank_us = ? AND seq = ?" };
const Sql kDeleteOne { "DELETE FROM delivery "
                       "WHERE shard = ? AND lane = ? AND rank_us = ? AND seq = ?" };
// An outcome that is recorded again says the same or more. WHERE true: without it SQLite takes ON
// for a join.
const RowsSql kAttempts { "INSERT INTO attempt(seq, shard, request, lane, number, outcome) "
                          "SELECT column1, ?, ?, ?, ?, 0 FROM (VALUES ",
    "(?)",
    ") WHERE true ON CONFLICT(seq, shard, request) DO UPDATE SET lane = excluded.lane, "
    "number = excluded.number, outcome = excluded.outcome, code = NULL, message = NULL" };
const Sql kAttempt { "INSERT INTO attempt(seq, shard, request, lane, number, outcome, code, "
                     "message) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                     "ON CONFLICT(seq, shard, request) DO UPDATE SET lane = excluded.lane, "
                     "number = excluded.number, outcome = excluded.outcome, "
                     "code = excluded.code, message = excluded.message" };

constexpr std::size_t kMessageBytesMax = 512;
constexpr std::size_t kRecordBytesMax = 65'536;
constexpr std::size_t kResponseBytesMax = 65'536;

// At most `bytes`, without cutting a UTF-8 character in two.
std::string_view cut(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes)
        return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U)
        --bytes;
    return text.substr(0, bytes);
}

// One answer being written.
class Recording {
public:
    Recording(WriteTransaction& transaction, const RequestResult& result)
        : m_transaction(transaction)
        , m_result(result)
    {
    }

    [[nodiscard]] Status run();

private:
    [[nodiscard]] Status keepAnswer();
    [[nodiscard]] Status endRequest();
    [[nodiscard]] Status item(const ItemResult& item);
    [[nodiscard]] Status done(const ItemResult& item);
    [[nodiscard]] Status toRetry(const ItemResult& item);
    void bindFirstSent(Statement& statement, const ItemResult& item) const;
    [[nodiscard]] Status back(const ItemResult& item);
    [[nodiscard]] Status dead(const ItemResult& item);
    [[nodiscard]] Status superseded(const ItemResult& item);
    [[nodiscard]] Status attempt(const ItemResult& item);
    [[nodiscard]] Status finishDone();
    [[nodiscard]] Status deleteDone(Lane lane, std::span<const DeliveryKey> keys);
    [[nodiscard]] Status logDone(Lane lane, int attempts, std::span<const DeliveryKey> keys);
    [[nodiscard]] bool wasSent() const { return m_result.request != RequestId {}; }

    WriteTransaction& m_transaction;
    const RequestResult& m_result;
    std::optional<std::int64_t> m_answer {};
    // Accepted deliveries go in bulk: by lane, which the delete and the counters need, and by
    // attempt number.
    std::map<std::pair<Lane, int>, std::vector<DeliveryKey>> m_done {};
};

Status Recording::run()
{
    if (Status done = keepAnswer(); !done)
        return done;
    if (wasSent()) {
        if (Status done = endRequest(); !done)
            return done;
    }
    for (const ItemResult& each : m_result.items) {
        if (Status done = item(each); !done)
            return done;
    }
    for (const PaceRecord& each : m_result.pace) {
        if (Status done = keepPace(m_transaction, each); !done)
            return done;
    }
    return finishDone();
}

Status Recording::keepAnswer()
{
    if (m_result.requestHead.empty() && m_result.response.empty())
        return {};
    Statement& statement = m_transaction.connection().statement(kAnswer);
    statement.bindBlob(m_result.requestHead);
    statement.bindBlob(std::string_view(m_result.response).substr(0, kResponseBytesMax));
    const auto bytes = static_cast<std::int64_t>(m_result.response.size());
    if (Status done = statement.bind(std::max(m_result.responseBytes, bytes)).exec(); !done)
        return done;
    const Finish finish(statement);
    if (statement.next())
        m_answer = statement.integer(0);
    return {};
}

Status Recording::endRequest()
{
    Statement& statement = m_transaction.connection().statement(kEnd);
    statement.bind(toUnixMicros(m_result.endedAt)).bind(m_result.httpStatus);
    statement.bind(static_cast<std::int64_t>(m_result.outcome)).bind(m_result.latency.count());
    statement.bind(m_answer).bindTextOrNull(m_result.encoder);
    return statement.bind(toInt(m_result.request)).exec();
}

Status Recording::item(const ItemResult& item)
{
    switch (item.next) {
    case Next::Done:
        return done(item);
    case Next::Retry:
    case Next::BackRetry:
        return toRetry(item);
    case Next::Back:
        return back(item);
    case Next::Dead:
        return dead(item);
    case Next::Superseded:
        return superseded(item);
    }
    return {};
}

Status Recording::done(const ItemResult& item)
{
    m_done[{ item.key.lane, item.attempts }].push_back(item.key);
    if (!item.personKey.empty()) {
        Statement& person = m_transaction.connection().statement(kPersonAccepted);
        person.bind(toInt(m_result.shard)).bind(hashOfId(item.personKey));
        if (Status kept = person.bind(toInt(item.key.seq)).exec(); !kept)
            return kept;
    }
    if (!item.job)
        return {};
    ++m_transaction.changes().jobs[*item.job].accepted;
    const auto moved
        = moveDeadLetter(m_transaction, m_result.shard, item.key.seq, DeadLetterState::Replayed);
    return moved ? Status {} : Status(tl::unexpected(moved.error()));
}

Status Recording::toRetry(const ItemResult& item)
{
    Statement& statement = m_transaction.connection().statement(kToRetry);
    const std::int64_t dueUs = toUnixMicros(item.dueAt);
    statement.bind(dueUs).bind(dueUs).bind(item.attempts);
    bindFirstSent(statement, item);
    bindKey(statement, m_result.shard, item.key);
    if (Status done = statement.exec(); !done)
        return done;
    if (statement.affected() == 1) {
        m_transaction.countLane(m_result.shard, item.key.lane, -1);
        m_transaction.countLane(m_result.shard, Lane::Retry, 1);
    }
    return attempt(item);
}

// Only a send that the platform may have processed starts the clock of its dedup window.
void Recording::bindFirstSent(Statement& statement, const ItemResult& item) const
{
    if (item.outcome == Outcome::Unknown)
        statement.bind(toUnixMicros(m_result.sentAt));
    else
        statement.bindNull();
}

Status Recording::back(const ItemResult& item)
{
    if (!wasSent())
        return {};
    Statement& statement = m_transaction.connection().statement(kBack);
    statement.bind(item.attempts);
    bindFirstSent(statement, item);
    bindKey(statement, m_result.shard, item.key);
    if (Status done = statement.exec(); !done)
        return done;
    return attempt(item);
}

Status Recording::dead(const ItemResult& item)
{
    Statement& find = m_transaction.connection().statement(kKept);
    bindKey(find, m_result.shard, item.key);
    if (Status done = find.exec(); !done)
        return done;
    const bool isThere = find.next();
    const auto expiresUs = isThere ? find.integerOrNull(0) : std::nullopt;
    auto firstSentUs = isThere ? find.integerOrNull(1) : std::nullopt;
    const auto person = isThere ? find.integerOrNull(2) : std::nullopt;
    find.finish();
    if (!isThere)
        return attempt(item);

    NewDeadLetter letter;
    letter.shard = m_result.shard;
    letter.seq = item.key.seq;
    letter.outcome = item.outcome;
    letter.httpStatus = m_result.httpStatus;
    letter.code = item.code;
    letter.message = cut(item.message, kMessageBytesMax);
    letter.answer = m_answer;
    letter.record = std::string_view(item.record).substr(0, kRecordBytesMax);
    letter.encoder = m_result.encoder;
    letter.attempts = item.attempts;
    letter.failedAt = m_result.endedAt;
    letter.expiresUs = expiresUs;
    if (!firstSentUs && wasSent() && item.outcome == Outcome::Unknown)
        firstSentUs = toUnixMicros(m_result.sentAt);
    letter.firstSentUs = firstSentUs;
    letter.person = person;
    letter.fingerprint = item.fingerprint;
    letter.job = item.job;
    if (Status done = putDeadLetter(m_transaction, letter); !done)
        return done;
    if (item.job)
        ++m_transaction.changes().jobs[*item.job].failed;

    Statement& remove = m_transaction.connection().statement(kDeleteOne);
    bindKey(remove, m_result.shard, item.key);
    if (Status done = remove.exec(); !done)
        return done;
    m_transaction.countLane(m_result.shard, item.key.lane, -remove.affected());
    return attempt(item);
}

// As if the job had never put it into its lane.
Status Recording::superseded(const ItemResult& item)
{
    if (Status done = deleteDone(item.key.lane, std::span(&item.key, 1)); !done)
        return done;
    if (item.job) {
        Statement& skip = m_transaction.connection().statement(kSkipFed);
        if (Status done = skip.bind(toInt(*item.job)).exec(); !done)
            return done;
    }
    return letWaitAgain(m_transaction, m_result.shard, item.key.seq);
}

// Refused before sending is no attempt: there was no request.
Status Recording::attempt(const ItemResult& item)
{
    if (!wasSent())
        return {};
    const bool isGivenBack = item.next == Next::Back || item.next == Next::BackRetry;
    Statement& statement = m_transaction.connection().statement(kAttempt);
    statement.bind(toInt(item.key.seq)).bind(toInt(m_result.shard)).bind(toInt(m_result.request));
    statement.bind(static_cast<std::int64_t>(item.key.lane)).bind(isGivenBack ? 0 : item.attempts);
    statement.bind(static_cast<std::int64_t>(item.outcome)).bindTextOrNull(item.code);
    return statement.bindTextOrNull(cut(item.message, kMessageBytesMax)).exec();
}

Status Recording::finishDone()
{
    if (m_done.empty())
        return {};
    for (const auto& [where, keys] : m_done) {
        if (Status done = deleteDone(where.first, keys); !done)
            return done;
        if (Status done = logDone(where.first, where.second, keys); !done)
            return done;
    }
    std::int64_t& last = m_transaction.changes().lastSuccessUs[m_result.shard];
    last = std::max(last, toUnixMicros(m_result.endedAt));
    return {};
}

Status Recording::deleteDone(Lane lane, std::span<const DeliveryKey> keys)
{
    Connection& connection = m_transaction.connection();
    for (std::size_t at = 0; at < keys.size();) {
        const std::size_t rows = RowsSql::chunk(keys.size() - at);
        Statement& statement = rows == 1 ? connection.statement(kDeleteOne)
                                         : connection.statement(kDelete.forRows(rows));
        statement.bind(toInt(m_result.shard)).bind(static_cast<std::int64_t>(lane));
        for (const DeliveryKey& key : keys.subspan(at, rows))
            statement.bind(key.rank).bind(toInt(key.seq));
        if (Status done = statement.exec(); !done)
            return done;
        m_transaction.countLane(m_result.shard, lane, -statement.affected());
        at += rows;
    }
    return {};
}

Status Recording::logDone(Lane lane, int attempts, std::span<const DeliveryKey> keys)
{
    for (std::size_t at = 0; at < keys.size();) {
        const std::size_t rows = RowsSql::chunk(keys.size() - at);
        Statement& statement = m_transaction.connection().statement(kAttempts.forRows(rows));
        statement.bind(toInt(m_result.shard)).bind(toInt(m_result.request));
        statement.bind(static_cast<std::int64_t>(lane)).bind(attempts);
        for (const DeliveryKey& key : keys.subspan(at, rows))
            statement.bind(toInt(key.seq));
        if (Status done = statement.exec(); !done)
            return done;
        at += rows;
    }
    return {};
}

} // namespace

Status markDispatched(WriteTransaction& transaction, const DispatchMark& mark)
{
    const std::string items = encodeKeys(mark.items);
    Statement& statement = transaction.connection().statement(kMark);
    statement.bind(toInt(mark.request)).bind(toInt(mark.shard)).bind(toUnixMicros(mark.at));
    statement.bind(static_cast<std::int64_t>(mark.items.size())).bindText(mark.host);
    return statement.bindBlob(items).exec();
}

Status recordResult(WriteTransaction& transaction, const RequestResult& result)
{
    return Recording(transaction, result).run();
}

} // namespace engine::store

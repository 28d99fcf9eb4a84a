#include "store/connection.h"
#include "store/reader.h"

namespace engine::store {
namespace {

const Sql kSelection { "SELECT frozen_at_us, per_second FROM selection WHERE id = ?" };
const Sql kNewSince { "SELECT count(*) FROM (SELECT 1 FROM dead_letter d WHERE d.id > (SELECT "
                      "last_letter FROM selection WHERE id = ?) AND d.shard IN (SELECT s.id FROM "
                      "shard s WHERE s.destination = ? AND s.account = ?) LIMIT ?)" };
const Sql kVerdicts { "SELECT s.destination, s.account, i.verdict, count(*), min(i.event_time_us), "
                      "max(i.expires_us IS NOT NULL) "
                      "FROM selection_item i "
                      "JOIN shard s ON s.id = i.shard WHERE i.selection = ? GROUP BY i.shard, "
                      "i.verdict ORDER BY s.destination, s.account" };
// The latest, and every job that has not ended, however old: those must be fed to their end.
const Sql kJobs { "SELECT j.id, j.selection, j.title, j.who, j.created_at_us, j.ended_at_us, "
                  "j.state, j.reason, j.per_second, "
                  "j.share_percent, j.is_ramped, j.include_unknown, j.include_same_error, j.total, "
                  "j.fed, j.skipped, "
                  "coalesce(p.accepted, 0), coalesce(p.failed, 0), j.is_all_fed, "
                  "coalesce(p.same_error, 0), j.taken_back, j.error_stop, j.throttle_hold, "
                  "j.lag_hold_s FROM replay_job j "
                  "LEFT JOIN job_progress p ON p.job = j.id WHERE j.state IN (0, 1, 4) OR j.id IN "
                  "(SELECT id FROM replay_job ORDER BY id DESC LIMIT ?) ORDER BY j.id DESC" };
const Sql kJobEvents { "SELECT job, at_us, text FROM replay_job_event WHERE job IN (SELECT id FROM "
                       "replay_job ORDER BY id DESC LIMIT ?) ORDER BY id DESC" };
const Sql kOldEvents { "SELECT seq, received_at_us FROM event WHERE seq > ? ORDER BY seq LIMIT ?" };
const Sql kIsKept { "SELECT EXISTS (SELECT 1 FROM dead_letter WHERE seq = ? AND state IN (0, 1)) "
                    "OR EXISTS (SELECT 1 FROM attempt a JOIN request r ON r.id = a.request WHERE "
                    "a.seq = ? AND r.ended_at_us >= ?)" };
// Walks the whole table, in the reader's thread: retention looks at many events at a time.
const Sql kWaitingBelow {
    "SELECT DISTINCT seq FROM delivery WHERE seq > ? AND seq <= ? ORDER BY seq"
};

// The whole and the shard have the same parts.
template <class Parts>
void count(Parts& parts, Verdict verdict, std::int64_t entries)
{
    parts.matched += entries;
    switch (verdict) {
    case Verdict::WillSend:
        parts.willSend += entries;
        return;
    case Verdict::AlreadyAccepted:
        parts.alreadyAccepted += entries;
        return;
    case Verdict::Superseded:
        parts.superseded += entries;
        return;
    case Verdict::PayloadGone:
        parts.payloadGone += entries;
        return;
    case Verdict::TooOld:
        parts.tooOld += entries;
        return;
    case Verdict::SameError:
        parts.sameError += entries;
        return;
    case Verdict::OutcomeUnknown:
        parts.outcomeUnknown += entries;
        return;
    }
}

} // namespace

Result<ReplayPreview> Reader::preview(SelectionId selection)
{
    const OneMoment moment(*m_connection);
    if (!moment.begun())
        return tl::unexpected(moment.begun().error());
    Statement& find = m_connection->statement(kSelection);
    if (const Status done = find.bind(toInt(selection)).exec(); !done)
        return tl::unexpected(done.error());
    if (!find.next()) {
        find.finish();
        return fail(ErrorCode::NotFound,
            "selection " + std::to_string(toInt(selection)) + " has expired; preview again");
    }
    ReplayPreview preview { .selection = selection, .frozenAt = fromUnixMicros(find.integer(0)) };
    preview.perSecond = find.real(1);
    find.finish();
    Statement& read = m_connection->statement(kVerdicts);
    if (const Status done = read.bind(toInt(selection)).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    while (read.next()) {
        const ShardId shard { read.text(0), read.text(1) };
        if (preview.shards.empty() || preview.shards.back().shard != shard)
            preview.shards.push_back({ .shard = shard });
        auto& entry = preview.shards.back();
        const auto verdict = static_cast<Verdict>(read.integer(2));
        count(preview, verdict, read.integer(3));
        count(entry, verdict, read.integer(3));
        preview.hasExpiry = preview.hasExpiry || read.integer(5) != 0;
        const WallTime oldest = fromUnixMicros(read.integer(4));
        entry.oldestEvent = entry.oldestEvent ? std::min(*entry.oldestEvent, oldest) : oldest;
    }
    return whole(read, std::move(preview));
}

Result<std::int64_t> Reader::newSince(
    SelectionId selection, const std::vector<ShardId>& shards, int countMax)
{
    const OneMoment moment(*m_connection);
    if (!moment.begun())
        return tl::unexpected(moment.begun().error());
    std::int64_t sum = 0;
    for (const ShardId& shard : shards) {
        Statement& read = m_connection->statement(kNewSince);
        read.bind(toInt(selection)).bindText(shard.destination).bindText(shard.account);
        if (const Status done = read.bind(countMax - sum).exec(); !done)
            return tl::unexpected(done.error());
        const Finish finish(read);
        sum += read.next() ? read.integer(0) : 0;
        if (sum >= countMax)
            break;
    }
    return sum;
}

Result<std::vector<ReplayJobRow>> Reader::jobs(int rowsMax)
{
    Statement& read = m_connection->statement(kJobs);
    if (const Status done = read.bind(std::int64_t { rowsMax }).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    std::vector<ReplayJobRow> rows;
    while (read.next()) {
        ReplayJobRow row;
        row.id = ReplayJobId { read.integer(0) };
        row.selection = SelectionId { read.integer(1) };
        row.title = read.text(2);
        row.who = read.text(3);
        row.createdAt = fromUnixMicros(read.integer(4));
        if (const auto ended = read.integerOrNull(5))
            row.endedAt = fromUnixMicros(*ended);
        row.state = static_cast<JobState>(read.integer(6));
        row.reason = read.text(7);
        if (const double perSecond = read.real(8); perSecond > 0)
            row.perSecond = perSecond;
        row.sharePercent = read.real(9);
        row.isRamped = read.integer(10) != 0;
        row.includeUnknown = read.integer(11) != 0;
        row.includeSameError = read.integer(12) != 0;
        row.total = read.integer(13);
        row.fed = read.integer(14);
        row.skipped = read.integer(15);
        row.accepted = read.integer(16);
        row.failed = read.integer(17);
        row.isAllFed = read.integer(18) != 0;
        row.sameError = read.integer(19);
        row.takenBack = read.integer(20);
        row.guards = { .errorStop = read.real(21),
            .throttleHold = read.real(22),
            .liveLagHold = Seconds { read.integer(23) } };
        rows.push_back(std::move(row));
    }
    return whole(read, std::move(rows));
}

Result<std::map<ReplayJobId, std::vector<ReplayJobEvent>>> Reader::jobLogs(
    int jobsMax, int linesMax)
{
    Statement& read = m_connection->statement(kJobEvents);
    if (const Status done = read.bind(std::int64_t { jobsMax }).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    std::map<ReplayJobId, std::vector<ReplayJobEvent>> logs;
    while (read.next()) {
        auto& log = logs[ReplayJobId { read.integer(0) }];
        if (std::ssize(log) < linesMax)
            log.push_back({ fromUnixMicros(read.integer(1)), read.text(2) });
    }
    return whole(read, std::move(logs));
}

Result<std::int64_t> Reader::usedBytes()
{
    const OneMoment moment(*m_connection);
    if (!moment.begun())
        return tl::unexpected(moment.begun().error());
    std::int64_t pages = 0;
    for (const char* sql : { "PRAGMA page_count", "PRAGMA freelist_count" }) {
        const auto count = m_connection->number(sql);
        if (!count)
            return tl::unexpected(count.error());
        pages = pages == 0 ? *count : pages - *count;
    }
    const auto bytes = m_connection->number("PRAGMA page_size");
    return bytes ? Result<std::int64_t>(pages * *bytes) : bytes;
}

Result<Reader::Removable> Reader::removable(WallTime before, EventSeq after, int rowsMax)
{
    const OneMoment moment(*m_connection);
    if (!moment.begun())
        return tl::unexpected(moment.begun().error());
    Statement& old = m_connection->statement(kOldEvents);
    if (const Status done = old.bind(toInt(after)).bind(std::int64_t { rowsMax }).exec(); !done)
        return tl::unexpected(done.error());
    std::vector<std::int64_t> candidates;
    Removable result;
    // Acceptance order is time order but for a clock that was set back; then an event waits for the
    // next pass.
    while (old.next() && old.integer(1) < toUnixMicros(before))
        candidates.push_back(old.integer(0));
    if (const Status done = old.end(); !done)
        return tl::unexpected(done.error());
    if (candidates.empty())
        return result;
    result.lookedTo = EventSeq { candidates.back() };
    std::vector<std::int64_t> waiting;
    Statement& below = m_connection->statement(kWaitingBelow);
    if (const Status done = below.bind(toInt(after)).bind(candidates.back()).exec(); !done)
        return tl::unexpected(done.error());
    while (below.next())
        waiting.push_back(below.integer(0));
    if (const Status done = below.end(); !done)
        return tl::unexpected(done.error());
    for (const std::int64_t seq : candidates) {
        if (std::binary_search(waiting.begin(), waiting.end(), seq))
            continue;
        Statement& kept = m_connection->statement(kIsKept);
        if (const Status done = kept.bind(seq).bind(seq).bind(toUnixMicros(before)).exec(); !done)
            return tl::unexpected(done.error());
        const Finish finish(kept);
        if (kept.next() && kept.integer(0) == 0)
            result.events.push_back(EventSeq { seq });
    }
    return result;
}

} // namespace engine::store

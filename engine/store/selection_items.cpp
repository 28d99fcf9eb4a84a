// What stands in a selection, to be looked at before it is sent.
#include "store/connection.h"
#include "store/event_rows.h"
#include "store/reader.h"

#include <algorithm>
#include <set>

namespace engine::store {
namespace {

constexpr int kItemsMax = 1'000;
constexpr int kLookedAtForSamples = 2'000; // a hundredth of a second

const Sql kItems { "SELECT s.destination, s.account, coalesce(e.event_id, d.event_id, ''), "
                   "coalesce(e.name, d.name, ''), i.event_time_us, i.dead_letter, i.expires_us, "
                   "coalesce(d.message, '') FROM selection_item i JOIN shard s ON s.id = i.shard "
                   "LEFT JOIN event e ON e.seq = i.seq LEFT JOIN dead_letter d ON d.id = "
                   "i.dead_letter WHERE i.selection = ? AND i.verdict = ? "
                   "ORDER BY i.event_time_us, i.shard, i.seq LIMIT ?" };
const Sql kExists { "SELECT 1 FROM selection WHERE id = ?" };
const Sql kCandidates { "SELECT i.seq, i.shard, i.dead_letter, coalesce(d.fingerprint, 0) FROM "
                        "selection_item i LEFT JOIN dead_letter d ON d.id = i.dead_letter WHERE "
                        "i.selection = ? AND i.verdict = 0 "
                        "ORDER BY i.event_time_us, i.shard, i.seq LIMIT ?" };
const Sql kShard { "SELECT destination, account FROM shard WHERE id = ?" };
const Sql kSent { "SELECT record, encoder FROM dead_letter WHERE id = ?" };

struct Candidate {
    std::int64_t seq { 0 };
    std::int64_t shard { 0 };
    std::optional<std::int64_t> letter {};
    std::int64_t cause { 0 };
};

Status checkKept(Connection& connection, SelectionId selection)
{
    Statement& read = connection.statement(kExists);
    if (Status done = read.bind(toInt(selection)).exec(); !done)
        return done;
    const Finish finish(read);
    if (!read.next())
        return fail(ErrorCode::NotFound,
            "selection " + std::to_string(toInt(selection)) + " has expired; preview again");
    return {};
}

// Those that differ in shard or cause first: three of one kind would tell what one tells.
std::vector<Candidate> choose(const std::vector<Candidate>& all, int rowsMax)
{
    std::set<std::pair<std::int64_t, std::int64_t>> kinds;
    std::vector<Candidate> chosen;
    std::vector<Candidate> rest;
    for (const Candidate& each : all)
        (kinds.emplace(each.shard, each.cause).second ? chosen : rest).push_back(each);
    chosen.insert(chosen.end(), rest.begin(), rest.end());
    chosen.resize(std::min(chosen.size(), static_cast<std::size_t>(rowsMax)));
    return chosen;
}

Result<SampleRow> toSample(Connection& connection, const Candidate& candidate)
{
    SampleRow row;
    Statement& shard = connection.statement(kShard);
    if (const Status done = shard.bind(candidate.shard).exec(); !done)
        return tl::unexpected(done.error());
    if (shard.next())
        row.shard = { shard.text(0), shard.text(1) };
    shard.finish();
    if (candidate.letter) {
        Statement& sent = connection.statement(kSent);
        if (const Status done = sent.bind(*candidate.letter).exec(); !done)
            return tl::unexpected(done.error());
        const Finish finish(sent);
        if (sent.next()) {
            row.record = sent.blob(0);
            row.encoder = sent.text(1);
        }
    }
    auto event = readEvent(connection, EventSeq { candidate.seq });
    if (!event)
        return tl::unexpected(event.error());
    row.event = std::move(*event);
    return row;
}

} // namespace

Result<SelectionItemsPage> Reader::selectionItems(const SelectionItemsQuery& query)
{
    const OneMoment moment(*m_connection);
    if (!moment.begun())
        return tl::unexpected(moment.begun().error());
    if (const Status done = checkKept(*m_connection, query.selection); !done)
        return tl::unexpected(done.error());
    const int rowsMax = std::clamp(query.rowsMax, 1, kItemsMax);
    Statement& read = m_connection->statement(kItems);
    read.bind(toInt(query.selection)).bind(static_cast<std::int64_t>(query.part));
    if (const Status done = read.bind(std::int64_t { rowsMax } + 1).exec(); !done)
        return tl::unexpected(done.error());
    const Finish finish(read);
    SelectionItemsPage page;
    while (read.next()) {
        if (std::ssize(page.items) == rowsMax) {
            page.isLast = false;
            break;
        }
        SelectionItem item { .shard = { read.text(0), read.text(1) },
            .eventId = read.text(2),
            .eventName = read.text(3),
            .eventTime = fromUnixMicros(read.integer(4)) };
        if (const auto letter = read.integerOrNull(5))
            item.deadLetter = DeadLetterId { *letter };
        item.expires = timeOrNull(read, 6);
        item.message = read.text(7);
        page.items.push_back(std::move(item));
    }
    return whole(read, std::move(page));
}

Result<std::vector<SampleRow>> Reader::samples(SelectionId selection, int rowsMax)
{
    const OneMoment moment(*m_connection);
    if (!moment.begun())
        return tl::unexpected(moment.begun().error());
    if (const Status done = checkKept(*m_connection, selection); !done)
        return tl::unexpected(done.error());
    Statement& read = m_connection->statement(kCandidates);
    if (const Status done
        = read.bind(toInt(selection)).bind(std::int64_t { kLookedAtForSamples }).exec();
        !done)
        return tl::unexpected(done.error());
    std::vector<Candidate> candidates;
    while (read.next())
        candidates.push_back(
            { read.integer(0), read.integer(1), read.integerOrNull(2), read.integer(3) });
    if (const Status done = read.end(); !done)
        return tl::unexpected(done.error());
    std::vector<SampleRow> rows;
    for (const Candidate& candidate : choose(candidates, rowsMax)) {
        auto row = toSample(*m_connection, candidate);
        if (!row)
            return tl::unexpected(row.error());
        if (row->event) // else retention was quicker
            rows.push_back(std::move(*row));
    }
    return rows;
}

} // namespace engine::store

// Requests of a shard in a range of time.
#include "store/connection.h"
#include "store/reader.h"

#include <algorithm>

namespace engine::store {
namespace {

constexpr int kRequestsMax = 1'000;
constexpr int kAnswerBytes = 512;

// Shard by shard, so that each is read backwards along its index.
const Sql kAccounts { "SELECT id, account FROM shard WHERE destination = ? AND (account = ? OR ? = "
                      "'')" };
const Sql kRequests { "SELECT r.id, r.sent_at_us, r.ended_at_us, r.outcome, r.http_status, "
                      "r.records, r.is_lost, coalesce(substr(a.response, 1, ?), '') FROM request r "
                      "LEFT JOIN answer a ON a.id = r.answer WHERE r.shard = ? AND "
                      "r.ended_at_us >= ? AND r.ended_at_us < ? "
                      "ORDER BY r.ended_at_us DESC LIMIT ?" };

} // namespace

Result<RequestsPage> Reader::requests(const RequestsQuery& query)
{
    const int rowsMax = std::clamp(query.rowsMax, 1, kRequestsMax);
    const ShardId& wanted = query.shard;
    std::vector<std::pair<std::int64_t, std::string>> shards;
    const OneMoment moment(*m_connection);
    if (!moment.begun())
        return tl::unexpected(moment.begun().error());
    Statement& find = m_connection->statement(kAccounts);
    find.bindText(wanted.destination).bindText(wanted.account);
    if (const Status done = find.bindText(wanted.account).exec(); !done)
        return tl::unexpected(done.error());
    while (find.next())
        shards.emplace_back(find.integer(0), find.text(1));
    if (const Status done = find.end(); !done)
        return tl::unexpected(done.error());
    RequestsPage page;
    for (const auto& [shard, account] : shards) {
        Statement& read = m_connection->statement(kRequests);
        read.bind(std::int64_t { kAnswerBytes }).bind(shard);
        read.bind(toUnixMicros(query.from)).bind(toUnixMicros(query.to));
        if (const Status done = read.bind(std::int64_t { rowsMax } + 1).exec(); !done)
            return tl::unexpected(done.error());
        const Finish finish(read);
        while (read.next()) {
            RequestRow row { .id = RequestId { read.integer(0) },
                .shard = { wanted.destination, account },
                .sentAt = fromUnixMicros(read.integer(1)),
                .endedAt = fromUnixMicros(read.integer(2)),
                .httpStatus = static_cast<int>(read.integer(4)),
                .records = static_cast<int>(read.integer(5)),
                .answer = read.blob(7) };
            const auto outcome = read.integerOrNull(3);
            if (outcome && read.integer(6) == 0)
                row.outcome = static_cast<Outcome>(*outcome);
            page.rows.push_back(std::move(row));
        }
        if (const Status done = read.end(); !done)
            return tl::unexpected(done.error());
    }
    std::stable_sort(page.rows.begin(), page.rows.end(),
        [](const RequestRow& a, const RequestRow& b) { return a.endedAt > b.endedAt; });
    page.isLast = std::ssize(page.rows) <= rowsMax;
    page.rows.resize(std::min(page.rows.size(), static_cast<std::size_t>(rowsMax)));
    return page;
}

} // namespace engine::store

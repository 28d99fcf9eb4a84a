#include "support/fake_dead_letters.h"

#include <algorithm>
#include <array>
#include <set>

namespace engine::testing {

namespace {

struct Kind {
    Outcome outcome;
    int httpStatus;
    const char* code;
    const char* message;
    const char* fingerprintTail;
};
constexpr std::array kKinds {
    Kind { Outcome::Invalid, 400, "E1003", "price: \"12,90\" is not a number",
        "400·E1003 price_not_number /price" },
    Kind { Outcome::Invalid, 400, "100/2804003", "user_data.em is not a SHA-256 value",
        "400·100/2804003 user_data.em invalid /user_data/em" },
    Kind { Outcome::Unknown, 0, "", "the connection closed before an answer", "no answer" },
    Kind { Outcome::Transient, 503, "", "service unavailable, 8 attempts", "503 unavailable" },
};

std::uint64_t scatter(std::int64_t id, std::uint32_t seed)
{
    auto value = static_cast<std::uint64_t>(id) * 0x9e3779b97f4a7c15ULL + seed;
    value ^= value >> 31;
    value *= 0xbf58476d1ce4e5b9ULL;
    return value ^ (value >> 29);
}

std::string eventIdOf(std::int64_t id) { return "ord-" + std::to_string(5'000'000 + id); }

template <class T>
bool isWanted(const std::vector<T>& wanted, const T& value)
{
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

bool isInside(WallTime time, const std::optional<WallTime>& from, const std::optional<WallTime>& to)
{
    return (!from || time >= *from) && (!to || time < *to);
}

} // namespace

FakeDeadLetters::FakeDeadLetters(Options options)
    : m_options(std::move(options))
    , m_startSize(m_options.shards.empty() ? 0 : m_options.size)
    , m_waiting(m_startSize)
    , m_waitingPerShard(m_options.shards.size(), 0)
{
    m_options.size = m_startSize;
    for (std::int64_t id = 1; id <= m_options.size; ++id)
        ++m_waitingPerShard[shardOf(id)];
}

std::size_t FakeDeadLetters::shardOf(std::int64_t id) const
{
    // Most failures sit on the first shard, as on a day with one broken payload.
    const auto draw = scatter(id, m_options.seed) % 100;
    return draw < 70 ? 0 : draw % m_options.shards.size();
}

std::size_t FakeDeadLetters::kindOf(std::int64_t id) const
{
    const auto draw = scatter(id, m_options.seed + 1) % 100;
    return draw < 80 ? 0 : draw < 92 ? 1 : draw < 97 ? 2 : 3;
}

DeadLetterState FakeDeadLetters::stateOf(std::int64_t id) const
{
    const auto it = m_states.find(id);
    return it == m_states.end() ? DeadLetterState::Waiting : it->second;
}

WallTime FakeDeadLetters::failedAt(std::int64_t id) const
{
    // The old ones spread over the last 22 minutes, the new ones came one every 280 ms.
    if (id > m_startSize)
        return m_options.now + Millis { 280 } * (id - m_startSize);
    const auto spread = std::chrono::duration_cast<Micros>(std::chrono::minutes { 22 });
    return m_options.now - spread * (m_startSize - id) / std::max<std::int64_t>(1, m_startSize);
}

DeadLetterRow FakeDeadLetters::row(DeadLetterId id) const
{
    const auto number = toInt(id);
    const auto& kind = kKinds[kindOf(number)];
    DeadLetterRow row { .id = id };
    row.event = EventSeq { 900'000 + number };
    row.eventId = eventIdOf(number);
    row.shard = m_options.shards[shardOf(number)];
    row.eventName = number % 5 == 0 ? "Lead" : "Purchase";
    row.outcome = kind.outcome;
    row.httpStatus = kind.httpStatus;
    row.code = kind.code;
    row.message = kind.message;
    row.attempts = kind.outcome == Outcome::Transient ? 8 : 1;
    row.lastFailed = failedAt(number);
    row.firstSeen = row.lastFailed - Seconds { kind.outcome == Outcome::Transient ? 255 : 0 };
    row.eventTime = row.firstSeen - Millis { 1'500 + number % 900 };
    row.expires = row.eventTime + std::chrono::hours { 168 };
    row.payloadBytes = 420 + number % 600;
    row.fingerprint = row.shard.destination + "·" + kind.fingerprintTail;
    row.state = stateOf(number);
    return row;
}

DeadLetterDetail FakeDeadLetters::detail(DeadLetterId id) const
{
    DeadLetterDetail detail { .row = row(id) };
    const auto& row = detail.row;
    const auto number = std::to_string(toInt(id));
    detail.payload = R"({"event_name":")" + row.eventName + R"(","event_id":")" + row.eventId
        + R"(","event_time":")" + toIso8601(row.eventTime) + R"(","user":{"email":"anna.berg+)"
        + number + R"(@example.org","phone":"+49 151 2345 6789","ip":"203.0.113.24",)"
        + R"("external_id":"10223372036854775807"},"value":129.90,"currency":"EUR",)"
        + R"("price":"12,90","items":[{"id":"sku-1","quantity":2,"price":64.95}],)"
        + R"("properties":{"note":"<b>5 %</b> off"}})";
    detail.requestHead = "POST https://graph.example.test/v19.0/" + row.shard.account
        + "/events?access_token=[redacted]\nContent-Type: application/json\n"
          "Authorization: Bearer [redacted]\n";
    detail.record = R"({"event_id":")" + row.eventId + R"(","price":"12,90"})";
    detail.response = row.httpStatus == 0
        ? std::string {}
        : R"({"error":{"code":")" + row.code + R"(","message":"not accepted","field":"/price"}})";
    detail.responseBytes = static_cast<std::int64_t>(detail.response.size());
    detail.lastAccepted = DeadLetterDetail::Accepted { .eventId = "ord-4999999",
        .payload = R"({"event_name":")" + row.eventName
            + R"(","event_id":"ord-4999999","value":99.00,"currency":"EUR","price":99.00})",
        .at = row.eventTime - Seconds { 60 } };
    detail.encoder = row.shard.destination + "-1/8f3a";
    for (int i = 1; i <= row.attempts; ++i) {
        AttemptRow attempt { .request = RequestId { toInt(id) * 10 + i } };
        attempt.number = i;
        attempt.sentAt = row.firstSeen + Seconds { (1 << (i - 1)) - 1 };
        attempt.endedAt = attempt.sentAt + Millis { 640 };
        attempt.lane = i == 1 ? Lane::Live : Lane::Retry;
        attempt.outcome = row.outcome;
        attempt.httpStatus = row.httpStatus;
        attempt.code = row.code;
        attempt.message = row.message;
        attempt.batchRecords = i == 1 ? 50 : 1;
        detail.attempts.push_back(std::move(attempt));
    }
    return detail;
}

bool FakeDeadLetters::mayMatch(std::int64_t id, const DeadLetterFilter& filter) const
{
    // Cheap tests first: a scan over a million ids must stay well under a second.
    if (!isWanted(filter.states, stateOf(id)))
        return false;
    const auto& shard = m_options.shards[shardOf(id)];
    return isWanted(filter.destinations, shard.destination)
        && isWanted(filter.classes, kKinds[kindOf(id)].outcome);
}

bool FakeDeadLetters::matches(const DeadLetterRow& row, const DeadLetterFilter& filter) const
{
    const bool isShardWanted = filter.shards.empty()
        || std::any_of(filter.shards.begin(), filter.shards.end(), [&](const ShardId& shard) {
               return shard == row.shard
                   || (shard.isWholeDestination() && shard.destination == row.shard.destination);
           });
    return isShardWanted && (filter.code.empty() || filter.code == row.code)
        && (!filter.httpStatus || *filter.httpStatus == row.httpStatus)
        && (filter.fingerprint.empty() || filter.fingerprint == row.fingerprint)
        && (filter.eventName.empty() || filter.eventName == row.eventName)
        && (filter.eventId.empty() || filter.eventId == row.eventId)
        && (!filter.attemptsMin || row.attempts >= *filter.attemptsMin)
        && (!filter.payloadBytesMin || row.payloadBytes >= *filter.payloadBytesMin)
        && (!filter.expiresTo || (row.expires && *row.expires < *filter.expiresTo))
        && (filter.text.empty() || row.message.find(filter.text) != std::string::npos)
        && isInside(row.firstSeen, filter.firstFrom, filter.firstTo)
        && isInside(row.lastFailed, filter.failedFrom, filter.failedTo)
        && isInside(row.eventTime, filter.eventFrom, filter.eventTo);
}

DeadLetterPage FakeDeadLetters::page(const DeadLetterQuery& query) const
{
    DeadLetterPage page { .generation = query.generation };
    page.waitingTotal = m_waiting;
    const std::int64_t step = query.isNewestFirst ? -1 : 1;
    std::int64_t id = query.after ? toInt(*query.after) + step
        : query.isNewestFirst     ? m_options.size
                                  : 1;
    const std::set<DeadLetterId> ids { query.filter.ids.begin(), query.filter.ids.end() };
    for (; id >= 1 && id <= m_options.size; id += step) {
        if (!ids.empty() && !ids.contains(DeadLetterId { id }))
            continue;
        if (!mayMatch(id, query.filter))
            continue;
        auto candidate = row(DeadLetterId { id });
        if (!matches(candidate, query.filter))
            continue;
        if (static_cast<int>(page.rows.size()) == query.rowsMax) {
            page.isLast = false;
            page.next = page.rows.back().id;
            break;
        }
        page.rows.push_back(std::move(candidate));
    }
    return page;
}

std::vector<DeadLetterId> FakeDeadLetters::select(const DeadLetterFilter& filter) const
{
    std::vector<DeadLetterId> found;
    const std::set<DeadLetterId> ids { filter.ids.begin(), filter.ids.end() };
    for (std::int64_t id = 1; id <= m_options.size; ++id) {
        const bool isAsked = ids.empty() || ids.contains(DeadLetterId { id });
        if (isAsked && mayMatch(id, filter) && matches(row(DeadLetterId { id }), filter))
            found.push_back(DeadLetterId { id });
    }
    return found;
}

std::vector<DeadLetterGroup> FakeDeadLetters::groups(const DeadLetterFilter& filter) const
{
    struct Found {
        DeadLetterGroup group {};
        std::set<std::size_t> shards {};
    };
    std::map<std::string, Found> byFingerprint;
    for (const auto id : select(filter)) {
        const auto one = row(id);
        auto& found = byFingerprint[one.fingerprint];
        if (found.group.count++ == 0)
            found.group.first = one.firstSeen;
        found.group.fingerprint = one.fingerprint;
        found.group.last = one.lastFailed;
        found.shards.insert(shardOf(toInt(id)));
    }
    std::vector<DeadLetterGroup> groups;
    for (auto& [fingerprint, found] : byFingerprint) {
        found.group.shards = static_cast<int>(found.shards.size());
        if (const auto remark = m_remarks.find(fingerprint); remark != m_remarks.end()) {
            found.group.status = remark->second.first;
            found.group.note = remark->second.second;
        }
        groups.push_back(std::move(found.group));
    }
    std::sort(groups.begin(), groups.end(),
        [](const DeadLetterGroup& a, const DeadLetterGroup& b) { return a.count > b.count; });
    return groups;
}

void FakeDeadLetters::setStatus(
    const std::string& fingerprint, GroupStatus status, const std::string& note)
{
    m_remarks[fingerprint] = { status, note };
}

void FakeDeadLetters::setState(DeadLetterId id, DeadLetterState state)
{
    const auto number = toInt(id);
    const auto old = stateOf(number);
    const int change
        = (state == DeadLetterState::Waiting ? 1 : 0) - (old == DeadLetterState::Waiting ? 1 : 0);
    m_waiting += change;
    m_waitingPerShard[shardOf(number)] += change;
    if (state == DeadLetterState::Waiting)
        m_states.erase(number);
    else
        m_states[number] = state;
}

void FakeDeadLetters::grow(std::int64_t by, WallTime /*now*/)
{
    if (m_options.shards.empty())
        return;
    for (std::int64_t i = 0; i < by; ++i) {
        ++m_options.size;
        ++m_waiting;
        ++m_waitingPerShard[shardOf(m_options.size)];
    }
}

std::int64_t FakeDeadLetters::waitingOf(const ShardId& shard) const
{
    const auto it = std::find(m_options.shards.begin(), m_options.shards.end(), shard);
    if (it == m_options.shards.end())
        return 0;
    return m_waitingPerShard[static_cast<std::size_t>(it - m_options.shards.begin())];
}

std::string FakeDeadLetters::topFingerprintOf(const ShardId& shard) const
{
    return waitingOf(shard) > 0 ? shard.destination + "·" + kKinds[0].fingerprintTail
                                : std::string {};
}

} // namespace engine::testing

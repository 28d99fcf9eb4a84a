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
    , m_waitingPerKind(m_options.shards.size())
{
    m_options.size = m_startSize;
    for (std::int64_t id = 1; id <= m_options.size; ++id) {
        ++m_waitingPerShard[shardOf(id)];
        ++m_waitingPerKind[shardOf(id)][kindOf(id)];
    }
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
        + R"("access_token":"EAAB-secret-1","properties":{"note":"<b>5 %</b> off"}})";
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
        && (filter.fingerprint.empty() || filter.fingerprint == row.fingerprint
            || filter.fingerprint == groupOf(row.fingerprint))
        && (!filter.job
            || (m_jobs.contains(toInt(row.id)) && m_jobs.at(toInt(row.id)) == *filter.job))
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
        if (query.withPayloads)
            candidate.payload = detail(candidate.id).payload;
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

DeadLetterGroup FakeDeadLetters::remarked(DeadLetterGroup group) const
{
    for (const auto& [part, into] : m_mergedInto) {
        if (into == group.fingerprint)
            group.merged.push_back(part);
    }
    if (const auto remark = m_remarks.find(group.fingerprint); remark != m_remarks.end()) {
        group.status = remark->second.first;
        group.note = remark->second.second;
    }
    return group;
}

// From counters, as the engine does it: a million entries cost what ten cost.
std::vector<DeadLetterGroup> FakeDeadLetters::plainGroups() const
{
    std::map<std::pair<std::string, std::size_t>, DeadLetterGroup> found;
    for (std::size_t shard = 0; shard < m_options.shards.size(); ++shard) {
        const ShardId& id = m_options.shards[shard];
        for (std::size_t kind = 0; kind < kKindsMax; ++kind) {
            const std::int64_t count = m_waitingPerKind[shard][kind];
            if (count == 0)
                continue;
            const std::string name
                = groupOf(id.destination + "·" + kKinds.at(kind).fingerprintTail);
            const bool isSplit = m_split.contains(name);
            DeadLetterGroup& group = found[{ name, isSplit ? shard + 1 : 0 }];
            group.fingerprint = name;
            if (isSplit)
                group.shard = id;
            group.count += count;
            ++group.shards;
            group.first = failedAt(1);
            group.last = failedAt(m_options.size);
            // They came in the last 22 minutes, and ever more of them.
            group.trend.resize(kTrendSlots);
            for (int slot = 0; slot < 4; ++slot)
                group.trend[static_cast<std::size_t>(kTrendSlots - 4 + slot)]
                    += count * (slot + 1) / 10;
        }
    }
    std::vector<DeadLetterGroup> groups;
    for (auto& [key, group] : found)
        groups.push_back(remarked(std::move(group)));
    std::stable_sort(groups.begin(), groups.end(),
        [](const DeadLetterGroup& a, const DeadLetterGroup& b) { return a.count > b.count; });
    return groups;
}

std::vector<DeadLetterGroup> FakeDeadLetters::groups(const DeadLetterFilter& filter) const
{
    if (filter == DeadLetterFilter {})
        return plainGroups();
    std::map<std::string, DeadLetterGroup> found;
    std::map<std::string, std::set<std::size_t>> shards;
    for (const auto id : select(filter)) {
        const auto one = row(id);
        const std::string name = groupOf(one.fingerprint);
        const bool isSplit = m_split.contains(name);
        const std::string key = isSplit ? name + '\n' + toString(one.shard) : name;
        DeadLetterGroup& group = found[key];
        if (group.count++ == 0)
            group.first = one.firstSeen;
        group.fingerprint = name;
        group.last = one.lastFailed;
        if (isSplit)
            group.shard = one.shard;
        shards[key].insert(shardOf(toInt(id)));
        group.shards = static_cast<int>(shards[key].size());
    }
    std::vector<DeadLetterGroup> groups;
    for (auto& [key, group] : found)
        groups.push_back(remarked(std::move(group)));
    std::sort(groups.begin(), groups.end(),
        [](const DeadLetterGroup& a, const DeadLetterGroup& b) { return a.count > b.count; });
    return groups;
}

std::string FakeDeadLetters::groupOf(const std::string& fingerprint) const
{
    const auto into = m_mergedInto.find(fingerprint);
    return into == m_mergedInto.end() ? fingerprint : into->second;
}

void FakeDeadLetters::shape(const GroupShapeCommand& command)
{
    using Action = GroupShapeCommand::Action;
    if (command.action == Action::SplitByAccount)
        m_split.insert(command.fingerprint);
    if (command.action == Action::JoinAccounts)
        m_split.erase(command.fingerprint);
    for (const std::string& other : command.others) {
        if (command.action == Action::Merge)
            m_mergedInto[other] = command.fingerprint;
        else
            m_mergedInto.erase(other);
    }
    if (command.action == Action::TakeOut && command.others.empty())
        std::erase_if(
            m_mergedInto, [&](const auto& merged) { return merged.second == command.fingerprint; });
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
    m_waitingPerKind[shardOf(number)][kindOf(number)] += change;
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
        ++m_waitingPerKind[shardOf(m_options.size)][kindOf(m_options.size)];
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

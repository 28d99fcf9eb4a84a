// The store's contract in memory, with commits that take time and can fail. It watches its user: a
// delivery dispatched while it is in flight, an outcome for what was not marked, or an attempt
// count that does not fit is a fault.
#pragma once

#include "core/delivery.h"
#include "core/json.h"
#include "support/sim_loop.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace engine::testing {

struct FakeDead {
    ShardKey shard {};
    EventSeq seq {};
    ItemResult item {};
};

class FakeStore final : public DeliveryStore {
public:
    explicit FakeStore(SimLoop& loop)
        : m_loop(loop)
    {
    }

    Millis commitTime { 4 };
    bool isFailing { false }; // commits fail and leave nothing behind
    std::set<Lane> unreadable {}; // rows of these lanes cannot be read
    std::size_t releaseMax { 2'000 }; // deferred rows released by one call
    std::function<void(std::vector<Arrivals>)> onArrivals {};

    // What happened, for the tests.
    std::vector<std::string> faults {};
    std::map<std::pair<ShardKey, EventSeq>, int> delivered {}; // how often recorded as accepted
    std::map<std::pair<ShardKey, EventSeq>, WallTime> deliveredAt {}; // the last time
    std::vector<FakeDead> dead {};
    std::vector<FakeDead> superseded {};
    std::vector<RequestResult> results {};
    std::map<std::pair<ShardKey, EventSeq>, int> sends {}; // dispatch marks

    ShardKey addShard(const ShardId& id)
    {
        for (auto& [key, shard] : m_shards) {
            if (shard.record.id == id)
                return key;
        }
        const ShardKey key { static_cast<std::int64_t>(m_shards.size()) + 1 };
        m_shards[key].record.key = key;
        m_shards[key].record.id = id;
        return key;
    }
    ShardRecord& shard(ShardKey key) { return m_shards[key].record; }
    // Of an earlier run.
    void addSent(ShardKey shard, const SentRequest& request) { m_sent[shard].push_back(request); }

    struct New {
        Lane lane { Lane::Live };
        std::optional<WallTime> expiresAt {};
        std::optional<WallTime> dueAt {}; // Deferred: release time; Retry
        int attempts { 0 };
        std::optional<WallTime> firstSentAt {};
        std::optional<ReplayJobId> job {};
        EventType type { EventType::Track };
        std::string name { "Purchase" };
        bool isAnnounced { true };
    };
    EventSeq add(ShardKey shard, std::string payload, const New& how)
    {
        auto event = std::make_shared<StoredEvent>();
        event->seq = EventSeq { ++m_lastSeq };
        event->eventId = "e" + std::to_string(m_lastSeq);
        event->name = how.name;
        event->type = how.type;
        event->receivedAt = m_loop.clock.wallNow();
        event->eventTime = event->receivedAt;
        event->payload = std::move(payload);
        QueuedDelivery row { .shard = shard, .attempts = how.attempts };
        row.wasPickedUp = how.attempts > 0;
        row.expiresAt = how.expiresAt;
        row.dueAt = how.dueAt.value_or(event->receivedAt);
        row.firstSentAt = how.firstSentAt;
        row.job = how.job;
        if (const auto json = parseJson(event->payload)) {
            if (const Json* const person = json->find("person"))
                row.person = static_cast<std::int64_t>(std::hash<std::string> {}(person->text()));
        }
        row.key = { .lane = how.lane, .rank = toUnixMicros(row.dueAt), .seq = event->seq };
        row.event = event;
        put(row);
        if (how.isAnnounced && onArrivals)
            onArrivals({ announce(row) });
        return event->seq;
    }
    EventSeq add(ShardKey shard, std::string payload) { return add(shard, std::move(payload), {}); }

    // An operator took it away.
    void remove(ShardKey shard, EventSeq seq)
    {
        if (const QueuedDelivery* row = find(shard, seq))
            take(shard, DeliveryKey(row->key));
    }
    [[nodiscard]] std::int64_t waiting(ShardKey shard) const
    {
        const auto it = m_shards.find(shard);
        return it == m_shards.end() ? 0 : static_cast<std::int64_t>(it->second.rows.size());
    }
    [[nodiscard]] const QueuedDelivery* find(ShardKey shard, EventSeq seq) const
    {
        for (const auto& [key, row] : m_shards.at(shard).rows) {
            if (key.seq == seq)
                return &row;
        }
        return nullptr;
    }
    [[nodiscard]] std::size_t openRequests() const { return m_open.size(); }

    // What a start finds after kill -9: requests without an outcome are `unknown`, one attempt
    // spent, due at once.
    void recover()
    {
        for (const auto& [id, mark] : m_open) {
            for (const DeliveryKey& key : mark.items) {
                auto& rows = m_shards[mark.shard].rows;
                const auto it = rows.find(key);
                if (it == rows.end())
                    continue;
                QueuedDelivery row = it->second;
                take(mark.shard, key);
                ++row.attempts;
                row.wasPickedUp = true;
                row.firstSentAt = row.firstSentAt.value_or(mark.at);
                row.dueAt = m_loop.clock.wallNow();
                row.key = { .lane = Lane::Retry, .rank = toUnixMicros(row.dueAt), .seq = key.seq };
                put(row);
            }
            m_sent[mark.shard].push_back({ .sentAt = mark.at,
                .records = static_cast<std::int64_t>(mark.items.size()),
                .host = mark.host });
        }
        m_open.clear();
        m_inFlight.clear();
    }

    Result<std::vector<ShardRecord>> shards() override
    {
        std::vector<ShardRecord> records;
        for (const auto& [key, shard] : m_shards)
            records.push_back(shard.record);
        return records;
    }
    Result<std::vector<SentRequest>> sentSince(ShardKey shard, WallTime from) override
    {
        std::vector<SentRequest> sent;
        for (const SentRequest& request : m_sent[shard]) {
            if (request.endedAt.value_or(WallTime::max()) >= from)
                sent.push_back(request);
        }
        return sent;
    }
    Result<std::vector<QueuedDelivery>> fetch(
        ShardKey shard, Lane lane, std::optional<DeliveryKey> after, int rowsMax) override
    {
        if (unreadable.contains(lane))
            return fail(ErrorCode::Storage, "disk I/O error");
        const DeliveryKey start {
            .lane = lane, .rank = std::numeric_limits<std::int64_t>::min(), .seq = EventSeq { 0 }
        };
        std::vector<QueuedDelivery> rows;
        const auto& all = m_shards[shard].rows;
        for (auto it = all.upper_bound(after.value_or(start));
             it != all.end() && it->first.lane == lane && static_cast<int>(rows.size()) < rowsMax;
             ++it)
            rows.push_back(it->second);
        for (QueuedDelivery& row : rows) {
            row.isBehind = isBehind(row);
            if (row.isBehind)
                row.event.reset();
        }
        ++fetches;
        return rows;
    }
    Result<PersonRows> fetchPerson(ShardKey shard, std::int64_t person) override
    {
        if (!unreadable.empty())
            return fail(ErrorCode::Storage, "disk I/O error");
        PersonRows found;
        for (const auto& [seq, key] : m_waitingOf[{ shard, person }]) {
            const QueuedDelivery& row = m_shards[shard].rows.at(key);
            found.isMoreBehind = isBehind(row);
            if (found.isMoreBehind)
                break;
            found.first.push_back(row);
        }
        return found;
    }
    Result<bool> isSuperseded(ShardKey shard, std::int64_t person, EventSeq seq) override
    {
        const auto last = m_personAccepted.find({ shard, person });
        return last != m_personAccepted.end() && last->second > seq;
    }
    Result<std::optional<WallTime>> oldestNeverPickedUp(ShardKey shard) override
    {
        for (const auto& [key, row] : m_shards[shard].rows) {
            if (key.lane == Lane::Live && !row.wasPickedUp && !m_inFlight.contains({ shard, key }))
                return row.event->receivedAt;
        }
        return std::nullopt;
    }
    std::int64_t deadLetters(ShardKey shard) const override
    {
        const auto it = m_shards.find(shard);
        return it == m_shards.end() ? 0 : it->second.record.deadLetters;
    }
    RequestId nextRequestId() override { return RequestId { ++m_lastRequest }; }

    void encoding(ShardKey shard, const DeliveryKey* key) override
    {
        encodingNow = key ? std::optional(std::pair { shard, *key }) : std::nullopt;
    }

    void markDispatched(DispatchMark mark, Committed reply) override
    {
        commit(
            [this, mark = std::move(mark)] {
                for (const DeliveryKey& key : mark.items) {
                    if (!m_shards[mark.shard].rows.contains(key))
                        fault("marked a delivery that is not there", mark.shard, key.seq);
                    if (!m_inFlight.insert({ mark.shard, key }).second)
                        fault("dispatched while in flight", mark.shard, key.seq);
                    ++sends[{ mark.shard, key.seq }];
                }
                m_open[mark.request] = mark;
            },
            std::move(reply));
    }
    void record(RequestResult result, Committed reply) override
    {
        commit([this, result = std::move(result)] { apply(result); }, std::move(reply));
    }
    void releaseDeferred(
        ShardKey shard, WallTime now, std::function<void(Result<std::int64_t>)> reply) override
    {
        m_loop.after(commitTime, [this, shard, now, reply = std::move(reply)] {
            std::vector<QueuedDelivery> due;
            for (const auto& [key, row] : m_shards[shard].rows) {
                if (key.lane == Lane::Deferred && row.dueAt <= now && due.size() < releaseMax)
                    due.push_back(row);
            }
            std::vector<Arrivals> arrivals;
            for (QueuedDelivery& row : due) {
                take(shard, row.key);
                row.key = { .lane = Lane::Live,
                    .rank = toUnixMicros(row.event->receivedAt),
                    .seq = row.key.seq };
                put(row);
                arrivals.push_back(announce(row));
            }
            if (onArrivals && !arrivals.empty())
                onArrivals(arrivals);
            reply(static_cast<std::int64_t>(due.size()));
        });
    }
    void setDesired(ShardId target, Desired desired, std::optional<WallTime> until,
        PauseCause cause, std::string who, std::string note, Committed reply) override
    {
        commit(
            [=, this] {
                for (auto& [key, shard] : m_shards) {
                    ShardRecord& record = shard.record;
                    if (record.id.destination != target.destination
                        || (!target.account.empty() && record.id != target))
                        continue;
                    record.desired = desired;
                    record.pauseUntil = until;
                    record.pauseCause = cause;
                    record.pauseWho = who;
                    record.pauseNote = note;
                }
            },
            std::move(reply));
    }

    std::optional<std::pair<ShardKey, DeliveryKey>> encodingNow {};
    std::int64_t fetches { 0 };

private:
    struct ShardRows {
        ShardRecord record {};
        std::map<DeliveryKey, QueuedDelivery> rows {};
    };

    [[nodiscard]] bool isBehind(const QueuedDelivery& row) const
    {
        if (!row.person)
            return false;
        const auto& all = m_waitingOf.at({ row.shard, *row.person });
        return std::any_of(all.begin(), all.lower_bound(row.key.seq), [&](const auto& entry) {
            const auto& job = m_shards.at(row.shard).rows.at(entry.second).job;
            return !job || job == row.job;
        });
    }
    void commit(std::function<void()> change, Committed reply)
    {
        m_loop.after(commitTime, [this, change = std::move(change), reply = std::move(reply)] {
            if (isFailing) {
                reply(fail(ErrorCode::Storage, "disk I/O error"));
                return;
            }
            change();
            reply({});
        });
    }
    void put(const QueuedDelivery& row)
    {
        ShardRows& shard = m_shards[row.shard];
        shard.rows[row.key] = row;
        if (row.person)
            m_waitingOf[{ row.shard, *row.person }][row.key.seq] = row.key;
        ++shard.record.waiting[static_cast<std::size_t>(row.key.lane)];
    }
    void take(ShardKey shard, const DeliveryKey& key)
    {
        auto& rows = m_shards[shard].rows;
        const auto it = rows.find(key);
        if (it == rows.end())
            return;
        if (it->second.person)
            m_waitingOf[{ shard, *it->second.person }].erase(key.seq);
        rows.erase(it);
        --m_shards[shard].record.waiting[static_cast<std::size_t>(key.lane)];
    }
    [[nodiscard]] Arrivals announce(const QueuedDelivery& row)
    {
        return { .shard = row.shard,
            .id = m_shards[row.shard].record.id,
            .lane = row.key.lane,
            .count = 1,
            .first = row.key,
            .oldestReceivedAt = row.event->receivedAt };
    }
    void apply(const RequestResult& result)
    {
        const bool isLocal = toInt(result.request) == 0;
        if (!isLocal) {
            const auto open = m_open.find(result.request);
            if (open == m_open.end() || open->second.items.size() != result.items.size())
                fault("an outcome without its mark", result.shard, {});
            else {
                m_sent[result.shard].push_back({ .sentAt = result.sentAt,
                    .endedAt = result.endedAt,
                    .records = static_cast<std::int64_t>(result.items.size()),
                    .host = open->second.host });
                m_open.erase(open);
            }
        }
        for (const ItemResult& item : result.items) {
            if (!isLocal && m_inFlight.erase({ result.shard, item.key }) != 1)
                fault("an outcome for what was not in flight", result.shard, item.key.seq);
            applyItem(result, item);
        }
        for (const PaceRecord& kept : result.pace) {
            auto& pace = m_shards[kept.shard].record.pace;
            std::erase_if(pace, [&](const PaceRecord& old) { return old.limit == kept.limit; });
            if (kept.until > kept.readAt)
                pace.push_back(kept);
        }
        results.push_back(result);
    }
    void applyItem(const RequestResult& result, const ItemResult& item)
    {
        auto& rows = m_shards[result.shard].rows;
        const auto it = rows.find(item.key);
        if (it == rows.end()) {
            fault("an outcome for a row that is gone", result.shard, item.key.seq);
            return;
        }
        QueuedDelivery row = it->second;
        const int spent = item.attempts - row.attempts;
        if (spent < 0 || spent > 1)
            fault("attempts jump", result.shard, item.key.seq);
        row.attempts = item.attempts;
        row.wasPickedUp = true;
        if (toInt(result.request) != 0 && item.outcome == Outcome::Unknown)
            row.firstSentAt = row.firstSentAt.value_or(result.sentAt);
        switch (item.next) {
        case Next::Done:
            ++delivered[{ result.shard, item.key.seq }];
            deliveredAt[{ result.shard, item.key.seq }] = m_loop.clock.wallNow();
            if (row.person) {
                EventSeq& last = m_personAccepted[{ result.shard, *row.person }];
                last = std::max(last, item.key.seq);
            }
            take(result.shard, item.key);
            m_shards[result.shard].record.lastSuccess = result.endedAt;
            return;
        case Next::Dead:
            dead.push_back({ result.shard, item.key.seq, item });
            ++m_shards[result.shard].record.deadLetters;
            take(result.shard, item.key);
            return;
        case Next::Superseded:
            superseded.push_back({ result.shard, item.key.seq, item });
            take(result.shard, item.key);
            return;
        case Next::Back:
            rows[item.key] = row;
            return;
        case Next::Retry:
        case Next::BackRetry:
            take(result.shard, item.key);
            row.dueAt = item.dueAt;
            row.key
                = { .lane = Lane::Retry, .rank = toUnixMicros(item.dueAt), .seq = item.key.seq };
            put(row);
            return;
        }
    }
    void fault(const std::string& what, ShardKey shard, EventSeq seq)
    {
        if (faults.size() < 20) {
            faults.push_back(what + ", shard " + std::to_string(toInt(shard)) + " seq "
                + std::to_string(toInt(seq)));
        }
    }

    SimLoop& m_loop;
    std::map<ShardKey, ShardRows> m_shards {};
    std::map<std::pair<ShardKey, std::int64_t>, std::map<EventSeq, DeliveryKey>> m_waitingOf {};
    std::map<std::pair<ShardKey, std::int64_t>, EventSeq> m_personAccepted {};
    std::map<RequestId, DispatchMark> m_open {};
    std::set<std::pair<ShardKey, DeliveryKey>> m_inFlight {};
    std::map<ShardKey, std::vector<SentRequest>> m_sent {};
    std::int64_t m_lastSeq { 0 };
    std::int64_t m_lastRequest { 0 };
};

} // namespace engine::testing

#include "store/write_transaction.h"

#include <engine/pages.h>

namespace engine::store {
namespace {

const Sql kFindWorkspace { "SELECT id FROM workspace WHERE name = ?" };
const Sql kMakeWorkspace { "INSERT INTO workspace(name) VALUES (?) RETURNING id" };
const Sql kFindShard { "SELECT id FROM shard WHERE destination = ? AND account = ?" };
const Sql kMakeShard { "INSERT INTO shard(destination, account) VALUES (?, ?) RETURNING id" };
const Sql kInheritPause {
    "UPDATE shard SET (desired, pause_until_us, pause_cause, pause_note, "
    "pause_who) = (SELECT desired, pause_until_us, pause_cause, pause_note, "
    "pause_who FROM destination_pause p WHERE p.destination = shard.destination) "
    "WHERE id = ? AND EXISTS (SELECT 1 FROM destination_pause p "
    "WHERE p.destination = shard.destination)"
};
const Sql kFindFingerprint { "SELECT id FROM fingerprint WHERE text = ?" };
const Sql kMakeFingerprint { "INSERT INTO fingerprint(text) VALUES (?) RETURNING id" };

const Sql kAddToLane { "INSERT INTO shard_lane(shard, lane, waiting) VALUES (?, ?, ?) "
                       "ON CONFLICT(shard, lane) DO UPDATE SET waiting = "
                       "shard_lane.waiting + excluded.waiting" };
const Sql kAddDeadLetters { "UPDATE shard SET dead_letters = dead_letters + ?, "
                            "dlq_added = dlq_added + ?, dlq_removed = dlq_removed + ? "
                            "WHERE id = ?" };
const Sql kSetLastSuccess { "UPDATE shard SET last_success_us = ? WHERE id = ? AND "
                            "coalesce(last_success_us, 0) < ?" };
const Sql kAddFingerprint {
    "INSERT INTO fingerprint_shard(fingerprint, shard, entries, first_us, last_us) "
    "VALUES (?, ?, ?, ?, ?) ON CONFLICT(fingerprint, shard) DO UPDATE SET "
    "entries = fingerprint_shard.entries + excluded.entries, "
    "first_us = CASE WHEN excluded.first_us < fingerprint_shard.first_us "
    "THEN excluded.first_us ELSE fingerprint_shard.first_us END, "
    "last_us = CASE WHEN excluded.last_us > fingerprint_shard.last_us "
    "THEN excluded.last_us ELSE fingerprint_shard.last_us END"
};
const Sql kAddTrend { "INSERT INTO fingerprint_trend(slot, fingerprint, shard, added) "
                      "VALUES (?, ?, ?, ?) ON CONFLICT(slot, fingerprint, shard) DO UPDATE SET "
                      "added = fingerprint_trend.added + excluded.added" };
const Sql kDropTrends { "DELETE FROM fingerprint_trend WHERE slot <= ?" };
const Sql kAddCounter { "UPDATE counter SET value = value + ? WHERE name = ?" };
const Sql kSetCounter { "UPDATE counter SET value = ? WHERE name = ?" };
const Sql kAddMonth { "INSERT INTO workspace_month(workspace, month, accepted) VALUES (?, ?, ?) "
                      "ON CONFLICT(workspace, month) DO UPDATE SET accepted = "
                      "workspace_month.accepted + excluded.accepted" };
const Sql kAddJob {
    "INSERT INTO job_progress(job, accepted, failed, same_error) "
    "VALUES (?, ?, ?, ?) "
    "ON CONFLICT(job) DO UPDATE SET accepted = job_progress.accepted + excluded.accepted, "
    "failed = job_progress.failed + excluded.failed, "
    "same_error = job_progress.same_error + excluded.same_error"
};
const Sql kSavepoint { "SAVEPOINT part" };
const Sql kReleasePart { "RELEASE part" };
const Sql kUndoPart { "ROLLBACK TO part" };

// The id of a name, made when missing.
Result<std::int64_t> idOf(
    Connection& connection, const Sql& find, const Sql& make, const std::string& name)
{
    for (const Sql* sql : { &find, &make }) {
        Statement& statement = connection.statement(*sql);
        if (Status done = statement.bindText(name).exec(); !done)
            return tl::unexpected(done.error());
        const Finish finish(statement);
        if (statement.next())
            return statement.integer(0);
    }
    return fail(ErrorCode::Internal, "The store gave no id.");
}

} // namespace

Result<std::int64_t> WriteTransaction::workspace(const std::string& name)
{
    if (const auto known = m_caches.workspaces.find(name); known != m_caches.workspaces.end())
        return known->second;
    auto id = idOf(m_connection, kFindWorkspace, kMakeWorkspace, name);
    if (id)
        m_caches.workspaces.emplace(name, *id);
    return id;
}

Result<std::int64_t> WriteTransaction::fingerprint(const std::string& text)
{
    // Fingerprints hold the platforms' words, so their number has no bound of its own.
    constexpr std::size_t kFingerprintsMax = 4'096;
    if (const auto known = m_caches.fingerprints.find(text); known != m_caches.fingerprints.end())
        return known->second;
    auto id = idOf(m_connection, kFindFingerprint, kMakeFingerprint, text);
    if (m_caches.fingerprints.size() >= kFingerprintsMax)
        m_caches.fingerprints.clear();
    if (id)
        m_caches.fingerprints.emplace(text, *id);
    return id;
}

Result<ShardKey> WriteTransaction::shard(const ShardId& id)
{
    if (const auto known = m_caches.shards.find(id); known != m_caches.shards.end())
        return known->second;
    Statement& find = m_connection.statement(kFindShard);
    if (Status done = find.bindText(id.destination).bindText(id.account).exec(); !done)
        return tl::unexpected(done.error());
    const bool isKnown = find.next();
    const ShardKey key { isKnown ? find.integer(0) : 0 };
    find.finish();
    if (!isKnown)
        return makeShard(id);
    m_caches.shards.emplace(id, key);
    return key;
}

Result<ShardKey> WriteTransaction::makeShard(const ShardId& id)
{
    Statement& make = m_connection.statement(kMakeShard);
    if (Status done = make.bindText(id.destination).bindText(id.account).exec(); !done)
        return tl::unexpected(done.error());
    const ShardKey key { make.next() ? make.integer(0) : 0 };
    make.finish();
    Statement& inherit = m_connection.statement(kInheritPause);
    if (Status done = inherit.bind(toInt(key)).exec(); !done)
        return tl::unexpected(done.error());
    m_caches.shards.emplace(id, key);
    m_changes.newShards.emplace(key, id);
    return key;
}

void WriteTransaction::countLane(ShardKey shard, Lane lane, std::int64_t delta)
{
    if (delta != 0)
        m_changes.lanes[{ shard, lane }] += delta;
}

void WriteTransaction::arrived(const Arrivals& arrivals)
{
    const auto [slot, isNew] = m_arrivals.try_emplace({ arrivals.shard, arrivals.lane }, arrivals);
    if (isNew)
        return;
    Arrivals& sum = slot->second;
    sum.count += arrivals.count;
    sum.first = std::min(sum.first, arrivals.first);
    sum.oldestReceivedAt = std::min(sum.oldestReceivedAt, arrivals.oldestReceivedAt);
}

std::vector<Arrivals> WriteTransaction::arrivals() const
{
    std::vector<Arrivals> all;
    all.reserve(m_arrivals.size());
    for (const auto& [where, arrivals] : m_arrivals)
        all.push_back(arrivals);
    for (const auto& [shard, letters] : m_changes.deadLetters) {
        if (letters.entries > 0)
            all.push_back({ .shard = shard });
    }
    return all;
}

Status WriteTransaction::flush()
{
    if (Status done = flushLanes(); !done)
        return done;
    if (Status done = flushShards(); !done)
        return done;
    if (Status done = flushFingerprints(); !done)
        return done;
    return flushTotals();
}

Status WriteTransaction::flushLanes()
{
    Statement& add = m_connection.statement(kAddToLane);
    for (const auto& [where, delta] : m_changes.lanes) {
        if (delta == 0)
            continue;
        add.bind(toInt(where.first)).bind(static_cast<std::int64_t>(where.second)).bind(delta);
        if (Status done = add.exec(); !done)
            return done;
    }
    return {};
}

Status WriteTransaction::flushShards()
{
    for (const auto& [shard, change] : m_changes.deadLetters) {
        Statement& add = m_connection.statement(kAddDeadLetters);
        add.bind(change.entries).bind(change.added).bind(change.removed).bind(toInt(shard));
        if (Status done = add.exec(); !done)
            return done;
    }
    for (const auto& [shard, us] : m_changes.lastSuccessUs) {
        Statement& set = m_connection.statement(kSetLastSuccess);
        if (Status done = set.bind(us).bind(toInt(shard)).bind(us).exec(); !done)
            return done;
    }
    return {};
}

Status WriteTransaction::flushFingerprints()
{
    for (const auto& [where, change] : m_changes.fingerprints) {
        Statement& add = m_connection.statement(kAddFingerprint);
        add.bind(where.first).bind(toInt(where.second)).bind(change.entries);
        if (Status done = add.bind(change.firstUs).bind(change.lastUs).exec(); !done)
            return done;
    }
    if (Status done = flushTrends(); !done)
        return done;
    for (const auto& [job, change] : m_changes.jobs) {
        Statement& add = m_connection.statement(kAddJob);
        add.bind(toInt(job)).bind(change.accepted).bind(change.failed).bind(change.sameError);
        if (Status done = add.exec(); !done)
            return done;
    }
    return {};
}

Status WriteTransaction::flushTrends()
{
    const std::int64_t slotUs = std::chrono::microseconds(kTrendSlot).count();
    bool isAny = false;
    for (const auto& [where, change] : m_changes.fingerprints) {
        if (change.added == 0)
            continue;
        isAny = true;
        Statement& add = m_connection.statement(kAddTrend);
        add.bind(change.lastUs / slotUs).bind(where.first).bind(toInt(where.second));
        if (Status done = add.bind(change.added).exec(); !done)
            return done;
    }
    if (!isAny)
        return {};
    Statement& drop = m_connection.statement(kDropTrends);
    return drop.bind(toUnixMicros(m_now) / slotUs - kTrendSlots).exec();
}

Status WriteTransaction::flushTotals()
{
    for (const auto& [where, count] : m_changes.monthAccepted) {
        const auto workspaceId = workspace(where.first);
        if (!workspaceId)
            return tl::unexpected(workspaceId.error());
        Statement& add = m_connection.statement(kAddMonth);
        if (Status done = add.bind(*workspaceId).bind(where.second).bind(count).exec(); !done)
            return done;
    }
    if (m_changes.events != 0) {
        Statement& add = m_connection.statement(kAddCounter);
        if (Status done = add.bind(m_changes.events).bindText("events").exec(); !done)
            return done;
        Statement& set = m_connection.statement(kSetCounter);
        if (Status done = set.bind(m_caches.lastSeq).bindText("last_seq").exec(); !done)
            return done;
    }
    if (m_changes.removedByRetention == 0)
        return {};
    Statement& add = m_connection.statement(kAddCounter);
    return add.bind(m_changes.removedByRetention).bindText("removed_by_retention").exec();
}

Result<Status> WriteTransaction::guarded(const std::function<Status(WriteTransaction&)>& work)
{
    if (Status begun = m_connection.statement(kSavepoint).exec(); !begun)
        return tl::unexpected(begun.error());
    const Changes changesBefore = m_changes;
    const auto arrivalsBefore = m_arrivals;
    const std::int64_t lastSeqBefore = m_caches.lastSeq;
    Status outcome = work(*this);
    if (!outcome) {
        m_changes = changesBefore;
        m_arrivals = arrivalsBefore;
        m_caches = {};
        m_caches.lastSeq = lastSeqBefore;
        if (Status undone = m_connection.statement(kUndoPart).exec(); !undone)
            return tl::unexpected(undone.error());
    }
    if (Status released = m_connection.statement(kReleasePart).exec(); !released)
        return tl::unexpected(released.error());
    return outcome;
}

Result<StoreCounters> loadCounters(Connection& connection)
{
    StoreCounters counters;
    std::map<std::int64_t, std::size_t> rowOf;
    Statement shards = connection.prepare(
        "SELECT id, destination, account, dead_letters, dlq_added, dlq_removed FROM shard "
        "ORDER BY id");
    if (Status done = shards.exec(); !done)
        return tl::unexpected(done.error());
    while (shards.next()) {
        rowOf[shards.integer(0)] = counters.shards.size();
        counters.shards.push_back({ .key = ShardKey { shards.integer(0) },
            .id = { shards.text(1), shards.text(2) },
            .deadLetters = shards.integer(3),
            .dlqAdded = shards.integer(4),
            .dlqRemoved = shards.integer(5) });
        counters.deadLetters += shards.integer(3);
    }
    if (Status done = shards.end(); !done)
        return tl::unexpected(done.error());
    Statement lanes = connection.prepare("SELECT shard, lane, waiting FROM shard_lane");
    if (Status done = lanes.exec(); !done)
        return tl::unexpected(done.error());
    while (lanes.next()) {
        const auto row = rowOf.find(lanes.integer(0));
        const auto lane = static_cast<std::size_t>(lanes.integer(1));
        if (row == rowOf.end() || lane >= static_cast<std::size_t>(kLanes))
            continue;
        counters.shards[row->second].waiting[lane] = lanes.integer(2);
        counters.waiting += lanes.integer(2);
    }
    if (Status done = lanes.end(); !done)
        return tl::unexpected(done.error());
    Statement months = connection.prepare(
        "SELECT name, month, accepted FROM workspace_month JOIN workspace ON id = workspace");
    if (Status done = months.exec(); !done)
        return tl::unexpected(done.error());
    while (months.next()) {
        counters.monthAccepted[{ months.text(0), static_cast<int>(months.integer(1)) }]
            = months.integer(2);
    }
    if (Status done = months.end(); !done)
        return tl::unexpected(done.error());
    const auto events = connection.number("SELECT value FROM counter WHERE name = 'events'");
    if (!events)
        return tl::unexpected(events.error());
    counters.events = *events;
    const auto removed
        = connection.number("SELECT value FROM counter WHERE name = 'removed_by_retention'");
    if (!removed)
        return tl::unexpected(removed.error());
    counters.removedByRetention = *removed;
    return counters;
}

Result<std::int64_t> loadLastSeq(Connection& connection)
{
    // The counter outlives the rows: retention may have removed the newest ones, and their numbers
    // still stand in attempts and dead letters.
    return connection.number("SELECT max(seq) FROM (SELECT value AS seq FROM counter "
                             "WHERE name = 'last_seq' UNION ALL "
                             "SELECT coalesce(max(seq), 0) FROM event) known");
}

} // namespace engine::store

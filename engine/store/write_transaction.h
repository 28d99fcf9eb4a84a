// The one open transaction of the store's thread, as the write jobs see it: its connection, the ids
// of names, and the counters and arrivals that go with what they write. Store thread only.
#pragma once

#include "core/delivery.h"
#include "store/connection.h"
#include "store/counters.h"

#include <engine/ids.h>
#include <engine/result.h>
#include <engine/time.h>

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace engine::store {

// Names that were given ids, kept between transactions. Thrown away with every rollback, because
// the rows may be gone with it.
struct WriterCaches {
    std::unordered_map<std::string, std::int64_t> workspaces {};
    std::unordered_map<ShardId, ShardKey, ShardIdHash> shards {};
    std::unordered_map<std::string, std::int64_t> fingerprints {};
    std::int64_t lastSeq { 0 };
};

class WriteTransaction {
public:
    WriteTransaction(Connection& connection, WriterCaches& caches, WallTime now)
        : m_connection(connection)
        , m_caches(caches)
        , m_now(now)
    {
    }
    WriteTransaction(const WriteTransaction&) = delete;
    WriteTransaction& operator=(const WriteTransaction&) = delete;

    [[nodiscard]] Connection& connection() { return m_connection; }
    [[nodiscard]] WallTime now() const { return m_now; } // one time for the whole transaction
    [[nodiscard]] Changes& changes() { return m_changes; }

    // Ids of names; a row is made where there was none. A new shard of a paused destination starts
    // paused.
    [[nodiscard]] Result<std::int64_t> workspace(const std::string& name);
    [[nodiscard]] Result<ShardKey> shard(const ShardId& id);
    [[nodiscard]] Result<std::int64_t> fingerprint(const std::string& text);
    [[nodiscard]] std::int64_t takeSeq() { return ++m_caches.lastSeq; }

    // Every insert into or delete from `delivery` is told here. Written once per commit.
    void countLane(ShardKey shard, Lane lane, std::int64_t delta);
    // New deliveries that the delivery threads are to hear of after the commit.
    void arrived(const Arrivals& arrivals);
    // Those, and one of nothing for each shard whose dead letters grew: delivery may have retired
    // it, or never have heard of it, and nobody would see them before something waits there.
    [[nodiscard]] std::vector<Arrivals> arrivals() const;

    // Writes the counters; the last step before the commit.
    [[nodiscard]] Status flush();

    // A part that fails alone: on an error everything since the savepoint is undone, counters and
    // arrivals included, and the transaction goes on. The outer error means that the transaction
    // itself is lost.
    [[nodiscard]] Result<Status> guarded(const std::function<Status(WriteTransaction&)>& work);

private:
    [[nodiscard]] Result<ShardKey> makeShard(const ShardId& id);
    [[nodiscard]] Status flushLanes();
    [[nodiscard]] Status flushShards();
    [[nodiscard]] Status flushFingerprints();
    [[nodiscard]] Status flushTrends(); // those of the last slots alone are kept
    [[nodiscard]] Status flushTotals();

    Connection& m_connection;
    WriterCaches& m_caches;
    WallTime m_now {};
    Changes m_changes {};
    std::map<std::pair<ShardKey, Lane>, Arrivals> m_arrivals {};
};

// Reads lastSeq and the counters' tables.
[[nodiscard]] Result<StoreCounters> loadCounters(Connection& connection);
[[nodiscard]] Result<std::int64_t> loadLastSeq(Connection& connection);

} // namespace engine::store

// The data directory: the journal, what waits, what was sent, what died. All SQL of the product is
// behind this room.
#pragma once

#include "core/clock.h"
#include "core/delivery.h"
#include "core/event.h"
#include "store/counters.h"

#include <engine/result.h>
#include <engine/snapshot.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace engine::store {

class DirectoryLock;
class WriteTransaction; // store/write_transaction.h, for jobs written in this room
class Writer;

struct DiskSpace {
    std::int64_t freeBytes { 0 };
    std::int64_t totalBytes { 0 };
};

struct StoreOptions {
    std::string directory {}; // made when missing, 0700

    // A commit waits this long for company when it has fewer than commitRowsMax rows: a sync costs
    // as much for one row as for a thousand. 1 ms is a twentieth of the promised p99 of an answer.
    Millis commitDelay { 1 };
    std::int64_t commitRowsMax { 8'192 };
    // And as many bytes of accepted events end a commit: two of the largest batches. One a commit
    // cost a quarter more processor time an event, with twelve destinations.
    std::int64_t commitBytesMax { 2'097'152 };
    // Beyond either, accept() and write() are answered Unavailable.
    std::int64_t queueJobsMax { 16'384 };
    std::int64_t queueBytesMax { 67'108'864 };
    int cacheKiB { 32 * 1'024 }; // pages of the writing connection
    // 256 MiB of write-ahead log. A reader that stays keeps the log from starting over; past this
    // the writer waits for readers, 200 ms at most per checkpoint, and says so when that is in
    // vain.
    std::int64_t logPagesMax { 65'536 };

    // Tests. Absent: the file system of the directory; min(1 GiB, 5 % of it); nothing.
    std::function<DiskSpace()> diskSpace {};
    std::optional<std::int64_t> diskFloorBytes {};
    std::function<Status()> beforeCommit {}; // store thread; an error is a failed commit
};

// What the writing thread knows of itself.
struct StoreHealth {
    bool canCommit { true };
    bool isIngressStopped { false }; // below the disk floor
    std::string problem {}; // why, in plain words; empty when all is well
    std::string logProblem {}; // the log has outgrown logPagesMax and cannot start over
    std::int64_t unknownAtStart { 0 };
    std::int64_t reusableBytes { 0 }; // free pages of the database; looked up when space is short
};

// Opened once per process and directory. Every method but open() and stop() returns at once and may
// be called from any thread. Needs a QCoreApplication, as all of Qt SQL does.
class Store final : public EventSink {
public:
    // Takes the directory's lock, brings the schema up to date and closes requests that were in
    // flight when the last run ended. Conflict: another process holds it (the message says which),
    // or a newer version wrote it. On a full disk it opens all the same: it can be read, commits
    // nothing, and closes those requests before its first commit, once there is room; until then
    // isRecovered() is false. DiskFull, with how much to free, where not even reading is possible:
    // when the last run ended cleanly and not the 64 KiB of the log's index are left, or when the
    // schema has to change and the log has no room for that (what was compiled for the new schema
    // cannot read the rows of the old one). The clock must outlive the store.
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(
        StoreOptions options, const Clock& clock);
    ~Store() override; // stop()

    // Takes what was posted before, commits it and answers it; then later calls are answered
    // Unavailable in the calling thread. Idempotent. Not from the store's own thread.
    void stop();

    // All or nothing, answered on the store thread after the commit. DiskFull below the floor.
    void accept(
        AcceptBatch batch, std::function<void(Result<std::vector<AcceptedItem>>)> reply) override;

    // Runs `work` in a transaction of the store thread that other jobs share. An error from it
    // undoes what it wrote and nothing else, and is what `reply` gets. `reply` runs exactly once,
    // on the store thread, after the commit. `rows` is about how many rows it writes: a job should
    // stay below a few thousand, because everybody's commit waits for it.
    void write(std::function<Status(WriteTransaction&)> work, std::function<void(Status)> reply,
        std::int64_t rows = 1);

    // New deliveries, after the commit that made them true; on the store thread. One listener, {}
    // removes it.
    void onArrivals(std::function<void(const std::vector<Arrivals>&)> listener);

    // What waits is as it should be: nothing may be delivered before.
    [[nodiscard]] bool isRecovered() const;
    [[nodiscard]] StoreSnapshot stats() const; // two stat() calls and a copy: not for every event
    [[nodiscard]] StoreCounters counters() const;
    [[nodiscard]] std::int64_t deadLetters(ShardKey shard) const; // of counters(), without the copy
    [[nodiscard]] const std::string& databasePath() const { return m_path; }
    [[nodiscard]] const std::string& directory() const { return m_options.directory; }
    [[nodiscard]] const Clock& clock() const { return m_clock; }
    // Unique in the data directory and growing with time.
    [[nodiscard]] RequestId nextRequestId();

private:
    friend class SqlDeliveryStore;

    Store(StoreOptions options, const Clock& clock);
    // Jobs of this room that cannot fail on their own account; see Writer::post.
    void writeUnguarded(std::function<Status(WriteTransaction&)> work,
        std::function<void(Status)> reply, std::int64_t rows, bool isBounded);

    const StoreOptions m_options;
    const std::string m_path;
    const Clock& m_clock;
    std::unique_ptr<DirectoryLock> m_lock;
    std::unique_ptr<Writer> m_writer;
};

} // namespace engine::store

// The store's one writing thread: a bounded queue of jobs, group commit, recovery from failure.
#pragma once

#include "core/clock.h"
#include "store/accept.h"
#include "store/counters.h"
#include "store/store.h"
#include "store/write_transaction.h"

#include <QLoggingCategory>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <variant>

namespace engine::store {

Q_DECLARE_LOGGING_CATEGORY(lcStore)

struct AcceptJob {
    AcceptBatch batch {};
    std::function<void(Result<std::vector<AcceptedItem>>)> reply {};
    std::vector<AcceptedItem> items {};
};
struct WorkJob {
    std::function<Status(WriteTransaction&)> work {};
    std::function<void(Status)> reply {};
    bool isGuarded { false }; // an error undoes this job alone; otherwise the whole commit fails
};
struct Job {
    std::variant<AcceptJob, WorkJob> what {};
    std::int64_t rows { 1 }; // about how many it writes: ends a batch
    std::int64_t bytes { 0 }; // held while queued
    // A mark or an outcome: into the next commit, whatever was accepted before it and still waits.
    // Delivery has one of each a request, so behind a full queue of accepted batches it would stop.
    bool isUrgent { false };
    std::optional<Error> refusal {}; // decided before it ran; still replied to in its turn
    SteadyTime queuedAt {};
};

// Any thread posts; everything else happens in the thread that this class owns.
class Writer {
public:
    Writer(StoreOptions options, std::string path, const Clock& clock);
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    ~Writer();

    // Starts the thread, which opens, migrates and recovers; returns when that is done.
    [[nodiscard]] Status start();
    // Every queued job is committed and answered, then the thread ends. Idempotent.
    void stop();

    // `isBounded` jobs are refused while the queue is full; outcomes never are: each belongs to a
    // request in flight, of which there are few, and its loss would send the request again.
    void post(Job job, bool isBounded);
    void onArrivals(std::function<void(const std::vector<Arrivals>&)> listener);

    [[nodiscard]] StoreCounters counters() const { return m_counters.read(); }
    [[nodiscard]] std::int64_t deadLetters(ShardKey shard) const
    {
        return m_counters.deadLetters(shard);
    }
    [[nodiscard]] StoreHealth health() const;
    [[nodiscard]] RequestId nextRequestId();
    [[nodiscard]] bool isRecovered() const { return m_isRecovered; }

private:
    void run(std::promise<Status> opened);
    [[nodiscard]] bool isDrained() const;
    [[nodiscard]] Status open();
    [[nodiscard]] Status connect();
    [[nodiscard]] Status upgrade(Connection& connection) const;
    [[nodiscard]] Status recover();
    [[nodiscard]] Status recoverOnce();
    // The jobs of the next commit. Both kinds share it where that costs the urgent ones nothing;
    // in front of a large part of the others they have one to themselves, in turn, so that neither
    // kind waits for all of the other.
    [[nodiscard]] std::vector<Job> take();
    struct Queue;
    void takeFrom(Queue& queue, std::vector<Job>& batch); // with m_mutex held
    void process(std::vector<Job> batch);
    [[nodiscard]] Status write(std::vector<Job>& batch, bool& isJobFault);
    [[nodiscard]] Status runJobs(WriteTransaction& transaction, std::vector<Job>& batch);
    void reply(std::vector<Job>& batch, const Status& outcome);
    void failed(const Error& error);
    void overwriteRejected();
    void idle();
    [[nodiscard]] static std::int64_t pagesOf(
        const Changes& changes, const std::vector<Job>& batch);

    // writer_room.cpp
    [[nodiscard]] DiskSpace diskSpace() const;
    [[nodiscard]] std::int64_t floorOf(const DiskSpace& space) const;
    [[nodiscard]] bool isDiskLow(const DiskSpace& space);
    void refuseIfDiskIsLow(std::vector<Job>& batch);
    [[nodiscard]] tl::unexpected<Error> noRoomFor(
        const std::string& what, std::int64_t bytes, const Error& error) const;
    struct LogState {
        std::int64_t pages { 0 };
        std::int64_t copied { 0 }; // of them, into the database
        bool isBusy { false }; // a reader was in the way
    };
    void checkpoint(bool isLast);
    [[nodiscard]] LogState copyLog(const std::string& mode);
    void tellLog(const LogState& log);

    const StoreOptions m_options;
    const std::string m_path;
    const Clock& m_clock;
    Counters m_counters {};
    std::atomic<std::int64_t> m_lastRequestId { 0 };
    std::atomic<bool> m_isRecovered { false };

    // Store thread only.
    std::unique_ptr<Connection> m_connection {};
    WriterCaches m_caches {};
    std::vector<Arrivals> m_arrived {};
    bool m_wasUrgentAlone { false }; // in the last commit
    std::int64_t m_pagesSinceCheckpoint { 0 };
    std::int64_t m_logToldAtPages { 0 }; // 0: nothing holds it

    mutable std::mutex m_mutex; // guards what follows
    std::condition_variable m_wake;
    // Each in the order of posting. An urgent job overtakes the others: its rows were committed
    // before it was posted, so it waits for nothing that is still in the other queue. What is
    // posted there after it runs after it, as ever.
    struct Queue {
        std::deque<Job> jobs {};
        std::int64_t rows { 0 };
        std::int64_t bytes { 0 };
    };
    Queue m_urgent {};
    Queue m_queue {};
    bool m_isStopping { false };
    StoreHealth m_health {};
    std::function<void(const std::vector<Arrivals>&)> m_listener {};

    std::thread m_thread {};
};

} // namespace engine::store

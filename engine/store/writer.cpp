#include "store/writer.h"

#include "store/outcomes.h"
#include "store/pace_rows.h"
#include "store/schema.h"
#include "store/taken_rows.h"

namespace engine::store {

Q_LOGGING_CATEGORY(lcStore, "engine.store")

namespace {

const Sql kProbe { "UPDATE counter SET value = value + 1 WHERE name = 'probe'" };

// 4 MiB of write-ahead log: deliveries that came and went meanwhile are then written to the
// database once or never, and whoever posts during the copy waits some milliseconds. With 16 MiB
// the rate of single posts was the same and their 99th percentile 24 ms in place of 15.
constexpr std::int64_t kCheckpointPages = 1'024;
constexpr std::int64_t kIndexBytes = 65'536; // 32 KiB and a little more: the log's head
constexpr std::chrono::seconds kIdleStep { 1 };
// Rows that take about as long to write as a commit of their own would take to sync.
constexpr std::int64_t kRowsShared = 1'024;

Error stoppedError() { return { ErrorCode::Unavailable, "The store is stopping.", {}, {} }; }

void answer(Job& job, const Error* error)
{
    if (auto* accepting = std::get_if<AcceptJob>(&job.what)) {
        if (!accepting->reply)
            return;
        if (error != nullptr)
            accepting->reply(tl::unexpected(*error));
        else
            accepting->reply(std::move(accepting->items));
        return;
    }
    auto& working = std::get<WorkJob>(job.what);
    if (!working.reply)
        return;
    if (error != nullptr)
        working.reply(tl::unexpected(*error));
    else
        working.reply({});
}

} // namespace

Writer::Writer(StoreOptions options, std::string path, const Clock& clock)
    : m_options(std::move(options))
    , m_path(std::move(path))
    , m_clock(clock)
{
}

Writer::~Writer() { stop(); }

Status Writer::start()
{
    std::promise<Status> opened;
    std::future<Status> isOpen = opened.get_future();
    m_thread
        = std::thread([this, promise = std::move(opened)]() mutable { run(std::move(promise)); });
    Status outcome = isOpen.get();
    if (!outcome)
        stop();
    return outcome;
}

void Writer::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isStopping = true;
    }
    m_wake.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

void Writer::post(Job job, bool isBounded)
{
    job.queuedAt = std::chrono::steady_clock::now();
    {
        const std::lock_guard lock(m_mutex);
        if (!m_isStopping) {
            Queue& queue = job.isUrgent ? m_urgent : m_queue;
            const bool isFull = std::ssize(queue.jobs) >= m_options.queueJobsMax
                || (queue.bytes > 0 && queue.bytes + job.bytes > m_options.queueBytesMax);
            if (isFull && isBounded) {
                // It keeps its place in the queue, so that replies come in order and from one
                // thread, but nothing of its weight.
                job.refusal = Error { ErrorCode::Unavailable,
                    "The store is busy: its queue is full.", {}, {} };
                if (auto* accepting = std::get_if<AcceptJob>(&job.what))
                    accepting->batch = {};
                job.rows = 0;
                job.bytes = 0;
            }
            queue.rows += job.rows;
            queue.bytes += job.bytes;
            queue.jobs.push_back(std::move(job));
            m_wake.notify_one();
            return;
        }
    }
    const Error error = stoppedError();
    answer(job, &error);
}

void Writer::onArrivals(std::function<void(const std::vector<Arrivals>&)> listener)
{
    const std::lock_guard lock(m_mutex);
    m_listener = std::move(listener);
}

StoreHealth Writer::health() const
{
    const std::lock_guard lock(m_mutex);
    return m_health;
}

RequestId Writer::nextRequestId()
{
    std::int64_t last = m_lastRequestId.load();
    std::int64_t next = 0;
    do {
        next = std::max(last + 1, toUnixMicros(m_clock.wallNow()));
    } while (!m_lastRequestId.compare_exchange_weak(last, next));
    return RequestId { next };
}

void Writer::run(std::promise<Status> opened)
{
    const Status outcome = open();
    const bool isOpen = outcome.has_value();
    opened.set_value(outcome);
    while (isOpen) {
        std::vector<Job> batch = take();
        if (!batch.empty()) {
            process(std::move(batch));
            continue;
        }
        if (isDrained())
            break;
        idle();
    }
    if (isOpen && m_connection)
        checkpoint(true);
    m_connection.reset();
}

bool Writer::isDrained() const
{
    const std::lock_guard lock(m_mutex);
    return m_isStopping && m_urgent.jobs.empty() && m_queue.jobs.empty();
}

Status Writer::open()
{
    if (Status done = connect(); !done) {
        // The log's index is a file too. A clean end removes it, and without it nothing can be
        // read.
        const bool hasNoRoom
            = done.error().code == ErrorCode::Storage && diskSpace().freeBytes < kIndexBytes;
        if (hasNoRoom)
            return noRoomFor("The data cannot be opened without the index of their log.",
                kIndexBytes, done.error());
        return done;
    }
    Status recovered = recover();
    if (recovered || recovered.error().code != ErrorCode::DiskFull)
        return recovered;
    // What was kept can be read, and operators can see why nothing goes. The connection has rolled
    // back and stays: its log is what readers read.
    const std::lock_guard lock(m_mutex);
    qCWarning(lcStore) << "started on a full disk: nothing is accepted or sent until there is room";
    m_health.canCommit = false;
    m_health.problem = recovered.error().message;
    return {};
}

Status Writer::connect()
{
    auto connection
        = Connection::open({ .path = m_path, .isReadOnly = false, .cacheKiB = m_options.cacheKiB });
    if (!connection)
        return tl::unexpected(connection.error());
    if (Status done = upgrade(**connection); !done)
        return done;
    // Everything kept in memory is read again: after a failed commit only the file knows what
    // became of it.
    auto counters = loadCounters(**connection);
    if (!counters)
        return tl::unexpected(counters.error());
    const auto lastSeq = loadLastSeq(**connection);
    if (!lastSeq)
        return tl::unexpected(lastSeq.error());
    m_counters.reset(std::move(*counters));
    m_caches = {};
    m_caches.lastSeq = *lastSeq;
    m_connection = std::move(*connection);
    return {};
}

Status Writer::upgrade(Connection& connection) const
{
    Status done = migrate(connection, migrations());
    if (!done && done.error().code == ErrorCode::DiskFull) {
        // A log that was copied into the database starts over in the room that it has.
        static_cast<void>(connection.exec("PRAGMA wal_checkpoint(RESTART)"));
        done = migrate(connection, migrations());
    }
    if (done || done.error().code != ErrorCode::DiskFull)
        return done;
    return noRoomFor("This version has to change the layout of the data before it can use them.",
        roomForMigration(connection, migrations()), done.error());
}

Status Writer::recover()
{
    if (m_isRecovered)
        return {};
    Status done = recoverOnce();
    if (!done && done.error().code == ErrorCode::DiskFull) {
        // A log that was copied into the database starts over in the room that it has.
        checkpoint(false);
        done = recoverOnce();
    }
    m_isRecovered = done.has_value();
    return done;
}

Status Writer::recoverOnce()
{
    const auto lastRequest = m_connection->number("SELECT max(id) FROM request");
    if (!lastRequest)
        return tl::unexpected(lastRequest.error());
    m_lastRequestId = *lastRequest;
    auto transaction = Transaction::begin(*m_connection);
    if (!transaction)
        return tl::unexpected(transaction.error());
    WriteTransaction writing(*m_connection, m_caches, m_clock.wallNow());
    // Before due times are clamped, which changes keys.
    const auto encoding = EncodingMark::left(m_options.directory);
    if (encoding) {
        qCWarning(lcStore,
            "the last run ended while delivery %lld of shard %lld was encoded: that was an attempt",
            static_cast<long long>(toInt(encoding->key.seq)),
            static_cast<long long>(toInt(encoding->shard)));
        if (Status done = countEncoding(writing, *encoding); !done)
            return done;
    }
    const auto lost = recoverRequests(writing);
    if (!lost)
        return tl::unexpected(lost.error());
    if (Status done = takeBackCancelled(writing); !done)
        return done;
    if (Status done = dropEndedPace(writing); !done)
        return done;
    if (Status done = writing.flush(); !done)
        return done;
    if (Status done = (*transaction)->commit(); !done)
        return done;
    EncodingMark::forget(m_options.directory);
    m_counters.apply(writing.changes());
    const std::lock_guard lock(m_mutex);
    m_health.unknownAtStart = *lost;
    return {};
}

std::vector<Job> Writer::take()
{
    std::unique_lock lock(m_mutex);
    const auto isEmpty = [this] { return m_urgent.jobs.empty() && m_queue.jobs.empty(); };
    m_wake.wait_for(lock, kIdleStep, [&] { return !isEmpty() || m_isStopping; });
    if (isEmpty())
        return {};
    SteadyTime first = SteadyTime::max();
    for (const Queue* queue : { &m_urgent, &m_queue }) {
        if (!queue->jobs.empty())
            first = std::min(first, queue->jobs.front().queuedAt);
    }
    // Real time, not the injected clock: this is how long a thread sleeps, not a decision.
    m_wake.wait_until(lock, first + m_options.commitDelay, [this] {
        return m_urgent.rows + m_queue.rows >= m_options.commitRowsMax
            || m_queue.bytes >= m_options.commitBytesMax || m_isStopping;
    });
    std::vector<Job> batch;
    takeFrom(m_urgent, batch);
    m_wasUrgentAlone = !batch.empty() && !m_wasUrgentAlone && m_queue.rows > kRowsShared;
    if (!m_wasUrgentAlone)
        takeFrom(m_queue, batch);
    return batch;
}

void Writer::takeFrom(Queue& queue, std::vector<Job>& batch)
{
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
    while (
        !queue.jobs.empty() && rows < m_options.commitRowsMax && bytes < m_options.commitBytesMax) {
        Job& next = queue.jobs.front();
        rows += next.rows;
        bytes += next.bytes;
        queue.rows -= next.rows;
        queue.bytes -= next.bytes;
        batch.push_back(std::move(next));
        queue.jobs.pop_front();
    }
}

void Writer::process(std::vector<Job> batch)
{
    refuseIfDiskIsLow(batch);
    m_arrived.clear();
    bool isJobFault = false;
    const Status outcome = write(batch, isJobFault);
    if (isJobFault && batch.size() > 1) {
        // One of them cannot be written. Alone it fails alone, and the others are kept.
        m_connection.reset();
        for (Job& job : batch) {
            if (auto* accepting = std::get_if<AcceptJob>(&job.what))
                accepting->items.clear();
            std::vector<Job> single;
            single.push_back(std::move(job));
            process(std::move(single));
        }
        return;
    }
    if (outcome) {
        const std::lock_guard lock(m_mutex);
        m_health.canCommit = true;
        if (!m_health.isIngressStopped)
            m_health.problem.clear();
    } else {
        failed(outcome.error());
    }
    reply(batch, outcome);
    if (outcome && !m_arrived.empty()) {
        std::function<void(const std::vector<Arrivals>&)> listener;
        {
            const std::lock_guard lock(m_mutex);
            listener = m_listener;
        }
        if (listener)
            listener(m_arrived);
    }
    if (outcome && m_pagesSinceCheckpoint >= kCheckpointPages)
        checkpoint(false);
}

// `isJobFault`: a job failed before the commit, so nothing of the batch is on disk for certain.
Status Writer::write(std::vector<Job>& batch, bool& isJobFault)
{
    if (!m_connection) {
        if (Status done = connect(); !done)
            return done;
    }
    if (Status done = recover(); !done)
        return done;
    auto transaction = Transaction::begin(*m_connection);
    if (!transaction)
        return tl::unexpected(transaction.error());
    WriteTransaction writing(*m_connection, m_caches, m_clock.wallNow());
    if (Status done = runJobs(writing, batch); !done) {
        // A full disk would refuse each of them too.
        isJobFault = done.error().code != ErrorCode::DiskFull;
        return done;
    }
    if (Status done = writing.flush(); !done)
        return done;
    if (m_options.beforeCommit) {
        if (Status done = m_options.beforeCommit(); !done)
            return done;
    }
    if (Status done = (*transaction)->commit(); !done) {
        transaction->reset();
        overwriteRejected();
        return done;
    }
    m_counters.apply(writing.changes());
    m_arrived = writing.arrivals();
    m_pagesSinceCheckpoint += pagesOf(writing.changes(), batch);
    return {};
}

Status Writer::runJobs(WriteTransaction& transaction, std::vector<Job>& batch)
{
    std::vector<AcceptPart> parts;
    for (Job& job : batch) {
        auto* accepting = std::get_if<AcceptJob>(&job.what);
        if (accepting != nullptr && !job.refusal)
            parts.push_back({ &accepting->batch, &accepting->items });
    }
    if (!parts.empty()) {
        if (Status done = accept(transaction, parts); !done)
            return done;
    }
    for (Job& job : batch) {
        auto* working = std::get_if<WorkJob>(&job.what);
        if (working == nullptr || job.refusal)
            continue;
        if (!working->isGuarded) {
            if (Status done = working->work(transaction); !done)
                return done;
            continue;
        }
        const Result<Status> guarded = transaction.guarded(working->work);
        if (!guarded)
            return tl::unexpected(guarded.error());
        if (!*guarded)
            job.refusal = guarded->error();
    }
    return {};
}

void Writer::reply(std::vector<Job>& batch, const Status& outcome)
{
    for (Job& job : batch) {
        const Error* error = nullptr;
        if (job.refusal)
            error = &*job.refusal;
        else if (!outcome)
            error = &outcome.error();
        answer(job, error);
    }
}

void Writer::failed(const Error& error)
{
    // What a failed write left in the connection is unknown. A new one reads the file as it is.
    m_connection.reset();
    const std::lock_guard lock(m_mutex);
    if (m_health.canCommit)
        qCWarning(lcStore) << "commit failed:" << error.message.c_str() << error.detail.c_str();
    m_health.canCommit = false;
    m_health.problem = error.message;
}

// When the sync of a commit fails, all of it stands in the log already, with checksums that are
// right; only the index of the log, in memory, does not count it. As long as this process lives
// that is enough. But who opens the log without that index (after kill -9, or once the last
// connection was closed) reads the log itself and would find a commit that was answered as failed.
// So another one is written over it, at once and in the same place: each frame's checksum continues
// the one before, so one other frame ends the chain. Whether the sync of this one fails too does
// not matter: what may come back then is its counter. What a power cut keeps of a log that could
// not be synced is up to the disk: that commit as a whole, or nothing of it. If it does come back,
// an event that was answered 503 is delivered once more than its client knows of; sent again with
// its id it is a duplicate. And a mark that comes back is a request that was in flight.
void Writer::overwriteRejected()
{
    auto transaction = Transaction::begin(*m_connection);
    if (transaction && m_connection->statement(kProbe).exec())
        static_cast<void>((*transaction)->commit());
}

void Writer::idle()
{
    std::vector<Job> nothing;
    refuseIfDiskIsLow(nothing);
    if (!health().canCommit) {
        // Nobody may ask while we answer "cannot commit", so this asks.
        std::vector<Job> probe(1);
        probe.front().what = WorkJob { [](WriteTransaction& transaction) {
                                          return transaction.connection().statement(kProbe).exec();
                                      },
            {}, false };
        process(std::move(probe));
    }
    if (m_connection && m_pagesSinceCheckpoint > 0)
        checkpoint(false);
    else if (m_connection && m_logToldAtPages > 0)
        tellLog(copyLog("PASSIVE")); // the reader may have gone
}

std::int64_t Writer::pagesOf(const Changes& changes, const std::vector<Job>& batch)
{
    // Roughly what the commit appended to the log: payloads in full pages, a page per dedup entry
    // (random keys), and per shard and lane the end of its range. Exactness does not matter, only
    // that it grows with the log.
    constexpr std::int64_t kPayloadBytesPerPage = 3'000;
    constexpr std::int64_t kRowsPerPage = 64;
    std::int64_t pages = 4 + changes.events + 2 * std::ssize(changes.lanes);
    for (const Job& job : batch)
        pages += job.bytes / kPayloadBytesPerPage + job.rows / kRowsPerPage;
    return pages;
}

} // namespace engine::store

#include "store/store.h"

#include "store/directory_lock.h"
#include "store/writer.h"

#include <filesystem>
#include <system_error>

namespace engine::store {
namespace {

std::int64_t sizeOf(const std::string& path)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    return error ? 0 : static_cast<std::int64_t>(size);
}

} // namespace

Store::Store(StoreOptions options, const Clock& clock)
    : m_options(std::move(options))
    , m_path(m_options.directory + "/spillway.db")
    , m_clock(clock)
{
}

Store::~Store() { stop(); }

Result<std::unique_ptr<Store>> Store::open(StoreOptions options, const Clock& clock)
{
    std::unique_ptr<Store> store(new Store(std::move(options), clock));
    auto lock = DirectoryLock::acquire(store->m_options.directory);
    if (!lock)
        return tl::unexpected(lock.error());
    store->m_lock = std::move(*lock);
    store->m_writer = std::make_unique<Writer>(store->m_options, store->m_path, clock);
    if (Status started = store->m_writer->start(); !started)
        return tl::unexpected(started.error());
    return store;
}

void Store::stop()
{
    if (m_writer)
        m_writer->stop();
}

void Store::accept(AcceptBatch batch, std::function<void(Result<std::vector<AcceptedItem>>)> reply)
{
    Job job;
    job.rows = 0;
    for (const NewEvent& event : batch.events) {
        job.rows += 2 + std::ssize(event.deliveries);
        job.bytes += static_cast<std::int64_t>(event.payload.size() + sizeof(NewEvent))
            + std::ssize(event.deliveries) * static_cast<std::int64_t>(sizeof(NewDelivery));
    }
    job.what = AcceptJob { std::move(batch), std::move(reply), {} };
    m_writer->post(std::move(job), true);
}

void Store::write(std::function<Status(WriteTransaction&)> work, std::function<void(Status)> reply,
    std::int64_t rows)
{
    Job job;
    job.rows = rows;
    job.what = WorkJob { std::move(work), std::move(reply), true };
    m_writer->post(std::move(job), true);
}

void Store::writeUnguarded(std::function<Status(WriteTransaction&)> work,
    std::function<void(Status)> reply, std::int64_t rows, bool isBounded)
{
    Job job;
    job.rows = rows;
    job.isUrgent = true;
    job.what = WorkJob { std::move(work), std::move(reply), false };
    m_writer->post(std::move(job), isBounded);
}

void Store::onArrivals(std::function<void(const std::vector<Arrivals>&)> listener)
{
    m_writer->onArrivals(std::move(listener));
}

StoreSnapshot Store::stats() const
{
    const StoreHealth health = m_writer->health();
    const StoreCounters counters = m_writer->counters();
    StoreSnapshot snapshot;
    snapshot.journalBytes = sizeOf(m_path) + sizeOf(m_path + "-wal");
    if (m_options.diskSpace) {
        const DiskSpace space = m_options.diskSpace();
        snapshot.diskFreeBytes = space.freeBytes;
        snapshot.diskTotalBytes = space.totalBytes;
    } else {
        std::error_code error;
        const auto space = std::filesystem::space(m_options.directory, error);
        snapshot.diskFreeBytes = error ? 0 : static_cast<std::int64_t>(space.available);
        snapshot.diskTotalBytes = error ? 0 : static_cast<std::int64_t>(space.capacity);
    }
    snapshot.canCommit = health.canCommit;
    snapshot.isIngressStopped = health.isIngressStopped;
    snapshot.problem = health.problem.empty() ? health.logProblem : health.problem;
    snapshot.events = counters.events;
    snapshot.waiting = counters.waiting;
    snapshot.deadLetters = counters.deadLetters;
    snapshot.removedByRetentionTotal = counters.removedByRetention;
    snapshot.unknownAtStart = health.unknownAtStart;
    snapshot.reusableBytes = health.reusableBytes;
    return snapshot;
}

bool Store::isRecovered() const { return m_writer->isRecovered(); }

StoreCounters Store::counters() const { return m_writer->counters(); }

std::int64_t Store::deadLetters(ShardKey shard) const { return m_writer->deadLetters(shard); }

RequestId Store::nextRequestId() { return m_writer->nextRequestId(); }

} // namespace engine::store

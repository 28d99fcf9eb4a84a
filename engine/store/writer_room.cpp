// What the writer does about room: the floor of the disk, and the write-ahead log.
#include "store/writer.h"

#include <filesystem>
#include <system_error>
#include <utility>

namespace engine::store {
namespace {

constexpr int kReaderWaitMs = 200;

constexpr std::int64_t kPageBytes = 4'096;
constexpr std::int64_t kPagesPerMiB = 256;
constexpr std::int64_t kFloorBytesMax = 1'073'741'824;
constexpr std::int64_t kLogBytesKept = 67'108'864; // journal_size_limit
constexpr std::int64_t kKiB = 1'024;

} // namespace

DiskSpace Writer::diskSpace() const
{
    if (m_options.diskSpace)
        return m_options.diskSpace();
    std::error_code error;
    const auto space = std::filesystem::space(m_options.directory, error);
    if (error)
        return {};
    return { static_cast<std::int64_t>(space.available),
        static_cast<std::int64_t>(space.capacity) };
}

tl::unexpected<Error> Writer::noRoomFor(
    const std::string& what, std::int64_t bytes, const Error& error) const
{
    const auto inKiB
        = [](std::int64_t size) { return std::to_string((size + kKiB - 1) / kKiB) + " KiB"; };
    return fail(ErrorCode::DiskFull,
        "The disk of " + m_options.directory + " is full. " + what + " That takes about "
            + inKiB(bytes) + ", and " + inKiB(diskSpace().freeBytes)
            + " are free: free as much there, outside this directory, and start again. What is "
              "kept is as it was.",
        {}, error.detail);
}

std::int64_t Writer::floorOf(const DiskSpace& space) const
{
    return m_options.diskFloorBytes.value_or(std::min(kFloorBytesMax, space.totalBytes / 20));
}

// Pages that retention freed are room too: SQLite writes there before the file grows. The disk
// itself needs only what the write-ahead log may take.
bool Writer::isDiskLow(const DiskSpace& space)
{
    const std::int64_t floor = floorOf(space);
    if (space.freeBytes >= floor)
        return false;
    std::int64_t reusable = 0;
    if (m_connection)
        reusable = m_connection->number("PRAGMA freelist_count").value_or(0) * kPageBytes;
    {
        const std::lock_guard lock(m_mutex);
        m_health.reusableBytes = reusable;
    }
    return space.freeBytes < std::min(floor, kLogBytesKept) || space.freeBytes + reusable < floor;
}

void Writer::refuseIfDiskIsLow(std::vector<Job>& batch)
{
    DiskSpace space = diskSpace();
    const std::int64_t floor = floorOf(space);
    // Copying the log makes the database grow by as much at most. Near the floor it is copied now:
    // later it would take the space that the floor keeps for outcomes and for the next start.
    const std::int64_t logBytes = m_pagesSinceCheckpoint * kPageBytes;
    if (m_connection && logBytes > 0 && space.freeBytes >= floor
        && space.freeBytes < floor + logBytes) {
        checkpoint(false);
        space = diskSpace();
    }
    const bool isLow = isDiskLow(space);
    {
        const std::lock_guard lock(m_mutex);
        if (m_health.isIngressStopped != isLow)
            qCWarning(lcStore) << (isLow ? "disk floor reached, accepting nothing"
                                         : "disk space is back, accepting again");
        m_health.isIngressStopped = isLow;
        if (isLow)
            m_health.problem = "The disk is nearly full: nothing is accepted.";
    }
    if (!isLow)
        return;
    for (Job& job : batch) {
        if (std::holds_alternative<AcceptJob>(job.what) && !job.refusal) {
            job.refusal = Error { ErrorCode::DiskFull,
                "The disk is nearly full: nothing is accepted.", {}, {} };
        }
    }
}

Writer::LogState Writer::copyLog(const std::string& mode)
{
    Statement statement = m_connection->prepare("PRAGMA wal_checkpoint(" + mode + ")");
    const Status done = statement.exec();
    LogState log;
    if (done && statement.next())
        log = { .pages = statement.integer(1),
            .copied = statement.integer(2),
            .isBusy = statement.integer(0) != 0 };
    if (!done)
        qCWarning(lcStore) << "checkpoint failed:" << done.error().detail.c_str();
    return log;
}

void Writer::checkpoint(bool isLast)
{
    m_pagesSinceCheckpoint = 0;
    LogState log = copyLog(isLast ? "TRUNCATE" : "PASSIVE");
    if (isLast)
        return;
    if (log.pages >= m_options.logPagesMax) {
        // Some reader was always there. Waiting for readers delays commits, so it is bounded, and
        // it happens once per kCheckpointPages at most.
        static_cast<void>(
            m_connection->exec("PRAGMA busy_timeout=" + std::to_string(kReaderWaitMs)));
        log = copyLog("RESTART");
        static_cast<void>(m_connection->exec("PRAGMA busy_timeout=2000"));
    }
    tellLog(log);
}

// None of our own readers stays for longer than a call, so it is something else that has the file
// open, and only its owner can end that. Commits go on: the disk floor is the bound.
void Writer::tellLog(const LogState& log)
{
    const bool isHeld
        = log.pages >= m_options.logPagesMax && (log.isBusy || log.copied < log.pages);
    if (!isHeld) {
        if (std::exchange(m_logToldAtPages, 0) == 0)
            return;
        qCInfo(lcStore) << "the write-ahead log can start over again";
        const std::lock_guard lock(m_mutex);
        m_health.logProblem.clear();
        return;
    }
    std::string text = "The write-ahead log has grown to "
        + std::to_string(log.pages / kPagesPerMiB) + " MiB (at most "
        + std::to_string(m_options.logPagesMax / kPagesPerMiB)
        + " MiB are meant), because a reader keeps it from starting over: close what else has "
        + m_path + " open, a backup or a database browser.";
    if (m_logToldAtPages == 0 || log.pages >= 2 * m_logToldAtPages) {
        qCWarning(lcStore) << text.c_str();
        m_logToldAtPages = log.pages;
    }
    const std::lock_guard lock(m_mutex);
    m_health.logProblem = std::move(text);
}

} // namespace engine::store

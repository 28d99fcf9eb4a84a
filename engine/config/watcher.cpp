#include "config/watcher.h"

#include <sys/stat.h>

namespace engine::config {

FileWatcher::FileWatcher(std::string path, QObject* parent)
    : QObject(parent)
    , m_path(std::move(path))
    , m_reported(look())
    , m_last(m_reported)
    , m_timer(this)
{
    m_timer.setInterval(std::chrono::milliseconds { 500 });
    connect(&m_timer, &QTimer::timeout, this, &FileWatcher::check);
    m_timer.start();
}

FileWatcher::Stamp FileWatcher::look() const
{
    struct stat status { };
    if (::stat(m_path.c_str(), &status) != 0)
        return {};
    return { status.st_size,
        std::int64_t { status.st_mtim.tv_sec } * 1'000'000'000 + status.st_mtim.tv_nsec,
        status.st_ino };
}

void FileWatcher::check()
{
    const Stamp now = look();
    const bool isStill = now == m_last;
    m_last = now;
    // A file that is gone for a moment is being replaced.
    m_looksGone = now.bytes < 0 ? m_looksGone + 1 : 0;
    const bool isBeingReplaced = now.bytes < 0 && m_looksGone < kLooksGone;
    if (!isStill || now == m_reported || isBeingReplaced)
        return;
    m_reported = now;
    Q_EMIT changed();
}

} // namespace engine::config

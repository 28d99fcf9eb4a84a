#include "reader_thread.h"

namespace engine {

ReaderThread::ReaderThread(std::string databasePath)
    : m_databasePath(std::move(databasePath))
    , m_thread([this] { run(); })
{
}

ReaderThread::~ReaderThread() { stop(); }

void ReaderThread::ask(Work work)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_isStopping && m_queue.size() < kWaitingMax) {
            m_queue.push_back(std::move(work));
            m_wake.notify_one();
            return;
        }
    }
    work(fail(
        ErrorCode::Unavailable, "too many questions wait, or the engine is stopping; ask again"));
}

void ReaderThread::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isStopping = true;
        m_wake.notify_one();
    }
    if (m_thread.joinable())
        m_thread.join();
}

void ReaderThread::run()
{
    std::unique_ptr<store::Reader> reader;
    for (;;) {
        Work work;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_isStopping || !m_queue.empty(); });
            if (m_queue.empty())
                return;
            work = std::move(m_queue.front());
            m_queue.pop_front();
        }
        if (!reader) {
            auto opened = store::Reader::open(m_databasePath);
            if (!opened) {
                work(tl::unexpected(opened.error()));
                continue;
            }
            reader = std::move(*opened);
        }
        work(reader.get());
    }
}

} // namespace engine

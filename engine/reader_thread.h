// One thread with a read-only connection to the store: pages, searches, previews. Nobody who asks
// ever waits.
#pragma once

#include "store/reader.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace engine {

// Any thread may ask(); the work runs in this thread, in order.
class ReaderThread {
public:
    using Work = std::function<void(Result<store::Reader*>)>;

    explicit ReaderThread(std::string databasePath);
    ~ReaderThread(); // stop()
    ReaderThread(const ReaderThread&) = delete;
    ReaderThread& operator=(const ReaderThread&) = delete;

    // Work gets an error in place of the reader when the file cannot be opened, when too much waits
    // already, or after stop(); then it may run in the calling thread.
    void ask(Work work);
    void stop(); // what was asked before is still answered; idempotent

    static constexpr std::size_t kWaitingMax = 256;

private:
    void run();

    std::string m_databasePath;
    std::mutex m_mutex; // guards what follows
    std::condition_variable m_wake;
    std::deque<Work> m_queue {};
    bool m_isStopping { false };
    std::thread m_thread;
};

} // namespace engine

// Notices that a file has changed, however it was written: in place, or renamed over.
#pragma once

#include <QObject>
#include <QTimer>

#include <string>

namespace engine::config {

// Looks twice a second at size, time and inode, and reads the content only when one of them moved.
// Not inotify: that loses a file which editors replace, does not work on network file systems, and
// half a second is soon enough. Lives in a thread with an event loop.
class FileWatcher final : public QObject {
    Q_OBJECT
public:
    explicit FileWatcher(std::string path, QObject* parent = nullptr);

Q_SIGNALS:
    // Once per new content, after it has been still for one look, so that a half-written file is
    // not read; and once when the file stays away.
    void changed();

private:
    struct Stamp {
        std::int64_t bytes { -1 };
        std::int64_t changedNs { 0 };
        std::uint64_t inode { 0 };
        friend bool operator==(const Stamp&, const Stamp&) = default;
    };
    [[nodiscard]] Stamp look() const;
    void check();

    static constexpr int kLooksGone = 6; // three seconds

    std::string m_path;
    Stamp m_reported {};
    Stamp m_last {};
    int m_looksGone { 0 };
    QTimer m_timer {};
};

} // namespace engine::config

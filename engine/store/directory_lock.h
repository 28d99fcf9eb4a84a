// One process per data directory.
#pragma once

#include <engine/result.h>

#include <memory>
#include <string>

namespace engine::store {

// Holds DIRECTORY/lock until it is destroyed. The kernel releases it when the process ends, however
// it ends, so a stale file never keeps anybody out. The file holds the pid, for people and for the
// error message only.
class DirectoryLock {
public:
    // Makes the directory (0700) when it is missing. A directory that others may enter is made ours
    // alone when it is empty or already a data directory, and refused otherwise: --data /tmp must
    // not lock everybody else out of /tmp. Conflict says which pid holds the lock.
    [[nodiscard]] static Result<std::unique_ptr<DirectoryLock>> acquire(
        const std::string& directory);
    DirectoryLock(const DirectoryLock&) = delete;
    DirectoryLock& operator=(const DirectoryLock&) = delete;
    ~DirectoryLock();

private:
    explicit DirectoryLock(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    int m_descriptor { -1 };
};

} // namespace engine::store

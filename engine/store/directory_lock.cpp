#include "store/directory_lock.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace engine::store {
namespace {

tl::unexpected<Error> systemFailure(const std::string& what)
{
    const int code = errno;
    return fail(ErrorCode::Io, what, {}, std::generic_category().message(code));
}

Status makePrivate(const std::string& directory)
{
    std::error_code error;
    const std::filesystem::path path(directory);
    if (path.has_parent_path())
        std::filesystem::create_directories(path.parent_path(), error);
    if (::mkdir(directory.c_str(), 0700) == 0)
        return {};
    if (errno != EEXIST)
        return systemFailure("The data directory " + directory + " cannot be made.");
    struct stat info { };
    if (::stat(directory.c_str(), &info) != 0)
        return systemFailure("The data directory " + directory + " cannot be opened.");
    if (!S_ISDIR(info.st_mode)) {
        return fail(ErrorCode::BadRequest,
            "The data directory " + directory + " is a file. Name a directory of its own.");
    }
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) == 0)
        return {};
    const bool isOurs = std::filesystem::exists(path / "spillway.db", error)
        || std::filesystem::is_empty(path, error);
    if (!isOurs) {
        return fail(ErrorCode::BadRequest,
            "The data directory " + directory
                + " is open to other users and holds other files. Name a directory of its own.");
    }
    if (::chmod(directory.c_str(), 0700) != 0)
        return systemFailure("The data directory " + directory + " cannot be made private.");
    return {};
}

std::string holderOf(int descriptor)
{
    std::array<char, 32> text {};
    const ssize_t size = ::pread(descriptor, text.data(), text.size() - 1, 0);
    std::string pid(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    while (!pid.empty() && pid.back() == '\n')
        pid.pop_back();
    return pid.empty() ? std::string("unknown") : pid;
}

} // namespace

Result<std::unique_ptr<DirectoryLock>> DirectoryLock::acquire(const std::string& directory)
{
    if (Status made = makePrivate(directory); !made)
        return tl::unexpected(made.error());
    const std::string path = directory + "/lock";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return systemFailure("The lock file " + path + " cannot be opened.");
    std::unique_ptr<DirectoryLock> lock(new DirectoryLock(descriptor));
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return systemFailure("The lock file " + path + " cannot be locked.");
        return fail(ErrorCode::Conflict,
            "The data directory " + directory + " is in use by process " + holderOf(descriptor)
                + ".");
    }
    // Only for the message of a second start, so a full disk may keep it out: the lock holds all
    // the same. Written over the old number before it is cut: its block is there already.
    const std::string pid = std::to_string(::getpid()) + '\n';
    const ssize_t written = ::pwrite(descriptor, pid.data(), pid.size(), 0);
    if (::ftruncate(descriptor, std::max<ssize_t>(written, 0)) != 0)
        return systemFailure("The lock file " + path + " cannot be written.");
    return lock;
}

DirectoryLock::~DirectoryLock() { ::close(m_descriptor); }

} // namespace engine::store

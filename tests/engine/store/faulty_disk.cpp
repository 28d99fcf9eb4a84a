#include "faulty_disk.h"

#include <QtGlobal>

#include <sqlite3.h>

#include <atomic>
#include <new>

namespace engine::testing {
namespace {

std::atomic<bool> s_isFull { false };
std::atomic<bool> s_isSyncFailing { false };

sqlite3_vfs* s_real = nullptr;
sqlite3_vfs s_faulty;

// What SQLite allocates for a file of ours; the real one's memory follows it.
struct File {
    sqlite3_file base;
    sqlite3_io_methods methods;
};

sqlite3_file* realOf(sqlite3_file* file)
{
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<File*>(file) + 1);
}
const sqlite3_io_methods& methodsOf(sqlite3_file* file) { return *realOf(file)->pMethods; }

int closeFile(sqlite3_file* file) { return methodsOf(file).xClose(realOf(file)); }
int readFile(sqlite3_file* file, void* to, int bytes, sqlite3_int64 at)
{
    return methodsOf(file).xRead(realOf(file), to, bytes, at);
}
int writeFile(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 at)
{
    sqlite3_int64 size = 0;
    if (s_isFull && methodsOf(file).xFileSize(realOf(file), &size) == SQLITE_OK
        && at + bytes > size)
        return SQLITE_FULL;
    return methodsOf(file).xWrite(realOf(file), from, bytes, at);
}
int truncateFile(sqlite3_file* file, sqlite3_int64 size)
{
    return methodsOf(file).xTruncate(realOf(file), size);
}
int syncFile(sqlite3_file* file, int flags)
{
    return s_isSyncFailing ? SQLITE_IOERR_FSYNC : methodsOf(file).xSync(realOf(file), flags);
}
int fileSize(sqlite3_file* file, sqlite3_int64* size)
{
    return methodsOf(file).xFileSize(realOf(file), size);
}
int lockFile(sqlite3_file* file, int level) { return methodsOf(file).xLock(realOf(file), level); }
int unlockFile(sqlite3_file* file, int level)
{
    return methodsOf(file).xUnlock(realOf(file), level);
}
int checkReserved(sqlite3_file* file, int* isReserved)
{
    return methodsOf(file).xCheckReservedLock(realOf(file), isReserved);
}
int controlFile(sqlite3_file* file, int operation, void* argument)
{
    return methodsOf(file).xFileControl(realOf(file), operation, argument);
}
int sectorSize(sqlite3_file* file) { return methodsOf(file).xSectorSize(realOf(file)); }
int characteristics(sqlite3_file* file)
{
    return methodsOf(file).xDeviceCharacteristics(realOf(file));
}
int mapShared(sqlite3_file* file, int region, int bytes, int isExtended, void volatile** at)
{
    return methodsOf(file).xShmMap(realOf(file), region, bytes, isExtended, at);
}
int lockShared(sqlite3_file* file, int offset, int count, int flags)
{
    return methodsOf(file).xShmLock(realOf(file), offset, count, flags);
}
void barrierShared(sqlite3_file* file) { methodsOf(file).xShmBarrier(realOf(file)); }
int unmapShared(sqlite3_file* file, int isDeleted)
{
    return methodsOf(file).xShmUnmap(realOf(file), isDeleted);
}

int openFile(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* outFlags)
{
    auto* const ours = new (file) File {};
    const int opened = s_real->xOpen(s_real, name, realOf(file), flags, outFlags);
    if (opened != SQLITE_OK || realOf(file)->pMethods == nullptr)
        return opened;
    ours->methods = { .iVersion = 2, // no memory mapping: it would pass by writeFile()
        .xClose = closeFile,
        .xRead = readFile,
        .xWrite = writeFile,
        .xTruncate = truncateFile,
        .xSync = syncFile,
        .xFileSize = fileSize,
        .xLock = lockFile,
        .xUnlock = unlockFile,
        .xCheckReservedLock = checkReserved,
        .xFileControl = controlFile,
        .xSectorSize = sectorSize,
        .xDeviceCharacteristics = characteristics,
        .xShmMap = mapShared,
        .xShmLock = lockShared,
        .xShmBarrier = barrierShared,
        .xShmUnmap = unmapShared,
        .xFetch = nullptr,
        .xUnfetch = nullptr };
    ours->base.pMethods = &ours->methods;
    return SQLITE_OK;
}

} // namespace

void FaultyDisk::install()
{
    if (s_real != nullptr)
        return;
    s_real = sqlite3_vfs_find(nullptr);
    s_faulty = *s_real; // paths, times and random numbers are the real one's
    s_faulty.zName = "faulty";
    s_faulty.szOsFile = static_cast<int>(sizeof(File)) + s_real->szOsFile;
    s_faulty.xOpen = openFile;
    if (sqlite3_vfs_register(&s_faulty, 1) != SQLITE_OK)
        qFatal("SQLite takes no other disk");
}

void FaultyDisk::setFull(bool isFull) { s_isFull = isFull; }

void FaultyDisk::setSyncFailing(bool isFailing) { s_isSyncFailing = isFailing; }

} // namespace engine::testing

// What this process has used: processor time of the calling thread, and memory at its peak. Linux.
#pragma once

#include <QByteArray>
#include <QFile>

#include <ctime>
#include <malloc.h>

namespace engine::testing {

// Of this thread alone: what other programs and other threads do meanwhile is not in it.
inline double threadMillis()
{
    timespec now {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

// Begins anew from what is in use now.
inline void forgetPeakMemory()
{
    malloc_trim(0);
    QFile file(QStringLiteral("/proc/self/clear_refs"));
    if (file.open(QIODevice::WriteOnly))
        file.write("5");
}

inline double peakMemoryMiB()
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (QByteArray line = file.readLine(); !line.isEmpty(); line = file.readLine()) {
        if (line.startsWith("VmHWM:"))
            return line.mid(6).simplified().split(' ').first().toDouble() / 1'024;
    }
    return 0;
}

} // namespace engine::testing

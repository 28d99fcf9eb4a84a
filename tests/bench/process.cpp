#include "process.h"

#include <QDir>
#include <QFile>

#include <csignal>
#include <sys/prctl.h>

namespace bench {
namespace {

constexpr int kPatienceMs = 60'000;

QByteArray tailOf(const QString& path)
{
    constexpr qsizetype kMost = 1'000;
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().right(kMost) : QByteArray();
}

} // namespace

Child::Child(const QString& program, const QStringList& arguments, const QString& log)
    : m_program(program)
    , m_log(log)
{
    m_process.setStandardErrorFile(log, QIODevice::Append);
    // Whatever ends the benchmark ends what it started.
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); });
    m_process.start(program, arguments);
    if (!m_process.waitForStarted(kPatienceMs))
        qFatal("%s does not start", qPrintable(program));
}

Child::~Child() { static_cast<void>(stop()); }

QByteArray Child::line()
{
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(kPatienceMs) && !m_process.canReadLine())
            qFatal("%s said nothing for a minute, or has ended: %s", qPrintable(m_program),
                tailOf(m_log).constData());
    }
    return m_process.readLine();
}

QByteArray Child::stop()
{
    if (m_process.state() == QProcess::NotRunning)
        return {};
    m_process.terminate();
    if (!m_process.waitForFinished(kPatienceMs)) {
        std::fprintf(stderr, "%s does not end; killed\n", qPrintable(m_program));
        m_process.kill();
        m_process.waitForFinished();
    }
    return m_process.readAllStandardOutput();
}

QByteArray outputOf(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.start(program, arguments);
    constexpr int kLongest = 600'000;
    if (!process.waitForFinished(kLongest) || process.exitStatus() != QProcess::NormalExit
        || process.exitCode() != 0)
        qFatal("%s %s failed: %s", qPrintable(program),
            qPrintable(arguments.join(QLatin1Char(' '))),
            process.readAllStandardError().constData());
    return process.readAllStandardOutput();
}

Memory memoryOf(qint64 pid)
{
    Memory memory;
    QFile file(QStringLiteral("/proc/%1/status").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return memory;
    for (const QByteArray& line : file.readAll().split('\n')) {
        const double mb = line.simplified().split(' ').value(1).toDouble() / 1'024;
        if (line.startsWith("VmRSS:"))
            memory.residentMb = mb;
        else if (line.startsWith("VmHWM:"))
            memory.peakMb = mb;
    }
    return memory;
}

ThreadSeconds threadSecondsOf(qint64 pid)
{
    ThreadSeconds seconds;
    const QDir tasks(QStringLiteral("/proc/%1/task").arg(pid));
    for (const QString& task : tasks.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile name(tasks.filePath(task + QStringLiteral("/comm")));
        QFile times(tasks.filePath(task + QStringLiteral("/schedstat")));
        if (name.open(QIODevice::ReadOnly) && times.open(QIODevice::ReadOnly))
            seconds[QString::fromUtf8(name.readAll().trimmed()) + QLatin1Char(' ') + task]
                = times.readAll().split(' ').value(0).toDouble() / 1e9;
    }
    return seconds;
}

} // namespace bench

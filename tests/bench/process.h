// The programs that a measurement runs: started, asked, ended; and what /proc tells of them.
#pragma once

#include <QProcess>
#include <QStringList>

#include <map>

namespace bench {

// One program. Anything that goes wrong ends the benchmark with a message: there is no figure then.
class Child {
public:
    // What it says on stderr goes to `log`.
    Child(const QString& program, const QStringList& arguments, const QString& log);
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child(); // stop()

    [[nodiscard]] QByteArray line(); // the next one of its output; waits up to a minute
    [[nodiscard]] QByteArray stop(); // SIGTERM; the rest of its output
    [[nodiscard]] qint64 pid() const { return m_process.processId(); }

private:
    QString m_program;
    QString m_log;
    QProcess m_process {};
};

// Runs it to its end; its output. A status that is not 0 ends the benchmark.
[[nodiscard]] QByteArray outputOf(const QString& program, const QStringList& arguments);

struct Memory {
    double residentMb { 0 };
    double peakMb { 0 };
};
[[nodiscard]] Memory memoryOf(qint64 pid);

// Processor time so far in seconds, by thread: "ingress 4711".
using ThreadSeconds = std::map<QString, double>;
[[nodiscard]] ThreadSeconds threadSecondsOf(qint64 pid);

} // namespace bench

// A `spillway serve` child process for tests that kill it, and a receiver that remembers every
// event it was sent.
#pragma once

#include "http/server.h"

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace engine::testing {

// A webhook on loopback: takes JSON arrays of events and counts each event_id. Refuses a batch with
// 400 when an id in it starts with "bad", as a platform does that does not say which record it
// means.
class Receiver {
public:
    Receiver();
    [[nodiscard]] QString url() const;
    [[nodiscard]] std::map<std::string, int>
    received() const; // event_id → how often a batch with it was taken
    // From here on ids that start with "bad" are taken like all others: somebody has mended them.
    void forgive() { m_isForgiving = true; }
    [[nodiscard]] bool hasAll(const std::set<std::string>& ids) const;

private:
    void handle(http::ServerRequest request, const http::Respond& respond);

    std::atomic<bool> m_isForgiving { false };
    mutable std::mutex m_mutex; // the server's thread writes, the test reads
    std::map<std::string, int> m_received {};
    std::unique_ptr<http::Server>
        m_server {}; // last: stops before what its handler touches is gone
};

struct EngineSettings {
    int batch { 20 };
    int concurrency { 4 };
    QString dataDirectory {}; // empty: one of its own
};

// Ports are chosen by the system and read from the ready line.
class EngineProcess {
public:
    EngineProcess(const QString& receiverUrl, EngineSettings settings);
    ~EngineProcess();

    [[nodiscard]] bool start(); // waits for the ready line
    void kill(); // SIGKILL, reaped
    [[nodiscard]] bool terminate(); // SIGTERM; true when it ended with status 0
    [[nodiscard]] bool isRunning() const { return m_process.state() == QProcess::Running; }

    // Writes the file anew in place, as an editor does; a running engine applies it.
    void configure(const EngineSettings& settings) const;
    // Blocks until the answer is there or the connection broke, timers go on; the status, 0 when
    // there was no answer.
    [[nodiscard]] int post(const QByteArray& body, const QString& query = {}) const;
    // `spillway WORDS… --json` against this engine, timers go on; the exit code goes to `exitCode`.
    [[nodiscard]] QByteArray run(const QStringList& words, int* exitCode = nullptr) const;
    [[nodiscard]] QString errors() const { return QString::fromUtf8(m_errors); }

private:
    QTemporaryDir m_folder {};
    QString m_receiverUrl {};
    QString m_data {};
    QProcess m_process {};
    QByteArray m_errors {};
    QString m_ingress {};
    QString m_control {};
};

} // namespace engine::testing

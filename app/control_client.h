// The command line's way to a running engine: its control API, with the bearer key.
#pragma once

#include "arguments.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>
#include <QUrlQuery>

namespace app {

struct ControlAnswer {
    bool isReachable { false };
    int status { 0 };
    QByteArray body {};
    QJsonObject json {};
    QString problem {}; // one sentence, empty when 2xx
    [[nodiscard]] bool isOk() const { return status >= 200 && status < 300; }
};

// Blocks until the answer is there, at most 60 s. Needs a QCoreApplication.
class ControlClient {
public:
    // --control HOST:PORT or SPILLWAY_CONTROL (default 127.0.0.1:8788); --key or
    // SPILLWAY_CONTROL_KEY.
    explicit ControlClient(const Arguments& arguments);

    [[nodiscard]] const QString& problem() const
    {
        return m_problem;
    } // address or key missing or ill-formed
    [[nodiscard]] ControlAnswer get(const QString& path, const QUrlQuery& query = {}) const;
    [[nodiscard]] ControlAnswer post(const QString& path, const QJsonObject& body) const;

private:
    [[nodiscard]] ControlAnswer send(const QByteArray& method, const QString& path,
        const QUrlQuery& query, const QByteArray& body) const;

    QString m_host {};
    quint16 m_port { 0 };
    QByteArray m_key {};
    QString m_problem {};
};

// A reference as in the configuration (env:NAME, file:PATH), or the key itself, which the process
// list then shows; the help says so. Empty when there is none; `problem`: the file cannot be read.
[[nodiscard]] QByteArray readKey(const QString& given, QString& problem);

// Options that every command with a client takes.
[[nodiscard]] std::vector<OptionSpec> withControlOptions(std::vector<OptionSpec> specs);

} // namespace app

// Sends commands and makes sure that each gets an end that somebody sees. GUI thread.
#pragma once

#include <engine/engine_port.h>

#include <QObject>
#include <QString>

#include <functional>

namespace ui {

// A command is pending from run() on; its handler runs exactly once, with the engine's answer or,
// after the time-out, with ErrorCode::Timeout: the command may still take effect, and an answer
// that comes later is told by answeredLate().
class CommandRunner final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandRunner)
public:
    explicit CommandRunner(engine::EnginePort& engine, QObject* parent = nullptr);

    void setTimeout(engine::Millis timeout) { m_timeout = timeout; }
    void run(engine::Command command, std::function<void(const engine::CommandResult&)> done);
    [[nodiscard]] int pending() const { return m_pending; }

Q_SIGNALS:
    void answeredLate(const QString& message);

private:
    engine::EnginePort& m_engine;
    engine::Millis m_timeout { 5'000 };
    int m_pending { 0 };
};

// Who acts: the operating system's user, for the audit.
[[nodiscard]] std::string currentUser();

} // namespace ui

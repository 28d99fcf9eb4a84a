#include "widgets/command_runner.h"

#include "format/format.h"

#include <QTimer>

#include <memory>
#include <utility>

namespace ui {

CommandRunner::CommandRunner(engine::EnginePort& engine, QObject* parent)
    : QObject(parent)
    , m_engine(engine)
{
}

void CommandRunner::run(
    engine::Command command, std::function<void(const engine::CommandResult&)> done)
{
    struct State {
        std::function<void(const engine::CommandResult&)> done {};
        bool isOver { false };
    };
    auto state = std::make_shared<State>(State { .done = std::move(done) });
    ++m_pending;
    const auto finish = [this, state](const engine::CommandResult& result) {
        state->isOver = true;
        --m_pending;
        const auto handler = std::exchange(state->done, {});
        handler(result);
    };
    if (command.who.empty())
        command.who = currentUser();
    m_engine.submit(std::move(command),
        m_engine.replyTo<engine::CommandResult>(
            this, [this, state, finish](const engine::CommandResult& result) {
                if (state->isOver)
                    Q_EMIT answeredLate(toQString(result.message));
                else
                    finish(result);
            }));
    QTimer::singleShot(m_timeout, this, [this, state, finish] {
        if (state->isOver)
            return;
        engine::CommandResult result;
        result.error = engine::ErrorCode::Timeout;
        result.message = tr("No answer after %1 s. It may still take effect; the audit list will "
                            "say so.")
                             .arg(m_timeout.count() / 1'000)
                             .toStdString();
        finish(result);
    });
}

std::string currentUser()
{
    for (const char* variable : { "USER", "LOGNAME", "USERNAME" }) {
        const QString name = qEnvironmentVariable(variable);
        if (!name.isEmpty())
            return name.toStdString();
    }
    return "console";
}

} // namespace ui

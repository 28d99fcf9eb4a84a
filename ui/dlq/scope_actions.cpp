#include "dlq/scope_actions.h"

#include "dlq/purge_bar.h"
#include "dlq/scope_bar.h"
#include "format/format.h"
#include "widgets/command_runner.h"
#include "widgets/undo_bar.h"

#include <utility>

namespace ui {

ScopeActions::ScopeActions(
    const ConsoleContext& context, CommandRunner& runner, Bars bars, QObject* parent)
    : QObject(parent)
    , m_context(context)
    , m_runner(runner)
    , m_bars(bars)
{
    connect(&m_bars.purge, &PurgeBar::purgeRequested, this,
        [this](qint64 selection, const QString& reason) {
            purge(engine::SelectionId { selection }, reason);
        });
}

void ScopeActions::freeze(
    const engine::DeadLetterFilter& filter, std::function<void(const engine::ReplayPreview&)> then)
{
    m_bars.scope.setPending(tr("Counting…"));
    using Answer = engine::Result<engine::ReplayPreview>;
    m_context.engine.preview({ .filter = filter },
        m_context.engine.replyTo<Answer>(
            this, [this, then = std::move(then)](const Answer& answer) {
                m_bars.scope.setPending({});
                if (answer)
                    return then(*answer);
                m_bars.undo.offer(
                    tr("Nothing was changed: %1").arg(toQString(answer.error().message)), {});
            }));
}

void ScopeActions::archive(const engine::DeadLetterFilter& filter)
{
    freeze(filter, [this](const engine::ReplayPreview& frozen) { move(frozen, false); });
}

void ScopeActions::restore(const engine::DeadLetterFilter& filter)
{
    freeze(filter, [this](const engine::ReplayPreview& frozen) { move(frozen, true); });
}

void ScopeActions::move(const engine::ReplayPreview& frozen, bool isRestore)
{
    m_bars.scope.setPending(isRestore ? tr("Restoring %1…").arg(formatExact(frozen.matched))
                                      : tr("Archiving %1…").arg(formatExact(frozen.matched)));
    const engine::ArchiveCommand command { .selection = frozen.selection, .restore = isRestore };
    m_runner.run(
        { .what = command }, [this, frozen, isRestore](const engine::CommandResult& result) {
            m_bars.scope.setPending({});
            if (result.isOk)
                return moved(frozen, isRestore, result.count > 0 ? result.count : frozen.matched);
            m_bars.undo.offer(tr("Nothing was changed: %1").arg(toQString(result.message)), {});
        });
}

void ScopeActions::moved(const engine::ReplayPreview& frozen, bool isRestore, std::int64_t count)
{
    const QString text = isRestore ? tr("%1 restored.").arg(formatExact(count))
                                   : tr("%1 archived.").arg(formatExact(count));
    m_bars.undo.offer(text, [this, frozen, isRestore] {
        const engine::ArchiveCommand back { .selection = frozen.selection, .restore = !isRestore };
        m_runner.run({ .what = back }, [this](const engine::CommandResult& result) {
            if (!result.isOk)
                m_bars.undo.offer(tr("Not undone: %1").arg(toQString(result.message)), {});
            Q_EMIT changed();
        });
    });
    Q_EMIT changed();
}

// What is purged is what was there when the button was pressed, like everything else here.
void ScopeActions::askPurge(const engine::DeadLetterFilter& filter)
{
    freeze(filter, [this](const engine::ReplayPreview& frozen) { m_bars.purge.ask(frozen); });
}

void ScopeActions::purge(engine::SelectionId selection, const QString& reason)
{
    m_bars.scope.setPending(tr("Purging…"));
    engine::Command command { .what = engine::PurgeCommand { .selection = selection } };
    command.reason = reason.toStdString();
    m_runner.run(std::move(command), [this](const engine::CommandResult& result) {
        m_bars.scope.setPending({});
        m_bars.undo.offer(result.isOk
                ? tr("%1 removed for good.").arg(formatExact(result.count))
                : tr("Nothing was changed: %1").arg(toQString(result.message)),
            {});
        Q_EMIT changed();
    });
}

void ScopeActions::shape(const engine::GroupShapeCommand& command,
    const engine::GroupShapeCommand& back, const QString& done)
{
    m_runner.run({ .what = command }, [this, back, done](const engine::CommandResult& result) {
        if (!result.isOk) {
            m_bars.undo.offer(tr("Nothing was changed: %1").arg(toQString(result.message)), {});
            return;
        }
        m_bars.undo.offer(done, [this, back] {
            m_runner.run({ .what = back }, [this](const engine::CommandResult& undone) {
                if (!undone.isOk)
                    m_bars.undo.offer(tr("Not undone: %1").arg(toQString(undone.message)), {});
                Q_EMIT changed();
            });
        });
        Q_EMIT changed();
    });
}

} // namespace ui

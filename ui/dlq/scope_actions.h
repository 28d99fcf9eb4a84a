// Archive, restore and purge: what they do to a scope, and the way back. GUI thread.
#pragma once

#include "window/page.h"

#include <QObject>

namespace ui {

class CommandRunner;
class PurgeBar;
class ScopeBar;
class UndoBar;

// What is archived is what was there when the button was pressed: a frozen selection, not a query
// that has grown meanwhile.
class ScopeActions final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ScopeActions)
public:
    struct Bars {
        ScopeBar& scope;
        PurgeBar& purge;
        UndoBar& undo;
    };
    ScopeActions(
        const ConsoleContext& context, CommandRunner& runner, Bars bars, QObject* parent = nullptr);

    void archive(const engine::DeadLetterFilter& filter);
    void restore(const engine::DeadLetterFilter& filter);
    void askPurge(const engine::DeadLetterFilter& filter);
    // Joins and splits groups; `back` undoes it.
    void shape(const engine::GroupShapeCommand& command, const engine::GroupShapeCommand& back,
        const QString& done);

Q_SIGNALS:
    void changed(); // the lists are not what they were

private:
    void freeze(const engine::DeadLetterFilter& filter,
        std::function<void(const engine::ReplayPreview&)> then);
    void move(const engine::ReplayPreview& frozen, bool isRestore);
    void moved(const engine::ReplayPreview& frozen, bool isRestore, std::int64_t count);
    void purge(engine::SelectionId selection, const QString& reason);

    const ConsoleContext& m_context;
    CommandRunner& m_runner;
    Bars m_bars;
};

} // namespace ui

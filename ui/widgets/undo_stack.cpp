#include "widgets/undo_stack.h"

#include "settings/console_settings.h"
#include "settings/shortcut_page.h"

#include <QAction>
#include <QWidget>

#include <utility>

namespace ui {

UndoStack::UndoStack(QWidget* window)
    : QObject(window)
    , m_action(new QAction(tr("&Undo the newest action"), window))
{
    m_action->setObjectName(QStringLiteral("action_undo"));
    m_action->setMenuRole(QAction::NoRole);
    // A text field with focus takes these keys first and keeps its own undo.
    m_action->setShortcut(QKeySequence::Undo);
    m_action->setProperty(kDefaultKeys, keysToText(m_action->shortcuts()));
    window->addAction(m_action);
    connect(m_action, &QAction::triggered, this, &UndoStack::undoNewest);
    showEnabled();
}

UndoStack& UndoStack::of(const QWidget& widget)
{
    QWidget* window = widget.window();
    auto* stack = window->findChild<UndoStack*>({}, Qt::FindDirectChildrenOnly);
    return stack != nullptr ? *stack : *new UndoStack(window);
}

void UndoStack::offer(QObject* owner, std::function<void()> undo)
{
    withdraw(owner);
    m_entries.push_back({ owner, std::move(undo) });
    connect(owner, &QObject::destroyed, this, [this, owner] { withdraw(owner); });
    showEnabled();
}

void UndoStack::withdraw(const QObject* owner)
{
    std::erase_if(m_entries,
        [owner](const Entry& entry) { return entry.owner.isNull() || entry.owner == owner; });
    disconnect(owner, &QObject::destroyed, this, nullptr);
    showEnabled();
}

void UndoStack::undoNewest()
{
    if (m_entries.empty())
        return;
    const Entry newest = m_entries.back();
    withdraw(newest.owner);
    newest.undo();
}

void UndoStack::showEnabled() { m_action->setEnabled(!m_entries.empty()); }

} // namespace ui

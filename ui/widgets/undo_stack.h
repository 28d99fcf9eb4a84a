// What Ctrl+Z takes back: of all that can be taken back in one window now, the newest. GUI thread.
#pragma once

#include <QObject>
#include <QPointer>

#include <functional>
#include <vector>

class QAction;
class QWidget;

namespace ui {

// One per window. Bars, sheets and holds offer here what they can take back and withdraw it when
// its time is over, wherever in the window they are: also on a page that is not on screen, because
// what was done last is what a frightened hand means.
class UndoStack final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(UndoStack)
public:
    // Of the window that the widget stands in; made when it is first asked for.
    static UndoStack& of(const QWidget& widget);

    // The newest now. What the same owner offered before lapses; `undo` runs at most once, and
    // never after its owner is gone.
    void offer(QObject* owner, std::function<void()> undo);
    void withdraw(const QObject* owner);
    void undoNewest();
    [[nodiscard]] QAction* action() const { return m_action; } // off while there is nothing

private:
    explicit UndoStack(QWidget* window);
    void showEnabled();

    struct Entry {
        QPointer<QObject> owner {};
        std::function<void()> undo {};
    };
    QAction* m_action;
    std::vector<Entry> m_entries {}; // oldest first; as many as there are bars, so a handful
};

} // namespace ui

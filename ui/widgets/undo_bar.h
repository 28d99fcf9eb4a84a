// The bar at the bottom of a page after something was done: what, how long it can be taken back,
// and the button for it. GUI thread.
#pragma once

#include <QFrame>
#include <QPointer>
#include <QTimer>

#include <functional>

class QLabel;
class QPushButton;

namespace ui {

class UndoStack;

// Shows the newest action only; an older one that is still open lapses. Several bars may be in a
// window: Ctrl+Z goes to the one that was offered last, see UndoStack. Its time runs by a timer of
// one second; expire() lets a test or a new action end it.
class UndoBar final : public QFrame {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(UndoBar)
public:
    static constexpr int kSeconds = 10;

    explicit UndoBar(QWidget* parent = nullptr);

    // `undo` runs at most once, when the button or Ctrl+Z is used in time.
    void offer(const QString& text, std::function<void()> undo);
    [[nodiscard]] int secondsLeft() const { return m_secondsLeft; }

public Q_SLOTS:
    void undo();
    void tick(); // one second passed
    void expire();

private:
    void showTime();

    QLabel* m_text;
    QPushButton* m_button;
    QTimer m_timer {};
    QString m_message {};
    std::function<void()> m_undo {};
    int m_secondsLeft { 0 };
    QPointer<UndoStack> m_stack {}; // of the window it was last offered in
};

} // namespace ui

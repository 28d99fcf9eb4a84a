// The bar at the bottom of a page after something was done: what, how long it can be taken back,
// and the button for it. GUI thread.
#pragma once

#include <QElapsedTimer>
#include <QFrame>
#include <QTimer>

#include <functional>

class QLabel;
class QPushButton;

namespace ui {

// Shows the newest action only; an older one that is still open lapses. Several bars may be on
// screen: Ctrl+Z goes to the one that was offered last. Its time runs by a timer
// of one second; expire() lets a test or a new action end it.
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
    void undoNewest();
    void showTime();

    QLabel* m_text;
    QPushButton* m_button;
    QTimer m_timer {};
    QString m_message {};
    std::function<void()> m_undo {};
    int m_secondsLeft { 0 };
    QElapsedTimer m_offered {};
};

} // namespace ui

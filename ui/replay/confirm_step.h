// Step 4: the sentence, the button with the number, and ten seconds to think again. GUI thread.
#pragma once

#include "replay/replay_draft.h"
#include "window/page.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace ui {

class UndoStack;

// startRequested() comes when the ten seconds are over, never before: what a replay has sent cannot
// be taken back, so it is the start that can: by Cancel, Esc, or Ctrl+Z like any other action.
class ConfirmStep final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConfirmStep)
public:
    static constexpr int kHoldSeconds = 10;

    explicit ConfirmStep(const ConsoleContext& context, QWidget* parent = nullptr);

    void setDraft(const ReplayDraft& draft, const engine::EngineSnapshot& snapshot);
    void setGuard(const Guard& guard); // the safety level may change while the step is open
    void setPending();
    // A refusal; `job` is the one that has these entries already.
    void setProblem(const QString& text, std::optional<engine::ReplayJobId> job = {});
    [[nodiscard]] bool isHolding() const { return m_secondsLeft > 0; }
    [[nodiscard]] QString reason() const;

public Q_SLOTS:
    void begin(); // the button: starts the hold
    void tick(); // one second passed
    void cancelHold();

Q_SIGNALS:
    void startRequested();
    void jobRequested(qint64 job);

private:
    QWidget* makeHold();
    void showButtons();
    void showGuard();

    const ConsoleContext& m_context;
    ReplayDraft m_draft {};
    Guard m_guard {};
    bool m_isPending { false };
    int m_secondsLeft { 0 };
    std::optional<engine::ReplayJobId> m_conflict {};
    QTimer m_timer {};
    QPointer<UndoStack> m_undo {}; // where the start is held, once it has been
    QLabel* m_text;
    QLabel* m_typedLabel;
    QLineEdit* m_typed;
    QLineEdit* m_reason;
    QPushButton* m_start;
    QWidget* m_hold;
    QProgressBar* m_holdBar { nullptr };
    QLabel* m_holdText { nullptr };
    QPushButton* m_holdCancel { nullptr };
    QLabel* m_problem;
    QPushButton* m_openJob;
};

} // namespace ui

// The four steps of a first start: see, why, stage and apply, replay. A bar, not a dialog. GUI
// thread.
#pragma once

#include <engine/snapshot.h>

#include <QFrame>

#include <array>
#include <optional>

class QLabel;
class QPushButton;

namespace ui {

class Theme;

// Each step is done when the operator does it; the window tells by the slots. Next goes on without
// doing, Skip ends it. `framedShard` is the one that the texts speak of and that the overview may
// frame.
class CoachBar final : public QFrame {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CoachBar)
public:
    enum class Step { See, Why, Apply, Replay, Done };

    explicit CoachBar(const Theme& theme, QWidget* parent = nullptr);

    void applySnapshot(const engine::EngineSnapshot& snapshot);
    [[nodiscard]] Step step() const { return m_step; }
    [[nodiscard]] const std::optional<engine::ShardId>& framedShard() const { return m_framed; }

public Q_SLOTS:
    void noteSelected(const std::vector<engine::ShardId>& shards); // step 1
    void noteWhyRead(); // step 2: the operator went to the reasons, or staged something
    void noteApplied(); // step 3
    void noteReplayStarted(); // step 4
    void next();
    void skip();

Q_SIGNALS:
    void framedShardChanged();
    void stepChanged();
    void realDestinationRequested(); // "Connect a real destination…"
    void finished(); // the bar is not needed any more: remember that

private:
    void goTo(Step step);
    void showStep();
    [[nodiscard]] QString text() const;

    const Theme& m_theme;
    Step m_step { Step::See };
    std::optional<engine::ShardId> m_framed {};
    std::array<QLabel*, 4> m_steps {};
    QLabel* m_text;
    QPushButton* m_next;
    QPushButton* m_skip;
    QPushButton* m_connect;
};

} // namespace ui

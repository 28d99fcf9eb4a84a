// The content of the inspector dock: what is the matter with the selected shard, why deliveries
// wait, and the controls for it. GUI thread.
#pragma once

#include "window/page.h"

#include <vector>

class QLabel;
class QPushButton;
class QStackedWidget;

namespace ui {

class CommandRunner;
class PauseSheet;
class TuningPanel;
class UndoBar;

class Inspector final : public InspectorPage {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Inspector)
public:
    explicit Inspector(const ConsoleContext& context, QWidget* parent = nullptr);

    [[nodiscard]] QString title() const override;
    void applySnapshot(const engine::SnapshotPtr& snapshot) override;
    void setSampleAge(engine::Millis age) override;
    void setSelection(const std::vector<engine::ShardId>& shards) override;
    void showPauseSheet(const std::vector<engine::ShardId>& shards) override;
    void askResume(const std::vector<engine::ShardId>& shards) override;
    void resumeAll() override;
    void focusTuning() override;
    void setTuningSettings(const TuningSettings& settings) override;

    [[nodiscard]] TuningPanel& tuning() { return *m_tuning; }

Q_SIGNALS:
    void tuningStaged(); // for the coach: the operator has staged something
    void tuningApplied();

private:
    QWidget* makeHeader();
    QWidget* makeActions();
    QWidget* makeResumeAsk();
    QPushButton* makeButton(const QString& name, const QString& text, QWidget* parent);
    void showHeader();
    void showSingle(const engine::ShardSnapshot& shard);
    void showSeveral();
    void showActions();
    void notePaused(const QString& message, const std::vector<engine::ShardSnapshot>& before);
    void showResumeAsk();
    void resume();
    void probe();
    void showMessage(const QString& text);

    ConsoleContext m_context;
    CommandRunner* m_runner;
    std::vector<engine::ShardId> m_selection {};
    std::vector<engine::ShardSnapshot> m_shards {};
    engine::SnapshotPtr m_snapshot {};
    std::vector<engine::ShardId> m_resumeTargets {}; // of the question on screen
    std::vector<engine::ShardSnapshot> m_pausedTogether {}; // by the last pause of everything

    QStackedWidget* m_stack { nullptr };
    QLabel* m_title { nullptr };
    QLabel* m_shape { nullptr };
    QLabel* m_state { nullptr };
    QLabel* m_also { nullptr };
    QLabel* m_flags { nullptr };
    QLabel* m_stale { nullptr };
    QLabel* m_why { nullptr };
    QLabel* m_holds { nullptr };
    QLabel* m_message { nullptr };
    QLabel* m_resumeText { nullptr };
    QWidget* m_resumeAsk { nullptr };
    QPushButton* m_resumeCancel { nullptr };
    QPushButton* m_resumeConfirm { nullptr };
    QPushButton* m_pause { nullptr };
    QPushButton* m_resume { nullptr };
    QPushButton* m_probe { nullptr };
    QPushButton* m_dlq { nullptr };
    QPushButton* m_replay { nullptr };
    UndoBar* m_undo { nullptr };
    QWidget* m_tuningCard { nullptr };
    TuningPanel* m_tuning { nullptr };
    PauseSheet* m_sheet { nullptr };
};

} // namespace ui

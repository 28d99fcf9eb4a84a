// Steps 5 and 6: a job as it runs, and what came of it. GUI thread.
#pragma once

#include "replay/replay_draft.h"
#include "window/page.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace ui {

class CommandRunner;

class JobView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobView)
public:
    JobView(const ConsoleContext& context, CommandRunner& runner, QWidget* parent = nullptr);

    // `preview`: what the job was made from, when it was made here.
    void setJob(engine::ReplayJobId id, std::optional<engine::ReplayPreview> preview);
    void applySnapshot(const engine::EngineSnapshot& snapshot);
    [[nodiscard]] const std::optional<engine::ReplayJobId>& job() const { return m_id; }
    [[nodiscard]] bool isOver() const { return m_isOver; }

Q_SIGNALS:
    void stateChanged(); // running ↔ over
    void failedAgainRequested(); // a draft of what failed again

private:
    QWidget* makeButtons();
    QWidget* makeReport();
    void showProgress(const engine::ReplayJobSnapshot& job);
    void showReport(const engine::ReplayJobSnapshot& job);
    void control(engine::ReplayControlCommand::Action action);
    void setPace(double factor);
    void run(engine::Command command);
    void showGuards(const engine::ReplayJobSnapshot& job);
    void askPreview(); // of a job that was started elsewhere, for its report
    void saveReport();

    const ConsoleContext& m_context;
    CommandRunner& m_runner;
    std::optional<engine::ReplayJobId> m_id {};
    std::optional<engine::ReplayPreview> m_preview {};
    engine::ReplayJobSnapshot m_last {};
    bool m_isOver { false };
    QLabel* m_title;
    QLabel* m_state;
    QProgressBar* m_bar;
    QLabel* m_counts;
    QLabel* m_eta;
    QLabel* m_guards;
    QLabel* m_newSince;
    QLabel* m_log;
    QLabel* m_hold;
    QLabel* m_message;
    QPushButton* m_pause { nullptr };
    QPushButton* m_resume { nullptr };
    QPushButton* m_cancel { nullptr };
    QPushButton* m_slower { nullptr };
    QPushButton* m_faster { nullptr };
    QWidget* m_reportBox { nullptr };
    QLabel* m_report { nullptr };
    QPushButton* m_export { nullptr };
    QPushButton* m_failedAgain { nullptr };
};

} // namespace ui

// Steps 5 and 6: a job as it runs, and what came of it. GUI thread.
#pragma once

#include "replay/replay_draft.h"
#include "window/page.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace ui {

class ChartDeck;
class CommandRunner;
class ReportPanel;

class JobView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobView)
public:
    JobView(const ConsoleContext& context, CommandRunner& runner, QWidget* parent = nullptr);

    // `preview`: what the job was made from, when it was made here.
    void setJob(engine::ReplayJobId id, std::optional<engine::ReplayPreview> preview);
    void applySnapshot(const engine::SnapshotPtr& snapshot);
    void setGuard(const Guard& guard);
    void setStale(bool isStale); // its numbers are of an old sample
    [[nodiscard]] ReportPanel& report() { return *m_report; }
    [[nodiscard]] const std::optional<engine::ReplayJobId>& job() const { return m_id; }
    [[nodiscard]] bool isOver() const { return m_isOver; }

Q_SIGNALS:
    void stateChanged(); // running ↔ over
    void failedAgainRequested(); // a draft of what failed again
    void auditRequested(const QString& filterLine);
    void eventRequested(const QString& eventId);
    void navigationRequested(const ui::PageTarget& target); // of the charts

private:
    QWidget* makeButtons();
    void showCharts(const engine::ReplayPreview& preview);
    void askCharts();
    void showProgress(const engine::ReplayJobSnapshot& job);
    void control(engine::ReplayControlCommand::Action action);
    void setPace(double factor);
    void run(engine::Command command);
    void showGuards(const engine::ReplayJobSnapshot& job);

    const ConsoleContext& m_context;
    CommandRunner& m_runner;
    std::optional<engine::ReplayJobId> m_id {};
    engine::ReplayJobSnapshot m_last {};
    bool m_isOver { false };
    bool m_areChartsAsked { false };
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
    ReportPanel* m_report;
    QWidget* m_charts;
    ChartDeck* m_deck { nullptr };
};

} // namespace ui

// Sending failures again in six steps, and the jobs that do it. A page, not a dialog: everything
// else stays usable. GUI thread.
#pragma once

#include "replay/replay_draft.h"
#include "window/page.h"

#include <optional>

class QLabel;
class QListWidget;
class QPushButton;
class QStackedWidget;
class QTableView;
class QTimer;

namespace ui {

class CommandRunner;
class ColumnChooser;
class ConfirmStep;
class JobView;
class JobsModel;
class ListNotice;
class PaceStep;
class PreviewStep;
class WindowStep;

class ReplayPage final : public Page {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ReplayPage)
public:
    enum class Step { Window, Preview, Pace, Confirm, Live, Report };

    explicit ReplayPage(const ConsoleContext& context, QWidget* parent = nullptr);

    [[nodiscard]] QString title() const override;
    void applySnapshot(const engine::SnapshotPtr& snapshot) override;
    void setSampleAge(engine::Millis age) override;
    // A filter opens a draft and counts it at once; a job opens its progress.
    void open(const PageTarget& target) override;
    void exportShown() override; // the report, or else the list of jobs
    [[nodiscard]] bool canRun(PageCommand command) const override;
    void run(PageCommand command) override;
    // A draft that was begun outlives the program.
    void saveLayout(QSettings& settings) const override;
    void restoreLayout(QSettings& settings) override;
    void resetLayout() override;

    [[nodiscard]] Step step() const { return m_step; }
    [[nodiscard]] const ReplayDraft& draft() const { return m_draft; }

Q_SIGNALS:
    void replayStarted(); // for the coach

private:
    QWidget* makeSteps();
    void connectSteps();
    QWidget* makeJobs();
    QWidget* makeNavigation();
    void newDraft(engine::DeadLetterFilter filter); // by value: it may come from the old draft
    void goTo(Step step);
    void goNext();
    void goBack();
    void leavePace();
    [[nodiscard]] bool canReach(Step step) const;
    void showNavigation();
    void requestPreview();
    void showCounting(std::int64_t atLeast);
    [[nodiscard]] bool isPaceAsCounted() const;
    void acceptPreview(const engine::ReplayPreview& preview, bool wasCounting);
    void start();
    void openJob(engine::ReplayJobId id);
    void replayFailed();
    void keepSoon();
    [[nodiscard]] ReplayDraft draftAsShown() const; // with what the fields say by now

    ConsoleContext m_context;
    CommandRunner* m_runner;
    ReplayDraft m_draft {};
    Step m_step { Step::Window };
    std::uint64_t m_previewsAsked { 0 };
    std::optional<std::int64_t> m_counting {}; // at least so many, while they are counted
    engine::SteadyTime m_askedAt {};
    ReplayDraft m_asked {}; // with the pace that the preview reckons with
    bool m_isStarting { false };
    bool m_isRestoring { false }; // what is kept holds more than the page by now
    QTimer* m_keepTimer;

    QListWidget* m_steps { nullptr };
    QStackedWidget* m_stack { nullptr };
    WindowStep* m_window { nullptr };
    PreviewStep* m_preview { nullptr };
    PaceStep* m_pace { nullptr };
    ConfirmStep* m_confirm { nullptr };
    JobView* m_job { nullptr };
    QWidget* m_navigation { nullptr };
    QPushButton* m_back { nullptr };
    QPushButton* m_next { nullptr };
    JobsModel* m_jobs;
    QWidget* m_jobArea { nullptr };
    QTableView* m_jobTable { nullptr };
    ColumnChooser* m_jobColumns { nullptr };
    ListNotice* m_jobNotice { nullptr };
};

} // namespace ui

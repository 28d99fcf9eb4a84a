// Step 6: what came of a job: numbers that add up, samples of what failed again, and the ways on.
// GUI thread.
#pragma once

#include "replay/replay_report.h"
#include "window/page.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTableWidget;

namespace ui {

class ReportPanel final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ReportPanel)
public:
    explicit ReportPanel(const ConsoleContext& context, QWidget* parent = nullptr);

    // Another job, and what it was made from, where that is known; otherwise it is asked for.
    void setJob(engine::ReplayJobId id, std::optional<engine::ReplayPreview> preview);
    // As it stands at its end.
    void showReport(const engine::ReplayJobSnapshot& job);
    // HTML or JSON by the file's name.
    void exportTo(const QString& file);
    void chooseFile(); // asks for it

Q_SIGNALS:
    void failedAgainRequested(); // a draft of what failed again
    void auditRequested(const QString& filterLine);
    void eventRequested(const QString& eventId);
    void messageShown(const QString& text);

private:
    QWidget* makeButtons();
    void makeTable();
    void showText();
    void ask();
    void showFailed();

    const ConsoleContext& m_context;
    ReportContent m_content {};
    bool m_isAsked { false };
    std::uint64_t m_generation { 0 };
    QLabel* m_text;
    QLabel* m_failedTitle;
    QTableWidget* m_failed;
    QPushButton* m_failedAgain { nullptr };
    QPushButton* m_export { nullptr };
    QPushButton* m_audit { nullptr };
};

} // namespace ui

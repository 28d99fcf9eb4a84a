// What became of an event, wherever it went, and why it waits. GUI thread.
#pragma once

#include "events/event_steps.h"
#include "window/page.h"

#include <optional>

class QCheckBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QScrollArea;
class QStackedWidget;
class QTabWidget;
class QTableView;
class QTableWidget;

namespace ui {

class ColumnChooser;
class EventMatrixModel;
class LaneView;
class ListNotice;
class TextView;

// One id shows lanes, steps and payload; several a matrix. Personal data is masked.
class EventsPage final : public Page {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EventsPage)
public:
    explicit EventsPage(const ConsoleContext& context, QWidget* parent = nullptr);

    [[nodiscard]] QString title() const override;
    void applySnapshot(const engine::SnapshotPtr& snapshot) override;
    void clearTransient() override;
    void saveLayout(QSettings& settings) const override;
    void restoreLayout(QSettings& settings) override;
    void resetLayout() override;
    void exportShown() override;
    [[nodiscard]] bool canRun(PageCommand command) const override;
    void run(PageCommand command) override;
    // The filter's event id is looked up.
    void open(const PageTarget& target) override;

    void find(const QString& ids);
    // Ctrl+Shift+E: what is in the clipboard, when it looks like an id.
    void findClipboard();
    [[nodiscard]] QString copiedText() const; // what "Copy trace" copies
    // The trace as text, or the matrix as CSV.
    void exportTo(const QString& file);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void fitLanes();
    QWidget* makeTop();
    QWidget* makeNothing();
    QWidget* makeTrace();
    QTableWidget* makeSteps(QWidget* parent);
    QWidget* makeMatrix();
    void ask();
    void accept(const engine::Result<engine::EventPage>& answer);
    void showTrace();
    void showSteps(const engine::EventTrace& trace);
    void showNothing(const QString& text, const std::vector<std::string>& ids = {});
    void showNotFound(const engine::EventPage& page);
    void showPayload();
    void showStep();
    void openStep();
    void openDeadLetter();
    void remember(const QString& id);

    ConsoleContext m_context;
    std::uint64_t m_asked { 0 };
    engine::EventPage m_page {};
    int m_shown { 0 }; // of m_page.events, when one id has several events
    QLineEdit* m_input { nullptr };
    QPushButton* m_find { nullptr };
    QPushButton* m_copy { nullptr };
    QPushButton* m_next { nullptr };
    QPushButton* m_dlq { nullptr };
    QLabel* m_summary { nullptr };
    ListNotice* m_notice { nullptr };
    QLabel* m_notFound { nullptr };
    QLabel* m_idsTitle { nullptr };
    QListWidget* m_ids { nullptr };
    QStringList m_recent {}; // of this window only: an id may name a person
    std::vector<EventStep> m_steps {};
    QTabWidget* m_tabs { nullptr };
    TextView* m_attempt { nullptr };
    QPushButton* m_export { nullptr };
    QStackedWidget* m_stack { nullptr };
    LaneView* m_lanes { nullptr };
    QScrollArea* m_lanesScroll { nullptr };
    QLabel* m_why { nullptr };
    QTableWidget* m_table { nullptr };
    ColumnChooser* m_columns { nullptr }; // of the steps
    TextView* m_payload { nullptr };
    EventMatrixModel* m_matrix;
    QTableView* m_matrixTable { nullptr };
    QCheckBox* m_openOnly { nullptr };
};

} // namespace ui

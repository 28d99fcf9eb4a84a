// Who did what, and what came of it; what can be taken back, is taken back here, to exactly what
// was before it. GUI thread.
#pragma once

#include "window/page.h"

#include <QTimer>

class QLabel;
class QLineEdit;
class QPushButton;
class QTableView;

namespace ui {

class AuditModel;
class CommandRunner;
class ListNotice;

// The engine filters; scrolling to the end or "Read more" reads further back.
class AuditPage final : public Page {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AuditPage)
public:
    explicit AuditPage(const ConsoleContext& context, QWidget* parent = nullptr);

    [[nodiscard]] QString title() const override;
    void applySnapshot(const engine::SnapshotPtr& snapshot) override;
    void open(const PageTarget& target) override;
    void clearTransient() override;
    void exportShown() override;
    [[nodiscard]] bool canRun(PageCommand command) const override;
    void run(PageCommand command) override;
    void saveLayout(QSettings& settings) const override;
    void restoreLayout(QSettings& settings) override;
    // Writes what the filter shows as JSON Lines.
    void exportTo(const QString& file);

protected:
    void showEvent(QShowEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void prepareColumns();
    void fitColumns();
    void chooseColumns(const QPoint& globalPosition);
    QWidget* makeTop();
    QWidget* makeBottom();
    void read();
    void showStatus();
    void askRevert();
    void showRevert(const engine::Result<engine::RevertCheck>& check);
    void revert();
    void showOnCharts();
    void openOriginal();
    [[nodiscard]] const engine::AuditRow* selected() const;
    void chooseExport();

    ConsoleContext m_context;
    CommandRunner* m_runner;
    AuditModel* m_model;
    QTimer m_delay {};
    QTimer m_recheck {};
    std::uint64_t m_asked { 0 };
    bool m_areColumnsChosen { false }; // by hand
    QLineEdit* m_filter { nullptr };
    QLabel* m_error { nullptr };
    QLabel* m_count { nullptr };
    QLabel* m_message { nullptr };
    QPushButton* m_more { nullptr };
    QPushButton* m_reload { nullptr };
    QPushButton* m_revert { nullptr };
    QPushButton* m_export { nullptr };
    QPushButton* m_charts { nullptr };
    QPushButton* m_original { nullptr };
    QLabel* m_revertInfo { nullptr };
    ListNotice* m_notice { nullptr };
    QTableView* m_table { nullptr };
};

} // namespace ui

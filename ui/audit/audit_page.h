// Who did what, and what came of it; what can be taken back, is taken back here. GUI thread.
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
    // Writes what the filter shows as JSON Lines.
    void exportTo(const QString& file);

protected:
    bool event(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeTop();
    QWidget* makeBottom();
    void read();
    void showStatus();
    void showRevert();
    void revert();
    void chooseExport();

    ConsoleContext m_context;
    CommandRunner* m_runner;
    AuditModel* m_model;
    QTimer m_delay {};
    engine::SnapshotPtr m_snapshot;
    QLineEdit* m_filter { nullptr };
    QLabel* m_error { nullptr };
    QLabel* m_count { nullptr };
    QLabel* m_message { nullptr };
    QPushButton* m_more { nullptr };
    QPushButton* m_reload { nullptr };
    QPushButton* m_revert { nullptr };
    QPushButton* m_export { nullptr };
    ListNotice* m_notice;
    QTableView* m_table;
};

} // namespace ui

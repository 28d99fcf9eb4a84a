// Who did what, and what came of it. Read only. GUI thread.
#pragma once

#include "window/page.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QSortFilterProxyModel;
class QTableView;

namespace ui {

class AuditModel;
class ListNotice;

// The filter works on the rows read so far and says so; scrolling to the end or "Read more" reads
// further.
class AuditPage final : public Page {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AuditPage)
public:
    explicit AuditPage(const ConsoleContext& context, QWidget* parent = nullptr);

    [[nodiscard]] QString title() const override;
    void applySnapshot(const engine::SnapshotPtr& snapshot) override;
    void clearTransient() override;

protected:
    bool event(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeTop();
    void showStatus();

    ConsoleContext m_context;
    AuditModel* m_model;
    QSortFilterProxyModel* m_proxy;
    QLineEdit* m_filter { nullptr };
    QLabel* m_count { nullptr };
    QPushButton* m_more { nullptr };
    QPushButton* m_reload { nullptr };
    ListNotice* m_notice;
    QTableView* m_table;
};

} // namespace ui

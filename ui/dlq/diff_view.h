// The differences between a failed payload and the last accepted one of the same event name and
// destination. GUI thread.
#pragma once

#include <engine/pages.h>

#include <QWidget>

class QLabel;
class QTableWidget;

namespace ui {

class Theme;

class DiffView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DiffView)
public:
    explicit DiffView(const Theme& theme, QWidget* parent = nullptr);

    void clear();
    void setDetail(const engine::DeadLetterDetail& detail);

private:
    void fill(const engine::DeadLetterDetail& detail);

    QLabel* m_head;
    QTableWidget* m_table;
};

} // namespace ui

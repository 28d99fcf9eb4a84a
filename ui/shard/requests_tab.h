// The newest requests of a shard in the range of its charts: when, how long, what was answered. GUI
// thread only.
#pragma once

#include "shard/range_question.h"
#include "window/page.h"

#include <QWidget>

class QTableView;

namespace ui {

class ListNotice;
class PlainTableModel;

class RequestsTab final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RequestsTab)
public:
    static constexpr int kRowsMax = 200;

    explicit RequestsTab(const ConsoleContext& context, QWidget* parent = nullptr);

    // Called with every sample: asks at most every 10 s while the range moves, and once for a range
    // that stands.
    void show(const engine::ShardId& shard, const TimeRange& range);
    void setLive(bool isLive);
    [[nodiscard]] QTableView& table() { return *m_table; }

private:
    void accept(const engine::Result<engine::RequestsPage>& answer);

    ConsoleContext m_context;
    PlainTableModel* m_model;
    QTableView* m_table;
    ListNotice* m_notice;
    RangeQuestion m_question {};
};

} // namespace ui

// What is known about a shard besides its charts, in tabs that share the charts' range: limits,
// dead letters of the range, changes, and every sample as a number. GUI thread only.
#pragma once

#include "models/history_store.h"
#include "shard/range_question.h"
#include "window/page.h"

#include <QTabWidget>

class QAbstractItemModel;
class QTableView;

namespace ui {

class ListNotice;
class PlainTableModel;
class RawMetricsModel;
class RequestsTab;

class ShardTabs final : public QTabWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShardTabs)
public:
    explicit ShardTabs(const ConsoleContext& context, QWidget* parent = nullptr);

    // Called with every sample: only the tab on top is filled, and dead letters are asked for at
    // most every 10 s, unless the shard or the range is another one.
    void show(const engine::EngineSnapshot& snapshot, const engine::ShardSnapshot& shard,
        const HistoryStore& history, const TimeRange& range);
    void setLive(bool isLive); // the range moves: it is another one with every sample

Q_SIGNALS:
    void groupChosen(const QString& fingerprint);

private:
    QTableView* addTable(const QString& name, const QString& title, QAbstractItemModel* model);
    void askGroups(const engine::ShardId& shard, const TimeRange& range);
    void showGroups(const std::vector<engine::DeadLetterGroup>& groups);

    ConsoleContext m_context;
    PlainTableModel* m_profile;
    PlainTableModel* m_groups;
    PlainTableModel* m_changes;
    RawMetricsModel* m_raw;
    ListNotice* m_groupsNotice;
    RequestsTab* m_requests { nullptr };
    QTableView* m_groupsTable { nullptr };
    RangeQuestion m_question {}; // about the groups
};

} // namespace ui

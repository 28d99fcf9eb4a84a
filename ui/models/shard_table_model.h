// The rows of the overview: shards, and destinations when grouped. Serves memory only: every value
// comes from the newest snapshot and the sparkline history. GUI thread only.
//
// Values are refreshed in place by every snapshot; which rows there are and their order change only
// when the caller allows it, so nothing moves under the hand.
#pragma once

#include "models/history_store.h"
#include "models/shard_facts.h"
#include "models/shard_filter.h"
#include "widgets/table_export.h"

#include <engine/snapshot.h>

#include <QAbstractTableModel>
#include <QFont>

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace ui {

class ShardTableModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShardTableModel)
public:
    enum Column {
        State,
        Shard,
        Depth,
        DepthTrend,
        Lag,
        LagTrend,
        Latency,
        Error,
        DlqGrowth,
        In,
        Out,
        DrainEta,
        Throttle, // from here on hidden by default
        InFlight,
        Busy,
        Fill,
        DlqTotal,
        Expires,
        Concurrency,
        Rate,
        Batch,
        LastSuccess,
        ColumnCount,
    };
    enum Role {
        IdRole = Qt::UserRole, // QString "meta-main/1029384756"
        StateRole, // QString "auth_failed"
        SortRole,
        RawRole, // double; invalid when absent
        StatusRole, // int of Status
        TrendRole, // QList<float>, NaN = gap
        LevelRole, // 0 destination or ungrouped shard, 1 shard inside a destination
        ExpandRole, // bool for a destination row, otherwise invalid
        NoteRole, // of a destination row: "2 of 5 in trouble"; of a shard: its gravest flag
        ShortNoteRole, // of a destination row, where the note has no room: "2/5"
        IsNewStateRole, // the state changed in the last 10 s
    };
    enum class Scope { All, Attention, Paused };
    enum class Grouping { Automatic, On, Off }; // Automatic: destinations with more than 8 shards
    struct SortKey {
        int column { State };
        Qt::SortOrder order { Qt::AscendingOrder };
    };
    struct Counts {
        int all { 0 };
        int attention { 0 };
        int paused { 0 };
        int matching { 0 }; // shards that filter and scope let through
    };

    explicit ShardTableModel(const Theme& theme, QObject* parent = nullptr);

    void applySnapshot(const engine::SnapshotPtr& snapshot, bool mayReorder);
    bool applyHistory(const engine::HistoryPage& page) { return m_trends.applyHistory(page); }
    [[nodiscard]] engine::HistoryQuery historyQuery() const;
    [[nodiscard]] ExportTable exportRows() const; // as they are shown, every number

    // Operator's choices: applied at once, also to the order.
    void setFilter(const ShardFilter& filter);
    void setScope(Scope scope);
    void setGrouping(Grouping grouping);
    void setSort(std::vector<SortKey> keys); // empty: worst first
    void setStale(bool isStale); // dims every live number
    void toggleExpanded(int row);
    void resort();

    [[nodiscard]] Grouping grouping() const { return m_grouping; }
    [[nodiscard]] const std::vector<SortKey>& sortKeys() const { return m_sortKeys; }
    [[nodiscard]] Counts counts() const { return m_counts; }
    [[nodiscard]] bool isOrderStale() const { return m_isOrderStale; }
    [[nodiscard]] engine::ShardId idAt(int row) const;
    [[nodiscard]] int rowOf(const engine::ShardId& shard) const; // -1 when it is not shown
    [[nodiscard]] const engine::ShardSnapshot* shardAt(int row) const; // until the next snapshot

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] static QString columnTitle(int column);
    [[nodiscard]] static bool isNumeric(int column);

Q_SIGNALS:
    void countsChanged();
    void orderStaleChanged(bool isStale);

private:
    struct Row {
        engine::ShardId id {};
        const engine::ShardSnapshot* shard { nullptr }; // into m_snapshot; null: it vanished
        const engine::DestinationSnapshot* destination { nullptr }; // set for destination rows
        int level { 0 };
    };
    using Rows = std::vector<Row>;

    [[nodiscard]] Rows wantedRows() const;
    void appendGroup(Rows& rows, const engine::DestinationSnapshot& destination,
        const std::vector<const engine::ShardSnapshot*>& members) const;
    [[nodiscard]] bool isLetThrough(const engine::ShardSnapshot& shard) const;
    [[nodiscard]] bool isExpanded(const std::string& destination, std::size_t members) const;
    [[nodiscard]] bool isBefore(
        const engine::ShardSnapshot& a, const engine::ShardSnapshot& b) const;
    void arrange(bool isAllowed);
    void rearrange(const Rows& wanted);
    void reorder(const Rows& wanted);
    void refresh(const std::vector<const engine::ShardSnapshot*>& before);
    void recount();
    void setOrderStale(bool isStale);
    [[nodiscard]] QString text(const Row& row, int column) const;
    [[nodiscard]] QString toolTip(const Row& row, int column) const;
    [[nodiscard]] QString note(const Row& row) const;
    [[nodiscard]] static QString shortNote(const Row& row);
    [[nodiscard]] QString accessibleText(const Row& row, int column) const;
    [[nodiscard]] bool isBeyondThreshold(const Row& row, int column) const;
    [[nodiscard]] QList<float> trend(const Row& row, int column) const;

    const Theme& m_theme;
    QFont m_bodyFont;
    QFont m_boldFont;
    Thresholds m_thresholds;
    HistoryStore m_trends;
    engine::SnapshotPtr m_snapshot;
    Rows m_rows;
    ShardFilter m_filter;
    Scope m_scope { Scope::All };
    Grouping m_grouping { Grouping::Automatic };
    std::vector<SortKey> m_sortKeys;
    std::set<std::string> m_toggled; // destinations opened or closed by hand
    Counts m_counts;
    bool m_isOrderStale { false };
    bool m_isStale { false };
};

// The number behind a cell, for sorting and tests; absent when the shard has too few samples.
[[nodiscard]] std::optional<double> rawValue(const engine::ShardSnapshot& shard, int column);

} // namespace ui

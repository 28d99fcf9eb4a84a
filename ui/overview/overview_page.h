// The first screen: which shard, since when, why. Table of shards above, five charts below. GUI
// thread only.
#pragma once

#include "models/shard_table_model.h"
#include "window/page.h"

#include <QList>

#include <optional>
#include <vector>

class QAction;
class QSettings;
class QStackedLayout;

namespace ui {

class ChartStrip;
class ListNotice;
class OverviewToolbar;
class ShardTableView;
class Stripe;
class VoidState;

class OverviewPage final : public Page {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OverviewPage)
public:
    explicit OverviewPage(const ConsoleContext& context, QWidget* parent = nullptr);

    QString title() const override;
    void applySnapshot(const engine::SnapshotPtr& snapshot) override;
    void setSampleAge(engine::Millis age) override;
    void setSelection(const std::vector<engine::ShardId>& shards) override;
    void open(const PageTarget& target) override;
    void setFrozen(bool isFrozen) override;
    void clearTransient() override;
    [[nodiscard]] bool hasCharts() const override { return true; }
    void runChart(ChartCommand command) override;
    void setMarks(const std::vector<ChartMark>& marks) override;
    void exportShown() override;
    void setChartDefaults(const ChartSettings& settings) override;
    void flush() override;
    void saveLayout(QSettings& settings) const override;
    void restoreLayout(QSettings& settings) override;
    void resetLayout() override;

    // What the window's actions do here.
    void setContextActions(const QList<QAction*>& actions); // of the table's menu
    void setEmptyAction(QAction* action); // offered where there is no destination
    void setFilterText(const QString& text);
    [[nodiscard]] QStringList recentFilters() const; // newest first, of this run
    void focusFilter();
    void resort();
    void toggleGrouping();
    void setFramedShard(const std::optional<engine::ShardId>& shard); // the coach speaks of it
    void selectNextInTrouble(bool isForward);
    void togglePinned(const std::vector<engine::ShardId>& shards);
    [[nodiscard]] ChartStrip& charts() { return *m_charts; }

protected:
    void focusInEvent(QFocusEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void wire();
    void askTrends();
    void showVoid();
    void showAge();
    void shareHeight(); // between table and charts
    void reportSelection(const std::vector<engine::ShardId>& shards);

    ConsoleContext m_context;
    ShardTableModel* m_model;
    OverviewToolbar* m_toolbar;
    ShardTableView* m_table;
    VoidState* m_void;
    Stripe* m_frozenBar;
    ListNotice* m_unread;
    QWidget* m_tableArea;
    QStackedLayout* m_tableStack;
    ChartStrip* m_charts;
    QList<QAction*> m_contextActions;
    QAction* m_emptyAction { nullptr };
    std::vector<engine::ShardId> m_selection;
    std::vector<engine::ShardId> m_pinned;
    engine::SnapshotPtr m_latest; // newer than what is shown while frozen
    std::optional<engine::WallTime> m_frozenAt;
    std::optional<engine::WallTime> m_tabledAt; // of the sample that the table shows
    bool m_isFiltered { false };
};

} // namespace ui

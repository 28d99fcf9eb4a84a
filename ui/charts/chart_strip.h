// The five panels under the overview and the bar above them: window, freeze, compare, legend. Asks
// the engine for history, keeps it live, and redraws one panel per 200 ms, so that no turn of the
// event loop is long. GUI thread only.
#pragma once

#include "charts/chart_group.h"
#include "charts/metric_panel.h"
#include "models/history_store.h"
#include "models/shard_facts.h"
#include "window/page.h"

#include <QWidget>

#include <array>
#include <optional>
#include <vector>

class QLabel;
class QGridLayout;
class QTabWidget;
class QTimer;
class QToolButton;

namespace ui {

class ChartStrip final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChartStrip)
public:
    ChartStrip(const ConsoleContext& context, QWidget* parent = nullptr);

    void applySnapshot(const engine::SnapshotPtr& snapshot);
    void setSelection(const std::vector<engine::ShardId>& shards);
    void setPinned(const std::vector<engine::ShardId>& shards); // compare: at most four
    void setFrozen(bool isFrozen);
    void setSpan(engine::HistorySpan span);
    [[nodiscard]] engine::HistorySpan span() const { return m_history.span(); }
    void stepSpan(int by); // shorter or longer window
    [[nodiscard]] std::array<MetricPanel*, 5> panels() const { return m_panels; }
    [[nodiscard]] QWidget* header() const { return m_header; }
    [[nodiscard]] QToolButton* freezeButton() const { return m_freeze; }
    [[nodiscard]] QToolButton* compareButton() const { return m_compare; }
    // What would be drawn in 200 ms steps is drawn now: tests and screenshots.
    void flush();
    void clearTransient();
    void setPanelHeight(int pixels);

Q_SIGNALS:
    void freezeToggled(bool isFrozen);
    void navigationRequested(const ui::PageTarget& target);
    void messageShown(const QString& text);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void buildHeader();
    void buildPanels();
    void arrangePanels();
    void askHistory();
    void scheduleRedraw();
    void redrawNext();
    void redraw(MetricPanel& panel);
    void showLegend();
    void showRangeMenu(double fromBack, double toBack, const QPoint& globalPosition);
    void copyValues(double fromBack, double toBack);
    void openTable(const MetricPanel& panel);
    [[nodiscard]] std::vector<engine::ShardId> drawnShards(engine::Metric metric) const;
    [[nodiscard]] bool isHeldByHover(const MetricPanel& panel);

    ConsoleContext m_context;
    Thresholds m_thresholds;
    ChartGroup m_group;
    HistoryStore m_history;
    engine::SnapshotPtr m_snapshot;
    std::vector<engine::ShardId> m_selection;
    std::vector<engine::ShardId> m_pinned;
    std::array<MetricPanel*, 5> m_panels {};
    std::array<QToolButton*, 4> m_windows {};
    QWidget* m_header { nullptr };
    QToolButton* m_freeze { nullptr };
    QToolButton* m_compare { nullptr };
    QLabel* m_legend { nullptr };
    QWidget* m_grid { nullptr };
    QGridLayout* m_gridLayout { nullptr };
    QTimer* m_redrawTimer;
    std::size_t m_nextPanel { 0 };
    std::optional<engine::WallTime> m_drawnUntil;
    std::optional<engine::SteadyTime> m_hoverSince;
    bool m_isFrozen { false };
    bool m_isForced { false }; // redraw although the newest sample is the same
};

} // namespace ui

// The panels of one page and all that they share: history, the stretch of time shown, crosshair,
// flags, and what can be done with a chosen range. Asks the engine for history, keeps it live, and
// redraws one panel at a time, so that no turn of the event loop is long. GUI thread only.
#pragma once

#include "charts/chart_group.h"
#include "charts/flags.h"
#include "charts/metric_panel.h"
#include "charts/spans.h"
#include "charts/story_keeper.h"
#include "charts/timeline.h"
#include "models/history_store.h"
#include "models/shard_facts.h"
#include "widgets/table_export.h"
#include "window/page.h"

#include <QObject>

#include <optional>
#include <set>
#include <vector>

class QTimer;

namespace ui {

class ListNotice;

class ChartDeck final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChartDeck)
public:
    struct PanelSpec {
        engine::Metric metric { engine::Metric::QueueDepth };
        std::vector<engine::Metric> together {}; // lines of one shard in one panel
    };
    struct Options {
        std::vector<PanelSpec> panels {};
        bool hasOthers { true }; // the worst other shards and the band of the rest
    };
    // The panels become children of `host`, which lays them out and may hide them.
    ChartDeck(const ConsoleContext& context, const Options& options, QWidget* host);

    void applySnapshot(const engine::SnapshotPtr& snapshot);
    void setSelection(const std::vector<engine::ShardId>& shards);
    void setCompared(const std::vector<engine::ShardId>& shards); // at most four; empty: none
    void setMarks(const std::vector<ChartMark>& marks);
    void setFrozen(bool isFrozen);
    void setStale(bool isStale);
    // Every sample of the shown range, one shard, a column per panel; to a file that is asked for.
    void exportRange();
    void exportRange(const TimeRange& range);
    void setSpan(engine::HistorySpan span);
    void setDefaults(const ChartSettings& settings);
    void zoomTo(const TimeRange& range);
    void run(ChartCommand command);
    void clearTransient(); // unpins
    // What would be drawn one by one is drawn now: tests and screenshots.
    void flush();
    void redrawSoon();

    [[nodiscard]] const std::vector<MetricPanel*>& panels() const { return m_panels; }
    // Says why the samples of before could not be read, and reads again; the host puts it above the
    // panels. Hidden otherwise.
    [[nodiscard]] ListNotice& notice() const { return *m_notice; }
    [[nodiscard]] ChartGroup& group() { return m_group; }
    [[nodiscard]] const Timeline& timeline() const { return m_timeline; }
    [[nodiscard]] const HistoryStore& history() const { return shownHistory(); }
    [[nodiscard]] TimeRange range() const; // what is shown; only with samples
    [[nodiscard]] engine::WallTime newest() const { return m_newest; } // of the newest sample

Q_SIGNALS:
    void timelineChanged(); // another window, zoom, or live again
    void navigationRequested(const ui::PageTarget& target);
    void messageShown(const QString& text);
    void markMade(const ui::ChartMark& mark);
    void markRemoved(const ui::ChartMark& mark);

private:
    void showThreshold(MetricPanel& panel, engine::Metric metric) const;
    void addPanel(const PanelSpec& spec, QWidget* host);
    void askHistory();
    void askPast();
    void askPast(const engine::PastQuery& whole);
    void showUnread(const engine::Error& error);
    void askReplayed();
    [[nodiscard]] std::vector<StateChange> shownChanges() const;
    void takeTimeline();
    void showTimeline();
    void followTime();
    void redrawNext();
    void redraw(std::size_t at);
    [[nodiscard]] const engine::ShardSnapshot* selectedShard() const; // null: of the whole, or none
    void showDepthWarning(MetricPanel& panel) const;
    void showConcurrency(MetricPanel& panel, PanelData& data) const;
    [[nodiscard]] std::vector<engine::ShardId> drawnShards(engine::Metric metric) const;
    [[nodiscard]] bool isHeldByHover(const MetricPanel& panel);
    [[nodiscard]] engine::WallTime timeAt(double secondsBack) const; // before the newest sample
    // Before the edge that the group counts from: what somebody points at.
    [[nodiscard]] engine::WallTime timePointedAt(double secondsBack) const;
    [[nodiscard]] double lagOf(engine::WallTime edge) const; // seconds behind the group's edge
    [[nodiscard]] const HistoryStore& shownHistory() const;
    void holdHistory(); // of frozen charts, once another window was read
    [[nodiscard]] engine::DeadLetterFilter filterFor(const TimeRange& range) const;
    [[nodiscard]] std::optional<engine::ShardId> subject() const; // whose values are copied

    void stepSpan(int by);
    void showRangeMenu(double fromBack, double toBack, const QPoint& globalPosition);
    void chooseFlag(const Flag& flag, engine::WallTime at, const QPoint& globalPosition);
    void copyValues(const TimeRange& range);
    [[nodiscard]] ExportTable valuesOf(const TimeRange& range) const;
    void askMark(engine::WallTime at);
    void openTable();

    ConsoleContext m_context;
    Options m_options;
    QWidget* m_host;
    Thresholds m_thresholds;
    ChartGroup m_group;
    Timeline m_timeline; // before m_history, which begins with its span
    HistoryStore m_history;
    std::optional<HistoryStore> m_held; // as it was when the charts were frozen: the rings go on
    engine::SnapshotPtr m_snapshot;
    std::vector<engine::ShardId> m_selection;
    std::vector<engine::ShardId> m_compared;
    std::vector<ChartMark> m_marks;
    std::vector<engine::Annotation> m_happened; // with the ends of what lasts
    const StoryKeeper& m_story;
    ReplayedShards m_replayed;
    std::set<engine::ReplayJobId> m_replaysAsked;
    std::vector<MetricPanel*> m_panels;
    ListNotice* m_notice;
    QTimer* m_redrawTimer;
    std::size_t m_nextPanel { 0 };
    engine::WallTime m_newest {}; // of all samples, shown or not
    std::optional<TimeRange> m_past; // what the history holds, where that is of long ago
    std::optional<engine::WallTime> m_drawnUntil;
    std::optional<engine::WallTime> m_edge; // the right edge when it was last drawn
    std::optional<engine::SteadyTime> m_hoverSince;
    bool m_isForced { false }; // redraw although the newest sample is the same
};

} // namespace ui

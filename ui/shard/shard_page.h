// One shard, all its charts on one time axis; the tabs below share the chosen range. GUI thread
// only.
#pragma once

#include "window/page.h"

#include <optional>

class QDateTimeEdit;
class QScrollArea;
class QSplitter;
class QStackedLayout;
class QToolButton;

namespace ui {

class ChartDeck;
class ShardHeader;
class ShardTabs;
class SpanBar;
class Stripe;
class VoidState;

class ShardPage final : public Page {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShardPage)
public:
    explicit ShardPage(const ConsoleContext& context, QWidget* parent = nullptr);

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

private:
    QWidget* makeCharts();
    void fillRange();
    void wire();
    void choose(const engine::ShardId& shard);
    void showShard();
    void showTimeline();
    void showRange();
    void showFrozen();
    void takeRange();
    void showVoid();
    [[nodiscard]] const engine::ShardSnapshot* shown() const; // until the next snapshot

    ConsoleContext m_context;
    ShardHeader* m_header;
    Stripe* m_frozenBar;
    SpanBar* m_spans;
    QDateTimeEdit* m_from;
    QDateTimeEdit* m_to;
    QToolButton* m_live { nullptr };
    QScrollArea* m_scroll;
    QWidget* m_panels;
    ChartDeck* m_deck;
    ShardTabs* m_tabs;
    QSplitter* m_splitter;
    VoidState* m_void;
    QStackedLayout* m_stack { nullptr };
    engine::SnapshotPtr m_snapshot; // what is shown
    engine::SnapshotPtr m_latest; // newer than that while frozen
    std::optional<engine::ShardId> m_shard;
    std::optional<engine::WallTime> m_frozenAt;
};

} // namespace ui

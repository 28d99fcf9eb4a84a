// The five panels under the overview and the bar above them: window, freeze, compare, legend. GUI
// thread only.
#pragma once

#include "charts/chart_deck.h"

#include <QWidget>

#include <vector>

class QGridLayout;
class QLabel;
class QTabBar;
class QToolButton;

namespace ui {

class SpanBar;

class ChartStrip final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChartStrip)
public:
    // Two rows of panels, or, where there is little height, one row whose last place is shared by
    // three panels behind tabs.
    enum class Form { TwoRows, OneRow };

    ChartStrip(const ConsoleContext& context, QWidget* parent = nullptr);

    void applySnapshot(const engine::SnapshotPtr& snapshot);
    void setSelection(const std::vector<engine::ShardId>& shards);
    void setPinned(const std::vector<engine::ShardId>& shards); // compare: at most four
    void setFrozen(bool isFrozen);
    void setForm(Form form, int panelHeight);
    // Of the whole strip, with the bar above the panels.
    [[nodiscard]] int heightOf(int panelHeight, int rows) const;
    void clearTransient();
    [[nodiscard]] ChartDeck& deck() const { return *m_deck; }

Q_SIGNALS:
    void freezeToggled(bool isFrozen);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void buildHeader();
    void buildGrid();
    void arrange();
    void showTab(int tab);
    void showTimeline();
    void compare();

    ConsoleContext m_context;
    QWidget* m_grid;
    QGridLayout* m_gridLayout;
    QTabBar* m_tabs;
    ChartDeck* m_deck;
    SpanBar* m_header;
    QToolButton* m_freeze { nullptr };
    QToolButton* m_compare { nullptr };
    QToolButton* m_zoomBack { nullptr };
    QLabel* m_legend { nullptr };
    std::vector<engine::ShardId> m_selection;
    std::vector<engine::ShardId> m_pinned;
    Form m_form { Form::TwoRows };
};

} // namespace ui

#include "charts/chart_strip.h"

#include "charts/span_bar.h"
#include "format/format.h"
#include "theme/theme.h"
#include "widgets/list_notice.h"

#include <QGridLayout>
#include <QLabel>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {

using engine::Metric;

namespace {

constexpr int kTabbed = 3; // p95, errors and DLQ growth share a place where there is little height
constexpr int kLegendWidthMin = 760; // of the strip: below, the buttons need the room

} // namespace

ChartStrip::ChartStrip(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_grid(new QWidget(this))
    , m_gridLayout(new QGridLayout(m_grid))
    , m_tabs(new QTabBar(m_grid))
    , m_deck(new ChartDeck(context,
          { .panels = { { Metric::QueueDepth }, { Metric::ConsumerLag }, { Metric::LatencyP95 },
                { Metric::ErrorRatio }, { Metric::DlqGrowth } } },
          m_grid))
    , m_header(new SpanBar(QStringLiteral("overview"), this))
{
    buildHeader();
    buildGrid();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kSpaceSmall);
    layout->addWidget(m_header);
    layout->addWidget(&m_deck->notice());
    layout->addWidget(m_grid, 1);
    QWidget* before = m_zoomBack; // Tab goes as one reads: the bar, then the panels
    for (auto* panel : m_deck->panels()) {
        setTabOrder(before, panel);
        before = panel;
    }
    connect(m_deck, &ChartDeck::timelineChanged, this, &ChartStrip::showTimeline);
    showTimeline();
}

void ChartStrip::buildHeader()
{
    connect(m_header, &SpanBar::spanChosen, m_deck, &ChartDeck::setSpan);
    m_freeze = m_header->addButton(QStringLiteral("freeze"), tr("Freeze"),
        tr("Stop table and charts; data stays live (Space)"));
    m_freeze->setCheckable(true);
    connect(m_freeze, &QToolButton::clicked, this, &ChartStrip::freezeToggled);
    m_compare = m_header->addButton(QStringLiteral("compare"), tr("Compare"),
        tr("Draw the pinned shards only, each in its own colour"));
    m_compare->setCheckable(true);
    connect(m_compare, &QToolButton::toggled, this, &ChartStrip::compare);
    m_zoomBack = m_header->addButton(
        QStringLiteral("zoomBack"), tr("Back"), tr("Leave the zoomed range (Backspace)"));
    connect(
        m_zoomBack, &QToolButton::clicked, m_deck, [this] { m_deck->run(ChartCommand::ZoomBack); });
    m_header->addStretch();
    m_legend = new QLabel(m_header);
    m_legend->setTextFormat(Qt::PlainText);
    m_legend->setForegroundRole(QPalette::PlaceholderText);
    m_header->addWidget(m_legend);
}

void ChartStrip::buildGrid()
{
    m_gridLayout->setContentsMargins(0, 0, 0, 0);
    m_gridLayout->setSpacing(kSpaceSmall);
    m_tabs->setObjectName(QStringLiteral("overview_chartTabs"));
    m_tabs->setAccessibleName(tr("Which of the other charts is shown"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    for (int i = 0; i < kTabbed; ++i)
        m_tabs->addTab(metricName(m_deck->panels()[static_cast<std::size_t>(i) + 2]->metric()));
    connect(m_tabs, &QTabBar::currentChanged, this, &ChartStrip::showTab);
    for (int column = 0; column < 6; ++column)
        m_gridLayout->setColumnStretch(column, 1);
    arrange();
}

void ChartStrip::arrange()
{
    // Two wide panels for the two signals that are looked at first.
    const auto& panels = m_deck->panels();
    const bool isOneRow = m_form == Form::OneRow;
    m_tabs->setVisible(isOneRow);
    if (isOneRow) {
        m_gridLayout->addWidget(panels[0], 0, 0, 2, 2);
        m_gridLayout->addWidget(panels[1], 0, 2, 2, 2);
        m_gridLayout->addWidget(m_tabs, 0, 4, 1, 2);
        for (std::size_t i = 2; i < panels.size(); ++i)
            m_gridLayout->addWidget(panels[i], 1, 4, 1, 2);
        showTab(m_tabs->currentIndex());
        return;
    }
    m_gridLayout->addWidget(panels[0], 0, 0, 1, 3);
    m_gridLayout->addWidget(panels[1], 0, 3, 1, 3);
    for (int i = 0; i < kTabbed; ++i) {
        auto* panel = panels[static_cast<std::size_t>(i) + 2];
        m_gridLayout->addWidget(panel, 1, i * 2, 1, 2);
        panel->setVisible(true);
    }
}

void ChartStrip::showTab(int tab)
{
    if (m_form != Form::OneRow)
        return;
    for (int i = 0; i < kTabbed; ++i)
        m_deck->panels()[static_cast<std::size_t>(i) + 2]->setVisible(i == tab);
    m_deck->flush(); // what was hidden has not been drawn
}

void ChartStrip::setForm(Form form, int panelHeight)
{
    const int tabs = form == Form::OneRow ? m_tabs->sizeHint().height() + kSpaceSmall : 0;
    for (std::size_t i = 0; i < m_deck->panels().size(); ++i)
        m_deck->panels()[i]->setFixedHeight(panelHeight - (i < 2 ? 0 : tabs));
    if (form == m_form)
        return;
    m_form = form;
    arrange();
}

int ChartStrip::heightOf(int panelHeight, int rows) const
{
    return m_header->sizeHint().height() + rows * (panelHeight + layout()->spacing());
}

void ChartStrip::applySnapshot(const engine::SnapshotPtr& snapshot)
{
    m_deck->applySnapshot(snapshot);
}

void ChartStrip::setSelection(const std::vector<engine::ShardId>& shards)
{
    m_selection = shards;
    m_deck->setSelection(shards);
    showTimeline();
}

void ChartStrip::setPinned(const std::vector<engine::ShardId>& shards)
{
    m_pinned = shards;
    const QSignalBlocker block(m_compare);
    m_compare->setEnabled(!shards.empty());
    m_compare->setChecked(!shards.empty());
    compare();
}

void ChartStrip::compare()
{
    m_deck->setCompared(m_compare->isChecked() ? m_pinned : std::vector<engine::ShardId> {});
    showTimeline();
}

void ChartStrip::setFrozen(bool isFrozen)
{
    m_deck->setFrozen(isFrozen);
    m_freeze->setChecked(isFrozen);
}

void ChartStrip::clearTransient() { m_deck->clearTransient(); }

void ChartStrip::showTimeline()
{
    const auto& timeline = m_deck->timeline();
    m_header->setSpan(timeline.zoom() ? std::nullopt : std::optional(timeline.span()));
    m_zoomBack->setVisible(timeline.zoom().has_value());
    m_compare->setEnabled(!m_pinned.empty());
    const bool isCompare = m_compare->isChecked() && !m_pinned.empty();
    const QString main = m_selection.empty() ? tr("worst shard") : shardLabel(m_selection.front());
    m_legend->setFont(m_context.theme.captionFont());
    m_legend->setText(isCompare
            ? tr("Pinned shards, one line each")
            : tr("Thick: %1 · thin: next worst · grey: range of the rest").arg(main));
}

void ChartStrip::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_legend->setVisible(width() > kLegendWidthMin);
}

void ChartStrip::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_deck->flush();
}

} // namespace ui

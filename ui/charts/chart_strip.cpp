#include "charts/chart_strip.h"

#include "charts/chart_table.h"
#include "format/format.h"
#include "theme/theme.h"
#include "window/ui_clock.h"

#include <QAction>
#include <QApplication>
#include <QButtonGroup>
#include <QClipboard>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace ui {

using namespace std::chrono_literals;
using engine::HistorySpan;
using engine::Metric;

namespace {

constexpr std::array kMetrics { Metric::QueueDepth, Metric::ConsumerLag, Metric::LatencyP95,
    Metric::ErrorRatio, Metric::DlqGrowth };
constexpr std::array kSpans { HistorySpan::Minutes15, HistorySpan::Hour1, HistorySpan::Hours6,
    HistorySpan::Hours24 };
constexpr auto kSlot = 200ms;
constexpr auto kHoverHoldMax = 30s;
constexpr std::size_t kWorstOthers = 3;

QString objectNameOf(Metric metric)
{
    switch (metric) {
    case Metric::QueueDepth:
        return QStringLiteral("chart_queueDepth");
    case Metric::ConsumerLag:
        return QStringLiteral("chart_consumerLag");
    case Metric::LatencyP95:
        return QStringLiteral("chart_latencyP95");
    case Metric::ErrorRatio:
        return QStringLiteral("chart_errorRate");
    case Metric::DlqGrowth:
        return QStringLiteral("chart_dlqGrowth");
    case Metric::InRate:
    case Metric::OutRate:
        return QStringLiteral("chart_throughput");
    case Metric::ThrottleRatio:
        return QStringLiteral("chart_throttle");
    case Metric::InFlight:
        return QStringLiteral("chart_inFlight");
    case Metric::BatchFill:
        return QStringLiteral("chart_batchFill");
    }
    return {};
}

} // namespace

ChartStrip::ChartStrip(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_history(HistorySpan::Minutes15,
          { Metric::QueueDepth, Metric::ConsumerLag, Metric::LatencyP95, Metric::ErrorRatio,
              Metric::DlqGrowth, Metric::ThrottleRatio })
    , m_redrawTimer(new QTimer(this))
{
    m_redrawTimer->setInterval(kSlot);
    connect(m_redrawTimer, &QTimer::timeout, this, &ChartStrip::redrawNext);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kSpaceSmall);
    buildHeader();
    layout->addWidget(m_header);
    buildPanels();
    layout->addWidget(m_grid, 1);
}

void ChartStrip::buildHeader()
{
    m_header = new QWidget(this);
    auto* row = new QHBoxLayout(m_header);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpaceSmall);
    const auto addButton = [&](const QString& name, const QString& text, const QString& tip) {
        auto* button = new QToolButton(m_header);
        button->setObjectName(name);
        button->setText(text);
        button->setToolTip(tip);
        button->setAccessibleName(tip);
        button->setCheckable(true);
        button->setMinimumHeight(kHitTargetMin);
        row->addWidget(button);
        return button;
    };
    auto* group = new QButtonGroup(this);
    const std::array titles { tr("15 min"), tr("1 h"), tr("6 h"), tr("24 h") };
    const std::array names { "overview_window15m", "overview_window1h", "overview_window6h",
        "overview_window24h" };
    for (std::size_t i = 0; i < kSpans.size(); ++i) {
        m_windows[i] = addButton(
            QLatin1String(names[i]), titles[i], tr("Charts show the last %1").arg(titles[i]));
        group->addButton(m_windows[i]);
        connect(m_windows[i], &QToolButton::clicked, this, [this, i] { setSpan(kSpans[i]); });
    }
    m_windows[0]->setChecked(true);
    row->addSpacing(kSpace);
    m_freeze = addButton(QStringLiteral("overview_freeze"), tr("Freeze"),
        tr("Stop table and charts; data stays live (Space)"));
    connect(m_freeze, &QToolButton::clicked, this, &ChartStrip::freezeToggled);
    m_compare = addButton(QStringLiteral("overview_compare"), tr("Compare"),
        tr("Draw the pinned shards only, each in its own colour"));
    connect(m_compare, &QToolButton::toggled, this, [this] {
        m_isForced = true;
        scheduleRedraw();
    });
    row->addStretch();
    m_legend = new QLabel(m_header);
    m_legend->setTextFormat(Qt::PlainText);
    row->addWidget(m_legend);
}

void ChartStrip::buildPanels()
{
    m_grid = new QWidget(this);
    m_gridLayout = new QGridLayout(m_grid);
    m_gridLayout->setContentsMargins(0, 0, 0, 0);
    m_gridLayout->setSpacing(kSpaceSmall);
    for (std::size_t i = 0; i < kMetrics.size(); ++i) {
        auto* panel
            = new MetricPanel(kMetrics[i], m_context.theme, m_group, m_context.clock, m_grid);
        panel->setObjectName(objectNameOf(kMetrics[i]));
        connect(panel, &MetricPanel::rangeSelected, this, &ChartStrip::showRangeMenu);
        connect(panel, &MetricPanel::tableWanted, this, [this, panel] { openTable(*panel); });
        m_panels[i] = panel;
    }
    m_panels[1]->setThreshold(60, tr("warn 60 s"));
    m_panels[2]->setThreshold(1'000, tr("warn 1 s"));
    m_panels[3]->setThreshold(m_thresholds.errorWarn, tr("warn 2 %"));
    m_panels[4]->setThreshold(60, tr("failing 60/min"));
    arrangePanels();
}

void ChartStrip::arrangePanels()
{
    // Two wide panels for the two signals that are looked at first, three below.
    m_gridLayout->addWidget(m_panels[0], 0, 0, 1, 3);
    m_gridLayout->addWidget(m_panels[1], 0, 3, 1, 3);
    for (int i = 0; i < 3; ++i)
        m_gridLayout->addWidget(m_panels[static_cast<std::size_t>(i) + 2], 1, i * 2, 1, 2);
    for (int column = 0; column < 6; ++column)
        m_gridLayout->setColumnStretch(column, 1);
}

void ChartStrip::setPanelHeight(int pixels)
{
    for (auto* panel : m_panels)
        panel->setFixedHeight(pixels);
}

void ChartStrip::applySnapshot(const engine::SnapshotPtr& snapshot)
{
    const bool isFirst = m_snapshot == nullptr;
    const bool hasNewShards = !isFirst && m_snapshot->shards.size() != snapshot->shards.size();
    m_snapshot = snapshot;
    m_history.append(*snapshot);
    if (isFirst || hasNewShards)
        askHistory();
    if (!m_isFrozen)
        scheduleRedraw();
}

void ChartStrip::askHistory()
{
    if (!m_snapshot || m_snapshot->shards.empty())
        return;
    m_context.engine.history(m_history.query(*m_snapshot),
        m_context.engine.replyTo<engine::Result<engine::HistoryPage>>(
            this, [this](engine::Result<engine::HistoryPage> page) {
                if (!page) {
                    Q_EMIT messageShown(
                        tr("History could not be read: %1").arg(toQString(page.error().message)));
                    return;
                }
                if (m_history.applyHistory(*page)) {
                    m_isForced = true;
                    if (!m_isFrozen)
                        scheduleRedraw();
                }
            }));
}

void ChartStrip::setSpan(HistorySpan span)
{
    for (std::size_t i = 0; i < kSpans.size(); ++i)
        m_windows[i]->setChecked(kSpans[i] == span);
    if (span == m_history.span())
        return;
    m_history.reset(span);
    m_group.setSpan(static_cast<double>(engine::stepOf(span).count() * engine::samplesOf(span)));
    m_group.unpin();
    for (auto* panel : m_panels)
        panel->setSpan(span);
    if (m_snapshot)
        m_history.append(*m_snapshot);
    askHistory();
    m_isForced = true;
    scheduleRedraw();
}

void ChartStrip::stepSpan(int by)
{
    const auto at = static_cast<int>(
        std::find(kSpans.begin(), kSpans.end(), m_history.span()) - kSpans.begin());
    setSpan(kSpans[static_cast<std::size_t>(
        std::clamp(at + by, 0, static_cast<int>(kSpans.size()) - 1))]);
}

void ChartStrip::setSelection(const std::vector<engine::ShardId>& shards)
{
    if (shards == m_selection)
        return;
    m_selection = shards;
    m_isForced = true;
    scheduleRedraw();
}

void ChartStrip::setPinned(const std::vector<engine::ShardId>& shards)
{
    m_pinned = shards;
    m_compare->setChecked(!shards.empty());
    m_isForced = true;
    scheduleRedraw();
}

void ChartStrip::setFrozen(bool isFrozen)
{
    m_isFrozen = isFrozen;
    m_freeze->setChecked(isFrozen);
    for (auto* panel : m_panels)
        panel->setClockTimes(
            isFrozen && !m_history.isEmpty() ? std::optional(m_history.until()) : std::nullopt);
    if (!isFrozen) {
        m_isForced = true;
        scheduleRedraw();
    }
}

void ChartStrip::scheduleRedraw()
{
    if (!isVisible() || !m_snapshot)
        return;
    const bool isNewSample = m_drawnUntil != m_history.until();
    if (!isNewSample && !m_isForced)
        return;
    if (!m_context.isAnimated) {
        flush();
        return;
    }
    // Not start() alone: a restarted timer would never reach the last panel.
    if (m_redrawTimer->isActive())
        return;
    m_nextPanel = 0;
    m_drawnUntil = m_history.until();
    m_isForced = false;
    m_redrawTimer->start();
    redrawNext();
}

void ChartStrip::redrawNext()
{
    if (m_nextPanel < m_panels.size()) {
        auto& panel = *m_panels[m_nextPanel++];
        if (panel.isVisible() && !isHeldByHover(panel))
            redraw(panel);
    }
    if (m_nextPanel == m_panels.size()) {
        m_redrawTimer->stop();
        showLegend();
        if (m_isForced && !m_isFrozen)
            scheduleRedraw();
    }
}

void ChartStrip::flush()
{
    m_redrawTimer->stop();
    m_drawnUntil = m_history.until();
    m_isForced = false;
    for (auto* panel : m_panels) {
        if (panel->isVisible())
            redraw(*panel);
    }
    showLegend();
}

bool ChartStrip::isHeldByHover(const MetricPanel& panel)
{
    if (!panel.underMouse()) {
        const bool isAnyHovered = std::any_of(m_panels.begin(), m_panels.end(),
            [](const MetricPanel* one) { return one->underMouse(); });
        if (!isAnyHovered)
            m_hoverSince.reset();
        return false;
    }
    const auto now = m_context.clock.steadyNow();
    if (!m_hoverSince)
        m_hoverSince = now;
    return now - *m_hoverSince < kHoverHoldMax && !m_isForced;
}

void ChartStrip::redraw(MetricPanel& panel)
{
    PanelRequest request { .metric = panel.metric(), .lines = drawnShards(panel.metric()) };
    request.isCompare = m_compare->isChecked() && !m_pinned.empty();
    panel.setData(makePanelData(m_history, request));
    panel.setAnnotations(m_snapshot->annotations, m_history.until());
}

std::vector<engine::ShardId> ChartStrip::drawnShards(Metric metric) const
{
    if (m_compare->isChecked() && !m_pinned.empty())
        return m_pinned;
    std::vector<engine::ShardId> shown;
    if (!m_selection.empty())
        shown.push_back(m_selection.front());
    std::vector<const engine::ShardSnapshot*> others;
    for (const auto& shard : m_snapshot->shards) {
        const bool isSelected = !shown.empty() && shard.shard == shown.front();
        if (!isSelected && !std::isnan(sampleOf(shard, metric)) && sampleOf(shard, metric) > 0)
            others.push_back(&shard);
    }
    const auto count
        = std::min(others.size(), kWorstOthers + (shown.empty() ? std::size_t { 1 } : 0));
    std::partial_sort(others.begin(), others.begin() + static_cast<std::ptrdiff_t>(count),
        others.end(), [&](const auto* a, const auto* b) {
            const float left = sampleOf(*a, metric);
            const float right = sampleOf(*b, metric);
            return left != right ? left > right : a->shard < b->shard;
        });
    for (std::size_t i = 0; i < count; ++i)
        shown.push_back(others[i]->shard);
    return shown;
}

void ChartStrip::showLegend()
{
    const bool isCompare = m_compare->isChecked() && !m_pinned.empty();
    const QString main = m_selection.empty() ? tr("worst shard") : shardLabel(m_selection.front());
    m_legend->setFont(m_context.theme.captionFont());
    m_legend->setText(isCompare
            ? tr("Pinned shards, one line each")
            : tr("Thick: %1 · thin: next worst · grey: range of the rest").arg(main));
}

void ChartStrip::showRangeMenu(double fromBack, double toBack, const QPoint& globalPosition)
{
    const auto timeAt = [&](double back) {
        return m_history.until() - std::chrono::microseconds { std::llround(back * 1e6) };
    };
    engine::DeadLetterFilter filter;
    filter.shards = m_selection;
    filter.failedFrom = timeAt(fromBack);
    filter.failedTo = timeAt(toBack);
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("chart_rangePopup"));
    menu.addSection(QStringLiteral("%1 – %2").arg(
        formatClock(*filter.failedFrom), formatClock(*filter.failedTo)));
    const auto goTo = [&](const QString& text, PageId page) {
        connect(menu.addAction(text), &QAction::triggered, this, [this, filter, page] {
            Q_EMIT navigationRequested({ .page = page, .shards = m_selection, .filter = filter });
        });
    };
    goTo(tr("DLQ of this window"), PageId::Dlq);
    goTo(tr("Replay this window…"), PageId::Replay);
    connect(menu.addAction(tr("Copy values")), &QAction::triggered, this,
        [this, fromBack, toBack] { copyValues(fromBack, toBack); });
    menu.exec(globalPosition);
}

void ChartStrip::copyValues(double fromBack, double toBack)
{
    if (m_selection.empty())
        return;
    const auto step = static_cast<double>(engine::stepOf(m_history.span()).count());
    QStringList header { tr("Time (UTC)") };
    std::vector<std::vector<float>> columns;
    for (const auto* panel : m_panels) {
        header << panel->unitTitle();
        columns.push_back(m_history.samples(m_selection.front(), panel->metric()));
    }
    QStringList lines { header.join(u'\t') };
    const auto newest = static_cast<int>(std::ceil(toBack / step));
    for (auto at = static_cast<int>(fromBack / step); at >= newest; --at) {
        const double back = at * step;
        QStringList cells { formatUtc(
            m_history.until() - std::chrono::microseconds { std::llround(back * 1e6) }) };
        for (const auto& column : columns) {
            const double value = valueAt(column, step, back);
            cells << (std::isnan(value) ? QString {} : QString::number(value));
        }
        lines << cells.join(u'\t');
    }
    QApplication::clipboard()->setText(lines.join(u'\n'));
    Q_EMIT messageShown(
        tr("%1 rows of %2 copied").arg(lines.size() - 1).arg(shardLabel(m_selection.front())));
}

void ChartStrip::openTable(const MetricPanel& panel)
{
    auto* model = new PanelTableModel(panel.panelData(), panel.metric(), m_history.until());
    auto* table = new ChartTable(m_context.theme, model, panel.unitTitle(), window());
    table->show();
}

void ChartStrip::clearTransient() { m_group.unpin(); }

void ChartStrip::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_legend->setVisible(width() > 620);
}

void ChartStrip::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_isForced = true;
    scheduleRedraw();
}

} // namespace ui

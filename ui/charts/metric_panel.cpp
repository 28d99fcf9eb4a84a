#include "charts/metric_panel.h"

#include "charts/panel_overlay.h"
#include "format/format.h"
#include "theme/theme.h"
#include "window/ui_clock.h"

#include <QApplication>
#include <QAreaSeries>
#include <QChart>
#include <QChartView>
#include <QGraphicsLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineSeries>
#include <QLogValueAxis>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QVBoxLayout>
#include <QValueAxis>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

namespace ui {

namespace {

// More pieces than this are not drawn, the oldest first: a line that is interrupted more often
// within one window tells nothing by its shape.
constexpr std::size_t kSegmentsMax = 24;
constexpr std::size_t kBandsMax = 4;
constexpr double kLeftMargin = 44;
constexpr double kRightMargin = 100; // labels at the line ends
constexpr double kHeadroom = 1.04; // a line at the very end of the axis is still a line
constexpr double kBottomMargin = 16;
constexpr double kTopMargin = 8;

QString unitText(engine::Metric metric)
{
    switch (axisUnitOf(metric)) {
    case AxisUnit::Seconds:
        return QCoreApplication::translate("ui::MetricPanel", "s");
    case AxisUnit::Milliseconds:
        return QCoreApplication::translate("ui::MetricPanel", "ms");
    case AxisUnit::Ratio:
        return QCoreApplication::translate("ui::MetricPanel", "%");
    case AxisUnit::PerMinute:
        return QCoreApplication::translate("ui::MetricPanel", "/min");
    case AxisUnit::Count:
        return metric == engine::Metric::QueueDepth
            ? QCoreApplication::translate("ui::MetricPanel", "events")
            : QCoreApplication::translate("ui::MetricPanel", "/s");
    }
    return {};
}

double spanSeconds(engine::HistorySpan span)
{
    return static_cast<double>(engine::stepOf(span).count() * engine::samplesOf(span));
}

} // namespace

// Turns the mouse into times for the group; draws nothing itself.
class MetricPanel::View final : public QChartView {
public:
    View(QChart* chart, MetricPanel& panel)
        : QChartView(chart, &panel)
        , m_panel(panel)
    {
        setFrameShape(NoFrame);
        setFocusPolicy(Qt::NoFocus); // the panel has it
        setMouseTracking(true);
        setRenderHint(QPainter::Antialiasing);
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    }

protected:
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    [[nodiscard]] double backAt(const QPoint& position) const;

    MetricPanel& m_panel;
    std::optional<QPoint> m_pressedAt;
};

struct MetricPanel::Plot {
    QChart* chart { nullptr }; // owned by the view
    View* view { nullptr }; // owned by the panel
    QValueAxis* timeAxis { nullptr };
    QValueAxis* valueAxis { nullptr };
    QLogValueAxis* logAxis { nullptr };
    PanelOverlay* overlay { nullptr }; // owned by the chart
    std::array<std::vector<QLineSeries*>, kPanelLines> lines {};
    std::vector<QAreaSeries*> bands {};
    QAreaSeries* stacked { nullptr };

    void attach(QAbstractSeries* series, bool isLogarithmic) const
    {
        series->attachAxis(timeAxis);
        if (isLogarithmic)
            series->attachAxis(logAxis);
        else
            series->attachAxis(valueAxis);
    }
    QLineSeries* addLine(int slot, bool isLogarithmic)
    {
        auto* series = new QLineSeries;
        chart->addSeries(series);
        attach(series, isLogarithmic);
        lines[static_cast<std::size_t>(slot)].push_back(series);
        return series;
    }
    QAreaSeries* addArea(bool isLogarithmic) const
    {
        auto* area = new QAreaSeries(new QLineSeries, new QLineSeries);
        area->upperSeries()->setParent(area);
        area->lowerSeries()->setParent(area);
        chart->addSeries(area);
        attach(area, isLogarithmic);
        return area;
    }
};

double MetricPanel::View::backAt(const QPoint& position) const
{
    return m_panel.m_plot->overlay->secondsBackAt(mapToScene(position).x());
}

void MetricPanel::View::mouseMoveEvent(QMouseEvent* event)
{
    const QPoint position = event->pos();
    m_panel.m_group.hover(backAt(position));
    if (m_pressedAt) {
        m_panel.m_plot->overlay->setSelectedRange(
            std::pair { backAt(*m_pressedAt), backAt(position) });
        return;
    }
    const QString flag = m_panel.m_plot->overlay->flagTextAt(mapToScene(position));
    if (flag.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(mapToGlobal(position), Qt::convertFromPlainText(flag), this);
}

void MetricPanel::View::mousePressEvent(QMouseEvent* event)
{
    m_panel.setFocus(Qt::MouseFocusReason);
    if (event->button() == Qt::LeftButton)
        m_pressedAt = event->pos();
}

void MetricPanel::View::mouseReleaseEvent(QMouseEvent* event)
{
    if (!m_pressedAt || event->button() != Qt::LeftButton)
        return;
    const QPoint from = *m_pressedAt;
    m_pressedAt.reset();
    m_panel.m_plot->overlay->setSelectedRange(std::nullopt);
    const QPoint to = event->pos();
    if ((to - from).manhattanLength() < QApplication::startDragDistance()) {
        m_panel.m_group.pin(backAt(to));
        return;
    }
    const auto [newer, older] = std::minmax({ backAt(from), backAt(to) });
    Q_EMIT m_panel.rangeSelected(older, newer, mapToGlobal(to));
}

void MetricPanel::View::leaveEvent(QEvent* event)
{
    m_panel.m_group.hover(std::nullopt);
    QChartView::leaveEvent(event);
}

MetricPanel::MetricPanel(engine::Metric metric, const Theme& theme, ChartGroup& group,
    const UiClock& clock, QWidget* parent)
    : QWidget(parent)
    , m_metric(metric)
    , m_theme(theme)
    , m_group(group)
    , m_clock(clock)
    , m_axisEnd(axisUnitOf(metric))
    , m_title(new QLabel(this))
    , m_value(new QLabel(this))
    , m_plot(std::make_unique<Plot>())
{
    setFocusPolicy(Qt::StrongFocus);
    for (auto* label : { m_title, m_value })
        label->setTextFormat(Qt::PlainText);
    m_title->setText(unitTitle());
    m_value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_value->setMinimumWidth(1); // a long name never keeps the panel from getting narrower
    auto* header = new QHBoxLayout;
    header->setContentsMargins(kSpace, 2, kSpace, 0);
    header->addWidget(m_title);
    header->addWidget(m_value, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(2, 2, 2, 2);
    layout->setSpacing(0);
    layout->addLayout(header);
    buildPlot();
    layout->addWidget(m_plot->view, 1);
    connect(&theme, &Theme::changed, this, &MetricPanel::restyle);
    connect(&group, &ChartGroup::cursorChanged, this, &MetricPanel::updateCursor);
    restyle();
    setSpan(m_span);
}

MetricPanel::~MetricPanel() = default;

void MetricPanel::buildPlot()
{
    auto& plot = *m_plot;
    plot.chart = new QChart;
    plot.chart->legend()->hide();
    plot.chart->setAnimationOptions(QChart::NoAnimation);
    plot.chart->setBackgroundRoundness(0);
    plot.chart->setDropShadowEnabled(false);
    plot.chart->setMargins({});
    plot.chart->layout()->setContentsMargins(0, 0, 0, 0);
    plot.view = new View(plot.chart, *this);
    plot.timeAxis = new QValueAxis;
    plot.valueAxis = new QValueAxis;
    plot.logAxis = new QLogValueAxis;
    for (auto* axis :
        { static_cast<QAbstractAxis*>(plot.timeAxis), static_cast<QAbstractAxis*>(plot.valueAxis),
            static_cast<QAbstractAxis*>(plot.logAxis) }) {
        // The overlay draws grid and labels: three of each, where the plot is, in our own units.
        axis->setLabelsVisible(false);
        axis->setGridLineVisible(false);
        axis->setLineVisible(false);
        plot.chart->addAxis(axis, axis == plot.timeAxis ? Qt::AlignBottom : Qt::AlignLeft);
    }
    plot.logAxis->setVisible(false);
    plot.logAxis->setRange(1, 10);
    for (std::size_t i = 0; i < kBandsMax; ++i)
        plot.bands.push_back(plot.addArea(false));
    plot.stacked = plot.addArea(false);
    for (int slot = kPanelLines - 1; slot >= 0; --slot) // the selected one last: on top
        plot.addLine(slot, false);
    plot.overlay = new PanelOverlay(m_theme, plot.chart);
}

void MetricPanel::restyle()
{
    QFont bold = m_theme.captionFont();
    bold.setBold(true);
    m_title->setFont(bold);
    m_value->setFont(bold);
    auto& plot = *m_plot;
    plot.chart->setBackgroundBrush(m_theme.color(Token::Surface));
    plot.view->setBackgroundBrush(m_theme.color(Token::Surface));
    for (auto* band : plot.bands) {
        band->setPen(Qt::NoPen);
        band->setBrush(m_theme.color(Token::Band));
    }
    plot.stacked->setPen(Qt::NoPen);
    plot.stacked->setBrush(QBrush(m_theme.compareColor(0), Qt::BDiagPattern));
    drawLines();
    updateLabels();
    update();
}

QString MetricPanel::unitTitle() const
{
    return QStringLiteral("%1 (%2)").arg(metricName(m_metric), unitText(m_metric));
}

void MetricPanel::setSpan(engine::HistorySpan span)
{
    m_span = span;
    m_axisEnd.reset();
    m_plot->timeAxis->setRange(-spanSeconds(span), 0);
    setAccessibleName(
        tr("%1, last %2")
            .arg(metricName(m_metric), axisLabel(spanSeconds(span), AxisUnit::Seconds)));
    updateScale();
}

bool MetricPanel::canBeLogarithmic() const
{
    return m_metric == engine::Metric::QueueDepth || m_metric == engine::Metric::ConsumerLag;
}

bool MetricPanel::isLogarithmic() const { return m_isLogarithmic; }

void MetricPanel::setLogarithmic(bool isLogarithmic)
{
    if (isLogarithmic == m_isLogarithmic || !canBeLogarithmic())
        return;
    m_isLogarithmic = isLogarithmic;
    auto& plot = *m_plot;
    for (auto* series : plot.chart->series()) {
        for (auto* axis : series->attachedAxes())
            series->detachAxis(axis);
        plot.attach(series, isLogarithmic);
    }
    drawLines();
    updateScale();
}

void MetricPanel::setThreshold(std::optional<double> value, const QString& text)
{
    m_plot->overlay->setThreshold(value, text);
}

void MetricPanel::setClockTimes(std::optional<engine::WallTime> until)
{
    QStringList labels;
    if (until) {
        const auto span = std::chrono::duration_cast<engine::Micros>(
            std::chrono::duration<double>(spanSeconds(m_span)));
        for (const int third : { 3, 2, 1, 0 })
            labels << formatClock(*until - span * third / 3);
    }
    m_plot->overlay->setTimeLabels(labels);
}

void MetricPanel::setAnnotations(
    const std::vector<engine::Annotation>& annotations, engine::WallTime now)
{
    m_annotations = annotations;
    m_annotationsNow = now;
    FlagRequest request { .annotations = m_annotations, .now = now };
    request.spanSeconds = spanSeconds(m_span);
    request.pixels = m_plot->chart->plotArea().width();
    for (const auto& line : m_data.lines)
        request.shards.push_back(line.shard);
    m_plot->overlay->setFlags(layoutFlags(request));
}

void MetricPanel::setData(PanelData shown)
{
    m_data = std::move(shown);
    drawLines();
    updateScale();
    updateLabels();
    updateCursor();
    describe();
}

void MetricPanel::drawLines()
{
    auto& plot = *m_plot;
    const auto points = [this](const QList<QPointF>& values) {
        if (!m_isLogarithmic)
            return values;
        QList<QPointF> raised = values;
        for (auto& point : raised)
            point.setY(std::max(1.0, point.y()));
        return raised;
    };
    for (int slot = 0; slot < kPanelLines; ++slot) {
        auto& pool = plot.lines[static_cast<std::size_t>(slot)];
        static const Segments kNothing;
        const bool isUsed = slot < static_cast<int>(m_data.lines.size());
        const auto& segments
            = isUsed ? m_data.lines[static_cast<std::size_t>(slot)].segments : kNothing;
        const std::size_t first
            = segments.size() > kSegmentsMax ? segments.size() - kSegmentsMax : 0;
        while (pool.size() < segments.size() - first)
            plot.addLine(slot, m_isLogarithmic);
        const bool isMain = slot == 0 || m_data.isCompare;
        QPen pen(isMain ? m_theme.compareColor(slot) : m_theme.color(Token::TextSecondary),
            isMain ? 2.2 : 1.2, m_data.isCompare ? Theme::comparePen(slot) : Qt::SolidLine);
        for (std::size_t i = 0; i < pool.size(); ++i) {
            if (pool[i]->pen() != pen)
                pool[i]->setPen(pen);
            const bool isFilled = first + i < segments.size();
            if (isFilled || pool[i]->count() > 0)
                pool[i]->replace(isFilled ? points(segments[first + i]) : QList<QPointF> {});
        }
    }
    for (std::size_t i = 0; i < plot.bands.size(); ++i) {
        const bool isFilled = i < m_data.bandLow.size();
        plot.bands[i]->lowerSeries()->replace(
            isFilled ? points(m_data.bandLow[i]) : QList<QPointF> {});
        plot.bands[i]->upperSeries()->replace(
            isFilled ? points(m_data.bandHigh[i]) : QList<QPointF> {});
    }
    const bool isStacked = !m_data.stacked.empty() && !m_data.lines.empty();
    QList<QPointF> base;
    if (isStacked) {
        for (const auto& point : m_data.stacked.back())
            base << QPointF(
                point.x(), valueAt(m_data.lines.front().samples, m_data.stepSeconds, -point.x()));
    }
    plot.stacked->lowerSeries()->replace(base);
    plot.stacked->upperSeries()->replace(isStacked ? m_data.stacked.back() : QList<QPointF> {});
}

void MetricPanel::updateScale()
{
    m_end = m_axisEnd.update(m_data.highest, m_clock.steadyNow());
    auto& plot = *m_plot;
    // Only when it really changed: setting a range relays the whole chart out.
    const double top = m_end * kHeadroom;
    if (plot.valueAxis->max() != top)
        plot.valueAxis->setRange(0, top);
    if (plot.logAxis->max() != std::max(10.0, m_end))
        plot.logAxis->setRange(1, std::max(10.0, m_end));
    PanelOverlay::Scale scale { .plot = plot.chart->plotArea() };
    scale.spanSeconds = spanSeconds(m_span);
    scale.end = m_end;
    scale.top = m_isLogarithmic ? std::max(10.0, m_end) : top;
    scale.isLogarithmic = m_isLogarithmic;
    scale.unit = axisUnitOf(m_metric);
    plot.overlay->setScale(scale, QRectF(QPointF(0, 0), QSizeF(plot.view->size())));
}

void MetricPanel::updateLabels()
{
    std::vector<LineLabel> labels;
    const auto unit = axisUnitOf(m_metric);
    bool hasSamples = false;
    for (std::size_t i = 0; i < m_data.lines.size(); ++i) {
        const auto& line = m_data.lines[i];
        hasSamples = hasSamples || !line.segments.empty();
        const double last = valueAt(line.samples, m_data.stepSeconds, 0);
        if (std::isnan(last))
            continue;
        const bool isMain = i == 0 || m_data.isCompare;
        LineLabel label { .value = last, .texts = shardLabelsByLength(line.shard) };
        label.isBold = i == 0;
        if (i == 0 && !m_data.isCompare)
            label.texts = QStringList { valueLabel(last, unit) };
        label.color = isMain ? m_theme.compareColor(static_cast<int>(i))
                             : m_theme.color(Token::TextSecondary);
        labels.push_back(std::move(label));
    }
    m_plot->overlay->setLineLabels(std::move(labels));
    const bool isVoid = !hasSamples && m_data.bandLow.empty();
    m_plot->overlay->setNotice(isVoid ? tr("No samples yet") : QString {});
}

void MetricPanel::updateCursor()
{
    const auto cursor = m_group.cursor();
    const double back = cursor.value_or(0);
    const auto unit = axisUnitOf(m_metric);
    QStringList lines;
    if (cursor) {
        if (m_plot->view->underMouse() || hasFocus()) {
            lines << tr("%1 ago").arg(
                formatDuration(engine::Millis { std::llround(back) * 1'000 }));
            for (const auto& line : m_data.lines)
                lines << QStringLiteral("%1  %2").arg(
                    valueLabel(valueAt(line.samples, m_data.stepSeconds, back), unit), line.label);
            if (!m_data.stackedSamples.empty())
                lines << tr("%1  with throttled")
                             .arg(valueLabel(
                                 valueAt(m_data.stackedSamples, m_data.stepSeconds, back), unit));
        }
    }
    m_plot->overlay->setCursor(cursor, lines);
    const double value = m_data.lines.empty()
        ? std::numeric_limits<double>::quiet_NaN()
        : valueAt(m_data.lines.front().samples, m_data.stepSeconds, back);
    // Whose value: without a selection each panel draws another shard, its own worst.
    const double room = m_title->parentWidget()->width() - m_title->sizeHint().width() - 3 * kSpace;
    const QFontMetricsF metrics(m_value->font());
    QString text = valueLabel(value, unit);
    if (!m_data.lines.empty()) {
        auto names = shardLabelsByLength(m_data.lines.front().shard);
        names.prepend(m_data.lines.front().label);
        for (const auto& name : names) {
            const QString named = name + QStringLiteral("  ") + text;
            if (metrics.horizontalAdvance(named) <= room) {
                text = named;
                break;
            }
        }
    }
    m_value->setText(text);
}

void MetricPanel::describe()
{
    if (m_data.lines.empty()) {
        setAccessibleDescription(tr("No samples yet"));
        return;
    }
    const auto& line = m_data.lines.front();
    const double last = valueAt(line.samples, m_data.stepSeconds, 0);
    const double before = valueAt(line.samples, m_data.stepSeconds, 60);
    QString trend = tr("steady");
    if (std::isfinite(last) && std::isfinite(before) && before > 0
        && std::abs(last - before) > before * 0.02) {
        const int percent = static_cast<int>(std::lround(std::abs(last / before - 1) * 100));
        trend = last > before ? tr("rising %1 % per minute").arg(percent)
                              : tr("falling %1 % per minute").arg(percent);
    }
    setAccessibleDescription(
        QStringLiteral("%1 %2, %3").arg(line.label, valueLabel(last, axisUnitOf(m_metric)), trend));
}

QStringList MetricPanel::seriesIds() const
{
    QStringList ids;
    for (const auto& line : m_data.lines)
        ids << toQString(engine::toString(line.shard));
    return ids;
}

double MetricPanel::cursorTime() const { return m_group.cursor().value_or(-1); }

void MetricPanel::layoutPlot()
{
    const QSize size = m_plot->view->size();
    m_plot->chart->resize(size);
    m_plot->view->setSceneRect(QRectF(QPointF(0, 0), QSizeF(size)));
    m_plot->chart->setPlotArea(
        QRectF(kLeftMargin, kTopMargin, std::max(20.0, size.width() - kLeftMargin - kRightMargin),
            std::max(20.0, size.height() - kTopMargin - kBottomMargin)));
    updateScale();
    setAnnotations(std::vector(m_annotations), m_annotationsNow);
    updateCursor(); // there may be room for another name
}

void MetricPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    layout()->activate();
    layoutPlot();
}

void MetricPanel::keyPressEvent(QKeyEvent* event)
{
    const double step = m_data.stepSeconds * (event->modifiers() & Qt::ShiftModifier ? 10 : 1);
    switch (event->key()) {
    case Qt::Key_Left:
        m_group.step(-step);
        return;
    case Qt::Key_Right:
        m_group.step(step);
        return;
    case Qt::Key_T:
        Q_EMIT tableWanted();
        return;
    case Qt::Key_L:
        setLogarithmic(!m_isLogarithmic);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void MetricPanel::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    update();
}

void MetricPanel::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    update();
}

void MetricPanel::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Token::Surface));
    if (!hasFocus())
        return;
    painter.setPen(QPen(m_theme.color(Token::Accent), 2));
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
}

} // namespace ui

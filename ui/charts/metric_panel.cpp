#include "charts/metric_panel.h"

#include "charts/panel_overlay.h"
#include "charts/panel_plot.h"
#include "charts/timeline.h"
#include "format/format.h"
#include "theme/theme.h"
#include "widgets/card.h"
#include "widgets/quiet_label.h"
#include "window/ui_clock.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QTextDocument>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>

namespace ui {

namespace {

using engine::Metric;

constexpr double kLabelRoom = 96; // names of shards at the line ends
constexpr double kNoLabelRoom = 14;
constexpr std::chrono::seconds kLabelsLinger { 30 };

QString unitText(Metric metric)
{
    switch (metric) {
    case Metric::ConsumerLag:
        return tr("s");
    case Metric::LatencyP95:
        return tr("ms");
    case Metric::ErrorRatio:
    case Metric::ThrottleRatio:
    case Metric::BatchFill:
        return tr("%");
    case Metric::DlqGrowth:
        return tr("/min");
    case Metric::InRate:
    case Metric::OutRate:
        return tr("events/s");
    case Metric::QueueDepth:
        return tr("events");
    case Metric::InFlight:
        return tr("requests");
    }
    return {};
}

// "In" is half of a panel that shows both directions.
QString panelName(Metric metric)
{
    return metric == Metric::InRate ? tr("Throughput") : metricName(metric);
}

} // namespace

MetricPanel::MetricPanel(
    Metric metric, const Theme& theme, ChartGroup& group, const UiClock& clock, QWidget* parent)
    : QWidget(parent)
    , m_metric(metric)
    , m_theme(theme)
    , m_group(group)
    , m_clock(clock)
    , m_axisEnd(axisUnitOf(metric))
    , m_title(new QLabel(this))
    , m_who(new QuietLabel(this))
    , m_value(new QuietLabel(this))
    , m_plot(new PanelPlot(theme, this))
    , m_labelRoom(kLabelRoom)
{
    fitLabelRoom();
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent); // a card, corners included
    m_title->setTextFormat(Qt::PlainText);
    m_title->setText(unitTitle());
    for (auto* label : { m_who, m_value })
        label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_value->setObjectName(QStringLiteral("chart_value"));
    auto* header = new QHBoxLayout;
    header->setContentsMargins(kSpace, 4, kSpace, 0);
    header->setSpacing(kSpace);
    header->addWidget(m_title);
    header->addWidget(m_who, 1);
    header->addWidget(m_value);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(3, 3, 3, 3); // the corners of the card are round
    layout->setSpacing(0);
    layout->addLayout(header);
    layout->addWidget(m_plot, 1);
    wirePlot();
    connect(&theme, &Theme::changed, this, &MetricPanel::restyle);
    connect(&group, &ChartGroup::cursorChanged, this, &MetricPanel::updateCursor);
    connect(&group, &ChartGroup::rangeChanged, this, &MetricPanel::updateRange);
    restyle();
    setSpan(m_span);
}

void MetricPanel::wirePlot()
{
    connect(m_plot, &PanelPlot::pressed, this, [this] { setFocus(Qt::MouseFocusReason); });
    connect(m_plot, &PanelPlot::hovered, &m_group, [this](std::optional<double> back) {
        m_hovered = back;
        m_group.hover(back ? std::optional(*back + m_lag) : std::nullopt);
    });
    connect(m_plot, &PanelPlot::clicked, &m_group, [this](double back) {
        m_group.setRange(std::nullopt);
        m_group.pin(back + m_lag);
    });
    connect(m_plot, &PanelPlot::flagClicked, this, &MetricPanel::flagChosen);
    connect(m_plot, &PanelPlot::dragged, &m_group, [this](double from, double to) {
        m_group.setRange(ChartGroup::Range { from + m_lag, to + m_lag });
    });
    connect(m_plot, &PanelPlot::rangeDropped, this,
        [this](double from, double to, const QPoint& position) {
            Q_EMIT rangeSelected(from + m_lag, to + m_lag, position);
        });
}

void MetricPanel::setLag(double seconds)
{
    if (seconds == m_lag)
        return;
    m_lag = seconds;
    if (m_hovered)
        m_group.hover(*m_hovered + m_lag);
    updateCursor();
    updateRange();
}

void MetricPanel::restyle()
{
    QFont bold = m_theme.captionFont();
    bold.setBold(true);
    m_title->setFont(bold);
    m_who->setFont(m_theme.captionFont());
    m_value->setFont(m_theme.boldFont());
    m_value->setRoomFor(QStringLiteral("000,0 ms")); // as wide as a value gets: nothing moves
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, m_theme.color(Token::TextSecondary));
    m_title->setPalette(colors);
    m_who->setPalette(colors);
    colors.setColor(
        QPalette::WindowText, m_theme.color(m_isStale ? Token::TextDisabled : Token::Text));
    m_value->setPalette(colors);
    m_plot->restyle();
    m_plot->draw(m_data);
    updateLabels();
    update();
}

QString MetricPanel::unitTitle() const
{
    return QStringLiteral("%1 (%2)").arg(panelName(m_metric), unitText(m_metric));
}

void MetricPanel::setSpan(double seconds)
{
    if (seconds != m_span)
        m_axisEnd.reset();
    m_span = seconds;
    updateScale();
}

void MetricPanel::setClockTimes(std::optional<engine::WallTime> until)
{
    m_until = until;
    QStringList labels;
    if (until) {
        for (const int third : { 3, 2, 1, 0 })
            labels << formatClock(*until - toMicros(m_span * third / 3));
    }
    m_plot->overlay().setTimeLabels(labels);
    setAccessibleName(until
            ? tr("%1, %2 to %3").arg(panelName(m_metric), labels[0], labels[3])
            : tr("%1, last %2").arg(panelName(m_metric), axisLabel(m_span, AxisUnit::Seconds)));
}

bool MetricPanel::canBeLogarithmic() const
{
    return m_metric == Metric::QueueDepth || m_metric == Metric::ConsumerLag;
}

void MetricPanel::setLogarithmic(bool isLogarithmic)
{
    if (isLogarithmic == m_isLogarithmic || !canBeLogarithmic())
        return;
    m_isLogarithmic = isLogarithmic;
    updateScale();
    m_plot->draw(m_data);
}

void MetricPanel::setThreshold(std::optional<double> value, const QString& text)
{
    m_plot->overlay().setThreshold(value, text);
}

void MetricPanel::setFlags(std::vector<engine::Annotation> annotations,
    std::vector<ChartMark> marks, std::vector<StateChange> changes, engine::WallTime now)
{
    m_annotations = std::move(annotations);
    m_marks = std::move(marks);
    m_changes = std::move(changes);
    m_flagsNow = now;
    placeFlags();
}

void MetricPanel::placeFlags()
{
    FlagRequest request { .annotations = m_annotations, .marks = m_marks, .changes = m_changes };
    request.now = m_flagsNow;
    request.spanSeconds = m_span;
    request.pixels = m_plot->plotWidth();
    for (const auto& line : m_data.lines)
        request.shards.push_back(line.shard);
    m_plot->overlay().setFlags(layoutFlags(request));
}

void MetricPanel::setStale(bool isStale)
{
    if (isStale == m_isStale)
        return;
    m_isStale = isStale;
    m_plot->overlay().setStale(isStale);
    restyle();
}

void MetricPanel::setLabelRoom(double width)
{
    m_labelRoom = width;
    fitLabelRoom();
}

// Where no line has stood for a while the plot takes the room of their names too. Not at once: it
// would jump with every value that comes and goes.
void MetricPanel::fitLabelRoom()
{
    const auto now = m_clock.steadyNow();
    if (!m_data.lines.empty())
        m_lastLineAt = now;
    const bool isFree = !m_lastLineAt || now - *m_lastLineAt >= kLabelsLinger;
    m_plot->setLabelRoom(isFree ? kNoLabelRoom : m_labelRoom);
}

double MetricPanel::plotWidth() const { return m_plot->plotWidth(); }

void MetricPanel::setData(PanelData shown)
{
    m_data = std::move(shown);
    fitLabelRoom();
    updateScale();
    m_plot->draw(m_data);
    updateLabels();
    updateCursor();
    describe();
}

void MetricPanel::updateScale()
{
    m_plot->setScale({ .spanSeconds = m_span,
        .end = m_axisEnd.update(m_data.highest, m_clock.steadyNow()),
        .unit = axisUnitOf(m_metric),
        .isLogarithmic = m_isLogarithmic });
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
        LineLabel label { .value = last, .texts = line.names };
        label.isBold = i == 0;
        if (i == 0 && !m_data.isCompare)
            label.texts = QStringList { valueLabel(last, unit) };
        label.color = isMain ? m_theme.compareColor(static_cast<int>(i))
                             : m_theme.color(Token::TextSecondary);
        labels.push_back(std::move(label));
    }
    m_plot->overlay().setLineLabels(std::move(labels));
    const bool isVoid = !hasSamples && m_data.bandLow.empty();
    m_plot->overlay().setNotice(isVoid ? whyVoid() : QString {});
}

QString MetricPanel::whyVoid() const
{
    if (!m_voidText.isEmpty())
        return m_voidText;
    return m_until ? tr("No samples in this range.") : tr("No samples yet, first in 1 s.");
}

void MetricPanel::setVoidText(const QString& text)
{
    if (text == m_voidText)
        return;
    m_voidText = text;
    updateLabels();
    describe();
}

QStringList MetricPanel::cursorLines(double secondsBack) const
{
    const auto unit = axisUnitOf(m_metric);
    const auto valueOf = [&](const std::vector<float>& samples) {
        return valueLabel(valueAt(samples, m_data.stepSeconds, secondsBack), unit);
    };
    QStringList lines { m_until ? formatClock(*m_until - toMicros(secondsBack))
                                : tr("%1 ago").arg(formatDuration(engine::Millis {
                                    std::llround(secondsBack + m_lag) * 1'000 })) };
    for (const auto& line : m_data.lines)
        lines << QStringLiteral("%1  %2").arg(valueOf(line.samples), line.label);
    if (!m_data.stackedSamples.empty())
        lines << tr("%1  with throttled").arg(valueOf(m_data.stackedSamples));
    return lines;
}

void MetricPanel::updateCursor()
{
    // On this picture: what is newer than its edge has no place in it.
    auto cursor = m_group.cursor();
    if (cursor)
        *cursor -= m_lag;
    if (cursor && *cursor < 0)
        cursor.reset();
    const bool isRead = cursor && (m_plot->underMouse() || hasFocus());
    m_plot->overlay().setCursor(cursor, isRead ? cursorLines(*cursor) : QStringList {});
    updateValue(cursor.value_or(0));
}

void MetricPanel::updateRange()
{
    auto range = m_group.range();
    if (range)
        range = ChartGroup::Range { range->first - m_lag, std::max(range->second - m_lag, 0.0) };
    m_plot->overlay().setSelectedRange(range);
}

void MetricPanel::updateValue(double secondsBack)
{
    const auto unit = axisUnitOf(m_metric);
    const auto valueOf = [&](const PanelLine& line) {
        return valueLabel(valueAt(line.samples, m_data.stepSeconds, secondsBack), unit);
    };
    if (m_data.lines.empty()) {
        m_who->setText({});
        m_value->setText(QString(kDash));
        return;
    }
    const auto& first = m_data.lines.front();
    const QString value = valueOf(first);
    // Whose value: without a selection each panel draws another shard, its own worst. Longest
    // first: the first that fits is shown.
    QStringList texts;
    if (m_data.isCompare) {
        QStringList all;
        for (const auto& line : m_data.lines)
            all << line.label + QStringLiteral("  ") + valueOf(line);
        texts << all.join(QStringLiteral("   "));
    }
    // Where it is alone, the page says it.
    const bool isAlone = m_data.lines.size() == 1 && m_data.bandMembers == 0;
    texts << (isAlone ? QString {} : first.label);
    texts << first.names;
    const double room
        = width() - m_title->sizeHint().width() - m_value->sizeHint().width() - 5 * kSpace;
    const QFontMetricsF metrics(m_who->font());
    const auto fits = std::find_if(texts.begin(), texts.end(),
        [&](const QString& text) { return metrics.horizontalAdvance(text) <= room; });
    m_who->setText(fits == texts.end() ? QString {} : *fits);
    // The line of all compared shards has the value of the first in it already.
    m_value->setText(m_data.isCompare && fits == texts.begin() ? QString {} : value);
}

void MetricPanel::describe()
{
    if (m_data.lines.empty()) {
        setAccessibleDescription(whyVoid());
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

const PanelOverlay& MetricPanel::overlay() const { return m_plot->overlay(); }

QWidget* MetricPanel::surface() const { return m_plot->viewport(); }

QStringList MetricPanel::seriesIds() const
{
    QStringList ids;
    for (const auto& line : m_data.lines)
        ids << toQString(engine::toString(line.shard));
    return ids;
}

double MetricPanel::cursorTime() const { return m_group.cursor().value_or(-1); }

void MetricPanel::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    layout()->activate();
    m_plot->layoutPlot();
    placeFlags();
    updateCursor(); // there may be room for another name
}

void MetricPanel::keyPressEvent(QKeyEvent* event)
{
    const double step = m_data.stepSeconds * (event->modifiers() & Qt::ShiftModifier ? 10 : 1);
    const bool isStretch = event->modifiers().testFlag(Qt::ControlModifier);
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const double by = event->key() == Qt::Key_Left ? -step : step;
        isStretch ? m_group.stretch(by) : m_group.step(by);
        return;
    }
    case Qt::Key_Up:
    case Qt::Key_Down:
        return goToFlag(event->key() == Qt::Key_Up);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (const auto range = m_group.range())
            Q_EMIT rangeSelected(range->first, range->second, mapToGlobal(rect().center()));
        else if (const auto* flag = flagUnderCursor())
            Q_EMIT flagChosen(*flag, mapToGlobal(rect().center()));
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

const Flag* MetricPanel::flagUnderCursor() const
{
    const auto cursor = m_group.cursor();
    if (!cursor)
        return nullptr;
    for (const auto& flag : m_plot->overlay().flags().flags) {
        if (std::abs(flag.secondsBack + m_lag - *cursor) < m_data.stepSeconds / 2)
            return &flag;
    }
    return nullptr;
}

void MetricPanel::goToFlag(bool isOlder)
{
    // Newest last. From no cursor the way begins at the right edge.
    const auto& flags = m_plot->overlay().flags().flags;
    const double from = m_group.cursor().value_or(-1) - m_lag;
    const double apart = m_data.stepSeconds / 2;
    const Flag* next = nullptr;
    for (const auto& flag : flags) {
        const double by = isOlder ? flag.secondsBack - from : from - flag.secondsBack;
        if (by >= apart
            && (next == nullptr
                || std::abs(flag.secondsBack - from) < std::abs(next->secondsBack - from)))
            next = &flag;
    }
    if (next == nullptr)
        return;
    const QPoint place(static_cast<int>(m_plot->overlay().xOf(next->secondsBack)), 0);
    const QString text = next->text;
    m_group.setRange(std::nullopt);
    m_group.pin(next->secondsBack + m_lag);
    setAccessibleDescription(text);
    QToolTip::showText(surface()->mapToGlobal(place), Qt::convertFromPlainText(text), this);
}

void MetricPanel::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    updateCursor();
    update();
}

void MetricPanel::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    updateCursor();
    update();
}

void MetricPanel::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    paintCard(painter, m_theme, rect(), hasFocus());
}

} // namespace ui

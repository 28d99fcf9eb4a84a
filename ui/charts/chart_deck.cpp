#include "charts/chart_deck.h"

#include "format/format.h"
#include "settings/console_settings.h"
#include "widgets/list_notice.h"
#include "window/ui_clock.h"

#include <QTimer>

#include <algorithm>
#include <cmath>

namespace ui {

using namespace std::chrono_literals;
using engine::Metric;

namespace {

constexpr auto kRound = 1'000ms; // in which every panel gets its slot
constexpr auto kHoverHoldMax = 30s;
constexpr auto kAwayAfter = 3s; // between two samples that came one after the other
constexpr std::chrono::hours kPastPiece { 5 * 24 }; // read in some 40 ms
constexpr std::size_t kWorstOthers = 3;
// A bucket is up to two points, the smallest and the largest: nearer together a noisy line is a
// blot.
constexpr double kPixelsPerBucket = 2.5;
constexpr int kBucketsMin = 40;
constexpr double kValueRoom = 62; // at the line ends where no names stand there

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

std::vector<Metric> metricsOf(const ChartDeck::Options& options)
{
    // The error panel shows the throttled share above its line.
    std::vector<Metric> metrics { Metric::ThrottleRatio };
    const auto add = [&](Metric metric) {
        if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end())
            metrics.push_back(metric);
    };
    for (const auto& panel : options.panels) {
        add(panel.metric);
        for (const auto metric : panel.together)
            add(metric);
    }
    return metrics;
}

} // namespace

ChartDeck::ChartDeck(const ConsoleContext& context, const Options& options, QWidget* host)
    : QObject(host)
    , m_context(context)
    , m_options(options)
    , m_host(host)
    , m_history(m_timeline.span(), metricsOf(options))
    , m_story(StoryKeeper::of(context.engine))
    , m_notice(new ListNotice(QStringLiteral("chart_history"), host))
    , m_redrawTimer(new QTimer(this))
{
    for (const auto& spec : options.panels)
        addPanel(spec, host);
    m_redrawTimer->setInterval(kRound / static_cast<int>(m_panels.size()));
    connect(m_redrawTimer, &QTimer::timeout, this, &ChartDeck::redrawNext);
    connect(m_notice, &ListNotice::retryRequested, this, [this] { askHistory(); });
    showTimeline();
}

void ChartDeck::addPanel(const PanelSpec& spec, QWidget* host)
{
    auto* panel = new MetricPanel(spec.metric, m_context.theme, m_group, m_context.clock, host);
    panel->setObjectName(objectNameOf(spec.metric));
    if (!m_options.hasOthers && spec.together.empty())
        panel->setLabelRoom(kValueRoom);
    connect(panel, &MetricPanel::rangeSelected, this, &ChartDeck::showRangeMenu);
    connect(panel, &MetricPanel::flagChosen, this,
        [this, panel](const Flag& flag, const QPoint& position) {
            chooseFlag(flag, panel->edge() - toMicros(flag.secondsBack), position);
        });
    showThreshold(*panel, spec.metric);
    m_panels.push_back(panel);
}

void ChartDeck::showThreshold(MetricPanel& panel, Metric metric) const
{
    const auto& t = m_thresholds;
    if (metric == Metric::ConsumerLag)
        panel.setThreshold(static_cast<double>(t.lagWarn.count()) / 1'000,
            tr("warn %1").arg(formatDuration(t.lagWarn)));
    else if (metric == Metric::LatencyP95)
        panel.setThreshold(static_cast<double>(t.latencyWarn.count()),
            tr("warn %1").arg(formatLatency(t.latencyWarn)));
    else if (metric == Metric::ErrorRatio)
        panel.setThreshold(t.errorWarn, tr("warn %1").arg(formatPercent(t.errorWarn)));
    else if (metric == Metric::ThrottleRatio)
        panel.setThreshold(t.throttleWarn, tr("warn %1").arg(formatPercent(t.throttleWarn)));
    else if (metric == Metric::DlqGrowth)
        panel.setThreshold(
            t.dlqGrowthFailing, tr("failing %1/min").arg(formatRate(t.dlqGrowthFailing)));
}

void ChartDeck::applySnapshot(const engine::SnapshotPtr& snapshot)
{
    const bool isFirst = m_snapshot == nullptr;
    const bool hasNewShards = !isFirst && m_snapshot->shards.size() != snapshot->shards.size();
    // Nobody hears of samples while the page is hidden: the engine has kept them.
    const bool wasAway = !isFirst && snapshot->takenAt - m_snapshot->takenAt > kAwayAfter;
    m_snapshot = snapshot;
    if (const Thresholds now = thresholdsOf(*snapshot); now != m_thresholds) {
        m_thresholds = now;
        for (auto* panel : m_panels)
            showThreshold(*panel, panel->metric());
    }
    const QString voidText = snapshot->shards.empty() ? noSamplesText(*snapshot) : QString {};
    for (auto* panel : m_panels)
        panel->setVoidText(voidText);
    askReplayed();
    m_happened = withEnds(*snapshot, m_replayed);
    m_history.append(*snapshot);
    m_newest = m_history.isPast() ? std::max(m_newest, snapshot->takenAt) : m_history.until();
    const auto span = m_timeline.span();
    m_timeline.age(m_newest);
    if (span != m_timeline.span() || m_timeline.isPast(m_newest) != m_history.isPast())
        takeTimeline();
    else if (isFirst || hasNewShards || (wasAway && !m_history.isPast()))
        askHistory();
    if (m_timeline.isLive())
        redrawSoon();
}

// Of one shard at a time, as it is chosen: others of long ago stand on no chart.
void ChartDeck::askPast()
{
    if (!m_selection.empty())
        askPast(m_history.pastQuery(m_selection.front()));
}

// The newest days first and a few at a time: they are seen at once, and whoever else reads from the
// disk meanwhile does not wait for a month.
void ChartDeck::askPast(const engine::PastQuery& whole)
{
    engine::PastQuery piece = whole;
    piece.from = std::max<engine::WallTime>(whole.from, whole.to - kPastPiece);
    m_context.engine.past(piece,
        m_context.engine.replyTo<engine::Result<engine::PastPage>>(
            this, [this, whole, from = piece.from](const engine::Result<engine::PastPage>& page) {
                if (!page)
                    return showUnread(page.error());
                m_notice->clear();
                const bool isWanted = !m_selection.empty() && m_selection.front() == whole.shard;
                if (!m_history.applyPast(*page) || !isWanted)
                    return;
                holdHistory();
                engine::PastQuery rest = whole;
                rest.to = from - engine::kPastStep;
                if (rest.to >= rest.from)
                    askPast(rest); // is read while this one is drawn
                m_isForced = true;
                redrawSoon();
            }));
}

void ChartDeck::askHistory()
{
    if (m_history.isPast())
        return askPast();
    if (!m_snapshot || m_snapshot->shards.empty())
        return;
    m_context.engine.history(m_history.query(*m_snapshot),
        m_context.engine.replyTo<engine::Result<engine::HistoryPage>>(
            this, [this](engine::Result<engine::HistoryPage> page) {
                if (!page)
                    return showUnread(page.error());
                m_notice->clear();
                if (m_history.applyHistory(*page)) {
                    holdHistory();
                    m_isForced = true;
                    redrawSoon();
                }
            }));
}

void ChartDeck::showUnread(const engine::Error& error)
{
    m_notice->showError(tr("The history before could not be read: %1. New samples are drawn.")
                            .arg(toQString(error.message)),
        toQString(error.detail));
}

// A job names its selection, not its shards: those are asked for once.
void ChartDeck::askReplayed()
{
    for (const auto& job : m_snapshot->jobs) {
        if (!m_replaysAsked.insert(job.id).second)
            continue;
        using Answer = engine::Result<engine::ReplayPreview>;
        m_context.engine.selection(job.selection,
            m_context.engine.replyTo<Answer>(this, [this, id = job.id](const Answer& answer) {
                if (!answer)
                    return; // it has expired: the flag stays, without a span
                m_replayed[id] = shardsSentTo(*answer);
                m_happened = withEnds(*m_snapshot, m_replayed);
                m_isForced = true;
                redrawSoon();
            }));
    }
}

std::vector<StateChange> ChartDeck::shownChanges() const
{
    const TimeRange shown = range();
    std::vector<StateChange> changes;
    for (const auto& change : m_story.story().changes()) {
        if (change.at >= shown.from && change.at <= shown.to)
            changes.push_back(change);
    }
    return changes;
}

// The timeline has changed: other samples, another axis, everything drawn anew.
void ChartDeck::takeTimeline()
{
    if (m_timeline.isPast(m_newest)) {
        if (m_past != m_timeline.zoom()) {
            m_past = m_timeline.zoom();
            m_held.reset();
            m_history.resetToPast(m_past->from, m_past->to);
            askPast();
        }
    } else if (m_history.span() != m_timeline.span() || m_history.isPast()) {
        m_past.reset();
        m_held.reset();
        m_history.reset(m_timeline.span());
        if (m_snapshot) {
            m_history.append(*m_snapshot);
            m_newest = m_history.until();
        }
        askHistory();
    }
    m_group.unpin();
    m_edge.reset();
    showTimeline();
    m_isForced = true;
    redrawSoon();
    Q_EMIT timelineChanged();
}

void ChartDeck::showTimeline()
{
    const bool hasClock = !m_timeline.isLive() && !m_history.isEmpty();
    m_group.setSpan(m_timeline.seconds());
    for (auto* panel : m_panels) {
        panel->setSpan(m_timeline.seconds());
        panel->setClockTimes(hasClock ? std::optional(timeAt(0)) : std::nullopt);
    }
}

void ChartDeck::setSpan(engine::HistorySpan span)
{
    if (span == m_timeline.span() && !m_timeline.zoom())
        return;
    m_timeline.setSpan(span);
    takeTimeline();
}

void ChartDeck::setDefaults(const ChartSettings& settings)
{
    setSpan(settings.span);
    for (auto* panel : m_panels)
        panel->setLogarithmic(settings.isLogarithmic);
}

void ChartDeck::zoomTo(const TimeRange& range)
{
    if (m_history.isEmpty() || range.from >= range.to)
        return;
    m_timeline.zoomTo(range, m_newest);
    takeTimeline();
}

void ChartDeck::setFrozen(bool isFrozen)
{
    const bool isHeld = isFrozen && !m_history.isEmpty();
    m_timeline.freezeAt(isHeld ? std::optional(m_newest) : std::nullopt);
    m_held = isHeld ? std::optional(m_history) : std::nullopt;
    showTimeline();
    m_isForced = true;
    redrawSoon();
}

void ChartDeck::setStale(bool isStale)
{
    for (auto* panel : m_panels)
        panel->setStale(isStale);
}

void ChartDeck::setSelection(const std::vector<engine::ShardId>& shards)
{
    if (shards == m_selection)
        return;
    m_selection = shards;
    if (m_history.isPast())
        askPast();
    m_isForced = true;
    redrawSoon();
}

void ChartDeck::setCompared(const std::vector<engine::ShardId>& shards)
{
    m_compared = shards;
    m_isForced = true;
    redrawSoon();
}

void ChartDeck::setMarks(const std::vector<ChartMark>& marks)
{
    m_marks = marks;
    m_isForced = true;
    redrawSoon();
}

void ChartDeck::clearTransient() { m_group.unpin(); }

TimeRange ChartDeck::range() const { return m_timeline.range(m_newest); }

engine::WallTime ChartDeck::timeAt(double secondsBack) const
{
    return m_timeline.end(m_newest) - toMicros(secondsBack);
}

engine::WallTime ChartDeck::timePointedAt(double secondsBack) const
{
    return m_edge.value_or(timeAt(0)) - toMicros(secondsBack);
}

double ChartDeck::lagOf(engine::WallTime edge) const
{
    return m_edge ? std::chrono::duration<double>(*m_edge - edge).count() : 0;
}

const HistoryStore& ChartDeck::shownHistory() const { return m_held ? *m_held : m_history; }

void ChartDeck::holdHistory()
{
    if (m_timeline.isFrozen() && !m_held)
        m_held = m_history;
}

void ChartDeck::redrawSoon()
{
    if (!m_host->isVisible() || !m_snapshot)
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
    followTime();
    m_redrawTimer->start();
    redrawNext();
}

void ChartDeck::redrawNext()
{
    // What is hidden or scrolled away takes no slot.
    while (m_nextPanel < m_panels.size() && m_panels[m_nextPanel]->visibleRegion().isEmpty())
        ++m_nextPanel;
    if (m_nextPanel < m_panels.size()) {
        if (!isHeldByHover(*m_panels[m_nextPanel]))
            redraw(m_nextPanel);
        ++m_nextPanel;
    }
    if (m_nextPanel < m_panels.size())
        return;
    m_redrawTimer->stop();
    if (m_isForced)
        redrawSoon();
}

void ChartDeck::flush()
{
    m_redrawTimer->stop();
    if (!m_snapshot)
        return;
    m_drawnUntil = m_history.until();
    m_isForced = false;
    followTime();
    for (std::size_t i = 0; i < m_panels.size(); ++i) {
        if (!m_panels[i]->visibleRegion().isEmpty())
            redraw(i);
    }
}

void ChartDeck::followTime()
{
    const auto edge = timeAt(0);
    if (m_edge)
        m_group.advance(std::chrono::duration<double>(edge - *m_edge).count());
    m_edge = edge;
    for (auto* panel : m_panels) {
        if (panel->edge() != engine::WallTime {})
            panel->setLag(lagOf(panel->edge()));
    }
}

bool ChartDeck::isHeldByHover(const MetricPanel& panel)
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

void ChartDeck::redraw(std::size_t at)
{
    auto& panel = *m_panels[at];
    const auto& history = shownHistory();
    const auto edge = timeAt(0);
    PanelRequest request { .metric = panel.metric(), .lines = drawnShards(panel.metric()) };
    request.isCompare = !m_compared.empty();
    request.hasBand = m_options.hasOthers;
    request.together = m_options.panels[at].together;
    request.skipSeconds = std::chrono::duration<double>(history.until() - edge).count();
    request.spanSeconds = m_timeline.seconds();
    request.buckets = std::clamp(
        static_cast<int>(panel.plotWidth() / kPixelsPerBucket), kBucketsMin, kChartBuckets);
    auto data = makePanelData(history, request);
    if (panel.metric() == Metric::InFlight)
        showConcurrency(panel, data);
    if (panel.metric() == Metric::QueueDepth)
        showDepthWarning(panel);
    panel.setLag(lagOf(edge));
    panel.setData(std::move(data));
    panel.setFlags(m_happened, m_marks, shownChanges(), edge);
}

const engine::ShardSnapshot* ChartDeck::selectedShard() const
{
    const auto found = std::find_if(
        m_snapshot->shards.begin(), m_snapshot->shards.end(), [this](const auto& shard) {
            return !m_selection.empty() && shard.shard == m_selection.front();
        });
    return found == m_snapshot->shards.end() ? nullptr : &*found;
}

// So much work at the rate of the one shard that is looked at: others have another limit.
void ChartDeck::showDepthWarning(MetricPanel& panel) const
{
    const auto* shard = m_compared.empty() ? selectedShard() : nullptr;
    if (shard == nullptr)
        return panel.setThreshold(std::nullopt, {});
    const auto work = engine::Millis { std::llround(m_thresholds.depthWarnSeconds * 1'000) };
    panel.setThreshold(depthWarn(*shard, m_thresholds),
        tr("warn %1 of work", "as much as is delivered in that time").arg(formatDuration(work)));
}

// Requests in flight mean something only beside how many there may be.
void ChartDeck::showConcurrency(MetricPanel& panel, PanelData& data) const
{
    const auto* shard = selectedShard();
    if (shard == nullptr)
        return panel.setThreshold(std::nullopt, {});
    const double allowed = shard->concurrency.now;
    panel.setThreshold(allowed, tr("concurrency %1").arg(std::llround(allowed)));
    data.highest = std::max(data.highest, allowed);
}

std::vector<engine::ShardId> ChartDeck::drawnShards(Metric metric) const
{
    if (!m_compared.empty())
        return m_compared;
    std::vector<engine::ShardId> shown;
    if (!m_selection.empty())
        shown.push_back(m_selection.front());
    if (!m_options.hasOthers)
        return shown;
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

} // namespace ui

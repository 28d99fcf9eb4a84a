#include "shard/shard_page.h"

#include "charts/chart_deck.h"
#include "charts/span_bar.h"
#include "format/format.h"
#include "models/shard_facts.h"
#include "overview/void_state.h"
#include "shard/shard_header.h"
#include "shard/shard_tabs.h"
#include "theme/theme.h"
#include "widgets/list_notice.h"
#include "widgets/stripe.h"

#include <QDateTimeEdit>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QSplitter>
#include <QStackedLayout>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

using engine::Metric;

constexpr int kPanelHeight = 150;
constexpr const char* kSplitterKey = "shard/splitter";

QDateTime toDateTime(engine::WallTime time)
{
    return QDateTime::fromMSecsSinceEpoch(engine::toUnixMicros(time) / 1'000);
}

engine::WallTime toWallTime(const QDateTime& time)
{
    return engine::WallTime { engine::Micros { time.toMSecsSinceEpoch() * 1'000 } };
}

} // namespace

ShardPage::ShardPage(const ConsoleContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_header(new ShardHeader(context.theme, this))
    , m_frozenBar(new Stripe(
          context.theme, QStringLiteral("shard_frozenBar"), QStringLiteral("freeze"), this))
    , m_spans(new SpanBar(QStringLiteral("shard"), this))
    , m_from(new QDateTimeEdit(this))
    , m_to(new QDateTimeEdit(this))
    , m_scroll(new QScrollArea(this))
    , m_panels(new QWidget)
    , m_deck(new ChartDeck(context,
          { .panels = { { Metric::QueueDepth }, { Metric::ConsumerLag }, { Metric::LatencyP95 },
                { Metric::ErrorRatio }, { Metric::DlqGrowth },
                { Metric::InRate, { Metric::InRate, Metric::OutRate } }, { Metric::ThrottleRatio },
                { Metric::InFlight }, { Metric::BatchFill } },
              .hasOthers = false },
          m_panels))
    , m_tabs(new ShardTabs(context, this))
    , m_splitter(new QSplitter(Qt::Vertical, this))
    , m_void(new VoidState(context.theme, QStringLiteral("shard_charts"), this))
{
    setObjectName(QStringLiteral("page_shard"));
    m_splitter->setObjectName(QStringLiteral("shard_splitter"));
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(makeCharts());
    m_splitter->addWidget(m_tabs);
    auto* area = new QWidget(this);
    m_stack = new QStackedLayout(area);
    m_stack->setContentsMargins(0, 0, 0, 0);
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_void);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kSpace, kSpace, kSpace, kSpace);
    layout->setSpacing(kSpaceSmall + 2);
    layout->addWidget(m_header);
    layout->addWidget(m_spans);
    layout->addWidget(m_frozenBar);
    layout->addWidget(area, 1);
    fillRange();
    // Tab goes as one reads: the bar, then the charts, then the tabs. A tab widget hands its focus
    // on to its bar, and Tab would jump over the charts to it.
    m_tabs->setFocusPolicy(Qt::NoFocus);
    setTabOrder(m_to, m_live);
    QWidget* before = m_live;
    for (auto* panel : m_deck->panels()) {
        setTabOrder(before, panel);
        before = panel;
    }
    setTabOrder(before, m_tabs->tabBar());
    before = m_tabs->tabBar();
    for (int tab = 0; tab < m_tabs->count(); ++tab) {
        setTabOrder(before, m_tabs->widget(tab));
        before = m_tabs->widget(tab);
    }
    wire();
    resetLayout();
    showVoid();
}

void ShardPage::fillRange()
{
    const auto prepare = [this](QDateTimeEdit* edit, const QString& name, const QString& text) {
        edit->setObjectName(name);
        edit->setAccessibleName(text);
        edit->setDisplayFormat(QStringLiteral("d MMM HH:mm:ss"));
        edit->setKeyboardTracking(false); // a half-typed time is no range
        edit->setMinimumHeight(kHitTargetMin);
        connect(edit, &QDateTimeEdit::editingFinished, this, &ShardPage::takeRange);
    };
    prepare(m_from, QStringLiteral("shard_rangeFrom"), tr("Charts begin at"));
    prepare(m_to, QStringLiteral("shard_rangeTo"), tr("Charts end at"));
    auto* from = new QLabel(tr("&From"), m_spans);
    auto* to = new QLabel(tr("t&o", "from … to"), m_spans);
    from->setBuddy(m_from);
    to->setBuddy(m_to);
    m_spans->addWidget(from);
    m_spans->addWidget(m_from);
    m_spans->addWidget(to);
    m_spans->addWidget(m_to);
    m_live = m_spans->addButton(
        QStringLiteral("live"), tr("Live"), tr("Follow the newest samples again"));
    m_live->setCheckable(true);
    m_spans->addStretch();
}

QWidget* ShardPage::makeCharts()
{
    auto* column = new QVBoxLayout(m_panels);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceSmall);
    column->addWidget(&m_deck->notice());
    for (auto* panel : m_deck->panels()) {
        panel->setFixedHeight(kPanelHeight);
        column->addWidget(panel);
    }
    m_scroll->setObjectName(QStringLiteral("shard_charts"));
    m_scroll->setAccessibleName(tr("Charts of this shard"));
    m_scroll->setFocusPolicy(Qt::NoFocus); // its charts are the stops of Tab
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(m_panels);
    // What was scrolled away has not been drawn.
    connect(m_scroll->verticalScrollBar(), &QScrollBar::valueChanged, m_deck, &ChartDeck::flush);
    return m_scroll;
}

void ShardPage::wire()
{
    connect(m_header, &ShardHeader::shardChosen, this, [this](const engine::ShardId& shard) {
        choose(shard);
        Q_EMIT selectionChanged({ shard });
    });
    connect(m_spans, &SpanBar::spanChosen, this, [this](engine::HistorySpan span) {
        m_deck->setSpan(span);
        showTimeline();
    });
    connect(m_live, &QToolButton::clicked, this, [this] {
        m_deck->setSpan(m_deck->timeline().liveSpan());
        if (m_frozenAt)
            Q_EMIT freezeToggled(false);
        showTimeline();
    });
    connect(m_deck, &ChartDeck::timelineChanged, this, &ShardPage::showTimeline);
    connect(m_deck, &ChartDeck::navigationRequested, this, &Page::navigationRequested);
    connect(m_deck, &ChartDeck::messageShown, this, &Page::messageShown);
    connect(m_deck, &ChartDeck::markMade, this, &Page::markMade);
    connect(m_deck, &ChartDeck::markRemoved, this, &Page::markRemoved);
    connect(m_void, &VoidState::actionTriggered, this,
        [this] { Q_EMIT navigationRequested({ .page = PageId::Overview }); });
    connect(m_tabs, &QTabWidget::currentChanged, this, &ShardPage::showShard);
    connect(m_tabs, &ShardTabs::groupChosen, this, [this](const QString& fingerprint) {
        if (!m_shard)
            return;
        engine::DeadLetterFilter filter;
        filter.shards = { *m_shard };
        filter.fingerprint = fingerprint.toStdString();
        filter.failedFrom = m_deck->range().from;
        filter.failedTo = m_deck->range().to;
        Q_EMIT navigationRequested(
            { .page = PageId::Dlq, .shards = { *m_shard }, .filter = filter });
    });
    connect(&m_context.theme, &Theme::changed, this, &ShardPage::showShard);
}

QString ShardPage::title() const { return tr("Shard"); }

void ShardPage::applySnapshot(const engine::SnapshotPtr& snapshot)
{
    m_latest = snapshot;
    m_deck->applySnapshot(snapshot);
    if (m_frozenAt) {
        showFrozen();
        return;
    }
    m_snapshot = snapshot;
    m_header->setShards(*snapshot);
    if (!m_shard && m_header->first())
        choose(*m_header->first());
    showShard();
    showVoid();
}

void ShardPage::choose(const engine::ShardId& shard)
{
    m_shard = shard;
    m_header->choose(shard);
    m_deck->setSelection({ shard });
    showShard();
}

const engine::ShardSnapshot* ShardPage::shown() const
{
    if (!m_snapshot || !m_shard)
        return nullptr;
    for (const auto& shard : m_snapshot->shards) {
        if (shard.shard == *m_shard)
            return &shard;
    }
    for (const auto& destination : m_snapshot->destinations) {
        if (m_shard->isWholeDestination() && destination.name == m_shard->destination)
            return &destination.total;
    }
    return nullptr;
}

void ShardPage::showShard()
{
    if (!m_snapshot || !m_shard)
        return;
    const auto* shard = shown();
    m_header->showShard(shard, m_snapshot->takenAt);
    if (shard != nullptr && !m_deck->history().isEmpty())
        m_tabs->show(*m_snapshot, *shard, m_deck->history(), m_deck->range());
    showRange();
}

void ShardPage::showTimeline()
{
    const auto& timeline = m_deck->timeline();
    m_spans->setSpan(timeline.zoom() ? std::nullopt : std::optional(timeline.span()));
    m_live->setChecked(timeline.isLive());
    m_tabs->setLive(timeline.isLive());
    showShard();
}

void ShardPage::showRange()
{
    if (m_deck->history().isEmpty())
        return;
    const auto range = m_deck->range();
    for (auto [edit, time] : { std::pair { m_from, range.from }, std::pair { m_to, range.to } }) {
        const QSignalBlocker block(edit);
        if (!edit->hasFocus()) // somebody is typing there
            edit->setDateTime(toDateTime(time));
    }
}

void ShardPage::takeRange()
{
    if (m_deck->history().isEmpty())
        return;
    const auto shownRange = m_deck->range();
    const auto newest = m_deck->newest();
    const auto oldest = newest - engine::kPastKept;
    const auto seconds
        = [](engine::WallTime time) { return std::chrono::floor<engine::Seconds>(time); };
    const TimeRange wanted { std::clamp<engine::WallTime>(
                                 toWallTime(m_from->dateTime()), oldest, newest),
        std::clamp<engine::WallTime>(toWallTime(m_to->dateTime()), oldest, newest) };
    if (seconds(wanted.from) == seconds(shownRange.from)
        && seconds(wanted.to) == seconds(shownRange.to))
        return; // the field was only left
    if (wanted.from >= wanted.to) {
        Q_EMIT messageShown(tr("The range ends before it begins: nothing changed."));
        return;
    }
    m_deck->zoomTo(wanted);
}

void ShardPage::showVoid()
{
    const bool isEmpty = m_snapshot && m_snapshot->shards.empty();
    if (!m_snapshot)
        m_void->show(VoidState::Kind::Loading, tr("Waiting for the engine's first sample…"));
    else if (isEmpty)
        m_void->show(VoidState::Kind::Empty, noShardsText(*m_snapshot), tr("Open the overview"));
    else
        m_void->clear();
    // Fields without a shard would show a time of 1970.
    m_header->setVisible(m_snapshot && !isEmpty);
    m_spans->setVisible(m_snapshot && !isEmpty);
    if (!m_snapshot || isEmpty)
        m_stack->setCurrentWidget(m_void);
    else
        m_stack->setCurrentWidget(m_splitter);
}

void ShardPage::setSampleAge(engine::Millis age)
{
    m_header->setStale(age >= kStaleAfter);
    m_deck->setStale(age >= kStaleAfter);
}

void ShardPage::setSelection(const std::vector<engine::ShardId>& shards)
{
    if (!shards.empty())
        choose(shards.front());
}

void ShardPage::open(const PageTarget& target)
{
    setSelection(target.shards);
    if (target.filter && target.filter->failedFrom && target.filter->failedTo)
        m_deck->zoomTo({ *target.filter->failedFrom, *target.filter->failedTo });
}

void ShardPage::setFrozen(bool isFrozen)
{
    m_frozenAt = isFrozen && m_latest ? std::optional(m_latest->takenAt) : std::nullopt;
    m_deck->setFrozen(m_frozenAt.has_value());
    showFrozen();
    if (!isFrozen && m_latest)
        applySnapshot(engine::SnapshotPtr(m_latest));
    showTimeline();
}

void ShardPage::showFrozen()
{
    m_frozenBar->setVisible(m_frozenAt.has_value());
    if (m_frozenAt)
        m_frozenBar->setText(tr("Frozen at %1 · %2 behind · Space goes on")
                                 .arg(formatClock(*m_frozenAt),
                                     formatDuration(std::chrono::duration_cast<engine::Millis>(
                                         m_latest->takenAt - *m_frozenAt))));
}

void ShardPage::clearTransient() { m_deck->clearTransient(); }

void ShardPage::runChart(ChartCommand command) { m_deck->run(command); }

void ShardPage::setMarks(const std::vector<ChartMark>& marks) { m_deck->setMarks(marks); }

void ShardPage::exportShown() { m_deck->exportRange(); }

void ShardPage::setChartDefaults(const ChartSettings& settings) { m_deck->setDefaults(settings); }

void ShardPage::flush() { m_deck->flush(); }

void ShardPage::saveLayout(QSettings& settings) const
{
    settings.setValue(QLatin1String(kSplitterKey), m_splitter->saveState());
}

void ShardPage::restoreLayout(QSettings& settings)
{
    const auto state = settings.value(QLatin1String(kSplitterKey)).toByteArray();
    if (state.isEmpty() || !m_splitter->restoreState(state))
        resetLayout();
}

void ShardPage::resetLayout() { m_splitter->setSizes({ 700, 220 }); }

} // namespace ui

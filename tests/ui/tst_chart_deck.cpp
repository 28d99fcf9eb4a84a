#include "audit/audit_filter.h"
#include "audit/audit_page.h"
#include "charts/chart_deck.h"
#include "charts/chart_strip.h"
#include "charts/panel_overlay.h"
#include "charts/timeline.h"
#include "settings/console_settings.h"
#include "support/test_program.h"
#include "ui/test_console.h"
#include "window/console_actions.h"

#include <QClipboard>
#include <QFileDialog>
#include <QInputDialog>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace tst_chart_deck {

using namespace ui;
using ui::testing::Console;
using namespace std::chrono_literals;

namespace {

// The mouse on one panel of the overview, as times before its right edge.
class Mouse {
public:
    Mouse(Console& console, std::size_t panel)
        : m_panel(*console.window.overview().charts().deck().panels().at(panel))
    {
    }
    [[nodiscard]] QPoint at(double secondsBack) const
    {
        const auto& overlay = m_panel.overlay();
        const double x = overlay.xOf(secondsBack);
        return { static_cast<int>(x), m_panel.surface()->height() / 2 };
    }
    [[nodiscard]] QWidget* target() const { return m_panel.surface(); }
    void hover(double secondsBack) const { QTest::mouseMove(target(), at(secondsBack)); }
    void click(double secondsBack) const
    {
        QTest::mouseClick(target(), Qt::LeftButton, {}, at(secondsBack));
    }
    void drag(double fromBack, double toBack) const
    {
        QTest::mousePress(target(), Qt::LeftButton, {}, at(fromBack));
        QTest::mouseMove(target(), at((fromBack + toBack) / 2));
        QTest::mouseMove(target(), at(toBack));
        QTest::mouseRelease(target(), Qt::LeftButton, {}, at(toBack));
    }

private:
    MetricPanel& m_panel;
};

bool isNear(double value, double wanted, double by) { return std::abs(value - wanted) <= by; }

std::ptrdiff_t knownSamples(const MetricPanel& panel)
{
    if (panel.panelData().lines.empty())
        return 0;
    const auto& samples = panel.panelData().lines.front().samples;
    return std::count_if(
        samples.begin(), samples.end(), [](float value) { return !std::isnan(value); });
}

QMenu& rangePopup(Console& console) { return console.find<QMenu>("chart_rangePopup"); }

void choose(QMenu& menu, const char* text)
{
    for (auto* action : menu.actions()) {
        if (action->text().remove(u'&').startsWith(QLatin1String(text))) {
            action->trigger();
            menu.close();
            QApplication::processEvents();
            return;
        }
    }
    qFatal("no entry %s", text);
}

} // namespace

class TestChartDeck final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void allPanelsShareTheCrosshair();
    void aClickPinsTheTimeAndEscapeLetsGo();
    void keysStepAndStretch();
    void aDraggedRangeLeadsToTheDeadLettersOfThatTime();
    void zoomingShowsTheRangeAndBackspaceReturns();
    void aRangeThatGrowsOldIsReadAtALowerResolution();
    void freezingHoldsTheRightEdge();
    void whatIsFrozenDoesNotErode();
    void aHiddenPageReadsWhatItMissed();
    void anUnreadableHistorySaysSoAndIsReadAgain();
    void aHoveredChartMeansTheTimesThatItShows();
    void valuesOfARangeAreCopiedWithUtcTimes();
    void aMarkIsShownOnEveryPageAndCanBeRemoved();
    void marksOutliveTheWindow();
    void aFlagLeadsToTheAuditOfThatMinute();
    void aStateFlagLeadsToTheShardAroundThatTime();
    void flagsAreReachedAndOpenedByKeys();
    void theStripeOfAReplayStandsOnItsShardsAlone();
    void samplesAreExportedAsTableAndAsJsonLines();
    void theExportOfTheOverviewIsWhatHasTheFocus();
    void oldSamplesDoNotLookLive();
    void chartsWithoutShardsSayWhatToDo();
    void chartsTakeTheHeightThatFewShardsLeave();
    void theTableIsOfTheFocusedPanel();
    void windowsStepAndStopAtTheEnds();
    void comparingDrawsOnlyThePinned();
    void aLowWindowPutsThreeChartsBehindTabs();

private:
    static std::vector<ChartMark> marksShown(const MetricPanel& panel);
};

void TestChartDeck::init()
{
    QTest::failOnWarning(
        QRegularExpression(QStringLiteral("^(?!ticks take|This plugin does not support)")));
}

void TestChartDeck::allPanelsShareTheCrosshair()
{
    Console console;
    const auto& panels = console.window.overview().charts().deck().panels();
    Mouse(console, 0).hover(300);
    for (const auto* panel : panels)
        QVERIFY2(isNear(panel->cursorTime(), 300, 5), qPrintable(panel->objectName()));
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(panels[0]->surface()->parentWidget(), &leave);
    QCOMPARE(panels[4]->cursorTime(), -1.0);
}

void TestChartDeck::aClickPinsTheTimeAndEscapeLetsGo()
{
    Console console;
    const auto& panels = console.window.overview().charts().deck().panels();
    const Mouse mouse(console, 1);
    mouse.click(300);
    mouse.hover(100);
    QVERIFY(isNear(panels[0]->cursorTime(), 300, 5));
    // Twenty seconds later the same moment is twenty seconds further back.
    const double before = panels[0]->cursorTime();
    console.advance(20s);
    QCOMPARE(panels[0]->cursorTime(), before + 20);
    console.window.actions().clear->trigger();
    QCOMPARE(panels[0]->cursorTime(), -1.0);
}

void TestChartDeck::keysStepAndStretch()
{
    Console console;
    auto& deck = console.window.overview().charts().deck();
    auto* panel = deck.panels()[0];
    panel->setFocus();
    QTest::keyClick(panel, Qt::Key_Left, Qt::ShiftModifier);
    QTest::keyClick(panel, Qt::Key_Left);
    QCOMPARE(panel->cursorTime(), 11.0);
    QTest::keyClick(panel, Qt::Key_Right);
    QCOMPARE(panel->cursorTime(), 10.0);
    for (int i = 0; i < 3; ++i)
        QTest::keyClick(panel, Qt::Key_Left, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(deck.group().range() == (ChartGroup::Range { 40.0, 10.0 }));
    QTest::keyClick(panel, Qt::Key_Return);
    QVERIFY(rangePopup(console).isVisible());
    rangePopup(console).close();
    QVERIFY(!deck.group().range());
}

// The popup names the range that was dragged, and the DLQ page is opened with exactly it.
void TestChartDeck::aDraggedRangeLeadsToTheDeadLettersOfThatTime()
{
    Console console;
    console.window.setSelection({ { "snap", "a77-eu" } });
    auto& deck = console.window.overview().charts().deck();
    const auto now = deck.history().until();
    std::optional<PageTarget> target;
    connect(&deck, &ChartDeck::navigationRequested, this,
        [&](const PageTarget& wanted) { target = wanted; });
    Mouse(console, 0).drag(400, 200);
    console.advance(3s); // the menu keeps the times that it was opened with
    choose(rangePopup(console), "DLQ of this window");
    QVERIFY(target && target->page == PageId::Dlq);
    const auto from = std::chrono::duration<double>(now - *target->filter->failedFrom).count();
    const auto to = std::chrono::duration<double>(now - *target->filter->failedTo).count();
    QVERIFY2(isNear(from, 400, 5) && isNear(to, 200, 5),
        qPrintable(QStringLiteral("%1 %2").arg(from).arg(to)));
    QVERIFY(target->filter->shards == (std::vector<engine::ShardId> { { "snap", "a77-eu" } }));

    Mouse(console, 3).drag(200, 400); // to the left is as good
    choose(rangePopup(console), "Replay this window");
    QVERIFY(target->page == PageId::Replay);
    QVERIFY(target->filter->failedFrom < target->filter->failedTo);
}

void TestChartDeck::zoomingShowsTheRangeAndBackspaceReturns()
{
    Console console;
    auto& deck = console.window.overview().charts().deck();
    QApplication::processEvents();
    Mouse(console, 0).drag(600, 300);
    choose(rangePopup(console), "Zoom here");
    QVERIFY(isNear(deck.timeline().seconds(), 300, 8));
    const auto& line = deck.panels()[0]->panelData().lines.at(0);
    QVERIFY(isNear(static_cast<double>(line.samples.size()), 300, 8));
    QVERIFY(console.find<QToolButton>("overview_zoomBack").isVisible());
    QVERIFY(!console.find<QToolButton>("overview_window15m").isChecked());
    QVERIFY(!deck.panels()[0]->accessibleName().contains(QStringLiteral("last")));

    // A zoomed range stays where it is while time goes on.
    const auto samples = line.samples;
    console.advance(5s);
    QVERIFY(deck.panels()[0]->panelData().lines.at(0).samples == samples);

    console.window.actions().zoomBack->trigger();
    QCOMPARE(deck.timeline().seconds(), 900.0);
    QVERIFY(deck.timeline().isLive());
    QVERIFY(console.find<QToolButton>("overview_window15m").isChecked());
}

void TestChartDeck::aRangeThatGrowsOldIsReadAtALowerResolution()
{
    const engine::WallTime now { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 } };
    Timeline timeline;
    timeline.zoomTo({ now - 800s, now - 700s }, now);
    QVERIFY(timeline.span() == engine::HistorySpan::Minutes15);
    timeline.age(now + 200s); // 1,000 s back: no second is kept for so long
    QVERIFY(timeline.span() == engine::HistorySpan::Hour1);
    QVERIFY(timeline.range(now + 200s) == (TimeRange { now - 800s, now - 700s }));
    timeline.goBack();
    QVERIFY(timeline.span() == engine::HistorySpan::Minutes15 && timeline.isLive());

    // Less than twenty samples make no line: the range is widened around its middle.
    timeline.zoomTo({ now - 500s, now - 499s }, now);
    QCOMPARE(timeline.seconds(), 20.0);
    timeline.zoomTo({ now - 2h, now - 2h + 60s }, now);
    QCOMPARE(timeline.seconds(), 600.0);
    for (std::size_t i = 0; i < Timeline::kBackMax + 5; ++i)
        timeline.zoomTo({ now - 300s, now - 100s }, now);
    for (std::size_t i = 0; i < Timeline::kBackMax; ++i)
        timeline.goBack();
    QVERIFY(!timeline.canGoBack());
}

void TestChartDeck::freezingHoldsTheRightEdge()
{
    Console console;
    auto& deck = console.window.overview().charts().deck();
    const auto frozenAt = deck.history().until();
    console.window.setFrozen(true);
    console.advance(30s);
    QVERIFY(deck.range().to == frozenAt);
    // Choosing another shard while frozen still shows the frozen time.
    console.window.setSelection({ { "x", "tw-o8x2" } });
    QVERIFY(deck.newest() == frozenAt + 30s);
    QVERIFY(deck.range().to == frozenAt);
    console.window.setFrozen(false);
    QVERIFY(deck.range().to == frozenAt + 30s);
}

// Fifteen minutes, frozen for ten, with another page in between: not a sample is lost.
void TestChartDeck::whatIsFrozenDoesNotErode()
{
    Console console;
    const auto& panel = *console.window.overview().charts().deck().panels()[0];
    QTRY_VERIFY(knownSamples(panel) > 890);
    const auto before = panel.panelData().lines.front().samples;
    console.window.setFrozen(true);
    console.advance(300s);
    console.window.showPage(PageId::Shard);
    console.advance(300s);
    console.window.showPage(PageId::Overview);
    console.window.flush();
    QVERIFY(panel.panelData().lines.front().samples.size() == before.size());
    QCOMPARE(knownSamples(panel), std::count_if(before.begin(), before.end(), [](float value) {
        return !std::isnan(value);
    }));
    // Another window is read while frozen, and stands then as well.
    console.window.actions().longerWindow->trigger();
    QTRY_VERIFY(knownSamples(panel) > 500);
}

void TestChartDeck::aHiddenPageReadsWhatItMissed()
{
    Console console;
    const auto& panel = *console.window.overview().charts().deck().panels()[0];
    QTRY_VERIFY(knownSamples(panel) > 890);
    console.window.showPage(PageId::Shard);
    console.advance(600s);
    console.window.showPage(PageId::Overview);
    console.window.flush();
    QTRY_VERIFY(knownSamples(panel) > 890);
}

void TestChartDeck::anUnreadableHistorySaysSoAndIsReadAgain()
{
    Console console;
    const auto& panel = *console.window.overview().charts().deck().panels()[0];
    QTRY_VERIFY(knownSamples(panel) > 890);
    console.engine.failNext(engine::ErrorCode::Storage);
    console.window.actions().longerWindow->trigger();
    const auto* strip = &console.window.overview().charts();
    QTRY_VERIFY(strip->findChild<QWidget*>(QStringLiteral("chart_history_error")) != nullptr);
    auto* notice = strip->findChild<QWidget*>(QStringLiteral("chart_history_error"));
    QVERIFY(notice->isVisible());
    QVERIFY(knownSamples(panel) < 10);
    strip->findChild<QPushButton*>(QStringLiteral("chart_history_retry"))->click();
    QTRY_VERIFY(knownSamples(panel) > 600);
    QVERIFY(!notice->isVisible());
}

// Two pauses in the past minutes: Up goes to the newer one, then to the older; Enter opens it.
void TestChartDeck::flagsAreReachedAndOpenedByKeys()
{
    Console console({ .scenario = "calm" });
    console.window.setSelection({ { "x", "tw-o8x2" } });
    const auto pause = [&console] {
        console.engine.submit(
            { .what = engine::PauseCommand { .targets = { { "x", "tw-o8x2" } } } },
            [](const auto&) {});
        console.advance(120s);
    };
    pause();
    pause();
    console.window.flush();
    auto& panel = *console.window.overview().charts().deck().panels()[0];
    QVERIFY(panel.overlay().flags().flags.size() >= 2);
    panel.setFocus();
    QTest::keyClick(&panel, Qt::Key_Up);
    const double newer = panel.cursorTime();
    QTest::keyClick(&panel, Qt::Key_Up);
    QVERIFY(newer >= 0 && panel.cursorTime() > newer);
    QTest::keyClick(&panel, Qt::Key_Down);
    QCOMPARE(panel.cursorTime(), newer);
    QSignalSpy chosen(&panel, &MetricPanel::flagChosen);
    QTest::keyClick(&panel, Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
}

// The pointer rests on one of two charts while twenty seconds pass: its picture stands still, the
// other goes on. What is read, chosen and marked there is the time that it shows.
void TestChartDeck::aHoveredChartMeansTheTimesThatItShows()
{
    Console console;
    console.window.hide(); // the pointer would be over both windows
    QWidget host;
    QVBoxLayout column(&host);
    ChartDeck deck({ console.engine, console.theme, console.clock, true },
        { .panels = { { engine::Metric::QueueDepth }, { engine::Metric::ConsumerLag } } }, &host);
    connect(
        &console.engine, &engine::EnginePort::snapshotPublished, &deck, &ChartDeck::applySnapshot);
    for (auto* panel : deck.panels())
        column.addWidget(panel);
    host.resize(900, 500);
    host.show();
    deck.applySnapshot(console.engine.snapshot());
    deck.setSelection({ { "snap", "a77-eu" } });
    QTRY_VERIFY(!deck.panels()[0]->panelData().lines.empty());
    deck.flush();
    auto& held = *deck.panels()[0];
    const auto shownAt = held.edge();
    held.setAttribute(Qt::WA_UnderMouse); // as an enter event does
    const auto pointAt = [&held](double back) {
        return QPoint(static_cast<int>(held.overlay().xOf(back)), held.surface()->height() / 2);
    };
    QTest::mouseMove(held.surface(), pointAt(250));
    for (int i = 0; i < 20; ++i)
        console.advance();
    QTRY_VERIFY(deck.panels()[1]->edge() == shownAt + 20s);
    QVERIFY(held.edge() == shownAt);

    QTest::mouseMove(held.surface(), pointAt(300));
    QSignalSpy marks(&deck, &ChartDeck::markMade);
    deck.run(ChartCommand::Mark);
    host.findChild<QInputDialog*>(QStringLiteral("chart_markDialog"))->accept();
    QCOMPARE(marks.size(), 1);
    const auto seconds = [&](engine::WallTime time) {
        return std::chrono::duration<double>(shownAt - time).count();
    };
    const double marked = seconds(marks[0][0].value<ChartMark>().at);
    QVERIFY2(isNear(marked, 300, 4), qPrintable(QString::number(marked)));

    QTest::mousePress(held.surface(), Qt::LeftButton, {}, pointAt(200));
    QTest::mouseMove(held.surface(), pointAt(150));
    QTest::mouseMove(held.surface(), pointAt(100));
    QTest::mouseRelease(held.surface(), Qt::LeftButton, {}, pointAt(100));
    auto* menu = host.findChild<QMenu*>(QStringLiteral("chart_rangePopup"));
    QVERIFY(menu != nullptr);
    choose(*menu, "Zoom here");
    QVERIFY(isNear(seconds(deck.range().from), 200, 5));
    QVERIFY(isNear(seconds(deck.range().to), 100, 5));
}

void TestChartDeck::valuesOfARangeAreCopiedWithUtcTimes()
{
    Console console;
    console.window.setSelection({ { "snap", "a77-eu" } });
    QApplication::processEvents();
    Mouse(console, 0).drag(120, 60);
    choose(rangePopup(console), "Copy values");
    const auto lines = QApplication::clipboard()->text().split(u'\n');
    QVERIFY2(isNear(static_cast<double>(lines.size()), 61, 8), qPrintable(lines.join(u'|')));
    QCOMPARE(lines[0].count(u'\t'), 6); // time, shard, five metrics
    QVERIFY(lines[1].contains(QStringLiteral("snap/a77-eu")));
    QVERIFY(lines[1].contains(QStringLiteral("2026-11-27T")));
    QVERIFY(lines[1].startsWith(QStringLiteral("2026")) && lines[1] < lines.last());
}

std::vector<ChartMark> TestChartDeck::marksShown(const MetricPanel& panel)
{
    // A mark is found where the pointer would find it: on the flag at its time.
    const auto& overlay = panel.overlay();
    for (double x = 0; x < panel.surface()->width(); ++x) {
        const auto* flag = overlay.flagAt(QPointF(x, 10));
        if (flag != nullptr && flag->kind == Flag::Kind::Mark)
            return { { {}, flag->text } };
    }
    return {};
}

void TestChartDeck::aMarkIsShownOnEveryPageAndCanBeRemoved()
{
    Console console({ .scenario = "calm" });
    auto& deck = console.window.overview().charts().deck();
    deck.group().pin(200);
    console.window.actions().mark->trigger();
    auto& dialog = console.find<QInputDialog>("chart_markDialog");
    dialog.setTextValue(QStringLiteral("coupon sent"));
    dialog.accept();
    QApplication::processEvents();
    QCOMPARE(marksShown(*deck.panels()[0]).size(), std::size_t { 1 });
    QVERIFY(marksShown(*deck.panels()[0])[0].note.endsWith(QStringLiteral("coupon sent")));
    console.window.showPage(PageId::Shard);
    QApplication::processEvents();
    auto* other = console.window.page(PageId::Shard)
                      ->findChild<MetricPanel*>(QStringLiteral("chart_queueDepth"));
    QCOMPARE(marksShown(*other).size(), std::size_t { 1 });

    console.window.showPage(PageId::Overview);
    const auto& overlay = deck.panels()[0]->overlay();
    const QPoint flag(static_cast<int>(overlay.xOf(200)), 10);
    QTest::mouseClick(deck.panels()[0]->surface(), Qt::LeftButton, {}, flag);
    choose(console.find<QMenu>("chart_markPopup"), "Remove mark");
    QVERIFY(marksShown(*deck.panels()[0]).empty());
}

void TestChartDeck::marksOutliveTheWindow()
{
    QTemporaryDir directory;
    QSettings settings(directory.filePath(QStringLiteral("look.ini")), QSettings::IniFormat);
    {
        Console console({}, &settings);
        console.window.restoreLayout();
        const auto at = console.clock.wallNow() - 200s;
        Q_EMIT console.window.overview().markMade({ at, QStringLiteral("coupon; \"sent\"") });
        Q_EMIT console.window.overview().markMade({ at + 100s, QStringLiteral("second") });
        Q_EMIT console.window.overview().markRemoved({ at + 100s, QStringLiteral("second") });
    }
    Console console({}, &settings);
    console.window.restoreLayout();
    console.advance();
    const auto marks = marksShown(*console.window.overview().charts().deck().panels()[0]);
    QCOMPARE(marks.size(), std::size_t { 1 });
    QVERIFY2(marks[0].note.endsWith(QStringLiteral("coupon; \"sent\"")), qPrintable(marks[0].note));
    QVERIFY(exportSettings(settings, directory.filePath(QStringLiteral("shared.ini"))));
    QSettings shared(directory.filePath(QStringLiteral("shared.ini")), QSettings::IniFormat);
    QVERIFY(shared.allKeys().filter(QStringLiteral("marks")).isEmpty()); // a note is no look
}

// The fake engine has a tuning of the hot pixel 410 s before it starts.
void TestChartDeck::aFlagLeadsToTheAuditOfThatMinute()
{
    Console console;
    console.window.setSelection({ { "meta", "104839275777731" } });
    console.advance();
    auto* panel = console.window.overview().charts().deck().panels()[0];
    std::optional<PageTarget> target;
    connect(&console.window.overview(), &Page::navigationRequested, this,
        [&](const PageTarget& wanted) { target = wanted; });
    const QPoint flag(static_cast<int>(panel->overlay().xOf(411)), 10);
    QTest::mouseClick(panel->surface(), Qt::LeftButton, {}, flag);
    QVERIFY(target && target->page == PageId::Audit && target->filter);
    const auto at = console.clock.wallNow() - 411s;
    QVERIFY(*target->filter->failedFrom<at&& * target->filter->failedTo> at);
    QVERIFY(*target->filter->failedTo - *target->filter->failedFrom <= 180s);

    AuditPage audit({ console.engine, console.theme, console.clock, false });
    audit.open(*target);
    const QString line = audit.findChild<QLineEdit*>(QStringLiteral("audit_filter"))->text();
    const auto parsed = parseAuditFilter(line, console.clock.wallNow());
    QVERIFY2(parsed.error.isEmpty(), qPrintable(line));
    QVERIFY(*parsed.filter.from <= at && *parsed.filter.to >= at);
}

// The token that the fake engine refuses: the flag has the shape of its state, and a click shows
// what led to it.
void TestChartDeck::aStateFlagLeadsToTheShardAroundThatTime()
{
    Console console;
    const engine::SnapshotPtr snapshot = console.engine.snapshot();
    const auto& shards = snapshot->shards;
    const auto refused = std::find_if(shards.begin(), shards.end(),
        [](const auto& shard) { return shard.state == engine::ShardState::AuthFailed; });
    QVERIFY(refused != shards.end());
    QCOMPARE(console.engine.findChildren<StoryKeeper*>().size(), 1); // two pages, one story
    const engine::ShardId id = refused->shard;
    const engine::WallTime since = refused->stateSince;
    console.window.setSelection({ id });
    console.window.showPage(PageId::Shard);
    console.advance();
    auto* panel = console.window.page(PageId::Shard)
                      ->findChild<MetricPanel*>(QStringLiteral("chart_queueDepth"));
    const double back
        = std::chrono::duration<double>(console.engine.snapshot()->takenAt - since).count();
    const auto& flags = panel->overlay().flags().flags;
    const auto flag = std::find_if(
        flags.begin(), flags.end(), [](const Flag& one) { return one.status.has_value(); });
    QVERIFY(flag != flags.end());
    QVERIFY(flag->status == Status::Credential && isNear(flag->secondsBack, back, 2));
    QVERIFY2(flag->text.contains(QStringLiteral("Auth failed")), qPrintable(flag->text));
    std::optional<PageTarget> target;
    connect(console.window.page(PageId::Shard), &Page::navigationRequested, this,
        [&](const PageTarget& wanted) { target = wanted; });
    const QPoint at(static_cast<int>(panel->overlay().xOf(flag->secondsBack)), 10);
    QTest::mouseClick(panel->surface(), Qt::LeftButton, {}, at);
    QVERIFY(target && target->page == PageId::Shard);
    QVERIFY(target->shards == std::vector { id });
    QVERIFY(*target->filter->failedFrom < since && *target->filter->failedTo >= since);
}

void TestChartDeck::theStripeOfAReplayStandsOnItsShardsAlone()
{
    Console console;
    engine::SelectionId selection {};
    console.engine.preview({ .filter = { .destinations = { "snap" } } },
        [&](const engine::Result<engine::ReplayPreview>& preview) {
            selection = preview->selection;
        });
    QTRY_VERIFY(engine::toInt(selection) > 0);
    console.engine.submit(
        { .what = engine::ReplayCommand { .selection = selection } }, [](const auto&) {});
    console.advance(30s);
    const auto hasStripe = [&](const engine::ShardId& shard) {
        console.window.setSelection({ shard });
        console.window.showPage(PageId::Shard);
        console.advance();
        auto* shown = console.window.page(PageId::Shard)
                          ->findChild<MetricPanel*>(QStringLiteral("chart_queueDepth"));
        const auto& spans = shown->overlay().flags().spans;
        return std::any_of(spans.begin(), spans.end(),
            [](const FlagSpan& span) { return span.kind == FlagSpan::Kind::Replay; });
    };
    QTRY_VERIFY(hasStripe({ "snap", "a77-eu" }));
    QVERIFY(!hasStripe({ "x", "tw-o8x2" }));
    QVERIFY(!hasStripe({ "meta", "104839275777731" }));
}

void TestChartDeck::samplesAreExportedAsTableAndAsJsonLines()
{
    Console console;
    QTemporaryDir directory;
    console.window.setSelection({ { "snap", "a77-eu" } });
    console.window.showPage(PageId::Shard);
    QApplication::processEvents();
    const auto exported = [&](const QString& name) {
        console.window.actions().exportShown->trigger();
        const QString path = directory.filePath(name);
        auto& dialog = console.find<QFileDialog>("chart_exportDialog");
        Q_EMIT dialog.fileSelected(path);
        dialog.close();
        QApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        if (!QTest::qWaitFor([&path] { return QFile::exists(path); })) // another thread writes it
            return QByteArray {};
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray {};
    };
    const auto lines = exported(QStringLiteral("a.csv")).trimmed().split('\n');
    QVERIFY(lines[0].startsWith("time_utc,shard,queue_depth,consumer_lag_seconds,"));
    QVERIFY(isNear(static_cast<double>(lines.size()), 901, 2));
    QCOMPARE(lines[1].count(','), lines[0].count(','));
    const auto objects = exported(QStringLiteral("a.jsonl")).trimmed().split('\n');
    const auto last = QJsonDocument::fromJson(objects.last()).object();
    QCOMPARE(last[QStringLiteral("shard")].toString(), QStringLiteral("snap/a77-eu"));
    QVERIFY(last[QStringLiteral("queue_depth")].toDouble() > 0);
    QVERIFY(last[QStringLiteral("time_utc")].toString().endsWith(u'Z'));
    const auto& audited = console.engine.auditRows().back();
    QCOMPARE(audited.action, std::string("export"));
    QCOMPARE(audited.target, std::string("samples of snap/a77-eu"));
    QCOMPARE(QString::fromStdString(audited.after), QStringLiteral("%1 rows").arg(objects.size()));
}

void TestChartDeck::theExportOfTheOverviewIsWhatHasTheFocus()
{
    Console console;
    QTemporaryDir directory;
    console.find<QLineEdit>("overview_filter").setText(QStringLiteral("dest:meta"));
    console.table().setFocus();
    console.window.actions().exportShown->trigger();
    const QString path = directory.filePath(QStringLiteral("shards.jsonl"));
    auto& dialog = console.find<QFileDialog>("overview_exportDialog");
    Q_EMIT dialog.fileSelected(path);
    dialog.close();
    QFile file(path);
    QTRY_VERIFY(file.exists());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto lines = file.readAll().trimmed().split('\n');
    QCOMPARE(lines.size(), 2); // both shards of meta, no others
    const auto row = QJsonDocument::fromJson(lines[0]).object();
    QCOMPARE(row[QStringLiteral("state")].toString(), QStringLiteral("throttled"));
    QVERIFY(row.contains(QStringLiteral("consumer_lag_seconds")));
    QCOMPARE(console.engine.auditRows().back().target, std::string("shards"));
    QCOMPARE(console.engine.auditRows().back().after, std::string("2 rows"));

    auto* panel = console.window.overview().charts().deck().panels()[1];
    console.window.activateWindow();
    panel->setFocus();
    QTRY_VERIFY(panel->hasFocus());
    console.window.actions().exportShown->trigger();
    console.find<QFileDialog>("chart_exportDialog").close();
}

void TestChartDeck::oldSamplesDoNotLookLive()
{
    Console console;
    auto* panel = console.window.overview().charts().deck().panels()[0];
    const auto* value = panel->findChild<QWidget*>(QStringLiteral("chart_value"));
    const auto color = [&] { return value->palette().color(QPalette::WindowText); };
    QCOMPARE(color(), console.theme.color(Token::Text));
    console.clock.setNow(console.clock.wallNow() + 6s);
    QTRY_COMPARE(color(), console.theme.color(Token::TextDisabled)); // the window's own clock tick
    console.advance();
    QCOMPARE(color(), console.theme.color(Token::Text));
}

// Nothing configured; then a destination, whose shards come with their first events.
void TestChartDeck::chartsWithoutShardsSayWhatToDo()
{
    Console console({ .scenario = "empty" });
    const auto said = [&console] {
        QSet<QString> texts;
        for (const auto* panel : console.window.overview().charts().deck().panels())
            texts << panel->accessibleDescription();
        return texts;
    };
    QCOMPARE(said(), QSet<QString> { QStringLiteral("Connect a destination to see samples.") });
    auto snapshot = std::make_shared<engine::EngineSnapshot>(*console.engine.snapshot());
    snapshot->ingressUrl = "http://127.0.0.1:8080/v1/events";
    snapshot->destinations.push_back({ .name = "meta-main", .platform = "meta" });
    Q_EMIT console.engine.snapshotPublished(snapshot);
    QCOMPARE(said(), QSet<QString> { QStringLiteral("Samples begin with the first event.") });
    QCOMPARE(console.find<QLabel>("incident_headline").text(),
        QStringLiteral("Ready for a first event"));
    const QString told = console.find<QWidget>("overview_table_empty").findChild<QLabel*>()->text();
    for (const char* part : { "meta-main", "http://127.0.0.1:8080/v1/events" })
        QVERIFY2(told.contains(QLatin1String(part)), qPrintable(told));
}

void TestChartDeck::chartsTakeTheHeightThatFewShardsLeave()
{
    Console many;
    Console few({ .shards = 4 });
    const auto heightOf = [](Console& console) {
        return console.window.overview().charts().deck().panels()[0]->height();
    };
    QVERIFY(heightOf(few) > heightOf(many) + 60);
    QVERIFY(few.table().viewport()->height() >= 4 * few.theme.rowHeight());
    few.find<QLineEdit>("overview_filter").setText(QStringLiteral("dest:snap"));
    const int before = heightOf(few);
    few.advance();
    QCOMPARE(heightOf(few), before); // nothing jumps while somebody types
}

void TestChartDeck::theTableIsOfTheFocusedPanel()
{
    Console console;
    console.window.overview().charts().deck().panels()[3]->setFocus();
    console.window.actions().chartTable->trigger();
    auto& table = console.find<QTableView>("chart_table");
    QCOMPARE(table.accessibleName(), QStringLiteral("Error rate (%)"));
    QCOMPARE(table.model()->rowCount(), 900);
    table.window()->close();
}

void TestChartDeck::windowsStepAndStopAtTheEnds()
{
    Console console;
    auto& deck = console.window.overview().charts().deck();
    console.window.actions().shorterWindow->trigger();
    QCOMPARE(deck.timeline().seconds(), 900.0);
    for (const double seconds : { 3'600.0, 21'600.0, 86'400.0, 86'400.0 }) {
        console.window.actions().longerWindow->trigger();
        QCOMPARE(deck.timeline().seconds(), seconds);
    }
    QVERIFY(console.find<QToolButton>("overview_window24h").isChecked());
}

void TestChartDeck::comparingDrawsOnlyThePinned()
{
    Console console;
    auto& compare = console.find<QToolButton>("overview_compare");
    QVERIFY(!compare.isEnabled()); // nothing is pinned
    console.window.overview().togglePinned({ { "snap", "a77-eu" }, { "x", "tw-o8x2" } });
    const auto* panel = console.window.overview().charts().deck().panels()[0];
    QCOMPARE(panel->seriesIds(),
        QStringList({ QStringLiteral("snap/a77-eu"), QStringLiteral("x/tw-o8x2") }));
    QCOMPARE(panel->panelData().bandMembers, 0);
    compare.click();
    QVERIFY(panel->panelData().bandMembers > 0);
}

void TestChartDeck::aLowWindowPutsThreeChartsBehindTabs()
{
    Console console({}, nullptr, { 1'280, 720 });
    auto& deck = console.window.overview().charts().deck();
    const auto visible = [&] {
        QStringList names;
        for (const auto* panel : deck.panels()) {
            if (panel->isVisible())
                names << panel->objectName();
        }
        return names.join(u' ');
    };
    QCOMPARE(visible(), QStringLiteral("chart_queueDepth chart_consumerLag chart_latencyP95"));
    console.find<QTabBar>("overview_chartTabs").setCurrentIndex(1);
    QCOMPARE(visible(), QStringLiteral("chart_queueDepth chart_consumerLag chart_errorRate"));
    QVERIFY(!deck.panels()[3]->panelData().lines.empty());
    QVERIFY(console.table().viewport()->height() / console.theme.rowHeight() >= 9);
    console.window.resize(1'440, 900);
    QApplication::processEvents();
    QCOMPARE(visible().count(u' '), 4);
}

SPILLWAY_TEST(TestChartDeck)

} // namespace tst_chart_deck

#include "tst_chart_deck.moc"

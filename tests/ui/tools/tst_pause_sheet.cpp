// Pausing and resuming from the inspector: what it says, what it sends, what it asks first.
#include "format/format.h"
#include "guards/guard_rules.h"
#include "inspector/pause_sheet.h"
#include "inspector/shard_text.h"
#include "support/test_program.h"
#include "ui/tools/inspector_bench.h"
#include "window/language.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QRegularExpression>
#include <QScrollArea>

#include <set>

namespace tst_pause_sheet {

using namespace ui;
using ui::testing::InspectorBench;
using ui::testing::shardLike;

class TestPauseSheet : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin)"))); }
    void thePauseSheetNamesItsConsequence();
    void everythingThatStopsIsNamed();
    void pausingSendsModeEndAndNote();
    void aTimedPauseTellsWhatComesAfterIt();
    void pausingEverythingNeedsAReasonWhereGuarded();
    void resumingAllBringsBackWhatWasPausedTogether();
    void muchThatWaitsIsNamedBeforeResuming();
    void theSheetFitsTheDockInEveryLanguage();
};

// 400/s in 15 minutes are 360,000 events; the platform takes 7 days and the oldest is 2 hours old.
void TestPauseSheet::thePauseSheetNamesItsConsequence()
{
    auto shard = shardLike();
    shard.inFlight = 24;
    shard.acceptWindow = std::chrono::hours(24 * 7);
    shard.oldestEventAge = std::chrono::hours(2);
    const QString open = pauseConsequence({ shard }, {});
    QVERIFY2(open.contains(QStringLiteral("+360.0k events per 15 min")), qPrintable(open));
    QVERIFY2(open.contains(QStringLiteral("First event refused in 6d 22h")), qPrintable(open));
    QVERIFY2(open.contains(QStringLiteral("In flight: 24")), qPrintable(open));
    const QString hour = pauseConsequence({ shard }, { .wait = std::chrono::hours(1) });
    QVERIFY2(hour.contains(QStringLiteral("1.44M")), qPrintable(hour));
    shard.acceptWindow = std::chrono::hours(3);
    const QString late = pauseConsequence({ shard }, { .wait = std::chrono::hours(2) });
    QVERIFY2(late.contains(QStringLiteral("before this pause ends")), qPrintable(late));
    const QString retries = pauseConsequence({ shard }, { .mode = engine::Desired::RetriesPaused });
    QVERIFY2(retries.contains(QStringLiteral("first attempts still go out")), qPrintable(retries));
}

// Whoever confirms has read what stops; more than sixteen are counted, and named when pointed at.
void TestPauseSheet::everythingThatStopsIsNamed()
{
    InspectorBench bench(engine::ShardState::Backlogged);
    const auto* names = bench.find<QLabel>("pause_targets");
    bench.inspector.showPauseSheet({ bench.id });
    QVERIFY(!names->isVisible());
    const engine::SnapshotPtr snapshot = bench.engine.snapshot();
    std::vector<engine::ShardId> all;
    for (const auto& shard : snapshot->shards)
        all.push_back(shard.shard);
    bench.inspector.showPauseSheet({ all[0], all[1] });
    QVERIFY(names->isVisible());
    QCOMPARE(names->text(), shardLabel(all[0]) + QStringLiteral(", ") + shardLabel(all[1]));
    all.push_back({ "another", "1" });
    bench.inspector.showPauseSheet(all);
    QVERIFY(names->text().endsWith(QStringLiteral("and 1 more")));
    QVERIFY(names->toolTip().contains(QStringLiteral("another")));
}

void TestPauseSheet::pausingSendsModeEndAndNote()
{
    InspectorBench bench(engine::ShardState::Backlogged);
    bench.find<QPushButton>("inspector_pause")->click();
    QVERIFY(bench.find<PauseSheet>("pause_sheet")->isVisible());
    QVERIFY(bench.engine.commands().empty());
    auto* until = bench.find<QComboBox>("pause_until");
    until->setCurrentIndex(until->findData(900));
    bench.find<QRadioButton>("pause_modeRetries")->setChecked(true);
    QTest::keyClicks(bench.find<QLineEdit>("pause_note"), QStringLiteral("schema change"));
    auto* confirm = bench.find<QPushButton>("pause_confirm");
    QVERIFY(confirm->text().startsWith(QStringLiteral("Pause ")));
    confirm->click();
    QCOMPARE(bench.sent<engine::PauseCommand>(), 1);
    const auto& sent = bench.engine.commands().back();
    const auto& command = std::get<engine::PauseCommand>(sent.what);
    QCOMPARE(command.mode, engine::Desired::RetriesPaused);
    QVERIFY(command.until == bench.clock.wallNow() + std::chrono::minutes(15));
    QCOMPARE(sent.reason, std::string("schema change"));
    QTRY_VERIFY(!bench.find<PauseSheet>("pause_sheet")->isVisible());
}

void TestPauseSheet::aTimedPauseTellsWhatComesAfterIt()
{
    InspectorBench bench(engine::ShardState::Backlogged);
    bench.find<QPushButton>("inspector_pause")->click();
    QVERIFY(bench.engine.forecasts().empty()); // without an end there is no afterwards
    auto* until = bench.find<QComboBox>("pause_until");
    until->setCurrentIndex(until->findData(900));
    QVERIFY(bench.engine.forecasts().back().pausedFor == engine::Seconds { 900 });
    auto* consequence = bench.find<QLabel>("pause_consequence");
    QTRY_VERIFY2(consequence->text().contains(QStringLiteral("ramp of 60 s"))
            || consequence->text().contains(QStringLiteral("does not drain")),
        qPrintable(consequence->text()));
    until->setCurrentIndex(until->findData(0));
    QVERIFY(!consequence->text().contains(QStringLiteral("ramp")));
}

void TestPauseSheet::pausingEverythingNeedsAReasonWhereGuarded()
{
    InspectorBench bench(engine::ShardState::Backlogged);
    bench.engine.setSafety(engine::SafetyLevel::Guarded);
    bench.inspector.showPauseSheet(pauseAllTargets(*bench.engine.snapshot()));
    auto* confirm = bench.find<QPushButton>("pause_confirm");
    QVERIFY2(confirm->text().startsWith(QStringLiteral("Pause all ")), qPrintable(confirm->text()));
    QVERIFY(!confirm->isEnabled());
    QTest::keyClicks(bench.find<QLineEdit>("pause_note"), QStringLiteral("bad release"));
    QVERIFY(confirm->isEnabled());
    bench.inspector.showPauseSheet({ bench.id });
    QVERIFY(confirm->isEnabled()); // one shard needs none
}

// Criteo was paused before: it stays so.
void TestPauseSheet::resumingAllBringsBackWhatWasPausedTogether()
{
    InspectorBench bench(engine::ShardState::Backlogged);
    const auto pausedNow = [&bench] {
        std::set<engine::ShardId> paused;
        const engine::SnapshotPtr snapshot = bench.engine.snapshot();
        for (const auto& shard : snapshot->shards) {
            if (shard.desired == engine::Desired::Paused)
                paused.insert(shard.shard);
        }
        return paused;
    };
    const auto before = pausedNow();
    QVERIFY(!before.empty());
    bench.inspector.showPauseSheet(pauseAllTargets(*bench.engine.snapshot()));
    bench.find<QPushButton>("pause_confirm")->click();
    QTRY_VERIFY(!bench.find<PauseSheet>("pause_sheet")->isVisible());
    QVERIFY(pausedNow().size() > before.size());
    bench.inspector.resumeAll();
    auto* confirm = bench.find<QPushButton>("inspector_resumeConfirm");
    QVERIFY(confirm->isVisible());
    QCOMPARE(bench.sent<engine::ResumeCommand>(), 0);
    confirm->click();
    QCOMPARE(bench.sent<engine::ResumeCommand>(), 1);
    QTRY_VERIFY(pausedNow() == before);
}

// 10,000 go at once, one more asks first; at safety level Guarded everything asks.
void TestPauseSheet::muchThatWaitsIsNamedBeforeResuming()
{
    auto shard = shardLike();
    shard.queueDepth = 10'001;
    const QString text = resumeConsequence({ shard });
    QVERIFY2(text.contains(QStringLiteral("10,001")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("1,000/s")), qPrintable(text));

    InspectorBench bench(engine::ShardState::Paused);
    const engine::SnapshotPtr snapshot = bench.engine.snapshot();
    const auto& shards = snapshot->shards;
    const auto paused = std::find_if(
        shards.begin(), shards.end(), [&](const auto& s) { return s.shard == bench.id; });
    QVERIFY(paused->queueDepth <= kResumeAskAbove);
    bench.engine.setSafety(engine::SafetyLevel::Guarded);
    bench.inspector.askResume({ bench.id });
    QVERIFY(bench.find<QPushButton>("inspector_resumeConfirm")->isVisible());
    QCOMPARE(bench.sent<engine::ResumeCommand>(), 0);
    bench.find<QPushButton>("inspector_resumeCancel")->click();
    bench.engine.setSafety(engine::SafetyLevel::Standard);
    bench.inspector.askResume({ bench.id });
    QCOMPARE(bench.sent<engine::ResumeCommand>(), 1);
}

// The narrowest dock, a name that somebody was proud of, and German words.
void TestPauseSheet::theSheetFitsTheDockInEveryLanguage()
{
    const auto expectFits = [](const char* language) {
        InspectorBench bench(engine::ShardState::Backlogged);
        bench.inspector.resize(bench.inspector.minimumWidth(), 900);
        bench.inspector.showPauseSheet(
            { { "customerio-transactional-europe", "104839275777731" } });
        QApplication::processEvents();
        const auto* viewport
            = bench.inspector.findChild<QScrollArea*>()->viewport(); // nothing scrolls sideways
        const auto* sheet = bench.find<PauseSheet>("pause_sheet");
        QVERIFY2(
            sheet->mapTo(viewport, QPoint(sheet->width(), 0)).x() <= viewport->width(), language);
        for (const char* name : { "pause_modeAll", "pause_modeRetries", "pause_note",
                 "pause_consequence", "pause_confirm" }) {
            const auto* part = bench.find<QWidget>(name);
            QVERIFY2(part->mapTo(sheet, QPoint(part->width(), 0)).x() <= sheet->width(), name);
            QVERIFY2(part->visibleRegion().boundingRect().size() == part->size(), name);
        }
        const auto* confirm = bench.find<QPushButton>("pause_confirm");
        QVERIFY(confirm->fontMetrics().horizontalAdvance(confirm->text()) < confirm->width());
        QVERIFY(confirm->toolTip().contains(QStringLiteral("customerio-transactional-europe")));
    };
    expectFits("English");
    installLanguage(*qApp, QLocale(QLocale::German)); // the last test here: it stays
    expectFits("German");
}

SPILLWAY_TEST(TestPauseSheet)

} // namespace tst_pause_sheet

#include "tst_pause_sheet.moc"

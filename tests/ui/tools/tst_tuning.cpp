#include "inspector/forecast_asker.h"
#include "inspector/forecast_text.h"
#include "inspector/inspector.h"
#include "inspector/marker_slider.h"
#include "inspector/pause_sheet.h"
#include "inspector/shard_text.h"
#include "inspector/tuning.h"
#include "inspector/tuning_panel.h"
#include "support/fake_engine.h"
#include "theme/theme.h"
#include "widgets/command_runner.h"
#include "widgets/undo_bar.h"
#include "window/ui_test_mode.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <set>

using engine::testing::FakeEngine;
using namespace ui;

namespace {

engine::ShardSnapshot shardLike()
{
    engine::ShardSnapshot shard;
    shard.shard = { "meta", "1" };
    shard.latencyP50 = engine::Millis { 500 };
    shard.latencyP95 = engine::Millis { 1'000 };
    shard.inPerSecond = 400;
    shard.outPerSecond = 200;
    shard.queueDepth = 60'000;
    shard.concurrency = { .now = 4, .configured = 4, .ceiling = 32.0 };
    shard.rate = { .now = 0, .configured = 0, .ceiling = 10.0 };
    shard.batch = { .now = 100, .configured = 100, .ceiling = 1'000.0 };
    return shard;
}

// The inspector over the fake engine with one shard selected.
struct Bench {
    explicit Bench(engine::ShardState state)
        : inspector(ConsoleContext { engine, theme, clock, false })
    {
        engine.advance(engine::Seconds { 1 });
        for (const auto& shard : engine.snapshot()->shards) {
            if (shard.state == state)
                id = shard.shard;
        }
        QObject::connect(&engine, &engine::EnginePort::snapshotPublished, &inspector,
            [this](const engine::SnapshotPtr& s) { inspector.applySnapshot(s); });
        inspector.resize(360, 900);
        inspector.setSelection({ id });
        inspector.show();
    }
    template <class Widget>
    Widget* find(const char* name) const
    {
        return inspector.findChild<Widget*>(QLatin1String(name));
    }
    // Commands of one kind that reached the engine.
    template <class What>
    int sent() const
    {
        return static_cast<int>(std::count_if(engine.commands().begin(), engine.commands().end(),
            [](const auto& c) { return std::holds_alternative<What>(c.what); }));
    }

    FakeEngine engine { engine::testing::FakeEngineOptions { .scenario = "trouble" } };
    Theme theme { ThemeMode::Light };
    FixedUiClock clock { engine.now() };
    engine::ShardId id {};
    Inspector inspector;
};

} // namespace

class TestTuning : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin)"))); }
    void aSliderFindsItsValuesAgain_data();
    void aSliderFindsItsValuesAgain();
    void aSliderAnswersToKeys();
    void thePredictionComesFromTheEngine();
    void onlyTheNewestPredictionIsShown();
    void severalShardsArePredictedTogether();
    void aPredictionNamesWhatItAssumes();
    void takingTheCapAwayKeepsTheOtherOverrides();
    void stagingSendsNothingAndApplySendsOneCommand();
    void aTrialCountsDownAndIsKeptOrReverted();
    void aTrialRevertsByItselfAndIsAudited();
    void undoBringsBackATrialAsItWas();
    void revertForgetsWhatIsStaged();
    void undoBringsBackWhatWas();
    void aRaiseWhileThrottledIsAppliedAnyway();
    void guardedTunesOnTrialAndAsksWhyAboveACeiling();
    void observeTurnsTheInspectorIntoGlass();
    void aCommandWithoutAnAnswerTimesOut();
    void severalShardsShowMixedValues();
    void thePauseSheetNamesItsConsequence();
    void pausingSendsModeEndAndNote();
    void aTimedPauseTellsWhatComesAfterIt();
    void pausingEverythingNeedsAReasonWhereGuarded();
    void resumingAllBringsBackWhatWasPausedTogether();
    void muchThatWaitsIsNamedBeforeResuming();
    void everyWidgetOfTheInspectorHasAName();
};

void TestTuning::aSliderFindsItsValuesAgain_data()
{
    QTest::addColumn<int>("maximum");
    QTest::addColumn<bool>("isLogarithmic");
    QTest::newRow("linear up to 64") << 64 << false;
    QTest::newRow("logarithmic above") << 65 << true;
    QTest::newRow("ten thousand") << 10'000 << true;
}

// A value's position gives that value again, within the values that one pixel stands for.
void TestTuning::aSliderFindsItsValuesAgain()
{
    QFETCH(int, maximum);
    QFETCH(bool, isLogarithmic);
    Theme theme(ThemeMode::Light);
    MarkerSlider slider(theme);
    slider.resize(300, 38);
    slider.setRange(1, maximum);
    QCOMPARE(slider.isLogarithmic(), isLogarithmic);
    double last = -1;
    for (int value = 1; value <= maximum; value += std::max(1, maximum / 200)) {
        const double x = slider.positionOf(value);
        QVERIFY(x > last);
        last = x;
        QCOMPARE(slider.valueAt(x), value);
    }
    QCOMPARE(slider.valueAt(-50), 1);
    QCOMPARE(slider.valueAt(5'000), maximum);
}

void TestTuning::aSliderAnswersToKeys()
{
    Theme theme(ThemeMode::Light);
    MarkerSlider slider(theme);
    slider.setRange(1, 200);
    slider.setValue(50);
    QTest::keyClick(&slider, Qt::Key_Right);
    QCOMPARE(slider.value(), 51);
    QTest::keyClick(&slider, Qt::Key_PageUp);
    QCOMPARE(slider.value(), 56);
    QTest::keyClick(&slider, Qt::Key_PageDown);
    QCOMPARE(slider.value(), 51);
    QTest::keyClick(&slider, Qt::Key_End);
    QCOMPARE(slider.value(), 200);
    QTest::keyClick(&slider, Qt::Key_Home);
    QCOMPARE(slider.value(), 1);
}

void TestTuning::thePredictionComesFromTheEngine()
{
    Bench bench(engine::ShardState::Backlogged);
    auto* predicted = bench.find<QLabel>("tuning_predicted");
    QVERIFY(!predicted->isVisible());
    QVERIFY(bench.engine.forecasts().empty());
    auto* spin = bench.find<QDoubleSpinBox>("tuning_concurrencySpin");
    spin->setValue(spin->value() - 1);
    QCOMPARE(predicted->text(), QStringLiteral("Predicting…"));
    QCOMPARE(bench.engine.forecasts().size(), std::size_t { 1 });
    QVERIFY(bench.engine.forecasts().front().shard == bench.id);
    QCOMPARE(bench.engine.forecasts().front().concurrency, static_cast<int>(spin->value()));
    QTRY_VERIFY(predicted->text().startsWith(QStringLiteral("Predicted: Out ")));
    QVERIFY(!bench.find<QLabel>("tuning_drainEta")->text().isEmpty());
    QVERIFY(bench.find<QLabel>("tuning_assumes")->text().contains(QStringLiteral("last 10m")));
    QVERIFY(bench.engine.commands().empty()); // asking changes nothing
}

// The slider runs on while the engine thinks: the question under way is cancelled, and only the
// last of those that came meanwhile is asked.
void TestTuning::onlyTheNewestPredictionIsShown()
{
    FakeEngine engine;
    const auto shard = engine.snapshot()->shards.back().shard;
    ForecastAsker asker(engine);
    int answers = 0;
    connect(&asker, &ForecastAsker::answered, this, [&answers] { ++answers; });
    engine.holdReplies(true);
    for (int workers = 1; workers <= 5; ++workers)
        asker.ask({ { .shard = shard, .concurrency = workers } });
    QCOMPARE(engine.forecasts().size(), std::size_t { 1 });
    QVERIFY(engine.forecasts().front().isCancelled->load());
    engine.holdReplies(false);
    QTRY_COMPARE(answers, 1);
    QCOMPARE(engine.forecasts().size(), std::size_t { 2 });
    QCOMPARE(engine.forecasts().back().concurrency, 5);
    QVERIFY(!asker.isAsking());
}

void TestTuning::severalShardsArePredictedTogether()
{
    const engine::Forecast quick { .typical = { .outPerSecond = 100,
                                       .drained = engine::Seconds { 60 },
                                       .gate = engine::Hold::Gate::Rate },
        .waiting = 10,
        .inPerSecond = 5 };
    engine::Forecast slow = quick;
    slow.typical.drained = engine::Seconds { 90 };
    slow.typical.firstRefusal = engine::Seconds { 7 };
    const auto both = merged({ quick, slow });
    QCOMPARE(both.typical.outPerSecond, 200.0);
    QVERIFY(both.typical.drained == engine::Seconds { 90 });
    QVERIFY(both.typical.firstRefusal == engine::Seconds { 7 });
    QVERIFY(both.typical.gate == engine::Hold::Gate::Rate);
    QCOMPARE(both.waiting, std::int64_t { 20 });
    slow.typical.drained.reset();
    slow.typical.gate = engine::Hold::Gate::Window;
    const auto never = merged({ quick, slow });
    QVERIFY(!never.typical.drained);
    QVERIFY(!never.typical.gate);
}

void TestTuning::aPredictionNamesWhatItAssumes()
{
    engine::Forecast forecast { .typical = { .requestTime = engine::Millis { 380 },
                                    .outPerSecond = 160,
                                    .drained = engine::Seconds { 190 },
                                    .gate = engine::Hold::Gate::Window,
                                    .gateAfter = engine::Seconds { 40 } },
        .slow = { .requestTime = engine::Millis { 1'900 }, .outPerSecond = 150, .shortBy = 12 },
        .waiting = 1'000,
        .inPerSecond = 412,
        .inOver = engine::Seconds { 600 },
        .sharers = 3 };
    const QString predicted = predictionText(forecast, 188);
    QCOMPARE(predicted,
        QStringLiteral(
            "Out 188/s → 150 to 160/s. The platform's window is what holds it, from 40 s on."));
    const QString drain = drainText(forecast);
    QVERIFY2(drain.contains(QStringLiteral("3m 10s at best")), qPrintable(drain));
    const QString assumed = assumptionText(forecast);
    QVERIFY2(assumed.contains(QStringLiteral("412/s")), qPrintable(assumed));
    QVERIFY2(assumed.contains(QStringLiteral("380 ms to 1.9 s")), qPrintable(assumed));
    QVERIFY2(assumed.contains(QStringLiteral("3 other shards")), qPrintable(assumed));
    forecast.typical.drained.reset();
    forecast.typical.shortBy = 262;
    forecast.typical.firstRefusal = engine::Seconds { 18'600 };
    const QString growing = drainText(forecast);
    QVERIFY2(growing.contains(QStringLiteral("short by 262/s")), qPrintable(growing));
    QVERIFY2(growing.contains(QStringLiteral("5h 10m")), qPrintable(growing));
}

void TestTuning::takingTheCapAwayKeepsTheOtherOverrides()
{
    auto shard = shardLike();
    shard.rate.overridden = 3.0;
    shard.batch.overridden = 50.0;
    const auto command = makeTuneCommand({ shard }, { .rate = 0.0 }, std::nullopt);
    QVERIFY(command.reset);
    QVERIFY(!command.rate);
    QCOMPARE(command.batch, 50);
    QVERIFY(!command.concurrency);
}

void TestTuning::stagingSendsNothingAndApplySendsOneCommand()
{
    Bench bench(engine::ShardState::Backlogged);
    auto* spin = bench.find<QDoubleSpinBox>("tuning_concurrencySpin");
    auto* slider = bench.find<MarkerSlider>("tuning_batchSlider");
    spin->setValue(spin->value() - 1);
    slider->setValue(slider->value() / 2);
    QCOMPARE(bench.sent<engine::TuneCommand>(), 0);
    QVERIFY(bench.find<QLabel>("tuning_header")->text().contains(QStringLiteral("2 changes")));
    bench.engine.advance(engine::Seconds { 3 }); // new samples leave what is staged alone
    QCOMPARE(bench.inspector.tuning().staged().changes(), 2);

    auto* apply = bench.find<QPushButton>("tuning_apply");
    apply->click();
    QVERIFY(!apply->isEnabled()); // pending at once
    apply->click();
    bench.inspector.tuning().apply();
    QCOMPARE(bench.sent<engine::TuneCommand>(), 1);
    const auto& command = std::get<engine::TuneCommand>(bench.engine.commands().back().what);
    QVERIFY(command.targets == std::vector { bench.id });
    QCOMPARE(command.concurrency, static_cast<int>(spin->value()));
    QVERIFY(command.batch && !command.rate);
    QTRY_VERIFY(bench.inspector.tuning().staged().isEmpty());
    QVERIFY(bench.find<QLabel>("tuning_result")->isVisible());
}

void TestTuning::aTrialCountsDownAndIsKeptOrReverted()
{
    Bench bench(engine::ShardState::Backlogged);
    auto* spin = bench.find<QDoubleSpinBox>("tuning_concurrencySpin");
    auto* bar = bench.find<QFrame>("tuning_trialBar");
    auto* keepFor = bench.find<QComboBox>("tuning_keepFor");
    QVERIFY(!bar->isVisible());
    const auto applyTrial = [&](double value) {
        bench.clock.setNow(bench.engine.now());
        spin->setValue(value);
        keepFor->setCurrentIndex(keepFor->findData(600));
        QTRY_VERIFY(bench.find<QPushButton>("tuning_apply")->isEnabled()); // nothing is pending
        bench.inspector.tuning().apply();
    };
    applyTrial(spin->value() + 1);
    QTRY_VERIFY(bar->isVisible());
    QVERIFY(bench.find<QLabel>("tuning_trial")->text().startsWith(QStringLiteral("Trial: 10:00")));
    bench.engine.advance(engine::Seconds { 108 });
    bench.clock.setNow(bench.engine.now());
    bench.engine.advance(engine::Seconds { 1 });
    const QString text = bench.find<QLabel>("tuning_trial")->text();
    QVERIFY2(text.startsWith(QStringLiteral("Trial: 8:12 left, then concurrency as configured")),
        qPrintable(text));
    QVERIFY(bench.find<QLabel>("inspector_flags")->text().contains(QStringLiteral("Trial 8:1")));

    QTRY_VERIFY(bench.find<QPushButton>("tuning_keep")->isEnabled());
    bench.find<QPushButton>("tuning_keep")->click();
    QTRY_VERIFY(!bar->isVisible());
    const double kept = spin->value();
    QTRY_COMPARE(spin->value(), kept); // for good

    applyTrial(kept + 1);
    QTRY_VERIFY(bar->isVisible());
    QTRY_VERIFY(bench.find<QPushButton>("tuning_revertNow")->isEnabled());
    bench.find<QPushButton>("tuning_revertNow")->click();
    QTRY_VERIFY(!bar->isVisible());
    QCOMPARE(spin->value(), kept); // what was in force before the trial
    QCOMPARE(bench.sent<engine::TrialCommand>(), 2);
}

void TestTuning::aTrialRevertsByItselfAndIsAudited()
{
    Bench bench(engine::ShardState::Backlogged);
    auto* spin = bench.find<QDoubleSpinBox>("tuning_concurrencySpin");
    auto* keepFor = bench.find<QComboBox>("tuning_keepFor");
    const double before = spin->value();
    spin->setValue(before + 1);
    keepFor->setCurrentIndex(keepFor->findData(600));
    bench.inspector.tuning().apply();
    QTRY_VERIFY(bench.inspector.tuning().staged().isEmpty());
    bench.engine.advance(engine::Seconds { 599 });
    QCOMPARE(spin->value(), before + 1);
    bench.engine.advance(engine::Seconds { 1 });
    QCOMPARE(spin->value(), before);
    QVERIFY(!bench.find<QFrame>("tuning_trialBar")->isVisible());
    QCOMPARE(bench.engine.auditRows().back().who, std::string("engine"));
    QCOMPARE(bench.sent<engine::TuneCommand>(), 1);
}

// On trial: concurrency 9, then 4, with 100 s left. Undoing a later change needs two steps: what
// the trial goes back to, then the trial for the time that is left.
void TestTuning::undoBringsBackATrialAsItWas()
{
    auto shard = shardLike();
    const engine::WallTime now { std::chrono::hours(1) };
    shard.concurrency.overridden = 9;
    shard.trial = engine::TuningTrial { .until = now + engine::Seconds { 100 }, .concurrency = 4 };
    auto other = shard;
    other.shard.account = "2";
    const auto commands = makeUndoCommands({ shard, other }, now);
    QCOMPARE(commands.size(), std::size_t { 2 });
    QCOMPARE(commands[0].concurrency, 4);
    QVERIFY(!commands[0].keepFor && commands[0].reset);
    QCOMPARE(commands[1].concurrency, 9);
    QVERIFY(commands[1].keepFor == engine::Seconds { 100 });
    QCOMPARE(commands[1].targets.size(), std::size_t { 2 });
    QCOMPARE(makeUndoCommands({ shard }, now + engine::Seconds { 100 }).size(), std::size_t { 1 });
}

void TestTuning::revertForgetsWhatIsStaged()
{
    Bench bench(engine::ShardState::Backlogged);
    auto* spin = bench.find<QDoubleSpinBox>("tuning_concurrencySpin");
    const double before = spin->value();
    spin->setValue(before + 1);
    bench.find<QPushButton>("tuning_revert")->click();
    QCOMPARE(spin->value(), before);
    QVERIFY(bench.inspector.tuning().staged().isEmpty());
    QVERIFY(bench.engine.commands().empty());
}

void TestTuning::undoBringsBackWhatWas()
{
    Bench bench(engine::ShardState::Backlogged);
    auto* spin = bench.find<QDoubleSpinBox>("tuning_concurrencySpin");
    spin->setValue(spin->value() - 1);
    bench.inspector.tuning().apply();
    auto* undo = bench.find<QPushButton>("undo_button");
    QTRY_VERIFY(undo->isVisible());
    undo->click();
    QCOMPARE(bench.sent<engine::TuneCommand>(), 2);
    const auto& command = std::get<engine::TuneCommand>(bench.engine.commands().back().what);
    QVERIFY(command.reset && !command.concurrency); // there was no override before

    spin->setValue(spin->value() + 1);
    QTRY_VERIFY(bench.find<QPushButton>("tuning_apply")->isEnabled());
    bench.inspector.tuning().apply();
    auto* bar = bench.find<UndoBar>("undo_bar");
    QTRY_COMPARE(bar->secondsLeft(), UndoBar::kSeconds);
    for (int i = 0; i < UndoBar::kSeconds; ++i)
        bar->tick();
    QVERIFY(!bar->isVisible());
    bar->undo(); // too late
    QCOMPARE(bench.sent<engine::TuneCommand>(), 3);
}

void TestTuning::aRaiseWhileThrottledIsAppliedAnyway()
{
    Bench bench(engine::ShardState::Throttled);
    auto* spin = bench.find<QDoubleSpinBox>("tuning_concurrencySpin");
    auto* apply = bench.find<QPushButton>("tuning_apply");
    auto* warning = bench.find<QLabel>("tuning_warning");
    spin->setValue(2);
    QVERIFY(!warning->isVisible());
    QCOMPARE(apply->text(), QStringLiteral("Apply"));
    spin->setValue(spin->maximum());
    QVERIFY(warning->isVisible());
    QVERIFY(warning->text().contains(QStringLiteral("Throttled now")));
    QVERIFY(warning->text().contains(QStringLiteral("ceiling")));
    QCOMPARE(apply->text(), QStringLiteral("Apply anyway"));
    QCOMPARE(bench.find<QComboBox>("tuning_keepFor")->currentData().toInt(), 600);
    apply->click();
    const auto& sent = bench.engine.commands().back();
    QVERIFY(std::get<engine::TuneCommand>(sent.what).isAboveCeilingAllowed);
    QVERIFY(std::get<engine::TuneCommand>(sent.what).keepFor == engine::Seconds { 600 });
    QVERIFY(!sent.reason.empty()); // the audit knows that it was warned
}

void TestTuning::guardedTunesOnTrialAndAsksWhyAboveACeiling()
{
    Bench bench(engine::ShardState::Backlogged);
    bench.engine.setSafety(engine::SafetyLevel::Guarded);
    auto* spin = bench.find<QDoubleSpinBox>("tuning_concurrencySpin");
    auto* keepFor = bench.find<QComboBox>("tuning_keepFor");
    auto* apply = bench.find<QPushButton>("tuning_apply");
    auto* reason = bench.find<QLineEdit>("tuning_reason");
    spin->setValue(spin->value() - 1); // within everything: a trial all the same
    QCOMPARE(keepFor->currentData().toInt(), 600);
    QVERIFY(apply->isEnabled());
    QVERIFY(!reason->isVisible());
    spin->setValue(spin->maximum());
    QVERIFY(reason->isVisible());
    QVERIFY(!apply->isEnabled());
    QTest::keyClicks(reason, QStringLiteral("agreed with the platform"));
    QVERIFY(apply->isEnabled());
    QCOMPARE(apply->text(), QStringLiteral("Apply anyway"));
    apply->click();
    const auto& sent = bench.engine.commands().back();
    QVERIFY(sent.reason.starts_with("agreed with the platform"));
    QVERIFY(std::get<engine::TuneCommand>(sent.what).keepFor == engine::Seconds { 600 });
}

void TestTuning::observeTurnsTheInspectorIntoGlass()
{
    Bench bench(engine::ShardState::Backlogged);
    bench.engine.setSafety(engine::SafetyLevel::Observe);
    for (const char* name : { "tuning_concurrencySpin", "tuning_rateSlider", "tuning_apply",
             "inspector_pause", "inspector_probe" }) {
        auto* control = bench.find<QWidget>(name);
        QVERIFY2(!control->isEnabled(), name);
        QVERIFY2(control->toolTip().startsWith(QStringLiteral("Observe mode")), name);
    }
    bench.inspector.askResume({ bench.id });
    QVERIFY(bench.engine.commands().empty());
    QVERIFY(bench.find<QPushButton>("inspector_dlq")->isEnabled()); // looking is allowed
}

void TestTuning::aCommandWithoutAnAnswerTimesOut()
{
    FakeEngine engine;
    CommandRunner runner(engine);
    runner.setTimeout(engine::Millis { 1 });
    engine.holdReplies(true);
    int calls = 0;
    engine::CommandResult last;
    runner.run({ .what = engine::ReloadCommand {} }, [&](const engine::CommandResult& result) {
        ++calls;
        last = result;
    });
    QCOMPARE(runner.pending(), 1);
    QTRY_COMPARE(calls, 1);
    QVERIFY(!last.isOk);
    QCOMPARE(last.error, engine::ErrorCode::Timeout);
    bool isLate = false;
    connect(&runner, &CommandRunner::answeredLate, this, [&isLate] { isLate = true; });
    engine.holdReplies(false);
    QTRY_VERIFY(isLate);
    QCOMPARE(calls, 1);
}

void TestTuning::severalShardsShowMixedValues()
{
    Bench bench(engine::ShardState::Throttled);
    auto first = shardLike();
    auto second = shardLike();
    second.shard.account = "2";
    second.concurrency.configured = 9;
    bench.inspector.tuning().setShards({ first, second });
    auto* spin = bench.find<QDoubleSpinBox>("tuning_concurrencySpin");
    QCOMPARE(spin->text(), QStringLiteral("mixed"));
    QCOMPARE(bench.find<QDoubleSpinBox>("tuning_batchSpin")->value(), 100.0);
    spin->setValue(6);
    bench.inspector.tuning().apply();
    const auto& command = std::get<engine::TuneCommand>(bench.engine.commands().back().what);
    QCOMPARE(command.targets.size(), std::size_t { 2 });
    QCOMPARE(command.concurrency, 6);
    QVERIFY(!command.batch);
}

// 400/s in 15 minutes are 360,000 events; the platform takes 7 days and the oldest is 2 hours old.
void TestTuning::thePauseSheetNamesItsConsequence()
{
    auto shard = shardLike();
    shard.inFlight = 24;
    shard.acceptWindow = std::chrono::hours(24 * 7);
    shard.oldestEventAge = std::chrono::hours(2);
    const QString open = pauseConsequence({ shard }, {});
    QVERIFY2(open.contains(QStringLiteral("+360.0k events per 15 min")), qPrintable(open));
    QVERIFY2(open.contains(QStringLiteral("First event refused in 6d 22h")), qPrintable(open));
    QVERIFY2(open.contains(QStringLiteral("24 requests in flight")), qPrintable(open));
    const QString hour = pauseConsequence({ shard }, { .wait = std::chrono::hours(1) });
    QVERIFY2(hour.contains(QStringLiteral("1.44M")), qPrintable(hour));
    shard.acceptWindow = std::chrono::hours(3);
    const QString late = pauseConsequence({ shard }, { .wait = std::chrono::hours(2) });
    QVERIFY2(late.contains(QStringLiteral("before this pause ends")), qPrintable(late));
    const QString retries = pauseConsequence({ shard }, { .mode = engine::Desired::RetriesPaused });
    QVERIFY2(retries.contains(QStringLiteral("first attempts still go out")), qPrintable(retries));
}

void TestTuning::pausingSendsModeEndAndNote()
{
    Bench bench(engine::ShardState::Backlogged);
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

void TestTuning::aTimedPauseTellsWhatComesAfterIt()
{
    Bench bench(engine::ShardState::Backlogged);
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

void TestTuning::pausingEverythingNeedsAReasonWhereGuarded()
{
    Bench bench(engine::ShardState::Backlogged);
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
void TestTuning::resumingAllBringsBackWhatWasPausedTogether()
{
    Bench bench(engine::ShardState::Backlogged);
    const auto pausedNow = [&bench] {
        std::set<engine::ShardId> paused;
        for (const auto& shard : bench.engine.snapshot()->shards) {
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
void TestTuning::muchThatWaitsIsNamedBeforeResuming()
{
    auto shard = shardLike();
    shard.queueDepth = 10'001;
    const QString text = resumeConsequence({ shard });
    QVERIFY2(text.contains(QStringLiteral("10,001")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("1,000/s")), qPrintable(text));

    Bench bench(engine::ShardState::Paused);
    const auto& shards = bench.engine.snapshot()->shards;
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

void TestTuning::everyWidgetOfTheInspectorHasAName()
{
    Bench bench(engine::ShardState::Throttled);
    bench.find<QPushButton>("inspector_pause")->click();
    int seen = 0;
    for (const auto* widget : bench.inspector.findChildren<QWidget*>()) {
        if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus
            || qobject_cast<const QAbstractSpinBox*>(widget->parent()) != nullptr)
            continue;
        ++seen;
        QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(widget->objectName()));
    }
    QVERIFY(seen > 12);
}

QTEST_MAIN(TestTuning)
#include "tst_tuning.moc"

#include "inspector/inspector.h"
#include "inspector/marker_slider.h"
#include "inspector/shard_text.h"
#include "inspector/tuning.h"
#include "inspector/tuning_panel.h"
#include "support/test_program.h"
#include "theme/theme.h"
#include "ui/tools/inspector_bench.h"
#include "widgets/command_runner.h"
#include "widgets/undo_bar.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>

#include <algorithm>

namespace tst_tuning {

using engine::testing::FakeEngine;
using namespace ui;
using ui::testing::InspectorBench;
using ui::testing::shardLike;

class TestTuning : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin)"))); }
    void takingTheCapAwayKeepsTheOtherOverrides();
    void stagingSendsNothingAndApplySendsOneCommand();
    void samplesLeaveWhatIsHalfTypedAlone();
    void aTrialCountsDownAndIsKeptOrReverted();
    void aTrialRevertsByItselfAndIsAudited();
    void undoBringsBackATrialAsItWas();
    void revertForgetsWhatIsStaged();
    void undoBringsBackWhatWas();
    void aDraggedSliderAppliesAsItGoes();
    void aRaiseWhileThrottledIsAppliedAnyway();
    void guardedTunesOnTrialAndAsksWhyAboveACeiling();
    void observeTurnsTheInspectorIntoGlass();
    void aCommandWithoutAnAnswerTimesOut();
    void severalShardsShowMixedValues();
    void everyWidgetOfTheInspectorHasAName();
};

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
    InspectorBench bench(engine::ShardState::Backlogged);
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

// Typed in no hurry, a sample a second; applied without leaving the field.
void TestTuning::samplesLeaveWhatIsHalfTypedAlone()
{
    InspectorBench bench(engine::ShardState::Backlogged);
    auto* spin = bench.find<QDoubleSpinBox>("tuning_concurrencySpin");
    auto* apply = bench.find<QPushButton>("tuning_apply");
    bench.inspector.focusTuning();
    const auto type = [&](const char* digit) {
        QTest::keyClicks(spin, QString::fromLatin1(digit));
        bench.engine.advance(engine::Seconds { 1 });
    };
    spin->selectAll();
    type("1");
    type("3");
    QCOMPARE(spin->text(), QStringLiteral("13"));
    QVERIFY(bench.inspector.tuning().staged().isEmpty());
    QVERIFY(apply->isEnabled()); // it takes what stands there
    bench.inspector.tuning().apply();
    QCOMPARE(bench.sent<engine::TuneCommand>(), 1);
    QCOMPARE(std::get<engine::TuneCommand>(bench.engine.commands().back().what).concurrency,
        std::optional(13));

    QTRY_VERIFY(bench.inspector.tuning().staged().isEmpty());
    spin->selectAll();
    type("9");
    bench.find<QPushButton>("tuning_revert")->click();
    bench.engine.advance(engine::Seconds { 1 });
    QCOMPARE(spin->value(), 13.0);
    QVERIFY(!apply->isEnabled());
}

void TestTuning::aTrialCountsDownAndIsKeptOrReverted()
{
    InspectorBench bench(engine::ShardState::Backlogged);
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
    InspectorBench bench(engine::ShardState::Backlogged);
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
    InspectorBench bench(engine::ShardState::Backlogged);
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
    InspectorBench bench(engine::ShardState::Backlogged);
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

// In the simulator, where the settings begin with it: a drag in two moves is two commands, and one
// undo goes back to before it. Elsewhere, and where it is switched off, a drag only stages.
void TestTuning::aDraggedSliderAppliesAsItGoes()
{
    InspectorBench bench(engine::ShardState::Backlogged);
    using Dragging = TuningSettings::Dragging;
    auto& slider = *bench.find<MarkerSlider>("tuning_batchSlider");
    const int before = slider.value();
    const auto settle = [&bench] {
        return QTest::qWaitFor([&bench] { return bench.inspector.tuning().staged().isEmpty(); });
    };
    bench.inspector.setTuningSettings({ .applies = Dragging::Never });
    slider.setSliderDown(true);
    slider.setValue(before / 2);
    slider.setSliderDown(false);
    QCOMPARE(bench.inspector.tuning().staged().changes(), 1);
    bench.inspector.tuning().revert();

    bench.inspector.setTuningSettings({});
    slider.setSliderDown(true);
    slider.setValue(before / 2);
    QCOMPARE(bench.sent<engine::TuneCommand>(), 0); // a quarter of a second has not passed
    QTRY_COMPARE(bench.sent<engine::TuneCommand>(), 1);
    slider.setValue(before / 4);
    QTRY_COMPARE(bench.sent<engine::TuneCommand>(), 2);
    QCOMPARE(slider.value(), before / 4); // it stays under the hand
    slider.setSliderDown(false);
    QVERIFY(settle());
    QCOMPARE(bench.sent<engine::TuneCommand>(), 2);
    auto* undo = bench.find<QPushButton>("undo_button");
    QTRY_VERIFY(undo->isVisible());
    undo->click();
    QTRY_COMPARE(bench.sent<engine::TuneCommand>(), 3);
    const auto& back = std::get<engine::TuneCommand>(bench.engine.commands().back().what);
    QVERIFY(back.reset && !back.batch); // there was no override before the drag
}

void TestTuning::aRaiseWhileThrottledIsAppliedAnyway()
{
    InspectorBench bench(engine::ShardState::Throttled);
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
    InspectorBench bench(engine::ShardState::Backlogged);
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
    InspectorBench bench(engine::ShardState::Backlogged);
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
    InspectorBench bench(engine::ShardState::Throttled);
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

void TestTuning::everyWidgetOfTheInspectorHasAName()
{
    InspectorBench bench(engine::ShardState::Throttled);
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

SPILLWAY_TEST(TestTuning)

} // namespace tst_tuning

#include "tst_tuning.moc"

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
    void thePredictionIsBoundedByTheTightestLimit();
    void takingTheCapAwayKeepsTheOtherOverrides();
    void stagingSendsNothingAndApplySendsOneCommand();
    void revertForgetsWhatIsStaged();
    void undoBringsBackWhatWas();
    void aRaiseWhileThrottledIsAppliedAnyway();
    void aCommandWithoutAnAnswerTimesOut();
    void severalShardsShowMixedValues();
    void thePauseSheetNamesItsConsequence();
    void pausingSendsModeEndAndNote();
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

// 4 in flight × 100 ÷ 0.5 s = 800/s, ÷ 1 s = 400/s; a rate of 2/s allows 200/s; the ceiling of
// 10 requests/s at 100 each allows 1,000/s.
void TestTuning::thePredictionIsBoundedByTheTightestLimit()
{
    const auto shard = shardLike();
    const Prediction same = predict(shard, {});
    QCOMPARE(*same.outHigh, 800.0);
    QCOMPARE(*same.outLow, 400.0);
    QCOMPARE(same.drainLow->count(), std::int64_t { 150 });
    QVERIFY(!same.drainHigh);
    const Prediction capped = predict(shard, { .rate = 2.0 });
    QCOMPARE(*capped.outHigh, 200.0);
    QCOMPARE(capped.shortBy, 200.0);
    QVERIFY(drainText(capped).contains(QStringLiteral("200/s")));
    const Prediction many = predict(shard, { .concurrency = 32 });
    QCOMPARE(*many.outHigh, 1'000.0);
    engine::ShardSnapshot silent = shard;
    silent.latencyP50.reset();
    silent.latencyP95.reset();
    QVERIFY(!predict(silent, {}).outHigh);
    QVERIFY(predictionText(predict(silent, {})).contains(QStringLiteral("unknown")));
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

void TestTuning::muchThatWaitsIsNamedBeforeResuming()
{
    auto shard = shardLike();
    shard.queueDepth = 10'000;
    QVERIFY(resumeConsequence({ shard }).isEmpty());
    shard.queueDepth = 10'001;
    const QString text = resumeConsequence({ shard });
    QVERIFY2(text.contains(QStringLiteral("10,001")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("1,000/s")), qPrintable(text));
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

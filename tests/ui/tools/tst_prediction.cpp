// The sliders of the tuning panel, and what it says would come of the values.
#include "inspector/forecast_asker.h"
#include "inspector/forecast_text.h"
#include "inspector/marker_slider.h"
#include "inspector/tuning.h"
#include "inspector/tuning_panel.h"
#include "support/test_program.h"
#include "ui/tools/inspector_bench.h"

#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>

namespace tst_prediction {

using engine::testing::FakeEngine;
using namespace ui;
using ui::testing::InspectorBench;

class TestPrediction : public QObject {
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
};

void TestPrediction::aSliderFindsItsValuesAgain_data()
{
    QTest::addColumn<int>("maximum");
    QTest::addColumn<bool>("isLogarithmic");
    QTest::newRow("linear up to 64") << 64 << false;
    QTest::newRow("logarithmic above") << 65 << true;
    QTest::newRow("ten thousand") << 10'000 << true;
}

// A value's position gives that value again, within the values that one pixel stands for.
void TestPrediction::aSliderFindsItsValuesAgain()
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

void TestPrediction::aSliderAnswersToKeys()
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

void TestPrediction::thePredictionComesFromTheEngine()
{
    InspectorBench bench(engine::ShardState::Backlogged);
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
void TestPrediction::onlyTheNewestPredictionIsShown()
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

void TestPrediction::severalShardsArePredictedTogether()
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

void TestPrediction::aPredictionNamesWhatItAssumes()
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
    auto shard = ui::testing::shardLike();
    QVERIFY(throttlingText({ shard }).isEmpty());
    shard.rate.ceiling.reset(); // nobody knows where throttling begins
    QVERIFY(throttlingText({ shard }).startsWith(QStringLiteral("Effect on throttling unknown")));
    forecast.typical.drained.reset();
    forecast.typical.shortBy = 262;
    forecast.typical.firstRefusal = engine::Seconds { 18'600 };
    const QString growing = drainText(forecast);
    QVERIFY2(growing.contains(QStringLiteral("short by 262/s")), qPrintable(growing));
    QVERIFY2(growing.contains(QStringLiteral("5h 10m")), qPrintable(growing));
}

SPILLWAY_TEST(TestPrediction)

} // namespace tst_prediction

#include "tst_prediction.moc"

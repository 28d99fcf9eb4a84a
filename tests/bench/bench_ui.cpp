// What one second of the console costs its thread, over an engine that only hands out snapshots:
//   bench_ui [SECONDS]
// For 64 and 256 shards: applying a snapshot, redrawing every visible panel at once (the window
// itself spreads them over the second) and painting. Prints one JSON object of milliseconds of
// processor time, so that what other programs do meanwhile does not show in it; and what the slot
// of one chart costs. Needs no screen.
#include "charts/chart_strip.h"
#include "inspector/inspector.h"
#include "overview/overview_page.h"
#include "shard/shard_page.h"
#include "support/fake_engine.h"
#include "support/process_figures.h"
#include "window/main_window.h"
#include "window/ui_test_mode.h"

#include <QApplication>

#include <algorithm>
#include <cstdio>

namespace {

using engine::testing::FakeEngine;

constexpr int kSecondsDefault = 60;

double shareOf(std::vector<double> values, std::size_t percent)
{
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[(values.size() - 1) * percent / 100];
}

// One figure a second: the snapshot applied, all visible panels redrawn at once, and painted.
std::vector<double> measure(int shards, ui::PageId page, int seconds)
{
    ui::Theme theme(ui::ThemeMode::Light);
    FakeEngine engine({ .scenario = "trouble", .shards = shards });
    ui::FixedUiClock clock(engine.now());
    // Connected first, so called first: what the fake does to make a snapshot is not measured.
    double begin = 0;
    QObject::connect(&engine, &FakeEngine::snapshotPublished, &engine,
        [&begin] { begin = engine::testing::threadMillis(); });
    const ui::ConsoleContext context { engine, theme, clock, false };
    ui::MainWindow window(context, nullptr);
    window.addPage(ui::PageId::Shard, new ui::ShardPage(context), QStringLiteral("shard"));
    window.setInspector(new ui::Inspector(context));
    window.resize(1'440, 900);
    window.show();
    window.setSelection({ engine.snapshot()->shards.front().shard });
    window.showPage(page);
    QApplication::processEvents();
    std::vector<double> ticks;
    for (int i = 0; i < seconds; ++i) {
        clock.setNow(clock.wallNow() + engine::Seconds { 1 });
        engine.advance(engine::Seconds { 1 });
        QApplication::processEvents();
        ticks.push_back(engine::testing::threadMillis() - begin);
    }
    return ticks;
}

// The five charts of the overview alone, drawn and painted one after another, as their slots do it
// over a second: four lines and the band of the rest, 15 minutes. One figure a chart.
std::vector<double> measureSlots(int shards, int rounds)
{
    ui::Theme theme(ui::ThemeMode::Light);
    FakeEngine engine({ .scenario = "trouble", .shards = shards });
    ui::FixedUiClock clock(engine.now());
    ui::MainWindow window({ engine, theme, clock, false }, nullptr);
    window.resize(1'440, 900);
    window.show();
    window.setSelection({ engine.snapshot()->shards.front().shard });
    QApplication::processEvents();
    auto& deck = window.overview().charts().deck();
    std::vector<double> slots;
    for (int round = 0; round < rounds; ++round) {
        for (auto* shown : deck.panels()) {
            for (auto* panel : deck.panels()) // what is not in sight takes no slot
                panel->setVisible(panel == shown);
            QApplication::processEvents();
            const double begin = engine::testing::threadMillis();
            deck.flush();
            QApplication::processEvents();
            slots.push_back(engine::testing::threadMillis() - begin);
        }
    }
    return slots;
}

} // namespace

int main(int argc, char** argv)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    ui::UiTestMode().prepare();
    const int asked = QApplication::arguments().value(1).toInt();
    const int seconds = asked > 0 ? std::min(asked, 3'600) : kSecondsDefault;
    std::printf("{");
    const char* separator = "";
    for (const int shards : { 64, 256 }) {
        for (const auto& [page, name] : { std::pair { ui::PageId::Overview, "overview" },
                 std::pair { ui::PageId::Shard, "shard" } }) {
            const auto ticks = measure(shards, page, seconds);
            std::printf("%s\n  \"%s_%d\": {\"p95_ms\": %.1f, \"median_ms\": %.1f, \"ticks\": %d}",
                separator, name, shards, shareOf(ticks, 95), shareOf(ticks, 50), seconds);
            separator = ",";
        }
    }
    const auto slots = measureSlots(64, 20);
    std::printf(",\n  \"chart_slot\": {\"max_ms\": %.1f, \"median_ms\": %.1f, \"five_ms\": %.1f}",
        shareOf(slots, 100), shareOf(slots, 50), 5 * shareOf(slots, 50));
    std::printf(",\n  \"peak_memory_mib\": %.0f\n}\n", engine::testing::peakMemoryMiB());
    return 0;
}

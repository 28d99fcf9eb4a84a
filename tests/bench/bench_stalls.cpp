// How long the window's thread ever leaves a person waiting while the engine in the same process
// works as hard as this machine lets it: the real engine, sixteen destinations, strict imitations
// of the platforms, and a client that posts events as fast as they are acknowledged.
//   bench_stalls [--seconds N] [--dir DIRECTORY]
// Two figures. "turn": the longest time that the thread was busy without looking at its events, in
// processor time, which is what our own code costs. "gap": how late a timer of 5 ms came, in real
// time, which is that plus what the system gave to other threads meanwhile. Needs no screen.
#include "core/clock.h"
#include "engine/sale_day.h"
#include "inspector/inspector.h"
#include "load.h"
#include "overview/overview_page.h"
#include "shard/shard_page.h"
#include "simulator/simulator_server.h"
#include "window/main_window.h"
#include "window/ui_test_mode.h"

#include <engine/engine.h>

#include <QAbstractEventDispatcher>
#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTimer>
#include <QUrl>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <thread>

namespace {

using namespace std::chrono_literals;

constexpr const char* kKey = "sale-key";
constexpr auto kBeat = 5ms;

double processorMillis()
{
    timespec now {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

// Listens to the event loop of the thread that makes it.
class Watch final : public QObject {
public:
    Watch()
    {
        auto* dispatcher = QAbstractEventDispatcher::instance();
        connect(dispatcher, &QAbstractEventDispatcher::awake, this,
            [this] { m_awakeAt = processorMillis(); });
        connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, &Watch::endTurn);
        m_beat.setTimerType(Qt::PreciseTimer);
        connect(&m_beat, &QTimer::timeout, this, [this] {
            const double gap = static_cast<double>(m_since.nsecsElapsed()) / 1e6;
            m_gaps.push_back(std::max(0.0, gap - static_cast<double>(kBeat.count())));
            m_since.restart();
            endTurn(); // a loop that never rests never blocks
        });
        m_since.start();
        m_beat.start(kBeat);
    }
    void print(const char* name)
    {
        std::sort(m_turns.begin(), m_turns.end());
        std::sort(m_gaps.begin(), m_gaps.end());
        const auto at = [](const std::vector<double>& sorted, double share) {
            return sorted.empty()
                ? 0.0
                : sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
        };
        std::printf("%-10s turn max %5.1f ms  p99.9 %5.1f   gap max %5.1f ms  p99 %5.1f  "
                    "over 50 ms: %td of %zu\n",
            name, at(m_turns, 1), at(m_turns, 0.999), at(m_gaps, 1), at(m_gaps, 0.99),
            std::count_if(m_gaps.begin(), m_gaps.end(), [](double gap) { return gap > 50; }),
            m_gaps.size());
        m_turns.clear();
        m_gaps.clear();
        m_since.restart();
    }

private:
    void endTurn()
    {
        const double now = processorMillis();
        m_turns.push_back(now - m_awakeAt);
        m_awakeAt = now;
    }

    QTimer m_beat;
    QElapsedTimer m_since;
    double m_awakeAt { processorMillis() };
    std::vector<double> m_turns;
    std::vector<double> m_gaps;
};

std::string writeConfig(const QTemporaryDir& folder, const std::string& base)
{
    QFile file(folder.filePath(QStringLiteral("spillway.toml")));
    if (!file.open(QIODevice::WriteOnly))
        qFatal("cannot write into %s", qPrintable(folder.path()));
    file.write(
        QByteArray::fromStdString(engine::testing::saleText(engine::testing::salePlans(), base)));
    return file.fileName().toStdString();
}

void run(QApplication& application, std::chrono::seconds time)
{
    QTimer::singleShot(time, &application, &QApplication::quit);
    QApplication::exec();
}

} // namespace

int main(int argc, char** argv)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions({ { QStringLiteral("seconds"), QStringLiteral("Of each page."),
                            QStringLiteral("N"), QStringLiteral("20") },
        { QStringLiteral("dir"), QStringLiteral("Where the data goes."),
            QStringLiteral("DIRECTORY"), QStringLiteral(".") } });
    parser.process(application);
    const std::chrono::seconds seconds { parser.value(QStringLiteral("seconds")).toInt() };
    qputenv("SPILLWAY_SALE_KEY", kKey);
    ui::UiTestMode().prepare();
    ui::Theme theme(ui::ThemeMode::Light);
    theme.install(application);

    const engine::SystemClock clock;
    engine::simulator::SimulatorServer platforms(
        engine::simulator::SimulatorOptions { .ledgerMax = 20'000 }, { "127.0.0.1", 0 }, clock);
    if (const engine::Status started = platforms.start(); !started)
        qFatal("%s", started.error().message.c_str());
    const QTemporaryDir folder(
        parser.value(QStringLiteral("dir")) + QStringLiteral("/stalls-XXXXXX"));
    engine::EngineOptions options;
    options.configPath
        = writeConfig(folder, "http://127.0.0.1:" + std::to_string(platforms.port()));
    options.dataDirectory = folder.filePath(QStringLiteral("data")).toStdString();
    engine::Engine engine(options);
    if (const engine::Status started = engine.start(); !started)
        qFatal("%s", started.error().message.c_str());

    const ui::SystemUiClock uiClock;
    const ui::ConsoleContext context { engine, theme, uiClock, true };
    ui::MainWindow window(context, nullptr);
    window.addPage(ui::PageId::Shard, new ui::ShardPage(context), QStringLiteral("shard"));
    window.setInspector(new ui::Inspector(context));
    window.resize(1'440, 900);
    window.show();
    run(application, 3s);

    bench::LoadFigures figures;
    const auto port = QUrl(QString::fromStdString(engine.snapshot()->ingressUrl)).port();
    std::thread load([&] {
        figures = bench::runLoad({ .port = static_cast<std::uint16_t>(port),
            .key = kKey,
            .eventsPerPost = 20,
            .length = 2 * seconds + 2s });
    });
    // A shard is there once its first event is.
    while (engine.snapshot()->shards.empty())
        run(application, 1s);
    window.setSelection({ engine.snapshot()->shards.front().shard });
    Watch watch;
    for (const auto& [page, name] : { std::pair { ui::PageId::Overview, "overview" },
             std::pair { ui::PageId::Shard, "shard" } }) {
        window.showPage(page);
        run(application, seconds);
        watch.print(name);
    }
    load.join();
    std::printf("meanwhile %.0f events/s were accepted, %lld failed\n", figures.eventsPerSecond(),
        static_cast<long long>(figures.failed));
    engine.stop();
    return 0;
}

// How long a month of one shard's charts takes: a store with 30 days of minutes of 16 shards, the
// real engine on it, and the page of a shard that is asked for all of it, without a screen.
//   bench_past [--days N] [--dir DIRECTORY]
// Prints until the newest days and until all of them can be drawn, and the longest turn of the
// window's thread meanwhile, drawing included, in processor time.
#include "charts/chart_deck.h"
#include "shard/shard_page.h"
#include "store/connection.h"
#include "store/schema.h"
#include "window/main_window.h"
#include "window/ui_test_mode.h"

#include <engine/engine.h>
#include <engine/past.h>

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace {

constexpr int kShards = 16;
constexpr int kRounds = 5;
constexpr std::int64_t kMinutesADay = 24 * 60;

void check(const engine::Status& status)
{
    if (!status)
        qFatal("%s", status.error().message.c_str());
}

// Rows as the store writes them each minute, by SQL alone. `now`: the last minute.
void fill(const std::string& path, std::int64_t now, std::int64_t days)
{
    using namespace engine::store;
    auto opened = Connection::open({ .path = path, .isReadOnly = false, .cacheKiB = 262'144 });
    if (!opened)
        qFatal("%s", opened.error().message.c_str());
    Connection& connection = **opened;
    check(migrate(connection, migrations()));
    const auto count = [](const char* name, std::int64_t first, std::int64_t last) {
        return std::string(name) + "(i) AS (SELECT " + std::to_string(first)
            + " UNION ALL SELECT i + 1 FROM " + name + " WHERE i < " + std::to_string(last) + ")";
    };
    const std::string shards = "WITH RECURSIVE " + count("s", 1, kShards);
    for (const std::string& sql : { std::string("BEGIN"),
             shards + " INSERT INTO shard(id, destination, account) SELECT i, 'hook', i FROM s",
             shards + ", " + count("m", now - days * kMinutesADay, now) + ", "
                 + count("k", 0, engine::kMetrics - 1)
                 + " INSERT INTO rollup(minute, shard, metric, low, high, last, sum, samples) "
                   "SELECT m.i, s.i, k.i, m.i % 97, m.i % 89, m.i % 83, m.i % 97 * 60, 60 FROM m, "
                   "s, k",
             std::string("COMMIT") })
        check(connection.exec(sql));
}

void writeConfig(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        qFatal("no configuration can be written");
    file.write("[ingress]\nlisten = \"127.0.0.1:0\"\n[control]\nlisten = \"127.0.0.1:0\"\n"
               "key = \"env:BENCH_KEY\"\n[[workspace]]\nname = \"shop\"\nwrite_key = "
               "\"env:BENCH_KEY\"\ntier = \"scale\"\n[[destination]]\nname = \"hook\"\n"
               "platform = \"webhook\"\nendpoint = \"http://127.0.0.1:9/\"\n");
}

double elapsedMs(const QElapsedTimer& timer)
{
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

double processorMs()
{
    timespec now {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

// What one shard's month cost.
struct Figures {
    double firstMs { 0 };
    double allMs { 0 };
    double stallMs { 0 };
};

Figures measure(ui::ChartDeck& deck, const engine::ShardId& shard, std::int64_t days)
{
    const auto known = [&] {
        const auto samples = deck.history().samples(shard, engine::Metric::QueueDepth);
        return std::count_if(
            samples.begin(), samples.end(), [](float value) { return !std::isnan(value); });
    };
    Figures figures;
    QElapsedTimer whole;
    whole.start();
    const auto to = deck.newest() - std::chrono::minutes { 2 };
    deck.zoomTo({ to - std::chrono::hours { 24 * days }, to });
    while (known() < (days - 1) * kMinutesADay) {
        const double begin = processorMs();
        QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
        figures.stallMs = std::max(figures.stallMs, processorMs() - begin);
        if (figures.firstMs == 0 && known() > 0)
            figures.firstMs = elapsedMs(whole);
    }
    figures.allMs = elapsedMs(whole);
    deck.setSpan(engine::HistorySpan::Minutes15);
    QCoreApplication::processEvents();
    return figures;
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("BENCH_KEY", "key");
    QApplication application(argc, argv);
    QCommandLineParser parser;
    const QCommandLineOption wanted(
        QStringLiteral("days"), {}, QStringLiteral("count"), QStringLiteral("30"));
    const QCommandLineOption directory(QStringLiteral("dir"), {}, QStringLiteral("directory"));
    parser.addOptions({ wanted, directory });
    parser.process(application);
    const auto days = std::clamp<std::int64_t>(parser.value(wanted).toLongLong(), 2, 30);
    ui::UiTestMode().prepare();
    const QString base = parser.isSet(directory) ? parser.value(directory) : QStringLiteral(".");
    const QTemporaryDir folder(base + QStringLiteral("/bench-past-XXXXXX"));
    const QString data = folder.filePath(QStringLiteral("data"));
    if (!QDir().mkdir(data))
        qFatal("no directory can be made in %s", qPrintable(base));
    QFile::setPermissions(data, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    const auto now = std::chrono::floor<std::chrono::minutes>(std::chrono::system_clock::now());
    fill((data + QStringLiteral("/spillway.db")).toStdString(), now.time_since_epoch().count(),
        days);
    writeConfig(folder.filePath(QStringLiteral("spillway.toml")));

    engine::EngineOptions options;
    options.configPath = folder.filePath(QStringLiteral("spillway.toml")).toStdString();
    options.dataDirectory = data.toStdString();
    engine::Engine engine(options);
    check(engine.start());
    ui::Theme theme(ui::ThemeMode::Light);
    theme.install(application);
    const ui::SystemUiClock clock;
    const ui::ConsoleContext context { engine, theme, clock, true };
    ui::MainWindow window(context, nullptr);
    auto* page = new ui::ShardPage(context);
    window.addPage(ui::PageId::Shard, page, QStringLiteral("shard"));
    window.resize(1'440, 900);
    window.show();
    window.showPage(ui::PageId::Shard);
    auto& deck = *page->findChild<ui::ChartDeck*>();
    for (int round = 0; round < kRounds; ++round) {
        while (static_cast<int>(engine.snapshot()->shards.size()) < kShards)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        const auto shard = engine.snapshot()->shards.at(static_cast<std::size_t>(round)).shard;
        window.setSelection({ shard });
        const Figures figures = measure(deck, shard, days);
        std::printf("%lld days of a shard: first %.0f ms, all %.0f ms, longest turn %.1f ms\n",
            static_cast<long long>(days), figures.firstMs, figures.allMs, figures.stallMs);
        std::fflush(stdout);
    }
    engine.stop();
    return 0;
}

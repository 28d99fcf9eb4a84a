// One real minute of sixteen shards over loopback: the whole engine in this process, strict
// imitations of all platforms on a port, a backlog for each shard. Prints how much of its contract
// every shard used and whether a platform ever refused a request as too much.
//
//   bench_sixteen [--seconds N] [--json FILE] [--dir DIRECTORY]
#include "core/clock.h"
#include "engine/sale_day.h"
#include "report.h"
#include "simulator/simulator_server.h"

#include <engine/engine.h>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QEventLoop>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTemporaryDir>
#include <QTimer>
#include <QUrl>

#include <cstdio>
#include <sys/resource.h>

namespace {

using namespace engine;
using namespace engine::testing;

constexpr const char* kKey = "sale-key";
constexpr int kPerPost = 500;
constexpr int kFillSeconds = 20; // what goes out while the backlog is still being posted

void wait(std::chrono::milliseconds time)
{
    QEventLoop loop;
    QTimer::singleShot(time, &loop, &QEventLoop::quit);
    loop.exec();
}

// Posts `count` events of a kind as arrays; ends the program when one is not taken.
void post(QNetworkAccessManager& network, const QUrl& url, const SalePlan& plan, int count)
{
    const WallTime now = std::chrono::floor<Micros>(std::chrono::system_clock::now());
    const std::int64_t clickUs = toUnixMicros(now - std::chrono::hours { 24 });
    for (int first = 0; first < count; first += kPerPost) {
        std::string body = "[";
        for (int i = first; i < std::min(first + kPerPost, count); ++i)
            body += (i > first ? "," : "") + salePayload(plan, i, clickUs);
        body += "]";
        QNetworkRequest request(url);
        request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
        request.setRawHeader("Authorization", QByteArray("Bearer ") + kKey);
        QEventLoop loop;
        const std::unique_ptr<QNetworkReply> reply(
            network.post(request, QByteArray::fromStdString(body)));
        QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
        loop.exec();
        if (reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() != 202)
            qFatal("not accepted: %s", reply->readAll().constData());
    }
}

struct Shard {
    SalePlan plan {};
    Pace pace {};
    std::int64_t before { 0 };
};

std::vector<Shard> shardsOf(const std::vector<SalePlan>& plans, const Config& config)
{
    std::vector<Shard> shards;
    for (std::size_t i = 0; i < plans.size(); ++i)
        shards.push_back({ plans[i], paceOf(config.destinations[i]) });
    return shards;
}

// Every shard gets what it can send in the whole time, and a fifth more.
void fill(const Engine& engine, const std::vector<Shard>& shards, int seconds)
{
    const QUrl url(QString::fromStdString(engine.snapshot()->ingressUrl));
    QNetworkAccessManager network;
    const double length = (seconds + kFillSeconds) * 1.2;
    double most = 0;
    for (const Shard& shard : shards) {
        if (shard.plan.type == EventType::Track)
            most = std::max(most, shard.pace.records);
        else
            post(network, url, shard.plan, static_cast<int>(shard.pace.records * length));
    }
    post(network, url, { .name = "sale" }, static_cast<int>(most * length));
}

double processorSeconds()
{
    rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

bench::Row rowOf(
    const Shard& shard, const std::map<std::string, simulator::AccountStats>& after, double took)
{
    std::int64_t throttled = 0;
    std::int64_t violations = 0;
    std::string sample;
    for (const auto& [account, stats] : after) {
        if (!account.starts_with(shard.plan.platform + '/'))
            continue;
        throttled += stats.throttledByWindow;
        violations += stats.violations;
        for (const std::string& one : stats.samples)
            sample = one;
    }
    bench::Row row { .name = shard.plan.name,
        .unit = "request/s",
        .samples = { static_cast<double>(requestsOf(shard.plan, after) - shard.before) / took },
        .floor = shard.pace.requests,
        .floorName = "its contract" };
    if (throttled > 0)
        row.note += "throttled " + std::to_string(throttled) + " times ";
    if (violations > 0)
        row.note += std::to_string(violations) + " violations, for example: " + sample;
    return row;
}

// A minute of it all, from the first second on.
bench::Report measure(
    const simulator::SimulatorServer& platforms, std::vector<Shard> shards, int seconds)
{
    const auto before = platforms.stats();
    for (Shard& shard : shards)
        shard.before = requestsOf(shard.plan, before);
    const double usedBefore = processorSeconds();
    const auto start = std::chrono::steady_clock::now();
    wait(std::chrono::seconds { seconds });
    const auto after = platforms.stats();
    const double took
        = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    bench::Report report;
    for (const Shard& shard : shards)
        report.add(rowOf(shard, after, took));
    report.add({ .name = "processor, engine and platforms",
        .unit = "cores",
        .samples = { (processorSeconds() - usedBefore) / took } });
    return report;
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions({ { QStringLiteral("seconds"), QStringLiteral("Length."), QStringLiteral("N"),
                            QStringLiteral("60") },
        { QStringLiteral("json"), QStringLiteral("Where the figures go as JSON."),
            QStringLiteral("FILE") },
        { QStringLiteral("dir"), QStringLiteral("Where the data goes."),
            QStringLiteral("DIRECTORY"), QStringLiteral(".") } });
    parser.process(application);
    const int seconds = parser.value(QStringLiteral("seconds")).toInt();
    qputenv("SPILLWAY_SALE_KEY", kKey);

    const SystemClock clock;
    simulator::SimulatorServer platforms(
        simulator::SimulatorOptions { .ledgerMax = 20'000 }, { "127.0.0.1", 0 }, clock);
    if (const Status started = platforms.start(); !started)
        qFatal("%s", started.error().message.c_str());
    const std::vector<SalePlan> plans = salePlans();
    const std::string base = "http://127.0.0.1:" + std::to_string(platforms.port());
    const std::vector<Shard> shards = shardsOf(plans, *saleConfig(plans, base));

    const QTemporaryDir folder(
        parser.value(QStringLiteral("dir")) + QStringLiteral("/sixteen-XXXXXX"));
    QFile file(folder.filePath(QStringLiteral("spillway.toml")));
    if (!file.open(QIODevice::WriteOnly))
        qFatal("cannot write into %s", qPrintable(folder.path()));
    file.write(QByteArray::fromStdString(saleText(plans, base)));
    file.close();
    EngineOptions options;
    options.configPath = file.fileName().toStdString();
    options.dataDirectory = folder.filePath(QStringLiteral("data")).toStdString();
    Engine engine(options);
    if (const Status started = engine.start(); !started)
        qFatal("%s", started.error().message.c_str());
    fill(engine, shards, seconds);
    wait(std::chrono::seconds { 5 });
    const bench::Report report = measure(platforms, shards, seconds);
    engine.stop();
    std::printf("%s", report.table().c_str());
    const QString json = parser.value(QStringLiteral("json"));
    if (!json.isEmpty() && !report.writeJson(json)) {
        std::fprintf(stderr, "%s cannot be written\n", qPrintable(json));
        return 1;
    }
    return 0;
}

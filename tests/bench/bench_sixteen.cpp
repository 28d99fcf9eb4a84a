// One real minute of sixteen shards over loopback: the whole engine in this process, strict
// imitations of all platforms on a port, a backlog for each shard. Prints how much of its contract
// every shard used and whether a platform ever refused a request as too much.
//
//   bench_sixteen [--seconds N] [--dir DIRECTORY]
#include "core/clock.h"
#include "engine/sale_day.h"
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

struct Row {
    SalePlan plan {};
    Pace pace {};
    std::int64_t before { 0 };
};

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions({ { QStringLiteral("seconds"), QStringLiteral("Length."), QStringLiteral("N"),
                            QStringLiteral("60") },
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
    config::Problems builtIn("built-in contracts");
    const auto config = saleConfig(plans, base);

    const QTemporaryDir folder(
        parser.value(QStringLiteral("dir")) + QStringLiteral("/sixteen-XXXXXX"));
    QFile file(folder.filePath(QStringLiteral("spillway.toml")));
    if (!file.open(QIODevice::WriteOnly))
        qFatal("cannot write into %s", qPrintable(folder.path()));
    file.write(QByteArray::fromStdString(saleText(plans, base, config::builtInSpecs(builtIn))));
    file.close();
    EngineOptions options;
    options.configPath = file.fileName().toStdString();
    options.dataDirectory = folder.filePath(QStringLiteral("data")).toStdString();
    Engine engine(options);
    if (const Status started = engine.start(); !started)
        qFatal("%s", started.error().message.c_str());

    // Every shard gets what it can send in the whole time, and a fifth more.
    double most = 0;
    std::vector<Row> rows;
    for (std::size_t i = 0; i < plans.size(); ++i) {
        rows.push_back({ plans[i], paceOf(config->destinations[i]) });
        if (plans[i].type == EventType::Track)
            most = std::max(most, rows.back().pace.records);
    }
    const QUrl url(QString::fromStdString(engine.snapshot()->ingressUrl));
    QNetworkAccessManager network;
    const double length = (seconds + kFillSeconds) * 1.2;
    post(network, url, { .name = "sale" }, static_cast<int>(most * length));
    for (const Row& row : rows) {
        if (row.plan.type != EventType::Track)
            post(network, url, row.plan, static_cast<int>(row.pace.records * length));
    }
    wait(std::chrono::seconds { 5 });
    const auto before = platforms.stats();
    for (Row& row : rows)
        row.before = requestsOf(row.plan, before);
    const auto start = std::chrono::steady_clock::now();
    wait(std::chrono::seconds { seconds });
    const auto after = platforms.stats();
    const double took
        = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

    std::printf("%-24s %10s %10s %7s %10s %10s\n", "shard", "requests/s", "allowed/s", "used",
        "throttled", "violations");
    for (const Row& row : rows) {
        const double perSecond
            = static_cast<double>(requestsOf(row.plan, after) - row.before) / took;
        std::int64_t throttled = 0;
        std::int64_t violations = 0;
        for (const auto& [account, stats] : after) {
            if (!account.starts_with(row.plan.platform + '/'))
                continue;
            throttled += stats.throttledByWindow;
            violations += stats.violations;
        }
        std::printf("%-24s %10.2f %10.2f %6.1f%% %10lld %10lld\n", row.plan.name.c_str(), perSecond,
            row.pace.requests, 100 * perSecond / row.pace.requests,
            static_cast<long long>(throttled), static_cast<long long>(violations));
    }
    engine.stop();
    return 0;
}

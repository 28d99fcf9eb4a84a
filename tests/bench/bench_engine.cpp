// How fast the whole product is: `spillway serve` as a process of its own, events over real
// sockets, a journal on this disk, answers from the C sink or the strict simulator; each figure
// beside the floor that the same run measured. Prints a table; nothing here passes or fails.
//   bench_engine --spillway FILE [--quick] [--json FILE] [--only accept,waiting,deliver,pacing]
//                [--dir DIRECTORY]
#include "product.h"
#include "report.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QUrl>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fcntl.h>
#include <map>
#include <thread>
#include <unistd.h>

namespace {

using namespace bench;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr int kDestinations = 12;
constexpr int kArray = 500;
constexpr int kConnections = 64;

double secondsSince(Steady::time_point start)
{
    return std::chrono::duration<double>(Steady::now() - start).count();
}

// The floors, and what each is.
struct Floors {
    double rawInserts { 0 }; // events a second with twelve deliveries each
    double storeSingles { 0 };
    double storeOnes { 0 }; // fetched, marked and recorded one by one, without HTTP
    double storeHundreds { 0 };
    double barePosts { 0 }; // the load generator against the sink
};

class Bench {
public:
    explicit Bench(Tools tools)
        : m_tools(std::move(tools))
    {
    }
    void accept();
    void waiting();
    void deliver(int batch);
    void pacing();
    [[nodiscard]] const Report& report() const { return m_report; }

private:
    [[nodiscard]] int repeats() const { return m_tools.isQuick ? 3 : 5; }
    void measureStore();
    void measureDisk();
    [[nodiscard]] double bareTransport(std::uint16_t port, int inFlight, int bodyBytes) const;
    void acceptArrays(const Product& product);
    void acceptSingles(const Product& product);

    Tools m_tools;
    Floors m_floors {};
    Report m_report {};
};

std::string webhook(const std::string& name, std::uint16_t port, int batch, int concurrency)
{
    return "\n[[destination]]\nname = \"" + name
        + "\"\nplatform = \"webhook\"\nendpoint = \"http://127.0.0.1:" + std::to_string(port) + "/"
        + name + "\"\nadaptive = false\nbatch = " + std::to_string(batch)
        + "\nconcurrency = " + std::to_string(concurrency) + "\n";
}

std::string twelveWebhooks(std::uint16_t port)
{
    std::string text;
    for (int i = 0; i < kDestinations; ++i)
        text += webhook("hook-" + std::to_string(i), port, 100, 4);
    return text;
}

QStringList namesOfTwelve()
{
    QStringList names;
    for (int i = 0; i < kDestinations; ++i)
        names << QStringLiteral("hook-%1").arg(i);
    return names;
}

void Bench::measureStore()
{
    if (m_floors.rawInserts > 0)
        return;
    measureDisk();
    std::map<QString, std::vector<double>> samples;
    for (int i = 0; i < 3; ++i) {
        const QTemporaryDir directory(QDir(m_tools.work).filePath(QStringLiteral("store-XXXXXX")));
        const QByteArray output
            = outputOf(QDir(m_tools.directory).filePath(QStringLiteral("bench_store")),
                { QStringLiteral("--dir"), directory.path(), QStringLiteral("--events"),
                    m_tools.isQuick ? QStringLiteral("10000") : QStringLiteral("30000") });
        const QJsonObject figures = QJsonDocument::fromJson(output).object();
        for (auto figure = figures.begin(); figure != figures.end(); ++figure)
            samples[figure.key()].push_back(figure.value().toDouble());
    }
    m_floors.rawInserts = medianOf(samples[QStringLiteral("accept_floor")]);
    m_floors.storeSingles = medianOf(samples[QStringLiteral("accept_1")]);
    m_floors.storeOnes = medianOf(samples[QStringLiteral("deliver_1")]);
    m_floors.storeHundreds = medianOf(samples[QStringLiteral("deliver_100")]);
}

// What every commit pays at least: 4 KiB appended and on the disk.
void Bench::measureDisk()
{
    const QByteArray path = QDir(m_tools.work).filePath(QStringLiteral("sync")).toLocal8Bit();
    const int file = ::open(path.constData(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    const std::string page(4'096, 'x');
    Row row { .name = "disk_sync_of_4_KiB", .unit = "ms" };
    for (int i = 0; i < 200; ++i) {
        const auto start = Steady::now();
        if (::write(file, page.data(), page.size()) < 0 || ::fdatasync(file) != 0)
            qFatal("%s cannot be written", path.constData());
        row.samples.push_back(secondsSince(start) * 1'000);
    }
    ::close(file);
    row.note = "the slowest of 200: "
        + std::to_string(std::lround(*std::max_element(row.samples.begin(), row.samples.end())))
        + " ms";
    m_report.add(row);
}

double Bench::bareTransport(std::uint16_t port, int inFlight, int bodyBytes) const
{
    std::vector<double> rates;
    for (int i = 0; i < 3; ++i) {
        const QByteArray output = outputOf(
            QDir(m_tools.directory).filePath(QStringLiteral("bench_transport")),
            { QStringLiteral("--url"), QStringLiteral("http://127.0.0.1:%1/").arg(port),
                QStringLiteral("--in-flight"), QString::number(inFlight), QStringLiteral("--body"),
                QString::number(bodyBytes), QStringLiteral("--seconds"), QStringLiteral("2") });
        rates.push_back(QJsonDocument::fromJson(output)
                            .object()
                            .value(QStringLiteral("requests_per_second"))
                            .toDouble());
    }
    return medianOf(rates);
}

std::string failuresOf(const LoadFigures& figures)
{
    return figures.failed == 0
        ? std::string {}
        : "; " + std::to_string(figures.failed) + " refused: " + figures.firstFailure;
}

void Bench::acceptArrays(const Product& product)
{
    LoadPlan plan = product.plan();
    plan.connections = 4;
    plan.eventsPerPost = kArray;
    Row row { .name = "accept_arrays_of_500",
        .unit = "events/s",
        .floor = m_floors.rawInserts,
        .floorName = "the same rows through SQLite in C",
        .target = 15'000 };
    const CpuShares shares(product.pid());
    double events = 0;
    std::string failures;
    for (int i = 0; i < repeats(); ++i) {
        const LoadFigures figures = runLoad(plan);
        row.samples.push_back(figures.eventsPerSecond());
        events += static_cast<double>(figures.events);
        failures += failuresOf(figures);
    }
    row.note = shares.text(events) + failures;
    m_report.add(row);
}

void Bench::acceptSingles(const Product& product)
{
    LoadPlan plan = product.plan();
    plan.connections = kConnections;
    Row rate { .name = "accept_singles_64_connections",
        .unit = "posts/s",
        .floor = m_floors.barePosts,
        .floorName = "the same posts to the C sink",
        .target = 8'000 };
    Row store { .name = "  beside the store alone",
        .unit = "posts/s",
        .floor = m_floors.storeSingles,
        .floorName = "the store without HTTP, 64 at once" };
    Row p50 { .name = "accept_singles_p50", .unit = "ms" };
    Row p99 { .name = "accept_singles_p99", .unit = "ms", .target = 20 };
    const CpuShares shares(product.pid());
    double events = 0;
    for (int i = 0; i < repeats(); ++i) {
        const LoadFigures figures = runLoad(plan);
        rate.samples.push_back(figures.eventsPerSecond());
        p50.samples.push_back(figures.p50Ms);
        p99.samples.push_back(figures.p99Ms);
        events += static_cast<double>(figures.events);
        rate.note += failuresOf(figures);
    }
    rate.note = shares.text(events) + rate.note;
    store.samples = rate.samples;
    for (Row& row : std::vector { rate, store, p50, p99 })
        m_report.add(row);
}

// Twelve destinations, all paused: what comes in is kept, routed twelve times and stays.
void Bench::accept()
{
    std::fprintf(stderr, "accepting …\n");
    measureStore();
    Sink sink(m_tools);
    std::vector<double> bare;
    for (int i = 0; i < 3; ++i)
        bare.push_back(runLoad({ .port = sink.port() }).eventsPerSecond());
    m_floors.barePosts = medianOf(bare);
    const Product product(m_tools, QStringLiteral("accept"), twelveWebhooks(sink.port()));
    product.pause(namesOfTwelve());
    acceptArrays(product);
    acceptSingles(product);
}

// A million deliveries, twelve of each event, paused.
void Bench::waiting()
{
    std::fprintf(stderr, "a million waiting …\n");
    constexpr std::int64_t kWaiting = 1'000'000;
    Sink sink(m_tools);
    const std::string destinations = twelveWebhooks(sink.port());
    const QString name = QStringLiteral("waiting");
    Row filled { .name = "resident_after_taking_1e6", .unit = "MB", .target = 150 };
    Row started { .name = "resident_1e6_after_start", .unit = "MB", .target = 150 };
    Row start { .name = "start_1e6_waiting", .unit = "s", .target = 1 };
    double emptyMb = 0;
    std::vector<double> emptyStart;
    for (int i = 0; i < 3; ++i)
        emptyStart.push_back(
            Product(m_tools, QStringLiteral("empty-%1").arg(i), destinations).startSeconds());
    {
        const Product product(m_tools, name, destinations);
        emptyMb = memoryOf(product.pid()).residentMb;
        product.pause(namesOfTwelve());
        product.fill((kWaiting / kDestinations / kArray + 1) * kArray);
        std::this_thread::sleep_for(2s);
        const Memory memory = memoryOf(product.pid());
        filled.samples = { memory.residentMb };
        filled.note = "peak " + std::to_string(std::lround(memory.peakMb)) + " MB, "
            + std::to_string(product.waiting()) + " deliveries wait";
    }
    for (int i = 0; i < repeats(); ++i) {
        const Product product(m_tools, name, destinations);
        start.samples.push_back(product.startSeconds());
        std::this_thread::sleep_for(2s);
        started.samples.push_back(memoryOf(product.pid()).residentMb);
        started.note = std::to_string(product.waiting()) + " deliveries wait";
    }
    filled.floor = started.floor = emptyMb;
    filled.floorName = started.floorName = "the same with nothing waiting";
    start.floor = medianOf(emptyStart);
    start.floorName = "the start of an empty journal";
    for (const Row& row : { filled, started, start })
        m_report.add(row);
}

// Counts of the sink from the resumption until nothing more comes.
std::vector<SinkCount> watch(Sink& sink, double from)
{
    std::vector<SinkCount> counts { sink.count() };
    int quiet = 0;
    const auto start = Steady::now();
    while (quiet < 8 && secondsSince(start) < 180) {
        std::this_thread::sleep_for(250ms);
        counts.push_back(sink.count());
        const double bytes = counts.back().bodyBytes;
        quiet = bytes > from && bytes == counts[counts.size() - 2].bodyBytes ? quiet + 1 : 0;
    }
    return counts;
}

// Bytes a second in windows of a second, without the first and the last part, where the sink was
// not yet or no longer busy throughout. All in one when that leaves nothing.
std::vector<double> ratesOf(const std::vector<SinkCount>& counts)
{
    std::size_t first = 0;
    while (first + 1 < counts.size() && counts[first + 1].bodyBytes == counts[0].bodyBytes)
        ++first;
    std::size_t last = counts.size() - 1;
    while (last > 0 && counts[last - 1].bodyBytes == counts.back().bodyBytes)
        --last;
    const auto rate = [&](std::size_t a, std::size_t b) {
        return (counts[b].bodyBytes - counts[a].bodyBytes)
            / (counts[b].seconds - counts[a].seconds);
    };
    std::vector<double> rates;
    for (std::size_t at = first + 1; at + 4 < last; at += 4)
        rates.push_back(rate(at, at + 4));
    if (rates.empty() && last > first)
        rates.push_back(rate(first, last));
    return rates;
}

// Filled behind a rate that lets nothing out, then started without it: deliveries are sent and
// recorded until none waits. Not by a pause: after one the engine warms up for a minute.
void Bench::deliver(int batch)
{
    std::fprintf(stderr, "delivering in batches of %d …\n", batch);
    measureStore();
    const bool isSingle = batch == 1;
    // Each delivery waits for two commits: enough must be under way to share them.
    const int inFlight = isSingle ? 256 : 32;
    const std::int64_t events = (isSingle ? 120'000 : 600'000) / (m_tools.isQuick ? 2 : 1);
    Sink sink(m_tools);
    const double bare = bareTransport(sink.port(), inFlight, 601 * batch + 1) * batch;
    const QString name = QStringLiteral("deliver-%1").arg(batch);
    const std::string destination = webhook("sink", sink.port(), batch, inFlight);
    Product(m_tools, name, destination + "rate = 0.001\n").fill(events);
    const SinkCount before = sink.count();
    const Product product(m_tools, name, destination);
    const CpuShares shares(product.pid());
    const std::vector<SinkCount> counts = watch(sink, before.bodyBytes);
    Row row { .name = isSingle ? "deliver_one_a_request" : "deliver_batches_of_100",
        .unit = "events/s",
        .floor = bare,
        .floorName = "the bare transport loop",
        .target = isSingle ? 8'000 : 40'000 };
    const double bytes = counts.back().bodyBytes - before.bodyBytes;
    for (const double rate : ratesOf(counts))
        row.samples.push_back(rate * static_cast<double>(events) / std::max(bytes, 1.0));
    row.note = std::to_string(std::llround(counts.back().requests - before.requests))
        + " requests for " + std::to_string(events) + " events, " + std::to_string(inFlight)
        + " at once, " + std::to_string(product.waiting()) + " left; "
        + shares.text(static_cast<double>(events));
    m_report.add(row);
    row.name = "  beside the store alone";
    row.floor = isSingle ? m_floors.storeOnes : m_floors.storeHundreds;
    row.floorName = "fetched, marked and recorded without HTTP";
    row.target = std::nullopt;
    row.note.clear();
    m_report.add(row);
}

struct Books {
    double at { 0 }; // seconds
    double accepted { 0 };
    double throttled { 0 };
    double requests { 0 };
};

Books booksOf(std::uint16_t port, Steady::time_point start)
{
    const QJsonObject stats
        = QJsonDocument::fromJson(QByteArray::fromStdString(httpGet(port, "/__sim/stats", {})))
              .object();
    Books books { .at = secondsSince(start) };
    for (const QJsonValue& value : stats.value(QStringLiteral("accounts")).toArray()) {
        const QJsonObject account = value.toObject();
        books.accepted += account.value(QStringLiteral("accepted")).toDouble();
        books.throttled += account.value(QStringLiteral("throttled")).toDouble();
        books.requests += account.value(QStringLiteral("requests")).toDouble();
    }
    return books;
}

// The most that any whole minute of the run took, in shares of the quota. 0 when no minute is
// whole.
double fullestMinute(const std::vector<Books>& books)
{
    double most = 0;
    for (std::size_t from = 0, to = 0; to < books.size(); ++to) {
        while (books[to].at - books[from].at > 60)
            ++from;
        if (from > 0)
            most = std::max(most, books[to].accepted - books[from - 1].accepted);
    }
    return most / 1'000;
}

// 3,000 events wait for a platform that takes 1,000 in any minute. Two views of the quota: the mean
// pace between the first and the last accepted request, and the fullest minute.
void Bench::pacing()
{
    const double length = m_tools.isQuick ? 75 : 190;
    std::fprintf(stderr, "pacing for %.0f s …\n", length);
    const QDir work(m_tools.work);
    Child simulator(m_tools.spillway,
        { QStringLiteral("simulate"), QStringLiteral("--json"), QStringLiteral("--platform"),
            QStringLiteral("meta"), QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0") },
        work.filePath(QStringLiteral("simulate.log")));
    const QUrl url(
        QJsonDocument::fromJson(simulator.line()).object().value(QStringLiteral("url")).toString());
    const auto port = static_cast<std::uint16_t>(url.port(0));
    const Product product(m_tools, QStringLiteral("pacing"),
        "\n[[destination]]\nname = \"meta\"\nplatform = \"meta\"\naccount = \"1029384756\"\n"
        "credential.access_token = \"env:SPILLWAY_META_TOKEN\"\nendpoint = \""
            + url.toString().toStdString() + "\"\n");
    product.fill(5'000);
    const auto start = Steady::now();
    std::vector<Books> changes; // only where something was accepted
    std::vector<Books> all;
    while (secondsSince(start) < length) {
        all.push_back(booksOf(port, start));
        if (all.back().accepted > (changes.empty() ? 0 : changes.back().accepted))
            changes.push_back(all.back());
        std::this_thread::sleep_for(50ms);
    }
    Row throttled { .name = "pacing_throttled", .unit = "requests", .target = 0 };
    throttled.samples = { all.back().throttled };
    throttled.note = std::to_string(std::llround(all.back().requests)) + " requests, "
        + std::to_string(std::llround(all.back().accepted)) + " events accepted in "
        + std::to_string(std::llround(length)) + " s";
    m_report.add(throttled);
    Row pace { .name = "pacing_mean_of_quota", .unit = "share", .target = 0.99 };
    if (changes.size() > 1) {
        const double took = changes.back().at - changes.front().at;
        pace.samples
            = { (changes.back().accepted - changes.front().accepted) / took / (1'000.0 / 60) };
        pace.note = "between the first and the last of " + std::to_string(changes.size())
            + " accepted requests";
    }
    m_report.add(pace);
    Row minute { .name = "pacing_fullest_minute", .unit = "share", .target = 0.99 };
    minute.samples = { fullestMinute(all) };
    m_report.add(minute);
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    const QCommandLineOption spillway(QStringLiteral("spillway"), QStringLiteral("the program"),
        QStringLiteral("FILE"),
        QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("../spillway")));
    const QCommandLineOption quick(QStringLiteral("quick"), QStringLiteral("fewer repetitions"));
    const QCommandLineOption json(
        QStringLiteral("json"), QStringLiteral("also as JSON"), QStringLiteral("FILE"));
    const QCommandLineOption only(QStringLiteral("only"), QStringLiteral("some of the parts"),
        QStringLiteral("PARTS"), QStringLiteral("accept,waiting,deliver,pacing"));
    const QCommandLineOption directory(QStringLiteral("dir"),
        QStringLiteral("on the disk to measure; default beside this program"),
        QStringLiteral("DIRECTORY"), QCoreApplication::applicationDirPath());
    parser.addHelpOption();
    parser.addOptions({ spillway, quick, json, only, directory });
    parser.process(application);
    const QTemporaryDir work(
        QDir(parser.value(directory)).filePath(QStringLiteral("bench-XXXXXX")));
    Bench bench({ .spillway = QDir(parser.value(spillway)).absolutePath(),
        .directory = QCoreApplication::applicationDirPath(),
        .work = work.path(),
        .isQuick = parser.isSet(quick) });
    const QStringList parts = parser.value(only).split(QLatin1Char(','));
    if (parts.contains(QStringLiteral("accept")))
        bench.accept();
    if (parts.contains(QStringLiteral("waiting")))
        bench.waiting();
    if (parts.contains(QStringLiteral("deliver"))) {
        bench.deliver(1);
        bench.deliver(100);
    }
    if (parts.contains(QStringLiteral("pacing")))
        bench.pacing();
    std::printf("%s", bench.report().table().c_str());
    if (parser.isSet(json) && !bench.report().writeJson(parser.value(json))) {
        std::fprintf(stderr, "%s cannot be written\n", qPrintable(parser.value(json)));
        return 1;
    }
    return 0;
}

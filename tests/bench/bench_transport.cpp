// The bare transport loop: as many POSTs of 600 (or --body) bytes as go through, a fixed number in
// flight, nothing else in the way. The floor that the whole engine's delivery rate is compared
// with.
//
// usage: bench_transport --url http://127.0.0.1:PORT/ [--kind curl|qt] [--in-flight 16]
//                        [--seconds 5] [--body 600] [--ca FILE]
// Prints one line of JSON; times in microseconds.
#include "delivery/transport/transport.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QTimer>

#include <algorithm>
#include <cstdio>

using namespace engine;
using namespace engine::delivery;

namespace {

constexpr std::size_t kLatenciesMax = 10'000'000; // 80 MB; more than a minute at full speed

struct Bench {
    std::unique_ptr<Transport> transport {};
    std::string url {};
    std::size_t bodyBytes { 600 };
    SteadyTime end {};
    std::vector<std::int64_t> latenciesUs {};
    std::int64_t failed { 0 };
    std::string firstFailure {};

    void sendOne()
    {
        HttpRequest request { .url = url, .body = std::string(bodyBytes, 'x') };
        request.headers.emplace_back("Content-Type", "application/json");
        transport->send(
            std::move(request), [this](const TransferResult& result) { onDone(result); });
    }

    void onDone(const TransferResult& result)
    {
        if (!result || result->status != 200) {
            ++failed;
            if (firstFailure.empty())
                firstFailure
                    = result ? "status " + std::to_string(result->status) : result.error().detail;
        } else if (latenciesUs.size() < kLatenciesMax) {
            latenciesUs.push_back(result->latency.count());
        }
        if (std::chrono::steady_clock::now() < end)
            sendOne();
        else if (transport->inFlight() == 0)
            QCoreApplication::quit();
    }

    [[nodiscard]] std::int64_t percentile(double share)
    {
        if (latenciesUs.empty())
            return 0;
        const auto rank
            = static_cast<std::ptrdiff_t>(share * static_cast<double>(latenciesUs.size() - 1));
        std::ranges::nth_element(latenciesUs, latenciesUs.begin() + rank);
        return latenciesUs[static_cast<std::size_t>(rank)];
    }
};

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    const QCommandLineOption url(
        QStringLiteral("url"), QStringLiteral("where to"), QStringLiteral("URL"));
    const QCommandLineOption kind(QStringLiteral("kind"), QStringLiteral("curl or qt"),
        QStringLiteral("KIND"), QStringLiteral("curl"));
    const QCommandLineOption inFlight(QStringLiteral("in-flight"), QStringLiteral("requests"),
        QStringLiteral("N"), QStringLiteral("16"));
    const QCommandLineOption seconds(QStringLiteral("seconds"), QStringLiteral("how long"),
        QStringLiteral("S"), QStringLiteral("5"));
    const QCommandLineOption body(QStringLiteral("body"), QStringLiteral("bytes of a request"),
        QStringLiteral("N"), QStringLiteral("600"));
    const QCommandLineOption authority(
        QStringLiteral("ca"), QStringLiteral("private CA, PEM"), QStringLiteral("FILE"));
    parser.addHelpOption();
    parser.addOptions({ url, kind, inFlight, seconds, body, authority });
    parser.process(application);
    if (!parser.isSet(url))
        parser.showHelp(2);

    const bool isQt = parser.value(kind) == QStringLiteral("qt");
    Bench bench;
    bench.transport = makeTransport(isQt ? TransportKind::Qt : TransportKind::Curl,
        { .caFile = parser.value(authority).toStdString() });
    bench.url = parser.value(url).toStdString();
    bench.bodyBytes = parser.value(body).toULong();
    bench.latenciesUs.reserve(1'000'000);
    const auto start = std::chrono::steady_clock::now();
    bench.end = start + Seconds { parser.value(seconds).toInt() };
    for (int i = 0; i < parser.value(inFlight).toInt(); ++i)
        bench.sendOne();
    QCoreApplication::exec();

    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    const auto answered = bench.latenciesUs.size();
    std::printf("{\"bench\":\"transport\",\"kind\":\"%s\",\"in_flight\":%d,\"seconds\":%.2f,"
                "\"answered\":%zu,\"failed\":%lld,\"requests_per_second\":%.0f,"
                "\"p50_us\":%lld,\"p99_us\":%lld}\n",
        isQt ? "qt" : "curl", parser.value(inFlight).toInt(), took.count(), answered,
        static_cast<long long>(bench.failed), static_cast<double>(answered) / took.count(),
        static_cast<long long>(bench.percentile(0.5)),
        static_cast<long long>(bench.percentile(0.99)));
    if (bench.failed > 0)
        std::fprintf(stderr, "first failure: %s\n", bench.firstFailure.c_str());
    return bench.failed > 0 ? 1 : 0;
}
